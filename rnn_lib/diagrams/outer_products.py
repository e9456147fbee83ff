"""Outer products as tiles: a column at the left, a row on top, and in each cell the product of its two neighbours.

Colour says the sign, and never alone: a negative cell carries a bar in small tiles, its minus sign in tables of numbers.
"""
import numpy as np

from .. import palette
from .bars import signed
from .svg import Drawing, label

GAP = 3             # between the factors and their product, in a tile
LINE, TINT = 26, .34            # height of a row of numbers; the strongest tint that leaves numbers legible


def tile(left, top, *, most, cell, framed=None):
    """The outer product of two vectors as a small heat map, its factors along the edges.

    left: (K,) the column     top: (H,) the row     most: (of left, of top, of the product) that get the full colour
    cell: pixels     framed: (i, j) of a cell to frame     returns: Drawing, (H+1) by (K+1) cells large
    """
    start = cell + GAP
    body = [_square(0, start + cell * i, cell, value, most[0]) for i, value in enumerate(left)]
    body += [_square(start + cell * j, 0, cell, value, most[1]) for j, value in enumerate(top)]
    body += [_square(start + cell * j, start + cell * i, cell, value, most[2])
             for (i, j), value in np.ndenumerate(np.outer(left, top))]
    if framed:
        body.append(_frame(start + cell * framed[1], start + cell * framed[0], cell, cell))
    return Drawing(start + cell * len(top), start + cell * len(left), "".join(body))


def table(left, product, top=None, *, most, wide, framed=None):
    """A matrix in numbers on tinted cells, a column of numbers at its left and, where given, a row on top.

    left: (K,)     product: (K, H)     top: (H,), None leaves its room empty     most: (of left, of top, of the product)
    wide: pixels of a cell     framed: (i, j) of a cell to frame     returns: Drawing
    """
    start, first = wide + 8, LINE + 6
    body = [_number(0, first + LINE * i, wide, value, most[0]) for i, value in enumerate(left)]
    body += [_number(start + wide * j, 0, wide, value, most[1]) for j, value in enumerate(() if top is None else top)]
    body += [_number(start + wide * j, first + LINE * i, wide, value, most[2]) for (i, j), value in np.ndenumerate(product)]
    if framed:
        body.append(_frame(start + wide * framed[1], first + LINE * framed[0], wide, LINE))
    return Drawing(start + wide * product.shape[1], first + LINE * len(left), "".join(body))


def cell_width(most):
    """Pixels that a cell needs for signed numbers up to this size."""
    return 10 + 7.6 * len(signed(-abs(most)))


def key():
    """What the two colours mean."""
    return Drawing(84, 40, _square(4, 3, 13, 1, 1) + label(24, 14, "positive", size=12, colour=palette.MUTED, anchor="start")
                   + _square(4, 23, 13, -1, 1) + label(24, 34, "negative", size=12, colour=palette.MUTED, anchor="start"))


def _square(x, y, size, value, most):
    strength = _strength(value, most)
    bar = palette.PAPER if strength > .5 else palette.INK
    minus = f'<path d="M{x + .25 * size:.1f} {y + size / 2:.1f}h{.5 * size:.1f}" stroke="{bar}" stroke-width="1.6"/>'
    return _rectangle(x, y, size, size, value, strength) + (minus if value < 0 else "")


def _number(x, y, wide, value, most):
    return (_rectangle(x, y, wide, LINE, value, TINT * _strength(value, most))
            + label(x + wide / 2, y + LINE / 2 + 4.5, signed(value), size=13))


def _rectangle(x, y, wide, high, value, strength):
    return (f'<rect x="{x + .5:.1f}" y="{y + .5:.1f}" width="{wide - 1:.1f}" height="{high - 1:.1f}" rx="1.5" '
            f'fill="{palette.U if value >= 0 else palette.LOSS}" fill-opacity="{strength:.3f}" stroke="{palette.FAINT}"/>')


def _frame(x, y, wide, high):
    return (f'<rect x="{x - .3:.1f}" y="{y - .3:.1f}" width="{wide + .6:.1f}" height="{high + .6:.1f}" rx="2" fill="none" '
            f'stroke="{palette.INK}" stroke-width="1.8"/>')


def _strength(value, most):
    return min(abs(value) / most, 1) if most else 0
