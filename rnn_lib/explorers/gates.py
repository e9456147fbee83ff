"""Lesson 13: how much of a gradient is left by an LSTM whose forget gate is open so far, beside tanh."""
import numpy as np

from ..diagrams.wording import brief
from .curves import choosing
from .kit import picker


def gates(lstm, tanh):
    """Move what is added to the scores of the forget gate, or touch a curve: how much of the gradient is left?

    lstm: {number added: (n,) length of the gradient 0, 1, ... steps back, 1 at first}     tanh: (n,) of a tanh network
    returns: Explorer, switched in the browser
    """
    steps = len(tanh) - 1
    def axes(ax):
        low = min(values.min() for values in (tanh, *lstm.values()))
        ax.set(xlabel="T − k, steps back from the last loss", ylabel="length of the gradient", yscale="log",
               xlim=(0, steps), ylim=(low / 3, 2), xticks=range(0, steps + 1, 5))
        ax.minorticks_off()
    def caption(bias):
        left = lstm[bias][-1]
        return (f"With {_signed(bias)} the gate is {1 / (1 + np.exp(-bias)):.2f} open where its other scores are 0. After "
                f"{steps} steps {brief(left)} of the gradient is left; with tanh, {brief(tanh[-1])}.")
    added = picker("added to the forget gate's scores", [(_signed(bias), bias) for bias in lstm], 2 if 2 in lstm else None)
    return choosing("bias", added, lstm, axes, caption, title="the gradient against the steps back, for LSTMs and a tanh network",
                    says=lambda bias: f"The LSTM with {_signed(bias)} added.", beside={"tanh": tanh}, height=3)


def _signed(number):
    return f"−{-number}" if number < 0 else f"+{number}" if number else "0"
