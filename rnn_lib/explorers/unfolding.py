"""Lesson 02: the compact and the unfolded network side by side."""
from .. import palette
from ..diagrams import Drawing, above, beside, compact, label, render, unfolded
from .kit import Picture, choice, slider, switched

FROM_TO = {"V": "xₜ to hₜ", "W": "hₜ₋₁ to hₜ", "U": "hₜ to ŷₜ"}


def unfolding(T_max=12, D=50, H=100, K=2000):
    """Move T: the graph grows, the parameters do not. Choose a matrix: all its copies light up.

    D, H, K: sizes, for the count of parameters     returns: Explorer, switched in the browser
    """
    parameters = H * D + H * H + K * H + H + K
    def draw(T, light):
        lit = None if light == "all" else {(light, t) for t in range(1, T + 1)}
        graphs = beside(_titled("compact", compact(lit and {light})),
                        _titled(f"unfolded, T = {T}", unfolded(T, T_max=T_max, lit=lit)), gap=8)
        picture = above(graphs, _bar("nodes", 3 * T + 1, 3 * T_max + 1), _bar("parameters", parameters, parameters), gap=8)
        return Picture(render(picture, f"compact network, and unfolded for {T} steps"), _caption(T, light, parameters))
    return switched(draw, T=slider("T", 1, T_max, 4, "length of the sequence"), light=choice("light up", ["all", "V", "W", "U"]))


def _titled(title, drawing):
    head = Drawing(drawing.width, 18, label(4, 13, title, size=13, colour=palette.MUTED, anchor="start"))
    return above(head, drawing, gap=6)


def _bar(name, value, most, room=560):
    width = room * value / most
    return Drawing(room + 200, 16, label(106, 12, name, size=13, colour=palette.MUTED, anchor="end")
                   + f'<rect x="120" y="2" width="{width:.1f}" height="12" rx="2" fill="{palette.MUTED}"/>'
                   + label(128 + width, 12, f"{value:,}", size=13, anchor="start"))


def _caption(T, light, parameters):
    nodes = f"T = {T}: {3 * T + 1} nodes, {3 * T} edges; {parameters:,} parameters, as at every T."
    if light == "all":
        return nodes
    copies = f"1 copy of {light}, on the edge" if T == 1 else f"{T} copies of one {light}, on every edge"
    return f"{nodes} Lit: {copies} from {FROM_TO[light]}."
