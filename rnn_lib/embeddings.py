"""Words in, vectors out, and the gradient back to the words."""
import numpy as np

from . import expect


def embed(E, ids):
    """Look words up: x_t = E[ids_t], a row each.   Built in lesson 01.

    E: (n, D) one vector a word     ids: (T,) or (T, B) whole numbers in 0..n-1
    returns: (T, D) or (T, B, D), a copy     raises: ValueError, TypeError
    """
    E = expect.numbers("E", E)
    if E.ndim != 2:
        raise ValueError(f"E must be (n, D), one row a word, got {E.shape}")
    return E[_ids(ids, np.shape(ids), len(E))]


def embedding_gradient(dx, ids, n):
    """dL/dE from dL/dx: a word that occurs twice receives both gradients, added up.

        dE[w] = sum over t with ids_t = w of dx_t

    dx: (T, D) or (T, B, D)     ids: (T,) or (T, B) in 0..n-1     n: number of words
    returns: (n, D)     raises: ValueError, TypeError
    """
    dx = expect.numbers("dx", dx)
    ids = _ids(ids, dx.shape[:-1], n)
    dE = np.zeros((n, dx.shape[-1]), dx.dtype)
    np.add.at(dE, ids, dx)
    return dE


def _ids(ids, shape, n):
    if len(shape) not in (1, 2):
        raise ValueError(f"ids must be (T,) or (T, B), got {tuple(shape)}")
    expect.not_empty("ids", np.asarray(ids))
    return expect.labels("ids", ids, shape, n, noun="words")
