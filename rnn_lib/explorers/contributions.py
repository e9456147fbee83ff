"""Lessons 07 and 09: every contribution C[t,k] to a gradient, as a triangle with its row sums and column sums."""
import numpy as np

from .. import definition, palette
from ..diagrams import Drawing, beside, render
from ..diagrams.bars import signed
from ..diagrams.sums import key, triangle_with_sums
from ..losses import cross_entropy
from ..network import forward, tanh
from .kit import Picture, choice, slider, switched

COLOUR = {"W": palette.W, "V": palette.V, "b_h": palette.BIAS}
VIEWS = (("signed share, %", "share"), ("norm", "norm"), ("one entry", "entry"))
STRONGEST = .5      # opacity of the largest cell: the numbers stay legible


def contributions(params, x, y, h_0=None, name="W", *, entry=None, f=tanh, loss=cross_entropy):
    """Move T, choose what a cell shows: the signed share, the norm or one entry of each C[t,k], and what they add up to.

    params: Parameters     x: (T_max, D), T_max up to 12     y: labels or targets for the loss     h_0: (H,), zeros when None
    name: "W", "V" or "b_h"     entry: index into the parameter, the first when None     f, loss: as for `copy_gradients`
    returns: Explorer, switched in the browser
    """
    run = forward(params, x, h_0, f)
    C = definition.contributions(params, run, loss(run.o, y)[1], name)
    entry = (0,) * (C.ndim - 2) if entry is None else entry
    def draw(T, view):
        drawing = contribution_triangle(C, T, view, name, entry)
        picture = beside(drawing, _key(view, name, entry, drawing.height), gap=20)
        return Picture(render(picture, f"contributions to the gradient of {name}, T = {T}: {view}"),
                       contribution_caption(C, T, view, name, entry))
    return switched(draw, T=slider("T", 1, len(C), len(C), "length of the sequence"), view=choice("show", VIEWS))


def contribution_triangle(C, T, view, name="W", entry=(0, 0)):
    """The corner of the triangle for the first T steps, with its sums.

    C: (T_max, T_max, ...) contributions, from `rnn_lib.contributions`     view: "share", "norm" or "entry"
    name: which parameter, for its colour     entry: index into it     returns: Drawing, of one size for every T and view
    """
    cells, rows, columns, total = values(C[:T, :T], view, entry)
    scale = max(np.abs(cells if view == "share" else values(C, view, entry)[0]).max(), 1e-300)
    def words(value):
        return _words(value, view, scale)
    def cell(t, k):
        value = cells[t - 1, k - 1]
        return words(value), COLOUR[name] if value >= 0 else palette.MUTED, STRONGEST * abs(value) / scale
    return triangle_with_sums(T, cell, [*map(words, rows)], [*map(words, columns)], words(total), T_max=len(C),
                              size=38 if len(C) > 8 else 46)


def values(C, view, entry=(0, 0)):
    """The numbers of a view of the contributions C (T, T, ...).

    share: <C[t,k], G> / <G, G> in %, G the sum of all     norm: |C[t,k]|     entry: C[t,k] at one index
    returns: cells (T, T), of the row sums (T,), of the column sums (T,), of the total
    """
    G = C.sum((0, 1))
    def number(part):
        axes = tuple(range(part.ndim - G.ndim, part.ndim))
        if view == "share":
            return 100 * (part * G).sum(axes) / max((G * G).sum(), 1e-300)
        return np.sqrt((part * part).sum(axes)) if view == "norm" else part[(..., *entry)]
    return number(C), number(C.sum(1)), number(C.sum(0)), number(G)


def contribution_caption(C, T, view, name="W", entry=(0, 0)):
    """What the triangle shows now, in one or two sentences.   arguments: as for `contribution_triangle`"""
    cells, _, _, total = values(C[:T, :T], view, entry)
    gradient = "∂L/∂" + _pretty(name)
    if T == 1:
        said = {"share": f"It is all of {gradient}", "norm": f"Its norm, {total:.2f}, is that of {gradient}",
                "entry": f"Entry {list(entry)}: {signed(total)}, that of {gradient}"}
        return f"T = 1: one term, C[1,1]. {said[view]}."
    head = f"T = {T}: {len(cells) * (T + 1) // 2} terms C[t,k]."
    plus, minus = cells[cells > 0].sum(), cells[cells < 0].sum()
    if view == "norm":
        return f"{head} Norms do not add: those of the terms make {cells.sum():.2f}, but the norm of {gradient} is {total:.2f}."
    if view == "share":
        return f"{head} {signed(plus, 0)} % point along {gradient}, {signed(minus, 0)} % against it: {signed(total, 0)} % in all."
    return f"{head} Entry {list(entry)}: {signed(plus)} and {signed(minus)} make {signed(total)}, the entry of {gradient}."


def _words(value, view, scale):
    digits = 0 if view == "share" or scale >= 99.95 else 1 if scale >= 9.995 else 2
    if view == "norm":
        return f"{value:.{digits}f}"
    words = signed(value, digits)
    return words.replace("0.", ".") if words[1:3] == "0." else words      # +.28 has room in a cell, +0.28 has not


def _pretty(name):
    return "bₕ" if name == "b_h" else name


def _key(view, name, entry, height):
    """The lines beside the triangle."""
    gradient = "∂L/∂" + _pretty(name)
    then = ", then the norm" if view == "norm" else ""
    title = {"share": f"a cell: its share of {gradient}, in %", "norm": "a cell: the norm of C[t,k]",
             "entry": f"a cell: entry {list(entry)} of C[t,k]"}[view]
    looks = [("+  ", COLOUR[name]), ("−  ", palette.MUTED)] if view != "norm" else [("", COLOUR[name])]
    meaning = {"share": ("along " + gradient, "against it"), "norm": ("the stronger, the longer",),
               "entry": ("positive", "negative")}
    signs = [(sign + words, colour, STRONGEST) for (sign, colour), words in zip(looks, meaning[view], strict=True)]
    lines = [(title, palette.INK, None), *signs, ("", palette.INK, None),
             ("right: row t, summed over k" + then, palette.LOSS, None),
             (f"that is ∂Lₜ/∂{_pretty(name)}, what loss t asks for", palette.LOSS, None), ("", palette.INK, None),
             ("below: column k, summed over t" + then, palette.USE, None),
             (f"that is {gradient}⁽ᵏ⁾, what use k is told", palette.USE, None), ("", palette.INK, None),
             (f"corner: everything, {gradient}" + then, palette.INK, None)]
    entries = key(lines, width=330)
    return Drawing(entries.width, height, f'<g transform="translate(0 34)">{entries.body}</g>')
