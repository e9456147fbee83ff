"""The unfolded network: the same nodes, edges and colours in every lesson.

Every part has a name, the same in every drawing, so that drawings above one another light each other up: nodes x4, h4, y4 (for ŷ)
and L4, edges v4 (into h4), w4 (into h4), u4 (out of h4) and l4 (into L4). `react` says what a part reacts to.

A *use* of a matrix is an edge of the unfolded graph: ("V", t) is x_t -> h_t, ("W", t) is h_{t-1} -> h_t and
("U", t) is h_t -> yhat_t. Light up any collection of uses; the rest steps back.
"""
from functools import partial

from .. import palette
from .svg import CLEAR, STILL, Drawing, arrow, circle, note, rect, symbol, then, touch, wide

R = 17              # radius of a hidden node, half the side of an input or output node
PITCH = 64          # from one step to the next
HALF = 23           # of the width of the frame around a step
ROW = 74            # from one layer to the next
TOP = 24            # centre of the uppermost row
COLOUR = {"V": palette.V, "W": palette.W, "U": palette.U}


def unfolded(T, *, lit=None, losses=False, inputs=True, pitch=PITCH, made=None, new=None, react=None, size=15):
    """The network unfolded for T steps: T columns x_t -> h_t -> yhat_t, joined by h_{t-1} -> h_t.

    lit:   uses to light up, such as {("W", 2), ("U", 2)}; None lights everything
    losses: draw L_t above each yhat_t     inputs: draw what comes in, the row of the x_t and h_0, and the edges from there
    pitch: pixels from one step to the next     made: the last step that is computed: what comes after it is dashed
    new: the step whose edges grow while ▶ plays; that one when None
    react: name of a part -> what `svg.touch` is told of it, {} for nothing     size: of the matrices     returns: Drawing
    """
    def part(name, body, turn=""):
        return touch(body, name + turn, **(react(name) if react else {}))
    y_loss, y_out = TOP, TOP + ROW * .8 * losses
    y_hid, y_in = y_out + ROW, y_out + 2 * ROW
    edges, nodes = [], []
    for t in range(1, T + 1):
        x, later, now = centre(t, pitch), made is not None and t > made, t == (new or made) if new or made else None
        edge = partial(use, lit=lit, later=later, now=now, size=size,
                       rest=palette.FAINT if made is None else palette.MUTED)
        edges.append(part(f"u{t}", edge("U", t, (x, y_hid - R), (x, y_out + R))))
        if inputs or t > 1:
            left, right = (x - pitch + R, y_hid), (x - R, y_hid)
            more = wide(left[0] - 7, y_hid, right[0] + 7, y_hid, 56) if pitch < 50 else ""          # a short edge, for a finger
            edges.append(part(f"w{t}", more + edge("W", t, left, right)))
        if losses:
            edges.append(part(f"l{t}", arrow(x, y_out - R, x, y_loss + 13, colour=palette.MUTED, width=1.3)))
            nodes.append(part(f"L{t}", symbol(x, y_loss + 5, "L", t, colour=palette.LOSS)))
        if inputs:
            edges.append(part(f"v{t}", edge("V", t, (x, y_in - R), (x, y_hid + R))))
            nodes.append(part(f"x{t}", node(x, y_in, "x", t)))
        dash = "3 3" if later else ""
        nodes += [part(f"h{t}", node(x, y_hid, "h", t, dash=dash), " then" * bool(now)),
                  part(f"y{t}", node(x, y_out, "ŷ", t, dash=dash), " last" * bool(now))]
    if inputs:
        nodes.append(part("h0", node(centre(0, pitch), y_hid, "h", 0)))
    return Drawing(centre(T, pitch) + R + 8, (y_in if inputs else y_hid) + R + 4, "".join(edges + nodes))


def centre(t, pitch=PITCH):
    """Where step t stands in `unfolded`: the x of its nodes."""
    return R + 8 + pitch * t


def with_places(graph, says, pitch=PITCH):
    """An unfolded network, and the places of the steps that are not part of the sequence yet, to be pressed.

    says: {step: the caption while its place is touched}     returns: Drawing
    """
    def place(t, said):
        x, high = centre(t, pitch), graph.height - 2
        frame = rect(x - HALF, 1, 2 * HALF, high, 9, fill=palette.SHADE, fill_opacity=0, stroke=palette.FAINT, dash="3 4")
        return touch(frame + note(x, graph.height / 2 + 4, f"t = {t}", anchor="middle"), sets=f"T={t}", says=said)
    width = max(graph.width, centre(max(says), pitch) + HALF + 2) if says else graph.width
    return Drawing(width, graph.height, graph.body + "".join(place(*each) for each in says.items()))


def use(letter, t, start, end, lit=None, *, copies=False, turned=False, later=False, now=False, rest=palette.FAINT,
        name=None, width=None, size=15):
    """One edge with the letter of its matrix, or `name`, "" for none: above a horizontal edge, beside a vertical one.

    turned: a gradient runs back along it: it is dashed, and its matrix is transposed     later: not used yet: dotted
    now: whether it grows, U after V and W; None where nothing does
    rest: colour of a use that is not lit while others are     width: in pixels; None: the thicker if lit
    copies: name the use of W at step k W with superscript (k)     lit, size: as for `unfolded`
    """
    colour, usual, weight = ((COLOUR[letter], 1.8, "normal") if lit is None else
                             (COLOUR[letter], 3.4, "bold") if (letter, t) in lit else (rest, 1.4, "normal"))
    ink = palette.MUTED if colour == palette.FAINT else colour
    dash = "6 4" if turned else "3 3" if later else ""
    turn = None if now is None else 2 * (letter == "U") if now else STILL
    edge = wide(*start, *end) + arrow(*start, *end, colour=colour, width=width or usual, dash=dash, grows=turn)
    named = matrix(letter, t, start, end, copies=copies, turned=turned, name=name, colour=ink, weight=weight, size=size)
    return edge + (named if turn is None else then(named, turn or STILL))


def matrix(letter, t, start, end, *, copies=False, turned=False, name=None, colour, weight="normal", size=15):
    """The letter of the matrix alone, where `use` writes it.   arguments: as for `use`     returns: SVG text, "" for no name"""
    if name == "":
        return ""
    superscript = (f"({t})" if copies and letter == "W" else "") + "⊤" * turned
    (x1, y1), (x2, y2) = start, end
    short = y1 == y2 and abs(x2 - x1) <= 14 + 4 * len(superscript)   # a name longer than its edge stands above the nodes
    down = 10 if letter == "V" else 5 - 9 * turned                  # V stands below the factors of a path, Uᵀ above the next Wᵀ
    x, y = (((x1 + x2) / 2, y1 - (R if short else 9)) if y1 == y2 else (x1 + (19 if turned else 12), (y1 + y2) / 2 + down))
    named = symbol(x, y, name or letter, superscript=superscript, size=size, colour=colour, weight=weight)
    return f"<g {CLEAR}>{named}</g>" if short else named


def node(x, y, letter, subscript="", r=R, *, rim=palette.MUTED, width=1.4, dash="", **style):
    """A state in a circle; an input, an output or a matrix in a square.   style: of the letter, as for `symbol`"""
    look = {"fill": palette.SHADE, "stroke": rim, "stroke_width": width, "dash": dash}
    shape = rect(x - r, y - r, 2 * r, 2 * r, 6, **look) if letter in "xŷoW" else circle(x, y, r, **look)
    return shape + symbol(x, y + 5, letter, subscript, **style)
