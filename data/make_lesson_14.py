"""Make data/lesson_14.json: how a network without weight decay and with a constant rate does on the validation set of lesson 14.

    OPENBLAS_NUM_THREADS=1 python data/make_lesson_14.py        # about half a minute

It is the network of the lesson, with its seed: the second run in the training picture, which overfits. The same numpy and BLAS
give the same bytes.
"""
import hashlib
import json
from itertools import islice
from pathlib import Path

import numpy as np

from rnn_lib.tasks import language_model as lm

EPOCHS, T, B = 12, 20, 32


def watched():
    """The perplexity on the validation set after each epoch."""
    vocabulary, ids, _ = lm.alice(size=2000)
    learn, validation = np.split(ids, [int(0.9 * len(ids))])
    start = lm.begin(lm.language_model(vocabulary, H=100, rng=np.random.default_rng(0)))
    updates = len(lm.streams(learn, T, B)[0])
    training = lm.train(start, learn, passes=2 * EPOCHS, T=T, B=B, shrink=0)       # the rate falls in the second half only
    epochs = islice(training, updates - 1, EPOCHS * updates, updates)
    return [round(lm.perplexity(now.model, validation), 2) for now in epochs]


if __name__ == "__main__":
    content = (json.dumps(watched()) + "\n").encode()
    (Path(__file__).parent / "lesson_14.json").write_bytes(content)
    print(f"| lesson_14.json | {len(content)} | {hashlib.sha256(content).hexdigest()} |")
