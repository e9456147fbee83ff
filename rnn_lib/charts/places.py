"""Where a point of a chart stands in its SVG, so that curves can be put into a chart that was saved once: a chart costs a
hundred times what a curve in it does; and where the names of curves stand."""
import numpy as np

from .. import palette


def place(ax, x, y):
    """(x, y) in the SVG, whose unit is 1/72 inch and whose y points down. The chart must have been saved once, for its layout."""
    inches = ax.figure.dpi_scale_trans.inverted().transform(ax.transData.transform((x, y)))
    return inches[0] * 72, (ax.figure.get_figheight() - inches[1]) * 72


def over(svg, *marks):
    """A chart with these over it.   svg, marks: SVG text, the last mark on top"""
    return svg.replace("</svg>", "".join(marks) + "</svg>")


def strips(ax, xs):
    """SVG text for each of evenly spaced places: an unseen strip over it, to be touched.   returns: list of n strings"""
    low, high = (place(ax, xs[0], edge)[1] for edge in ax.get_ylim())
    middles = [place(ax, x, ax.get_ylim()[0])[0] for x in xs]
    wide = abs(middles[-1] - middles[0]) / max(1, len(xs) - 1)
    return [f'<path d="M{x - wide / 2:.1f} {high:.1f}h{wide:.1f}V{low:.1f}h{-wide:.1f}z" fill="{palette.SHADE}" '
            'fill-opacity="0"/>' for x in middles]


def words(x, y, text, colour, anchor="start", *, weight="normal", halo=""):
    """Words in such a chart, in the font of its axes.   halo: colour of a rim that keeps them apart from lines behind them"""
    rim = f' stroke="{halo}" stroke-width="3" paint-order="stroke"' if halo else ""
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="10" font-family="Liberation Sans, Arial, sans-serif" '
            f'font-weight="{weight}" text-anchor="{anchor}" fill="{colour}"{rim}>{text}</text>')


def apart(ends, line, low=-np.inf, high=np.inf):
    """{name: its height}, a line of text from one to the next, as near as can be to the ends of their curves.

    ends: {name: height of its curve's end}     line, low, high: a line of text, and two edges, in the same unit
    """
    names = sorted(ends, key=ends.get)
    lines = line * np.arange(len(names))
    groups = []                                    # of names that stand a line apart, about the mean of their ends
    for end in [ends[name] for name in names] - lines:
        groups.append((end, 1))
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            (a, n), (b, m) = groups[-2:]
            groups[-2:] = [((n * a + m * b) / (n + m), n + m)]
    heights = [mean for mean, n in groups for _ in range(n)]
    return dict(zip(names, np.clip(heights, low, high - line * (len(names) - 1)) + lines, strict=True))


def polyline(ax, xs, ys):
    """The d of an SVG path through the points; one that is no number breaks the line, one outside stops at the edge."""
    low, high = ax.get_ylim()
    path, pen = "", "M"
    for x, y in zip(xs, ys, strict=True):
        if np.isnan(y):
            pen = "M"
        else:
            path, pen = path + "{}{:.1f} {:.1f}".format(pen, *place(ax, x, np.clip(y, low, high))), "L"
    return path
