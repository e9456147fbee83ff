"""How a cost grows with a size."""
from .. import palette

STYLE = ((palette.MUTED, "s"), (palette.USE, "o"), (palette.LOSS, "^"))


def growth(ax, lines, *, xlabel, ylabel):
    """Draw costs against sizes, both axes logarithmic: a power of the size is a straight line, its exponent the slope.

    lines: {name: (sizes, values)}, up to three     returns: list of lines
    """
    drawn = [ax.loglog(*line, marker=marker, color=colour, label=name)[0]
             for (name, line), (colour, marker) in zip(lines.items(), STYLE, strict=False)]
    sizes = sorted({int(size) for line in lines.values() for size in line[0]})
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    return drawn
