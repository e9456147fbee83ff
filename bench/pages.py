"""How soon the first slider of a page moves:   make bench   or   python -m bench.pages [02 07 …]

From an empty window to the moved slider, the median of five, from a server on this machine that compresses nothing.
Beside each page of `make site` what everyone does: the same notebook through nbconvert, whose page starts require.js and
html-manager. These come from npm here, and are answered at once where the page asks their servers for them.
"""
import functools
import gzip
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from .lab import ROOT, browser

sys.path.append(str(ROOT / "site"))          # no package: the name is Python's own
from serve import served

TIMES = 5
SITE = ROOT / "_site"
# What a page of nbconvert asks other servers for: the package on npm, and the file in it.
ASKED = {"require.js": ("requirejs@2.3.8", "require.js"), "anywidget": ("anywidget@0.11.0", "dist/index.js"),
         "html-manager": ("@jupyter-widgets/html-manager@1.0.15", "dist/embed-amd.js")}
MOVED = """() => new Promise(done => { const look = () => {
    const input = document.querySelector(".rnn .slider input");
    const over = document.readyState === "complete" && (!window.requirejs || performance.now() > 10_000);
    if (!input) return over ? done() : setTimeout(look, 2);
    const shown = input.closest(".rnn").querySelector("output"), before = shown.textContent;
    input.value = +input.value ? +input.value - 1 : 1;
    input.dispatchEvent(new Event("input"));
    requestAnimationFrame(() => setTimeout(() => done(shown.textContent !== before))); }; look(); })"""


def first_move(window, address, answers=None):
    """Seconds from an empty window to the first moved slider, or to the whole page where there is none.

    window: of Chromium     answers: {part of an address elsewhere: file that is sent in its place}
    """
    context = window.new_context()
    if answers:
        context.route(re.compile("^https://"), functools.partial(answer, answers))
    tab, begin = context.new_page(), time.perf_counter()
    tab.goto(address, wait_until="commit")
    tab.evaluate(MOVED)
    took = time.perf_counter() - begin
    context.close()
    return took


def answer(answers, route):
    """Send the file in place of what is elsewhere; what else is asked for is refused."""
    file = next((file for part, file in answers.items() if part in route.request.url), None)
    if file:
        route.fulfill(path=file, content_type="text/javascript")
    else:
        route.abort()


def fetched(folder):
    """The files that a page of nbconvert needs, from npm.   returns: {part of an address: path}"""
    files = {}
    for part, (package, name) in ASKED.items():
        done = subprocess.run(["npm", "pack", "--silent", package], cwd=folder, capture_output=True, text=True, check=True)
        with tarfile.open(folder / done.stdout.strip()) as archive:
            files[part] = folder / f"{part}.js"
            files[part].write_bytes(archive.extractfile(f"package/{name}").read())
    return files


def converted(path, folder):
    """Run a lesson, and write the page that nbconvert makes of it."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}).execute()
    (folder / f"{path.stem}.html").write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")


def main(wanted):
    """Measure the pages whose names start with one of these, all when there are none."""
    if not (SITE / "index.html").exists():
        sys.exit("there are no pages yet: make site")
    lessons = [path for path in sorted((ROOT / "notebooks").glob("*.ipynb")) if path.name.startswith(tuple(wanted) or "")]
    print("the first slider has moved: a page of make site (gzipped) | the same through nbconvert (with the scripts it starts)")
    with tempfile.TemporaryDirectory() as place, browser() as window:
        folder = Path(place)
        scripts = fetched(folder)
        more = sum(len(gzip.compress(file.read_bytes())) for file in scripts.values())
        for path in lessons:
            converted(path, folder)
            cells = [path.stem]
            for home, answers, extra in ((SITE, None, 0), (folder, scripts, more)):
                with served(home) as base:
                    times = [first_move(window.browser, f"{base}/{path.stem}.html", answers) for _ in range(TIMES)]
                size = len(gzip.compress((home / f"{path.stem}.html").read_bytes())) + extra
                cells.append(f"{statistics.median(times):.2f} s ({size / 1e3:.0f} kB)")
            print(" | ".join(cells), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
