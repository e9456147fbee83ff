"""Arrows of a skip connection beside the row of the states of `network.unfolded`: from h_{t-2} to h_t, called s2, s3, ..."""
from .. import palette
from .network import ROW, TOP, R, centre
from .svg import path, symbol, touch

DEEP = 28           # pixels from the states to where the bend of an arrow pulls


def skips(T, pitch):
    """The arrows into h_2 to h_T, in turn below and above the states, so that each is seen to end.

    pitch: from step to step     returns: SVG text
    """
    y = TOP + ROW
    def skip(t):
        side = 1 if t % 2 == 0 else -1
        x1, x2, low = centre(t - 2, pitch) + .62 * R, centre(t, pitch) - .62 * R, y + .8 * R * side
        bend = path(f"M{x1:.1f} {low:.1f}C{x1 + 18:.1f} {y + DEEP * side} {x2 - 22:.1f} {y + DEEP * side} "
                    f"{x2 - 4:.1f} {low + 5 * side:.1f}", stroke=palette.INK, stroke_width=1.8)
        head = path(f"M{x2:.1f} {low:.1f}l-10.5 {3.2 * side} 6.4 {6.4 * side}Z", fill=palette.INK)
        return touch(bend + head + symbol(centre(t - 2, pitch) + .36 * pitch, y + 37 * side + 5, "S", size=15), f"s{t}")
    return "".join(map(skip, range(2, T + 1)))
