"""How well networks remember: a row for each way to start, a column for each distance; beside it how one of them learned."""
from itertools import pairwise
from math import log, log10

from .. import palette
from .svg import Drawing, above, label, raised, touch

LEFT, WIDE, HIGH, HEAD = 96, 62, 40, 26                     # of the table: pixels; the last: above the rows of an f
AXIS, TOP, TALL = 46, 22, 84                                # of the curves: their left edge, upper edge and height
LOWEST, HIGHEST = -12, 2                                    # powers of ten of what arrives
SMALL = {"size": 12, "colour": palette.MUTED}


def recall_grid(rows, columns, cell):
    """A cell says how often the answer was right, and how much of the gradient arrived at step 1.

    rows: (f, start of W) of each; the rows of one f stand together     columns: distances
    cell: (row, column) -> (accuracy, reach as text, sentence, where a click leads)     returns: Drawing
    """
    body = [label(LEFT - 8, 14, "distance d", size=13, anchor="end", colour=palette.MUTED),
            *(label(LEFT + WIDE * (j + .5), 14, str(d), size=14, weight="bold") for j, d in enumerate(columns)),
            label(4, 34, "how often right; below, what of the gradient reaches step 1 at first", anchor="start", **SMALL)]
    y, above_it = 40, None
    for i, (f, start) in enumerate(rows):
        if f != above_it:
            body.append(label(4, y + HEAD - 7, f"{f}, W starts", size=13, anchor="start", weight="bold"))
            y, above_it = y + HEAD, f
        body += [label(LEFT - 8, y + HIGH / 2 + 5, start, size=13, anchor="end"),
                 *(_cell(y, j, *cell(i, j)) for j in range(len(columns)))]
        y += HIGH
    return Drawing(LEFT + WIDE * len(columns) + 2, y + 2, "".join(body))


def _cell(y, j, accuracy, reach, says, sets):
    x = LEFT + WIDE * j
    strength = .06 + .4 * max(0, (accuracy - .25) / .75)
    body = (f'<rect x="{x + 2}" y="{y + 2}" width="{WIDE - 4}" height="{HIGH - 4}" rx="5" fill="{palette.ACCENT}" '
            f'fill-opacity="{strength:.2f}" stroke="{palette.FAINT}"/>'
            + label(x + WIDE / 2, y + 18, f"{100 * accuracy:.0f} %", size=14, weight="bold")
            + label(x + WIDE / 2, y + 33, reach, size=12))
    return touch(body, sets=sets, says=says)


def course(title, losses, reach, shut, first, wide):
    """The loss, how much of the gradient arrives at step 1, and how many slopes are small, against the updates.

    losses, reach, shut: (updates,), as in `tasks.memory.Learned`     first: what arrives at first, as text
    wide: pixels     returns: Drawing
    """
    return above(Drawing(wide, 18, label(4, 14, title, size=14, weight="bold", anchor="start")),
                 _loss(losses, wide - 4), _arriving(reach, first, wide - 4), _shut(shut, wide - 4), gap=8)


def _loss(losses, right):
    def height(loss):
        return TOP + TALL * (1 - min(loss / 2, 1))
    ticks = {height(n): str(n) for n in (0, 1, 2)}
    plot = _plot("loss [nats] (dashed: guessing)", [height(loss) for loss in losses], ticks, palette.LOSS, right, height(log(4)))
    return Drawing(right + 4, TOP + TALL + 8, plot + _beyond(max(losses), 2, f"{max(losses):,.0f}", right))


def _arriving(reach, first, right):
    """On a logarithmic axis; where it begins below its edge, the first number is written there."""
    def height(value):
        return TOP + TALL * (HIGHEST - min(log10(max(value, 1e-300)), HIGHEST)) / (HIGHEST - LOWEST)
    ys, edge = [height(value) for value in reach], TOP + TALL
    ticks = {height(10.0 ** power): f"10{raised(power)}" if power else "1" for power in (0, -4, -8, LOWEST)}
    plot = _plot("how much of the gradient reaches step 1 (dashed: 0.01)", ys, ticks, palette.W, right, height(.01))
    if ys[0] > edge:
        plot += label(AXIS + 5, edge - 5, f"▼ {first}", anchor="start", size=12, colour=palette.W)
    return Drawing(right + 4, edge + 8, plot + _beyond(max(reach), 10 ** HIGHEST, f"{max(reach):,.0f}", right))


def _shut(shut, right):
    ys, edge = [TOP + TALL * (1 - share) for share in shut], TOP + TALL
    plot = _plot("share of the slopes f′(a) that are below 0.1", ys, {TOP: "100 %", edge: "0"}, palette.MUTED, right, edge)
    return Drawing(right + 4, edge + 22, plot + label(AXIS, edge + 17, "update 1", anchor="start", **SMALL)
                   + label(right, edge + 17, f"update {len(shut)}", anchor="end", **SMALL))


def _beyond(most, edge, text, right):
    """How far a curve goes that leaves its picture at the top."""
    return label(right, 12, f"▲ up to {text}", anchor="end", **SMALL) if most > 1.25 * edge else ""


def _plot(name, ys, ticks, colour, right, across):
    """A curve under its name, and a dashed line across.   ys, across: heights in pixels     ticks: {height: text}"""
    return (label(4, 12, name, anchor="start", **SMALL)
            + f'<path d="M{AXIS} {TOP}v{TALL}H{right}" stroke="{palette.MUTED}" fill="none"/>'
            + f'<path d="M{AXIS} {across:.1f}H{right}" stroke="{palette.MUTED}" stroke-dasharray="3 4" fill="none"/>'
            + "".join(label(AXIS - 6, y + 4, text, anchor="end", **SMALL) for y, text in ticks.items())
            + _path(ys, colour, right, TOP + TALL))


def _path(ys, colour, right, edge):
    """A line through its points; what lies below the edge runs along it.

    In steps of one update and half a pixel, stretched to the width: a narrow page shares the text.
    """
    first, *others = (round(2 * min(y, edge)) for y in ys)
    moves = " ".join(f"1 {later - before}" for before, later in pairwise([first, *others]))
    stretched = f"translate({AXIS} 0) scale({(right - AXIS) / max(len(others), 1):.4g} .5)"
    return (f'<g transform="{stretched}"><path d="M0 {first}l{moves}" stroke="{colour}" stroke-width="1.8" fill="none" '
            'vector-effect="non-scaling-stroke"/></g>')
