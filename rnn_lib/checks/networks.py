"""Networks that hide no mistake, and what the clinic knows of mistakes, for the exercises."""
import numpy as np

from ..clinic import MISTAKES, audit
from ..clinic.networks import made
from ..definition import dh_by_loss
from .kit import wrong


def network(seed, T, D, H, K):
    """(params, run, do) in which nothing is zero, symmetric or the same twice."""
    return made(seed, "", T, D, H, K)[1:]


def messages(params, run, do):
    """dh and da, (T, H) each: the sums of what each loss sends."""
    dh = dh_by_loss(params, run, do).sum(0)
    return dh, run.f.slope(run.a) * dh


OF_U_V = ("h_{t-1} for h_t in dU", "x_{t-1} for x_t in dV", "x_{t+1} for x_t in dV")        # they spare dW


def of_the_clinic(says, besides):
    """(function of (params, run, do), what is said) of the clinic's mistakes that spoil dW.

    says: Mistake -> what is said of it     besides: names of those left out: the lesson has words of its own for them
    """
    return [(lambda *case, m=m: m.backward(*case).W, says(m)) for m in MISTAKES if m.name not in (*besides, *OF_U_V)]


def audited(case, said):
    """`unnamed` of an exercise on dW: says which terms C[t,k] an answer counts how often, if it is a sum of them.

    case: (params, run, do, ...)     said: of the terms, which stand at its {}
    """
    def unnamed(answer, _):
        dW = np.asarray(answer(*case), float)
        weights = audit(*case[:3], "W", dW) if dW.any() else None
        if weights is None:
            return None
        t, k = np.indices(weights.shape)
        wrongly = (k <= t) & (weights != 1)
        counts = {0: "not at all", 1: "once"}
        off = [f"C[{t + 1},{k + 1}] {counts.get(w := weights[t, k], f'{w:g} times')}" for t, k in np.argwhere(wrongly)]
        return wrong(said.format(", ".join(off))) if off else None
    return unnamed
