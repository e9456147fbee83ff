"""Lesson 11: a learner's own backward pass, played on the network."""
import re

from ..diagrams import lowered, render
from ..diagrams.film import PLACES
from ..diagrams.film import film as drawing
from .kit import Picture, slider, switched


def film(found):
    """Press ▶: what each line of a backward pass made, step by step; the first wrong value turns red.

    found: Diagnosis of a wrong backward pass, with its records     returns: Explorer, switched in the browser
    raises: ValueError where nothing was recognised
    """
    shots = [(kind, record.step, _pretty(record.name), record.right, record.lineno) for record in found.records
             if (kind := _kind(record.name)) in PLACES and isinstance(record.step, int)]
    if not shots:
        raise ValueError("no line of this function was recognised, so there is nothing to play")
    first = next((i for i, shot in enumerate(shots, 1) if not shot[3]), None)
    T = max(step for _, step, *_ in shots)
    def draw(move):
        seen = shots[:move]
        now = (seen[-1][0], seen[-1][1]) if seen else None
        picture = render(drawing(T, [shot[:4] for shot in seen], now), f"a backward pass after {move} values")
        return Picture(picture, _caption(shots[move - 1] if move else None, move, first, found.line, shots))
    return switched(draw, move=slider("move", 0, len(shots), first or 0, "values made so far", plays=True))


def _kind(name):
    """dh for dh_4, "da h" for da_4 h_3'"""
    return re.sub(r"_\d+'?", "", name)


def _pretty(name):
    """da₄ h₃ᵀ for da_4 h_3'"""
    return lowered(name.replace("_", "").replace("'", "ᵀ"))


def _caption(shot, move, first, line, shots):
    if shot is None:
        return "Press ▶: your function runs once more, from the last step to the first, value by value."
    _, step, name, right, lineno = shot
    if move == first:
        return f"Line {lineno}, step {step}: {name} is the first value that is wrong.  {(line or '').strip()}"
    if right:
        return f"Line {lineno}, step {step}: {name}, as it should be."
    why = "The same line made it." if lineno == shots[first - 1][4] else "Look first at what it was made from."
    return f"Line {lineno}, step {step}: {name} is wrong too. {why}"
