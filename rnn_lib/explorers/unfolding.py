"""Lesson 02: the compact and the unfolded network side by side."""
from .. import palette
from ..diagrams.folded import counted, counted_parameters, folded, pieces
from ..diagrams.formulas import formula
from ..diagrams.network import COLOUR, HALF, PITCH, R, centre, unfolded, with_places
from ..diagrams.svg import NARROW, Drawing, above, beside, note, path, rect, render, scaled, when
from ..diagrams.wording import lowered
from .kit import Picture, slider, still, switched

CLOSE = 48          # from one step to the next on a narrow page
DOTS, CLOSE_DOTS = 11, 7.5         # the same of the dots that are counted
HEAD = 24           # above a network: its title
APART = 6           # between the two networks: twelve steps fit into a notebook that is 1000 wide
LOOP = 54           # what the loop of the compact network takes besides the frame around its step
FROM_TO = {"V": "xₜ to hₜ", "W": "hₜ₋₁ to hₜ", "U": "hₜ to ŷₜ"}
FIRST = {"V": "x₁ to h₁", "W": "h₀ to h₁", "U": "h₁ to ŷ₁"}
PARENTS = {"x": "x{t}", "h": "h{t} v{t} x{t} w{t} h{s}", "y": "y{t} u{t} h{t}"}        # s: the step before t
FOLDED = {"x": "xt", "h": "ht V xt W b", "y": "yt U ht b"}                            # the same in the compact drawing
LEADS = {"V": "V leads from xₜ to hₜ.", "W": "W leads from hₜ₋₁ to hₜ: the state comes back one step later.",
         "U": "U leads from hₜ to ŷₜ."}
LINES = (("a_t:A", "V:V x_t:X + W:W h_t−1:P + b_h:b"), ("h_t:H", "f:F ( a_t:A )"),
         ("o_t:O", "U:U h_t:H + b_y:c"), ("ŷ_t:Y", "g:G ( o_t:O )"))                           # (1) to (4)
INSIDE = {"x": "xt X", "h": "ht xt A F H P V W X b", "y": "yt ht G H O U Y c"}                 # what they have of each node
THERE = {"A": "ht", "F": "ht", "G": "yt", "H": "ht", "O": "yt", "P": "W", "W": "P", "X": "xt", "Y": "yt"}  # letter -> where it is
LETTERS = {"A": "aₜ has no node of its own: it is inside hₜ, as the sum that goes into f.",
           "F": "f is inside the node hₜ: it makes hₜ from aₜ.", "G": "g is inside the node ŷₜ: it makes ŷₜ from oₜ.",
           "H": "hₜ is a node: (2) makes it, and (3) reads it.",
           "O": "oₜ has no node of its own: it is inside ŷₜ, as the scores that go into g.",
           "P": "hₜ₋₁ is hₜ of the step before: it comes back along the loop.",
           "X": "xₜ is a node. It is given, like every input.", "Y": "ŷₜ is a node: (4) makes it."}
BIASES = {"b": "The bias b_h belongs to hₜ. It is not drawn.", "c": "The bias b_y belongs to ŷₜ. It is not drawn."}
SAYS = {"x": "x{t} is given, like every input.",
        "h": "h{t} is computed from x{t}, h{s} and the parameters, and from nothing else.",
        "y": "ŷ{t} is computed from h{t} and the parameters, and from nothing else."}


def unfolding(T_max=12, D=50, H=100, K=2000):
    """Move T: the graph grows, the parameters do not. Touch an edge: every use of its matrix lights up, and what it leads to.

    D, H, K: sizes, for the count of parameters     returns: Explorer, switched in the browser
    """
    sizes = {"V": H * D, "W": H * H, "U": K * H, "b": H + K}
    def draw(T, narrow=False):
        def react(name):
            return _node(name, T) if name[0] in "xhy" else _edge(name[0].upper(), T, sizes, narrow)
        pitch, put = (CLOSE, above) if narrow else (PITCH, beside)
        steps = [centre(t, pitch) for t in range(1, T + 1)]
        last = max(T, min(T_max, 6)) if narrow else T_max
        graph = unfolded(T, pitch=pitch, new=T, react=react, size=max(15, last + 7) if narrow else 15)
        graph = with_places(graph, {t: f"Step {t} is not part of the sequence yet. Press to go as far as step {t}."
                                    for t in range(T + 1, last + 1)}, pitch)
        size = min(1, NARROW / graph.width) if narrow else 1                             # all steps stay in sight
        long = _titled("unfolded: a column per step", graph, steps, size)
        compact = _titled("compact", folded(react), [R + 12], wide=2 * HALF + LOOP)
        dot = CLOSE_DOTS if narrow else DOTS
        counts = above(counted_parameters(sizes, narrow), counted("nodes", T, dot), counted("edges", T, dot), gap=8)
        picture = above(put(compact, long, gap=APART), counts, gap=16)
        if not narrow:
            ways = _ways(T, compact.width + APART, HEAD + graph.height + 8, picture.height - counts.height - 1, sizes)
            picture = picture._replace(body=ways + picture.body)
        return Picture(render(picture, f"compact network, and unfolded for {T} steps"), _caption(T))
    return switched(draw, T=slider("T", 1, T_max, min(6, T_max), "length of the sequence", plays=True))


def _ways(T, left, under, bottom, sizes):
    """From the piece of a matrix in the strip to the foot of each column, while an edge is touched: all read the same numbers."""
    found = ""
    for letter in "VWU":
        x, wide = pieces(sizes)[letter]
        feet = [left + centre(t) for t in range(1, T + 1)]
        ticks = "".join(f"M{foot:g} {under}v-7" for foot in feet)
        trunk = f"M{x + wide / 2:.1f} {bottom}V{under}M{min(x + wide / 2, feet[0]):.1f} {under}H{max(x + wide / 2, feet[-1]):.1f}"
        found += when(f"all{letter}", path(trunk + ticks, stroke=COLOUR[letter], stroke_width=1.6))
    return found


def loop():
    """The network before it is unfolded, beside (1) to (4). Touch a node or a letter: where is it there?   returns: Explorer"""
    def react(name):
        if name in LEADS:
            return {"lights": f"{name} {THERE.get(name, '')}".strip(), "says": LEADS[name]}
        return {"lights": INSIDE[name[0]], "says": SAYS[name[0]].format(t="ₜ", s="ₜ₋₁")}
    look = {"size": 20, "says": LEADS | BIASES | LETTERS, "lights": THERE}
    lines = "".join(note(0, 40 * i, f"({i})", size=13) + formula(58, 40 * i, left, anchor="end", **look)
                    + formula(66, 40 * i, f"= {right}", **look) for i, (left, right) in enumerate(LINES, 1))
    picture = beside(scaled(folded(react), 1.3), Drawing(248, 172, lines), gap=20)
    return still(*(Picture(render(each, "(1) to (4), and the compact network: one column, and a loop from the state to itself"),
                           "One drawing for all steps: the arrow W leaves hₜ and comes back one step later.")
                   for each in (scaled(picture, 1.4), picture)))


def _titled(title, drawing, middles, size=1, wide=2 * HALF):
    """A network with its title, and a frame around every step of it: what is inside is computed together.   wide: of a frame"""
    head = Drawing(94, HEAD - 6, note(8, 13, title, size=13))
    frames = (rect(x - HALF, 1, wide, drawing.height - 2, 9, fill="none", stroke=palette.FAINT, stroke_width=1.4)
              for x in middles)
    return above(head, scaled(Drawing(drawing.width, drawing.height, "".join(frames) + drawing.body), size), gap=6)


def _edge(letter, T, sizes, narrow):
    """An edge lights up every use of its matrix and what each leads to, in both drawings, its part of the strip, and `_ways`."""
    low, node = letter.lower(), "y" if letter == "U" else "h"
    uses = " ".join([letter, *[f"all{letter}"] * (not narrow), f"{node}t", *(f"{low}{t} {node}{t}" for t in range(1, T + 1))])
    once, more = (f"{letter} is used once, from {FIRST[letter]}: {sizes[letter]:,} numbers.",
                  f"{T} uses of one {letter}, from {FROM_TO[letter]}: the same {sizes[letter]:,} numbers at every step.")
    return {"lights": uses, "says": once if T == 1 else more}


def _node(name, T):
    """A node lights up what it is computed from, in both drawings."""
    kind, t = name[0], name[1:]
    if t == "t":
        same = " ".join(f"{kind}{n}" for n in range(1, T + 1))
        return {"lights": f"{FOLDED[kind]} {same}", "says": SAYS[kind].format(t="ₜ", s="ₜ₋₁")}
    if t == "0":
        return {"lights": name, "says": "h₀ is given: the state before the first step."}
    lights = f"{PARENTS[kind].format(t=t, s=int(t) - 1)} {FOLDED[kind]}"
    return {"lights": lights, "says": SAYS[kind].format(t=lowered(t), s=lowered(int(t) - 1)), "current": name == f"x{T}"}


def _caption(T):
    if T == 1:
        return "One step: unfolded, the loop has become an edge from h₀, which is given. Each matrix is used once."
    return f"{T} steps, and {T} uses of V, of W and of U. Touch one: where is it used, and what does it lead to?"
