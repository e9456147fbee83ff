"""Lesson 10: the step of a numerical derivative, and inputs that let a mistake pass."""
from functools import partial

import numpy as np

from .. import palette
from ..bptt import bptt
from ..charts.step_curves import marks, step_curves
from ..clinic import MISTAKES
from ..diagrams import Drawing, above, label, listed, render
from ..diagrams.verdicts import WIDTH, verdicts
from ..gradcheck import blind_spots, central_difference, complex_step, relative_error
from ..losses import cross_entropy
from ..network import forward, init_parameters
from .kit import Picture, chart, choice, picker, redrawn, switched

STEPS = tuple(10.0 ** -n for n in range(17))
SMALL = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ROOM = 5             # sentences about blind spots that there is room for


def step_sizes(params, x, y, h_0, steps=STEPS):
    """Move the step of three numerical derivatives: how far each is off for dW, in float64 and in float32.

    params: Parameters     x: (T, D)     y: (T,)     h_0: (H,)     steps: sizes, the largest first
    returns: Explorer, switched in the browser
    """
    errors = {name: step_errors(params, x, y, h_0, steps, kind) for name, kind in (("float64", float), ("float32", np.float32))}
    frames = {name: _frames(steps, errors[name], name) for name in errors}
    def draw(numbers, s):
        return Picture(frames[numbers][s], _said_of_step(numbers, steps, errors[numbers], s))
    options = [(_power(step), i) for i, step in enumerate(steps)]
    return switched(draw, numbers=choice("numbers", ["float64", "float32"]),
                    s=picker("s", options[::-1], min(2, len(steps) - 1), description="3em"))


def step_errors(params, x, y, h_0, steps, dtype):
    """The relative error of dW by three numerical routes, with the loss computed in dtype.

    steps: (n,)     returns: {"one-sided", "central difference", "complex step": (n,) errors}
    """
    run = forward(params, x, h_0)
    dW = bptt(params, run, cross_entropy(run.o, y)[1]).W
    loss = _loss(params, x, y, h_0, dtype)
    routes = {"one-sided": one_sided, "central difference": central_difference, "complex step": complex_step}
    return {name: np.array([relative_error(route(loss, params.W, s), dW) for s in steps]) for name, route in routes.items()}


def one_sided(function, value, step):
    """df/dv for each entry of value: (f(v + s) - f(v)) / s, wrong by about s plus rounding/s."""
    here, result = function(value), np.empty(value.shape)
    for index in np.ndindex(value.shape):
        nudged = value.copy()
        nudged[index] += step
        result[index] = (function(nudged) - here) / step
    return result


def blind_spot_lab():
    """Choose a mistake and the inputs of a gradient check: is it exposed, or does every gradient pass?

    The check is the complex step.     returns: Explorer, drawn by the kernel
    """
    backwards, plain = {m.name: m.backward for m in MISTAKES}, network_to_check()
    def draw(mistake, tolerance, **inputs):
        network = network_to_check(**inputs)
        errors, ghosts = (errors_on(given, backwards[mistake]) for given in (network, plain))
        name = Drawing(WIDTH, 20, label(8, 14, f"the mistake: {mistake}", size=14, anchor="start", weight="bold"))
        picture = above(name, verdicts(errors, tolerance, ghosts), _blindness(blind_spots(*network[:3])), gap=10)
        return Picture(render(picture, "the verdict of a gradient check on each gradient"), _said_of_check(errors, tolerance))
    buttons = {"T": choice("T", [1, 2, 5], 5), "H": choice("H", [1, 6], 6), "W": choice("W", ["random", "symmetric", "nearly 0"]),
               "h_0": choice("h₀", ["random", "0"]), "losses": choice("losses", ["every step", "last step only"]),
               "tolerance": choice("tolerance", [("1e-10", 1e-10), ("1e-5", 1e-5), ("1e-2", 1e-2)])}
    return redrawn(draw, mistake=picker("mistake", [*backwards], width="46em"), **buttons)


def network_to_check(T=5, H=6, W="random", h_0="random", losses="every step"):
    """A network with data, and its gradients by the complex step.

    T, H: sizes     W: "random", "symmetric" or "nearly 0"     h_0: "random" or "0"     losses: "every step" or "last step only"
    returns: params, run, do, {name: gradient}
    """
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((5, 3))[:T], rng.integers(4, size=5)[:T]
    params, start = init_parameters(3, H, 4, rng), rng.standard_normal(H) * (h_0 != "0")
    tied = {"random": params.W, "symmetric": (params.W + params.W.T) / 2, "nearly 0": params.W * 1e-4}
    params = params._replace(W=tied[W])
    mask = np.arange(1, T + 1) >= (T if losses == "last step only" else 1)
    def total(name, value):
        return cross_entropy(forward(params._replace(**{name: value}), x, start).o, y, mask)[0].sum()
    exact = {name: complex_step(partial(total, name), value) for name, value in params._asdict().items()}
    run = forward(params, x, start)
    return params, run, cross_entropy(run.o, y, mask)[1], exact


def errors_on(network, backward):
    """The relative errors of a backward pass.   network: what network_to_check returned     returns: {name: error}"""
    *given, exact = network
    got = backward(*given)
    return {name: relative_error(getattr(got, name), gradient) for name, gradient in exact.items()}


def _loss(params, x, y, h_0, dtype):
    """W -> total loss, every number in it rounded to dtype (or to the complex type of the same precision)."""
    def cast(value):
        return np.asarray(value).astype(np.result_type(dtype, np.complex64) if np.iscomplexobj(value) else dtype)
    params, x, h_0 = type(params)(*map(cast, params)), cast(x), cast(h_0)
    return lambda W: cross_entropy(forward(params._replace(W=cast(W)), x, h_0).o, y)[0].sum()


def _said_of_step(numbers, steps, errors, s):
    one, central, exact = (errors[name] for name in ("one-sided", "central difference", "complex step"))
    better = s + 1 < len(steps) and central[s + 1] < central[s]
    advice = " For the central difference a smaller step would be " + ("better." if better else "no better.")
    return (f"{numbers}, s = {_power(steps[s])}: the central difference is off by {central[s]:.1e}, "
            f"the one-sided by {one[s]:.1e}, the complex step by {exact[s]:.1e}.{advice}")


def _power(step):
    n = round(np.log10(step))
    return f"10{str(n).translate(SMALL)}" if n else "1"


def _frames(steps, errors, numbers):
    """The chart, once for each step, with that step marked."""
    axes = []
    def drawn(ax):
        axes.append(ax)
        step_curves(ax, steps, errors)
    svg = chart(drawn, f"relative error of three numerical derivatives against their step, in {numbers}", width=8.4, height=3.3)
    return [svg.replace("</svg>", mark + "</svg>") for mark in marks(axes[0], steps, errors)]


def _blindness(sentences):
    said = [f"• {sentence}" for sentence in sentences] or ["nothing: on these inputs no known mistake can hide"]
    lines = [label(8, 62 + 20 * i, line, size=13, anchor="start") for i, line in enumerate(said)]
    legend = "".join(label(x, 14, words, size=12, colour=palette.MUTED, anchor="start")
                     for x, words in ((8, "● these inputs"), (128, "○ T = 5, H = 6, all random, a loss at every step")))
    head = label(8, 42, "What rnn.blind_spots says of these inputs", size=13, anchor="start", weight="bold")
    return Drawing(WIDTH, 62 + 20 * ROOM, legend + head + "".join(lines))


def _said_of_check(errors, tolerance):
    wrong = [name for name, error in errors.items() if not error <= tolerance]
    if not wrong:
        return "Hidden: all five gradients pass, and the mistake is still in the code."
    passed = [name for name in errors if name not in wrong]
    rest = f"{listed(passed)} pass{'es' if len(passed) == 1 else ''}." if passed else "none passes."
    verb, most = "is" if len(wrong) == 1 else "are", max(errors[name] for name in wrong)
    return f"Exposed: {listed(wrong)} {verb} wrong, by up to {most:.2g}; {rest}"

