"""Run somebody's backward pass beside the right one and the known-wrong ones, and say what is the matter with it."""
import copy
import html
from typing import NamedTuple

import numpy as np

from ..bptt import bptt
from ..gradcheck import relative_error
from ..losses import cross_entropy
from ..network import forward, init_parameters
from .audit import audit
from .mistakes import MISTAKES

MARK = {"right": "✓", "wrong": "✗", "not attempted": "○"}
COLOUR = {"right": "var(--jp-success-color1, #1a7438)", "wrong": "var(--jp-error-color1, #b3261e)",
          "not attempted": "var(--jp-content-font-color2, #5d6570)"}
NAMES = ("V", "W", "U", "b_h", "b_y")
CASES = ({"T": 5, "D": 3, "H": 6, "K": 4}, {"T": 3, "D": 4, "H": 5, "K": 2}, {"T": 1, "D": 2, "H": 3, "K": 3})


class Diagnosis(NamedTuple):
    """What `diagnose` found. `.ok` says whether it is right; `.hint()` says more at each call, the line last."""
    status: str         # "right", "wrong" or "not attempted"
    names: tuple        # the mistakes recognised, the one that explains most first; empty when right or unknown
    message: str
    right: tuple        # gradients that are right
    wrong: tuple        # gradients that are not
    weights: np.ndarray | None     # (T, T) how often each C[t,k] is in dW; None when dW is no sum of them
    layers: list        # hints not given yet

    @property
    def ok(self):
        return self.status == "right"

    def hint(self):
        """The next layer of help, as text."""
        if not self.layers:
            return "That was the last hint." if self.names or self.ok else "No further hint: this mistake is not a known one."
        return self.layers.pop(0)

    def __repr__(self):
        head = f"{MARK[self.status]} {self.status}" + (f": {'; '.join(self.names)}" if self.names else "")
        parts = [head, self._sieve(), self.message]
        if self._audited():
            parts += ["How often each term C[t,k] is in your dW (1 is right):", _table(self.weights)]
        return "\n".join(part for part in parts if part)

    def _repr_html_(self):
        """Words and a plain table, which stay readable where a notebook's pictures and styles are not trusted."""
        names = f": {html.escape('; '.join(self.names))}" if self.names else ""
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in (self._sieve().replace("   ", " · "), self.message) if line)
        return (f'<div role="status" style="border-left:4px solid {COLOUR[self.status]};padding:4px 12px">'
                f'<p><b style="color:{COLOUR[self.status]}">{MARK[self.status]} {self.status}</b>{names}</p>{lines}'
                f'{_html_table(self.weights) if self._audited() else ""}</div>')

    def _sieve(self):
        return f"right: {', '.join(self.right) or 'none'}   wrong: {', '.join(self.wrong)}" if self.wrong else ""

    def _audited(self):
        return "W" in self.wrong and self.weights is not None


def diagnose(backward, seed=0):
    """Say whether a backward pass is right and, if not, which mistake it makes and in which terms.   Used from lesson 10 on.

    It is run on three networks in which no mistake can hide (h_0 and biases not zero, W not symmetric, T <= H, tanh, float64).
    Its answer is held against `bptt`, against known-wrong passes, and its dW is taken apart into the contributions C[t,k].

    backward: (params, run, do) -> gradients with .V .W .U .b_h .b_y (and .h_0, .x if you like), as `bptt`
    seed: another seed gives other networks     returns: Diagnosis; nothing you pass is changed, and no error is raised
    """
    try:
        for i, sizes in enumerate(CASES):
            found = _examine(backward, *_case(np.random.default_rng([seed, i]), **sizes))
            if not found.ok:
                where = "" if i == 0 else f" It is right for T = 5: what is different at T = {sizes['T']}?"
                return found._replace(message=found.message + where)
        return found
    except NotImplementedError:
        return _failed("replace the placeholder with your backward pass, then run this cell again", "not attempted")
    except Exception as error:
        return _failed(f"your function stopped with {type(error).__name__}: {error}")


def recognise(answer, right, wrong_answers):
    """The mistakes that explain an answer, as a tuple of names; empty when they explain only part of it.

    One mistake that explains every wrong gradient comes first; failing that, one for each.
    answer, right: name -> array     wrong_answers: mistake's name -> gradients
    """
    off = [name for name in NAMES if not _equal(answer[name], right[name])]
    fits = {mistake: {n for n in off if _equal(answer[n], getattr(g, n))} for mistake, g in wrong_answers.items()}
    def spoilt(mistake):
        return sum(not _equal(getattr(wrong_answers[mistake], n), right[n]) for n in NAMES)
    explained, names = set(), []
    # The widest fit first; of equal ones, the mistake that spoils least besides.
    for mistake in sorted(filter(fits.get, fits), key=lambda m: (-len(fits[m]), spoilt(m))):
        if fits[mistake] - explained:
            names.append(mistake)
            explained |= fits[mistake]
    return tuple(names) if explained == set(off) else ()


def _case(rng, T, D, H, K):
    params = init_parameters(D, H, K, rng)
    run = forward(params, rng.standard_normal((T, D)), rng.standard_normal(H))
    return params, run, cross_entropy(run.o, rng.integers(K, size=T))[1]


def _examine(backward, params, run, do):
    given = copy.deepcopy((params, run, do))
    answer = backward(*given)
    right = bptt(params, run, do)._asdict()
    if problem := _unfit(answer, right) or _changed(given, (params, run, do)):
        return _failed(problem)
    answer = {name: np.asarray(getattr(answer, name)) for name in right if getattr(answer, name, None) is not None}
    tolerance = 1e-4 if any(a.dtype == np.float32 for a in answer.values()) else 1e-9
    off = tuple(name for name in answer if relative_error(answer[name], right[name]) > tolerance)
    fine = tuple(name for name in answer if name not in off)
    if not off:
        return Diagnosis("right", (), "all gradients agree with the definition on three networks", fine, (), None, [])
    names = recognise(answer, right, {m.name: m.backward(params, run, do) for m in MISTAKES}) if set(off) & set(NAMES) else ()
    weights = audit(params, run, do, "W", answer["W"])
    known = [m for name in names for m in MISTAKES if m.name == name]
    message = f"Ask yourself: {known[0].question} (.hint() says more.)" if known else _sieve(off) + _scale(answer, right, off)
    layers = [text for m in known for text in (m.hint, f"The term: {m.term}.", f"The line reads: {m.line}")]
    return Diagnosis("wrong", names, message, fine, off, weights, layers)


def _unfit(answer, right):
    """What is wrong with the form of an answer, or nothing."""
    if missing := [name for name in NAMES if not hasattr(answer, name)]:
        return f"return gradients with .V .W .U .b_h .b_y; yours, a {type(answer).__name__}, lack {', '.join(missing)}"
    for name, expected in right.items():
        got = getattr(answer, name, None)
        if got is None and name in ("h_0", "x"):
            continue
        if np.shape(got) != expected.shape:
            return f"the gradient of {name} must have its shape, {expected.shape}, got {np.shape(got)}"
        if not np.issubdtype(np.asarray(got).dtype, np.floating):
            return f"the gradient of {name} must hold real floating-point numbers, got {np.asarray(got).dtype}"
        if not np.isfinite(got).all():
            strange = "NaN" if np.isnan(got).any() else "an infinity"
            return f"the gradient of {name} holds {strange}: look for a division by 0, or for an array that was never filled"
    return ""


def _changed(given, original):
    """Which argument the function wrote into, or nothing."""
    params, run, do = original
    before = {**params._asdict(), "run.x": run.x, "run.a": run.a, "run.h": run.h, "run.o": run.o, "do": do}
    params, run, do = given
    after = {**params._asdict(), "run.x": run.x, "run.a": run.a, "run.h": run.h, "run.o": run.o, "do": do}
    changed = [name for name in before if not np.array_equal(before[name], after[name])]
    return f"your function changed {', '.join(changed)} in place: weights and records must stay as they are" if changed else ""


def _scale(answer, right, off):
    """What is said when every wrong gradient is the right one, times the same number; or nothing."""
    shares = [np.vdot(right[name], answer[name]) / np.vdot(right[name], right[name]) for name in off]
    if not shares[0] or any(relative_error(answer[name], shares[0] * right[name]) > 1e-9 for name in off):
        return ""
    return f". What is wrong is {shares[0]:.4g} times what it should be: is there a mean, a learning rate, clipping?"


def _sieve(off):
    """Where to look when the mistake is not a known one: which gradients fail says much."""
    wrong = set(off) & set(NAMES)
    if wrong <= {"U", "b_y"} and wrong:
        return "U and b_y have nothing to do with time: look at (7)"
    if wrong == {"W"}:
        return "only W is wrong, so da is right: look at what it is multiplied with in (11), h_{t-1} and h_0"
    if wrong in ({"V"}, {"b_h"}):
        return f"only {wrong.pop()} is wrong, so da is right: look at (12) and (13)"
    if wrong < {"V", "W", "b_h"} and wrong:
        (right,) = {"V", "W", "b_h"} - wrong                  # one alone is wrong: above
        return f"{right} is right, so da is hardly wrong: look at what it is multiplied with, row by row: (11), (12), (13)"
    if not wrong:
        return "the parameters' gradients are right; h_0 or x is not: look at (14)"
    if not wrong & {"U", "b_y"}:
        return "V, W and b_h share da: look at (9) and (10) first"
    return "gradients with and without time are wrong: start at (7), which is the simpler"


def _failed(message, status="wrong"):
    return Diagnosis(status, (), message, (), (), None, [])


def _equal(a, b):
    return relative_error(a, b) <= 1e-9


def _table(weights):
    T = len(weights)
    head = "     " + "".join(f"{f'k={k}':>7}" for k in range(1, T + 1))
    rows = [f"t={t:<3}" + "".join(f"{weights[t - 1, k - 1]:7g}" for k in range(1, t + 1)) for t in range(1, T + 1)]
    return "\n".join([head, *rows])


def _html_table(weights):
    """The same for the eye: a row for each loss, a column for each use; what is not 1 carries a sign."""
    steps = range(1, len(weights) + 1)
    head = "".join(f"<th>k = {k}</th>" for k in steps)
    def cell(weight):
        return "<td></td>" if np.isnan(weight) else f"<td>{weight:g}</td>" if weight == 1 else f"<td><b>✗ {weight:g}</b></td>"
    rows = "".join(f"<tr><th>t = {t}</th>{''.join(map(cell, weights[t - 1]))}</tr>" for t in steps)
    return ("<p>How often each term C[t,k] is in your dW: 1 is right. <code>explorers.audit</code> draws it.</p>"
            f"<table><tr><td></td>{head}</tr>{rows}</table>")
