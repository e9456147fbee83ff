"""Mistakes against kinds of inputs: where a gradient check exposes a mistake, and where the mistake passes, wrongly."""
from typing import NamedTuple

from .. import palette
from .svg import Drawing, label, note, patch, rect, touch, when

EDGE, HIGH, TOP, ASIDE = 12, 21, 60, 8   # EDGE: room for the frame of a row that has the keyboard


class Room(NamedTuple):
    """Where the cells stand."""
    left: int        # of the first column
    wide: int        # of a column
    above: int       # of a row: room for its name, which else stands at its left
    lists: int       # columns of the list of mistakes that have no row

    def x(self, j):
        """Of a column; the first, which hides nothing, stands apart."""
        return self.left + self.wide * j + (ASIDE if j >= 1 else 0)

    def middle(self, j):
        return self.x(j) + self.wide / 2


DESK, PHONE = Room(298, 77, 0, 4), Room(EDGE, 48, 20, 2)


def grid(mistakes, kinds, cell, counts, hidden, rest, room=DESK):
    """A row for each mistake that some inputs hide, a column for each kind of inputs; a colour and a word where it hides.

    Elsewhere a cell is pale, green in the first column, and its words show while it is lit. The other mistakes are a list below.
    mistakes: {name: what is said of it}     kinds: {name: what is said of it}
    cell: (mistake's number, column) -> (hides, words, sentence)     counts: of each column, how many hide
    hidden: numbers of mistakes, in the order of their rows     rest: what stands above the list, lines     room: DESK or PHONE
    returns: Drawing
    """
    pitch, named, end = HIGH + room.above, list(mistakes.items()), room.x(len(kinds))
    ys = {i: TOP + pitch * n + room.above for n, i in enumerate(hidden)}
    heads = [touch(patch(room.x(j) + 1, 0, room.wide - 2, TOP - 6)
                   + _kind(room.middle(j), kind, 9.8 if room.above else 12, strong=not (j or count))
                   + label(room.middle(j), 47, "hides " * (not room.above) + str(count), size=12,
                           colour=palette.HIDDEN if count else palette.GOOD if j == 0 else palette.MUTED),
                   f"head{j}", lights=" ".join([f"head{j}", *(f"m{i}-{j}" for i in ys)]), says=said)
             for j, ((kind, said), count) in enumerate(zip(kinds.items(), counts, strict=True))]
    names = (end - EDGE, "start") if room.above else (room.left - EDGE - 6, "end")
    rows = [_name(i, named[i], EDGE, y - room.above, *names, [f"m{i}-{j}" for j in range(len(kinds))]) for i, y in ys.items()]
    cells = [_cell(i, j, room, y, *cell(i, j)) for i, y in ys.items() for j in range(len(kinds))]
    seen, below = [i for i in range(len(named)) if i not in ys], TOP + pitch * len(ys) + 44 + 16 * (len(rest) - 1)
    wide, high = (end - EDGE) / room.lists, -(-len(seen) // room.lists)
    listed = [_name(i, named[i], EDGE + wide * (n // high), below + HIGH * (n % high), wide - 6, "start", [])
              for n, i in enumerate(seen)]
    title = [label(EDGE + 8, below - 12 - 16 * (len(rest) - 1 - n), line, size=12.5, anchor="start", weight="bold")
             for n, line in enumerate([f"{len(seen)} {rest[0]}", *rest[1:]])]
    return Drawing(end + 4, below + HIGH * high + 4, "".join([*heads, *rows, *cells, *title, *listed]))


def _kind(x, kind, size, strong):
    """The name of a kind of inputs, a long one on two lines: its first word, and the rest."""
    look = {"size": size} | ({"weight": "bold", "colour": palette.GOOD} if strong else {})
    lines = kind.split(" ", 1) if len(kind) > 9 else [kind]
    return "".join(label(x, 31 - 15 * (len(lines) - 1 - i), line, **look) for i, line in enumerate(lines))


def _name(i, named, x, y, wide, anchor, lights):
    """The name of a mistake, to be touched."""
    name, said = named
    words = label(x + (wide - 4 if anchor == "end" else 8), y + 15, name, size=12, anchor=anchor)
    return touch(patch(round(x), y, round(wide), HIGH - 2) + words, f"row{i}", lights=" ".join([f"row{i}", *lights]), says=said)


def chips(x, y, missing, often):
    """The key of an audit, from (x, y) down: what its cells mean.

    missing, often: whether a term is missing, or counted too often     returns: list of SVG texts
    """
    body, kinds = [], (("1", "once, right", True), ("✗ 0", "missing", missing), ("✗ 2", "counted too often", often))
    for text, means in (kind[:2] for kind in kinds if kind[2]):
        wrong = text != "1"
        rim, ink, weight = (palette.BAD, palette.BAD, "bold") if wrong else (palette.FAINT, palette.MUTED, "normal")
        body.append(rect(x, y, 34, 22, 4, fill=palette.BAD, fill_opacity=.14 * wrong, stroke=rim, stroke_width=1 + wrong)
                    + label(x + 17, y + 15.5, text, size=12, colour=ink, weight=weight) + note(x + 42, y + 15.5, means))
        y += 32
    return body


def _cell(i, j, room, y, hides, words, says):
    exposed = j == 0 and not hides                               # by inputs that hide nothing: what is to be taken
    fill, strength = (palette.HIDDEN, .24) if hides else (palette.GOOD, .08) if exposed else (palette.SHADE, .35)
    ground = rect(room.x(j) + 1, y, room.wide - 2, HIGH - 2, 3, fill=fill, fill_opacity=strength)
    look = {"size": 19, "weight": "bold"} if hides else {"size": 12, "colour": palette.MUTED}
    shown = label(room.middle(j), y + 14 + hides, words, **look)
    body = ground + (shown if hides else when(f"m{i}-{j}", shown))
    return touch(body, f"cell m{i}-{j}", lights=f"m{i}-{j} row{i} head{j}", says=says)
