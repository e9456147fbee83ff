"""Lesson 03: one step of the forward pass at a time, in the unfolded network, in numbers, and in the arrays that keep them.

The rows of a matrix and the entries of a vector are called V-0, a-2, ..., a whole matrix or vector V-all, a-all, ..., a border
rim-a, ..., all of them together numbers; the nodes of the network h3, ..., and the rows of the arrays that keep them kh3, ...
"""
from functools import partial

import numpy as np

from .. import palette
from ..diagrams.network import PITCH, ROW, TOP, R, centre, unfolded
from ..diagrams.numbers import column, equation, matrix, named, sign
from ..diagrams.svg import NARROW, Drawing, above, beside, label, move, note, rect, render, scaled, then, touch
from ..diagrams.wording import lowered
from ..losses import softmax
from ..network import forward, tanh
from .kit import Picture, drawable, slider, switched

MARGIN = 90         # left of the columns: the names of the arrays
CLOSE = (56, 52)    # the same on a narrow page, and from one step to the next
LOOSE, BOX = 145, 72        # from one step to the next, and the width of a row's box, at most
ASIDE = 12                  # pixels between two columns' bands
WIDEST = 940
RIM = {"read": {"stroke": palette.INK, "stroke_width": 2.4}, "made": {"stroke": palette.ACCENT, "stroke_width": 3.4},
       "kept": {"stroke": palette.MUTED, "stroke_width": 1.2},
       "not yet": {"stroke": palette.FAINT, "stroke_width": 1.2, "dash": "3 3"}}
ROOM = 925          # pixels of a line
ORDER = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def forward_pass(params, x, h_0=None, f=tanh):
    """Move t: equations (1) to (4) with the numbers of step t, and below them the rows that are kept so far.

    Touch a number to see the row and the column that it comes from, a step of the network to go there.
    params: Parameters, small enough to read (H up to 3 or 4)     x: (T, D), T up to 12     h_0: (H,), zeros when None
    f: tanh, relu, identity     returns: Explorer, switched in the browser     raises: ValueError when it would not fit
    """
    run = drawable(forward(params, x, h_0, f))
    T, yhat = len(run.x), softmax(run.o)
    twins = {t: s for t in range(1, T + 1) for s in range(1, t) if np.array_equal(run.x[s - 1], run.x[t - 1])}
    def draw(t, narrow=False):
        at = CLOSE if narrow else (MARGIN, max(PITCH, min(LOOSE, (WIDEST - MARGIN - 60) // T)))
        graph, record = _network(T, t, *at), _record(T, t, *at)
        made = above(graph, record, numbers(params, run, yhat, t, narrow), *_twin(params, run, yhat, t, twins, narrow), gap=14)
        if made.width > WIDEST:
            raise ValueError(f"T = {T}, H = {len(params.W)}, D = {run.x.shape[1]} take {made.width:.0f} of {WIDEST} pixels: "
                             "choose a shorter sequence or a smaller network")
        wide = min(BOX, at[1] - ASIDE) + ASIDE
        band = rect(at[0] + centre(t, at[1]) - wide / 2, 1, wide, graph.height + record.height + 12, 8, class_="band firm",
                    fill=palette.ACCENT, fill_opacity=.07)                    # it slides along with t
        n, past = lowered(t), lowered(t - 1)
        caption = (f"Step {t} reads x{n} and h{past} and computes a{n}, h{n}, o{n} and ŷ{n} (thick blue border). "
                   "V, W, U and the biases are the same at every step.")
        return Picture(render(made._replace(body=band + made.body), f"step {t} of the forward pass"), caption)
    return switched(draw, t=slider("t", 1, T, 1, "the step", plays=True))


def _network(T, t, margin, pitch):
    """The unfolded network, step t lit, later ones dashed; what t reads has a black rim, what it computes a blue one."""
    graph = unfolded(T, lit={(letter, t) for letter in "VWU"}, made=t, pitch=pitch, react=partial(_step, t=t))
    x, y = centre(t, pitch), TOP + ROW
    rims = (touch(_rim(x - pitch, y, R, "read"), f"h{t - 1}"), touch(_rim(x, y, R, "made"), f"h{t} then"),
            touch(_rim(x, y - ROW, 6, "made"), f"y{t} last"), touch(_rim(x, y + ROW, 6, "read"), f"x{t}"))
    return beside(Drawing(margin, 0, ""), Drawing(graph.width, graph.height, graph.body + "".join(rims)), gap=0)


def _step(part, t):
    """A part of the network leads to its step, and lights what that step reads and computes: of step t its numbers too."""
    s = int(part[1:])
    if s == 0:
        return {"lights": "h0 kh0" + " past-all" * (t == 1), "says": "h₀ is given. It is what step 1 reads as the past."}
    kept = f" kx{s}" + f" kh{s - 1}" * (s <= t + 1) + f" ka{s} kh{s} ko{s}" * (s <= t)
    shown = " numbers" * (s == t)
    where = "Its numbers stand below." if s == t else f"Press to see step {s} in numbers."
    return {"sets": f"t={s}", "lights": f"x{s} v{s} h{s - 1} w{s} h{s} u{s} y{s}{kept}{shown}",
            "says": f"Step {s} reads x{lowered(s)} and h{lowered(s - 1)}, and computes h{lowered(s)} and ŷ{lowered(s)}. {where}"}


def _rim(x, y, corner, why):
    return rect(x - R, y - R, 2 * R, 2 * R, corner, fill="none", **RIM[why], pointer_events="none")


def _record(T, t, margin, pitch):
    """The arrays of the forward pass, a box for each row: x is given, the others are filled as far as step t; rims as above."""
    head = Drawing(0, 18, note(4, 12, "Each box is one row of an array, row 0 at the left.", size=13))
    sizes = (("x", "T"), ("a", "T"), ("h", "T+1"), ("o", "T"))
    return above(head, *(_kept(letter, size, T, t, margin, pitch) for letter, size in sizes), gap=0)


def _kept(letter, rows, T, t, margin, pitch):
    name = f"{letter}: {rows} rows" if margin == MARGIN else letter
    head = note(margin - 18, 17, name, anchor="end")
    cells, first = [], 0 if letter == "h" else 1
    if letter == "x":
        head += label(margin + centre(0, pitch), 17, "given", size=12, colour=palette.MUTED)
    def there(s):
        return letter == "x" or s <= t
    for s in range(first, T + 1):
        why = "read" if s == {"x": t, "h": t - 1}.get(letter) else "made" if s == t else "kept" if there(s) else "not yet"
        wide, inside = min(pitch - 8, BOX), palette.SHADE if there(s) else "none"
        x = margin + centre(s, pitch) - wide / 2
        cell = rect(x, 2, wide, 22, 4, fill=inside, **RIM[why])
        name = label(x + wide / 2, 17, f"{letter}[{s - first}]", size=13)
        turn = {"a": " then", "h": " then", "o": " last"}.get(letter, "") if s == t else ""
        cells.append(touch(cell + name, f"k{letter}{s}{turn}", **_row(letter, s, t)) if there(s) else cell)
    return Drawing(margin + centre(T, pitch) + max(R + 14, wide / 2 + 2), 29, head + "".join(cells))


def _row(letter, s, t):
    """A row of an array lights up in the network, where a lies inside h and o inside ŷ, and in the numbers of step t."""
    inside, name = {"a": "h", "o": "y"}.get(letter, letter), f"{letter}{lowered(s)}"
    where = f", which lies inside {'ŷ' if inside == 'y' else 'h'}{lowered(s)} in the drawing" if inside != letter else ""
    counts = "h has a row for step 0, so its rows are counted like the steps" if letter == "h" else "Python counts rows from 0"
    vector = f" {letter}-all" * (s == t) + " past-all" * (letter == "h" and s == t - 1)
    return {"lights": f"k{letter}{s} {inside}{s}{vector}",
            "says": f"{letter}[{s - (letter != 'h')}] holds {name}{where}: {counts}."}


def numbers(params, run, yhat, t, narrow=False):
    """Equations (1) to (4) at step t: (1), and below it the others, in one line where there is room.

    yhat: (T, K)     narrow: (1) in three lines, its two products first, and each of the others in one     returns: Drawing
    """
    put = _putter(params, run, t)
    V, W, U, b_h, b_y = params
    x_t, h_past, a_t, h_t, o_t = run.x[t - 1], run.h[t - 1], run.a[t - 1], run.h[t], run.o[t - 1]
    plus, equals, bias = sign("+"), sign("="), put("bh", b_h, "b", "h", colour=palette.BIAS)
    Vx = put("V", V, "V", colour=palette.V), put("x", x_t, "x", t, rim="read")
    Wh = put("W", W, "W", colour=palette.W), put("past", h_past, "h", t - 1, rim="read")
    products = put("Vx", V @ x_t, "V x", t, colour=palette.V), put("Wh", W @ h_past, "W h", t - 1, colour=palette.W)
    total = products[0], plus, products[1], plus, bias, equals, put("a", a_t, "a", t, rim="made")
    two = equation("(2)", sign(run.f.name), put("a", a_t, "a", t), equals, put("h", h_t, "h", t, rim="made"))
    three = equation("(3)", put("U", U, "U", colour=palette.U), put("h", h_t, "h", t), plus,
                     put("by", b_y, "b", "y", colour=palette.BIAS), equals, put("o", o_t, "o", t, rim="made"))
    four = equation("(4)", sign("softmax"), put("o", o_t, "o", t), equals, put("yhat", yhat[t - 1], "ŷ", t, rim="made"))
    two, three, four = (each._replace(body=then(each.body, turn)) for each, turn in ((two, 1), (three, 2), (four, 2)))
    if narrow:
        three = scaled(three, min(1, NARROW / three.width))
        return _whole("numbers", above(equation("(1)", *Vx, equals, products[0]), equation("", *Wh, equals, products[1]),
                                       equation("", *total), two, three, four, gap=12))
    one = equation("(1)", *Vx, plus, *Wh, plus, bias, equals, *total)
    rest = beside(two, three, four, gap=16)
    return _whole("numbers", above(one, *([rest] if rest.width < ROOM else [two, beside(three, four, gap=64)]), gap=12))


def _twin(params, run, yhat, t, twins, narrow):
    """Where two steps have the same input: the earlier of them in grey beside step t, be it the other one or not."""
    s = twins.get(t, min(twins.values(), default=t + 1))
    if s > t:
        return
    def pair(letter, rows, back=0):
        old, new = (named(column(rows[n - 1], most=np.abs(rows).max(), colour=colour), letter, n - back, colour=colour)
                    for n, colour in ((s, palette.MUTED), (t, palette.INK)))
        return beside(old, sign("and"), new, gap=6) if s < t else new
    pairs = [pair("V x", run.x @ params.V.T), pair("W h", run.h[:-1] @ params.W.T, 1), pair("a", run.a), pair("h", run.h[1:]),
             pair("ŷ", yhat)]
    same = f"x{lowered(t)} = x{lowered(s)}. " if t in twins else ""
    words = f"{same}Step {s} (grey) beside step {t}:" if s < t else f"Step {s}, which will stand in grey beside the others:"
    yield Drawing(0, 18, note(4, 12, words, size=13))
    for row in (pairs[:2], pairs[2:4], pairs[4:]) if narrow else (pairs,):
        line = beside(*row, gap=24)
        yield Drawing(line.width + 4, line.height + 3, move(line, 4, 0))


def _whole(name, drawing):
    """The drawing as one thing to light; unlit it does not fade as one, so that a part of it can be lit."""
    return Drawing(drawing.width + 2, drawing.height + 4, touch(drawing.body, f"firm {name}"))


def _putter(params, run, t):
    """What writes an array with its name above, in cells that are equally wide at every step."""
    products = run.x @ params.V.T, run.h[:-1] @ params.W.T, run.h[1:] @ params.U.T
    most = max(np.abs(array).max() for array in [*params, *run[:4], *products])
    decimals = 2 if most < 9.995 else 1 if most < 99.95 else 0       # as wide as −0.00, up to −9999
    def put(key, value, *name, colour=palette.INK, rim=None):
        def react(i):
            return _comes_from(key, i, t, run.f.name)
        piece, border = matrix if np.ndim(value) == 2 else column, {"class_": f"rim-{key}", **RIM[rim]} if rim else {}
        drawn = piece(value, most=most, decimals=decimals, colour=colour, react=react, rim=border)
        return _whole(f"{key}-all", named(drawn, *name, colour=colour))
    return put


def _comes_from(key, i, t, f):
    """What lights up when row i of a matrix or entry i of a vector is touched.   returns: for `svg.touch`"""
    if key in ("x", "past"):
        return {"name": f"{key}-{i}"}
    now, past, x, h = lowered(t), lowered(t - 1), f"x-all x{t} v{t} kx{t}", f"past-all h{t - 1} w{t} kh{t - 1}"
    nth, row = f"the {ORDER[i]} entry", f"the {ORDER[i]} row"
    says = {
        "V": (f"V-{i} Vx-{i} {x}", f"{row.capitalize()} of V times x{now} is {nth} of V x{now}."),
        "W": (f"W-{i} Wh-{i} {h}", f"{row.capitalize()} of W times h{past} is {nth} of W h{past}."),
        "a": (f"a-{i} rim-a V-{i} Vx-{i} {x} W-{i} Wh-{i} {h} bh-{i} h{t} ka{t}",
              f"a{now}[{i}], {nth}: {row} of V times x{now}, plus {row} of W times h{past}, plus b_h[{i}]."),
        "h": (f"h-{i} rim-h a-{i} rim-a h{t} ka{t} kh{t}", f"h{now}[{i}] is {f} of a{now}[{i}], and of no other entry."),
        "o": (f"o-{i} rim-o U-{i} h-all by-{i} h{t} u{t} y{t} kh{t} ko{t}",
              f"o{now}[{i}], {nth}: {row} of U times h{now}, plus b_y[{i}]."),
        "yhat": (f"yhat-{i} rim-yhat o-all y{t} ko{t}",
                 f"ŷ{now}[{i}] needs every score: the softmax divides by a sum over all of them."),
    }
    lights, words = says[{"Vx": "V", "Wh": "W", "bh": "a", "U": "o", "by": "o"}.get(key, key)]
    return {"name": f"cell {key}-{i}", "lights": lights, "says": words}
