"""The network before it is unfolded, and what grows when it is: nodes as dots, parameters as a strip that stays as it is."""
import numpy as np

from .. import palette
from .network import COLOUR, ROW, TOP, R, node, use
from .svg import Drawing, arrow, label, note, path, rect, symbol, touch

LEFT = 96           # the room for the names of the rows
STRIP = 420         # length of the strip of parameters, whatever their number
THICK = 20          # and its thickness: so nobody takes it for a row of marks
LETTERS = 18        # the room above it for the letters of its pieces
COUNT = {"size": 15, "anchor": "start", "weight": "bold"}


def folded(react):
    """One column, and the loop that carries h from one step to the next. Its parts: edges V, W, U and nodes xt, ht, yt.

    react: name of a part -> what `svg.touch` is told of it     returns: Drawing
    """
    x, y_out, y_hid, y_in = R + 12, TOP, TOP + ROW, TOP + 2 * ROW
    curve = f"M{x + 12} {y_hid - 12}C{x + 62} {y_hid - 52} {x + 62} {y_hid + 52} {x + 19} {y_hid + 18}"
    loop = (path(curve, stroke="transparent", stroke_width=16, fill="transparent", pointer_events="stroke")
            + path(curve, stroke=palette.W, stroke_width=1.8)
            + arrow(x + 22, y_hid + 20.5, x + 12.6, y_hid + 12.8, colour=palette.W, width=1.8)
            + symbol(x + 64, y_hid + 5, "W", size=15, colour=palette.W))
    parts = {"V": use("V", "", (x, y_in - R), (x, y_hid + R)), "U": use("U", "", (x, y_hid - R), (x, y_out + R)), "W": loop,
             "xt": node(x, y_in, "x", "t"), "ht": node(x, y_hid, "h", "t"), "yt": node(x, y_out, "ŷ", "t")}
    body = (touch(drawn, name, **react(name)) for name, drawn in parts.items())
    return Drawing(x + 76, y_in + R + 4, "".join(body))


def counted(what, T, pitch):
    """A mark for each part of the network unfolded for T steps, its number, and where there is room what a mark stands for.

    what: "nodes": dots, square where the node is; "edges": dashes in the colour of their matrix
    pitch: pixels from one to the next     returns: Drawing
    """
    names = ["h0"] * (what == "nodes") + [f"{kind}{t}" for t in range(1, T + 1) for kind in ("xhy" if what == "nodes" else "wvu")]
    side, end = pitch - 3, LEFT + pitch * len(names)
    def mark(i, name):
        shape = (5, side, 4, 0) if what == "edges" else (8.5 - pitch / 2, side, side, 4 if name[0] == "h" else 1.5)
        return touch(rect(LEFT + pitch * i, *shape, fill=COLOUR.get(name[0].upper(), palette.MUTED)), name)
    marks = "".join(map(mark, range(len(names)), names))
    body = _name(what) + marks + label(end + 6, 12.5, str(len(names)), **COUNT)
    told = {"nodes": "one dot, one node", "edges": "one dash, one edge"}[what]
    return Drawing(end + 34, 16, body) if pitch < 8 else Drawing(end + 140, 16, body + note(end + 34, 12.5, told))


def counted_parameters(sizes, short=False):
    """The parameters as a strip, a piece for each array, and their number.

    sizes: name -> how many     short: half as long, for a narrow page     returns: Drawing
    """
    total, body, y = sum(sizes.values()), [_name("parameters", LETTERS + 15)], LETTERS + 15
    for name, (x, wide) in pieces(sizes, short).items():
        colour = COLOUR.get(name, palette.BIAS)
        letter = symbol(x + wide / 2 - 5 * (short and name == "V"), 12, name, size=15, colour=colour)
        body.append(touch(rect(x, LETTERS, wide, THICK, fill=colour) + letter, name))
    x += wide
    at, low = (LEFT, LETTERS + THICK + 18) if short else (x + 8, y)
    said = label(at, low, f"{total:,}", **COUNT) + note(at + 74, low, "numbers")
    return Drawing(x + (8 if short else 140), LETTERS + 22 * short + THICK + 2, "".join(body) + said)


def pieces(sizes, short=False):
    """name -> (x, width) of its piece of the strip.   arguments: as for `counted_parameters`"""
    ends = np.cumsum([0, *sizes.values()]) * (300 if short else STRIP) / sum(sizes.values())
    return {name: (LEFT + float(start), float(end - start)) for name, start, end in zip(sizes, ends, ends[1:], strict=False)}


def _name(text, y=12):
    return note(LEFT - 12, y, text, size=13, anchor="end")
