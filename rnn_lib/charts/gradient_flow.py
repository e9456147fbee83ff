"""How much of a gradient is left after some steps back in time."""
from itertools import pairwise

import numpy as np

from .. import palette

#         what it is, colour, dashes, width
STYLE = {"bound": ("bound: norm of W to the t − k", palette.MUTED, (7, 4), 1.5),
         "largest": ("largest singular value", palette.W, (), 2),
         "gradient": ("the gradient of the last loss", palette.LOSS, (), 3),
         "radius": ("ρ to the t − k", palette.INK, (1, 3), 1.8),
         "smallest": ("smallest singular value", palette.W, (4, 3), 1.5)}
LOW, HIGH = 1e-12, 1e12


def gradient_flow(ax, T_max):
    """Draw the axes that `flow_curves` draws on: distance t − k, and a logarithmic factor with a line at 1.

    T_max: steps there is room for     returns: the line at 1
    """
    for words, colour, dashes, width in STYLE.values():
        ax.plot([], [], color=colour, linewidth=width, label=words, linestyle=(0, dashes) if dashes else "-")
    one = ax.axhline(1, color=palette.FAINT, linewidth=1)
    ax.set(xlabel="t − k, the number of Jacobians between the use at step k and the loss at step t = T", ylabel="factor",
           yscale="log", ylim=(LOW, HIGH), xlim=(-.3, T_max - .5), yticks=[10.0 ** n for n in range(-12, 13, 4)])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e+") if value != 1 else "1")
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1), labelspacing=.8)
    return one


def flow_curves(ax, curves):
    """SVG text of curves over the distances 0, 1, 2, ..., cut off where they leave the axes; a dot marks the last value.

    To put into the chart's SVG, which must have been saved once, for its layout: a chart costs a hundred times as much.
    curves: {"bound", "largest", "gradient", "radius", "smallest": (T,) factors}; below the largest, a band down to the smallest
    returns: string
    """
    band = _band(ax, curves["largest"], curves["smallest"])
    return band + "".join(_curve(ax, np.asarray(curves[name], float), *look[1:]) for name, look in STYLE.items())


def _curve(ax, factors, colour, dashes, width):
    with np.errstate(divide="ignore"):
        heights = np.log10(factors)
    path, end = "", None
    for d, (a, b) in enumerate(pairwise(heights)):
        piece = _inside(d, a, b)
        if piece:
            start, stop = (_place(ax, *point) for point in piece)
            path += f"{'' if start == end else f'M{start}'}L{stop}"
            end = stop
    dash = f' stroke-dasharray="{" ".join(map(str, dashes))}"' if dashes else ""
    line = f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}/>' if path else ""
    if np.log10(LOW) <= heights[-1] <= np.log10(HIGH):
        x, y = _place(ax, len(heights) - 1, heights[-1]).split()
        line += f'<circle cx="{x}" cy="{y}" r="{width / 2 + 1.5:g}" fill="{colour}"/>'
    return line


def _inside(d, a, b):
    """The part of the line from (d, a) to (d+1, b) between the edges, as two points; None when there is none."""
    a, b = max(a, -1e3), max(b, -1e3)
    edges = sorted((edge - a) / (b - a) for edge in (np.log10(LOW), np.log10(HIGH))) if a != b else (0, 1)
    first, last = max(0, edges[0]), min(1, edges[1])
    if first >= last or not np.log10(LOW) <= a + (b - a) * (first + last) / 2 <= np.log10(HIGH):
        return None
    return (d + first, a + (b - a) * first), (d + last, a + (b - a) * last)


def _band(ax, largest, smallest):
    top, bottom = (np.log10(np.clip(values, LOW, HIGH)) for values in (largest, smallest))
    points = [*enumerate(top), *reversed([*enumerate(bottom)])]
    corners = "L".join(_place(ax, *point) for point in points)
    return f'<path d="M{corners}Z" fill="{palette.W}" fill-opacity=".1"/>'


def _place(ax, distance, height):
    """Where a point stands in the SVG, whose unit is 1/72 inch and whose y points down; height: the log10 of a factor"""
    inches = ax.figure.dpi_scale_trans.inverted().transform(ax.transData.transform((distance, 10.0 ** height)))
    return f"{inches[0] * 72:.1f} {(ax.figure.get_figheight() - inches[1]) * 72:.1f}"
