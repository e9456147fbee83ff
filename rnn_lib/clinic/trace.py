"""A learner's function, watched line by line: which arrays does each of its lines make or change?"""
import contextlib
import dis
import io
import re
import sys
from functools import cache
from typing import NamedTuple

import numpy as np

from .source import statement, theirs

LARGE = 5000      # numbers; larger arrays are not looked at


class Change(NamedTuple):
    """One array that one line made or changed, at one visit of that line."""
    code: object          # of the function in which the line stands
    line: int             # counted in its file
    name: str             # of the variable: da; da[] for one row of it, or for what is appended to it; g[1], g['W'] in another
    visit: int            # how often the line was visited before
    before: np.ndarray | None
    after: np.ndarray
    numbers: dict         # the whole numbers among the local variables, such as t
    inputs: dict          # name -> array: what the line may have used
    copied: bool          # whether another variable held the same numbers before
    raw: str              # the name with the place in a list, das[#3]
    time: int             # how many changes came before
    caller: tuple | None  # (code, line) of the learner's that called the function in which the line stands

    @property
    def key(self):
        return self.code, self.line, self.name


class Returned(NamedTuple):
    """What a function called on the way gave back."""
    code: object
    line: int
    value: np.ndarray
    time: int             # how many changes came before
    inputs: dict
    caller: tuple | None


class Steps(NamedTuple):
    """What one run of a function was seen to do."""
    changes: list         # of Change, in time
    counters: dict        # (code, name) of a whole number -> the lines that set it, in time
    returned: list        # of Returned, in time
    last: tuple | None    # (code, line) of the line that returned the answer
    spoilt: tuple | None  # (code, line) of the first line that wrote into a guarded array
    visits: dict          # (code, line) -> how many changes had come before, at each visit of the line
    lines: int            # how many lines were run


def watched(function, arguments, T, guarded=()):
    """Run a function and see what each of its lines does.   arguments: copies, which may be changed     T: number of steps

    guarded: arrays that are to stay as they are
    """
    watch = _Watch(T, guarded, {id(part) for given in arguments if isinstance(given, tuple) for part in given})
    answered(function, arguments, watch.enter)
    lines = sum(map(len, watch.visits.values()))
    return Steps(watch.changes, watch.counters, watch.returned, watch.last, watch.spoilt, watch.visits, lines)


def answered(function, arguments, trace):
    """What a function returns under a trace function, quietly; None if it stops."""
    old, quiet = sys.gettrace(), contextlib.redirect_stdout(io.StringIO())       # it is run often, and may print
    sys.settrace(trace)
    try:
        with np.errstate(all="ignore"), quiet, contextlib.suppress(Exception, SystemExit):
            return function(*arguments)
    finally:
        sys.settrace(old)


class _Watch:
    def __init__(self, T, guarded, given):
        self.guarded, self.spoilt = [(array, array.copy()) for array in guarded], None
        self.T, self.given, self.last = T, given, None           # given: the arrays of params and run, by their ids
        self.changes, self.counters, self.returned, self.visits, self.frames, self.started = [], {}, [], {}, {}, {}

    def enter(self, frame, event, _):
        if not theirs(frame.f_code):
            return None
        self.frames[frame] = None, 0, _copies(live(frame.f_locals)), _numbers(frame.f_locals)
        return self.follow

    def follow(self, frame, event, value):
        """What is called at each line, before it runs, and when a function returns."""
        line = statement(frame.f_code, frame.f_lineno)
        if event == "exception" or (event == "line" and line == self.frames[frame][0] and line != frame.f_lineno):
            return self.follow                                   # still in the same statement
        self.compare(frame)
        if event == "return":
            self.last = frame.f_code, line
            parts = value if isinstance(value, tuple | list) else (value,)
            self.returned += [Returned(*self.last, part.copy(), len(self.changes), self.frames[frame][2], self.caller(frame))
                              for part in parts if isinstance(part, np.ndarray)]
        else:
            place = frame.f_code, line
            self.visits.setdefault(place, []).append(len(self.changes))
            self.frames[frame] = line, len(self.visits[place]) - 1, *self.frames[frame][2:]
            self.started[frame] = len(self.changes)
        return self.follow

    def compare(self, frame):
        """Note what the last line of this frame has changed."""
        local, (line, visit, before, numbers) = frame.f_locals, self.frames[frame]
        found, now = live(local), _numbers(local)
        after = _copies(found)
        if line is not None:
            stored = _names(frame.f_code).get(line, (set(), set()))[0]
            changed = {n for n in after if not _same(before.get(n), after[n])} | stored & set(after)
            changed -= self.handed(found)
            within = [c for c in self.changes[self.started.get(frame, 0):] if c.code is not frame.f_code]
            for name in sorted(changed):
                # unless a function called on the way has done it
                if name not in before or name in stored or not any(_same(c.after, after[name]) for c in within):
                    self.note(frame, name, before, after[name], now, [before[n] for n in before if n not in changed])
            for name in (name for name in now if now[name] != numbers.get(name)):
                self.counters.setdefault((frame.f_code, name), []).append(line)
        if self.spoilt is None and not all(np.array_equal(array, kept) for array, kept in self.guarded):
            self.spoilt = frame.f_code, line or frame.f_lineno
        self.frames[frame] = line, visit, after, now

    def handed(self, found):
        """The labels of arrays inside params or run, where such a record has got another name: nothing is made then."""
        return {label for label, (array, holder, _) in found.items() if isinstance(holder, tuple) and id(array) in self.given}

    def note(self, frame, name, before, array, numbers, others):
        """Add one change to the list."""
        line, visit = self.frames[frame][:2]
        label, row, old, new = part_of(name, before.get(name), array, self.T)
        numbers = numbers if row is None else {**numbers, "row": int(row)}
        copied = new.any() and any(holds(other, new) for other in others)
        self.changes.append(Change(frame.f_code, line, label, visit, old, new, numbers, before, copied, name, len(self.changes),
                                   self.caller(frame)))

    def caller(self, frame):
        """(code, line) of the learner's line that called the function of a frame; None for the function that is examined."""
        back = frame.f_back
        return (back.f_code, statement(back.f_code, back.f_lineno)) if back in self.frames else None


def live(local):
    """name -> (array, what holds it, where in it) of the arrays among local variables, and of those one level inside them."""
    found = {}
    for name, value in local.items():
        if isinstance(value, list | tuple):
            alike = isinstance(value, list) and len({getattr(part, "shape", None) for part in value}) == 1
            inside = ((f"{name}[{'#' * alike}{i}]", part, value, i) for i, part in enumerate(value))
        elif isinstance(value, dict):
            inside = ((f"{name}[{key!r}]", part, value, key) for key, part in value.items())
        elif isinstance(value, np.ndarray):
            inside = ((name, value, local, name),)
        else:
            fields = getattr(value, "__dict__", {}) if not callable(value) else {}
            inside = ((f"{name}.{key}", part, fields, key) for key, part in fields.items())
        found.update({label: (part, holder, key) for label, part, holder, key in inside
                      if isinstance(part, np.ndarray) and part.dtype.kind == "f" and part.size <= LARGE})
    return found


def _copies(found):
    return {name: array.copy() for name, (array, _, _) in found.items()}


def _numbers(local):
    return {n: int(v) for n, v in local.items() if isinstance(v, int | np.integer) and not isinstance(v, bool)}


def _same(one, other):
    return one is not None and one.shape == other.shape and (
        one.tobytes() == other.tobytes() or np.array_equal(one, other, equal_nan=True))       # bytes first: most are untouched


def holds(array, part):
    """Whether a part is the whole array or one row of it."""
    rows = array.reshape(-1, part.size) if part.size in (array.size, array[:1].size) else array[:0].reshape(0, part.size)
    return bool((rows == part.ravel()).all(1).any())


def part_of(name, before, after, T):
    """(label, row or None, old, new): the one row that has changed of an array over time, or the whole of it."""
    if "#" in name:
        return name[:name.index("#")] + "]", None, before, after
    if before is not None and before.shape == after.shape and after.ndim > 1 and len(after) in (T, T + 1, T + 2):
        rows = np.flatnonzero((before != after).reshape(len(after), -1).any(1))
        if len(rows) == 1:
            return name + "[]", rows[0], before[rows[0]], after[rows[0]]
    return name, None, before, after


@cache
def _names(code):
    """line -> (names of local variables that it sets, names that it reads)"""
    names, line = {}, code.co_firstlineno
    for instruction in dis.get_instructions(code):
        line = instruction.positions.lineno or line
        stored, read = names.setdefault(statement(code, line), (set(), set()))
        does = re.findall("LOAD_|STORE_(?=FAST|DEREF)", instruction.opname)          # two in one from Python 3.13 on
        those = instruction.argval if isinstance(instruction.argval, tuple) else (instruction.argval,)
        for what, name in zip(does, those, strict=False):
            (read if what == "LOAD_" else stored).add(name)
    return names


def read(code, line):
    """The names of variables that a line reads."""
    return _names(code).get(line, (set(), set()))[1]
