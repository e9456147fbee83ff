"""Lesson 11: a learner's own backward pass, played on the network."""
import re
from typing import NamedTuple

from ..diagrams.film import MOST, PLACES, SUMS
from ..diagrams.film import film as drawing
from ..diagrams.svg import render
from ..diagrams.wording import lowered
from .kit import Picture, slider, switched


class Shot(NamedTuple):
    """A value that the pass made."""
    kind: str       # "dh", or "da h" for a product
    step: int
    name: str       # da₄ h₃ᵀ
    right: bool
    line: int       # the line that made it, counted from the `def` as 1
    own: bool       # whether that is the text that is shown, or that of another function

    @property
    def shown(self):
        """The number of its line, None where that stands in another function."""
        return self.line if self.own else None


def film(found):
    """Press ▶: what each line of a backward pass made, step by step; the first wrong value and its line turn red.

    found: Diagnosis of a wrong backward pass, with its records     returns: Explorer, switched in the browser
    raises: ValueError for a right pass, and where nothing was recognised
    """
    if found.ok:
        raise ValueError("this pass is right, so there is no wrong line to play: break a line first")
    shots = []
    for line, step, name, right, own in found.records:
        kind = re.sub(r"_\d+'?", "", name)                              # "da h" of da_4 h_3'
        if kind in PLACES and isinstance(step, int):
            shots.append(Shot(kind, step, lowered(name.replace("_", "").replace("'", "ᵀ")), right, line, own))
    if not shots:
        raise ValueError("no line of this function was recognised, so there is nothing to play")
    first = next((i for i, shot in enumerate(shots, 1) if not shot.right), None)
    T, code = max(shot.step for shot in shots), _lines(found.code, shots)
    def draw(move, narrow=False):
        seen = shots[:move]
        now = seen[-1][:2] if seen else None
        at = shots[move - 1].shown if move else None
        wrong = shots[first - 1].shown if first and move >= first else None
        network = drawing(T, [shot[:4] for shot in seen], now, code, at, wrong, narrow)
        picture = render(network, f"a backward pass after {move} values")
        end = f" {_summary(shots)}" if move == len(shots) and first else ""
        return Picture(picture, _caption(shots[move - 1] if move else None, move, first, shots, "" if code else found.line) + end)
    return switched(draw, move=slider("move", 0, len(shots), first or 0, "values made so far", plays=True))


def _lines(code, shots):
    """(number, text) of the lines that are shown: all, or, of a long function, those from the first one that made a value."""
    start = 0 if len(code) <= MOST else max(min((shot.shown for shot in shots if shot.own), default=1) - 3, 0)
    return [*enumerate(code, 1)][start:start + MOST]


def _summary(shots):
    """What is wrong when all has run, and which line made it."""
    wrong = [shot for shot in shots if not shot.right]
    kinds, lines = {shot.kind for shot in wrong}, {shot.line for shot in wrong}
    kind = kinds.pop() if len(kinds) == 1 else ""
    what = f"term{'s' * (len(wrong) > 1)} of {SUMS[kind]}" if kind in SUMS else f"value{'s' * (len(wrong) > 1)}"
    whence = "from" if len(lines) == 1 else "the first from"
    return f"Wrong at the end: {len(wrong)} {what}, {whence} line {wrong[0].line}; all else is right."


def _caption(shot, move, first, shots, line):
    """What was made.   line: the text of the wrong line, where the code does not stand beside"""
    if shot is None:
        return "Press ▶: the function runs once more, from the last step to the first, value by value."
    kind, step, name, right, lineno, _ = shot
    if move == first:
        what = (f"what {SUMS[kind]} gets here is the first value that is wrong." if kind in SUMS else
                f"{name} is the first value that is wrong.")
        return f"Line {lineno}, step {step}: {what}" + (f" The line reads: {line.strip()}." if line else "")
    if right:
        return f"Line {lineno}, step {step}: {name}, as it should be."
    why = "The same line made it." if lineno == shots[first - 1].line else "Look first at what it was made from."
    what = f"the term of {SUMS[kind]}" if kind in SUMS else name
    return f"Line {lineno}, step {step}: {what} is wrong too. {why}"
