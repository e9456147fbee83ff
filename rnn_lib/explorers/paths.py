"""Lesson 07: the path from one use of W to one loss, its Jacobians and their product, with one unit."""
import numpy as np

from .. import palette
from ..diagrams import above, lowered, render
from ..diagrams.bars import bar_row
from ..diagrams.paths import factors, factors_room, middle_of_step, path
from ..losses import cross_entropy
from ..network import forward, tanh
from .kit import Picture, redrawn, slider

ABOVE = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ROOM = 64           # pixels that the bars share


def paths(params, x, y, h_0=None, *, f=tanh, loss=cross_entropy):
    """Choose T, t and k: the path from the use of w at step k to the loss L_t, and the numbers multiplied along it.

    params: Parameters with one hidden unit     x: (T_max, D), T_max up to 12     y: labels or targets for the loss
    h_0: (1,), zeros when None     f, loss: as for `copy_gradients`     returns: Explorer, drawn by the kernel
    raises: ValueError for more than one hidden unit
    """
    if params.W.shape != (1, 1):
        raise ValueError(f"the numbers of a path are shown for one hidden unit, W (1, 1), got W {params.W.shape}")
    run = forward(params, x, h_0, f)
    do, slope, T_max = loss(run.o, y)[1], run.f.slope(run.a)[:, 0], len(run.a)
    first = do @ params.U[:, 0]                        # (T,)  dL_t/dh_t
    J, immediate = slope * params.W[0, 0], slope * run.h[:-1, 0]
    scale = _scale(J)
    def draw(T, t, k):
        asked, t = (t, k), min(t, T)
        k = min(k, t)
        so_far = np.cumprod([1, *J[k:t]])              # dh_i/dh_k for i = k..t
        picture = above(path(T, t, k, _under_edges(t, k, J, immediate), T_max=T_max), _bars(so_far, k, scale, T_max),
                        _product(t, k, first[t - 1], J, immediate[k - 1], so_far[-1], T_max), gap=6)
        words = _caption(t, k, first[t - 1], J, immediate[k - 1], so_far[-1])
        return Picture(render(picture, f"the path from h_{k} to h_{t} and the loss L_{t}, T = {T}"),
                       f"T = {T}. " + _clamped(asked, T, t, k) + words)
    return redrawn(draw, T=slider("T", 1, T_max, min(8, T_max), "length of the sequence"),
                   t=slider("t", 1, T_max, min(6, T_max), "which loss"), k=slider("k", 1, T_max, min(3, T_max), "which use of W"))


def short(value):
    """A number in about five characters: 0.52, −0.0034, 3.4·10⁻⁵"""
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-3:
        mantissa, power = f"{value:.1e}".split("e")
        return mantissa.replace("-", "−") + "·10" + str(int(power)).translate(ABOVE)
    return f"{value:.{2 if size >= .095 else 3 if size >= .0095 else 4}f}".replace("-", "−")


def _scale(J):
    """(low, high) of all products J_i ... J_{k+1} along a path, the empty one, 1, among them"""
    products = np.concatenate([np.cumprod([1, *J[k:]]) for k in range(1, len(J) + 1)])
    return min(products.min(), 0), products.max()


def _under_edges(t, k, J, immediate):
    return {k: short(immediate[k - 1])} | {i: short(J[i - 1]) for i in range(k + 1, t + 1)}


def _bars(so_far, k, scale, T_max):
    """What is left at h_k, h_{k+1}, ..., h_t of a change of h_k."""
    low, high = scale
    xs = [middle_of_step(k + i) for i in range(len(so_far))]
    title = f"∂hᵢ/∂h{lowered(k)}: how much of a small change of h{lowered(k)} arrives at hᵢ"
    return bar_row(so_far, xs, low, high, ROOM / (high - low), title=title, colour=palette.W, width=middle_of_step(T_max) + 25)


def _product(t, k, first, J, immediate, product, T_max):
    pieces = [(f"∂ L_{t} / ∂ h_{t}", short(first), palette.LOSS)]
    pieces += [(f"J_{i}", short(J[i - 1]), palette.W) for i in range(t, k, -1)] or [("1", "1", palette.W)]
    pieces += [(f"∂^+ h_{k} / ∂ w", short(immediate), palette.USE)]
    return factors(pieces, (f"C [{t},{k}]", short(first * product * immediate), palette.INK), width=factors_room(T_max - 1))


def _clamped(asked, T, t, k):
    """What is shown when the sliders ask for a path that is not there."""
    if asked[0] > T:
        return f"There is no loss {asked[0]}; shown: t = {t}, k = {k}. "
    return f"Step {asked[1]} comes after loss {t} and cannot change it; shown: k = {k}. " if asked[1] > t else ""


def _caption(t, k, first, J, immediate, product):
    middle = "1" if t == k else _signed(product)
    share = f"C[{t},{k}] = {short(first)} × {middle} × {_signed(immediate)} ≈ {short(first * product * immediate)}."
    if t == k:
        return f"Loss {t}, use {k}: no step between, so no Jacobian; the empty product is 1. {share}"
    steps = [_signed(J[i - 1]) for i in range(t, k, -1)]
    shown = steps if len(steps) <= 4 else [*steps[:2], "…", steps[-1]]
    names = f"∂h{lowered(t)}/∂h{lowered(k)}"
    many = "1 Jacobian" if t == k + 1 else f"{t - k} Jacobians"
    equal = f"= {shown[0]}" if len(steps) == 1 else f"= {' × '.join(shown)} ≈ {short(product)}"
    return f"Loss {t}, use {k}: {many} between, {names} {equal}. {share}"


def _signed(value):
    """A factor in a row of factors: negative ones in brackets"""
    return f"({short(value)})" if value < 0 else short(value)
