"""Outer products as tiles: a column at the left, a row on top, and in each cell the product of its two neighbours.

Colour says the sign, and never alone: a negative cell carries a bar in tiles, its minus sign in tables of numbers. It is as deep
in a tile as in a table. Cells of tables have names: d1 is entry 1 of the column, k2 entry 2 of the row, e1-2 their product; what
lights them frames the same cell of every tile. A table is few elements, so that the page changes soon: a text for each row, and
a path for each of five depths of a tint; what can be touched lies over them.
"""
import numpy as np

from .. import palette
from .svg import Drawing, label, note, path, rect, touch, when
from .wording import signed

GAP = 4             # between the factors and their product, in a tile
LINE = 28                       # height of a row of numbers
PALE, TINT = .1, .52            # the tint next to 0, and the strongest that leaves numbers legible


def tile(left, top, *, most, cell, high=0):
    """The outer product of two vectors as a small heat map, its factors along the edges.

    left: (K,) the column     top: (H,) the row     most: (of left, of top, of the product) that get the full colour
    cell: pixels, from left to right     high: pixels from top to bottom, as many when 0
    returns: Drawing, (H+1) by (K+1) cells large
    """
    size, (x, y) = (cell, high or cell), (cell + GAP, (high or cell) + GAP)
    cells = [(0, y + size[1] * i, value, most[0]) for i, value in enumerate(left)]
    cells += [(x + cell * j, 0, value, most[1]) for j, value in enumerate(top)]
    cells += [(x + cell * j, y + size[1] * i, value, most[2]) for (i, j), value in np.ndenumerate(np.outer(left, top))]
    whole = x + cell * len(top), y + size[1] * len(left)
    tints = "".join(_rectangle(x, y, *size, value, _tint(_strength(value, most))) for x, y, value, most in cells)
    return Drawing(*whole, _edge(*whole) + tints + _minus([(x, y) for x, y, value, _ in cells if value < 0], *size))


def frames(places, left, top, *, cell, high, gap=(GAP, GAP), column="d", row=True):
    """What frames one cell in every tile while it is lit: an entry of the product, of the column or of the row.

    places: (x, y) of each tile     left, top: how many entries they have     cell, high: as for `tile`
    gap: pixels between the product and its column, and its row     column: as for `table`     row: whether there is one
    returns: SVG text
    """
    def framed(name, x, y):
        boxes = "".join(f"M{a + x:.1f} {b + y:.1f}h{cell:.1f}v{high:g}h{-cell:.1f}z" for a, b in places)
        return when(name, path(boxes, stroke=palette.INK, stroke_width=2.2 if name[0] == "e" else 1))       # the product leads
    xs, ys = [cell + gap[0] + cell * j for j in range(top)], [high + gap[1] + high * i for i in range(left)]
    return "".join([*(framed(f"e{i}-{j}", x, y) for i, y in enumerate(ys) for j, x in enumerate(xs)),
                    *(framed(f"{column}{i}", 0, y) for i, y in enumerate(ys)),
                    *(framed(f"k{j}", x, 0) for j, x in enumerate(xs) if row)])


def empty_tile(left, top, text, *, cell, high=0):
    """The place of a tile to come; it hides what lies under it.   left, top: how many entries they have     returns: Drawing"""
    wide, tall = cell + GAP + cell * top, (high or cell) * (left + 1) + GAP
    words = label(wide / 2, tall / 2 + 4, text, size=12, colour=palette.MUTED)
    return Drawing(wide, tall, _edge(wide, tall, palette.FAINT) + words)


def table(left, product, top=None, *, most, wide, name="", column="d", says=None):
    """A matrix in numbers on tinted cells, a column of numbers at its left and, where given, a row on top.

    left: (K,)     product: (K, H)     top: (H,), None leaves its room empty     most: (of left, of top, of the product)
    wide: pixels of a cell     name: a class that lights the numbers; without one no cell is ever framed     returns: Drawing
    column: b where the numbers at the left are a sum, of which the product is not made
    says: (i, j) -> the caption while entry [i, j] is touched, j None for the column; the same entry is framed everywhere
    """
    start, first, (K, H) = wide + 8, LINE + 6, product.shape
    rows = [(0, [(start + wide * j, value, most[1]) for j, value in enumerate(() if top is None else top)])]
    for i, value in enumerate(left):
        entries = [(start + wide * j, number, most[2]) for j, number in enumerate(product[i])]
        rows.append((first + LINE * i, [(0, value, most[0]), *entries]))
    body = [touch(_numbers(rows, wide), f"{name} numbers" if name else "")]
    for i in range(K) if says else ():
        named = [(0, f"{column}{i} d{i}", None), *((start + wide * j, f"e{i}-{j} d{i} k{j}", j) for j in range(H))]
        body += [touch(rect(x, first + LINE * i, wide, LINE, fill="none", pointer_events="all"),
                       lights=f"{name} {entry} tile numbers", says=says(i, j)) for x, entry, j in named]
    if name:
        body.append(frames([(0, 0)], K, H, cell=wide, high=LINE, gap=(8, 6), column=column, row=top is not None))
    return Drawing(start + wide * H, first + LINE * K, "".join(body))


def _numbers(rows, wide):
    """Numbers, and the tints under them.   rows: (y, [(x, value, the value that gets the full colour)])"""
    tints, texts = {}, ""
    for y, row in rows:
        for x, value, most in row:
            strength = _strength(value, most)
            level = round(4 * strength) / 4 or .01 * (strength > 0)         # of four, and a trace where there is something at all
            look = palette.PLUS if value >= 0 else palette.MINUS, _tint(level)
            tints[look] = tints.get(look, "") + f"M{x + .5:.1f} {y + .5:.1f}h{wide - 1:.1f}v{LINE - 1}h{1 - wide:.1f}z"
        numbers = "".join(f'<tspan x="{x + wide / 2:g}">{written(value)}</tspan>' for x, value, _ in row)
        texts += f'<text y="{y + LINE / 2 + 4.5:g}" font-size="13" text-anchor="middle" fill="{palette.INK}">{numbers}</text>'
    return "".join(path(cells, fill=fill, fill_opacity=f"{strength:.2f}", stroke=palette.FAINT)
                   for (fill, strength), cells in tints.items()) + texts


def written(value):
    """+0.31, −0.04, 0.00 for what rounds to 0, and 0 for what is exactly 0."""
    return signed(value) if value else "0"


def outline(drawing, by=3):
    """A frame around a tile, and around the table that holds its numbers: they are the same.   by: pixels that it stands off"""
    return rect(-by, -by, drawing.width + 2 * by, drawing.height + 2 * by, 4, fill="none", stroke=palette.ACCENT, stroke_width=2)


def cell_width(most):
    """Pixels that a cell needs for signed numbers up to this size."""
    return 10 + 7.6 * len(signed(-abs(most)))


def key():
    """What the two colours mean."""
    squares = _rectangle(0, 3, 14, 14, 1, TINT) + _rectangle(0, 26, 14, 14, -1, TINT) + _minus([(0, 26)], 14, 14)
    return Drawing(46, 46, squares + note(20, 15, "> 0") + note(20, 38, "< 0"))


def _minus(places, wide, high):
    """The bars of negative cells."""
    bars = "".join(f"M{x + .3 * wide:.1f} {y + high / 2:.1f}h{.4 * wide:.1f}" for x, y in places)
    return f"<g>{path(bars, stroke=palette.INK, stroke_width=1.2, stroke_opacity=.55)}</g>" if bars else ""


def _rectangle(x, y, wide, high, value, strength):
    fill = palette.PLUS if value >= 0 else palette.MINUS
    return rect(x + .5, y + .5, wide - 1, high - 1, 1.5, fill=fill, fill_opacity=strength, stroke=fill, stroke_opacity=.2)


def _edge(wide, high, stroke=""):
    """What is pressed around a tile; with a stroke, on paper: nothing under it shows."""
    by, fill, dash = (2, palette.PAPER, "3 4") if stroke else (3, "none", "")
    return rect(-by, -by, wide + 2 * by, high + 2 * by, 4, fill=fill, stroke=stroke, dash=dash, pointer_events="all")


def _tint(strength):
    return PALE + (TINT - PALE) * strength if strength else 0


def _strength(value, most):
    return min(abs(value) / most, 1) if most else 0
