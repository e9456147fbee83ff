"""Lesson 05: the two sweeps, and named copies of W: the ripple of a nudge."""
import numpy as np

from ..copies import forward_with_copies
from ..diagrams.linked import Network, linked
from ..diagrams.ripple import changes, ripple, risen, used
from ..diagrams.svg import render
from ..diagrams.sweeps import ACROSS, SLIM, sweep
from ..diagrams.triangle import Cell, Margin, Steps, Terms, column
from ..diagrams.wording import lowered, signed, span, word
from ..losses import cross_entropy
from ..network import forward, tanh
from .kit import Picture, drawable, slider, switched

STEP = 1e-20
PITCH, WIDEST, THIN = 134, 830, 306  # pixels from step to step, for all steps together, and on a narrow page
KEY = ("left, Σₖ: how much loss t changes when all copies are nudged",
       "below, Σₜ: how much all losses change when copy k is nudged")


def sweeps(T=3):
    """Move through the forward sweep, then through the backward one.   T: steps     returns: Explorer, switched in the browser"""
    def draw(move, narrow=False):
        t, back = (move, False) if move <= T else (2 * T + 1 - move, True)
        words = "nothing computed yet" if move == 0 else f"{'backward' if back else 'forward'} sweep, at step {t} of {T}"
        return Picture(render(sweep(T, t, back, SLIM if narrow else ACROSS), words), _sweep_caption(T, t, back))
    return switched(draw, move=slider("move", 0, 2 * T + 1, 0, "first forward, then backward", plays=True))


class Measured:
    """What a nudge of one entry of one copy of W does, by the complex step: numbers per nudge.

    losses: (T, T) change of L_t by a nudge of copy k, at [t-1, k-1]     states: (T, T) length of the change of h_t
    together: (T,) change of L_t when all copies are nudged at once
    """

    def __init__(self, params, x, y, h_0, entry, f, loss):
        T = len(x)
        def nudged(*steps):
            copies = np.stack([params.W.astype(complex)] * T)
            copies[(list(steps), *entry)] += 1j * STEP
            run = forward_with_copies(params, copies, x, h_0, f)
            return loss(run.o, y)[0].imag / STEP, np.linalg.norm(run.h[1:].imag / STEP, axis=1)
        each = [nudged(k) for k in range(T)]
        self.losses, self.states = (np.stack(values, axis=1) for values in zip(*each, strict=True))
        self.together = nudged(*range(T))[0]


def named_copies(params, x, y, h_0=None, *, entry=(0, 0), f=tanh, loss=cross_entropy):
    """Touch an edge W to nudge its copy: the ripple runs on to every later state and loss.

    params: Parameters     x: (T_max, D), T_max up to 12     y: (T_max,) labels     h_0: (H,), zeros when None
    entry: (i, j), the entry of W that is nudged     f, loss: as for `copy_gradients`
    raises: ValueError for a batch or more steps
    returns: Explorer, switched in the browser; the numbers are measured by the complex step
    """
    drawable(forward(params, x, h_0, f))
    measured = Measured(params, x, y, h_0, entry, f, loss)
    C, most = measured.losses, max(np.abs(measured.losses).max(), 1e-300)                              # one scale for all T
    def draw(T, narrow=False):
        pitch = min(PITCH, (THIN if narrow else WIDEST) // len(x))
        at = Steps(pitch)
        more = [*changes(C, T, at, "change of Lₜ", "per nudge"), *ripple(measured.states, C, T, at)]
        drawing = risen(_table(C[:T, :T], most, measured.together[:T].sum(), more, pitch, used(measured.states, T), len(x)))
        return Picture(render(drawing, f"{T} named copies of W: touch one to nudge it"), _copies_caption(T, entry))
    return switched(draw, held="f1", T=slider("T", 1, len(x), len(x), "length of the sequence", plays=True))


def _table(C, most, W_itself, more, pitch, gold, T_max):
    """The linked triangle of losses and copies.   most: the largest cell of the longest sequence, in full colour

    gold: `used` of Network     T_max: rows there is room for     returns: Drawing
    """
    T = len(C)
    def cell(t, k):
        value = C[t - 1, k - 1]
        return Cell(word(value), value / most, f"A nudge of copy {k} changes {lowered(f'L{t}')} by {signed(value)} per nudge.")
    def says_column(k, value):
        before = "" if k == 1 else f" {span('L', 1, k - 1)} stay{'s' * (k == 2)} exactly as before."
        losses = f"{span('L', k, T)} changes" if k == T else f"{span('L', k, T)} together change"
        return f"Copy {k} is nudged: {losses} by Σₜ = {signed(value)}.{before}"
    def says_row(t, value):
        return f"{_copies(t).capitalize()} nudged: {lowered(f'L{t}')} changes by Σₖ = {signed(value)} per nudge."
    rows = [Margin(word(value), says_row(t, value)) for t, value in enumerate(C.sum(1), 1)]
    columns = [Margin(word(value), says_column(k, value), lights=column(k, T, [f"n{k}"])) for k, value in enumerate(C.sum(0), 1)]
    corner = Margin(word(C.sum()), f"All copies at once, or W itself: {signed(W_itself)}.")
    network = Network(copies=True, factors=False, used=gold)
    return linked(T, Terms(cell, rows, columns, corner), network, pitch=pitch, more=more, key=KEY, firm=True, most=T_max)


def _copies(t):
    return "copy 1" if t == 1 else f"copies 1 {'and' if t == 2 else 'to'} {t}"


def _copies_caption(T, entry):
    if T == 1:
        return "One step, one copy, one loss. Make T larger: where does a nudge of copy 1 arrive then?"
    return f"Every edge has its own copy of W. Touch one to nudge its entry [{entry[0]}, {entry[1]}]: what moves lights up."


def _sweep_caption(T, step, back):
    t = lowered(step)
    if not (step or back):
        return "Given: the inputs and h₀. Press ▶, or move step by step: first forward, then backward."
    if not back:
        return f"Forward, step {step}: h{t}, ŷ{t} and L{t} are computed and kept for the backward sweep."
    if step == 0:
        return "Backward, the end: h₀ has no loss above it, so dh₀ is what comes from h₁ alone."
    if step == T:
        return (f"Backward, step {step}: only one gradient reaches h{t}, from L{t}. "
                "No step follows, so none comes from the right.")
    return (f"Backward, step {step}: two gradients meet at h{t}, one from L{t}, one from h{lowered(step + 1)}. "
            f"Their sum is dh{t}.")
