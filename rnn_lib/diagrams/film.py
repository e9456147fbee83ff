"""A backward pass as it ran: its code, and the network with each value where it belongs; a wrong one is red and has a sign.

An arrow is pale until a value has come along it, and thick while the line that has just run brings one. What is added to dU, dW
or dV comes along none: it stands at the edge where the matrix was used, and does not travel on.
"""
import re

from .. import palette
from .formulas import formula
from .network import COLOUR, node
from .svg import NARROW, Drawing, above, arrow, beside, label, rect, scaled, symbol, touch

PITCH, CLOSE, R = 108, 83, 17    # from step to step, and on a narrow page
LEFT, RIGHT = 20, 76            # of the first column, and of the last one, whose values stand there
Y_LOSS, Y_HIDDEN, Y_IN = 22, 140, 270
# Right of the middle of its column (-.5: half-way to the column before), and how high. The two with a matrix stand in place of
# its letter.
PLACES = {"dh": (12, Y_HIDDEN - 40), "da": (12, Y_HIDDEN + 46), "do": (12, 46), "do h": (12, 66), "U' do": (-7, 83),
          "W' da": (-.5, Y_HIDDEN - 12), "da h": (-.5, Y_HIDDEN + 26), "da x": (12, Y_IN - 28)}
ANCHOR = {"U' do": "end", "W' da": "middle", "da h": "middle"}
# The arrows of a value of step t: letter, and how many steps later its arrow stands.
WAYS = {"dh": (("U", 0), ("W", 1)), "U' do": (("U", 0),), "W' da": (("W", 0),)}
SUMS = {"do h": "dU", "da h": "dW", "da x": "dV"}       # to which the products belong
CALLED = {"W' da": "message", "U' do": "from L"}        # products that are no term of a sum
MONO, LINE, LETTER, NUMBER = "ui-monospace, 'Liberation Mono', Consolas, monospace", 20, 7.55, 40
SIZE, DIGITS = 16, str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
NO_CLASS = str.maketrans("", "", " '")       # what the name of a class cannot hold
LONGEST, MOST = 45, 26      # letters of a line of code, and lines, that are shown
NOW = 3.6                   # the width of an arrow along which a value comes now


def film(T, seen, now, code=(), at=None, wrong=None, narrow=False):
    """The network of T steps, its arrows turned round, and the values that have been made; beside it the code.

    seen: (kind, step, words, right) of each value, in order; kinds: those of PLACES     now: (kind, step) of the last one
    code: (number, text) of lines     at, wrong: number of the line that has just run, and of the wrong one
    narrow: for a phone     returns: Drawing
    """
    last = {(kind, step): (words, right) for kind, step, words, right in seen if kind in PLACES}
    ways = {}           # the arrows along which a value has come: {(letter, step): (colour or "" for the matrix's own, width)}
    for (kind, step), (_, right) in last.items():
        came = WAYS.get(kind, ())                                                     # of two arrows neither can be blamed
        look = palette.BAD if not right and len(came) == 1 else "", NOW if (kind, step) == now else 1.8
        ways |= {(letter, step + later): look for letter, later in came}
    pitch = CLOSE if narrow else PITCH
    body = [_step(t, pitch, ways, last) for t in range(1, T + 1)]
    body += [_state(LEFT, 0, palette.INK if ("W", 1) in ways else palette.FAINT)]
    body += [_value(pitch, *where, *what, where == now) for where, what in last.items()]
    network = Drawing(LEFT + pitch * T + RIGHT, Y_IN + 26, "".join(body))
    if narrow:
        network = scaled(network, min(NARROW / network.width, 1))
    if not code:
        return network
    lines = "".join(_line(LINE * i, number, text, number == at, number == wrong) for i, (number, text) in enumerate(code))
    listing = Drawing(NUMBER + LETTER * LONGEST, LINE * len(code) + 4, lines)
    return (beside if T < 5 and not narrow else above)(listing, network)


def _line(y, number, text, now, wrong):
    """A line of code, marked where it has just run, red with a sign where it is wrong."""
    shown = text if len(text) <= LONGEST else text[:LONGEST - 1] + "…"
    ink, weight = palette.BAD if wrong else palette.INK, "bold" if now or wrong else "normal"
    wide = NUMBER + LETTER * LONGEST - 2
    back = rect(1, y + 1, wide, LINE - 1, 4, fill=palette.SHADE, stroke=palette.MUTED) if now else ""
    sign = label(5, y + 14, "✗" if wrong else "▸", size=12, colour=ink, anchor="start", weight="bold") if now or wrong else ""
    return (back + sign + label(NUMBER - 8, y + 14, str(number), size=11, colour=palette.MUTED, anchor="end")
            + label(NUMBER, y + 14, shown.replace(" ", "\u00a0"), size=12.5, font=MONO, colour=ink, anchor="start",
                    weight=weight))


def _step(t, pitch, ways, last):
    """Column t: what has been walked in full colour, the rest pale."""
    x = LEFT + pitch * t
    lines = {"U": (x, Y_LOSS + 12, x, Y_HIDDEN - R), "V": (x, Y_HIDDEN + R, x, Y_IN - 14),
             "W": (x - R, Y_HIDDEN, x - pitch + R, Y_HIDDEN)}
    names = {"U": (x - 18, 47, "U' do"), "W": (x - pitch / 2, Y_HIDDEN - 12, "W' da"), "V": (x - 18, Y_HIDDEN + 74, "")}
    body = []
    for letter, line in lines.items():
        colour, width = ways.get((letter, t), (palette.FAINT, 1.6))
        (at, y, value), ink = names[letter], palette.MUTED if colour == palette.FAINT else COLOUR[letter]
        body.append(arrow(*line, colour=colour or COLOUR[letter], width=width, dash="6 4", grows=0 if width == NOW else None))
        body.append("" if (value, t) in last else symbol(at, y, letter, superscript="⊤", size=14, colour=ink))
    there = [last[kind, t][1] for kind in ("dh", "da") if (kind, t) in last]
    rim = palette.FAINT if not there else palette.INK if all(there) else palette.BAD
    loss, below = [(letter, t) in ways for letter in "UV"]
    return "".join([*body, symbol(x, Y_LOSS + 5, "L", t, colour=palette.LOSS if loss else palette.MUTED), _state(x, t, rim),
                    symbol(x, Y_IN + 5, "x", t, colour=palette.INK if below else palette.MUTED)])


def _state(x, t, rim):
    """h_t, pale until its gradient is there."""
    ink, rim, width = (palette.MUTED, palette.MUTED, 1) if rim == palette.FAINT else (palette.INK, rim, 2.2)
    return node(x, Y_HIDDEN, "h", t, R, rim=rim, width=width, size=16, colour=ink)


def _value(pitch, kind, step, words, right, now):
    """A value; a product that is wrong is called by its sum or its role, since the words say what it should be."""
    (aside, y), anchor = PLACES[kind], ANCHOR.get(kind, "start")
    called = kind in CALLED and not right                       # a word, longer than a product: smaller, above the states
    x = LEFT + pitch * step + (aside if abs(aside) > 1 else pitch * aside)
    shown = _roles(words, ":n" if now else "") if right else _roles(f"✗ {(SUMS | CALLED).get(kind, words)}", ":x")
    text = formula(x, y - 9 * called, shown, size=SIZE - 3 * called, anchor=anchor)
    says = f"{words}: as it should be." if right else f"This should be {words}, and it is not."
    name = f"v{step}-{kind.translate(NO_CLASS)}"
    return touch(text, name, lights=name, says=says)


def _roles(words, role):
    """da₄ h₃ᵀ as `formula` reads it, each word in this role: da_4:n h_3^⊤:n. Without one a matrix has its colour: W^⊤:W"""
    low = re.sub("[₀-₉]+", lambda digits: "_" + digits[0].translate(DIGITS), words).replace("ᵀ", "^⊤")
    return " ".join(word + (role or f":{word[0]}" * (word[0] in COLOUR)) for word in low.split())
