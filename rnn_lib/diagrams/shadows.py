"""The signed share: arrows that add up to G, and the shadow of each on the line of G."""
from itertools import accumulate

from .. import palette
from .svg import CLEAR, Drawing, arrow, label, note, path, symbol, touch, wide

LEFT, SKY, RAYS = 24, 36, 8  # where the first arrow starts; room for the light, and how many rays it has
LINE = 34                    # from one shadow to the next


def shadows(terms, unit=44):
    """Arrows end to end, G from the start of the first to the end of the last, and below, one under another, their shadows.

    terms: {name: (along, across)}, the arrow of each term, along G and at a right angle to it; across adds up to 0
    unit: pixels for 1
    returns: Drawing
    """
    reach = [*accumulate(along for along, _ in terms.values())]          # how far along G each arrow comes
    ground = SKY + unit * (max(accumulate(across for _, across in terms.values())) + .1)
    def there(x, y):
        return LEFT + unit * x, ground - unit * y
    G, end = reach[-1], there(reach[-1], 0)
    body, at = [_dashed(*there(0, 0), _line(ground, 0))], (0, 0)
    for n, (name, step) in enumerate(terms.items()):
        to = at[0] + step[0], at[1] + step[1]
        body.append(_term(n, name, there(*at), there(*to), step[0] / G, ground, len(terms)))
        at = to
    far = there(max(reach), 0)[0]
    rays = "".join(f"M{LEFT + (far - LEFT) * i / RAYS:.0f} 0V{ground:.0f}" for i in range(RAYS + 1))
    light = path(rays, stroke=palette.FAINT, dash="2 5") + note(LEFT + 8, 14, "light", size=13)
    whole = arrow(LEFT, ground, *end, colour=palette.INK, width=4)
    name = symbol((LEFT + end[0]) / 2, ground + 22, "G", size=17, weight="bold")
    return Drawing(far + LEFT, _line(ground, len(terms)) + 6, "".join([light, *body, whole, name]))


def _line(ground, n):
    """y of shadow n"""
    return ground + LINE * (n + 1) + 14


def _term(n, name, start, end, share, ground, count):
    """Arrow n of count, the light at its end, and its shadow below."""
    (x1, y1), (x2, y2), y = start, end, _line(ground, n)
    colour = palette.PLUS if share >= 0 else palette.MINUS
    part = f"{'+' if share >= 0 else '−'}{abs(share):.0%}".replace("%", " %")
    words, turn = f"{name}: {part}", "" if share >= 0 else ", and it points backwards"
    middle, aside, up = (x1 + x2) / 2, *((-14, -16) if x2 > x1 else (36, 18))
    drawn = (wide(x1, y1, x2, y2) + wide(x1, y, x2, y) + _dashed(x2, y2, _line(ground, min(n + 1, count - 1)))
            + arrow(x1, y1, x2, y2, colour=palette.W, width=4)
            + f'<g {CLEAR}>{label(middle + aside, (y1 + y2) / 2 + up, name, size=14, colour=palette.W, weight="bold")}</g>'
            + arrow(x1, y, x2, y, colour=colour, width=5)
            + (label(x1 + 6, y - 8, words, size=13, colour=colour, anchor="start") if x2 > x1 else
               label(x2 - 8, y + 4, words, size=13, colour=colour, anchor="end")))
    says = f"{name} makes up {part} of G: its shadow is {abs(share):.1f} times as long as G{turn}."
    return touch(drawn, f"term{n}", lights=f"term{n}", says=says)


def _dashed(x, y, low):
    """The light: straight down on the line of G, and on to the shadows."""
    return path(f"M{x:g} {y:g}V{low:g}", stroke=palette.MUTED, dash="2 4")
