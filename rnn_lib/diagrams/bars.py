"""A signed bar, and how a signed number is written."""


def bar(x, value, zero, unit, *, colour, filled=True, width=22):
    """One bar from the zero line.   x: centre   zero: y of the zero line   unit: pixels for 1   filled: or an outline"""
    height = abs(value) * unit
    look = f'fill="{colour}"' if filled else f'fill="none" stroke="{colour}" stroke-width="1.4" stroke-dasharray="3 2"'
    return (f'<rect x="{x - width / 2:.1f}" y="{zero - height if value > 0 else zero:.1f}" '
            f'width="{width}" height="{height:.1f}" {look}/>')


def signed(value, digits=2):
    """+0.31, −0.04, and 0.00 without a sign"""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text[1:] if float(f"{value:.{digits}f}") == 0 else text


def word(value, digits=2, sign="+"):
    """A number where there is little room: 0 only where it is exactly 0, ≈ 0 where it is small.   sign: "" for one without"""
    text = signed(value, digits) if sign else f"{value:.{digits}f}"
    return text if text.strip("0.") else "≈ 0" if value else "0"
