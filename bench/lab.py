"""A throw-away JupyterLab in a real browser: for the tests of the lessons and the timing of the explorers.

JupyterLab runs with the settings of `make lab` over a copy of notebooks/, with folders of its own, on a free port.
The browser is a Chromium that is already there ($CHROMIUM, or found on the PATH); none is downloaded.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
FLAGS = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]

# What can be moved in an explorer, sliders first, and the key that moves it. The last is the slider of `interact`.
KEYS = {"input[type=range]": "ArrowRight", ".choice input": "ArrowRight", "[role=switch]": " ", "input[type=text]": "a",
        ".noUi-handle": "ArrowRight"}
# Opens the door to the kernel's messages, runs every cell, and waits until the kernel has done them all.
RUN_ALL = """async () => {
    const panel = jupyterapp.shell.currentWidget;
    await panel.context.ready; await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
    window.kernelErrors = [];
    panel.sessionContext.iopubMessage.connect((_, message) => {
        if (message.header.msg_type === 'error') kernelErrors.push(message.content.ename + ': ' + message.content.evalue);
    });
    await jupyterapp.commands.execute('notebook:run-all-cells');
}"""
# Opens a notebook as a click in the list of files does, alone on the page.
OPEN = """async path => {
    await jupyterapp.restored;
    jupyterapp.shell.collapseLeft();
    await jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'});
}"""
SHUT_DOWN = "() => jupyterapp.shell.currentWidget.sessionContext.shutdown()"


class Lab(NamedTuple):
    """A running JupyterLab."""
    process: subprocess.Popen
    base: str          # http://127.0.0.1:port
    token: str
    log: Path

    def address(self, notebook):
        """Where the notebook of this name is opened, alone on the page."""
        return f"{self.base}/doc/tree/notebooks/{notebook}.ipynb?token={self.token}&reset"

    @property
    def workspace(self):
        """Where JupyterLab is open with nothing in it, apart from the workspace that a learner has."""
        return f"{self.base}/lab/workspaces/apart?token={self.token}&reset"


def chromium(shell=False):
    """Path of a Chromium or Chrome, None where there is none.

    shell: Debian's chromium-headless-shell goes first, not last: the same engine without windows opens a tab at half the work
    """
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    names.insert(0 if shell else len(names), "chromium-headless-shell")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextmanager
def jupyterlab(folder, notebooks=ROOT / "notebooks", windowing="none", app="lab"):
    """JupyterLab over a copy of the notebooks.

    folder: empty, for all that it writes     windowing: "none" puts cells out of sight on the page too, for the tests;
    "contentVisibility" is what a learner has     app: "notebook" starts Jupyter Notebook in its place
    """
    shutil.copytree(notebooks, folder / "notebooks", ignore=shutil.ignore_patterns(".*", "__pycache__"))
    settings = folder / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"windowingMode": windowing}))
    places = {name: str(folder / name.lower()) for name in (
        "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    module, name = {"lab": ("jupyterlab", "LabApp"), "notebook": ("notebook", "JupyterNotebookApp")}[app]
    command = [sys.executable, "-m", module, f"--config={ROOT / 'lab_config.py'}", "--no-browser", f"--port={port}",
               "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}", f"--{name}.expose_app_in_browser=True"]
    log = folder / "lab.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command + ["--allow-root"] * running_as_root(), stdout=out, stderr=subprocess.STDOUT,
            env=os.environ | places | {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"), "OPENBLAS_NUM_THREADS": "1"})
    try:
        yield Lab(process, f"http://127.0.0.1:{port}", when_up(process, folder / "jupyter_runtime_dir", log), log)
    finally:
        process.terminate()
        process.wait(30)


def when_up(process, runtime, log, patience=60):
    """The token of the server, once it answers.   runtime: the folder where it notes its address and token"""
    end = time.monotonic() + patience
    while time.monotonic() < end and process.poll() is None:
        for note in runtime.glob("jpserver-*.json"):
            server = json.loads(note.read_text() or "{}")
            try:
                urllib.request.urlopen(f"{server['url']}api?token={server['token']}", timeout=5).close()
                return server["token"]
            except (OSError, KeyError):
                pass
        time.sleep(.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")


@contextmanager
def browser(width=1280, height=1000, scale=1, shell=False):
    """A window of Chromium (a Playwright context): a new_page() in it is a new tab.

    scale: of the screen's pixels     shell: False where it is timed or stored: what people have is a browser with windows
    """
    with sync_playwright() as playwright:
        flags = FLAGS + ["--no-sandbox"] * running_as_root()
        program = playwright.chromium.launch(executable_path=chromium(shell), args=flags)
        yield program.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
        program.close()


def open_and_run(page, address):
    """Open a notebook at its address and run it."""
    page.goto(address, wait_until="domcontentloaded")
    run(page)


def open_here(page, notebook):
    """Open the notebook of this name on a page where JupyterLab is already. Close it with `close_here`."""
    page.wait_for_function("window.jupyterapp?.shell")
    within(page, 30, OPEN, f"notebooks/{notebook}.ipynb")
    page.wait_for_selector(".jp-Notebook .jp-Cell")


def close_here(page):
    """Stop the kernel of the notebook on a page, and close it there."""
    shut_down(page)
    page.evaluate("jupyterapp.shell.currentWidget.dispose()")


def run(page):
    """Run every cell of the notebook on a page; errors from the kernel gather in the page's `kernelErrors`."""
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    within(page, 120, RUN_ALL)
    when_shown(page)


def when_shown(page):
    """Wait until every widget of the notebook is on the page: JupyterLab puts those far below there when it has time."""
    page.wait_for_function("""() => jupyterapp.shell.currentWidget.content.widgets
        .flatMap(cell => cell.model.sharedModel.outputs ?? [])
        .filter(output => 'application/vnd.jupyter.widget-view+json' in (output.data ?? {})).length
        === document.querySelectorAll('.rnn figure, .widget-interact').length""")


def shut_down(page):
    """Stop the kernel behind a page, and wait until it is gone."""
    within(page, 30, SHUT_DOWN)


def within(page, seconds, script, argument=None):
    """Run an asynchronous function on a page, and wait for it, but not for ever."""
    late = f"new Promise((_, late) => setTimeout(late, {1000 * seconds}, new Error('not done in {seconds} s')))"
    return page.evaluate(f"argument => Promise.race([{late}, ({script})(argument)])", argument)


def running_as_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0
