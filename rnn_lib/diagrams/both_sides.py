"""A network that reads from both sides: two rows of states over the same words, one in reading order, one from the end."""
from .. import palette
from .network import COLOUR, R, node
from .running import forced, width_of
from .svg import STILL, Drawing, arrow, path, spaced, symbol, then, touch

PITCH, ASIDE = 132, 25                               # from word to word; of a state from the middle of its column
_x = spaced(2, PITCH)                                # the middle of column k
END = 84                                             # of the states that are given from the first that are computed
Y_OUT, Y_BACK, Y_AHEAD, Y_IN = 26, 98, 168, 244
INKS = palette.FAINT, palette.INK                    # of a node that ŷ_t is not made from, and of one that it is


def both_sides(words, t, react):
    """The bidirectional network over a sentence; what ŷ_t is made from is lit.

    words: T strings     t: 1..T     react: number of a word -> what `svg.touch` is told of its column     returns: Drawing
    """
    T = len(words)
    edges, columns = [], []
    for k in range(1, T + 1):
        x = _x(k)
        edges += [_edge("V", (x - 6, Y_IN - R), (x - ASIDE, Y_AHEAD + R), k <= t, -13, k == t),
                  _edge("V˜", (x + 6, Y_IN - R), (x + ASIDE, Y_BACK + R), k >= t, 20, k == t),
                  _edge("U", (x - ASIDE, Y_AHEAD - R), (x - 8, Y_OUT + R), k == t, -11, k == t),
                  _edge("U˜", (x + ASIDE, Y_BACK - R), (x + 8, Y_OUT + R), k == t, 14, k == t)]
        if k > 1:
            edges.append(_edge("W", (x - ASIDE - PITCH + R, Y_AHEAD), (x - ASIDE - R, Y_AHEAD), k <= t, new=k == t))
            edges.append(_edge("W˜", (x + ASIDE - R, Y_BACK), (x + ASIDE - PITCH + R, Y_BACK), k > t))
        columns.append(touch(_column(k, words[k - 1], t), f"t{k}", **react(k)))
    first, last = _x(1) - ASIDE - END, _x(T) + ASIDE + END
    ends = (_edge("W", (first + R, Y_AHEAD), (_x(1) - ASIDE - R, Y_AHEAD), True)
            + _edge("W˜", (last - R, Y_BACK), (_x(T) + ASIDE + R, Y_BACK), True)
            + node(first, Y_AHEAD, "h", 0, rim=palette.INK) + node(last, Y_BACK, "h", T + 1, rim=palette.INK)
            + _tilde(last - 3, Y_BACK + 5, 17))
    return Drawing(last + R + 8, Y_IN + R + 30, "".join(edges) + ends + "".join(columns))


def _column(k, word, t):
    """The nodes of word k, dark where ŷ_t is made from them, and the word itself."""
    x, room = _x(k), width_of(word, 14)
    state, out = (1, 2) if k == t else (STILL, STILL)
    return (then(node(x, Y_OUT, "ŷ", k, rim=INKS[k == t]), out) + node(x + ASIDE, Y_BACK, "h", k, rim=INKS[k >= t])
            + _tilde(x + ASIDE - 3, Y_BACK + 5, 17)
            + then(node(x - ASIDE, Y_AHEAD, "h", k, rim=INKS[k <= t]), state) + node(x, Y_IN, "x", k, rim=palette.INK)
            + forced(x - room / 2, Y_IN + R + 21, word, 14, room, weight="bold" if k == t else "normal"))


def _edge(name, start, end, lit, aside=0, new=False):
    """An edge with its matrix, V or V˜ (of the second network), above it or `aside`; pale, without it, where not `lit`.

    new: whether it was not lit one step before, and grows now
    """
    matrix, tilde = name[0], name[1:]
    if not lit:
        return arrow(*start, *end, colour=palette.FAINT, width=1.4, grows=STILL)
    (x1, y1), (x2, y2), part = start, end, .3 if aside else .5         # a letter beside an edge stands below where others cross
    x, y = x1 + part * (x2 - x1) + aside, y1 + part * (y2 - y1) + (5 if aside else -8)
    colour = COLOUR[matrix]
    written = symbol(x, y, matrix, size=15, colour=colour) + (_tilde(x - .5, y, 15, colour) if tilde else "")
    return arrow(*start, *end, colour=colour, width=2.6, grows=2 * (matrix == "U") if new else STILL) + written


def _tilde(x, y, size, colour=palette.INK):
    """The tilde over a letter that stands at (x, y): few fonts have a W with one, and another font would show."""
    wave = f"q{.16 * size:.1f} {-.2 * size:.1f} {.3 * size:.1f} 0t{.3 * size:.1f} 0"
    return path(f"M{x - .28 * size:.1f} {y - .9 * size:.1f}{wave}", stroke=colour, stroke_width=1.3)
