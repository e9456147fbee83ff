import json

import pytest

from rnn_lib.checks import progress


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    """A folder of lessons, and the kernel in it."""
    (tmp_path / "00_start.ipynb").write_text("{}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(progress.SWITCH)
    return tmp_path


def test_a_verdict_is_kept_beside_the_lessons_and_the_last_one_counts(lessons):
    for status in ("wrong", "right"):
        progress.note("q07_2", status)
    progress.note("q01_1", "wrong")
    assert {name: one["status"] for name, one in progress.read().items()} == {"q07_2": "right", "q01_1": "wrong"}
    kept = json.loads((lessons / "progress.json").read_text(encoding="utf-8"))
    assert kept["version"] == 1
    assert set(kept["answers"]["q07_2"]) == {"source", "status", "when"}
    assert sorted(path.name for path in lessons.iterdir()) == ["00_start.ipynb", "progress.json"]


@pytest.mark.parametrize("status", ["not attempted", "hint", "solution"])
def test_what_is_no_answer_is_not_kept(status, lessons):
    progress.note("q07_2", status)
    assert not (lessons / "progress.json").exists()


def test_where_nobody_reads_nothing_is_kept_and_nothing_is_known(lessons, monkeypatch):
    progress.note("q07_2", "wrong")
    monkeypatch.setenv(progress.SWITCH, "off")
    progress.note("q07_2", "right")
    assert progress.read() == {}
    monkeypatch.delenv(progress.SWITCH)
    assert progress.read()["q07_2"]["status"] == "wrong"


def test_elsewhere_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    progress.note("q07_2", "right")
    assert list(tmp_path.iterdir()) == []
    assert progress.read() == {}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 2, "answers": {}}', '{"version": 1}',
                                  '{"version": 1, "answers": 3}'])
def test_a_file_of_another_kind_is_passed_over(text, lessons):
    (lessons / "progress.json").write_text(text)
    assert progress.read() == {}
    progress.note("q07_2", "right")
    assert list(progress.read()) == ["q07_2"]


def test_what_is_no_exercise_in_a_file_is_passed_over(lessons):
    answers = {"q07_2": {"status": "right"}, "rm -rf": {"status": "right"}, "q01_1": {"status": "<b>"}, "q02_1": 3}
    (lessons / "progress.json").write_text(json.dumps({"version": 1, "answers": answers}))
    assert list(progress.read()) == ["q07_2"]


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(lessons, monkeypatch):
    def refuse(*args):
        raise PermissionError
    monkeypatch.setattr("os.replace", refuse)
    progress.note("q07_2", "right")
    assert progress.read() == {}
