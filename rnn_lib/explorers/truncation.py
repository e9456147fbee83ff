"""Lesson 13: which terms C[t,k] a truncated gradient keeps, and how far it is from the full one."""
import numpy as np

from .. import definition, palette
from ..diagrams import Drawing, above, beside, label, render, symbol, triangle
from ..diagrams.bars import bar, signed
from ..diagrams.sums import key
from ..losses import cross_entropy
from ..network import forward, tanh
from .kit import Picture, choice, slider, switched

PATTERNS = (("n uses back from each loss", "back"), ("windows of n steps", "windows"))
LIT = .4            # opacity of a kept cell
WIDTH = 456         # pixels of the column beside the triangle


def truncation(params, x, y, h_0=None, *, f=tanh, loss=cross_entropy):
    """Move n: the terms that a truncated gradient keeps light up; beside them, its angle and length against the full one.

    params: Parameters     x: (T, D), T up to 12     y: labels or targets for the loss     h_0: (H,), zeros when None
    f, loss: as for `contributions`     returns: Explorer, switched in the browser
    """
    run = forward(params, x, h_0, f)
    C = definition.contributions(params, run, loss(run.o, y)[1], "W")
    def draw(n, pattern):
        keep = kept(len(C), n, pattern)
        picture = beside(truncation_triangle(C, keep), _beside(C, keep), gap=16)
        return Picture(render(picture, f"the terms kept, n = {n}: {pattern}"), truncation_caption(C, n, pattern))
    return switched(draw, n=slider("n", 1, len(C), min(3, len(C)), "steps kept"), pattern=choice("keep", PATTERNS))


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
    T, G = len(C), C.sum((0, 1))
    shares = 100 * (C * G).sum((2, 3)) / max((G * G).sum(), 1e-300)
    if keep is not None:
        shares = shares * keep
    return np.array([np.trace(shares, -d) for d in range(T)])


def truncation_triangle(C, keep):
    """All terms with their signed shares in per cent, the kept ones lit.   C: (T, T, H, H)   keep: (T, T)   returns: Drawing"""
    G = C.sum((0, 1))
    shares = 100 * (C * G).sum((2, 3)) / max((G * G).sum(), 1e-300)
    def cell(t, k):
        return signed(shares[t - 1, k - 1], 0), palette.W, LIT * keep[t - 1, k - 1]
    return triangle(len(C), cell, size=34)


def truncation_caption(C, n, pattern):
    """What is kept, and how good it is, in two sentences.   arguments: as for `truncation_triangle` and `kept`"""
    T = len(C)
    keep = kept(T, n, pattern)
    cosine, ratio = compared(C, keep)
    count = f"{keep.sum()} of {T * (T + 1) // 2} terms"
    if keep.sum() == T * (T + 1) // 2:
        all_terms = "the one term is" if T == 1 else f"all {keep.sum()} terms are"
        return f"n = {n}: {all_terms} kept. This is BPTT, untruncated: cosine 1, length 1."
    what = f"t − k < {n}" if pattern == "back" else "loss and use in one window"
    reach = (f"each loss reaches up to {_uses(n)}" if pattern == "back"
             else f"the first loss of a window reaches 1 use, the last {_uses(n)}")
    return (f"n = {n}, {what}: {count}; {reach}. Cosine to the full dW {_number(cosine)}, "
            f"length {ratio:.2f} of it.")


def _uses(n):
    return "1 use" if n == 1 else f"{n} uses"


def _number(value):
    return f"{value:.3f}".replace("-", "−")


def _beside(C, keep):
    cosine, ratio = compared(C, keep)
    T = len(C)
    legend = key([("kept", palette.W, LIT), ("cut away", palette.W, 0),
                  ("a number: the term's signed share of the full dW, in %", palette.INK, None)], width=WIDTH)
    bars = above(_bar("cosine to dW", cosine, _number(cosine)), _bar("length : |dW|", ratio, f"{ratio:.2f}"),
                 _bar("terms kept", keep.sum() / (T * (T + 1) / 2), f"{keep.sum()} of {T * (T + 1) // 2}"), gap=8)
    return above(legend, bars, _by_distance(C, keep), gap=18)


def _bar(name, value, words, one=200):
    """A bar with a mark where 1 is; red where the value is negative, cut off at 1.2.   one: pixels for 1"""
    length, colour = one * min(abs(value), 1.2), palette.INK if value >= 0 else palette.BAD
    return Drawing(WIDTH, 18, label(100, 13, name, size=13, colour=palette.MUTED, anchor="end")
                   + f'<rect x="110" y="2" width="{length:.1f}" height="13" rx="2" fill="{colour}"/>'
                   + f'<path d="M{110 + one} 0V17" stroke="{palette.MUTED}" stroke-width="1" stroke-dasharray="2 2"/>'
                   + label(122 + 1.2 * one, 13, words, size=13, anchor="start"))


def _by_distance(C, keep):
    whole, part = shares_by_distance(C), shares_by_distance(C, keep)
    high, low = max(0, whole.max(), part.max()), min(0, whole.min(), part.min())
    unit, pitch = 92 / max(high - low, 1e-300), (WIDTH - 40) / len(C)
    zero = 28 + high * unit
    body = [label(4, 13, "share of dW by distance t − k, in %: solid what is kept, outlined all", size=13, anchor="start"),
            f'<path d="M4 {zero:.1f}H{WIDTH - 30}" stroke="{palette.FAINT}" stroke-width="1"/>']
    bottom = zero - low * unit
    for d in range(len(C)):
        x = 4 + pitch * (d + .5)
        body += [bar(x, whole[d], zero, unit, colour=palette.W, filled=False, width=min(24, pitch - 8)),
                 bar(x, part[d], zero, unit, colour=palette.W, width=min(16, pitch - 14)),
                 label(x, bottom + 16, signed(whole[d], 0), size=12),
                 label(x, bottom + 34, str(d), size=12, colour=palette.MUTED)]
    end = symbol(WIDTH - 14, bottom + 34, "t−k", size=14, colour=palette.MUTED)
    return Drawing(WIDTH, 28 + 92 + 40, "".join(body) + end)
