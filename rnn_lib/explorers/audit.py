"""Lessons 10 and 11: which terms C[t,k] are in a wrong dW."""
import numpy as np

from ..diagrams.linked import CLOSER, Network, linked
from ..diagrams.mistakes import chips
from ..diagrams.svg import Drawing, render
from ..diagrams.triangle import CELL, TOP, Cell, Margin, Terms, name_of
from .kit import Picture, switched

PITCH, CLOSE = 104, 58   # from step to step, and on a narrow page


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
