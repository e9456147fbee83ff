"""Exercises in code: a text is the solution, and every known mistake is an edit of it, with what is said of it.

    q = coding(\"\"\"
    def my_sum(x):
        return x.sum(axis=0)\"\"\", cases=[(x,)], hints=[...], mistakes=[
        ("axis=0", "axis=1", "you added along axis 1; time is axis 0"),        # what stands there, what people write
        ("x.mean(0)", "that is a mean"),                                       # what people return instead
        (lambda x: x.T, "transposed")])                                        # no edit: a function (or a whole text)

In a mistake `right` is the solution. Of several returned values each may have mistakes of its own: a dictionary by name.
"""
import copy
import sys
from collections.abc import Iterator, ValuesView
from contextlib import suppress
from functools import cached_property, partial
from inspect import signature
from itertools import islice
from numbers import Real

import numpy as np

import rnn_lib as rnn

from ..clinic.relation import relation
from ..clinic.source import code_of, leaves_a_loop, line_text
from ..diagrams.wording import listed
from ..edits import build, edited
from .kit import CUT_OFF, Exercise, Verdict, compare, filled, no_function, right, stopped, wrong
from .misfit import letters as sizes_of
from .misfit import of_the_notebook

NAMES = {"np": np, "rnn": rnn}
_TIMED = ("run", "x", "y", "yhat", "o", "do", "dh", "da", "dx", "copies")       # of T steps
MISFIT = "(product does|lengths do) not fit"            # what is said of an error of shapes
CHANGED_ARRAY = ("your function changed {} in place: work on a new array (x = x + 1, not x += 1; and row = x[0] is a part of "
                 "x, x[0].copy() is not). To take a change back does not always restore the last digit")
CHANGED_FIELD = "your function changed {} in place: make new arrays, such as p - s, and not p -= s"
CHANGED_DICT = "your function changed a dict that came in, or an array in it: make new ones, {name: ... for name in ...}"


def coding(solution, cases, mistakes=(), *, hints, returns=("your answer",), praise="", shapes=(), instead=(), letters=(),
           helps=(), tolerance=1e-10, known=(), square=None, reads=None, last=None, unnamed=None):
    """An exercise whose answer is a function, or the value of an expression: then there is one case, without arguments.

    cases: tuples of arguments     returns: names of the values that come back
    praise: said when right, or answer -> that, or -> a verdict after all
    shapes: {a wrong shape in the first case: what is said of it}, or such a dictionary for each returned name
    instead: functions of the library that do what is asked for
    letters: {"T": 4, ...}, sizes of the first case
    helps: {pattern of what is said of an error: more help}, such as {"a row": ..., MISFIT: ...}
    known: more names for the texts     square: a case of equal sizes, where a mistake runs that stops in the others
    reads: what came back -> the values that are compared, as a tuple, or a verdict on its form
    last: (verdict, answer, judge) -> what is said in place of it, or None
    unnamed: (answer, judge) -> the same of an answer whose numbers no known mistake makes
    """
    names = NAMES | dict(known)
    text = solution if "def " in solution else f"def answer():\n    return {solution.partition(' = ')[2]}"
    reference = build(text, names)
    judge = Judge(reference, cases, known_mistakes(text, mistakes, returns, names | {"right": reference}), returns, tolerance,
                  reads, shapes if set(shapes) <= set(returns) else {returns[0]: shapes})
    def judged(answer):
        used, answer = [], answer if text == solution else lambda value=answer: value
        try:
            with np.errstate(all="ignore"):
                verdict = judge(watched(answer, instead, used))
                if not verdict.ok:
                    return (_left_early(answer)
                            or (last(verdict, answer, judge) if last else unnamed and verdict.unnamed and unnamed(answer, judge))
                            or of_own_values(verdict, answer, sizes_of(cases[0], letters)))
                said = praise(answer) if callable(praise) else praise
        except (ValueError, LookupError) as error:
            with suppress(ValueError, LookupError):              # it may stop there, too
                if square and (clash := judge.like([parts(answer(*copy.deepcopy(square)), len(returns))], [square])):
                    return clash._replace(status="wrong shape")
            return wrong(stopped(error, sizes_of(judge.at, letters if judge.at is cases[0] else ()), helps))
        return said if isinstance(said, Verdict) else wrong(done_for_you(used)) if used else right(said)
    exercise = Exercise(judged, hints, solution)
    exercise.code, exercise.mistakes = judge, mistakes
    return exercise


def _left_early(answer):
    """The verdict on a return or break that stands directly in a loop of the learner's function, or None."""
    code = code_of(answer)
    line = code and leaves_a_loop(code)
    return line and wrong(f"your loop ends in its first turn: «{line_text(code, line)}» stands inside it, so move it to the left")


def of_own_values(verdict, answer, sizes):
    """A verdict that names no mistake, with what the learner's function read in the notebook in place of its own."""
    named, code = verdict.status != "wrong shape" and not verdict.unnamed, code_of(answer)
    read = "" if named or not code else of_the_notebook([code], answer.__globals__, sizes)
    return verdict._replace(message=f"{verdict.message}.\n{read}") if read else verdict


def done_for_you(used):
    """What is said of an answer that lets the library do what was to be written."""
    f = used[0]
    name = f"rnn.{f.__name__}" if hasattr(rnn, f.__name__) else f"{f.__module__.split('.', 1)[-1]}.{f.__qualname__}"
    return f"the numbers are right, but {name} does it for you: write it yourself"


def known_mistakes(solution, mistakes, returns, names):
    """(function that makes the wrong function, what is said, which of the returned values or None for all) of every mistake."""
    if isinstance(mistakes, dict):
        return [(make, said, returns.index(name) if name else None)
                for name in mistakes for make, said, _ in known_mistakes(solution, mistakes[name], returns, names)]
    return [(partial(build, _wrong(solution, edits), names) if isinstance(edits[0], str) else lambda f=edits[0]: f, said, None)
            for *edits, said in mistakes]


def _wrong(solution, edits):
    """The text of a mistake: another text, the solution with another last expression, or with edits."""
    if len(edits) > 1:
        return edited(solution, zip(edits[::2], edits[1::2], strict=True))
    return edits[0] if edits[0].startswith("def ") else solution[:solution.rindex("return ") + 7] + edits[0]


def watched(function, library, used):
    """The function; while it runs, those of the library's functions that it calls go into `used`."""
    codes = {f.__code__: f for f in library}
    def profile(frame, event, arg):
        if event == "call" and frame.f_code in codes:
            used.append(codes[frame.f_code])
    def call(*args):
        before = sys.getprofile()
        sys.setprofile(profile)
        try:
            return function(*args)
        finally:
            sys.setprofile(before)
    return call if codes else function


class Judge:
    """Verdicts on a function: run beside the reference on every case, and beside known-wrong functions.

    known: (function that makes a wrong function, what is said, which returned value or None for all) of every mistake
    """

    def __init__(self, reference, cases, known, names, tolerance=1e-10, reads=None, shapes=()):
        self.reference, self.cases, self.known, self.names, self.tolerance = reference, cases, known, names, tolerance
        self.reads, self.shapes, self.at = reads, dict(shapes), cases[0]

    def values(self, function, case):
        """What a function returns for a case, or the verdict on its form."""
        return self.read(function(*copy.deepcopy(case)))

    def read(self, value):
        """What came back as the values that are compared; a dictionary by their names will do, and what can be unpacked."""
        if isinstance(value, Iterator | ValuesView) and len(self.names) > 1:
            value = tuple(islice(value, 1 + len(self.names)))
        if isinstance(value, dict) and value.keys() == set(self.names) and not self.reads:
            return tuple(value[name] for name in self.names)
        return self.reads(value) if self.reads else value

    def __call__(self, answer):
        if not callable(answer):
            return no_function(answer)
        results = []
        for case in self.cases:
            self.at, given = case, copy.deepcopy(case)
            got = self.read(filled(answer(*given), self.names))
            if self.reads and isinstance(got, Verdict):
                return got
            results.append(parts(got, len(self.names)))
            if changed := [(name, was) for name, now, was in zip(signature(self.reference).parameters, given, case, strict=True)
                           if not _same(now, was)]:
                name, was = changed[0]
                said = CHANGED_FIELD if hasattr(was, "_fields") else CHANGED_ARRAY
                return wrong(CHANGED_DICT if any(isinstance(part, dict) for part in case) else said.format(name))
        if {len(r) for r in results} != {len(self.names)}:
            alone = f"; return {self.names[0]} alone" if len(self.names) == 1 else ""
            return wrong(f"your function must return {', '.join(self.names)}, got {_came(got)}{alone}")
        return self._compared(results)

    def _compared(self, results):
        columns = [[compare(r[i], e[i], name=name, tolerance=self.tolerance) for r, e in zip(results, self.expected, strict=True)]
                   for i, name in enumerate(self.names)]
        off = {i: self._told(next(v for v in column if not v.ok), i, results)
               for i, column in enumerate(columns) if not all(v.ok for v in column)}
        if not off:
            return right()
        if cut := next((verdict for verdict in off.values() if verdict.message.endswith(CUT_OFF)), None):
            return cut
        return self.like(results, self.cases) or self._turned(results) or self._parts(results, off) or off[min(off)]

    def _told(self, verdict, i, results):
        """A verdict with what a wrong shape says of a misunderstanding, or how the values come from the right ones."""
        if verdict.status != "wrong shape" and not verdict.unnamed:
            return verdict
        if said := verdict.status == "wrong shape" and self.shapes.get(self.names[i], {}).get(np.shape(results[0][i])):
            return verdict._replace(message=said)
        more = relation([got[i] for got in results], [due[i] for due in self.expected], self._counts)
        return verdict._replace(message=f"{self.names[i]}: {more}", off=0) if more else verdict

    @cached_property
    def _counts(self):
        """(name, its size in each case) of the arguments that may be divided by."""
        given = dict(zip(signature(self.reference).parameters, zip(*self.cases, strict=True), strict=True))
        named = dict.fromkeys(("run",) if "T" in given else _TIMED, "T")
        return [(named.get(name, name if isinstance(some[0], int) else f"the length of {name}"), [*map(_size, some)])
                for name, some in given.items() if _size(some[0])]

    def agrees(self, answer, case):
        """Whether an answer is right for one more case; an error in it is a no."""
        with suppress(Exception):
            return Judge(self.reference, [case], [], self.names)(answer).ok
        return False

    @cached_property
    def expected(self):
        return [parts(self.values(self.reference, case), len(self.names)) for case in self.cases]

    @cached_property
    def wrongs(self):
        """The known-wrong functions with what is said of them, made when the first answer is wrong."""
        return [(make(), said, part) for make, said, part in self.known]

    def like(self, results, cases):
        """The verdict of the mistake that gives these results; None when no mistake of the whole answer does."""
        return next((wrong(said) for function, said, part in self.wrongs
                     if part is None and self._alike(results, function, cases)), None)

    def _alike(self, results, function, cases, part=slice(None)):
        n, whole = len(self.names), part == slice(None)
        for result, case in zip(results, cases, strict=True):
            try:
                made = self.values(function, case)
                made = parts(made, n) if whole else made[part] if isinstance(made, tuple) and len(made) == n else (made,)
            except (ValueError, IndexError):            # it runs where sizes are equal only
                return False
            if len(made) != len(result) or not all(map(_equal, result, made)):
                return False
        return True

    def of_part(self, i, results, cases):
        """What is said of the i-th value alone, given as a tuple of one for each case; nothing when no mistake gives it."""
        return next((said for function, said, part in self.wrongs
                     if part == i and self._alike(results, function, cases, slice(i, i + 1))), "")

    def _turned(self, results):
        """The verdict on right values in a wrong order."""
        places = range(len(self.names))
        order = [next((j for j in places if all(_equal(r[i], e[j]) for r, e in zip(results, self.expected, strict=True))), -1)
                 for i in places]
        if sorted(order) != [*places] or order == [*places]:
            return None
        moved = [name for name, place, came in zip(self.names, places, order, strict=True) if place != came]
        moved = "all" if len(moved) == len(order) > 2 else listed(moved)
        due = " first, then ".join(self.names) if len(order) == 2 else f"{listed(self.names)}, in this order"
        return wrong(f"{moved} are right, but {'the other way round' if len(order) == 2 else 'in the wrong order'}: return {due}")

    def _parts(self, results, off):
        """What is said of each wrong value on its own: several mistakes may be made at once."""
        said, named = {}, False
        for i, verdict in off.items():
            own = self.of_part(i, [result[i:i + 1] for result in results], self.cases)
            said.setdefault(own or verdict.message.removeprefix(f"{self.names[i]}: "), []).append(self.names[i])
            named = named or bool(own)
        told = "\n".join(meaning if meaning.startswith(f"{names[0]} ") else f"{listed(names)}: {meaning}"
                         for meaning, names in said.items())
        return wrong(told) if named else off[min(off)]._replace(message=told) if len(off) > 1 else None


def nearer(exact, said):
    """`last` of an exercise on a numerical slope: what is said where the answer is nearer to the derivative than the reference.

    exact: (*case) -> the derivative
    """
    def last(verdict, answer, judge):
        if not verdict.off:
            return None
        due = [exact(*case) for case in judge.cases]
        mine, theirs = (max(np.abs(np.subtract(function(*case), d)).max() for case, d in zip(judge.cases, due, strict=True))
                        for function in (answer, judge.reference))
        return wrong(said) if mine < .5 * theirs else None
    return last


def _equal(a, b):
    return compare(a, b, tolerance=1e-9).ok


def _size(value):
    """A whole number, or the length of an array or of a run; 0 of anything else."""
    array = getattr(value, "a", value)
    return array if isinstance(array, int) else len(array) if np.ndim(getattr(array, "T", 0)) else 0


def _came(got):
    """What came back in place of the values that were due, in words."""
    if got is None:
        return "None: does its last line begin with return? It returned nothing"
    if fields := getattr(got, "_fields", ()):
        return f"a whole {type(got).__name__}: pick from its fields, .{', .'.join(fields)}"
    if isinstance(got, np.ndarray) and got.ndim:
        return "one array"
    return f"{len(got)} values" if isinstance(got, tuple | list) and len(got) != 1 else "one value"


def parts(value, n):
    """The n values that a function returned: several as a tuple, a list or an array; one may be a tuple of numbers or rows."""
    rows = isinstance(value, tuple) and len(value) > 2 and {np.ndim(part) for part in value} == {1}
    if n == 1 and isinstance(value, tuple) and (rows or all(isinstance(part, Real) for part in value)):
        return (value,)
    several = n > 1 and isinstance(value, list | np.ndarray) and getattr(value, "ndim", 1) and len(value) == n
    return tuple(value) if isinstance(value, tuple) or several else (value,)


def _same(a, b):
    if isinstance(a, dict):
        return _same([*a.items()], [*b.items()])
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(_same, a, b))
    return np.array_equal(a, b, equal_nan=True) if isinstance(a, np.ndarray) else not isinstance(a, str) or a == b
