"""Exercises of lesson 08: dW by the recursion, rows and columns by hand, and what the two orders cost."""
import numpy as np

from ..bptt import bptt
from ..clinic import MISTAKES
from ..losses import cross_entropy
from ..network import forward, init_parameters
from .code import compare_functions
from .kit import Exercise, Verdict, compare, right, wrong

SIZES = ({"T": 4, "D": 3, "H": 5, "K": 2}, {"T": 3, "D": 2, "H": 4, "K": 5})


def _case(T, D, H, K):
    """(params, run, do) in which nothing is zero, symmetric or the same twice."""
    rng = np.random.default_rng([8, T])
    params = init_parameters(D, H, K, rng)
    run = forward(params, rng.standard_normal((T, D)), rng.standard_normal(H))
    return params, run, cross_entropy(run.o, rng.integers(K, size=T))[1]


def _dW(params, run, do):
    return bptt(params, run, do).W


# ---- known-wrong dW: those of the clinic, and a few that this lesson invites -----------------------------------------

def _by_loop(params, run, do, steps=None, *, slope=None, da_of=lambda slope, own, from_next: slope * (own + from_next),
             message=lambda slope, dh, da, k: da, left=lambda dh, from_next: 0, term=np.outer):
    """dW from a loop over `steps`, T to 1 if None, or something wrong in one place.

    slope: (T, H), f'(a) if None     da_of: (f'(a_k), U' do_k, what came from step k+1) -> da_k
    message: (slope, dh, da, k) -> what step k sends back through W     left: what is still there when the message is added
    term: (da_k, h_{k-1}) -> the term of dW
    """
    slope, dW, from_next = run.f.slope(run.a) if slope is None else slope, np.zeros_like(params.W), 0
    for k in steps or range(len(do), 0, -1):
        own = do[k - 1] @ params.U
        da = da_of(slope[k - 1], own, from_next)
        dW += term(da, run.h[k - 1])
        dh = own + from_next
        from_next = left(dh, from_next) + message(slope, dh, da, k) @ params.W
    return dW


def _first_use(params, run, do):
    """The term of k = 1 alone: da_1 h_0'."""
    return _dW(params, run, do) - _by_loop(params, run, do, range(len(do), 1, -1))


OWN = (
    (_first_use, "what is left is the term of k = 1, the last step that your loop visits. One matrix is used T times: what "
                 "happens to the T terms?"),
    (lambda p, run, do: _by_loop(p, run, do, range(len(do), 1, -1)),
     "exactly one term is missing, that of the use at step 1. Does your loop come to k = 1? And what does W multiply there: is "
     "it h_0?"),
    (lambda p, run, do: _by_loop(p, run, do, range(1, len(do) + 1)),
     "your loop runs from 1 to T. Which da does step k need, that of step k-1 or that of step k+1? It has to be there first."),
    (lambda p, run, do: _by_loop(p, run, do, range(len(do) - 1, -1, -1)),
     "your loop ends at k = 0 and looks at row k - 1 = -1, which is the last one. Let k run from T to 1, or use rows k."),
    (lambda p, run, do: _by_loop(p, run, do, message=lambda slope, dh, da, k: slope[k - 2] * dh),
     "on the way from h_{k+1} back to h_k you pass f once. At which step? Your f' has the index of the step you are going to."),
    (lambda p, run, do: _by_loop(p, run, do, slope=1 - run.h[:-1] ** 2),
     "1 − h² is f' for tanh, but of which step? f'(a_k) belongs to h_k, and h_k is run.h[k]."),
    (lambda p, run, do: _by_loop(p, run, do, slope=1 - run.h[1:]), "the slope of tanh is 1 − h²: the square is missing."),
    (lambda p, run, do: _by_loop(p, run, do, da_of=lambda slope, own, from_next: slope * own + from_next),
     "both paths end at h_k, and from there f is passed. Yours multiplies f' with one of them only: is a bracket missing?"),
    *((lambda p, run, do, left=left: _by_loop(p, run, do, left=left),
       "the message from step k+1 is added to what was left from the turn before. da_{k+1} holds all of that already: "
       "dh_k is made anew in each turn. Is there a += where = is due?")
      for left in (lambda dh, from_next: from_next, lambda dh, from_next: dh)),
    *((lambda p, run, do, term=term: _by_loop(p, run, do, term=term),
       "a term of (11) is a matrix, the outer product of da_k and h_{k-1}. Yours is smaller, and NumPy spread it over all of dW.")
      for term in (np.multiply, np.dot)),
    (lambda p, run, do: _dW(p, run, do) / len(do), "too small by the factor T. Is the total loss (5) a sum or a mean over time?"),
)
SAID = {"h_t for h_{t-1} in dW": "da is right; its partner is not. In (1), what does W multiply at step k?",
        "dW transposed": "W is square, so no shape complains. Row i of W makes a_i: which index of dW belongs to da, which to h?"}


def _mistakes():
    return (*OWN, *((lambda p, run, do, m=m: m.backward(p, run, do).W, SAID.get(m.name, f"{m.question} {m.hint}"))
                    for m in MISTAKES))


def _judge_dW(answer):
    cases = [_case(**sizes) for sizes in SIZES]
    try:
        verdict = compare_functions(answer, _dW, cases, _mistakes(), names=("dW",), tolerance=1e-12)
    except IndexError as error:
        error.args = (f"{error}.\ndo and run.a have T rows, run.h has T + 1: which row belongs to step k in each?",)
        raise
    if verdict.ok:
        return right("by (9) to (11) it takes one loop, with one step back through W in each turn: backpropagation through time")
    if verdict.status == "wrong shape" and "(4, 5, 5)" in verdict.message.split("got")[1]:
        return Verdict("wrong shape", "you return a matrix for each use, (T, H, H): the terms of (11). W is one matrix; add up")
    if "your function must return" in verdict.message:
        return wrong("return dW alone, one array of the shape of W")
    return verdict


# ---- rows and columns by hand ----------------------------------------------------------------------------------------

W, U, SLOPE, DO, H = 4, 2, (1, .5, .25), (1, -1, 2), (2, 3, 5, 7)       # one unit; SLOPE is f'_1, f'_2, f'_3, H is h_0 ... h_3


def _table(w=W, u=U, last=SLOPE, passed=SLOPE[1:], entering=H[:3]):
    """(3, 3): C[t,k] with one unit.   last: f'_k at the end   passed: f' on the way to h_1, to h_2   entering: h_{k-1}"""
    C = np.zeros((3, 3))
    for t in (1, 2, 3):
        v = u * DO[t - 1]
        for k in range(t, 0, -1):
            v = v * w * passed[k - 1] if k < t else v
            C[t - 1, k - 1] = v * last[k - 1] * entering[k - 1]
    return C


TABLES = (
    (np.diag(np.diag(_table())), "these are the terms with k = t only: what h_t does to later losses is missing"),
    (np.tril(_table(), -1), "the terms with k = t are missing: the use at a loss's own step counts as well"),
    (_table(entering=H[1:]), "you multiplied with h_k. At step k, W multiplies the state before"),
    (_table(entering=(1, 1, 1)), "these are the da: each is still to be multiplied with what W multiplied"),
    (_table(last=(1, 1, 1)), "the last factor f'_k is missing: W enters a_k, and f stands between a_k and h_k"),
    (_table(passed=(1, 1)), "on the way from h_{k+1} to h_k you pass f as well as w"),
    (_table(passed=SLOPE[:2]), "J_i = f'_i w has the f' of the step it starts from: from h_{k+1} to h_k, that is step k+1"),
    (_table(u=1), "every message starts at o_t: the factor u is missing"),
    (_table(w=1), "every step back through time passes w once, by J_i = f'_i w"),
)


def _by_hand(rows, columns):
    C = _table()
    for name, given, due, other in (("rows", rows, C.sum(1), C.sum(0)), ("columns", columns, C.sum(0), C.sum(1))):
        known = [(table.sum(1 if name == "rows" else 0), f"your {name}: {meaning}") for table, meaning in TABLES]
        known += [(other, "rows and columns have changed places: a row belongs to one loss, a column to one use"),
                  (due[::-1], f"your {name}: the right numbers in the wrong order; the first belongs to step 1"),
                  (np.cumsum(due), f"your {name}: each number holds the ones before it as well; give them one by one")]
        verdict = compare(given, due, known, name=f"your {name}")
        if not verdict.ok:
            return _short(verdict, name, given, other)
    return right("4 − 11 + 27 = 20 = 12 + 3 + 5: the same cells, so the same total. Only the columns can be had from da alone")


def _short(verdict, name, given, other):
    """The verdict without the right numbers in it: this answer is three numbers, and one slip would show them."""
    if "instead of" not in verdict.message:
        return verdict
    total = np.sum(np.asarray(given, dtype=float))
    if total == other.sum():
        return wrong(f"your {name} have the right total, {total:g}; at least one cell stands in the wrong one")
    return wrong(f"your {name} add up to {total:g}, and that is not the total. Write out the six cells C[t,k] first: "
                 "start at the loss with u do_t, go back step by step, end with f'_k h_{k-1}")


# ---- counting products -----------------------------------------------------------------------------------------------

_ROWS = {190: None, 400: "a square of T by T has T² cells, but no message goes to a k after t", 361: "not every row is as long",
         210: "210 is the number of cells. The message starts at h_t: which cells of a row are reached without a product?",
         380: "twice too many: k runs up to t only",
         20: "that is one product for each loss. How many does the last loss alone need?",
         19: "19 products are what the last row alone needs. Row 2 needs one, row 3 two, …",
         1330: "that is what (8) costs when every product J_t ⋯ J_{k+1} is started anew. Go on from the cell before"}
_COLUMNS = {19: None, 18: "one too few: from column 20 to column 1, how many steps back?",
            20: "one too many: the first column to be made, k = T, needs none (one more would take you from h_1 to h_0)",
            400: "one message carries all later losses together: a product for each column, not for each cell",
            210: "the cells of a column are never made one by one",
            190: "the messages are added before they are carried on: one product serves all of them",
            1: "one product takes you from one column to the next; there are 20 columns"}


def _products(answer):
    try:
        rows, columns = (float(n) for n in answer)
    except (TypeError, ValueError):
        return wrong("give two numbers, (rows first, columns first)")
    if (rows, columns) == (190, 19):
        return right("T(T − 1)/2 and T − 1: row by row costs T/2 times as much, here 10 times")
    if (rows, columns) == (19, 190):
        return wrong("the two have changed places: rows first is the expensive one")
    said = _ROWS.get(rows, "row t holds the cells k = t, t-1, …, 1. How many steps lie between them? Then add up over the rows")
    if said:
        return wrong(f"rows first: {said}")
    said = _COLUMNS.get(columns, "how often does the loop carry a message from one step to the one before?")
    return wrong(f"columns first: {said}")


q08_1 = Exercise(_judge_dW, [
    "Which gradient is needed to make da_k, and at which end of the sequence does it start?",
    "Loop from k = T down to 1. In each turn: dh_k by (9), da_k by (10), then add the term of (11). Keep da for the next turn.",
    "Formulas hold columns, arrays hold rows: U' do_k is do[k - 1] @ U, and W' da_{k+1} is da @ W. da_{T+1} = 0.",
    "dW += np.outer(da, run.h[k - 1]), after dh = do[k - 1] @ params.U + da @ params.W and da = slope[k - 1] * dh"],
    """def my_dW(params, run, do):
    slope = run.f.slope(run.a)
    dW, da = np.zeros_like(params.W), np.zeros(len(params.W))    # da_{T+1} = 0
    for k in range(len(do), 0, -1):
        dh = do[k - 1] @ params.U + da @ params.W                # (9)
        da = slope[k - 1] * dh                                   # (10)
        dW += np.outer(da, run.h[k - 1])                         # (11)
    return dW""")

q08_2 = Exercise(_by_hand, [
    "How many cells does the triangle have for T = 3? Which of them belong to loss 3, and which to use 1?",
    "With one unit all is numbers: C[t,k] = u do_t · J_t ⋯ J_{k+1} · f'_k · h_{k-1}, and J_i = f'_i w. So J_2 = 2 and J_3 = 1.",
    "Rows: C[1,1]; C[2,1] + C[2,2]; C[3,1] + C[3,2] + C[3,3]. C[3,3] = 4 · ¼ · 5, for instance.",
    "Columns by (9) to (11): da_3 = ¼ · 4 = 1; dh_2 = -2 + 4 · 1, da_2 = 1; dh_1 = 2 + 4 · 1, da_1 = 6. Each times its h_{k-1}."],
    """my_rows = [4, -8 - 3, 16 + 6 + 5]
my_columns = [6 * 2, 1 * 3, 1 * 5]""")

q08_3 = Exercise(_products, [
    "Which cell of a row is there without any product? And which column?",
    "Row t has t cells, one after the other, so t - 1 products. Columns: one product from each to the one before.",
    "1 + 2 + … + (T - 1), and T - 1."],
    "my_products = (20 * 19 // 2, 20 - 1)")
