"""The two sweeps over the unfolded network: values from left to right, gradients from right to left."""
from .. import palette
from .network import COLOUR, ROW, TOP, R, centre, circle, square
from .svg import Drawing, arrow, symbol

PITCH = 96


def sweep(T, step, back=False):
    """The unfolded network with its losses, part-way through a sweep; what is not reached yet is faint.

    step: the step the sweep has come to, 0..T     back: False for the forward sweep, which has reached steps 1..step;
    True for the backward sweep, which has reached T..step: its arrows are dashed, heads turned round     returns: Drawing
    """
    body = []
    for t in range(1, T + 1):
        there, turned = back or t <= step, back and t >= step
        body += [_edge(letter, start, end, there, turned, t == step) for letter, start, end in _edges(t)]
    for t in range(T + 1):
        body += _nodes(t, back or t <= step)
    return Drawing(centre(T, PITCH) + R + 8, _y("x") + R + 4, "".join(body))


def _y(layer):
    return TOP + ROW * {"L": 0, "ŷ": .8, "h": 1.8, "x": 2.8}[layer]


def _edges(t):
    x = centre(t, PITCH)
    return (("V", (x, _y("x") - R), (x, _y("h") + R)), ("W", (x - PITCH + R, _y("h")), (x - R, _y("h"))),
            ("U", (x, _y("h") - R), (x, _y("ŷ") + R)), ("L", (x, _y("ŷ") - R), (x, _y("L") + 13)))


def _edge(letter, start, end, there, turned, now):
    colour = COLOUR.get(letter, palette.LOSS) if there else palette.FAINT
    (x1, y1), (x2, y2) = (end, start) if turned else (start, end)
    x, y = ((x1 + x2) / 2, y1 - 9) if y1 == y2 else (x1 + 12, (y1 + y2) / 2 + 5)
    name = "" if letter == "L" else symbol(x, y, letter, size=15, colour=colour if there else palette.MUTED)
    return arrow(x1, y1, x2, y2, colour=colour, width=3.2 if now else 1.6, dash="6 4" if turned else "") + name


def _nodes(t, there):
    rim, x = palette.INK if there else palette.FAINT, centre(t, PITCH)
    if t == 0:
        return [circle(x, _y("h"), "h", 0, dash="3 3", colour=palette.INK)]
    return [square(x, _y("x"), "x", t, colour=palette.INK), circle(x, _y("h"), "h", t, colour=rim),
            square(x, _y("ŷ"), "ŷ", t, colour=rim),
            symbol(x, _y("L") + 5, "L", t, colour=palette.LOSS if there else palette.MUTED)]
