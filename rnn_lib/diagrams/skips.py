"""Arrows of a skip connection below the row of the states of `network.unfolded`: from h_{t-2} to h_t, called s2, s3, ..."""
from .. import palette
from .network import ROW, TOP, R, centre
from .svg import path, symbol, touch

DEEP = 36           # pixels from the states down to where the bend of an arrow pulls


def skips(T, pitch):
    """The arrows into h_2 to h_T.   pitch: from step to step     returns: SVG text"""
    y = TOP + ROW
    def skip(t):
        x1, x2, low = centre(t - 2, pitch) + .62 * R, centre(t, pitch) - .62 * R, y + .8 * R
        bend = path(f"M{x1:.1f} {low:.1f}C{x1 + 18:.1f} {y + DEEP} {x2 - 22:.1f} {y + DEEP} {x2 - 4:.1f} {low + 5:.1f}",
                    stroke=palette.INK, stroke_width=1.8)
        head = path(f"M{x2:.1f} {low:.1f}l-10.5 3.2 6.4 6.4Z", fill=palette.INK)
        return touch(bend + head + symbol(centre(t - 2, pitch) + .32 * pitch, y + 48, "S", size=15), f"s{t}")
    return "".join(map(skip, range(2, T + 1)))
