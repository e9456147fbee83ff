"""Lesson 04: one loss a step, stacked to a total; and labels to edit."""
import numpy as np

from .. import palette
from ..bptt import bptt
from ..diagrams import Drawing, above, beside, label, lowered, render, symbol, unfolded
from ..diagrams.losses import class_bars, length, loss_bars, ruler, stacked, words_in_columns
from ..losses import cross_entropy, softmax
from ..network import forward
from .kit import Picture, choice, picker, redrawn, slider, switched

PITCH = 148          # from one step to the next where labels are edited
MASKED = "masked"


def losses(params, x, y, words, classes):
    """Move T: a bar for each L_t over its step, and all of them end to end. Switch between sum and mean.

    params: Parameters     x: (T_max, D)     y: (T_max,) index of the right class     words: (T_max,) names of the inputs
    classes: (K,) names    returns: Explorer, switched in the browser
    """
    o, T_max = forward(params, x).o, len(x)
    each, do = cross_entropy(o, y)
    norms = [_norm(params, x[:T], do[:T]) for T in range(1, T_max + 1)]
    guess, most = (f"log {len(classes)}", np.log(len(classes))), max(each.sum(), *norms)
    def draw(T, total):
        weight, ghost = (1, 0) if total == "sum" else (1 / T, each[:T].sum())
        network = unfolded(T, T_max=T_max, losses=True)
        room = network.width
        picture = above(
            stacked(each[:T] * weight, f"{total} of the Lₜ", most=most, width=room, ghost=ghost),
            length(norms[T - 1] * weight, "gradient", most=most, width=room), ruler(most, room),
            loss_bars(each[:T], T_max=T_max, most=each.max(), level=guess),
            words_in_columns([classes[k] for k in y[:T]], T_max=T_max, lead="y"), network,
            words_in_columns(words[:T], T_max=T_max, lead="x"), gap=7)
        return Picture(render(picture, f"the losses of {T} steps and their {total}"),
                       _total(each[:T], total, norms[T - 1] * weight))
    return switched(draw, T=slider("T", 1, T_max, min(4, T_max), "length of the sequence"),
                    total=choice("add up", ["sum", "mean"]))


def edit_labels(o, y, words, classes):
    """Choose each step's label, or mask the step: its loss and its gradient at the scores follow.

    o: (T, K) scores, T up to 6     y: (T,) labels to begin with     words: (T,) names of the inputs     classes: (K,) names
    returns: Explorer, drawn by the kernel
    """
    yhat, most = softmax(o), cross_entropy(o, o.argmin(-1))[0].sum()
    def draw(show, **labels):
        labels = [*labels.values()]
        mask = np.array([name != MASKED for name in labels])
        y = np.array([classes.index(name) if name != MASKED else 0 for name in labels])
        each, do = cross_entropy(o, y, mask)
        values, low = (yhat, 0) if show == "ŷₜ" else (do, -1)
        bars = [class_bars(v, classes, k if keep else None, low=low, high=yhat.max())
                for v, k, keep in zip(values, y, mask, strict=True)]
        steps = [_step(t, words[t - 1], bars[t - 1], yhat[t - 1, y[t - 1]], each[t - 1], mask[t - 1])
                 for t in range(1, len(o) + 1)]
        row = beside(*steps, gap=0)
        picture = above(row, stacked(each, "sum of the Lₜ", most=most, width=max(row.width, 400)),
                        ruler(most, max(row.width, 400)), gap=12)
        return Picture(render(picture, "predictions, labels and losses step by step"), _edited(each, mask))
    labels = {f"y{t}": picker(lowered(f"y{t}"), [*classes, MASKED], classes[y[t - 1]], "19em", "2em")
              for t in range(1, len(o) + 1)}
    return redrawn(draw, **labels, show=choice("bars show", ["ŷₜ", "doₜ = ŷₜ − yₜ"]))


def _norm(params, x, do):
    g = bptt(params, forward(params, x), do)
    return np.sqrt(sum((getattr(g, name) ** 2).sum() for name in params._fields))


def _total(each, total, norm):
    T, hardest = len(each), int(np.argmax(each)) + 1
    terms = f"L₁ = {each[0]:.2f} nats is all of L" if T == 1 else f"{_rounded(each)} add up to L = Σₜ Lₜ = {each.sum():.2f} nats"
    most = f" Largest: L{lowered(hardest)}." if T > 1 else ""
    if total == "sum":
        return f"T = {T}: {terms}; the gradient has length {norm:.2f}.{most}"
    return (f"T = {T}: the mean is {each.sum():.2f} / {T} = {each.mean():.2f} nats a step; the gradient, "
            f"divided by {T} as well, has length {norm:.2f}.{most}")


def _step(t, word, bars, chance, loss, counts):
    head = Drawing(PITCH, 20, symbol(54, 15, "x", t, size=15, colour=palette.MUTED, anchor="end")
                   + label(60, 15, word, size=13, anchor="start"))
    style = {"size": 13, "colour": palette.LOSS, "anchor": "start"}
    value, why = (f"= {loss:.2f}", f"= −log {chance:.3f}") if counts else ("= 0", "masked")
    foot = Drawing(PITCH, 36, symbol(54, 14, "L", t, colour=palette.LOSS, anchor="end") + label(60, 14, why, **style)
                   + label(60, 32, value, **style))
    return above(head, bars, foot, gap=4)


def _edited(each, mask):
    n = int(mask.sum())
    if n == 0:
        return "Every step is masked: L = 0, and no step sends a gradient back."
    hidden = f" The masked steps count 0, and their doₜ is exactly 0, so a mean divides by {n}." if n < len(mask) else ""
    if n == 1:
        return f"1 step counts: L = {each.sum():.2f} nats.{hidden}"
    return (f"{n} steps count: {_rounded(each[mask])} add up to L = {each.sum():.2f} nats, "
            f"{each.sum() / n:.2f} a step on average.{hidden}")


def _rounded(losses):
    return ", ".join(f"{loss:.2f}" for loss in losses) + " (rounded)"
