"""Backward passes as people write them, each right, and edits that make them wrong: what stands there -> what people write.

Beside each edit stands the line that is to be shown, by a piece of its text, where it is another than the edited one. These
were written down before there was any code to find them.
"""
import ast
import functools
import random
import re

import numpy as np

from rnn_lib import edits
from rnn_lib.clinic import Five

LOOP = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    T, H = run.a.shape
    gV, gW, gU, gbh, gby = (np.zeros(p.shape) for p in params)
    back = np.zeros(H)
    for t in range(T, 0, -1):
        g = U.T @ do[t - 1] + back
        d = (1 - run.h[t] ** 2) * g
        gU += np.outer(do[t - 1], run.h[t])
        gby += do[t - 1]
        gW += np.outer(d, run.h[t - 1])
        gV += np.outer(d, run.x[t - 1])
        gbh += d
        back = W.T @ d
    return Five(gV, gW, gU, gbh, gby)
"""

FROM_ZERO = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    dV, dW, dU = np.zeros_like(V), np.zeros_like(W), np.zeros_like(U)
    db_h, db_y = np.zeros_like(b_h), np.zeros_like(b_y)
    dhnext = np.zeros_like(b_h)
    for t in reversed(range(len(do))):
        dy = do[t]
        h, hprev, x = run.h[t + 1], run.h[t], run.x[t]
        dU += np.outer(dy, h)
        db_y += dy
        dh = np.dot(U.T, dy) + dhnext
        slope = 1 - h * h
        dhraw = slope * dh
        db_h += dhraw
        dV += np.outer(dhraw, x)
        dW += np.outer(dhraw, hprev)
        dhnext = np.dot(W.T, dhraw)
    return Five(dV, dW, dU, db_h, db_y)
"""

ARRAYS = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    h, x = run.h, run.x
    slope = 1 - h[1:] ** 2
    up = do @ U
    da = np.zeros_like(slope)
    da[-1] = slope[-1] * up[-1]
    for i in range(len(do) - 2, -1, -1):
        da[i] = slope[i] * (up[i] + da[i + 1] @ W)
    dW = da.T @ h[:-1]
    dV = da.T @ x
    dU = do.T @ h[1:]
    return Five(dV, dW, dU, da.sum(0), do.sum(0))
"""

LISTS = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    f_slope = run.f.slope(run.a)
    das = []
    later = np.zeros(len(W))
    for out, s in zip(do[::-1], f_slope[::-1]):
        later = s * (out @ U + later)
        das.append(later)
        later = later @ W
    das = das[::-1]
    dW = sum(np.outer(da, h) for da, h in zip(das, run.h[:-1]))
    dV = sum(np.outer(da, x) for da, x in zip(das, run.x))
    dU = sum(np.outer(o, h) for o, h in zip(do, run.h[1:]))
    db_h = sum(das)
    db_y = sum(do)
    return Five(dV, dW, dU, db_h, db_y)
"""

HELPERS = """\
def through_f(h, dh):
    return dh * (1 - h ** 2)


def at_h(U, do_t, message):
    vertical = U.T @ do_t
    return vertical + message


def add(total, left, right):
    total += np.outer(left, right)


def backward(params, run, do):
    W, U = params.W, params.U
    grads = {name: np.zeros_like(p) for name, p in params._asdict().items()}
    message, t = np.zeros(len(W)), len(do)
    while t > 0:
        dh = at_h(U, do[t - 1], message)
        da = through_f(run.h[t], dh)
        add(grads["W"], da, run.h[t - 1])
        add(grads["V"], da, run.x[t - 1])
        add(grads["U"], do[t - 1], run.h[t])
        grads["b_h"] += da
        grads["b_y"] += do[t - 1]
        message = W.T @ da
        t -= 1
    return Five(**grads)
"""

RECURSIVE = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    def from_step(t):
        if t > len(do):
            return np.zeros(len(W)), Five(*(np.zeros(p.shape) for p in params))
        message, later = from_step(t + 1)
        dh = U.T @ do[t - 1] + message
        da = (1 - run.h[t] ** 2) * dh
        dV = later.V + np.outer(da, run.x[t - 1])
        dW = later.W + np.outer(da, run.h[t - 1])
        dU = later.U + np.outer(do[t - 1], run.h[t])
        db_h = later.b_h + da
        return W.T @ da, Five(dV, dW, dU, db_h, later.b_y + do[t - 1])
    return from_step(1)[1]
"""

DOUBLE = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    dV, dW, dU, db_h, db_y = (np.zeros_like(p) for p in params)
    for t in range(1, len(do) + 1):
        dU += np.outer(do[t - 1], run.h[t])
        db_y += do[t - 1]
        delta = U.T @ do[t - 1]
        for k in range(t, 0, -1):
            delta = (1 - run.h[k] ** 2) * delta
            dW += np.outer(delta, run.h[k - 1])
            dV += np.outer(delta, run.x[k - 1])
            db_h += delta
            delta = W.T @ delta
    return Five(dV, dW, dU, db_h, db_y)
"""

ONE_LINE = """\
def backward(params, run, do):
    T, H = len(do), len(params.W)
    da = np.zeros((T + 2, H))
    for t in range(T, 0, -1):
        da[t] = (1 - run.h[t] ** 2) * (
            do[t - 1] @ params.U
            + da[t + 1] @ params.W)
    inside = da[1:T + 1]
    return Five(
        V=np.einsum("ti,tj->ij", inside, run.x),
        W=np.einsum("ti,tj->ij", inside, run.h[:-1]),
        U=np.einsum("ti,tj->ij", do, run.h[1:]),
        b_h=inside.sum(0),
        b_y=do.sum(0))
"""

ENTRIES = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    T, K = do.shape
    H, D = V.shape
    gV, gW, gU, gbh, gby = (np.zeros(p.shape) for p in params)
    back = np.zeros(H)
    for t in range(T, 0, -1):
        d = np.zeros(H)
        for i in range(H):
            for k in range(K):
                d[i] += U[k, i] * do[t - 1, k]
            d[i] = (d[i] + back[i]) * (1 - run.h[t, i] ** 2)
        for k in range(K):
            gby[k] += do[t - 1, k]
            for i in range(H):
                gU[k, i] += do[t - 1, k] * run.h[t, i]
        back = np.zeros(H)
        for i in range(H):
            gbh[i] += d[i]
            for j in range(D):
                gV[i, j] += d[i] * run.x[t - 1, j]
            for j in range(H):
                gW[i, j] += d[i] * run.h[t - 1, j]
                back[j] += W[i, j] * d[i]
    return Five(gV, gW, gU, gbh, gby)
"""

CELLS = """\
def cell_backward(dh_next, cache, weights):
    h, h_prev, x_t, dy = cache
    W, V, U = weights["W"], weights["V"], weights["U"]
    dh = U.T @ dy + dh_next
    dz = (1 - h ** 2) * dh
    grads = {}
    grads["W"] = dz @ h_prev.T
    grads["V"] = dz @ x_t.T
    grads["U"] = dy @ h.T
    grads["b_h"] = dz.sum(axis=1, keepdims=True)
    grads["b_y"] = dy.sum(axis=1, keepdims=True)
    grads["h_prev"] = W.T @ dz
    return grads

def backward(params, run, do):
    weights = {"W": params.W, "V": params.V, "U": params.U}
    caches = [(run.h[t + 1][:, None], run.h[t][:, None], run.x[t][:, None], do[t][:, None]) for t in range(len(do))]
    gV, gW, gU = np.zeros_like(params.V), np.zeros_like(params.W), np.zeros_like(params.U)
    gbh, gby = np.zeros((len(params.b_h), 1)), np.zeros((len(params.b_y), 1))
    dh_next = np.zeros((len(params.b_h), 1))
    for t in reversed(range(len(caches))):
        grads = cell_backward(dh_next, caches[t], weights)
        dh_next = grads["h_prev"]
        gV += grads["V"]
        gW += grads["W"]
        gU += grads["U"]
        gbh += grads["b_h"]
        gby += grads["b_y"]
    return Five(gV, gW, gU, gbh[:, 0], gby[:, 0])
"""

OBJECT = """\
class Backward:
    def __init__(self, params, run, do):
        self.params, self.run, self.do = params, run, do
        self.sums = {name: np.zeros_like(value) for name, value in params._asdict().items()}
        self.message = np.zeros(len(params.b_h))

    def step(self, t):
        p, run = self.params, self.run
        dh = p.U.T @ self.do[t - 1] + self.message
        da = dh * (1 - run.h[t] ** 2)
        self.sums["U"] += np.outer(self.do[t - 1], run.h[t])
        self.sums["W"] += np.outer(da, run.h[t - 1])
        self.sums["V"] += np.outer(da, run.x[t - 1])
        self.sums["b_h"] += da
        self.sums["b_y"] += self.do[t - 1]
        self.message = p.W.T @ da

def backward(params, run, do):
    made = Backward(params, run, do)
    for t in range(len(do), 0, -1):
        made.step(t)
    return Five(**made.sums)
"""

JACOBIANS = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    T, H = run.a.shape
    slopes = 1 - run.h[1:] ** 2
    J = np.stack([np.diag(slopes[t]) @ W for t in range(T)])
    gV, gW, gU, gbh, gby = (np.zeros(p.shape) for p in params)
    for t in range(T):
        row = do[t] @ U
        gU += np.outer(do[t], run.h[t + 1])
        gby += do[t]
        for k in range(t, -1, -1):
            delta = row * slopes[k]
            gW += np.outer(delta, run.h[k])
            gV += np.outer(delta, run.x[k])
            gbh += delta
            row = row @ J[k]
    return Five(gV, gW, gU, gbh, gby)
"""

IN_PLACE = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    slopes = 1 - run.h[1:] ** 2
    delta = do @ U
    message = np.zeros(len(W))
    for t in reversed(range(len(do))):
        delta[t] = slopes[t] * (delta[t] + message)
        message = delta[t] @ W
    return Five(delta.T @ run.x, delta.T @ run.h[:-1], do.T @ run.h[1:], delta.sum(0), do.sum(0))
"""

SCAN = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    def body(carry, given):
        message, sums = carry
        g, a, h, before, x = given
        dh = g @ U + message
        da = run.f.slope(a) * dh
        terms = (np.outer(da, x), np.outer(da, before), np.outer(g, h), da, g)
        return da @ W, tuple(s + n for s, n in zip(sums, terms))
    steps = list(zip(do, run.a, run.h[1:], run.h[:-1], run.x))
    start = (np.zeros(len(W)), tuple(np.zeros(p.shape) for p in params))
    _, five = functools.reduce(body, reversed(steps), start)
    return Five(*five)
"""

SUMS = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    def go(t):
        if t > len(do):
            return np.zeros(len(W)), np.zeros_like(V), np.zeros_like(W), np.zeros_like(U), 0 * b_h, 0 * b_y
        later, gV, gW, gU, gb, gc = go(t + 1)
        dh = do[t - 1] @ U + later
        d = run.f.slope(run.a[t - 1]) * dh
        return (d @ W, gV + np.outer(d, run.x[t - 1]), gW + np.outer(d, run.h[t - 1]),
                gU + np.outer(do[t - 1], run.h[t]), gb + d, gc + do[t - 1])
    _, *five = go(1)
    return Five(*five)
"""

COURSE = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    dV, dW, dU, db_h, db_y = (np.zeros_like(p) for p in params)
    da = np.zeros_like(run.h[0])
    for t in range(len(do), 0, -1):
        dh = do[t-1] @ U + da @ W
        da = run.f.slope(run.a[t-1]) * dh
        dU += np.outer(do[t-1], run.h[t])
        db_y += do[t-1]
        dW += np.outer(da, run.h[t-1])
        dV += np.outer(da, run.x[t-1])
        db_h += da
    return Five(dV, dW, dU, db_h, db_y)
"""

TWO_LINES = """\
def backward(params, run, do):
    T, H = run.a.shape
    dh, da = np.zeros((T, H)), np.zeros((T, H))
    for t in reversed(range(T)):
        dh[t] = do[t] @ params.U
        if t + 1 < T:
            dh[t] += da[t + 1] @ params.W
        da[t] = dh[t] * (1 - run.h[t + 1] ** 2)
    return Five(da.T @ run.x, da.T @ run.h[:-1], do.T @ run.h[1:], da.sum(0), do.sum(0))
"""

WHILE = """\
def backward(params, run, do):
    t = len(do)
    da = 0 * params.b_h
    dW = dV = dU = db = dc = 0
    while t > 0:
        dh = do[t-1] @ params.U + da @ params.W
        da = (1 - run.h[t]**2) * dh
        dW = dW + np.outer(da, run.h[t-1]); dV = dV + np.outer(da, run.x[t-1])
        dU = dU + np.outer(do[t-1], run.h[t])
        db = db + da
        dc = dc + do[t-1]
        t = t - 1
    return Five(dV, dW, dU, db, dc)
"""

TAPE = """\
def backward(params, run, do):
    V, W, U, b_h, b_y = params
    grads = {"V": 0, "W": 0, "U": 0, "b_h": 0, "b_y": 0}
    def add(name, value):
        grads[name] = grads[name] + value
    tape = []
    for t in range(1, len(do) + 1):
        def node(g, t=t):
            g = g + do[t - 1] @ U
            add("U", np.outer(do[t - 1], run.h[t]))
            add("b_y", do[t - 1])
            da = g * (1 - run.h[t] ** 2)
            add("V", np.outer(da, run.x[t - 1]))
            add("W", np.outer(da, run.h[t - 1]))
            add("b_h", da)
            return da @ W
        tape.append(node)
    g = np.zeros(len(b_h))
    for node in reversed(tape):
        g = node(g)
    return Five(**grads)
"""

GENERATOR = """\
def messages(params, run, do):
    message = np.zeros(len(params.b_h))
    for t in range(len(do), 0, -1):
        dh = do[t - 1] @ params.U + message
        da = dh * (1 - run.h[t] ** 2)
        yield t, da
        message = da @ params.W

def backward(params, run, do):
    dV, dW, dU, db_h, db_y = (np.zeros(p.shape) for p in params)
    for t, da in messages(params, run, do):
        dV += np.outer(da, run.x[t - 1])
        dW += np.outer(da, run.h[t - 1])
        dU += np.outer(do[t - 1], run.h[t])
        db_h += da
        db_y += do[t - 1]
    return Five(dV, dW, dU, db_h, db_y)
"""

RETURNS_DA = """\
def backward(params, run, do):
    T = len(do)
    dV, dW, dU, db_h, db_y = [np.zeros_like(p) for p in params]
    def da(t):
        if t > T:
            return np.zeros_like(params.b_h)
        later = da(t + 1)
        dh = params.U.T @ do[t - 1] + params.W.T @ later
        here = run.f.slope(run.a[t - 1]) * dh
        dV[:] += np.outer(here, run.x[t - 1])
        dW[:] += np.outer(here, run.h[t - 1])
        dU[:] += np.outer(do[t - 1], run.h[t])
        db_h[:] += here
        db_y[:] += do[t - 1]
        return here
    da(1)
    return Five(dV, dW, dU, db_h, db_y)
"""

STYLES = {"cells": CELLS, "object": OBJECT, "jacobians": JACOBIANS, "in place": IN_PLACE, "loop": LOOP, "from zero": FROM_ZERO,
          "arrays": ARRAYS, "lists": LISTS, "helpers": HELPERS, "recursive": RECURSIVE, "double": DOUBLE, "one line": ONE_LINE,
          "entries": ENTRIES}
SELF = """\
class Back:
    def __init__(self, params, run, do):
        self.p, self.run, self.do = params, run, do
        self.V, self.W, self.U, self.b_h, self.b_y = (np.zeros_like(p) for p in params)
        self.carry = np.zeros_like(params.b_h)
        for t in range(len(do), 0, -1):
            self.step(t)

    def step(self, t):
        dh = self.do[t - 1] @ self.p.U + self.carry
        da = (1 - self.run.h[t] ** 2) * dh
        self.carry = da @ self.p.W
        self.W += np.outer(da, self.run.h[t - 1])
        self.V += np.outer(da, self.run.x[t - 1])
        self.U += np.outer(self.do[t - 1], self.run.h[t])
        self.b_h += da
        self.b_y += self.do[t - 1]

def backward(params, run, do):
    return Back(params, run, do)
"""

HANDED_IN = {"self": SELF, "course": COURSE, "two lines": TWO_LINES, "while": WHILE, "tape": TAPE, "generator": GENERATOR,
             "returns da": RETURNS_DA}
GUARDED = {"scan": SCAN, "sums": SUMS}          # where the line is often not told, but never another one

# style, what stands there, what people write, (a piece of) the line to be shown, if it is not the edited one
EDITS = [
    ("loop", " + back\n", "\n", None),
    ("loop", "+ back", "- back", None),
    ("loop", "+ back", "+ 2 * back", None),
    ("loop", "U.T @ do[t - 1] + back", "U.T @ do[t - 2] + back", None),
    ("loop", "U.T @ do[t - 1] + back", "U.T @ do[min(t, T - 1)] + back", None),
    ("loop", "(1 - run.h[t] ** 2) * g", "(1 + run.h[t] ** 2) * g", None),
    ("loop", "(1 - run.h[t] ** 2) * g", "g / (1 - run.h[t] ** 2)", None),
    ("loop", "(1 - run.h[t] ** 2) * g", "g", None),
    ("loop", "(1 - run.h[t] ** 2) * g", "run.h[t] * (1 - run.h[t]) * g", None),
    ("loop", "(1 - run.h[t] ** 2) * g", "1 / (1 - run.h[t] ** 2)", None),
    ("loop", "(1 - run.h[t] ** 2) * g", "(1 - run.h[t - 1] ** 2) * g", None),
    ("loop", "(1 - run.h[t] ** 2) * g", "(1 - np.tanh(run.h[t]) ** 2) * g", None),
    ("loop", "(1 - run.h[t] ** 2) * g", "run.h[t] * g", None),
    ("loop", "(1 - run.h[t] ** 2) * g", "(1 - run.h[t] ** 2) ** 2 * g", None),
    ("loop", "back = W.T @ d", "back = W @ d", None),
    ("loop", "back = W.T @ d", "back = 0 * d", None),
    ("loop", "back = W.T @ d", "back = W.T @ g", None),
    ("loop", "back = W.T @ d", "back = d", None),
    ("loop", "back = W.T @ d", "back += W.T @ d", None),
    ("loop", "back = W.T @ d", "back = np.diag(W) * d", None),
    ("loop", "back = W.T @ d", "back = np.clip(W.T @ d, -.1, .1)", None),
    ("loop", "gU += np", "gU = np", None),
    ("loop", "gW += np", "gW = np", None),
    ("loop", "gU += np.outer(do[t - 1], run.h[t])", "gU += np.outer(do[t - 1], run.h[t - 1])", None),
    ("loop", "gW += np.outer(d, run.h[t - 1])", "gW += np.outer(d, run.h[t])", None),
    ("loop", "gW += np.outer(d, run.h[t - 1])", "gW += np.outer(run.h[t - 1], d)", None),
    ("loop", "gW += np.outer(d, run.h[t - 1])", "gW += d * run.h[t - 1]", None),
    ("loop", "gW += np.outer(d, run.h[t - 1])", "gW += np.outer(d, run.h[T - t])", None),
    ("loop", "gW += np.outer(d, run.h[t - 1])", "gW += np.outer(g, run.h[t - 1])", None),
    ("loop", "gV += np.outer(d, run.x[t - 1])", "gV += np.outer(d, run.x[t - 2])", None),
    ("loop", "gV += np.outer(d, run.x[t - 1])", "gV += np.outer(d, run.x[t - 1]) if t > 1 else 0", None),
    ("loop", "gbh += d\n", "gbh += g\n", None),
    ("loop", "gbh += d\n", "gbh -= d\n", None),
    ("loop", "gby += do[t - 1]", "gby += gby", None),
    ("loop", "range(T, 0, -1)", "range(T, 1, -1)", None),
    ("loop", "range(T, 0, -1)", "range(T - 1, 0, -1)", None),
    ("loop", "range(T, 0, -1)", "range(1, T + 1)", None),
    ("loop", "gW, gU, gbh, gby)", "gW / T, gU, gbh, gby)", None),
    ("loop", "Five(gV, gW, gU, gbh, gby)", "Five(gV, gW, gU, gV.sum(1), gU.sum(1))", None),
    ("loop", "    for t in", "    do = do * (np.arange(T)[:, None] == T - 1)\n    for t in", "do = do *"),
    ("loop", "    for t in", "    do = do * (1 - do)\n    for t in", "do = do *"),
    ("loop", "    for t in", "    do = do.astype(np.float32)\n    for t in", "do = do.astype"),
    ("loop", "    return", "    for z in (gV, gW, gU):\n        np.clip(z, -.2, .2, out=z)\n    return", "np.clip"),
    ("loop", "    return", "    gV, gW, gU = gV / T, gW / T, gU / T\n    return", "gV / T"),
    ("from zero", "dy = do[t]", "dy = do[t - 1]", None),
    ("from zero", "dy = do[t]", "dy = -do[t]", None),
    ("from zero", "run.h[t + 1], run.h[t], run.x[t]", "run.h[t + 1], run.h[t + 1], run.x[t]", None),
    ("from zero", "run.h[t + 1], run.h[t], run.x[t]", "run.h[t], run.h[t - 1], run.x[t]", None),
    ("from zero", "run.h[t + 1], run.h[t], run.x[t]", "run.h[t + 1], run.h[t], run.x[t - 1]", None),
    ("from zero", " + dhnext", "", None),
    ("from zero", "slope = 1 - h * h", "slope = 1 - hprev * hprev", None),
    ("from zero", "slope = 1 - h * h", "slope = 1 + h * h", None),
    ("from zero", "slope = 1 - h * h", "slope = h", None),
    ("from zero", "slope * dh\n", "slope + dh\n", None),
    ("from zero", "slope * dh\n", "dh\n", None),
    ("from zero", "np.outer(dhraw, hprev)", "np.outer(dh, hprev)", None),
    ("from zero", "np.outer(dhraw, hprev)", "np.outer(dhraw, h)", None),
    ("from zero", "np.dot(W.T, dhraw)", "np.dot(W, dhraw)", None),
    ("from zero", "np.dot(W.T, dhraw)", "np.dot(W.T, dh)", None),
    ("from zero", "reversed(range(len(do)))", "range(len(do))", None),
    ("from zero", "db_h += dhraw", "db_h = dhraw", None),
    ("arrays", "1 - h[1:] ** 2", "1 - h[:-1] ** 2", None),
    ("arrays", "1 - h[1:] ** 2", "1 - run.a ** 2", None),
    ("arrays", "up = do @ U", "up = do[::-1] @ U", None),
    ("arrays", "da[i + 1] @ W", "da[i + 1] @ W.T", None),
    ("arrays", "slope[i] * (up[i] + da[i + 1] @ W)", "slope[i] * up[i] + da[i + 1] @ W", None),
    ("arrays", "slope[i] * (up[i] + da[i + 1] @ W)", "slope[i] * up[i]", None),
    ("arrays", "slope[i] * (up[i] + da[i + 1] @ W)", "slope[i] * (up[i] + up[i + 1] @ W)", None),
    ("arrays", "slope[-1] * up[-1]", "up[-1]", None),
    ("arrays", "da.T @ h[:-1]", "da.T @ h[1:]", None),
    ("arrays", "da.T @ h[:-1]", "h[:-1].T @ da", None),
    ("arrays", "da.T @ x", "da[::-1].T @ x", None),
    ("arrays", "do.T @ h[1:]", "do.T @ h[:-1]", None),
    ("arrays", "da.sum(0), do", "da.mean(0), do", None),
    ("arrays", "range(len(do) - 2, -1, -1)", "range(len(do) - 2, 0, -1)", None),
    ("lists", "out @ U + later", "out @ U - later", None),
    ("lists", "s * (out @ U + later)", "s * (out @ U) + later", None),
    ("lists", "zip(do[::-1], f_slope[::-1])", "zip(do[::-1], f_slope)", None),
    ("lists", "later = later @ W", "later = later @ W.T", None),
    ("lists", "    das = das[::-1]\n", "", "dW = sum"),
    ("lists", "zip(das, run.h[:-1])", "zip(das, run.h[1:])", None),
    ("lists", "zip(do, run.h[1:])", "zip(do, run.h)", None),
    ("lists", "db_h = sum(das)", "db_h = das[0]", None),
    ("lists", "run.f.slope(run.a)", "run.f.slope(run.h[1:])", None),
    ("helpers", "dh * (1 - h ** 2)", "dh / (1 - h ** 2)", None),
    ("helpers", "dh * (1 - h ** 2)", "dh * (1 - h) ** 2", None),
    ("helpers", "vertical + message", "vertical", None),
    ("helpers", "vertical + message", "vertical * message", None),
    ("helpers", "through_f(run.h[t], dh)", "through_f(run.h[t - 1], dh)", None),
    ("helpers", 'add(grads["W"], da, run.h[t - 1])', 'add(grads["W"], da, run.h[t])', ("total +=", 'add(grads["W"]')),
    ("helpers", 'add(grads["U"], do[t - 1], run.h[t])', 'add(grads["U"], do[t - 1], run.h[t - 1])',
     ("total +=", 'add(grads["U"]')),
    ("helpers", "message = W.T @ da", "message = W @ da", None),
    ("helpers", "message = W.T @ da", "message = W.T @ dh", None),
    ("helpers", "while t > 0", "while t > 1", ("while", "t -= 1")),
    ("recursive", "do[t - 1] + message", "do[t - 1]", None),
    ("recursive", "(1 - run.h[t] ** 2) * dh", "(1 - run.a[t - 1] ** 2) * dh", None),
    ("recursive", "later.W + np.outer(da, run.h[t - 1])", "later.W + np.outer(da, run.h[t])", None),
    ("recursive", "later.W + np.outer(da, run.h[t - 1])", "np.outer(da, run.h[t - 1])", None),
    ("recursive", "return W.T @ da,", "return W @ da,", ("return W @ da", "message, later")),
    ("double", "U.T @ do[t - 1]", "U.T @ do[-1]", None),
    ("double", "delta = (1 - run.h[k] ** 2)", "delta = (1 - run.h[t] ** 2)", None),
    ("double", "delta = (1 - run.h[k] ** 2) * delta", "delta = run.h[k] * delta", None),
    ("double", "delta = W.T @ delta", "delta = W @ delta", None),
    ("double", "np.outer(delta, run.h[k - 1])", "np.outer(delta, run.h[t - 1])", None),
    ("double", "np.outer(delta, run.x[k - 1])", "np.outer(delta, run.x[t - 1])", None),
    ("double", "range(t, 0, -1)", "range(t, max(0, t - 3), -1)", None),
    ("double", "range(t, 0, -1)", "range(t, 1, -1)", None),
    ("one line", "1 - run.h[t] ** 2", "1 - run.h[t + 1 - 1 - 1] ** 2", "da[t] = "),
    ("one line", "da[t + 1] @ params.W", "da[t + 1] @ params.W.T", "da[t] = "),
    ("one line", "            + da[t + 1] @ params.W)", "            )", "da[t] = "),
    ("one line", "inside = da[1:T + 1]", "inside = da[2:]", None),
    ("one line", "inside, run.h[:-1]", "inside, run.h[1:]", None),
    ("loop", "    return Five(gV, gW, gU, gbh, gby)", "        return Five(gV, gW, gU, gbh, gby)", None),
    ("loop", "        back = W.T @ d", "        back = W.T @ d; break", None),
    ("cells", "U.T @ dy + dh_next", "U.T @ dy", None),
    ("cells", "W.T @ dz", "W.T @ dh", None),
    ("cells", "W.T @ dz", "W @ dz", None),
    ("cells", "(1 - h ** 2) * dh", "(1 - h_prev ** 2) * dh", None),
    ("cells", "dz @ h_prev.T", "dz @ h.T", None),
    ("cells", "gW += grads", "gW = grads", None),
    ("cells", "gby += grads", "gby -= grads", None),
    ("cells", "gbh += grads", "gbh = grads", None),
    ("object", "self.message = p.W.T @ da", "self.message = p.W.T @ dh", None),
    ("object", "self.message = p.W.T @ da", "self.message = p.W @ da", None),
    ("object", "self.message = p.W.T @ da", "self.message += p.W.T @ da", None),
    ("object", "dh * (1 - run.h[t] ** 2)", "dh * (1 - run.h[t - 1] ** 2)", None),
    ("object", "    return Five", "        return Five", None),
    ("jacobians", "row = row @ J[k]", "row = row @ J[t]", None),
    ("jacobians", "row = row @ J[k]", "row = row @ J[k - 1]", None),
    ("jacobians", "row * slopes[k]", "row * slopes[t]", None),
    ("jacobians", "            row = row @ J[k]\n", "", ("row = do[t] @ U", "for k", "delta =")),
    ("in place", "(delta[t] + message)", "delta[t]", None),
    ("in place", "message = delta[t] @ W", "message = delta[t] @ W.T", None),
    ("in place", "slopes[t] * (", "slopes[t - 1] * (", None),
    ("entries", "(d[i] + back[i])", "d[i]", None),
    ("entries", "(d[i] + back[i])", "(d[i] - back[i])", None),
    ("entries", "U[k, i] * do[t - 1, k]", "U[k, i] * do[t - 2, k]", None),
    ("entries", "(1 - run.h[t, i] ** 2)", "(1 - run.h[t - 1, i] ** 2)", None),
    ("entries", "(1 - run.h[t, i] ** 2)", "run.h[t, i]", None),
    ("entries", "W[i, j] * d[i]", "W[j, i] * d[i]", None),
    ("entries", "W[i, j] * d[i]", "W[i, j] * d[j]", None),
    ("entries", "back[j] += W", "back[j] = W", None),
    ("entries", "d[i] * run.h[t - 1, j]", "d[i] * run.h[t, j]", None),
    ("entries", "d[i] * run.x[t - 1, j]", "d[j] * run.x[t - 1, j]", None),
    ("entries", "gU[k, i] += do", "gU[k, i] = do", None),
    ("entries", "gbh[i] += d[i]", "gbh[i] += back[i]", None),
    ("entries", "range(T, 0, -1)", "range(T, 1, -1)", None),
]

GUARDED_EDITS = [
    ("scan", "run.h[:-1], run.x", "run.h[:-2], run.x", None), ("scan", "s + n for", "s - n for", None),
    ("scan", "tuple(s + n for s, n in zip(sums, terms))", "terms", None),
    ("sums", "do[t - 1] @ U + later", "do[t - 1] @ U * later", None), ("sums", "do[t - 1] @ U + later", "later", None),
    ("sums", "0 * b_h, 0", "0 + b_h, 0", None), ("sums", "0 * b_h, 0 * b_y", "0 * b_h, b_y", None),
    ("sums", "gV + np.outer", "np.outer", None), ("sums", "gW + np.outer", "np.outer", None)]


# of a tester who wrote in the styles of other courses; () where no line can be told
HANDED_IN_EDITS = [
    ("self", "self.b_h += da", "self.b_h += dh", None),
    ("self", "self.b_h += da", "self.b_h = da", None),
    ("self", "self.V += np.outer(da", "self.V += np.outer(dh", None),
    ("self", "range(len(do), 0, -1)", "range(1, len(do) + 1)", None),
    ("self", "range(len(do), 0, -1)", "range(len(do), 1, -1)", None),
    ("course", "+ da @ W", "+ da", None),
    ("course", "do[t-1] @ U", "(np.exp(run.o[t-1]) / np.exp(run.o[t-1]).sum() - do[t-1]) @ U", None),
    ("two lines", "+= da[t + 1] @ params.W", "+= da[t + 1] @ params.W.T", None),
    ("while", "t = t - 1", "t = t - 2", None),
    ("generator", "range(len(do), 0, -1)", "range(len(do), 1, -1)", None),
    ("returns da", "return here", "return dh", None),
    ("two lines", "+= da[t + 1] @", "+= da[t - 1] @", None),
    ("two lines", "dh[t] += da[t + 1] @", "dh[t + 1] += da[t + 1] @", None),
    ("two lines", "if t + 1 < T", "if t + 2 < T", ()),
    ("while", "while t > 0", "while t > 1", None),
    ("while", "t = len(do)", "t = len(do) - 1", None),
    ("tape", "in reversed(tape)", "in tape", ()),
    ("tape", 'add("b_h", da)', 'add("b_h", g)', None),
    ("tape", "grads[name] = grads[name] + value", "grads[name] = value", None),
    ("generator", "range(len(do), 0, -1)", "range(len(do) - 1, 0, -1)", None),
    ("generator", "yield t, da", "yield t, dh", None),
    ("helpers", "at_h(U, do[t - 1], message)", "at_h(U, do[t - 2], message)", None)]


def build(source):
    """The function `backward` of a text, which errors and the clinic can quote."""
    return edits.build(source, {"np": np, "Five": Five, "functools": functools})


def edited(style, right, wrong, line):
    """(wrong text, the lines that may be shown, as texts)"""
    source = (STYLES | GUARDED | HANDED_IN)[style]
    assert right in source, (style, right)
    at = source[: source.index(right)].count("\n") + (right[0] == "\n")
    text = source.replace(right, wrong, 1)
    pieces = (line,) if isinstance(line, str) else line
    lines = text.splitlines()
    return text, [lines[at].strip()] if line is None else [one.strip() for one in lines if any(piece in one for piece in pieces)]


def line_of(text, at):
    """The line that is to be shown for line `at` (from 0): the first of its statement, or its own where a keyword begins it."""
    if re.match(r"\s+(V|W|U|b_h|b_y)=", text.splitlines()[at]):
        return text.splitlines()[at].strip()
    try:
        inside = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.stmt) and not hasattr(n, "body")]
    except SyntaxError:
        inside = []
    start = next((n.lineno - 1 for n in inside if n.lineno - 1 <= at < n.end_lineno), at)
    return text.splitlines()[start].strip()


SWAPS = [(r"t - 1\b", "t"), (r"\[t\]", "[t - 1]"), (r"\[t\]", "[t + 1]"), (r"\.T\b", ""), (r" \+ ", " - "), (r" - ", " + "),
         (r" \+= ", " = "), (r" \+= ", " -= "), (r" \* ", " / "), (r" \* ", " + "), (r"\*\* 2", "** 3"), (r"\b1 - ", "2 - "),
         (r" @ ", " * 2 @ "), (r"\b(d|da|dhraw|delta)\b", "g"), (r"\bdh\b", "da"), (r"h\[1:\]", "h[:-1]"), (r"h\[:-1\]", "h[1:]"),
         (r"\[::-1\]", ""), (r"run\.x", "run.h"), (r"sum\(0\)", "mean(0)"), (r"\+ back", ""), (r"\bdo\[", "0.5 * do["),
         (r"W\.T @", "2 * W.T @"), (r"\(T, 0, -1\)", "(T, 2, -1)"), (r"k - 1\b", "k"), (r"\bW\b", "W.T"), (r"\bU\b", "-U"),
         (r"\bhprev\b", "h"), (r"\bmessage\b", "0 * message"), (r"np\.outer\(", "2 * np.outer("), (r"np\.zeros\(", "np.ones(")]


def random_edit(seed):
    """(style, wrong text, text of the edited line): one place of one right text, changed at random."""
    rng = random.Random(seed)
    while True:
        style = rng.choice(sorted(STYLES))
        source = STYLES[style]
        pattern, instead = rng.choice(SWAPS)
        if places := list(re.finditer(pattern, source)):
            place = rng.choice(places)
            text = source[: place.start()] + instead + source[place.end():]
            return style, text, line_of(text, source[: place.start()].count("\n"))
