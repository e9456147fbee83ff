"""A learner's own work in notebooks/ never fails a test, and the tests say what they left aside."""
import os
import subprocess
import sys

import lessons
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from notebooks.store import fingerprint

BROKEN = """import ipywidgets as w
T = w.IntSlider(max=3, description="T")
T.observe(lambda change: 1 / (3 - change.new), names="value")
T"""
AUTHOR = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
TESTS = lessons.ROOT / "tests"
LAB = {"language_info": {"name": "python", "version": "3.11.7"}}


def lesson(source="1", **metadata):
    """A notebook as `make store` leaves it."""
    notebook = new_notebook(cells=[new_code_cell(source, id="a")], metadata={"language_info": {"name": "python"}} | metadata)
    notebook.metadata["stored"] = fingerprint(notebook)
    return notebook


@pytest.fixture
def project(tmp_path):
    """A folder with two lessons, known to git."""
    (tmp_path / "notebooks").mkdir()
    for name in ("00_a", "01_b"):
        nbformat.write(lesson(), tmp_path / "notebooks" / f"{name}.ipynb")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "two lessons"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, env=os.environ | AUTHOR)
    return tmp_path


def saved_in_lab(path, source):
    """What JupyterLab makes of a lesson in which somebody has worked."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.update(LAB)
    notebook.cells[0].source = source
    nbformat.write(notebook, path)


def sources(root):
    return {path.stem: lessons.read(path).cells[0].source for path in lessons.lessons_in(root)}


def test_a_lesson_that_a_learner_saved_is_judged_as_git_has_it(project):
    saved_in_lab(project / "notebooks" / "01_b.ipynb", "my own")
    assert sources(project) == {"00_a": "1", "01_b": "1"}
    assert lessons.set_aside(project) == ["01_b.ipynb was changed in JupyterLab: what git has was tested (your file is, once "
                                          "make store has stored it)"]


def test_a_lesson_that_was_opened_and_saved_as_it_was_is_judged_as_it_is(project):
    saved_in_lab(project / "notebooks" / "01_b.ipynb", "1")
    assert not lessons.is_learners(project / "notebooks" / "01_b.ipynb")


def test_a_saved_explorer_is_a_learners(project):
    path = project / "notebooks" / "01_b.ipynb"
    notebook = lesson(widgets={})
    notebook.cells[0].outputs = [new_output("display_data", {"application/vnd.jupyter.widget-view+json": {}})]
    nbformat.write(notebook, path)
    assert lessons.is_learners(path)


def test_a_lesson_that_was_written_or_stored_since_is_judged_as_it_is(project):
    path = project / "notebooks" / "01_b.ipynb"
    for notebook in (lesson("stored"), lesson() | {"cells": [new_code_cell("written")]}):
        lessons.text.cache_clear()
        nbformat.write(nbformat.from_dict(notebook), path)
        assert lessons.read(path).cells[0].source in ("stored", "written")
        assert lessons.set_aside(project) == []


def test_a_learners_copies_and_notebooks_are_not_judged(project):
    for name in ("00_a-Copy1", "mine", "02_new"):
        nbformat.write(lesson("mine"), project / "notebooks" / f"{name}.ipynb")
    assert list(sources(project)) == ["00_a", "01_b"]
    said = [sentence.split()[0] for sentence in lessons.set_aside(project)]
    assert said == ["00_a-Copy1.ipynb", "02_new.ipynb", "mine.ipynb"]


def test_a_lesson_that_a_learner_removed_is_judged_as_git_has_it(project):
    (project / "notebooks" / "01_b.ipynb").unlink()
    assert sources(project) == {"00_a": "1", "01_b": "1"}


def test_without_git_the_files_are_judged(project, monkeypatch):
    saved_in_lab(project / "notebooks" / "01_b.ipynb", "my own")
    nbformat.write(lesson("copy"), project / "notebooks" / "00_a-Copy1.ipynb")
    monkeypatch.setenv("PATH", "")
    assert sources(project) == {"00_a": "1", "01_b": "my own"}
    assert lessons.set_aside(project) == ["00_a-Copy1.ipynb is not a lesson of the project: not tested"]


def test_a_download_inside_another_repository_is_judged_as_it_is(project):
    inside = project / "download"
    (inside / "notebooks").mkdir(parents=True)
    nbformat.write(lesson("zip"), inside / "notebooks" / "00_a.ipynb")
    saved_in_lab(inside / "notebooks" / "00_a.ipynb", "my own")
    assert sources(inside) == {"00_a": "my own"}


def test_nbval_runs_what_is_judged_and_nothing_else_and_drives_its_controls(project):
    nbformat.write(lesson(BROKEN), project / "notebooks" / "02_c.ipynb")
    subprocess.run(["git", "add", "."], cwd=project, check=True)
    saved_in_lab(project / "notebooks" / "01_b.ipynb", "1 / 0")
    nbformat.write(lesson("1 / 0"), project / "notebooks" / "mine.ipynb")
    (project / "tests").mkdir()
    (project / "tests" / "conftest.py").write_text(f"""
import sys; from pathlib import Path; sys.path[:0] = [{str(lessons.ROOT)!r}, {str(TESTS)!r}]
import lessons; lessons.ROOT = Path({str(project)!r}); lessons.PATHS = lessons.lessons_in(lessons.ROOT)
exec(Path({str(TESTS / "conftest.py")!r}).read_text(encoding="utf-8"))""")
    run = subprocess.run([sys.executable, "-m", "pytest", "-q", "--nbval-lax", "--nbval-current-env", "tests", "notebooks"],
                         cwd=project, capture_output=True, text=True)
    assert "1 failed, 5 passed" in run.stdout, run.stdout              # in each, its cell and the one that drives its controls
    assert "T = 3: ZeroDivisionError" in run.stdout
    assert "01_b.ipynb was changed in JupyterLab" in run.stdout
    assert "mine.ipynb is not a lesson" in run.stdout
