"""The course on one page: its ideas as boxes, and what each one needs."""
from .. import palette
from .svg import Drawing, arrow, label, touch

WIDE, HIGH, ACROSS, DOWN = 166, 54, 190, 98


def concept_map(concepts, needs, chosen=None, react=None):
    """Boxes in columns, and an arrow from each idea to those that need it. The chosen one stands out, with its arrows.

    concepts: name -> (column, row, two lines of text, number of the lesson)     needs: (earlier, later) pairs of names
    chosen: a name, or None     react: name -> what `svg.touch` is told of its box     returns: Drawing
    Boxes are called n0, n1, ... in the order of `concepts`, arrows n0-n1.
    """
    called = names(concepts)
    edges = [touch(_edge(concepts[a][:2], concepts[b][:2], chosen in (a, b)), f"{called[a]}-{called[b]}") for a, b in needs]
    boxes = [touch(_box(*concept, name == chosen), called[name], **(react(name) if react else {}))
             for name, concept in concepts.items()]
    columns, rows = (1 + max(place[i] for place in concepts.values()) for i in (0, 1))
    return Drawing((columns - 1) * ACROSS + WIDE + 4, (rows - 1) * DOWN + HIGH + 4, "".join(edges + boxes))


def names(concepts):
    """What each idea is called in the drawing.   returns: {idea: class}"""
    return {name: f"n{i}" for i, name in enumerate(concepts)}


def _box(column, row, lines, lesson, chosen):
    x, y = column * ACROSS + 2, row * DOWN + 2
    look = f'fill="{palette.ACCENT}" stroke="{palette.ACCENT}"' if chosen else f'fill="{palette.SHADE}" stroke="{palette.MUTED}"'
    ink, small = (palette.PAPER, palette.PAPER) if chosen else (palette.INK, palette.MUTED)
    return (f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="9" {look} stroke-width="1.2"/>'
            + "".join(label(x + 12, y + 23 + 19 * i, line, size=14, colour=ink, anchor="start")
                      for i, line in enumerate(lines))
            + label(x + WIDE - 9, y + 18, lesson, size=12, colour=small, anchor="end"))


def _edge(start, end, lit):
    (c1, r1), (c2, r2) = start, end
    x1, y1, x2, y2 = c1 * ACROSS + 2 + WIDE / 2, r1 * DOWN + 2 + HIGH / 2, c2 * ACROSS + 2 + WIDE / 2, r2 * DOWN + 2 + HIGH / 2
    if c1 == c2:
        y1, y2 = (y1 + HIGH / 2, y2 - HIGH / 2) if r2 > r1 else (y1 - HIGH / 2, y2 + HIGH / 2)
    else:
        x1, x2 = (x1 + WIDE / 2, x2 - WIDE / 2) if c2 > c1 else (x1 - WIDE / 2, x2 + WIDE / 2)
    return arrow(x1, y1, x2, y2, colour=palette.ACCENT if lit else palette.MUTED, width=2.6 if lit else 1.3)
