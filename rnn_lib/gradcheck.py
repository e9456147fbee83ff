"""Is this gradient right? Two numerical routes that know nothing of backpropagation, and an honest comparison."""
import copy
import warnings
from functools import partial
from typing import NamedTuple

import numpy as np

from .bptt import Gradients, bptt
from .losses import cross_entropy
from .network import Parameters, forward, tanh


class BlindInputs(UserWarning):
    """The inputs of a gradient check would let some mistake pass."""


class Gradcheck(NamedTuple):
    """What `gradcheck` found: the relative error of each gradient by both routes."""
    complex_step: dict           # name -> relative error against the complex step
    central_difference: dict     # name -> relative error against central differences
    blind: tuple                 # sentences: what these inputs cannot expose
    ok: bool                     # whether all is right
    undecided: tuple = ()        # names of gradients that this point cannot decide on
    doubts: tuple = ()           # sentences: what is the matter with the point, or with the function

    def __str__(self):
        lines = [f"{name:4}  complex step {error:8.1e}   central difference {self.central_difference[name]:8.1e}"
                 for name, error in self.complex_step.items()]
        verdict = "right" if self.ok else f"NOT DECIDED: {', '.join(self.undecided)}" if self.undecided else "WRONG"
        return "\n".join([*lines, verdict, *self.doubts, *self.blind])


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
    return entry_by_entry(lambda v, nudge: (function(v + nudge) - function(v - nudge)) / (2 * step), value, step)


def complex_step(function, value, step=1e-20):
    """df/dv for each entry of value: Im f(v + is) / s. Nothing is subtracted, so nothing is lost: exact to rounding.

    function: array -> one number, made of operations that take complex numbers     returns: array like value
    """
    return entry_by_entry(lambda v, nudge: np.imag(function(v + nudge)) / step, value, 1j * step)


def gradcheck(params, x, y, h_0=None, f=tanh, loss=cross_entropy, mask=None, backward=bptt, tolerance=1e-10):
    """Hold a backward pass against the complex step (tolerance) and central differences (1e-5).   Used from lesson 06 on.

    Central differences lose digits where a gradient is far smaller than the loss: below |L| / 10^4 they count as absolute.
    A gradient below 1e-5 of the largest one is held to the rounding of that: its 0 may be a sum of things that cancel.
    Where the two routes disagree with each other, and one of them agrees with the backward pass, the point is at fault (a kink
    of f, an f or a loss that is not analytic) and nothing is decided; nor where float32 or f' has too few digits, nor where f
    or the loss gives other numbers at a second call. A backward pass that gives other gradients then is wrong.
    The Gradcheck says why.

    params, x, y, h_0, f, mask: a network and its data, as for `forward` and the loss; float64
    loss: (o, y, mask) -> (losses, do)
    backward: (params, run, do) -> gradients .V .W .U .b_h .b_y, maybe .h_0 .x; it is given copies
    returns: Gradcheck     warns: BlindInputs, naming what these inputs cannot expose
    raises: TypeError when the gradients lack a parameter, ValueError when one has the wrong shape
    """
    run = forward(params, x, h_0, f)
    do = loss(run.o, y, mask)[1]
    start = dict(params._asdict(), h_0=run.h[0], x=run.x)
    def called():
        given = copy.deepcopy((params, run[:4], do))
        return given, _named(backward(given[0], type(run)(*given[1], f), given[2]), start)
    def total(o):
        return loss(o, y, mask)[0].sum()
    (given, gradients), (_, again) = called(), called()
    blind, changed = blind_spots(params, run, do), _besides((params, run, do), given, gradients, again)
    if blind:
        warnings.warn("these inputs cannot expose every mistake: " + "; ".join(blind), BlindInputs, stacklevel=2)
    return _compared(gradients, *_routes(params, start, gradients, f, total), run, total, tolerance, blind, changed)


def _compared(gradients, steps, differences, run, total, tolerance, blind, changed):
    """The Gradcheck of gradients and of what the two routes say.   total: scores -> loss"""
    floor = 1e-4 * max(1.0, abs(total(run.o)))                                  # of central differences
    tiny = 1e-5 * max(np.abs(g).max() for g in steps.values())
    exact = {name: relative_error(g, steps[name], tiny if np.isfinite(tiny) else 0) for name, g in gradients.items()}
    close = {name: relative_error(g, differences[name], floor) for name, g in gradients.items()}
    apart = {name: relative_error(steps[name], differences[name], floor) > 1e-5 for name in gradients}
    off = tuple(name for name in gradients if not (exact[name] <= tolerance and close[name] <= 1e-5))
    narrow = any(g.dtype == np.float32 for g in gradients.values())
    doubts, digits, kink = ((), 0, False) if not off else (
        _doubts(run, total, any(apart[name] for name in off), narrow, floor, tolerance))
    def decided(name):
        one_agrees = exact[name] <= tolerance or close[name] <= 1e-5
        spared = kink and _agree_where_these_do(gradients[name], steps[name], differences[name], floor)
        return not (apart[name] and (one_agrees or spared)) and not exact[name] <= digits
    undecided = () if changed or any(map(decided, off)) else off
    return Gradcheck(exact, close, blind, not off and not changed, undecided, changed + doubts)


def _routes(params, start, gradients, f, total):
    """(by the complex step, by central differences): name -> gradient.   total: scores -> loss"""
    def total_loss(name, value):
        v = dict(start, **{name: value})
        return total(forward(type(params)(*(v[n] for n in params._fields)), v["x"], v["h_0"], f).o)
    return ({name: derivative(partial(total_loss, name), start[name]) for name in gradients}
            for derivative in (complex_step, central_difference))


def _besides(original, given, gradients, again):
    """Sentences on arrays that the backward pass has written into, and on what its second call gives otherwise, in a tuple."""
    params, run, do = original
    before = {**params._asdict(), "x": run.x, "a": run.a, "h": run.h, "o": run.o, "do": do}
    after = (*given[0], *given[1], given[2])
    written = [name for (name, array), now in zip(before.items(), after, strict=True) if not np.array_equal(array, now)]
    other = [name for name, g in gradients.items() if relative_error(*map(np.nan_to_num, (g, again[name]))) > 1e-12]
    findings = ((written, f"backward has written into {', '.join(written)}: weights and records must stay as they are"),
                (other, f"backward gives other gradients at a second call ({', '.join(other)}): it keeps something from call to "
                        "call, or draws random numbers"))
    return tuple(words for is_so, words in findings if is_so)


def _agree_where_these_do(gradient, step, difference, floor):
    """Whether a gradient is right in all entries but those that the two routes see differently: those at a kink."""
    scale = max(floor, np.abs(step).max(), np.abs(difference).max())
    off = np.abs(gradient - difference)[np.abs(step - difference) <= 1e-5 * scale]
    return np.isfinite(gradient).all() and off.max(initial=0) <= 1e-5 * scale


def _unsteady(run, total):
    """Sentences on f and the loss, where they give other numbers at a second call, in a tuple."""
    calls = ((run.f.name, lambda: run.f(run.a)), ("the loss", lambda: total(run.o)))
    return tuple(f"{name} gives other numbers at a second call: it draws random numbers (draw them once, and keep them), "
                 "or keeps something from call to call" for name, call in calls
                 if not np.array_equal(call(), call(), equal_nan=True))


def _doubts(run, total, apart, narrow, floor, tolerance):
    """(sentences on what is the matter with this point, error up to which nothing is decided, whether f has a kink here).

    apart: whether the routes disagree     narrow: whether a gradient is float32
    """
    if unsteady := _unsteady(run, total):
        return unsteady, np.inf, False
    a, f = run.a.astype(float), run.f
    step, difference = complex_step(lambda v: f(v).sum(), a), central_difference(lambda v: f(v).sum(), a)
    jump = np.abs(f.slope(a + 1e-5) - f.slope(a - 1e-5)) > 1e-2
    error, smooth = relative_error(f.slope(a), step), ~jump
    analytic = not smooth.any() or relative_error(step[smooth], difference[smooth], 1e-4) <= 1e-4
    single, few = run.a.dtype == np.float32, analytic and not jump.any() and error > tolerance / 10
    o = run.o.astype(float)
    lossy = apart and 1e-5 < relative_error(complex_step(total, o), central_difference(total, o), floor) < np.inf
    findings = (
        (jump.any(), f"{f.name} has a kink at some a_t: there is no derivative, choose other inputs"),
        (not analytic, f"{f.name} is not analytic (abs, sign and the like): the complex step does not pass, "
                       "trust central differences"),
        (single, "float32 has seven digits: check in float64, or with tolerance=1e-5"),
        (narrow and not single, "the gradients of backward are float32, which has seven digits"),
        (few and not single, f"f.slope and the derivative of {f.name} differ by {error:.1e} at these a_t: units are saturated, "
                             "or it is another slope"),
        (lossy, "the loss is not analytic (abs, a norm, .real and the like): the complex step does not pass, "
                "trust central differences"),
        (apart and analytic and not jump.any() and not lossy,
         "the two routes disagree with each other: the loss is ill-conditioned here"))
    digits = 1e-5 if single or narrow else min(100 * error, 1e-5) if few else 0.0
    return tuple(words for is_so, words in findings if is_so), digits, jump.any()


def _named(gradients, start):
    """The gradients by name, those of the five parameters at least, each checked against the shape it belongs to."""
    if missing := [name for name in Parameters._fields if not hasattr(gradients, name)]:
        raise TypeError(f"backward must return gradients with .V .W .U .b_h .b_y, got {type(gradients).__name__} "
                        f"without {', '.join(missing)}")
    named = {name: np.array(getattr(gradients, name)) for name in Gradients._fields if hasattr(gradients, name)}
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
        (len(W) > 1 and relative_error(W, W.T) <= 1e-12, "W is symmetric: a missing transpose stays hidden"),
        (np.abs(W).max() < 1e-3, "W is nearly 0: what flows through it may be too small to see"),
        (T > 1 and run.x.any() and not np.ptp(run.x, axis=0).any(), "x is the same at every step: x_{t-1} for x_t stays hidden"),
        (not run.x.any(), "x = 0: the gradient of V is 0, whatever its formula"),
        (not np.any(params.U), "U = 0: no gradient reaches the hidden units"),
        (not do.any(), "no step has a loss to send back" + " (K = 1: softmax gives 1)" * (do.shape[-1] == 1)
         + ": every gradient is 0"),
        (T > 1 and do[0].any() and not do[1:].any(), "only the first step has a loss: no gradient flows back in time"),
        (T > 1 and do[-1].any() and not do[:-1].any(), "only the last step has a loss: forgetting the others stays hidden"),
        (not run.h[0].any(), "h_0 = 0: the term of W at step 1 stays hidden"),
        (not np.any(params.b_h) or not np.any(params.b_y), "a bias is 0: using it twice or not at all stays hidden"),
        (np.abs(run.f.slope(run.a)).max() < 1e-3, "f' is nearly 0 at every unit: hardly any gradient passes through it"),
        (np.ptp(run.f.slope(run.a)) == 0, "f' is the same everywhere: leaving it out may stay hidden"),
        (run.a.dtype == np.float32, "float32 has seven digits: small mistakes drown in rounding"))
    return tuple(sentence for is_blind, sentence in findings if is_blind)


def entry_by_entry(derivative, value, step):
    """derivative(value, nudge), one number, for each entry of value; the nudge is the step there, and 0 elsewhere."""
    value = np.array(value)
    result = np.empty(value.shape)
    for index in np.ndindex(value.shape):
        nudge = np.zeros(value.shape, type(step))
        nudge[index] = step
        result[index] = derivative(value, nudge)
    return result
