"""Exercises: a question, a judge, hints in layers, a solution. Four verdicts, and the wrong ones say why.

A judge runs the answer beside a slow, obvious reference, and beside functions that are *known* to be wrong: when the
answer equals one of those, the mistake has a name. Nothing here ever stops a notebook: a blank answer is "not attempted",
an answer that raises is "wrong", with its error.
"""
import copy
import html
import traceback
from collections.abc import Iterator
from numbers import Real
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
        return (f"<div role='status' style='border-left:4px solid {colour};padding:4px 12px'>"
                f"<b style='color:{colour}'>{MARK[self.status]} {self.status}</b> {body}</div>")


class Exercise:
    """One exercise of a lesson: call it with your answer; ask `.hint()`, again for the next layer; `.solution()` at the end."""

    def __init__(self, judge, hints, solution):
        self._judge, self._hints, self._solution, self._given = judge, tuple(hints), solution, 0

    def __call__(self, *answer):
        """The verdict on your answer. Your arrays are not changed, and an error in your code is reported, not raised."""
        if any(part is None or part is ... for part in answer):
            return blank()
        if lazy := [part for part in answer if isinstance(part, Iterator)]:
            return wrong(f"a {type(lazy[0]).__name__} has not run yet: loop over it, or hand in a list of what it gives")
        try:
            return self._judge(*copy.deepcopy(answer))
        except NotImplementedError:
            return blank()
        except Exception as error:
            at = f"your code stopped at «{line}»" if (line := _line(error)) else "calling your function stopped"
            return wrong(f"{at} with {type(error).__name__}: {error}")

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
    """Verdict on an array (or number) against the right one; float32 is right within its own precision.

    mistakes: (wrong array, what it means) pairs
    """
    try:
        array = np.asarray(got)
    except ValueError:          # rows of different lengths
        array = np.array(None)
    single = array.dtype == np.float32
    if array.dtype.kind not in "biuf":
        return wrong(f"{name} {_strange(got, array)}")
    got, expected = array.astype(float), np.asarray(expected, dtype=float)
    if got.shape != expected.shape:
        due = f"{expected.shape}" if expected.shape else "(), one number"
        return Verdict("wrong shape", f"{name} must have shape {due}, got {got.shape}")
    if np.isnan(got).any():
        return wrong(f"{name} holds NaN at {_place(np.isnan(got))}" if got.ndim else f"{name} is NaN")
    if relative_error(got, expected) <= (max(tolerance, 1e-5) if single else tolerance):
        return right()
    for mistake, meaning in mistakes:
        if np.shape(mistake) == got.shape and relative_error(got, mistake) <= (1e-5 if single else 1e-9):
            return wrong(meaning)
    return wrong(f"{name} {_difference(got, expected)}")


def _strange(got, array):
    """What came in place of real numbers, in words."""
    if got is None:
        return "is None: did you return it?"
    if callable(got):
        return f"must be numbers, got the function {getattr(got, '__name__', '')}: did you call it?"
    return "must be real numbers, got complex ones" if array.dtype.kind == "c" else f"must be numbers, got {type(got).__name__}"


def _difference(got, expected):
    """How an answer of the right shape differs, in words."""
    error = relative_error(got, expected)
    if error < 1e-5:
        return f"is right to {int(-np.log10(error))} digits only: is something rounded, or float32 on the way?"
    if got.ndim == 0:
        return f"is {float(got):g}, and that is not it"
    off = ~np.isclose(got, expected, rtol=0, atol=1e-9 * np.abs(expected).max())
    where = _place(off)
    return (f"has the right shape, but {off.sum()} of {got.size} entries differ, the first at {where}: "
            f"{got[tuple(where)]:.6g} instead of {expected[tuple(where)]:.6g}")


def _place(mask):
    return [int(i) for i in np.argwhere(mask)[0]]


def compare_functions(answer, reference, cases, mistakes=(), names=("your answer",), tolerance=1e-10):
    """Verdict on a function: run beside the reference on every case, and beside known-wrong functions.

    cases: tuples of arguments     mistakes: (function, what it means) pairs     names: of the values that come back
    """
    if not callable(answer):
        return wrong(f"expected a function, got {type(answer).__name__}: pass the function itself, without calling it")
    results = []
    for case in cases:
        given = copy.deepcopy(case)
        got = answer(*given)
        results.append(parts(got, len(names)))
        if not all(_same(a, b) for a, b in zip(given, case, strict=True)):
            return wrong("your function changed its argument in place: work on a new array (x = x + 1, not x += 1)")
    expected = [parts(reference(*copy.deepcopy(case)), len(names)) for case in cases]
    if {len(r) for r in results} != {len(names)}:
        return wrong(f"your function must return {', '.join(names)}, got {_came(got)}")
    verdicts = [compare(g, e, name=n, tolerance=tolerance) for r, x in zip(results, expected, strict=True)
                for g, e, n in zip(r, x, names, strict=True)]
    bad = next((v for v in verdicts if not v.ok), None)
    if bad is None:
        return right()
    for mistake, meaning in mistakes:
        known = [parts(mistake(*copy.deepcopy(case)), len(names)) for case in cases]
        if all(compare(g, k, tolerance=1e-9).ok for r, x in zip(results, known, strict=True) for g, k in zip(r, x, strict=True)):
            return wrong(meaning)
    return bad


def _came(got):
    """What came back in place of the values that were due, in words."""
    if got is None:
        return "None: does its last line begin with return?"
    if fields := getattr(got, "_fields", ()):
        return f"a whole {type(got).__name__}: pick from its fields, .{', .'.join(fields)}"
    return f"{len(parts(got, 0))} value(s)"


def _line(error):
    """The last line of the learner's own code on the way to an error, not of this package, not of a library's; or nothing."""
    libraries = (str(Path(__file__).parent.parent), str(Path(np.__file__).parent), "<__array_function__")
    own = [frame.line for frame in traceback.extract_tb(error.__traceback__)
           if frame.line and not frame.filename.startswith(libraries)]
    return own[-1] if own else ""


def parts(value, n):
    """The n values that a function returned: several as a tuple, a list or an array; one alone may be a tuple of numbers."""
    if n == 1 and isinstance(value, tuple) and all(isinstance(part, Real) for part in value):
        return (value,)
    several = n > 1 and isinstance(value, list | np.ndarray) and getattr(value, "ndim", 1) and len(value) == n
    return tuple(value) if isinstance(value, tuple) or several else (value,)


def _same(a, b):
    if isinstance(a, dict):
        return _same([*a.items()], [*b.items()])
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(_same, a, b))
    return np.array_equal(a, b, equal_nan=True) if isinstance(a, np.ndarray) else True
