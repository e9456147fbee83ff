"""How well networks remember: a row for each way to start, a column for each distance; and a loss curve beside."""
from .. import palette
from .svg import Drawing, beside, label, touch

LEFT, WIDE, HIGH, TOP = 152, 82, 46, 44
CURVE = 300          # pixels of the loss curve


def recall_grid(rows, columns, cell, curve):
    """A cell says how often the answer was right, and how much of the gradient arrived at step 1; a curve how it was learned.

    rows: names     columns: distances     cell: (row, column) -> (accuracy, reach as text, sentence, where a click leads)
    curve: (title, (n,) losses, highest loss)     returns: Drawing
    """
    head = (label(LEFT - 12, 14, "distance d", size=13, anchor="end", colour=palette.MUTED)
            + "".join(label(LEFT + WIDE * (j + .5), 14, str(d), size=14, weight="bold") for j, d in enumerate(columns))
            + label(LEFT, 34, "right answers; below, how much of the gradient reaches step 1", size=12, anchor="start",
                    colour=palette.MUTED))
    names = "".join(label(LEFT - 12, TOP + HIGH * (i + .5) + 5, name, size=13, anchor="end") for i, name in enumerate(rows))
    cells = "".join(_cell(i, j, *cell(i, j)) for i in range(len(rows)) for j in range(len(columns)))
    grid = Drawing(LEFT + WIDE * len(columns) + 4, TOP + HIGH * len(rows) + 4, head + names + cells)
    return beside(grid, _curve(*curve), gap=24)


def _cell(i, j, accuracy, reach, says, sets):
    x, y = LEFT + WIDE * j, TOP + HIGH * i
    strength = .06 + .4 * max(0, (accuracy - .25) / .75)
    body = (f'<rect x="{x + 2}" y="{y + 2}" width="{WIDE - 4}" height="{HIGH - 4}" rx="5" fill="{palette.ACCENT}" '
            f'fill-opacity="{strength:.2f}" stroke="{palette.FAINT}"/>'
            + label(x + WIDE / 2, y + 19, f"{100 * accuracy:.0f} %", size=14, weight="bold")
            + label(x + WIDE / 2, y + 36, reach, size=12))
    return touch(body, sets=sets, says=says)


def _curve(title, losses, most):
    """The loss against the updates; the line across is what guessing costs."""
    high, top = 150, 64
    points = "L".join(f"{4 + (CURVE - 12) * n / max(len(losses) - 1, 1):.1f} {top + high * (1 - min(loss / most, 1)):.1f}"
                      for n, loss in enumerate(losses))
    guess = top + high * (1 - 1.386 / most)
    return Drawing(CURVE, top + high + 34, label(4, 16, title, size=13, weight="bold", anchor="start")
                   + label(4, 38, "loss [nats] against updates", size=12, colour=palette.MUTED, anchor="start")
                   + f'<path d="M4 {top}V{top + high}H{CURVE - 4}" stroke="{palette.MUTED}" fill="none"/>'
                   + f'<path d="M4 {guess:.1f}H{CURVE - 4}" stroke="{palette.MUTED}" stroke-dasharray="3 4" fill="none"/>'
                   + label(CURVE - 6, guess - 5, "guessing: log 4", size=12, colour=palette.MUTED, anchor="end")
                   + f'<path d="M{points}" stroke="{palette.LOSS}" stroke-width="2" fill="none"/>'
                   + label(CURVE - 6, top + high + 18, f"{len(losses)} updates", size=12, colour=palette.MUTED, anchor="end"))
