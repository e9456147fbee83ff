"""Lesson 01: a sentence step by step, for language modelling and for tagging, with two small trained networks."""
from typing import NamedTuple

import numpy as np

from .. import palette, text
from ..diagrams.svg import Drawing, above, beside, label, lowered, render
from ..diagrams.words import percent, ranking, sentence_columns, strip
from ..embeddings import embed
from ..losses import softmax
from ..network import Parameters, forward
from .kit import Picture, choice, slider, switched

LM, POS = "language modelling", "tagging"


class SmallNetworks(NamedTuple):
    """Two networks trained on Alice, and what they read. Made by data/make_lesson_01.py."""
    language_model: Parameters    # H = 64, K = 500: the next word, one of vocabulary.words[:500]
    tagger: Parameters            # H = 32, K = 17: the tag of the current word, one of text.UPOS
    vocabulary: text.Vocabulary   # every word of Alice, most frequent first
    E: np.ndarray                 # (n, 50) a vector for each of them


def small_networks():
    """The two networks of lesson 01, loaded from data/lesson_01.npz.   returns: SmallNetworks"""
    vocabulary = text.build_vocabulary(text.alice_tokens(), 10_000)
    with np.load(text.DATA / "lesson_01.npz", allow_pickle=False) as file:
        if file["words"].tolist() != list(vocabulary.words[:len(file["words"])]) or file["tags"].tolist() != list(text.UPOS):
            raise ValueError("data/lesson_01.npz was made for other words or tags: run data/make_lesson_01.py again")
        networks = [Parameters(*(file[f"{name}_{letter}"].astype(np.float64) for letter in Parameters._fields))
                    for name in ("language_model", "tagger")]
    return SmallNetworks(*networks, vocabulary, text.word_vectors(vocabulary.words)[1])


def sentence(tagged, networks=None):
    """Move t through a sentence: what goes in, what comes out, and what would have been right, for either task.

    tagged: 2 to 12 (word, tag) pairs, as `text.read_conllu` gives them     networks: SmallNetworks, None for those of the lesson
    returns: Explorer, switched in the browser     raises: ValueError for another length
    """
    if not 2 <= len(tagged) <= 12:
        raise ValueError(f"the sentence must have 2 to 12 words, to fit into the picture, got {len(tagged)}")
    networks = networks or small_networks()
    words = [word.lower() for word, _ in tagged]
    x = embed(networks.E, text.encode(networks.vocabulary, words))
    tasks = {LM: _language_model(networks, words, x), POS: _tagging(networks, [tag for _, tag in tagged], x)}
    def draw(t, task):
        return _picture(words, x, t, task, *tasks[task])
    return switched(draw, t=slider("t", 1, len(tagged), 3 if len(tagged) > 2 else 1, "the step: the word that is read now"),
                    task=choice("task", [LM, POS]))


def _language_model(networks, words, x):
    """names of the classes, the right answers, h and yhat"""
    run = forward(networks.language_model, x)
    names = networks.vocabulary.words[:run.o.shape[1]]
    return names, [*(word if word in names else text.UNKNOWN for word in words[1:]), ""], run.h, softmax(run.o)


def _tagging(networks, tags, x):
    run = forward(networks.tagger, x)
    return text.UPOS, tags, run.h, softmax(run.o)


def _picture(words, x, t, task, names, answers, h, yhat):
    shifted, n = task == LM, lowered(t)
    top = sentence_columns(words, answers, t, shifted=shifted)
    left = above(_head(f"h{n}: what the box hands on, {h.shape[1]} numbers"), strip(h[t], most=1),
                 _head(f"x{n}: the vector of “{words[t - 1]}”, {x.shape[1]} numbers"), strip(x[t - 1], most=2), gap=12)
    title = f"ŷ{n}: which word comes next?" if shifted else f"ŷ{n}: which tag does “{words[t - 1]}” have?"
    right = above(_head(title), ranking(rows(names, yhat[t - 1], answers[t - 1], most=8 if shifted else len(names))), gap=8)
    picture = above(top, beside(left, right, gap=60), gap=14)
    return Picture(render(picture, f"step {t} of a sentence"), _caption(words, t, task, names, answers[t - 1], yhat[t - 1]))


def _head(title):
    return Drawing(400, 16, label(0, 13, title, size=13, colour=palette.MUTED, anchor="start"))


def rows(names, p, marked, most, mark="★"):
    """The rows of a ranking: the `most` probable classes, the marked one wherever it is, and the others together.

    names: K strings     p: (K,) probabilities     marked: a name, "" for none     returns: (name, share, mark) triples
    """
    order = range(len(p)) if most >= len(p) else np.argsort(-p, kind="stable")[:most]
    shown = [*order, *(i for i in range(len(p)) if names[i] == marked and i not in order)]
    listed = [(names[i], p[i], mark if names[i] == marked else "") for i in shown]
    others = len(p) - len(shown)
    return [*listed, (f"{others} others", max(1 - p[shown].sum(), 0), "…")] if others else listed


def _caption(words, t, task, names, answer, p):
    n, best = lowered(t), int(p.argmax())
    said = f"t = {t}, after “{' '.join(words[:t])}”: "
    if not answer:
        return (said + f"the sentence is over, so there is no y{n}; ŷ{n} is there all the same and gives most, "
                       f"{percent(p[best])}, to “{names[best]}”.")
    place = 1 + int((p > p[names.index(answer)]).sum())
    what = f"the next word is “{words[t]}”" if task == LM else f"the tag of “{words[t - 1]}” is {answer}"
    stands = ", which counts as <unk>" if task == LM and answer != words[t] else ""
    rest = "the most of all." if place == 1 else f"place {place} of {len(p)}; most, {percent(p[best])}, goes to “{names[best]}”."
    return said + f"{what}{stands}. That is y{n}, and ŷ{n} gives it {percent(p[names.index(answer)])}, {rest}"
