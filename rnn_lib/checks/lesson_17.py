"""The exams of lesson 17: BPTT from nothing, marked equation by equation; and one nobody has seen, a network with a skip."""
import copy
from contextlib import suppress
from functools import cache, partial

import numpy as np

from ..clinic import diagnose
from ..clinic.relation import relation
from ..diagrams.wording import counted
from ..edits import build, edited
from ..network import Forward, init_parameters, tanh
from .code import NAMES, Judge, done_for_you, known_mistakes, parts, watched
from .kit import ROUNDED, UNJUDGED, Exercise, Verdict, blank, no_function, right, wrong
from .lesson_03 import q03_2
from .lesson_04 import q04_2, q04_3
from .lesson_09 import IN_SINGLE, NETWORKS, WHOLE, in_float32, said_of, single

GRADIENTS = (("dU", "U", "(7)"), ("db_y", "b_y", "(7)"), ("dW", "W", "(11)"), ("dV", "V", "(12)"), ("db_h", "b_h", "(13)"),
             ("dh_0", "h_0", "(14)"), ("dx", "x", "(14)"))


def _mark(forward, loss, backward, sure=()):
    no_pair = _no_pair(loss)
    parts = [("(1)-(3)  a, h, o", q03_2.verdict(partial(_one_by_one, forward) if callable(forward) else forward)),
             ("(5)      losses ", no_pair or q04_3.verdict(lambda o, y: loss(o, y)[0])),
             ("(6)      do     ", no_pair or q04_2.verdict(lambda o, y: loss(o, y)[1]))]
    found, given, used = diagnose(backward), None, []
    with suppress(Exception):           # what the library does for it, on a network of lesson 09, stands in `used`
        given = watched(backward, WHOLE, used)(*copy.deepcopy(NETWORKS[0]))
    if digits := single(found, given):
        found = found._replace(right=found.right + found.wrong, wrong=())
    parts += [(f"{equation:8} {name:7}", _gradient(found, letter, given, used)) for name, letter, equation in GRADIENTS]
    if all(verdict.status == "not attempted" for _, verdict in parts):
        return blank()
    known = _known({part.split(maxsplit=1)[1].strip(): v for part, v in parts}, sure)
    sheet = "\n".join(f"{_sign(v)} {part} {'' if v.ok else _short(v)}".rstrip() for part, v in parts) + known
    sheet += f"\nmy_bptt: {IN_SINGLE}" * digits
    marks = sum(verdict.ok for _, verdict in parts)
    if marks == len(parts):
        return right(f"{marks} of {marks} marks. You can rebuild backpropagation through time from nothing.\n{sheet}")
    names = f"The clinic says: {'; '.join(found.names)}.\n" if found.names else ""
    return Verdict("not yet right", f"{marks} of {len(parts)} marks\n{names}{sheet}{_said(found)}")


def _known(marks, sure):
    """How well the learner knew which marks are right, in words.   marks: {name: Verdict}"""
    sure = {name.strip().replace("₀", "0") for name in (sure.split(",") if isinstance(sure, str) else sure)}
    sure = {{"a": "a, h, o", "h": "a, h, o", "o": "a, h, o", "dh0": "dh_0"}.get(name, name) for name in sure}
    if strange := sorted(sure - marks.keys()):
        return f"\nmy_sure: there is no mark {strange[0]!r}. They are called {'; '.join(marks)}"
    told = {"Right": [], "Not right, so begin there": [], "Not written yet": []}
    for name in filter(sure.__contains__, marks):
        told[("Right", "Not right, so begin there", "Not written yet")["✓✗○".index(_sign(marks[name]))]].append(name)
    told["Right, though you were not sure"] = [name for name in marks if marks[name].ok and name not in sure]
    said = " ".join(f"{how}: {', '.join(names)}." for how, names in told.items() if names)
    return f"\nYou were sure of {counted(len(sure), 'mark')}. {said}" if sure else ""


def _sign(verdict):
    return "✓" if verdict.ok else "○" if verdict.status in UNJUDGED else "✗"


def _one_by_one(forward, params, x, h_0):
    """What my_forward makes of one sequence, or of each of a batch: the exam asks for one, lesson 03 for both."""
    if x.ndim == 2:
        return forward(params, x, h_0)
    runs = [_one_by_one(forward, params, x[:, b], h_0[b]) for b in range(x.shape[1])]
    return tuple(np.stack(arrays, axis=1) for arrays in zip(*runs, strict=True))


def _no_pair(loss):
    """The verdict on a my_loss that returns something else than two things; None when it does, or stops with an error."""
    if not callable(loss):
        return no_function(loss)
    with suppress(Exception):           # the judges meet it again, and report its line
        given = loss(np.zeros((3, 4)), np.array([1, 0, 3]))
        if not isinstance(given, tuple | list) or len(given) != 2:
            return wrong(f"my_loss must return two things, losses and do, got {type(given).__name__}")
        if [*map(np.shape, given)] == [(3, 4), (3,)]:
            return wrong("the two are the other way round: return losses first, then do")
    return None


def _gradient(found, letter, given, used):
    """The verdict on one gradient, out of a diagnosis of all and of what lessons 06 and 09 know of it."""
    if letter in found.right:
        return wrong(done_for_you(used)) if used else right()
    if found.status == "not attempted":
        return Verdict("not attempted", "")
    if letter not in found.wrong:
        return wrong("not given") if found.right or found.wrong else Verdict("not finished", "not looked at: see the last line")
    if letter == "W":
        if found.weights is None:
            return wrong("is not a sum of the contributions C[t,k]")
        return wrong(f"counts {(found.weights == 1).sum()} of the {np.isfinite(found.weights).sum()} terms C[t,k] once")
    mine = getattr(given, letter, None)
    from_da = letter in ("V", "b_h", "h_0", "x") and "W" in found.wrong
    named = said_of(letter, mine).partition(": ")[2]
    return wrong(named or ("is made from da, as dW is: mend da first" if from_da else "differs from the definition"))


def _said(found):
    if not found.right and not found.wrong:                        # the clinic asks for five gradients, the exam for seven
        said = found.message.replace("rnn_lib.clinic.Five(V=..., W=..., U=..., b_h=..., b_y=...)",
                                     "rnn.Gradients(V=..., W=..., U=..., b_h=..., b_y=..., h_0=..., x=...)")
        return f"\nmy_bptt: {said}" if found.status == "wrong" else ""
    return "\nrnn.diagnose(my_bptt) shows the terms, and its .hint() helps." if found.wrong else ""


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

my_sure = []                                                          # the marks that you are sure of, [] for none
""", opens=lambda verdict: verdict.ok or (verdict.status == "not yet right" and not verdict.message.startswith("0 of")))


# ---- an exam that nobody has seen: a skip connection -----------------------------------------------------------------

def forward_with_skip(params, S, x, h_0):
    """Run a network in which each state is read twice, one step later and two steps later.

        a_t = V x_t + W h_{t-1} + S h_{t-2} + b_h      h_t = tanh(a_t)      o_t = U h_t + b_y

    Before h_0 there is nothing, so at step 1 the skip adds nothing; at step 2 it reads h_0.
    S: (H, H)   x: (T, D)   h_0: (H,)     returns: Forward, with x, a (T, H), h (T+1, H), o (T, K) and f
    """
    V, W, U, b_h, b_y = params
    a, h = [], [h_0]
    for t in range(1, len(x) + 1):
        a.append(V @ x[t - 1] + W @ h[t - 1] + (S @ h[t - 2] if t > 1 else 0) + b_h)
        h.append(np.tanh(a[-1]))
    h = np.array(h)
    return Forward(x, np.array(a), h, h[1:] @ U.T + b_y, tanh)


def _skip_case(seed, T, D, H, K):
    rng = np.random.default_rng([17, seed])
    params, S = init_parameters(D, H, K, rng), .6 * rng.standard_normal((H, H))
    run = forward_with_skip(params, S, rng.standard_normal((T, D)), rng.standard_normal(H))
    return params, S, run, rng.standard_normal((T, K))


SKIP = """def my_skip(params, S, run, do):
    T, H = run.a.shape
    da = np.zeros((T + 3, H))                                            # da[t] is da_t; da_{T+1} = da_{T+2} = 0
    for t in range(T, 0, -1):
        dh = do[t-1] @ params.U + da[t+1] @ params.W + da[t+2] @ S       # three arrows leave h_t
        da[t] = run.f.slope(run.a[t-1]) * dh
    da = da[1:T+1]
    dW = da.T @ run.h[:-1]
    dV = da.T @ run.x
    dS = da[1:].T @ run.h[:-2]                                           # S is used from step 2 on, with h_{t-2}
    return dW, dV, dS, da.sum(0)"""
_OVER_W, _OVER_S, _DS = " + da[t+1] @ params.W", " + da[t+2] @ S", "da[1:].T @ run.h[:-2]"
_SLOPE = "run.f.slope(run.a[t-1]) * dh"
_ONE_ARROW = "da is wrong already: the skip from h_t to a_{t+2} is one arrow, "
_SKIP_MISTAKES = [
    (_OVER_S, "", "one arrow is missing at h_t, that of the skip: who reads h_t besides o_t and a_{t+1}?"),
    (_OVER_W, "", "one arrow is missing at h_t, the ordinary one: a_{t+1} reads h_t through W, as ever"),
    (_OVER_S, "", _OVER_W, "", "nothing goes back in time here: h_t is read by its output, by a_{t+1} and by a_{t+2}"),
    ("da[t+2] @ S", "da[t+1] @ S", "the message over the skip comes from the wrong step: which a_t reads h_t through S?"),
    ("da[t+1] @ params.W + da[t+2] @ S", "da[t+2] @ params.W + da[t+1] @ S",
     "the two matrices have changed places on the way back: W leads from h_t to a_{t+1}, S from h_t to a_{t+2}"),
    ("da[t+2] @ S", "da[t+2] @ S.T", "S is the wrong way round on the way back. S is square, so no shape complains"),
    ("da[t+1] @ params.W", "da[t+1] @ params.W.T", "W is the wrong way round on the way back. It is square: no shape complains"),
    ("da[t+1] @ params.W + da[t+2] @ S", "da[t+1] @ params.W.T + da[t+2] @ S.T",
     "both matrices are the wrong way round on the way back. They are square: no shape complains"),
    ("da[t+2] @ S", "2 * da[t+2] @ S", "the message over the skip is counted twice: there is one such edge from each h_t"),
    ("range(T, 0, -1)", "range(T - 1, 0, -1)", "step T is left out: the loop starts at T, whose loss sends something back, too"),
    ("do[t-1] @ params.U", "(do[t-1] @ params.U if t == T else 0)",
     "only the last loss sends something back: every h_t is read by its own o_t"),
    (_SLOPE, "dh", "f' is missing: between a_t and h_t stands tanh, with a skip as without"),
    (_SLOPE, "(1 - run.h[t-1] ** 2) * dh", "da is wrong already: f' is that of the step before. At step t it is 1 - h_t^2"),
    (_SLOPE, "(1 - run.a[t-1] ** 2) * dh", "da is wrong already: the slope of tanh is 1 - h_t^2, made from h_t and not from a_t"),
    ("da[t+1] @ params.W + da[t+2] @ S", "(da[t+1] + da[t+2]) @ params.W", f"{_ONE_ARROW}through S, not through W"),
    ("da[t+1] @ params.W + da[t+2] @ S", "(da[t+1] + da[t+2]) @ S", "da is wrong already: to a_{t+1} h_t goes through W, not S"),
    ("da[t+2] @ S", "da[t+2] @ params.W @ S", f"{_ONE_ARROW}through S alone"),
    ("da[t+2] @ S", "da[t+2] @ S @ params.W", f"{_ONE_ARROW}through S alone"),
    (_SLOPE, "run.f.slope(run.a[t-1]) * (do[t-1] @ params.U + da[t+1] @ params.W) + da[t+2] @ S",
     "the message over the skip ends at h_t, as the two others do: f' belongs to all three"),
    (_DS, "da.T @ run.h[:-1]", "dS: that is dW. What does S multiply at step t?"),
    (_DS, "da[1:].T @ run.h[1:-1]", "dS: h is one step too late. At step t, S multiplies h_{t-2}"),
    (_DS, "da[2:].T @ run.h[1:-2]", "dS: the use at step 2 is missing: S reads h_0 there, and h_0 is not zero"),
    (_DS, "da[:-1].T @ run.h[:-2]", "dS: the da are one step too early: h_0 is read by a_2 through S, not by a_1"),
    (_DS, "da[:-1].T @ run.h[1:-1]", "dS: step t has met h_t. At step t, S multiplies h_{t-2}"),
    (_DS, "da.T @ run.h[np.arange(-1, T - 1)]", "dS: at t = 1 your h[t-2] is h[-1], the last row: there the skip adds nothing"),
    (_DS, "da.T @ run.h[np.maximum(np.arange(-1, T - 1), 0)]", "dS: there is no h_{-1}: the skip starts at step 2"),
    (_DS, "(da[1:].T @ run.h[:-2]).T", "dS: transposed. Row i of S makes a_t[i]"),
    ("da.T @ run.h[:-1]", "da.T @ run.h[1:]", "dW: h_t in place of h_{t-1}: what does W multiply at step t?"),
    ("da.T @ run.h[:-1]", "run.h[:-1].T @ da", "dW: transposed. Row i of W makes a_t[i]"),
    ("da.T @ run.h[:-1]", "da[1:].T @ run.h[1:-1]", "dW: the use at step 1 is missing: W reads h_0 there")]
SKIP_NAMES = ("dW", "dV", "dS", "db_h")
SKIP_CASES = [_skip_case(1, 5, 3, 4, 2), _skip_case(2, 4, 2, 3, 5)]
_SKIP_JUDGE = Judge(build(SKIP, NAMES), SKIP_CASES, known_mistakes(SKIP, _SKIP_MISTAKES, SKIP_NAMES, NAMES), SKIP_NAMES)
NO_SUM = ("is no sum of whole paths (over W, over S, over both): look at its factors, at the steps that it adds up, and at which "
          "losses send something back")
KINDS = ("that end where they start (k = t)", "over W alone", "over S alone", "over both W and S")


@cache
def _by_kind():
    """(4, 4): for each of dW, dV, dS and db_h in the first case, what each kind of path brings in."""
    both, w, s, none = (build(edited(SKIP, [(part, "") for part in cut]), NAMES)(*SKIP_CASES[0])
                        for cut in ((), (_OVER_S,), (_OVER_W,), (_OVER_W, _OVER_S)))
    return [(n, w_ - n, s_ - n, b - w_ - s_ + n) for b, w_, s_, n in zip(both, w, s, none, strict=True)]


def _paths(i, given):
    """Which paths are missing in a gradient, or counted more than once; nothing when it is no sum of whole paths."""
    if not np.any(given):
        return "holds zeros only"
    kinds = np.array([np.ravel(part) for part in _by_kind()[i]])
    weights = np.linalg.lstsq(kinds.T, np.ravel(given), rcond=None)[0]
    whole = np.round(weights)
    if np.abs(whole @ kinds - np.ravel(given)).max() > 1e-9 * np.abs(given).max():
        return relation([np.ravel(given)], [kinds.sum(0)]) or NO_SUM
    said = {0: "missing", 2: "counted twice", -1: "counted with the wrong sign"}
    return "; ".join(f"paths {kind}: {said.get(int(n), f'counted {n:g} times')}" for kind, n in zip(KINDS, whole, strict=True)
                     if n != 1)


def _mark_skip(answer):
    verdict, done = _SKIP_JUDGE(answer), ("4 of 4 marks. A third arrow leaves h_t wherever there is a step t + 2: you can derive "
                                          "a network that nobody showed you")
    if verdict.ok:
        return right(done)
    got = parts(_SKIP_JUDGE.values(answer, SKIP_CASES[0]), 4)
    due = [part.shape for part in _SKIP_JUDGE.expected[0]]
    if [*map(np.shape, got)] == [due[1], due[0], *due[2:]]:
        return wrong("dW and dV have changed places: return dW first")
    if verdict.status != "wrong" or "changed its" in verdict.message or [*map(np.shape, got)] != due or not np.any(got[0]):
        return verdict
    if in_float32(got) and Judge(_SKIP_JUDGE.reference, SKIP_CASES, [], SKIP_NAMES, tolerance=ROUNDED)(answer).ok:
        return right(f"{done}. {IN_SINGLE}")
    off = [not np.allclose(a, b, rtol=1e-8, atol=1e-10) for a, b in zip(got, _SKIP_JUDGE.expected[0], strict=True)]
    in_all = all(_paths(i, part) == NO_SUM for i, part in enumerate(got))
    def said(i, name):
        paths = _paths(i, got[i])
        return "" if paths == NO_SUM and (not verdict.unnamed or in_all) else paths
    sheet = [f"{'✗' if bad else '✓'} {name:5} {said(i, name) if bad else ''}".rstrip()
             for i, (name, bad) in enumerate(zip(SKIP_NAMES, off, strict=True))]
    named = f"da first: each of the four {NO_SUM}\n" * in_all if verdict.unnamed else f"{verdict.message}\n"
    return Verdict("not yet right", f"{4 - sum(off)} of 4 marks\n{named}" + "\n".join(sheet))


q17_2 = Exercise(_mark_skip, [
    "Draw the network for four steps, with the new edges. Who reads h_2? How many arrows leave it?",
    "A gradient is the sum over the outgoing edges: dh_t has a part from o_t, one from a_{t+1} and one from a_{t+2}.",
    "Passing f has not changed, (10). W, V and b_h have their sums as before; S has one of its own, with what S multiplies.",
    "dh_t = U' do_t + W' da_{t+1} + S' da_{t+2}, with da beyond T equal to 0. dS runs over t = 2 to T.",
    "dh = do[t-1] @ params.U + da[t+1] @ params.W + da[t+2] @ S, and dS = sum of np.outer(da_t, run.h[t-2]) for t = 2 ... T"],
    SKIP, opens=lambda verdict: verdict.status in ("not yet right", "right"))
q17_2.mistakes = _SKIP_MISTAKES
