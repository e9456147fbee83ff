"""A valley of one parameter, L = p², and the updates that gradient descent makes in it."""
from .. import palette
from .svg import Drawing, arrow, circle, label, move, note, patch, path, touch
from .wording import brief, counted, number

SIDE, TOP = 1.7, 2.6             # the edges of the picture, in p and in L
ACROSS, CLOSE, UP = 158, 112, 115 # pixels for 1 of p, on a narrow page as well, and of L
ROW = 27                         # from one line of the table to the next


def valley(tracks, rate, narrow=False):
    """The valley with one track in it, a table of the track, and a ring where the first update of every other rate lands.

    tracks: {rate: p after 0, 1, ... updates}     rate: of the track that is drawn
    narrow: the table stands below     returns: Drawing
    """
    across = CLOSE if narrow else ACROSS
    x0, y0 = 20 + across * SIDE, 24 + UP * TOP
    def at(p):
        return x0 + across * p, y0 - UP * p * p
    edge = TOP ** .5
    curve = "L".join("{:.1f} {:.1f}".format(*at(edge * i / 24)) for i in range(-24, 25))
    body = [_axes(x0, y0, across), path(f"M{curve}", stroke=palette.MUTED, stroke_width=2)]
    def ring(other, p):
        says = f"With η = {other:g} the first update lands at p = {brief(p, 3)}."
        drawn = _ring(*at(p), p, "" if other == rate else f"η = {other:g}")
        return touch(drawn, sets=f"rate={other:g}", says=says, chosen=other == rate)
    body += [ring(other, track[1]) for other, track in tracks.items() if abs(track[1]) <= edge]
    body += _path(at, tracks[rate], edge)
    right, high = x0 + across * SIDE, y0 + 40                      # room for the name of a ring at the bottom
    table = Drawing(232, 40 + ROW * (len(tracks[rate]) + 1), "".join(_table(30, tracks[rate])))
    if narrow:
        return Drawing(right + 8, high + table.height, "".join(body) + move(table, 20, high))
    return Drawing(right + 262, high, "".join(body) + move(table, right, 0))


def _axes(x0, y0, across):
    left, right = x0 - across * SIDE, x0 + across * SIDE
    lines = path(f"M{left:.1f} {y0}H{right:.1f}M{x0} {y0}V18", stroke=palette.MUTED)
    ticks = [note(x0 + across * p, y0 + 18, f"−{-p}" if p < 0 else str(p), anchor="middle") for p in (-1, 1)]
    ticks += [note(x0 - 6, y0 - UP * n + 4, str(n), anchor="end") for n in (1, 2)]
    return lines + "".join([*ticks, note(right, y0 - 8, "p", anchor="middle"), note(x0 - 12, 26, "L", anchor="middle")])


def _ring(x, y, p, rate):
    """A ring, and outside the valley its learning rate; inside at the bottom."""
    aside, down, anchor = (0, 34, "middle") if abs(p) < .1 else (14, 7, "start") if p > 0 else (-14, 7, "end")
    return (circle(x, y, 8, fill=palette.PAPER, stroke=palette.ACCENT, stroke_width=1.5)
            + label(x + aside, y + down, rate, size=12, colour=palette.ACCENT, anchor=anchor))


def _path(at, track, edge):
    """An arrow for every update, up to the edge of the picture, and a numbered dot where it lands."""
    body, numbered = [], []
    for i, p in enumerate(track):
        x, y = at(p)
        if i:
            body.append(_update(*at(track[i - 1]), x, y, at(edge)[1]))
        if abs(p) > edge:
            break
        dot = circle(x, y, 4.5, fill=palette.LOSS)
        if i < 2 or (abs(p) > .45 and all(abs(x - other) > 16 for other in numbered)):               # there is room
            numbered.append(x)
            dot += label(x + (-12 if p > 0 else 12), y - 9, str(i), size=13, colour=palette.LOSS, weight="bold")
        body.append(touch(dot, f"u{i}"))
    return body


def _update(x1, y1, x2, y2, top):
    """The arrow of one update, cut where it leaves the picture at its top; nothing where it would be all head."""
    share = (y1 - top) / (y1 - y2) if y2 < top else 1
    x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
    return arrow(x1, y1, x, y, colour=palette.LOSS, width=2.4) if abs(x - x1) > 12 else ""


def _table(x, track):
    """How p and L go on, a line for each update; touching one lights its dot."""
    columns = [("update", 44), ("p", 132), ("L", 220)]
    head = "".join(label(x + right, 40, name, size=14, colour=palette.MUTED, anchor="end") for name, right in columns)
    rows = []
    for i, p in enumerate(track):
        cells = zip((str(i), number(p, 3), number(p * p, 3)), columns, strict=True)
        row = "".join(label(x + right, 40 + ROW * (i + 1), text, size=15, anchor="end") for text, (_, right) in cells)
        strip = patch(x - 8, 22 + ROW * (i + 1), 236, ROW - 2)
        rows.append(touch(strip + row, f"u{i}", lights=f"u{i}",
                          says=f"After {counted(i, 'update')} p = {brief(p, 3)}, L = {brief(p * p, 3)}."))
    return [head, *rows]
