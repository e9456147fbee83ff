"""Exercises of lesson 09: V and b_h by hand, one arrow more, and the whole backward pass."""
import copy

import numpy as np

from ..bptt import Gradients, bptt
from ..clinic import MISTAKES, diagnose
from ..clinic.networks import agrees
from ..clinic.relation import relation
from ..definition import bptt_by_definition, rtrl
from ..unfolded import Unfolded
from .code import MISFIT, coding, done_for_you, parts, watched
from .kit import Exercise, filled, right, stopped, wrong
from .lesson_06 import q06_2
from .networks import messages, network
from .table import table

NETWORKS = [network(91, T=4, D=3, H=6, K=2), network(92, T=3, D=2, H=5, K=4)]
_OF_W = "this is the cell of W, with h_{k-1}. What stands beside V in a_k?"
_NO_FACTOR = "one factor is missing: what stands beside V in a_k?"
_NO_WAY_BACK = "C[2,1] is missing: what was made with V at step 1 is read again at step 2"

q09_1 = table(
    """my_V = {"C[1,1]": 2 * 4, "C[2,1]": -1 * 4, "C[2,2]": 3 * 10, "dV": 8 - 4 + 30, "db_h": 2 - 1 + 3}""", {
        "C[1,1]": {1: _OF_W, 2: _NO_FACTOR, 20: "k = 1 is the use at step 1: which input did V meet there?",
                   None: "what loss 1 sends to a_1, times what stands beside V in a_1"},
        "C[2,1]": {-.5: _OF_W, -1: _NO_FACTOR, -10: "the use is at step 1: which input did V meet there?",
                   0: "h_1 was made with V, and step 2 reads h_1: loss 2 does send something to a_1",
                   12: "da_2^(2) belongs to the use at step 2: what does loss 2 send to a_1?",
                   None: "what loss 2 sends to a_1, times what stands beside V in a_1"},
        "C[2,2]": {6: _OF_W, 3: _NO_FACTOR, 12: "k = 2 is the use at step 2: which input did V meet there?",
                   None: "what loss 2 sends to a_2, times what stands beside V in a_2"},
        "dV": {6.5: "that is dW", 38: _NO_WAY_BACK, 30: "that is use 2 alone", 26: "that is loss 2 alone",
               4: "that is use 1 alone", **dict.fromkeys((28, 42, 50, 46, 16), "as if one cell were wrong: which do you add?"),
               None: "all three cells add up, over the losses and over the uses"},
        "db_h": {5: "what loss 2 sends to a_1 is missing: b_h was used at step 1 as well", 34: "b_h is not multiplied with x_k",
                 6.5: "b_h is not multiplied with h_{k-1}", 3: "that is step 2 alone", 1: "that is step 1 alone",
                 2: "that is loss 2 alone, or loss 1 alone: both count",
                 None: "what stands beside b_h in a_k? Then add up as for V"}},
    asks="write a number for each of C[1,1], C[2,1], C[2,2], dV and db_h",
    praise="what the losses send to a_k is the same for all three. W multiplies it with h_{k-1}, V with x_k, and b_h with 1",
    hints=[
    "a_k = V x_k + W h_{k-1} + b_h. How far does a nudge of V at step k move a_k?",
    "In a cell of W the factor is h_{k-1}. In a cell of V it is the number beside V, of the same step k.",
    "C[2,1] = da_1^(2) · x_1: the loss is 2, but the use is at step 1.",
    "A nudge of b_h at step k moves a_k by as much: so the factor is 1."])

_ROWS_LEFT = (
    ("only the last step is there. Every step is a use: was = written for +=, or the sum left out?", "[-1:]"),
    ("only step 1 is there. Every step is a use: was = written for +=, in a loop that ends at step 1?", "[:1]"),
    ("step 1 is missing: it stands in row 0, and range(1, T) over the rows leaves it out", "[1:]"),
    ("the last step is missing: range stops before its end", "[:-1]"))

SUMS = coding(
    """def my_dV_db(run, dh, da):
    dV = sum(np.outer(da[t-1], run.x[t-1]) for t in range(1, len(da) + 1))      # (12)
    db_h = da.sum(0)                                                            # (13)
    return dV, db_h""",
    [(run, *messages(params, run, do)) for params, run, do in NETWORKS], returns=("dV", "db_h"), hints=(), mistakes={"dV": [
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
    ("np.outer(da.sum(0), run.x.sum(0))",
     "the product of two sums is not the sum of the products: multiply at each step, then add"),
    *((f"da{rows}.T @ run.x{rows}", said) for said, rows in _ROWS_LEFT)], "db_h": [
    ("dh.sum(0)", "that adds up dh. The bias stands inside a_t, before f: take the gradient at a_t"),
    ("(run.f.slope(run.a) * da).sum(0)", "f' is in it twice: da_t has passed f already"),
    ("da.sum(1)", "you added up over the units, which gives a number for each step. Add up over the steps"),
    ("da.sum()", "you added up everything: each unit has a bias of its own"),
    ("(da * run.h[:-1]).sum(0)", "h_{t-1} is not what b_h is multiplied with. What stands beside b_h in (1)?"),
    ("(da * run.h[1:]).sum(0)", "h_t is not what b_h is multiplied with. What stands beside b_h in (1)?"),
    *((f"da{rows}.sum(0)", said) for said, rows in _ROWS_LEFT)]}).code

ENDS = coding(
    """def my_dx_dh_0(params, dh, da):
    dx = da @ params.V                # (14)   V' da_t for every t, on rows
    dh_0 = params.W.T @ da[0]         # (14)   da[0] is da_1
    return dx, dh_0""",
    [(params, *messages(params, run, do)) for params, run, do in NETWORKS], returns=("dx", "dh_0"), hints=(), mistakes={"dx": [
    ("dh @ params.V", "f' is missing: x_t enters a_t, and dh_t has not passed f yet"),
    ("(da @ params.V).sum(0)", "you added the steps up: V is shared by all of them, but each step has an input of its own"),
    ("(da @ params.V).T", "transposed: time is the first axis, so dx has the shape of x, (T, D)"),
    ("da @ params.W", "that is W' da_t, which goes on to h_{t-1}. Which matrix brought x_t in?")],
    "dh_0": [
    ("params.W @ da[0]", "W takes h_0 to a_1. The way back goes through W', and as W is square no shape warns you"),
    ("params.W.T @ da[-1]", "that is made from da_T, the wrong end: which step reads h_0?"),
    ("dh[0] + params.W.T @ da[0]", "dh_1 is added: h_0 has one edge, into a_1, and no output of its own"),
    ("params.W.T @ (dh[0] * da[0])", "dh_1 is in it twice: da_1 is made of dh_1 already"),
    ("params.W.T @ da[1]", "that is made from da_2, as da[1] is: it goes to h_1. Row 0 is step 1"),
    ("np.zeros(len(params.W))", "that is zero. h_0 is given to the network, but L still depends on it, through step 1"),
    ("params.W.T @ dh[0]", "f' is missing: h_0 enters a_1, and dh_1 has not passed f yet"),
    ("da[0]", "you stopped at a_1: between h_0 and a_1 stands one more factor, in (1)"),
    ("dh[0]", "that is dh_1, at h_1. Go one step further back: through f, and then through W"),
    ("params.W.T @ da.sum(0)", "you added up all steps. h_0 has one edge, into step 1; the other steps reach it through da_1"),
    ("da @ params.W", "that is W' da_t for every t. h_0 has one edge: which row is it?"),
    ("params.V.T @ da[0]", "that is dx_1. Which matrix brought h_0 in?")]}).code


# ---- one arrow more --------------------------------------------------------------------------------------------------

def _with_an_arrow(params, run, do):
    S = np.random.default_rng(94).standard_normal((len(params.U), params.V.shape[1]))
    return params, S, run.x, do, messages(params, run, do)[1]


q09_2 = coding(
    """def my_dS_dx(params, S, x, do, da):
    dS = do.T @ x                      # as (7), with x_t in place of h_t
    dx = da @ params.V + do @ S        # two arrows leave x_t, to a_t and to o_t
    return dS, dx""",
    [_with_an_arrow(*network) for network in NETWORKS], returns=("dS", "dx"), letters={"T": 4, "D": 3, "H": 6, "K": 2}, helps={
        "a row": "x, do and da have T rows: those of step t are x[t-1], do[t-1] and da[t-1]",
        MISFIT: "S is (K, D), and S' do_t for all steps at once is do @ S"},
    shapes={"dS": {(6, 3): "that is dV, (12): S leads to the scores, so what comes back to it is do_t",
                   (3, 2): "transposed: row i of S makes score i, so do_t gives the rows",
                   (4, 2, 3): "one matrix for each step: S is one matrix, and its T uses add up",
                   (2, 6): "that is dU, (7): what does S multiply at step t?"}},
    praise="dS is like dU: vertical only, because no later step reads what S makes. dx_t has two terms, one for each arrow that "
           "leaves x_t, and the later losses come in through da_t", mistakes={"dS": [
    ("(da @ params.U.T).T @ x", "what S makes is o_t, so do_t stands there, and nothing that has gone back to a_t"),
    ("-do.T @ x", "the sign is flipped: nothing is subtracted here"),
    ("do.T @ x / len(x)", "that is a mean over the steps: the uses add up, and L is a sum"),
    ("do[1:].T @ x[:-1]", "that is x_{t-1} for x_t: S reads the input of its own step"),
    ("do[:-1].T @ x[1:]", "that is x_{t+1} for x_t: S reads the input of its own step"),
    ("np.outer(do.sum(0), x.sum(0))", "the product of two sums is not the sum of the products: multiply at each step, then add"),
    ("do[::-1].cumsum(0)[::-1].T @ x", "you added the later steps: no later step reads what S makes at step t"),
    *((f"do{rows}.T @ x{rows}", said) for said, rows in _ROWS_LEFT)], "dx": [
    ("da @ params.V", "that is (14), for one arrow. A second arrow leaves x_t now: where does it lead?"),
    ("do @ S", "that is the new arrow alone: x_t still enters a_t, too"),
    ("-da @ params.V - do @ S", "the sign is flipped: nothing is subtracted here"),
    ("da @ params.V - do @ S", "the two terms add up: a node's gradient is the sum over its outgoing arrows"),
    ("(da @ params.V) * (do @ S)", "the two terms add up: a node's gradient is the sum over its outgoing arrows"),
    ("(da @ params.V + do @ S)[::-1].cumsum(0)[::-1]",
     "you added the later steps: what they say of x_t is in da_t already"),
    ("da @ params.V + (do @ S)[::-1].cumsum(0)[::-1]", "the scores of the later steps do not read x_t: each reads its own input"),
    ("(da @ params.V + do @ S).sum(0)", "you added the steps up: each step has an input of its own")]}, hints=[
    "Which arrows leave x_t, and where do they end? Which arrows leave o_t?",
    "S stands where U stands, with another vector beside it. So dS looks like (7).",
    "Two arrows leave x_t: V leads to a_t, S leads to o_t. Each brings back one term.",
    "dx = da @ params.V + what comes along S, which is S' do_t for every t, on rows"])


# ---- the whole backward pass -----------------------------------------------------------------------------------------

IN_SINGLE = "Something inside is float32, which keeps 7 digits only: a gradient check asks for more"
WHOLE = (bptt, bptt_by_definition, rtrl, Unfolded.backward)           # of the library, what does it all


def _judge_bptt(answer):
    used = []
    try:
        given = filled(watched(answer, WHOLE, used)(*copy.deepcopy(NETWORKS[0])), Gradients._fields)
    except ValueError as error:
        return wrong(stopped(error, helps={r"V\.T": "V' da_t for all steps at once is da @ V"}))
    lacking = [name for name in Gradients._fields if getattr(given, name, None) is None]
    if given is None:
        return wrong("your function returned nothing: its last line should begin with return rnn.Gradients(V=..., ...)")
    if isinstance(given, dict) and given.keys() >= set(Gradients._fields):
        return wrong("you return a dict: make it rnn.Gradients(**it)")
    if isinstance(given, tuple | list) and len(lacking) == 7:
        return wrong("name what you return: rnn.Gradients(V=..., W=..., U=..., b_h=..., b_y=..., h_0=..., x=...)")
    if lacking:
        return wrong(f"return rnn.Gradients(V=..., W=..., U=..., b_h=..., b_y=..., h_0=..., x=...): yours, "
                     f"of type {type(given).__name__}, lacks {', '.join(lacking)}")
    found = diagnose(answer)
    if found.ok and used:
        return wrong(done_for_you(used))
    if single(found, given):
        return right(f"all seven gradients. {IN_SINGLE}")
    if found.ok:
        return right("all seven gradients, on three networks. This is backpropagation through time, and you have written it")
    return _sick(found, given)


def single(found, given):
    """Whether nothing is wrong but that a gradient came in float32, and what is made of it. A small step is no excuse."""
    return "are right to" in found.message and in_float32(given)


def in_float32(given):
    """Whether one of these gradients came in float32."""
    return any(getattr(part, "dtype", 0) == np.float32 for part in given or ())


def said_of(letter, gradient):
    """What the exercises say of a wrong gradient of U, b_y, V, b_h, x or h_0 on NETWORKS[0]; nothing when they do not know it."""
    params, run, do = NETWORKS[0]
    passed = messages(params, run, do)
    judge, part, given = {"U": (q06_2.code, 0, (run, do)), "b_y": (q06_2.code, 1, (run, do)),
                          "V": (SUMS, 0, (run, *passed)), "b_h": (SUMS, 1, (run, *passed)),
                          "x": (ENDS, 0, (params, *passed)), "h_0": (ENDS, 1, (params, *passed))}[letter]
    due = parts(judge.reference(*given), 2)[part]
    said = judge.of_part(part, [(gradient,)], [given]) or relation([gradient], [due], [("T", [len(do)])])
    return f"{judge.names[part]}: {said}" if said else ""


def _sick(found, given):
    """The verdict on a wrong backward pass: the known mistakes by name, those of single gradients by what is known of them."""
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


q09_3 = Exercise(_judge_bptt, [
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
