"""A signed bar, and how numbers are written that are signed, small or large."""
import math

from .svg import raised


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


def brief(value, digits=2):
    """0.42, 17, or 3.1·10⁻⁵; digits: of a very small or large one"""
    if value == 0 or .01 <= value < 999.5:
        return f"{value or 0:.2g}" if value < 100 else f"{value:.0f}"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa.replace('-', '−')}·10{raised(int(exponent))}"


def power(value):
    """A power of ten, as it is written: 10⁻³."""
    n = round(math.log10(value))
    return f"10{raised(n)}" if n else "1"
