"""What a wrong value is, in words: a right one of another place, or one with a piece missing."""
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
    return next(_known(value, role, step, values), "is none of the values of the equations")


def _known(value, role, step, values):
    """What a wrong value equals, if it is a right one of another place, or one with a piece missing."""
    inside = isinstance(step, int) and step <= values.T
    if role == "dh" and inside:
        yield from (words for words, other in _arrivals(step, values) if _fits(other, value))
    if role == "da" and inside:
        yield from (words for words, slope in _slopes(step, values) if _fits(slope * values.one["dh"][step], value))
    if role == "sent" and inside and _fits(values.params.W @ values.one["da"][step], value):
        yield f"equals W da_{step}: the transpose is missing"
    for table in (values.one, values.pair) if step is not None else ({r: {None: v} for r, v in values.all.items()},):
        for other, found in table.items():
            yield from (f"equals {written(other, at)}" for at, right in found.items() if right.any() and _fits(right, value))


def _fits(right, value):
    right = fitted(right, value.shape)
    return right is not None and equal(value, right)


def _arrivals(t, values):
    """(words, value) of what people make of dh_t."""
    up, message, after = values.one["up"][t], values.one["message"][t], values.value("da", t + 1)
    yield f"equals U' do_{t}: the message from step {t + 1} is not in it", up
    yield f"equals U' do_{t} + W da_{t + 1}: the transpose is missing", up + values.params.W @ after
    yield f"equals U' do_{t} - W' da_{t + 1}", up - message
    yield f"equals U' do_{t} + 2 W' da_{t + 1}", up + 2 * message


def _slopes(t, values):
    """(words, factor) of what people take for f'(a_t)."""
    h, slope = values.one["h"][t], values.one["slope"]
    earlier, later = slope.get(t - 1, 1 - values.one["before"][t] ** 2), values.value("slope", t + 1)
    yield f"equals dh_{t}: f' is not in it", np.ones_like(h)
    yield f"has h_{t} where f'(a_{t}) is due", h
    yield f"has f'(a_{t - 1}), that of the step before, where f'(a_{t}) is due", earlier
    yield f"has f'(a_{t + 1}), that of the step after, where f'(a_{t}) is due", later
    yield f"equals dh_{t} / f'(a_{t}): divided in place of multiplied", 1 / slope[t]
    yield "has f' in it twice", slope[t] ** 2
    yield f"has 1 + h_{t}^2 where 1 - h_{t}^2 is due", 1 + h ** 2
    yield f"has -h_{t}^2 where 1 - h_{t}^2 is due", -h ** 2
    yield f"has h_{t} (1 - h_{t}), the slope of the logistic function, where f'(a_{t}) is due", h * (1 - h)
