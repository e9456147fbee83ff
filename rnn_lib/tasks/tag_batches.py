"""Words as numbers, unknown ones by what they look like, and sentences of unequal length side by side.   Built in lesson 15."""
from typing import NamedTuple

import numpy as np

from ..text import UNKNOWN

ENDINGS = ("ing", "ed", "ly", "ion", "ity", "ment", "ness", "er", "able", "ible", "al", "ous", "ive", "ful", "ic", "y", "s")
CLASSES = (UNKNOWN, *(f"<unk-{kind}>" for kind in ("number", "hyphen", "capital", *ENDINGS)))


class Batch(NamedTuple):
    """B sentences side by side, the shorter ones filled up."""
    ids: np.ndarray           # (T, B) numbers of words
    y: np.ndarray             # (T, B) numbers of tags
    mask: np.ndarray          # (T, B) True = a word, False = padding


def word_class(word):
    """What an unknown word is read as: by its digits, hyphen, capital or ending, the first that fits; else <unk>."""
    if any(letter.isdigit() for letter in word):
        return "<unk-number>"
    if not any(letter.isalpha() for letter in word):
        return UNKNOWN
    kind = "hyphen" if "-" in word else "capital" if word[0].isupper() else next(filter(word.lower().endswith, ENDINGS), None)
    return f"<unk-{kind}>" if kind else UNKNOWN


def word_ids(vocabulary, words):
    """The number of each word, in small letters; an unknown one has that of its class.   returns: (T,) whole numbers"""
    if isinstance(words, str):
        raise TypeError("words must be a list of words, got one str; cut it up with tokenize(text)")
    index = vocabulary.index
    return np.array([index.get(word.lower(), index[word_class(word)]) for word in words], dtype=np.intp)


def pad(sentences):
    """One Batch of sentences that may differ in length.   sentences: (ids, y) pairs, each (T_b,)     returns: Batch"""
    T, B = max(len(ids) for ids, _ in sentences), len(sentences)
    batch = Batch(np.zeros((T, B), np.intp), np.zeros((T, B), np.intp), np.zeros((T, B), bool))
    for b, (ids, y) in enumerate(sentences):
        batch.ids[:len(ids), b], batch.y[:len(ids), b], batch.mask[:len(ids), b] = ids, y, True
    return batch


def batches(sentences, B, rng):
    """All sentences once, B at a time, those of like length together, in random order: hardly any padding."""
    order = sorted(rng.permutation(len(sentences)), key=lambda i: len(sentences[i][0]))
    groups = [order[i:i + B] for i in range(0, len(order), B)]
    return [pad([sentences[i] for i in groups[g]]) for g in rng.permutation(len(groups))]
