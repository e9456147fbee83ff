"""make serve: the built pages at http://127.0.0.1:8000, for this machine only.   python site/serve.py [FOLDER] [PORT]"""
import functools
import http.server
import sys
import threading
from contextlib import contextmanager
from pathlib import Path


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files, with the types that browsers insist on, whatever the machine thinks of them."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json",
        ".whl": "application/zip", ".html": "text/html; charset=utf-8"}

    def log_message(self, *args):
        pass


def server(folder, port=8000):
    """A server of the folder, bound to this machine.   port: 0 for any that is free"""
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Handler, directory=str(folder)))


@contextmanager
def served(folder):
    """The address of a folder that is served meanwhile, on any free port: for the tests and the bench."""
    with server(folder, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


if __name__ == "__main__":
    folder, port = (*sys.argv[1:], *(Path(__file__).parent.parent / "_site", 8000)[len(sys.argv) - 1:])
    with server(folder, int(port)) as running:
        print(f"http://127.0.0.1:{running.server_port}  (Ctrl+C stops it)", flush=True)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print()
