"""A language model writes: from scores to chances, from chances to a word, and that word is read next.   Built in lesson 14."""
import numpy as np

from .. import text
from ..embeddings import embed
from ..losses import softmax
from ..network import forward


def chances(o_t, temperature=1.0):
    """From the scores of a step, the chances that the next word is drawn with. <unk> is no word and gets 0.

        p = softmax(o_t / temperature), over all words but <unk>

    o_t: (K,)     temperature: 0 gives all to the largest score, which is argmax     returns: (K,) float64
    """
    if not temperature >= 0:
        raise ValueError(f"temperature must be 0 or more, got {temperature}")
    p, o = np.zeros(len(o_t)), np.asarray(o_t, np.float64)[1:]
    if temperature > 0:
        with np.errstate(over="ignore"):
            p[1:] = softmax(np.maximum((o - o.max()) / temperature, -1e4))        # exp(-1e4) is 0
    else:
        p[1 + o.argmax()] = 1
    return p


def read(model, prompt):
    """Run the model over a text, its unknown words as <unk>.   prompt: str, or a list of words     returns: Forward"""
    words = text.tokenize(prompt) if isinstance(prompt, str) else prompt
    if not len(words):
        raise ValueError("prompt must have at least one word: the model reads before it names the next")
    return forward(model.params, embed(model.E, text.encode(model.vocabulary, words)))


def generate(model, prompt, n, rng, temperature=1.0):
    """Let the model write: each word is drawn from the prediction and read as the next input.

    prompt: str, or a list of words     temperature: 0 always takes the most probable word     returns: list of n words
    """
    run, written = read(model, prompt), []
    for _ in range(n):
        p = chances(run.o[-1], temperature)
        k = int(p.argmax() if temperature == 0 else rng.choice(len(p), p=p))
        written.append(model.vocabulary.words[k])
        run = forward(model.params, embed(model.E, [k]), run.h[len(run.o)])
    return written
