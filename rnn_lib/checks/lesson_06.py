"""Exercises of lesson 06: the gradient of U for one entry, for the whole matrix, and what a nudge of U moves."""
import numpy as np

from ..losses import softmax
from .code import MISFIT, coding
from .networks import network
from .table import steps, table

_SIZES = {"T": 4, "D": 2, "H": 6, "K": 3}


def _entries(_, run, do):
    """Arguments for some entries of U at every step."""
    yhat, y = softmax(run.o), np.where(do < 0, 1.0, 0.0)            # one-hot: only the label's do is below 0
    return [(yhat, y, run.h, t, i, j) for t in (1, 2, 3, 4) for i, j in ((0, 1), (1, 0), (2, 2), (1, 2))]


_DO, _H = "(yhat[t - 1, i] - y[t - 1, i])", "h[t, j]"
_LABEL = "this has the label alone: the first factor is do_t[i], (6), not y_t[i]"
_SLOPE = "a factor f' too many: f stands below h_t, and the way from L_t to U never passes it"

q06_1 = coding(
    """def my_entry(yhat, y, h, t, i, j):
    return (yhat[t - 1, i] - y[t - 1, i]) * h[t, j]""",
    _entries(*network(61, **_SIZES)), returns=("the derivative",), letters=_SIZES,
    helps={"a row": "ŷ and y have T rows, h has T + 1: which row belongs to step t in each?"},
    shapes=dict.fromkeys([(6,), (3,), (3, 6), (4,)],
                         "one number is asked for, the derivative for one entry: has each factor an index?"),
    praise="two factors: do_t[i] says how the loss moves with the score, h_t[j] how the score moves with U_ij", mistakes=[
    (_H, "h[t - 1, j]", "this is h_{t-1}[j]: what does U multiply at step t? h has T + 1 rows, and h[t] is h_t"),
    ("-right(yhat, y, h, t, i, j)", "the sign is flipped: do_t is ŷ_t − y_t"),
    (_DO, "yhat[t - 1, i] - y[t - 1, i]", "brackets: * comes before −, so only y is multiplied with h"),
    ("right(yhat, y, h, t, i - 1, j - 1)", "only t counts from 1: i and j count from 0, as rows and columns do"),
    (_DO, "(yhat[t - 1, i] - 1)", "1 is subtracted for every class: y_t is 1 at the right class, and 0 elsewhere"),
    (_DO, "yhat[t - 1, i]", "the label is missing: the first factor is do_t[i], (6)"), (_DO, "y[t - 1, i]", _LABEL),
    (_DO, "-y[t - 1, i]", _LABEL),
    (_DO, "-y[t - 1, i] / yhat[t - 1, i]",
     "−y/ŷ is the derivative at the probabilities; between them and the scores stands the softmax"),
    (_H, "h[t, j] * yhat[t - 1, i] * (1 - yhat[t - 1, i])",
     "the softmax's derivative is counted twice: ŷ − y is the gradient at the scores already"),
    (_H, "h[t, j] * (1 - h[t, j] ** 2)", _SLOPE),
    (_DO, "one factor is missing: how much does o_t[i] change for each unit that U_ij changes? That is the derivative for b_y"),
    (_H, "one factor is missing: this is how o_t[i] moves with U_ij; how does L_t move with o_t[i]?"),
    (_DO, "(yhat[t - 1] - y[t - 1]).sum()", "you added up do_t over all scores: row i of U makes score i, and no other"),
    (_H, "h[t].sum()", "you added up all of h_t: U_ij multiplies h_t[j], and no other entry"),
    ("((yhat - y).T @ h[1:])[i, j]", "this is the sum over all steps: one loss, L_t, is asked for"),
    ("((yhat - y)[:t].T @ h[1:t + 1])[i, j]",
     "this adds up the steps 1 to t: L_t reads the score o_t alone, so the earlier uses of U do not reach it"),
    ("right(yhat, y, h, t, i, j) / len(yhat)", "divided by T: L is a sum over the steps, not a mean"),
    ("right(yhat, y, h, t, j, i)", "i and j are swapped: row i of U belongs to score i, column j to hidden unit j")], hints=[
    "L_t reads the scores o_t. Which of them moves when U_ij moves, and how far?",
    "The product has two factors: how L_t moves with that score, and how that score moves with U_ij.",
    "The first is (6), do_t[i] = ŷ_t[i] − y_t[i]. The second is what U_ij multiplies in (3).",
    "(yhat[t - 1, i] - y[t - 1, i]) * h[t, ...]: which entry of h_t?"])


LAST = "only the last step is in it: every step has a loss, and so a term. Is there an = where += is due, or is the sum missing?"
FIRST = "only step 1 is in it: every step has a loss, and so a term. Is there an = where += is due?"
NO_FIRST = "the term of step 1 is missing: range(a, b) starts at a and leaves b out"
NO_LAST = "the term of step T is missing: range(a, b) leaves b out, and do[:-1] the last row"
MEAN = "it is divided by T: L is a sum over the steps, and so is its gradient"
SIGN = "the sign is flipped: do comes in as ŷ − y, and nothing between it and U turns it round"
TWICE = "it is twice too large: is some term added both inside the loop and after it?"
SCORES = "the scores o_t in place of their gradients do_t"
DU_SHAPES = {       # for T = 4, D = 2, H = 6, K = 3
    (6, 3): "dU is (H, K), transposed: it has the shape of U, (K, H), so do_t is the column and h_t the row",
    (4, 3, 6): "dU is (T, K, H), one outer product for each step: U is one matrix, add them up over the first axis",
    (4, 6, 3): "dU is (T, H, K), an outer product for each step, transposed too: do_t is the column, and the steps add up",
    (3, 2): "dU is (K, D): is that x in place of h? U reads the hidden state",
    (4, 4): "dU is (T, T): the axis to sum over is time; here time is left and the entries are summed away",
    (6, 6): "dU is (H, H), the shape of W: one factor is do_t, (K,), the other h_t, (H,)"}
DB_SHAPES = {
    (4, 3): "db_y is (T, K), one gradient for each step: b_y is one vector, add them up over time",
    (4,): "db_y is (T,): you added up the scores of each step; add up the steps of each score, axis 0",
    (): "db_y is one number: add up over time only, axis 0. b_y has an entry for each score",
    (3, 1): "db_y is (K, 1): b_y is held as a plain vector, (K,)", (1, 3): "db_y is (1, K): b_y is held as a plain vector, (K,)",
    (6,): "db_y is (H,): that is the size of b_h; b_y has an entry for each score"}

q06_2 = coding(
    """def my_dU(run, do):
    dU = do.T @ run.h[1:]
    db_y = do.sum(axis=0)
    return dU, db_y""",
    [network(62, **_SIZES)[1:], network(63, **(_SIZES | {"T": 5}))[1:]], returns=("dU", "db_y"),
    letters=_SIZES, helps={
        "a row": "do has T rows, run.h has T + 1: which row belongs to step t in each?",
        r"fit:.*T\+1": "do has T rows, run.h has T + 1: one of them is h_0, which U never reads", MISFIT:
        "do is (T, K), run.h[1:] is (T, H). To sum over time, @ needs T as the last axis on its left, the first on its right"},
    shapes={"dU": DU_SHAPES, "db_y": DB_SHAPES},
    praise="no loop backwards through time, no W, no f': dU takes what stands at each step, and adds it up", mistakes={
    "dU": [
        ("do.T @ run.h[:-1]",
         "do_t meets h_{t-1} here: what does U multiply at step t in (3)? h[t] is h_t, so h[1:] are h_1 to h_T"),
        ("np.outer(do[0], run.h[1])", FIRST), ("np.outer(do[-1], run.h[-1])", LAST), ("do[1:].T @ run.h[2:]", NO_FIRST),
        ("do[:-1].T @ run.h[1:-1]", NO_LAST), ("dU / len(do)", MEAN), ("-dU", SIGN), ("2 * dU", TWICE),
        ("do[1:].T @ run.h[1:-1]", "do_{t+1} meets h_t here: do has T rows, do_t is do[t-1]; h has T + 1, h_t is h[t]"),
        ("np.outer(do.sum(0), run.h[1:].sum(0))",
         "the sums were multiplied: add up the products do_t h_tᵀ, not do and h separately. This pairs every do with every h"),
        ("np.outer(do.sum(0), run.h[-1])", "every do_t meets h_T here: the score of step t was made from h_t"),
        ("do.T @ run.a", "a_t in place of h_t: U reads the state after f"), ("do.T @ (run.h[1:] * (1 - run.h[1:] ** 2))", _SLOPE),
        ("run.o.T @ run.h[1:]", SCORES)],
    "db_y": [("do[-1]", LAST), ("do[0]", FIRST), ("do[1:].sum(0)", NO_FIRST), ("do[:-1].sum(0)", NO_LAST), ("do.mean(0)", MEAN),
             ("-db_y", SIGN), ("2 * db_y", TWICE), ("run.o.sum(0)", SCORES)]}, hints=[
    "What does one step add to dU? Which row of do and which row of run.h belong to step t?",
    "dU = Σₜ doₜ hₜᵀ, db_y = Σₜ doₜ. np.outer(a, b) has a in its rows and b in its columns.",
    "A loop over t with +=, or one matrix product that sums over the T rows: do.T @ ...",
    "run.h[1:] are h_1 to h_T; do.sum(axis=0) adds up the steps."])

_ARROWS = "follow the arrows: U makes ŷ_t, and ŷ_t goes up to L_t, and through R into h_{t+1}"
_FROM_0 = "these are rows of an array, counted from 0: name the steps, counted from 1"
_RANGE = "T is 7, so there is one more: range stops before its end"
LOSSES = {          # T = 7
    frozenset(range(7)): _FROM_0, frozenset(range(1, 7)): _RANGE,
    frozenset({7}): "not only the last: every step makes its scores with U, and every step has a loss",
    frozenset({1}): "not only the first: all steps use one and the same U",
    frozenset(range(2, 8)): "L_1 as well: it reads ŷ_1, which U has made",
    frozenset(range(3, 8)): "these are the losses of copy 3 of W: here U itself is nudged, which is used at every step",
    frozenset(): "some do: which matrix makes the scores that each loss reads?",
    frozenset(range(8)): "there is no L_0: h_0 is given, and no prediction is made from it",
    None: _ARROWS}
STATES = {
    frozenset(): "that is our own network, without R. Here ŷ_1 goes into a_2",
    frozenset(range(1, 8)): "not h_1: which prediction is there before step 1?",
    frozenset(range(8)): "h_0 is given, and before step 1 there is no prediction that could go into h_1",
    frozenset(range(1, 7)): _FROM_0, frozenset(range(2, 7)): _RANGE,
    frozenset({2}): "not only h_2: h_2 is handed on, and the later predictions go into the later states",
    frozenset(range(3, 8)): "h_2 as well: ŷ_1, which U has made, goes into a_2",
    None: _ARROWS}
q06_3 = table(
    """my_losses = {1, 2, 3, 4, 5, 6, 7}
my_states = {2, 3, 4, 5, 6, 7}""", {"losses": LOSSES, "states": STATES}, reads=steps,
    asks="losses: write a set of steps, such as {1, 2}, or set() for none; states: write a set as well",
    praise="through R the gradient of U would travel through time. In our network no state changes: each loss sends one term to "
           "dU, and none of it goes back through time", hints=[
    "Which numbers does U help to make at step t, and which equations read these numbers?",
    "ŷ_t is read by L_t, and by the next state. And that state is read by all later ones.",
    "Before step 1 there is no prediction."])
