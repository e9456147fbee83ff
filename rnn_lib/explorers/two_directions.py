"""Lesson 05: the two sweeps, and named copies of W that are nudged one at a time."""
import numpy as np

from .. import palette
from ..copies import forward_with_copies
from ..diagrams import Drawing, above, lowered, render, unfolded
from ..diagrams.bars import bar, bar_row, signed
from ..diagrams.network import PITCH, centre
from ..diagrams.svg import label
from ..diagrams.sweeps import sweep
from ..losses import cross_entropy
from ..network import forward, tanh
from .kit import Picture, choice, picker, slider, switched

STEP = 1e-20
ROOM = 170          # pixels that the two rows of bars share
SIDE = 122          # right of the network: the running sum and the bar of W itself


def sweeps(T=4):
    """Move through the forward sweep, then through the backward one.   T: steps     returns: Explorer, switched in the browser"""
    def draw(move):
        step, back = (move, False) if move <= T else (2 * T + 1 - move, True)
        words = "nothing computed yet" if move == 0 else f"{'backward' if back else 'forward'} sweep, at step {step} of {T}"
        return Picture(render(sweep(T, step, back), words), _sweep_caption(T, step, back))
    return switched(draw, move=slider("move", 0, 2 * T, 0, "0 to T: forward; T+1 to 2T: backward"))


def named_copies(params, x, y, h_0=None, *, entry=(0, 0), f=tanh, loss=cross_entropy):
    """Move T, nudge one copy of W or all: which losses change, and how the bars of the copies add up.

    params: Parameters     x: (T_max, D), T_max up to 12     y: (T_max,) labels     h_0: (H,), zeros when None
    entry: (i, j), the entry of W that is nudged     f, loss: as for `copy_gradients`
    returns: Explorer, switched in the browser; every number is computed by the complex step
    """
    T_max = len(x)
    shares = _losses_per_copy(params, x, y, h_0, entry, f, loss)
    W_itself = _losses_when_W_is_nudged(params, x, y, h_0, entry, f, loss)
    ranges = _ranges(shares, W_itself)
    def draw(T, k):
        C, W_moves, nudged = shares[:T, :T], W_itself[:T], _nudged(T, k)      # causality: a shorter T is a corner
        network = unfolded(T, T_max=T_max, lit=_lit(T, nudged), losses=True, copies=True)
        wide = network.width + SIDE
        picture = above(_loss_row(C, W_moves, nudged, wide, ranges), network,
                        _use_row(C, W_moves, nudged, wide, ranges, entry), gap=10)
        return Picture(render(Drawing(wide, picture.height, picture.body), f"{T} named copies of W, {_said(nudged)}"),
                       _copies_caption(T, k, C, W_moves))
    stops = [T for T in (1, 2, 3, 4, 5, 8) if T_max > T] + [T_max]
    return switched(draw, T=picker("T", [(str(T), T) for T in stops], min(4, T_max), "26em", "3em"),
                    k=choice("nudge copy", [("none", 0), *((str(k), k) for k in range(1, T_max + 1)), ("all", "all")]))


def _losses_per_copy(params, x, y, h_0, entry, f, loss):
    """(T, T): dL_t/dW(k) for the entry, at [t-1, k-1]; one run of the network a column"""
    T, columns = len(x), []
    for k in range(1, T + 1):
        copies = np.stack([params.W.astype(complex)] * T)
        copies[(k - 1, *entry)] += 1j * STEP
        columns.append(loss(forward_with_copies(params, copies, x, h_0, f).o, y)[0].imag / STEP)
    return np.stack(columns, axis=1)


def _losses_when_W_is_nudged(params, x, y, h_0, entry, f, loss):
    """(T,): dL_t/dW for the entry, by nudging W itself in the network without copies"""
    W = params.W.astype(complex)
    W[entry] += 1j * STEP
    return loss(forward(params._replace(W=W), x, h_0, f).o, y)[0].imag / STEP


def _ranges(shares, W_itself):
    """(low, high) of the row of losses and of the row of uses over all frames, and pixels for 1, the same for both"""
    T = len(shares)
    per_use = [np.cumsum(shares[:n, :n].sum(0)) for n in range(1, T + 1)] + [shares[:n, :n].sum(0) for n in range(1, T + 1)]
    rows = [np.concatenate([[0], values]) for values in (np.r_[shares.ravel(), W_itself], np.concatenate(per_use))]
    losses, uses = [(row.min(), row.max()) for row in rows]
    return losses, uses, ROOM / max(losses[1] - losses[0] + uses[1] - uses[0], 1e-12)


def _loss_row(C, W_moves, nudged, wide, ranges):
    """A purple bar over each L_t: its change per nudge; right of them their sum over t."""
    change = W_moves if nudged == "all" else C[:, nudged - 1] if nudged else np.zeros(len(C))
    (low, high), _, unit = ranges
    title = f"change of each loss per nudge, {_said(nudged)}"
    row = bar_row(change, [centre(t + 1) for t in range(len(change))], low, high, unit, title=title, colour=palette.LOSS,
                  width=wide, exact_zero=np.flatnonzero(change == 0))
    total = label(wide - SIDE / 2, row.height - 6, f"Σₜ = {signed(change.sum())}", size=13, colour=palette.LOSS) if nudged else ""
    return Drawing(row.width, row.height, row.body + total)


def _use_row(C, W_moves, nudged, wide, ranges, entry):
    """A gold bar under the edge of each copy tried so far; right of them their sum (gold) and the bar of W itself (orange)."""
    _, (low, high), unit = ranges
    so_far = len(C) if nudged == "all" else nudged
    uses = C.sum(0)[:so_far]
    row = bar_row(uses, [centre(k) - PITCH / 2 for k in range(1, so_far + 1)], low, high, unit, colour=palette.USE, width=wide,
                  filled=None if nudged == "all" else {nudged - 1},
                  title=f"∂L/∂W⁽ᵏ⁾, entry [{entry[0]}, {entry[1]}]: change of the total loss per nudge of copy k")
    zero, floor = 24 + high * unit, row.height - 6
    left, right = wide - SIDE + 30, wide - 28
    side = [label(left, 13, "Σₖ so far", size=12, colour=palette.USE), label(right, 13, "W itself", size=12, colour=palette.W),
            bar(left, uses.sum(), zero, unit, colour=palette.USE, width=30),
            label(left, floor, signed(uses.sum()) if so_far else "0", size=12)]
    if nudged == "all":
        side += [bar(right, W_moves.sum(), zero, unit, colour=palette.W, width=30),
                 label(right, floor, signed(W_moves.sum()), size=12)]
    return Drawing(row.width, row.height, row.body + "".join(side))


def _nudged(T, k):
    return k if k == "all" or k <= T else 0


def _lit(T, nudged):
    if not nudged:
        return None
    return {("W", k) for k in range(1, T + 1)} if nudged == "all" else {("W", nudged)}


def _said(nudged):
    return "nothing nudged" if not nudged else "all copies nudged" if nudged == "all" else f"copy {nudged} nudged"


def _copies_caption(T, k, C, W_moves):
    uses = C.sum(0)
    if k == "all":
        return f"T = {T}, all copies: Σₖ ∂L/∂W⁽ᵏ⁾ = {_sum(uses)} (gold). Nudging W itself gives {signed(W_moves.sum())} (orange)."
    if k == 0:
        return f"T = {T}: all copies equal W, nothing is nudged, no loss changes. Nudge copy 1, then the next, then all."
    if k > T:
        return f"T = {T}: there is no copy {k}, so nothing is nudged."
    before = "" if k == 1 else " L₁ comes before it and does not change." if k == 2 else " The losses before it do not change."
    so_far = "" if k == 1 else f" Copies 1 to {k} so far: {signed(uses[:k].sum())}."
    return f"T = {T}, copy {k} alone moves {_losses(k, T)}: Σₜ = {_sum(C[k - 1:, k - 1])}, its gold bar.{before}{so_far}"


def _losses(k, T):
    first, last = lowered(f"L{k}"), lowered(f"L{T}")
    return first if k == T else f"{first} and {last}" if k + 1 == T else f"{first} to {last}"


def _sum(values):
    """+0.10 − 0.04 = +0.06, and ≈ for = where the rounded terms do not quite add up"""
    first, *rest = values
    terms = signed(first) + "".join(f" {'−' if signed(v)[0] == '−' else '+'} {abs(v):.2f}" for v in rest)
    exact = abs(sum(round(v, 2) for v in values) - round(sum(values), 2)) < .005
    return f"{terms} {'=' if exact else '≈'} {signed(sum(values))}" if rest else terms


def _sweep_caption(T, step, back):
    t, before = (lowered(n) for n in (step, step - 1))
    if not step:
        return "Given: the inputs and h₀. The forward sweep goes from left to right, then the backward sweep from right to left."
    if not back:
        return f"Forward, step {step}: a{t}, h{t}, o{t}, ŷ{t} and L{t} are computed, and kept for the backward sweep."
    right = ("nothing from the right, because no step follows" if step == T else
             f"one from the right, from step {step + 1} through W (horizontal)")
    return (f"Backward, step {step}: one gradient reaches h{t} from above, from L{t} through U (vertical), {right}. "
            f"It goes on to h{before}.")
