"""Run somebody's backward pass beside the right one and the known-wrong ones, and say what is the matter with it."""
import html
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from .audit import audit
from .first_line import FirstLine, first_wrong_line
from .form import NAMES, not_a_function
from .mistakes import MISTAKES, VARIANTS, both
from .networks import agrees, further_networks, network_to_watch, networks, of_float32, tried
from .source import text_of
from .words import said

MARK = {"right": "✓", "wrong": "✗", "not attempted": "○"}
COLOUR = {"right": "var(--jp-success-color1, #1a7438)", "wrong": "var(--jp-error-color1, #b3261e)",
          "not attempted": "var(--jp-content-font-color2, #5d6570)"}

BATCH = {"np.outer": "np.outer makes one row of a batch: outer of rnn_lib.clinic sums over it, as left.T @ right does",
         "einsum": "in einsum, ... stands for the axis of the batch: '...k,kh->...h'"}


class Diagnosis(NamedTuple):
    """What `diagnose` found. `.ok` says whether it is right; `.hint()` says more at each call, the line last."""
    status: str         # "right", "wrong" or "not attempted"
    names: tuple        # the mistakes recognised, the one that explains most first; empty when right or unknown
    message: str
    right: tuple        # gradients that are right
    wrong: tuple        # gradients that are not
    weights: np.ndarray | None     # (T, T) how often each C[t,k] is in dW; None when dW is no sum of them
    layers: list        # hints not given yet
    first: FirstLine | None = None      # the first line whose numbers are wrong, where it can be told
    records: tuple = ()                 # Record of each value of the equations that a line made, in time
    code: tuple = ()                    # the lines of the function, from its `def` on, where they are known

    @property
    def ok(self):
        return self.status == "right"

    @property
    def line(self):
        """The text of the first wrong line, None where it cannot be told."""
        return self.first and self.first.line

    @property
    def lineno(self):
        """The number of the first wrong line, counted from the `def` as 1, None where it cannot be told."""
        return self.first and self.first.lineno

    def hint(self):
        """The next layer of help, as text."""
        if not self.layers:
            return "That was the last hint." if self.names or self.ok else "No further hint: this mistake is not a known one."
        return self.layers.pop(0)

    def as_text(self, whose="your"):
        """All that was found, as text.   whose: dW is meant"""
        head = f"{MARK[self.status]} {self.status}" + (f": {'; '.join(self.names)}" if self.names else "")
        parts = [head, self._sieve(), self.message]
        if self._audited():
            parts += [f"How often each term C[t,k] is in {whose} dW (1 is right):", _table(self.weights)]
        return "\n".join(part for part in parts if part)

    __repr__ = as_text

    def as_html(self, whose="your", drawn="Give this diagnosis to <code>explorers.audit</code>, which draws it.", more=""):
        """Words and a plain table, which stay readable where a notebook's pictures and styles are not trusted.

        whose: dW is meant     drawn: how to draw the audit, as HTML     more: a line to stand below the sieve
        """
        names = f": {html.escape('; '.join(self.names))}" if self.names else ""
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in (more, *self.message.split("\n")) if line)
        return (f'<div role="status" style="border-left:4px solid {COLOUR[self.status]};padding:4px 12px">'
                f'<p><b style="color:{COLOUR[self.status]}">{MARK[self.status]} {self.status}</b>{names}</p>'
                f'{self._pills()}{lines}{_html_table(self.weights, whose, drawn) if self._audited() else ""}</div>')

    _repr_html_ = as_html

    def _sieve(self):
        return f"right: {', '.join(self.right) or 'none'}   wrong: {', '.join(self.wrong)}" if self.wrong else ""

    def _pills(self):
        """The sieve for the eye: a frame around each gradient, in the colour of its verdict."""
        def of(status):
            look = f"color:{COLOUR[status]};border:1px solid;border-radius:9px;padding:1px 9px"
            return " ".join(f'<span style="{look}">{name}</span>' for name in getattr(self, status)) or "none"
        return f"<p>wrong: {of('wrong')} &nbsp; right: {of('right')}</p>" if self.wrong else ""

    def _audited(self):
        return "W" in self.wrong and self.weights is not None


def diagnose(backward, seed=0):
    """Say whether a backward pass is right and, if not, which mistake it makes and in which terms.   Used from lesson 10 on.

    It has to be right on five networks (T = 5, 3, 1; T = 12, more steps than units, with a large do; two steps without a loss;
    h_0 and biases not zero, W not symmetric, f = tanh, float64), and to give the same at a second call. A batch and f = relu are
    tried as well: the verdict says whether it is right for them. A name is given where it explains all gradients on all networks.

    backward: (params, run, do) -> gradients with .V .W .U .b_h .b_y (and .h_0, .x if you like), as `bptt`
    seed: another seed gives other networks     returns: Diagnosis; nothing you pass is changed, and no error is raised
    """
    if not callable(backward):
        return _failed(not_a_function(backward))
    first, *others = networks(seed)
    try:
        trial = tried(backward, first, loud=True)
        if trial.problem:
            return _failed(trial.problem)
        if kept := _kept(trial, tried(backward, first)):
            return _failed(kept)
        trials = [trial, *(tried(backward, network) for network in others)]
        return _wrong(trials, backward, seed) if any(t.off or t.problem for t in trials) else _right(trials, backward, seed)
    except NotImplementedError:
        return _failed("replace the placeholder with your backward pass, then run this cell again", "not attempted")


def _kept(once, again):
    """What is said when a second call with the same arguments gives something else; or nothing."""
    if again.problem:
        return f"at a second call with the same arguments, {again.problem}"
    if all(agrees(again.answer[name], once.answer[name]) for name in once.answer):
        return ""
    return ("a second call with the same arguments gives other gradients: look for arrays that outlive the call and are not set "
            "to zero at its start, or for random numbers")


def _right(trials, backward, seed):
    """The verdict on a pass that is right on all the networks, with what is beyond it."""
    beyond = [_beyond(tried(backward, network), "\n".join(text_of(backward))) for network in further_networks(seed)]
    tail = " ".join(filter(None, beyond)) or "It is right for a batch (T, B, D) and for f = relu as well."
    message = (f"all gradients agree with the definition on {len(trials)} networks (T = 5, 3, 1; T = 12, more steps than units; "
               f"two steps without a loss; one sequence, f = tanh), and at a second call. {tail}")
    return Diagnosis("right", (), message, tuple(trials[0].answer), (), None, [])


def _beyond(trial, text):
    """What is said of a network on which a pass need not be right, or nothing when it is.   text: of the pass"""
    where = text if "must have its shape" in trial.problem else trial.problem            # the line, where it stopped at one
    batch = next((f" ({told})" for sign, told in BATCH.items() if sign in where), "") if "a batch" in trial.network.label else ""
    hint = " (1 - h_t^2 is the slope of tanh, run.f.slope(run.a) that of every f)" if "relu" in trial.network.label else ""
    if trial.problem:
        return f"Not so for {trial.network.label}: {trial.problem}{batch}."
    return f"Not so for {trial.network.label}: {', '.join(trial.off)} would be wrong{hint}." if trial.off else ""


def _wrong(trials, backward, seed):
    """The verdict on a pass that is wrong on some network: told from the first of them."""
    exact, trials = trials, of_float32(trials)
    at = next(t for t in trials if t.off or t.problem)
    where = "" if at is trials[0] else f". It is right for T = 5: what is different at {at.network.label}?"
    if at.problem:
        return _failed(at.problem + where)
    usable = [t for t in trials if not t.problem]
    names = _names(usable)
    known = [m for name in names for m in MISTAKES if m.name == name]
    others = [t for t in usable if t is not at]
    message = f"Ask yourself: {known[0].question} (.hint() says more.)" if known else said([at, *others])
    where += "" if trials is exact else ". The rest is right to six digits: is there float32 inside?"
    first, records = _first(backward, at, seed)
    message += where + (f"\n{first}" if first else "")
    layers = [text for m in known for text in (m.hint, f"The term: {m.term}.", f"The line reads: {m.line}")]
    if first:
        layers.insert(len(known) and len(layers) - 1, str(first))
    fine = tuple(name for name in at.answer if name not in at.off)
    return Diagnosis("wrong", names, message, fine, at.off, audit(*at.network[1:], "W", at.answer["W"]), layers, first, records,
                     text_of(backward))


def _first(backward, at, seed):
    """The first wrong line on a network of which all sizes differ; on the one that shows the mistake where that does not."""
    trial = tried(backward, network_to_watch(seed))
    trial = trial if trial.off else at
    try:
        return first_wrong_line(backward, *trial.network[1:], trial.off)
    except Exception:                                    # silent where it cannot be told
        return None, ()


def _names(trials):
    """The known mistakes that explain all gradients of the parameters on all networks."""
    if not set().union(*(t.off for t in trials)) & set(NAMES):
        return ()
    answer, right = _joined([t.answer for t in trials], trials), _joined([t.right for t in trials], trials)
    for texts in (MISTAKES, VARIANTS):
        wrong = [_made(texts, t.network) for t in trials]
        if names := recognise(answer, right, {m.name: _joined([made[m] for made in wrong], trials) for m in texts}):
            return names
    return _two(trials)


@lru_cache(maxsize=64)
def _made(texts, network):
    """What each of the known mistakes makes of a network: mistake -> name -> gradient.   Kept: a learner asks again and again"""
    with np.errstate(all="ignore"):
        return {m: m.backward(*network[1:])._asdict() for m in texts}


def _two(trials):
    """The names of two mistakes that, made at once, explain all gradients of the parameters on all networks; or ()."""
    short = min(trials, key=lambda t: (len(t.network.do) < 3, len(t.network.do)))
    with np.errstate(all="ignore"):
        single = {m: g for m, g in _made(MISTAKES, short.network).items() if m.edits and not m.each}
        spoilt = {m: {n for n in NAMES if not agrees(g[n], short.right[n])} for m, g in single.items()}
        off = set(short.off) & set(NAMES)
        nothing = not any(short.answer[name].any() for name in off)                # for that there are many ways
        able = [] if nothing else [m for m in single if {"V", "W", "b_h"} <= spoilt[m] <= off]
        for first, second in combinations(able, 2):
            fits = spoilt[first] | spoilt[second] == off
            if fits and (backward := both(first, second)):
                made = ((trial, tried(backward, trial.network).answer) for trial in (short, *trials))     # {} where it stops
                if all(answer and all(agrees(trial.answer[n], answer[n]) for n in NAMES) for trial, answer in made):
                    return first.name, second.name
    return ()


def _joined(gradients, trials):
    """name -> one vector of that gradient on all networks, each network scaled to its own size; h_0 and x are left out."""
    def scaled(name, gradient, trial):
        return np.ravel(gradient[name]) / float(np.abs(trial.right[name]).max())           # which leaves float32 what it is
    return {name: np.concatenate([scaled(name, g, t) for g, t in zip(gradients, trials, strict=True)]) for name in NAMES}


def recognise(answer, right, wrong_answers):
    """The mistakes that explain an answer, as a tuple of names; empty when they explain only part of it.

    A mistake is named only where all that it would spoil is wrong in just its way, unless it may befall one sum alone.
    One mistake that explains every wrong gradient comes first; failing that, one for each.
    answer, right: name -> array     wrong_answers: mistake's name -> name -> array
    """
    with np.errstate(all="ignore"):
        off = {name for name in NAMES if not agrees(answer[name], right[name])}
        fits = {m: {n for n in off if agrees(answer[n], g[n])} for m, g in wrong_answers.items()}
        spoilt = {m: {n for n in NAMES if not agrees(wrong_answers[m][n], right[n])} for m in fits if fits[m]}
    alone = {m.name for m in MISTAKES if m.each}
    able = [m for m in spoilt if fits[m] == spoilt[m] or m in alone]
    explained, names = set(), []
    # The widest fit first; of equal ones, the mistake that spoils least besides.
    for mistake in sorted(able, key=lambda m: (-len(fits[m]), len(spoilt[m]))):
        if fits[mistake] - explained:
            names.append(mistake)
            explained |= fits[mistake]
    return tuple(names) if explained == off else ()


def _failed(message, status="wrong"):
    return Diagnosis(status, (), message, (), (), None, [])


def _table(weights):
    T = len(weights)
    head = "     " + "".join(f"{f'k={k}':>9}" for k in range(1, T + 1))
    rows = [f"t={t:<3}" + "".join(f"{weights[t - 1, k - 1]:9.4g}" for k in range(1, t + 1)) for t in range(1, T + 1)]
    return "\n".join([head, *rows])


def _html_table(weights, whose, drawn):
    """The same for the eye: a row for each loss, a column for each use; what is not 1 carries a sign."""
    steps = range(1, len(weights) + 1)
    head = "".join(f"<th>k = {k}</th>" for k in steps)
    def cell(weight):
        shown = f"{weight:.4g}" if weight == 1 else f'<b style="color:{COLOUR["wrong"]}">✗ {weight:.4g}</b>'
        return f"<td>{'' if np.isnan(weight) else shown}</td>"
    rows = "".join(f"<tr><th>t = {t}</th>{''.join(map(cell, weights[t - 1]))}</tr>" for t in steps)
    return (f"<p>How often each term C[t,k] is in {whose} dW: 1 is right. {drawn}</p>"
            f"<table><tr><td></td>{head}</tr>{rows}</table>")
