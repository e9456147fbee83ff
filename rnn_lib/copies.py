"""Named copies: every use of W gets a W of its own, and so a gradient of its own.   Built in lesson 05.

    a_t = V x_t + W(t) h_{t-1} + b_h       (1) with copy t at step t; copies[k-1] is W(k)
    dL/dW = sum_k dL/dW(k)                 because W(1) = ... = W(T) = W, and dW(k)/dW = 1
"""
import numpy as np

from . import expect
from .gradcheck import complex_step
from .losses import cross_entropy
from .network import Forward, tanh


def forward_with_copies(params, copies, x, h_0=None, f=tanh):
    """`forward`, with copies[t-1] in place of W at step t. The same numbers while all copies equal W.

    params: Parameters, whose own W is not used     copies: (T, H, H) one W for each step, complex numbers too
    x: (T, D) or (T, B, D) inputs     h_0: (H,) or (B, H) initial state, zeros when None     f: Activation
    returns: Forward, new arrays throughout     raises: ValueError, TypeError, as `forward`
    """
    V, _, U, b_h, b_y = expect.parameters(params)
    expect.activation(f)
    x, h_0 = expect.inputs(V, x, h_0)
    T, H = len(x), len(V)
    copies = expect.shaped("copies", copies, (T, H, H), "one W for each step, (T, H, H)")

    a = np.empty((T, *h_0.shape), np.result_type(x, h_0, copies, V, U, b_h, b_y))
    h = np.empty((T + 1, *h_0.shape), a.dtype)
    h[0] = h_0
    for t in range(1, T + 1):
        a[t - 1] = x[t - 1] @ V.T + h[t - 1] @ copies[t - 1].T + b_h     # (1)
        h[t] = f(a[t - 1])                                               # (2)
    o = h[1:] @ U.T + b_y                                                # (3)
    return Forward(x.copy(), a, h, o, f)


def copy_gradients(params, x, y, h_0=None, f=tanh, loss=cross_entropy):
    """dL/dW(k) for each k, entry by entry through the complex step: exact to rounding, slow and obvious.

    params, x, y, h_0, f: a network and its data, as for `forward` and the loss     loss: (o, y) -> (losses, do)
    returns: (T, H, H), whose sum over k is dL/dW     raises: ValueError, TypeError
    """
    def total_loss(copies):
        return loss(forward_with_copies(params, copies, x, h_0, f).o, y)[0].sum()
    return complex_step(total_loss, np.stack([params.W] * len(x)))
