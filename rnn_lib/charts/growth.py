"""How a cost grows with a size."""
import numpy as np

from .. import palette

STYLE = ((palette.MUTED, "s"), (palette.USE, "o"), (palette.LOSS, "^"))


def growth(ax, lines, *, xlabel, ylabel):
    """Draw costs against sizes, both axes logarithmic: a power of the size is a straight line, its exponent the slope.

    The name of a line stands at its end, and only the ends have ticks.

    lines: {name: (sizes, values)}, up to three     returns: list of lines
    """
    drawn = [ax.loglog(*line, marker=marker, color=colour, label=name)[0]
             for (name, line), (colour, marker) in zip(lines.items(), STYLE, strict=False)]
    for (name, (sizes, values)), line in zip(lines.items(), drawn, strict=True):
        ax.annotate(name, (sizes[-1], values[-1]), (9, 0), textcoords="offset points", va="center", color=line.get_color(),
                    fontsize=11, fontweight="bold")
    first = min(int(sizes[0]) for sizes, _ in lines.values())
    ticks = sorted({first, *(int(sizes[-1]) for sizes, _ in lines.values())})
    all_values = np.concatenate([values for _, values in lines.values()])
    low, high = np.floor(np.log10(all_values.min())), np.ceil(np.log10(all_values.max()))
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(first * .85, ticks[-1] * 9), ylim=(10 ** low * .9, 10 ** high * 1.3),
           yticks=10.0 ** np.arange(low, high + 1))
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    return drawn
