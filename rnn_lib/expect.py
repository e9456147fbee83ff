"""What the functions of this package expect of their arguments, and what they say otherwise.

Arrays hold floating-point numbers, all finite. Whole numbers are refused rather than converted: an integer where
a vector belongs is nearly always a word that should have been looked up. Complex numbers pass, for the complex step.
The order of memory never matters (views, strides, read-only arrays), and no argument is changed.
"""
import numpy as np


def numbers(name, value):
    """value as an array of finite floating-point numbers.   raises: TypeError, ValueError"""
    array = np.asarray(value)
    if array.dtype.kind not in "fc":
        raise TypeError(f"{name} must hold floating-point numbers, got {array.dtype}: "
                        f"write {name}.astype(float), or look words up with embed(E, ids)")
    if not np.isfinite(array).all():
        where = [int(i) for i in np.argwhere(~np.isfinite(array))[0]]
        raise ValueError(f"{name} must be finite, got {array[tuple(where)]} at {where}: look for the step that made it")
    return array


def shaped(name, value, shape, rule):
    """value as `numbers`, with exactly this shape; the rule names the letters, as in "(H, D)"."""
    array = numbers(name, value)
    if array.shape != tuple(shape):
        raise ValueError(f"{name} must be {rule} = {tuple(shape)}, got {array.shape}")
    return array


def sequence(name, value, width, letter, source):
    """value as `numbers`, (T, width) or (T, B, width), with at least one step and one sequence."""
    array = numbers(name, value)
    if array.ndim not in (2, 3) or array.shape[-1] != width:
        raise ValueError(f"{name} must be (T, {letter}) or (T, B, {letter}) with {letter} = {width} as in {source}, "
                         f"got {array.shape}")
    return not_empty(name, array)


def inputs(V, x, h_0):
    """x and h_0 as `forward` takes them; h_0 = None becomes zeros.   raises: TypeError, ValueError"""
    H, D = V.shape
    x = sequence("x", x, D, "D", "V (H, D)")
    batch = x.shape[1:-1]
    if h_0 is None:
        return x, np.zeros((*batch, H), x.dtype)
    return x, shaped("h_0", h_0, (*batch, H), "(B, H)" if batch else "(H,)")


def not_empty(name, array):
    """The array, with at least one step (T >= 1) and one sequence (B >= 1).   raises: ValueError"""
    if array.size == 0:
        raise ValueError(f"{name} must have at least one step and one sequence (T >= 1, B >= 1), got {array.shape}")
    return array


def parameters(params):
    """The five arrays of a `Parameters`, checked against each other.   raises: TypeError, ValueError"""
    if not hasattr(params, "_fields") or params._fields != ("V", "W", "U", "b_h", "b_y"):
        raise TypeError(f"params must be Parameters(V, W, U, b_h, b_y), got {type(params).__name__}")
    V, W, U, b_h, b_y = (numbers(name, value) for name, value in zip(params._fields, params, strict=True))
    for name, array, rule in (("V", V, "(H, D)"), ("W", W, "(H, H)"), ("U", U, "(K, H)")):
        if array.ndim != 2 or array.size == 0:
            raise ValueError(f"{name} must be a matrix {rule} without empty sides, got {array.shape}")
    H, K = len(V), len(U)
    shaped("W", W, (H, H), "(H, H)")
    shaped("U", U, (K, H), "(K, H)")
    shaped("b_h", b_h, (H,), "(H,)")
    shaped("b_y", b_y, (K,), "(K,)")
    return V, W, U, b_h, b_y


def same_network(V, U, run):
    """Nothing, when the parameters could have made this run.   raises: ValueError"""
    sizes, of_run = (*V.shape[::-1], len(U)), tuple(part.shape[-1] for part in (run.x, run.h, run.o))
    if sizes != of_run:
        raise ValueError(f"params must be those of the run, (D, H, K) = {of_run}, got {sizes}")


def activation(f):
    """f, when it knows its value and its slope.   raises: TypeError"""
    if not (callable(f) and callable(getattr(f, "slope", None))):
        raise TypeError(f"f must be tanh, relu, identity, or an Activation(name, value, slope), got {f!r}")
    return f


def labels(name, value, shape, n, where=True, noun="classes"):
    """value as whole numbers in 0..n-1 of this shape; entries are looked at only where `where` is true."""
    array = np.asarray(value)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold whole numbers (indices of {noun}), got {array.dtype}: "
                        f"write {name}.astype(int) if they are whole")
    if array.shape != tuple(shape):
        raise ValueError(f"{name} must have one label a step, {tuple(shape)}, got {array.shape}")
    wrong = ((array < 0) | (array >= n)) & where
    if wrong.any():
        raise ValueError(f"{name} must be in 0..{n - 1} (there are {n} {noun}), got {array[wrong][0]}"
                         + (": mask the steps that have no label" if noun == "classes" else ""))
    return np.where(where, array, 0)


def mask(value, shape):
    """The mask, True where a step counts; None is all True.   raises: ValueError"""
    array = np.ones(shape, bool) if value is None else np.asarray(value)
    strange = array[~np.isin(array, (0, 1))]
    if array.shape != tuple(shape) or strange.size:
        raise ValueError(f"mask must hold 0 and 1 (or False and True), one a step, {tuple(shape)}, "
                         f"got {array.dtype} {array.shape}" + (f" with {strange[0]}" if strange.size else ""))
    return array.astype(bool)
