"""Every sentence of the lecture is taught by the lesson that owes it."""
import pytest
from lecture import DUE, GISTS
from lessons import PATHS, every_lesson, read

SERIES = {f"{i:02}" for i in range(18)}


def covered(path):
    return set(read(path).metadata.get("lecture", []))


def test_there_is_a_gist_of_each_of_the_63_sentences():
    assert list(GISTS) == [f"S{i}" for i in range(1, 64)]
    assert len(set(GISTS.values())) == 63
    assert all(len(gist) > 15 for gist in GISTS.values())


def test_every_sentence_is_owed_by_some_lesson():
    assert set().union(*DUE.values()) == set(GISTS)


@every_lesson
def test_a_lesson_covers_what_it_owes(path):
    owed = {number: GISTS[number] for number in sorted(DUE.get(path.name[:2], set()) - covered(path))}
    assert owed == {}


@every_lesson
def test_a_lesson_names_only_sentences_that_exist(path):
    assert covered(path) <= set(GISTS)


def test_the_whole_series_covers_the_whole_lecture(record_property):
    missing = set(GISTS) - set().union(*map(covered, PATHS))
    record_property("told", f"{len(GISTS) - len(missing)} of {len(GISTS)} sentences are covered by {len(PATHS)} lessons")
    lacking = SERIES - {path.name[:2] for path in PATHS}
    owed_later = set().union(*(DUE.get(number, set()) for number in lacking))
    assert missing <= owed_later, sorted(missing - owed_later)


@pytest.mark.parametrize("number", sorted(DUE))
def test_what_is_due_belongs_to_a_lesson_of_the_series(number):
    assert number in SERIES
