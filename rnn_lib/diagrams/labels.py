"""The classes of one step as a list to press: how probable each was, and which way its score should move.

Few elements a row: the frames of an explorer list theirs, and there are hundreds of frames.
"""
from html import escape

from .. import palette
from .svg import Drawing, label, path, rect, symbol, touch
from .wording import word

WIDE, ROW, TOP = 296, 25, 74    # of a step; height of a class; where the classes begin
NAME, BAR, ZERO, END = 74, 82, 198, 290         # where names end, bars of yhat begin, do is 0, and its numbers end
UNIT = 72                       # pixels of probability 1, and of do = 1: where they are the same number, the bars are as long


def step(t, word, classes, yhat, do, chosen, loss, react):
    """One step: its word with a switch for its mask, a row for each class, and its loss.

    classes: (K,) names     yhat, do: (K,)     chosen: index of the label, None for a masked step     loss: L_t
    react: index of a class, or "mask" -> what `svg.touch` is told of it     returns: Drawing
    """
    height = TOP + ROW * len(classes)
    head = (symbol(4, 24, "x", t, size=16, colour=palette.MUTED, anchor="start")
            + label(26, 24, word, size=16, anchor="start", weight="bold")
            + symbol(BAR, TOP - 12, "ŷ", t, size=16, anchor="start") + symbol(ZERO, TOP - 12, "do", t, size=16)
            + path(f"M{ZERO} {TOP - 2}V{height}", stroke=palette.MUTED))
    rows = [touch(_row(TOP + ROW * k, name, yhat[k], do[k], k == chosen, chosen is None), **react(k))
            for k, name in enumerate(classes)]
    why = "= 0, masked" if chosen is None else f"= −log {yhat[chosen]:.3f} = {loss:.2f}"
    foot = (symbol(26, height + 24, "L", t, colour=palette.LOSS, anchor="end")
            + label(32, height + 24, why, size=14, colour=palette.LOSS, anchor="start"))
    return Drawing(WIDE, height + 30, head + touch(_mask(chosen is not None), **react("mask")) + "".join(rows) + foot)


def _row(y, name, p, do, chosen, masked):
    """A class: its probability as a bar, the gradient at its score as a bar from 0 to either side, and both numbers."""
    fill, ink = (palette.ACCENT, palette.INK) if chosen else (palette.MUTED, palette.MUTED)
    middle, weight = y + ROW / 2, "bold" if chosen else "normal"
    sign, long = palette.PLUS if do > 0 else palette.MINUS, p * UNIT
    number = "0" if masked else word(do)
    bars = "".join(f'<line x1="{x}" x2="{x + wide:.1f}" y1="{middle}" y2="{middle}" stroke="{colour}" stroke-width="13"/>'
                   for x, wide, colour in ((BAR, long, fill), (ZERO, do * UNIT, sign)))
    texts = (NAME, "end", ("✓ " if chosen else "") + name), (BAR + long + 5, "start", f"{p:.2f}"), (END, "end", number)
    words = "".join(f'<tspan x="{x:.1f}" text-anchor="{anchor}">{escape(text)}</tspan>' for x, anchor, text in texts)
    return (rect(4, y + 1, WIDE - 8, ROW - 2, 5, fill="none", stroke=palette.FAINT, pointer_events="all") + bars
            + f'<text y="{middle + 4.5}" font-size="12.5" font-weight="{weight}" fill="{ink}">{words}</text>')


def _mask(counts):
    """A box, ticked while the step counts."""
    x = WIDE - 84
    tick = (f'<polyline points="{x},18.5 {x + 4},23 {x + 11},14" stroke="{palette.ACCENT}" stroke-width="2.2" fill="none"/>'
            if counts else "")
    box = f"{x - 4},11.5 {x + 10},11.5 {x + 10},25.5 {x - 4},25.5"
    return (rect(x - 12, 5, 92, 27, 7, fill=palette.SHADE, stroke=palette.MUTED)
            + f'<polygon points="{box}" stroke="{palette.MUTED}" fill="none"/>{tick}'
            + label(x + 18, 23, "counts", size=13, anchor="start", colour=palette.INK if counts else palette.MUTED))
