"""Lesson 04: one loss per step, stacked to a total; and labels to edit."""
from itertools import product

import numpy as np

from ..diagrams.labels import step
from ..diagrams.losses import loss_bars, loss_list, ruler, stacked, words_in_columns
from ..diagrams.network import unfolded, with_places
from ..diagrams.svg import NARROW, above, beside, render
from ..diagrams.wording import lowered, span
from ..losses import cross_entropy, softmax
from ..network import forward
from .kit import Control, Picture, choice, slider, switched

MOST = 400           # settings of the labels that can be drawn beforehand


def losses(params, x, y, words, classes):
    """Move T: a bar for each L_t over its step, and all of them end to end. Switch between sum and mean.

    params: Parameters     x: (T_max, D)     y: (T_max,) index of the right class     words: (T_max,) names of the inputs
    classes: (K,) names    returns: Explorer, switched in the browser
    """
    o, T_max = forward(params, x).o, len(x)
    each, guess = cross_entropy(o, y)[0], ("equal", np.log(len(classes)))         # its value is the answer of a vote
    room = unfolded(T_max).width
    def draw(T, total, narrow=False):
        weight, ghost = (1, 0) if total == "sum" or T == 1 else (1 / T, each[:T].sum())
        wide, steps = (NARROW, _listed) if narrow else (room, _over_columns)
        picture = above(
            stacked(each[:T] * weight, f"{total} of the Lₜ", most=each.sum(), width=wide, ghost=ghost),
            ruler(each.sum(), wide),
            *steps(each, T, words, [classes[k] for k in y], guess), gap=7)
        return Picture(render(picture, f"the losses of {T} steps and their {total}"), _total(T, total))
    return switched(draw, T=slider("T", 1, T_max, T_max, "length of the sequence", plays=True),
                    total=choice("add up", ["sum", "mean"]))


def edit_labels(o, y, words, classes):
    """Press a class to make it the label of its step, or mask the step: its loss and its gradient at the scores follow.

    o: (T, K) scores     y: (T,) labels to begin with     words: (T,) names of the inputs     classes: (K,) names
    returns: Explorer, switched in the browser     raises: ValueError when there are too many settings to draw them all
    """
    T, K = o.shape
    if (K + 1) ** T > MOST:
        raise ValueError(f"{T} steps of {K} classes and a mask have {(K + 1) ** T} settings, more than {MOST}: take fewer steps")
    yhat, data, most = softmax(o), tuple(int(k) for k in y), cross_entropy(o, o.argmin(-1))[0].sum()
    ghost = cross_entropy(o, np.array(data))[0].sum()
    def draw(y, narrow=False):
        each, do = cross_entropy(o, np.array([k or 0 for k in y]), np.array([k is not None for k in y]))
        steps = [step(t + 1, words[t], classes, yhat[t], do[t], y[t], each[t], _pressed(y, data, t, words, classes))
                 for t in range(T)]
        row = (above if narrow else beside)(*steps, gap=10)
        room = NARROW if narrow else max(row.width, 420)
        total = above(stacked(each, "sum of the Lₜ", most=most, width=room, ghost=ghost), ruler(most, room), gap=2)
        picture = above(row, total, gap=14)
        return Picture(render(picture, "predictions, labels and losses step by step"), _edited(y, data, each.sum(), ghost))
    return switched(draw, y=_labels(data, K))


def _reads(t, T):
    """A loss lights up all that it depends on."""
    before = " ".join(f"x{s} v{s} w{s} h{s}" for s in range(1, t + 1))
    later = " No later word changes it." if t < T else ""
    return {"lights": f"L{t} l{t} y{t} u{t} h0 {before}",
            "says": f"L{lowered(t)} depends on {span('x', 1, t)}, and on its own label.{later}"}


def _reaches(words, t, T):
    """A word that is not read yet leads to its step; another lights up all that depends on it."""
    if t > T:
        return {"sets": f"T={t}", "says": f"“{words[t - 1]}” is not read yet. Press to read as far as step {t}."}
    later = " ".join(f"h{s} u{s} y{s} l{s} L{s}" for s in range(t, T + 1)) + "".join(f" w{s}" for s in range(t + 1, T + 1))
    earlier = ", and no earlier loss" if t > 1 else ""
    return {"lights": f"x{t} v{t} {later}", "says": f"“{words[t - 1]}” can change {span('L', t, T)}{earlier}."}


def _over_columns(each, T, words, answers, guess):
    """A bar for each loss over its column of the network.   returns: Drawings"""
    def loss(t):
        return _reads(t, T)
    return [loss_bars(each[:T], most=each.max(), level=guess, react=loss),
            words_in_columns(answers[:T], lead="y", kind="L"),
            with_places(unfolded(T, losses=True, new=T, react=lambda part: loss(int(part[1:])) if part[0] == "L" else {}),
                        {t: _reaches(words, t, T)["says"] for t in range(T + 1, len(words) + 1)}),
            words_in_columns(words, lead="x", kind="x", react=lambda t: _reaches(words, t, T), chosen=T)]


def _listed(each, T, words, answers, guess):
    """On a narrow page: a line for each step. A word that is not read yet leads to its step."""
    def line(t):
        depends = " ".join([f"L{t}", *(f"x{s}" for s in range(1, t + 1))])
        both = {"lights": depends, "says": f"{_reads(t, T)['says']} {_reaches(words, t, T)['says']}"}
        return _reaches(words, t, T) if t > T else both
    return [loss_list(each[:T], words, answers, most=each.max(), level=guess, react=line)]


def _total(T, total):
    if T == 1:
        return "One step, one loss: sum and mean are the same."
    if total == "sum":
        return f"{T} steps, {T} losses, and L = Σₜ Lₜ is all of them end to end."
    return f"The mean is the sum (dashed) divided by {T}."


def _labels(data, K):
    """One control for all labels, moved by pressing classes. Off: those of the data. On: one's own, at first with one changed."""
    own = (next(k for k in range(K) if k != data[0]), *data[1:])
    stops = tuple(dict.fromkeys([data, own, *product([*range(K), None], repeat=len(data))]))
    return Control("switch", "my own labels", "my own labels, not those of the data", stops, tuple(map(_code, stops)), data)


def _code(labels):
    """Labels as the drawing writes them: 2.0.- for classes 2 and 0 and a masked step."""
    return ".".join("-" if k is None else str(k) for k in labels)


def _pressed(labels, data, t, words, classes):
    """What a press on a class of step t does, or on its mask. While the chosen class is touched, the caption stays."""
    def react(k):
        masks = k == "mask" and labels[t] is not None
        new = None if masks else data[t] if k == "mask" else k
        says = (f"Mask “{words[t]}”: it will not count." if masks else
                f"“{words[t]}” adds 0, and its do{lowered(t + 1)} is exactly 0. Press to let it count again." if k == "mask" else
                f"{classes[k]}, the right class" if k == labels[t] else f"Label “{words[t]}” as {classes[k]}.")
        return {"sets": f"y={_code((*labels[:t], new, *labels[t + 1:]))}", "says": says, "chosen": k == labels[t]}
    return react


def _edited(labels, data, total, before):
    n = sum(k is not None for k in labels)
    if n == 0:
        return "Every step is masked: L = 0, and no step sends a gradient back. Press a class to let its step count."
    if labels == data:
        return ("The labels of the data; the dashed outline keeps their total. Press a class to make it the right one; "
                "untick “counts” to mask its step.")
    size = "as large as" if abs(total - before) < 1e-9 else "larger than" if total > before else "smaller than"
    masked = " A masked step adds 0, and its doₜ is exactly 0." if n < len(labels) else ""
    return f"The total is {size} with the labels of the data (dashed), and no ŷₜ has moved.{masked}"
