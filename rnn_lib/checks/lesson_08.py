"""Exercises of lesson 08: the graph rule in a small graph, dW by the recursion, and rows and columns by hand."""
import numpy as np

from ..bptt import bptt
from ..clinic.trace import watched
from ..definition import bptt_by_definition, contributions, rtrl
from ..edits import build, edited
from ..gradcheck import complex_step
from .code import MISFIT, coding
from .kit import Exercise, Verdict, compare, right, wrong
from .networks import network, of_the_clinic
from .table import number, table

CASES = [network(81, T=4, D=3, H=6, K=2), network(82, T=3, D=2, H=4, K=5)]
SAID = {"h_t for h_{t-1} in dW": "da is right; its partner is not. In (1), what does W multiply at step k?",
        "dW transposed": "W is square, so no shape complains. Row i of W makes a_i: which index of dW belongs to da, which to h?"}
_RESET = ("what comes back from step t+1 is added to what was left from the turn before. da_{t+1} holds all of that already: "
          "dh_t is made anew in each turn. Is there a += where = is due?")
_SPREAD = "a term of (11) is a matrix, the outer product of da_t and h_{t-1}. Yours is smaller: NumPy spread it over all of dW."
_BRACKET = "both paths end at h_t, and from there f is passed. Yours multiplies f' with one of them only: is a bracket missing?"
_LOOP, _START, _SUM = "range(len(do), 0, -1)", "dW, da = np.zeros_like(params.W), ", "dW += np.outer(da, run.h[t - 1])"


def _terms(value):
    """The terms in the order of their size, from a list of numbers or from one.   raises: TypeError"""
    return tuple(sorted(map(number, value if isinstance(value, list | tuple | set | np.ndarray) else [value])))


TIMES = "along an arrow comes the gradient at its end, times the number of the arrow: a number alone is not yet a term"
ENTER = "these arrows enter the node: its gradient comes back along those that leave it"
ONE_BY_ONE = "this is the sum: give its terms one by one, one for each arrow that leaves"

q08_1 = table(
    """s = 6
r = [5, s * 4]
q = [sum(r) * 2, s * 3]
my_terms = {"s": [s], "r": r, "q": q}""", {
        "s": {(3, 4): ENTER, (3, 4, 6): ENTER, None: "one arrow leaves s, straight to the loss, and dL/dL = 1"},
        "r": {(5,): "a second arrow leaves r: it leads to s", (24,): "a second arrow leaves r: it leads straight to L",
              (4, 5): TIMES, (2,): ENTER, (29,): ONE_BY_ONE,
              None: "two arrows leave r. What is the gradient at the end of each, and what stands on the arrow?"},
        "q": {(58,): "a second arrow leaves q: it skips r and leads to s", (18,): "a second arrow leaves q: it leads to r",
              (2, 3): TIMES, (76,): ONE_BY_ONE,
              (10, 18): "what comes back along q → r is the whole gradient of r, both of its terms, times 2",
              (18, 48): "what comes back along q → r is the whole gradient of r, both of its terms, times 2",
              (10, 18, 48): "these are the three paths from q to L, and their sum is right. But only two arrows leave q: the two "
                            "paths over r share the first one. So add at r, and multiply once: (5 + 24) · 2",
              None: "two arrows leave q. What is the gradient at the end of each, and what stands on the arrow?"}},
    reads=_terms, asks="write a list of numbers for each node, in a dictionary with the keys s, r and q", every=False,
    praise="dr = 29 and dq = 76. Three paths lead from q to L, and two terms are enough: the two paths over r are added at r, "
           "and multiplied by 2 once", hints=[
    "Which arrows leave s, which leave r, and which leave q?",
    "Start with s: one arrow leaves it, to L. What comes back is 1 · 6.",
    "At r: along r → L comes 1 · 5, along r → s comes ds · 4.",
    "At q: along q → r comes dr · 2, along q → s comes ds · 3."])


def _one_loop(answer):
    """The question asks for one loop: a loop in a loop runs about four times as many lines for twice the steps."""
    lines, twice = (watched(answer, network(83, T=T, D=2, H=3, K=2), T).lines for T in (16, 32))
    if twice > 3 * lines:
        return Verdict("not yet right", "the right dW, but by a loop in a loop, as (8) is written: its work grows with the "
                                        "square of T. By (9) to (11) one loop is enough. What do you carry from turn to turn?")
    return "by (9) to (11) it takes one loop, with one step back through W in each turn: backpropagation through time"


q08_2 = coding(
    """def my_dW(params, run, do):
    slope = run.f.slope(run.a)
    dW, da = np.zeros_like(params.W), np.zeros(len(params.W))    # da_{T+1} = 0
    for t in range(len(do), 0, -1):
        dh = do[t - 1] @ params.U + da @ params.W                # (9)
        da = slope[t - 1] * dh                                   # (10)
        dW += np.outer(da, run.h[t - 1])                         # (11)
    return dW""",
    CASES, returns=("dW",), tolerance=1e-12,
    instead=(bptt, bptt_by_definition, contributions, rtrl, complex_step),
    helps={"a row": "do and run.a have T rows, run.h has T + 1: which row belongs to step t in each?",
           "is a plain number": "da_{T+1} = 0 is a vector of H zeros: da = np.zeros(len(params.W)), in front of the loop. "
                                "And in the loop ⊙ is *: @ of two vectors gives one number",
           MISFIT: "Formulas hold columns, arrays hold rows: U' do_t is do[t - 1] @ U, and W' da_{t+1} is da @ W"},
    shapes=dict.fromkeys([(6,), ()], "dW is a matrix, (H, H), and so is each term of (11): np.outer(da, …). "
                                     "@ of two vectors gives one number, and * a vector"),
    last=lambda verdict, *_: "zeros only" in verdict.message and verdict._replace(status="not finished"),
    praise=_one_loop, mistakes=[
    ("dW += ", "dW = ", "what is left is the term of t = 1, the last step that your loop visits. One matrix is used T times: "
     "what happens to the T terms?"),
    (_LOOP, "range(len(do), 1, -1)", "exactly one term is missing, that of the use at step 1. Does your loop come to t = 1? And "
     "what does W multiply there: is it h_0?"),
    (_LOOP, "range(1, len(do) + 1)",
     "your loop runs from 1 to T. Which da does step t need, that of step t-1 or that of step t+1? It has to be there first."),
    (_LOOP, "range(len(do), -1, -1)", "t = 0 is no step: row t - 1 = -1 is the last one, and so step T is counted again"),
    (_LOOP, "range(len(do) - 1, -1, -1)",
     "your loop ends at t = 0 and looks at row t - 1 = -1, which is the last one. Let t run from T to 1, or use rows t."),
    (_START, "dh = 0 * params.W[0]\n    " + _START, "da @ params.W", "(slope[t - 1] * dh) @ params.W",
     "on the way from h_{t+1} back to h_t you pass f once. At which step? Your f' has the index of the step you are going to."),
    ("run.f.slope(run.a)", "1 - run.h[:-1] ** 2",
     "1 − h² is f' for tanh, but of which step? f'(a_t) belongs to h_t, and h_t is run.h[t]."),
    ("run.f.slope(run.a)", "1 - run.h[1:]", "the slope of tanh is 1 − h²: the square is missing."),
    ("slope[t - 1]", "slope[t - 2]",
     "your f' is that of the step before: beside row i of do stands row i of run.a. Row -1 is the last."),
    ("da @ params.W", "da", "da_{t+1} is added to dh_t as it is: on its way from a_{t+1} back to h_t stands W."),
    ("+ da @ params.W", "- da @ params.W", "(9) is a sum: what the two paths send back to h_t is added."),
    ("slope[t - 1] * dh", "slope[t - 1] * (do[t - 1] @ params.U) + da @ params.W", _BRACKET),
    ("slope[t - 1] * dh", "do[t - 1] @ params.U + slope[t - 1] * (da @ params.W)", _BRACKET),
    ("da @ params.W", "(slope[t - 1] * da) @ params.W", "the message has f' in it once more: da_{t+1} has passed f already"),
    (_LOOP, "[1, *range(len(do), 1, -1)]", "run.h[t - 1]", "run.h[t - 1 or -1]",
     "your loop begins with row 0: do[-t] counts from the end only from t = 1 on, and -0 is 0. Let t run from T to 1."),
    (_START, "left = 0\n    " + _START, "da @ params.W", "left", _SUM, _SUM + "; left = left + da @ params.W", _RESET),
    (_START, "left = 0\n    " + _START, "da @ params.W", "left", _SUM, _SUM + "; left = dh + da @ params.W", _RESET),
    ("np.outer(da, run.h[t - 1])", "da * run.h[t - 1]", _SPREAD), ("np.outer(da, run.h[t - 1])", "da @ run.h[t - 1]", _SPREAD),
    *of_the_clinic(lambda m: SAID.get(m.name, f"{m.question} {m.hint}"), besides=(
        "the message is never reset", "the loop runs forward", "f' of the step before", "f' on one of the two paths only",
        "h_0 taken for zero", "= for +=", "mean for sum", "the loop stops before step 1"))], hints=[
    "Which gradient is needed to make da_t, and at which end of the sequence does it start?",
    "Loop from t = T down to 1. In each turn: dh_t by (9), da_t by (10), then add the term of (11). Keep da for the next turn.",
    "Formulas hold columns, arrays hold rows: U' do_t is do[t - 1] @ U, and W' da_{t+1} is da @ W. da_{T+1} = 0.",
    "dW += np.outer(da, run.h[t - 1]), after dh = do[t - 1] @ params.U + da @ params.W and da = slope[t - 1] * dh"])


# ---- rows and columns by hand: one unit, C[t,k] from a text, and the tables that its edits give ----------------------

NUMBERS = {"np": np, "w": 4, "u": 2, "slope": (1, .5, .25), "do": (1, -1, 2), "h": (2, 3, 5, 7)}    # f'_1 to f'_3, h_0 to h_3
CELLS = """def cells():
    C = np.zeros((3, 3))
    for t in (1, 2, 3):
        v = u * do[t - 1]
        for k in range(t, 0, -1):
            C[t - 1, k - 1] = v * slope[k - 1] * h[k - 1]
            v = v * slope[k - 1] * w
    return C"""
TABLES = [(build(edited(CELLS, [edit]), NUMBERS)(), said) for *edit, said in (
    ("range(t, 0, -1)", "(t,)", "these are the terms with k = t only: each loss reaches the earlier uses, too"),
    ("return C", "return np.tril(C, -1)", "the terms with k = t are missing: the use at a loss's own step counts as well"),
    ("h[k - 1]", "h[k]", "you multiplied with h_k. At step k, W multiplies the state before"),
    (" * h[k - 1]", "", "these are the da: each is still to be multiplied with what W multiplied"),
    (" * slope[k - 1] * h", " * h", "the last factor f'_k is missing: W enters a_k, and f stands between a_k and h_k"),
    (" * slope[k - 1] * w", " * w", "on the way from h_{k+1} to h_k you pass f as well as w"),
    ("slope[k - 1] * w", "slope[k - 2] * w",
     "J_i = f'_i w has the f' of the step it starts from: from h_{k+1} to h_k, that is step k+1"),
    ("C = np.zeros((3, 3))", "C, slope = np.zeros((3, 3)), (1, 1, 1)", "f' is missing everywhere: da_t = f'_t dh_t"),
    ("u * do", "do", "every row vector starts at o_t: the factor u is missing"),
    ("slope[k - 1] * w", "slope[k - 1]", "every step back through time passes w once, by J_i = f'_i w"))]


def _by_hand(rows, columns):
    C = build(CELLS, NUMBERS)()
    for name, axis, given in (("rows", 1, rows), ("columns", 0, columns)):
        entries = [*given] if np.iterable(given) else []
        if any(isinstance(entry, str) for entry in entries):
            return wrong(f"your {name} must be numbers, not texts: leave the quotation marks out")
        due, other = C.sum(axis), C.sum(1 - axis)
        if [part for entry in entries if np.iterable(entry) for part in entry] == [*due]:
            return Verdict("wrong shape", f"your {name}: right, but with one more axis of length 1. Three numbers are asked for")
        if len(entries) == 3 and any(map(np.ndim, entries)):
            return wrong(f"your {name}: these are the cells: add up each {name[:-1]}, and give three numbers")
        known = [(table.sum(axis), f"your {name}: {said}") for table, said in TABLES]
        known += [(other, "rows and columns have changed places: a row belongs to one loss, a column to one use"),
                  (C[2] if axis == 0 else C[:, 0], f"your {name}: " + (
                      "that is loss 3 alone: the column of k holds all losses from k on" if axis == 0 else
                      "that is use 1 alone: the row of t holds all uses up to t")),
                  (due[::-1], f"your {name}: the right numbers in the wrong order; the first belongs to step 1"),
                  (np.cumsum(due), f"your {name}: each number holds the ones before it as well; give them one by one")]
        verdict = compare(given, due, known, name=f"your {name}")
        if not verdict.ok:
            return _short(verdict, name, given, due, other)
    return right("4 − 11 + 27 = 20 = 12 + 3 + 5: the same cells, so the same total. Only the columns can be had from da alone")


def _short(verdict, name, given, due, other):
    """The verdict without the right numbers in it: this answer is three numbers, and one slip would show them."""
    if not verdict.unnamed:
        return verdict
    given = np.asarray(given, dtype=float)
    total, first = given.sum(), 1 + np.flatnonzero(~np.isclose(given, due))[0]
    if total == other.sum():
        return wrong(f"your {name} have the right total, {total:g}; at least one cell stands in the wrong one")
    return wrong(f"your {name} add up to {total:g}, and that is not the total: number {first} is the first that is wrong. "
                 "Write out the six cells C[t,k] first: start at the loss with u do_t, go back step by step, end "
                 "with f'_k h_{k-1}")


q08_3 = Exercise(_by_hand, [
    "How many cells does the triangle have for T = 3? Which of them belong to loss 3, and which to use 1?",
    "With one unit all is numbers: C[t,k] = u do_t · J_t ⋯ J_{k+1} · f'_k · h_{k-1}, and J_i = f'_i w. So J_2 = 2 and J_3 = 1.",
    "Rows: C[1,1]; C[2,1] + C[2,2]; C[3,1] + C[3,2] + C[3,3]. C[3,3] = 4 · ¼ · 5, for instance.",
    "Columns by (9) to (11): da_3 = ¼ · 4 = 1; dh_2 = -2 + 4 · 1, da_2 = 1; dh_1 = 2 + 4 · 1, da_1 = 6. Each times its h_{k-1}."],
    """my_rows = [4, -8 - 3, 16 + 6 + 5]
my_columns = [6 * 2, 1 * 3, 1 * 5]""")
