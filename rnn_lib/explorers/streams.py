"""Lesson 14: a text as streams that are read side by side, in windows: one update per window, the state carried on."""
import numpy as np

from ..diagrams.streams import streams as drawn
from ..diagrams.svg import render
from ..tasks.language_model import streams as cut
from .kit import Picture, slider, switched


def streams(words, T=4, B=3):
    """Move from update to update.

    words: of a text, at least T B + 1     T: steps of a window     B: streams     returns: Explorer, switched in the browser
    """
    x = np.array(words, object)[cut(np.arange(len(words)), T, B)[0]]
    def draw(n):
        def react(i):
            return {"sets": f"n={i}", "lights": f"n{i}", "says": f"Update {i}: window {i} of all {B} streams.", "current": i == n}
        return Picture(render(drawn(x, n, react), f"a text in {B} streams, cut into windows: update {n}"), _caption(n, B))
    return switched(draw, n=slider("update", 1, len(x), min(2, len(x)), "each reads one window of every stream", plays=True))


def _caption(n, B):
    """What happens in update n."""
    if n == 1:
        return f"Update 1 reads the first window of all {B} streams, a minibatch. They start from zeros."
    return (f"Update {n} reads window {n} of all {B} streams. Each starts from the last state of window {n - 1} (solid arrow); "
            "no gradient goes back over the border (✗).")
