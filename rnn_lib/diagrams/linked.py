"""The linked triangle: the unfolded network, and under it, column under step, a cell for every contribution C[t,k].

Row t belongs to loss t, column k to use k of the matrix. Touch a cell, and its path lights up in the network with its factors on
the edges; touch the head of a row for the sum over k (gold), the foot of a column for the sum over t (purple).
"""
from html import escape
from typing import NamedTuple

from .. import palette
from .network import COLOUR, matrix, use
from .svg import TEXT, Drawing, arrow, label, lowered, move, symbol, touch, when

PITCH, CELL, R = 66, 27, 16
ROOMY = 50                                   # of the pitch: in a longer and closer network the letters would stand on the nodes
TIGHT, SNUG, NUMBER = 26.1, 39, 36           # pitches for 12 and for 8 steps on a phone; closer cells have a sign for a number
LEFT = 54                                    # the middle of column 0: h_0 above, the heads of the rows below
Y_LOSS, Y_HIDDEN, Y_IN = 34, 108, 178
TOP = Y_IN + 26                              # of the first row of cells
HEAD = 36                                    # right of LEFT: no cell begins before it
CLOSER = 30                                  # without inputs: pixels that the triangle moves up
BELOW = 76                                   # the feet of the columns, and what the margins mean


PER_LETTER = 6.4                             # of the key: pixels, a little more than they take
KEY = ("left, Σₖ: how much loss t changes when all uses are nudged", "below, Σₜ: how much all losses change when use k is nudged")


class Cell(NamedTuple):
    """What stands at (t, k)."""
    text: str
    weight: float = 0        # from -1 to 1: its sign and strength as colour
    says: str = ""           # the caption while it is touched
    sets: str = ""           # where a click moves the controls
    look: str = ""           # "cut": left out; "missing", "extra": wrong; "later": not there yet
    also: str = ""           # more classes that it lights, besides those of its path


class Margin(NamedTuple):
    """A sum at a margin."""
    text: str
    says: str = ""
    brief: str = ""          # what the edge or the loss in the network says of it; what `says` says when empty
    lights: str = ""         # the classes that it lights; the whole row, column or triangle when empty


def linked(T, cell, rows, columns, total, *, name="W", numbers=None, pitch=PITCH, more=(), waves=(), factors=True,
           key=KEY, copies=False, sums=True, back=False, small=False, whole=(), used=None, firm=False, inputs=True, most=0,
           twin="", network=True):
    """The network of T steps and its triangle.

    cell: (t, k) -> Cell     rows: T Margins, row t's sum over k     columns: T Margins, column k's sum over t     total: Margin
    name: "W", "V" or "b_h", the parameter whose uses are meant
    numbers: of the factors, by class: {"j3": J_3, "d5": dL_5/dh_5, "i2": the immediate derivative of h_2}, as texts
    pitch: pixels from step to step     more: SVG texts to put on top
    waves: classes, such as "n3", that column 3 lights in place of its edges
    factors: whether the factors of a path show at its edges while it is lit
    key: what the heads mean, what the feet mean, and one line more
    copies: name the use of W at step k W with superscript (k)
    back: turn W and U round, as gradients run, and lead what a use is sent out of its edge into its column
    small: name the matrices w, u, v, where each is a number     whole: the columns drawn as one bar, without cells
    sums: draw the sums; without them heads and feet are names only, and there is no corner
    used: (T,) pixels of the golden edge of use k of W, all the same when None     firm: the sums never dim
    inputs: draw V and the inputs, between the network and its triangle
    most: rows there is room for, outlined; the feet stand below the last of them
    twin: the parameter of a second triangle, drawn with network=False, whose uses turn gold in this network as well
    network: draw it; without it the triangle stands alone     returns: Drawing
    """
    at, steps, last, tight = place(pitch), range(1, T + 1), max(T, most), pitch < NUMBER
    shown = ({} if tight else numbers or {}) if factors else None
    naming = (lambda letter: "") if tight or (T > 8 and pitch < ROOMY) else str.lower if small else str
    gold = used or [2 if tight else 4] * T
    names = (name, twin)
    unfolded = [_step(t, at, names, shown, rows[t - 1], columns[t - 1], T, waves, copies, back, naming, gold[t - 1], inputs)
                for t in steps]
    cells = [_cell(t, k, cell(t, k), at, pitch) for t in steps for k in range(1, t + 1) if k not in whole]
    cells += [_whole(k, columns[k - 1], at, T, pitch, waves) for k in whole]
    size = 12.5 if pitch > SNUG else 11.5
    cells = f'<g font-family="{TEXT}" font-size="{size}" text-anchor="middle">{"".join(cells)}</g>'     # said once for all
    bottom = TOP + CELL * last
    margins = _sums(last, rows, columns, total, at, pitch, waves, firm) if sums else _names(T, rows, columns, at, pitch)
    start = touch(_circle(at(0), Y_HIDDEN, "h", 0, radius(at)), _node_name("h", 0, name))
    row_name = symbol(at(0) - 26, Y_HIDDEN + 5, "h", "t", size=16) if tight else ""
    written = [pair for pair in zip(key, (palette.USE, palette.LOSS, palette.LOSS), strict=False) if pair[0]]
    meaning = [label(4, bottom + 52 + 17 * i, words, size=12, colour=colour, anchor="start")
               for i, (words, colour) in enumerate(written)]
    room = max((PER_LETTER * len(words) for words in key), default=0) + 8
    coming, up = outline(T, last, at(1) - pitch / 2, TOP, pitch, CELL), TOP - 4 if not network else 0 if inputs else CLOSER
    below = "".join([*coming, cells, *margins, *meaning])
    above_it = [*unfolded, start, row_name] if network else []
    body = [*above_it, move(Drawing(0, 0, below), 0, -up) if up else below, *more]
    return Drawing(max(at(last) + pitch / 2 + 4, room), bottom + BELOW - up, "".join(body))


def outline(T, most, left, top, wide, high, rest=""):
    """The stairs of most rows below those of T.   left, top: of all cells     wide, high: of one     rest: closes the path"""
    if most > T:
        bottom, steps = top + high * most, f"h{wide:g}v{high:g}" * (most - T)
        yield (f'<path d="M{left + wide * T:g} {top + high * T:g}{steps}{rest}" fill="none" '
               f'stroke="{palette.FAINT}" stroke-dasharray="3 4"/>')
        yield label(left + 8, bottom - 9, f"up to T = {most}", size=12, colour=palette.MUTED, anchor="start")


def _sums(last, rows, columns, total, at, pitch, waves, firm):
    """The heads of the rows, the feet of the columns below row `last`, the corner, and a rule that parts them from the cells."""
    T, bottom = len(rows), TOP + CELL * last
    steps = range(1, T + 1)
    sum_of_all = label(LEFT + 24, bottom + 22.5, total.text, size=13, anchor="end", weight="bold")
    corner = _sum(_patch(4, bottom + 5, LEFT + 24, CELL - 3), sum_of_all, "all", total, everything(T), firm)
    rule = (f'<path d="M4 {bottom + 2}H{at(last) + pitch / 2:g}M{LEFT + 32} {TOP}V{bottom + CELL}" stroke="{palette.FAINT}" '
            'fill="none"/>')
    heads = [_head(t, rows[t - 1], firm) for t in steps]
    return [rule, *heads, *(_foot(k, columns[k - 1], at, T, bottom + 5, pitch, waves, firm) for k in steps), corner]


def _names(T, rows, columns, at, pitch):
    """The names of rows and columns where nothing is added up: L₁, L₂ … at the left, k = 1, 2 … below."""
    def head(t):
        x, y = at(1) - pitch / 2 - 6, TOP + CELL * (t - 1)
        body = _patch(x - 34, y + 1, 34, CELL - 3) + symbol(x - 4, y + 17, "L", t, size=16, colour=palette.LOSS, anchor="end")
        return touch(body, f"cell r{t}", lights=row(t), says=rows[t - 1].says)
    def foot(k):
        y = TOP + CELL * T + 3
        body = (_patch(at(k) - pitch / 2 + 3, y, pitch - 6, CELL - 3)
                + label(at(k), y + 16.5, f"k = {k}", size=12.5, colour=palette.USE))
        return touch(body, f"cell f{k}", lights=column(k, T), says=columns[k - 1].says)
    return [*map(head, range(1, T + 1)), *map(foot, range(1, T + 1))]


def path(t, k):
    """The classes that light up for C[t,k]: the use at step k, the Jacobians after it, and the loss t."""
    back = [f"w{i} h{i - 1} j{i}" for i in range(k + 1, t + 1)]
    return " ".join([f"c{t}-{k} L{t} u{t} d{t} h{t} use{k} i{k} r{t} f{k} s{k}", *back])


def row(t):
    """The classes that light up for loss t: all its paths."""
    parts = [f"h{k} use{k}" for k in range(1, t + 1)] + [f"w{i}" for i in range(2, t + 1)]
    return " ".join([f"L{t} u{t} r{t} row{t}", *parts, *(f"s{k}" for k in range(1, t + 1))])


def column(k, T, waves=()):
    """The classes that light up for use k: the paths from it to every later loss, and its wave."""
    losses = [f"L{t} h{t}" for t in range(k, T + 1)]
    edges = [f"n{k}"] if f"n{k}" in waves else [f"u{t}" for t in range(k, T + 1)] + [f"w{i}" for i in range(k + 1, T + 1)]
    return " ".join([f"use{k} f{k} col{k} s{k}", *losses, *edges])


def everything(T):
    """The classes that light up for the corner: all terms."""
    return " ".join(["all", *(f"w{t} u{t} h{t} L{t} r{t} f{t} row{t}" for t in range(1, T + 1))])


def _node_name(letter, t, name):
    """The classes of a node: its own, and s4 for what use 4 of the parameter meets, so that a twin with another one lights it."""
    meets = (letter == "x" and t) if name == "V" else (letter == "h" and (t + 1 if name == "W" else t))
    return f"{letter}{t} s{meets}" if meets else f"{letter}{t}"


def place(pitch=PITCH):
    """Where the steps stand: a function t -> x, that of h_0 included."""
    first = LEFT + max(pitch, HEAD + pitch / 2)
    return lambda t: first + pitch * (t - 1) if t else LEFT


def _step(t, at, names, numbers, row_sum, column_sum, T, waves, copies, back, naming, gold, inputs):
    """Column t of the network: its loss and its uses light the row and the column of the triangle below.

    names: of the parameter and of its twin, "" for none
    """
    x, middle, r, name = at(t), (at(t - 1) + at(t)) / 2, radius(at), names[0]
    as_row = {"lights": row_sum.lights or row(t), "says": row_sum.brief or row_sum.says}
    as_column = {"lights": column_sum.lights or column(t, T, waves), "says": column_sum.brief or column_sum.says}
    def edge(letter, start, end, turned):
        ends = (end, start) if turned else (start, end)
        thin = 1.2 if waves and letter != "V" else None              # thinner than the thinnest arrow of a wave
        return use(letter, t, *ends, copies=copies, turned=turned, name=naming(letter), width=thin)
    ends = {"W": ((at(t - 1) + r, Y_HIDDEN), (x - r, Y_HIDDEN)), "V": ((x, Y_IN - 12), (x, Y_HIDDEN + r))}
    across, into = edge("W", *ends["W"], back), edge("V", *ends["V"], False)
    out = edge("U", (x, Y_HIDDEN - r), (x, Y_LOSS + 10), back)
    look = {"copies": copies, "turned": back, "colour": palette.USE, "weight": "bold"}
    golden = "".join(matrix(each, t, *ends[each], name=naming(each), **look) for each in names if each in ends)
    loss = _patch(x - 20, Y_LOSS - 16, 40, 24) + symbol(x, Y_LOSS + 4, "L", t, colour=palette.LOSS)
    return "".join([
        *([touch(into, f"v{t}", **(as_column if name == "V" else {})),
           touch(symbol(x, Y_IN + 5, "x", t), _node_name("x", t, name))] if inputs else []),
        touch(across, f"w{t}", **(as_column if name == "W" else {})), touch(out, f"u{t}"), touch(loss, f"L{t}", **as_row),
        touch(_circle(x, Y_HIDDEN, "h", t, r), _node_name("h", t, name)),
        *_factors(t, x, middle, r, names, numbers, back, gold, golden)])


def _factors(t, x, middle, r, names, numbers, back, width, golden):
    """What stands at the edges of a path while it is lit: ∂L₇/∂h₇ at U, J at W; edge and letter of the use itself turn gold."""
    half = x - middle - r
    gold = {"W": arrow(middle - half, Y_HIDDEN, middle + half, Y_HIDDEN, colour=palette.USE, width=width),
            "V": arrow(x, Y_IN - 12, x, Y_HIDDEN + r, colour=palette.USE, width=4),
            "b_h": f'<circle cx="{x:g}" cy="{Y_HIDDEN}" r="{r + 3}" fill="none" stroke="{palette.USE}" stroke-width="3"/>',
            "": ""}
    under = (middle + 5 * (r == R), Y_HIDDEN + 27)                  # clear of the letter at the edge from below
    if back:
        yield when(f"use{t}", _collected(t, x, middle) + golden)
        yield when(f"col{t}", _arrived(t, x))      # for a single cell there is no head: it would point at another
    else:
        yield when(f"use{t}", gold[names[0]] + gold[names[1]] + golden)
    if numbers is None:                                             # no factors: only classes to light
        yield from (when(f"{letter}{t}", "") for letter in "idj"[:2 + (t > 1)])
        return
    yield _factor(f"i{t}", under if names[0] == "W" else (x - 26, Y_HIDDEN + 44), "∂⁺", palette.USE, numbers)
    yield _loss_factor(t, x, numbers)
    if t > 1:
        yield _factor(f"j{t}", under, lowered(f"J{t}"), palette.W, numbers)


def _collected(k, x, middle):
    """What use k of W is sent: out of its edge, into the column below."""
    across, end = TOP - 13, TOP + CELL * (k - 1) + 1
    line = f"M{middle:g} {Y_HIDDEN + 6}V{across - 6}q0 6 6 6H{x - 6:g}q6 0 6 6V{end - 7}"
    return f'<path d="{line}" stroke="{palette.USE}" stroke-width="2.6" fill="none"/>'


def _arrived(k, x):
    """The head at the end of `_collected`."""
    return f'<path d="M{x:g} {TOP + CELL * (k - 1) + 1}l-5 -9h10Z" fill="{palette.USE}"/>'


def _factor(name, place, words, colour, numbers):
    """A factor's name under its edge, and under that its number, where V and its letters are not drawn."""
    x, y = place
    number = label(x, y + 18, numbers[name], size=13, colour=colour) if name in numbers else ""
    return when(name, symbol(x, y, words, size=15, colour=colour, weight="bold") + number)


def _loss_factor(t, x, numbers):
    """∂L₇/∂h₇ above the loss, with its number, which must not leave the picture at the last step."""
    name, words = f"d{t}", f"{lowered(f'∂L{t}')}/{lowered(f'∂h{t}')}"
    at, anchor, number = (x + 30, "end", f" = {numbers[name]}") if name in numbers else (x, "middle", "")
    return when(name, label(at, Y_LOSS - 17, words + number, size=12, colour=COLOUR["U"], anchor=anchor, weight="bold"))


def _cell(t, k, made, at, pitch):
    text, weight, says, sets, look, also = made
    gap = 3 if pitch > SNUG else 1.5
    x, y, wide, high = at(k) - pitch / 2 + gap, TOP + CELL * (t - 1) + 1, pitch - 2 * gap, CELL - 3
    if pitch < NUMBER:
        text, weight = "−" * text.startswith("−"), round(8 * weight) / 8             # fewer depths, which frames can share
    ink, dash, fill, strength = palette.FAINT, "", palette.PLUS if weight >= 0 else palette.MINUS, .5 * min(abs(weight), 1)
    if look in ("cut", "later"):
        dash, strength = ' stroke-dasharray="3 3"', 0
    if look in ("missing", "extra"):
        ink, strength = palette.BAD, 0
    thick = ' stroke-width="2.4"' if look in ("missing", "extra") else ""
    colour = {"cut": palette.MUTED, "missing": palette.BAD, "extra": palette.BAD}.get(look, palette.INK)
    rect = f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{high}" rx="4" fill="{fill}" '
    body = f'{rect}fill-opacity="{strength:.2f}" stroke="{ink}"{thick}{dash}/>'
    if text:
        body += f'<text x="{x + wide / 2:g}" y="{y + 16.5:g}" fill="{colour}">{escape(text)}</text>'
    framed = "" if look == "later" else "cell "                       # where no number is, nothing is framed
    return touch(body, f"{framed}c{t}-{k} row{t} col{k}", lights=f"{path(t, k)} {also}".strip(), says=says, sets=sets)


def _whole(k, margin, at, T, pitch, waves):
    """Column k as one bar: its sum is made at once, its cells never, so a row does not light it."""
    y, high = TOP + CELL * (k - 1) + 1, CELL * (T - k + 1) - 3
    body = (f'<rect x="{at(k) - pitch / 2 + 3:.1f}" y="{y}" width="{pitch - 6:.1f}" height="{high}" rx="4" fill="{palette.LOSS}" '
            f'fill-opacity=".07" stroke="{palette.LOSS}"/>')
    return touch(body, f"cell bar col{k}", lights=column(k, T, waves), says=margin.says)


def _head(t, margin, firm):
    y = TOP + CELL * (t - 1)
    words = (symbol(8, y + 17, "L", t, size=15, colour=palette.LOSS, anchor="start")
             + label(LEFT + 24, y + 17.5, margin.text, size=12.5, colour=palette.USE, anchor="end"))
    return _sum(_patch(4, y + 1, LEFT + 24, CELL - 3), words, f"r{t}", margin, row(t), firm)


def _foot(k, margin, at, T, y, pitch, waves, firm):
    words = label(at(k), y + 17.5, "Σ" if pitch < NUMBER else margin.text, size=12.5 if pitch > SNUG else 11.5,
                  colour=palette.LOSS)
    return _sum(_patch(at(k) - pitch / 2 + 3, y, pitch - 6, CELL - 3), words, f"f{k}", margin, column(k, T, waves), firm)


def _sum(patch, words, name, margin, lights, firm):
    """A sum at the margin, to touch.   firm: it keeps its strength while other things are lit"""
    classes = ["cell"] * bool(margin.text) + [name] + ["firm"] * firm
    return touch(patch + words, " ".join(classes), lights=margin.lights or lights, says=margin.says)


def _patch(x, y, wide, high):
    """Something to touch where there is only a word."""
    return f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{high}" rx="4" fill="{palette.SHADE}" fill-opacity="0"/>'


def radius(at):
    """Of the node of a hidden state; small where the large ones would overlap.   at: `place`"""
    return 9 if at(2) - at(1) < 2 * R else R


def _circle(x, y, letter, subscript, r):
    """A hidden state; a small one has its step only."""
    return (f'<circle cx="{x:g}" cy="{y}" r="{r}" fill="{palette.SHADE}" stroke="{palette.MUTED}" stroke-width="1.4"/>'
            + (symbol(x, y + 5, letter, subscript, size=16) if r == R else label(x, y + 4, str(subscript), size=11.5)))


def name_of(t, k, parameter="W"):
    """The formula of C[t,k] in one line: ∂L₅/∂h₅ · J₅ J₄ · ∂⁺h₃/∂W, and J₉ … J₄ for more Jacobians than three"""
    steps = [lowered(f"J{i}") for i in range(t, k, -1)]
    jacobians = " ".join(steps if len(steps) < 4 else [steps[0], "…", steps[-1]])
    middle = f" · {jacobians}" if jacobians else ""
    return f"{lowered(f'∂L{t}')}/{lowered(f'∂h{t}')}{middle} · {lowered(f'∂⁺h{k}')}/∂{'bₕ' if parameter == 'b_h' else parameter}"


def slim(T, T_max):
    """What a phone has room for: numbers in the cells of few steps, signs and the outline of more.   returns: pitch and most"""
    if T_max <= 8:
        return {"pitch": SNUG, "most": T_max}
    return {"pitch": SNUG, "most": 0} if T <= 5 else {"pitch": TIGHT, "most": T_max}
