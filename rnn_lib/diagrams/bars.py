"""Rows of signed bars under or above the columns of a network, one number each."""
from .. import palette
from .svg import Drawing, label


def bar(x, value, zero, unit, *, colour, filled=True, width=22):
    """One bar from the zero line.   x: centre   zero: y of the zero line   unit: pixels for 1   filled: or an outline"""
    height = abs(value) * unit
    look = f'fill="{colour}"' if filled else f'fill="none" stroke="{colour}" stroke-width="1.4" stroke-dasharray="3 2"'
    return (f'<rect x="{x - width / 2:.1f}" y="{zero - height if value > 0 else zero:.1f}" '
            f'width="{width}" height="{height:.1f}" {look}/>')


def bar_row(values, xs, low, high, unit, *, title, colour, width, filled=None, exact_zero=()):
    """A title, a zero line with a bar at each x, and the numbers in one line below.

    values: numbers     xs: centres of the bars     low, high: the range to keep room for, low <= 0 <= high
    unit: pixels for 1     filled: indices of solid bars, None for all; the others are outlines
    exact_zero: indices whose value is 0 and not merely small: written 0     width: of the drawing     returns: Drawing
    """
    zero = 24 + high * unit
    bottom = zero - low * unit
    solid = range(len(values)) if filled is None else filled
    body = [label(4, 13, title, size=13, colour=colour, anchor="start"),
            f'<path d="M4 {zero:.1f}H{width - 4:g}" stroke="{palette.FAINT}" stroke-width="1"/>']
    for n, (value, x) in enumerate(zip(values, xs, strict=True)):
        body += [bar(x, value, zero, unit, colour=colour, filled=n in solid),
                 label(x, bottom + 16, "0" if n in exact_zero else signed(value), size=12,
                       colour=palette.MUTED if n in exact_zero or n not in solid else palette.INK)]
    return Drawing(width, bottom + 22, "".join(body))


def signed(value, digits=2):
    """+0.31, −0.04, and 0.00 without a sign"""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text[1:] if float(f"{value:.{digits}f}") == 0 else text
