"""How well networks remember: a row for each way to start, a column for each distance; and a loss curve beside."""
from math import log

from .. import palette
from .svg import Drawing, beside, label, touch

LEFT, WIDE, HIGH, TOP, APART = 152, 82, 44, 44, 14          # the last: from one f to the next
CURVE = 340          # pixels of the loss curve


def recall_grid(rows, columns, cell, curve):
    """A cell says how often the answer was right, and how much of the gradient arrived at step 1; a curve how it was learned.

    rows: (f, start of W) of each; the rows of one f stand together     columns: distances
    cell: (row, column) -> (accuracy, reach as text, sentence, where a click leads)
    curve: (title, (n,) losses, highest loss)     returns: Drawing
    """
    head = (label(LEFT - 12, 14, "distance d", size=13, anchor="end", colour=palette.MUTED)
            + "".join(label(LEFT + WIDE * (j + .5), 14, str(d), size=14, weight="bold") for j, d in enumerate(columns))
            + label(LEFT, 34, "right answers; below, how much of the gradient reaches step 1", size=12, anchor="start",
                    colour=palette.MUTED))
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
    return beside(grid, _curve(*curve), gap=24)


def _cell(y, j, accuracy, reach, says, sets):
    x = LEFT + WIDE * j
    strength = .06 + .4 * max(0, (accuracy - .25) / .75)
    body = (f'<rect x="{x + 2}" y="{y + 2}" width="{WIDE - 4}" height="{HIGH - 4}" rx="5" fill="{palette.ACCENT}" '
            f'fill-opacity="{strength:.2f}" stroke="{palette.FAINT}"/>'
            + label(x + WIDE / 2, y + 19, f"{100 * accuracy:.0f} %", size=14, weight="bold")
            + label(x + WIDE / 2, y + 36, reach, size=12))
    return touch(body, sets=sets, says=says)


def _curve(title, losses, most):
    """The loss against the updates; the dashed line across is what guessing costs."""
    high, top, left, right = 240, 64, 34, CURVE - 4
    def height(loss):
        return top + high * (1 - min(loss / most, 1))
    points = "L".join(f"{left + (right - left) * n / max(len(losses) - 1, 1):.1f} {height(loss):.1f}"
                      for n, loss in enumerate(losses))
    guess, small = height(log(4)), {"size": 12, "colour": palette.MUTED}
    axes = "loss [nats] against updates" + (f", cut off at {most:g}" if max(losses) > most else "")
    return Drawing(CURVE, top + high + 34, label(4, 16, title, size=13, weight="bold", anchor="start")
                   + label(4, 38, axes, anchor="start", **small)
                   + f'<path d="M{left} {top}V{top + high}H{right}" stroke="{palette.MUTED}" fill="none"/>'
                   + f'<path d="M{left} {guess:.1f}H{right}" stroke="{palette.MUTED}" stroke-dasharray="3 4" fill="none"/>'
                   + label(left - 5, guess + 4, f"{log(4):.2f}", anchor="end", **small)
                   + label(right, guess - 16, "guessing", anchor="end", **small)
                   + label(left - 5, top + high + 4, "0", anchor="end", **small)
                   + f'<path d="M{points}" stroke="{palette.LOSS}" stroke-width="2" fill="none"/>'
                   + label(left, top + high + 18, "1", **small)
                   + label(right, top + high + 18, f"{len(losses)}", anchor="end", **small))
