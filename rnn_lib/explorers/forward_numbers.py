"""Lesson 03: equations (1) to (4) at one step, in numbers. Touch an entry: the row and the column that it comes from light up.

The rows of a matrix and the entries of a vector are called V-0, a-2, ..., a whole matrix or vector V-all, a-all, ..., a border
rim-a, ..., all of them together numbers; the nodes of the network h3, ..., and the rows of the arrays that keep them kh3, ...
"""
import numpy as np

from .. import palette
from ..diagrams.numbers import column, equation, matrix, named, sign
from ..diagrams.svg import NARROW, Drawing, above, beside, scaled, then, touch
from ..diagrams.wording import lowered

RIM = {"read": {"stroke": palette.INK, "stroke_width": 2.4}, "made": {"stroke": palette.ACCENT, "stroke_width": 3.4},
       "kept": {"stroke": palette.MUTED, "stroke_width": 1.2},
       "not yet": {"stroke": palette.FAINT, "stroke_width": 1.2, "dash": "3 3"}}
ROOM = 925          # pixels of a line
ORDER = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def numbers(params, run, yhat, t, narrow=False):
    """Equations (1) to (4) at step t: (1), and below it the others, in one line where there is room.   yhat: (T, K)

    returns: Drawing

    narrow: (1) in three lines, its two products first, and each of the others in one
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
