"""The tape of reverse mode beside the network: what was computed, line by line, and the way back over each line.

Line i and its operation in the network are called op0, op1, ...: each lights up the other, with the nodes x1, h0, a2, ... that it
reads.
"""
from itertools import accumulate
from typing import NamedTuple

from .. import palette
from . import network
from .formulas import COLOUR, formula
from .svg import NARROW, STILL, Drawing, above, arrow, circle, label, note, path, rect, symbol, touch

R, PITCH, ROW, LEFT, TOP = 16, 76, 80, 26, 24          # of the network: radius, steps, layers, first column and row
LAYERS = "Lohax"                                       # from the top
HIGH, SECOND, HEAD = 32, 24, 46                        # of a line, of its second half on a phone, and above the first
KEEPS, BACK, ADDS, WIDE = 150, 238, 352, 628           # where the columns of the tape begin, and its width
TERM = 101                                             # from one term of a parameter to the next
EDGE = {**COLOUR, "f": palette.INK, "L": palette.LOSS}
TURNED = {"W": ("W", "", "⊤"), "U": ("U", "", "⊤"), "f": ("f′",)}              # the name of an edge on the way back


class Line(NamedTuple):
    """An operation and its way back. A node is a pair (letter, step); formulas are written as in `formulas`."""
    made: tuple
    inputs: tuple       # (node, role of the edge) of each input that is sent a gradient
    forward: str
    kept: tuple         # the names of the values that its way back needs
    sends: str          # the gradient that its input is sent
    adds: tuple = ()    # the terms that the gradients of the parameters get
    says: str = ""      # the caption while it is touched


def tape(lines, move, narrow=False):
    """The network and its tape after some moves: each line is written, the first one first, then answered, the last one first.

    lines: Lines in the order in which they are computed     move: 0 .. 2 n
    narrow: the tape stands below the network, and what the parameters get below its line     returns: Drawing
    """
    steps = max(line.made[1] for line in lines)
    left, wide = (0, NARROW - 4) if narrow else (LEFT + PITCH * steps + R + 30, WIDE)
    *tops, low = accumulate((HIGH + SECOND * (narrow and bool(line.adds)) for line in lines), initial=HEAD)
    given = [("h", 0), *(("x", t) for t in range(1, steps + 1))]
    given = [touch(_node(node, lines, move), "{}{}".format(*node)) for node in given]
    graph = [*given, *(_operation(i, lines, move) for i in range(len(lines))), _dots_explained()]
    heads = [(10, 34, "forward ↓"), (KEEPS + 6, 17, "keeps until"), (KEEPS + 6, 34, "answered"), (BACK + 10, 34, "backward ↑"),
             *[(ADDS, 34, "for the parameters")] * (not narrow)]
    table = [*(_row(i, left, tops[i], wide, lines, move, narrow) for i in range(len(lines))),
             *(note(left + x, y, words, size=13) for x, y, words in heads), _foot(left, low + 24, lines, move, narrow)]
    graph = Drawing(LEFT + PITCH * steps + R + 30, TOP + ROW * len(LAYERS), "".join(graph))
    table = Drawing(left + wide + 4, low + 40 + SECOND * narrow, "".join(table))
    if narrow:
        return above(graph, table, gap=20)
    return Drawing(table.width, max(graph.height, table.height), graph.body + table.body)


def kept(lines, move):
    """The names of the values that the tape holds: what lines that are written and not answered will need."""
    return list(dict.fromkeys(name for line in lines[:min(move, 2 * len(lines) - move)] for name in line.kept))


def _stands(i, lines, move):
    """Whether line i is written, whether it is answered, and whether it was the last of all to be so."""
    return move > i, move >= 2 * len(lines) - i, move in (i + 1, 2 * len(lines) - i)


def _place(node):
    return LEFT + PITCH * node[1], TOP + ROW * LAYERS.index(node[0])


def _operation(i, lines, move):
    """The node that line i makes, and the edges into it; they are turned round once the line is answered."""
    line, (there, answered, now) = lines[i], _stands(i, lines, move)
    edges = [_edge(node, line.made, role, there, answered, now) for node, role in line.inputs]
    if line.made[0] == "a":                                                    # nothing is sent to x
        edges.append(_edge(("x", line.made[1]), line.made, "V", there, False, now and not answered))
    node = touch(_node(line.made, lines, move, there, now), f"op{i} " + "{}{}".format(*line.made))
    moment = 2 * len(lines) - i if move > len(lines) else i + 1                # its own, forward or back
    return touch(touch("".join(edges), f"op{i}") + node, lights=_lights(i, line), sets=f"move={moment}", says=line.says)


def _lights(i, line):
    """What a touch on line i lights: the line, and the nodes that it reads."""
    read = [node for node, _ in line.inputs] + [("x", line.made[1])] * (line.made[0] == "a")
    return " ".join([f"op{i}", *("{}{}".format(*node) for node in read)])


def _edge(start, end, role, there, turned, now):
    """The arrow from node to node, or back, with its letter: right of an upright one, above another; that of a loss has none."""
    (x1, y1), (x2, y2) = _place(start), _place(end)
    ends = (x2, y2, x1, y1) if turned else (x1, y1, x2, y2)
    colour, width = EDGE[role] if there else palette.FAINT, 3.2 if now else 1.6
    drawn = arrow(*ends, colour=colour, width=width, dash="5 3" if turned else "", grows=0 if now else STILL, gap=R + 1)
    if role == "L":
        return drawn
    aside, down = (14, 5) if x1 == x2 else (11, -5)
    return drawn + symbol((x1 + x2) / 2 + aside, (y1 + y2) / 2 + down, *(TURNED[role] if turned else (role,)), size=15,
                          colour=EDGE[role] if there else palette.MUTED, weight="bold" if now else "normal")


def _node(node, lines, move, there=True, now=False):
    """A node, a dot for each operation that has read it, filled when the gradient is back, and the gradient once it is whole."""
    (x, y), (letter, t) = _place(node), node
    rim, width = (palette.ACCENT, 2.6) if now else (palette.MUTED if there else palette.FAINT, 1.4)
    style = {"colour": palette.MUTED if not there else palette.LOSS if letter == "L" else palette.INK,
             "weight": "bold" if now else "normal"}
    drawn = (symbol(x, y + 5, letter, t, **style) if letter in "xL" else
             network.node(x, y, letter, t, R, rim=rim, width=width, dash="" if there else "3 3", **style))
    read = [(role, *_stands(i, lines, move)[:2]) for i, line in reversed([*enumerate(lines)])
            for source, role in line.inputs if source == node]
    dots = "".join(_dot(x + R + 6, y - 9 + 10 * n, role if answered else None)
                   for n, (role, _, answered) in enumerate(one for one in read if one[1]))
    whole = read and all(answered for *_, answered in read)
    at = (x + 10, y + R + 16) if t == 0 else (x - R - 2, y + (22 if letter == "a" else -10))
    met = symbol(*at, f"d{letter}", t, size=15, anchor="end", weight="bold") if whole else ""
    return drawn + dots + met


def _dot(x, y, role):
    fill, rim = (EDGE[role], EDGE[role]) if role else (palette.PAPER, palette.MUTED)
    return circle(x, y, 3.6, fill=fill, stroke=rim, stroke_width=1.3)


def _dots_explained():
    y = TOP + ROW * (len(LAYERS) - 1) + 38
    return (_dot(10, y, None) + note(20, y + 4, "read, gradient awaited")
            + _dot(10, y + 18, "f") + note(20, y + 22, "the gradient has arrived"))


def _row(i, left, y, wide, lines, move, narrow):
    """A line of the tape: what was computed and what it keeps; beside it the way back, or that it waits for it.

    Either half leads to its moment. A phone, whose window holds the whole line, does not follow along the lines.
    """
    line, (there, answered, now) = lines[i], _stands(i, lines, move)
    parted = i and lines[i - 1].made[1] != line.made[1]
    rule = path(f"M{left} {y - 1}H{left + wide}", stroke=palette.FAINT) if parted else ""
    written = _faded(formula(left + 10, y + 21, line.forward, size=15), .6 if not there else 1)
    held = _faded(formula(left + KEEPS + 6, y + 21, " , ".join(line.kept), size=15), .5 if answered else 1) if there else ""
    second = narrow and bool(line.adds)                                         # a place below, for what the parameters get
    first, down, high = (10, SECOND, HIGH + SECOND * (not answered)) if second else (ADDS, 0, HIGH)
    ground = _box(left + BACK, y, wide - BACK, now and answered, high)
    ground += _box(left, y + HIGH - 3, wide, now, SECOND) if second and answered else ""
    back = ""
    if answered:
        back = formula(left + BACK + 10, y + 21, line.sends, size=15) + "".join(
            formula(left + first + TERM * n, y + 21 + down, term, size=15) for n, term in enumerate(line.adds))
    elif there:
        back = note(left + BACK + 10, y + 20, "waits", size=13)
    halves = ((_box(left, y, BACK - 6, now and not answered, high) + written + held, now and not answered, i + 1),
              (ground + back, now and answered, 2 * len(lines) - i))
    return rule + "".join(touch(body, f"op{i}", lights=_lights(i, line), sets=f"move={moment}", says=line.says,
                                current=lit and not narrow) for body, lit, moment in halves)


def _box(x, y, wide, lit, high=HIGH):
    """The ground of half a line."""
    fill, strength = (palette.ACCENT, .16) if lit else (palette.SHADE, .6)
    return rect(x, y, wide, high - 3, 5, fill=fill, fill_opacity=strength)


def _faded(body, opacity):
    return body if opacity == 1 else f'<g opacity="{opacity}">{body}</g>'


def _foot(left, y, lines, move, narrow):
    """What the tape holds now; on a phone in two lines."""
    names = kept(lines, move)
    words = f"the tape holds {len(names)} values{':' if names else ''}"
    x, down = (10, SECOND) if narrow else (226, 0)
    return (label(left + 10, y, words, size=14, anchor="start", weight="bold")
            + formula(left + x, y + down, " , ".join(names), size=16))
