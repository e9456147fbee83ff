"""The (t, k) triangle added up in two orders: cell by cell along its rows, or a whole column at a time."""
from .. import palette
from .svg import Drawing, above, label
from .triangle import MARGIN, triangle


def by_rows(T, text, *, size):
    """Every cell by itself.   text: (t, k) -> words     size: pixels of a cell     returns: Drawing"""
    return _titled("rows first", palette.USE, triangle(T, lambda t, k: (text(t, k), palette.USE, .22), size=size))


def by_columns(T, text, *, size):
    """Whole columns, each as one box: the cells inside are never made.   text: k -> words     returns: Drawing, as `by_rows`"""
    empty = triangle(T, lambda t, k: ("", palette.PAPER, 0), size=size)
    boxes = "".join(_box(k, T, text(k), size) for k in range(1, T + 1))
    return _titled("columns first", palette.LOSS, Drawing(empty.width, empty.height, empty.body + boxes))


def _box(k, T, text, size):
    """Column k as one box. Opaque below the colour, so that the empty cells do not show through."""
    x, y, height = MARGIN + size * (k - 1) + 1, MARGIN + size * (k - 1) + 1, size * (T - k + 1) - 2
    rect = f'<rect x="{x:g}" y="{y:g}" width="{size - 2:g}" height="{height:g}" rx="4"'
    return (f'{rect} fill="{palette.PAPER}" stroke="{palette.PAPER}" stroke-width="2"/>'
            f'{rect} fill="{palette.LOSS}" fill-opacity=".22" stroke="{palette.FAINT}"/>'
            + label(x + size / 2 - 1, y + height - size / 2 + 5, text, size=12))


def _titled(title, colour, drawing):
    return above(Drawing(max(drawing.width, 140), 22, label(4, 16, title, size=14, colour=colour, anchor="start", weight="bold")),
                 drawing, gap=0)
