"""Lesson 08: the graph rule at the nodes of a step; the terms C[t,k] added up rows first and columns first.

A *product* is a vector times a Jacobian, v J_i = (v f'(a_i)) W: the step from one column of the triangle to the one before.
Both functions below do the work that they count.
"""
from typing import NamedTuple

import numpy as np

from .. import palette
from ..diagrams.graph import graph
from ..diagrams.linked import Y_HIDDEN, Y_LOSS, Network, linked
from ..diagrams.svg import Drawing, above, arrow, beside, label, note, render, symbol, touch
from ..diagrams.triangle import Cell, Margin, R, Steps, Terms, everything
from ..diagrams.wording import counted, lowered, number
from .contributions import key_of
from .kit import Picture, choice, drawable, slider, switched

PITCH, CLOSE = 60, 51       # from step to step where two triangles of 6 stand side by side, and on a narrow page
LANE = Y_HIDDEN + 29         # where messages run: below the network, on no edge and on no node
PLAIN = Network(factors=False, inputs=False)
SAYS = {"": "The graph around step t, with one node for W (x, V, U and the biases are not drawn). Touch hₜ, aₜ or W.",
        "h": "Two arrows leave hₜ, so its gradient has two terms: dhₜ = Uᵀdoₜ + Wᵀdaₜ₊₁.",
        "a": "One arrow leaves aₜ, so its gradient is one term: daₜ = f′(aₜ) ⊙ dhₜ.",
        "W": "One arrow leaves W for each step, so its gradient has one term for each: dW = Σₜ daₜ hₜ₋₁ᵀ.",
        "haW": "Three nodes and three equations: this is the whole algorithm."}
ASKS = "Which arrows leave {}, and what comes back along each? Press to compare."
NAMES = {"h": "hₜ", "a": "aₜ", "W": "W"}


class Piece(NamedTuple):
    """A piece of dW, and how many products had been made when it was ready."""
    t: int              # the loss; None for the sum over all losses t >= k
    k: int              # the use
    products: int
    value: np.ndarray   # (H, H)


def graph_rule():
    """Touch h_t, a_t or W: the arrows that leave it. Press it: what comes back along each, and the sum.

    returns: Explorer, switched in the browser
    """
    def draw(nodes, narrow=False):
        react = {node: {"sets": f"nodes={name}", "says": ASKS.format(name), "chosen": node == nodes}
                 for node, name in NAMES.items()}
        return Picture(render(graph(nodes, react, narrow), "the computational graph around step t"), SAYS[nodes])
    stops = [("no node", ""), *((name, node) for node, name in NAMES.items()), ("all", "haW")]
    return switched(draw, nodes=choice("the gradient of", stops, says="the node whose gradient is shown"))


def row_first(params, run, do):
    """C[t,k] for all k <= t, row by row: each loss sends its own message back.   returns: list of Piece, in order"""
    slope, products, made = run.f.slope(run.a), 0, []
    for t in range(1, len(do) + 1):
        v = do[t - 1] @ params.U                                  # dL_t/dh_t
        for k in range(t, 0, -1):
            if k < t:
                v, products = (slope[k] * v) @ params.W, products + 1          # v J_{k+1}
            made.append(Piece(t, k, products, np.outer(slope[k - 1] * v, run.h[k - 1])))
    return made


def column_first(params, run, do):
    """The sum over t of C[t,k], from k = T down to 1: one message carries all later losses.   returns: list of Piece"""
    slope, products, made = run.f.slope(run.a), 0, []
    da = np.zeros(len(params.W))                                  # da_{T+1} = 0
    for k in range(len(do), 0, -1):
        dh = do[k - 1] @ params.U
        if k < len(do):
            dh, products = dh + da @ params.W, products + 1       # (9), da is da_{k+1}
        da = slope[k - 1] * dh                                    # (10)
        made.append(Piece(None, k, products, np.outer(da, run.h[k - 1])))      # (11)
    return made


def two_orders(params, run, do):
    """Spend products one by one: the triangle fills rows first (left) and columns first (right), up to the same dW.

    params, run, do: a network, its run of T <= 6 steps, and dL/do_t (T, K), no batch
    returns: Explorer, switched in the browser     raises: ValueError for a batch or more steps
    """
    drawable(run, 6)
    cells, uses, T = row_first(params, run, do), column_first(params, run, do), len(do)
    dW = sum(piece.value for piece in uses)
    def share(*pieces):
        return sum((piece.value * dW).sum() for piece in pieces) / (dW * dW).sum()
    largest = max(abs(share(piece)) for piece in cells)
    def draw(products, narrow=False):
        left, right = [[p for p in made if p.products <= products] for made in (cells, uses)]
        pitch, put = (CLOSE, above) if narrow else (PITCH, beside)
        picture = put(_rows_so_far(T, left, products, share, largest, pitch),
                      _columns_so_far(T, right, products, share, pitch), gap=16)
        return Picture(render(picture, f"both orders after {_products(products)}"), _so_far(T, left, right, products))
    most = max(cells[-1].products, 1)
    spent = slider("products", 0, most, min(3, most), "products of a vector with a Jacobian made so far", plays=True)
    return switched(draw, products=spent)


def _rows_so_far(T, left, products, share, largest, pitch):
    """Each loss sends its own row v back: cell after cell, and the sum of a row is one over the uses, in gold."""
    found = {(p.t, p.k): p for p in left}
    def cell(t, k):
        name, here = f"C[{t},{k}]", f"carried back to step {k}."
        if (t, k) not in found:
            return Cell("", 0, f"{name} is not there yet: it is made when {lowered(f'L{t}')} is {here}", look="later")
        part = share(found[t, k])
        return Cell(_percent(part), part / largest, f"{name} was made when {lowered(f'L{t}')} was {here}")
    def head(t):
        row = [found[t, k] for k in range(1, t + 1) if (t, k) in found]
        return Margin(_percent(share(*row)) if row else "", f"Row {t}: {len(row)} of {t} cells made.")
    now = _now(left, products)
    message = [touch(_message(now.k + 1, "vJ", palette.USE, Steps(pitch)), "now")] if now else []      # dims while a path is lit
    feet = [Margin("", f"Rows first never adds up column {k}; columns first does.") for k in range(1, T + 1)]
    terms = Terms(cell, [*map(head, range(1, T + 1))], feet, Margin(_percent(share(*left)), "The part of dW so far.", small=True))
    return _titled("rows first: every loss alone", palette.USE, left, products, T * (T + 1) // 2, "cells",
                   linked(T, terms, PLAIN, pitch=pitch, more=message, key=(f"{key_of('share')[0]}, so far", "")))


def _columns_so_far(T, right, products, share, pitch):
    """The losses are added at h_t before they pass J, in purple: a whole column at once, its cells never made one by one."""
    found = {p.k: p for p in right}
    def cell(t, k):
        says = f"Columns first never computes C[{t},{k}] by itself; it will be in the sum of column {k}."
        return Cell("", 0, says, look="later")
    def foot(k):
        says = f"Column {k} is one sum over its losses; its cells are never computed one by one."
        return Margin(_percent(share(found[k])) if k in found else "", says)
    now = _now(right, products)
    several = now and now.k + 1 < T
    parts = [_message(now.k + 1, "(p+m)J" if several else "pJ", palette.LOSS, Steps(pitch))] if now else []
    parts += _meeting(now.k + 1, pitch) if several else []
    message = [touch("".join(parts), "now")] if now else []
    heads = [Margin("", f"Columns first never adds up row {t}; rows first does.") for t in range(1, T + 1)]
    corner = Margin(_percent(share(*right)), "The part of dW so far.", lights=f"{everything(T)} bar", small=True)
    terms = Terms(cell, heads, [*map(foot, range(1, T + 1))], corner)
    return _titled("columns first: add, then go back", palette.LOSS, right, products, T, "columns",
                   linked(T, terms, PLAIN, pitch=pitch, more=message, whole=[*found],
                          key=("", key_of("share")[1], "one bar, one sum: its cells are never computed one by one")))


def _last(made, products):
    """What the product just made has carried, in words; before any, what is there without one."""
    if not products and made[-1].t is None:
        return f"column {made[-1].k} is complete, without a product"
    if not products:
        return "row 1 is complete" + ", row 2 has its first cell" * (made[-1].t > 1)
    now = _now(made, products)
    if now is None:
        return "complete"
    here, there = lowered(f"h{now.k + 1}"), lowered(f"h{now.k}")
    loss = now.t or (now.k + 1 == made[0].k and made[0].k)             # nothing has met at h_T
    if loss:
        return f"{lowered(f'L{loss}')} alone, from {here} to {there}"
    return f"everything that met at {here}, from {here} to {there}"


def _now(made, products):
    """The piece that the last product made; none before the first, and where all was there before."""
    return next((piece for piece in made if piece.products == products > 0), None)


def _message(i, words, colour, at):
    """The product being made: a message that goes back over the edge into h_i, through J_i."""
    x1, x2 = at(i) - 4, at(i - 1) + 4
    name = symbol((x1 + x2) / 2, LANE + 21, words, i, size=18, colour=colour)
    return arrow(x1, LANE, x2, LANE, colour=colour, width=5, grows=0) + name


def _meeting(i, pitch):
    """p comes down from L_i, m from the right; they are added at h_i before they pass J_i."""
    x, purple = Steps(pitch)(i), {"colour": palette.LOSS}
    return [arrow(x - 12, Y_LOSS + 12, x - 12, Y_HIDDEN - R + 5, width=5, **purple),      # beside U
            arrow(x + pitch - 4, LANE, x + 4, LANE, width=5, **purple),
            symbol(x - 23, Y_HIDDEN - 34, "p", size=18, **purple),
            symbol(x + pitch / 2, LANE + 21, "m", size=18, **purple)]


def _titled(title, colour, made, products, all_of, parts, drawing):
    """With what the last product has carried, and how many parts of dW are there for how many products."""
    done = f"{len(made)} of {all_of} {parts}{' ✓' * (len(made) == all_of)}"
    head = (label(4, 16, title, size=15, colour=colour, anchor="start", weight="bold")
            + note(4, 36, _last(made, products), size=13)
            + label(drawing.width - 6, 16, done, size=16, colour=colour, anchor="end", weight="bold")
            + note(drawing.width - 6, 36, f"for {_products(made[-1].products)}", size=13, anchor="end"))
    return above(Drawing(drawing.width, 44, head), drawing, gap=0)


def _so_far(T, left, right, products):
    if not products:
        return "Press ▶. A product is one vector times one Jacobian. Which order is complete first?"
    if len(right) == 2 < T:
        return (f"One product on each side, and nothing is saved yet: columns first, {lowered(f'L{T}')} has passed J alone. "
                f"At {lowered(f'h{T - 1}')} it meets p of {lowered(f'L{T - 1}')}.")
    if len(right) < T:
        return ("Rows first, every loss passes each J by itself. Columns first, p (from above) and m (from the right) meet at hₜ "
                "and pass J together: pJ + mJ = (p + m)J, and one product is saved.")
    cells = T * (T + 1) // 2
    if len(left) < cells:
        done = _products(right[-1].products)
        return f"Columns first: all of dW after {done}. Rows first: {len(left)} of {cells} cells, and still going."
    return f"The same dW: {_products(left[-1].products)} rows first, {right[-1].products} columns first."


def _products(n):
    return counted(n, "product") if n else "no product"


def _percent(share):
    return f"{number(100 * share, 0)} %" if abs(share) >= .005 else "≈ 0"
