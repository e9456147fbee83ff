"""One path through the unfolded network, from the use of W at step k to the loss at step t, and the factors along it."""
from .. import palette
from .formulas import formula
from .network import PITCH, ROW, TOP, R, unfolded
from .svg import Drawing, arrow, label, symbol

FRACTION, SINGLE, TIMES = 76, 48, 12     # room for ∂L/∂h, for J, and for × between them


def middle_of_step(t, pitch=PITCH):
    """x of column t in `unfolded`, h_0 in column 0."""
    return R + 8 + pitch * t


def path(T, t, k, numbers, *, T_max=None):
    """The unfolded network with the path h_k -> ... -> h_t -> L_t lit, and the use of W that it starts from in gold.

    T: steps     t, k: 1 <= k <= t <= T     numbers: {i: words} under the edge into h_i, for i from k to t
    T_max: columns there is room for     returns: Drawing, as large as `unfolded` with losses
    """
    lit = {("U", t)} | {("W", i) for i in range(k + 1, t + 1)}
    graph = unfolded(T, T_max=T_max, lit=lit, losses=True)
    y_out, y_hid = TOP + ROW * .8, TOP + ROW * 1.8
    x_k, x_t = middle_of_step(k), middle_of_step(t)
    extra = [arrow(x_k - PITCH + R, y_hid, x_k - R, y_hid, colour=palette.USE, width=3.4),
             symbol(x_k - PITCH / 2 - 1, y_hid + 46, "∂", superscript="+", size=15, colour=palette.USE, weight="bold"),
             arrow(x_t, y_out - R, x_t, TOP + 13, colour=palette.LOSS, width=3.4)]
    extra += [_ring(middle_of_step(i), y_hid) for i in range(k, t + 1)] + [_ring(x_t, y_out, square=True)]
    extra += [label(middle_of_step(i) - PITCH / 2, y_hid + 28, words, size=12, weight="bold",
                    colour=palette.USE if i == k else palette.W) for i, words in numbers.items()]
    return Drawing(graph.width, graph.height, graph.body + "".join(extra))


def factors(pieces, result, *, width):
    """A product written out: a name over each number, × between them.

    pieces: (name as for `formula`, words of the number, colour), left to right     result: the same, after the =
    width: of the drawing     returns: Drawing
    """
    rooms = [FRACTION if "/" in name else SINGLE for name, _, _ in pieces]
    x, body = 4, []
    for i, ((name, words, colour), room) in enumerate(zip(pieces, rooms, strict=True)):
        body += [_factor(x + room / 2, name, words, colour),
                 label(x + room + TIMES / 2, 45, "=" if i == len(pieces) - 1 else "×", size=13, colour=palette.MUTED)]
        x += room + TIMES
    return Drawing(width, 56, "".join(body) + _factor(x + 34, *result))


def factors_room(n):
    """Pixels that n Jacobians need between the first factor and the last, with the result."""
    return 8 + 2 * (FRACTION + TIMES) + max(n, 1) * (SINGLE + TIMES) + 68


def _factor(x, name, words, colour):
    return formula(x, 20, name, size=16, anchor="middle") + label(x, 45, words, size=13, colour=colour, weight="bold")


def _ring(x, y, square=False):
    """A strong rim around a node on the path."""
    shape = (f'<rect x="{x - R:g}" y="{y - R:g}" width="{2 * R}" height="{2 * R}" rx="6"' if square else
             f'<circle cx="{x:g}" cy="{y:g}" r="{R}"')
    return f'{shape} fill="none" stroke="{palette.INK}" stroke-width="2.4"/>'
