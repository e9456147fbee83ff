"""How far a numerical derivative is off, against the size of its step: the axes, and what each curve looks like."""
import numpy as np

from .. import palette

#        colour, mark, dashes, width of the line, radius of a ring around a mark: one curve stays visible below another
STYLE = ((palette.MUTED, "s", "6 3", 1.5, 6), (palette.INK, "o", "", 3, 8), (palette.ACCENT, "^", "", 1.5, 5))
LOWEST, TICKS = 1e-17, [10.0 ** n for n in range(-16, 1, 2)]


def step_axes(ax, steps, names):
    """Draw the axes, both logarithmic (a power of s is a straight line), and above them the names of up to three curves."""
    for name, (colour, mark, *_) in zip(names, STYLE, strict=False):
        ax.plot([], [], mark, markersize=4, color=colour, label=name)
    ax.set(xscale="log", yscale="log", xlabel="step s", ylabel="relative error", ylim=(LOWEST, 20), yticks=TICKS, xticks=TICKS)
    ax.set_xlim(min(steps) / 6, 6 * max(steps))
    ax.minorticks_off()
    ax.grid(color=palette.FAINT, linewidth=.6, clip_on=False)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, handlelength=0, borderaxespad=0, columnspacing=1.2,
              handletextpad=.6, labelcolor="linecolor", prop={"size": 10, "weight": "bold"})


def shown(error):
    """An error as a logarithmic axis can show it: 0 at the lower edge."""
    return np.maximum(error, LOWEST)


def slopes(error):
    """What makes the error of a central difference, and the number of the step in the middle of the slope where it does.

    error: (n,), the largest step first     returns: {"Taylor", "rounding": int}, one of them where the best step is at an end
    """
    size, best = np.log(shown(error)), int(np.argmin(error))
    far = abs(size - size.min() / 2)
    sides = {"Taylor": range(best), "rounding": range(best + 1, len(error))}
    return {what: min(slope, key=far.__getitem__) for what, slope in sides.items() if slope}
