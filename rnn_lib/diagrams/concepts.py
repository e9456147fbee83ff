"""The course on one page: its ideas as boxes, and what each one needs."""
from .. import palette
from .svg import Drawing, arrow, label

WIDE, HIGH, ACROSS, DOWN = 168, 46, 186, 92


def concept_map(concepts, needs, chosen=None):
    """Boxes in columns, and an arrow from each idea to those that need it. The chosen one stands out, with its neighbours.

    concepts: name -> (column, row, two lines of text)     needs: (earlier, later) pairs of names
    chosen: a name, or None     returns: Drawing
    """
    near = {a for a, b in needs if b == chosen} | {b for a, b in needs if a == chosen}
    edges = [_edge(concepts[a][:2], concepts[b][:2], chosen in (a, b)) for a, b in needs]
    boxes = [_box(*concept, 3 if name == chosen else 1.8 if name in near else 1) for name, concept in concepts.items()]
    columns, rows = (1 + max(place[i] for place in concepts.values()) for i in (0, 1))
    return Drawing(columns * ACROSS + 2, rows * DOWN - DOWN + HIGH + 4, "".join(edges + boxes))


def _box(column, row, lines, width):
    colour = palette.INK if width == 3 else palette.MUTED
    x, y = column * ACROSS + 2, row * DOWN + 2
    return (f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="8" fill="{palette.SHADE}" stroke="{colour}" '
            f'stroke-width="{width}"/>'
            + "".join(label(x + WIDE / 2, y + 20 + 16 * i, line, size=13, weight="bold" if width == 3 else "normal")
                      for i, line in enumerate(lines)))


def _edge(start, end, lit):
    (c1, r1), (c2, r2) = start, end
    x1, y1, x2, y2 = c1 * ACROSS + 2 + WIDE / 2, r1 * DOWN + 2 + HIGH / 2, c2 * ACROSS + 2 + WIDE / 2, r2 * DOWN + 2 + HIGH / 2
    if c1 == c2:
        y1, y2 = (y1 + HIGH / 2, y2 - HIGH / 2) if r2 > r1 else (y1 - HIGH / 2, y2 + HIGH / 2)
    else:
        x1, x2 = (x1 + WIDE / 2, x2 - WIDE / 2) if c2 > c1 else (x1 - WIDE / 2, x2 + WIDE / 2)
    return arrow(x1, y1, x2, y2, colour=palette.USE if lit else palette.FAINT, width=2.6 if lit else 1.3)
