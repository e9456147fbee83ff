"""Exercises: a question, a judge, hints in layers, a solution. Four verdicts, and the wrong ones say why.

A judge runs the answer beside a slow, obvious reference, and beside functions that are *known* to be wrong: when the
answer equals one of those, the mistake has a name. Nothing here ever stops a notebook: a blank answer is "not attempted",
an answer that raises is "wrong", with its error.
"""
import copy
import html
import traceback
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..gradcheck import relative_error

MARK = {"not attempted": "○", "wrong shape": "✗", "wrong": "✗", "right": "✓", "hint": "→", "solution": "→"}
COLOUR = {"right": "var(--jp-success-color1, #1a7438)", "wrong": "var(--jp-error-color1, #b3261e)",
          "wrong shape": "var(--jp-error-color1, #b3261e)"}


class Verdict(NamedTuple):
    """What comes back for an answer. Prints as plain text, shows richly in a notebook."""
    status: str
    message: str

    @property
    def ok(self):
        return self.status == "right"

    def __repr__(self):
        return f"{MARK[self.status]} {self.status}" + (f": {self.message}" if self.message else "")

    def _repr_html_(self):
        colour = COLOUR.get(self.status, "var(--jp-content-font-color2, #5d6570)")
        body = html.escape(self.message)
        body = f"<pre>{body}</pre>" if self.status == "solution" else f"<span style='white-space:pre-wrap'>{body}</span>"
        return (f"<div style='border-left:4px solid {colour};padding:4px 12px'>"
                f"<b style='color:{colour}'>{MARK[self.status]} {self.status}</b> {body}</div>")


class Exercise:
    """One exercise of a lesson: call it with your answer; ask `.hint()`, again for the next layer; `.solution()` at the end."""

    def __init__(self, judge, hints, solution):
        self._judge, self._hints, self._solution, self._given = judge, tuple(hints), solution, 0

    def __call__(self, *answer):
        """The verdict on your answer. Your arrays are not changed, and an error in your code is reported, not raised."""
        if any(part is None or part is ... for part in answer):
            return blank()
        try:
            return self._judge(*copy.deepcopy(answer))
        except NotImplementedError:
            return blank()
        except Exception as error:
            return wrong(f"your code stopped at «{_line(error)}» with {type(error).__name__}: {error}")

    def hint(self):
        """The next layer of help: first a question to ask yourself, at last the line."""
        self._given = min(self._given + 1, len(self._hints))
        more = len(self._hints) - self._given
        tail = f"  ({more} more)" if more else "  (the last one; .solution() shows one way to write it)"
        return Verdict("hint", self._hints[self._given - 1] + tail)

    def solution(self):
        """One way to write it."""
        return Verdict("solution", self._solution)


def blank():
    return Verdict("not attempted", "replace the placeholder with your answer, then run this cell again; .hint() helps")


def right(message=""):
    return Verdict("right", message)


def wrong(message):
    return Verdict("wrong", message)


def compare(got, expected, mistakes=(), name="your answer", tolerance=1e-10):
    """Verdict on an array (or number) against the right one.   mistakes: (wrong array, what it means) pairs"""
    if got is None:
        return wrong(f"{name} is None: did you return it?")
    try:
        got = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return Verdict("wrong", f"{name} must be numbers, got {type(got).__name__}: did you return it?")
    expected = np.asarray(expected, dtype=float)
    if got.shape != expected.shape:
        return Verdict("wrong shape", f"{name} must have shape {expected.shape}, got {got.shape}")
    if np.isnan(got).any():
        return wrong(f"{name} holds NaN at {[int(i) for i in np.argwhere(np.isnan(got))[0]]}" if got.ndim else f"{name} is NaN")
    if relative_error(got, expected) <= tolerance:
        return right()
    for mistake, meaning in mistakes:
        if np.shape(mistake) == got.shape and relative_error(got, mistake) <= 1e-9:
            return wrong(meaning)
    if got.ndim == 0:
        return wrong(f"{name} is {float(got):g}, and that is not it")
    off = np.argwhere(~np.isclose(got, expected, rtol=1e-9, atol=1e-12))
    where = [int(i) for i in off[0]]
    return wrong(f"{name} has the right shape, but {len(off)} of {got.size} entries differ, the first at {where}: "
                 f"{got[tuple(where)]:.6g} instead of {expected[tuple(where)]:.6g}")


def compare_functions(answer, reference, cases, mistakes=(), names=("your answer",), tolerance=1e-10):
    """Verdict on a function: run beside the reference on every case, and beside known-wrong functions.

    cases: tuples of arguments     mistakes: (function, what it means) pairs     names: of the values that come back
    """
    if not callable(answer):
        return wrong(f"expected a function, got {type(answer).__name__}: pass the function itself, without calling it")
    results = []
    for case in cases:
        given = copy.deepcopy(case)
        results.append(_parts(answer(*given)))
        if not all(_same(a, b) for a, b in zip(given, case, strict=True)):
            return wrong("your function changed its argument in place: work on a new array (x = x + 1, not x += 1)")
    expected = [_parts(reference(*copy.deepcopy(case))) for case in cases]
    if {len(r) for r in results} != {len(names)}:
        return wrong(f"your function must return {', '.join(names)}, got {len(results[0])} value(s)")
    verdicts = [compare(g, e, name=n, tolerance=tolerance) for r, x in zip(results, expected, strict=True)
                for g, e, n in zip(r, x, names, strict=True)]
    bad = next((v for v in verdicts if not v.ok), None)
    if bad is None:
        return right()
    for mistake, meaning in mistakes:
        known = [_parts(mistake(*copy.deepcopy(case))) for case in cases]
        if all(compare(g, k, tolerance=1e-9).ok for r, x in zip(results, known, strict=True) for g, k in zip(r, x, strict=True)):
            return wrong(meaning)
    return bad


def _line(error):
    """The last line of the learner's own code on the way to an error: not of this package, not of a library's."""
    frames = traceback.extract_tb(error.__traceback__)
    libraries = (str(Path(__file__).parent.parent), str(Path(np.__file__).parent))
    own = [frame for frame in frames if not frame.filename.startswith((*libraries, "<__array_function__"))]
    return (own or frames)[-1].line


def _parts(value):
    return tuple(value) if isinstance(value, tuple) else (value,)


def _same(a, b):
    if isinstance(a, tuple):
        return all(_same(x, y) for x, y in zip(a, b, strict=True))
    return np.array_equal(a, b, equal_nan=True) if isinstance(a, np.ndarray) else True
