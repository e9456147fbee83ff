"""Lessons 05, 07 and 09: every contribution C[t,k] as the linked triangle, in numbers for one unit."""
import numpy as np

from .. import definition
from ..diagrams.linked import Network, linked
from ..diagrams.svg import render
from ..diagrams.triangle import KEY, PITCH, SNUG, Cell, Margin, Terms, name_of, slim
from ..diagrams.wording import brief, listed, lowered, number, signed, word
from ..losses import cross_entropy
from ..network import forward, tanh
from .kit import Picture, choice, drawable, slider, switched

LOOSE, ACROSS = 96, 790          # pixels: from step to step at most, and for all steps where there are few
VIEWS = (("one entry", "entry"), ("signed share, %", "share"))


def contributions(params, x, y, h_0=None, name="W", *, entry=None, inputs=True, plain=False, f=tanh,
                  loss=cross_entropy):
    """Move T, choose what a cell shows, touch a cell: its path lights up, and its factors stand on the edges.

    params: Parameters     x: (T_max, D), T_max up to 12     y: labels or targets for the loss     h_0: (H,), zeros when None
    name: "W", "V" or "b_h"     entry: index into the parameter, the first when None
    inputs: draw them, too     plain: cells show one entry, and say it in words
    f, loss: as for `copy_gradients`
    returns: Explorer, switched in the browser     raises: ValueError for a batch or more steps
    """
    run = drawable(forward(params, x, h_0, f))
    C = definition.contributions(params, run, loss(run.o, y)[1], name)
    entry, pitch = (0,) * (C.ndim - 2) if entry is None else entry, max(PITCH, min(LOOSE, ACROSS // len(C)))
    def draw(T, view="entry", narrow=False):
        room = slim(T, len(C)) if narrow else {"pitch": pitch, "most": len(C)}
        drawing = contribution_triangle(C, T, view, name, entry, plain=plain, network=Network(name, inputs=inputs), **room)
        return Picture(render(drawing, f"contributions to the gradient of {name}, T = {T}: {view}"),
                       _caption(C, T, view, name, entry))
    views = {} if plain else {"view": choice("a cell shows", VIEWS)}
    T = slider("T", 1, len(C), len(C), "length of the sequence", plays=True)
    return switched(draw, held=f"c{min(6, len(C))}-{min(3, len(C))}", T=T, **views)


def contribution_triangle(C, T, view, name="W", entry=(0, 0), *, says=None, plain=False, **drawn):
    """The corner of the triangle for the first T steps, under its network.

    C: (T_max, T_max, ...) contributions, from `rnn_lib.contributions`     view: "share" or "entry"
    name: which parameter     entry: index into it     says: (t, k) -> the caption of a cell, when another than the cell's own
    plain: as for `contributions`     drawn: as for `linked`     returns: Drawing
    """
    cells, rows, columns, total = values(C[:T, :T], view, entry)
    scale = max(np.abs(cells if view == "share" else values(C, view, entry)[0]).max(), 1e-300)
    def words(value):
        return _words(value, view, scale)
    def cell(t, k):
        value = cells[t - 1, k - 1]
        what = (f"The use of {_pretty(name)} at step {k} changes loss {t}, along the path that is lit" if plain else
                f"C[{t},{k}] = {name_of(t, k, name)}")
        own = f"{what}: {_said(value, view, name, entry)}."
        return Cell(words(value), value / scale, says(t, k) if says else own)
    def margin(value, says, where):
        brief = f"{says} Its sum stands {where}."                        # the same in every view: the frames share it
        return Margin(words(value), f"{says} Together {_said(value, view, name, entry)}.", brief=brief)
    heads = [margin(value, row_says(t, name), "at the left") for t, value in enumerate(rows, 1)]
    feet = [margin(value, column_says(k, T), "below it") for k, value in enumerate(columns, 1)]
    terms = "The only term" if T == 1 else f"All {T * (T + 1) // 2} terms"
    corner = Margin(words(total), f"{terms}: {_said(total, view, name, entry)}.")
    return linked(T, Terms(cell, heads, feet, corner), **{"network": Network(name), "key": key_of(view, name)} | drawn)


def key_of(view, name="W"):
    """What the heads and the feet mean.   returns: (of the heads, of the feet)"""
    share = f"in dL/d{_pretty(name)}, in %"
    return (f"left, Σₖ: the share of loss t {share}", f"below, Σₜ: the share of use k {share}") if view == "share" else KEY


def row_says(t, name):
    """Which uses row t adds up."""
    uses = "one use, at step 1" if t == 1 else "its uses at steps 1 and 2" if t == 2 else f"its uses at steps 1 to {t}"
    return f"Row {t}, Σₖ: {_pretty(name)} changes loss {t} through {uses}."


def column_says(k, T):
    """Which losses column k adds up."""
    names = listed([str(t) for t in range(k, T + 1)]) if T - k < 4 else f"{k} to {T}"
    losses = f"loss {k} only" if k == T else f"losses {names}"
    return f"Column {k}, Σₜ: the use at step {k} changes {losses}."


def values(C, view, entry=(0, 0)):
    """The numbers of a view of the contributions C (T, T, ...).

    share: <C[t,k], G> / <G, G> in %, G the sum of all     entry: C[t,k] at one index
    returns: cells (T, T), of the row sums (T,), of the column sums (T,), of the total
    """
    G = C.sum((0, 1))
    def number(part):
        axes = tuple(range(part.ndim - G.ndim, part.ndim))
        if view == "share":
            return 100 * (part * G).sum(axes) / max((G * G).sum(), 1e-300)
        return part[(..., *entry)]
    return number(C), number(C.sum(1)), number(C.sum(0)), number(G)


def _caption(C, T, view, name="W", entry=(0, 0)):
    """What to notice, in one or two sentences.   arguments: as for `contribution_triangle`"""
    cells = values(C[:T, :T], view, entry)[0]
    gradient = "dL/d" + _pretty(name)
    if T == 1:
        return f"T = 1: one loss and one use, so there is one term. It is all of {gradient}."
    if view == "share":
        return (f"What points along {gradient} ({signed(cells[cells > 0].sum(), 0)} %) and what points against it "
                f"({signed(cells[cells < 0].sum(), 0)} %) leave 100 %. Touch a cell to see its path.")
    return f"Entry {list(entry)} (from 0) of every term. Rows first or columns first, the corner is the same. Touch a cell."


def _said(value, view, name, entry):
    """A number with what it is, for a sentence."""
    gradient = "dL/d" + _pretty(name)
    if view == "share":
        return f"{percent(value)} of {gradient}"
    return f"{word(value, 2 if abs(value) >= .005 else 4)} in entry {list(entry)}"         # a small one's cell says only ≈ 0


def _words(value, view, scale):
    """The number in a cell: 0 only where it is exactly 0, ≈ 0 where it is small."""
    digits = 0 if view == "share" or scale >= 99.95 else 1 if scale >= 9.995 else 2
    return word(value, digits)


def percent(value):
    """A share for a sentence, as its cell has it."""
    return f"{_words(value, 'share', 1)} %"


def _pretty(name):
    return "bₕ" if name == "b_h" else name


def paths(params, x, y, h_0=None, *, f=tanh, loss=cross_entropy):
    """Move T, touch a cell: the path from the use of w at step k to the loss L_t, and the numbers multiplied along it.

    params: Parameters with one hidden unit     x: (T_max, D), T_max up to 12     y: labels or targets for the loss
    h_0: (1,), zeros when None     f, loss: as for `copy_gradients`     returns: Explorer, switched in the browser
    raises: ValueError for more than one hidden unit, a batch or more steps
    """
    if params.W.shape != (1, 1):
        raise ValueError(f"the numbers of a path are shown for one hidden unit, W (1, 1), got W {params.W.shape}")
    run = drawable(forward(params, x, h_0, f))
    slope, do = run.f.slope(run.a)[:, 0], loss(run.o, y)[1]
    first, J, immediate = do @ params.U[:, 0], slope * params.W[0, 0], slope * run.h[:-1, 0]     # (T,) each, the first dL_t/dh_t
    C = definition.contributions(params, run, do, "W")[..., 0, 0]
    def draw(T, narrow=False):
        drawing = _paths_triangle(C, T, first, J, immediate, **slim(T, len(C)) if narrow else {"pitch": 69, "most": len(C)})
        return Picture(render(drawing, f"the paths of a network with one unit, T = {T}"), _paths_caption(T, J))
    held = f"c{min(6, len(C))}-{min(3, len(C))}"
    return switched(draw, held=held, T=slider("T", 1, len(C), len(C), "length of the sequence", plays=True))


def short(value):
    """A number with three decimals, a small one with two digits: 0.523, −0.0034, 3.4·10⁻⁵"""
    return brief(value) if abs(value) < 1e-3 else number(value, 3 if abs(value) >= .0095 else 4)


def _paths_triangle(terms, T, first, J, immediate, pitch, most):
    C, largest, digits = terms[:T, :T], np.abs(terms).max(), 2 if pitch == SNUG else 3        # one scale: T changes no cell
    factors = (("d", first), ("j", J), ("i", immediate))
    numbers = {f"{letter}{i}": word(value, 2, "") if pitch == SNUG else short(value)
               for letter, values in factors for i, value in enumerate(values[:T], 1)}
    def cell(t, k):
        value = C[t - 1, k - 1]
        return Cell(word(value, digits), value / max(largest, 1e-300), _product(t, k, first[t - 1], J, immediate[k - 1], value))
    def margin(value, says):
        return Margin(word(value, digits), f"{says} Together {word(value, 3)}.")
    rows = [margin(value, row_says(t, "w")) for t, value in enumerate(C.sum(1), 1)]
    columns = [margin(value, column_says(k, T)) for k, value in enumerate(C.sum(0), 1)]
    total = Margin(word(C.sum(), digits), f"All terms together: dL/dw = {word(C.sum(), 3)}.")
    network = Network(numbers=numbers, inputs=False)
    return linked(T, Terms(cell, rows, columns, total), network, pitch=pitch, most=most)


def _product(t, k, first, J, immediate, value):
    """C[5,3] as a product of numbers, the later Jacobians on the left, and what these alone multiply to."""
    steps, together = [_signed(J[i - 1]) for i in range(t, k, -1)] or ["1"], short(np.prod(J[k:t]))
    shown = " × ".join(steps if len(steps) <= 5 else [*steps[:3], "…", steps[-1]])
    between = ("no Jacobian, so the factor 1" if t == k else f"one Jacobian, {together}" if t == k + 1 else
               f"{t - k} Jacobians, product {together}")
    factors = " × ".join([short(first), f"({shown})" if t > k + 1 else shown, _signed(immediate)])
    return f"Loss {t}, use {k}: C[{t},{k}] = {factors} ≈ {'+' if value > 0 else ''}{short(value)}; {between}."


def _paths_caption(T, J):
    if T == 1:
        return "One step: the use of w is at the loss's own step, so no Jacobian stands between. Make T larger."
    least = min(range(2, T + 1), key=lambda i: abs(J[i - 1]))
    return (f"Touch a cell (t, k): w is used at step k (gold), and each step after it multiplies by its Jacobian. "
            f"The smallest of all Jacobians here is {lowered(f'J{least}')} = {short(J[least - 1])}.")


def _signed(value):
    """A factor in a row of factors: negative ones in brackets"""
    return f"({short(value)})" if value < 0 else short(value)
