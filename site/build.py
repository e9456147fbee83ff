"""make site: the lessons as pages, in _site/. Nothing of it is committed.

    python site/build.py                    every lesson, and the front page
    python site/build.py 02 07 --out DIR    two lessons

Each step says what it does; what has not changed since the last time is not run again.
"""
import argparse
import gzip
import time
from pathlib import Path

import browser_python
import runs
from front import front
from lesson import lesson, lesson_page
from prose import Book

START = time.monotonic()
KEPT = runs.ROOT / ".site"


def say(words):
    print(f"{time.monotonic() - START:5.1f} s  {words}", flush=True)


def build(out, numbers=(), kept=KEPT, stale=False, fetch=True):
    """Write the pages.

    out: folder     numbers: of lessons, all when empty     kept: folder of what was run and fetched
    stale: take what was run before     fetch: whether Python for the pages may be fetched     returns: paths of the pages
    """
    paths = [path for path in runs.lessons() if not numbers or path.name[:2] in numbers]
    book = Book(runs.run_all(paths, kept / "run", lambda name, how: say(f"{how:4} {name}"), stale))
    if fetch or browser_python.is_there(kept / "fetched"):
        python(out / "python", kept)
    lessons = [lesson(name, book) for name in book.lessons]
    texts = {"index": front(lessons)} | {it.name: lesson_page(it, lessons) for it in lessons}
    return [write(out / f"{name}.html", text) for name, text in texts.items()]


def python(out, kept):
    """Python for the exercises on the pages; without it they say so, and all else works."""
    try:
        browser_python.assemble(out, kept / "fetched", say)
        say(f"python for the pages: {sum(path.stat().st_size for path in out.iterdir()) / 1e6:.0f} MB")
    except (OSError, browser_python.Refused) as error:
        say(f"no Python for the pages, so exercises do not run on them: {error}")


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
    pages = build(asked.out, asked.numbers, stale=asked.stale)
    say(f"{len(pages)} pages in {asked.out}")
