"""What holds for every exercise of the series; what each says to its answers is in the tests of its lesson."""
import ast
import re

import numpy as np
import pytest
from exercises import solution_of, wrong_answers

from rnn_lib import checks
from rnn_lib.checks.kit import _defined

NAMES = [name for name in checks.__all__ if name.startswith("q")]
every_exercise = pytest.mark.parametrize("name", NAMES)
in_code = pytest.mark.parametrize("name", [name for name in NAMES if getattr(checks, name).code])
in_a_table = pytest.mark.parametrize("name", [name for name in NAMES if getattr(checks, name).table])


def fresh(name):
    """The exercise as it is before anybody has asked for a hint; the shared one is left as it is."""
    shared = getattr(checks, name)
    return checks.kit.Exercise(shared._judge, shared._hints, shared._solution)


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
                       solution_of(exercise)[_defined(exercise._solution)[-1]])
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
    return len(_defined(exercise._solution)) == 1


@every_exercise
def test_words_for_learners_are_no_code_of_ours(name):
    exercise = getattr(checks, name)
    said = [said for _, said, _ in exercise.code.known] if exercise.code else []
    assert not any(re.search(r"\blambda\b|\bself\b", text) for text in said)
