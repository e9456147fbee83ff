"""JupyterLab's settings for the lessons: on this machine only, with its token, no calls home, and no message held back.

The lessons are trusted, as notebooks are that one has written: what is stored in them is shown as it is.
"""
import os
import sqlite3
from contextlib import suppress
from pathlib import Path

import nbformat
from jupyter_core.paths import jupyter_data_dir
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from nbformat.sign import NotebookNotary


class Prompt(ZMQChannelsWebsocketConnection):
    """A kernel's messages go out at once. Nagle's algorithm would hold every second picture back for some 40 ms."""

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


def trust(lessons):
    """Sign notebooks. One that cannot be read, or signatures that cannot be written, are no reason not to start."""
    with suppress(OSError, sqlite3.Error):
        Path(jupyter_data_dir()).mkdir(parents=True, exist_ok=True)
        with NotebookNotary(data_dir=jupyter_data_dir()) as notary:
            for path in lessons:
                with suppress(ValueError):
                    notary.sign(nbformat.read(path, as_version=nbformat.NO_CONVERT))


# The kernels' matrices are small: OpenBLAS with threads waits longer for them than they work, on a busy machine twenty times.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
trust(sorted((Path(__file__).parent / "notebooks").glob("[0-9][0-9]_*.ipynb")))

c = get_config()  # noqa: F821 - Jupyter defines it
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.kernel_websocket_connection_class = Prompt
c.LabApp.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.app_settings_dir = str(Path(__file__).parent / ".jupyterlab")
