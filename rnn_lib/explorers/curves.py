"""Curves to choose from: one stands out and has a caption of its own, and a touch on another chooses that one."""
from itertools import chain, cycle

import numpy as np

from .. import palette
from ..charts import apart, backgrounds, over, place, polyline, strips, words
from ..diagrams.svg import circle, path, touch, when
from .kit import Picture, switched

NAME = 66            # pixels for a name
LINE = 13            # pixels from the name of a curve to the next
DASHES = ("9 3", "2 3", "9 3 2 3", "5 2", "14 4", "1 6")      # of the curves not chosen; the first of all is drawn through


def choosing(key, control, curves, axes, caption, *, title, says, beside=None, growing=False, height=3.6):
    """An explorer of curves, each with its name at its end.

    key, control: the control that chooses, a slider or a row of choices with a stop for each curve
    curves: {stop: (n,) values at 0, 1, 2, ...}; a curve ends before the first value that is not finite
    axes: draws the axes     caption, says: stop -> what to notice while it is chosen, and before
    beside: {name: (n,) values} of curves that are there to compare with, dashed; without them each other curve has its dashes
    growing: whether the curves after the chosen one are left out, to be found
    returns: Explorer, switched in the browser
    """
    def with_names(ax):                                                            # which need room at the right of the axes
        axes(ax)
        left, right = ax.get_xlim()
        ax.set_xlim(left, right + NAME / (96 * ax.figure.get_figwidth() - NAME) * (right - left))
    drawn = backgrounds(with_names, title, width=9.4, height=height)
    lines, names = curves | (beside or {}), dict(zip(control.stops, control.labels, strict=True))
    dashes = {} if beside else dict(zip(lines, chain(["none"], cycle(DASHES)), strict=False))
    heights = [apart({each: _end(ax, values)[1] for each, values in lines.items()}, LINE) for _, ax in drawn]
    def curve(each, chosen, ax, heights):
        look = ((palette.LOSS, 3, "none", "bold") if each == chosen else (palette.INK, 2.2, "7 4", "normal") if each not in names
                else (palette.MUTED, 1.4, dashes.get(each, "none"), "normal"))
        body = _curve(ax, lines[each], names.get(each, each), heights[each], *look)
        return touch(body, sets=f"{key}={names[each]}", says=says(each), chosen=each == chosen) if each in names else body
    def draw(narrow=False, **value):
        chosen, (svg, ax) = value[key], drawn[narrow]
        later = [*curves][[*curves].index(chosen) + 1:] if growing else []
        last = sorted((each for each in lines if each not in later), key=lambda each: each == chosen)   # the chosen one on top
        body = "".join(curve(each, chosen, ax, heights[narrow]) for each in last)
        return Picture(over(svg, body), caption(chosen))
    return switched(draw, **{key: control})


def readings(ax, xs, curves, says):
    """To put over curves: who touches the chart reads off there, on each curve, what it is.

    xs: (n,) evenly spaced places on the axis     curves: lists of n values     says: n texts     returns: SVG text
    """
    foot, head = (place(ax, xs[0], edge)[1] for edge in ax.get_ylim())
    def read(x, values, name):
        rings = "".join(circle(*place(ax, x, value), 4.5, fill="none", stroke=palette.INK, stroke_width=2) for value in values)
        middle = place(ax, x, values[0])[0]
        return when(name, path(f"M{middle:.1f} {foot:.1f}V{head:.1f}", stroke=palette.MUTED) + rings)
    names = [f"at{i}" for i in range(len(xs))]
    across = [touch(strip, lights=name, says=said) for strip, name, said in zip(strips(ax, xs), names, says, strict=True)]
    return "".join([*map(read, xs, zip(*curves, strict=True), names), *across])


def _end(ax, values):
    """Where a curve ends in the picture."""
    last = np.flatnonzero(np.isfinite(values))[-1]
    return place(ax, last, np.clip(values[last], *ax.get_ylim()))


def _curve(ax, values, name, height, colour, width, dash, weight):
    """A curve with its name, and a thin line from its end to the name."""
    (x, y), line = _end(ax, values), polyline(ax, range(len(values)), values)
    return (path(line, stroke=palette.PAPER, stroke_opacity=0, stroke_width=14)
            + path(line, stroke=colour, stroke_width=width, dash=dash)
            + path(f"M{x + 2:.1f} {y:.1f}L{x + 15:.1f} {height:.1f}", stroke=palette.MUTED, stroke_width=.8)
            + words(x + 18, height + 4, name, colour, weight=weight))
