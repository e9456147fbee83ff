"""Exercises of lesson 09: dV and db_h, dx and dh_0, the gradient of word vectors, and the whole backward pass."""
import copy

import numpy as np

from ..bptt import Gradients, bptt
from ..clinic import MISTAKES, diagnose
from ..clinic.networks import agrees
from ..definition import bptt_by_definition, rtrl
from ..embeddings import embedding_gradient
from ..unfolded import Unfolded
from .code import MISFIT, coding, done_for_you, watched
from .kit import Exercise, filled, right, wrong
from .lesson_06 import q06_2
from .networks import messages, network

NETWORKS = [network(91, T=4, D=3, H=6, K=2), network(92, T=3, D=2, H=5, K=4)]
_HELP = {"letters": {"T": 4, "H": 6}, "helps": {
    "a row": "x, dh and da have T rows, so x_t is run.x[t-1] and da_t is da[t-1]",
    MISFIT: "V is (H, D), W is (H, H), and a row of da is (H,). On rows, A' times a column is written with the row on the left "
            "of A. If a row was cut off: which row of x is x_t?"}}
_ROWS_LEFT = (
    ("only the last step is there. Every step is a use: was = written for +=, or the sum left out?", "[-1:]"),
    ("only step 1 is there. Every step is a use: was = written for +=, in a loop that ends at step 1?", "[:1]"),
    ("step 1 is missing: it stands in row 0, and range(1, T) over the rows leaves it out", "[1:]"),
    ("the last step is missing: range stops before its end", "[:-1]"))

q09_1 = coding(
    """def my_dV_db(run, dh, da):
    dV = sum(np.outer(da[t-1], run.x[t-1]) for t in range(1, len(da) + 1))      # (12)
    db_h = da.sum(0)                                                            # (13)
    return dV, db_h""",
    [(run, *messages(params, run, do)) for params, run, do in NETWORKS], returns=("dV", "db_h"), **_HELP,
    praise="(12) and (13): da_t times what came in, x_t for V and 1 for b_h", mistakes={"dV": [
    ("da[:-1].T @ run.x[1:]", "that is x_{t+1} for x_t. x has T rows, one fewer than h: x_t is run.x[t-1], not run.x[t]"),
    ("da.T @ np.roll(run.x, -1, 0)", "that is x_{t+1} for x_t. x has T rows, one fewer than h: x_t is run.x[t-1], not run.x[t]"),
    ("da[1:].T @ run.x[:-1]", "that is x_{t-1} for x_t. W meets the state of the step before; what does V meet?"),
    ("da.T @ np.roll(run.x, 1, 0)", "that is x_{t-1} for x_t, and row -1, which is x_T, at step 1. Which row is x_t?"),
    ("da[::-1].T @ run.x", "da is in reverse order beside x: row t - 1 of both belongs to step t"),
    ("run.a.T @ run.x", "that takes a_t itself, and not its gradient: da_t belongs beside x_t"),
    ("da.T @ run.h[:-1]", "that is dW (11). In (1), what is V multiplied with at step t?"),
    ("da.T @ run.h[1:]", "h_t is made with V, but V is not multiplied with it: look at the right-hand side of (1)"),
    ("dh.T @ run.x", "f' is missing: V enters a_t, and dh_t has not passed f yet. Which of the two is the one at a_t?"),
    ("(run.f.slope(run.a) * da).T @ run.x", "f' is in it twice: da_t has passed f already"),
    ("run.x.T @ da", "transposed: dV must have the shape of V, (H, D). Row i of V makes a_t[i], so da_t gives the rows"),
    ("da.T @ run.x / len(da)", "that is a mean over the steps. The uses add up, and L is a sum"),
    ("-da.T @ run.x", "the sign is flipped: nothing is subtracted in (12)"),
    ("da[:, :, None] * run.x[:, None]", "one matrix for each step: V is one matrix, and its T uses add up"),
    ("np.outer(da.sum(0), run.x.sum(0))",
     "the product of two sums is not the sum of the products: multiply at each step, then add"),
    *((f"da{rows}.T @ run.x{rows}", said) for said, rows in _ROWS_LEFT)], "db_h": [
    ("dh.sum(0)", "that adds up dh. The bias stands inside a_t, before f: take the gradient at a_t"),
    ("(run.f.slope(run.a) * da).sum(0)", "f' is in it twice: da_t has passed f already"),
    ("da.mean(0)", "that is a mean over the steps. The bias is used at every one of them, and uses add up"),
    ("-da.sum(0)", "the sign is flipped: nothing is subtracted in (13)"),
    ("da", "one row for each step: b_h is one vector, and its T uses add up"),
    ("da.sum(1)", "you added up over the units, which gives a number for each step. Add up over the steps"),
    ("da.sum()", "you added up everything: each unit has a bias of its own"),
    ("da.sum(0, keepdims=True)", "right numbers, but as a matrix of one row: b_h has the shape (H,)"),
    ("(da * run.h[:-1]).sum(0)", "h_{t-1} is not what b_h is multiplied with. What stands beside b_h in (1)?"),
    ("(da * run.h[1:]).sum(0)", "h_t is not what b_h is multiplied with. What stands beside b_h in (1)?"),
    *((f"da{rows}.sum(0)", said) for said, rows in _ROWS_LEFT)]}, hints=[
    "In (1), what is V multiplied with at step t? And b_h?",
    "V and b_h stand inside a_t, before f. Which of the two, dh_t or da_t, is the one at a_t?",
    "dV: an outer product of da_t and x_t for each step, added up. db_h: the da_t added up.",
    "dV = sum(np.outer(da[t-1], run.x[t-1]) for t in range(1, len(da) + 1))"])

q09_2 = coding(
    """def my_dx_dh_0(params, dh, da):
    dx = da @ params.V                # (14)   V' da_t for every t, on rows
    dh_0 = params.W.T @ da[0]         # (14)   da[0] is da_1
    return dx, dh_0""",
    [(params, *messages(params, run, do)) for params, run, do in NETWORKS], returns=("dx", "dh_0"), **_HELP,
    praise="(14): each has one edge, so no sum; the transposed matrix leads back along it", mistakes={"dx": [
    ("dh @ params.V", "f' is missing: x_t enters a_t, and dh_t has not passed f yet"),
    ("np.cumsum((da @ params.V)[::-1], 0)[::-1]",
     "you added the later steps: that they depend on x_t is true, and in da_t already. x_t has one edge"),
    ("np.cumsum(da @ params.V, 0)", "you added the steps up to t: x_t has one edge, so nothing is added up"),
    ("(da @ params.V).sum(0)", "you added the steps up: V is shared by all of them, but each step has an input of its own"),
    ("(da @ params.V) / len(da)", "that is divided by T: nothing here is a mean"),
    ("-da @ params.V", "the sign is flipped: nothing is subtracted in (14)"),
    ("(da @ params.V).T", "transposed: time is the first axis, so dx has the shape of x, (T, D)"),
    ("np.roll(da, -1, 0) @ params.V", "row t-1 is made from da_{t+1}: x_t enters a_t, of the same step"),
    ("np.vstack([da[1:], 0 * da[:1]]) @ params.V", "row t-1 is made from da_{t+1}: x_t enters a_t, of the same step"),
    ("np.roll(da, 1, 0) @ params.V", "row t-1 is made from da_{t-1}: x_t enters a_t, of the same step"),
    ("np.vstack([0 * da[:1], da[:-1]]) @ params.V", "row t-1 is made from da_{t-1}: x_t enters a_t, of the same step"),
    ("(da @ params.V)[::-1]", "the steps stand in reverse order: row 0 belongs to x_1"),
    ("da @ params.W", "that is W' da_t, which goes on to h_{t-1}. Which matrix brought x_t in?"),
    ("np.vstack([(da @ params.V)[:-1], 0 * da[-1:] @ params.V])", "the last row is empty: x_T has an edge, too"),
    ("np.vstack([0 * da[:1] @ params.V, (da @ params.V)[1:]])", "the first row is empty: does your loop reach step 1?")],
    "dh_0": [
    ("params.W @ da[0]", "W takes h_0 to a_1. The way back goes through W', and as W is square no shape warns you"),
    ("params.W.T @ da[-1]", "that is made from da_T, the wrong end: which step reads h_0?"),
    ("params.W @ da[-1]", "that is made from da_T, the wrong end, and with W for W': which step reads h_0?"),
    ("params.W.T @ da[1]", "that is made from da_2, as da[1] is: it goes to h_1. Row 0 is step 1"),
    ("np.zeros(len(params.W))", "that is zero. h_0 is given to the network, but L still depends on it, through step 1"),
    ("params.W.T @ dh[0]", "f' is missing: h_0 enters a_1, and dh_1 has not passed f yet"),
    ("da[0]", "you stopped at a_1: between h_0 and a_1 stands one more factor, in (1)"),
    ("dh[0]", "that is dh_1, at h_1. Go one step further back: through f, and then through W"),
    ("params.W.T @ da.sum(0)", "you added up all steps. h_0 has one edge, into step 1; the other steps reach it through da_1"),
    ("da @ params.W", "that is W' da_t for every t. h_0 has one edge: which row is it?"),
    ("params.V.T @ da[0]", "that is dx_1. Which matrix brought h_0 in?"),
    ("params.W.T @ da[0] / len(da)", "that is divided by T: nothing here is a mean"),
    ("-params.W.T @ da[0]", "the sign is flipped: nothing is subtracted in (14)")]}, hints=[
    "Which node does x_t enter? And h_0? Through which matrix?",
    "One edge each, so one term each, and the way back leads through the transposed matrix.",
    "dx_t = V' da_t, a row for each t; dh_0 = W' da_1, and da_1 is da[0].",
    "dx = da @ params.V, because a row times V is V' times the column"])


# ---- word vectors ----------------------------------------------------------------------------------------------------

def _fill(dx, ids, n, row):
    """A gradient of word vectors whose row for each word read is row(its rows of dx)."""
    dE = np.zeros((n, dx.shape[-1]))
    for word in np.unique(ids):
        dE[word] = row(dx[ids == word])
    return dE


def _readings(seed, T, D, ids, n):
    return np.random.default_rng(seed).standard_normal((T, D)), np.array(ids), n


q09_3 = coding(
    """def my_dE(dx, ids, n):
    dE = np.zeros((n, dx.shape[1]))
    for t in range(len(ids)):
        dE[ids[t]] += dx[t]
    return dE""",
    [_readings(93, 5, 3, [2, 4, 2, 1, 2], 7), _readings(94, 6, 2, [3, 0, 0, 3, 7, 3], 9)], returns=("dE",),
    known={"fill": _fill}, instead=(embedding_gradient,), letters={"T": 5, "D": 3, "n": 7},
    helps={"a row": "dx has a row for each step, dE one for each word, and ids[t] says which",
           MISFIT: "dx is (T, D), and dE is (n, D). A matrix with a 1 at each (t, ids[t]) is (T, n): turn it over"},
    praise="a word read three times receives three gradients, and they add up: its row of E is shared by three steps, as V is by "
           "all", mistakes={"dE": [
    ("fill(dx, ids, n, lambda rows: rows[-1])", "overwritten: a word that is read several times keeps only its last dx_t. "
     "dE[ids] = dx does that, and so does dE[ids] += dx, where NumPy adds to each row once"),
    ("fill(dx, ids, n, lambda rows: rows[0])",
     "a word that is read several times keeps only its first dx_t: each reading counts"),
    ("fill(dx, ids, n, lambda rows: rows.mean(0))",
     "that is a mean over the readings of a word: each reading is a use, and uses add up"),
    ("fill(dx, ids, n, lambda rows: len(rows) * rows[-1])",
     "a dx_t is multiplied by how often the word is read. The readings have different gradients: add them up one by one"),
    ("right(dx[1:], ids[1:], n)", "the first step is left out: does your loop begin at row 0?"),
    ("right(dx[:-1], ids[:-1], n)", "the last step is left out: range stops before its end"),
    ("right(dx, ids, n) / len(ids)", "that is divided by T: nothing here is a mean"),
    ("-right(dx, ids, n)", "the sign is flipped: a gradient is returned, not a step downhill"),
    ("dx", "that is one row for each step. E has one row for each word"),
    ("right(dx, ids, n).T", "transposed: E holds a row for each word, (n, D), and so does dE"),
    ("right(dx, ids, n)[np.unique(ids)]",
     "only the words that were read have a row: dE has the shape of E, and a word not read has a row of zeros"),
    ("right(dx, ids, n)[:ids.max() + 1]", "rows are missing at the end: n words have n rows, read or not"),
    ("np.vstack([dx, np.zeros((max(n - len(dx), 0), dx.shape[-1]))])[:n]",
     "row t of dx was put in row t of dE: it belongs to the row of the word read then, ids[t]")]}, hints=[
    "At how many steps is a row of E used? What becomes of the gradients of several uses?",
    "Begin with zeros, a row for each word. Go through the steps, and let each add to the row of its word.",
    "dE[ids[t]] += dx[t], for every row t",
    "np.add.at(dE, ids, dx) does the same without a loop"])


# ---- the whole backward pass -----------------------------------------------------------------------------------------

WHOLE = (bptt, bptt_by_definition, rtrl, Unfolded.backward)           # of the library, what does it all


def _judge_bptt(answer):
    used = []
    given = filled(watched(answer, WHOLE, used)(*copy.deepcopy(NETWORKS[0])), Gradients._fields)
    lacking = [name for name in Gradients._fields if getattr(given, name, None) is None]
    if given is None:
        return wrong("your function returned nothing: its last line should begin with return rnn.Gradients(V=..., ...)")
    if isinstance(given, dict) and given.keys() >= set(Gradients._fields):
        return wrong("you return a dict: make it rnn.Gradients(**it)")
    if lacking:
        return wrong(f"return rnn.Gradients(V=..., W=..., U=..., b_h=..., b_y=..., h_0=..., x=...): yours, "
                     f"of type {type(given).__name__}, lacks {', '.join(lacking)}")
    found = diagnose(answer)
    if found.ok and used:
        return wrong(done_for_you(used))
    if found.ok:
        return right("all seven gradients, on three networks. This is backpropagation through time, and you have written it")
    return _sick(found, given)


def said_of(letter, gradient):
    """What the exercises say of a wrong gradient of U, b_y, V, b_h, x or h_0 on NETWORKS[0]; nothing when they do not know it."""
    params, run, do = NETWORKS[0]
    passed = messages(params, run, do)
    judge, part, given = {"U": (q06_2.code, 0, (run, do)), "b_y": (q06_2.code, 1, (run, do)),
                          "V": (q09_1.code, 0, (run, *passed)), "b_h": (q09_1.code, 1, (run, *passed)),
                          "x": (q09_2.code, 0, (params, *passed)), "h_0": (q09_2.code, 1, (params, *passed))}[letter]
    said = judge.of_part(part, [(gradient,)], [given])
    return f"{judge.names[part]}: {said}" if said else ""


def _sick(found, given):
    """The verdict on a wrong backward pass: the known mistakes by name, those of single gradients from exercises 1 and 2."""
    failing = f"Not right: {', '.join(found.wrong)}. " if found.wrong else ""
    if found.names:
        known = [next(m for m in MISTAKES if m.name == name) for name in found.names]
        made = {m: m.backward(*NETWORKS[0])._asdict() for m in known}
        of = {m: [n for n in made[m] if n in found.wrong and agrees(made[m][n], getattr(given, n))] for m in known}
        names = [m.name if len(known) == 1 else f"{m.name} ({', '.join(of[m])})" for m in known]
        others = [said_of(letter, getattr(given, letter)) for letter in ("h_0", "x") if letter in found.wrong]
        return wrong("\n".join([f"{'; '.join(names)}. {failing}{known[0].question} {known[0].hint}", *filter(None, others)]))
    if found.wrong and set(found.wrong) <= {"h_0", "x"}:                         # which the clinic then says itself
        return wrong(said_of(found.wrong[-1], getattr(given, found.wrong[-1])) or found.message)
    return wrong(failing + found.message)


q09_4 = Exercise(_judge_bptt, [
    "Which quantity do all sums but two need? Compute it first, from the last step to the first.",
    "A loop for (9) and (10) that keeps every da_t. After it, each gradient is a line.",
    "(7) from do and h_t; (11), (12), (13) from da and what came in; (14) from da and the transposed matrices.",
    "da[t-1] = run.f.slope(run.a[t-1]) * dh_t, and for (11) da.T @ run.h[:-1]"],
    """def my_bptt(params, run, do):
    da, later = np.empty_like(run.a), 0
    for t in range(len(do), 0, -1):
        dh_t = params.U.T @ do[t-1] + later                  # (9)
        da[t-1] = run.f.slope(run.a[t-1]) * dh_t             # (10)
        later = params.W.T @ da[t-1]
    return rnn.Gradients(
        U=do.T @ run.h[1:], b_y=do.sum(0),                   # (7)
        W=da.T @ run.h[:-1], V=da.T @ run.x, b_h=da.sum(0),  # (11) (12) (13)
        x=da @ params.V, h_0=later)                          # (14)""")
