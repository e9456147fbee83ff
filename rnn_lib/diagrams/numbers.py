"""Vectors and matrices written out: numbers between brackets, a name above each, and the signs that join them.

    equation("(3)", named(matrix(U), "U"), named(column(h), "h", 2), sign("="), named(column(U @ h), "o", 2))

The size of a piece follows from its shape and from `most`, the largest number that it must have room for. Frames of one
slider therefore have one size when they are given one `most`.
"""
import numpy as np

from ..palette import INK, MUTED
from .svg import Drawing, beside, label, move, patch, path, rect, symbol, touch
from .wording import number

SIZE = 14           # of the digits
HEAD = 24           # the room above the brackets, where the name stands
PAD = 8             # from a bracket to its numbers
GAP = 9             # from column to column


def matrix(array, *, decimals=2, most=0, colour=INK, react=None, rim=()):
    """A matrix between square brackets, digits and signs in line.

    array: (rows, columns)     decimals: digits after the point     most: the largest size of a number to leave room for
    react: number of a row -> what `svg.touch` is told of it     rim: attributes of a border in place of the brackets
    returns: Drawing, (columns, rows) cells large; wider only when a number exceeds `most`
    raises: ValueError for an array that is not a matrix, or empty
    """
    array = np.asarray(array, dtype=float)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"a matrix has rows and columns, at least one of each, got {array.shape}")
    words = [[number(value, decimals) if value else f"{0:.{decimals}f}" for value in row] for row in array]   # all of one form
    cell = .62 * SIZE * max(len(word) for line in [["−" + number(abs(most), decimals)], *words] for word in line)
    line, (rows, columns) = 1.45 * SIZE, array.shape
    width = columns * (cell + GAP) - GAP + 2 * PAD
    def text(i, j):
        x, y = PAD + (j + 1) * cell + j * GAP, (i + .5) * line + .36 * SIZE
        return label(x, y, words[i][j], size=SIZE, colour=colour, anchor="end")
    texts = ["".join(text(i, j) for j in range(columns)) for i in range(rows)]
    if react:
        texts = [touch(patch(3.5, i * line + 1, width - 7, line - 2, rx=3) + drawn, **react(i)) for i, drawn in enumerate(texts)]
    high, brackets = rows * line, ((1, 6), (width - 1, width - 6))
    around = [rect(2, -1.5, width - 4, high + 3, 7, fill="none", **rim)] if rim else [
        path(f"M{inner:g} 1H{x:g}V{high - 1:g}H{inner:g}", stroke=MUTED, stroke_width=1.4) for x, inner in brackets]
    return Drawing(width, high, "".join([*around, *texts]))


def column(vector, **style):
    """A vector between brackets, upright as in the equations.   vector: (n,)     style: as for `matrix`     returns: Drawing"""
    vector = np.asarray(vector, dtype=float)
    if vector.ndim != 1:
        raise ValueError(f"a vector has one axis, got {vector.shape}")
    return matrix(vector[:, None], **style)


def named(drawing, letter, subscript="", superscript="", *, colour=INK):
    """The drawing with its name above it.   letter, subscript, superscript: as for `symbol`     returns: Drawing, HEAD higher"""
    name = symbol(drawing.width / 2, HEAD - 10, letter, subscript, superscript, size=16, colour=colour)
    return Drawing(drawing.width, drawing.height + HEAD, name + move(drawing, 0, HEAD))


def sign(text, *, colour=INK):
    """What stands between named matrices, such as "=" or "tanh".     returns: Drawing"""
    width = .54 * SIZE * len(text) + 5
    return Drawing(width, HEAD + 20, label(width / 2, HEAD + 15, text, size=SIZE + (len(text) == 1), colour=colour))


def equation(tag, *pieces):
    """Pieces from left to right on one line, the equation's number before them.   tag: string     returns: Drawing"""
    return beside(sign(tag, colour=MUTED), *pieces, gap=5)
