"""A class on one machine: a real JupyterHub, and learners who open a lesson at once, run every cell and answer an exercise.

    python -m bench.class 60 02_unfolding 08_from_formula_to_algorithm

It needs jupyterhub beside the lessons' libraries and npm's configurable-http-proxy on the PATH:
    python -m venv .class; .class/bin/pip install -r requirements.txt jupyterhub==6.1.1
    npm install -g configurable-http-proxy@5.3.0
Everything stays on this machine (127.0.0.1), and is bounded in time and count. Kernels talk over sockets of the file system:
with 60 of them TCP ports collide. Printed are, for each lesson, how many learners saw every cell run and their answer judged
right and kept in their folder, the time to the first cell and to the last, and the memory per learner. Not a part of make test.
"""
import asyncio
import json
import os
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack
from pathlib import Path

import nbformat
import psutil
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).parent.parent
MOST, PATIENCE = 60, 600                             # learners at most, seconds for a whole lesson
PATIENT = {"connect_timeout": PATIENCE, "request_timeout": PATIENCE}
ANSWERS = {"02_unfolding": "from rnn_lib import checks as check\nanswer = {}\nexec(check.q02_1.solution().message, answer)\n"
                           "print('VERDICT', check.q02_1(answer['my_edges']).ok)",
           "08_from_formula_to_algorithm": "answer = {'np': np}\nexec(check.q08_1.solution().message, answer)\n"
                                           "print('VERDICT', check.q08_1(answer['my_dW']).ok)"}
CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {inner}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{home}/{{username}}"
c.Spawner.cmd = ["{python}", "-m", "jupyterhub.singleuser"]
c.Spawner.environment = {{"OPENBLAS_NUM_THREADS": "1"}}
c.Spawner.notebook_dir = "{home}/{{username}}"
c.Spawner.args = ["--KernelManager.transport=ipc", "--MappingKernelManager.kernel_info_timeout={patience}", "--allow-root"]
c.Spawner.start_timeout = c.Spawner.http_timeout = {patience}
c.JupyterHub.concurrent_spawn_limit = 0
c.JupyterHub.services = [{{"name": "bench", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [{{"name": "bench", "services": ["bench"],
                             "scopes": ["admin:users", "admin:servers", "access:servers"]}}]
"""


def free_ports(n):
    """Ports of this machine that nobody listens on now."""
    with ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(n)]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in found]


class Hub:
    """The hub's API, as its administrator.   home: a short path, since sockets of the file system have short names"""

    def __init__(self, home):
        port, inner, proxy = free_ports(3)
        self.home, self.base, self.token = home, f"http://127.0.0.1:{port}", secrets.token_hex(16)
        config = home / "hub.py"
        config.write_text(CONFIG.format(port=port, inner=inner, proxy=proxy, home=home, patience=PATIENCE, token=self.token,
                                        python=sys.executable))
        self.log = (home / "hub.log").open("w")
        self.process = subprocess.Popen([sys.executable, "-m", "jupyterhub", "-f", str(config)], cwd=home, stdout=self.log,
                                        stderr=subprocess.STDOUT, start_new_session=True)

    async def ask(self, path, method="GET", body=None):
        """What the address answers, as JSON, asked again while it is not there yet."""
        request = HTTPRequest(self.base + path, method, {"Authorization": f"token {self.token}"}, **PATIENT,
                              body=json.dumps(body or {}) if method == "POST" else None)
        for _ in range(PATIENCE):
            try:
                return json.loads((await AsyncHTTPClient().fetch(request)).body or "null")
            except (OSError, HTTPClientError) as error:
                if path != "/hub/api" and isinstance(error, HTTPClientError):
                    raise
                await asyncio.sleep(1)
        raise TimeoutError(f"{path} did not answer in {PATIENCE} s; see {self.log.name}")

    def memory(self):
        """MiB of everything that runs below the hub, shared pages counted by their share."""
        found = [self.process.pid, *(child.pid for child in psutil.Process(self.process.pid).children(recursive=True))]
        return sum(psutil.Process(pid).memory_full_info().pss for pid in found if psutil.pid_exists(pid)) / 2 ** 20


async def learner(hub, name, cells, begin):
    """One learner: a folder, a server, a kernel, every cell.   returns: seconds to the first and last cell, answer kept"""
    shutil.copytree(ROOT / "notebooks", hub.home / name, ignore=shutil.ignore_patterns("*.json", "*.py", "__pycache__"))
    await hub.ask(f"/hub/api/users/{name}", "POST")
    await hub.ask(f"/hub/api/users/{name}/server", "POST")
    while not (await hub.ask(f"/hub/api/users/{name}")).get("servers", {}).get("", {}).get("ready"):
        await asyncio.sleep(.5)
    await begin.wait()
    start = time.monotonic()
    kernel = await hub.ask(f"/user/{name}/api/kernels", "POST", {"name": "python3"})
    address = f"{hub.base.replace('http', 'ws')}/user/{name}/api/kernels/{kernel['id']}/channels"
    channel = await websocket_connect(HTTPRequest(address, headers={"Authorization": f"token {hub.token}"}, **PATIENT))
    first, right = None, False
    for source in cells:
        right |= "VERDICT True" in await execute(channel, source)
        first = first or time.monotonic() - start
    channel.close()
    kept = json.loads((hub.home / name / "progress.json").read_text(encoding="utf-8"))["answers"]
    return first, time.monotonic() - start, right and "right" in {answer["status"] for answer in kept.values()}


async def execute(channel, source):
    """Run a cell.   returns: what it printed     raises: RuntimeError for an error other than a stub's"""
    asked, printed = uuid.uuid4().hex, ""
    header = {"msg_id": asked, "msg_type": "execute_request", "username": "", "session": asked, "date": "", "version": "5.3"}
    content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    await channel.write_message(json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content,
                                           "channel": "shell", "buffers": []}))
    while True:
        message = json.loads(await asyncio.wait_for(channel.read_message(), PATIENCE))
        if message["parent_header"].get("msg_id") != asked:
            continue
        if message["msg_type"] == "stream":
            printed += message["content"]["text"]
        if message["msg_type"] == "error":
            raise RuntimeError(f"{message['content']['ename']}: {message['content']['evalue']}")
        if message["content"].get("execution_state") == "idle":                  # all that it printed has come before
            return printed


async def lesson(hub, count, name):
    """All learners open one lesson at the same instant, and the figures are printed."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"] + [ANSWERS[name]]
    begin = asyncio.Barrier(count)
    names = [f"{re.sub('[^a-z]', '', name)[:3]}{i}" for i in range(count)]
    tasks = [asyncio.create_task(learner(hub, each, cells, begin)) for each in names]
    ended = await asyncio.gather(*(asyncio.wait_for(task, PATIENCE) for task in tasks), return_exceptions=True)
    done = [one for one in ended if not isinstance(one, BaseException)]
    lost = {repr(one)[:200] for one in ended if isinstance(one, BaseException)}
    if not done:
        sys.exit(f"{name}: nobody got through: {lost}")
    right = sum(one[2] for one in done)
    print(f"{name}: {right} of {count} ran {len(cells)} cells and had their answer judged right and kept; first cell "
          f"{statistics.median(d[0] for d in done):.1f} s (last learner {max(d[0] for d in done):.1f} s), whole lesson "
          f"{statistics.median(d[1] for d in done):.0f} s; {hub.memory() / count:.0f} MiB a learner {lost or ''}", flush=True)
    for each in names:
        await hub.ask(f"/hub/api/users/{each}/server", "DELETE")


async def main(count, names):
    """Start the hub, let the class work, stop it."""
    AsyncHTTPClient.configure(None, max_clients=4 * MOST)
    home = Path(tempfile.mkdtemp(dir="/tmp", prefix="c"))
    hub = Hub(home)
    try:
        await hub.ask("/hub/api")                    # until it is up
        for name in names:
            await lesson(hub, count, name)
    finally:
        os.killpg(hub.process.pid, signal.SIGTERM)
        hub.process.wait(60)
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main(min(int(sys.argv[1]), MOST), sys.argv[2:] or [*ANSWERS]))
