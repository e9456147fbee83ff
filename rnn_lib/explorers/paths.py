"""Lesson 07: the linked triangle with one hidden unit, where every factor is a number."""
import numpy as np

from ..definition import contributions
from ..diagrams.linked import Network, linked
from ..diagrams.svg import render
from ..diagrams.triangle import SNUG, Cell, Margin, Terms, slim
from ..diagrams.wording import brief, lowered, number, word
from ..losses import cross_entropy
from ..network import forward, tanh
from .contributions import column_says, row_says
from .kit import Picture, drawable, slider, switched


def paths(params, x, y, h_0=None, *, f=tanh, loss=cross_entropy):
    """Move T, touch a cell: the path from the use of w at step k to the loss L_t, and the numbers multiplied along it.

    params: Parameters with one hidden unit     x: (T_max, D), T_max up to 12     y: labels or targets for the loss
    h_0: (1,), zeros when None     f, loss: as for `copy_gradients`     returns: Explorer, switched in the browser
    raises: ValueError for more than one hidden unit, a batch or more steps
    """
    if params.W.shape != (1, 1):
        raise ValueError(f"the numbers of a path are shown for one hidden unit, W (1, 1), got W {params.W.shape}")
    run = drawable(forward(params, x, h_0, f))
    slope, do = run.f.slope(run.a)[:, 0], loss(run.o, y)[1]
    first, J, immediate = do @ params.U[:, 0], slope * params.W[0, 0], slope * run.h[:-1, 0]     # (T,) each, the first dL_t/dh_t
    C = contributions(params, run, do, "W")[..., 0, 0]
    def draw(T, narrow=False):
        drawing = _triangle(C, T, first, J, immediate, **slim(T, len(C)) if narrow else {"pitch": 69, "most": len(C)})
        return Picture(render(drawing, f"the paths of a network with one unit, T = {T}"), _caption(T, J))
    held = f"c{min(6, len(C))}-{min(3, len(C))}"
    return switched(draw, held=held, T=slider("T", 1, len(C), len(C), "length of the sequence", plays=True))


def short(value):
    """A number with three decimals, a small one with two digits: 0.523, −0.0034, 3.4·10⁻⁵"""
    return brief(value) if abs(value) < 1e-3 else number(value, 3 if abs(value) >= .0095 else 4)


def _triangle(terms, T, first, J, immediate, pitch, most):
    C, largest, digits = terms[:T, :T], np.abs(terms).max(), 2 if pitch == SNUG else 3        # one scale: T changes no cell
    factors = (("d", first), ("j", J), ("i", immediate))
    numbers = {f"{letter}{i}": word(value, 2, "") if pitch == SNUG else short(value)
               for letter, values in factors for i, value in enumerate(values[:T], 1)}
    def cell(t, k):
        value = C[t - 1, k - 1]
        return Cell(word(value, digits), value / max(largest, 1e-300), _product(t, k, first[t - 1], J, immediate[k - 1], value))
    def margin(value, says):
        return Margin(word(value, digits), f"{says} Together {word(value, 3)}.")
    rows = [margin(value, row_says(t, "w")) for t, value in enumerate(C.sum(1), 1)]
    columns = [margin(value, column_says(k, T)) for k, value in enumerate(C.sum(0), 1)]
    total = Margin(word(C.sum(), digits), f"All terms together: dL/dw = {word(C.sum(), 3)}.")
    network = Network(numbers=numbers, inputs=False)
    return linked(T, Terms(cell, rows, columns, total), network, pitch=pitch, most=most)


def _product(t, k, first, J, immediate, value):
    """C[5,3] as a product of numbers, the later Jacobians on the left, and what these alone multiply to."""
    steps, together = [_signed(J[i - 1]) for i in range(t, k, -1)] or ["1"], short(np.prod(J[k:t]))
    shown = " × ".join(steps if len(steps) <= 5 else [*steps[:3], "…", steps[-1]])
    between = ("no Jacobian, so the factor 1" if t == k else f"one Jacobian, {together}" if t == k + 1 else
               f"{t - k} Jacobians, product {together}")
    factors = " × ".join([short(first), f"({shown})" if t > k + 1 else shown, _signed(immediate)])
    return f"Loss {t}, use {k}: C[{t},{k}] = {factors} ≈ {'+' if value > 0 else ''}{short(value)}; {between}."


def _caption(T, J):
    if T == 1:
        return "One step: the use of w is at the loss's own step, so no Jacobian stands between. Make T larger."
    least = min(range(2, T + 1), key=lambda i: abs(J[i - 1]))
    return (f"Touch a cell (t, k): w is used at step k (gold), and each step after it multiplies by its Jacobian. "
            f"The smallest of all Jacobians here is {lowered(f'J{least}')} = {short(J[least - 1])}.")


def _signed(value):
    """A factor in a row of factors: negative ones in brackets"""
    return f"({short(value)})" if value < 0 else short(value)
