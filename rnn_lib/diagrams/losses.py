"""Losses as bars: one over each column of the unfolded network, all of them end to end, and the classes of one step."""
import numpy as np

from .. import palette
from .network import R, centre
from .svg import Drawing, label, symbol

LEFT = 118           # where a bar from left to right begins; what it is stands before it


def loss_bars(losses, *, T_max, most, level=None, height=92):
    """A bar for each L_t, standing over its column of `unfolded`.

    losses: (T,) [nats]     T_max: columns there is room for     most: the loss that is `height` pixels tall
    level: (name, value) of a dashed line to compare with     returns: Drawing
    """
    width, floor = centre(T_max) + R + 8, height + 18
    parts = [f'<path d="M{centre(0) + R:g} {floor}H{width}" stroke="{palette.MUTED}" fill="none"/>']
    for t, loss in enumerate(losses, 1):
        top = floor - height * loss / most
        parts.append(f'<rect x="{centre(t) - 14:g}" y="{top:.1f}" width="28" height="{floor - top:.1f}" fill="{palette.LOSS}"/>'
                     + label(centre(t), floor - 6 if floor - top > 20 else top - 5, f"{loss:.2f}", size=12,
                             colour=palette.PAPER if floor - top > 20 else palette.LOSS))
    if level:
        y = floor - height * level[1] / most
        parts.append(f'<path d="M{centre(0) + R:g} {y:.1f}H{width}" stroke="{palette.MUTED}" stroke-dasharray="2 4" fill="none"/>'
                     + label(centre(0) + R - 3, y + 4, level[0], size=12, colour=palette.MUTED, anchor="end"))
    return Drawing(width, floor + 2, "".join(parts))


def words_in_columns(words, *, T_max, lead):
    """A word for each column of `unfolded`.   words: (T,) strings     lead: letter that says what they are, with index t"""
    texts = [label(centre(t), 13, word, size=12.5) for t, word in enumerate(words, 1)]
    return Drawing(centre(T_max) + R + 8, 20, symbol(centre(0), 13, lead, "t", size=16) + "".join(texts))


def stacked(values, name, *, most, width, ghost=0, unit="nats"):
    """Values end to end from left to right: the length of the bar is their sum.

    values: (T,) each at least 0     name: what the sum is     most: the sum that takes all the room
    ghost: length of a pale bar behind, to compare with     returns: Drawing
    """
    scale, x, parts = (width - LEFT - 96) / most, LEFT, []
    if ghost:
        parts.append(f'<rect x="{LEFT}" y="1.5" width="{ghost * scale:.1f}" height="23" fill="none" stroke="{palette.MUTED}" '
                     'stroke-dasharray="3 3"/>')
    for t, value in enumerate(values, 1):
        wide = value * scale
        if wide > 0:
            parts.append(f'<rect x="{x:.1f}" y="2" width="{wide - min(1, wide / 8):.1f}" height="22" fill="{palette.LOSS}"/>')
        if wide > 22:
            parts.append(symbol(x + wide / 2, 17, "L", t, size=14, colour=palette.PAPER))
        x += wide
    return Drawing(width, 26, label(LEFT - 8, 18, name, size=13, colour=palette.LOSS, anchor="end") + "".join(parts)
                   + label(x + 7, 18, f"{sum(values):.2f} {unit}", size=13, anchor="start",
                           colour=palette.LOSS))


def ruler(most, width):
    """The axis under `stacked` and `length`, with some round numbers."""
    step = max(1, int(10 ** np.floor(np.log10(most)) // 2))
    scale = (width - LEFT - 96) / most
    marks = range(0, int(most) + 1, step)
    ticks = "".join(f"M{LEFT + mark * scale:.1f} 0v5" for mark in marks)
    return Drawing(width, 18, f'<path d="M{LEFT} 0H{LEFT + most * scale:.1f}{ticks}" stroke="{palette.MUTED}" fill="none"/>'
                   + "".join(label(LEFT + mark * scale, 17, str(mark), size=11, colour=palette.MUTED) for mark in marks))


def length(value, name, *, most, width):
    """One plain bar from left to right, with its value."""
    long = (width - LEFT - 96) * value / most
    return Drawing(width, 16, label(LEFT - 8, 12, name, size=13, colour=palette.MUTED, anchor="end")
                   + f'<rect x="{LEFT}" y="2" width="{long:.1f}" height="12" fill="{palette.MUTED}"/>'
                   + label(LEFT + long + 7, 12, f"{value:.2f}", size=13, anchor="start"))


def class_bars(values, classes, right=None, *, low=0, high=1, width=148, room=50):
    """One step: a bar for each class, the right one marked by ✓ and colour.

    values: (K,) numbers in low..high     classes: (K,) names     right: index of the right class, None marks none
    low: 0 for probabilities, -1 where bars also go to the left     returns: Drawing
    """
    scale = room / (high - low)
    zero, parts = 58 - low * scale, []
    for k, (value, name) in enumerate(zip(values, classes, strict=True)):
        y, marked = 16 * k, k == right
        colour, ink = (palette.GOOD, palette.INK) if marked else (palette.MUTED, palette.MUTED)
        look = {"size": 11, "colour": ink, "weight": "bold" if marked else "normal"}
        parts.append(f'<rect x="{zero + min(value, 0) * scale:.1f}" y="{y + 2}" width="{abs(value) * scale:.1f}" height="11" '
                     f'fill="{colour}"/>' + label(54, y + 12, ("✓ " if marked else "") + name, anchor="end", **look)
                     + label(zero + max(value, 0) * scale + 4, y + 12, f"{value:.2f}".replace("-", "−"), anchor="start", **look))
    axis = f'<path d="M{zero:.1f} 0v{16 * len(classes)}" stroke="{palette.FAINT}" fill="none"/>'
    return Drawing(width, 16 * len(classes), axis + "".join(parts))
