"""Where gradients leave the network: the backward arrows into one input x_t, or into h_0, and all that feeds them."""
from .. import palette
from .network import COLOUR, PITCH, ROW, TOP, R, centre, circle, square
from .svg import Drawing, arrow, label, symbol

BELOW = 34          # room for the names and norms under the inputs
LEFT = 22           # room for dh_0 beside its node


def way_out(T, target, norms):
    """The unfolded network with its arrows turned round; lit are those that bring dx_target, or dh_0, to its exit.

    T: steps     target: 1..T for x_t, 0 for h_0     norms: (T+1,) size of dh_0 and of each dx_t     returns: Drawing
    """
    lit = _lit(T, target)
    body = [_edge(letter, t, (letter, t) in lit) for t in range(1, T + 1) for letter in "LUWV"]
    for t in range(T + 1):
        body += _nodes(t, lit, target)
    body += [_exit(t, norms[t], t == target) for t in range(T + 1)]
    body.append(label(centre(0), _y("x") + R + 18, "‖dxₜ‖", size=12, colour=palette.MUTED))
    graph = Drawing(centre(T) + R + 8, _y("x") + R + BELOW, "".join(body))
    return Drawing(graph.width + LEFT, graph.height, f'<g transform="translate({LEFT} 0)">{graph.body}</g>')


def _lit(T, target):
    """The edges on the way: from every loss t >= k, back to h_k, and out by the one edge of the target."""
    k = max(target, 1)
    return ({(letter, t) for t in range(k, T + 1) for letter in "LU"} | {("W", t) for t in range(k + 1, T + 1)}
            | {("V", target) if target else ("W", 1)})


def _y(layer):
    return TOP + ROW * {"L": 0, "ŷ": .8, "h": 1.8, "x": 2.8}[layer]


def _edge(letter, t, lit):
    """One arrow of the backward sweep, with the transposed matrix that stands on it."""
    x, hidden = centre(t), _y("h")
    start, end = {"L": ((x, TOP + 13), (x, _y("ŷ") - R)), "U": ((x, _y("ŷ") + R), (x, hidden - R)),
                  "W": ((x - R, hidden), (x - PITCH + R, hidden)), "V": ((x, hidden + R), (x, _y("x") - R))}[letter]
    colour, ink, weight = (COLOUR.get(letter, palette.LOSS),) * 2 + ("bold",) if lit else (palette.FAINT, palette.MUTED, "normal")
    line = arrow(*start, *end, colour=colour, width=3 if lit else 1.4, dash="6 4")
    if letter == "L":
        return line
    at = (x - PITCH / 2, hidden - 9) if letter == "W" else (x + 13, (start[1] + end[1]) / 2 + 5)
    return line + symbol(*at, letter, superscript="⊤", size=15, colour=ink, weight=weight)


def _nodes(t, lit, target):
    x, passed, out = centre(t), _rim(("U", t) in lit), _rim(t == target)
    if t == 0:
        return [circle(x, _y("h"), "h", 0, dash="3 3", colour=out)]
    ink, weight = (palette.LOSS, "bold") if ("L", t) in lit else (palette.MUTED, "normal")
    return [square(x, _y("x"), "x", t, colour=out), circle(x, _y("h"), "h", t, colour=passed),
            square(x, _y("ŷ"), "ŷ", t, colour=passed), symbol(x, TOP + 5, "L", t, colour=ink, weight=weight)]


def _rim(lit):
    return palette.INK if lit else palette.FAINT


def _exit(t, norm, lit):
    """The norm of a gradient beside its node: under x_t, under h_0."""
    y = _y("x" if t else "h") + R + 18
    ink, weight = (palette.INK, "bold") if lit else (palette.MUTED, "normal")
    name = "" if t else label(centre(0), y + 17, "‖dh₀‖", size=12, colour=ink)
    return name + label(centre(t), y, f"{norm:.2f}", size=13, weight=weight, colour=ink)
