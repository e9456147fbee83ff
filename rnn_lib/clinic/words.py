"""What is said of a wrong backward pass that makes no known mistake: which gradients fail, where, and in what way."""
import numpy as np

from ..bptt import bptt
from ..definition import contributions
from ..gradcheck import relative_error
from ..network import forward
from .audit import audit, terms_of_steps
from .form import NAMES
from .relation import multiple


def said(trials):
    """One or two sentences on Trials of which the first, at least, is wrong."""
    wrong = [trial for trial in trials if trial.off]
    for finding in (_empty, _factor, _clipped, _rounded, _decayed, _restarted):
        if words := finding(wrong):
            return words
    off = set().union(*(trial.off for trial in wrong))
    parts = (_sieve(off), _at_one_step(off & set(NAMES), trials), _terms(wrong, off))
    return ". ".join(part for part in parts if part)


def _each(wrong):
    """(answer, right) of every gradient that is wrong on some network."""
    return [(trial.answer[name], trial.right[name]) for trial in wrong for name in trial.off]


def _empty(wrong):
    """Every wrong gradient is 0."""
    if any(got.any() for got, _ in _each(wrong)):
        return ""
    of_da = set(NAMES) & set(wrong[0].off) == {"V", "W", "b_h"}
    where = "Is da 0, as it is without U' do_t in (9)? If not, look" if of_da else "Look"
    return f"{', '.join(wrong[0].off)}: 0 throughout. {where} for an array that is made and never added to"


def _factor(wrong):
    """Every wrong gradient is the right one times one number."""
    gots, dues = ([np.concatenate([np.ravel(side[n]) for n in t.off]) for t, side in zip(wrong, sides, strict=True)]
                  for sides in ([t.answer for t in wrong], [t.right for t in wrong]))
    sizes = [(len(t.right["b_y"]), len(t.right["b_h"]), T := len(t.network.do), T + 1, T - 1) for t in wrong]
    said = multiple(gots, dues, [*zip(("K", "H", "T", "T + 1", "T - 1"), np.transpose(sizes), strict=True)])
    what = "Every gradient is " if set(NAMES) <= set(wrong[0].off) else f"{_sieve(set(wrong[0].off))}. What is wrong is "
    guess = "look for clipping by norm" if "changes" in said else "is there a mean, a learning rate, a minus?"
    return said and f"{what}{said}" + f": {guess}" * (":" not in said)


def _clipped(wrong):
    """Every wrong gradient is the right one, cut off at one number."""
    limit = max(float(np.abs(got).max()) for got, _ in _each(wrong))
    if not limit or any(relative_error(got, np.clip(right, -limit, limit)) > 1e-9 for got, right in _each(wrong)):
        return ""
    return (f"your gradients are right until they are clipped at {limit:.4g}: look for np.clip. "
            "Clipping is done to a gradient afterwards, in training")


def _rounded(wrong):
    """Every wrong gradient is right to a few digits."""
    error = max(relative_error(got, right) for got, right in _each(wrong))
    small = [got for got, _ in _each(wrong) if np.abs(got).max() < 6e4]
    half = small != [] and all((got == got.astype(np.float16)).all() for got in small)
    if error > (1e-2 if half else 1e-5):
        return ""
    return (f"your gradients are right to {-np.log10(error):.0f} digits: the formulas are hardly wrong, but look for a rounding, "
            f"such as {'float16' if half else 'float32'} inside, or for a small number that is added")


def _decayed(wrong):
    """What is wrong is the right gradient plus a multiple of the weights."""
    shares = []
    for trial in wrong:
        for name in trial.off:
            weights = getattr(trial.network.params, name, None)
            extra = trial.answer[name] - trial.right[name]
            if weights is None or weights.shape != extra.shape:
                return ""
            shares.append(np.vdot(weights, extra) / np.vdot(weights, weights))
            if relative_error(extra, shares[-1] * weights) > 1e-6:
                return ""
    if np.ptp(shares) > 1e-6 * abs(shares[0]):
        return ""
    return (f"{', '.join(wrong[0].off)}: the right gradient plus {shares[0]:.4g} times the weights. Look for weight decay (L2): "
            "it belongs to another loss")


def _restarted(wrong):
    """The answer is that of another run, from h_0 = 0."""
    for network, answer in ((trial.network, trial.answer) for trial in wrong):
        run = forward(network.params, network.run.x, None, network.run.f)
        other = bptt(network.params, run, network.do)._asdict()
        if any(relative_error(answer[name], other[name]) > 1e-9 for name in NAMES):
            return ""
    return "your gradients belong to a run that starts at h_0 = 0: look for a forward pass of your own, and use the run given"


def _sieve(off):
    """Where to look, from which gradients fail."""
    wrong = off & set(NAMES)
    if not wrong:
        return f"{' and '.join(sorted(off))} {'is' if len(off) == 1 else 'are'} not right, all others are: look at (14)"
    if wrong <= {"b_h", "b_y"}:
        failing = " and ".join(sorted(wrong)) + (" is" if len(wrong) == 1 else " are")
        return f"only {failing} wrong. A bias is multiplied with 1: look at the sums over t of do_t, (7), and of da_t, (13)"
    if wrong <= {"U", "b_y"}:
        return "U and b_y have nothing to do with time: look at (7)"
    for one, other, factor in (("W", "V", "(11), h_{t-1} and h_0"), ("V", "W", "(12)")):
        if wrong == {one}:
            return (f"only {one} is wrong. If {other} and b_h are made of the same da, it is right: look at what it is "
                    f"multiplied with in {factor}, row by row")
    if wrong < {"V", "W", "b_h"}:
        (right,) = {"V", "W", "b_h"} - wrong
        return f"{right} is right, so da is hardly wrong: look at what it is multiplied with, row by row: (11), (12), (13)"
    if not wrong & {"U", "b_y"}:
        return "V, W and b_h share da: look at (9) and (10) first"
    return "gradients with and without time are wrong: start at (7), which is the simpler"


def _at_one_step(wrong, trials):
    """What one time step says: there is no horizontal step in it, and b_y's gradient is do_1 itself."""
    one = next((t for t in trials if len(t.network.do) == 1 and not t.problem), None)
    if one is None or not wrong & {"V", "W", "b_h"} or len(wrong) < 3:
        return ""
    if relative_error(one.answer["b_y"], 2 * one.right["b_y"]) <= 1e-9:
        return "At T = 1, db_y is do_1 twice: is there a step too many? At t = 0, do[t-1] is do[-1], the last row"
    if "b_y" in one.off:
        return ("At T = 1, db_y is do_1 itself, and yours is not: is do changed before it is used? "
                "In do = yhat - y the softmax has been passed already (6)")
    if {"V", "b_h"} <= set(one.off):
        return "It is wrong at T = 1 too, where nothing comes from a later step: look at f'(a_t) in (10), then at U' do_t"
    if not set(one.off) & set(NAMES):
        return ("It is right at T = 1, so look at what differs between steps: W' da_{t+1} in (9), a condition on t, and every "
                "index")
    return ""


def _terms(wrong, off):
    """Which whole terms are missing from a gradient, or counted more than once."""
    trial = wrong[0]
    arguments = trial.network.params, trial.network.run, trial.network.do
    for name in (name for name in NAMES if name in off):
        counts = terms_of_steps(*arguments, name, trial.answer[name])
        if counts is not None and (missing := np.flatnonzero(counts == 0) + 1).size:
            steps = "term of step {} is" if len(missing) == 1 else "terms of steps {} are"
            return f"In d{name} the {steps.format(', '.join(map(str, missing)))} missing"
    if "W" not in off:
        return ""
    words, weights = _cut(wrong), audit(*arguments, "W", trial.answer["W"])
    if words or weights is None:
        return words
    n = int((np.isfinite(weights) & (weights != 1)).sum())
    return f"In dW {n} of the {np.isfinite(weights).sum()} terms C[t,k] {'is' if n == 1 else 'are'} missing, or not counted once"


def _cut(wrong):
    """What is said when dW is that of a truncated pass, on every network that shows it, or lacks one border; or nothing."""
    def fits(trial, n, kept):
        C = contributions(*trial.network[1:], "W")
        return relative_error(C[kept(*np.indices(C.shape[:2]), n)].sum(0), trial.answer["W"]) <= 1e-9
    for n in range(1, len(wrong[0].network.do)):
        if all(fits(trial, n, lambda t, k, n: t - k < n) for trial in wrong):
            return f"In dW paths longer than {n - 1} steps are missing: C[t,k] with t - k > {n - 1}"
        if all(fits(trial, n, lambda t, k, n: t // n == k // n) for trial in wrong):
            return f"In dW no path leads from one window of {n} steps into the one before: C[t,k] is missing between them"
        if fits(wrong[0], n, lambda t, k, n: (t < n) | (k >= n)):
            return f"In dW no path leads over the border from step {n + 1} back to step {n}"
    return ""
