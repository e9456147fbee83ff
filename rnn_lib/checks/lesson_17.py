"""The exam of lesson 17: forward, loss and BPTT from nothing, marked equation by equation and term by term."""
from functools import partial

import numpy as np

from ..clinic import diagnose
from .kit import Exercise, Verdict, blank, right, wrong
from .lesson_03 import q03_2
from .lesson_04 import q04_1, q04_3

GRADIENTS = (("dU", "U", "(7)"), ("db_y", "b_y", "(7)"), ("dW", "W", "(11)"), ("dV", "V", "(12)"), ("db_h", "b_h", "(13)"),
             ("dh_0", "h_0", "(14)"), ("dx", "x", "(14)"))


def _mark(forward, loss, backward):
    no_pair = _no_pair(loss)
    parts = [("(1)-(3)  a, h, o", q03_2(partial(_one_by_one, forward) if callable(forward) else forward)),
             ("(5)      losses ", no_pair or q04_1(lambda o, y: loss(o, y)[0])),
             ("(6)      do     ", no_pair or q04_3(lambda o, y: loss(o, y)[1]))]
    found = diagnose(backward)
    parts += [(f"{equation:8} {name:7}", _gradient(found, letter)) for name, letter, equation in GRADIENTS]
    if all(verdict.status == "not attempted" for _, verdict in parts):
        return blank()
    sheet = "\n".join(f"{'✓' if v.ok else '✗'} {part} {'' if v.ok else _short(v)}".rstrip() for part, v in parts)
    marks = sum(verdict.ok for _, verdict in parts)
    if marks == len(parts):
        return right(f"{marks} of {marks} marks. You can rebuild backpropagation through time from nothing.\n{sheet}")
    return wrong(f"{marks} of {len(parts)} marks\n{sheet}{_said(found)}")


def _one_by_one(forward, params, x, h_0):
    """What my_forward makes of one sequence, or of each of a batch: the exam asks for one, lesson 03 for both."""
    if x.ndim == 2:
        return forward(params, x, h_0)
    runs = [_one_by_one(forward, params, x[:, b], h_0[b]) for b in range(x.shape[1])]
    return tuple(np.stack(arrays, axis=1) for arrays in zip(*runs, strict=True))


def _no_pair(loss):
    """The verdict on a my_loss that returns something else than two things; None when it does, or stops with an error."""
    try:
        given = loss(np.zeros((3, 4)), np.array([1, 0, 3]))
    except Exception:
        return None             # the judges meet it again, and report its line
    if isinstance(given, tuple | list) and len(given) == 2:
        return None
    return wrong(f"my_loss must return two things, losses and do, got {type(given).__name__}")


def _gradient(found, letter):
    """The verdict on one gradient, out of a diagnosis of all."""
    if letter in found.right:
        return right()
    if found.status == "not attempted":
        return Verdict("not attempted", "")
    if letter not in found.wrong:
        return wrong("not given" if found.right or found.wrong else "")
    return wrong(_terms(found) if letter == "W" else "differs from the definition")


def _terms(found):
    """How many of the contributions C[t,k] are counted once."""
    if found.weights is None:
        return "is not a sum of the contributions C[t,k]"
    once, n = int((found.weights == 1).sum()), int(np.isfinite(found.weights).sum())
    return f"counts {once} of the {n} terms C[t,k] once"


def _said(found):
    if not found.right and not found.wrong:
        return f"\nmy_bptt: {found.message}" if found.status == "wrong" else ""
    names = f"\nThe clinic says: {'; '.join(found.names)}." if found.names else ""
    return names + ("\nrnn.diagnose(my_bptt) shows the terms, and its .hint() helps." if found.wrong else "")


def _short(verdict):
    return verdict.status if verdict.status == "not attempted" else verdict.message.split("\n")[0]


q17_1 = Exercise(_mark, [
    "Which of the marks is missing? Take that equation first, on paper.",
    "Forward: a loop over t that keeps a, h (with h_0 as its first row) and o. "
    "Loss: log of the softmax, picked at y; do = yhat - y.",
    "Backward: one loop from T down to 1, with dh from two paths, (9), then da, (10). Everything else is a product of da or do.",
    "dh = do[t-1] @ U + da_next @ W, then da = slope * dh, then five sums and two products with V and W"],
    """def my_forward(params, x, h_0):
    V, W, U, b_h, b_y = params
    a, h = [], [h_0]
    for x_t in x:
        a.append(x_t @ V.T + h[-1] @ W.T + b_h)                       # (1)
        h.append(np.tanh(a[-1]))                                      # (2)
    return np.array(a), np.array(h), np.array(h[1:]) @ U.T + b_y      # (3)

def my_loss(o, y):
    o = o - o.max(axis=-1, keepdims=True)
    log_yhat = o - np.log(np.exp(o).sum(axis=-1, keepdims=True))      # (4)
    right = np.arange(o.shape[-1]) == np.asarray(y)[..., None]
    return -(log_yhat * right).sum(axis=-1), np.exp(log_yhat) - right # (5) (6)

def my_bptt(params, run, do):
    V, W, U, b_h, b_y = params
    da, da_next = np.zeros_like(run.a), np.zeros_like(run.h[0])
    for t in range(len(do), 0, -1):
        dh = do[t-1] @ U + da_next @ W                                # (9)
        da[t-1] = da_next = run.f.slope(run.a[t-1]) * dh              # (10)
    return rnn.Gradients(V=da.T @ run.x, W=da.T @ run.h[:-1], U=do.T @ run.h[1:], b_h=da.sum(0), b_y=do.sum(0),
                         h_0=da[0] @ W, x=da @ V)                     # (12) (11) (7) (13) (7) (14)
""")
