"""Is this gradient right? Two numerical routes that know nothing of backpropagation, and an honest comparison."""
import warnings
from typing import NamedTuple

import numpy as np

from .bptt import bptt
from .losses import cross_entropy
from .network import forward, tanh

NAMES = ("V", "W", "U", "b_h", "b_y", "h_0", "x")


class BlindInputs(UserWarning):
    """The inputs of a gradient check would let some mistake pass."""


class Gradcheck(NamedTuple):
    """What `gradcheck` found: the relative error of each gradient by both routes."""
    complex_step: dict           # name -> relative error against the complex step
    central_difference: dict     # name -> relative error against central differences
    blind: tuple                 # sentences: what these inputs cannot expose
    ok: bool

    def __str__(self):
        lines = [f"{name:4}  complex step {error:8.1e}   central difference {self.central_difference[name]:8.1e}"
                 for name, error in self.complex_step.items()]
        return "\n".join([*lines, "right" if self.ok else "WRONG", *self.blind])


def relative_error(got, expected, floor=0.0):
    """max|got - expected| / max(|got|, |expected|, floor): 0 for 0 against 0, inf as soon as a NaN or an infinity is in it.

    So `error <= tolerance` is never true by accident.     floor: no smaller number is divided by
    raises: ValueError for different shapes
    """
    got, expected = np.asarray(got), np.asarray(expected)
    if got.shape != expected.shape:
        raise ValueError(f"two gradients must have one shape, got {got.shape} and {expected.shape}")
    scale = np.maximum(np.abs(got).max(initial=floor), np.abs(expected).max(initial=floor))     # keeps a NaN, unlike max()
    if not np.isfinite(scale):
        return np.inf
    return float(np.abs(got - expected).max() / scale) if scale else 0.0


def central_difference(function, value, step=1e-6):
    """df/dv for each entry of value: (f(v + s) - f(v - s)) / 2s, wrong by about s^2 plus rounding/s.   Built in lesson 05.

    function: array -> one number     value: array, left as it is     returns: array like value
    """
    return _entry_by_entry(lambda v, nudge: (function(v + nudge) - function(v - nudge)) / (2 * step), value, step)


def complex_step(function, value, step=1e-20):
    """df/dv for each entry of value: Im f(v + is) / s. Nothing is subtracted, so nothing is lost: exact to rounding.

    function: array -> one number, made of operations that take complex numbers     returns: array like value
    """
    return _entry_by_entry(lambda v, nudge: np.imag(function(v + nudge)) / step, value, 1j * step)


def gradcheck(params, x, y, h_0=None, f=tanh, loss=cross_entropy, mask=None, backward=bptt, tolerance=1e-10):
    """Hold a backward pass against the complex step (tolerance) and central differences (1e-5).   Used from lesson 06 on.

    Central differences lose digits where a gradient is far smaller than the loss: below |L| / 10^4 they count as absolute.

    params, x, y, h_0, f, mask: a network and its data, as for `forward` and the loss; float64
    loss: (o, y, mask) -> (losses, do)     backward: (params, run, do) -> gradients .V .W .U .b_h .b_y, maybe .h_0 .x
    returns: Gradcheck     warns: BlindInputs, naming what these inputs cannot expose
    raises: TypeError when the gradients lack a parameter, ValueError when one has the wrong shape
    """
    run = forward(params, x, h_0, f)
    losses, do = loss(run.o, y, mask)
    gradients = backward(params, run, do)
    start = dict(params._asdict(), h_0=run.h[0], x=run.x)

    def total_loss(name, value):
        v = dict(start, **{name: value})
        scores = forward(type(params)(*(v[n] for n in params._fields)), v["x"], v["h_0"], f).o
        return loss(scores, y, mask)[0].sum()

    exact, close, floor = {}, {}, 1e-4 * max(1.0, abs(losses.sum()))
    for name, gradient in _named(gradients, start).items():
        def function(value, name=name):
            return total_loss(name, value)
        exact[name] = relative_error(gradient, complex_step(function, start[name]))
        close[name] = relative_error(gradient, central_difference(function, start[name]), floor)
    blind = blind_spots(params, run, do)
    if blind:
        warnings.warn("these inputs cannot expose every mistake: " + "; ".join(blind), BlindInputs, stacklevel=2)
    ok = all(error <= tolerance for error in exact.values()) and all(error <= 1e-5 for error in close.values())
    return Gradcheck(exact, close, blind, ok)


def _named(gradients, start):
    """The gradients by name, those of the five parameters at least, each checked against the shape it belongs to."""
    if missing := [name for name in ("V", "W", "U", "b_h", "b_y") if not hasattr(gradients, name)]:
        raise TypeError(f"backward must return gradients with .V .W .U .b_h .b_y, got {type(gradients).__name__} "
                        f"without {', '.join(missing)}")
    named = {name: np.asarray(getattr(gradients, name)) for name in NAMES if hasattr(gradients, name)}
    for name, gradient in named.items():
        if gradient.shape != np.shape(start[name]):
            raise ValueError(f"the gradient of {name} must have its shape, {np.shape(start[name])}, got {gradient.shape}")
    return named


def blind_spots(params, run, do=None):
    """What a gradient check on this network could not see, as a tuple of sentences (empty: nothing hides).

    do: dL/do_t as a loss returned it; without it the losses are not looked at
    """
    W, T = np.asarray(params.W), len(run.a)
    do = np.ones(run.o.shape) if do is None else np.asarray(do)
    findings = (
        (T == 1, "T = 1 has no horizontal step: every mistake in it stays hidden"),
        (T == 2, "T = 2 has one horizontal step: the order of Jacobians stays hidden"),
        (len(W) == 1, "H = 1: a missing transpose and the order of Jacobians stay hidden"),
        (len(W) > 1 and np.allclose(W, W.T), "W is symmetric: a missing transpose stays hidden"),
        (np.abs(W).max() < 1e-3, "W is nearly 0: whatever flows through it is too small to see"),
        (not run.x.any(), "x = 0: the gradient of V is 0, whatever its formula"),
        (not np.any(params.U), "U = 0: no gradient reaches the hidden units"),
        (not do.any(), "no step has a loss to send back: every gradient is 0"),
        (T > 1 and do[0].any() and not do[1:].any(), "only the first step has a loss: no gradient flows back in time"),
        (T > 1 and do[-1].any() and not do[:-1].any(), "only the last step has a loss: forgetting the others stays hidden"),
        (not run.h[0].any(), "h_0 = 0: the term of W at step 1 stays hidden"),
        (not np.any(params.b_h) or not np.any(params.b_y), "a bias is 0: using it twice or not at all stays hidden"),
        (np.abs(run.f.slope(run.a)).max() < 1e-3, "every unit is saturated: hardly any gradient passes through f'"),
        (np.ptp(run.f.slope(run.a)) == 0, "f' is the same everywhere: leaving it out may stay hidden"),
        (run.a.dtype == np.float32, "float32 has seven digits: small mistakes drown in rounding"),
    )
    return tuple(sentence for is_blind, sentence in findings if is_blind)


def _entry_by_entry(derivative, value, step):
    value = np.array(value)
    result = np.empty(value.shape)
    for index in np.ndindex(value.shape):
        nudge = np.zeros(value.shape, type(step))
        nudge[index] = step
        result[index] = derivative(value, nudge)
    return result
