"""Lesson 13: which terms C[t,k] a truncated gradient keeps, and how far it is from the full one."""
from itertools import count

import numpy as np

from .. import definition, palette
from ..diagrams.arrows import angle
from ..diagrams.linked import Y_HIDDEN, Network, linked
from ..diagrams.svg import Drawing, above, beside, circle, label, note, path, rect, render, touch, unless, when
from ..diagrams.triangle import CELL, TIGHT, TOP, Cell, Margin, Steps, Terms
from ..diagrams.wording import counted, lowered, number, word
from ..losses import cross_entropy
from ..network import forward
from .contributions import values
from .kit import Picture, choice, drawable, slider, switched

PATTERNS = (("n uses back from each loss", "back"), ("windows of n steps", "windows"))
WIDTH, PITCH = 260, 46            # of the column beside the triangle; from step to step
DASHED = {"fill": "none", "stroke": palette.W, "stroke_width": 1.4, "dash": "3 2"}
KEY = ("left, Σₖ: what is kept of loss t, in % of dW", "below, Σₜ: what is kept of use k; in the corner: of all")


def truncation(params, x, y, h_0=None):
    """Move n, or touch a cell for the smallest n that keeps it: what a truncated gradient keeps, and its angle to the full one.

    params: Parameters     x: (T, D), T up to 12     y: (T,) labels     h_0: (H,), zeros when None
    returns: Explorer, switched in the browser     raises: ValueError for a batch or more steps
    """
    run = drawable(forward(params, x, h_0))
    C = definition.contributions(params, run, cross_entropy(run.o, y)[1], "W")
    every = [compared(C, kept(len(C), n, pattern)) for n in range(1, len(C) + 1) for _, pattern in PATTERNS]
    high = max(ratio * np.sqrt(max(0, 1 - cosine ** 2)) for cosine, ratio in every)
    back = max(max(0, -ratio * cosine) for cosine, ratio in every)
    def draw(n, pattern, narrow=False):
        keep = kept(len(C), n, pattern)
        arrows = angle(*compared(C, keep), width=WIDTH, high=high, back=back)
        side = above(arrows, _by_distance(C, keep), gap=20)
        triangle = truncation_triangle(C, keep, TIGHT if narrow else PITCH, windows=pattern == "windows")
        picture = above(triangle, side, gap=8) if narrow else beside(triangle, side, gap=8)
        return Picture(render(picture, f"the terms kept, n = {n}: {pattern}"), truncation_caption(C, n, pattern))
    n = slider("n", 1, len(C), min(3, len(C)), "uses kept or length of a window", plays=True)
    return switched(draw, n=n, pattern=choice("keep", PATTERNS))


def kept(T, n, pattern):
    """Which of the terms C[t,k] are kept.

    "back": those with t − k < n, so that each loss reaches the n uses k = t, t−1, ..., t−n+1
    "windows": those whose t and k lie in one window of n steps: 1..n, n+1..2n, ...
    returns: (T, T) of bool, C[t,k] at [t-1, k-1]     raises: ValueError for n below 1 or another pattern
    """
    if n < 1 or pattern not in ("back", "windows"):
        raise ValueError(f'n must be at least 1 and pattern "back" or "windows", got {n} and {pattern!r}')
    t, k = np.arange(T)[:, None], np.arange(T)
    return (k <= t) & (t - k < n if pattern == "back" else t // n == k // n)


def compared(C, keep):
    """The truncated gradient beside the full one.   C: (T, T, H, H)     keep: (T, T)     returns: cosine, ratio of the norms"""
    G, part = C.sum((0, 1)), C[keep].sum(0)
    full, norm = np.linalg.norm(G), np.linalg.norm(part)
    return (G * part).sum() / max(full * norm, 1e-300), norm / max(full, 1e-300)


def shares_by_distance(C, keep=None):
    """The signed shares of dW, in per cent, added up over all terms with t − k = d.

    C: (T, T, H, H)     keep: (T, T), only these terms; all when None     returns: (T,), for d = 0, 1, ..., T−1
    """
    shares = values(C, "share")[0] * (1 if keep is None else keep)
    return np.array([np.trace(shares, -d) for d in range(len(C))])


def truncation_triangle(C, keep, pitch=PITCH, *, windows):
    """The linked triangle with what is cut away empty, the rest tinted by share, and a border.   C: (T, T, H, H)   keep: (T, T)

    In the network a red ✗ marks the borders of windows; else a purple one where the way back of the last loss ends, whose states
    have a ring.
    A touched loss or use lights only what is kept of it, and the ✗ at which its way back ends.
    """
    T, shares = len(C), values(C, "share")[0]
    most, left = max(np.abs(shares).max(), 1e-300), shares * keep
    def cell(t, k):
        share, there = shares[t - 1, k - 1], keep[t - 1, k - 1]
        n = next(n for n in count(t - k + 1) if not windows or (t - 1) // n == (k - 1) // n)
        says = f"C[{t},{k}] is {'kept' if there else 'cut away'}: {_percent(share)} of dW. The smallest n that keeps it: {n}."
        return Cell(_word(share), share / most, says, f"n={n}", *(("",) if there else ("cut", _end(keep, t))))
    def head(t):
        n, share = keep[t - 1].sum(), left[t - 1].sum()
        return Margin(_word(share), f"{lowered(f'L{t}')} reaches {counted(n, 'use')} of its {t}: {_percent(share)} of dW.",
                      lights=_lit_by_loss(keep, t))
    def foot(k):
        n, share = keep[:, k - 1].sum(), left[:, k - 1].sum()
        return Margin(_word(share), f"Use {k} hears of {n} of {T - k + 1} losses: {_percent(share)} of dW.",
                      lights=_lit_by_use(keep, k))
    total, steps = left.sum(), range(1, T + 1)
    corner = Margin(_word(total), f"What is kept: {_percent(total)} of dW.", lights=_lit_by_all(keep))
    at, terms = Steps(pitch), Terms(cell, [*map(head, steps)], [*map(foot, steps)], corner)
    more = [_border(keep, at), *(when(f"stop{k}", _cut(k, at)) for k in range(1, T)), unless(_example(keep, at, windows))]
    return linked(T, terms, Network(), pitch=pitch, more=more, key=KEY)


def truncation_caption(C, n, pattern):
    """What is kept, and what to notice.   arguments: as for `truncation_triangle` and `kept`"""
    T = len(C)
    keep = kept(T, n, pattern)
    cosine, _ = compared(C, keep)
    if keep.sum() == T * (T + 1) // 2:
        return f"n = {n}: all terms are kept. This is BPTT, untruncated: cosine 1, length 1."
    shorter = f" ({T % n} in the last window)" if T % n else ""
    ringed = f" (ringed: those of {lowered(f'L{T}')})"
    reach = (f"every loss reaches up to {counted(n, 'use')}, {counted(n - 1, 'Jacobian')} back{ringed}"
             if pattern == "back" else "a window is one step, so every loss reaches 1 use" if n == 1 else
             f"the first loss of a window reaches 1 use, the last {counted(n, 'use')}{shorter}")
    against = " It points against dW!" if cosine < 0 else ""
    return f"n = {n}: {reach}. Cosine to the full dW: {number(cosine, 3)}.{against}"


def _word(share):
    """A share where there is no room for a blank."""
    return word(share, 0).replace(" ", "")


def _percent(share):
    return f"{word(share, 0)} %".replace("≈", "about")


def _kept_cells(keep, rows, columns):
    """The classes of the kept cells among these rows t and columns k."""
    return [f"c{t}-{k}" for t in rows for k in columns if keep[t - 1, k - 1]]


def _lit_by_loss(keep, t):
    """What a touch on loss t lights: the loss, the uses that it reaches, and where its way back ends."""
    uses = [int(k) + 1 for k in np.flatnonzero(keep[t - 1])]
    parts = [f"L{t} u{t} r{t}", *(f"h{k} use{k} s{k}" for k in uses), *(f"w{k}" for k in uses), *_kept_cells(keep, [t], uses)]
    return " ".join([*parts, _end(keep, t)]).strip()


def _lit_by_use(keep, k):
    """What a touch on use k lights: the losses that it hears of, and the border of its window where it has one."""
    losses = [int(t) + 1 for t in np.flatnonzero(keep[:, k - 1])]
    last = losses[-1]
    parts = [f"use{k} f{k} s{k} w{k}", *(f"L{t} h{t} u{t}" for t in losses), *(f"w{t}" for t in losses if t > k),
             *_kept_cells(keep, losses, [k])]
    closed = last < len(keep) and not keep[last:, :last].any()
    return " ".join([*parts, *([f"stop{last}"] if closed else [])])


def _lit_by_all(keep):
    """What a touch on the corner lights: the whole network, and of the triangle what is kept."""
    steps = range(1, len(keep) + 1)
    return " ".join(["all", *(f"w{t} u{t} h{t} L{t} r{t} f{t}" for t in steps), *_kept_cells(keep, steps, steps)])


def _end(keep, t):
    """The class of the mark at which the way back of loss t ends; nothing when it reaches the first use."""
    first = int(keep[t - 1].argmax())
    return f"stop{first}" if first else ""


def _cut(k, at, colour=palette.BAD):
    """No gradient goes from step k + 1 back to step k: it comes, dashed, to a cross above the edge, as in lesson 14."""
    y, middle = Y_HIDDEN - 25, (at(k) + at(k + 1)) / 2
    return (path(f"M{at(k + 1) - 4:g} {y}H{middle - 1:g}", stroke=colour, stroke_width=2, dash="5 3")
            + path(f"M{middle - 9:g} {y - 6}l12 12m0 -12l-12 12", stroke=colour, stroke_width=2.2))


def _example(keep, at, windows):
    """What stands in the network untouched: the borders of the windows, or how far the last loss reaches."""
    T = len(keep)
    if windows:
        return touch("".join(_cut(k, at) for k in range(1, T) if not keep[k:, :k].any()), "example")
    reached = [int(k) + 1 for k in np.flatnonzero(keep[T - 1])]
    if len(reached) == T:
        return touch("", "example")
    rings = "".join(circle(at(k), Y_HIDDEN, at.radius + 2, fill="none", stroke=palette.LOSS, stroke_width=2.4) for k in reached)
    return touch(rings + _cut(reached[0] - 1, at, palette.LOSS), "example")


def _border(keep, at):
    """A line around what is kept: the edges between a kept cell and one that is not."""
    T, edges = len(keep), []
    for t, k in zip(*np.nonzero(keep), strict=True):
        x, y = at.edge(k + 1), TOP + CELL * t
        if k and not keep[t, k - 1]:
            edges.append(f"M{x} {y}v{CELL}")
        if t + 1 < T and not keep[t + 1, k]:
            edges.append(f"M{x} {y + CELL}h{at.pitch}")
    return path("".join(edges) or "M0 0", stroke=palette.INK, stroke_width=2.6, stroke_linecap="round")


def _by_distance(C, keep):
    """Bars of the shares by distance: outlined all, filled what is kept."""
    whole, part = shares_by_distance(C), shares_by_distance(C, keep)
    high, low = max(0, whole.max(), part.max()), min(0, whole.min(), part.min())
    unit, pitch = 104 / max(high - low, 1e-300), (WIDTH - 24) / len(C)
    zero, wide = 60 + high * unit, min(16, pitch - 4)
    body = [label(4, 13, "share of dW by distance t − k, in %", size=13, anchor="start"),
            note(4, 30, "outline: all; filled: kept (down: < 0)"),
            path(f"M4 {zero:.1f}H{WIDTH - 20}", stroke=palette.FAINT, stroke_width=1)]
    bottom = zero - low * unit
    xs = [4 + pitch * (d + .5) for d in range(len(C))]
    for x, every, some in zip(xs, whole, part, strict=True):
        body += [_bar(x, every, zero, unit, wide, **DASHED), _bar(x, some, zero, unit, wide, fill=palette.W),
                 label(x, zero - max(0, every, some) * unit - 6, number(every, 0), size=12)]
    distances = "".join(f'<tspan x="{x:.1f}">{d}</tspan>' for d, x in enumerate(xs))
    body.append(f'<text y="{bottom + 18:.1f}" font-size="12" text-anchor="middle" fill="{palette.MUTED}">{distances}</text>')
    return Drawing(WIDTH, bottom + 24, "".join(body))


def _bar(x, value, zero, unit, wide, **look):
    """A bar from the zero line.   x: its middle     zero: y of the line     unit: pixels for 1"""
    height = abs(value) * unit
    return rect(x - wide / 2, zero - height if value > 0 else zero, wide, height, **look)
