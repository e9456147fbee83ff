"""Lesson 08: the contributions C[t,k] added up rows first and columns first, and what each order costs.

A *product* is a vector times a Jacobian, v J_i = (v f'(a_i)) W: the step from one column of the triangle to the one before.
Both functions below do the work that they count.
"""
from typing import NamedTuple

import numpy as np

from .. import palette
from ..charts import growth
from ..diagrams import Drawing, above, beside, label, lowered, render
from ..diagrams.numbers import number
from ..diagrams.orders import by_columns, by_rows
from .kit import Picture, chart, slider, still, switched

CELL = 28           # pixels of a cell where T goes up to 12


class Piece(NamedTuple):
    """A piece of dW, and how many products had been made when it was there."""
    t: int              # the loss; None for the sum over all losses t >= k
    k: int              # the use
    products: int
    value: np.ndarray   # (H, H)


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
    returns: Explorer, switched in the browser
    """
    cells, uses, T = row_first(params, run, do), column_first(params, run, do), len(do)
    dW = sum(piece.value for piece in uses)
    def share(*pieces):
        return sum((piece.value * dW).sum() for piece in pieces) / (dW * dW).sum()
    def draw(products):
        left, right = [[p for p in made if p.products <= products] for made in (cells, uses)]
        picture = beside(_rows_so_far(T, left, products, share), _columns_so_far(T, right, products, share), gap=24)
        return Picture(render(picture, f"both orders after {_products(products)}"),
                       _so_far(T, left, right, products, share(*left), share(*right)))
    spent = slider("products", 0, max(cells[-1].products, 1), 0, "products of a vector with a Jacobian, made so far")
    spent.style.description_width = "5em"
    return switched(draw, products=spent)


def order_costs(params, run, do):
    """Move T: both triangles complete, in each cell or column the number of products spent when it was there.

    params, run, do: as for `two_orders`, with T up to 12; a shorter T cuts the sequence
    returns: Explorer, switched in the browser
    """
    T_max = len(do)
    most = row_first(params, run, do)[-1].products
    def draw(T):
        part = run._replace(x=run.x[:T], a=run.a[:T], h=run.h[:T + 1], o=run.o[:T])
        cells, uses = row_first(params, part, do[:T]), column_first(params, part, do[:T])
        at = {(p.t, p.k): str(p.products) for p in (*cells, *uses)}
        left = by_rows(T, lambda t, k: (at[t, k], palette.LOSS, .22), {}, "", T_max=T_max, size=CELL, title="rows first")
        right = by_columns(T, lambda k: (at[None, k], palette.USE, .3), "", T_max=T_max, size=CELL, title="columns first")
        spent = cells[-1].products, uses[-1].products
        bars = [_bar(name, count, most, colour) for name, count, colour in
                zip(("rows first", "columns first"), spent, (palette.LOSS, palette.USE), strict=True)]
        return Picture(render(above(beside(left, right, gap=24), *bars, gap=8), f"products needed for T = {T}"),
                       _cost(T, len(cells), *spent))
    return switched(draw, T=slider("T", 1, T_max, min(6, T_max), "length of the sequence"))


def timing(times):
    """Measured times against T, both axes logarithmic.

    times: {name: (T, seconds)}, arrays     returns: Explorer, a still picture with the slopes
    """
    slopes = {name: np.polyfit(np.log(T), np.log(seconds), 1)[0] for name, (T, seconds) in times.items()}
    lines = {f"{name}: slope {slopes[name]:.1f}": (T, 1e3 * seconds) for name, (T, seconds) in times.items()}
    svg = chart(lambda ax: growth(ax, lines, xlabel="T, steps", ylabel="time, ms"), "time against T", height=3.4)
    said = ", ".join(f"{name} {slope:.1f}" for name, slope in slopes.items())
    return still(Picture(svg, f"Time of one gradient against T, both axes logarithmic. Slopes: {said}."))


def _rows_so_far(T, left, products, share):
    done = {t: [p for p in left if p.t == t] for t in range(1, T + 1)}
    sums = {t: _percent(share(*row)) for t, row in done.items() if len(row) == t}
    texts = {(p.t, p.k): _percent(share(p)) for p in left}
    def cell(t, k):
        return (texts[t, k], palette.LOSS, .3) if (t, k) in texts else ("", palette.LOSS, 0)
    now = next((p for p in left if p.products == products > 0), None)
    note = lowered(f"L{now.t} is carried from h{now.k + 1} to h{now.k}") if now else _idle(products, left)
    return by_rows(T, cell, sums, _percent(share(*left)), title=f"rows first: {_products(left[-1].products)}", note=note,
                   lit={(now.t, now.k)} if now else ())


def _columns_so_far(T, right, products, share):
    texts = {p.k: _percent(share(p)) for p in right}
    def column(k):
        return (texts[k], palette.USE, .3) if k in texts else ("", palette.USE, 0)
    now = next((p for p in right if p.products == products > 0), None)
    note = (lowered(f"{_carried(now.k, T)} from h{now.k + 1} to h{now.k}") if now
            else _idle(products, right))
    return by_columns(T, column, _percent(share(*right)), title=f"columns first: {_products(right[-1].products)}", note=note,
                      lit={now.k} if now else ())


def _idle(products, made):
    if products:
        return "complete"
    return "cells (k, k) need no product" if made[-1].t else f"column {made[-1].k} needs no product"


def _carried(k, T):
    """The losses that meet at h_{k+1}."""
    if k + 1 == T:
        return f"L{T} is carried"
    return f"L{k + 1} {'and' if k + 2 == T else 'to'} L{T} are carried together"


def _so_far(T, left, right, products, share_left, share_right):
    rows = max(p.t for p in left if p.k == 1)
    return (f"After {_products(products)}. Rows first: {len(left)} of {T * (T + 1) // 2} cells, {_percent(share_left)} of dW; "
            f"{_count(rows, 'row')} complete. Columns first: {len(right)} of {_count(T, 'column')}, {_percent(share_right)} of dW"
            + (f"; complete after {_products(right[-1].products)}." if len(right) == T else "."))


def _cost(T, cells, by_row, by_column):
    if by_row == by_column:
        return f"T = {T}: {_products(by_row)} either way. Each number says how many products had been made by then."
    return (f"T = {T}: {by_row} products for {cells} cells rows first, {_products(by_column)} for {T} columns: "
            f"{by_row / by_column:g} times as many.")


def _products(n):
    return _count(n, "product") if n else "no product"


def _count(n, word):
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def _percent(share):
    return f"{number(100 * share, 0)} %"


def _bar(name, value, most, colour, room=560):
    width = room * value / max(most, 1)
    return Drawing(room + 200, 16, label(106, 12, name, size=13, colour=palette.MUTED, anchor="end")
                   + f'<rect x="120" y="2" width="{width:.1f}" height="12" rx="2" fill="{colour}"/>'
                   + label(128 + width, 12, _products(value), size=13, anchor="start"))
