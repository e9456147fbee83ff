"""Random networks in which no bug can hide: h_0 and biases not zero, W not symmetric, sizes of 1 included.

Also here: what every function of the core promises about its arguments, as one assertion.
"""
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from rnn_lib import Parameters, cross_entropy, forward, identity, init_parameters, relu, squared_error, tanh

few = settings(derandomize=True, max_examples=40, deadline=None)
EXACT = 1e-10       # two exact routes differ by rounding only
CLOSE = 1e-5        # central differences


class Case(NamedTuple):
    """A network and its data: everything that forward, a loss and bptt need."""
    params: Parameters
    x: np.ndarray                # (T, [B,] D)
    y: np.ndarray                # (T, [B]) labels, or (T, [B,] K) targets
    h_0: np.ndarray              # ([B,] H)
    mask: np.ndarray | None      # (T, [B])
    f: Callable
    loss: Callable

    def forward(self):
        return forward(self.params, self.x, self.h_0, self.f)

    def total_loss(self, **changed):
        """L with some of V, W, U, b_h, b_y, h_0, x replaced"""
        v = {**self.params._asdict(), "h_0": self.h_0, "x": self.x, **changed}
        o = forward(Parameters(*(v[name] for name in Parameters._fields)), v["x"], v["h_0"], self.f).o
        return self.loss(o, self.y, self.mask)[0].sum()


def make_case(T=5, B=2, D=3, H=4, K=3, f=tanh, loss=cross_entropy, masked=False, seed=0, dtype=np.float64):
    """A random case. B=None: no batch axis. Masked steps hold labels out of range, or targets that are NaN."""
    rng = np.random.default_rng(seed)
    batch = () if B is None else (B,)
    K = max(K, 2) if loss is cross_entropy else K             # one class alone has no gradient at all
    x = rng.standard_normal((T, *batch, D)).astype(dtype)
    h_0 = rng.standard_normal((*batch, H)).astype(dtype)
    classes = loss is cross_entropy
    y = rng.integers(K, size=(T, *batch)) if classes else rng.standard_normal((T, *batch, K)).astype(dtype)
    mask = None
    if masked:
        mask = rng.random((T, *batch)) < 0.6
        mask.flat[-1] = True
        y[~mask] = -7 if classes else np.nan
    return Case(init_parameters(D, H, K, rng, dtype), x, y, h_0, mask, f, loss)


cases = st.builds(
    make_case, T=st.integers(1, 4), B=st.sampled_from([None, 1, 2, 3]), D=st.integers(1, 3), H=st.integers(1, 4),
    K=st.integers(1, 3), f=st.sampled_from([tanh, relu, identity]), loss=st.sampled_from([cross_entropy, squared_error]),
    masked=st.booleans(), seed=st.integers(0, 999))


def arrays(value):
    """Every array inside a value, in order."""
    if isinstance(value, np.ndarray):
        return [value]
    return [array for part in value for array in arrays(part)] if isinstance(value, tuple) else []


def mapped(value, change):
    """The value with every array in it replaced by change(array)."""
    if isinstance(value, np.ndarray):
        return change(value)
    if not isinstance(value, tuple):
        return value
    parts = [mapped(part, change) for part in value]
    return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def backwards(array):
    """The same numbers, held last row first: a negative stride."""
    return array[::-1].copy()[::-1]


def transposed(array):
    """The same numbers, held as the transpose (Fortran order)."""
    return np.ascontiguousarray(array.T).T


def every_other(array):
    """The same numbers, with other numbers between them."""
    return np.repeat(array, 2, axis=-1)[..., ::2]


def assert_leaves_its_arguments_alone(function, *args):
    """Arguments keep their bytes, results share no memory with them, and the order of memory does not matter."""
    before = [array.tobytes() for array in arrays(args)]
    results = arrays((function(*args),))
    assert results
    assert [array.tobytes() for array in arrays(args)] == before
    assert not any(np.shares_memory(result, array) for result in results for array in arrays(args))
    for layout in (read_only, backwards, transposed, every_other):
        again = arrays((function(*mapped(args, layout)),))
        for got, expected in zip(again, results, strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-13, err_msg=layout.__name__)


def assert_close(got, expected, tolerance=EXACT):
    """Equal shapes, and equal numbers relative to the largest; NaN never passes."""
    got, expected = np.asarray(got), np.asarray(expected)
    assert got.shape == expected.shape
    error, scale = np.abs(got - expected).max(), np.abs(expected).max()
    assert error <= tolerance * scale or error == 0, f"off by {error:.1e} at a scale of {scale:.1e}"
