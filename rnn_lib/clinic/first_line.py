"""The first line of a backward pass at which its numbers leave the right ones.

The function is run and watched (trace.py). Then it is run again, once for each of its variables and each value of the
equations that the variable may be meant to hold, with the right value put in its place at every visit (replaced.py,
guesses.py). Where that makes gradients right, the line is where something is missing. The first of such lines, in time, is
the one to be shown, unless it only hands on what an earlier line has spoilt (blame.py).
"""
import copy
import time
from typing import NamedTuple

import numpy as np

from .source import code_of, line_number, line_text
from .trace import watched
from .values import NAMES, Values, written

LINES = 120_000   # a limit for all the runs with a right value put in its place
SLOW = 1          # second: for a watched run that takes longer there are
FEWEST = 20       # of those


class FirstLine(NamedTuple):
    """The first wrong line: what it made, and what is right."""
    lineno: int           # counted from the `def` as 1
    line: str             # its text, "" where that is not known
    step: int | None      # t, None for a value that belongs to no step
    found: str            # what its value is
    due: str              # what it should be, "" where that is no value

    def __str__(self):
        at = f", at step {self.step}" if self.step else ""
        told = f"Right is {self.due}. What it makes {self.found}." if self.due else f"{self.found[0].upper()}{self.found[1:]}."
        return f"The first line whose numbers are wrong{at}: line {self.lineno}:  {self.line}\n{told}"


class Record(NamedTuple):
    """What one line made at one visit, where it was recognised."""
    lineno: int
    step: int | tuple     # t, or (t, k)
    name: str             # of the value, such as dh_4
    right: bool
    own: bool             # whether the line stands in the function itself, not in another one that it calls


def first_wrong_line(backward, params, run, do, off):
    """(FirstLine or None, Records) of a backward pass that is wrong on a network.   off: names of the gradients that are"""
    from .blame import place  # not above: most who import rnn_lib ask for no line
    from .guesses import guesses_of, mended, mending

    values, arguments, clock = Values(params, run, do), (params, run, do), time.process_time()
    seen = watched(backward, copy.deepcopy(arguments), len(do))
    tries = FEWEST if time.process_time() - clock > SLOW else int(np.clip(LINES // seen.lines, FEWEST, 500))
    guesses, off = guesses_of(seen.changes, values), set(off) & set(NAMES)
    best = mending(guesses, lambda guess: mended(guess, backward, arguments, values, off), off, tries)
    start, blamed = code_of(backward), place(best, guesses, seen, values, off)
    if blamed is None:
        return None, _records(guesses, best, start)
    (code, line), *told = blamed
    return FirstLine(_number(start, code, line), line_text(code, line), *told), _records(guesses, best, start)


def _number(start, code, line):
    """The number of a line, counted from the def of the learner's function, or from that of another one it calls."""
    return line_number(start if _nested(start, code) else code, line)


def _nested(start, code):
    """Whether code is that of a function, or of another one that is defined in it."""
    return code is start or any(_nested(part, code) for part in getattr(start, "co_consts", ()))


def _records(guesses, best, start):
    """What each line made that was recognised, in time: as what it is right most often, dh rather than U' do."""
    kept = {best.changes[0].key: best} if best else {}
    for guess in sorted((g for g in guesses if g.hits), key=lambda g: (-g.hits, g.role == "up")):
        kept.setdefault(guess.changes[0].key, guess)
    rows = [(c.time, Record(_number(start, c.code, c.line), step, written(g.role, step), match, _nested(start, c.code)))
            for g in kept.values() for c, step, match in zip(g.changes, g.steps, g.match, strict=True) if step is not None]
    return tuple(record for _, record in sorted(rows, key=lambda row: row[0]))
