"""Make data/lesson_01.npz: two small networks for the pictures of lesson 01, trained on Alice with frozen GloVe vectors.

    OPENBLAS_NUM_THREADS=1 python data/make_lesson_01.py        # about half a minute

The language model reads any word of the book and predicts the next one among the 500 most frequent (<unk> included). It learns
from chapters I to X; XI and XII are held out. The tagger learns from the first 240 sentences of alice.conllu; the other 35, all
but one from chapter XI, are held out. In training some numbers of the input are set to 0 at random, against overfitting; how
many, and the rate, were chosen on the end of the training text. The seeds are fixed: the same numpy and BLAS give the same bytes.
"""
import hashlib
from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path

import numpy as np

import rnn_lib as rnn
from rnn_lib import text

HELD_OUT = "the king and queen of hearts were seated on their throne"      # where chapter XI begins
K, TAGGED = 500, 240


def noisy(x, share, rng):
    """x with a share of its numbers set to 0, and the others made larger to balance it"""
    return x * (rng.random(x.shape) > share) / (1 - share)


def adam(params, batches, steps, rate):
    """Minimise the mean loss per word.   batches: one (x, y) or a list of them a step     returns: Parameters"""
    m, v = ([np.zeros_like(p) for p in params] for _ in range(2))
    for n in range(1, steps + 1):
        found = [(run := rnn.forward(params, x), rnn.cross_entropy(run.o, y)[1], y.size) for x, y in next(batches)]
        words = sum(size for _, _, size in found)
        gradients = [sum(g) / words for g in zip(*(rnn.bptt(params, run, do)[:5] for run, do, _ in found), strict=True)]
        shrink = min(1, 1 / np.sqrt(sum((g ** 2).sum() for g in gradients)))        # no step is longer than 1
        m = [.9 * a + .1 * g * shrink for a, g in zip(m, gradients, strict=True)]
        v = [.999 * a + .001 * (g * shrink) ** 2 for a, g in zip(v, gradients, strict=True)]
        step = rate * min(1, 2 * (1 - n / (steps + 1))) / (1 - .9 ** n)             # falls to 0 in the second half
        params = rnn.Parameters(*(p - step * a / (np.sqrt(b / (1 - .999 ** n)) + 1e-8)
                                  for p, a, b in zip(params, m, v, strict=True)))
    return params


def windows(ids, E, rng, T=20, B=32):
    """Without end: B pieces of the book, T words long, and the words that follow."""
    while True:
        piece = ids[rng.integers(0, len(ids) - T, B) + np.arange(T + 1)[:, None]]
        x, y = text.next_word_pairs(piece)
        yield [(noisy(E[x], .1, rng), common(y))]


def sentences(tagged, rng, B=8):
    """Without end: B tagged sentences, each (x, y)."""
    while True:
        order = rng.permutation(len(tagged))
        yield from ([(noisy(tagged[i][0], .2, rng), tagged[i][1]) for i in part] for part in np.split(order, len(order) // B))


def common(y):
    """Targets of the language model: a word beyond the first 500 counts as <unk>, number 0."""
    return np.where(y < K, y, 0)


def perplexity(guesses):
    """exp of the mean loss.   guesses: for every sentence, the losses (n - 1,) of its words from the second on"""
    return np.exp(np.concatenate(guesses).mean())


def train_language_model(vocabulary, E):
    """Parameters, rounded to float16; prints the held-out perplexity beside that of plain word counts."""
    book = text.alice_sentences()
    cut = next(i for i, sentence in enumerate(book) if " ".join(sentence).startswith(HELD_OUT))
    ids = np.concatenate([text.encode(vocabulary, sentence) for sentence in book[:cut]])
    share = (np.bincount(common(ids), minlength=K) + 1) / (len(ids) + K)
    rng = np.random.default_rng(1)
    params = rnn.init_parameters(E.shape[1], 64, K, rng)._replace(b_y=np.log(share))
    params = rounded(adam(params, windows(ids, E, rng), steps=3000, rate=.0015))
    pairs = [text.next_word_pairs(text.encode(vocabulary, sentence)) for sentence in book[cut:] if len(sentence) > 1]
    losses = [rnn.cross_entropy(rnn.forward(params, E[x]).o, common(y))[0] for x, y in pairs]
    print(f"language model, {len(pairs)} sentences of chapters XI and XII: perplexity {perplexity(losses):.1f}, "
          f"word counts alone {perplexity([-np.log(share[common(y)]) for _, y in pairs]):.1f}")
    return params


def train_tagger(vocabulary, E):
    """Parameters, rounded to float16; prints the held-out accuracy beside that of each word's most frequent tag."""
    tagged = text.read_conllu()
    pairs = [(E[text.encode(vocabulary, [word.lower() for word, _ in sentence])],
              np.array([text.UPOS.index(tag) for _, tag in sentence])) for sentence in tagged]
    rng = np.random.default_rng(2)
    params = rnn.init_parameters(E.shape[1], 32, len(text.UPOS), rng)
    params = rounded(adam(params, sentences(pairs[:TAGGED], rng), steps=40 * TAGGED // 8, rate=.01))
    right = np.concatenate([rnn.forward(params, x).o.argmax(1) == y for x, y in pairs[TAGGED:]])
    lookup = defaultdict(Counter)
    for word, tag in chain.from_iterable(tagged[:TAGGED]):
        lookup[word.lower()][tag] += 1
    guess = [(lookup[word.lower()] or Counter(["NOUN"])).most_common(1)[0][0] == tag
             for word, tag in chain.from_iterable(tagged[TAGGED:])]
    print(f"tagger, {len(right)} words of {len(pairs) - TAGGED} sentences: {right.mean():.1%} right, "
          f"most frequent tag of the word (NOUN for a new word) {np.mean(guess):.1%}")
    return params


def rounded(params):
    """What is left of the parameters in float16, as float64 again: what the lesson will load."""
    return rnn.Parameters(*(p.astype(np.float16).astype(float) for p in params))


if __name__ == "__main__":
    vocabulary = text.build_vocabulary(text.alice_tokens(), 10_000)                 # every word of the book
    E = text.word_vectors(vocabulary.words)[1]
    networks = {"language_model": train_language_model(vocabulary, E), "tagger": train_tagger(vocabulary, E)}
    path = Path(__file__).parent / "lesson_01.npz"
    weights = {f"{name}_{letter}": p.astype(np.float16) for name, params in networks.items()
               for letter, p in params._asdict().items()}
    np.savez(path, words=np.array(vocabulary.words[:K]), tags=np.array(text.UPOS), **weights)
    print(f"| {path.name} | {path.stat().st_size} | {hashlib.sha256(path.read_bytes()).hexdigest()} |")
