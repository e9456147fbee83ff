"""How much of a gradient is left after some steps back in time."""
from itertools import pairwise

import numpy as np

from .. import palette
from .places import apart, place, polyline, words

#         what it is, the same on a phone, colour, dashes, width
STYLE = {"bound": ("bound, ‖W‖ to the T − k", "bound", palette.MUTED, (7, 4), 1.5),
         "largest": ("largest singular value", "largest sing. v.", palette.W, (), 2),
         "gradient": ("the gradient", "gradient", palette.LOSS, (), 3),
         "radius": ("ρ to the T − k", "ρ to the T − k", palette.INK, (1, 3), 1.8),
         "smallest": ("smallest singular value", "smallest sing. v.", palette.W, (9, 3, 2, 3), 1.5)}
DECADES = 10                        # from 1 up, and from 1 down: the same for every setting, so that settings can be compared
GAP = 8 * "\u00a0"                   # between the words at the axis; other spaces would run together
NAMES, LINE = (2.3, 1.6), 16        # room for the names at the ends, on a phone as well, in inches; from one name to the next


def gradient_flow(ax, T):
    """Draw the axes that `flow_curves` draws on: distance T − k, and a logarithmic factor with a line at 1.

    T: step of the loss     returns: the line at 1
    """
    one, = ax.plot((-.3, T - 1), (1, 1), color=palette.FAINT, linewidth=1)
    wide = ax.figure.get_figwidth()
    names = NAMES[int(wide < 6)]
    between = f" between the use at step k and the loss at step T = {T}" if wide > 6 else ""
    ax.set(xlabel=f"T − k, the number of Jacobians{between}",
           ylabel=f"← vanishes{GAP}factor{GAP}explodes →", yscale="log", ylim=(10.0 ** -DECADES, 10.0 ** DECADES),
           xlim=(-.3, T + T * names / (wide - names - .6)), xticks=range(0, T, 5),
           yticks=[10.0 ** n for n in range(-8, 9, 4)])
    ax.xaxis.set_label_coords(0, -.1)
    ax.xaxis.label.set_horizontalalignment("left")
    ax.spines["bottom"].set_bounds(-.3, T)
    ax.minorticks_off()
    return one


def flow_curves(ax, curves, said=""):
    """SVG texts of curves over the distances 0, 1, 2, ..., cut off where they leave the axes; a dot marks the last value, and
    at the right edge, about as high, stands the name, after a piece of the line.

    To put into the chart's SVG, which must have been saved once, for its layout: a chart costs a hundred times as much.
    curves: {"bound", "largest", "gradient", "radius", "smallest": (T,) factors}     said: after the name of the gradient
    returns: {"band": from the largest down to the smallest, and a text for each name of the curves}
    """
    found = {name: np.asarray(curves[name], float) for name in STYLE}
    edges = ax.get_ylim()
    ends = {name: place(ax, 0, np.clip(found[name][-1], *edges))[1] for name in sorted(found, key=lambda name: -found[name][-1])}
    foot, top = (place(ax, 0, edge)[1] for edge in edges)
    heights = apart(ends, LINE, top + 6, foot - 6)
    x, slim = place(ax, len(curves["gradient"]), 1)[0], ax.figure.get_figwidth() < 6
    lines, piece = {}, 12 if slim else 22
    for name, (long, short, *look) in STYLE.items():
        strong, last = name == "gradient", found[name][-1]
        beyond = "▲ " if last > edges[1] else "▼ " if last < edges[0] else ""              # it has left the axes at its end
        lines[name] = _curve(ax, found[name], (x, heights[name], piece), *look) + words(
            x + piece + 6, heights[name] + 3.5, f"{beyond}{short if slim else long}{said * strong}", look[0],
            weight="bold" if strong else "normal", halo=palette.PAPER)
    there = range(len(curves["gradient"]))
    around = polyline(ax, [*there, *reversed(there)], [*found["largest"], *reversed(found["smallest"])])
    return {"band": f'<path d="{around}Z" fill="{palette.W}" fill-opacity=".1"/>', **lines}


def _curve(ax, factors, name, colour, dashes, width):
    with np.errstate(divide="ignore"):
        heights = np.log10(factors)
    low, high = np.log10(ax.get_ylim())
    path, end = "", None
    for d, (a, b) in enumerate(pairwise(heights)):
        piece = _inside(d, a, b, low, high)
        if piece:
            start, stop = ("{:.1f} {:.1f}".format(*place(ax, distance, 10.0 ** height)) for distance, height in piece)
            path += f"{'' if start == end else f'M{start}'}L{stop}"
            end = stop
    path += "M{:.1f} {:.1f}h{}".format(*name)
    dash = f' stroke-dasharray="{" ".join(map(str, dashes))}"' if dashes else ""
    line = f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}/>'
    if low <= heights[-1] <= high:
        x, y = place(ax, len(factors) - 1, factors[-1])
        line += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{width / 2 + 1.5:g}" fill="{colour}"/>'
    return line


def _inside(d, a, b, low, high):
    """The part of the line from (d, a) to (d+1, b) between the edges, as two points; None when there is none."""
    a, b = max(a, -1e3), max(b, -1e3)
    edges = sorted((edge - a) / (b - a) for edge in (low, high)) if a != b else (0, 1)
    first, last = max(0, edges[0]), min(1, edges[1])
    if first >= last or not low <= a + (b - a) * (first + last) / 2 <= high:
        return None
    return (d + first, a + (b - a) * first), (d + last, a + (b - a) * last)
