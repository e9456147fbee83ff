"""A recurrent architecture before anyone has looked inside: one box, applied at each word, handing something on.

What a box holds is drawn as stripes, one for each word read so far, the newest at the right. Every part that comes from the
word at step s is called s1, s2, ...: its card, its arrows, its stripe in each later box.
"""
from typing import NamedTuple

from .. import palette
from .svg import STILL, Drawing, arrow, label, rect, spaced, symbol, then, touch

TALL, OUT, BOX, WORD = 56, 26, 108, 190       # the height of a box; the middle of each row


class Columns(NamedTuple):
    """Where the columns stand, in pixels."""
    start: float                    # the middle of the word "start"
    first: float                    # column i stands at first + pitch i
    pitch: float
    wide: float                     # of a box
    card: float                     # width of a word
    rim: float                      # inside a box, beside its stripes

    def x(self, i):
        """The middle of column i."""
        return spaced(self.first, self.pitch)(i)


ROOMY, CLOSE = Columns(44, 4, 124, 84, 92, 9), Columns(18, 14, 60, 34, 54, 4)       # CLOSE: six columns on a phone


def boxes(words, t, react, at=ROOMY):
    """The box at each word; step t is lit, later steps are not there yet.

    words: T strings     t: 1..T     react: number of a word -> what `svg.touch` is told of its card     at: Columns
    returns: Drawing
    """
    body = [label(at.start, BOX + 5, "start", size=13, colour=palette.MUTED)]
    for i, word in enumerate(words, 1):
        card = touch(_card(at, i, word, t), f"s{i}", current=i == t, **react(i))
        body += [card, _handed(at, i, t), *(_made(at, i, t, len(words)) if i <= t else [_frame(at, i, t)])]
    return Drawing(at.x(len(words)) + at.card / 2 + (34 if at is ROOMY else 1), WORD + 42, "".join(body))


def _card(at, i, word, t):
    """The word as a card to press, dashed while it is not read, and x_i under it."""
    x, dash = at.x(i), "4 4" if i > t else ""
    return (rect(x - at.card / 2, WORD - 17, at.card, 34, 8, fill=palette.SHADE, stroke=palette.MUTED, dash=dash)
            + label(x, WORD + 5, word, size=15, colour=palette.INK if i <= t else palette.MUTED,
                    weight="bold" if i == t else "normal")
            + symbol(x, WORD + 36, "x", i, size=16, colour=palette.MUTED))


def _made(at, i, t, of):
    """What step i has computed: its word goes in, its box holds what was read, a prediction comes out."""
    x = at.x(i)
    goes_in = touch(_edge((x, WORD - 18), (x, BOX + TALL / 2), i == t), f"s{i}")
    stripes = then("".join(_stripes(at, i, of)), 1 if i == t else STILL)
    out = _edge((x, BOX - TALL / 2), (x, OUT + 12), i == t, 2) + then(symbol(x, OUT + 3, "ŷ", i, size=18), 2 if i == t else STILL)
    return [goes_in, _frame(at, i, t), stripes, touch(out, " ".join(f"s{s}" for s in range(1, i + 1)))]


def _frame(at, i, t):
    """The box at step i; dashed while it is not there yet."""
    line, width, dash = ((palette.ACCENT, 2.6, "") if i == t else (palette.MUTED, 1.4, "") if i < t
                         else (palette.FAINT, 1.4, "4 4"))
    return rect(at.x(i) - at.wide / 2, BOX - TALL / 2, at.wide, TALL, 10, fill=palette.SHADE, stroke=line,
                stroke_width=width, dash=dash)


def _stripes(at, i, of):
    """A stripe for each word that the box at step i has heard of, all alike: how much is left of one is not known here.

    of: how many words there are
    """
    wide = (at.wide - 2 * at.rim) / of
    return [touch(rect(at.x(i) + wide * (s - .9 - i / 2), BOX - TALL / 2 + 9, .8 * wide, TALL - 18, wide / 5,
                       fill=palette.ACCENT, fill_opacity=.8), f"s{s}") for s in range(1, i + 1)]


def _edge(start, end, now, turn=0):
    """An arrow along which something has come; at the current step it grows.   turn: as for `flowing`"""
    return arrow(*start, *end, colour=palette.ACCENT, width=3 if now else 1.6, grows=turn if now else STILL)


def _handed(at, i, t):
    """The arrow into box i from the box before, or from the start."""
    ends = (at.x(i - 1) + at.wide / 2 if i > 1 else at.start + 20, BOX), (at.x(i) - at.wide / 2, BOX)
    drawn = _edge(*ends, i == t) if i <= t else arrow(*ends[0], *ends[1], colour=palette.FAINT, width=1.4, dash="4 4")
    ink = palette.INK if i <= t else palette.MUTED
    drawn += symbol((ends[0][0] + ends[1][0]) / 2 - 2, BOX - 12, "h", i - 1, size=16, colour=ink)
    return touch(drawn, " ".join(f"s{s}" for s in range(1, i))) if 1 < i <= t else drawn
