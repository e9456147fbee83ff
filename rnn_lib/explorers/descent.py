"""Lesson 12: loss curves of gradient descent with one learning rate after the other."""
from itertools import cycle

import numpy as np

from .. import palette
from ..charts import apart, background, place, polyline, words
from ..diagrams import touch
from .kit import Picture, picker, switched

LINE = 13            # pixels from the name of a curve to the next
DASHES = ("", "9 3", "2 3", "9 3 2 3", "5 2")      # of the curves that are not chosen, the smallest rate first


def descent(curves):
    """Choose a learning rate, or touch a curve: how the loss goes on from update to update.

    curves: {learning rate: (n,) losses after 0, 1, ... updates [nats]}, the smallest rate first; a curve ends before the
    first value that is not finite     returns: Explorer, switched in the browser
    """
    rates = [*curves]
    best = min(rates, key=lambda rate: _last(curves[rate]))
    def axes(ax):
        n = max(map(len, curves.values()))
        ax.set(xlabel="update", ylabel="loss [nats]", yscale="log", xlim=(0, 1.1 * n), ylim=_limits(curves))
    svg, ax = background(axes, "the loss against the number of updates, for several learning rates", width=8.4, height=3.6)
    def draw(rate):
        last = sorted(rates, key=lambda each: each == rate)          # the chosen one on top
        heights = apart({each: _end(ax, losses)[1] for each, losses in curves.items()}, LINE)
        dashes = dict(zip(rates, cycle(DASHES), strict=False))
        lines = "".join(_curve(ax, each, curves[each], each == rate, heights[each], dashes[each]) for each in last)
        return Picture(svg.replace("</svg>", lines + "</svg>"), _caption(rate, curves[rate], best) + _cut(curves, rate))
    return switched(draw, rate=picker("learning rate", [(f"{rate:g}", rate) for rate in rates], rates[0]))


def _limits(curves):
    """From below all of them to above the highest, or to 20 times the first loss where one leaves the picture."""
    finite = np.concatenate([losses[np.isfinite(losses)] for losses in curves.values()])
    return finite.min() * .8, min(finite.max() * 2, next(iter(curves.values()))[0] * 20)


def _last(losses):
    return losses[-1] if np.isfinite(losses).all() else np.inf


def _end(ax, losses):
    """Where a curve ends in the picture."""
    last = np.flatnonzero(np.isfinite(losses))[-1]
    return place(ax, last, np.clip(losses[last], *ax.get_ylim()))


def _curve(ax, rate, losses, chosen, height, dash):
    """A curve with its name, and a thin line from its end to the name."""
    colour, width, dash = (palette.LOSS, 3, "") if chosen else (palette.MUTED, 1.4, dash)
    (x, y), path = _end(ax, losses), polyline(ax, range(len(losses)), losses)
    body = (f'<path d="{path}" stroke="{palette.PAPER}" stroke-opacity="0" stroke-width="14" fill="none"/>'
            f'<path d="{path}" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash or "none"}" fill="none"/>'
            f'<path d="M{x + 2:.1f} {y:.1f}L{x + 15:.1f} {height:.1f}" stroke="{palette.MUTED}" stroke-width=".8" fill="none"/>'
            + words(x + 18, height + 4, f"{rate:g}", colour, weight="bold" if chosen else "normal"))
    return touch(body, sets=f"rate={rate:g}", says=f"Learning rate {rate:g}.", chosen=chosen)


def _cut(curves, rate):
    """What is said of a curve that leaves the picture at its top."""
    top, losses = _limits(curves)[1], curves[rate]
    return f" Above {top:.0f} its curve is cut off." if (losses[np.isfinite(losses)] > top).any() else ""


def _how(losses):
    return "at every update" if (np.diff(losses) < 0).all() else "on the whole"


def _caption(rate, losses, best):
    if not np.isfinite(losses).all() or losses[-1] > losses[0]:
        return f"{rate:g} is too large: an update jumps over the valley, and the loss ends higher than it began."
    if rate == best:
        return f"{rate:g} is best after {len(losses) - 1} updates: large enough to get on, small enough to stay in the valley."
    if rate < best:
        size = "too small" if losses[-1] > losses[0] / 2 else "smaller than the best"
        return f"{rate:g} is {size}: the loss falls {_how(losses)}, but ends higher than with {best:g}."
    return f"{rate:g} is larger than the best: the loss goes up and down on its way."
