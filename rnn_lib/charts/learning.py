"""How a network learns: the loss of every update, and what the validation set says."""
import numpy as np

from .. import palette
from .places import apart

SMOOTH = 20          # updates in a running mean
DASHES = ("--", "-.", ":")
LEAST = .02          # nats, where the axis of a loss begins


def learning(ax, losses, watched, baselines, *, updates, perplexity=True, earlier=None, name=""):
    """Draw the running mean of the loss, that of other text after each pass, and the baselines across; in pale the loss of every
    update, unless the curves of other networks are there to compare with.

    losses: (n,) of the updates so far [nats per word]     watched: {update: perplexity, or loss}
    baselines: {name: the same}     updates: how many there will be, the length of the axis
    perplexity: e^loss, else the loss itself; both on a logarithmic axis     earlier: {name: losses} of up to three other networks
    name: of this network; it and those of the others stand at the ends of their curves, and no key is needed
    returns: list of lines
    """
    drawn, shown = [], np.exp if perplexity else np.asarray
    def curve(values, **look):
        drawn.extend(ax.plot(np.arange(1, len(values) + 1), shown(values), **look))
    if not earlier:
        curve(losses, color=palette.LOSS, linewidth=.8, alpha=.35)
    curve(smooth(losses), color=palette.LOSS, linewidth=2.2, label=f"in training, mean over {SMOOTH} updates")
    for (other, others), dashes in zip((earlier or {}).items(), DASHES, strict=False):
        curve(smooth(others), color=palette.MUTED, linestyle=dashes, linewidth=1.8, label=other)
    if watched:
        drawn += ax.plot([*watched], [*watched.values()], color=palette.INK, marker="o", markersize=5, label="validation set",
                         clip_on=False, zorder=3)
    for baseline, value in baselines.items():
        drawn.append(ax.axhline(value, color=palette.MUTED, linewidth=1.2, linestyle="--"))
        ax.annotate(f"{baseline}: {value:.0f}", (updates, value), (0, 2), textcoords="offset points", ha="right", va="bottom",
                    color=palette.MUTED)
    if perplexity:
        label, limits, ticks = "perplexity", (20, 3000), (20, 50, 100, 200, 500, 1000, 2000)
    else:
        first = [loss for each in (losses, *(earlier or {}).values()) for loss in each[:5]]
        label, limits, ticks = "loss per word [nats]", (LEAST, 1.3 * max([1, *first])), (.03, .1, .3, 1, 3)
    ax.set(xlim=(0, updates), xlabel="updates", yscale="log", ylim=limits, ylabel=label)
    ax.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.minorticks_off()
    if name:
        ends = {each: smooth(values)[-1] for each, values in {**(earlier or {}), name: losses}.items() if len(values)}
        _names(ax, ends, updates, name)
    else:
        ax.legend(frameon=False, loc="upper right")
    return drawn


def _names(ax, ends, updates, this):
    """The names of curves at the right of the picture, a line of text apart, each with a thin line from the end of its curve.

    ends: {name: last value}, on a logarithmic axis     updates: the end of the axis     this: the name in colour
    """
    low, high = np.log(ax.get_ylim())
    ends = {name: max(value, LEAST) for name, value in ends.items()}
    for name, height in apart({name: np.log(value) for name, value in ends.items()}, (high - low) / 11, low).items():
        colour, weight = (palette.LOSS, "bold") if name == this else (palette.MUTED, "normal")
        ax.annotate(name, (updates, ends[name]), (updates * 1.04, np.exp(height)), va="center", color=colour, weight=weight,
                    annotation_clip=False, arrowprops={"arrowstyle": "-", "color": palette.MUTED, "linewidth": .8, "shrinkA": 2,
                                                       "shrinkB": 0, "relpos": (0, .5)})


def smooth(losses):
    """The mean of about 20 losses around every update, of fewer near both ends. In the middle it does not lag behind.

    losses: (n,)     returns: (n,)
    """
    sums, at = np.concatenate([[0], np.cumsum(losses)]), np.arange(len(losses))
    before = np.minimum(SMOOTH // 2, at)
    after = np.minimum(before, at[::-1])                      # at the beginning the loss falls fast: as many after as before
    return (sums[at + after + 1] - sums[at - before]) / (before + after + 1)
