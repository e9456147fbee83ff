"""The linked triangle: the unfolded network, and under it, column under step, the triangle of the contributions C[t,k].

Touch a cell, and its path lights up in the network with its factors on the edges; touch the head of a row or the foot of a column
for its sum. The triangle itself is in `triangle`.
"""
from typing import NamedTuple

from .. import palette
from .formulas import formula
from .network import matrix, node, use
from .svg import Drawing, arrow, circle, label, move, patch, path, symbol, touch, when
from .triangle import CELL, KEY, PER_LETTER, PITCH, TOP, R, Steps, column, row, triangle

ROOMY = 50                                   # of the pitch: in a longer and closer network the letters would stand on the nodes
Y_LOSS, Y_HIDDEN, Y_IN = 34, 108, TOP - 26
CLOSER = 30                                  # without inputs: pixels that the triangle moves up
BELOW = 76                                   # the feet of the columns, and what the margins mean


class Network(NamedTuple):
    """How the network above a triangle is drawn."""
    name: str = "W"              # "W", "V" or "b_h": the parameter whose uses are meant
    twin: str = ""               # the parameter of a second triangle, without a network: its uses turn gold here as well
    inputs: bool = True          # draw V and the inputs, between the network and its triangle
    factors: bool = True         # the factors of a path show at its edges while it is lit
    numbers: dict | None = None  # their texts, by class: {"j3": J_3, "d5": dL_5/dh_5, "i2": the immediate derivative of h_2}
                                 # where each is a number, and so is each matrix: it is named w, u or v
    copies: bool = False         # the use of W at step k is named W with superscript (k)
    back: bool = False           # W and U turned, as gradients run; what a use is sent is led from its edge to its column
    used: list | None = None     # (T,) pixels of the golden edge of use k of W: then W and U are thinner than any arrow of a wave


def linked(T, terms, network, *, pitch=PITCH, more=(), key=KEY, whole=(), firm=False, most=0):
    """The network of T steps and its triangle.

    terms: Terms, what stands in the triangle     network: Network; None: the triangle stands alone
    pitch: pixels from step to step     more: SVG texts to put on top
    key: what the heads mean, what the feet mean, and one line more
    whole: the columns drawn as one bar, without cells     firm: the sums never dim
    most: rows there is room for, outlined; the feet stand below the last of them     returns: Drawing
    """
    at, last = Steps(pitch), max(T, most)
    up = TOP - 4 if network is None else 0 if network.inputs else CLOSER
    below = triangle(T, terms, at, key=key, whole=whole, firm=firm, most=most)
    body = [*(_network(T, at, network, terms) if network else ()), move(Drawing(0, 0, below), 0, -up) if up else below,
            *more]
    room = max((PER_LETTER * len(words) for words in key), default=0) + 8
    return Drawing(max(at(last) + pitch / 2 + 4, room), TOP + CELL * last + BELOW - up, "".join(body))


def _network(T, at, network, terms):
    """Step by step, then h_0 and, where a node has its number only, the name of their row."""
    close = at.signs or (T > 8 and at.pitch < ROOMY)
    naming = (lambda letter: "") if close else str.lower if network.numbers else str
    yield from (_step(t, T, at, network, terms, naming) for t in range(1, T + 1))
    yield touch(_state(at(0), 0, at.radius), _node_name("h", 0, network.name))
    yield symbol(at(0) - 26, Y_HIDDEN + 5, "h", "t", size=16) if at.radius < R else ""


def _step(t, T, at, network, terms, naming):
    """Column t of the network: its loss and its uses light the row and the column of the triangle below."""
    x, r, name, loss, used = at(t), at.radius, network.name, terms.rows[t - 1], terms.columns[t - 1]
    as_row = {"lights": loss.lights or row(t), "says": loss.brief or loss.says}
    as_column = {"lights": used.lights or column(t, T), "says": used.brief or used.says}
    ends = {"W": ((at(t - 1) + r, Y_HIDDEN), (x - r, Y_HIDDEN)), "V": ((x, Y_IN - 12), (x, Y_HIDDEN + r)),
            "U": ((x, Y_HIDDEN - r), (x, Y_LOSS + 10))}
    def edge(letter):
        turned = network.back and letter != "V"
        width = 1.2 if network.used and letter != "V" else None
        room = min(26, at.pitch / 2 - 6)                            # the letters of W^(k) and what is between them, to touch
        behind = patch(x - at.pitch / 2 - room, Y_HIDDEN - 36, 2 * room, 36) if network.copies and letter == "W" else ""
        return behind + use(letter, t, *ends[letter][::-1 if turned else 1], copies=network.copies, turned=turned,
                            name=naming(letter), width=width)
    look = {"copies": network.copies, "turned": network.back, "colour": palette.USE, "weight": "bold"}
    golden = "".join(matrix(each, t, *ends[each], name=naming(each), **look) for each in (name, network.twin) if each in ends)
    head = patch(x - 20, Y_LOSS - 16, 40, 24) + symbol(x, Y_LOSS + 4, "L", t, colour=palette.LOSS)
    return "".join([
        *([touch(edge("V"), f"v{t}", **(as_column if name == "V" else {})),
           touch(symbol(x, Y_IN + 5, "x", t), _node_name("x", t, name))] if network.inputs else []),
        touch(edge("W"), f"w{t}", **(as_column if name == "W" else {})), touch(edge("U"), f"u{t}"),
        touch(head, f"L{t}", **as_row), touch(_state(x, t, r), _node_name("h", t, name)),
        *_factors(t, at, network, golden)])


def _factors(t, at, network, golden):
    """What stands at the edges of a path while it is lit: ∂L₇/∂h₇ at U, J at W; edge and letter of the use itself turn gold."""
    x, middle, r = at(t), at.before(t), at.radius
    half, width = x - middle - r, network.used[t - 1] if network.used else 2 if at.signs else 4
    gold = {"W": arrow(middle - half, Y_HIDDEN, middle + half, Y_HIDDEN, colour=palette.USE, width=width),
            "V": arrow(x, Y_IN - 12, x, Y_HIDDEN + r, colour=palette.USE, width=4),
            "b_h": circle(x, Y_HIDDEN, r + 3, fill="none", stroke=palette.USE, stroke_width=3),
            "": ""}
    under = (middle + 5 * (r == R), Y_HIDDEN + 27)                  # clear of the letter at the edge from below
    if network.back:
        top = TOP + CELL * (t - 1) - 1                              # of its column: the cell (t, t)
        out = path(f"M{middle:g} {Y_HIDDEN + 6}V{TOP - 10}H{x:g}V{top - 8}", stroke=palette.USE, stroke_width=2.6)
        yield when(f"use{t}", out + path(f"M{x:g} {top}l-5 -9h10Z", fill=palette.USE) + golden)
    else:
        yield when(f"use{t}", gold[network.name] + gold[network.twin] + golden)
    if not network.factors:                                         # only classes to light
        yield from (when(f"{letter}{t}", "") for letter in "idj"[:2 + (t > 1)])
        return
    numbers = {} if at.signs else network.numbers or {}
    yield _factor(f"i{t}", under if network.name == "W" else (x - 26, Y_HIDDEN + 44), ("∂⁺", ""), palette.USE, numbers)
    yield _loss_factor(t, at, numbers)
    if t > 1:
        yield _factor(f"j{t}", under, ("J", t), palette.W, numbers)


def _factor(name, place, words, colour, numbers):
    """A factor's name under its edge, and under that its number, where V is not drawn.   words: a letter, what stands below it"""
    x, y = place
    number = label(x, y + 18, numbers[name], size=13, colour=colour) if name in numbers else ""
    return when(name, symbol(x, y, *words, size=15, colour=colour, weight="bold") + number)


def _loss_factor(t, at, numbers):
    """∂L₇/∂h₇ above the loss, with its number where there is one; at the last step it must not leave the picture."""
    name, room = f"d{t}", at.pitch / 2 + 3
    number, end = (f" = {numbers[name]}:U", 30) if name in numbers else ("", room)
    x, anchor = (at(t) + end, "end") if number or room < 28 else (at(t), "middle")
    return when(name, formula(x, Y_LOSS - 17, f"∂L_{t}:U /:U ∂h_{t}:U{number}", size=15, anchor=anchor))


def _node_name(letter, t, name):
    """The classes of a node: its own, and s4 for what use 4 of the parameter meets, so that a twin with another one lights it."""
    meets = (letter == "x" and t) if name == "V" else (letter == "h" and (t + 1 if name == "W" else t))
    return f"{letter}{t} s{meets}" if meets else f"{letter}{t}"


def _state(x, t, r):
    """h_t; a small one has its step only."""
    if r == R:
        return node(x, Y_HIDDEN, "h", t, r, size=16)
    return (circle(x, Y_HIDDEN, r, fill=palette.SHADE, stroke=palette.MUTED, stroke_width=1.4)
            + label(x, Y_HIDDEN + 4, str(t), size=11.5))
