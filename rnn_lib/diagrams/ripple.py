"""On top of the linked triangle: how far a nudge of one use of W runs forward, and how its gradient runs back, by size."""
from .. import palette
from .bars import signed
from .linked import Y_HIDDEN, Y_LOSS, R, place
from .svg import arrow, label, when

THIN, THICK = 1.2, 9
_x = place()


def ripple(states, losses):
    """For each k a group that shows while column k is lit: edges as thick as what moves, and how much each loss moves.

    states: (T, T) change of h_t by a nudge at step k, at [t-1, k-1]     losses: (T, T) change of L_t     returns: SVG texts
    """
    T, most = len(states), states.max() or 1
    def parts(k):
        return [_forward(t, states[t - 1, k - 1] / most, T) + _number(t, losses[t - 1, k - 1]) for t in range(k, T + 1)]
    return [when(f"n{k}", "".join(parts(k))) for k in range(1, T + 1)]


def gradient_back(flows, losses):
    """The same backwards: from each loss that hears of use k, dashed, as thick as the gradient is long.

    flows: (T, T) length of dL_t/dh_k, at [t-1, k-1]     losses: (T, T) what each loss sends to the use     returns: SVG texts
    """
    T, most = len(flows), flows.max() or 1
    groups = []
    for k in range(1, T + 1):
        parts = [_down(t, flows[t - 1, t - 1] / most) + _number(t, losses[t - 1, k - 1]) for t in range(k, T + 1)]
        parts += [_left(i, sum(flows[t - 1, i - 2] for t in range(i, T + 1)) / (most * (T - i + 1))) for i in range(k + 1, T + 1)]
        groups.append(when(f"n{k}", "".join(parts)))
    return groups


def _width(share):
    return THIN + (THICK - THIN) * share


def _forward(t, share, T):
    """What moves of step t: its rim, the edge up to its loss, and the edge on to the next step."""
    x, width = _x(t), _width(share)
    rim = f'<circle cx="{x}" cy="{Y_HIDDEN}" r="{R + 2}" fill="none" stroke="{palette.INK}" stroke-width="{width * .55:.1f}"/>'
    onward = arrow(x + R, Y_HIDDEN, _x(t + 1) - R, Y_HIDDEN, colour=palette.W, width=width) if t < T else ""
    return rim + arrow(x, Y_HIDDEN - R, x, Y_LOSS + 10, colour=palette.U, width=width) + onward


def _down(t, share):
    return arrow(_x(t), Y_LOSS + 10, _x(t), Y_HIDDEN - R, colour=palette.U, width=_width(share), dash="6 4")


def _left(i, share):
    return arrow(_x(i) - R, Y_HIDDEN, _x(i - 1) + R, Y_HIDDEN, colour=palette.W, width=_width(share), dash="6 4")


def _number(t, value):
    """The change of loss t, above its name."""
    return label(_x(t), Y_LOSS - 18, signed(value), size=12, colour=palette.LOSS, weight="bold")
