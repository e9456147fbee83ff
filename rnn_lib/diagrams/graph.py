"""The computational graph around step t: solid arrows from value to value, beside them dashed what comes back along each.

Nodes are called nh, na, nW and so on, edges by their two ends: h-o is the arrow from h_t to o_t, with what comes back along it.
"""
from math import dist

from .. import palette
from .formulas import formula
from .network import node
from .svg import NARROW, Drawing, arrow, move, note, scaled, symbol, touch

HALF = 492                  # pixels of the graph without its key
R, APART = 19, 10           # of a node, and from an arrow to what comes back beside it
NODES = {"g": (60, 170, "h", "t−1"), "a": (230, 284, "a", "t"), "h": (230, 170, "h", "t"), "o": (230, 88, "o", "t"),
         "L": (230, 20, "L", "t"), "b": (470, 284, "a", "t+1"), "k": (470, 170, "h", "t+1"), "W": (350, 384, "W", "")}
EDGES = {                   # start and end: colour, what comes back, where it stands, and where it is anchored
    "g-a": (palette.W,), "o-L": (palette.MUTED,), "b-k": (palette.MUTED,),
    "h-o": (palette.U, "U^⊤:U do_t", (208, 136), "end"), "h-b": (palette.W, "W^⊤:W da_t+1", (366, 216), "start"),
    "a-h": (palette.INK, "f′ ( a_t ) ⊙ dh_t", (252, 252), "start"),
    "W-a": (palette.USE, "da_t h_t−1^⊤", (266, 350), "end"), "W-b": (palette.USE, "da_t+1 h_t^⊤", (434, 350), "start")}
RULES = {                   # what comes back to a node, added up
    "h": "dh_t = U^⊤:U do_t + W^⊤:W da_t+1", "a": "da_t = f′ ( a_t ) ⊙ dh_t", "W": "dW = Σ_t da_t h_t−1^⊤"}
LEFT_OF = {"h-o", "h-b", "W-a"}                 # where what comes back stands, seen along the arrow; else at its right


def graph(nodes, react, narrow=False):
    """h_t, a_t and W with the arrows that leave them, and for some of these nodes what comes back along each.

    nodes: "", "h", "a", "W" or "haW"     react: {"h", "a", "W": what `svg.touch` is told of this node}; its arrows light up
    narrow: smaller, with the key below     returns: Drawing
    """
    body = [_edge(name, name[0] in nodes, *look) for name, look in EDGES.items()]
    body += [_node(name, *place, react.get(name)) for name, place in NODES.items()]
    body.append(_others())
    if not narrow:
        rules = (touch(formula(HALF + 100, NODES[node][1] + 6, RULES[node], size=20), f"n{node}") for node in nodes)
        return Drawing(HALF + 410, 420, "".join([*body, *rules, _key(HALF + 100, 24)]))
    whole = scaled(Drawing(HALF, 424, move(Drawing(0, 0, "".join(body)), -34, 0)), NARROW / HALF)
    return Drawing(NARROW, whole.height + 52, whole.body + _key(4, whole.height + 16))


def _edge(name, shown, colour, back="", at=None, anchor=""):
    """An arrow; where it is one of those that are shown, what comes back stands beside it, and the arrow of this."""
    (x1, y1), (x2, y2) = (NODES[end][:2] for end in name.split("-"))
    there = arrow(x1, y1, x2, y2, colour=palette.MUTED, width=1.5, gap=R + 2)
    if not shown or not back:
        return touch(there, name)
    side = (APART if name in LEFT_OF else -APART) / dist((x1, y1), (x2, y2))
    ox, oy = side * (y2 - y1), side * (x1 - x2)
    again = arrow(x2 + ox, y2 + oy, x1 + ox, y1 + oy, colour=colour, width=2.4, dash="6 4", gap=R + 2)
    return touch(there + again + formula(*at, back, size=18, anchor=anchor), name)


def _node(name, x, y, letter, subscript, reacts):
    """A value; one that reacts lights the arrows that leave it, and their ends."""
    leave = [edge for edge in EDGES if edge.startswith(name) and reacts]
    lights = " ".join([f"n{name}", *leave, *(f"n{edge[-1]}" for edge in leave), *["others"] * (name == "W")])
    rim, width = (palette.INK, 2.2) if reacts else (palette.MUTED, 1.3)
    style = {"size": 16 if "1" in subscript else 17, "weight": "bold" if reacts else "normal"}
    drawn = (symbol(x, y + 5, letter, subscript, colour=palette.LOSS, **style) if name == "L" else
             node(x, y, letter, subscript, R, rim=rim, width=width, colour=palette.W if name == "W" else palette.INK, **style))
    return touch(drawn, f"n{name}", **(reacts | {"lights": lights} if reacts else {}))


def _others():
    """The arrows from W to the other steps."""
    (x, y), far = NODES["W"][:2], 110
    ends = [arrow(x + way * (R + 2), y, x + way * far, y, width=1.5)
            + note(x + way * far, y + 20, words, size=13, anchor="middle")
            for way, words in ((-1, "to every earlier a"), (1, "to every later a"))]
    return touch("".join(ends), "others")


def _key(x, y):
    """What solid and dashed arrows are."""
    rows = (("", palette.MUTED, 1.5, "from a value to what is computed from it"),
            ("6 4", palette.INK, 2.4, "what comes back along it"))
    return "".join(arrow(x, y + 24 * i, x + 36, y + 24 * i, colour=colour, width=width, dash=dash)
                   + note(x + 46, y + 4 + 24 * i, words, size=13)
                   for i, (dash, colour, width, words) in enumerate(rows))
