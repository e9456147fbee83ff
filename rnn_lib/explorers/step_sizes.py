"""Lesson 10: the step of a numerical derivative: too large, and Taylor's error rules; too small, and rounding does."""
import numpy as np

from .. import palette
from ..bptt import bptt
from ..charts import backgrounds, over, place, polyline, step_axes, strips, words
from ..charts.step_axes import STYLE, shown, slopes
from ..diagrams.svg import circle, path, rect, touch
from ..diagrams.wording import power
from ..gradcheck import central_difference, complex_step, entry_by_entry, relative_error
from ..losses import cross_entropy
from ..network import forward
from .kit import Picture, choice, picker, switched

STEPS = tuple(10.0 ** -n for n in range(17))
MARKS = {"s": lambda x, y, **look: rect(x - 2, y - 2, 4, 4, **look), "o": lambda x, y, **look: circle(x, y, 2, **look),
         "^": lambda x, y, **look: path(f"M{x:.1f} {y - 2:.1f}l2 4h-4z", **look)}


def step_sizes(params, x, y, h_0, steps=STEPS):
    """Move the step of three numerical derivatives: how far each is off for dW, in float64 and in float32.

    The curves are drawn from the largest step to the one that stands: where the lowest point is, the reader finds out.

    params: Parameters     x: (T, D)     y: (T,)     h_0: (H,)     steps: powers of ten, the largest first
    returns: Explorer, switched in the browser
    """
    errors = {name: step_errors(params, x, y, h_0, steps, kind) for name, kind in (("float64", float), ("float32", np.float32))}
    charts = backgrounds(lambda ax: step_axes(ax, steps, errors["float64"]), width=9.4, height=3.9,
                         title="relative error of three numerical derivatives against their step")
    options = [(power(step), i) for i, step in enumerate(steps)]
    def draw(numbers, s, narrow=False):
        (svg, ax), says = charts[narrow], [f"Press to go to the step {name}." for name, _ in options]
        says[s] = _said_of_step(steps, errors[numbers], s)
        stops = [touch(strip, sets=f"s={name}", says=said, chosen=i == s)
                 for (name, i), strip, said in zip(options, strips(ax, steps), says, strict=True)]
        curves, mark = _curves(ax, steps, errors[numbers], s), _mark(ax, steps[s], [each[s] for each in errors[numbers].values()])
        return Picture(over(svg, curves, mark, *reversed(stops)), says[s])                                  # from left to right
    return switched(draw, numbers=choice("numbers", ["float64", "float32"]),
                    s=picker("s", options[::-1], min(2, len(steps) - 1), "the step"))


def step_errors(params, x, y, h_0, steps, dtype):
    """The relative error of dW by three numerical routes, with the loss computed in dtype.

    steps: (n,)     returns: {"one-sided", "central difference", "complex step": (n,) errors}
    """
    run = forward(params, x, h_0)
    dW = bptt(params, run, cross_entropy(run.o, y)[1]).W
    def cast(value):                                 # every number rounded to dtype, or to the complex type of its precision
        return np.asarray(value).astype(np.result_type(dtype, np.complex64) if np.iscomplexobj(value) else dtype)
    rounded, given = type(params)(*map(cast, params)), (cast(x), cast(h_0))
    def loss(W):
        return cross_entropy(forward(rounded._replace(W=cast(W)), *given).o, y)[0].sum()
    routes = {"one-sided": one_sided, "central difference": central_difference, "complex step": complex_step}
    return {name: np.array([relative_error(route(loss, params.W, s), dW) for s in steps]) for name, route in routes.items()}


def one_sided(function, value, step):
    """df/dv for each entry of value: (f(v + s) - f(v)) / s, wrong by about s plus rounding/s."""
    here = function(value)
    return entry_by_entry(lambda v, nudge: (function(v + nudge) - here) / step, value, step)


def _said_of_step(steps, errors, s):
    """What to notice at this step: which of the two errors rules the central difference."""
    central = errors["central difference"]
    best = int(np.argmin(central))
    if s == best:
        return f"s = {power(steps[s])}: here the central difference is at its best: Taylor's error and rounding are of one size."
    which = ("large for the central difference: most of the error is Taylor's, so a smaller step would be better" if s < best else
             "small for the central difference: most of the error is rounding, so a larger step would be better")
    return f"s = {power(steps[s])} is too {which}." + " For the complex step no s is too small." * (s > best)


def _curves(ax, steps, errors, s):
    """The curves from the largest step to that of number s, and beside the central difference what makes its error there."""
    drawn = []
    for error, (colour, mark, dash, width, _) in zip(errors.values(), STYLE, strict=True):
        seen = [*zip(steps, shown(error)[:s + 1], strict=False)]
        drawn += [path(polyline(ax, *zip(*seen, strict=True)), stroke=colour, stroke_width=width, dash=dash),
                  *(MARKS[mark](*place(ax, *point), fill=colour) for point in seen)]
    central = errors["central difference"]
    for what, i in slopes(central).items():
        if i <= s:
            (x, y), (right, anchor) = place(ax, steps[i], shown(central)[i]), (12, "start") if what == "Taylor" else (-10, "end")
            drawn.append(words(x + right, y + 9, what, palette.MUTED, anchor))
    return "".join(drawn)


def _mark(ax, step, errors):
    """A line at a step, and a ring on every curve."""
    (x, low), (_, high) = (place(ax, step, edge) for edge in ax.get_ylim())
    rings = (circle(*place(ax, step, shown(error)), radius, fill="none", stroke=colour, stroke_width=2)
             for error, (colour, *_, radius) in zip(errors, STYLE, strict=True))
    return path(f"M{x:.1f} {low:.1f}V{high:.1f}", stroke=palette.MUTED, stroke_width=1, fill="") + "".join(rings)
