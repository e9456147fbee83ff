"""The (t, k) triangle, loss t in rows, use k in columns, added up in two orders: cell by cell along its rows, or by columns."""
from .. import palette
from .svg import Drawing, above, label, rect, symbol, touch
from .triangle import outline

MARGIN = 34


def by_rows(T, made, says, *, size, T_max):
    """Every cell by itself.   made, says: (t, k) -> how many products had been made then, and the caption while it is touched

    Its column lights up with it.     size: pixels of a cell     T_max: rows there is room for, outlined     returns: Drawing
    """
    cells = [touch(_box(k, t, t, made(t, k), palette.USE, size, T_max), f"cell o{t}-{k}", lights=f"o{t}-{k} o{k}",
                   says=says(t, k)) for t in range(1, T + 1) for k in range(1, t + 1)]
    return _titled("rows first", palette.USE, cells, T, T_max, size)


def by_columns(T, made, says, *, size, T_max):
    """Whole columns, each as one box: the cells inside are never made.   made, says: of k     returns: as `by_rows`"""
    boxes = [touch(_box(k, k, T, made(k), palette.LOSS, size, T_max), f"cell o{k}", says=says(k),
                   lights=" ".join([f"o{k}", *(f"o{t}-{k}" for t in range(k, T + 1))])) for k in range(1, T + 1)]
    return _titled("columns first", palette.LOSS, boxes, T, T_max, size)


def _box(k, first, last, made, colour, size, T_max):
    """Column k from row first to row last, with the number of products in the last: the more, the darker."""
    x, y, bottom = (MARGIN + size * (each - 1) for each in (k, first, last + 1))
    strength = .05 + .8 * made / T_max ** 2
    return (rect(x + 1, y + 1, size - 2, bottom - y - 2, 4, fill=colour, fill_opacity=strength, stroke=palette.FAINT)
            + label(x + size / 2, bottom - size / 2 + 4, str(made), size=12))


def _titled(title, colour, boxes, T, T_max, size):
    """A title, the numbers of rows and columns, and around the boxes the outline of what is not there yet."""
    names = [symbol(MARGIN - 8, MARGIN - 9, "t", size=14, colour=palette.LOSS, anchor="end"),
             symbol(MARGIN - 2, MARGIN - 20, "k", size=14, colour=palette.USE)]
    for i in range(1, T + 1):
        at = MARGIN + size * (i - .5)
        names += [label(at, MARGIN - 8, str(i), size=12, colour=palette.USE),
                  label(MARGIN - 12, at + 4, str(i), size=12, colour=palette.LOSS, anchor="end")]
    end, words = MARGIN + size * T_max, label(4, 16, title, size=14, colour=colour, anchor="start", weight="bold")
    coming = outline(T, T_max, MARGIN, MARGIN, size, size, f"M{end:g} {end:g}H{MARGIN}V{MARGIN + size * T:g}")
    drawn = Drawing(end + 4, end + 4, "".join([*names, *coming, *boxes]))
    return above(Drawing(max(end + 4, 140), 22, words), drawn, gap=0)
