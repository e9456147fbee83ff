"""What holds for every exercise of the series; what each says to its answers is in the tests of its lesson."""
import ast

import pytest

from rnn_lib import checks


def fresh(name):
    """The exercise as it is before anybody has asked for a hint; the shared one is left as it is."""
    shared = getattr(checks, name)
    return checks.kit.Exercise(shared._judge, shared._hints, shared._solution)


every_exercise = pytest.mark.parametrize("name", [name for name in checks.__all__ if name.startswith("q")])


@every_exercise
def test_a_placeholder_is_not_attempted(name):
    assert getattr(checks, name)(...).status == "not attempted"
    assert getattr(checks, name)(None).status == "not attempted"


@every_exercise
def test_hints_come_in_layers_and_end(name):
    asked = fresh(name)
    hints = [asked.hint().message for _ in range(8)]
    assert 2 <= len(set(hints)) <= 6
    assert hints[-1] == hints[-2]
    assert ".solution()" in hints[-1]


@every_exercise
def test_the_published_solution_is_python(name):
    assert ast.parse(getattr(checks, name).solution().message).body
