"""Networks that hide no mistake, and what the clinic knows of mistakes, for the exercises."""
import numpy as np

from ..clinic import MISTAKES, audit
from ..losses import cross_entropy
from ..network import forward, init_parameters
from .kit import wrong


def network(seed, T, D, H, K):
    """(params, run, do) in which nothing is zero, symmetric or the same twice."""
    rng = np.random.default_rng(seed)
    params = init_parameters(D, H, K, rng)
    run = forward(params, rng.standard_normal((T, D)), rng.standard_normal(H))
    return params, run, cross_entropy(run.o, rng.integers(K, size=T))[1]


def messages(params, run, do):
    """dh and da, (T, H) each, by (9) and (10)."""
    dh, da, later = np.empty_like(run.a), np.empty_like(run.a), 0
    for t in range(len(do), 0, -1):
        dh[t - 1] = params.U.T @ do[t - 1] + later
        da[t - 1] = run.f.slope(run.a[t - 1]) * dh[t - 1]
        later = params.W.T @ da[t - 1]
    return dh, da


OF_U_V = ("h_{t-1} for h_t in dU", "x_{t-1} for x_t in dV", "x_{t+1} for x_t in dV")        # they spare dW


def of_the_clinic(says, besides):
    """(function of (params, run, do), what is said) of the clinic's mistakes that spoil dW.

    says: Mistake -> what is said of it     besides: names of those left out: the lesson has words of its own for them
    """
    return [(lambda *case, m=m: m.backward(*case).W, says(m)) for m in MISTAKES if m.name not in (*besides, *OF_U_V)]


def audited(case, said, n=None):
    """`last` of an exercise on dW: says which terms C[t,k] an answer of the right shape counts how often, if it is a sum of them.

    case: (params, run, do, ...)     said: of the terms, which stand at its {}     n: terms with t - k < n count, all if None
    """
    def last(verdict, answer):
        if "has the right shape" not in verdict.message:
            return None
        weights = audit(*case[:3], "W", np.asarray(answer(*case), float))
        if weights is None:
            return None
        t, k = np.indices(weights.shape)
        wrongly = (k <= t) & (weights != (t - k < (n or len(t))))
        counts = {0: "not at all", 1: "once"}
        off = [f"C[{t + 1},{k + 1}] {counts.get(w := weights[t, k], f'{w:g} times')}" for t, k in np.argwhere(wrongly)]
        return wrong(said.format(", ".join(off))) if off else None
    return last
