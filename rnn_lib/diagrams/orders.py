"""The (t, k) triangle added up in two orders: cell by cell along its rows, or a whole column at a time."""
from .. import palette
from .svg import Drawing, above, label, symbol
from .triangle import MARGIN, triangle

SIDE = 74           # right of the triangle: the sums of its rows
FOOT = 46           # below it: the total


def by_rows(T, cell, row_sums, total, *, title, note="", T_max=None, size=46, lit=()):
    """Cells filled one by one; the sum of each row at its right, their total below.

    cell: (t, k) -> (text, colour, strength), as for `triangle`     row_sums: {t: text}, of the rows that are complete
    total: text, or "" for no sums at all     title, note: lines above it
    T_max: rows there is room for     size: pixels of a cell     lit: (t, k) pairs to frame     returns: Drawing
    """
    drawing = triangle(T, cell, T_max=T_max, size=size, lit=lit)
    body = [drawing.body]
    if total:
        right = drawing.width + SIDE - 12
        body += [_sum_sign(right - 30, MARGIN - 10, "k", palette.USE), *_total(right, drawing.height, "t", palette.LOSS, total)]
        body += [label(right, MARGIN + size * (t - .5) + 5, text, size=13, colour=palette.LOSS, anchor="end")
                 for t, text in row_sums.items()]
    return _framed(title, note, palette.LOSS, drawing, body, bool(total))


def by_columns(T, column, total, *, title, note="", T_max=None, size=46, lit=()):
    """Whole columns, each as one box: the cells inside are never made. Their total below.

    column: k -> (text, colour, strength), the text at the foot of the box     lit: columns to frame     others: as `by_rows`
    returns: Drawing, as large as that of `by_rows`
    """
    empty = triangle(T, lambda t, k: ("", palette.PAPER, 0), T_max=T_max, size=size)
    boxes = [_box(k, T, *column(k), size, k in lit) for k in range(1, T + 1)]
    body = [empty.body, *boxes]
    if total:
        body += [_sum_sign(empty.width + 18, empty.height - size / 2 + 2, "t", palette.LOSS),
                 *_total(empty.width + SIDE - 12, empty.height, "k", palette.USE, total)]
    return _framed(title, note, palette.USE, empty, body, bool(total))


def _box(k, T, text, colour, strength, size, framed):
    """Column k as one box. Opaque below the colour, so that the empty cells do not show through."""
    x, y, height = MARGIN + size * (k - 1) + 1, MARGIN + size * (k - 1) + 1, size * (T - k + 1) - 2
    if not strength:
        return ""
    line, width = (palette.INK, 2.6) if framed else (palette.FAINT, 1)
    rect = f'<rect x="{x:g}" y="{y:g}" width="{size - 2}" height="{height:g}" rx="4"'
    return (f'{rect} fill="{palette.PAPER}" stroke="{palette.PAPER}" stroke-width="2"/>'
            f'{rect} fill="{colour}" fill-opacity="{strength:.3f}" stroke="{line}" stroke-width="{width}"/>'
            + label(x + size / 2 - 1, y + height - size / 2 + 5, text, size=12))


def _total(right, y, index, colour, text):
    return [f'<path d="M{right - 96:g} {y + 6:g}H{right:g}" stroke="{palette.MUTED}" stroke-width="1"/>',
            _sum_sign(right - 78, y + 29, index, colour), label(right, y + 29, text, size=14, weight="bold", anchor="end")]


def _sum_sign(x, y, index, colour):
    return symbol(x, y, "Σ", index, size=17, colour=colour)


def _framed(title, note, colour, triangle, body, with_sums):
    """Title and note above; room for sums at the right and below when there are any."""
    width, height = triangle.width + SIDE * with_sums, triangle.height + FOOT * with_sums
    head = (label(4, 16, title, size=14, colour=colour, anchor="start", weight="bold")
            + label(4, 36, note, size=13, colour=palette.MUTED, anchor="start"))
    return above(Drawing(width, 44 if note else 22, head), Drawing(width, height, "".join(body)), gap=0)
