"""Lesson 06: the gradient of U as a stack of outer products, one from each step."""
from functools import partial
from typing import NamedTuple

import numpy as np

from .. import palette
from ..diagrams.network import centre, unfolded
from ..diagrams.outer_products import cell_width, empty_tile, frames, key, outline, table, tile, written
from ..diagrams.svg import Drawing, above, beside, label, move, render, symbol, then, touch, unless, when
from ..diagrams.wording import lowered
from ..losses import cross_entropy
from ..network import forward, tanh
from .kit import Picture, drawable, slider, switched

WIDEST = 932
SMALLEST, HIGH = 11, 20              # pixels of a tile's cell: least width, and height
APART = 18          # from one tile to the next, at least: three times what is within one
GUTTER = 12         # at least, on a narrow page
BETWEEN = 40        # the room of + and = between the tables
HEAD, LOW = 38, 12   # above a table: its title, and for the last step its row's name; on a narrow page the title alone
LEFT = 38           # left of the first tile: the names of its row and of its column
KEY = 64            # what the colours mean, left of the tables
IN_A_ROW, SLIM, LOSS = 6, 62, 28     # on a narrow page: tiles in a row, from one to the next, the room of a loss above


class Terms(NamedTuple):
    """What each step adds, and what follows from it for the drawing."""
    do: np.ndarray       # (T, K)
    h: np.ndarray        # (T, H) h_1 to h_T
    each: np.ndarray     # (T, K, H) do_t h_t'
    cell: int            # pixels of a tile's cell, from left to right
    pitch: float         # from one column to the next


def outer_products(params, x, y, h_0=None, *, f=tanh, loss=cross_entropy):
    """Move T, or press the place of a later tile: each step adds its tile do_t h_t' to dU, and its do_t to db_y.

    Touch an entry to see what it adds up.

    params: Parameters, small enough to read (H up to 4)     x: (T_max, D), T_max up to 12     h_0: (H,), zeros when None
    y: what the loss compares with     f, loss: as for `gradcheck`
    returns: Explorer, switched in the browser     raises: ValueError when it would not fit
    """
    run, T_max = drawable(forward(params, x, h_0, f)), len(x)
    do, h, columns = loss(run.o, y)[1], run.h[1:], len(params.W) + 1
    pitch = min((WIDEST - LEFT) / T_max, max(64, 20 * columns + 14))
    terms = Terms(do, h, np.einsum("ti,tj->tij", do, h), int((pitch - APART) // columns), pitch)
    def draw(T, narrow=False):
        made = above((_tiles if narrow else _network)(T, T_max, terms), _tables(terms, T, narrow), gap=18)
        if made.width > WIDEST or terms.cell < SMALLEST:
            raise ValueError(f"T = {T_max}, H = {len(params.W)} take more than {WIDEST} pixels: "
                             "choose a shorter sequence or a smaller network")
        return Picture(render(made, f"dU as a sum of outer products, {_steps(T)}"), _caption(T))
    return switched(draw, T=slider("T", 1, T_max, min(2, T_max), "length of the sequence", plays=True))


def _most(*arrays):
    return tuple(np.abs(array).max() for array in arrays)


def _network(T, T_max, terms):
    """The unfolded network with its losses, the uses of U lit, and under each column its tile."""
    graph = _uses(T, terms.pitch)
    to_the_left = LEFT + (terms.pitch - 8) / 2 - centre(1, terms.pitch)          # where h_0 would stand
    drawn, y = _each_tile(T, T_max, terms, terms.cell, T), graph.height + 8
    left = to_the_left - drawn[0].width / 2
    places = [(centre(t, terms.pitch) + left, y) for t in range(1, T_max + 1)]
    body = [move(graph, to_the_left, 0), *_placed(drawn, places, T, terms, terms.cell), _names(y, terms)]
    return Drawing(LEFT + terms.pitch * T_max - 2, y + 6 + drawn[0].height, "".join(body))


def _uses(T, pitch):
    """The network with its losses, the uses of U lit."""
    return unfolded(T, lit={("U", t) for t in range(1, T + 1)}, losses=True, inputs=False, pitch=pitch)


def _tiles(T, T_max, terms):
    """On a narrow page, in place of `_network`: tiles in rows, the first under its part of the network, others under a loss."""
    cell = (SLIM - GUTTER) // (terms.h.shape[1] + 1)
    drawn, first, graph = _each_tile(T, T_max, terms, cell, IN_A_ROW), range(0, T_max, IN_A_ROW), _uses(min(T, IN_A_ROW), SLIM)
    line, top, half = drawn[0].height + LOSS + 6, graph.height + 8, drawn[0].width / 2
    places = [(LEFT + SLIM * (t % IN_A_ROW), top + line * (t // IN_A_ROW)) for t in range(T_max)]
    losses = [touch(symbol(x + half, y - 12, "L", t, size=15, colour=palette.LOSS), f"L{t}")
              for t, (x, y) in enumerate(places[:T], 1) if t > IN_A_ROW]
    names = [_names(places[t][1], terms) for t in first]
    body = [move(graph, LEFT + half - centre(1, SLIM), 0), *_placed(drawn, places, T, terms, cell), *losses, *names]
    return Drawing(LEFT + SLIM * IN_A_ROW, top + line * len(first) - LOSS, "".join(body))


def _each_tile(T, T_max, terms, cell, steps):
    """The tiles, and the places of those that are not there yet, to be pressed.   steps: of the network; other tiles light L_t"""
    most, (K, H) = _most(terms.do, terms.h, terms.each), terms.each.shape[1:]
    def drawn(t):
        each = (tile(terms.do[t - 1], terms.h[t - 1], most=most, cell=cell, high=HIGH) if t <= T else
                empty_tile(K, H, f"t = {t}", cell=cell, high=HIGH))
        frame = outline(each) if t == T else when(f"tile{t}", outline(each)) if t < T else ""
        return each._replace(body=touch(each.body + frame, f"tile tile{t}", **_tile(t, T, t <= steps)))
    return [drawn(t) for t in range(1, T_max + 1)]


def _placed(drawn, places, T, terms, cell):
    """The tiles where they belong, and what frames one entry in each of them.   returns: SVG texts"""
    body, (K, H) = [move(each, *place) for each, place in zip(drawn, places, strict=True)], terms.each.shape[1:]
    return [*body[:T], frames(places, K, H, cell=cell, high=HIGH), *body[T:]]      # always the same: empty places hide theirs


def _names(y, terms):
    """What the row and the column of tiles are, at the left of the first.   y: of the tiles"""
    return (symbol(LEFT - 12, y + 14, "h", "t", "⊤", size=15, anchor="end")
            + symbol(LEFT - 12, y + HIGH * (terms.do.shape[1] / 2 + 1) + 9, "do", "t", size=15, anchor="end"))


def _tile(t, T, drawn):
    """A tile lights up its step in the network, or its loss alone where no step is drawn, and the sum that it is in."""
    n = lowered(t)
    if t > T:
        return {"sets": f"T={t}", "says": f"Step {t} is not part of the sequence yet. Press to go as far as step {t}."}
    into = "step after" if t == T else f"after adds{t}"
    return {"current": t == T, "lights": f"tile{t} L{t} {f'l{t} y{t} u{t} h{t} ' * drawn}{into}",
            "says": f"do{n} h{n}ᵀ, what L{n} adds to dU: it needs do{n} and h{n}, and nothing of any other step."}


def _tables(terms, T, narrow):
    """Steps 1 to T-1, plus step T, are steps 1 to T: dU with db_y at its left.   narrow: below each other"""
    no_step, (do, h, each) = np.zeros_like(terms.each[:1]), terms[:3]
    dU, db_y = np.vstack([no_step, each.cumsum(0)]), np.vstack([no_step[..., 0], do.cumsum(0)])     # [t]: after t steps
    of_term, of_sum = _most(do, h, each), _most(db_y, h, dU)
    wide = cell_width(max(*of_term, *of_sum))
    step = table(do[T - 1], each[T - 1], h[T - 1], most=of_term, wide=wide, name="step", says=_one(terms, T))
    before = table(db_y[T - 1], dU[T - 1], most=of_sum, wide=wide, name="before", column="b")
    after = table(db_y[T], dU[T], most=of_sum, wide=wide, name="after", column="b", says=_added_up(terms, T))
    plus = "+ " * narrow
    middle = _added_by(step, T, plus) if narrow else beside(_sign("+", step), _added_by(step, T), _sign("=", step), gap=0)
    others = [table(do[t], each[t], h[t], most=of_term, wide=wide) for t in range(len(do))]
    head = LOW if narrow else HEAD
    total = _headed(after, f"Σₜ, {_steps(T)}", ("db", "y"), "dU", head=head)
    first = _headed(before, _steps(T - 1), ("db", "y"), "dU", head=head)
    total, middle = total._replace(body=then(total.body, 2)), middle._replace(body=then(middle.body))
    put = partial(above, gap=18) if narrow else partial(beside, gap=0)
    adding, place = put(first, middle), (0, first.height + 18) if narrow else (first.width + BETWEEN, 0)
    every = [when(f"adds{t}", move(_added_by(other, t), *place)) for t, other in enumerate(others, 1)]
    adding = adding._replace(body="".join(every) + unless(adding.body))        # a step alone is added to nothing
    tables = put(adding, total)
    row = beside(key(), tables, gap=KEY - key().width)
    return row._replace(height=row.height + 8)                                                      # room for the frame


def _added_by(drawn, t, plus=""):
    """The table of step t in its frame, with its title and the names of its factors."""
    frame = outline(drawn._replace(height=drawn.height + 20), by=5)
    framed = drawn._replace(body=f'{drawn.body}<g transform="translate(0 -20)">{frame}</g>')
    added = _headed(framed, f"{plus}step {t} adds", ("do", t))
    return added._replace(body=added.body + symbol(drawn.width / 2 + 25, HEAD - 6, "h", t, "⊤", size=16))


def _headed(drawn, title, column, matrix="", head=HEAD):
    """A table with a title above, and the names of its column and of its matrix.   head: the room above the table"""
    colour = palette.LOSS if "Σ" in title else palette.ACCENT if "adds" in title else palette.MUTED
    names = [label(-5 if "adds" in title else 0, 6, title, size=13, colour=colour, anchor="start", weight="bold"),
             symbol(6, head + 22, *column, anchor="start", size=16),
             symbol(drawn.width / 2 + 25, head + 22, matrix, size=16)]
    return Drawing(drawn.width, drawn.height + head, "".join(names) + move(drawn, 0, head))


def _sign(text, like):
    """What stands between two tables, in the middle of their cells."""
    return Drawing(BETWEEN, like.height + HEAD, label(BETWEEN / 2, HEAD + 39 + (like.height - 34) / 2, text, size=18))


def _steps(T):
    return ("no step yet", "step 1")[T] if T < 2 else f"steps 1 to {T}"


def _one(terms, t):
    """What is said of an entry of step t: its two factors."""
    n = lowered(t)
    def says(i, j):
        if j is None:
            return f"do{n}[{i}] is what step {t} adds to db_y[{i}]."
        factors = f"({written(terms.do[t - 1, i])})({written(terms.h[t - 1, j])})"
        return f"Entry [{i}, {j}] of the tile: do{n}[{i}] · h{n}[{j}] = {factors} ≈ {written(terms.each[t - 1, i, j])}."
    return says


def _added_up(terms, T):
    """What is said of an entry after T steps: the terms that it adds up."""
    def says(i, j):
        values, name = (terms.do[:T, i], f"db_y[{i}]") if j is None else (terms.each[:T, i, j], f"dU[{i}, {j}]")
        if T == 1:
            return f"{name} has one term so far, {written(values[0])}."
        return f"{name}, Σₜ over {_steps(T)}: {_added(values)}."
    return says


def _caption(T):
    if T == 1:
        return "One step, one tile: dU is a single outer product so far. Press the place of another tile to go on."
    if T == 2:
        return "Step 2 adds a second tile to dU (framed). Move T up, or press the place of a later tile."
    return (f"Step {T} adds one tile to dU (framed), and no earlier tile has changed. From each loss the way to U leads straight "
            "down. Touch an entry of dU to see its terms.")


def _added(terms):
    """+0.10 − 0.04 = +0.06, and ≈ for = where the rounded terms do not quite add up"""
    first, *rest = terms
    text = written(first) + "".join(f" {'−' if written(term)[0] == '−' else '+'} {written(term).lstrip('+−')}" for term in rest)
    exact = abs(sum(round(term, 2) for term in terms) - round(sum(terms), 2)) < .005
    return f"{text} {'=' if exact else '≈'} {written(sum(terms))}"
