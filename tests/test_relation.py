"""How a wrong answer comes from the right one: what is said is true in every case, and nothing is said of other numbers."""
import numpy as np
import pytest

from rnn_lib import checks
from rnn_lib.clinic.relation import _MADE, _comes, relation

RNG = np.random.default_rng(31)
ROWS = [RNG.standard_normal(shape) for shape in ((4, 3), (5, 2))]
NUMBERS = [np.array(value) for value in RNG.standard_normal(3)]


@pytest.mark.parametrize(("make", "said"), _MADE, ids=[f"{i} {said[:30]}" for i, (_, said) in enumerate(_MADE)])
def test_what_is_made_of_the_right_array_is_told(make, said):
    with np.errstate(all="ignore"):
        dues = [abs(due) for due in ROWS]
        gots = [make(due) for due in dues]
    told = relation(gots, dues)
    assert told == said.replace("entries", "rows").replace("entry", "row")
    assert relation([gots[0], dues[1]], dues) != told                       # in one case only


@pytest.mark.parametrize(("gots", "dues", "said"), [
    ([due / n for due, n in zip(ROWS, (4, 5), strict=True)], ROWS, "divided by T: is there a mean where a sum is due?"),
    ([due / 2 for due in ROWS], ROWS, "half as large as it should be"), ([1.5 * due for due in ROWS], ROWS, "1.5 times what it"),
    ([2 * ROWS[0], 3 * ROWS[1]], ROWS, "the right one times a number, here 2 and 3, which changes from case to case"),
    ([0 * due for due in ROWS], ROWS, "zeros only: is it filled in yet?"),
    ([100 * due for due in NUMBERS], NUMBERS, "in per cent?"),
    ([0 * due for due in NUMBERS], NUMBERS, ""), ([due[None] for due in NUMBERS], NUMBERS, "one more axis of length 1"),
    ([np.stack([due, -due, due]) for due in ROWS], ROWS, "still to be added up along axis 0"),
    ([np.concatenate([due, due]) for due in ROWS], ROWS, "8 rows: the first 4 are right, then it should end"),
    ([due[[1, 0, *range(2, len(due))]] for due in ROWS], ROWS, "the right numbers in another order"),
    ([due * (np.arange(len(due)) > 1)[:, None] for due in ROWS], ROWS, "6 of 12 entries are right, and the others are 0"),
    ([None, None], ROWS, ""), ([[[1], [1, 2]], ROWS[1]], ROWS, ""), ([due + 1 for due in ROWS], ROWS, ""),
    ([np.nan * due for due in ROWS], ROWS, ""), (ROWS, ROWS, "")])
def test_what_else_is_told(gots, dues, said):
    told = relation(gots, dues, [("T", [len(np.atleast_1d(due)) for due in dues])])
    assert said in told
    assert bool(said) == bool(told)


def test_nothing_is_said_of_other_numbers():
    for _ in range(300):
        dues = [RNG.standard_normal(shape) for shape in ((3, 3), (2, 4))]
        assert relation([due + .1 * RNG.standard_normal(due.shape) for due in dues], dues) == ""


@pytest.mark.parametrize("name", [name for name in checks.__all__ if name[0] == "q" and getattr(checks, name).code])
def test_what_is_said_of_a_known_mistake_would_be_true(name):
    """The general words are asked for every mistake of every exercise, though its own words come first."""
    judge = getattr(checks, name).code
    for function, _, _ in judge.wrongs:
        with np.errstate(all="ignore"):
            try:
                gots, dues = [judge.values(function, case) for case in judge.cases], [due[0] for due in judge.expected]
                gots = [np.asarray(got if len(judge.names) == 1 else got[0], float) for got in gots]
            except (ValueError, IndexError, TypeError):
                continue
            told = relation(gots, dues)
            for make, said in _MADE:
                if told == said:
                    assert all(_comes(make, got, np.asarray(due, float)) for got, due in zip(gots, dues, strict=True))


@pytest.mark.parametrize(("name", "answer", "said"), [
    ("q12_2", lambda params, g, rate: [p - rate * d for p, d in zip(params, g, strict=False)][::-1], "return rnn.Parameters"),
    ("q16_1", lambda *case: [-checks.q16_1.code.reference(*case)[0], checks.q16_1.code.reference(*case)[1] / len(case[0])],
     "dW: the sign is flipped\ndu: divided by"),
    ("q06_2", lambda run, do: (do.sum(0), do.T @ run.h[1:]), "the other way round: return dU first, then db_y"),
    ("q03_1", lambda *case: [checks.q03_1.code.reference(*case)[i] for i in (1, 2, 0)], "all are right, but in the wrong order"),
    ("q10_1", lambda loss, W, s: checks.q10_1.code.reference(loss, W, s).T, "transposed: rows and columns have changed places"),
    ("q10_1", lambda loss, W, s: checks.q10_1.code.reference(loss, W, s) / 2, "half as large"),            # W has two rows
    ("q07_1", lambda w, *more: np.divide(checks.q07_1.code.reference(w, *more), [w * w, 1, 1]), "step 1 is 0"),
    ("q10_1", lambda loss, W, s: 0.0, "Each entry has a measurement of its own")])
def test_a_learner_is_told(name, answer, said):
    verdict = getattr(checks, name)(answer)
    assert verdict.status.startswith("wrong")
    assert said in verdict.message
