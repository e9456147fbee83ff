"""The notebooks, as the tests read them: those of the project, and not what a learner has made of them.

A learner saves lessons, and copies of lessons, in JupyterLab. That must not fail a test: where a lesson was changed there, and
not by `make store`, the tests judge what git has, and say so at their end. Without git the files are judged as they are.
"""
import re
import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from notebooks.store import fingerprint

ROOT = Path(__file__).parent.parent


def git(folder, *words):
    """What git says in a folder, "" where it has nothing to say."""
    try:
        return subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        return ""


def lessons_in(root):
    """Paths of the lessons: the notebooks that git knows, else those that are named as lessons are."""
    known = [root / name for name in git(root, "ls-files", "notebooks/*.ipynb").splitlines()]
    return sorted(known or [path for path in (root / "notebooks").glob("*.ipynb") if re.fullmatch(r"\d\d_\w+", path.stem)])


@cache
def text(path):
    """The text of a lesson that is to be judged."""
    return git(path.parent, "show", f"HEAD:./{path.name}") * is_learners(path) or path.read_text(encoding="utf-8")


def is_learners(path):
    """Whether a lesson was saved by JupyterLab (which notes the version of Python, and the widgets), and not stored since."""
    if not path.exists():
        return True
    notebook = nbformat.read(path, as_version=4)
    saved = "widgets" in notebook.metadata or "version" in notebook.metadata.get("language_info", {})
    return saved and notebook.metadata.get("stored") != fingerprint(notebook)


def set_aside(root):
    """What is not judged, in sentences."""
    known = lessons_in(root)
    changed = [f"{path.name} was changed in JupyterLab: what git has was tested (your file is, once make store has stored it)"
               for path in known if is_learners(path) and git(path.parent, "show", f"HEAD:./{path.name}")]
    return changed + [f"{path.name} is not a lesson of the project: not tested"
                      for path in sorted((root / "notebooks").glob("*.ipynb")) if path not in known]


PATHS = lessons_in(ROOT)
every_lesson = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def read(path):
    """A notebook.   returns: NotebookNode"""
    return nbformat.reads(text(path), as_version=4)


def code(notebook):
    """Its code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def ran(notebook, *names):
    """What these code cells leave behind, run one after the other: name -> value."""
    sources, left = {cell.id: cell.source for cell in code(notebook)}, {}
    for name in names:
        exec(sources[name], left)
    return left


def prose(notebook):
    """Its markdown cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def outputs(notebook):
    """Everything that its code cells show."""
    return [output for cell in code(notebook) for output in cell.outputs]


def pictures(notebook):
    """(PNG in base64, the whole output, the caption's) of every stored picture."""
    return [(output.data["image/png"], output, caption) for cell in code(notebook)
            for output, caption in pairwise([*cell.outputs, None])
            if "image/png" in output.get("data", {})]
