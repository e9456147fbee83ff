"""Mistakes against kinds of inputs: where a gradient check exposes a mistake, and where the mistake passes, wrongly."""
from .. import palette
from .svg import Drawing, label, touch, when

LEFT, WIDE, HIGH, TOP = 286, 80, 19, 42
HEAD = 28                # of a group of mistakes


def grid(mistakes, kinds, cell, counts, groups):
    """A row for each mistake, a column for each kind of inputs; amber and a word where the mistake hides.

    Elsewhere a cell is pale, and its words show while it is lit.
    mistakes: {name: what is said of it}     kinds: {name: what is said of it}
    cell: (mistake's number, column) -> (hides, words, sentence)     counts: of each column, how many hide
    groups: {head: numbers of mistakes, in the order of their rows}     returns: Drawing
    """
    ys, titles, y = {}, [], TOP
    for head, numbers in groups.items():
        titles.append(label(LEFT - 10, y + HEAD - 10, head, size=12, anchor="end", weight="bold"))
        ys.update({i: y + HEAD + HIGH * n for n, i in enumerate(numbers)})
        y += HEAD + HIGH * len(numbers)
    heads = [touch(_patch(_x(j) + 1, 0, WIDE - 2, TOP - 4) + label(_x(j) + WIDE / 2, 16, kind, size=12)
                   + label(_x(j) + WIDE / 2, 33, f"hides {count}", size=12, colour=palette.HIDDEN if count else palette.MUTED),
                   f"head{j}", lights=" ".join([f"head{j}", *(f"m{i}-{j}" for i in range(len(mistakes)))]), says=said)
             for j, ((kind, said), count) in enumerate(zip(kinds.items(), counts, strict=True))]
    rows = [touch(_patch(0, ys[i], LEFT - 6, HIGH - 1) + label(LEFT - 10, ys[i] + 14, name, size=12, anchor="end"), f"row{i}",
                  lights=" ".join([f"row{i}", *(f"m{i}-{j}" for j in range(len(kinds)))]), says=said)
            for i, (name, said) in enumerate(mistakes.items())]
    cells = [_cell(i, j, ys[i], *cell(i, j)) for i in ys for j in range(len(kinds))]
    return Drawing(_x(len(kinds)) + 4, y + 4, "".join([*heads, *titles, *rows, *cells]))


def chips(y):
    """The key of an audit, below y: what its rows and columns are, and what its cells mean.   returns: list of SVG texts"""
    body = [label(4, y + 24, "row t: loss t; column k: use k", size=12, colour=palette.MUTED, anchor="start")]
    x = 4
    for text, means in (("1", "once, right"), ("✗ 0", "missing"), ("✗ 2", "counted twice")):
        wrong, look = text != "1", palette.INK if text == "1" else palette.BAD
        body.append(f'<rect x="{x}" y="{y + 36}" width="30" height="22" rx="4" fill="{palette.PLUS}" '
                    f'fill-opacity="{0 if wrong else .15}" stroke="{look if wrong else palette.FAINT}" '
                    f'stroke-width="{2.4 if wrong else 1}"/>'
                    + label(x + 15, y + 51, text, size=12, colour=look)
                    + label(x + 36, y + 51, means, size=12, colour=palette.MUTED, anchor="start"))
        x += 46 + 6.4 * len(means)
    return body


def _x(j):
    return LEFT + WIDE * j


def _cell(i, j, y, hides, words, says):
    fill, strength = (palette.HIDDEN, .32) if hides else (palette.SHADE, 1)
    rect = (f'<rect x="{_x(j) + 1}" y="{y}" width="{WIDE - 2}" height="{HIGH - 2}" rx="3" fill="{fill}" '
            f'fill-opacity="{strength}"/>')
    shown = label(_x(j) + WIDE / 2, y + 13, words, size=12, weight="bold" if hides else "normal",
                  colour=palette.INK if hides else palette.MUTED)
    body = rect + (shown if hides else when(f"m{i}-{j}", shown))
    return touch(body, f"cell m{i}-{j}", lights=f"m{i}-{j} row{i} head{j}", says=says)


def _patch(x, y, wide, high):
    return f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="4" fill="{palette.SHADE}" fill-opacity="0"/>'
