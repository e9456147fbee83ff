"""The term audit: which of the contributions C[t,k] are in this matrix, and how often?"""
import numpy as np

from ..definition import contributions


def audit(params, run, do, name, matrix):
    """How often each contribution C[t,k] is counted in a gradient: the weights of its best fit sum w[t,k] C[t,k].

    name: "W", "V" or "b_h"     matrix: what somebody computed as the gradient of it
    returns: (T, T) weights, NaN above the diagonal, all ones for the right gradient; None when the matrix is no such sum
             (residual above 1e-8), or when the terms cannot be told apart
    """
    C = contributions(params, run, do, name)
    T = len(C)
    terms = np.tril_indices(T)
    weights = _weights(C[terms], matrix)
    if weights is None:
        return None
    triangle = np.full((T, T), np.nan)
    triangle[terms] = weights
    return triangle


def terms_of_steps(params, run, do, name, array):
    """How often the term of each step is counted in a gradient that is a sum over t: (T,) weights, or None, as `audit`."""
    if name in ("U", "b_y"):
        return _weights(do[:, :, None] * run.h[1:, None] if name == "U" else do, array)
    return _weights(contributions(params, run, do, name).sum(0), array)


def _weights(terms, array):
    """How often each term is in an array.   terms: (n, ...)     array: (...)     returns: (n,); None where it is no such sum"""
    array, columns = np.ravel(np.asarray(array, float)), terms.reshape(len(terms), -1).T
    length = np.linalg.norm(columns, axis=0)
    if not np.isfinite(array).all() or (length == 0).any():
        return None
    weights, _, rank, _ = np.linalg.lstsq(columns / length, array, rcond=1e-9)
    residual = np.linalg.norm(columns / length @ weights - array)
    if rank < len(length) or residual > 1e-8 * np.linalg.norm(columns.sum(1)):
        return None
    return np.round(weights / length, 5) + 0.0
