"""The two sweeps over the unfolded network: values from left to right, gradients from right to left."""
from .. import palette
from .network import COLOUR, R, matrix, node
from .svg import STILL, Drawing, arrow, symbol, then, touch

ACROSS, SLIM, LEFT = 600, 303, 34                  # from h_0 to h_T, on a phone; of h_0
Y_LOSS, Y_OUT, Y_HIDDEN, Y_IN = 22, 82, 170, 252


def sweep(T, step, back=False, across=ACROSS):
    """The unfolded network with its losses, part-way through a sweep; what is not reached yet is faint.

    step: the step the sweep has come to, 0..T     back: False for the forward sweep, which has reached steps 1..step;
    True for the backward sweep, which has reached T..step, at last h_0: its arrows are dashed and turned round
    across: pixels from h_0 to h_T     returns: Drawing
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
    return Drawing(at(T) + R + 54, Y_IN + R + 4, "".join(body))


def _edge(letter, start, end, there, turned, now, back):
    """An edge: faint before it is reached; thin and grey in the backward sweep, as long as no gradient has passed it."""
    rests = back and not turned
    colour = (palette.MUTED if rests else COLOUR.get(letter, palette.LOSS)) if there else palette.FAINT
    start, end = (end, start) if turned else (start, end)
    name = "" if letter == "L" else matrix(letter, "", start, end, colour=colour if there else palette.MUTED)
    turn = {"V": 0, "W": int(back), "U": 1, "L": 0 if turned else 2}[letter] if now else STILL
    width, dash = 3.6 if now else 1.2 if rests else 1.6, "6 4" if turned else ""
    return arrow(*start, *end, colour=colour, width=width, dash=dash, grows=turn) + name


def _nodes(t, x, step, back):
    """The nodes of column t, with dh_t beside h_t once both gradients have met there."""
    there = back or t <= step
    rim = palette.INK if there else palette.FAINT
    met = symbol(x + 19, Y_HIDDEN + 27, "dh", t, size=16, anchor="start", weight="bold") if back and t >= step else ""
    if t == 0:
        return [node(x, Y_HIDDEN, "h", 0, rim=palette.INK), met]
    met = met and then(met, 2 if t == step else STILL)
    loss = symbol(x, Y_LOSS + 5, "L", t, colour=palette.LOSS if there else palette.MUTED)
    state, out = node(x, Y_HIDDEN, "h", t, rim=rim), node(x, Y_OUT, "ŷ", t, rim=rim) + loss
    if not back:                                          # what is computed now comes after its arrows
        state, out = then(state, 1 if t == step else STILL), then(out, 2 if t == step else STILL)
    return [state, node(x, Y_IN, "x", t, rim=palette.INK), out, met]
