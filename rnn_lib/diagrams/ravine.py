"""A valley of two parameters, L = p² + c q², seen from above, and the way that an optimiser takes through it."""
from math import acos, cos, sin

from .. import palette
from .svg import Drawing, above, arrow, beside, circle, label, note, path, rect, touch
from .wording import number

LEFT, RIGHT, ASIDE = -2.3, 1.1, .44                    # the edges of the map: of p, and of q on both sides
DESK, PHONE, TOP = (150, 340), (108, 270), 20          # pixels: for 1 of p, and of q; above the map
LEVELS, NAMES_AT = (1, 4, 9, 16), .8                   # values of L that have a line; p where their names stand in it
ASIDE_OF, WIDE, HIGH = 84, 52, 38                      # of the table: left of the cells; a cell


def ravine(way, steep, rules, rates, chosen, cell, narrow=False):
    """The map with one way in it, and a table: where each rule ends with each learning rate.

    way: (p, q) after 0, 1, ... updates     steep: c     chosen: (rule, rate) of the way
    cell: (rule, rate) -> its text, whether it is the best of its row, what is said of it     narrow: the table stands below
    returns: Drawing
    """
    seen, table = _map(way, steep, *(PHONE if narrow else DESK)), _table(rules, rates, chosen, cell, len(way) - 1)
    return above(seen, table, gap=14) if narrow else beside(seen, table, gap=20)


def _map(way, steep, across, up):
    """Lines of equal loss, the bottom, and of the way what lies inside.   across, up: pixels for 1 of p, and of q"""
    wide, low = across * (RIGHT - LEFT), TOP + 2 * up * ASIDE
    def at(p, q):
        return across * (p - LEFT), TOP + up * (ASIDE - q)
    def name(level):                                                # in its line, over whatever path runs there
        x, y = at(NAMES_AT, -((level - NAMES_AT ** 2) / steep) ** .5)
        return rect(x - 23, y - 7, 46, 14, fill=palette.PAPER) + note(x, y + 4, f"L = {level}", anchor="middle")
    x0, y0 = at(0, 0)
    body = [path(f"M1 {TOP}H{wide - 1:g}V{low:g}H1z", fill=palette.PAPER, stroke=palette.FAINT),
            *(_level(at, level, steep) for level in LEVELS),
            path(f"M{x0:.1f} {y0 - 6:.1f}v12M{x0 - 6:.1f} {y0:.1f}h12", stroke=palette.INK),
            *(note(at(p, 0)[0], low + 16, number(p, 0), anchor="middle") for p in (-2, -1, 0, 1)),
            *(note(wide + 4, at(0, q)[1] + 4, number(q, 1)) for q in (-.2, 0, .2)),
            note(wide, TOP - 6, "q (steep)", anchor="end"), note(x0 + .5 * across, low + 16, "p (flat)", anchor="middle"),
            *_path([at(*point) for point in way], low, up),
            *map(name, LEVELS)]
    return Drawing(wide + 38, low + 22, "".join(body))


def _level(at, level, steep, pieces=40):
    """The points of one loss: an ellipse, open where the map ends."""
    first, last = (acos(max(-1, min(1, edge / level ** .5))) for edge in (RIGHT, LEFT))
    turns = [first + (last - first) * i / pieces for i in range(pieces + 1)]
    lines = ("M" + "L".join("{:.1f} {:.1f}".format(*at(level ** .5 * cos(turn), side * (level / steep) ** .5 * sin(turn)))
                            for turn in turns) for side in (1, -1))
    return path("".join(lines), stroke=palette.MUTED, stroke_opacity=.55)


def _path(points, low, up):
    """A dot for every update, the later the stronger, the first and the last larger, and the way between them, which is drawn
    before the eye; an arrow where it leaves the map.
    """
    stays = next((i for i, (_, y) in enumerate(points) if not TOP <= y <= low), len(points))
    inside, (x, y), (end, foot) = points[:stays], points[0], points[stays - 1]
    line, third = "L".join(f"{x:.0f} {y:.0f}" for x, y in inside), -(-len(inside) // 3)
    dots = ["".join(f"M{x:.0f} {y:.0f}h0" for x, y in inside[first:first + third]) for first in range(0, len(inside), third)]
    body = [path(f"M{line}", class_="drawn", pathLength=1, stroke=palette.LOSS, stroke_width=1.8, stroke_opacity=.55),
            *(path(some, stroke=palette.LOSS, stroke_opacity=strength, stroke_width=5, stroke_linecap="round")
              for some, strength in zip(dots, (.35, .65, 1), strict=False)),
            circle(x, y, 5.5, fill=palette.LOSS),
            label(x, y - 11, "start", size=13, colour=palette.LOSS, weight="bold")]
    if stays == len(points):
        return [*body, circle(end, foot, 6, fill="none", stroke=palette.LOSS, stroke_width=2)]
    x, y = points[stays]
    edge = TOP if y < TOP else low
    out, q = end + (x - end) * (edge - foot) / (y - foot), ASIDE - (y - TOP) / up
    to = label(out + 8, edge + (16 if edge == TOP else -8), f"on to q = {number(q, 1)}", size=12, colour=palette.LOSS,
               anchor="start")
    return [*body, arrow(end, foot, out, edge, colour=palette.LOSS), to]


def _table(rules, rates, chosen, cell, updates):
    """L in the end: a row for each rule, a column for each learning rate."""
    body = [label(ASIDE_OF - 8, 34, "η", size=14, anchor="end", colour=palette.MUTED),
            note(ASIDE_OF, 14, f"L after {updates} updates"),
            *(label(ASIDE_OF + WIDE * (j + .5), 34, f"{rate:g}", size=13, weight="bold") for j, rate in enumerate(rates))]
    for i, rule in enumerate(rules):
        y = 42 + HIGH * i
        body.append(label(ASIDE_OF - 8, y + HIGH / 2 + 5, rule, size=13, anchor="end"))
        for j, rate in enumerate(rates):
            x, here, (text, best, says) = ASIDE_OF + WIDE * j, (rule, rate) == chosen, cell(rule, rate)
            box = rect(x + 2, y + 2, WIDE - 4, HIGH - 4, 5, fill=palette.SHADE, stroke=palette.FAINT)
            words = label(x + WIDE / 2, y + HIGH / 2 + 5, text, size=13, weight="bold" if best else "normal")
            body.append(touch(box + words, sets=f"rule={rule};rate={rate:g}", says=says, chosen=here, current=here))
    return Drawing(ASIDE_OF + WIDE * len(rates) + 2, 44 + HIGH * len(rules), "".join(body))
