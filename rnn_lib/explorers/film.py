"""Lessons 10 and 11: which terms C[t,k] are in a wrong dW; and a learner's own backward pass, played on the network."""
import re
from typing import NamedTuple

import numpy as np

from ..diagrams.film import CALLED, MOST, PLACES, SUMS
from ..diagrams.film import film as drawing
from ..diagrams.linked import CLOSER, Network, linked
from ..diagrams.mistakes import chips
from ..diagrams.svg import Drawing, render
from ..diagrams.triangle import CELL, TOP, Cell, Margin, Terms, name_of
from ..diagrams.wording import lowered
from .kit import Picture, slider, switched

PITCH, CLOSE = 104, 58   # from step to step, and on a narrow page, of an audit


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


def audit(found):
    """The linked triangle of what `rnn.diagnose` found: how often each term C[t,k] is in dW; a missing path is red.

    found: Diagnosis, or a Patient of lesson 11     returns: Explorer without controls, to touch
    raises: ValueError where dW is no sum of whole terms
    """
    found = getattr(found, "symptoms", found)
    if found.weights is None:
        raise ValueError("this dW is no sum of whole terms C[t,k], so there is nothing to draw: read its sieve")
    weights, T = found.weights, len(found.weights)
    def cell(t, k):
        times = weights[t - 1, k - 1]
        look = "" if times == 1 else "missing" if times == 0 else "extra"
        counted = {0: "missing from dW", 1: "in dW once, as it should be"}.get(times, f"counted {times:g} times")
        return Cell(f"✗ {times:g}" if look else "1", 0, f"{name_of(t, k)} is {counted}.", look=look)
    rows = [Margin("", f"Row {t}: {_complete(weights[t - 1, :t])}") for t in range(1, T + 1)]
    columns = [Margin("", f"Column {k}: {_complete(weights[k - 1:, k - 1])}") for k in range(1, T + 1)]
    times = weights[np.tril_indices(T)]
    wrong, kinds = int((times != 1).sum()), ((times == 0).any(), ((times != 0) & (times != 1)).any())
    red = "One is" if wrong == 1 else f"{wrong or 'None'} {'are' if wrong else 'is'}"
    caption = f"How often each term C[t,k] is in dW: 1 is right. {red} red: touch one, and its path lights up."
    def draw(narrow=False):
        pitch = CLOSE if narrow else PITCH
        wide, _, body = linked(T, Terms(cell, rows, columns, None), Network(inputs=False), key=(), pitch=pitch)
        foot = TOP - CLOSER + CELL * T + 34
        key = chips(4, foot + 4, *kinds) if narrow else chips(wide + 24, TOP - CLOSER + 1, *kinds)
        drawing = Drawing(wide + 190 * (not narrow), foot + 100 * narrow, "".join([body, *key]))
        return Picture(render(drawing, "how often each term is in dW"), caption)
    return switched(draw)


def _complete(weights):
    lost, other = int((weights == 0).sum()), int(((weights != 0) & (weights != 1)).sum())
    wrong = [f"{n} of {len(weights)} {what}" for n, what in ((lost, "missing"), (other, "not counted once")) if n]
    return f"{', '.join(wrong) or 'all there, once each'}."


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


def _called(shot):
    """What a value is called where it is wrong; the name of a product says what it should be."""
    return {"W' da": "the message", "U' do": f"what comes from {lowered(f'L{shot.step}')}"}.get(shot.kind, shot.name)


def _caption(shot, move, first, shots, line):
    """What was made.   line: the text of the wrong line, where the code does not stand beside"""
    if shot is None:
        return "Press ▶: the function runs once more, from the last step to the first, value by value."
    kind, step, name, right, lineno, _ = shot
    if move == first:
        what = (f"what {SUMS[kind]} gets here is the first value that is wrong." if kind in SUMS else
                f"{_called(shot)} is the first value that is wrong." + f" It should be {name}." * (kind in CALLED))
        return f"Line {lineno}, step {step}: {what}" + (f" The line reads: {line.strip()}." if line else "")
    if right:
        return f"Line {lineno}, step {step}: {name}, as it should be."
    why = "The same line made it." if lineno == shots[first - 1].line else "Look first at what it was made from."
    what = f"the term of {SUMS[kind]}" if kind in SUMS else _called(shot)
    return f"Line {lineno}, step {step}: {what} is wrong too. {why}"
