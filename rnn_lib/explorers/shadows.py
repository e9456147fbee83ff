"""Lesson 07: what a signed share is, as the shadow of an arrow."""
from ..diagrams.shadows import shadows as drawn
from ..diagrams.svg import render
from .kit import Picture, switched

TERMS = {"C[1,1]": (6, 3.2), "C[2,1]": (7, -.8), "C[2,2]": (-3, -2.4)}


def shadows():
    """Three terms as arrows that add up to G, and the shadow of each on the line of G.   returns: Explorer without controls"""
    said = ("The orange arrows (touch one) are three terms, put end to end: they add up to G. Light falls straight down, and the "
            "shadows add up to G as well: " + "60 % + 70 % − 30 % = 100 %.".replace(" ", "\N{NO-BREAK SPACE}"))
    def draw(narrow=False):
        terms = drawn(TERMS, unit=27 if narrow else 60)
        return Picture(render(terms, "three terms as arrows, and their shadows on the line of G"), said)
    return switched(draw)
