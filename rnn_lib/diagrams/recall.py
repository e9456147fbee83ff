"""How well networks remember: a row for each way to start, a column for each distance; beside it how one of them learned."""
from math import inf, log, log10
from typing import NamedTuple

from .. import palette
from .svg import Drawing, above, beside, label, raised, touch, wide

LEFT, WIDE, HIGH, TOP, APART = 152, 82, 44, 44, 14          # the last: from one f to the next
CURVE, AXIS = 340, 40                                       # pixels: the curves beside, and their axis from their left edge
LOWEST, HIGHEST, DECADE = -9, 5, 12.5                       # powers of ten on the way, and pixels for each
SMALL = {"size": 12, "colour": palette.MUTED}


class Way(NamedTuple):
    """One of the three curves, and its key."""
    x: int                   # where its key stands
    name: str
    colour: str
    dash: str
    arrives: int | None      # the index of the step where it arrives; None for the noise, which begins at step 2 and goes nowhere
    says: str


WAYS = {"noise": Way(262, "noise", palette.MUTED, "5 4", None, "The noise: how far apart two states are that have read the same "
                     "symbol and other noise. 1 is the distance of two symbols at step 1."),
        "symbol": Way(40, "symbol →", palette.V, "none", -1, "The symbol, on its way forward: how far apart two states are that "
                      "have read another symbol and the same noise; 1 at step 1."),
        "gradient": Way(146, "← gradient", palette.LOSS, "none", 0, "The gradient, on its way back: the length of ∂L_T/∂hₜ; 1 at "
                        "step T.")}


def recall_grid(rows, columns, cell, *curves):
    """A cell says how often the answer was right, and how much of the gradient arrived at step 1; curves of one stand beside.

    rows: (f, start of W) of each; the rows of one f stand together     columns: distances
    cell: (row, column) -> (accuracy, reach as text, sentence, where a click leads)     curves, returns: Drawing
    """
    head = (label(LEFT - 12, 14, "distance d", size=13, anchor="end", colour=palette.MUTED)
            + "".join(label(LEFT + WIDE * (j + .5), 14, str(d), size=14, weight="bold") for j, d in enumerate(columns))
            + label(LEFT, 34, "right answers; below, how much of the gradient reaches step 1", anchor="start", **SMALL))
    heights, seen = [], set()
    for i, (f, start) in enumerate(rows):
        new = f not in seen
        seen.add(f)
        heights.append(TOP + HIGH * i + APART * (len(seen) - 1))
        middle = heights[i] + HIGH / 2 + 5
        head += label(8, middle, f, size=14, anchor="start", weight="bold") if new else ""
        head += label(LEFT - 12, middle, f"W {start}", size=13, anchor="end")
    cells = "".join(_cell(heights[i], j, *cell(i, j)) for i in range(len(rows)) for j in range(len(columns)))
    grid = Drawing(LEFT + WIDE * len(columns) + 4, heights[-1] + HIGH + 4, head + cells)
    return beside(grid, above(*curves, gap=16), gap=24)


def _cell(y, j, accuracy, reach, says, sets):
    x = LEFT + WIDE * j
    strength = .06 + .4 * max(0, (accuracy - .25) / .75)
    body = (f'<rect x="{x + 2}" y="{y + 2}" width="{WIDE - 4}" height="{HIGH - 4}" rx="5" fill="{palette.ACCENT}" '
            f'fill-opacity="{strength:.2f}" stroke="{palette.FAINT}"/>'
            + label(x + WIDE / 2, y + 19, f"{100 * accuracy:.0f} %", size=14, weight="bold")
            + label(x + WIDE / 2, y + 36, reach, size=12))
    return touch(body, sets=sets, says=says)


def loss_curve(title, losses, most):
    """The loss against the updates, up to `most`; the dashed line across is what guessing costs.     returns: Drawing"""
    high, top, right = 100, 46, CURVE - 4
    def height(loss):
        return top + high * (1 - min(loss / most, 1))
    guess, axes = height(log(4)), "loss [nats] against updates" + (f", cut off at {most:g}" if max(losses) > most else "")
    return Drawing(CURVE, top + high + 22, label(4, 14, title, size=13, weight="bold", anchor="start")
                   + label(4, 33, axes, anchor="start", **SMALL) + _axes(top, high)
                   + f'<path d="M{AXIS} {guess:.1f}H{right}" stroke="{palette.MUTED}" stroke-dasharray="3 4" fill="none"/>'
                   + label(AXIS - 5, guess + 4, f"{log(4):.2f}", anchor="end", **SMALL)
                   + label(right, guess - 13, "guessing", anchor="end", **SMALL)
                   + label(AXIS - 5, top + high + 4, "0", anchor="end", **SMALL)
                   + _path([height(loss) for loss in losses], palette.LOSS)
                   + label(AXIS, top + high + 17, "1", **SMALL)
                   + label(right, top + high + 17, f"{len(losses)}", anchor="end", **SMALL))


def on_the_way(when, carried):
    """What is left, step by step, of the symbol that goes forward, of the gradient that goes back, and the noise.

    when: title     carried: tasks.memory.Carried; a curve ends where it falls below 10 to the LOWEST     returns: Drawing
    """
    top, edge, T = 66, 66 + DECADE * (HIGHEST - LOWEST), len(carried.symbol)
    def height(value):
        return top + DECADE * (HIGHEST - log10(max(value, 1e-300)))
    ticks = "".join(label(AXIS - 5, height(10.0 ** power) + 4, "1" if power == 0 else f"10{raised(power)}", anchor="end", **SMALL)
                    for power in range(LOWEST, HIGHEST, 3))
    keys = "".join(touch(_key(way), f"c-{name}", lights=f"c-{name}", says=way.says) for name, way in WAYS.items())
    curves = "".join(touch(_curve(way, [height(value) for value in getattr(carried, name)], edge), f"c-{name}")
                     for name, way in WAYS.items())
    return Drawing(CURVE, edge + 22, label(4, 14, when, size=13, weight="bold", anchor="start") + keys + _axes(top, edge - top)
                   + f'<path d="M{AXIS} {height(1):.1f}H{CURVE - 4}" stroke="{palette.FAINT}" fill="none"/>' + ticks + curves
                   + label(AXIS, edge + 17, "step 1", anchor="start", **SMALL)
                   + label(CURVE - 4, edge + 17, f"T = {T}", anchor="end", **SMALL))


def _key(way):
    """A sample of a line and its name, to be touched."""
    return (wide(way.x, 44, way.x + 100, 44) + f'<path d="M{way.x} 44h22" stroke="{way.colour}" stroke-width="2" '
            f'stroke-dasharray="{way.dash}" fill="none"/>'
            + label(way.x + 28, 48, way.name, size=13, colour=way.colour, anchor="start"))


def _curve(way, ys, edge):
    """The line of what is carried, and a dot where it arrives in the picture."""
    line = _path(ys, way.colour, way.dash, edge, first=int(way.arrives is None))
    if way.arrives is None or ys[way.arrives] > edge:
        return line
    return line + (f'<circle cx="{_x(way.arrives % len(ys), len(ys)):.1f}" cy="{ys[way.arrives]:.1f}" r="4.5" '
                   f'fill="{way.colour}"/>')


def _axes(top, high):
    return f'<path d="M{AXIS} {top}V{top + high}H{CURVE - 4}" stroke="{palette.MUTED}" fill="none"/>'


def _x(i, n):
    return AXIS + (CURVE - 4 - AXIS) * i / max(n - 1, 1)


def _path(ys, colour, dash="none", edge=inf, first=0):
    """A line through its points from the first on, as far as they are above the edge."""
    n, points, inside = len(ys), "", False
    for i in range(first, n):
        if i > first and (ys[i] <= edge) != inside:            # it crosses the edge
            part = (edge - ys[i - 1]) / (ys[i] - ys[i - 1])
            points += f"{'L' if inside else 'M'}{_x(i - 1 + part, n):.1f} {edge:.1f}"
        if ys[i] <= edge:
            points += f"{'L' if points else 'M'}{_x(i, n):.1f} {ys[i]:.1f}"
        inside = ys[i] <= edge
    return f'<path d="{points}" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}" fill="none"/>'
