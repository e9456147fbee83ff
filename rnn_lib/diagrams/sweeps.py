"""The two sweeps over the unfolded network: values from left to right, gradients from right to left, where dW is collected."""
from .. import palette
from .network import COLOUR, R, matrix, node
from .svg import STILL, Drawing, arrow, label, symbol, then, touch

ACROSS, SLIM, LEFT = 600, 303, 34                  # from h_0 to h_T, on a phone; of h_0
Y_LOSS, Y_OUT, Y_HIDDEN, Y_IN, Y_TERMS = 22, 82, 170, 252, 312


def sweep(T, step, back=False, across=ACROSS):
    """The unfolded network with its losses, part-way through a sweep; what is not reached yet is faint.

    step: the step the sweep has come to, 0..T     back: False for the forward sweep, which has reached steps 1..step;
    True for the backward sweep, which has reached T..step, at last h_0: its arrows are dashed and turned round, and the
    terms of dW gather below     across: pixels from h_0 to h_T     returns: Drawing
    """
    def at(t):
        return LEFT + across / T * t
    body = []
    for t in range(1, T + 1):
        there, turned, now = back or t <= step, back and t >= step, t == step
        body += [_edge("V", (at(t), Y_IN - R), (at(t), Y_HIDDEN + R), there, False, now and not back, back),
                 _edge("U", (at(t), Y_HIDDEN - R), (at(t), Y_OUT + R), there, turned, now, back),
                 _edge("L", (at(t), Y_OUT - R), (at(t), Y_LOSS + 12), there, turned, now, back),
                 _edge("W", (at(t - 1) + R, Y_HIDDEN), (at(t) - R, Y_HIDDEN), there, back and t > step,
                       t == step + back, back)]            # at work: into h_step going forward, back out of h_{step+1}
    way = "backward" if back else "forward"
    for t in range(T + 1):
        there, now = f"move={2 * T + 1 - t if back else t}", t == step
        says = f"Go to step {t} of the {way} sweep." if t else f"Go to h₀, the {'end' if back else 'start'} of the {way} sweep."
        body.append(touch("".join(_nodes(t, at(t), step, back)), sets=there, says=says, current=now, chosen=now))
    return Drawing(at(T) + R + 54, Y_TERMS + 12, "".join(body) + _collected(T, at, step, back))


def _edge(letter, start, end, there, turned, now, back):
    """An edge: faint before it is reached; thin and grey in the backward sweep, as long as no gradient has passed it."""
    rests = back and not turned
    colour = (palette.MUTED if rests else COLOUR.get(letter, palette.LOSS)) if there else palette.FAINT
    start, end = (end, start) if turned else (start, end)
    name = "" if letter == "L" else matrix(letter, "", start, end, turned=turned, colour=colour if there else palette.MUTED)
    turn = {"V": 0, "W": int(back), "U": 1, "L": 0 if turned else 2}[letter] if now else STILL
    width, dash = 3.6 if now else 1.2 if rests else 1.6, "6 4" if turned else ""
    return arrow(*start, *end, colour=colour, width=width, dash=dash, grows=turn) + name


def _nodes(t, x, step, back):
    """The nodes of column t, with dh_t beside h_t once both gradients have met there, and da_t, which leaves at the left."""
    there = back or t <= step
    rim = palette.INK if there else palette.FAINT
    met = symbol(x + 19, Y_HIDDEN + 27, "dh", t, size=16, anchor="start", weight="bold") if back and t >= step else ""
    left = symbol(x - 19, Y_HIDDEN + 27, "da", t, size=16, anchor="end", weight="bold", colour=palette.USE) if met and t else ""
    if t == 0:
        return [node(x, Y_HIDDEN, "h", 0, rim=palette.INK), met]
    met, left = (part and then(part, 2 if t == step else STILL) for part in (met, left))
    loss = symbol(x, Y_LOSS + 5, "L", t, colour=palette.LOSS if there else palette.MUTED)
    state, out = node(x, Y_HIDDEN, "h", t, rim=rim), node(x, Y_OUT, "ŷ", t, rim=rim) + loss
    if not back:                                          # what is computed now comes after its arrows
        state, out = then(state, 1 if t == step else STILL), then(out, 2 if t == step else STILL)
    return [state, node(x, Y_IN, "x", t, rim=palette.INK), out, met, left]


def _collected(T, at, step, back):
    """The terms of dW, each under the edge whose use it comes from: a sum that grows from right to left."""
    if not back:
        return (symbol(4, Y_TERMS, "dW", size=16, anchor="start", colour=palette.MUTED)
                + label(32, Y_TERMS, "= nothing yet", size=14, anchor="start", colour=palette.MUTED))
    first = max(step, 1)
    x, sign, half = ((at(first - 1) + at(first)) / 2 - 60, "= … +", 24) if first > 1 else (at(0) + 17, "=", 10)
    start = symbol(x - half, Y_TERMS, "dW", size=16, anchor="end", colour=palette.W) + label(x, Y_TERMS, sign, size=15)
    return start + "".join(_term(t, at, t == step) + label(at(t), Y_TERMS, "+", size=15) * (t < T) for t in range(first, T + 1))


def _term(t, at, now):
    x = (at(t - 1) + at(t)) / 2
    width, weight = (2.4, "bold") if now else (1.2, "normal")
    look = {"size": 16, "colour": palette.USE, "weight": weight}
    return then(arrow(x, Y_HIDDEN + 10, x, Y_TERMS - 18, colour=palette.USE, width=width)
                + symbol(x, Y_TERMS, "da", t, anchor="end", **look)
                + symbol(x + 3, Y_TERMS, "h", t - 1, "⊤", anchor="start", **look), 2 if now else STILL)
