"""How well networks remember: a row for each way to start, a column for each distance; beside it how one of them learned."""
from itertools import groupby, pairwise
from math import log, log10

from .. import palette
from .svg import Drawing, above, label, note, path, rect, touch, when
from .wording import power

LEFT, WIDE, HIGH, HEAD = 96, 62, 40, 26                     # of the table: pixels; the last: above the rows of an f
AXIS, LAST, RIGHT, TOP, TALL = 46, 378, 388, 22, 84         # of the curves: their edges, the last update, their height
TICKS = (0, 1, 3, 10, 30, 100)                              # updates: their axis is logarithmic, for most happens early
READ = (0, 1, 2, 3, 5, 8, 9, 10, 15, 20, 30, 40, 60, 100, 200)                  # updates at which the curves are read off
WIDTH = 3                                                   # pixels of a column of a curve
ARRIVES, FACTORS = (-12, 2), (-1.3, .9)                     # powers of ten at the foot and at the top


def recall_grid(rows, columns, cell):
    """A cell says how often the answer was right, and how much of the gradient arrived at step 1.

    rows: (f, start of W) of each; the rows of one f stand together     columns: distances
    cell: (row, column) -> (accuracy, reach as text, sentence, where a click leads, whether it is chosen)     returns: Drawing
    """
    body = [note(LEFT - 8, 14, "distance d", size=13, anchor="end"),
            *(label(LEFT + WIDE * (j + .5), 14, str(d), size=14, weight="bold") for j, d in enumerate(columns)),
            note(4, 34, "answers right; below: how much of the gradient arrives, at first")]
    y, above_it = 40, None
    for i, (f, start) in enumerate(rows):
        if f != above_it:
            body.append(label(4, y + HEAD - 7, f"{f}, W starts", size=13, anchor="start", weight="bold"))
            y, above_it = y + HEAD, f
        body.append(label(LEFT - 8, y + HIGH / 2 + 5, start, size=13, anchor="end"))
        for j in range(len(columns)):
            x, (accuracy, reach, says, sets, here) = LEFT + WIDE * j, cell(i, j)
            strength = .06 + .4 * max(0, (accuracy - .25) / .75)
            drawn = (rect(x + 2, y + 2, WIDE - 4, HIGH - 4, 5, fill=palette.ACCENT, fill_opacity=strength, stroke=palette.FAINT)
                     + label(x + WIDE / 2, y + 18, f"{100 * accuracy:.0f} %", size=14, weight="bold")
                     + label(x + WIDE / 2, y + 33, reach, size=13))
            body.append(touch(drawn, sets=sets, says=says, chosen=here))
        y += HIGH
    return Drawing(LEFT + WIDE * len(columns) + 2, y + 2, "".join(body))


def course(title, losses, reach, slope, stretch, learned, says):
    """Against the updates: the loss, how much of the gradient arrives at step 1, and what makes it longer or shorter per step.

    losses, reach, slope, stretch, learned: as in `tasks.memory.Learned`
    says: number of updates -> what is said where it is touched     returns: Drawing
    """
    drawn = [_plot(*plot, learned) for plot in (_loss(losses, learned), _arriving(reach), _factors(slope, stretch))]
    n = len(losses)
    ticks = (*(tick for tick in TICKS if tick < n), n)
    updates = "".join(note(_across(tick, n), 10, str(tick), anchor="middle") for tick in ticks)
    whole = above(Drawing(RIGHT + 4, 18, label(4, 14, title, size=14, weight="bold", anchor="start")), *drawn,
                  Drawing(RIGHT + 4, 30, updates + note((AXIS + RIGHT) / 2, 25, "updates", anchor="middle")), gap=6)
    at = [tick for tick in READ if tick < n]
    edges = [AXIS, *((_across(one, n) + _across(other, n)) / 2 for one, other in pairwise(at)), LAST]
    body, low = [whole.body], whole.height - 36
    for tick, (left, right) in zip(at, pairwise(edges), strict=True):                   # a line shows while its strip is touched
        line = path(f"M{_across(tick, n):.1f} {TOP + 24}V{low}", stroke=palette.MUTED)
        strip = path(f"M{left:.1f} {TOP + 24}H{right:.1f}V{low}H{left:.1f}z", fill=palette.SHADE, fill_opacity=0)
        body += [when(f"at{tick}", line), touch(strip, lights=f"at{tick}", says=says(tick))]
    return whole._replace(body="".join(body))


def _loss(losses, learned):
    """What `_plot` draws of it, heights from 0 at the top to 1 at the foot."""
    up = f"▲ up to {max(losses):,.0f}" if max(losses) > 2.5 else ""
    since = "" if learned is None else f"; learned after {learned}"
    return (f"loss [nats] (dashed: guessing){since}", up,
            [([1 - loss / 2 for loss in losses], palette.LOSS)], {1 - n / 2: str(n) for n in (0, 1, 2)}, 1 - log(4) / 2)


def _arriving(reach):
    """On a logarithmic axis."""
    def height(value):
        return _level(value, *ARRIVES)
    least, (low, high) = min(reach), (10.0 ** n for n in ARRIVES)
    beyond = ((f"▲ up to {max(reach):,.0f}", max(reach) > 1.25 * high),
              (f"▼ down to {power(least) if least > 1e-300 else 0}", least < low))
    ticks = {height(1): "1", height(.01): "0.01"} | {height(10.0 ** n): power(10.0 ** n) for n in (-6, ARRIVES[0])}
    far = " ".join(words for words, there in beyond if there)
    curves = [([height(value) for value in reach], palette.INK)]
    return "how much of the gradient arrives at step 1", far, curves, ticks, height(.01)


def _factors(slope, stretch):
    """What the slopes and W make of the gradient's length per step, on one logarithmic axis."""
    curves = [([_level(value, *FACTORS) for value in values], colour, name)
              for values, colour, name in ((slope, palette.INK, "f′"), (stretch, palette.W, "W"))]
    ticks = {_level(value, *FACTORS): f"{value:g}" for value in (.1, .3, 1, 3)}
    return "what a step multiplies by: the slopes f′, and W", "", curves, ticks, _level(1, *FACTORS)


def _level(value, low, high):
    """The height of a value on an axis from 10^low at the foot, 1, to 10^high at the top, 0."""
    return (high - log10(max(value, 1e-300))) / (high - low)


def _across(n, updates):
    """x after n updates"""
    return AXIS + (LAST - AXIS) * log(1 + n) / log(1 + updates)


def _plot(name, aside, curves, ticks, dashed, learned):
    """Curves under their name, a dashed line over them, and a line down where the network has learned.

    name, aside: words at the left and at the right     ticks: {height: text}
    curves: (heights, colour) or (heights, colour, its name), heights from 0 at the top to 1 at the foot, as is `dashed`
    """
    def line(d, colour, dash="none"):
        return path(d, stroke=colour, dash=dash)
    n = len(curves[0][0])
    grid = "".join(f"M{_across(tick, n):.1f} {TOP}v{TALL}" for tick in TICKS[1:] if tick < n)
    body = [note(4, 12, name), note(RIGHT, 12, aside, anchor="end"),
            line(grid, palette.FAINT), line(f"M{AXIS} {TOP}v{TALL}H{RIGHT}", palette.MUTED),
            *(note(AXIS - 6, TOP + TALL * y + 4, text, anchor="end") for y, text in ticks.items()),
            *(_path([TOP + TALL * min(max(y, 0), 1) for y in ys], colour) for ys, colour, *_ in curves),
            _at_ends(curves),
            line(f"M{AXIS} {TOP + TALL * dashed:.1f}H{RIGHT}", palette.INK, "3 4")]
    if learned is not None:
        body.append(line(f"M{_across(learned, n):.1f} {TOP}v{TALL}", palette.INK))
    return Drawing(RIGHT + 20, TOP + TALL + 4, "".join(body))


def _at_ends(curves):
    """The names of curves at the right of their ends, apart from each other; none without a number."""
    ends = sorted((TOP + TALL * min(max(ys[-1], 0), 1), colour, *name) for ys, colour, *name in curves
                  if name and ys[-1] == ys[-1])
    body, low = "", TOP - 4
    for y, colour, name in ends:
        low = max(low + 14, y + 4.5)
        body += label(RIGHT + 6, round(low, 1), name, size=13, colour=colour, anchor="start", weight="bold")
    return body


def _path(ys, colour):
    """A line through its points as far as they are numbers; where several share a column, from the lowest to the highest."""
    points, known = [], [(n, y) for n, y in enumerate(ys) if y == y]
    for x, same in groupby(known, key=lambda point: WIDTH * round(_across(point[0], len(ys)) / WIDTH)):
        values = [round(y) for _, y in same]
        points += [(x, y) for y in dict.fromkeys((min(values), max(values)))]
    steps = (f"{x - before} {y - above_it}" for (before, above_it), (x, y) in pairwise(points))
    return path(f'M{points[0][0]} {points[0][1]}l{" ".join(steps)}', stroke=colour, stroke_width=1.6)
