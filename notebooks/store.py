"""Run lessons top to bottom in a fresh kernel and store their outputs.

    python notebooks/store.py                  every lesson
    python notebooks/store.py 02_unfolding     one

Live widgets are not stored (a reader without the kernel could not see them): their still picture and caption are.
"""
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
WIDGET = "application/vnd.jupyter.widget-view+json"


def run(path):
    """The notebook with the outputs of a fresh run.   raises: CellExecutionError where a cell fails"""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=60, kernel_name="python3", coalesce_streams=True,
                   resources={"metadata": {"path": str(HERE)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
            output.get("metadata", {}).pop(WIDGET, None)
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                         "language_info": {"name": "python"}, "lecture": notebook.metadata.get("lecture", [])}
    return notebook


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(p.stem for p in HERE.glob("*.ipynb")):
        path = HERE / f"{Path(name).stem}.ipynb"
        nbformat.write(run(path), path)
        print(f"{path.stem}: {path.stat().st_size // 1000} kB")
