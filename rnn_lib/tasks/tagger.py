"""A network that names the word class of every word it reads.   Built in lesson 15.

    L = sum_t -log yhat_t[y_t]      y_t is the tag of x_t: nothing is shifted, and padding counts nothing
    x_t = E[ids_t]                  the word vectors start as GloVe and learn: dE from dx, (14)
"""
import copy
from collections import Counter
from itertools import chain
from typing import NamedTuple

import numpy as np

from ..embeddings import embed, embedding_gradient
from ..losses import softmax
from ..network import Parameters, forward, init_parameters
from ..text import Vocabulary, word_vectors
from ..training import Adam, clip_by_norm
from ..unfolded import Unfolded
from . import both_sides
from .tag_batches import CLASSES, batches, word_class, word_ids

SIDES = ("", "back ")         # before the names of the arrays


class Tagger(NamedTuple):
    """All that a tagger is made of."""
    params: Parameters        # H units, K tags
    E: np.ndarray             # (n, D) a vector for each word
    vocabulary: Vocabulary    # small-letter words; the first ones are CLASSES, for words that it does not have
    tags: tuple[str, ...]     # tags[k] is tag number k
    back: Parameters | None = None          # of the second network, which reads from the end; None: there is one network only


class Step(NamedTuple):
    """One step of training."""
    step: int
    loss: float               # mean loss of a word [nats], before the step
    norm: float               # global norm of its gradient
    model: Tagger             # as it is after the step: keep it, and an interruption loses nothing
    state: dict               # of the optimiser
    left: list                # the batches of its epoch that are still to come
    draws: dict               # the state of the random generator after it


def new_tagger(tagged, tags, rng, H=64, dtype=np.float32, both=False):
    """An untrained Tagger whose vocabulary is the words of `tagged`: what training does not have is read as its class.

    tagged: sentences, each a list of (word, tag)     tags: the K names     rng: numpy.random.Generator
    both: whether a second network of H units reads from the end
    """
    seen = {word.lower() for word, _ in chain.from_iterable(tagged)}
    words = list(dict.fromkeys((*CLASSES, *sorted(seen))))
    E = word_vectors(words)[1].astype(dtype)
    vocabulary = Vocabulary(tuple(words), {word: i for i, word in enumerate(words)})
    one, *other = (init_parameters(E.shape[1], H, len(tags), rng, dtype) for _ in range(1 + both))
    return Tagger(one, E, vocabulary, tuple(tags), *other)


def numbered(model, tagged):
    """The sentences as (ids, y) pairs.   raises: ValueError for a tag that the model does not have"""
    if strange := {tag for _, tag in chain.from_iterable(tagged)} - set(model.tags):
        raise ValueError(f"tags must be among {' '.join(model.tags)}, got {' '.join(sorted(strange))}")
    number = {tag: k for k, tag in enumerate(model.tags)}
    return [(word_ids(model.vocabulary, [word for word, _ in sentence]), np.array([number[tag] for _, tag in sentence]))
            for sentence in tagged if sentence]


def loss_and_gradients(model, batch, keep=1):
    """The summed loss [nats] and its gradients by name; padding counts in neither.

    keep: 1, or (T, B, D) factors for the inputs: noise     returns: loss, dict
    """
    x = embed(model.E, batch.ids) * keep
    if model.back:
        loss, *found, dx = both_sides.loss_and_gradients(model.params, model.back, x, batch.y, batch.mask)
    else:
        net = Unfolded(model.params, *batch.ids.shape)
        loss = net.forward(x, batch.y, mask=batch.mask)
        found = [net.backward()]
        dx = found[0].x
    return loss, _named(found) | {"E": embedding_gradient(dx * keep, batch.ids, len(model.E))}


def train(model, tagged, rng, *, epochs=20, B=8, rate=.01, noise=.3, rare=.3, after=None):
    """Learn with Adam, a batch at a time; the caller owns the loop: `for step in train(...): model = step.model`.

    rng: where the draws begin; it stays where it is, so that the same call makes the same draws again
    epochs: times through the sentences     B: sentences a batch     rate: falls to 0 in the second half
    noise: share of the input set to 0     rare: how often a word that occurs once is read as its class
    after: the Step at which an earlier call was left, to go on as if it had not been
    returns: a generator of Step, `steps(tagged, epochs, B)` of them when nothing was left
    """
    sentences, hidden, total = numbered(model, tagged), _hidden(model, tagged), steps(tagged, epochs, B)
    weights, rng = _weights(model), copy.deepcopy(rng)
    now = after or Step(0, np.nan, np.nan, model, Adam(rate).start(weights), [], rng.bit_generator.state)
    rng.bit_generator.state = now.draws
    while now.step < total:
        batch, *left = now.left or batches(_read(sentences, hidden, rare, rng), B, rng)
        now = _step(now, batch, rng, rate * min(1, 2 * (1 - (now.step + 1) / (total + 1))), noise)
        now = now._replace(left=left, draws=rng.bit_generator.state)
        yield now


def _read(sentences, hidden, rare, rng):
    """The sentences as one epoch reads them: a share of the words that occur once is replaced by their class."""
    return [(np.where(rng.random(len(ids)) < rare, other, ids), y) for (ids, y), other in zip(sentences, hidden, strict=True)]


def _step(now, batch, rng, rate, noise):
    """One batch: a share of its input is set to 0, and the gradient is that of the mean loss of a word."""
    model, words = now.model, batch.mask.sum()
    keep = ((rng.random((*batch.ids.shape, model.E.shape[1])) > noise) / (1 - noise)).astype(model.E.dtype)
    loss, gradients = loss_and_gradients(model, batch, keep)
    gradients, norm = clip_by_norm({name: g / words.astype(g.dtype) for name, g in gradients.items()}, 1)
    weights, state = Adam(rate).step(_weights(model), gradients, now.state)
    return now._replace(step=now.step + 1, loss=float(loss / words), norm=norm, model=_with(model, weights), state=state)


def steps(tagged, epochs, B):
    """How many steps `train` will take."""
    return epochs * -(-sum(map(bool, tagged)) // B)


def _hidden(model, tagged):
    """For each sentence the ids with every word that occurs once in all of them replaced by its class."""
    counts = Counter(word.lower() for word, _ in chain.from_iterable(tagged))
    return [word_ids(model.vocabulary, [word_class(word) if counts[word.lower()] == 1 else word for word, _ in sentence])
            for sentence in tagged if sentence]


def _weights(model):
    """All that learns, by name: the arrays of the second network are called "back V" and so on."""
    return _named([model.params, model.back] if model.back else [model.params]) | {"E": model.E}


def _named(nets):
    """The five arrays of each, Parameters or Gradients, by name."""
    return {side + name: getattr(net, name) for side, net in zip(SIDES, nets, strict=False) for name in Parameters._fields}


def _with(model, weights):
    params, back = (Parameters(*(weights.get(side + name) for name in Parameters._fields)) for side in SIDES)
    return model._replace(params=params, E=weights.get("E", model.E), back=back if model.back else None)


def tag(model, words):
    """ŷ_t for every word, from it and the words before it (from all words, with a second network).

    words: T of them     returns: (T, K), each row sums to 1
    """
    x = embed(model.E, word_ids(model.vocabulary, words))
    if model.back:
        return softmax(both_sides.read(model.params, model.back, x[:, None], np.ones((len(x), 1), bool))[0][:, 0])
    return softmax(forward(model.params, x).o)


def best_tags(model, words):
    """The most probable tag of every word, a list."""
    return [model.tags[k] for k in tag(model, words).argmax(axis=1)]
