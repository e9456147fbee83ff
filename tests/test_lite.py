"""JupyterLite of `make site`: what it is put together from, and, where it was built, its lessons in a real browser.

SITE=all runs every lesson, and what else takes a minute: make test-site. Otherwise lesson 02 is run.
"""
import base64
import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from importlib.metadata import requires
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from packaging.requirements import Requirement
from playwright.sync_api import expect

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "site"), str(ROOT / ".site" / "packages")]
pytest.importorskip("jupyterlite_core", reason="what `make site` needs is not here: make .site/ready")

import browser_python  # noqa: E402 (they lie in site/, which is no package: the name is Python's own)
import build  # noqa: E402
import lighter  # noqa: E402
import lite  # noqa: E402
import runs  # noqa: E402
import serve  # noqa: E402
import wheels  # noqa: E402

EVERY = os.environ.get("SITE") == "all"
NAMES = [path.stem for path in runs.lessons() if EVERY or path.name.startswith("02")]
thorough = pytest.mark.skipif(not EVERY, reason="it takes a minute: make test-site")
SITE = ROOT / "_site"
# What a copy in the browser's storage is: one object per file, by its path.
STORED = """async ([path, change]) => {
    const done = request => new Promise(yes => { request.onsuccess = () => yes(request.result); });
    const store = await done(indexedDB.open(`JupyterLite Storage - ${new URL("..", location).pathname}`));
    const files = store.transaction("files", "readwrite").objectStore("files"), keys = await done(files.getAllKeys());
    const file = await done(files.get(path));
    if (change && file) { file.content.metadata.lesson = change; await done(files.put(file, path)); }
    store.close();
    return [keys, file && JSON.stringify(file.content)];
}"""
RUN = """async () => {
    const panel = jupyterapp.shell.currentWidget, begun = performance.now();
    window.told = { errors: [], cells: [] };
    panel.sessionContext.iopubMessage.connect((_, { header, content }) => {
        if (header.msg_type === "error") told.errors.push(`${content.ename}: ${content.evalue}`);
    });
    for (const { model } of panel.content.widgets) model.stateChanged?.connect((_, { name, newValue }) => {
        if (name === "executionCount" && newValue) told.cells.push([model.id, (performance.now() - begun) / 1000]);
    });
    await jupyterapp.commands.execute("notebook:run-all-cells");
}"""


def unzipped(wheel):
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_wheel_is_the_same_for_the_same_files_and_lists_what_is_in_it():
    name, data = wheels.wheel("Some.Thing", "1.0", {"some_thing/__init__.py": b"x = 1\n"})
    assert name == "some_thing-1.0-py3-none-any.whl"
    assert wheels.wheel("Some.Thing", "1.0", {"some_thing/__init__.py": b"x = 1\n"}) == (name, data)
    files = unzipped(data)
    for path, digest, size in csv.reader(files.pop("some_thing-1.0.dist-info/RECORD").decode().splitlines()):
        if not path.endswith("/RECORD"):
            text = files.pop(path)
            found = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
            assert (digest, int(size)) == (f"sha256={found}", len(text))
    assert files == {}


def test_the_course_holds_what_the_lessons_read_and_its_name_changes_with_it(monkeypatch, tmp_path):
    name, data = wheels.course()
    files = unzipped(data)
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "data").glob("*.[tncj]*")}
    assert there >= {"data/alice.txt", "data/glove.npz", "data/alice.conllu"}
    assert there <= set(files)
    assert {"rnn_lib/explorers/explorer.js", "rnn_lib/explorers/explorer.css", "page_python.py"} <= set(files)
    monkeypatch.setattr(wheels, "HERE", tmp_path)
    (tmp_path / "page_python.py").write_text("another = True\n")
    assert wheels.course()[0] != name


@pytest.mark.parametrize("name", ["psygnal", "wcwidth", "ipywidgets"])
def test_a_package_works_from_its_wheel_without_compiled_parts(name, tmp_path):
    file_name, data = wheels.installed(name)
    assert not [path for path in unzipped(data) if path.endswith((".so", ".pyd", ".pyc")) or path.startswith("..")]
    (tmp_path / file_name).write_bytes(data)
    code = f"import sys; sys.path.insert(0, {str(tmp_path / file_name)!r}); import {name}; print({name}.__file__)"
    assert file_name in subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_a_wheel_keeps_entry_points_by_which_matplotlib_finds_its_backend():
    files = unzipped(wheels.installed("matplotlib-inline")[1])
    assert any(b"matplotlib.backend" in text for path, text in files.items() if path.endswith("dist-info/entry_points.txt"))


def test_everything_that_the_packages_need_in_the_browser_is_there():
    kernel = {browser_python.canonical(name.split("-")[0]) for name, _ in browser_python.kernel()}
    there = {*browser_python.INSTALLED, *kernel, "numpy", "matplotlib", "rnn-lib", "jupyterlab-widgets"}    # the last: no Python
    browser = {"sys_platform": "emscripten", "python_version": "3.14", "platform_system": "Emscripten", "extra": ""}
    asked = [Requirement(line) for name in browser_python.INSTALLED for line in requires(name) or []]
    wanted = {browser_python.canonical(it.name) for it in asked if not it.marker or it.marker.evaluate(browser)}
    assert wanted - there == set()


def test_what_is_needed_is_taken_from_the_lock_with_all_it_depends_on():
    lock = {"a": {"depends": ["b_c", "pytz"]}, "b-c": {"depends": ["a"]}, "d": {"depends": []}, "pytz": {"depends": []}}
    assert browser_python.needed(lock, ["a"]) == {"a": {"depends": ["b-c"]}, "b-c": {"depends": ["a"]}}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """JupyterLite over a lock file without Pyodide: it is put together, and could not start."""
    folder = tmp_path_factory.mktemp("lite")
    (folder / "pyodide-lock.json").write_text('{"packages": {"numpy": {}, "rnn-lib": {}}}')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lite, "trained", lambda kept: folder / "pyodide-lock.json")       # any file
        lite.assemble(folder / "lite", folder, folder)
    return folder / "lite"


def test_jupyterlite_holds_every_lesson_as_it_is(built):
    given = {path.name: nbformat.read(path, as_version=4) for path in runs.lessons()}
    for name, notebook in given.items():
        copy = nbformat.read(built / "files" / name, as_version=4)
        assert copy.cells == notebook.cells
        assert copy.metadata.lesson == lite.version(notebook)
    versions = json.loads((built / "versions.json").read_text(encoding="utf-8"))
    assert versions == {name: lite.version(notebook) for name, notebook in given.items()}
    changed = nbformat.from_dict(json.loads(json.dumps(given["02_unfolding.ipynb"])))
    changed.cells[0].source += "."
    assert lite.version(changed) != versions["02_unfolding.ipynb"]


def test_jupyterlite_names_no_other_host_and_has_the_widgets(built):
    config = json.loads((built / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    extensions = {it["name"] for it in config["federated_extensions"]}
    assert extensions == {"@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget"}
    kernel = config["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    assert (kernel["pyodideUrl"], kernel["disablePyPIFallback"]) == ("./../python/pyodide.mjs", True)
    assert kernel["loadPyodideOptions"]["packages"] == ["numpy", "rnn-lib"]
    assert "http" not in json.dumps(config["litePluginSettings"])
    assert config["settingsOverrides"]["@jupyterlab/docmanager-extension:plugin"]["autosaveInterval"] == 5


def test_what_no_lesson_uses_is_left_out_and_the_plugins_that_would_ask_for_it_are_off(built):
    config = json.loads((built / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    assert config["disabledExtensions"] == lighter.SWITCHED_OFF
    texts = {path.name.partition(".")[0]: path.read_text(encoding="utf-8") for path in (built / "build").glob("*.js")}
    assert [name for name, text in texts.items() if name != "jlab_core" and lighter.LIBRARY.search(text)] == []
    assert sum(path.stat().st_size for path in built.rglob("*") if path.is_file()) < 15e6         # beside lesson 14's checkpoint


def test_a_jupyterlab_that_is_built_in_another_way_is_refused(tmp_path):
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "bundle.js").write_text("t.e(1)")
    (tmp_path / "1.abcdef0.js").write_text("n.e(2)")
    with pytest.raises(OSError, match=r"only 0\.0 MB of JupyterLab are unused"):
        lighter.lighten(tmp_path)
    assert (tmp_path / "1.abcdef0.js").exists()


def test_jupyterlite_begins_with_our_question_and_keeps_what_was_opened(built):
    start = (built / "lab" / "index.html").read_text(encoding="utf-8")
    assert 0 < start.index("await import('../copies.js')") < start.index("'../config-utils.js")
    ours = (ROOT / "site" / "offline.js").read_text(encoding="utf-8")
    assert (built / "service-worker.js").read_text(encoding="utf-8").startswith(ours)


def test_without_network_or_npm_nothing_is_built_and_that_is_said(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(browser_python.shutil, "which", lambda name: None)
    build.for_the_browser(tmp_path / "out", tmp_path / "kept", with_lite=True)
    assert "npm is not installed" in capsys.readouterr().out
    assert not (tmp_path / "out" / "lite").exists()


def test_what_was_made_of_the_same_things_is_kept(monkeypatch, tmp_path, capsys):
    made = []
    def make(folder):
        made.append(folder)
        folder.mkdir(exist_ok=True)
    for things in ("a", "a", "b"):
        monkeypatch.setattr(build, "ingredients", lambda things=things: things)
        build.once(tmp_path / "x", make)
    assert len(made) == 2
    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()] == ["made", "kept", "made"]


@pytest.fixture(scope="module")
def base():
    """The address of what `make site` has built, served on this machine only."""
    stamp = SITE / "lite" / "made_of.txt"
    if not stamp.exists():
        pytest.skip("JupyterLite has not been built: make site")
    if stamp.read_text(encoding="utf-8") != build.ingredients():
        pytest.skip("JupyterLite was built from earlier lessons or an earlier library: make site")
    with serve.served(SITE) as address:
        yield address


@thorough
def test_the_site_is_small_beside_python(base):
    sizes = {path: path.stat().st_size for path in SITE.rglob("*") if path.is_file()}
    assert sum(size for path, size in sizes.items() if SITE / "python" not in path.parents) <= 30e6


@pytest.fixture
def tab(base, window):
    """A tab in a window of its own; .complaints and .hosts are what it said and whom it asked."""
    context = window.browser.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    tab.set_default_timeout(120_000)
    tab.complaints, tab.hosts = [], set()
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.on("console", lambda said: tab.complaints.append(f"{said.text} {said.location['url']}") if said.type == "error" else None)
    context.on("request", lambda asked: tab.hosts.add(urlsplit(asked.url).netloc))
    yield tab
    context.close()


def opened(tab, base, name):
    """Open a lesson, and wait for its kernel.   returns: seconds until the first cell was to be seen"""
    begin = time.monotonic()
    tab.goto(f"{base}/{lite.address(name)}", wait_until="commit")
    tab.locator(".jp-Notebook .jp-Cell").first.wait_for()
    seen = time.monotonic() - begin
    tab.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
    return seen


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_a_lesson_runs(base, tab, name, record_property):
    tab.set_default_timeout(500_000)
    begin = time.monotonic()
    seen = opened(tab, base, name)
    ready = time.monotonic() - begin
    tab.evaluate(RUN)
    whole, told = time.monotonic() - begin, tab.evaluate("told")
    memory = sum(process.memory_full_info().pss for process in psutil.Process().children(recursive=True)
                 if process.is_running() and "chrom" in process.name()) / 2**20 if sys.platform == "linux" else 0
    slow = max((after[1] - before[1], after[0]) for before, after in zip([["", 0], *told["cells"]], told["cells"], strict=False))
    record_property("told", f"{name}: seen {seen:.1f} s, first cell {ready + told['cells'][0][1]:.1f} s, whole {whole:.1f} s; "
                            f"longest cell {slow[1]} {slow[0]:.1f} s; {memory:.0f} MiB")
    code = [cell for cell in nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells if cell.cell_type == "code"]
    assert len(told["cells"]) == len(code)
    assert told["errors"] == []
    assert tab.hosts - {""} == {urlsplit(base).netloc}
    assert [words for words in tab.complaints if not words.endswith("/favicon.ico")] == []       # which browsers ask for unbidden
    if "explorers." in "".join(cell.source for cell in code):
        assert tab.locator(".jp-OutputArea .rnn svg").count() > 0


@thorough
def test_an_explorer_is_alive_and_an_answer_is_kept(base, tab):
    opened(tab, base, "02_unfolding")
    tab.evaluate(RUN)
    slider = tab.locator(".rnn .slider input").first
    shown = slider.locator("xpath=ancestor::*[contains(@class, 'rnn')]").locator("output").first
    before = shown.inner_text()
    slider.press("ArrowRight" if slider.input_value() == "0" else "ArrowLeft")
    expect(shown).not_to_have_text(before)
    tab.evaluate("jupyterapp.shell.currentWidget.content.widgets[0].model.sharedModel.setSource('# my own words')")
    tab.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")                       # saved by itself
    opened(tab, base, "02_unfolding")
    expect(tab.locator(".jp-Notebook h1").first).to_contain_text("my own words")


@thorough
@pytest.mark.parametrize("answer", ["Go on with mine", "Open the new ones"])
def test_who_has_a_copy_of_a_lesson_that_was_changed_is_asked_once(base, tab, answer):
    opened(tab, base, "02_unfolding")
    tab.evaluate("jupyterapp.shell.currentWidget.content.widgets[0].model.sharedModel.setSource('# my own words')")
    tab.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    tab.evaluate(STORED, ["02_unfolding.ipynb", "an earlier one"])
    tab.reload()
    box = tab.get_by_role("dialog")
    expect(box).to_contain_text("02_unfolding.ipynb")
    assert tab.locator(".jp-Notebook").count() == 0                             # nothing is opened before the answer
    box.get_by_role("button", name=answer).click()
    mine = answer == "Go on with mine"
    expect(tab.locator(".jp-Notebook h1").first).to_contain_text("my own words" if mine else "02")
    keys, copy = tab.evaluate(STORED, ["02_unfolding.ipynb", None])
    if mine:
        assert keys == ["02_unfolding.ipynb"]
        assert "my own words" in copy
    else:
        beside = next(key for key in keys if key.startswith("02_unfolding (mine until "))
        assert "my own words" in tab.evaluate(STORED, [beside, None])[1]
    opened(tab, base, "02_unfolding")
    assert tab.get_by_role("dialog").count() == 0


@thorough
def test_a_lesson_that_was_visited_runs_without_a_network(base, tab):
    opened(tab, base, "02_unfolding")
    tab.wait_for_function("navigator.serviceWorker.controller")
    tab.wait_for_load_state("networkidle")
    tab.context.set_offline(True)
    opened(tab, base, "02_unfolding")
    tab.evaluate(RUN)
    assert tab.evaluate("told.errors") == []
    assert tab.evaluate("told.cells.length") > 5


@thorough
def test_a_verdict_is_noted_in_the_file_that_the_pages_read(base, tab):
    opened(tab, base, "02_unfolding")
    tab.evaluate("""async () => {
        const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
        await kernel.requestExecute({ code: "from rnn_lib.checks import progress; progress.note('q02_1', 'wrong')" }).done;
    }""")
    file = tab.evaluate("jupyterapp.serviceManager.contents.get('progress.json', { content: true })")
    kept = json.loads(base64.b64decode(file["content"]))
    assert kept["answers"]["q02_1"]["status"] == "wrong"
