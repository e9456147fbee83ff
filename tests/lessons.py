"""The notebooks, as the tests read them."""
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
every_lesson = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def read(path):
    """A notebook.   returns: NotebookNode"""
    return nbformat.read(path, as_version=4)


def code(notebook):
    """Its code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    """Its markdown cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def outputs(notebook):
    """Everything that its code cells show."""
    return [output for cell in code(notebook) for output in cell.outputs]


def svgs(notebook):
    """(SVG text, the whole output) of every stored picture."""
    return [(output.data["image/svg+xml"], output) for output in outputs(notebook) if "image/svg+xml" in output.get("data", {})]
