"""How a network learns: the loss of every update, and what the validation set says."""
import numpy as np

from .. import palette
from .places import apart
from .svg import SLIM

SMOOTH = 20          # updates in a running mean
DASHES = ("--", "-.", ":")
CUT = 300            # perplexity, where the axis ends that shows two networks
LEAST = .02          # nats, where the axis of a loss begins


def learning(ax, losses, watched, baselines, *, updates, perplexity=True, earlier=None, other=None, name=""):
    """Draw the running mean of the loss, that of other text after each pass, and the baselines across; in pale the loss of every
    update, unless the curves of other networks are there to compare with.

    losses: (n,) of the updates so far [nats per word]     watched: {update: perplexity, or loss}
    baselines: {name: the same}     updates: how many there will be, the length of the axis
    perplexity: e^loss, else the loss itself; both on a logarithmic axis     earlier: {name: losses} of up to three other networks
    other: {name: {update: perplexity}}, what the same network reached on the validation set, trained in another way; with it the
    axis is cut above the dots and counts epochs, the lowest and the last dot have their figures, and the baselines their names
    at the right
    name: of this network; it and those of the others stand at the ends of their curves, and no key is needed
    returns: list of lines
    """
    drawn, shown = [], np.exp if perplexity else np.asarray
    def curve(values, **look):
        drawn.extend(ax.plot(np.arange(1, len(values) + 1), shown(values), **look))
    if not earlier:
        curve(losses, color=palette.LOSS, linewidth=.8, alpha=.35)
    curve(smooth(losses), color=palette.LOSS, linewidth=2.2, label=f"in training, mean over {SMOOTH} updates")
    for (title, others), dashes in zip((earlier or {}).items(), DASHES, strict=False):
        curve(smooth(others), color=palette.MUTED, linestyle=dashes, linewidth=1.8, label=title)
    if watched:
        drawn += _dots(ax, watched, "validation set", other, color=palette.INK, zorder=3)
    for title, reached in (other or {}).items():
        drawn += _dots(ax, reached, f"validation set, {title}", other, False, color=palette.MUTED, dashes=(4, 3), linewidth=1)
    for baseline, value in baselines.items():
        drawn.append(ax.axhline(value, color=palette.MUTED, linewidth=1.2, linestyle="--"))
        named, place = baseline, {"xytext": (0, 2), "ha": "right", "va": "bottom"}
        if other:
            named, place = baseline.replace(" ", "\n", 1), {"xytext": (8, 0), "ha": "left", "va": "center"}
        ax.annotate(f"{named}: {value:.0f}", (updates, value), textcoords="offset points", color=palette.MUTED, **place)
    if perplexity:
        label, limits, ticks = "perplexity (logarithmic)", (20, 3000), (20, 50, 100, 200, 500, 1000, 2000)
        if other:
            limits, ticks = (28, CUT), (30, 50, 100, 200)
    else:
        first = [loss for each in (losses, *(earlier or {}).values()) for loss in each[:5]]
        label, limits, ticks = "loss per word [nats]", (LEAST, 1.3 * max([1, *first])), (.03, .1, .3, 1, 3)
    ax.set(xlim=(0, updates), xlabel="updates", yscale="log", ylim=limits, ylabel=label)
    ax.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.minorticks_off()
    if other:
        passes = [*next(iter(other.values()))]
        ax.set_xticks(passes, range(1, len(passes) + 1))
        ax.set_xlabel(f"epoch ({passes[0]} updates each)")
    if name:
        ends = {each: smooth(values)[-1] for each, values in {**(earlier or {}), name: losses}.items() if len(values)}
        _names(ax, ends, updates, name)
    elif other:
        wide = ax.figure.get_figwidth() > SLIM
        ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0, ncols=3 if wide else 1)
    else:
        ax.legend(frameon=False, loc="upper right")
    return drawn


def _dots(ax, watched, label, other, below=True, **look):
    """The perplexity after each pass. With another run there, the lowest and the last dot have their figures."""
    passes = {at: n for n, at in enumerate(watched, 1)}
    for at in sorted({min(watched, key=watched.get), max(watched)}) if other else ():
        value, last = watched[at], at == max(watched)
        figure = f"{value:.1f}" if value < 89.95 else f"{value:.0f}"
        ax.annotate(f"{figure}, epoch {passes[at]}", (at, value), (4 * last, -7 if below else 7), textcoords="offset points",
                    ha="right" if last else "center", va="top" if below else "bottom", color=look["color"], zorder=4,
                    bbox={"facecolor": palette.PAPER, "edgecolor": "none", "pad": .3})
    return ax.plot([*watched], [*watched.values()], marker="o", markersize=5, label=label, clip_on=False, **look)


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
