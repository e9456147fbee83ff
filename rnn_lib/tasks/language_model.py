"""A language model: it reads a text word by word, and says at each step which word comes next.   Built in lesson 14.

    vocabulary, ids, held_out = alice()
    now = begin(language_model(vocabulary, H=100, rng=rng))
    for now in train(now, ids, passes=12):
        print(now.step, now.loss, now.norm)
    perplexity(now.model, held_out)

Nothing is changed in place: if you leave the loop or interrupt it, you still have the last `now`, and can go on from it.
"""
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .. import text
from ..embeddings import embed, embedding_gradient
from ..losses import cross_entropy
from ..network import Parameters, forward, init_parameters
from ..training import Adam, clip_by_norm, load_checkpoint, save_checkpoint
from ..unfolded import Unfolded

ADAM = Adam(rate=0.0045)


class LanguageModel(NamedTuple):
    """A network, and the words that it reads and writes."""
    params: Parameters              # an output for each of the first K words
    E: np.ndarray                   # (n, D) a vector for each of the n words, trained along
    vocabulary: text.Vocabulary     # n words, n >= K; number 0 is <unk>


class Progress(NamedTuple):
    """Where training stands after an update."""
    step: int                       # updates so far
    loss: float                     # of the last window, before its update [nats per word]
    norm: float                     # of its gradient, before clipping
    model: LanguageModel
    state: dict                     # of the optimiser, and the hidden states that the next window starts from


def alice(size=2000):
    """The book for a language model; the vocabulary knows nothing of what is held out.

    returns: Vocabulary of `size` words, ids of the first 90 % of the book, ids of the last 10 %
    """
    tokens = text.alice_tokens()
    cut = int(0.9 * len(tokens))
    vocabulary = text.build_vocabulary(tokens[:cut], size)
    return vocabulary, text.encode(vocabulary, tokens[:cut]), text.encode(vocabulary, tokens[cut:])


def language_model(vocabulary, H, rng, dtype=np.float32):
    """A model that has learnt nothing yet: GloVe vectors, H hidden units, random parameters."""
    E = text.word_vectors(vocabulary.words)[1].astype(dtype)
    return LanguageModel(init_parameters(E.shape[1], H, len(E), rng, dtype), E, vocabulary)


def streams(ids, T, B):
    """Cut a text into B long pieces that are read side by side, and these into windows of T steps.

    Window n goes on where window n - 1 stopped. Up to T B words at the end are left out.
    returns: x, y, each (N, T, B), y one word ahead     raises: ValueError for a text too short for one window
    """
    N = (len(ids) - 1) // (T * B)
    if N < 1:
        raise ValueError(f"T = {T} and B = {B} need at least T B + 1 = {T * B + 1} words, got {len(ids)}")
    return tuple(np.ascontiguousarray(part[:N * T * B].reshape(B, N, T).transpose(1, 2, 0))
                 for part in text.next_word_pairs(ids))


def begin(model):
    """Training that has not begun."""
    return Progress(0, np.nan, np.nan, model, {})


def train(now, ids, passes, *, T=20, B=32, optimiser=ADAM, limit=1.0, shrink=0.004):
    """Truncated BPTT: the loop is yours, each round is one update. Every pass over the text starts from h_0 = 0.

    now: Progress to go on from, with the same ids, T and B     ids: the text     passes: over it, those before `now` included
    limit: of the gradient's norm     shrink: the share that all weights lose at each update, weight decay
    In the second half of all updates the rate and the weight decay fall to 0, in a straight line.
    yields: Progress
    """
    x, y = streams(ids, T, B)
    net = Unfolded(now.model.params, T, B)
    while now.step < passes * len(x):
        n = now.step % len(x)
        h_0 = now.state["carried"]["h"] if n else None
        pace = min(1, 2 * (1 - (now.step + 1) / (passes * len(x) + 1)))
        now = _update(now, net, x[n], y[n], h_0, optimiser._replace(rate=optimiser.rate * pace), limit, shrink * pace)
        yield now


def _update(now, net, x, y, h_0, optimiser, limit, shrink):
    """One window: its gradient ends at h_0, while its last state is handed on."""
    model, weights = now.model, _weights(now.model)
    net.params = model.params
    loss = net.forward(embed(model.E, x), y, h_0)          # the words of the book, whatever was predicted
    found = net.backward()
    gradients = {n: getattr(found, n) / x.size for n in Parameters._fields}
    gradients["E"] = embedding_gradient(found.x, x, len(model.E)) / x.size
    gradients, norm = clip_by_norm(gradients, limit)
    weights, state = optimiser.step(weights, gradients, now.state or optimiser.start(weights))
    weights = {n: w * (1 - shrink) for n, w in weights.items()}
    return Progress(now.step + 1, loss / x.size, norm, _with(model, weights), state | {"carried": {"h": net.last_state()}})


def save(path, now, rng):
    """Write a checkpoint, .npz.   rng: what you draw words with, to go on with the same draws     returns: the path"""
    return save_checkpoint(path, _weights(now.model), now.state, rng, step=now.step, loss=now.loss, norm=now.norm)


def load(path, model):
    """What `save` wrote.   model: any with the same vocabulary, which the file does not hold     returns: Progress, rng"""
    weights, state, rng, progress = load_checkpoint(path)
    return Progress(model=_with(model, weights), state=state, **progress), rng


def begun(path, start):
    """A checkpoint that holds its curve as well, where there is one.

    path: .npz, with `losses` and a `watched` perplexity per pass beside what `save` writes     start: Progress, to begin with
    returns: Progress, losses, {update: perplexity}; `start` and no curve when there is no such file
    """
    if not Path(path).exists():
        return start, [], {}
    now, _ = load(path, start.model)
    with np.load(path) as file:
        losses, watched = file["losses"].tolist(), file["watched"].tolist()
    return now, losses, {now.step // len(watched) * n: value for n, value in enumerate(watched, 1)}


def _weights(model):
    return model.params._asdict() | {"E": model.E}


def _with(model, weights):
    return model._replace(params=Parameters(*(weights[n] for n in Parameters._fields)), E=weights["E"])


def perplexity(model, ids, T=500):
    """exp of the mean loss per word, in one run over the text, T steps at a time with the state carried over.

    Every word but the first counts, <unk> too: all words outside the vocabulary are one word here.
    """
    (x, y), losses, h = text.next_word_pairs(ids), [], None
    for s in range(0, len(x), T):
        run = forward(model.params, embed(model.E, x[s:s + T]), h)
        losses.append(cross_entropy(run.o, y[s:s + T])[0])
        h = run.h[len(run.o)]
    return float(np.exp(np.concatenate(losses).mean()))
