"""On top of the linked triangle: how far a nudge of one use of W runs forward, and how its gradient runs back, by size.

Above every loss stands a bar, up where the loss grows and down where it falls: by how much, in all that is lit.
All T have one scale, that of the longest sequence: what does not change when T moves must not look as if it did.
"""
from .. import palette
from .linked import Y_HIDDEN, Y_LOSS
from .svg import Drawing, arrow, label, move, note, path, rect, when
from .triangle import R
from .wording import word

THIN, THICK = 1.5, 8                         # of an arrow; a thicker one would cover the letter beside it
BAR, WIDE, ZERO = 40, 40, -28                # of the longest bar, its width, where no change is: above the drawing of the network
RISE = 88                                    # the room above the network for the bars


def ripple(states, losses, T, at):
    """For each k a group that shows while column k is lit: an arrow is as thick as what it leads to moves.

    states: (T_max, T_max) change of h_t by a nudge at step k, at [t-1, k-1]     losses: the same of L_t     T: steps drawn
    at: Steps     returns: SVG texts
    """
    most, change = states.max() or 1, abs(losses).max() or 1
    def parts(k):
        if at.pitch > 60:                                        # below the copy there is room
            yield label(at.before(k), Y_HIDDEN + 24, "nudged", size=12, colour=palette.USE, weight="bold")
        for t in range(k, T + 1):
            moved, changed = states[t - 1, k - 1] / most, abs(losses[t - 1, k - 1]) / change
            yield arrow(at(t), Y_HIDDEN - R, at(t), Y_LOSS + 10, colour=palette.U, width=_width(changed))
            if t > k:
                yield arrow(at(t - 1) + R, Y_HIDDEN, at(t) - R, Y_HIDDEN, colour=palette.W, width=_width(moved))
    return [when(f"n{k}", "".join(parts(k))) for k in range(1, T + 1)]


def used(states, T):
    """How thick the edge of the nudged copy is, for each copy: as thick as its own state moves.   states: as for `ripple`"""
    return [_width(states[k, k] / (states.max() or 1)) for k in range(T)]


def gradient_back(down, left, alone, most, at):
    """The same backwards, dashed, as thick as the gradient that passes is long, and where there is room with its length: to
    use k while column k is lit, with all that comes from later losses, g4 from loss 4 alone while its row is lit, and g0 from
    all losses.

    down: (T,) length of what comes to h_t from L_t     left: (T,) of what h_t sends on to h_{t-1}
    alone: (T, T) of what comes to h_k from L_t, at [t-1, k-1]     most: of the thickest arrow
    at: Steps     returns: SVG texts
    """
    T = len(down)
    def written(x, y, length, colour, anchor="middle"):
        return label(x, y, f"{length:.1f}", size=12, colour=colour, anchor=anchor) if at.pitch > 60 else ""
    def from_loss(t):
        return written(at(t) - 10, (Y_LOSS + Y_HIDDEN) / 2, down[t - 1], palette.U, "end") + arrow(
            at(t), Y_LOSS + 10, at(t), Y_HIDDEN - R, colour=palette.U, width=_width(down[t - 1] / most), dash="6 4")
    def to_past(t, length):
        return written(at.before(t), Y_HIDDEN + 24, length, palette.W) + arrow(
            at(t) - R, Y_HIDDEN, at(t - 1) + R, Y_HIDDEN, colour=palette.W, width=_width(length / most), dash="6 4")
    def column(k):
        yield from map(from_loss, range(k, T + 1))
        yield from (to_past(t, left[t - 1]) for t in range(k + 1, T + 1))
    def row(t):
        yield from_loss(t)
        yield from (to_past(k + 1, alone[t - 1, k - 1]) for k in range(1, t))
    columns = [when("n1 g0" if k == 1 else f"n{k}", "".join(column(k))) for k in range(1, T + 1)]
    return columns + [when(f"g{t}", "".join(row(t))) for t in range(1, T + 1)]


def changes(losses, T, at, *meaning):
    """The bars above the losses: of one copy while its column is lit, of all copies together for a row, one alone for a cell.

    losses: (T_max, T_max) change of L_t by copy k, at [t-1, k-1]     T: steps drawn     at: Steps
    meaning: what a bar is, in lines     returns: SVG texts
    """
    rows = losses.sum(1)
    unit = BAR / max(abs(losses).max(), abs(rows).max(), 1e-300)
    floor = path(f"M{at(1) - 36:g} {ZERO}H{at(T) + 36:g}", stroke=palette.FAINT)
    said = [note(4, ZERO + 15 * i - 2, line) for i, line in enumerate(meaning)]
    def bar(t, value, colour):
        long, fill = unit * abs(value), palette.PLUS if value > 0 else palette.MINUS
        top, written = (ZERO - long, ZERO - long - 5) if value > 0 else (ZERO, ZERO + long + 13)
        return (rect(at(t) - WIDE / 2, top, WIDE, long, fill=fill)
                + label(at(t), round(written, 1), word(value), size=13, colour=colour, weight="bold"))
    cells = [(t, k) for k in range(1, T + 1) for t in range(k, T + 1)]
    return [floor, *said, *(when(f"n{k} c{t}-{k}", bar(t, losses[t - 1, k - 1], palette.LOSS)) for t, k in cells),
            *(when(f"row{t}", bar(t, value, palette.USE)) for t, value in enumerate(rows[:T], 1))]


def risen(drawing):
    """The drawing with the room above it that `changes` takes."""
    return Drawing(drawing.width, drawing.height + RISE, move(drawing, 0, RISE))


def _width(share):
    """Of an arrow, in pixels: from THIN for nothing to THICK for the most."""
    return round(THIN + (THICK - THIN) * share, 2)
