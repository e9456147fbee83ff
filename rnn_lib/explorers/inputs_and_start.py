"""Lesson 09: the triangles of V and of W with and without h_0, and the ways by which gradients reach the inputs and h_0."""
import numpy as np

from .. import definition, palette
from ..bptt import bptt
from ..diagrams import Drawing, above, beside, label, lowered, render
from ..diagrams.exits import way_out
from ..diagrams.sums import triangle_with_sums
from ..diagrams.triangle import MARGIN
from ..losses import cross_entropy
from ..network import forward, tanh
from .contributions import COLOUR, STRONGEST, values
from .kit import Picture, choice, slider, switched

CELL = 30           # two triangles of 12 fit the page
CAME_IN = {"V": "xₖᵀ", "W": "hₖ₋₁ᵀ"}


def inputs_and_start(params, x, y, h_0, *, f=tanh, loss=cross_entropy):
    """Move T, switch h_0 off and on: the contributions to the gradients of V and of W, side by side.

    params: Parameters     x: (T_max, D), T_max up to 12     y: labels or targets for the loss     h_0: (H,), the start to switch
    f, loss: as for `copy_gradients`     returns: Explorer, switched in the browser
    """
    terms = {start: _terms(params, x, y, h_0 if start else 0 * h_0, f, loss) for start in (True, False)}
    def draw(T, start, view):
        pair = beside(*(_titled(name, terms[start][name], T, view) for name in "VW"), gap=20)
        picture = above(pair, _key(view, pair.width), gap=4)
        title = f"contributions to the gradients of V and W, T = {T}, h_0 {'given' if start else '= 0'}: {view}"
        return Picture(render(picture, title), _caption(terms[start], T, start, view))
    return switched(draw, T=slider("T", 1, len(x), min(4, len(x)), "length of the sequence"),
                    start=choice("h₀", (("given", True), ("0", False))),
                    view=choice("show", (("signed share, %", "share"), ("norm", "norm"))))


def ways_out(params, x, y, h_0=None, *, f=tanh, loss=cross_entropy):
    """Choose h_0 or an input: the backward arrows that bring its gradient light up, from every loss that reaches it.

    params: Parameters     x: (T, D), T up to 12     y, h_0, f, loss: as for `inputs_and_start`, h_0 zeros when None
    returns: Explorer, switched in the browser
    """
    run = forward(params, x, h_0, f)
    gradients, T = bptt(params, run, loss(run.o, y)[1]), len(x)
    norms = [np.linalg.norm(gradients.h_0), *np.linalg.norm(gradients.x, axis=-1)]
    def draw(target):
        title = f"the way back to {'h' if target == 0 else 'x'}_{target}, T = {T}"
        return Picture(render(way_out(T, target, norms), title), _way_caption(T, target, norms[target]))
    options = [("h" if t == 0 else "x") + lowered(t) for t in range(T + 1)]
    return switched(draw, target=choice("gradient of", [*zip(options, range(T + 1), strict=True)], min(2, T)))


def _terms(params, x, y, h_0, f, loss):
    """The contributions to both matrices, by name, in the network that starts from this h_0."""
    run = forward(params, x, h_0, f)
    do = loss(run.o, y)[1]
    return {name: definition.contributions(params, run, do, name) for name in "VW"}


def _titled(name, C, T, view):
    """One triangle with its sums, a title above, and a frame around column 1: what use 1 is told."""
    cells, rows, columns, total = values(C[:T, :T], view)
    scale = max(np.abs(cells).max(), 1e-300)
    def cell(t, k):
        value = cells[t - 1, k - 1]
        return _words(value, view), COLOUR[name] if value >= 0 else palette.MUTED, STRONGEST * abs(value) / scale
    words = [[_words(value, view) for value in sums] for sums in (rows, columns)]
    drawing = triangle_with_sums(T, cell, *words, _words(total, view), T_max=len(C), size=CELL)
    framed = (f'<rect x="{MARGIN - 1}" y="{MARGIN - 1}" width="{CELL + 2}" height="{CELL * T + 2}" rx="5" fill="none" '
              f'stroke="{palette.USE}" stroke-width="2.4"/>')
    told = f"column k adds up to daₖ {CAME_IN[name]}"
    head = Drawing(drawing.width, 22, _left(MARGIN, 16, f"∂L/∂{name}", COLOUR[name], size=15, weight="bold")
                   + _left(MARGIN + 62, 16, told, palette.USE))
    return above(head, Drawing(drawing.width, drawing.height, drawing.body + framed), gap=2)


def _words(value, view):
    """0 for exactly 0, a dot for what rounds to 0."""
    if value == 0:
        return "0"
    text = f"{value:.2f}" if view == "norm" else f"{value:+.0f}".replace("-", "−")
    return text if float(text.replace("−", "-")) else "·"


def _key(view, width):
    """What stands in the cells and at the margins."""
    shown = ("share in %, coloured where positive, grey where negative" if view == "share" else
             "norm, the stronger the colour the larger")
    cells = f"A cell: {shown}; · rounds to 0, and 0 is exactly 0. Framed: column 1."
    return Drawing(width, 40, _left(4, 14, cells, palette.MUTED)
                   + _left(4, 34, "Right of a row t: what loss t asks for.", palette.LOSS)
                   + _left(250, 34, "Below a column k: what use k is told.", palette.USE))


def _left(x, y, text, colour, *, size=13, weight="normal"):
    return label(x, y, text, size=size, colour=colour, anchor="start", weight=weight)


def _caption(terms, T, start, view):
    first = {name: values(C[:T, :T], view)[2][0] for name, C in terms.items()}
    head = f"T = {T}, h₀ {'given' if start else '= 0'}: "
    if view == "share":
        sizes = {name: f"{value:+.0f} %".replace("-", "−") for name, value in first.items()}
        of_V, of_W = f"{sizes['V']} of ∂L/∂V", f"{sizes['W']} of ∂L/∂W"
    else:
        of_V, of_W = (f"norm {first[name]:.2f} in ∂L/∂{name}" for name in "VW")
    if start:
        return f"{head}use 1 has {of_V}, where it met x₁, and {of_W}, where it met h₀."
    rest = "so ∂L/∂W is 0 altogether" if T == 1 else f"all {T} cells"
    return f"{head}W's column 1 is exactly 0, {rest}: its use 1 met h₀ = 0. V's column 1 is not: use 1 met x₁, and has {of_V}."


def _way_caption(T, target, norm):
    t, last = lowered(target), lowered(T)
    if target == 0:
        reach = "the only loss comes" if T == 1 else f"all {T} losses come"
        return f"dh₀ = Wᵀda₁, norm {norm:.2f}. h₀ has one edge, so nothing is added up there; {reach} in through da₁."
    head = f"dx{t} = Vᵀda{t}, norm {norm:.2f}. x{t} has one edge, so nothing is added up there; "
    if target == T:
        return f"{head}only L{last} reaches it: nothing comes from the right."
    others = "" if target == 1 else " L₁ cannot." if target == 2 else f" L₁ to L{lowered(target - 1)} cannot."
    return f"{head}L{t} to L{last} come in through da{t}.{others}"
