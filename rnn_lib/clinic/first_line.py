"""The first line of a backward pass at which its numbers leave the right ones.

The function is run and watched (trace.py). Then it is run again, once for each of its variables and each value of the
equations that the variable may be meant to hold, with the right value put in its place at every visit of its line. Where
that makes gradients right, the line is where something is missing. The first of such lines, in time, is the one to be shown,
unless it only hands on what an earlier line has spoilt.
"""
import copy
import re
import time
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .source import code_of, counted, line_text
from .trace import holds, read, watched
from .values import PARAMETERS, TERMS, Values, equal, fitted, written

LINES = 120_000   # a limit for all the runs with a right value put in its place
SLOW = 1          # second: for a watched run that takes longer there are
FEWEST = 20       # of those


class FirstLine(NamedTuple):
    """The first wrong line: what it made, and what was due."""
    lineno: int           # counted from the `def` as 1
    line: str             # its text, "" where that is not known
    step: int | None      # t, None for a value that belongs to no step
    found: str            # what its value is
    due: str              # what it should be, "" where that is no value

    def __str__(self):
        at = f", at step {self.step}" if self.step else ""
        told = f"Due is {self.due}. What it makes {self.found}." if self.due else f"{self.found[0].upper()}{self.found[1:]}."
        return f"The first line whose numbers are wrong{at}: line {self.lineno}:  {self.line}\n{told}"


class Record(NamedTuple):
    """What one line made at one visit, where it was recognised."""
    lineno: int
    step: int | tuple     # t, or (t, k)
    name: str             # of the value, such as dh_4
    right: bool
    own: bool             # whether the line stands in the function itself, not in another one that it calls


class _Guess(NamedTuple):
    """What a line is meant to make, and what comes of it if it does."""
    changes: list         # the visits of the line, the last of each step
    role: str
    steps: list           # the step of each: t, or (t, k), or None
    due: list             # the right value at each visit
    match: list           # whether it is there
    counters: tuple       # the names of the whole numbers that say the step
    visits: list          # (change, step) of all visits
    mends: frozenset = frozenset()      # the gradients that are right once it makes that

    @property
    def first(self):
        """Which visit departs first."""
        return self.match.index(False)

    @property
    def hits(self):
        """At how many visits it is right, with numbers that are not all 0."""
        return sum(match and bool(due.any()) for match, due in zip(self.match, self.due, strict=True))

    @property
    def direction(self):
        """1 for steps from the first to the last, -1 the other way round, 0 for others."""
        if len(self.steps) < 2 or not isinstance(self.steps[0], int):
            return 0
        signs = {np.sign(b - a) for a, b in pairwise(self.steps)}
        return int(signs.pop()) if len(signs) == 1 else 0


def first_wrong_line(backward, params, run, do, off):
    """(FirstLine or None, Records) of a backward pass that is wrong on a network.   off: names of the gradients that are"""
    values, arguments, clock = Values(params, run, do), (params, run, do), time.process_time()
    seen = watched(backward, copy.deepcopy(arguments), len(do))
    tries = FEWEST if time.process_time() - clock > SLOW else int(np.clip(LINES // seen.lines, FEWEST, 500))
    guesses, off = _guesses(seen.changes, values), set(off) & set(PARAMETERS)
    best = _best(guesses, lambda guess: _mended(guess, backward, arguments, values, off), off, tries)
    if best and not _of_unfilled(best, values):
        place = _of_guess(best, seen, values)
    else:
        place = _of_loop(guesses, seen, values, off) or _of_return(guesses, seen, values, off)
    start = code_of(backward)
    if place is None:
        return None, _records(guesses, best, start)
    (code, line), *told = place
    return FirstLine(_number(start, code, line), line_text(code, line), *told), _records(guesses, best, start)


# ---- what every line may be meant to make

def _guesses(changes, values):
    """Every value that every line may be meant to make, by its shape, with what of it is there."""
    lines, found = {}, {}
    for change in changes:
        lines.setdefault((*change.key, change.after.shape), []).append(change)
    for key, visits in lines.items():
        for counters, all_steps in _schedules(visits, values.T):
            every = list(zip(visits, all_steps, strict=True))
            merged, steps = _merged(every, values.T)
            for role in values.roles(steps[0]):
                entries = len(merged) < len(visits)
                due = [_due(values, role, step, c, entries) for step, c in zip(steps, merged, strict=True)]
                if all(value is not None for value in due):
                    match = [equal(c.after, value) for value, c in zip(due, merged, strict=True)]
                    mark = (key, role.startswith("sum"), *(value.tobytes() for value in due))
                    found.setdefault(mark, _Guess(merged, role, steps, due, match, counters, every))
    return _likely(list(found.values()))


def _merged(every, T):
    """(visits, steps): of the visits in a row that belong to one step, where an array is filled entry by entry, the last."""
    if len(every) <= T or isinstance(every[0][1], tuple):
        return [c for c, _ in every], [step for _, step in every]
    last = [i for i in range(len(every)) if i + 1 == len(every) or every[i + 1][1] != every[i][1]]
    first = [0, *(i + 1 for i in last[:-1])]
    visits = [every[i][0]._replace(before=every[j][0].before) for j, i in zip(first, last, strict=True)]
    return visits, [every[i][1] for i in last]


def _likely(guesses):
    """Of the guesses that differ in the order of the steps alone, those that are right most often."""
    best, falling = {}, 0
    for g in guesses:
        best[g.changes[0].key, g.role] = max(best.get((g.changes[0].key, g.role), 0), g.hits)
        falling += g.hits * g.direction
    return [g for g in guesses if g.hits == best[g.changes[0].key, g.role] and (g.hits or g.direction * falling >= 0)]


def _due(values, role, step, change, entries):
    """The right value of a role at one visit, in the learner's shape; None if it does not fit.

    entries: whether the array is filled entry by entry. Then a sum is told by what it holds, and else by what is added
    """
    value = fitted(values.value(role, step), change.after.shape)
    if role.startswith("sum" if entries else "partial") and change.before is not None:
        return None
    if value is None or change.before is None or not role.startswith("sum"):
        return value
    return change.before + value if change.before.shape == value.shape else None


def _schedules(visits, T):
    """[(counters, the step of each visit)]: a whole number among the variables says it, or visits are counted."""
    n, single = len(visits), {}
    for name in visits[0].numbers if n > 1 else {"row"} & visits[0].numbers.keys():
        counts = [c.numbers.get(name) for c in visits]
        for shift in (0, 1) if None not in counts else ():
            single.setdefault(tuple(count + shift for count in counts), (name,))
    single = {steps: names for steps, names in single.items()
              if all(1 <= t <= T for t in steps) and (n == 1 or len(set(steps)) > 1)}
    pairs = {tuple(zip(t, k, strict=True)): a + b for t, a in single.items() for k, b in single.items() if a != b}
    pairs = {steps: names for steps, names in pairs.items() if all(t >= k for t, k in steps) and n > 1}
    if 1 < n <= T and not single:
        single.setdefault(tuple(range(T, T - n, -1)), ())
        single.setdefault(tuple(range(1, n + 1)), ())
    whole = {(None,): ()} if n == 1 else {}
    return [(names, list(steps)) for steps, names in {**single, **pairs, **whole}.items()]


# ---- which of them mends the gradients

def _best(guesses, mended, off, tries):
    """The guess that mends something and departs first; a mere other use of a right value only if it mends more, or as much.

    mended: guess -> the gradients that are right when the line makes what is due     tries: how often that may be asked
    """
    rank, useful = _ranks(guesses), {0: [], 1: [], 2: []}
    for g in sorted((g for g in guesses if _departs(g)), key=lambda g: (rank(g) == 2, _moment(g)))[:tries]:
        g = g._replace(mends=mended(g))
        if g.mends:
            useful[rank(g)].append(g)
        if g.mends == off and rank(g) < 2:
            break
    most = max((len(g.mends) for g in useful[0] + useful[1]), default=0)
    there = {g.role for g in guesses if all(g.match) and g.hits}
    stronger = [g for g in useful[2] if len(g.mends) > most and g.role not in there]
    sure = useful[0] + [g for g in useful[1] if len(g.mends) >= most]
    return min(stronger or sure, key=lambda g: (_moment(g), -len(g.mends)), default=None)


def _ranks(guesses):
    """guess -> what speaks against it: 0 nothing, 1 the line copies what is right for another use, 2 the line makes that."""
    whole = {g.changes[0].key for g in guesses if all(g.match) and g.hits}
    once = {g.changes[0].key for g in guesses if g.hits}
    def rank(g):
        key = g.changes[0].key
        if key not in once or (g.hits and key not in whole):
            return 0
        return 1 if all(c.copied for c in g.changes) and g.role.split()[0] not in ("weights", "total") else 2
    return rank


def _departs(guess):
    """Whether a guess is wrong somewhere, and not only an array that is made to be filled."""
    return not all(guess.match) and (guess.steps != [None] or guess.changes[0].after.any())


def _moment(guess):
    return guess.changes[guess.first].time


def _mended(guess, backward, arguments, values, off):
    """The gradients that are right when a line makes what is due; nothing if that spoils others."""
    add = guess.role.startswith("sum")
    plan = {(c.visit, c.raw): (add, fitted(values.value(guess.role, step), c.after.shape)) for c, step in guess.visits}
    answer = watched(backward, copy.deepcopy(arguments), values.T, (guess.changes[0].key, plan)).answer
    good = {name for name in PARAMETERS if equal(np.asarray(getattr(answer, name, np.nan)), getattr(values.right, name))}
    return frozenset(good & off) if good >= set(PARAMETERS) - off else frozenset()


# ---- where to point

def _of_guess(guess, seen, values):
    """(place, step, found, due) of the guess that mends; of the line behind it where it only hands on what that has spoilt."""
    change, step, role = guess.changes[guess.first], guess.steps[guess.first], guess.role
    if _shared(guess, seen):
        return None
    if counter := _wrong_order(guess, values):
        words = f"the steps come in the wrong order, or one too many or too few: {written(role, step)} cannot be complete then"
        return (seen.counters[counter], None, words, "") if counter in seen.counters else None
    behind = None
    for _ in range(5):
        behind = _handed_on(change, role, step, seen, values)
        if behind is None or behind[0] == "caller":
            break
        change, role, step = behind
    place = change.caller if behind else _inside(change, role, step, seen, values)
    due = f"0, for there is no step {step}" if isinstance(step, int) and step > values.T else written(role, step, equation=True)
    return place, step[1] if isinstance(step, tuple) else step, _told(change, role, step, values), due


def _shared(guess, seen):
    """Whether another line fills the same array entry by entry: which of the two is wrong cannot be told."""
    change, start, end = guess.changes[guess.first], guess.visits[0][0].time + 1, guess.changes[guess.first].time
    if len(guess.changes) == len(guess.visits):
        start, end = (end, None) if not change.after.any() else (end, end)       # made to be filled, or not filled at all
    return any(c.raw == change.raw and c.line != change.line and c.code is change.code and c.before is not None
               and np.count_nonzero(c.before != c.after) <= 1 for c in seen.changes[start:end])


def _of_unfilled(guess, values):
    """Whether a total is rightly made, or a part rightly taken, of an array that has not all its rows."""
    change, held = guess.changes[guess.first], guess.changes[guess.first].inputs.values()
    if guess.role.startswith("total"):
        left, *right = TERMS[guess.role.replace("total", "sum")]
        partner, due = values.all[right[0]] if right else np.ones((values.T, 1)), values.all[left]
        def total(rows):
            return fitted((rows.T @ partner).reshape(values.all[guess.role].shape), change.after.shape)
        return any(a.shape == due.shape and not equal(a, due) and equal(total(a), change.after) for a in held)
    def part_of(array, rows):
        return array.ndim == rows.ndim and any(equal(array[i:i + len(rows)], rows) for i in range(len(array) - len(rows) + 1))
    return guess.steps == [None] and any(part_of(a, change.after) and not part_of(a, guess.due[0]) for a in held)


def _wrong_order(guess, values):
    """The counter of a loop that runs the wrong way round: a recursion from the first step, or Jacobians in another order."""
    if guess.role not in ("dh", "da", "message", "sent", "jacobian"):
        return None
    if not isinstance(guess.steps[0], tuple):
        rising = len(guess.steps) > 1 and all(b > a for a, b in pairwise(guess.steps))
        return guess.counters[0] if rising and guess.counters else None
    change, often = guess.changes[guess.first], guess.changes
    def turns(name):
        return sum(a.numbers.get(name) != b.numbers.get(name) for a, b in pairwise(often))
    for name in sorted(change.numbers, key=turns, reverse=True):
        if any(_one_step_on(change, i, values) for i in (change.numbers[name] - 1, change.numbers[name]) if 0 <= i < values.T):
            return name
    return _inner_counter(guess, values) if guess.role == "da" else None


def _one_step_on(change, i, values):
    """Whether a line rightly takes a gradient, or a product of Jacobians, one step on: by J_i+1."""
    slope, W, old = values.all["slope"][i], values.params.W, change.before
    if old is None or old.shape not in (W.shape, W.shape[:1]):
        return False
    return equal(change.after, old @ (slope[:, None] * W) if old.ndim > 1 else (slope * old) @ W)


def _inner_counter(guess, values):
    """The counter of a loop inside, which made what da is rightly made of, and made it wrongly."""
    change, (_, k) = guess.changes[guess.first], guess.steps[guess.first]
    names = read(change.code, change.line)
    handed = [label for label, v in change.inputs.items() if v.shape == change.after.shape and label in names
              and equal(values.one["slope"][k] * v, change.after)]
    inner = set(change.numbers) - set(guess.counters)
    return next((name for name in inner if handed and len({c.numbers.get(name) for c in guess.changes}) > 1), None)


def _handed_on(change, role, step, seen, values):
    """(change, role, step) that spoilt what this line has used rightly; None if the line itself is wrong."""
    if not isinstance(step, int) or not 1 <= step <= values.T:
        return None
    names, own = read(change.code, change.line), {change.raw} if role.startswith("sum") else set()
    held = {label: array for label, array in change.inputs.items() if _base(label) in names and label not in own}
    for (other, at), relation in _relations(role, step, values):
        due = values.one[other].get(at, np.zeros_like(values.one[other][step]))
        if any(equal(c.after.ravel(), due.ravel()) and due.any() for c in seen.changes[: change.time]):
            continue                                    # what is due was there: the line has used something else
        for label, array in held.items():
            for part in _spoilt(array, due, values):
                if (part.any() or not role.startswith("sum")) and _made(change, role, relation(part)):
                    return _setter(change, part, label, seen, other, at)
    return None


def _spoilt(array, due, values):
    """What of an array may stand where something else is due; nothing where the line could have taken that from the array."""
    rows = [row for row in array if row.any()] if array.ndim > 1 else []
    parts = [p.ravel() for p in (array, *rows) if p.size == due.size]
    ready = equal(array, values.all["up"]) or any(equal(p, due.ravel()) for p in parts)
    return [] if ready else [p.reshape(due.shape) for p in parts]


def _base(label):
    """The variable's name in that of an array inside it."""
    return re.split(r"[\[.]", label)[0]


def _made(change, role, value):
    add = role.startswith("sum") and change.before is not None
    value = fitted(value, change.after.shape)
    return value is not None and equal(change.after, change.before + value if add else value)


def _setter(change, part, label, seen, role, step):
    """What put a value where this line found it: (change, role, step); None where the line picks it out itself."""
    def sets(c):
        same = c.raw == label if "." in label else _base(c.name) == _base(label) and c.code is change.code
        return same and (holds(c.after, part) if part.any() else c.after.size == part.size and not c.after.any())
    earlier = [c for c in seen.changes[: change.time] if sets(c)]
    if earlier:
        return earlier[-1], role, step
    argument = _base(label) in change.code.co_varnames[: change.code.co_argcount]
    return ("caller", role, step) if argument and change.caller else None


def _relations(role, t, values):
    """((role, step) of an input, input -> value): how the equations make a value of step t out of another."""
    one, W, U = values.one, values.params.W, values.params.U
    up, message, slope = one["up"][t], one["message"][t], one["slope"][t]
    to_h = [(("message", t), lambda v: up + v), (("da", t + 1), lambda v: up + v @ W), (("up", t), lambda v: v + message),
            (("do", t), lambda v: v @ U + message)]
    if role == "dh":
        return to_h
    if role == "da":
        return [(("dh", t), lambda v: slope * v), *((source, lambda v, f=f: slope * f(v)) for source, f in to_h),
                (("slope", t), lambda v: v * one["dh"][t]), (("h", t), lambda v: (1 - v ** 2) * one["dh"][t])]
    if role in ("sent", "message"):
        return [(("da", t + (role == "message")), lambda v: v @ W)]
    if role == "up":
        return [(("do", t), lambda v: v @ U)]
    if role in TERMS:
        left, *right = TERMS[role]
        partner = [one[name][t] for name in right]
        return [((left, t), lambda v: values.product(v, *partner)),
                *(((name, t), lambda v: values.product(one[left][t], v)) for name in right)]
    return []


def _inside(change, role, step, seen, values):
    """The line that made the value: in a function called on the way, unless that only handed on what its inputs had spoilt."""
    for back in reversed([r for r in seen.returned if r.time <= change.time]):
        made = back.value.shape == change.after.shape and np.array_equal(back.value, change.after)
        if made and back.caller == (change.code, change.line):
            inner = change._replace(code=back.code, line=back.line, inputs=back.inputs, time=back.time, caller=back.caller)
            return (back.code, back.line) if _handed_on(inner, role, step, seen, values) is None else back.caller
    return change.code, change.line


def _of_loop(guesses, seen, values, off):
    """A loop that leaves out steps: all that it makes is right, and something is missing."""
    fine = [g for g in guesses if all(g.match) and g.hits]
    for guess in fine:
        of = {guess.role[4:]} if guess.role.startswith("sum") else {"V", "W", "b_h"} if guess.role == "da" else set()
        if guess.counters and guess.counters != ("row",) and of & off:
            there = {step for g in fine if g.role == guess.role for step in g.steps}
            missing = sorted(set(values.roles(guess.steps[0])[guess.role]) - there)
            if missing:
                return _short_loop(guess, missing, fine, seen)
    return next(filter(None, (_of_start(g, seen) for g in fine if g.role.startswith("sum") and g.role[4:] in off)), None)


def _of_start(guess, seen):
    """What a sum starts from, if that is not 0."""
    first = guess.changes[0]
    for c in reversed(seen.changes[: first.time]):
        if first.before is not None and first.before.any() and c.raw == first.raw and np.array_equal(c.after, first.before):
            return (c.code, c.line), None, f"the sum d{guess.role[4:]} does not start from 0", ""
    return None


def _short_loop(guess, missing, fine, seen):
    """What is said of a loop that never comes to some steps; nothing when it does, and a condition leaves them out."""
    pair, reached = isinstance(missing[0], tuple), {}
    for g in fine:
        if len(g.counters) == 1:
            reached.setdefault(g.counters[0], set()).update(g.steps)
    outer = {t for t, _ in missing} - reached.get(guess.counters[0], set()) if pair else True
    counter = guess.counters[0 if outer else 1]
    listed = ", ".join(f"(t, k) = {step}" if pair else f"{step}" for step in missing[:3]) + ", ..." * (len(missing) > 3)
    if (not pair and set(missing) <= reached.get(counter, set())) or counter not in seen.counters:
        return None
    return seen.counters[counter], None, f"the loop never comes to {listed if pair else 'step ' + listed}", ""


def _of_return(guesses, seen, values, off):
    """The line that returns, when all that it is made of is right."""
    fine = [g for g in guesses if all(g.match)]
    steps, right = {step for g in fine if g.role == "da" for step in g.steps}, {g.changes[0].key for g in fine}
    da = None in steps or steps >= set(range(1, values.T + 1))
    def ready(name):
        total = getattr(values.right, name)
        made = any(c.after.shape == total.shape and not c.copied and c.key not in right for c in seen.changes)
        return any(equal(c.after, total) for c in seen.changes) or (not made and (name in ("U", "b_y") or da))
    if not off or seen.last is None or not all(map(ready, off)):
        return None
    wrong = ", ".join(name for name in PARAMETERS if name in off)
    return seen.last, None, f"what it is made of is right, and what it returns is not: {wrong}", ""


def _told(change, role, step, values):
    """What a wrong value is, in words."""
    value = change.after - change.before if role.startswith("sum") and change.before is not None else change.after
    if not value.any():
        return "is 0"
    due = fitted(values.value(role, step), value.shape)
    factor = 0 if due is None else float(np.vdot(due, value) / (np.vdot(due, due) or 1))
    if factor and equal(value, factor * due):
        return f"is {factor:.4g} times that"
    if role.startswith("sum") and due is not None and equal(change.after, due):
        return "is that alone: what the sum was before is gone"
    return next(_known(value, role, step, values), "is none of the values of the equations")


def _known(value, role, step, values):
    """What a wrong value equals, if it is a right one of another place, or one with a piece missing."""
    inside = isinstance(step, int) and step <= values.T
    if role == "dh" and inside:
        yield from (words for words, other in _arrivals(step, values) if _fits(other, value))
    if role == "da" and inside:
        yield from (words for words, slope in _slopes(step, values) if _fits(slope * values.one["dh"][step], value))
    if role == "sent" and inside and equal(value, values.params.W @ values.one["da"][step]):
        yield f"equals W da_{step}: the transpose is missing"
    for table in (values.one, values.pair) if step is not None else ({r: {None: v} for r, v in values.all.items()},):
        for other, found in table.items():
            yield from (f"equals {written(other, at)}" for at, right in found.items() if right.any() and _fits(right, value))


def _fits(right, value):
    right = fitted(right, value.shape)
    return right is not None and equal(value, right)


def _arrivals(t, values):
    """(words, value) of what people make of dh_t."""
    up, message, after = values.one["up"][t], values.one["message"][t], values.one["da"].get(t + 1, 0 * values.one["da"][t])
    yield f"equals U' do_{t}: the message from step {t + 1} is not in it", up
    yield f"equals U' do_{t} + W da_{t + 1}: the transpose is missing", up + values.params.W @ after
    yield f"equals U' do_{t} - W' da_{t + 1}", up - message
    yield f"equals U' do_{t} + 2 W' da_{t + 1}", up + 2 * message


def _slopes(t, values):
    """(words, factor) of what people take for f'(a_t)."""
    h, slope = values.one["h"][t], values.one["slope"]
    earlier, later = slope.get(t - 1, 1 - values.one["before"][t] ** 2), slope.get(t + 1, np.zeros_like(h))
    yield f"equals dh_{t}: f' is not in it", np.ones_like(h)
    yield f"has h_{t} where f'(a_{t}) is due", h
    yield f"has f'(a_{t - 1}), that of the step before, where f'(a_{t}) is due", earlier
    yield f"has f'(a_{t + 1}), that of the step after, where f'(a_{t}) is due", later
    yield f"equals dh_{t} / f'(a_{t}): divided in place of multiplied", 1 / slope[t]
    yield "has f' in it twice", slope[t] ** 2
    yield f"has 1 + h_{t}^2 where 1 - h_{t}^2 is due", 1 + h ** 2
    yield f"has -h_{t}^2 where 1 - h_{t}^2 is due", -h ** 2
    yield f"has h_{t} (1 - h_{t}), the slope of the logistic function, where f'(a_{t}) is due", h * (1 - h)


def _number(start, code, line):
    """The number of a line, counted from the def of the learner's function, or from that of another one it calls."""
    return counted(start if _nested(start, code) else code, line)


def _nested(start, code):
    return start is not None and code.co_filename == start.co_filename and _contains(start, code)


def _contains(code, other):
    return code is other or any(_contains(part, other) for part in code.co_consts if hasattr(part, "co_consts"))


def _records(guesses, best, start):
    """What each line made that was recognised, in time: as what it is right most often, dh rather than U' do."""
    kept = {best.changes[0].key: best} if best else {}
    for guess in sorted((g for g in guesses if g.hits), key=lambda g: (-g.hits, g.role == "up")):
        kept.setdefault(guess.changes[0].key, guess)
    rows = [(c.time, Record(_number(start, c.code, c.line), step, written(g.role, step), match, _nested(start, c.code)))
            for g in kept.values() for c, step, match in zip(g.changes, g.steps, g.match, strict=True) if step is not None]
    return tuple(record for _, record in sorted(rows, key=lambda row: row[0]))
