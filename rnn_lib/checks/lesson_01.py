"""Exercises of lesson 01: sequences and tasks."""
from numbers import Real

import numpy as np

from .. import text
from ..losses import softmax
from .code import coding
from .kit import Exercise, filled, right, wrong

_AGAIN = "nothing is shifted: the network would only repeat the word that it has just read"


def _listed(got):
    """What came back, or what is said of a list of pairs in place of two sequences."""
    if isinstance(got, list) and len(got) > 2 and all(np.shape(pair) == (2,) for pair in got):
        return wrong("your function must return x, y, got a list of pairs (x_t, y_t): first all the x, then all the y")
    return got


q01_1 = coding(
    "def my_pairs(ids):\n    return ids[:-1], ids[1:]",
    [(np.array([5, 3, 8, 1, 9, 2]),), (np.array([4, 4, 7]),), (np.array([6, 2]),)], returns=("x", "y"),
    instead=(text.next_word_pairs,), praise="T words make T − 1 pairs: y_t is x_{t+1}", mistakes=[
    ("ids[1:], ids[:-1]", "shifted the wrong way: here the network reads a word and has to name the one before it"),
    ("ids, ids", _AGAIN), ("ids[:-1], ids[:-1]", _AGAIN), ("ids[1:], ids[1:]", _AGAIN),
    ("ids, np.roll(ids, -1)",
     "the last word is followed by nothing, but you let the first one follow it: np.roll goes round in a circle"),
    ("ids, ids[1:]", "x is one longer than y: which word of x has no next word?"),
    ("ids[:-1], ids", "y is one longer than x: the first word is never an answer, since nothing was read before it"),
    ("ids, np.append(ids[1:], 0)",
     "the last step has no right answer; 0 would stand for the word number 0, <unk>: leave the step out"),
    ("ids[:-1], [ids[[*ids].index(word) + 1] for word in ids[:-1]]",
     ".index finds the first place of a word, and a word may stand there twice: take two slices of ids"),
    ("ids[:-1], ids[:-1] + 1", "an id plus 1 is another word of the list; the target is the id that is read one step later"),
    ("ids[:-1], ids[1:] + 1", "each target is one too large: y holds the ids of the next words as they are, not positions"),
    ("ids[:-2], ids[2:]", "shifted by two: the network would have to skip a word")],
    reads=_listed, hints=[
    "Having read the first word only, which word should be predicted? And which word has nothing after it?",
    "y_t is x_{t+1}. The last word can be an answer, but it cannot be an input that has an answer.",
    "Two slices of ids: all but one end of it, and all but the other.",
    "return ids[:-1], and for y everything from the second word on"])


_TAGGED = [([("Why", "ADV"), ("did", "AUX"), ("Alice", "PROPN"), ("run", "VERB"), ("?", "PUNCT")],),
           ([("Oh", "INTJ"), ("dear", "INTJ"), ("!", "PUNCT")],),
           ([("that", "PRON"), ("said", "VERB"), ("that", "SCONJ"), ("that", "DET"), ("cat", "NOUN"), ("ran", "VERB")],)]
_HERE = "then a number means another tag in the next sentence; use the place in text.UPOS"


def _numbers(y):
    """What came back, as one value; or what is said of words in it."""
    found = np.ravel(np.array(y, dtype=object))
    if words := [value for value in found if isinstance(value, str)]:
        return wrong("these are numbers in quotation marks: leave str out" if all(word.isdigit() for word in words) else
                     "these are pairs: give the numbers alone" if len(words) < len(found) else
                     "these are the names of the tags: the loss needs their numbers, their places in text.UPOS"
                     if {*words} <= {*text.UPOS} else
                     "these are words: the loss needs numbers, the place of each tag in text.UPOS")
    return list(y) if isinstance(y, tuple) else y


q01_2 = coding(
    "def my_targets(tagged):\n    return np.array([text.UPOS.index(tag) for word, tag in tagged])",
    _TAGGED, returns=("y",), known={"text": text}, reads=_numbers,
    praise="T words, T answers: nothing is shifted, nothing is left out", mistakes=[
    ("right(tagged)[1:]", "shifted: right for language modelling, but a tag belongs to the word being read"),
    ("right(tagged)[:-1]", "the last word has lost its tag: here every word has an answer, nothing is cut off"),
    ("right(tagged) + 1", "counted from 1: the first tag, ADJ, has number 0, since it is entry 0 of ŷ_t"),
    ("[text.UPOS.index(dict(tagged)[word]) for word, _ in tagged]",
     "a dict keeps one tag for each word, and a word may stand there twice, with two tags: take the tag of the pair"),
    ("[text.UPOS.index(tagged[[w for w, _ in tagged].index(word)][1]) for word, _ in tagged]",
     ".index finds the first place of a word, and a word may stand there twice, with two tags: take the tag of the pair"),
    ("np.arange(len(tagged))", "these are the positions in the sentence: the number of a tag is its place in text.UPOS"),
    ("np.eye(len(text.UPOS))[right(tagged)]",
     "one-hot rows say the same, but the loss of this library wants the number of the tag at each step"),
    ("[sorted({t for _, t in tagged}).index(tag) for _, tag in tagged]", f"numbered within this sentence: {_HERE}"),
    ("[[*dict.fromkeys(t for _, t in tagged)].index(tag) for _, tag in tagged]",
     f"numbered in the order of appearance: {_HERE}")], hints=[
    "Whose tag is predicted at step t? Is there a step without an answer?",
    "y_t belongs to x_t, so y is as long as the sentence.",
    "text.UPOS.index(tag) is the number of a tag; do it for every pair.",
    "np.array([text.UPOS.index(tag) for word, tag in ...])"])


# ---- a draw is judged by what comes often ----------------------------------------------------------------------------

_YHAT = np.array([.1, .45, 0, .3, .15])
_DRAWS = 4000


def _next_word(answer):
    rng = np.random.default_rng(7)
    drawn = [filled(answer(_YHAT.copy(), rng)) for _ in range(_DRAWS)]
    drawn = [k.item() if isinstance(k, np.ndarray) and k.ndim == 0 else k for k in drawn]
    if any(np.ndim(k) or isinstance(k, str) for k in drawn):
        return wrong(f"return one number, that of the chosen word, got {drawn[0]!r}")
    if strange := [k for k in drawn if not (isinstance(k, Real) and 0 <= k < len(_YHAT) and k == int(k))]:
        return wrong(_no_place(drawn, strange[0]))
    if set(drawn) == {int(_YHAT.argmax())}:
        return wrong("always the most probable word: that is argmax; a draw gives the others their share too")
    if rng.bit_generator.state == np.random.default_rng(7).bit_generator.state:
        return wrong("you left rng alone: draw with the generator that was handed in, so that a text can be repeated")
    return _frequencies(np.bincount(np.array(drawn, dtype=int), minlength=len(_YHAT)) / _DRAWS)


def _no_place(drawn, strange):
    if any(k is None for k in drawn):
        return "nothing came back: did you return it?"
    if all(isinstance(k, Real) and k in _YHAT for k in drawn):
        return "that is a probability out of ŷ_t, not the number of a word"
    return f"the number of a word is a whole number from 0 to {len(_YHAT) - 1} here, got {strange}"


def _frequencies(share):
    if np.allclose(share, softmax(_YHAT), atol=.025):
        return wrong("did you take the softmax of ŷ_t? ŷ_t holds probabilities already; a word with probability 0 was drawn, too")
    if (share[_YHAT == 0] > 0).any():
        alike = "every word came equally often, whatever ŷ_t says: " if np.allclose(share, 1 / len(_YHAT), atol=.04) else ""
        return wrong(alike + "even a word with probability 0 was drawn")
    if np.allclose(share, (_YHAT > 0) / (_YHAT > 0).sum(), atol=.04):
        return wrong("every possible word came equally often: ŷ_t has to weigh them")
    if np.allclose(share, _YHAT ** 2 / (_YHAT ** 2).sum(), atol=.02):
        return wrong("the probabilities have been used twice")
    if not np.allclose(share, _YHAT, atol=.04):
        worst = int(np.abs(share - _YHAT).argmax())
        return wrong(f"in {_DRAWS} draws word {worst} came {share[worst]:.0%} of the time, and ŷ_t gives it {_YHAT[worst]:.0%}")
    return right(f"in {_DRAWS} draws the words came {', '.join(f'{s:.0%}' for s in share)} of the time, "
                 f"as ŷ_t = {', '.join(f'{p:.0%}' for p in _YHAT)} asks")


q01_3 = Exercise(_next_word, [
    "If you called it a thousand times, how often should word 1 come, when ŷ_t gives it 0.45?",
    "A generator can draw a number from 0 to K − 1 with given chances.",
    "rng.choice takes how many numbers to choose from, and their probabilities as p=...",
    "return rng.choice(len(yhat_t), p=...)"],
    "def my_next_word(yhat_t, rng):\n    return rng.choice(len(yhat_t), p=yhat_t)")
