"""Who may import whom. A new module goes into the table below; everything else follows from it."""
import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A module may import from the layers above its own, and from its own as long as no cycle arises.
# "rnn_lib" is the package's face, rnn_lib/__init__.py.
LAYERS = (
    ("expect", "edits"),
    ("network", "losses", "embeddings", "text"),
    ("bptt", "copies", "definition", "gradcheck", "unfolded"),
    ("clinic",),
    ("training", "rnn_lib"),
    ("tasks",),
    ("checks",),
)
# Pictures know arrays and words only; explorers may use everything, and nobody uses them but the notebooks.
PICTURES = {"palette": set(), "diagrams": {"palette"}, "charts": {"palette"}}
LAST = "explorers"
# Who may import these packages; everybody may import the others. An explorer is one anywidget, and needs no other widget.
ONLY = {"matplotlib": {"charts"}, "mpl_toolkits": {"charts"}, "anywidget": {LAST}, "traitlets": {LAST},
        "ipywidgets": set()}

MAY_IMPORT = {room: {other for layer in LAYERS[:i + 1] for other in layer} for i, rooms in enumerate(LAYERS) for room in rooms}
MAY_IMPORT |= PICTURES
for room in ("clinic", "rnn_lib", "training", "tasks", "checks"):
    MAY_IMPORT[room] |= {"palette", "diagrams"}          # a verdict may hold a drawing
MAY_IMPORT[LAST] = set(MAY_IMPORT)
TABLE = {f"rnn_lib.{room}" for room in MAY_IMPORT}       # these count as modules even before they are written


def modules(tree):
    """dotted name -> path of every module in tree / rnn_lib"""
    paths = sorted((tree / "rnn_lib").rglob("*.py"))
    return {".".join(path.relative_to(tree).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def imported(tree):
    """(importer, line, imported) of every import in tree / rnn_lib, wherever in the file it stands, in dotted names"""
    known = modules(tree)
    for name, path in known.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for target in targets(node, package, known):
                yield name, getattr(node, "lineno", 0), target


def targets(node, package, known):
    """What one piece of syntax imports: the module itself where a name is a module, else the module it comes from."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        source = absolute("." * node.level + (node.module or ""), package)
        names = [f"{source}.{alias.name}" for alias in node.names]
        return [name if name in known or name in TABLE else source for name in names]
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return [absolute(node.args[0].value, package)] if called in ("import_module", "__import__") else []
    return []


def absolute(name, package):
    """..expect, seen from rnn_lib.charts, is rnn_lib.expect"""
    dots = len(name) - len(name.lstrip("."))
    parts = package.split(".")
    return ".".join([*parts[:len(parts) - dots + 1], name.lstrip(".")]).rstrip(".") if dots else name


def room(name):
    """rnn_lib.charts.curves is in the room charts; rnn_lib itself is in the room rnn_lib"""
    return name.split(".")[min(1, name.count("."))]


def problems(tree):
    """One sentence for every import that the table does not allow, and for every cycle."""
    found = [f"{name} is in no layer: put {room(name)!r} into the table of tests/test_imports.py"
             for name in modules(tree) if room(name) not in MAY_IMPORT]
    arrows = {}
    for name, line, target in imported(tree):
        here, package = room(name), target.split(".")[0]
        allowed = MAY_IMPORT.get(here, set()) | {here}
        if package in ONLY and here not in ONLY[package]:
            who = f"only {sorted(ONLY[package])}" if ONLY[package] else "nobody"
            found.append(f"{name}, line {line}: {who} may import {package}")
        if package == "rnn_lib":
            arrows.setdefault(name, set()).add(target)
            if here in MAY_IMPORT and room(target) not in allowed:
                found.append(f"{name}, line {line}: {here} may not import {target}, only {sorted(allowed)}")
    return found + [f"a cycle: {' -> '.join(path)}" for path in cycles(arrows)]


def cycles(arrows):
    """Each cycle once, as the modules along it."""
    found, done = [], set()

    def visit(name, path):
        if name in path:
            found.append([*path[path.index(name):], name])
        elif name not in done:
            for target in sorted(arrows.get(name, ())):
                visit(target, [*path, name])
            done.add(name)

    for name in sorted(arrows):
        visit(name, [])
    return found


def test_every_arrow_points_one_way():
    assert problems(ROOT) == []


def test_the_reader_of_imports_sees_the_arrows_that_are_there():
    arrows = {(name, target) for name, _, target in imported(ROOT)}
    assert {("rnn_lib.bptt", "rnn_lib.expect"), ("rnn_lib.gradcheck", "rnn_lib.bptt"), ("rnn_lib", "rnn_lib.network"),
            ("rnn_lib.network", "numpy")} <= arrows


def plant(tree, files):
    for name, text in files.items():
        path = tree / "rnn_lib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return problems(tree)


def test_a_tree_that_keeps_the_rules_has_no_problems(tmp_path):
    assert plant(tmp_path, {
        "__init__.py": "from .network import forward\nfrom . import bptt",
        "expect.py": "import numpy as np",
        "network.py": "from . import expect",
        "losses.py": "from .network import softmax",
        "bptt.py": "from . import expect\nimport rnn_lib.network",
        "tasks/__init__.py": "from .tagger import tag",
        "tasks/tagger.py": "import rnn_lib as rnn\nfrom .. import text\nfrom ..training import train",
        "text.py": "", "training.py": "from rnn_lib import bptt",
        "palette.py": "BLUE = 'blue'",
        "charts/__init__.py": "from . import curves\nfrom .curves import draw",
        "charts/curves.py": "import matplotlib\nfrom ..palette import BLUE",
        "diagrams.py": "from . import palette",
        "explorers/__init__.py": "import anywidget, traitlets\nfrom rnn_lib import charts, checks, diagrams, forward",
        "checks.py": "from rnn_lib import forward, definition", "definition.py": "",
    }) == []


PLANTED = {   # what is wrong -> files, words of the sentence that says so
    "backwards": (
        {"network.py": "from .bptt import bptt"}, "rnn_lib.network, line 1: network may not import rnn_lib.bptt"),
    "backwards in a function": (
        {"network.py": "def f():\n    from . import bptt"}, "line 2: network may not import rnn_lib.bptt"),
    "backwards by its full name": ({"losses.py": "import rnn_lib.training as t"}, "losses may not import rnn_lib.training"),
    "backwards when asked for at run time": (
        {"expect.py": "import importlib\nimportlib.import_module('.network', __package__)"},
        "expect may not import rnn_lib.network"),
    "backwards through the package's face": (
        {"network.py": "from . import forward"}, "network may not import rnn_lib, only"),
    "backwards from a room": (
        {"tasks/tagger.py": "from ..checks.clinic import cure"}, "tasks may not import rnn_lib.checks.clinic"),
    "checks use explorers": ({"checks/clinic.py": "from .. import explorers"}, "checks may not import rnn_lib.explorers"),
    "the face shows explorers": (
        {"__init__.py": "def __getattr__(n):\n    from . import explorers"}, "may not import rnn_lib.explorers"),
    "a picture that knows the network": (
        {"charts/flow.py": "from rnn_lib import bptt"}, "charts may not import rnn_lib.bptt"),
    "a diagram that knows a chart": ({"diagrams.py": "from . import charts"}, "diagrams may not import rnn_lib.charts"),
    "two layers' neighbours in a circle": (
        {"network.py": "from . import losses", "losses.py": "def f():\n    from .network import g"},
        "a cycle: rnn_lib.losses -> rnn_lib.network -> rnn_lib.losses"),
    "a circle inside a room": (
        {"charts/a.py": "from .b import c", "charts/b.py": "from . import a"}, "a cycle: rnn_lib.charts.a -> rnn_lib.charts.b"),
    "a room that imports its own door": (
        {"charts/__init__.py": "from .a import x", "charts/a.py": "from . import x"},
        "a cycle: rnn_lib.charts -> rnn_lib.charts.a"),
    "matplotlib elsewhere": (
        {"diagrams.py": "import matplotlib.pyplot as plt"}, "only ['charts'] may import matplotlib"),
    "a widget elsewhere": (
        {"charts.py": "def f():\n    from anywidget import A"}, "only ['explorers'] may import anywidget"),
    "another kind of widget": ({"explorers/kit.py": "import ipywidgets as w"}, "nobody may import ipywidgets"),
    "a module nobody knows": ({"utils.py": ""}, "rnn_lib.utils is in no layer: put 'utils' into the table"),
}


@pytest.mark.parametrize("wrong", PLANTED)
def test_a_planted_arrow_is_found(wrong, tmp_path):
    files, words = PLANTED[wrong]
    found = plant(tmp_path, files)
    assert len(found) == 1
    assert words in found[0]


def python(code):
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
                          capture_output=True, text=True, check=True).stdout


def test_import_rnn_lib_brings_numpy_and_nothing_else_along():
    loaded = python("import sys; before = set(sys.modules); import rnn_lib; print(*sorted(set(sys.modules) - before))").split()
    packages = {name.split(".")[0] for name in loaded}
    assert {"numpy", "rnn_lib"} <= packages
    assert packages - {"numpy", "rnn_lib"} <= sys.stdlib_module_names


def test_import_rnn_lib_costs_at_most_twice_what_numpy_costs():
    code = "import time; start = time.process_time(); import {}; print(time.process_time() - start)"
    seconds = [[float(python(code.format(name))) for name in ("numpy", "rnn_lib")] for _ in range(5)]
    numpy, ours = map(min, zip(*seconds, strict=True))
    assert ours <= 2 * numpy


def test_the_scripts_of_the_browser_are_no_wider_than_ruff_lets_python_be_and_explorer_js_is_no_longer_than_150_lines():
    scripts = [path for folder in ("rnn_lib/explorers", "site", "tests") for path in (ROOT / folder).glob("*.js")]
    wide = [f"{path.name}, line {n}" for path in scripts for n, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
            if len(line) > 130]
    assert len(scripts) > 10
    assert (ROOT / "rnn_lib" / "explorers" / "explorer.js").read_text(encoding="utf-8").count("\n") <= 150
    assert wide == []
