"""Lesson 15: the network that reads from both sides, and what a prediction is made from."""
from ..diagrams.both_sides import both_sides as drawn
from ..diagrams.svg import render
from ..diagrams.wording import lowered
from .kit import Picture, slider, switched


def both_sides(words):
    """Move from word to word: what its prediction has read.   words: T strings     returns: Explorer, switched in the browser"""
    def draw(t):
        def react(k):
            return {"sets": f"t={k}", "says": _caption(words, k), "current": k == t}
        return Picture(render(drawn(words, t, react), f"a network that reads from both sides, word {t}"), _caption(words, t))
    return switched(draw, t=slider("t", 1, len(words), min(3, len(words)), "the word", plays=True))


def _caption(words, t):
    """What ŷ_t is made from."""
    left, right = " ".join(words[:t]), " ".join(words[:t - 2:-1] if t > 1 else words[::-1])
    return lowered(f"ŷ{t} is made from h{t}, which has read “{left}”, and from h̃{t}, which has read “{right}”.")
