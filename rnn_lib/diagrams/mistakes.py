"""Mistakes against kinds of inputs: where a gradient check exposes a mistake, and where the mistake passes, wrongly."""
from .. import palette
from .svg import Drawing, label, touch, when

EDGE, LEFT, WIDE, HIGH, TOP = 12, 298, 78, 21, 60       # EDGE: room for the frame of a row that has the keyboard
COLUMNS = 4              # of the list of mistakes that have no row


def grid(mistakes, kinds, cell, counts, hidden, rest):
    """A row for each mistake that some inputs hide, a column for each kind of inputs; a colour and a word where it hides.

    Elsewhere a cell is pale, and its words show while it is lit. The other mistakes are a list below.
    mistakes: {name: what is said of it}     kinds: {name: what is said of it}
    cell: (mistake's number, column) -> (hides, words, sentence)     counts: of each column, how many hide
    hidden: numbers of mistakes, in the order of their rows     rest: what stands above the list     returns: Drawing
    """
    ys, named = {i: TOP + HIGH * n for n, i in enumerate(hidden)}, list(mistakes.items())
    heads = [touch(_patch(_x(j) + 1, 0, WIDE - 2, TOP - 6) + _kind(_x(j) + WIDE / 2, kind)
                   + label(_x(j) + WIDE / 2, 47, f"hides {count}", size=12, colour=palette.HIDDEN if count else palette.MUTED),
                   f"head{j}", lights=" ".join([f"head{j}", *(f"m{i}-{j}" for i in ys)]), says=said)
             for j, ((kind, said), count) in enumerate(zip(kinds.items(), counts, strict=True))]
    rows = [_name(i, named[i], EDGE, y, LEFT - EDGE - 6, "end", [f"m{i}-{j}" for j in range(len(kinds))]) for i, y in ys.items()]
    cells = [_cell(i, j, y, *cell(i, j)) for i, y in ys.items() for j in range(len(kinds))]
    seen, below = [i for i in range(len(named)) if i not in ys], TOP + HIGH * len(ys) + 44
    wide, high = (_x(len(kinds)) - EDGE) / COLUMNS, -(-len(seen) // COLUMNS)
    listed = [_name(i, named[i], EDGE + wide * (n // high), below + HIGH * (n % high), wide - 6, "start", [])
              for n, i in enumerate(seen)]
    title = label(EDGE + 8, below - 12, f"{len(seen)} {rest}", size=12.5, anchor="start", weight="bold")
    return Drawing(_x(len(kinds)) + 4, below + HIGH * high + 4, "".join([*heads, *rows, *cells, title, *listed]))


def _kind(x, kind):
    """The name of a kind of inputs, a long one on two lines: its first word, and the rest."""
    lines = kind.split(" ", 1) if len(kind) > 9 else [kind]
    return "".join(label(x, 31 - 15 * (len(lines) - 1 - i), line, size=12) for i, line in enumerate(lines))


def _name(i, named, x, y, wide, anchor, lights):
    """The name of a mistake, to be touched."""
    name, said = named
    words = label(x + (wide - 4 if anchor == "end" else 8), y + 15, name, size=12, anchor=anchor)
    return touch(_patch(round(x), y, round(wide), HIGH - 2) + words, f"row{i}", lights=" ".join([f"row{i}", *lights]), says=said)


def chips(x, y):
    """The key of an audit, right of x and below y: what its cells mean.   returns: list of SVG texts"""
    body = []
    for text, means in (("1", "once, right"), ("✗ 0", "missing"), ("✗ 2", "counted too often")):
        wrong, look = text != "1", palette.INK if text == "1" else palette.BAD
        body.append(f'<rect x="{x:g}" y="{y}" width="34" height="22" rx="4" fill="{palette.PLUS}" '
                    f'fill-opacity="{0 if wrong else .15}" stroke="{look if wrong else palette.FAINT}" '
                    f'stroke-width="{2.4 if wrong else 1}"/>'
                    + label(x + 17, y + 15.5, text, size=12, colour=look)
                    + label(x + 42, y + 15.5, means, size=12, colour=palette.MUTED, anchor="start"))
        y += 32
    return body


def _x(j):
    return LEFT + WIDE * j


def _cell(i, j, y, hides, words, says):
    fill, strength = (palette.HIDDEN, .32) if hides else (palette.SHADE, 1)
    rect = (f'<rect x="{_x(j) + 1}" y="{y}" width="{WIDE - 2}" height="{HIGH - 2}" rx="3" fill="{fill}" '
            f'fill-opacity="{strength}"/>')
    shown = label(_x(j) + WIDE / 2, y + 14, words, size=12, weight="bold" if hides else "normal",
                  colour=palette.INK if hides else palette.MUTED)
    body = rect + (shown if hides else when(f"m{i}-{j}", shown))
    return touch(body, f"cell m{i}-{j}", lights=f"m{i}-{j} row{i} head{j}", says=says)


def _patch(x, y, wide, high):
    return f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="4" fill="{palette.SHADE}" fill-opacity="0"/>'
