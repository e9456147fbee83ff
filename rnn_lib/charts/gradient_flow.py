"""How much of a gradient is left after some steps back in time."""
from itertools import pairwise

import numpy as np

from .. import palette
from .places import place

#         what it is, colour, dashes, width
STYLE = {"bound": ("bound: norm of W to the t − k", palette.MUTED, (7, 4), 1.5),
         "largest": ("largest singular value", palette.W, (), 2),
         "gradient": ("the gradient of the last loss", palette.LOSS, (), 3),
         "radius": ("ρ to the t − k", palette.INK, (1, 3), 1.8),
         "smallest": ("smallest singular value", palette.W, (9, 3, 2, 3), 1.5)}
DECADES = 8                         # from 1 up, and from 1 down: the same for every setting, so that settings can be compared


def gradient_flow(ax, T_max):
    """Draw the axes that `flow_curves` draws on: distance t − k, and a logarithmic factor with a line at 1.

    T_max: steps there is room for     returns: the line at 1
    """
    for words, colour, dashes, width in STYLE.values():
        ax.plot([], [], color=colour, linewidth=width, label=words, linestyle=(0, dashes) if dashes else "-")
    one = ax.axhline(1, color=palette.MUTED, linewidth=1)
    for height, words in ((10.0 ** (DECADES - 1), "↑ explodes"), (10.0 ** -(DECADES - 1), "↓ vanishes")):
        ax.text(.2, height, words, va="center", color=palette.MUTED)
    ax.set(xlabel="t − k, the number of Jacobians between the use at step k and the loss at step t = T", ylabel="factor",
           yscale="log", ylim=(10.0 ** -DECADES, 10.0 ** DECADES), xlim=(-.3, T_max + 2.8), xticks=range(0, T_max, 5),
           yticks=[10.0 ** n for n in range(-DECADES, DECADES + 1, 4)])
    ax.minorticks_off()
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1), labelspacing=.8)
    return one


def flow_curves(ax, curves, said=""):
    """SVG texts of curves over the distances 0, 1, 2, ..., cut off where they leave the axes; a dot marks the last value.

    To put into the chart's SVG, which must have been saved once, for its layout: a chart costs a hundred times as much.
    curves: {"bound", "largest", "gradient", "radius", "smallest": (T,) factors}     said: what stands at the end of the gradient
    returns: {"band": from the largest down to the smallest, and a text for each name of the curves}
    """
    lines = {name: _curve(ax, np.asarray(curves[name], float), *look[1:]) for name, look in STYLE.items()}
    lines["gradient"] += _said(ax, np.asarray(curves["gradient"], float), said)
    return {"band": _band(ax, curves["largest"], curves["smallest"]), **lines}


def _said(ax, factors, words):
    """Words at the end of a curve, or, with an arrow, where it leaves the axes."""
    heights, (low, high) = np.log10(factors), np.log10(ax.get_ylim())
    if low <= heights[-1] <= high:
        (x, y), sign = place(ax, len(heights) - 1, factors[-1]), ""
    else:
        up, first = heights[-1] > high, int(np.flatnonzero((heights < low) | (heights > high))[0])
        edge, (a, b) = high if up else low, heights[first - 1:first + 1]
        (x, y), sign = place(ax, first - 1 + (edge - a) / (b - a), 10.0 ** edge), "▲ " if up else "▼ "
        y += 10 if up else -6
    x, anchor = (x - 8, "end") if sign == "▼ " else (x + 8, "start")
    return (f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}" font-family="Liberation Sans, Arial, sans-serif" '
            f'font-size="11" font-weight="bold" fill="{palette.LOSS}">{sign}{words}</text>')


def _curve(ax, factors, colour, dashes, width):
    with np.errstate(divide="ignore"):
        heights = np.log10(factors)
    low, high = np.log10(ax.get_ylim())
    path, end = "", None
    for d, (a, b) in enumerate(pairwise(heights)):
        piece = _inside(d, a, b, low, high)
        if piece:
            start, stop = (_place(ax, *point) for point in piece)
            path += f"{'' if start == end else f'M{start}'}L{stop}"
            end = stop
    dash = f' stroke-dasharray="{" ".join(map(str, dashes))}"' if dashes else ""
    line = f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}/>' if path else ""
    if low <= heights[-1] <= high:
        x, y = _place(ax, len(heights) - 1, heights[-1]).split()
        line += f'<circle cx="{x}" cy="{y}" r="{width / 2 + 1.5:g}" fill="{colour}"/>'
    return line


def _inside(d, a, b, low, high):
    """The part of the line from (d, a) to (d+1, b) between the edges, as two points; None when there is none."""
    a, b = max(a, -1e3), max(b, -1e3)
    edges = sorted((edge - a) / (b - a) for edge in (low, high)) if a != b else (0, 1)
    first, last = max(0, edges[0]), min(1, edges[1])
    if first >= last or not low <= a + (b - a) * (first + last) / 2 <= high:
        return None
    return (d + first, a + (b - a) * first), (d + last, a + (b - a) * last)


def _band(ax, largest, smallest):
    top, bottom = (np.log10(np.clip(values, *ax.get_ylim())) for values in (largest, smallest))
    points = [*enumerate(top), *reversed([*enumerate(bottom)])]
    corners = "L".join(_place(ax, *point) for point in points)
    return f'<path d="M{corners}Z" fill="{palette.W}" fill-opacity=".1"/>'


def _place(ax, distance, height):
    """The place of a point as text; height: the log10 of a factor"""
    return "{:.1f} {:.1f}".format(*place(ax, distance, 10.0 ** height))
