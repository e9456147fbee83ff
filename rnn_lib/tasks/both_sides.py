"""A network that reads from both sides: two plain networks, one in reading order, one from the end.   Built in lesson 15.

    o_t = U h_t + b_y  +  Ũ h̃_t + b̃_y      h̃ is the state of the second network, which has read the words from T down to t

Both networks share the word vectors, the loss and so do_t; each has its own backward pass, by `bptt` as it is.
"""
import numpy as np

from ..bptt import bptt
from ..losses import cross_entropy
from ..network import forward


def turned(v, mask):
    """Each sentence from its last word to its first; what fills it up stays at the end.   Turned twice it is v again.

    v: (T, B, n)     mask: (T, B) True = a word, all words first     returns: (T, B, n), a copy
    """
    steps = np.arange(len(v))[:, None]
    order = np.where(mask, mask.sum(0) - 1 - steps, steps)
    return np.take_along_axis(v, order[..., None], 0)


def read(ahead, back, x, mask):
    """Both runs, and their scores added up.   ahead, back: Parameters     x: (T, B, D)     returns: o (T, B, K), the two runs"""
    runs = forward(ahead, x), forward(back, turned(x, mask))
    return runs[0].o + turned(runs[1].o, mask), runs


def loss_and_gradients(ahead, back, x, y, mask):
    """The loss, summed over all words [nats], and what it says to both networks and to the inputs.

    returns: loss, the Gradients of `ahead`, those of `back`, dx (T, B, D)
    """
    o, runs = read(ahead, back, x, mask)
    losses, do = cross_entropy(o, y, mask)
    found = bptt(ahead, runs[0], do)                         # do_t goes to both: each has its share in o_t
    other = bptt(back, runs[1], turned(do, mask))
    return losses.sum(), found, other, found.x + turned(other.x, mask)
