"""What a wrong value is, in words: a right one of another place, one with a piece missing, or a product."""
from itertools import product

import numpy as np

from .values import equal, fitted, written


def told(change, role, step, values):
    """What a wrong value is, in words."""
    value = change.after - change.before if role.startswith("sum") and change.before is not None else change.after
    if not value.any():
        return "is 0"
    due = fitted(values.value(role, step), value.shape)
    factor = 0 if due is None else float(np.vdot(due, value) / (np.vdot(due, due) or 1))
    if factor and equal(value, factor * due):
        return f"is {factor:.4g} times that"
    if due is not None and due.ndim == 2 and equal(value, due.T):
        return "is that transposed"
    if role.startswith("sum") and due is not None and equal(change.after, due):
        return "is that alone: what the sum was before is gone"
    if due is not None and np.shape(change.before) == due.shape and equal(value, change.before + due):
        return "is that, added to what was there before: = is due, not +="
    return next((words if words.startswith("has ") else f"equals {words}" for words, other in _known(role, step, values)
                 if other.any() and _fits(other, value)), "is none of the values of the equations")


def _known(role, step, values):
    """(words, value) of what is known: one with a piece missing, a right one of another place, a product of right ones."""
    made = {"dh": _arrivals, "da": _passed, "message": _messages, "sent": _messages}.get(role)
    if made and isinstance(step, int) and step < values.T + (role != "message"):
        yield from made(step + (role == "message"), values)
    for table in (values.one, values.pair) if step is not None else ({r: {None: v} for r, v in values.all.items()},):
        for other, found in sorted(table.items(), key=lambda item: item[0] == "up"):             # U' do_T is dh_T, and called so
            yield from ((written(other, at), right) for at, right in found.items())
    if role.startswith(("sum", "total")):
        yield from _products(values)


def _fits(right, value):
    right = fitted(right, value.shape)
    return right is not None and equal(value, right)


def _products(values):
    """(words, value) of what people add up: each gradient with each state or input, at any step; or all of one kind."""
    for left, right in product(("da", "dh", "do"), ("before", "h", "x")):
        name, L, R = f"the sum over all t of {written(left, 't')} {written(right, 't')}'", values.all[left], values.all[right]
        yield from ((name, L.T @ R), (f"{name}, with one of the two in reverse order", L[::-1].T @ R))
        lefts = [*values.one[left].items(), *values.pair.get(left, {}).items()]
        for (t, its), (k, other) in product(lefts, values.one[right].items()):
            yield f"{written(left, t)} {written(right, k)}'", np.outer(its, other)


def _messages(t, values):
    """(words, value) of what people make of W' da_t, which goes from step t to the one before."""
    da, dh, W = values.value("da", t), values.value("dh", t), values.params.W
    return ((f"W da_{t}: the transpose is missing", W @ da), (f"W' dh_{t}: f' is not in it", dh @ W),
            (f"da_{t}: W' is missing", da))


def _arrivals(t, values):
    """(words, value) of what people make of dh_t."""
    up, message, after = values.one["up"], values.one["message"][t], f"W' da_{t + 1}"
    yield f"U' do_{t}: the message from step {t + 1} is not in it", up[t]
    yield from ((f"U' do_{t} + {words}", up[t] + wrong) for words, wrong in _messages(t + 1, values))
    yield from ((f"U' do_{t} - {after}", up[t] - message), (f"U' do_{t} + 2 {after}", up[t] + 2 * message))
    yield from ((f"U' do_{other} + {after}", its + message) for other, its in up.items())


def _passed(t, values):
    """(words, value) of what people make of da_t."""
    up, message = values.one["up"][t], values.one["message"][t]
    yield from ((words, slope * values.one["dh"][t]) for words, slope in _slopes(t, values))
    yield f"f'(a_{t}) * U' do_{t} + W' da_{t + 1}: f' is due on both", values.one["slope"][t] * up + message


def _slopes(t, values):
    """(words, factor) of what people take for f'(a_t)."""
    h, slope = values.one["h"][t], values.one["slope"]
    earlier, later = slope.get(t - 1, 1 - values.one["before"][t] ** 2), values.value("slope", t + 1)
    yield f"dh_{t}: f' is not in it", np.ones_like(h)
    yield f"has h_{t} where f'(a_{t}) is due", h
    yield f"has f'(h_{t}) where f'(a_{t}) is due", 1 - np.tanh(h) ** 2
    yield f"has 1 - a_{t}^2 where 1 - h_{t}^2 is due", 1 - values.given[0][t - 1] ** 2
    yield f"has f'(a_{t - 1}), that of the step before, where f'(a_{t}) is due", earlier
    yield f"has f'(a_{t + 1}), that of the step after, where f'(a_{t}) is due", later
    yield f"dh_{t} / f'(a_{t}): divided in place of multiplied", 1 / slope[t]
    yield "has f' in it twice", slope[t] ** 2
    yield f"has 1 + h_{t}^2 where 1 - h_{t}^2 is due", 1 + h ** 2
    yield f"has -h_{t}^2 where 1 - h_{t}^2 is due", -h ** 2
    yield f"has h_{t} (1 - h_{t}), the slope of the logistic function, where f'(a_{t}) is due", h * (1 - h)
