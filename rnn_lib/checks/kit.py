"""Exercises: a question, a judge, hints in layers, a solution. The verdicts say why.

Nothing here ever stops a notebook: a blank answer is "not attempted", one with gaps is "not finished", words that cannot be
judged are "not understood", and an answer that raises is "wrong", with its error and the learner's own line. How a judge is
made from texts: `coding`, `table`.
"""
import ast
import copy
import html
import inspect
import re
import sys
from collections.abc import Iterator, KeysView, ValuesView
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from ..clinic.diagnosis import COLOUR
from ..clinic.form import of_python
from ..gradcheck import relative_error
from .misfit import letters, misfit, of_the_notebook, own_frames
from .progress import note

UNJUDGED = ("not attempted", "not finished", "not understood")
MARK = {**dict.fromkeys(UNJUDGED, "○"), "wrong shape": "✗", "wrong": "✗", "not yet right": "◐", "right": "✓",
        "hint": "→", "solution": "→", "closed": "→"}
ROUNDED = 1e-5           # a relative error below this may be rounding
CUT_OFF = ("holds whole numbers, so all that was written into it was cut off: make it with np.zeros(shape), or zeros_like of an "
           "array that has decimals")


class Open(Exception):
    """What a learner's function returned has ... in it; the text names where."""


class Verdict(NamedTuple):
    """What comes back for an answer. Prints as plain text wherever it is printed, shows richly in a notebook."""
    status: str
    message: str
    help: tuple = ()            # texts to be opened under the verdict: the hints, and the solution last
    off: float = 0              # relative error of numbers that no known mistake makes

    @property
    def ok(self):
        return self.status == "right"

    @property
    def unnamed(self):
        """Whether numbers are wrong by more than rounding, and no known mistake makes them."""
        return self.off >= ROUNDED

    def __repr__(self):
        said = f"{MARK[self.status]} {self.status}" + (f": {self.message}" if self.message else "")
        known = getattr(sys.stdout, "encoding", None) or "utf-8"        # a pipe of another encoding gets ? for what it lacks
        return said.encode(known, "replace").decode(known)

    def _repr_html_(self):
        colour = COLOUR.get(self.status.removesuffix(" shape"), COLOUR["not attempted"])
        sheet = self.status == "solution" or "\n✓" in self.message or "\n✗" in self.message        # columns made of spaces
        body = f"<pre>{html.escape(self.message)}</pre>" if sheet else (
            f"<span style='white-space:pre-wrap'>{html.escape(self.message)}</span>")
        return (f"<div role='status' style='border-left:4px solid {colour};padding:4px 12px'>"
                f"<b style='color:{colour}'>{MARK[self.status]} {self.status}{':' * bool(self.message)}</b> {body}"
                f"{_buttons(self.help)}</div>")


def _buttons(help):
    """The hints one inside the other, to be opened one by one: they need no kernel, and no front end refuses them."""
    inside = ""
    for label, text in reversed(help):
        kind = "div" if "hint" in label else "pre"
        inside = (f"<details style='margin-top:4px'><summary>{label}</summary>"
                  f"<{kind} style='white-space:pre-wrap;padding-left:16px'>{html.escape(text)}</{kind}>{inside}</details>")
    return inside


class Exercise:
    """One exercise of a lesson: call it with your answer; ask `.hint()`, again for the next layer; `.solution()` at the end."""
    name = ""                           # "q08_1", set where all exercises stand together
    code = mistakes = table = None      # what `coding` and `table` were given, for the tests and the teacher's guide

    def __init__(self, judge, hints, solution, opens=None):
        """opens: verdict -> whether `.solution()` may be read from now on; at once if None"""
        self._judge, self._hints, self._given, self.key = judge, tuple(hints), 0, solution        # key: open or not
        self._opens, self._open = opens, opens is None

    def __call__(self, *answer):
        """The verdict on your answer. Your arrays are not changed, and an error in your code is reported, not raised."""
        verdict = self.verdict(*answer)
        self._open = self._open or self._opens(verdict)
        note(self.name, verdict.status)
        return verdict._replace(help=self._help(verdict))

    def verdict(self, *answer):
        """The verdict alone: nothing is noted, nothing opens."""
        answer = [[*part] if isinstance(part, KeysView | ValuesView) else part for part in answer]
        names = _defined(self.key)
        if not answer:
            return self._blank()
        if gaps := _gaps(answer, names):
            return self._blank() if gaps[1] else Verdict("not finished", f"still open: {', '.join(gaps[0])}")
        if lazy := [part for part in answer if isinstance(part, Iterator)]:
            return wrong(f"a {type(lazy[0]).__name__} has not run yet: loop over it, or hand in a list of what it gives")
        try:
            inspect.signature(self._judge).bind(*answer)
        except TypeError:
            return Verdict("not understood", f"hand in {'one answer' if len(names) == 1 else f'{len(names)} answers'}: "
                                             f"check.{self.name}({', '.join(names)})")
        if len(names) == 1 and f"def {names[0]}(" in self.key and not all(map(callable, answer)):
            return no_function(answer[0])
        try:
            with suppress(TypeError):                           # what cannot be copied, such as a module, stays itself
                answer = copy.deepcopy(answer)
            verdict = self._judge(*answer)
            return self._blank() if verdict.status == "not attempted" else verdict
        except NotImplementedError:
            return self._blank()
        except Open as gaps:
            return Verdict("not finished", f"still open: {gaps}")
        except Exception as error:
            unwritten = "'ellipsis'" in f"{error}"
            return Verdict("not finished", "there is still a ... in your code") if unwritten else wrong(stopped(error))

    def _blank(self):
        return blank(f"check.{self.name}" * bool(self.name))

    def _help(self, verdict):
        if verdict.ok:
            return ()
        tried = self._open and verdict.status not in UNJUDGED
        return (*(("a hint" if i == 0 else "the next hint", text) for i, text in enumerate(self._hints)),
                *[("one way to write it", self.key)] * tried)

    def hint(self):
        """The next layer of help: first a question to ask yourself, at last the line."""
        self._given = min(self._given + 1, len(self._hints))
        more = len(self._hints) - self._given
        tail = f"  ({more} more)" if more else "  (the last one; .solution() shows one way to write it)"
        return Verdict("hint", self._hints[self._given - 1] + tail)

    def solution(self):
        """One way to write it."""
        if self._open:
            return Verdict("solution", self.key)
        return Verdict("closed", "it opens after a serious try: an answer that runs, and returns arrays of the right shapes")


def _defined(solution):
    """The names that a solution gives to the answers, in order."""
    found = []
    for part in ast.parse(solution).body:
        targets = [part] if isinstance(part, ast.FunctionDef) else getattr(part, "targets", [])
        for target in targets:
            found += [getattr(name, "id", getattr(name, "name", "")) for name in getattr(target, "elts", [target])]
    return [name for name in found if name.startswith(("my_", "answer"))] or found


def _gaps(answer, names):
    """(what is left open, whether nothing is filled in); None when nothing is open."""
    found, filled = [], False
    for i, part in enumerate(answer):
        name = names[i] if i < len(names) else f"part {i + 1}"
        inside = part if isinstance(part, dict) and all(isinstance(key, str) for key in part) else {name: part}
        found += [key for key, value in inside.items() if value is None or is_open(value)]
        filled |= any(value is not None and value is not ... for value in inside.values())
    return (list(dict.fromkeys(found)), not filled) if found else None


def is_open(value):
    """Whether a value is ..., or a list, tuple, set or dict with ... in it."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple | set) else ()
    return value is ... or any(map(is_open, inside))


def filled(returned, names=("what your function returns",)):
    """What a learner's function returned.   names: of its values     raises: Open"""
    if is_open(returned):
        inside = returned._asdict() if hasattr(returned, "_asdict") else () if returned is ... else returned
        named = inside if isinstance(inside, dict) else dict(zip(names, inside, strict=False))
        raise Open(", ".join([str(name) for name in named if is_open(named[name])] or names))
    return returned


def blank(name=""):
    return Verdict("not attempted", f"replace the placeholder with your answer, then run this cell again; {name}.hint() helps")


def right(message=""):
    return Verdict("right", message)


def wrong(message):
    return Verdict("wrong", message)


def no_function(answer):
    return wrong(f"expected a function, got {type(answer).__name__}: pass the function itself, without calling it")


# `helps` of every exercise
ALWAYS = {"make no array": "Take them one by one, or flatten them first (np.ravel). A pair of results is unpacked, as in "
                           "losses, do = rnn.cross_entropy(o, y)",
          "no entry for '[VWUb]": "The names differ from case to case: go through those that came in"}


def stopped(error, sizes=(), helps=()):
    """What to say of an error in the learner's code: the line, and what does not fit in it, or the error's own words.

    sizes: {"T": 4, ...} of the case that it stopped at; else those of a network that the learner's function holds
    helps: {pattern of what is said then: more help}, of which the first that fits is added
    """
    frames = own_frames(error)
    at = f"your code stopped at «{frames[-1][1].line}»" if frames else "calling your function stopped"
    sizes = dict(sizes) or (letters(frames[-1][0].f_locals.values()) if frames else {})
    read = of_the_notebook([frame.f_code for frame, _ in frames], frames[-1][0].f_globals, sizes) if frames else ""
    said = f"there is no entry for {error}" if isinstance(error, KeyError) else frames and misfit(error, frames, sizes)
    words = f"{error}".strip().partition("\n")[0]
    told = f"{at} ({type(error).__name__}): {said}" if said else f"{at} with {type(error).__name__}: {words}"
    about = next((more for pattern, more in (ALWAYS | dict(helps)).items() if re.search(pattern, said or told)), "")
    more = (read or about) if said else about or _of_names(error) or (read if isinstance(error, ValueError) else "")
    return f"{told}.\n{more}" if more else told


# Signs in the words of an error, and what is said then: the first that is found.
_TELLING = (
    (("can't set attribute", "no setter", "'Parameters' object does not support item"),
     "What came in stays as it is: make a new one of new arrays, such as rnn.Parameters(V=params.V - ..., W=...)"),
    (("Parameters.__new__() missing",), "All five are needed: V, W, U, b_h and b_y"),
    (("Gradients.__new__() missing",), "All seven are needed: V, W, U, b_h, b_y, h_0 and x"),
    (("Cannot cast ufunc",), f"The array {CUT_OFF}"),
    (("only 0-dimensional", "only length-1", "must be real number"), "math takes one number: np.tanh and np.log take arrays"),
    (("math range error",), "exp of a large number overflows: subtract the largest one from all of them first"),
    (("Generator'",), "rng draws with rng.random(), rng.normal(size=...) or rng.choice(n, p=...)"),
    (("is not callable",), "( ) calls a function. An entry of an array is taken with [ ], and .T has no brackets"),
    (("is not subscriptable",), "[ ] takes an entry of an array. A function is called first, with ( )"),
    (("truth value of an array",), "and, or, not and if ask for one truth value: & goes entry by entry, and [mask] selects"),
    (("only integer scalar arrays",), "range wants one number, such as len(y)"),
    (("not in tuple", "is not in list"), "It is not among them. A pair is (word, tag): which of the two did you look for?"),
    (("unpack (expected 5",), "There are seven gradients, h_0 and x are among them: take one by its name, .W"),
    (("values to unpack",), "A part has more or fewer values than names. A dict gives its names alone, .items() gives pairs"),
    (("maximum recursion depth",), "It calls itself without an end"),
    (("Not equal to tolerance",), "Return True or False: an assertion stops the function"),
    (("has no attribute 'append'",), "append changes the list and gives back None: write losses.append(...) alone, without ="),
    (("'list' object has no attribute",), "That is a list: loop over it, or make an array of it with np.array"),
    (("all the input array dimensions",), "Arrays of different shapes are flattened first: np.ravel"),
    (("all input arrays must have the same shape",), "Their lengths differ: fill them up to the longest one first"),
    (("is an empty sequence", "iterable argument is empty"), "There is nothing in it in one of the cases: what is right then?"),
    (("'str'", "string to float"), "A loop over a dict gives its names, which are strings: take its .values(), or d[name]"),
    (("multiply sequence", "'Parameters'", "'Gradients'"),
     "Parameters and Gradients hold several arrays: write the rule for each of them, by its name"),
    (("attribute 'h_0'", "names: ['h_0'", "argument 'h_0'"), "gradients holds h_0 and x as well: go through the names of params"),
    (("'dict'",), "A dict holds arrays by name: go through its names"),
    (("tuple indices",), "[ ] takes a place, a number; .index(...) finds the place of a thing. Parameters and Gradients have "
                         "fields: params.W, or getattr(params, name)"))


def _of_names(error):
    """What is said of slips of Python, and where a dict, or Parameters or Gradients, are not asked by name."""
    if fields := getattr(getattr(error, "obj", None), "_fields", ()):                       # gradients.dV
        return f"Its fields are {', '.join(fields)}"
    return of_python(error) or next((told for signs, told in _TELLING if any(sign in str(error) for sign in signs)), "")


def compare(got, expected, mistakes=(), name="your answer", tolerance=1e-10):
    """Verdict on an array (or number) against the right one; float32 is right within its own precision.

    mistakes: (wrong array, what it means) pairs
    """
    try:
        array = np.asarray(got)
    except ValueError:          # rows of different lengths
        array = np.array(None)
    single, whole = array.dtype == np.float32, isinstance(got, np.ndarray) and array.dtype.kind in "iu"
    if array.dtype.kind not in "biuf":
        return wrong(f"{name} {_strange(got, array)}")
    got, expected = array.astype(float), np.asarray(expected, dtype=float)
    if got.shape != expected.shape:
        due = f"{expected.shape}" if expected.shape else "(), one number"
        return Verdict("wrong shape", f"{name} must have shape {due}, got {got.shape}{_of_shape(got.shape, expected.shape)}")
    if np.isnan(got).any():
        return wrong(f"{name} holds NaN at {_place(np.isnan(got))}" if got.ndim else f"{name} is NaN")
    off = relative_error(got, expected)
    if off <= (max(tolerance, ROUNDED) if single else tolerance):
        return right()
    if whole and array.ndim and (expected != np.round(expected)).any():       # (a list holds what was written into it)
        return wrong(f"{name} {CUT_OFF}")
    for mistake, meaning in mistakes:
        if np.shape(mistake) == got.shape and relative_error(got, mistake) <= (ROUNDED if single else 1e-9):
            return wrong(meaning)
    return Verdict("wrong", f"{name} {_difference(got, expected, off)}", off=off)


def _strange(got, array):
    """What came in place of real numbers, in words."""
    if got is None:
        return "is None: did you return it? And print, .sort(), .append() and .reverse() give back None"
    if callable(got):
        return f"must be numbers, got the function {getattr(got, '__name__', '')}: did you call it?"
    if array.dtype.kind == "c":
        return "must be real numbers, got complex ones"
    if isinstance(got, Iterator):
        return f"must be numbers, got a {type(got).__name__}: put list(...) around it"
    if isinstance(got, list | tuple) and any(part is None for part in got):
        return "holds None"
    if array.dtype.kind == "U" and array.ndim:
        return "holds text: write numbers, such as 2/5, without quotation marks"
    if isinstance(got, list | tuple) and len({np.size(part) for part in got}) > 1:
        return "holds parts of different lengths"
    return f"must be numbers, got {'an array of dtype object' if isinstance(got, np.ndarray) else type(got).__name__}"


def _of_shape(got, due):
    """What a wrong shape says by itself, or nothing."""
    if not got or not due:
        return ": each entry has a number of its own. Was all added up?" if due else ": is a sum missing, or an index?"
    return ": an axis too many. Is a sum over it missing?" if due in (got[1:], got[:-1]) else ""


def _difference(got, expected, off):
    """How an answer of the right shape differs, in words."""
    if got.any() and any(np.array_equal(got, np.round(expected, decimals)) for decimals in range(1 if got.ndim else 2, 6)):
        return "is rounded: leave it as it is"
    if off < ROUNDED:
        return (f"is right to {int(-np.log10(off))} digits only: is something rounded, float32 on the way, "
                "or a small number added?")
    if got.ndim == 0:
        if 0 < abs(got) <= 1e-12 * abs(expected):
            return f"is {float(got):g}, 0 but for rounding: do the parts of a sum cancel?"
        return f"is {float(got):g}, and that is not it"
    off = ~np.isclose(got, expected, rtol=0, atol=1e-9 * np.abs(expected).max())
    where = _place(off)
    return (f"has the right shape, but {off.sum()} of {got.size} entries differ, the first at {where}: "
            f"{got[tuple(where)]:.6g} instead of {expected[tuple(where)]:.6g}")


def _place(mask):
    return [int(i) for i in np.argwhere(mask)[0]]
