"""JupyterLite in _site/lite/: JupyterLab in the browser, with every lesson, on the Python of _site/python/."""
import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import browser_python
import lighter
import nbformat
import runs

HERE = Path(__file__).parent
SHARED = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
WIDGETS = (SHARED / "@jupyter-widgets" / "jupyterlab-manager", SHARED / "anywidget")
SETTINGS = runs.ROOT / ".jupyterlab" / "overrides.json"         # those of make lab
SAVED = {"@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 5}}
START = "'../config-utils.js"                    # what lab/index.html imports to begin


def address(name):
    """Where a lesson is run, from its page."""
    return f"lite/lab/index.html?path={name}.ipynb"


def assemble(out, python, kept):
    """Build it.   out: folder     python: folder, made by browser_python     kept: folder of checkpoints     raises: OSError"""
    begun = trained(kept)
    with tempfile.TemporaryDirectory() as place:
        project, built = Path(place, "project"), Path(place, "built")
        write_project(project, json.loads((python / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"], begun)
        browser_python.command([sys.executable, "-m", "jupyterlite_core", "build", "--output-dir", str(built)], project,
                               env=os.environ | {"PYTHONPATH": str(packages())})
        for font in (path for kind in ("eot", "svg", "ttf", "woff") for path in (built / "build").glob(f"fa-*.{kind}")):
            font.unlink()                            # browsers of today take the woff2 beside them
        shutil.copy(built / "icon-120x120.png", built / "lab" / "favicon.ico")          # twenty-five times as small
        lighter.lighten(built / "build")
        ours(built)
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(built, out)


def trained(kept):
    """The checkpoint that lesson 14 goes on from, made anew when the library has changed."""
    made_of = runs.library() + (HERE / "begun.py").read_text(encoding="utf-8")
    path = kept / f"begun-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.npz"
    if not path.exists():
        for old in kept.glob("begun-*.npz"):
            old.unlink()
        kept.mkdir(parents=True, exist_ok=True)
        browser_python.command([sys.executable, str(HERE / "begun.py"), str(path)], runs.ROOT,
                               env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    return path


def packages():
    """The folder that JupyterLite was installed into.   raises: OSError where it was not"""
    found = importlib.util.find_spec("jupyterlite_core")
    if not found:
        raise OSError("jupyterlite-core is not installed: make .site/ready")
    return Path(found.origin).parent.parent


def write_project(folder, loaded, begun):
    """What JupyterLite builds from.   loaded: names of the packages of the kernel     begun: checkpoint for lesson 14"""
    files = folder / "files"
    files.mkdir(parents=True)
    for path in runs.lessons():
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata["lesson"] = version(notebook)
        (files / path.name).write_text(json.dumps(notebook), encoding="utf-8")     # not in lines: JupyterLite does not join them
    shutil.copy(begun, files / "14_begun.npz")
    extensions = [str(path) for path in (browser_python.kernel_extension(), *WIDGETS)]
    kernel = {"pyodideUrl": "./../python/pyodide.mjs", "disablePyPIFallback": True,
              "loadPyodideOptions": {"packages": sorted(loaded)}}
    data = {"appName": "Backpropagation through time, by hand", "exposeAppInBrowser": True,
            "disabledExtensions": lighter.SWITCHED_OFF,
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}}
    for name, content in {
            "jupyter_lite_config.json": {"LiteBuildConfig": {
                "contents": ["files"], "apps": ["lab"], "ignore_sys_prefix": True, "federated_extensions": extensions,
                "no_sourcemaps": True, "no_unused_shared_packages": True}},
            "jupyter-lite.json": {"jupyter-lite-schema-version": 0, "jupyter-config-data": data},
            "overrides.json": json.loads(SETTINGS.read_text(encoding="utf-8")) | SAVED}.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


def version(notebook):
    """Changes when a cell of the lesson does. It stands in the notebook, and so in each learner's copy of it."""
    text = json.dumps([[cell.cell_type, cell.source] for cell in notebook.cells])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def ours(built):
    """What is added to JupyterLite: copies.js asks before it starts, offline.js keeps what was opened."""
    versions = {path.name: nbformat.read(path, as_version=4).metadata["lesson"] for path in (built / "files").glob("*.ipynb")}
    (built / "versions.json").write_text(json.dumps(versions), encoding="utf-8")
    shutil.copy(HERE / "copies.js", built)
    worker, page = built / "service-worker.js", built / "lab" / "index.html"
    rules = [path.read_text(encoding="utf-8") for path in (HERE / "offline.js", worker)]
    worker.write_text("\n".join(rules), encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    if text.count("await import(") != 1 or START not in text:
        raise OSError("lab/index.html of this JupyterLite begins in another way: see ours() in site/lite.py")
    page.write_text(text.replace("await import(", "await import('../copies.js');\n        await import(", 1), encoding="utf-8")
