"""A recurrent architecture before anyone has looked inside: one box, applied at each element, handing something on."""
from .. import palette
from .svg import Drawing, arrow, label, symbol

PITCH, WIDE, TALL = 118, 62, 40


def boxes(words, t):
    """The box at each word; step t is lit, later steps are not there yet.   words: T strings     t: 1..T     returns: Drawing"""
    body = [label(40, 98, "start", size=12, colour=palette.MUTED)]
    for i, word in enumerate(words, 1):
        x = 134 + PITCH * (i - 1)
        ink, line, width = _look(i, t)
        body += [arrow(x - PITCH + WIDE / 2 if i > 1 else 60, 94, x - WIDE / 2, 94, colour=line, width=width),
                 arrow(x, 150, x, 94 + TALL / 2, colour=line, width=width),
                 arrow(x, 94 - TALL / 2, x, 42, colour=line, width=width),
                 f'<rect x="{x - WIDE / 2}" y="{94 - TALL / 2}" width="{WIDE}" height="{TALL}" rx="8" fill="{palette.SHADE}" '
                 f'stroke="{line}" stroke-width="{width}"/>', label(x, 99, "box", colour=ink),
                 symbol(x, 30, "ŷ", i, colour=ink), symbol(x, 170, "x", i, colour=ink), label(x, 194, word, colour=ink)]
    return Drawing(134 + PITCH * (len(words) - 1) + WIDE / 2 + 8, 204, "".join(body))


def _look(i, t):
    """Colour of words, colour and width of lines: now, before, not yet."""
    if i == t:
        return palette.INK, palette.INK, 2.4
    return (palette.MUTED, palette.MUTED, 1.4) if i < t else (palette.MUTED, palette.FAINT, 1.2)
