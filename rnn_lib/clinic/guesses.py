"""What every line of a backward pass may be meant to make, and which of these guesses mends the gradients."""
import copy
from typing import NamedTuple

import numpy as np

from .replaced import replaced
from .source import only_fetches
from .values import NAMES, equal, fitted


class Guess(NamedTuple):
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


def guesses_of(changes, values):
    """Every value that every line may be meant to make, by its shape, with what of it is there."""
    lines, found = {}, {}
    for change in changes:
        lines.setdefault((*change.key, change.after.shape), []).append(change)
    for key, visits in lines.items():
        if visits[0].caller and only_fetches(*key[:2]):
            continue                                            # what another function was given is not made there
        for counters, all_steps in _schedules(visits, values.T):
            every = list(zip(visits, all_steps, strict=True))
            merged, steps = _merged(every, values.T)
            for role in values.roles(steps[0]):
                if role.startswith("partial") and _forgets(visits):
                    continue
                entries = len(merged) < len(visits)
                due = [_due(values, role, step, c, entries) for step, c in zip(steps, merged, strict=True)]
                if all(value is not None for value in due):
                    match = [equal(c.after, value) for value, c in zip(due, merged, strict=True)]
                    mark = (key, role.startswith("sum"), *(value.tobytes() for value in due))
                    found.setdefault(mark, Guess(merged, role, steps, due, match, counters, every))
    return _likely(list(found.values()))


def _forgets(visits):
    """Whether a variable is new at each visit, in a function that is called again and again: nothing can be added up in it."""
    return all(c.before is None and c.caller and c.caller[0] is not c.code for c in visits)


def _merged(every, T):
    """(visits, steps): of the visits in a row that belong to one step, where an array is filled entry by entry, the last."""
    if len(every) <= T or isinstance(every[0][1], tuple):
        return [c for c, _ in every], [step for _, step in every]
    last = [i for i in range(len(every)) if i + 1 == len(every) or every[i + 1][1] != every[i][1]]
    first = [0, *(i + 1 for i in last[:-1])]
    visits = [every[i][0]._replace(before=every[j][0].before) for j, i in zip(first, last, strict=True)]
    return visits, [every[i][1] for i in last]


def _likely(guesses):
    """Of the guesses that differ in the order of the steps alone, those that are right most often; once may be chance."""
    best = {}
    for g in guesses:
        best[g.changes[0].key, g.role] = max(best.get((g.changes[0].key, g.role), 0), g.hits)
    return [g for g in guesses if best[g.changes[0].key, g.role] in (1, g.hits)]


def _due(values, role, step, change, entries):
    """The right value of a role at one visit, in the learner's shape; None if it does not fit.

    entries: whether the array is filled entry by entry. Then a sum is told by what it holds, and else by what is added
    """
    value = fitted(values.value(role, step), change.after.shape)
    if role.startswith("sum" if entries else "partial") and change.before is not None:
        return None
    if role == "weights W" and value is not None and equal(change.after, value.T):
        return None                                             # W', taken once
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
        single = {tuple(range(T, T - n, -1)): (), tuple(range(1, n + 1)): ()}
    whole = {(None,): ()} if n == 1 else {}
    return [(names, list(steps)) for steps, names in {**single, **pairs, **whole}.items()]


def mending(guesses, mends, off, tries):
    """The guess that mends something and departs first; a mere other use of a right value only if it mends all.

    mends: guess -> the gradients that are right when the line makes what is due     tries: how often that may be asked
    """
    rank, useful = _ranks(guesses), {0: [], 1: [], 2: []}
    for g in sorted((g for g in guesses if _departs(g)), key=lambda g: (rank(g) == 2, _moment(g)))[:tries]:
        g = g._replace(mends=mends(g))
        if g.mends:
            useful[rank(g)].append(g)
        if g.mends == off and rank(g) < 2:
            break
    most = max((len(g.mends) for g in useful[0] + useful[1]), default=0)
    there = {g.role for g in guesses if all(g.match) and g.hits and not (g.role.startswith("sum") and _forgets(g.changes))}
    stronger = [g for g in useful[2] if len(g.mends) > most and g.mends == off and g.role not in there]
    sure = useful[0] + [g for g in useful[1] if g.mends == off]
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
    """Whether a guess is wrong somewhere, and not only an array that is made to be filled, or filled in part."""
    before, after = guess.changes[0].before, guess.changes[0].after
    part = before is not None and before.shape == after.shape and (kept := before == after).any() and not before[kept].any()
    return not all(guess.match) and (guess.steps != [None] or (after.any() and not part))


def _moment(guess):
    return guess.changes[guess.first].time


def mended(guess, backward, arguments, values, off):
    """The gradients that are right when a line makes what is due; nothing if that spoils others."""
    add = guess.role.startswith("sum")
    due = {(c.visit, c.raw): (add, fitted(values.value(guess.role, step), c.after.shape)) for c, step in guess.visits}
    answer = replaced(backward, copy.deepcopy(arguments), values.T, guess.changes[0].key, due)
    good = {name for name in NAMES if equal(np.asarray(getattr(answer, name, np.nan)), getattr(values.right, name))}
    return frozenset(good & off) if good >= set(NAMES) - off else frozenset()
