"""The lecture's formula, taken literally: slow, obvious, and the answer key for everything fast.

    dL_t/dW = sum_{k=1..t}  dL_t/dh_t . (J_t J_{t-1} ... J_{k+1}) . immediate dh_k/dW      (8)
    J_i = dh_i/dh_{i-1} = diag(f'(a_i)) W

Two sums are kept apart: over t, because there are many losses, and over k, because one matrix has many uses.
*Immediate* means: everything earlier held fixed. The cost grows as T squared, and worse; `bptt` gives the same in T steps.
"""
import numpy as np

from . import expect
from .bptt import Gradients
from .network import Forward


def jacobian(params, run, t, k):
    """How h_t moves when h_k moves: dh_t/dh_k = J_t J_{t-1} ... J_{k+1}, the later step on the left.   Built in lesson 07.

    t, k: steps with 0 <= k <= t <= T; k = 0 is h_0, and k = t is the empty product, I
    returns: (H, H), or (B, H, H) for a batch     raises: ValueError for steps that are not there
    """
    T = len(run.a)
    if not 0 <= k <= t <= T:
        raise ValueError(f"steps must satisfy 0 <= k <= t <= T = {T}, got t = {t}, k = {k}")
    W = expect.parameters(params)[1]
    slope = run.f.slope(run.a)
    product = np.zeros((*run.a.shape[1:], len(W)), run.a.dtype) + np.eye(len(W), dtype=run.a.dtype)
    for i in range(t, k, -1):
        product = product @ (slope[i - 1][..., :, None] * W)      # J_i = diag(f'(a_i)) W
    return product


def contributions(params, run, do, name):
    """C[t,k]: what loss t says about a parameter through its use at step k.   Built in lesson 07.

        C[t,k] = (dL_t/dh_t . dh_t/dh_k . f'(a_k)) times h_{k-1}' for W, x_k' for V, 1 for b_h      (8)

    do: (T, K) or (T, B, K)     name: "W", "V" or "b_h"
    returns: (T, T) + the parameter's shape, entry [t-1, k-1] for C[t,k], zeros where k > t; summed over the batch.
             All entries add up to the gradient; a row is what one loss asks for, a column what one use is told
    raises: ValueError for another name or shapes that do not fit
    """
    if name not in ("W", "V", "b_h"):
        raise ValueError(f'name must be "W", "V" or "b_h" (the parameters used on the way to h_t), got {name!r}')
    do = expect.shaped("do", do, run.o.shape, "as the scores")
    if run.a.ndim == 3:
        return sum(contributions(params, *one, name) for one in _sequences(run, do))
    da, entering = _da_by_loss(params, run, do), _entering(run, name)
    return np.einsum("tki,kj->tkij", da, entering).reshape(*da.shape[:2], *getattr(params, name).shape)


def bptt_by_definition(params, run, do):
    """The same gradients as `bptt`, from the double sum (8) instead of the recursion (9)-(11).   Built in lesson 07.

    arguments, returns, raises: as `bptt`
    """
    do = expect.shaped("do", do, run.o.shape, "as the scores")
    if run.a.ndim == 3:
        return _over_batch(bptt_by_definition, params, run, do)
    da = _da_by_loss(params, run, do)                                                  # [t-1, k-1]: loss t, use k
    return Gradients(
        V=contributions(params, run, do, "V").sum((0, 1)),
        W=contributions(params, run, do, "W").sum((0, 1)),
        U=np.einsum("tk,th->kh", do, run.h[1:]),                                       # (7): each loss uses U once
        b_h=contributions(params, run, do, "b_h").sum((0, 1)),
        b_y=do.sum(0),                                                                 # (7)
        h_0=(da[:, 0] @ params.W).sum(0),                                              # (14): every loss reaches h_0
        x=(da @ params.V).sum(0))                                                      # (14)


def rtrl(params, run, do):
    """The same gradients by carrying the total derivative *forward* (real-time recurrent learning).   Shown in lesson 16.

        dh_t/dW = immediate dh_t/dW + J_t dh_{t-1}/dW       the lecture's total derivative
        dL/dW   = sum_t dL_t/dh_t . dh_t/dW

    W, V and b_h are carried side by side, as one matrix [W V b_h] that multiplies [h_{t-1} x_t 1].
    arguments, returns, raises: as `bptt`
    """
    V, W, U, _, _ = expect.parameters(params)
    expect.same_network(V, U, run)
    do = expect.shaped("do", do, run.o.shape, "as the scores")
    if run.a.ndim == 3:
        return _over_batch(rtrl, params, run, do)
    (T, D), H = run.x.shape, len(W)
    slope = run.f.slope(run.a)
    entering = np.hstack([_entering(run, name) for name in ("W", "V", "b_h")])
    dh_dtheta, dh_dstart, dh_dx = np.zeros((H, H, H + D + 1)), np.eye(H), np.zeros((T, H, D))
    gradient, dh_0, dx = 0, 0, 0
    for t in range(1, T + 1):
        J = slope[t - 1][:, None] * W                                                  # J_t
        immediate = np.multiply.outer(np.diag(slope[t - 1]), entering[t - 1])
        dh_dtheta = immediate + np.tensordot(J, dh_dtheta, 1)                          # total = immediate + through h_{t-1}
        dh_dstart = J @ dh_dstart
        dh_dx = J @ dh_dx
        dh_dx[t - 1] = slope[t - 1][:, None] * V
        dh_t = do[t - 1] @ U                                                           # dL_t/dh_t
        gradient, dh_0, dx = gradient + np.tensordot(dh_t, dh_dtheta, 1), dh_0 + dh_t @ dh_dstart, dx + dh_t @ dh_dx
    return Gradients(W=gradient[:, :H], V=gradient[:, H:-1], b_h=gradient[:, -1],
                     U=np.einsum("tk,th->kh", do, run.h[1:]), b_y=do.sum(0), h_0=dh_0, x=dx)


def dh_by_loss(params, run, do):
    """(T, T, H): dL_t/dh_k at [t-1, k-1], what loss t sends to h_k along h_t -> ... -> h_k; zeros where k > t."""
    dh = np.zeros((len(do), *run.a.shape), np.result_type(do, run.a))
    for t in range(1, len(do) + 1):
        dh_t = do[t - 1] @ params.U                                                    # dL_t/dh_t
        for k in range(1, t + 1):
            dh[t - 1, k - 1] = dh_t @ jacobian(params, run, t, k)
    return dh


def _da_by_loss(params, run, do):
    """(T, T, H): what loss t sends to a_k: f'(a_k) times what it sends to h_k."""
    return run.f.slope(run.a) * dh_by_loss(params, run, do)


def _entering(run, name):
    """What a parameter is multiplied with at each step, and so its immediate derivative."""
    return {"W": run.h[:-1], "V": run.x, "b_h": np.ones((len(run.x), 1), run.x.dtype)}[name]


def _sequences(run, do):
    """The B single runs of a batch, each with its do."""
    return [(Forward(*(array[:, b] for array in run[:4]), run.f), do[:, b]) for b in range(do.shape[1])]


def _over_batch(route, params, run, do):
    """A route through every sequence on its own: parameters' gradients add up, those of h_0 and x stand side by side."""
    parts = [route(params, *one) for one in _sequences(run, do)]
    shared = {name: sum(getattr(p, name) for p in parts) for name in params._fields}
    return Gradients(**shared, h_0=np.stack([p.h_0 for p in parts]), x=np.stack([p.x for p in parts], axis=1))
