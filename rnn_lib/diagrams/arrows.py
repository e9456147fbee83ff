"""Vectors in the plane: a gradient that is cut short and a gradient beside its truncation."""
from math import acos, atan2, copysign, cos, degrees, dist, hypot, sin

from .. import palette
from .svg import Drawing, arrow, circle, label, note, patch, path, touch
from .wording import number


def clipped(gradient, limit, heads, narrow=False):
    """A gradient of two entries, cut to the circle (by norm) and to the square (by value).

    gradient: (x, y), not negative     limit: radius of the circle, half the side of the square
    heads: {label: (x, y)}, gradients to touch     narrow: smaller, with the key below     returns: Drawing
    """
    unit, width, height = 58 if narrow else 84, 6, 4            # pixels for 1; what the axes reach to
    def at(x, y):
        return 40 + unit * x, unit * height - unit * y + 20
    (x0, y0), (x, y), norm = at(0, 0), at(*gradient), hypot(*gradient)
    by_norm = [value * min(1, limit / norm) for value in gradient]
    by_value = [min(value, limit) for value in gradient]
    axes = path(f"M{x0} 10V{y0}H{x0 + unit * width}", stroke=palette.MUTED)
    ticks = [note(x0 + unit * n, y0 + 17, str(n), anchor="middle") for n in range(2, width, 2)]
    ticks += [note(x0 - 7, y0 - unit * n + 4, str(n), anchor="end") for n in range(2, height, 2)]
    names = [note(x0 + unit * width, y0 + 32, "first number", anchor="end"), note(x0 + 6, 18, "second number")]
    body = [axes, *ticks, *names, _limits(x0, y0, unit * limit)]
    def head(x, y):
        return patch(x - 14, y - 14, 28, 28, rx=14) + circle(x, y, 5, fill=palette.PAPER, stroke=palette.MUTED, stroke_width=1.6)
    body += [touch(head(*at(*place)), sets=f"g={name}", says=f"Take the gradient {name}.", chosen=[*place] == [*gradient])
             for name, place in heads.items()]
    turned = abs(degrees(atan2(*by_value) - atan2(*gradient)))
    turn, spot = _turn((x0, y0), gradient, by_value, f"{turned:.0f}°", 1.6 * unit) if turned >= 3 else ("", (0, 0))
    others = [(name, *at(*place), 1 if gradient[1] * place[0] > gradient[0] * place[1] else -1)    # 1: the arrow passes above it
              for name, place in heads.items() if place != gradient]
    body += ['<g pointer-events="none">',                          # an arrow may lie over a circle that is to be touched
             arrow(x0, y0, *at(*gradient), colour=palette.MUTED, width=2),
             _clear(label(x, y - 20, f"gradient {gradient}", size=13)),
             arrow(x0, y0, *at(*by_value), colour=palette.USE, width=3.4, dash="7 4"),
             touch(arrow(x0, y0, *at(*by_norm), colour=palette.ACCENT, width=4), current=True),
             _clear("".join(note(x + 9, y + 18, name) if side > 0 else note(x - 9, y - 9, name, anchor="end")
                            for name, x, y, side in others if dist((x + 27 * side, y + 14 * side), spot) > 32)),
             turn, "</g>"]
    cut = ["cut to" if long > limit else "not cut: within" for long in (norm, max(gradient))]
    key = [(palette.ACCENT, "by norm: turned by 0°", f"{cut[0]} the circle"),
           (palette.USE, f"by value: turned by {turned:.0f}°", f"{cut[1]} the square (dashed)")]
    for i, (colour, says, how) in enumerate(key):
        x, y = (x0, y0 + 62 + 52 * i) if narrow else (x0 + unit * width + 30, 70 + 80 * i)
        body += [label(x, y, says, size=16, colour=colour, anchor="start", weight="bold"),
                 label(x, y + 22, how, colour=colour, anchor="start")]
    return Drawing(x0 + unit * width + (20 if narrow else 270), y0 + (144 if narrow else 38), "".join(body))


def angle(cosine, ratio, *, width, high, back):
    """The full gradient as an arrow to the right, and one of this direction and relative length, which is said at its tip.

    cosine: of the angle between them     ratio: of their lengths
    high, back: room above the full one, and left of its start, in lengths of it     returns: Drawing
    """
    one = min(width * .7, (width - 40) / (1 + back))
    x0 = 6 + one * back
    y0 = 30 + one * high
    turn, long = acos(max(-1, min(1, cosine))), one * min(ratio, 1.15)
    x, y = x0 + long * cos(turn), y0 - long * sin(turn)
    r = 34
    arc = f"M{x0 + r} {y0}A{r} {r} 0 0 0 {x0 + r * cos(turn):.1f} {y0 - r * sin(turn):.1f}"
    at = (x0 + (r + 16) * cos(turn / 2), y0 - (r + 10) * sin(turn / 2) + 4) if turn > .35 else (x0 + r, y0 + 20)
    body = [arrow(x0, y0, x0 + one, y0, colour=palette.MUTED, width=3), arrow(x0, y0, x, y, colour=palette.W, width=4),
            path(arc, stroke=palette.INK) if turn > .03 else "",
            label(*at, f"{degrees(turn):.0f}°", size=14, weight="bold") if degrees(turn) >= .5 else "",
            label(x0 + 58, y0 + 20, f"cosine {number(cosine, 3)}", size=13, anchor="start"),
            label(x0 + one, y0 + 20, "dW", size=14, colour=palette.MUTED, weight="bold"),
            label(max(4, min(x - 60, width - 200)), max(13, y - 11), f"truncated: length {ratio:.2f} of dW", size=13,
                  colour=palette.W, anchor="start", weight="bold")]
    return Drawing(width, y0 + 28, "".join(body))


def _turn(at, one, other, words, r):
    """The angle between two vectors that start at the same place, and where its words stand.   r: radius of the arc"""
    angles = [atan2(y, x) for x, y in (one, other)]
    turn = angles[1] - angles[0]
    between = angles[1] + copysign(.19, turn) if abs(turn) < .35 else sum(angles) / 2       # a narrow angle has no room in it
    (x1, y1), (x2, y2), (x, y) = ((at[0] + far * cos(angle), at[1] - far * sin(angle))
                                  for far, angle in zip((r, r, r + 18), (*angles, between), strict=True))
    arc = f'M{x1:.1f} {y1:.1f}A{r:.1f} {r:.1f} 0 0 {int(angles[0] > angles[1])} {x2:.1f} {y2:.1f}'
    return (path(arc, stroke=palette.USE, stroke_width=2)
            + _clear(label(x, y + 5, words, size=14, colour=palette.USE, weight="bold"))), (x, y)


def _limits(x0, y0, r):
    """The circle and the square of a limit of r pixels."""
    return (path(f"M{x0} {y0 - r:.1f}A{r:.1f} {r:.1f} 0 0 1 {x0 + r:.1f} {y0}L{x0} {y0}", stroke=palette.ACCENT, stroke_width=1.6,
                 fill=palette.ACCENT, fill_opacity=.08)
            + path(f"M{x0} {y0 - r:.1f}H{x0 + r:.1f}V{y0}", stroke=palette.USE, stroke_width=1.6, dash="5 4"))


def _clear(words):
    """Words with a rim that keeps them apart from the lines behind them."""
    return f'<g stroke="{palette.PAPER}" stroke-width="5" stroke-linejoin="round" paint-order="stroke">{words}</g>'
