"""How far a numerical derivative is off, against the size of its step."""
import numpy as np

from .. import palette

#        colour, marker, dashes, width of the line, radius of a mark: one curve stays visible below another
STYLE = ((palette.MUTED, "s", "--", 1.5, 6), (palette.INK, "o", "-", 3, 8), (palette.ACCENT, "^", "-", 1.5, 5))
LOWEST, TICKS = 1e-17, [10.0 ** n for n in range(-16, 1, 2)]


def step_curves(ax, steps, errors):
    """Draw the error of numerical derivatives against their step, both axes logarithmic: a power of s is a straight line.

    steps: (n,) step sizes     errors: {name: (n,) relative errors}, up to three     returns: list of lines
    """
    drawn = [ax.loglog(steps, shown(error), dash, marker=marker, markersize=4, linewidth=width, color=colour, label=name)[0]
             for (name, error), (colour, marker, dash, width, _) in zip(errors.items(), STYLE, strict=False)]
    ax.set(xlabel="step s", ylabel="relative error", ylim=(LOWEST, 20), yticks=TICKS, xticks=TICKS)
    ax.minorticks_off()
    ax.grid(color=palette.FAINT, linewidth=.6, clip_on=False)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, handlelength=0, borderaxespad=0, columnspacing=1.2,
              handletextpad=.6, labelcolor="linecolor", prop={"size": 10, "weight": "bold"})
    if "central difference" in errors:
        _sides(ax, steps, errors["central difference"])
    return drawn


def _sides(ax, steps, error):
    """Beside the middle of each of its slopes, what makes the error of the central difference there."""
    size, best = np.log(shown(error)), int(np.argmin(error))
    far = abs(size - size.min() / 2)
    for slope, offset, side, what in ((range(best), (12, -6), "left", "Taylor"),
                                      (range(best + 1, len(steps)), (-10, -6), "right", "rounding")):
        if slope:                                                  # at its best at an end, it has one
            i = min(slope, key=far.__getitem__)
            ax.annotate(what, (steps[i], shown(error)[i]), offset, textcoords="offset points", ha=side, va="center",
                        color=palette.MUTED, fontsize=10)


def shown(error):
    """An error as a logarithmic axis can show it: 0 at the lower edge."""
    return np.maximum(error, LOWEST)
