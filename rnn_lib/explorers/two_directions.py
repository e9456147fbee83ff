"""Lesson 05: the two sweeps, and named copies of W: the ripple of a nudge, and the gradient that runs back along it."""
import numpy as np

from .. import definition, palette
from ..copies import forward_with_copies
from ..diagrams.linked import Network, linked
from ..diagrams.ripple import changes, gradient_back, ripple, risen, used
from ..diagrams.svg import rect, render
from ..diagrams.sweeps import ACROSS, SLIM, sweep
from ..diagrams.triangle import CELL, TOP, Cell, Margin, Steps, Terms, column
from ..diagrams.wording import lowered, signed, span, word
from ..losses import cross_entropy
from ..network import forward, tanh
from .kit import Picture, drawable, slider, switch, switched

STEP = 1e-20
PITCH, WIDEST, THIN = 134, 830, 306  # pixels from step to step, for all steps together, and on a narrow page
KEY = ("left, Σₖ: how much loss t changes when all copies are nudged",
       "below, Σₜ: how much all losses change when copy k is nudged")
KEY_BACK = ("left, Σₖ: what loss t sends back to all copies", "framed, Σₜ: what all losses send back to copy k")


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
    """Touch an edge W to nudge its copy: the ripple runs on to every later state and loss. Or let the gradient run back.

    params: Parameters     x: (T_max, D), T_max up to 12     y: (T_max,) labels     h_0: (H,), zeros when None
    entry: (i, j), the entry of W that is nudged     f, loss: as for `copy_gradients`
    raises: ValueError for a batch or more steps
    returns: Explorer, switched in the browser; forward the numbers are measured by the complex step, back they are derived
    """
    measured, run = Measured(params, x, y, h_0, entry, f, loss), drawable(forward(params, x, h_0, f))
    do = loss(run.o, y)[1]
    derived = definition.contributions(params, run, do, "W")[(..., *entry)]
    gradients = definition.dh_by_loss(params, run, do)
    passing = [flows(gradients, T) for T in range(1, len(x) + 1)]
    most, thickest = max(np.abs(measured.losses).max(), 1e-300), max(map(np.max, passing)) or 1        # one scale for all T
    def draw(T, back, narrow=False):
        pitch = min(PITCH, (THIN if narrow else WIDEST) // len(x))
        C, at = derived if back else measured.losses, Steps(pitch)
        alone = np.linalg.norm(gradients[:T, :T], axis=-1)
        waves = gradient_back(*passing[T - 1], alone, thickest, at) if back else ripple(measured.states, C, T, at)
        meaning = ("what Lₜ", "sends back") if back else ("change of Lₜ", "per nudge")
        frame = [rect(at.edge(1), TOP + CELL * len(x) + 3, pitch * T, CELL + 1, 6, fill="none", stroke=palette.LOSS,
                      stroke_width=1.6, pointer_events="none")] if back else []
        more = [*changes(C, T, at, *meaning), *waves, *frame]
        table = _table(C[:T, :T], most, measured.together[:T].sum(), alone, back, more, pitch, used(measured.states, T), len(x))
        title = f"{T} named copies of W: {'the gradient runs back' if back else 'touch one to nudge it'}"
        return Picture(render(risen(table), title), _copies_caption(T, back, entry))
    return switched(draw, held="f1", T=slider("T", 1, len(x), len(x), "length of the sequence", plays=True),
                    back=switch("let the gradient run back", says="let the gradient run back along the same edges"))


def flows(gradients, T):
    """How long the gradients are that come to the states of a sequence of T steps.   gradients: of `definition.dh_by_loss`

    returns: (T,) from L_t to h_t, (T,) from h_t to h_{t-1}, 0 for t = 1, where it is not asked
    """
    G = gradients[:T, :T]
    left = [0, *(np.linalg.norm(G[t:, t - 1].sum(0)) for t in range(1, T))]
    return [np.linalg.norm(G[t, t]) for t in range(T)], left


def _table(C, most, W_itself, alone, back, more, pitch, gold, T_max):
    """The linked triangle of losses and copies.   most: the largest cell of the longest sequence, in full colour

    alone: (T, T) length of what L_t sends to h_k, at [t-1, k-1]
    gold: `used` of Network     T_max: rows there is room for     returns: Drawing
    """
    T = len(C)
    def cell(t, k):
        value = C[t - 1, k - 1]
        said = (f"{lowered(f'L{t}')} sends {signed(value)} back to copy {k} (derived)." if back else
                f"A nudge of copy {k} changes {lowered(f'L{t}')} by {signed(value)} per nudge (measured).")
        return Cell(word(value), value / most, said)
    def says_column(k, value):
        before = "" if k == 1 else f" {span('L', 1, k - 1)} stay{'s' * (k == 2)} exactly as before." if not back else ""
        losses = f"{span('L', k, T)} changes" if k == T else f"{span('L', k, T)} together change"
        what = f"Copy {k} is nudged: {losses} by" if not back else f"{span('L', k, T)} send{'s' * (k == T)} back to copy {k}:"
        return f"{what} Σₜ = {signed(value)}{'' if back else ' per nudge'}.{before}"
    def says_row(t, value):
        if back:
            lengths = ", ".join(f"{alone[t - 1, k - 1]:.1f} at {lowered(f'h{k}')}" for k in range(t, max(t - 4, 0), -1))
            return f"{lowered(f'L{t}')} sends back to {_copies(t)}: Σₖ = {signed(value)}. Length of its gradient: {lengths}."
        return f"{_copies(t).capitalize()} nudged: {lowered(f'L{t}')} changes by Σₖ = {signed(value)} per nudge."
    def lights_row(t):                                        # back: its own gradient, and what that sends, one cell per copy
        return " ".join([f"L{t} r{t} row{t} g{t}", *(f"h{k} s{k}" for k in range(1, t + 1))]) if back else ""
    rows = [Margin(word(value), says_row(t, value), lights=lights_row(t)) for t, value in enumerate(C.sum(1), 1)]
    columns = [Margin(word(value), says_column(k, value), lights=column(k, T, [f"n{k}"])) for k, value in enumerate(C.sum(0), 1)]
    total, at_once = signed(C.sum()), f"All copies at once, or W itself: {signed(W_itself)} per nudge."
    both = (f"All losses send back {total}. {at_once} The same." if back else
            f"{at_once} The sum of all cells is {total}: the same.")
    all_back = " ".join(["all g0", *(f"h{t} L{t} r{t} f{t} row{t}" for t in range(1, T + 1))])       # as far as use 1
    corner = Margin(word(C.sum()), both, lights=all_back if back else "")
    network = Network(copies=True, back=back, factors=False, used=gold)
    key, terms = KEY_BACK if back else KEY, Terms(cell, rows, columns, corner)
    return linked(T, terms, network, pitch=pitch, more=more, key=key, firm=True, most=T_max)


def _copies(t):
    return "copy 1" if t == 1 else f"copies 1 {'and' if t == 2 else 'to'} {t}"


def _copies_caption(T, back, entry):
    if T == 1:
        return "One step, one copy, one loss. Make T larger: where does a nudge of copy 1 arrive then?"
    if back:
        return ("The gradient runs back along the same edges: from every loss, down and then left, to the use of a copy. "
                "Touch an edge W: the same numbers, now derived.")
    return (f"Every edge has its own copy of W. Touch one to nudge its entry [{entry[0]}, {entry[1]}]: what moves lights up.")


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
