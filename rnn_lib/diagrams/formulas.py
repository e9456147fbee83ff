"""Formulas as SVG text: letters in italics, words upright, subscripts and superscripts, matrices in the colour of their role.

A formula is words with blanks between: `h_t`, `h_t−1`, `h^(t)`, `W_xh^⊤`. A role after a colon colours a word: `W_xh:V`.
"""
import re
from html import escape

from .. import palette
from .svg import MATHS

MONO = "ui-monospace, 'Liberation Mono', Menlo, Consolas, monospace"
COLOUR = {"V": palette.V, "W": palette.W, "U": palette.U, "b": palette.BIAS, None: palette.INK}
_WORD = re.compile(r"([^_^:]+)(?:_([^^:]+))?(?:\^([^:]+))?(?::(\w))?")


def formula(x, y, text, *, size=18, anchor="start"):
    """A formula with its baseline at y.   text: as above     returns: SVG text"""
    spans, shift, before = [], 0, "("
    for word in text.split():
        letter, below, above, role = _WORD.fullmatch(word).groups()
        style = 'font-style="italic"' if len(letter) == 1 and letter.isalpha() else ""
        weight = "bold" if role else "normal"
        spans.append(f'<tspan dx="{size * _gap(before, letter):.1f}" dy="{-shift:.1f}" {style} font-weight="{weight}" '
                     f'fill="{COLOUR[role]}">{escape(letter)}</tspan>')
        shift = 0
        for small, height in ((below, .24), (above, -.4)):
            if small:
                spans.append(f'<tspan dy="{size * height - shift:.1f}" font-size="{size * .68:.1f}" font-style="italic" '
                             f'font-weight="{weight}" fill="{COLOUR[role]}">{escape(small)}</tspan>')
                shift = size * height
        before = letter
    return _text(x, y, "".join(spans), MATHS, size, anchor)


def code(x, y, text, roles, *, size=13, anchor="start"):
    """A line of code with its baseline at y.   roles: {name: role}, the names to colour     returns: SVG text"""
    body = "".join(f'<tspan fill="{COLOUR[roles.get(part)]}" font-weight="{"bold" if part in roles else "normal"}">'
                   f"{escape(part)}</tspan>" for part in re.split(r"(\w+)", text) if part)
    return _text(x, y, body, MONO, size, anchor)


def _text(x, y, body, font, size, anchor):
    return (f'<text x="{x:g}" y="{y:g}" font-family="{font}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="{palette.INK}">{body}</text>')


def _gap(before, word):
    """Blank before a word, in ems: wide around = and +, none inside brackets, thin between factors."""
    if before in "=+" or word in "=+":
        return .28
    return 0 if before == "(" or word in "()" else .14
