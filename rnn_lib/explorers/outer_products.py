"""Lesson 06: the gradient of U as a stack of outer products, one from each step."""
import numpy as np

from .. import palette
from ..diagrams import Drawing, above, beside, label, lowered, render, symbol, unfolded
from ..diagrams.bars import signed
from ..diagrams.network import PITCH, centre
from ..diagrams.outer_products import cell_width, key, table, tile
from ..diagrams.svg import move
from ..losses import cross_entropy
from ..network import forward, tanh
from .kit import Picture, slider, switched

MARGIN = 90         # left of the columns: what the rows are
WIDEST = 940
BETWEEN = 42        # the room of + and = between the tables
HEAD = 22           # above a table: its title


def outer_products(params, x, y, h_0=None, *, entry=(0, 0), f=tanh, loss=cross_entropy):
    """Move T: each step adds its tile do_t h_t' to dU, and its do_t to db_y.

    params: Parameters, small enough to read (H up to 4)     x: (T_max, D), T_max up to 12     h_0: (H,), zeros when None
    y: what the loss compares with     entry: (i, j), the entry of U that is framed and added up in the caption
    f, loss: as for `gradcheck`     returns: Explorer, switched in the browser     raises: ValueError when it would not fit
    """
    run, T_max = forward(params, x, h_0, f), len(x)
    if run.x.ndim != 2:
        raise ValueError(f"outer_products shows one sequence, x (T, D), got {run.x.shape}: take x[:, 0]")
    do, h = loss(run.o, y)[1], run.h[1:]
    terms = np.einsum("ti,tj->tij", do, h)             # a shorter T is the same, cut off: nothing here looks ahead
    def draw(T):
        made = above(_network(T, T_max), _tiles(do[:T], h[:T], T_max, _most(do, h, terms), entry),
                     _tables(do, h, terms, T, entry), gap=12)
        if made.width > WIDEST:
            raise ValueError(f"T = {T_max}, H = {len(params.W)} take {made.width:.0f} of {WIDEST} pixels: "
                             "choose a shorter sequence or a smaller network")
        return Picture(render(made, f"dU as a sum of outer products, {_steps(T)}"), _caption(T, do, h, entry))
    return switched(draw, T=slider("T", 1, T_max, min(4, T_max), "length of the sequence"))


def _most(*arrays):
    return tuple(np.abs(array).max() for array in arrays)


def _network(T, T_max):
    """The unfolded network with its losses; the uses of U lit."""
    graph = unfolded(T, T_max=T_max, lit={("U", t) for t in range(1, T + 1)}, losses=True)
    return Drawing(MARGIN + graph.width, graph.height, move(graph, MARGIN, 0))


def _tiles(do, h, T_max, most, entry):
    """Under each column its tile; at the left what they are made of."""
    cell = min(14, (PITCH - 12) / (h.shape[1] + 1))
    tiles = [tile(left, top, most=most, cell=cell, framed=entry) for left, top in zip(do, h, strict=True)]
    words = "".join(label(4, 13 + 15 * n, text, size=12, colour=palette.MUTED, anchor="start")
                    for n, text in enumerate(("of each step:", "on top hₜᵀ,", "at the left doₜ,", "inside doₜ hₜᵀ")))
    body = [move(drawn, MARGIN + centre(t) - drawn.width / 2, 2) for t, drawn in enumerate(tiles, 1)]
    return Drawing(MARGIN + centre(T_max) + PITCH / 2, max(tiles[0].height, 60) + 4, words + "".join(body))


def _tables(do, h, terms, T, entry):
    """Steps 1 to T-1, plus step T, are steps 1 to T: dU with db_y at its left, in numbers."""
    no_step = np.zeros_like(terms[:1])
    dU, db_y = np.vstack([no_step, terms.cumsum(0)]), np.vstack([no_step[..., 0], do.cumsum(0)])     # [t]: after t steps
    of_term, of_sum = _most(do, h, terms), _most(db_y, h, dU)
    style = {"wide": cell_width(max(*of_term, *of_sum)), "framed": entry}
    step = table(do[T - 1], terms[T - 1], h[T - 1], most=of_term, **style)
    before, after = (table(db_y[t], dU[t], most=of_sum, **style) for t in (T - 1, T))
    pieces = [_headed(before, _steps(T - 1), ("db", "y"), "dU"), _sign("+", step), _headed(step, f"step {T} adds", ("do", T)),
              _sign("=", step, symbol(4, HEAD + 18, "h", T, "⊤", anchor="start", size=16)),
              _headed(after, f"Σₜ, {_steps(T)}", ("db", "y"), "dU")]
    row = beside(*pieces, gap=0)
    return Drawing(MARGIN + row.width, row.height, move(key(), 0, 58) + move(row, MARGIN, 0))


def _headed(drawn, title, column, matrix=""):
    """A table with a title above, and the names of its column and of its matrix."""
    colour = palette.LOSS if "Σ" in title else palette.MUTED
    names = [label(0, 13, title, size=13, colour=colour, anchor="start"), symbol(6, HEAD + 20, *column, anchor="start", size=16),
             symbol(drawn.width / 2 + 25, HEAD + 20, matrix, size=16)]
    return Drawing(drawn.width, drawn.height + HEAD, "".join(names) + move(drawn, 0, HEAD))


def _sign(text, like, more=""):
    """What stands between two tables, in the middle of their cells."""
    return Drawing(BETWEEN, like.height + HEAD, label(BETWEEN / 2, HEAD + 37 + (like.height - 32) / 2, text, size=18) + more)


def _steps(T):
    return ("no step yet", "step 1")[T] if T < 2 else f"steps 1 to {T}"


def _caption(T, do, h, entry):
    i, j = entry
    terms, t = do[:T, i] * h[:T, j], lowered(T)
    last = f"step {T} adds do{t}[{i}] · h{t}[{j}] = ({signed(do[T - 1, i])})({signed(h[T - 1, j])}) ≈ {signed(terms[-1])}"
    if T == 1:
        return f"T = 1: {last} to entry [{i}, {j}] of dU (framed), and that is all of it so far."
    return f"T = {T}: {last} to entry [{i}, {j}] of dU (framed). Σₜ: {_added(terms)}."


def _added(terms):
    """+0.10 − 0.04 = +0.06, and ≈ for = where the rounded terms do not quite add up"""
    first, *rest = terms
    text = signed(first) + "".join(f" {'−' if signed(term)[0] == '−' else '+'} {abs(term):.2f}" for term in rest)
    exact = abs(sum(round(term, 2) for term in terms) - round(sum(terms), 2)) < .005
    return f"{text} {'=' if exact else '≈'} {signed(sum(terms))}"
