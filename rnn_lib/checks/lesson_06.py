"""Exercises of lesson 06: the gradient of U at one step by hand, over all steps, and what a nudge of U moves."""
import numpy as np

from .code import MISFIT, coding, parts
from .kit import wrong
from .networks import network
from .table import steps, table

_SIZES = {"T": 4, "D": 2, "H": 6, "K": 3}
_SLOPE = "a factor f' too many: f stands below h_t, and the way from L_t to U never passes it"
_SIGN = "the sign is turned round: (6) is ŷ − y, so the score of the right class has a negative gradient"
_LABEL = "the label is missing: by (6) a score moves the loss by ŷ[i] − y[i], and y is 1 at the right class"
_ALONE = "this has the label alone: by (6) a score moves the loss by ŷ[i] − y[i]"
_RIGHT_CLASS = "not the right class alone: a wrong class's score moves the loss, too, by ŷ[i]"
_CLASS_0 = "you took the first class for the right one: classes are counted from 0, so number 1 is the second"
_BY_YHAT = "this is how the loss moves with ŷ: (6) is how it moves with the score"
STEP = {"yhat": np.array([.5, .3, .2]), "y": np.array([0, 1, 0]), "do": np.array([.5, -.7, .2]), "h": np.array([.8, -.5])}


def _first_wrong(answer, judge):
    """Which of the numbers is the first wrong one, and what to ask of it."""
    given = parts(judge.values(answer, ()), 2)
    pairs = [*zip(judge.names, given, judge.expected[0], strict=True)]
    if all(np.allclose(got, np.round(got, 1)) and np.allclose(got, due, rtol=0, atol=.0501) for _, got, due in pairs):
        return wrong("your numbers are rounded: give two decimals")
    name, at = next((name, [*map(int, at)]) for name, *pair in pairs for at in np.argwhere(~np.isclose(*pair)))
    return wrong(f"{name}{at} is the first that is wrong: which score does a nudge of it move, and how far? "
                 "How does the loss move with that score?")


q06_1 = coding(
    """my_step = {"dU": [[0.40, -0.25], [-0.56, 0.35], [0.16, -0.10]], "db_y": [0.5, -0.7, 0.2]}""",
    [()], returns=("dU", "db_y"), known=STEP,
    shapes={"dU": {(2, 3): "row i of U makes score i: dU has three rows of two numbers"}},
    unnamed=_first_wrong,
    praise="each number of dU is a product of two: how the loss moves with the score, and what U[i, j] is multiplied with. "
           "For b_y the second is 1", mistakes={"dU": [
    ("-np.outer(do, h)", _SIGN), ("np.outer(yhat, h)", _LABEL), ("np.outer(y, h)", _ALONE), ("-np.outer(y, h)", _ALONE),
    ("np.outer(yhat - [1, 0, 0], h)", _CLASS_0), ("np.outer(-y / yhat, h)", _BY_YHAT),
    ("np.outer(do * y, h)", _RIGHT_CLASS), ("np.outer(do, h * (1 - h ** 2))", _SLOPE),
    ("np.outer(do, abs(h))", "the second column has the wrong sign: h[1] is −0.5"),
    ("np.outer(do, h[::-1])", "the columns are swapped: U[i, 0] is multiplied with h[0]"),
    ("np.outer(do, [1, 1])", "one factor is missing: how far does a nudge of U[i, j] move score i?"),
    ("np.outer([1, 1, 1], h)", "one factor is missing: this is how a score moves with U[i, j]. How does the loss move with it?"),
    ("np.outer(do, [h.sum()] * 2)", "you added up h: U[i, j] is multiplied with h[j], and with no other entry"),
    ("np.add.outer(do, h)", "the factors are added: score i moves by h[j] of the nudge, and the loss by do[i] of that")],
    "db_y": [
    ("-do", _SIGN), ("yhat", _LABEL), ("y * 1.0", _ALONE), ("y * -1.0", _ALONE), ("do * y", _RIGHT_CLASS),
    ("yhat - [1, 0, 0]", _CLASS_0), ("-y / yhat", _BY_YHAT),
    ("0 * do", "b_y is added to the scores, so a nudge of it moves them, and the loss"),
    ("[1, 1, 1]", "this is how far each score moves. How does the loss move with it?"),
    ("do * h.sum()", "the bias is not multiplied with h: it is added")]}, hints=[
    "U[0, 1] grows by 0.01. Which of the three scores moves, and by how much?",
    "o[0] changes by 0.01 · h[1] = −0.005. How does the loss move with o[0]? That is (6).",
    "do = ŷ − y = (0.5, −0.7, 0.2). So per nudge of U[0, 1] the loss moves by 0.5 · (−0.5).",
    "Row 0 of dU is 0.5 · 0.8 and 0.5 · (−0.5). A nudge of b_y[0] moves o[0] by as much."])


LAST = "only the last step is in it: every step has a loss, and so a term. Is there an = where += is due, or is the sum missing?"
FIRST = "only step 1 is in it: every step has a loss, and so a term. Is there an = where += is due?"
NO_FIRST = "the term of step 1 is missing: range(a, b) starts at a and leaves b out"
NO_LAST = "the term of step T is missing: range(a, b) leaves b out, and do[:-1] the last row"
DU_SHAPES = {       # for T = 4, D = 2, H = 6, K = 3
    (6, 3): "dU is (H, K), transposed: it has the shape of U, (K, H), so do_t is the column and h_t the row",
    (4, 6, 3): "dU is (T, H, K), an outer product for each step, transposed too: do_t is the column, and the steps add up",
    (3, 2): "dU is (K, D): is that x in place of h? U reads the hidden state",
    (4, 4): "dU is (T, T): the axis to sum over is time; here time is left and the entries are summed away",
    (6, 6): "dU is (H, H), the shape of W: one factor is do_t, (K,), the other h_t, (H,)"}
DB_SHAPES = {
    (4,): "db_y is (T,): you added up the scores of each step; add up the steps of each score, axis 0",
    (6,): "db_y is (H,): that is the size of b_h; b_y has an entry for each score"}

q06_2 = coding(
    """def my_dU(run, do):
    dU = do.T @ run.h[1:]
    db_y = do.sum(axis=0)
    return dU, db_y""",
    [network(62, **_SIZES)[1:], network(63, **(_SIZES | {"T": 5}))[1:]], returns=("dU", "db_y"),
    letters=_SIZES, helps={
        "a row": "do has T rows, run.h has T + 1: which row belongs to step t in each?",
        r"fit:.*T\+1": "do has T rows, run.h has T + 1: one of them is h_0, which U never reads",
        "fit: db": "db_y has K entries, one for each score",
        r"outer\(|\[[^]:]*\]|\(\w,\)":            # rows of one step
        "For one step: np.outer(do_t, h_t), do_t in the rows and h_t in the columns. Its shape is that of U, (K, H)", MISFIT:
        "do is (T, K), run.h[1:] is (T, H). To sum over time, @ needs T as the last axis on its left, the first on its right"},
    shapes={"dU": DU_SHAPES, "db_y": DB_SHAPES},
    praise="no loop backwards through time, no W, no f': dU takes what stands at each step, and adds it up", mistakes={
    "dU": [
        ("do.T @ run.h[:-1]",
         "do_t meets h_{t-1} here: what does U multiply at step t in (3)? h[t] is h_t, so h[1:] are h_1 to h_T"),
        ("np.outer(do[0], run.h[1])", FIRST), ("np.outer(do[-1], run.h[-1])", LAST), ("do[1:].T @ run.h[2:]", NO_FIRST),
        ("do[:-1].T @ run.h[1:-1]", NO_LAST),
        ("do[1:].T @ run.h[1:-1]", "do_{t+1} meets h_t here: do has T rows, do_t is do[t-1]; h has T + 1, h_t is h[t]"),
        ("np.outer(do.sum(0), run.h[1:].sum(0))",
         "the sums were multiplied: add up the products do_t h_tᵀ, not do and h separately. This pairs every do with every h"),
        ("do.T @ run.a", "a_t in place of h_t: U reads the state after f"), ("do.T @ (run.h[1:] * run.f.slope(run.a))", _SLOPE)],
    "db_y": [("do[-1]", LAST), ("do[0]", FIRST), ("do[1:].sum(0)", NO_FIRST), ("do[:-1].sum(0)", NO_LAST)]}, hints=[
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
