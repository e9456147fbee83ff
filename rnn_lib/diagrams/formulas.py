"""Formulas as SVG text: letters in italics, words upright, subscripts and superscripts, matrices in the colour of their role.

A formula is words with blanks between: `h_t`, `h_t−1`, `h^(t)`, `W_xh^⊤`. A role after a colon colours a word: `W_xh:V`.
A line that can be touched is called `line`. Over it lies, for each role, what shows when the role is lit: its words alone.
"""
import re
from html import escape

from .. import palette
from .svg import MATHS, touch
from .wording import spoken

MONO = "ui-monospace, 'Liberation Mono', Menlo, Consolas, monospace"
COLOUR = {"V": palette.V, "W": palette.W, "U": palette.U, "b": palette.BIAS, "c": palette.BIAS,
          "n": palette.INK, "x": palette.BAD, None: palette.INK}      # n: what has just come, x: what is wrong
PLAIN = dict.fromkeys("AFGHOPXY", palette.INK)                        # letters that can be touched, and look like the others
_WORD = re.compile(r"([^_^:]+)(?:_([^^:]+))?(?:\^([^:]+))?(?::(\w))?")


def formula(x, y, text, *, size=18, anchor="start", says=None, lights=None):
    """A formula with its baseline at y.   text: as above     says: role -> the caption while it is touched   returns: SVG text

    lights: role -> what lights up beside its own words, as for `touch`
    One letter is in italics, and so is a gradient, `dW`, `dh_1`, and a derivative, `f′`, `∂L_t / ∂h_t`.
    """
    spans, shift, before = [], 0, "("
    for word in text.split():
        letter, below, above, role = _WORD.fullmatch(word).groups()
        style = 'font-style="italic"' if re.fullmatch(r"[d∂]?[^\W\d_]′?", letter) else ""
        spans.append((letter, f'dx="{size * _gap(before, letter):.1f}" dy="{-shift:.1f}" {style}', role))
        shift = 0
        for small, height in ((below, .24), (above, -.4)):
            if small:
                spans.append((small, f'dy="{size * height - shift:.1f}" font-size="{size * .68:.1f}" font-style="italic"', role))
                shift = size * height
        before = letter
    look = f'x="{x:g}" y="{y:g}" font-family="{MATHS}" font-size="{size}" text-anchor="{anchor}"'
    return _line(look, spans, says or {}, lights or {})


def code(x, y, text, roles, *, size=13, anchor="start", says=None):
    """A line of code with its baseline at y.   roles: {name: role}, the names to colour     returns: SVG text"""
    spans = [(part, "", roles.get(part)) for part in re.split(r"(\w+)", text) if part]
    return _line(f'x="{x:g}" y="{y:g}" font-family="{MONO}" font-size="{size}" text-anchor="{anchor}"', spans, says or {}, {})


def plain(text):
    """A formula as it is written in a sentence: without its roles."""
    return re.sub(r":\w", "", text)


def _line(look, spans, says, lights):
    """The line, and over it what shows when a role is lit."""
    def drawn(shown, react):
        return "".join(_span(text, style, role, role == shown or shown == "all", says.get(role) if react else None,
                             f"{role} {lights.get(role, '')}".strip()) for text, style, role in spans)
    over = "".join(touch(f'<text {look} pointer-events="none">{drawn(role, False)}</text>', f"when {role}")
                   for role in dict.fromkeys(role for _, _, role in spans if role and says))
    whole = f"<text {look}>{drawn('all', True)}</text>"
    return touch(whole, "line") + over if says else whole


def _span(text, style, role, shown, says, lights):
    react = f' role="img" data-lights="{lights}" data-says="{escape(says)}" aria-label="{escape(spoken(says))}"' if says else ""
    return (f'<tspan {style} font-weight="{"bold" if role and role not in PLAIN else "normal"}" '
            f'fill="{(COLOUR | PLAIN)[role] if shown else "none"}"{react}>'
            f"{escape(text)}</tspan>")


def _gap(before, word):
    """Blank before a word, in ems: wide around = and +, none inside brackets, thin between factors."""
    if {before, word} & {"=", "+", "+="}:
        return .28
    return 0 if before == "(" or word in "()," else .14
