"""Backpropagation through time: the recursion, one equation a line."""
from typing import NamedTuple

import numpy as np

from . import expect


class Gradients(NamedTuple):
    """dL/d(each parameter), and with respect to what came in. Named and shaped like what they belong to."""
    V: np.ndarray      # (H, D)       (12)
    W: np.ndarray      # (H, H)       (11)
    U: np.ndarray      # (K, H)       (7)
    b_h: np.ndarray    # (H,)         (13)
    b_y: np.ndarray    # (K,)         (7)
    h_0: np.ndarray    # ([B,] H)     (14)
    x: np.ndarray      # (T, [B,] D)  (14)


def bptt(params, run, do):
    """Gradients of the total loss, from its gradient at every step's scores.   Built in lessons 06 to 09.

        dh_t = U' do_t + W' da_{t+1}               (9)    two paths meet at h_t; da_{T+1} = 0
        da_t = f'(a_t) * dh_t                      (10)
        dU = sum_t do_t h_t'     db_y = sum_t do_t (7)
        dW = sum_t da_t h_{t-1}'                   (11)   one matrix, used at every step: its gradients add up
        dV = sum_t da_t x_t'     db_h = sum_t da_t (12) (13)
        dx_t = V' da_t           dh_0 = W' da_1    (14)

    run: Forward, what `forward` returned     do: (T, K) or (T, B, K) dL/do_t, what a loss returned
    returns: Gradients, new arrays, summed over time and batch (h_0 and x: one for each)
    raises: ValueError when do or params do not match run; TypeError for integer arrays
    """
    V, W, U, _, _ = expect.parameters(params)
    expect.same_network(V, U, run)
    do = expect.shaped("do", do, run.o.shape, "as the scores, " + ("(T, K)" if run.o.ndim == 2 else "(T, B, K)"))
    slope = run.f.slope(run.a)
    da = np.empty(run.a.shape, np.result_type(do, run.a))
    from_next = np.zeros_like(da[0])                   # W' da_{T+1} = 0
    for t in range(len(da), 0, -1):
        dh_t = do[t - 1] @ U + from_next               # (9)
        da[t - 1] = slope[t - 1] * dh_t                # (10)
        from_next = da[t - 1] @ W
    return Gradients(
        V=outer(da, run.x),                            # (12)
        W=outer(da, run.h[:-1]),                       # (11)
        U=outer(do, run.h[1:]),                        # (7)
        b_h=total(da),                                 # (13)
        b_y=total(do),                                 # (7)
        h_0=from_next,                                 # (14)
        x=da @ V)                                      # (14)


def outer(left, right):
    """left right', summed over time and batch where there are any.   left: (..., m)     right: (..., n)     returns: (m, n)"""
    return _rows(left).T @ _rows(right)


def total(values):
    """The sum over time and batch; of a vector alone itself, anew.   values: (..., m)     returns: (m,)"""
    return _rows(values).sum(0)


def _rows(values):
    return values.reshape(-1, values.shape[-1])
