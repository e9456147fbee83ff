"""Exercises of lesson 10: ten sick backward passes to name and to cure, and an honest comparison of two gradients."""
import html
import re
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from ..bptt import bptt
from ..clinic import DEFINITION, MISTAKES, RECURSION, Diagnosis, diagnose
from ..diagrams import listed
from ..gradcheck import relative_error
from ..losses import cross_entropy
from ..network import forward, init_parameters
from .kit import Exercise, blank, right, wrong

NAMES = tuple(mistake.name for mistake in MISTAKES)
PATIENTS = (
    "horizontal term dropped", "h_{t-1} for h_t in dU", "= for +=", "transpose missing in the horizontal step",
    "h_t for h_{t-1} in dW", "the loop stops before step 1", "x_{t-1} for x_t in dV", "f' forgotten on the way back",
    "Jacobians in the wrong order", "total derivative taken for the immediate one")


class Patient(NamedTuple):
    """A sick backward pass as it is brought in: what the check says of it, and its text. Not its name."""
    number: int
    symptoms: Diagnosis
    source: str

    def __repr__(self):
        return f"patient {self.number}\n{self.symptoms!r}\n\n{self.source}"

    def _repr_html_(self):
        return (f"<div style='display:flex;flex-wrap:wrap;gap:32px'>"
                f"<div style='width:22em'>{self.symptoms._repr_html_()}</div>"
                f"<pre style='padding:4px 12px'>{html.escape(self.source)}</pre></div>")


def patient(number):
    """Patient 1 to 10: which gradients are right and which wrong, how often each term is in its dW, and its code.

    raises: ValueError for another number
    """
    if number not in range(1, len(PATIENTS) + 1):
        raise ValueError(f"there are patients 1 to {len(PATIENTS)}, got {number!r}")
    mistake = _known(PATIENTS[number - 1])
    return Patient(number, _symptoms(mistake.name)._replace(names=(), message="", layers=[]), mistake.source)


def mistake_list():
    """The names of all known mistakes, numbered, as text."""
    lines = [f"{i:2}  {name}" for i, name in enumerate(NAMES, 1)]
    half = -(-len(lines) // 2)
    return "\n".join(f"{left:52}{right}".rstrip() for left, right in zip_longest(lines[:half], lines[half:], fillvalue=""))


@cache
def _symptoms(name):
    """What diagnose says of a known mistake."""
    return diagnose(_known(name).backward)


def _known(name):
    return next(mistake for mistake in MISTAKES if mistake.name == name)


def find_name(answer):
    """The names on the list that an answer can mean.   answer: a number of the list, a name, a line, or some words of one"""
    if re.fullmatch(r"\s*\d+\s*", str(answer)):
        number = int(answer)
        return [NAMES[number - 1]] if 1 <= number <= len(NAMES) else []
    words = _words(re.sub(r"^\s*\d+\s", "", str(answer)))
    exact = [name for name in NAMES if _words(name) == words]
    return exact or [name for name in NAMES if words and _in_order(words, _words(name))]


def _in_order(words, name):
    """Whether the words begin words of the name, in its order."""
    rest = iter(name)
    return all(any(whole.startswith(word) for whole in rest) for word in words)


def _words(text):
    return re.sub(r"[{}()_'’′\"«».,;:!?]", "", text.lower()).split()


def _exercise(number):
    mistake = _known(PATIENTS[number - 1])
    def judge(*answers):
        verdict = blank()
        for answer in answers:
            verdict = _cured(mistake, answer) if callable(answer) else _named(mistake, answer)
            if not verdict.ok:
                return verdict
        return verdict
    healthy = DEFINITION if "for i in range" in mistake.source else RECURSION
    return Exercise(judge, [mistake.question, mistake.hint, f"The term: {mistake.term}.", f"The line reads: {mistake.line}"],
                    f'my_name = "{mistake.name}"\n\n{healthy}')


def _named(mistake, answer):
    if isinstance(answer, bool) or not isinstance(answer, str | int | np.integer) or not str(answer).strip():
        return wrong("give a name from the list (or its number), or a function that you have cured")
    found = find_name(answer)
    if not found:
        return wrong(f"{answer!r} fits no name: print(check.mistake_list()) shows them all, a number or a few words will do")
    if len(found) > 1:
        return wrong(f"{answer!r} fits several names: {'; '.join(found)}. Say more, or give the number")
    if found[0] == mistake.name:
        return right(f"{mistake.name}. Now cure it: copy its code into a cell, mend it, and hand in the function")
    return wrong(f"not «{found[0]}»: {_reason(_known(found[0]), mistake)}")


def _reason(named, mistake):
    """Why the symptoms are not those of the mistake that was named."""
    theirs, ours = _symptoms(named.name), _symptoms(mistake.name)
    if spoilt := [name for name in theirs.wrong if name in ours.right]:
        return f"that would spoil {listed(spoilt)} too, and here {listed(spoilt)} {_is(spoilt)} right"
    if spared := [name for name in theirs.right if name in ours.wrong]:
        return f"that would leave {listed(spared)} right, and here {listed(spared)} {_is(spared)} wrong"
    if said := _other_terms(theirs.weights, ours.weights):
        return said
    at_one, here = _wrong_at_one(named.backward), _wrong_at_one(mistake.backward)
    if at_one and not here:
        return "that would show at T = 1 already, and this one is right at T = 1"
    if here and not at_one:
        return "that would be right at T = 1, and this one is wrong there too"
    if named.term == mistake.term:
        return f"you are at the right term, {mistake.term}, but something else is done to it"
    return f"the symptoms would be alike, so the code decides. Ask it: «{named.question}» On that point it is right"


def _other_terms(theirs, ours):
    """Where two audits of dW differ, as a sentence; nothing when they do not."""
    if (theirs is None) != (ours is None):
        return ("that would leave dW a sum of whole terms C[t,k], and here it is no such sum: the terms themselves are off"
                if ours is None else
                "that would change the terms C[t,k] themselves, and here they are whole: only how often each is counted is off")
    if theirs is None or np.array_equal(theirs, ours, equal_nan=True):
        return ""
    t, k = np.argwhere(~np.isclose(theirs, ours, equal_nan=True))[0]
    return f"then C[{t + 1},{k + 1}] would count {_times(theirs[t, k])} in dW, and here it counts {_times(ours[t, k])}"


def _times(weight):
    return {0: "not at all", 1: "once", 2: "twice"}.get(float(weight), f"{weight:g} times")


def _wrong_at_one(backward):
    """Whether a backward pass is wrong on a network with one time step."""
    rng = np.random.default_rng(10)
    params = init_parameters(2, 4, 3, rng)
    run = forward(params, rng.standard_normal((1, 2)), rng.standard_normal(4))
    do = cross_entropy(run.o, [1])[1]
    got, expected = backward(params, run, do), bptt(params, run, do)
    return any(relative_error(getattr(got, name), getattr(expected, name)) > 1e-9 for name in got._fields)



def _is(names):
    return "is" if len(names) == 1 else "are"


def _cured(mistake, function):
    found = diagnose(function)
    if found.status == "not attempted":
        return blank()
    if found.ok:
        return right(f"cured. It was «{mistake.name}»: {mistake.term}. The line reads: {mistake.line}")
    if not found.wrong:
        return wrong(found.message)
    if mistake.name in found.names:
        return wrong(f"still sick, with the same mistake, in {listed(found.wrong)}. Ask yourself: {mistake.question}")
    now = f"another mistake now, «{'; '.join(found.names)}»" if found.names else "changed, and wrong in a way that is not known"
    return wrong(f"still sick: {now}, in {listed(found.wrong)}")


GRADIENT = np.array([[.5, -2.], [0, 1.5]])
PAIRS = (
    (GRADIENT, (1 + 1e-12) * GRADIENT, True, "it refuses a gradient that is right up to rounding (one entry of it is exactly 0)"),
    (GRADIENT, 1.01 * GRADIENT, False, "it accepts a gradient that is a percent too large"),
    (GRADIENT * np.nan, GRADIENT, False, "it accepts NaN: every comparison with NaN is False, so ask for error <= tolerance"),
    (GRADIENT, GRADIENT * np.nan, False, "it accepts NaN in the numerical gradient"),
    (GRADIENT * np.nan, GRADIENT * np.nan, False, "it accepts NaN against NaN: two gradients that nobody has do not agree"),
    (np.full((2, 2), np.inf), GRADIENT, False, "it accepts an infinite gradient: ask for finite numbers first"),
    (0 * GRADIENT, 0 * GRADIENT, True, "it refuses 0 against 0, which is right: 0 / 0 needs a line of its own"),
    (2e-9 * GRADIENT, 1e-9 * GRADIENT, False, "a gradient of 1e-9 may be twice too large: something in it is absolute "
                                              "(np.allclose adds atol = 1e-8)"),
    (1e9 * GRADIENT, (1e9 + 1e-2) * GRADIENT, True, "it refuses a gradient of 1e9 that is right to ten "
                                                     "digits: the bound is absolute"),
    (GRADIENT, np.where(GRADIENT, GRADIENT, 1e-15), True, "one entry that should be 0 and is 1e-15 spoils the whole: divide by "
                                                      "the largest entry, not entry by entry"),
    (GRADIENT - 1, GRADIENT, False, "it accepts a gradient that is too small: abs is missing"),
    (-GRADIENT, GRADIENT, False, "it accepts a flipped sign: take abs of the difference, not of the two gradients"),
    (GRADIENT * [[1], [1.01]], GRADIENT, False, "it accepts a gradient with one wrong row: every entry counts"),
    (0 * GRADIENT, GRADIENT, False, "it accepts zeros for a gradient"))


def _agree(answer):
    if not callable(answer):
        return wrong("hand in the function itself, without calling it")
    for got, expected, due, meaning in PAIRS:
        with np.errstate(all="ignore"):
            said = answer(got.copy(), expected.copy(), 1e-7)
        if not isinstance(said, bool | np.bool_):
            return wrong(f"return True or False, got {type(said).__name__}")
        if bool(said) is not due:
            return wrong(meaning)
    if not answer(1.01 * GRADIENT, GRADIENT.copy(), 0.1):
        return wrong("with a tolerance of 0.1 it refuses a gradient that is a percent off: the tolerance is an argument")
    return right(f"{len(PAIRS)} pairs judged as they should be; rnn.relative_error(got, expected) <= tolerance does the same")


q10_1, q10_2, q10_3, q10_4, q10_5, q10_6, q10_7, q10_8, q10_9, q10_10 = map(_exercise, range(1, 11))

q10_11 = Exercise(_agree, [
    "Which of the four traps do your lines step into: NaN, 0/0, a bare threshold, entry by entry?",
    "One number for the difference, one for the size: the largest absolute entry of each.",
    "Multiply instead of dividing: then 0 against 0 needs no line of its own.",
    "difference <= tolerance * size, with size the larger of the two largest entries, and finite"],
    """def agree(got, expected, tolerance):
    difference = np.abs(got - expected).max()
    size = np.abs([got, expected]).max()
    return bool(np.isfinite(size) and difference <= tolerance * size)""")
