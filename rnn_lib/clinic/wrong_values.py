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
    return next(_known(value, role, step, values), "is none of the values of the equations")


def _known(value, role, step, values):
    """What a wrong value equals, if it is a right one of another place, one with a piece missing, or a product of right ones."""
    made = {"dh": _arrivals, "da": _passed, "message": _messages, "sent": _messages}.get(role)
    if made and isinstance(step, int) and step < values.T + (role != "message"):
        yield from (words for words, other in made(step + (role == "message"), values) if _fits(other, value))
    for table in (values.one, values.pair) if step is not None else ({r: {None: v} for r, v in values.all.items()},):
        for other, found in sorted(table.items(), key=lambda item: item[0] == "up"):             # U' do_T is dh_T, and called so
            yield from (f"equals {written(other, at)}" for at, right in found.items() if right.any() and _fits(right, value))
    if role.startswith(("sum", "total")):
        yield from (words for words, other in _products(step, values) if _fits(other, value))


def _fits(right, value):
    right = fitted(right, value.shape)
    return right is not None and equal(value, right)


def _products(step, values):
    """(words, value) of what people add up: each gradient with each state or input, at any step; or such a sum of all."""
    lefts, rights = ("da", "dh", "do"), ("before", "h", "x")
    for left, right in product(lefts, rights):
        if step is None:
            name, L, R = f"{written(left, 't')} {written(right, 't')}'", values.all[left], values.all[right]
            yield f"equals the sum over all t of {name}", L.T @ R
            yield f"equals the sum over all t of {name}, with one of the two in reverse order", L[::-1].T @ R
        else:
            tables = values.one[left], values.pair.get(left, {})
            for (at, l), (k, r) in product([each for table in tables for each in table.items()], values.one[right].items()):
                yield f"equals {written(left, at)} {written(right, k)}'", np.outer(l, r)


def _messages(t, values):
    """(words, value) of what people make of W' da_t, which goes from step t to the one before."""
    one, W = values.one, values.params.W
    yield f"equals W da_{t}: the transpose is missing", W @ one["da"][t]
    yield f"equals W' dh_{t}: f' is not in it", one["dh"][t] @ W


def _arrivals(t, values):
    """(words, value) of what people make of dh_t."""
    up, message, after = values.one["up"][t], values.one["message"][t], values.value("da", t + 1)
    yield f"equals U' do_{t}: the message from step {t + 1} is not in it", up
    yield f"equals U' do_{t} + W da_{t + 1}: the transpose is missing", up + values.params.W @ after
    yield f"equals U' do_{t} + da_{t + 1}: W' is missing", up + after
    yield f"equals U' do_{t} + W' dh_{t + 1}: f' is missing", up + values.value("dh", t + 1) @ values.params.W
    yield f"equals U' do_{t} - W' da_{t + 1}", up - message
    yield f"equals U' do_{t} + 2 W' da_{t + 1}", up + 2 * message
    for other, its in values.one["up"].items():
        yield f"equals U' do_{other} + W' da_{t + 1}", its + message


def _passed(t, values):
    """(words, value) of what people make of da_t."""
    up, message = values.one["up"][t], values.one["message"][t]
    yield from ((words, slope * values.one["dh"][t]) for words, slope in _slopes(t, values))
    yield f"equals f'(a_{t}) * U' do_{t} + W' da_{t + 1}: f' is due on both", values.one["slope"][t] * up + message


def _slopes(t, values):
    """(words, factor) of what people take for f'(a_t)."""
    h, slope = values.one["h"][t], values.one["slope"]
    earlier, later = slope.get(t - 1, 1 - values.one["before"][t] ** 2), values.value("slope", t + 1)
    yield f"equals dh_{t}: f' is not in it", np.ones_like(h)
    yield f"has h_{t} where f'(a_{t}) is due", h
    yield f"has f'(h_{t}) where f'(a_{t}) is due", 1 - np.tanh(h) ** 2
    yield f"has 1 - a_{t}^2 where 1 - h_{t}^2 is due", 1 - values.given[0][t - 1] ** 2
    yield f"has f'(a_{t - 1}), that of the step before, where f'(a_{t}) is due", earlier
    yield f"has f'(a_{t + 1}), that of the step after, where f'(a_{t}) is due", later
    yield f"equals dh_{t} / f'(a_{t}): divided in place of multiplied", 1 / slope[t]
    yield "has f' in it twice", slope[t] ** 2
    yield f"has 1 + h_{t}^2 where 1 - h_{t}^2 is due", 1 + h ** 2
    yield f"has -h_{t}^2 where 1 - h_{t}^2 is due", -h ** 2
    yield f"has h_{t} (1 - h_{t}), the slope of the logistic function, where f'(a_{t}) is due", h * (1 - h)
