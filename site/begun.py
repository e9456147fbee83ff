"""The first epochs of lesson 14's training, made beforehand for JupyterLite and the pages: NumPy is slower there."""
import sys

import numpy as np

from rnn_lib.tasks import language_model as lm

EPOCHS = 10


def train(path):
    """Train as the lesson does, and write its checkpoint, with the losses so far and the perplexity after each epoch."""
    vocabulary, ids, _ = lm.alice(size=2000)
    learn, validation = np.split(ids, [int(0.9 * len(ids))])
    start = lm.begin(lm.language_model(vocabulary, H=100, rng=np.random.default_rng(0)))
    windows, losses, watched = len(lm.streams(learn, 20, 32)[0]), [], []
    for now in lm.train(start, learn, passes=12, T=20, B=32):
        losses.append(now.loss)
        if now.step % windows == 0:
            watched.append(lm.perplexity(now.model, validation))
        if len(watched) == EPOCHS:
            break
    with np.load(lm.save(path, now, np.random.default_rng())) as saved:
        arrays = {name: short(saved[name]) for name in saved.files}
    np.savez_compressed(path, **arrays, losses=losses, watched=watched)


def short(array):
    """The same with 8 of 24 binary digits, as in bfloat16: half the file, and the perplexity moves by less than 0.1."""
    return (array.view(np.int32) & -2**16).view(np.float32) if array.dtype == np.float32 else array


if __name__ == "__main__":
    train(sys.argv[1])
