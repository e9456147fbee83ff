"""Firefox without a driver program: it speaks WebDriver BiDi itself, over a WebSocket on this machine.

    with firefox(folder) as tab:
        tab.go("file:///…/index.html")
        tab.run("return document.title")          # a function's body, which may await
        tab.press(RIGHT)                          # keys; without a screen nothing has the focus, so an element hears of none
"""
import json
import os
import re
import shutil
import subprocess
import time
from contextlib import closing, contextmanager

import pytest
import websocket

LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
RIGHT = "\ue014"                       # WebDriver has a sign for each key


@contextmanager
def firefox(folder):
    """A tab of a headless Firefox.   folder: empty, for its profile     skips where there is no Firefox, and in CI"""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program or os.environ.get("CI"):
        pytest.skip("Firefox is tried where there is one, and not in CI: apt-get install firefox-esr")
    log = folder / "firefox.log"
    with open(log, "wb") as said, subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port", "0"],
            stdout=said, stderr=subprocess.STDOUT) as process:
        try:
            with closing(Tab(f"{listens(log)}/session")) as tab:
                yield tab
        finally:
            process.terminate()


def listens(log, patience=60):
    """The address that Firefox writes into its log."""
    end = time.monotonic() + patience
    while not (found := LISTENING.search(log.read_text(errors="replace"))):
        assert time.monotonic() < end, f"Firefox does not say where it listens: {log.read_text(errors='replace')[-500:]}"
        time.sleep(.1)
    return found[1]


class Tab:
    """.complaints and .asked: what its console said, and the addresses that were asked for"""

    def __init__(self, address):
        self.socket, self.sent = websocket.create_connection(address, timeout=60, suppress_origin=True), 0
        self.complaints, self.asked = [], []
        self.tell("session.new", capabilities={})
        self.tell("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.here = self.tell("browsingContext.getTree")["contexts"][0]["context"]

    def close(self):
        self.socket.close()

    def tell(self, method, **params):
        """Send a command.   returns: its result; what is told meanwhile is kept     raises: AssertionError for an error"""
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != self.sent:
            self.hear(answer.get("method"), answer.get("params", {}))
        assert answer["type"] == "success", answer
        return answer["result"]

    def hear(self, event, told):
        """Keep what an event says."""
        if event == "log.entryAdded" and told["level"] in ("error", "warn"):
            self.complaints.append(told["text"])
        if event == "network.beforeRequestSent" and not told["request"]["url"].startswith(("data:", "blob:")):
            self.asked.append(told["request"]["url"])

    def go(self, address):
        """Open a page, and wait until it is loaded."""
        self.tell("browsingContext.navigate", context=self.here, url=address, wait="complete")

    def run(self, body):
        """What a function with this body returns on the page."""
        text = f"(async () => JSON.stringify(await (async () => {{ {body} }})() ?? null))()"
        result = self.tell("script.evaluate", expression=text, target={"context": self.here}, awaitPromise=True)
        assert result["type"] == "success", result["exceptionDetails"]["text"]
        return json.loads(result["result"]["value"])

    def until(self, condition, patience=30):
        """Wait until an expression holds on the page."""
        end = time.monotonic() + patience
        while not self.run(f"return !!({condition})"):
            assert time.monotonic() < end, condition
            time.sleep(.1)

    def press(self, *keys):
        """Press keys, one after the other."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.tell("input.performActions", context=self.here, actions=[{"type": "key", "id": "keys", "actions": actions}])

    def point(self, selector):
        """Move the pointer to the middle of an element."""
        middle = """const { x, y, width, height } = found.getBoundingClientRect();
                    return [Math.round(x + width / 2), Math.round(y + height / 2)]"""
        x, y = self.run(f"const found = document.querySelector({json.dumps(selector)}); found.scrollIntoView(); {middle}")
        self.tell("input.performActions", context=self.here, actions=[
            {"type": "pointer", "id": "pointer", "actions": [{"type": "pointerMove", "x": x, "y": y}]}])
