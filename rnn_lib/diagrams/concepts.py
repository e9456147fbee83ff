"""The course on one page: its ideas as boxes, and what each one needs."""
from ..palette import ACCENT, FAINT, INK, LOSS, MUTED, PAPER, U, V
from .formulas import formula
from .svg import Drawing, arrow, label, note, path, rect, touch

WIDE, HIGH, ACROSS, DOWN, EDGE = 168, 64, 188, 84, 2        # all of it in a window of 1000 pixels
LONG, LINE, REACH, LIST = 344, 38, 64, 84                   # of a list: a box, from one to the next, the arcs, above the first
# Ground, words, number of the lesson of a box, by its look in `concept_map`; colour and width of an arrow between two.
LOOKS = (({"fill": ACCENT, "fill_opacity": 0, "stroke": FAINT, "stroke_width": 1}, INK, MUTED),
         ({"fill": ACCENT, "fill_opacity": .16, "stroke": ACCENT, "stroke_width": 1}, INK, INK),
         ({"fill": ACCENT, "fill_opacity": .38, "stroke": ACCENT, "stroke_width": 2}, INK, INK),
         ({"fill": ACCENT, "fill_opacity": 1, "stroke": ACCENT, "stroke_width": 2}, PAPER, PAPER))
PARTS = ((V, "what it computes", "05"), (LOSS, "how it learns", "12"), (U, "at work", "99"))      # colour, words, next lesson
STROKES = ((MUTED, 1.2), (ACCENT, 1.4), (ACCENT, 2.8))


def concept_map(concepts, needs, chosen, below, react, narrow=False):
    """Boxes in columns, and an arrow from each idea to those that need it. The chosen one stands out, with all that it rests on.

    concepts: name -> (column, row, a line of text, number of the lesson, what is done of it)
    needs: (earlier, later) pairs of names     chosen: a name     below: the names of all that it rests on, tinted
    react: name -> what `svg.touch` is told of its box     returns: Drawing
    narrow: the boxes below each other, in their order, and the arrows as arcs at their right, those of the chosen idea; others
    show while one of their ideas is touched
    Boxes are called n0, n1, ... in the order of `concepts`, arrows n0-n1.
    """
    called, row = names(concepts), {name: i for i, name in enumerate(concepts)}
    def look(name):             # 3 the chosen one, 2 what it rests on directly, 1 what that rests on, 0 all else
        return 3 if name == chosen else 2 if (name, chosen) in needs else int(name in below)
    def edge(a, b):
        lit = min(look(a), look(b))
        return _arc(row[a], row[b], lit) if narrow else _edge(concepts[a][:2], concepts[b][:2], lit)
    def box(name):
        place = (row[name], *concepts[name][3:]) if narrow else concepts[name]
        return (_strip if narrow else _box)(name, *place, LOOKS[look(name)])
    def hidden(pair):           # on a phone all arrows would lie on each other
        return "when " * (narrow and chosen not in pair)
    drawn = "".join([*(touch(edge(a, b), f"{hidden((a, b))}{called[a]}-{called[b]}") for a, b in needs),
                     *(touch(box(name), called[name], **react(name)) for name in concepts), _key(EDGE), _parts(EDGE + ACROSS)])
    if narrow:
        return Drawing(LONG + REACH, LIST + LINE * len(concepts), drawn)
    x, y = _corner(*(max(place[i] for place in concepts.values()) for i in (0, 1)))
    return Drawing(x + WIDE + EDGE, y + HIGH + EDGE, drawn)


def names(concepts):
    """What each idea is called in the drawing.   returns: {idea: class}"""
    return {name: f"n{i}" for i, name in enumerate(concepts)}


def _corner(column, row):
    return EDGE + column * ACROSS, EDGE + row * DOWN


def _box(name, column, row, line, lesson, done, look):
    (x, y), (ground, ink, small) = _corner(column, row), look
    said = (formula(x + 15, y + 40, line, size=16).replace(INK, ink) if set("_−") & set(line) else    # an index or a minus sign
            label(x + 15, y + 40, line, size=13, colour=ink, anchor="start"))
    return (rect(x, y, WIDE, HIGH, 9, **ground)
            + _stripe(x, y, HIGH, _part(lesson)) + label(x + 15, y + 21, name, size=13, colour=ink, anchor="start", weight="bold")
            + said + label(x + WIDE - 9, y + 57, f"{done} {lesson}".strip(), size=13, colour=small, anchor="end", weight="bold"))


def _part(lesson):
    """The colour of the part of the course that a lesson is in."""
    return next(colour for colour, _, after in PARTS if lesson[:2] < after)


def _stripe(x, y, high, colour):
    """What stands at the left edge of a box."""
    return rect(x + 3, y + 7, 5, high - 14, 2.5, fill=colour)


def _parts(x):
    """What the stripes mean, in the free place in the first row."""
    return "".join(_stripe(x, 2 + 24 * i, 28, colour) + note(x + 16, 21 + 24 * i, words)
                   for i, (colour, words, _) in enumerate(PARTS))


def _strip(name, row, lesson, done, look):
    y, (ground, ink, small) = LIST + LINE * row, look
    return (rect(EDGE, y, LONG - EDGE, LINE - 6, 8, **ground)
            + _stripe(EDGE, y, LINE - 6, _part(lesson)) + label(EDGE + 15, y + 21, name, size=14, colour=ink, anchor="start")
            + label(LONG - 9, y + 21, f"{done} {lesson}".strip(), size=12, colour=small, anchor="end"))


def _arc(first, last, lit):
    """From the right edge of one strip to that of another, the farther out the longer."""
    y1, y2 = (LIST + LINE * row + (LINE - 6) / 2 for row in (first, last))
    out = LONG + min(14 + 6 * abs(last - first), 2 * REACH)
    colour, width = STROKES[lit]
    return (path(f"M{LONG} {y1}C{out} {y1} {out} {y2} {LONG + 7} {y2}", stroke=colour, stroke_width=width)
            + path(f"M{LONG + 1} {y2}l9 -4.5v9Z", fill=colour))


def _key(x):
    """What the looks of a box mean, in the free place at the left of the first row."""
    said = ("the chosen idea", "what it rests on", "what that rests on")
    return "".join(rect(x, 10 + 24 * i, 22, 13, 4, **look[0]) + note(x + 32, 21 + 24 * i, words)
                   for i, (words, look) in enumerate(zip(said, LOOKS[:0:-1], strict=True)))


def _edge(start, end, lit):
    """From the edge of one box to that of another, which share a column or a row."""
    (x1, y1), (x2, y2) = ((x + WIDE / 2, y + HIGH / 2) for x, y in (_corner(*start), _corner(*end)))
    dx, dy = ((high > low) - (high < low) for low, high in zip(start, end, strict=True))
    colour, width = STROKES[lit]
    return arrow(x1 + dx * WIDE / 2, y1 + dy * HIGH / 2, x2 - dx * WIDE / 2, y2 - dy * HIGH / 2, colour=colour, width=width)
