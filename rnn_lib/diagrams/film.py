"""A backward pass as it ran: its code, and the network with each value where it belongs; a wrong one is red and has a sign."""
from html import escape

from .. import palette
from .network import COLOUR
from .svg import Drawing, above, arrow, beside, label, symbol, touch

PITCH, R, LEFT = 104, 17, 30
Y_LOSS, Y_HIDDEN, Y_IN = 22, 140, 270
# Right of the middle of its column, and how high.
PLACES = {"dh": (12, Y_HIDDEN - 32), "da": (12, Y_HIDDEN + 56), "do": (12, 52), "do h": (12, 76),
          "da h": (-PITCH / 2, Y_HIDDEN + 34), "da x": (12, Y_IN - 22)}
SUMS = {"do h": "dU", "da h": "dW", "da x": "dV"}       # to which the products belong
MONO, LINE, LETTER, NUMBER = "ui-monospace, 'Liberation Mono', Consolas, monospace", 19, 7.25, 40
LONGEST, MOST = 45, 26      # letters of a line of code, and lines, that are shown


def film(T, seen, now, code=(), at=None, wrong=None):
    """The network of T steps, its arrows turned round, and the values that have been made; beside it the code.

    seen: (kind, step, words, right) of each value, in order; kinds: dh, da, do, "do h", "da h", "da x"     now: the last of them
    code: (number, text) of lines     at, wrong: number of the line that has just run, and of the wrong one     returns: Drawing
    """
    body = [_step(t) for t in range(1, T + 1)] + [_node(LEFT, Y_HIDDEN, "h", 0, dash="3 3")]
    last = {(kind, step): (words, right) for kind, step, words, right in seen}
    body += [_value(*where, *what, where == now) for where, what in last.items() if where[0] in PLACES]
    network = Drawing(_x(T) + 96, Y_IN + 26, "".join(body))
    return (beside if T < 5 else above)(_listing(code, at, wrong), network) if code else network


def _listing(code, at, wrong):
    """Lines of code, the one that has just run marked, the wrong one red with a sign."""
    lines = "".join(_line(i, number, text, number == at, number == wrong) for i, (number, text) in enumerate(code))
    return Drawing(NUMBER + LETTER * LONGEST, LINE * len(code) + 4, lines)


def _line(i, number, text, now, wrong):
    y = LINE * i
    shown = text if len(text) <= LONGEST else text[:LONGEST - 1] + "…"
    ink, weight = palette.BAD if wrong else palette.INK, "bold" if now or wrong else "normal"
    width, frame = NUMBER + LETTER * LONGEST - 2, f'fill="{palette.SHADE}" stroke="{palette.MUTED}"'
    back = f'<rect x="1" y="{y + 1}" width="{width:g}" height="{LINE - 1}" rx="4" {frame}/>' if now else ""
    sign = label(5, y + 14, "✗" if wrong else "▸", size=12, colour=ink, anchor="start", weight="bold") if now or wrong else ""
    spaced = escape(shown).replace(" ", "\u00a0")
    return (back + sign + label(NUMBER - 8, y + 14, str(number), size=11, colour=palette.MUTED, anchor="end")
            + f'<text x="{NUMBER}" y="{y + 14}" font-family="{MONO}" font-size="12" font-weight="{weight}" fill="{ink}">'
            f'{spaced}</text>')


def _x(t):
    return LEFT + PITCH * t


def _step(t):
    x, look = _x(t), {"width": 1.6, "dash": "6 4"}
    names = ((x - 13, 70, "U"), (x - PITCH / 2, Y_HIDDEN - 8, "W"), (x - 13, Y_HIDDEN + 74, "V"))
    return (arrow(x, Y_LOSS + 12, x, Y_HIDDEN - R, colour=COLOUR["U"], **look)
            + arrow(x, Y_HIDDEN + R, x, Y_IN - 14, colour=COLOUR["V"], **look)
            + arrow(x - R, Y_HIDDEN, x - PITCH + R, Y_HIDDEN, colour=COLOUR["W"], **look)
            + "".join(symbol(at, y, letter, superscript="⊤", size=14, colour=COLOUR[letter]) for at, y, letter in names)
            + symbol(x, Y_LOSS + 5, "L", t, colour=palette.LOSS) + _node(x, Y_HIDDEN, "h", t) + symbol(x, Y_IN + 4, "x", t))


def _node(x, y, letter, t, dash=""):
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (f'<circle cx="{x}" cy="{y}" r="{R}" fill="{palette.SHADE}" stroke="{palette.MUTED}" stroke-width="1.4"{dashed}/>'
            + symbol(x, y + 5, letter, t, size=16))


def _value(kind, step, words, right, now):
    """A value; a product that is wrong is called by its sum, since the words say what is due."""
    aside, y = PLACES[kind]
    anchor, (size, colour) = "middle" if kind == "da h" else "start", (14, palette.INK) if right else (13, palette.BAD)
    shown = words if right else f"✗ {SUMS[kind]}, step {step}" if kind in SUMS else f"✗ {words}"
    text = label(_x(step) + aside, y, shown, size=size, colour=colour, anchor=anchor,
                 weight="bold" if now or not right else "normal")
    says = f"{words}: as it should be." if right else f"This should be {words}, and it is not."
    name = f"v{step}-{kind.replace(' ', '')}"
    return touch(text, name, lights=name, says=says)
