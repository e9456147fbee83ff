"""The (t, k) triangle: a cell for every contribution C[t,k], loss t in rows, use k in columns."""
from .. import palette
from .svg import Drawing, label, symbol

MARGIN = 34


def triangle(T, cell, *, T_max=None, size=46, lit=()):
    """Cells for all k <= t <= T.

    cell: (t, k) -> (text, colour, strength), strength from 0 to 1 how strongly the cell is coloured
    T_max: rows there is room for     size: pixels of a cell     lit: (t, k) pairs to frame     returns: Drawing
    """
    edge = MARGIN + size * (T_max or T) + 4
    parts = [symbol(MARGIN - 8, MARGIN - 9, "t", size=14, colour=palette.LOSS, anchor="end")
             + symbol(MARGIN - 2, MARGIN - 20, "k", size=14, colour=palette.USE)]
    for i in range(1, T + 1):
        at = MARGIN + size * (i - .5)
        parts.append(label(at, MARGIN - 8, str(i), size=12, colour=palette.USE)
                     + label(MARGIN - 12, at + 4, str(i), size=12, colour=palette.LOSS, anchor="end"))
    parts += [_cell(t, k, *cell(t, k), size, (t, k) in lit) for t in range(1, T + 1) for k in range(1, t + 1)]
    return Drawing(edge, edge, "".join(parts))


def _cell(t, k, text, colour, strength, size, framed):
    x, y = MARGIN + size * (k - 1), MARGIN + size * (t - 1)
    line, width = (palette.INK, 2.6) if framed else (palette.FAINT, 1)
    return (f'<rect x="{x + 1:g}" y="{y + 1:g}" width="{size - 2:g}" height="{size - 2:g}" rx="4" fill="{colour}" '
            f'fill-opacity="{strength:.3f}" stroke="{line}" stroke-width="{width}"/>'
            + label(x + size / 2, y + size / 2 + 4, text, size=12))
