"""Lesson 13: a row multiplied by a matrix again and again, and how strong the matrix is."""
from itertools import accumulate

import numpy as np

from ..diagrams.powers import powers as drawn
from ..diagrams.svg import render
from ..diagrams.wording import brief
from .kit import Picture, choice, picker, switched

MATRICES = {"S": np.array([[.8, 0], [4, .8]]), "N": np.array([[0, 0], [5, 0.0]])}
STARTS = {f"{angle}°": np.round([np.cos(np.radians(angle)), np.sin(np.radians(angle))], 15) for angle in range(0, 180, 30)}
SHOWN, MOST = (0, 1, 2, 6, 60), 60


def powers():
    """Choose a matrix, a row of length 1 and n: where do n multiplications take it, how long is it then?   returns: Explorer"""
    ways = {(name, start): _way(matrix, row) for name, matrix in MATRICES.items() for start, row in STARTS.items()}
    def draw(matrix, start, n, narrow=False):
        rows = ways[matrix, start]
        drawing = drawn(MATRICES[matrix], matrix, rows, n, STARTS, narrow)
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
    most = f"No row of length 1 can be longer than ‖{name}‖" + (f" = {norm:.2f} now." if n == 1 else f"ⁿ = {brief(norm ** n)}.")
    return f"After {times} by {name} the row is ({brief(x)}, {brief(y)}), its length {brief(long)}. {most}"
