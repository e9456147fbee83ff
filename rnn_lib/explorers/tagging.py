"""Lesson 12: tags for a sentence that the reader types, and which tags are taken for which."""

import ipywidgets as w
import numpy as np

from .. import text
from ..diagrams.svg import render
from ..diagrams.tags import confusion_grid, short, tag_columns
from ..diagrams.words import percent
from ..tasks.tag_batches import word_class
from ..tasks.tagger import tag
from .kit import Picture, redrawn, still

SHOWN = 12


def tagging(model, sentence="She liked that cat."):
    """Type a sentence: below each word the distribution over its tags, from this word and those before it.

    model: tasks.tagger.Tagger     sentence: what stands in the box at first     returns: Explorer, redrawn by the kernel
    """
    def draw(sentence):
        return _picture(model, typed_words(sentence, model.vocabulary))
    return redrawn(draw, sentence=w.Text(sentence, description="sentence", layout=w.Layout(width="50em"),
                                         style={"description_width": "auto"}))


def typed_words(sentence, vocabulary=None):
    """The tokens of a sentence as `text.tokenize` cuts it, but with their capitals; letters outside A-Z are left out.

    vocabulary: what it has in one piece stays in one piece, such as don't in Brown     returns: list of strings
    """
    words = []
    for piece in text.cut(sentence):
        whole = words[-1] + piece if words and "'" in piece[:2] and len(piece) > 1 else ""
        words[-1:] = [whole] if vocabulary and whole.lower() in vocabulary.index else [*words[-1:], piece]
    return words


def confusion_matrix(counts, tags, of="words"):
    """Which tag was given for which, as counts.

    counts: (K, K), rows are the right tags     tags: K strings     of: what was counted     returns: Explorer, without controls
    """
    used = (counts.sum(0) + counts.sum(1)) > 0
    grid = render(confusion_grid(counts[np.ix_(used, used)], [tags[k] for k in np.flatnonzero(used)]), "right and given tags")
    return still(Picture(grid, _confused(counts, tags, of)))


def _confused(counts, tags, of):
    wrong, right = counts * (1 - np.eye(len(tags), dtype=int)), int(np.trace(counts))
    said = f"{right} of {counts.sum()} {of} stand on the diagonal: right. "
    if not wrong.any():
        return said + "Nothing is confused."
    i, k = np.unravel_index(wrong.argmax(), wrong.shape)
    return said + f"The most frequent confusion, {wrong[i, k]} times: {tags[i]} taken for {tags[k]}."


def _picture(model, words):
    shown = words[:SHOWN]
    p = tag(model, shown) if shown else np.zeros((0, len(model.tags)))
    read_as = ["" if word.lower() in model.vocabulary.index else word_class(word) for word in shown]
    drawing = tag_columns(shown, model.tags, p, read_as, columns=SHOWN)
    return Picture(render(drawing, "the distribution over the tags of every word"), _caption(model, words, p, read_as))


def _caption(model, words, p, read_as):
    if not words:
        return "There is no word to tag: type at least one, in the letters A to Z."
    t = int(p.max(axis=1).argmin())
    said = (f"Least sure: “{short(words[t])}”, {model.tags[p[t].argmax()]} with {percent(p[t].max())}. "
            "Each column is made from this word and those to its left.")
    unknown = list(dict.fromkeys(f"“{short(word)}” as {name}" for word, name in zip(words, read_as, strict=False) if name))
    return (said + (f" Not in the vocabulary, so read by its looks: {', '.join(unknown[:3])}." if unknown else "")
            + (f" The first {SHOWN} of {len(words)} words are shown." if len(words) > SHOWN else ""))
