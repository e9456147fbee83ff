"""Lesson 12: loss curves of gradient descent with one learning rate after the other; training and validation, epoch by epoch."""
import numpy as np

from .. import palette
from ..charts import apart, backgrounds, over, place, polyline, words
from ..diagrams.svg import circle, path
from .curves import choosing, readings
from .kit import Picture, choice, picker, switched

SERIES = (("training", palette.LOSS), ("validation", palette.INK))
READINGS = 25        # epochs at which the curves can be read
NAME, LINE = 12, 13  # from the end of a curve to its name: past the ring of a last epoch that is the best; between two names
ROOM = 1.5           # inches for the names


def descent(curves):
    """Choose a learning rate, or touch a curve: how the loss goes on from update to update.

    curves: {learning rate: (n,) losses after 0, 1, ... updates [nats]}, the smallest rate first; a curve ends before the
    first value that is not finite     returns: Explorer, switched in the browser
    """
    rates, finite = [*curves], np.concatenate([losses[np.isfinite(losses)] for losses in curves.values()])
    top = min(finite.max() * 2, curves[rates[0]][0] * 20)              # of the picture: a curve that goes higher is cut off
    best = min((rate for rate in rates if np.isfinite(curves[rate]).all()), key=lambda rate: curves[rate][-1], default=rates[0])
    def axes(ax):
        n = max(map(len, curves.values()))
        ax.set(xlabel="update", ylabel="loss [nats]", yscale="log", xlim=(0, n - 1), ylim=(finite.min() * .8, top))
    def caption(rate):
        cut = f" Above {top:.0f} its curve is cut off." if (curves[rate][np.isfinite(curves[rate])] > top).any() else ""
        return _course(rate, curves[rate], best) + cut
    control = picker("learning rate", [(f"{rate:g}", rate) for rate in rates], rates[min(1, len(rates) - 1)])
    return choosing("rate", control, curves, axes, caption, says=lambda rate: f"Learning rate {rate:g}.",
                    title="the loss against the number of updates, for several learning rates")


def _course(rate, losses, best):
    if not np.isfinite(losses).all() or losses[-1] > losses[0]:
        return f"{rate:g} is too large: an update jumps over the valley, and the loss ends higher than it began."
    if rate == best:
        return f"{rate:g} is best after {len(losses) - 1} updates: large enough to get on, small enough to stay in the valley."
    if rate < best:
        size = "too small" if losses[-1] > losses[0] / 2 else "smaller than the best"
        how = "at every update" if (np.diff(losses) < 0).all() else "on the whole"
        return f"{rate:g} is {size}: the loss falls {how}, but ends higher than with a larger one."
    if losses.max() > losses[0]:
        return f"{rate:g} is too large: the loss jumps, up to {losses.max():.0f}, and ends higher than with a smaller one."
    return f"{rate:g} is larger than the best: the loss goes up and down on its way."


def overfitting(fits, guessing=None):
    """Choose what the network was trained on: the loss on it and on the validation set, with the best epoch marked.

    fits: {name: (2, n) losses at the beginning of each epoch [nats], training first}
    guessing: the loss of knowing only how often each answer comes, a line across; None draws no line
    returns: Explorer, switched in the browser
    """
    def axes(ax):
        n, most = max(losses.shape[1] for losses in fits.values()), max(losses.max() for losses in fits.values())
        ax.set(xlabel="epoch", ylabel="mean loss per sequence [nats]", ylim=(0, 1.12 * most),
               xlim=(0, n + n * ROOM / (ax.figure.get_figwidth() - ROOM)), xticks=range(0, n + 1, 50))
    title = "the loss on the training and on the validation set against the epoch"
    drawn = backgrounds(axes, title, width=9.4, height=3.6)
    def draw(name, narrow=False):
        svg, ax = drawn[narrow]
        curves = _curves(ax, fits[name], {key: other[1] for key, other in fits.items() if key != name})
        across = "" if guessing is None else _across(ax, fits[name].shape[1] - 1, guessing)
        return Picture(over(svg, across, curves, _marked(ax, fits[name]), _readings(ax, fits[name])),
                       _epochs(fits[name]) + " Thin: the other validation loss." * (len(fits) > 1))
    return switched(draw, name=choice("trained on", [*fits]))


def _curves(ax, chosen, others):
    """Both losses of the chosen training set, thinner the validation losses of the others, and the names at their ends.

    others: {name of a training set: (n,) validation losses}
    """
    drawn = {name: (losses, palette.MUTED, palette.MUTED, 1.2) for name, losses in others.items()}
    drawn |= {name: (losses, colour, colour, 2.4) for losses, (name, colour) in zip(chosen, SERIES, strict=True)}
    ends = {name: place(ax, 0, losses[-1])[1] + 3 for name, (losses, *_) in drawn.items()}
    heights = apart(ends, LINE, high=place(ax, 0, 0)[1] - 4)
    x = place(ax, chosen.shape[1] - 1, 0)[0] + NAME
    return "".join(path(polyline(ax, range(len(losses)), losses), stroke=colour, stroke_width=width)
                   + words(x, heights[name], name, ink) for name, (losses, colour, ink, width) in drawn.items())


def _marked(ax, losses):
    """The epoch at which the validation loss is lowest."""
    best = int(losses[1].argmin())
    x, low = place(ax, best, losses[1, best])
    foot, head = (place(ax, best, height)[1] for height in ax.get_ylim())
    last = best > losses.shape[1] - 20                       # its words stand where there is room
    return (path(f"M{x:.1f} {foot:.1f}V{head:.1f}", stroke=palette.MUTED, dash="4 4")
            + circle(x, low, 5, fill="none", stroke=palette.INK, stroke_width=2)
            + words(x + (-6 if last else 6), head + 10, f"best validation: {losses[1, best]:.2f}, epoch {best}", palette.MUTED,
                     "end" if last else "start", halo=palette.PAPER))


def _readings(ax, losses):
    """Both losses at some of the epochs, to be touched."""
    at = np.linspace(0, losses.shape[1] - 1, min(READINGS, losses.shape[1]), dtype=int)
    says = [f"Epoch {epoch}: training {training:.3f}, validation {validation:.3f} nats per sequence."
            for epoch, (training, validation) in zip(at, losses.T[at], strict=True)]
    return readings(ax, at, losses[:, at], says)


def _across(ax, last, guessing):
    """A dashed line at the loss of guessing, with its name above its end."""
    (x, y), start = place(ax, last, guessing), place(ax, 0, guessing)[0]
    return (path(f"M{start:.1f} {y:.1f}H{x:.1f}", stroke=palette.MUTED, dash="2 4")
            + words(x - 6, y - 5, f"guessing: {guessing:.2f}", palette.MUTED, "end", halo=palette.PAPER))


def _epochs(losses):
    best, (training, validation) = int(losses[1].argmin()), losses[:, -1]
    if validation > 1.1 * losses[1, best]:
        return (f"Best validation loss {losses[1, best]:.2f}, at epoch {best}; at the end {validation:.2f}. "
                f"Training: {training:.3f}.")
    return (f"Both fall to the end. The network has seen the training sequences only, so the validation loss, {validation:.2f}, "
            f"{'stays above' if validation > training else 'is not above'} the training loss, {training:.2f}.")
