"""Losses as bars: one over each column of the unfolded network, and all of them end to end."""
from functools import partial

import numpy as np

from .. import palette
from .network import R, centre
from .running import width_of
from .svg import CLEAR, NARROW, Drawing, label, move, note, patch, path, rect, symbol, touch
from .wording import lowered

LEFT = 118           # where a bar from left to right begins; what it is stands before it
TALLEST = 92         # of a bar over its column
LINE = 26            # from one step to the next in a list on a narrow page
OVER = 13            # the room for the names above the pieces of a bar: written in them, they would fade with them


def loss_bars(losses, *, most, level, react=None):
    """A bar for each L_t, standing over its column of `unfolded`; its name is L1, L2, ...

    losses: (T,) [nats]     most: the loss whose bar is the tallest     level: (name, value) of a dashed line to compare with
    react: step -> what `svg.touch` is told of its bar     returns: Drawing
    """
    width, floor = centre(len(losses)) + R + 8, TALLEST + 18
    y = floor - TALLEST * level[1] / most
    parts = [path(f"M{centre(0) + R:g} {y:.1f}H{width}", stroke=palette.MUTED, dash="2 4"),
             note(centre(0) + R - 8, y + 4, level[0], anchor="end")]
    for t, loss in enumerate(losses, 1):
        top = floor - TALLEST * loss / most
        number = partial(label, centre(t), text=f"{loss:.2f}", size=12)
        bar = (rect(centre(t) - 20, top, 40, floor - top, 2, fill=palette.LOSS)
               + (number(round(top + 14, 1), colour=palette.PAPER) if floor - top > 18 else
                  f"<g {CLEAR}>{number(round(top - 5, 1), colour=palette.LOSS)}</g>"))
        parts.append(touch(bar, f"L{t}", **(react(t) if react else {})))
    parts.append(path(f"M{centre(0) + R:g} {floor}H{width}", stroke=palette.MUTED))
    return Drawing(width, floor + 2, "".join(parts))


def loss_list(losses, words, answers, *, most, level, react):
    """On a narrow page, in place of bars over columns: a line for each step, with its word, its right answer and its loss.

    losses: (T,) [nats]; the words after them have none yet     words, answers: strings     most, level: as for `loss_bars`
    react: step -> what `svg.touch` is told of its line     returns: Drawing
    """
    scale, high = (NARROW - LEFT - 60) / most, LINE * len(words)
    x = LEFT + scale * level[1]
    body = [path(f"M{x:.1f} 18V{high + 20}", stroke=palette.MUTED, dash="2 4"), note(x, 12, level[0], anchor="middle")]
    for t, (word, answer) in enumerate(zip(words, answers, strict=True), 1):
        y, read = 20 + LINE * (t - 1), t <= len(losses)
        name = label(4, y + 17, word, size=13, colour=palette.INK if read else palette.MUTED, anchor="start")
        right = note(LEFT - 8, y + 17, answer, anchor="end")
        loss = touch(right + _bar(y, scale * losses[t - 1], f"L{lowered(t)} {losses[t - 1]:.2f}"), f"L{t}") if read else ""
        body.append(touch(patch(0, y + 1, NARROW, LINE - 2) + touch(name, f"x{t}") + loss, **react(t)))
    return Drawing(NARROW, high + 24, "".join(body))


def _bar(y, long, loss):
    """A loss as a bar, its name and number inside where they have room."""
    at, anchor, ink = (long - 5, "end", palette.PAPER) if long > 60 else (long + 6, "start", palette.INK)
    return (rect(LEFT, y + 4, long, 18, 2, fill=palette.LOSS)
            + label(LEFT + at, y + 17, loss, size=12, anchor=anchor, colour=ink))


def words_in_columns(words, *, lead, kind, react=None, chosen=None):
    """A word for each column of `unfolded`, a card to press where something reacts.

    words: (T,) strings     lead: letter that says what they are, with index t     kind: what they are called: "x" for x1, x2, ...
    react: step -> what `svg.touch` is told of its word     chosen: the last step that is read; later words are pale
    """
    texts = []
    for t, word in enumerate(words, 1):
        card = rect(centre(t) - 30, 1, 60, 25, 6, fill=palette.SHADE, stroke=palette.FAINT) if react else ""
        ink = palette.MUTED if chosen and t > chosen else palette.INK
        written = label(centre(t), 18, word, size=round(min(13, 96 / max(len(word), 1)), 1), colour=ink)
        texts.append(touch(card + written, f"{kind}{t}", **(react(t) if react else {})))
    return Drawing(centre(len(words)) + R + 14, 28, symbol(centre(0), 18, lead, "t", size=16) + "".join(texts))


def stacked(values, name, *, most, width, ghost=0):
    """Values end to end from left to right: the length of the bar is their sum.

    values: (T,) each at least 0     name: what the sum is     most: the sum that takes all the room
    ghost: length of a dashed bar behind, to compare with     returns: Drawing; its pieces are called L1, L2, ...
    """
    scale, x = (width - LEFT - 96) / most, LEFT
    named = min((value for value in values if value > 0), default=0) * scale > 18             # all pieces or none
    parts = [rect(LEFT, OVER + 1.5, ghost * scale, 23, fill="none", stroke=palette.MUTED, dash="3 3") if ghost else ""]
    for t, value in enumerate(values, 1):
        wide = value * scale
        letter = symbol(round(wide / 2, 1), OVER - 3, "L", t, size=14, colour=palette.LOSS) if named else ""
        piece = rect(0, OVER + 2, wide - min(1, wide / 8), 22, fill=palette.LOSS) + letter
        parts.append(move(Drawing(0, 0, touch(piece, f"L{t}")), round(x, 1), 0) if wide > 0 else "")
        x += wide
    total = _number(x, LEFT + ghost * scale, OVER + 18, f"{sum(values):.2f} nats", palette.LOSS)
    head = label(LEFT - 8, OVER + 18, name, size=13, colour=palette.LOSS, anchor="end")
    return Drawing(width, OVER + 26, head + "".join(parts) + total)


def _number(x, ghost, y, words, colour=palette.INK):
    """What is written behind a bar that ends at x: behind its dashed outline too, where the end of that would run through it."""
    x = ghost if x < ghost < x + 14 + width_of(words, 13, True) else x
    return (f'<g font-size="13" font-weight="bold" fill="{colour}" {CLEAR}>'
            f'<text x="{x + 7:.1f}" y="{y}">{words}</text></g>')


def ruler(most, width):
    """The axis under `stacked`, with some round numbers."""
    step = max(1, int(10 ** np.floor(np.log10(most)) // 2))
    scale = (width - LEFT - 96) / most
    marks = range(0, int(most) + 1, step)
    ticks = "".join(f"M{LEFT + mark * scale:.1f} 0v5" for mark in marks)
    return Drawing(width, 20, path(f"M{LEFT} 0H{LEFT + most * scale:.1f}{ticks}", stroke=palette.MUTED)
                   + f'<text y="17" font-size="12" text-anchor="middle" fill="{palette.MUTED}">'
                   + "".join(f'<tspan x="{LEFT + mark * scale:.1f}">{mark}</tspan>' for mark in marks) + "</text>"
                   + note(LEFT + most * scale + 8, 5, "nats"))
