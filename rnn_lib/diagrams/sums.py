"""The (t, k) triangle with its sums at the margins: of each row (one loss) at the right, of each column (one use) below."""
from .. import palette
from .svg import Drawing, label
from .triangle import MARGIN, triangle

SIDE = 62           # room for the row sums
BELOW = 26          # room for the column sums


def triangle_with_sums(T, cell, rows, columns, total, *, T_max=None, size=46):
    """`triangle`, with the words of T row sums (purple), T column sums (gold) and their common total.

    cell, T_max, size: as for `triangle`     rows, columns: T strings     total: string     returns: Drawing
    """
    cells = triangle(T, cell, T_max=T_max, size=size)
    end = MARGIN + size * T
    middles = [MARGIN + size * (i + .5) for i in range(T)]
    lines = f'<path d="M{end + 5} {MARGIN - 6}V{end + 26}M{MARGIN} {end + 5}H{end + 54}" stroke="{palette.FAINT}" fill="none"/>'
    right = [label(end + 12, y + 4, words, size=12, colour=palette.LOSS, anchor="start")
             for y, words in zip(middles, rows, strict=True)]
    below = [label(x, end + 20, words, size=12, colour=palette.USE) for x, words in zip(middles, columns, strict=True)]
    corner = label(end + 12, end + 20, total, size=12, anchor="start", weight="bold")
    return Drawing(cells.width + SIDE, cells.height + BELOW, cells.body + lines + "".join(right + below) + corner)


def key(entries, *, width, line=20):
    """What the colours mean, a line each.

    entries: (words, colour, strength), the strength of a swatch from 0 to 1, or None for coloured words without one
    width: of the drawing     line: pixels from line to line     returns: Drawing
    """
    body = []
    for i, (words, colour, strength) in enumerate(entries):
        y = line * i + 14
        if strength is not None:
            body.append(f'<rect x="2" y="{y - 12}" width="15" height="15" rx="3" fill="{colour}" fill-opacity="{strength}" '
                        f'stroke="{palette.FAINT}"/>')
        body.append(label(2 if strength is None else 24, y, words, size=13, anchor="start",
                          colour=colour if strength is None else palette.INK))
    return Drawing(width, line * len(entries), "".join(body))
