"""All that a right backward pass computes on one network: by role, such as dh, and by step t, or (t, k) for one loss alone."""
from functools import cached_property

import numpy as np

from ..bptt import bptt
from ..definition import contributions, jacobian
from ..gradcheck import relative_error
from ..losses import softmax
from .form import NAMES

WRITTEN = {     # how a value of step t is written (n: the step after, p: the step before), and the equation behind it
    "do": ("do_{t}", ""), "h": ("h_{t}", ""), "before": ("h_{p}", ""), "x": ("x_{t}", ""), "slope": ("f'(a_{t})", ""),
    "up": ("U' do_{t}", ""), "message": ("W' da_{n}", ", the message from step {n}"),
    "sent": ("W' da_{t}", ", the message to step {p}"), "dh": ("dh_{t}", " = U' do_{t} + W' da_{n}"),
    "diagonal": ("diag f'(a_{t})", ""), "J": ("J_{t}", " = diag(f'(a_{t})) W"),
    "da": ("da_{t}", " = f'(a_{t}) * dh_{t}"), "jacobian": ("dh_{t}/dh_{k}", ""),
    "sum V": ("da_{t} x_{t}'", ", added to what dV was"), "sum W": ("da_{t} h_{p}'", ", added to what dW was"),
    "sum U": ("do_{t} h_{t}'", ", added to what dU was"), "sum b_h": ("da_{t}", ", added to what db_h was"),
    "sum b_y": ("do_{t}", ", added to what db_y was")}
ONE_LOSS = {"dh": "dL_{t}/dh_{k}", "da": "dL_{t}/da_{k}", "sent": "W' dL_{t}/da_{k}"}

# what is added at each step, by its factors
TERMS = {"sum V": ("da", "x"), "sum W": ("da", "before"), "sum U": ("do", "h"), "sum b_h": ("da",), "sum b_y": ("do",)}


class Values:
    """The right values on one network, `one[role][t]`, `pair[role][t, k]` and `all[role]` (a row for each step, or a total)."""

    def __init__(self, params, run, do):
        T, slope = len(do), run.f.slope(run.a)
        self.params, self.T, self.steps, self.right = params, T, range(1, T + 1), bptt(params, run, do)
        da, up = contributions(params, run, do, "b_h").sum(0), do @ params.U
        message = np.vstack([da @ params.W, np.zeros(len(params.W))])                # what comes to h_0, h_1, ...; to h_T nothing
        rows = {"do": do, "up": up, "dh": up + message[1:], "da": da, "message": message[1:], "sent": message[:-1],
                "slope": slope, "h": run.h[1:], "before": run.h[:-1], "x": run.x}
        self.all = {**rows, "h rows": run.h, **{f"total {n}": getattr(self.right, n) for n in NAMES}}
        self.all |= {f"weights {n}": getattr(params, n) for n in ("V", "W", "U")}
        self.given = [run.a, run.o, softmax(run.o), params.b_h, params.b_y]
        rows |= {"diagonal": np.array([np.diag(s) for s in slope]), "J": slope[:, :, None] * params.W}
        self.one = {role: dict(enumerate(array, 1)) for role, array in rows.items()}
        for role, parts in TERMS.items():
            terms = [self.product(*(self.one[part][t] for part in parts)) for t in range(1, T + 1)]
            self.one[role] = dict(enumerate(terms, 1))
            self.one[role.replace("sum", "partial")] = dict(enumerate(np.cumsum(terms[::-1], axis=0)[::-1], 1))
        self.pair = self._pairs(params, run, do, slope)

    def _pairs(self, params, run, do, slope):
        steps = [(t, k) for t in range(1, self.T + 1) for k in range(1, t + 1)]
        J = {(t, k): jacobian(params, run, t, k) for t, k in steps}
        dh = {(t, k): do[t - 1] @ params.U @ J[t, k] for t, k in steps}
        da = {(t, k): slope[k - 1] * dh[t, k] for t, k in steps}
        sums = {f"sum {name}": dict(zip(steps, contributions(params, run, do, name)[np.tril_indices(self.T)], strict=True))
                for name in ("V", "W", "b_h")}
        return {"dh": dh, "da": da, "sent": {step: da[step] @ params.W for step in steps}, "jacobian": J, **sums}

    @cached_property
    def _by_size(self):
        """size -> (n, size) of all these values, and of what is given beside them, in rows; matrices turned as well"""
        steps, found = [v for table in (self.one, self.pair) for role in table.values() for v in role.values()], {}
        for value in [*self.given, *self.all.values(), *steps]:
            found.setdefault(value.size, []).extend([value.ravel(), value.T.ravel()][:value.ndim])
        return {size: np.array(vectors) for size, vectors in found.items()}

    def known(self, array):
        """Whether an array, or each of its rows, or of its columns, is one of these values, or 0."""
        return any(all(map(self._known, parts)) for parts in ([array], array, array.T)[: 3 if array.ndim > 1 else 1])

    def right_at(self, step, array):
        """Whether an array is one of the values of a step."""
        return any(equal(table[step].ravel(), array.ravel()) for table in self.one.values() if step in table)

    def _known(self, part):
        of_size = self._by_size.get(part.size, np.empty((0, part.size)))
        near = np.abs(of_size - part.ravel()).max(1, initial=0) <= 1e-9 * np.abs(part).max(initial=0)
        return part.size < 2 or not part.any() or bool(near.any())

    @staticmethod
    def product(left, right=None):
        return left if right is None else np.multiply.outer(left, right)

    def roles(self, step):
        """The roles that a value of a step can have."""
        return self.all if step is None else self.pair if isinstance(step, tuple) else self.one

    def value(self, role, step):
        table = self.roles(step)[role]
        return table if step is None else table[step] if step in table else np.zeros_like(table[1])


def fitted(value, shape):
    """A value in the shape that a learner gave it, perhaps a column for a vector, or the transpose; None if it does not fit."""
    plain = tuple(n for n in shape if n != 1)
    if plain == tuple(n for n in value.shape if n != 1):
        return value.reshape(shape)
    if shape == value.shape[::-1]:
        return value.T
    return None


def equal(one, other):
    """Whether two values of a pass have the same shape and the same numbers, up to rounding."""
    return one.shape == other.shape and relative_error(one, other) <= 1e-9


def written(role, step, equation=False):
    """How a value is written in the lesson's letters."""
    if step is None:
        name = role.split()[-1]
        if role.startswith("weights"):
            return name
        return f"d{name}, the sum over all t" if role.startswith("total") else f"{written(role.split()[0], 't')} of all steps"
    pair = isinstance(step, tuple)
    if role.startswith("partial"):
        return f"d{role[8:]} from step T down to {step}"
    t, k = step if pair else (step, step)
    if pair and role in ONE_LOSS:
        return ONE_LOSS[role].format(t=t, k=k)
    if pair and role.startswith("sum"):
        return f"C[{t},{k}] of {role[4:]}" + (", added to what the sum was" if equation else "")
    after, prior = (t + 1, t - 1) if t != "t" else ("{t+1}", "{t-1}")
    return "".join(WRITTEN[role][: 2 if equation else 1]).format(t=t, k=k, n=after, p=prior)
