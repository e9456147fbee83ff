"""What holds for every exercise of the series; what each says to its answers is in the tests of its lesson."""
import ast
import itertools
import math
import re

import numpy as np
import pytest
from exercises import blank, cell, skip_by_complex_step, solution_of, wrong_answers

import rnn_lib as rnn
import rnn_lib.text
from rnn_lib import checks
from rnn_lib.checks.kit import _defined

NAMES = [name for name in checks.__all__ if name.startswith("q")]
every_exercise = pytest.mark.parametrize("name", NAMES)
in_code = pytest.mark.parametrize("name", [name for name in NAMES if getattr(checks, name).code])
in_a_table = pytest.mark.parametrize("name", [name for name in NAMES if getattr(checks, name).table])


def fresh(name):
    """The exercise as it is before anybody has asked for a hint; the shared one is left as it is."""
    shared = getattr(checks, name)
    return checks.kit.Exercise(shared._judge, shared._hints, shared.key)


@every_exercise
def test_a_placeholder_is_not_attempted_and_the_exercise_is_named(name):
    for placeholder in (..., None):
        verdict = getattr(checks, name)(placeholder)
        assert verdict.status == "not attempted"
        assert f"check.{name}.hint() helps" in verdict.message


@every_exercise
def test_hints_come_in_layers_and_end(name):
    asked = fresh(name)
    hints = [asked.hint().message for _ in range(8)]
    assert 2 <= len(set(hints)) <= 6
    assert hints[-1] == hints[-2]
    assert ".solution()" in hints[-1]


@every_exercise
def test_the_published_solution_is_python(name):
    assert ast.parse(fresh(name).solution().message).body


@in_code
def test_the_published_solution_is_right(name):
    exercise = getattr(checks, name)
    verdict = exercise(exercise.code.reference() if of_a_value(exercise) else
                       solution_of(exercise)[_defined(exercise.key)[-1]])
    assert verdict.ok, verdict
    assert verdict.message


def changed(value, how):
    """What an exercise returned, every array of it changed."""
    if isinstance(value, dict):
        return {name: changed(part, how) for name, part in value.items()}
    if hasattr(value, "_fields"):
        return type(value)(*(changed(part, how) for part in value))
    if isinstance(value, tuple):
        return tuple(changed(part, how) for part in value)
    return how(np.asarray(value)) if np.asarray(value).dtype.kind == "f" else value


@in_code
@pytest.mark.parametrize("how", [np.float32, np.ndarray.tolist, lambda a: a * (1 + 1e-14)], ids=["float32", "lists", "rounding"])
def test_single_precision_lists_and_rounding_are_right(name, how):
    exercise = getattr(checks, name)
    def answer(*case):
        return changed(exercise.code.reference(*case), how)
    with np.errstate(all="ignore"):
        verdict = exercise(answer() if of_a_value(exercise) else answer)
    assert verdict.ok, verdict


@pytest.mark.parametrize("how", [iter, lambda values: dict(enumerate(values)).values(), lambda values: (v for v in values)])
def test_values_that_python_can_unpack_are_right(how):
    assert checks.q09_2(lambda *case: how(checks.q09_2.code.reference(*case))).ok
    assert "got 3 values" in checks.q09_2(lambda *case: how([1, 2, 3])).message


@in_code
def test_every_known_mistake_is_wrong_and_told_by_its_own_words(name):
    exercise = getattr(checks, name)
    for answer, said in wrong_answers(exercise):
        with np.errstate(all="ignore"):
            verdict = exercise(answer() if of_a_value(exercise) else answer)
        assert verdict.status in ("wrong", "wrong shape"), (said, verdict)
        assert said in verdict.message, (said, verdict)


def of_a_value(exercise):
    """Whether the answer is a value, not a function."""
    return exercise.code.cases == [()]


@in_a_table
def test_every_known_wrong_entry_is_told_by_its_own_words(name):
    exercise = getattr(checks, name)
    for part, stories in exercise.table.items():
        if callable(stories):                                   # held by the tests of the lesson
            continue
        assert exercise.due[part] not in stories or not stories[exercise.due[part]]
        for value, said in stories.items():
            if value is not None and said:
                given = exercise.due | {part: value}
                answer = (given,) if len(given) > 1 and takes_one(exercise) else given.values()
                assert said in exercise(*answer).message


def takes_one(exercise):
    """Whether the answer is one dictionary or tuple of all parts."""
    return len(_defined(exercise.key)) == 1


@every_exercise
def test_words_for_learners_are_no_code_of_ours(name):
    exercise = getattr(checks, name)
    said = [said for _, said, _ in exercise.code.known] if exercise.code else []
    assert not any(re.search(r"\blambda\b|\bself\b", text) for text in said)


# ---- what a student tried ------------------------------------------------------------------------------------------------

def _own_step(loss, copies, k, i, j, step):
    return checks.q05_2.code.reference(loss, copies, k, i, j, 1e-6)


def _both_with_own_step(loss, copies, i, j, step):
    return checks.q05_3.code.reference(loss, copies, i, j, 1e-6)


def _in_float32(o, y):
    m = o.max(1)
    return np.float32(m + np.log(np.exp(o - m[:, None]).sum(1))) - np.float32(o[np.arange(len(y)), y])


def _one_product_as_columns(params, x, h_0):
    a, h, _ = checks.q03_2.code.reference(params, x, h_0)
    return a, h, np.stack([params.U @ row + params.b_y for row in h[1:]])


def _returned_in_the_loop(run, do):
    dU = 0
    for t in range(1, len(do) + 1):
        dU = dU + np.outer(do[t - 1], run.h[t])
        return dU, dU.sum(1)


def _into_whole_numbers(o, y):
    do = np.zeros(o.shape, dtype=int)
    do[:] = rnn.softmax(o) - np.eye(o.shape[1])[y]
    return do


def _added_to_whole_numbers(params, S, x, do, da):
    dS = np.zeros(S.shape, int)
    for do_t, x_t in zip(do, x, strict=True):
        dS += np.outer(do_t, x_t)
    return dS, da @ params.V + do @ S


def _without_h_0(params, run, do):
    g = rnn.bptt(params, run, do)
    return rnn.Gradients(V=g.V, W=g.W, U=g.U, b_h=g.b_h, b_y=g.b_y, x=g.x)


def _nudged(w, v, b, x, h_0):
    def h_3(n, e):
        h = h_0
        for step in range(3):
            h = np.tanh((w + e * (n == step)) * h + v * x[step] + b)
        return h
    return tuple((h_3(n, 1e-5) - h_3(n, -1e-5)) / 2e-5 for n in range(3))


def _without_a_start(params, run, do):
    for k in range(len(do), 0, -1):
        dh = do[k - 1] @ params.U + da @ params.W              # noqa: F821 (that is the mistake)
        da = run.f.slope(run.a[k - 1]) * dh
    return da


@pytest.mark.parametrize(("name", "answer", "said"), [
    ("q03_1", lambda params, h, x: math.tanh(params.W @ h), "math takes one number"),
    ("q04_3", lambda o, y: [math.log(sum(map(math.exp, row))) for row in 1e4 * o], "exp of a large number overflows"),
    ("q04_2", lambda o, y: o(0, y), "( ) calls a function"),
    ("q15_3", lambda o, y, mask: o.argmax(-1) == y and mask, "& goes entry by entry"),
    ("q04_3", lambda o, y: o[range(y), y], "range wants one number"),
    ("q08_2", lambda params, run, do: run.f.slope[2], "A function is called first"),
    ("q01_2", lambda tagged: [rnn_lib.text.UPOS.index(word) for word, _ in tagged], "which of the two did you look for?"),
    ("q01_3", lambda yhat, rng: rng.choices(yhat), "rng draws with"),
    ("q14_2", lambda *case: [dW for _, dW, _, _, _ in [range(7)]], "There are seven gradients"),
    ("q13_3", lambda gradients, limit: {n: g for n, g in gradients}, "A dict gives its names alone"),
    ("q13_3", lambda gradients, limit: gradients["U"], "go through those that came in"),
    ("q15_5", lambda words: words.endswith("ly"), "That is a list: loop over it"),
    ("q10_2", lambda g, e, tol: np.testing.assert_allclose(g, e, rtol=tol) is None, "rtol=1e-07, atol=0.\nReturn True or False"),
    ("q00_2", lambda h, U, b_y: U @ h + b_y, "U is (K, H) and h is (T+1, H)"),
    ("q16_1", lambda W, u, dh: (rnn.complex_step(lambda M: dh @ np.tanh(M @ u), W),
                                rnn.complex_step(lambda v: dh @ np.tanh(W @ v), u)), "rnn.complex_step does it for you"),
    ("q05_1", {"L_4": "+-+-0"}, "write five signs"),
    ("q15_3", lambda o, y, mask: .6, "the accuracy is 0.6, and that is not it")])
def test_a_slip_of_python_is_told_in_words(name, answer, said):
    verdict = getattr(checks, name)(answer)
    assert not verdict.ok
    assert said in verdict.message


@pytest.mark.parametrize(("name", "answer"), [
    ("q01_1", lambda ids: zip(*itertools.pairwise(ids), strict=True)),
    ("q00_2", lambda h, U, b_y: tuple(U @ row + b_y for row in h[1:]))])
def test_an_iterator_of_the_values_and_a_tuple_of_rows_are_right(name, answer):
    assert getattr(checks, name)(answer).ok


@pytest.mark.parametrize(("name", "answer", "said"), [
    ("q05_2", (_own_step,), "with the step that is given"), ("q05_3", (_both_with_own_step,), "with the step that is given"),
    ("q10_1", (lambda loss, W, s: rnn.complex_step(loss, W),), "with the s that is handed in"),
    ("q14_3", (lambda o_t, temperature: rnn.softmax(o_t / max(temperature, .1)),), "a lower limit for the temperature"),
    ("q14_3", (lambda o_t, temperature: (p := np.exp(o_t / temperature)) / p.sum(),), "the exponential overflows"),
    ("q04_3", (_in_float32,), "the difference of two large numbers keeps few digits"),
    ("q04_3", (lambda o, y: rnn.softmax(o)[np.arange(len(y)), y],), "these are the probabilities"),
    ("q03_2", (_one_product_as_columns,), "write every product on rows"),
    ("q03_4", ({"a": "(4, 6, 5)", "h": (5, 6, 5), "o": (4, 6, 2), "W": (5, 5)},), "a: write a tuple of numbers"),
    ("q02_1", ([("x_1", "h_1"), ("h_1", ...)],), "still open: my_edges"),
    ("q03_4", ({"a": (4, 6, 5), "h": (5, 6, 5), "o": (4, 6, 2), "W": (5, ...)},), "still open: W"),
    ("q10_3", (lambda rng: (rnn.init_parameters(3, 5, 4, rng), rng.random((6, 3)), ..., None),), "what your function returns"),
    ("q15_1", (lambda train, words: ...,), "still open: tags"),
    ("q15_5", (lambda words: [...] * len(words),), "what your function returns"),
    ("q07_2", (lambda params, run, do: 0 * params.W,), "dW: zeros only: is it filled in yet?"),
    ("q10_1", (lambda loss, W, s: 0 * W,), "zeros only, and loss is not called yet"),
    ("q02_1", ([(f"x_{t}", f"h_{t}") for t in (1, 2, 3)] + [(f"h_{t-1}", f"h_{t}") for t in (1, 2, 3)]
               + [("h_1", "yhat_1"), ("h_2", "yhat_2")],), "one edge is missing, one that enters ŷ_3"),
    ("q03_3", ({"x", "Vx", "a", "o"},), "h_0 stands in no other array"),
    ("q05_2", (lambda *case: checks.lesson_05._complex(*case),), "asked: this is the complex step; write the central"),
    ("q10_2", (lambda g, e, tol: bool(np.isfinite([g, e]).all() and np.abs(g - e).mean() <= tol * np.abs([g, e]).max()),),
     "is there a mean or a norm in it?"),
    ("q13_3", (lambda g, limit: sum((name ** 2).sum() for name in g),), "gives its names, which are strings: take its .values()"),
    ("q13_3", (lambda g, limit: np.linalg.norm([np.linalg.norm(name) for name in g]),), "gives its names, which are strings"),
    ("q13_3", (lambda g, limit: np.array(list(g.values())).sum(),), "or flatten them first (np.ravel)"),
    ("q06_2", (_returned_in_the_loop,), "your loop ends in its first turn: «return dU, dU.sum(1)» stands inside it"),
    ("q04_2", (_into_whole_numbers,), "do holds whole numbers, so all that was written into it was cut off"),
    ("q09_2", (_added_to_whole_numbers,), "The array holds whole numbers"),
    ("q09_3", (_without_h_0,), "All seven are needed: V, W, U, b_h, b_y, h_0 and x"),
    ("q04_3", (lambda o, y: [].append(o).append(y),), "append changes the list and gives back None"),
    ("q04_3", (lambda o, y: np.log(np.exp(o).sum(1)) - o[1:].max(1),), "o[1:].max(1) is (4,)"),
    ("q09_2", (lambda params, S, x, do, da: (do[1:].T @ x, x),), "do[1:].T is (K, 3) and x is (T, 3), so 3 meets T"),
    ("q06_2", (lambda run, do: (np.round(do.T @ run.h[1:], 3), do.sum(0)),), "is rounded: leave it as it is"),
    ("q17_2", (lambda *case: [0 * part if i == 2 else part for i, part in enumerate(skip_by_complex_step(*case))],),
     "dS    holds zeros only"),
    ("q07_1", (lambda w, v, b, x, h_0: (np.tanh(x) ^ 2, 1, 1),), "^ is not a power in Python: write h ** 2"),
    ("q07_1", (lambda w, v, b, x, h_0: ((w + 1.5) ^ 2, 1, 1),), "^ is not a power in Python: write h ** 2"),
    ("q16_1", (cell("def f(W, u, dh):\n    return tanh(W @ u)\n"),), "tanh lives in NumPy: np.tanh"),
    ("q15_5", (cell("def f(words):\n    return zeros(len(words))\n"),), "zeros lives in NumPy: np.zeros"),
    ("q08_2", (_without_a_start,), "da is read before it has a value: give it one first"),
    ("q09_3", (lambda params, run, do: 1 - run.h ^ 2,), "^ is not a power"),
    ("q11_1", (cell("def f(params, run, do):\n    return outer(do, run.h)\n"),), "outer lives in NumPy: np.outer"),
    ("q17_1", (blank, blank, cell("def f(params, run, do):\n    return outer(do, run.h)\n")), "outer lives in NumPy: np.outer"),
    ("q05_2", (lambda loss, copies, k, i, j, step: rnn.central_difference(loss, copies, step)[k - 1, i, j],), "does it for you"),
    ("q07_1", (_nudged,), "these look measured: a nudge is right to about 8 digits only. Write each term as a product"),
    ("q08_3", ([[4], [-8, -3], [16, 6, 5]], [12, 3, 5]), "these are the cells: add up each row, and give three numbers"),
    ("q08_3", ([4, -11, 27], ["12", "3", "5"]), "your columns must be numbers, not texts"),
    ("q12_2", (lambda p, g, rate: checks.q12_2.code.reference(p, g, rate)._replace(b_y=p.b_y + rate * g.b_y),), "sign of b_y:"),
    ("q03_3", ("x and h",), "o is missing"),
    ("q11_4", ("da_next is not used",), "could mean «horizontal term dropped»"),
    ("q11_1", ("only the last term",), "could mean «= for +=»")])
def test_an_answer_of_a_student_gets_a_true_sentence(name, answer, said):
    verdict = getattr(checks, name)(*answer)
    assert not verdict.ok
    assert said in verdict.message
