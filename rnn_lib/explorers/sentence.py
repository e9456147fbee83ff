"""Lesson 01: a sentence step by step, for language modelling and for tagging, with two small trained networks."""
from typing import NamedTuple

import numpy as np

from .. import palette, text
from ..diagrams.running import quoted
from ..diagrams.svg import NARROW, Drawing, above, beside, label, render, touch
from ..diagrams.wording import lowered
from ..diagrams.words import ranking, sentence_columns, strip
from ..embeddings import embed
from ..losses import softmax
from ..network import Parameters, forward
from .kit import Picture, choice, slider, switched

LM, POS = "language modelling", "tagging"
WIDTH = 890                         # pixels of the picture: a window of 1000 shows all
PHONE = 4                           # steps that a phone shows
LONG, TALL, WIDE = 300, 72, 550     # pixels of a vector, and of what is said of the next word: that is the message


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
    """Touch the words of a sentence: what goes in, what comes out, and what would have been right, for either task.

    tagged: 2 to 12 (word, tag) pairs, as `text.read_conllu` gives them     networks: SmallNetworks, None for those of the lesson
    returns: Explorer, switched in the browser     raises: ValueError for another length
    """
    if not 2 <= len(tagged) <= 12:
        raise ValueError(f"the sentence must have 2 to 12 words, to fit into the picture, got {len(tagged)}")
    networks = networks or small_networks()
    words = [word.lower() for word, _ in tagged]
    x = embed(networks.E, text.encode(networks.vocabulary, words))
    names = networks.vocabulary.words[:len(networks.language_model.U)]
    following = [*(word if word in names else text.UNKNOWN for word in words[1:]), ""]
    tasks = {LM: (names, following, *_read(networks.language_model, x)),
             POS: (text.UPOS, [tag for _, tag in tagged], *_read(networks.tagger, x))}
    def draw(t, task, narrow=False):
        return _picture(words, x, t, task, *tasks[task], narrow)
    step = slider("t", 1, len(tagged), 3 if len(tagged) > 2 else 1, "the step: the word that is read now", plays=True)
    return switched(draw, t=step, task=choice("task", [LM, POS]))


def _read(network, x):
    """returns: h (T+1, H), yhat (T, K)"""
    run = forward(network, x)
    return run.h, softmax(run.o)


def _picture(words, x, t, task, names, answers, h, yhat, narrow):
    shifted, n = task == LM, lowered(t)
    first = max(min(t - 2, len(words) - PHONE + 1), 1) if narrow else 1
    steps = range(1, len(words) + 1)[first - 1:first - 1 + PHONE if narrow else None]
    def react(s):
        return _column(words, answers, s, t, shifted, steps)
    top = sentence_columns(words, answers, t, shifted=shifted, react=react, width=NARROW if narrow else WIDTH, steps=steps,
                           narrow=narrow)
    again = max((s for s in range(1, t) if words[s - 1] == words[t - 1]), default=0)         # the step of the same word
    pale, beside_it = again or t - 1, f" (pale: x{lowered(again)})" if again else ""
    left = above(head(f"h{n}: the state handed on, {h.shape[1]} numbers (pale: h{lowered(pale)})"),
                 strip(h[t], most=1, width=LONG, height=TALL, before=h[pale]),
                 head(f"x{n}: the vector of “{words[t - 1]}”, {x.shape[1]} numbers{beside_it}"),
                 strip(x[t - 1], most=2, width=LONG, height=TALL, before=x[again - 1] if again else ()), gap=16)
    title = f"ŷ{n}: which word comes next?" if shifted else f"ŷ{n}: which tag does “{words[t - 1]}” have?"
    listed = rows(names, yhat[t - 1], answers[t - 1], most=8 if shifted else 5)
    bars = ranking(listed, width=NARROW if narrow else WIDE, height=min(258, 20 + 26 * len(listed)))
    right = above(head(title, palette.INK, "bold"), bars, gap=8)
    if narrow:
        panels = above(right, left, gap=18)
    else:
        tall = max(left.height, right.height)                            # for both: the two heads on one line
        panels = beside(*(Drawing(side.width, tall, side.body) for side in (left, right)), gap=WIDTH - left.width - WIDE)
    picture = above(top, Drawing(panels.width, panels.height, touch(panels.body, "panels")), gap=18)
    return Picture(render(picture, f"step {t} of a sentence"), _caption(words, t, task, names, answers[t - 1], yhat[t - 1]))


def _column(words, answers, s, t, shifted, steps):
    """What the column of step s reacts to: its prediction depends on the words up to s; its right answer comes from one word.

    What stands below is about step t: it fades while another step is pointed at.
    """
    n, read = lowered(s), " ".join(words[:s])
    lights = [f"{part}{k}" for k in range(steps[0], s + 1) for part in "xvwh"] + [f"u{s}", f"y{s}", f"a{s}", f"r{s}"]
    lights += ["h0"] * (steps[0] == 1)
    lights += ["panels"] if s == t else [f"g{s}"] if answers[s - 1] else []
    if not answers[s - 1]:
        source = f"There is no y{n}: the sentence is over."
    elif shifted:
        lights += [f"x{s + 1}"] * (s + 1 in steps)
        source = f"The right answer y{n} is the next word, “{words[s]}”" + (", as <unk>." if answers[s - 1] != words[s] else ".")
    else:
        source = f"The right answer y{n} is {answers[s - 1]}, the tag of “{words[s - 1]}” itself."
    return {"sets": f"t={s}", "lights": " ".join(lights), "current": s == t,
            "says": f"{source} The prediction ŷ{n} knows “{read}” and no more."}


def head(title, colour=palette.MUTED, weight="normal"):
    """A line of words to stand above a drawing."""
    return Drawing(400, 16, label(0, 13, title, size=13, colour=colour, anchor="start", weight=weight))


def rows(names, p, marked, most, mark="★"):
    """The rows of a ranking: the `most` probable classes, the marked one wherever it is (after a gap), and the others together.

    names: K strings     p: (K,) probabilities     marked: a name, "" for none     returns: (name, share, mark) triples
    """
    order = range(len(p)) if most >= len(p) else np.argsort(-p, kind="stable")[:most]
    shown = [*order, *(i for i in range(len(p)) if names[i] == marked and i not in order)]
    listed = [(quoted(names[i]), p[i], mark if names[i] == marked else "") for i in shown]
    others = len(p) - len(shown)
    if marked and len(shown) > most and (p > p[shown[-1]]).sum() > most:
        listed.insert(most, ("", 0, "⋮"))
    return [*listed, (f"{others} others", max(1 - p[shown].sum(), 0), "…")] if others else listed


def _caption(words, t, task, names, answer, p):
    n, best = lowered(t), names[int(p.argmax())]
    if not answer:
        return f"The sentence is over, so there is no right answer y{n}. The network predicts all the same, most of all “{best}”."
    right = f"“{words[t]}”, the next word" if task == LM else f"{answer}, the tag of “{words[t - 1]}”"
    if task == LM and answer != words[t]:
        right = f"<unk>: the next word, “{words[t]}”, is not among the answers"
    place = 1 + int((p > p[names.index(answer)]).sum())
    judged = f"ŷ{n} gives this answer more than any other." if place == 1 else (
        f"ŷ{n} gives this answer rank {place} of {len(p)}; the largest probability goes to “{best}”.")
    return f"The right answer y{n} is {right}. {judged}"
