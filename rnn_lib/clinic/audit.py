"""The term audit: which of the contributions C[t,k] are in this matrix, and how often?"""
import numpy as np

from ..definition import contributions


def audit(params, run, do, name, matrix):
    """How often each contribution C[t,k] is counted in a gradient: the weights of its best fit sum w[t,k] C[t,k].

    name: "W", "V" or "b_h"     matrix: what somebody computed as the gradient of it
    returns: (T, T) weights, NaN above the diagonal, all ones for the right gradient; None when the matrix is no such sum
             (residual above 1e-8), or when the terms cannot be told apart
    """
    C, matrix = contributions(params, run, do, name), np.asarray(matrix, float)
    T = len(C)
    terms = np.tril_indices(T)
    columns = C[terms].reshape(len(terms[0]), -1).T
    length = np.linalg.norm(columns, axis=0)
    if not np.isfinite(matrix).all() or (length == 0).any():
        return None
    weights, _, rank, _ = np.linalg.lstsq(columns / length, np.ravel(matrix), rcond=1e-9)
    residual = np.linalg.norm(columns / length @ weights - np.ravel(matrix))
    if rank < len(length) or residual > 1e-8 * np.linalg.norm(columns.sum(1)):
        return None
    triangle = np.full((T, T), np.nan)
    triangle[terms] = np.round(weights / length, 5) + 0.0
    return triangle
