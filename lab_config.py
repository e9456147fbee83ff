"""JupyterLab's settings for the lessons: on this machine only, with its token, and no calls home."""
from pathlib import Path

c = get_config()  # noqa: F821 - Jupyter defines it
c.ServerApp.ip = "127.0.0.1"
c.LabApp.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.app_settings_dir = str(Path(__file__).parent / ".jupyterlab")
