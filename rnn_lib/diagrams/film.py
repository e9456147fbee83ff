"""A backward pass as it ran, on the network: each value where it belongs, a wrong one in red with a sign."""
from .. import palette
from .network import COLOUR
from .svg import Drawing, arrow, label, symbol, touch

PITCH, R, LEFT = 150, 17, 34
Y_LOSS, Y_HIDDEN, Y_IN = 22, 128, 246
# Right of the middle of its column, and how high.
PLACES = {"dh": (12, Y_HIDDEN - 32), "da": (12, Y_HIDDEN + 36), "do": (12, 52), "do h": (12, 72),
          "da h": (-PITCH / 2, Y_HIDDEN - 14), "da x": (12, 200)}


def film(T, seen, now):
    """The network of T steps, its arrows turned round, and the values that have been made.

    seen: (kind, step, words, right) of each value, in order; kinds: dh, da, do, "do h", "da h", "da x"     now: the last of them
    returns: Drawing
    """
    body = [_step(t) for t in range(1, T + 1)] + [_node(LEFT, Y_HIDDEN, "h", 0)]
    last = {(kind, step): (words, right) for kind, step, words, right in seen}
    body += [_value(*where, *what, where == now) for where, what in last.items() if where[0] in PLACES]
    return Drawing(_x(T) + 118, Y_IN + 26, "".join(body))


def _x(t):
    return LEFT + PITCH * t


def _step(t):
    x, look = _x(t), {"width": 1.6, "dash": "6 4"}
    return (arrow(x, Y_LOSS + 12, x, Y_HIDDEN - R, colour=COLOUR["U"], **look)
            + arrow(x, Y_HIDDEN + R, x, Y_IN - 14, colour=COLOUR["V"], **look)
            + arrow(x - R, Y_HIDDEN, x - PITCH + R, Y_HIDDEN, colour=COLOUR["W"], **look)
            + symbol(x, Y_LOSS + 5, "L", t, colour=palette.LOSS) + _node(x, Y_HIDDEN, "h", t) + symbol(x, Y_IN + 4, "x", t))


def _node(x, y, letter, t):
    return (f'<circle cx="{x}" cy="{y}" r="{R}" fill="{palette.SHADE}" stroke="{palette.MUTED}" stroke-width="1.4"/>'
            + symbol(x, y + 5, letter, t, size=16))


def _value(kind, step, words, right, now):
    aside, y = PLACES[kind]
    anchor = "middle" if kind == "da h" else "start"
    colour = palette.INK if right else palette.BAD
    text = label(_x(step) + aside, y, f"{'' if right else '✗ '}{words}", size=14, colour=colour, anchor=anchor,
                 weight="bold" if now or not right else "normal")
    name = f"v{step}-{kind.replace(' ', '')}"
    return touch(text, name, lights=name, says=f"{words}: {'as it should be' if right else 'not what it should be'}.")
