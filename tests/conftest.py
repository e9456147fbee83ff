"""What several test files share: the notebooks, and a browser with JupyterLab in it."""
import os

import pytest

from bench.lab import browser, chromium, jupyterlab


def need_a_browser():
    """Skip where there is no browser, and say so; in CI its absence is a failure."""
    if not chromium():
        missing = "no Chromium or Chrome was found: install one (Debian: apt-get install chromium), or name it in $CHROMIUM"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A throw-away JupyterLab, started once."""
    need_a_browser()
    with jupyterlab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="session")
def window():
    """A window of Chromium, opened once."""
    need_a_browser()
    with browser() as window:
        yield window


def pytest_terminal_summary(terminalreporter):
    """Show what tests have to tell even when they pass: record_property("told", text), from any worker."""
    for report in terminalreporter.getreports("passed"):
        for text in (value for name, value in report.user_properties if name == "told"):
            terminalreporter.section(report.nodeid.partition("::")[2])
            terminalreporter.write_line(text)
