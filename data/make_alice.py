"""Make data/alice.txt from the source distribution of brotli, which carries the book among its test files.

    pip download --no-binary :all: --no-deps --no-build-isolation brotli==1.2.1
    python data/make_alice.py brotli-1.2.1.tar.gz

Line ends become LF and the last byte, a ^Z from DOS, goes; nothing else changes.
"""

import hashlib
import sys
import tarfile
from pathlib import Path


def alice(archive):
    """The book as bytes, from the archive at this path."""
    with tarfile.open(archive) as tar:
        book = tar.extractfile("brotli-1.2.1/tests/testdata/alice29.txt").read()
    return book.replace(b"\r\n", b"\n").removesuffix(b"\x1a")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    book = alice(sys.argv[1])
    (Path(__file__).parent / "alice.txt").write_bytes(book)
    print(f"| alice.txt | {len(book)} | {hashlib.sha256(book).hexdigest()} |")
