"""Lesson 13: a gradient as an arrow, cut to a circle (by norm) and to a square (by value)."""
from math import hypot

from ..diagrams.arrows import clipped
from ..diagrams.svg import render
from .kit import Picture, choice, slider, switched

GRADIENTS = {str(g): g for g in ((5, 1), (4, 2), (3, 3), (3, 2), (1, 3), (1, 1))}


def clipping():
    """Choose a gradient of two entries and a limit: which way of clipping turns it?   returns: Explorer"""
    def draw(g, limit, narrow=False):
        title = f"the gradient {g} clipped by norm and by value at {limit}"
        drawing = clipped(GRADIENTS[g], limit, GRADIENTS, narrow)
        return Picture(render(drawing, title), _caption(GRADIENTS[g], limit))
    return switched(draw, g=choice("gradient", [*GRADIENTS], "(3, 3)"), limit=slider("limit", 1, 3, 2, "the limit"))


def _caption(g, limit):
    if hypot(*g) <= limit:
        return "The gradient ends inside the circle: neither way changes it."
    if max(g) <= limit:
        return "By value nothing is cut: each entry is within the limit. By norm the arrow is shortened: it leaves the circle."
    if g[0] == g[1]:
        return "Here both ways keep the direction. Touch another circle."
    if min(g) > limit:
        return ("By value both entries are cut to the limit: the arrow points along the diagonal, wherever it pointed before. "
                "By norm it is only shortened.")
    return "By norm the arrow is only shortened. By value its large entry is cut and the small one is not, so it turns."
