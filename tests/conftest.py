"""What several test files share: the lessons that are judged, and a browser with JupyterLab in it."""
import os
from unittest import mock

import lessons
import nbformat
import pytest
import sweep
from nbformat.v4 import new_code_cell
from nbval.plugin import IPyNbFile
from playwright.sync_api import expect

from bench.lab import browser, chromium, jupyterlab
from rnn_lib.checks import progress

expect.set_options(timeout=20_000)                   # a browser on two busy cores may take its time


def need_a_browser():
    """Skip where there is no browser, and say so; in CI its absence is a failure."""
    if not chromium():
        missing = "no Chromium or Chrome was found: install one (Debian: apt-get install chromium), or name it in $CHROMIUM"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A throw-away JupyterLab over the lessons, started once. It knows lesson 00 as trusted, and has never seen the others."""
    need_a_browser()
    judged = tmp_path_factory.mktemp("notebooks")
    for path in lessons.PATHS:
        notebook = lessons.read(path)
        notebook.metadata |= {} if path.name.startswith("00") else {"seen": "never"}
        nbformat.write(notebook, judged / path.name)
    with jupyterlab(tmp_path_factory.mktemp("lab"), judged) as lab:
        yield lab


@pytest.fixture(scope="session")
def window():
    """A window of Chromium, opened once."""
    need_a_browser()
    with browser(shell=True) as window:
        yield window


class Lesson(IPyNbFile):
    """A lesson in the text that is judged, for nbval to run. In its last cell every control is driven: see sweep.py."""

    def collect(self):
        judged = lessons.read(self.path)
        first = lessons.code(judged)[0]
        first.source = f"{sweep.BEFORE}\n{first.source}"             # in it, so that every cell keeps its number
        judged.cells.append(new_code_cell(f"{sweep.AFTER}\nassert not _faults, '\\n'.join(_faults)"))
        with mock.patch("nbval.plugin.nbformat.read", return_value=judged):
            return [*super().collect()]


class Lessons:
    """Only the project's lessons are run. (A conftest would be heard in its own folder only.)"""

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path, parent):
        collected = yield
        if file_path.suffix != ".ipynb":
            return collected
        return [Lesson.from_parent(parent, path=file_path)] if file_path in lessons.PATHS else []


def pytest_configure(config):
    os.environ[progress.SWITCH] = "off"                  # for every kernel that a test starts
    config.pluginmanager.register(Lessons(), "the project's lessons")


def pytest_terminal_summary(terminalreporter):
    """Show what tests tell even when they pass, by record_property("told", text) in any worker; and what is left aside."""
    for report in terminalreporter.getreports("passed"):
        for text in (value for name, value in report.user_properties if name == "told"):
            terminalreporter.section(report.nodeid.partition("::")[2])
            terminalreporter.write_line(text)
    for sentence in lessons.set_aside(lessons.ROOT):
        terminalreporter.write_line(sentence, yellow=True)
