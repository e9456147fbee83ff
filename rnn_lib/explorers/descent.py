"""Lesson 12: loss curves of gradient descent with one learning rate after the other."""
import numpy as np

from .curves import choosing
from .kit import picker


def descent(curves):
    """Choose a learning rate, or touch a curve: how the loss goes on from update to update.

    curves: {learning rate: (n,) losses after 0, 1, ... updates [nats]}, the smallest rate first; a curve ends before the
    first value that is not finite     returns: Explorer, switched in the browser
    """
    rates, limits = [*curves], _limits(curves)
    best = min((rate for rate in rates if np.isfinite(curves[rate]).all()), key=lambda rate: curves[rate][-1], default=rates[0])
    def axes(ax):
        n = max(map(len, curves.values()))
        ax.set(xlabel="update", ylabel="loss [nats]", yscale="log", xlim=(0, n - 1), ylim=limits)
    control = picker("learning rate", [(f"{rate:g}", rate) for rate in rates], rates[min(1, len(rates) - 1)])
    return choosing("rate", control, curves, axes,
                    lambda rate: _caption(rate, curves[rate], best, limits[1]),
                    title="the loss against the number of updates, for several learning rates",
                    says=lambda rate: f"Learning rate {rate:g}.")


def _limits(curves):
    """From below all of them to above the highest, or to 20 times the first loss where one leaves the picture."""
    finite = np.concatenate([losses[np.isfinite(losses)] for losses in curves.values()])
    return finite.min() * .8, min(finite.max() * 2, next(iter(curves.values()))[0] * 20)


def _caption(rate, losses, best, top):
    cut = f" Above {top:.0f} its curve is cut off." if (losses[np.isfinite(losses)] > top).any() else ""
    return _course(rate, losses, best) + cut


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
