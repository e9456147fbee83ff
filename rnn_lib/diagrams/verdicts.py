"""What a gradient check says: a line for each gradient, its relative error on a logarithmic ruler, and the tolerance."""
from math import log10

from .. import palette
from .svg import Drawing, label, symbol

LEFT, ROW, TOP = 58, 30, 44
LOWEST, HIGHEST, DECADE = -17, 2, 24
WIDTH = LEFT + DECADE * (HIGHEST - LOWEST) + 220
LETTERS = {"b_h": ("b", "h"), "b_y": ("b", "y")}


def verdicts(errors, tolerance, ghosts):
    """A dot for each gradient's error; left of the tolerance it passes.

    errors: {name: relative error}     tolerance: what passes     ghosts: {name: error on other inputs}, hollow dots
    returns: Drawing, of one size for one number of names
    """
    bottom = TOP + ROW * len(errors)
    at = place(tolerance)
    body = [f'<rect x="{LEFT}" y="{TOP}" width="{at - LEFT:.1f}" height="{bottom - TOP}" fill="{palette.SHADE}"/>',
            f'<path d="M{at:.1f} {TOP - 6}V{bottom}" stroke="{palette.INK}" stroke-width="1.6"/>',
            label(at, TOP - 11, f"tolerance {tolerance:.0e}", size=12)]
    body += [_line(TOP + ROW * (i + .5), name, errors[name], ghosts[name], tolerance) for i, name in enumerate(errors)]
    body += [label(LEFT + DECADE * (n - LOWEST), bottom + 16, "1" if n == 0 else f"1e{n}", size=12, colour=palette.MUTED)
             for n in (-15, -10, -5, 0)]
    return Drawing(WIDTH, bottom + 20, "".join(body))


def place(error):
    """Where an error stands on the ruler, from left to right; 0 at its left end."""
    return LEFT + DECADE * (min(max(log10(error), LOWEST), HIGHEST) - LOWEST) if error > 0 else LEFT


def _line(y, name, error, ghost, tolerance):
    passes = error <= tolerance
    ink = palette.GOOD if passes else palette.BAD
    letter, subscript = LETTERS.get(name, (name, ""))
    said = "✓ passes" if passes else "✗ wrong"
    end = LEFT + DECADE * (HIGHEST - LOWEST)
    return (f'<path d="M{LEFT} {y}H{end}" stroke="{palette.FAINT}"/>' + symbol(28, y + 5, letter, subscript)
            + f'<circle cx="{place(ghost):.1f}" cy="{y}" r="7.5" fill="none" stroke="{palette.MUTED}" stroke-width="1.4"/>'
            + f'<circle cx="{place(error):.1f}" cy="{y}" r="5" fill="{ink}"/>'
            + label(end + 16, y + 5, said, colour=ink, weight="bold", anchor="start")
            + label(end + 112, y + 5, f"{error:.1e}" if error else "0", size=13, anchor="start"))
