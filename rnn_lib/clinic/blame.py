"""Which line to point at: the one whose value mends the gradients, an earlier one that spoilt it, a loop, or the return.

Each answer is ((code, line), step or None, what is found there, what is due), or None where nothing can be told.
"""
import re
from itertools import pairwise

import numpy as np

from .behind import base, handed_on, inside, one_path
from .source import adds_to, leaves_a_loop, line_text, lines_of, loop_around, only_fetches
from .trace import read
from .values import NAMES, TERMS, equal, fitted, written
from .wrong_values import told


def place(best, guesses, seen, values, off):
    """Where to point.   best: the guess that mends, or None     seen: Steps of the run     off: the gradients that are wrong"""
    for code in dict.fromkeys(change.code for change in seen.changes):
        if line := leaves_a_loop(code):
            return (code, line), None, "the loop ends here in its first turn: this line leaves it", ""
    if best and not _of_unfilled(best, values) and not _turned(best, guesses, values):
        return _of_guess(best, seen, values)
    return _of_loop(guesses, seen, values, off) or _of_return(guesses, seen, values, off)


def _of_guess(guess, seen, values):
    """(place, step, found, due) of the guess that mends; of the line behind it where it only hands on what that has spoilt."""
    change, step, role = guess.changes[guess.first], guess.steps[guess.first], guess.role
    uncounted = guess.changes[0].caller and not guess.counters and _rising(guess)
    if _shared(guess, seen) or uncounted:                       # of a function that is called in the wrong order, perhaps
        return None
    if counter := _wrong_order(guess, values):
        words = f"the steps come in the wrong order, or one too many or too few: {written(role, step)} cannot be complete then"
        return _at_loop("moves", counter, guess, seen, words)
    for _ in range(5):
        behind = handed_on(change, role, step, seen, values)
        if behind is None or behind[0] == "caller":
            break
        change, role, step = behind
    if counter := _late_start(guess, change, role, step, seen, values):
        words = f"the loop begins at step {step}. Step {values.T} must come first: it sends a message back"
        return _at_loop("starts", counter, guess, seen, words)
    at = change.caller if behind else inside(change, role, step, seen, values)
    up = values.one["up"].get(step, np.empty(0))
    if role == "dh" and equal(change.after, up) and (others := adds_to(change.code, change.raw)):
        at = _run_next(change, others, seen)                                                    # which was to add the message
    whole = len(guess.changes) == len(guess.visits)            # not filled entry by entry, from arrays that are half filled, too
    path = role == "dh" and one_path(change.raw, change.after, step, values)
    if not behind and (path or (whole and _tainted(change, role, values))):
        return None
    if not at or _from_elsewhere(change, role, step, at, seen, values):
        return None
    alone = role.startswith("sum") and change.before is None                   # a term, which another line adds
    due = (f"0, since there is no step {step}" if isinstance(step, int) and step > values.T else
           written(role, step, equation=not alone))
    return at, step[1] if isinstance(step, tuple) else step, told(change, role, step, values), due


def _run_next(change, lines, seen):
    """Which (code, line) of some lines was run after a change, and before its own line was run again; None if none was."""
    again = next((c.time for c in seen.changes[change.time + 1:] if c.key == change.key), len(seen.changes) + 1)
    return next(((change.code, line) for line in lines
                 if any(change.time < time < again for time in seen.visits.get((change.code, line), ()))), None)


def _at_loop(part, counter, guess, seen, words):
    """The answer with the line that "starts", "ends" or "moves" a counter, all three the head of a `for`; or None.

    It is that of a loop in the function of the guess, or around the call of that; or in a generator that the loop goes through
    """
    change = guess.changes[0]
    code, call = (change.code, 0) if (change.code, counter) in seen.counters else change.caller or (None, 0)
    lines = seen.counters.get((code, counter), [0])
    if generator := next((c.code for c in seen.changes if c.caller == (code, lines[-1])), None):
        code, lines = generator, seen.counters.get((generator, counter), [0])
    head, end = loop_around(code, lines[-1]) if lines[-1] else (0, -1)
    if end < head or (call and not head <= call <= end):
        return None
    starts = [head, *(line for line in lines if line < head < lines[-1])][-1]
    return (code, {"starts": starts, "ends": head, "moves": lines[-1]}[part]), None, words, ""


def _from_elsewhere(change, role, step, at, seen, values):
    """Whether a line may do what it should, and a function that it calls, or the one that calls it, does not."""
    given_back = [r for r in seen.returned if r.code is at[0] and r.time <= change.time]
    if any(r.caller and r.caller[0] is r.code for r in given_back):                              # it calls itself
        if role.startswith("partial") and not change.after.any():
            return True                                         # right where it ends: what adds to that is missing
        ends = [r.value for r in given_back if r.line != at[1] and r.value.any()]
        return role.startswith("total") and not all(any(values.right_at(t, v) for t in values.steps) for v in ends)
    if (role.startswith("total") or (role.startswith("sum") and at == (change.code, change.line))) and _calls(at, seen):
        return True
    if change.caller and only_fetches(change.code, change.line):
        return True
    others = [value for table in (values.one, values.pair) for other, value in table.get(role, {}).items()
              if other not in (step, (step, step))]
    same = any(equal(change.after, v) for v in (fitted(other, change.after.shape) for other in others) if v is not None)
    return bool(change.caller) and "[" not in line_text(change.code, change.line) and same


def _calls(place, seen):
    """Whether a line has called a function of the learner's that has a name, perhaps by way of another one, such as reduce."""
    return any(c.caller == place and c.code.co_name[0] != "<" for c in seen.changes)


def _tainted(change, role, values):
    """Whether what a line has used is itself none of the values of the equations: then which line is wrong cannot be told."""
    names, fills = read(change.code, change.line), change.name.endswith("]") or role.startswith(("sum", "total"))
    used = [array for label, array in change.inputs.items() if base(label) in names and not (fills and label == change.raw)]
    return not all(map(values.known, used))


def _late_start(guess, change, role, step, seen, values):
    """The counter of a loop that begins after step T: at its first visit the message is the zeros that were made before it."""
    if guess.first or change is guess.changes[0] or role != "message" or step >= values.T or change.after.any():
        return None
    first = [*zip(guess.changes[:2], guess.steps[:2], strict=True)]
    return next((name for _, name in seen.counters if all(c.numbers.get(name) == at for c, at in first)), None)


def _shared(guess, seen):
    """Whether another line fills the same array entry by entry: which of the two is wrong cannot be told."""
    change, start, end = guess.changes[guess.first], guess.visits[0][0].time + 1, guess.changes[guess.first].time
    if len(guess.changes) == len(guess.visits):
        start, end = (end, None) if not change.after.any() else (end, end)       # made to be filled, or not filled at all
    return any(c.raw == change.raw and c.line != change.line and c.code is change.code and c.before is not None
               and np.count_nonzero(c.before != c.after) <= 1 for c in seen.changes[start:end])


def _of_unfilled(guess, values):
    """Whether a total is rightly made, or a part rightly taken, of an array that has not all its rows."""
    change = guess.changes[guess.first]
    held = [turned for array in change.inputs.values() for turned in (array, array.T)]
    if guess.role.startswith("total"):
        left, *right = TERMS[guess.role.replace("total", "sum")]
        partner, due = values.all[right[0]] if right else np.ones((values.T, 1)), values.all[left]
        def total(rows):
            return fitted((rows.T @ partner).reshape(values.all[guess.role].shape), change.after.shape)
        rows = [part for a in held if a.shape[1:] == due.shape[1:] for part in _in_a_row(a, values.T)]
        return any(not equal(part, due) and equal(total(part), change.after) for part in rows)
    def part_of(array, rows):
        return array.ndim == rows.ndim and any(equal(part, rows) for part in _in_a_row(array, len(rows)))
    return guess.steps == [None] and any(part_of(a, change.after) and not part_of(a, guess.due[0]) for a in held)


def _turned(guess, guesses, values):
    """Whether a pass that keeps gradients transposed makes that of W so as well, rightly: it is to be turned in the end."""
    def transposed(c, step):
        return c.after.ndim == 2 and equal(c.after - (0 if c.before is None else c.before), values.value("sum W", step).T)
    return guess.role == "sum W" and all(map(transposed, guess.changes, guess.steps)) and any(
        g.role == "sum V" and all(g.match) and g.changes[0].after.shape == values.params.V.T.shape for g in guesses)


def _in_a_row(array, n):
    """Every n rows in a row of an array."""
    return [array[i:i + n] for i in range(len(array) - n + 1)]


def _wrong_order(guess, values):
    """The counter of a loop that runs the wrong way round: a recursion from the first step, or Jacobians in another order."""
    if guess.role not in ("dh", "da", "message", "sent", "jacobian"):
        return None
    if not isinstance(guess.steps[0], tuple):
        return guess.counters[0] if _rising(guess) and guess.counters else None
    change, often = guess.changes[guess.first], guess.changes
    t, k = guess.steps[guess.first]
    started = values.pair["dh"][t, t] * (values.one["slope"][k] if guess.role == "da" else 1)
    if k < t and len(guess.counters) == 2 and equal(change.after.ravel(), started) and _rises(guess):
        return guess.counters[1]
    def turns(name):
        return sum(a.numbers.get(name) != b.numbers.get(name) for a, b in pairwise(often))
    inner, *outer = sorted(change.numbers, key=turns, reverse=True)
    for name in [inner, *(name for name in outer if turns(name) and name != guess.counters[0])]:          # the order of t is free
        if any(_one_step_on(change, i, values) for i in (change.numbers[name] - 1, change.numbers[name]) if 0 <= i < values.T):
            return name
    return _inner_counter(guess, values) if guess.role == "da" else None


def _rising(guess):
    """Whether the steps, each of one loss with all later ones, come from the first to the last."""
    return len(guess.steps) > 1 and not isinstance(guess.steps[0], tuple) and all(b > a for a, b in pairwise(guess.steps))


def _rises(guess):
    """Whether k goes up while t stays."""
    return any(t == next_t and k < next_k for (t, k), (next_t, next_k) in pairwise(guess.steps))


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


def _of_loop(guesses, seen, values, off):
    """A loop that leaves out steps: all that it makes is right, and something is missing."""
    fine = [g for g in guesses if all(g.match) and g.hits]
    for guess in fine:
        of = {guess.role[4:]} if guess.role.startswith("sum") else {"V", "W", "b_h"} if guess.role == "da" else set()
        if guess.counters and guess.counters != ("row",) and of & off:
            there = {step for g in fine if g.role == guess.role for step in g.steps}
            missing = sorted(set(values.roles(guess.steps[0])[guess.role]) - there)
            if missing:
                return _short_loop(guess, missing, fine, seen, len(values.steps))
    return next(filter(None, (_of_start(g, seen) for g in fine if g.role.startswith("sum") and g.role[4:] in off)), None)


def _of_start(guess, seen):
    """What a sum starts from, if that is not 0."""
    first = guess.changes[0]
    for c in reversed(seen.changes[: first.time]):
        if first.before is not None and first.before.any() and c.raw == first.raw and np.array_equal(c.after, first.before):
            return (c.code, c.line), None, f"the sum d{guess.role[4:]} does not start from 0", ""
    return None


def _short_loop(guess, missing, fine, seen, T):
    """What is said of a loop that never comes to some steps; nothing when it does, and a condition leaves them out."""
    pair, reached = isinstance(missing[0], tuple), {}
    for g in fine:
        if len(g.counters) == 1:
            reached.setdefault(g.counters[0], set()).update(g.steps)
    outer = {t for t, _ in missing} - reached.get(guess.counters[0], set()) if pair else True
    counter = guess.counters[0 if outer else 1]
    listed = re.sub(r", (\d+)$", r" and \1", ", ".join(map(str, missing[:3])) + " and so on" * (len(missing) > 3))
    named = "(t, k) =" if pair else "steps" if len(missing) > 1 else "step"
    if not pair and set(missing) <= reached.get(counter, set()):
        return None
    part = "ends" if pair else _part(guess.steps, missing)
    return _at_loop(part, counter, guess, seen, f"in a run of {T} steps the loop never comes to {named} {listed}")


def _part(steps, missing):
    """What part of a loop leaves out the missing steps, by where they would come."""
    sign = 1 if steps[0] < steps[-1] else -1
    come, lost = [sign * t for t in steps], [sign * t for t in missing]
    return "ends" if min(lost) > max(come) else "starts" if max(lost) < min(come) else "moves"


def _of_return(guesses, seen, values, off):
    """The line that returns, when all that it is made of is right."""
    fine = [g for g in guesses if all(g.match)]
    if not off or seen.last is None:
        return None
    steps, right = {step for g in fine if g.role == "da" for step in g.steps}, {g.changes[0].key for g in fine}
    da = None in steps or steps >= set(values.steps)
    def ready(name):
        total = getattr(values.right, name)
        made = any(c.after.shape == total.shape and not c.copied and c.key not in right for c in seen.changes)
        return any(equal(c.after, total) for c in seen.changes) or (not made and (name in ("U", "b_y") or da))
    inputs = next((r.inputs for r in reversed(seen.returned) if (r.code, r.line) == seen.last), {})
    used = [array for label, array in inputs.items() if base(label) in read(*seen.last)]
    if not all(map(ready, off)) or not all(map(values.known, used)) or _calls(seen.last, seen):
        return None
    wrong = ", ".join(name for name in NAMES if name in off)
    code, first = seen.last
    named = [line for line in sorted(lines_of(code, first)) if re.match(rf"({wrong})\s*=", line_text(code, line))]
    return (code, (named or [first])[0]), None, f"what it is made of is right, and what it returns is not: {wrong}", ""
