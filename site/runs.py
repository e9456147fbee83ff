"""The lessons, run: every cell with what it gave, every explorer with its whole state. Kept until something changes."""
import functools
import hashlib
import json
import multiprocessing
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat

ROOT = Path(__file__).parent.parent
WIDGET, STATE = "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json"
SHOWN = ("controls", "values", "parts", "frames", "narrow", "captions", "spoken", "longest", "widths", "height", "turn", "error",
         "pressed", "held")


def lessons(folder=ROOT / "notebooks"):
    """Paths of the lessons, in order."""
    return sorted(folder.glob("[0-9][0-9]_*.ipynb"))


def run_all(paths, kept, done=lambda name, how: None, stale=False):
    """The cells of every lesson, in the order of the paths.

    kept: folder     done: called for each lesson when it is there     stale: what was kept is taken, whatever has changed since
    """
    wanted = {path: kept / f"{path.stem}-{key(path)}.json" for path in paths}
    if stale:
        wanted |= {path: old for path in paths for old in kept.glob(f"{path.stem}-*.json")}
    missing = [path for path in paths if not wanted[path].exists()]
    for path in paths:
        if path not in missing:
            done(path.stem, "kept")
    kept.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        asked = {pool.submit(run, path): path for path in missing[::-1]}         # the last ones take longest
        for running in as_completed(asked):
            path = asked[running]
            if running.exception():
                pool.shutdown(cancel_futures=True)
                raise SystemExit(f"{path.name} does not run:\n{running.exception()}")
            cells = running.result()
            for old in kept.glob(f"{path.stem}-*.json"):
                old.unlink()
            wanted[path].write_text(json.dumps(cells), encoding="utf-8")
            done(path.stem, "run")
    return {path.stem: json.loads(wanted[path].read_text(encoding="utf-8")) for path in paths}


def key(path):
    """Changes when a cell of the lesson changes, or anything that its pictures could come from."""
    cells = [(c.cell_type, c.source, c.metadata.get("jupyter")) for c in nbformat.read(path, as_version=4).cells]
    digest = hashlib.sha256(json.dumps([cells, library()]).encode())
    return digest.hexdigest()[:16]


@functools.cache
def library():
    """A fingerprint of rnn_lib, the data, the pins, and of this file."""
    files = [*ROOT.glob("rnn_lib/**/*.py"), *ROOT.glob("data/*"), ROOT / "requirements.txt", Path(__file__)]
    texts = [path.read_bytes() for path in sorted(files) if path.is_file()]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def run(path):
    """Run a lesson in a fresh kernel.   returns: its cells as plain data   raises: CellExecutionError"""
    from nbclient import NotebookClient  # here: a run that finds all lessons kept needs none of it

    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as empty:         # not beside the lessons: there the learner's own progress is kept
        NotebookClient(notebook, timeout=240, kernel_name="python3", coalesce_streams=True, store_widget_state=True,
                       extra_arguments=["--log-level=40"], resources={"metadata": {"path": empty}}).execute()
    states = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    return [cell_data(cell, states) for cell in notebook.cells]


def cell_data(cell, states):
    """A cell as plain data; an explorer among its outputs is the state that explorer.js reads."""
    folded = cell.metadata.get("jupyter", {})
    data = {"id": cell.id, "kind": cell.cell_type, "source": cell.source, "outputs": [],
            "hidden": [name for name in ("source_hidden", "outputs_hidden") if folded.get(name)]}
    for output in cell.get("outputs", []):
        view = output.get("data", {}).get(WIDGET)
        if view and view["model_id"] in states:
            state = states[view["model_id"]]["state"]
            data["outputs"].append({"explorer": {name: state[name] for name in SHOWN if name in state}})
        elif output.output_type == "stream":
            data["outputs"].append({output.name: output.text})
        else:
            data["outputs"].append({kind: text for kind, text in output.get("data", {}).items() if isinstance(text, str)})
    return data
