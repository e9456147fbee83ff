"""A chart as SVG text, in the house's colours and letters."""
import html
import io
import re
from itertools import count

from .. import palette

SLIM = 4.25         # inches of a chart on a phone, 408 pixels
_number = count()


def background(draw, title, *, width=7.2, height=2.6):
    """A chart to put curves into.

    draw: called with the axes     title: for screen readers     width, height: inches     returns: SVG text, its Axes for `place`
    """
    from matplotlib import rc_context  # not above: it takes half a second, and most lessons have no chart
    from matplotlib.figure import Figure

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": f"rnn{next(_number)}", "font.family": "sans-serif", "font.size": 10,
                     "font.sans-serif": ["Liberation Sans", "Arial", "DejaVu Sans"],
                     "text.color": palette.INK, "axes.labelcolor": palette.INK, "axes.edgecolor": palette.MUTED,
                     "xtick.color": palette.MUTED, "ytick.color": palette.MUTED,
                     "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(ax := figure.subplots())
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _own(drawn.getvalue(), title), ax


def backgrounds(draw, title, *, width, height):
    """`background` twice: as wide as that, and for a phone.   returns: two pairs"""
    return [background(draw, title, width=wide, height=height) for wide in (width, SLIM)]


def _own(svg, title):
    """matplotlib's SVG as a part of a page: its style rule for `*`, which would hold for the whole page, becomes attributes."""
    noise = r"<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>|<!--.*?-->|(?<=<g) id=\"(?!figure)[^\"]*\""
    svg = re.sub(noise, "", svg[svg.index("<svg"):], flags=re.DOTALL)
    svg = re.sub(r'(width|height)="([\d.]+)pt"', lambda found: f'{found[1]}="{float(found[2]) * 4 / 3:g}"', svg, count=2)
    own = f'role="img" aria-label="{html.escape(title)}" stroke-linejoin="round" stroke-linecap="butt"'
    return svg.replace("<svg", f"<svg {own}", 1)
