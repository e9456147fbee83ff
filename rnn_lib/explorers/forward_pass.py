"""Lesson 03: one step of the forward pass at a time, in the unfolded network, in numbers, and in the arrays that keep them."""
import numpy as np

from .. import palette
from ..diagrams import Drawing, above, beside, label, lowered, render, unfolded
from ..diagrams.network import PITCH, ROW, TOP, R, centre
from ..diagrams.numbers import column, equation, matrix, named, number, sign
from ..losses import softmax
from ..network import forward, tanh
from .kit import Picture, slider, switched

MARGIN = 90         # left of the columns: the names of the arrays
WIDEST = 940


def forward_pass(params, x, h_0=None, f=tanh):
    """Move t: equations (1) to (4) with the numbers of step t, and below them the rows that are kept so far.

    params: Parameters, small enough to read (H up to 3 or 4)     x: (T, D), T up to 12     h_0: (H,), zeros when None
    f: tanh, relu, identity     returns: Explorer, switched in the browser     raises: ValueError when it would not fit
    """
    run = forward(params, x, h_0, f)
    if run.x.ndim != 2:
        raise ValueError(f"forward_pass shows one sequence, x (T, D), got {run.x.shape}: take x[:, 0]")
    T, yhat = len(run.x), softmax(run.o)
    def draw(t):
        made = above(_network(T, t), _numbers(params, run, yhat, t), _record(T, t), gap=14)
        if made.width > WIDEST:
            raise ValueError(f"T = {T}, H = {len(params.W)}, D = {run.x.shape[1]} take {made.width:.0f} of {WIDEST} pixels: "
                             "choose a shorter sequence or a smaller network")
        return Picture(render(made, f"step {t} of the forward pass"), _caption(run, yhat, t))
    return switched(draw, t=slider("t", 1, T, 1, "the step"))


def _network(T, t):
    """The unfolded network, step t lit; what it reads has a thin ring, what it makes a thick one."""
    graph = unfolded(T, lit={(letter, t) for letter in "VWU"})
    x, y = centre(t), TOP + ROW
    rings = (_ring(x - PITCH, y, R, 1.8) + _ring(x, y, R, 3) + _ring(x, y - ROW, 6, 3) + _ring(x, y + ROW, 6, 1.8))
    return beside(Drawing(MARGIN, 0, ""), Drawing(graph.width, graph.height, graph.body + rings), gap=0)


def _ring(x, y, corner, width):
    return (f'<rect x="{x - R:g}" y="{y - R:g}" width="{2 * R}" height="{2 * R}" rx="{corner:g}" fill="none" '
            f'stroke="{palette.INK}" stroke-width="{width:g}"/>')


def _numbers(params, run, yhat, t):
    """Equations (1) to (4) at step t, two lines."""
    V, W, U, b_h, b_y = params
    x_t, h_past, a_t, h_t, o_t = run.x[t - 1], run.h[t - 1], run.a[t - 1], run.h[t], run.o[t - 1]
    products = run.x @ V.T, run.h[:-1] @ W.T, run.h[1:] @ U.T
    most = max(np.abs(array).max() for array in [*params, *run[:4], *products])
    decimals = 2 if most < 9.995 else 1 if most < 99.95 else 0       # as wide as −0.00, up to −9999
    def put(value, *name, colour=palette.INK):
        piece = matrix if np.ndim(value) == 2 else column
        return named(piece(value, most=most, decimals=decimals, colour=colour), *name, colour=colour)
    bias = put(b_h, "b", "h", colour=palette.BIAS)
    one = equation("(1)", put(V, "V", colour=palette.V), put(x_t, "x", t), sign("+"), put(W, "W", colour=palette.W),
                   put(h_past, "h", t - 1), sign("+"), bias, sign("="), put(V @ x_t, "V x", t, colour=palette.V), sign("+"),
                   put(W @ h_past, "W h", t - 1, colour=palette.W), sign("+"), bias, sign("="), put(a_t, "a", t))
    two = equation("(2)", sign(run.f.name), put(a_t, "a", t), sign("="), put(h_t, "h", t))
    three = equation("(3)", put(U, "U", colour=palette.U), put(h_t, "h", t), sign("+"),
                     put(b_y, "b", "y", colour=palette.BIAS), sign("="), put(o_t, "o", t))
    four = equation("(4)", sign("softmax"), put(o_t, "o", t), sign("="), put(yhat[t - 1], "ŷ", t))
    return above(one, beside(two, three, four, gap=12), gap=14)


def _record(T, t):
    """The arrays of the forward pass, a cell for each row, filled as far as step t; rims as in the network above."""
    return above(*(_kept(letter, size, T, t) for letter, size in (("x", "T"), ("a", "T"), ("h", "T+1"), ("o", "T"))), gap=3)


def _kept(letter, rows, T, t):
    wide, high = PITCH - 8, 22
    head = label(MARGIN - 11, 17, f"{letter}: {rows} rows", size=12, colour=palette.MUTED, anchor="end")
    cells, first = [], 0 if letter == "h" else 1
    read = {"x": t, "h": t - 1}.get(letter)
    for s in range(first, T + 1):
        there, dash = s <= t, "" if s <= t else ' stroke-dasharray="3 3"'
        x, colour = MARGIN + centre(s) - wide / 2, palette.INK if s in (read, t) else palette.MUTED if there else palette.FAINT
        rim = 1.8 if s == read else 3 if s == t else 1.2
        cells.append(f'<rect x="{x:g}" y="2" width="{wide}" height="{high}" rx="4" fill="{palette.SHADE if there else "none"}" '
                     f'stroke="{colour}" stroke-width="{rim:g}"{dash}/>')
        cells.append(label(x + wide / 2, 17, f"{letter}[{s - first}]", size=13) if there else "")
    return Drawing(MARGIN + centre(T) + R + 14, high + 4, head + "".join(cells))


def _caption(run, yhat, t):
    def made(letter, values):
        return f"{letter}{lowered(t)} = ({', '.join(number(value) for value in values)})"
    numbers = ", ".join([made("a", run.a[t - 1]), made("h", run.h[t]), made("o", run.o[t - 1]), made("ŷ", yhat[t - 1])])
    rows = "1 row" if t == 1 else f"{t} rows"
    return (f"Step {t} of {len(run.x)} reads x{lowered(t)} and h{lowered(t - 1)}, and makes {numbers}. "
            f"Kept so far: {rows} of x, a and o, {t + 1} of h.")
