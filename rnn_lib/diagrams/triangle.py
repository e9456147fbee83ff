"""The triangle of contributions: a cell for every C[t,k], the sums at its margins, and the classes that each of them lights.

Row t belongs to loss t, column k to use k of the parameter. The head of a row is the sum over k (gold), the foot of a column the
sum over t (purple). The network that stands above is in `linked`.
"""
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from .. import palette
from .svg import label, note, patch, path, rect, symbol, touch
from .wording import lowered

PITCH, CELL = 66, 27
TIGHT, SNUG, NUMBER = 26.1, 39, 36           # pitches for 12 and for 8 steps on a phone; closer cells have a sign for a number
LEFT, TOP = 54, 204                          # the middle of column 0: h_0 above, the heads of the rows below; the first row
HEAD = 36                                    # right of LEFT: no cell begins before it
R = 16                                       # radius of the node of a hidden state
STRONGEST, FAINT, SMALL = .56, .15, .08      # opacity of the largest term; below which a cell has a rim; grey numbers, as a part
PER_LETTER = 6.4                             # of the key: pixels, a little more than they take
KEY = ("left, Σₖ: how much loss t changes when all uses are nudged", "below, Σₜ: how much all losses change when use k is nudged")


class Cell(NamedTuple):
    """What stands at (t, k)."""
    text: str
    weight: float = 0        # from -1 to 1: its sign and strength as colour
    says: str = ""           # the caption while it is touched
    sets: str = ""           # where a click moves the controls
    look: str = ""           # "cut": left out; "missing", "extra": wrong; "later": not there yet
    also: str = ""           # more classes that it lights, besides those of its path


class Margin(NamedTuple):
    """A sum at a margin."""
    text: str
    says: str = ""
    brief: str = ""          # what the edge or the loss in the network says of it; what `says` says when empty
    lights: str = ""         # the classes that it lights; the whole row, column or triangle when empty
    small: bool = False      # of the corner: not in bold


class Terms(NamedTuple):
    """What stands in a triangle of T rows."""
    cell: Callable           # (t, k) -> Cell
    rows: list               # T Margins: row t's sum over k
    columns: list            # T Margins: column k's sum over t
    total: Margin | None     # of the corner; None: heads and feet are names only, and nothing is added up


class Steps:
    """Where the steps stand, in the network and in its triangle: at(t) is the middle of column t, at(0) that of h_0.

    signs: whether a cell has room for no more than a sign     size: of the numbers     radius: of a node
    """

    def __init__(self, pitch=PITCH):
        self.pitch, self._first = pitch, LEFT + max(pitch, HEAD + pitch / 2)
        self.signs, self.size = pitch < NUMBER, 12.5 if pitch > SNUG else 11.5
        self.radius = R if pitch > SNUG else 9 if self.signs else 11

    def __call__(self, t):
        return self._first + self.pitch * (t - 1) if t else LEFT

    def before(self, t):
        """The middle between step t - 1 and step t."""
        return (self(t - 1) + self(t)) / 2

    def edge(self, k):
        """The left edge of column k."""
        return self(k) - self.pitch / 2


def slim(T, T_max):
    """What a phone has room for: numbers in the cells of few steps, signs and the outline of more.   returns: pitch and most"""
    if T_max <= 8:
        return {"pitch": SNUG, "most": T_max}
    return {"pitch": SNUG, "most": 0} if T <= 5 else {"pitch": TIGHT, "most": T_max}


def triangle(T, terms, at, *, key=KEY, whole=(), firm=False, most=0):
    """Cells, margins and what these mean, the first row at TOP.   at: Steps     others: as for `linked`     returns: SVG text"""
    last = max(T, most)
    cells = [_cell(t, k, terms.cell(t, k), at) for t in range(1, T + 1) for k in range(1, t + 1) if k not in whole]
    cells += [_whole(k, terms.columns[k - 1], at, T) for k in whole]
    said_once = f'font-size="{at.size}" text-anchor="middle" stroke-opacity=".2"'
    together = f'<g {said_once}>{"".join(cells)}</g>'
    margins = _names(terms, at) if terms.total is None else _sums(last, terms, at, firm)
    written = [pair for pair in zip(key, (palette.USE, palette.LOSS, palette.LOSS), strict=False) if pair[0]]
    meaning = [label(4, TOP + CELL * last + 52 + 17 * i, words, size=12, colour=colour, anchor="start")
               for i, (words, colour) in enumerate(written)]
    return "".join([*_outline(T, last, at), together, *margins, *meaning])


def _outline(T, most, at):
    """The stairs of most rows below those of T."""
    if most > T:
        bottom, steps = TOP + CELL * most, f"v{-CELL}h{-at.pitch:g}" * (most - T)
        yield path(f"M{at.edge(1) + at.pitch * most:g} {bottom}{steps}", stroke=palette.FAINT, dash="3 4")
        yield note(at.edge(1) + 8, bottom - 9, f"up to T = {most}")


def _along(t, k):
    """The classes that light up for C[t,k]: the use at step k, the Jacobians after it, and the loss t."""
    back = [f"w{i} h{i - 1} j{i}" for i in range(k + 1, t + 1)]
    return " ".join([f"c{t}-{k} L{t} u{t} d{t} h{t} use{k} i{k} r{t} f{k} s{k}", *back])


def row(t):
    """The classes that light up for loss t: all its paths."""
    parts = [f"h{k} use{k}" for k in range(1, t + 1)] + [f"w{i}" for i in range(2, t + 1)]
    return " ".join([f"L{t} u{t} r{t} row{t}", *parts, *(f"s{k}" for k in range(1, t + 1))])


def column(k, T, edges=None):
    """The classes that light up for use k: the paths from it to every later loss.   edges: in place of those of the network"""
    losses = [f"L{t} h{t}" for t in range(k, T + 1)]
    edges = edges or [f"u{t}" for t in range(k, T + 1)] + [f"w{i}" for i in range(k + 1, T + 1)]
    return " ".join([f"use{k} f{k} col{k} s{k}", *losses, *edges])


def everything(T):
    """The classes that light up for the corner: all terms."""
    return " ".join(["all", *(f"w{t} u{t} h{t} L{t} r{t} f{t} row{t}" for t in range(1, T + 1))])


def name_of(t, k, parameter="W"):
    """The formula of C[t,k] in one line: ∂L₅/∂h₅ · J₅ J₄ · ∂⁺h₃/∂W, and J₉ … J₄ for more Jacobians than three"""
    steps = [lowered(f"J{i}") for i in range(t, k, -1)]
    jacobians = " ".join(steps if len(steps) < 4 else [steps[0], "…", steps[-1]])
    middle = f" · {jacobians}" if jacobians else ""
    return f"{lowered(f'∂L{t}')}/{lowered(f'∂h{t}')}{middle} · {lowered(f'∂⁺h{k}')}/∂{'bₕ' if parameter == 'b_h' else parameter}"


def _cell(t, k, made, at):
    text, weight, says, sets, look, also = made
    gap = 3 if at.pitch > SNUG else 1.5
    x, y, wide, high = at.edge(k) + gap, TOP + CELL * (t - 1) + 1, at.pitch - 2 * gap, CELL - 3
    if at.signs:
        text, weight = "−" * text.startswith("−"), round(8 * weight) / 8             # fewer depths, which frames can share
    fill, strength = palette.PLUS if weight >= 0 else palette.MINUS, STRONGEST * min(abs(weight), 1) ** .7
    rim = {"stroke": fill} if strength < FAINT else {}             # no grid: the pattern is to be seen
    if look in ("cut", "later"):
        rim, strength = {"stroke": palette.FAINT, "stroke_opacity": 1, "dash": "3 3"}, 0
    wrong = look in ("missing", "extra")
    if wrong:
        rim, strength, fill = {"stroke": palette.BAD, "stroke_opacity": 1, "stroke_width": 2}, .14, palette.BAD
    small = look == "cut" or abs(weight) < SMALL
    colour = palette.BAD if wrong else palette.MUTED if small else palette.INK
    body = rect(x, y, wide, high, 4, fill=fill, fill_opacity=strength, **rim)
    if text:
        bold = ' font-weight="bold"' * wrong
        body += f'<text x="{x + wide / 2:g}" y="{y + 16.5:g}" fill="{colour}"{bold}>{escape(text)}</text>'
    framed = "" if look == "later" else "cell "                       # where no number is, nothing is framed
    return touch(body, f"{framed}c{t}-{k} row{t} col{k}", lights=f"{_along(t, k)} {also}".strip(), says=says, sets=sets)


def _whole(k, margin, at, T):
    """Column k as one bar: its sum is made at once, its cells never, so a row does not light it."""
    y, high = TOP + CELL * (k - 1) + 1, CELL * (T - k + 1) - 3
    body = rect(at.edge(k) + 3, y, at.pitch - 6, high, 4, fill=palette.LOSS, fill_opacity=.18,
                stroke=palette.LOSS, stroke_opacity=1)
    return touch(body, f"cell bar col{k}", lights=column(k, T), says=margin.says)


def _sums(last, terms, at, firm):
    """The heads of the rows, the feet of the columns below row `last`, the corner, and a rule that parts them from the cells."""
    T, bottom = len(terms.rows), TOP + CELL * last
    weight = "" if terms.total.small else "bold"
    total = label(LEFT + 24, bottom + 22.5, terms.total.text, size=13, anchor="end", weight=weight)
    corner = _sum(patch(4, bottom + 5, LEFT + 24, CELL - 3), total, "all", terms.total, everything(T), firm)
    rule = path(f"M4 {bottom + 2}H{at(last) + at.pitch / 2:g}M{LEFT + 32} {TOP}V{bottom + CELL}", stroke=palette.FAINT)
    def head(t, margin):
        y = TOP + CELL * (t - 1)
        words = (symbol(8, y + 17, "L", t, size=15, colour=palette.LOSS, anchor="start")
                 + label(LEFT + 24, y + 17.5, margin.text, size=12.5, colour=palette.USE, anchor="end"))
        return _sum(patch(4, y + 1, LEFT + 24, CELL - 3), words, f"r{t}", margin, row(t), firm)
    crowded = at.signs and max(len(margin.text) for margin in terms.columns) > 3
    def foot(k, margin):
        words = label(at(k), bottom + 22.5, "Σ" if crowded else margin.text, size=at.size, colour=palette.LOSS)
        return _sum(patch(at.edge(k) + 3, bottom + 5, at.pitch - 6, CELL - 3), words, f"f{k}", margin, column(k, T), firm)
    return [rule, *map(head, range(1, T + 1), terms.rows), *map(foot, range(1, T + 1), terms.columns), corner]


def _sum(area, words, name, margin, lights, firm):
    """A sum at the margin, to touch.   firm: it keeps its strength while other things are lit"""
    classes = ["cell"] * bool(margin.text) + [name] + ["firm"] * firm
    return touch(area + words, " ".join(classes), lights=margin.lights or lights, says=margin.says)


def _names(terms, at):
    """The names of rows and columns where nothing is added up: L₁, L₂ … at the left, k = 1, 2 … below."""
    T = len(terms.rows)
    def head(t):
        x, y = at.edge(1) - 6, TOP + CELL * (t - 1)
        body = patch(x - 34, y + 1, 34, CELL - 3) + symbol(x - 4, y + 17, "L", t, size=16, colour=palette.LOSS, anchor="end")
        return touch(body, f"cell r{t}", lights=row(t), says=terms.rows[t - 1].says)
    def foot(k):
        y = TOP + CELL * T + 3
        body = (patch(at.edge(k) + 3, y, at.pitch - 6, CELL - 3)
                + label(at(k), y + 16.5, f"k = {k}", size=12.5, colour=palette.USE))
        return touch(body, f"cell f{k}", lights=column(k, T), says=terms.columns[k - 1].says)
    return [*map(head, range(1, T + 1)), *map(foot, range(1, T + 1))]
