"""A row multiplied by a matrix again and again: where it goes in the plane, and how long it is."""
import numpy as np

from .. import palette
from .svg import Drawing, arrow, circle, label, note, patch, path, touch
from .wording import power

RIGHT, HIGH = 8.6, 1.45          # the edges of the plane
LEFT, UNIT = 5.2, 66             # the left edge, and pixels for 1
NEAR, CLOSE = 1.6, 38            # the same on a narrow page, where the ellipse is cut off at the left
BOTTOM, TOP, DECADE = -4, 2, 30  # the powers of ten of the lengths, and the pixels for each


def powers(matrix, rows, n, starts, narrow=False):
    """The plane with the circle, its ellipse and the way of one row; under it the length of the row, against n.

    matrix: (2, 2)     rows: (N+1, 2), the row after 0, 1, ... N multiplications
    n: of them, so many are shown     starts: {label: (2,) of length 1}, to touch     returns: Drawing
    """
    left, unit = (NEAR, CLOSE) if narrow else (LEFT, UNIT)
    width = (left + RIGHT) * unit + 16
    def at(row):
        return 8 + unit * (left + row[0]), 8 + unit * (HIGH - row[1])
    low = 2 * HIGH * unit + 54
    body = [_axes(at, unit, width), _ellipse(matrix, at, unit), _starts(starts, rows[0], at), _way(rows[:n + 1], at)]
    body += _lengths(matrix, rows, n, (44, low), width - 60)
    return Drawing(width, low + DECADE * (TOP - BOTTOM) + 40, "".join(body))


def _axes(at, unit, width):
    (x, y), bottom = at((0, 0)), at((0, -HIGH))[1]
    ticks = [note(at((i, 0))[0], y + 15, str(i), anchor="middle") for i in (4, 8)]
    return path(f"M8 {y}H{width - 8}M{x} 8V{bottom}", stroke=palette.FAINT) + "".join(ticks)


def _ellipse(matrix, at, unit):
    """The circle of rows of length 1, and what one multiplication makes of it, with its long axis: of N there is no more."""
    (x, y), (_, singular, ends) = at((0, 0)), np.linalg.svd(matrix)
    turn = -np.degrees(np.arctan2(ends[0, 1], ends[0, 0]))
    end = at(ends[0] * singular[0] * np.sign(ends[0, 0]))
    axis = path(f"M{2 * x - end[0]:.1f} {2 * y - end[1]:.1f}L{end[0]:.1f} {end[1]:.1f}", stroke=palette.W, stroke_width=2)
    body = circle(x, y, unit, fill="none", stroke=palette.MUTED, dash="4 3")
    body += (f'<svg width="100%" height="100%">{axis}'
             f'<ellipse cx="{x:g}" cy="{y:g}" rx="{singular[0] * unit:.1f}" ry="{singular[1] * unit:.1f}" '
             f'transform="rotate({turn:.1f} {x:g} {y:g})" fill="{palette.W}" fill-opacity=".1" stroke="{palette.W}" '
             'stroke-width="1.6"/></svg>')
    return body + label(end[0] + 8, end[1] - 7, f"longest radius {singular[0]:.3g}", size=13, colour=palette.W, weight="bold",
                        anchor="start")


def _starts(starts, first, at):
    """The rows of length 1 to begin with."""
    dots = []
    for name, row in starts.items():
        x, y = at(row)
        dot = (patch(x - 14.5, y - 14.5, 29, 29, rx=14.5)
               + circle(x, y, 4, fill=palette.PAPER, stroke=palette.LOSS, stroke_width=1.4))
        dots.append(touch(dot, sets=f"start={name}", says=f"Begin with the row at {name}.", chosen=np.allclose(row, first)))
    return "".join(dots)


def _way(rows, at):
    """Where the row was, and an arrow to where it is."""
    points, middle = [at(row) for row in rows[:31]], at((0, 0))            # later ones hardly move
    way = path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), stroke=palette.LOSS, stroke_width=1.2, dash="3 3")
    dots = path("".join(f"M{x:.1f} {y:.1f}h0" for x, y in points), stroke=palette.LOSS, stroke_width=5.5, stroke_linecap="round")
    end = at(rows[-1])
    far = np.hypot(*np.subtract(end, middle)) > 12
    head = arrow(*middle, *end, colour=palette.LOSS, width=3) if far else circle(*end, 4.5, fill=palette.LOSS)
    return f'<g pointer-events="none">{way}{dots}{touch(head, current=True)}</g>'


def _lengths(matrix, rows, n, corner, wide):
    """The length of the row so far, between the norm and ρ to the power n; what leaves the picture is cut off."""
    (x0, y0), high, N = corner, DECADE * (TOP - BOTTOM), len(rows) - 1
    def at(i, exponent):
        return wide * i / N, DECADE * (TOP - exponent)
    def line(points, **look):
        return path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), **look)
    mine = [at(i, exponent) for i, exponent in enumerate(np.log10(np.maximum(np.hypot(*rows.T), 1e-30)))]
    norm, radius = np.linalg.norm(matrix, 2), np.abs(np.linalg.eigvals(matrix)).max()
    slopes = {f"dashed: {norm:.3g}ⁿ": (np.log10(norm), palette.MUTED, "7 4"),
              f"dotted: {radius:g}ⁿ": (np.log10(max(radius, 1e-30)), palette.INK, "1.5 3.5")}
    lines = [line((at(0, 0), at(N, N * slope)), stroke=colour, dash=dash, stroke_width=1.8)
             for slope, colour, dash in slopes.values()]
    grid = [path(f"M0 {y:g}H{wide:.1f}", stroke=palette.FAINT) for y in range(0, high + 1, 2 * DECADE)]
    curve = line(mine[:n + 1], stroke=palette.LOSS, stroke_width=2.4)
    boxes = [f'<svg x="{x0}" y="{y0:g}" width="{wide:.1f}" height="{high}">{"".join([*grid, *lines])}{curve}</svg>']
    boxes += [circle(x0 + mine[n][0], y0 + mine[n][1], 4, fill=palette.LOSS)] if mine[n][1] < high else []
    words = [_name(said, slope, x0, y0, at, N, colour) for said, (slope, colour, _) in slopes.items()]
    words += [label(x0, y0 - 12, "length of the row", size=13, colour=palette.LOSS, anchor="start", weight="bold")]
    words += [note(x0 - 8, y0 + at(0, e)[1] + 4, power(10.0 ** e), anchor="end") for e in range(BOTTOM, TOP + 1, 2)]
    words += [note(x0 + at(i, 0)[0], y0 + high + 17, str(i), anchor="middle") for i in range(0, N + 1, 10)]
    words += [note(x0 + wide / 2, y0 + high + 34, "n, the number of multiplications", anchor="middle")]
    return [*boxes, *words]


def _name(said, slope, x0, y0, at, N, colour):
    """The name of a straight line, where it leaves the picture, at the top or at the bottom."""
    edge = TOP if slope > 0 else BOTTOM
    x, y = at(min(N, edge / slope), min(max(slope * N, BOTTOM), TOP))
    before = edge / slope > N / 2                                          # below a flat line, where no row comes
    return label(x0 + x + (-126 if before else 22), y0 + y + (14 if edge == TOP else -10), said, size=13, colour=colour,
                 anchor="end" if before else "start")
