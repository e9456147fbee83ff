"""Lesson 11: the curve of a language model that is being trained."""
import numpy as np

from ..charts.learning import learning
from .kit import Picture, chart, still


def learning_curve(losses, watched, baselines, *, updates):
    """The curve so far, to be shown again and again while training goes on.

    losses: (n,) of the windows so far [nats per word]     watched: {update: perplexity of text that is kept aside}
    baselines: {name: perplexity}     updates: how many there will be     returns: Explorer without controls
    """
    svg = chart(lambda ax: learning(ax, losses, watched, baselines, updates=updates), "perplexity while training",
                width=8.4, height=3.2)
    return still(Picture(svg, _caption(losses, watched, updates)))


def _caption(losses, watched, updates):
    if not watched:
        return f"{len(losses)} of {updates} updates."
    since = list(watched)[-2] if len(watched) > 1 else 0
    last = max(watched)
    return (f"{last} of {updates} updates. In the last pass the perplexity was {np.exp(np.mean(losses[since:last])):.1f} in "
            f"training; on the text kept aside it is {watched[last]:.1f}.")
