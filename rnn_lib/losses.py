"""Per-step losses, and the gradient that each sends back to its scores.

    L = sum_t L_t,  L_t = loss(yhat_t, y_t)      (5)   a sum over time and batch, never a mean
    do_t = dL/do_t                               (6)

A mask of 0 leaves a step out: its loss and its gradient are exactly 0, whatever its label.
"""
import numpy as np

from . import expect


def softmax(o):
    """Probabilities from scores: yhat_k = exp(o_k) / sum_j exp(o_j)      (4)   Built in lesson 04.

    The largest score is subtracted first: no overflow, and the same answer.
    o: (..., K) scores     returns: (..., K), each row sums to 1     raises: TypeError, ValueError
    """
    o = expect.numbers("o", o)
    if o.ndim == 0 or o.size == 0:
        raise ValueError(f"o must be (..., K) with at least one score, got {o.shape}")
    return np.exp(_log_softmax(o))


def cross_entropy(o, y, mask=None):
    """Softmax and cross-entropy: how surprised the network is by the right class.   Built in lesson 04.

        L_t  = -log yhat_t[y_t]        (5)
        do_t = yhat_t - y_t            (6)   y_t one-hot

    o: (T, K) or (T, B, K) scores     y: (T,) or (T, B) index of the right class     mask: as y, 1 = counts
    returns: losses (T,) or (T, B) [nats], do like o
    raises: ValueError for shapes, labels out of range, NaN; TypeError for integer scores or fractional labels
    """
    o = expect.sequence("o", o, np.shape(o)[-1] if np.ndim(o) else 0, "K", "the scores")
    keep = expect.mask(mask, o.shape[:-1])
    y = expect.labels("y", y, o.shape[:-1], o.shape[-1], keep)[..., None]
    log_yhat = _log_softmax(o)
    losses = 0 - np.take_along_axis(log_yhat, y, axis=-1)[..., 0]             # (5)   0 - x, since -0.0 reads badly
    one_hot = np.arange(o.shape[-1]) == y
    do = np.exp(log_yhat) - one_hot                                           # (6)
    return np.where(keep, losses, 0), np.where(keep[..., None], do.astype(o.dtype), 0)


def squared_error(o, y, mask=None):
    """Half the squared distance to a real-valued target; the output is yhat_t = o_t.

        L_t  = 1/2 |o_t - y_t|^2       (5)
        do_t = o_t - y_t               (6)

    o, y: (T, K) or (T, B, K)     mask: (T,) or (T, B), 1 = counts; targets of masked steps may be anything, NaN too
    returns: losses (T,) or (T, B), do like o     raises: ValueError, TypeError
    """
    o = expect.sequence("o", o, np.shape(o)[-1] if np.ndim(o) else 0, "K", "the scores")
    keep = expect.mask(mask, o.shape[:-1])[..., None]
    if np.shape(y) != o.shape:
        raise ValueError(f"y must have the shape of o, {o.shape}, got {np.shape(y)}")
    y = expect.numbers("y", np.where(keep, y, np.zeros_like(y)))
    do = np.where(keep, o - y, 0)                                             # (6)
    return (do ** 2).sum(-1) / 2, do                                          # (5)


def _log_softmax(o):
    o = o - np.take_along_axis(o, o.real.argmax(-1)[..., None], axis=-1)      # real part: the complex step passes
    return o - np.log(np.exp(o).sum(-1, keepdims=True))
