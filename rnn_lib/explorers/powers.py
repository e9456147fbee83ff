"""Lesson 13: a row multiplied by a matrix again and again, and how strong the matrix is; a gradient cut in two ways."""
from itertools import accumulate

import numpy as np

from ..diagrams.arrows import clipped
from ..diagrams.powers import powers as drawn
from ..diagrams.svg import render
from ..diagrams.wording import brief
from .kit import Picture, choice, picker, slider, switched

MATRICES = {"S": np.array([[.8, 0], [4, .8]]), "N": np.array([[0, 0], [5, 0.0]])}
STARTS = {f"{angle}°": np.round([np.cos(np.radians(angle)), np.sin(np.radians(angle))], 15) for angle in range(0, 180, 45)}
SHOWN, MOST = (0, 1, 2, 3, 4, 6, 10, 20, 40, 60), 60
GRADIENTS = {str(g): g for g in ((5, 1), (4, 2), (3, 3), (3, 2), (1, 3), (1, 1))}


def powers():
    """Choose a matrix, a row of length 1 and n: where do n multiplications take it, how long is it then?   returns: Explorer"""
    ways = {(name, start): _way(matrix, row) for name, matrix in MATRICES.items() for start, row in STARTS.items()}
    def draw(matrix, start, n, narrow=False):
        rows = ways[matrix, start]
        drawing = drawn(MATRICES[matrix], rows, n, STARTS, narrow)
        return Picture(render(drawing, f"a row multiplied by {matrix} {n} times, and its length"), _caption(matrix, rows, n))
    return switched(draw, matrix=choice("matrix", [*MATRICES]), start=picker("row at", [*STARTS], "90°", "direction of the row"),
                    n=picker("n", [(str(n), n) for n in SHOWN], 1, "the number of multiplications", plays=True))


def _way(matrix, row):
    """The row after 0, 1, ... multiplications.   returns: (MOST+1, 2)"""
    return np.array([*accumulate(range(MOST), lambda now, _: now @ matrix, initial=row)])


def _caption(name, rows, n):
    x, y = rows[n]
    norm = np.linalg.norm(MATRICES[name], 2)
    long, times = np.hypot(x, y), "1 multiplication" if n == 1 else f"{n} multiplications"
    most = f"No row of length 1 can be longer than {norm:.3g}" + (" now." if n == 1 else f"ⁿ = {brief(norm ** n)}.")
    return f"After {times} by {name} the row is ({brief(x)}, {brief(y)}), its length {brief(long)}. {most}"


def clipping():
    """Choose a gradient of two entries and a limit: which way of clipping turns it?   returns: Explorer"""
    def draw(g, limit, narrow=False):
        title = f"the gradient {g} clipped by norm and by value at {limit}"
        drawing = clipped(GRADIENTS[g], limit, GRADIENTS, narrow)
        return Picture(render(drawing, title), _cut(GRADIENTS[g], limit))
    return switched(draw, g=choice("gradient", [*GRADIENTS], "(5, 1)"), limit=slider("limit", 1, 3, 2, "the limit"))


def _cut(g, limit):
    if np.hypot(*g) <= limit:
        return "The gradient ends inside the circle: neither way changes it."
    if max(g) <= limit:
        return "By value nothing is cut: each entry is within the limit. By norm the arrow is shortened: it leaves the circle."
    if g[0] == g[1]:
        return "Here both ways keep the direction. Touch another ring."
    if min(g) > limit:
        return ("By value both entries are cut to the limit: the arrow points along the diagonal, wherever it pointed before. "
                "By norm it is only shortened.")
    return "By norm the arrow is only shortened. By value its large entry is cut and the small one is not, so it turns."
