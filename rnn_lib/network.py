"""The simple recurrent network, as plain as the equations.

    a_t = V x_t + W h_{t-1} + b_h      (1)
    h_t = f(a_t)                       (2)
    o_t = U h_t + b_y                  (3)   the scores; yhat_t = g(o_t) is (4), in losses.py

Formulas hold column vectors, arrays hold rows: V x_t is written `x_t @ V.T`. Time is the first axis and the batch
axis is optional. `h` has T+1 rows, so h[t] is h_t and h[0] is h_0; x, a and o have T rows, so x[t-1] is x_t.
"""
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import expect


class Parameters(NamedTuple):
    """The five arrays that every time step shares."""
    V: np.ndarray      # (H, D)  input to hidden
    W: np.ndarray      # (H, H)  hidden to hidden
    U: np.ndarray      # (K, H)  hidden to output
    b_h: np.ndarray    # (H,)    bias of the hidden units
    b_y: np.ndarray    # (K,)    bias of the outputs


class Activation(NamedTuple):
    """A function f of one number, applied to each unit, and its slope f'."""
    name: str
    value: Callable    # a -> f(a)
    slope: Callable    # a -> f'(a)

    def __call__(self, a):
        return self.value(a)


class Forward(NamedTuple):
    """All that the forward pass made, and so all that the backward pass needs."""
    x: np.ndarray      # (T, [B,] D)    x[t-1] is x_t
    a: np.ndarray      # (T, [B,] H)    a[t-1] is a_t
    h: np.ndarray      # (T+1, [B,] H)  h[t] is h_t, and h[0] is h_0
    o: np.ndarray      # (T, [B,] K)    o[t-1] is o_t, the scores
    f: Activation


tanh = Activation("tanh", np.tanh, lambda a: 1 - np.tanh(a) ** 2)
relu = Activation("relu", lambda a: np.where(a.real > 0, a, 0), lambda a: (a.real > 0).astype(a.dtype))
identity = Activation("identity", np.copy, np.ones_like)


def init_parameters(D, H, K, rng, dtype=np.float64):
    """Random parameters, weights drawn from N(0, 1/columns).

    Biases are small but not zero: zeros would hide a wrong backward pass.
    D, H, K: inputs, hidden units, outputs     rng: numpy.random.Generator, so that a run can be repeated
    returns: Parameters     raises: ValueError when a size is below 1; TypeError for a dtype of whole numbers, or another rng
    """
    if min(D, H, K) < 1:
        raise ValueError(f"D, H and K must be at least 1, got D={D}, H={H}, K={K}")
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"dtype must be a floating-point type, float64 or float32, got {np.dtype(dtype)}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}: write np.random.default_rng(0)")
    def weights(rows, columns):
        return (rng.standard_normal((rows, columns)) / np.sqrt(columns)).astype(dtype)
    def bias(n):
        return (0.1 * rng.standard_normal(n)).astype(dtype)
    return Parameters(weights(H, D), weights(H, H), weights(K, H), bias(H), bias(K))


def forward(params, x, h_0=None, f=tanh):
    """Run the network over a sequence, step by step.   Built in lesson 03.

        a_t = V x_t + W h_{t-1} + b_h      (1)
        h_t = f(a_t)                       (2)
        o_t = U h_t + b_y                  (3)

    params: Parameters     x: (T, D) or (T, B, D) inputs     h_0: (H,) or (B, H) initial state, zeros when None
    f: tanh, relu, identity, or an Activation of your own
    returns: Forward, new arrays throughout; float32 when all that goes in is float32
    raises: ValueError for shapes that do not fit, T = 0, B = 0, NaN or infinity; TypeError for integer arrays
    """
    V, W, U, b_h, b_y = expect.parameters(params)
    expect.activation(f)
    x, h_0 = expect.inputs(V, x, h_0)
    T = len(x)

    a = np.empty((T, *h_0.shape), np.result_type(x, h_0, V, W, U, b_h, b_y))
    h = np.empty((T + 1, *h_0.shape), a.dtype)
    h[0] = h_0
    for t in range(1, T + 1):
        a[t - 1] = x[t - 1] @ V.T + h[t - 1] @ W.T + b_h     # (1)
        h[t] = f(a[t - 1])                                   # (2)
    o = h[1:] @ U.T + b_y                                    # (3)
    return Forward(x.copy(), a, h, o, f)
