"""make site: the lessons as pages, in _site/. Nothing of it is committed.

    python site/build.py                    every lesson, and the front page
    python site/build.py 02 07 --out DIR    two lessons

Each step says what it does; what has not changed since the last time is not run again.
"""
import argparse
import functools
import gzip
import hashlib
import os
import shutil
import time
from pathlib import Path

import browser_python
import lite
import preview
import runs
from front import front
from lesson import lesson, lesson_page
from prose import Book

START = time.monotonic()
KEPT = runs.ROOT / ".site"


def say(words):
    print(f"{time.monotonic() - START:5.1f} s  {words}", flush=True)


def build(out, numbers=(), kept=KEPT, stale=False, fetch=True, address=None, project=None):
    """Write the pages.

    out: folder     numbers: of lessons, all when empty     kept: folder of what was run and fetched
    stale: take what was run before     fetch: whether Python for the browser may be fetched
    address: where the site will stand, for the pictures of links that are shared     project: address of its repository
    returns: paths of the pages
    JupyterLite is built with all lessons only; the pages link to it where it is.
    """
    paths = [path for path in runs.lessons() if not numbers or path.name[:2] in numbers]
    book = Book(runs.run_all(paths, kept / "run", lambda name, how: say(f"{how:4} {name}"), stale))
    if fetch or browser_python.is_there(kept / "fetched"):
        for_the_browser(out, kept, with_lite=not numbers)
    lessons = [lesson(name, book) for name in book.lessons]
    here = (out / "lite" / "lab" / "index.html").exists()
    texts = {"index": front(lessons, project, preview=preview.tags(address, "index"))} | {
        it.name: lesson_page(it, lessons, here, preview=preview.tags(address, it.name)) for it in lessons}
    if address:
        (out / preview.FOLDER).mkdir(parents=True, exist_ok=True)
        for name, png in preview.pictures(lessons, runs.ROOT / "notebooks").items():
            (out / preview.FOLDER / f"{name}.png").write_bytes(png)
    if not numbers:
        forget(out, "*.html", texts)
        forget(kept / "run", "*.json", texts)
    return [write(out / f"{name}.html", text) for name, text in texts.items()]


def forget(folder, kind, names):
    """Remove what is there of lessons that have another name now."""
    for path in folder.glob(kind):
        if path.stem.partition("-")[0] not in names:
            path.unlink()


def for_the_browser(out, kept, with_lite):
    """Python for the pages, and JupyterLite; without them the pages say where their lessons run, and all else works."""
    try:
        once(out / "python", lambda folder: browser_python.assemble(folder, kept / "fetched", say))
        shutil.copy(lite.trained(kept / "run"), out / "python" / "14_begun.npz")
        if with_lite:
            once(out / "lite", lambda folder: lite.assemble(folder, out / "python", kept / "run"))
    except (OSError, browser_python.Refused) as error:
        say(f"no Python in the browser, so lessons do not run there: {error}")


def once(folder, make):
    """Make a folder, unless it was made of the same things before."""
    stamp, how = folder / "made_of.txt", "kept"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != ingredients():
        make(folder)
        stamp.write_text(ingredients(), encoding="utf-8")
        how = "made"
    say(f"{how} {folder.name}/: {sum(path.stat().st_size for path in folder.rglob('*') if path.is_file()) / 1e6:.0f} MB")


@functools.cache
def ingredients():
    """A fingerprint of all that Python in the browser and JupyterLite are made of."""
    kinds = ("rnn_lib/**/*.py", "rnn_lib/**/*.js", "rnn_lib/**/*.css", "data/*.*", "site/*.py", "site/*.js",
             "requirements*.txt", ".jupyterlab/*")
    files = [path for kind in kinds for path in sorted(runs.ROOT.glob(kind))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in [*files, *runs.lessons()])).hexdigest()


def write(path, text):
    """Write a page, unless it stands there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        raw = text.encode()
        say(f"page {path.name}: {len(raw) / 1e3:.0f} kB, {len(gzip.compress(raw)) / 1e3:.0f} kB gzipped")
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the pages of the lessons.")
    parser.add_argument("numbers", nargs="*", metavar="07", help="lessons; all when none is named")
    parser.add_argument("--out", type=Path, default=runs.ROOT / "_site")
    parser.add_argument("--stale", action="store_true", help="take what was run before, whatever has changed since")
    asked = parser.parse_args()
    known = {"address": os.environ.get("SITE_URL"), "project": os.environ.get("PROJECT_URL")}
    pages = build(asked.out, asked.numbers, stale=asked.stale, **known)
    say(f"{len(pages)} pages in {asked.out}")
