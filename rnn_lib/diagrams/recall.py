"""How well networks remember: a row for each way to start, a column for each distance; beside it how one of them learned."""
from itertools import groupby, pairwise
from math import log, log10

from .. import palette
from .svg import Drawing, above, label, raised, touch, when

LEFT, WIDE, HIGH, HEAD = 96, 62, 40, 26                     # of the table: pixels; the last: above the rows of an f
AXIS, TOP, TALL = 46, 22, 84                                # of the curves: their left edge, upper edge and height
EVERY, READ = 50, 30                                        # updates from one line of the grid, and one reading, to the next
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


def course(title, losses, reach, shut, learned, slopes, wide, says):
    """The loss, how much of the gradient arrives at step 1, and how many slopes are small, against the updates.

    losses, reach, shut, learned: as in `tasks.memory.Learned`     slopes: what the last curve shows     wide: pixels
    says: number of updates -> what is said where it is touched     returns: Drawing
    """
    right, small = wide - 4, (slopes, [1 - share for share in shut], {0: "100 %", 1: "0"}, palette.MUTED, None, "")
    drawn = [_plot(*plot, learned, right) for plot in (_loss(losses, learned), _arriving(reach), small)]
    updates = "".join(label(_across(n, len(losses), right), 10, str(n), **SMALL) for n in range(0, len(losses), EVERY))
    whole = above(Drawing(wide, 18, label(4, 14, title, size=14, weight="bold", anchor="start")), *drawn,
                  Drawing(wide, 16, updates + label(right, 10, "updates", anchor="end", **SMALL)), gap=6)
    return whole._replace(body=whole.body + "".join(_read(n, len(losses), right, whole.height - 22, says(n))
                                                    for n in range(0, len(losses), READ)))


def _read(n, updates, right, low, says):
    """Where the curves are read off after n updates: an unseen strip, and a line while it is touched."""
    x, wide = _across(n, updates, right), _across(READ, updates, right) - AXIS
    line = f'<path d="M{x:.1f} {TOP + 24}V{low}" stroke="{palette.MUTED}" fill="none"/>'
    strip = (f'<path d="M{x - wide / 2:.1f} {TOP + 24}h{wide:.1f}V{low}h{-wide:.1f}z" fill="{palette.SHADE}" fill-opacity="0"/>')
    return when(f"at{n}", line) + touch(strip, lights=f"at{n}", says=says)


def _loss(losses, learned):
    """What `_plot` draws of it, heights from 0 at the top to 1 at the foot."""
    ticks = {1 - n / 2: str(n) for n in (0, 1, 2)}
    up = f"▲ up to {max(losses):,.0f}" if max(losses) > 2.5 else ""
    since = "" if learned is None else f"; learned after {learned} updates"
    return f"loss [nats] (dashed: guessing){since}", [1 - loss / 2 for loss in losses], ticks, palette.LOSS, 1 - log(4) / 2, up


def _arriving(reach):
    """On a logarithmic axis."""
    def height(value):
        return (HIGHEST - log10(max(value, 1e-300))) / (HIGHEST - LOWEST)
    ticks = {height(10.0 ** power): f"10{raised(power)}" if power else "1" for power in (0, -4, -8, LOWEST)}
    up = f"▲ up to {max(reach):,.0f}" if max(reach) > 1.25 * 10 ** HIGHEST else ""
    return ("gradient at step 1 : at step T (dashed: 0.01)", [height(value) for value in reach], ticks, palette.W,
            height(.01), up)


def _across(n, updates, right):
    """x after n updates"""
    return AXIS + (right - AXIS) * n / max(updates - 1, 1)


def _plot(name, ys, ticks, colour, dashed, up, learned, right):
    """A curve under its name, a dashed line on top of it, and a line down where it has learned.

    ys, dashed: heights, from 0 at the top to 1 at the foot     ticks: {height: text}     up: how far it goes beyond the top
    """
    def line(path, colour, dash="none"):
        return f'<path d="{path}" stroke="{colour}" stroke-dasharray="{dash}" fill="none"/>'
    grid = "".join(f"M{_across(n, len(ys), right):.1f} {TOP}v{TALL}" for n in range(EVERY, len(ys), EVERY))
    body = [label(4, 12, name, anchor="start", **SMALL), label(right, 12, up, anchor="end", **SMALL), line(grid, palette.FAINT),
            line(f"M{AXIS} {TOP}v{TALL}H{right}", palette.MUTED),
            *(label(AXIS - 6, TOP + TALL * y + 4, text, anchor="end", **SMALL) for y, text in ticks.items()),
            _path([TOP + TALL * min(max(y, 0), 1) for y in ys], colour, right)]
    if dashed is not None:
        body.append(line(f"M{AXIS} {TOP + TALL * dashed:.1f}H{right}", palette.INK, "3 4"))
    if learned is not None:
        body.append(line(f"M{_across(learned, len(ys), right):.1f} {TOP}v{TALL}", palette.INK))
    return Drawing(right + 4, TOP + TALL + 4, "".join(body))


def _path(ys, colour, right):
    """A line through its points, in steps of one update and half a pixel, then stretched: a narrow page shares the text."""
    first, *others = (round(2 * y) for y in ys)
    runs = [(rise, len([*same])) for rise, same in groupby(later - before for before, later in pairwise([first, *others]))]
    moves = " ".join(f"{n} {n * rise}" for rise, n in runs)                        # a straight piece is one move
    stretched = f"translate({AXIS} 0) scale({(right - AXIS) / max(len(others), 1):.4g} .5)"
    return (f'<g transform="{stretched}"><path d="M0 {first}l{moves}" stroke="{colour}" stroke-width="1.8" fill="none" '
            'vector-effect="non-scaling-stroke"/></g>')
