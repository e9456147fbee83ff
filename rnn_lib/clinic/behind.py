"""Behind a wrong value: the line that spoilt what another line has used rightly.

A value is given as (change, role, step): what a line made, what that is meant to be, and of which step.
"""
import re
from inspect import CO_GENERATOR

import numpy as np

from .trace import holds, read
from .values import TERMS, equal, fitted

# what variables are called that hold one of the two paths to h_t
ONE_PATH = {"up": "up|down|above|below|out|top|loss|direct|vert", "message": "back|carr|mes|msg|lat|next|flow|prev|time|fut"}


def handed_on(change, role, step, seen, values):
    """(change, role, step) that spoilt what this line has used rightly; None if the line itself is wrong."""
    if not isinstance(step, int) or not 1 <= step <= values.T:
        return None
    names, own = read(change.code, change.line), {change.raw} if role.startswith("sum") else set()
    held = {label: array for label, array in change.inputs.items() if base(label) in names and label not in own}
    own_inputs = [each for each in change.inputs.items() if base(each[0]) not in change.code.co_freevars]
    for label, array in held.items():
        if role.startswith("sum") and _adds(change, array) and not values.right_at(step, array):
            return _setter(change, array, label, seen, role, step, values)
    for (other, at), relation in _relations(role, step, values):
        due = values.value(other, at)
        if other == "dh" and _has_the_other(change, at, values) and any(one_path(*each, at, values) for each in held.items()):
            continue                                    # right as one of the two paths: the other is missing in this line
        if due.any() and any(_offers(*each, due, names) for each in own_inputs):
            continue                                    # what is due was there: the line has used something else
        for label, array in held.items():
            for part in _spoilt(array, due, values):
                none = not part.any() and not (change.after.any() and other in ("message", "da"))
                if (not none or (role, other) == ("da", "dh")) and _made(change, role, relation(part)):
                    setter = _setter(change, part, label, seen, other, at, values)
                    if setter or not none:
                        return setter
    return None


def inside(change, role, step, seen, values):
    """The line that made the value: in a function called on the way, unless that only handed on what its inputs had spoilt."""
    for back in reversed([r for r in seen.returned if r.time <= change.time]):
        if np.array_equal(back.value, change.after) and back.caller == (change.code, change.line):
            handed = role != "dh" or any(equal(a, values.value("message", step)) for a in back.inputs.values())
            if not handed:                                     # it cannot add what it was not given
                return back.caller
            inner = _as_change(back, change, seen, maker=role.startswith("sum"))
            return (inner.code, inner.line) if handed_on(inner, role, step, seen, values) is None else back.caller
    return change.code, change.line


def one_path(label, array, t, values):
    """Whether a variable holds one of the two paths that meet at h_t, and is called so."""
    return any(equal(array.ravel(), values.one[role][t]) and re.search(names, label.lower()) for role, names in ONE_PATH.items())


def base(label):
    """The variable's name in that of an array inside it."""
    return re.split(r"[\[.]", label)[0]


def _has_the_other(change, t, values):
    """Whether a function could add U' do_t: it has that, or do."""
    return change.caller is None or any(holds(array, values.one[name][t]) for name in ("up", "do")
                                        for array in change.inputs.values())


def _adds(change, array):
    """Whether a line adds an array as it is."""
    try:
        return array.any() and equal(change.after, array if change.before is None else change.before + array)
    except ValueError:
        return False


def _offers(label, array, due, names):
    """Whether a line could have taken what is due from an array: from one that it reads, or in place of what it reads."""
    return holds(array, due) if base(label) in names else "#" not in label and equal(array.ravel(), due.ravel())


def _spoilt(array, due, values):
    """What of an array may stand where something else is due; nothing where the line could have taken that from the array."""
    weights = any(equal(array, given) for given in values.params)       # a row of them is no value of a step, even if it looks so
    rows = [row for row in array if row.any()] if array.ndim > 1 and not weights else []
    parts = [p.ravel() for p in (array, *rows) if p.size == due.size]
    in_time = len(array) == values.T and all(values.right_at(t, row) for t, row in enumerate(array, 1))
    ready = in_time or any(equal(p, due.ravel()) for p in parts)
    return [] if ready else [p.reshape(due.shape) for p in parts]


def _made(change, role, value):
    add = role.startswith("sum") and change.before is not None
    value = fitted(value, change.after.shape)
    return value is not None and equal(change.after, change.before + value if add else value)


def _as_change(returned, change, seen, maker=True):
    """What a function gave back, as a Change: the one in that function that made it, else the line that returned it."""
    own = [c for c in seen.changes[: returned.time] if c.code is returned.code and np.array_equal(c.after, returned.value)]
    if own and maker:
        return own[-1]
    return change._replace(code=returned.code, line=returned.line, name="", raw="", inputs=returned.inputs, time=returned.time,
                           caller=returned.caller, after=returned.value, before=None)


def _setter(change, part, label, seen, role, step, values):
    """What put a value where this line found it: (change, role, step); None where the line picks it out itself, or takes what
    is right in a place of its own.
    """
    def sets(c):
        same = c.raw == label if "." in label else base(c.name) == base(label) and c.code is change.code
        return same and (holds(c.after, part) if part.any() else c.after.size == part.size and not c.after.any())
    earlier = [c for c in seen.changes[: change.time] if sets(c)]
    sent_at = step + 1 if role == "message" and part.any() else step          # da_{t+1}, where W' da_{t+1} is due, is right
    came = [r.code for r in seen.returned if earlier and r.caller == (change.code, earlier[-1].line)]
    meant = any(code is change.code or code.co_flags & CO_GENERATOR for code in came)       # for this use, and for no other
    if earlier and (earlier[-1].copied or role == "dh" or meant or not values.right_at(sent_at, part)):
        return earlier[-1], role, step
    argument = base(label) in change.code.co_varnames[: change.code.co_argcount]
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
