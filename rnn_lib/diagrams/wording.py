"""How numbers, names and lists are written, in pictures and in captions, and how they are read aloud."""
import math
import re
from functools import lru_cache

_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_HIGH = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_INDEX = str.maketrans("t-+01", "ₜ₋₊₀₁")
_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹ₜₖₕᵢⱼᵏ⁻₋₊", "01234567890123456789tkhijk--+")
_EAR = (("ₜ₋₁", " at t minus 1"), ("ₖ₋₁", " at k minus 1"), ("ₜ₊₁", " at t plus 1"),
        (r"10⁻([⁰¹²³⁴-⁹]+)", r"10 to the minus \1"), (r"10([⁰¹²³⁴-⁹]+)", r"10 to the \1"), ("⁽(.+?)⁾", r" of copy \1"),
        ("(?<=[A-Za-z₀-₉])²", " squared"),
        (r"ᵀ(?=\w)", " transposed "), ("ᵀ", " transposed"), ("′", " prime"), ("∂⁺", "immediate d "), ("∂", "d "),
        ("(?<=[A-Za-zŷ])(?=[₀-₉ₜₖₕᵢⱼ])", " "),
        ("Σ", "the sum over "), ("ŷ", "y hat"), (r"−(?=\S)", "minus "), ("·", " times "), (r"\s+", " "))


def lowered(text):
    """The text (or number) with its digits as subscripts, for captions: lowered("h12") is h₁₂."""
    return str(text).translate(_LOW)


def raised(number):
    """A whole number as an exponent, for captions: raised(-3) is ⁻³."""
    return str(number).translate(_HIGH)


def title(name):
    """The name of a mistake as the equations write it: xₜ₋₁ for xₜ in dV, 1 − a² for 1 − h²."""
    name = name.replace("'", "′").replace("^2", "²").replace(" - ", " − ")
    return re.sub(r"_\{?(t[-+]1|t|0)\}?", lambda found: found[1].translate(_INDEX), name)


def counted(n, word):
    """How many, in a sentence: 1 use, 3 uses."""
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def listed(names):
    """Names in a sentence: V, W and b_h."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def span(letter, first, last):
    """Neighbours in a sentence: L₂, L₂ and L₃, L₂ to L₄."""
    start, end = lowered(f"{letter}{first}"), lowered(f"{letter}{last}")
    return start if first == last else f"{start} {'and' if last == first + 1 else 'to'} {end}"


@lru_cache(4096)
def spoken(words):
    """Words for the ear where the eye has signs: spoken("h₃") is "h 3", spoken("Wᵀ") is "W transposed"."""
    for sign, said in _EAR:
        words = re.sub(sign, said, words)
    return words.translate(_PLAIN).strip()


def signed(value, digits=2):
    """+0.31, −0.04, and 0.00 without a sign"""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text[1:] if float(f"{value:.{digits}f}") == 0 else text


def word(value, digits=2, sign="+"):
    """A number where there is little room: 0 only where it is exactly 0, ≈ 0 where it is small.   sign: "" for one without"""
    text = signed(value, digits) if sign else number(value, digits)
    return text if text.strip("0.") else "≈ 0" if value else "0"


def brief(value, digits=2):
    """0.42, −17, or 3.1·10⁻⁵; digits: of one with a power of ten, and of any where they are more than two"""
    if value < 0:
        return f"−{brief(-value, digits)}"
    if value == 0 or .01 <= value < 999.5:
        return f"{value or 0:.{max(digits, 2)}g}" if value < 100 else f"{value:.0f}"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa}·10{raised(int(exponent))}"


def power(value):
    """A power of ten, as it is written: 10⁻³."""
    n = round(math.log10(value))
    return f"10{raised(n)}" if n else "1"


def number(value, decimals=2):
    """The number as it is printed: fixed decimals, a true minus sign, never "−0.00"; exactly 0 is "0".   returns: string"""
    text = f"{value:.{decimals}f}" if value else "0"
    return text.removeprefix("-") if not text.strip("-0.") else text.replace("-", "−")


def percent(share):
    """0.187 is 18.7 %, and nothing that is more than 0 is 0.0 %"""
    return "< 0.1 %" if 0 < share < .0005 else f"{100 * share:.1f} %"


def whole(share):
    """A share in whole percent; not quite all of it is never 100 %."""
    return "> 99 %" if share >= .995 else f"{100 * share:.0f} %"
