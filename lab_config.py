"""JupyterLab's settings for the lessons: on this machine only, with its token, no calls home, and no message held back."""
from pathlib import Path

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class Prompt(ZMQChannelsWebsocketConnection):
    """A kernel's messages go out at once. Nagle's algorithm would hold every second picture back for some 40 ms."""

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c = get_config()  # noqa: F821 - Jupyter defines it
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.kernel_websocket_connection_class = Prompt
c.LabApp.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.app_settings_dir = str(Path(__file__).parent / ".jupyterlab")
