"""Lesson 09: the linked triangles of V and of W, with and without h_0."""

from .. import definition
from ..diagrams.linked import Y_HIDDEN, Network
from ..diagrams.network import COLOUR
from ..diagrams.svg import Drawing, above, beside, label, note, render
from ..diagrams.triangle import LEFT, R, name_of
from ..diagrams.wording import lowered
from ..losses import cross_entropy
from ..network import forward, tanh
from .contributions import contribution_triangle, percent, values
from .kit import Picture, choice, slider, switched

SHOWN, PITCH, CLOSE = 6, 60, 51     # steps, and pixels from one to the next: two triangles fit the page, one a narrow page
KEYS = {"V": ("left, Σₖ: the share of loss t, in both triangles", "below, Σₜ: the share of use k, in both triangles"), "W": ()}
CAME_IN = {"V": "xₖᵀ", "W": "hₖ₋₁ᵀ"}
IS_ZERO = [label(LEFT, Y_HIDDEN + R + 17, "= 0", size=14, weight="bold")]       # below the node of h_0


def inputs_and_start(params, x, y, h_0, *, f=tanh, loss=cross_entropy):
    """Move T, switch h_0 off and on: the linked triangles of V and of W, side by side.

    params: Parameters     x: (T_max, D), of which up to 6 steps are shown     y: labels or targets for the loss
    h_0: (H,), the start to switch     f, loss: as for `copy_gradients`     returns: Explorer, switched in the browser
    """
    most = min(len(x), SHOWN)
    terms = {start: _terms(params, x[:most], y[:most], h_0 if start else 0 * h_0, f, loss) for start in (True, False)}
    def draw(T, start, narrow=False):
        drawn = {"T": T, "most": most, "more": () if start else IS_ZERO}
        both = Network("V", twin="W")                                                   # a phone has room for one network
        pair = (above(_titled("V", terms[start], **drawn, pitch=CLOSE, network=both),
                      _titled("W", terms[start], **drawn | {"more": ()}, pitch=CLOSE, network=None), gap=4) if narrow else
                beside(*(_titled(name, terms[start], **drawn, pitch=PITCH) for name in "VW"), gap=16))
        title = f"contributions to the gradients of V and W, T = {T}, h_0 {'given' if start else '= 0'}"
        return Picture(render(pair, title), _caption(T, start))
    length = slider("T", 1, most, min(4, most), "length of the sequence", plays=True)
    return switched(draw, held="c3-1" if most > 2 else "", T=length,
                    start=choice("h₀", (("given", True), ("0", False)), says="the initial state"))


def _terms(params, x, y, h_0, f, loss):
    """The contributions to both matrices, by name, in the network that starts from this h_0."""
    run = forward(params, x, h_0, f)
    do = loss(run.o, y)[1]
    return {name: definition.contributions(params, run, do, name) for name in "VW"}


def _titled(name, terms, T, **drawn):
    """One linked triangle, with a title above. Its cells speak of both.   drawn: as for `linked`"""
    shares = {each: values(C[:T, :T], "share")[0] for each, C in terms.items()}
    drawing = contribution_triangle(terms[name], T, "share", name, says=lambda t, k: _both(t, k, shares), key=KEYS[name], **drawn)
    head = (label(4, 16, f"dL/d{name}, shares in %", size=15, colour=COLOUR[name], anchor="start", weight="bold")
            + note(4, 36, f"column k adds up to daₖ {CAME_IN[name]}", size=13))
    return above(Drawing(drawing.width, 42, head), drawing, gap=4)


def _both(t, k, shares):
    """What a cell is in either triangle.   shares: {"V", "W": (T, T)} in %"""
    path = " · ".join(name_of(t, k).split(" · ")[:-1])
    met = {"V": f"x{k}", "W": f"h{k - 1}"}
    share = {name: percent(part[t - 1, k - 1]) for name, part in shares.items()}
    last = ", ".join(f"with {lowered(met[name])} {share[name]} of d{name}" for name in "VW")
    return f"C[{t},{k}] = {path} · the last factor: {last}."


def _caption(T, start):
    if start:
        return ("Both triangles share every factor but the last: use k of V met xₖ, use k of W met hₖ₋₁. "
                "Touch a cell: it lights up in both. Then set h₀ = 0.")
    rest = "so dL/dW is 0 altogether" if T == 1 else "in every row"
    return f"W's column 1 is exactly 0, {rest}: its use 1 met h₀ = 0. V's column 1 is not: its use 1 met x₁."
