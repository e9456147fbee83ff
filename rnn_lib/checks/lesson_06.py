"""Exercises of lesson 06: the gradient of U for one entry, for the whole matrix, and what a nudge of U moves."""
import copy
import re

import numpy as np

from ..clinic import MISTAKES
from ..losses import softmax
from ..network import forward, init_parameters
from .code import compare_functions
from .kit import Exercise, Verdict, right, wrong

PARAMS = init_parameters(2, 6, 3, np.random.default_rng(6))


def _network(T, seed):
    """(run, one-hot y) for T steps of a network with D = 2, H = 6, K = 3, where no mistake can hide: h_0 is not 0"""
    rng = np.random.default_rng(seed)
    run = forward(PARAMS, rng.standard_normal((T, 2)), rng.standard_normal(6))
    return run, np.eye(3)[rng.integers(3, size=T)]


def _entry(yhat, y, h, t, i, j):
    return (yhat[t - 1, i] - y[t - 1, i]) * h[t, j]


def _slope(yhat, i, t):
    return yhat[t - 1, i] * (1 - yhat[t - 1, i])


ENTRY_MISTAKES = [
    (lambda p, y, h, t, i, j: (p[t - 1, i] - y[t - 1, i]) * h[t - 1, j],
     "this is h_{t-1}[j]: what does U multiply at step t? h has T + 1 rows, and h[t] is h_t"),
    (lambda p, y, h, t, i, j: -_entry(p, y, h, t, i, j), "the sign is flipped: do_t is ŷ_t − y_t"),
    (lambda p, y, h, t, i, j: p[t - 1, i] * h[t, j], "the label is missing: the first factor is do_t[i], (6)"),
    (lambda p, y, h, t, i, j: y[t - 1, i] * h[t, j], "this has the label alone: the first factor is do_t[i], (6), not y_t[i]"),
    (lambda p, y, h, t, i, j: -y[t - 1, i] * h[t, j], "this has the label alone: the first factor is do_t[i], (6), not y_t[i]"),
    (lambda p, y, h, t, i, j: -y[t - 1, i] / p[t - 1, i] * h[t, j],
     "−y/ŷ is the derivative at the probabilities; between them and the scores stands the softmax"),
    (lambda p, y, h, t, i, j: _entry(p, y, h, t, i, j) * _slope(p, i, t),
     "the softmax's derivative is counted twice: ŷ − y is the gradient at the scores already"),
    (lambda p, y, h, t, i, j: _entry(p, y, h, t, i, j) * (1 - h[t, j] ** 2),
     "a factor f' too many: f stands below h_t, and the way from L_t to U never passes it"),
    (lambda p, y, h, t, i, j: p[t - 1, i] - y[t - 1, i],
     "one factor is missing: how much does o_t[i] change for each unit that U_ij changes? That is the derivative for b_y"),
    (lambda p, y, h, t, i, j: h[t, j],
     "one factor is missing: this is how o_t[i] moves with U_ij; how does L_t move with o_t[i]?"),
    (lambda p, y, h, t, i, j: (p[t - 1] - y[t - 1]).sum() * h[t, j],
     "you added up do_t over all scores: row i of U makes score i, and no other"),
    (lambda p, y, h, t, i, j: (p[t - 1, i] - y[t - 1, i]) * h[t].sum(),
     "you added up all of h_t: U_ij multiplies h_t[j], and no other entry"),
    (lambda p, y, h, t, i, j: ((p - y).T @ h[1:])[i, j], "this is the sum over all steps: one loss, L_t, is asked for"),
    (lambda p, y, h, t, i, j: ((p - y)[:t].T @ h[1:t + 1])[i, j],
     "this adds up the steps 1 to t: L_t reads the score o_t alone, so the earlier uses of U do not reach it"),
    (lambda p, y, h, t, i, j: _entry(p, y, h, t, i, j) / len(p), "divided by T: L is a sum over the steps, not a mean"),
    (lambda p, y, h, t, i, j: (p[t - 1, j] - y[t - 1, j]) * h[t, i],
     "i and j are swapped: row i of U belongs to score i, column j to hidden unit j"),
]


def _judge_entry(answer):
    run, y = _network(4, seed=61)
    yhat = softmax(run.o)
    cases = [(yhat, y, run.h, t, i, j) for t in (1, 2, 3, 4) for i, j in ((0, 1), (1, 0), (2, 2), (1, 2))]
    try:
        if callable(answer) and np.ndim(answer(*copy.deepcopy(cases[0]))):
            return Verdict("wrong shape", "one number is asked for, the derivative for one entry: has each factor an index?")
        verdict = compare_functions(answer, _entry, cases, ENTRY_MISTAKES, ("the derivative",))
    except IndexError as error:
        error.args = (f"{error}.\nŷ and y have T rows, h has T + 1: which row belongs to step t in each?",)
        raise
    if not verdict.ok:
        return verdict
    return right("two factors: do_t[i] says how the loss moves with the score, h_t[j] how the score moves with U_ij")


def _reference(run, do):
    return do.T @ run.h[1:], do.sum(0)


def _clinic(name):
    """A known-wrong backward pass of the clinic, cut down to (dU, db_y)."""
    backward = next(known.backward for known in MISTAKES if known.name == name)
    def cut(run, do):
        gradients = backward(PARAMS, run, do)
        return gradients.U, gradients.b_y
    return cut


LAST = "only the last step is in it: every step has a loss, and so a term. Is there an = where += is due, or is the sum missing?"
FIRST = "only step 1 is in it: every step has a loss, and so a term. Is there an = where += is due?"
NO_FIRST = "the term of step 1 is missing: range(a, b) starts at a and leaves b out"
NO_LAST = "the term of step T is missing: range(a, b) leaves b out, and do[:-1] the last row"
MEAN = "it is divided by T: L is a sum over the steps, and so is its gradient"
SIGN = "the sign is flipped: do comes in as ŷ − y, and nothing between it and U turns it round"
TWICE = "it is twice too large: is some term added both inside the loop and after it?"
# Each part is (function of run and do, sentence). Clinic passes come first: they are what lesson 10 names, too.
DU_MISTAKES = [
    (lambda run, do: _clinic("h_{t-1} for h_t in dU")(run, do)[0],
     "do_t meets h_{t-1} here: what does U multiply at step t in (3)? h[t] is h_t, so h[1:] are h_1 to h_T"),
    (lambda run, do: _clinic("= for +=")(run, do)[0], FIRST),
    (lambda run, do: np.outer(do[-1], run.h[-1]), LAST),
    (lambda run, do: _clinic("the loop stops before step 1")(run, do)[0], NO_FIRST),
    (lambda run, do: _clinic("the loop leaves out step T")(run, do)[0], NO_LAST),
    (lambda run, do: _clinic("mean for sum")(run, do)[0], MEAN),
    (lambda run, do: _clinic("sign flipped")(run, do)[0], SIGN),
    (lambda run, do: 2 * do.T @ run.h[1:], TWICE),
    (lambda run, do: do[1:].T @ run.h[1:-1], "do_{t+1} meets h_t here: do has T rows, do_t is do[t-1]; h has T + 1, h_t is h[t]"),
    (lambda run, do: np.outer(do.sum(0), run.h[1:].sum(0)),
     "the sums were multiplied: add up the products do_t h_tᵀ, not do and h separately. This pairs every do with every h"),
    (lambda run, do: np.outer(do.sum(0), run.h[-1]), "every do_t meets h_T here: the score of step t was made from h_t"),
    (lambda run, do: do.T @ run.a, "a_t in place of h_t: U reads the state after f"),
    (lambda run, do: do.T @ (run.h[1:] * (1 - run.h[1:] ** 2)),
     "a factor f' too many: f stands below h_t, and the way from L_t to U never passes it"),
    (lambda run, do: run.o.T @ run.h[1:], "the scores o_t in place of their gradients do_t"),
]
DB_MISTAKES = [
    (lambda run, do: do[-1], LAST), (lambda run, do: do[0], FIRST), (lambda run, do: do[1:].sum(0), NO_FIRST),
    (lambda run, do: do[:-1].sum(0), NO_LAST), (lambda run, do: do.mean(0), MEAN), (lambda run, do: -do.sum(0), SIGN),
    (lambda run, do: 2 * do.sum(0), TWICE), (lambda run, do: run.o.sum(0), "the scores o_t in place of their gradients do_t"),
]


def _pairs():
    """Every dU with every db_y, at least one of them wrong: (function, sentence)"""
    for dU, said in ((lambda run, do: _reference(run, do)[0], ""), *DU_MISTAKES):
        for db_y, of_bias in ((lambda run, do: _reference(run, do)[1], ""), *DB_MISTAKES):
            parts = [("dU and db_y", said)] if said == of_bias else [("dU", said), ("db_y", of_bias)]
            meaning = "\n".join(f"{name}: {sentence}" for name, sentence in parts if sentence)
            if meaning:
                yield (lambda run, do, dU=dU, db_y=db_y: (dU(run, do), db_y(run, do))), meaning


def _judge_dU(answer):
    cases = [(run, softmax(run.o) - y) for run, y in (_network(4, seed=62), _network(5, seed=63))]
    try:
        early = callable(answer) and _shapes(answer(*copy.deepcopy(cases[0])))
        verdict = early or compare_functions(answer, _reference, cases, list(_pairs()), ("dU", "db_y"))
    except (ValueError, IndexError) as error:
        error.args = (f"{error}.\n{said}" if (said := _of_rows(error)) else str(error),)
        raise
    if not verdict.ok:
        return verdict
    return right("no loop backwards through time, no W, no f': dU takes what stands at each step, and adds it up")


def _of_rows(error):
    """What to say of an error of shapes or rows, for T = 4: only T + 1 is 5 there."""
    if isinstance(error, IndexError):
        return "do has T rows, run.h has T + 1: which row belongs to step t in each?"
    if not re.search("mismatch|broadcast", str(error)):
        return ""
    if re.search(r"\b5\b", str(error)):
        return "do has T rows, run.h has T + 1: one of them is h_0, which U never reads"
    return "do is (T, K), run.h[1:] is (T, H). To sum over time, @ needs T as the last axis on its left, the first on its right"


DU_SHAPES = {       # for T = 4, D = 2, H = 6, K = 3
    (6, 3): "dU is (H, K), transposed: it has the shape of U, (K, H), so do_t is the column and h_t the row",
    (4, 3, 6): "dU is (T, K, H), one outer product for each step: U is one matrix, add them up over the first axis",
    (4, 6, 3): "dU is (T, H, K), an outer product for each step, transposed too: do_t is the column, and the steps add up",
    (3, 2): "dU is (K, D): is that x in place of h? U reads the hidden state",
    (4, 4): "dU is (T, T): the axis to sum over is time; here time is left and the entries are summed away",
    (6, 6): "dU is (H, H), the shape of W: one factor is do_t, (K,), the other h_t, (H,)",
}
DB_SHAPES = {
    (4, 3): "db_y is (T, K), one gradient for each step: b_y is one vector, add them up over time",
    (4,): "db_y is (T,): you added up the scores of each step; add up the steps of each score, axis 0",
    (): "db_y is one number: add up over time only, axis 0. b_y has an entry for each score",
    (3, 1): "db_y is (K, 1): b_y is held as a plain vector, (K,)", (1, 3): "db_y is (1, K): b_y is held as a plain vector, (K,)",
    (6,): "db_y is (H,): that is the size of b_h; b_y has an entry for each score",
}


def _shapes(got):
    """What to say of a shape that has a story of its own."""
    if got is None:
        return wrong("your function returned nothing: its last line should begin with return")
    if not isinstance(got, tuple) or len(got) != 2 or any(part is None for part in got):
        return None
    if (np.shape(got[0]), np.shape(got[1])) == ((3,), (3, 6)):
        return Verdict("wrong shape", "the two are in the wrong order: return dU first, then db_y")
    said = [stories.get(np.shape(part)) for part, stories in zip(got, (DU_SHAPES, DB_SHAPES), strict=True)]
    said = [sentence for sentence in said if sentence]
    return Verdict("wrong shape", "\n".join(said)) if said else None


LOSSES = {          # T = 7
    frozenset(range(1, 8)): "", frozenset(range(7)): "these are rows of an array, counted from 0: name the steps, counted from 1",
    frozenset(range(1, 7)): "T is 7, so there is one more: range stops before its end",
    frozenset({7}): "not only the last: every step makes its scores with U, and every step has a loss",
    frozenset({1}): "not only the first: all steps use one and the same U",
    frozenset(range(3, 8)): "that was copy 3 of W: here U itself is nudged, which is used at every step",
    frozenset(): "some do: which matrix makes the scores that each loss reads?",
    frozenset(range(8)): "there is no L_0: h_0 is given, and no prediction is made from it",
}
STATES = {
    frozenset(): "", frozenset(range(1, 8)): "no: does U occur in (1) or (2)? The prediction does not feed the next state",
    frozenset(range(8)): "no: does U occur in (1) or (2)? And h_0 is given",
    frozenset(range(2, 8)): "no: the first step is no exception; ŷ_{t-1} does not feed h_t, only h_{t-1} and x_t do",
    frozenset(range(7)): "no: does U occur in (1) or (2)?",
}


def _judge_nudge(losses, states):
    said = []
    for name, given, stories in (("losses", losses, LOSSES), ("states", states, STATES)):
        try:
            steps = frozenset(int(t) for t in given)
        except (TypeError, ValueError):
            return wrong(f"{name}: write a set of steps, such as {{1, 2}}, or set() for none")
        meaning = stories.get(steps, "follow the arrows that leave the edges of U: where do they lead?")
        said += [f"{name}: {meaning}"] if meaning else []
    if said:
        return wrong("\n".join(said))
    return right("every loss uses U, once; no state does. So each loss sends one term to dU, and none of it goes through time")


q06_1 = Exercise(_judge_entry, [
    "L_t reads the scores o_t. Which of them moves when U_ij moves, and how far?",
    "The product has two factors: how L_t moves with that score, and how that score moves with U_ij.",
    "The first is (6), do_t[i] = ŷ_t[i] − y_t[i]. The second is what U_ij multiplies in (3).",
    "(yhat[t - 1, i] - y[t - 1, i]) * h[t, ...]: which entry of h_t?"],
    """def my_entry(yhat, y, h, t, i, j):
    return (yhat[t - 1, i] - y[t - 1, i]) * h[t, j]""")

q06_2 = Exercise(_judge_dU, [
    "What does one step add to dU? Which row of do and which row of run.h belong to step t?",
    "dU = Σₜ doₜ hₜᵀ, db_y = Σₜ doₜ. np.outer(a, b) has a in its rows and b in its columns.",
    "A loop over t with +=, or one matrix product that sums over the T rows: do.T @ ...",
    "run.h[1:] are h_1 to h_T; do.sum(axis=0) adds up the steps."],
    """def my_dU(run, do):
    dU = do.T @ run.h[1:]
    db_y = do.sum(axis=0)
    return dU, db_y""")

q06_3 = Exercise(_judge_nudge, [
    "In which of the equations (1) to (3) does U occur?",
    "The states come from (1) and (2), the scores from (3), at every step.",
    "Unlike copy 3 in lesson 05, this is the shared U: it is used at all seven steps."],
    """my_losses = {1, 2, 3, 4, 5, 6, 7}
my_states = set()""")
