"""The (t, k) triangle added up in two orders: cell by cell along its rows, or a whole column at a time."""
from .. import palette
from .svg import Drawing, above, label
from .triangle import MARGIN, triangle


def by_rows(T, text, *, size, T_max):
    """Every cell by itself.

    text: (t, k) -> words     size: pixels of a cell     T_max: rows there is room for, outlined     returns: Drawing
    """
    drawn = triangle(T, lambda t, k: (text(t, k), palette.USE, .22), size=size, T_max=T_max)
    return _titled("rows first", palette.USE, _with_room(T, T_max, size, drawn))


def by_columns(T, text, *, size, T_max):
    """Whole columns, each as one box: the cells inside are never made.   text: k -> words     returns: Drawing, as `by_rows`"""
    empty = triangle(T, lambda t, k: ("", palette.PAPER, 0), size=size, T_max=T_max)
    boxes = "".join(_box(k, T, text(k), size) for k in range(1, T + 1))
    return _titled("columns first", palette.LOSS, _with_room(T, T_max, size, empty._replace(body=empty.body + boxes)))


def _with_room(T, T_max, size, drawing):
    """The outline of the largest triangle behind one that grows."""
    steps = f"h{size:g}v{size:g}" * T_max
    outline = f'<path d="M{MARGIN} {MARGIN}{steps}H{MARGIN}Z" fill="none" stroke="{palette.FAINT}" stroke-dasharray="3 4"/>'
    name = label(MARGIN + 8, MARGIN + size * T_max - 9, f"T = {T_max}", size=12, colour=palette.MUTED, anchor="start")
    return drawing._replace(body=outline + (name if T_max > T else "") + drawing.body)


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
