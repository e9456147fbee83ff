"""Lesson 10: the step of a numerical derivative, and inputs that let a mistake pass."""
import re
from functools import partial

import numpy as np

from ..bptt import bptt
from ..charts import chart, marks, step_curves, strips
from ..clinic import MISTAKES
from ..diagrams import Drawing, listed, render, touch
from ..diagrams.linked import CELL, CLOSER, TOP, Cell, Margin, linked, name_of
from ..diagrams.mistakes import chips, grid
from ..gradcheck import blind_spots, central_difference, complex_step, relative_error
from ..losses import cross_entropy
from ..network import forward, init_parameters
from .kit import Picture, choice, picker, still, switched

STEPS = tuple(10.0 ** -n for n in range(17))
SMALL, INDEX = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"), str.maketrans("t-+01", "ₜ₋₊₀₁")
KINDS = {"all random": {}, "T = 1": {"T": 1}, "T = 2": {"T": 2}, "H = 1": {"H": 1}, "W symmetric": {"W": "symmetric"},
         "W nearly 0": {"W": "nearly 0"}, "h₀ = 0": {"h_0": "0"}, "last loss only": {"losses": "last step only"}}

PITCH = 78               # from step to step of an audit
TOLERANCES = (1e-10, 1e-5, 1e-2)


def step_sizes(params, x, y, h_0, steps=STEPS):
    """Move the step of three numerical derivatives: how far each is off for dW, in float64 and in float32.

    params: Parameters     x: (T, D)     y: (T,)     h_0: (H,)     steps: sizes, the largest first
    returns: Explorer, switched in the browser
    """
    errors = {name: step_errors(params, x, y, h_0, steps, kind) for name, kind in (("float64", float), ("float32", np.float32))}
    frames = {name: _frames(steps, errors[name], name) for name in errors}
    def draw(numbers, s):
        return Picture(frames[numbers][s], _said_of_step(steps, errors[numbers], s))
    options = [(_power(step), i) for i, step in enumerate(steps)]
    return switched(draw, numbers=choice("numbers", ["float64", "float32"]),
                    s=picker("s", options[::-1], min(2, len(steps) - 1), "the step"))


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
    """All known mistakes against eight kinds of inputs: touch a cell to see what the gradient check says there.

    The check is the complex step, all five gradients.     returns: Explorer, switched in the browser
    """
    networks = {kind: network_to_check(**inputs) for kind, inputs in KINDS.items()}
    backwards = [mistake.backward for mistake in MISTAKES]
    errors = {kind: [errors_on(network, backward) for backward in backwards] for kind, network in networks.items()}
    blind = {kind: blind_spots(*network[:3]) for kind, network in networks.items()}
    worst = np.array([[max(errors[kind][i].values()) for kind in KINDS] for i in range(len(MISTAKES))])
    hidden = _alike(worst)
    least = min(worst[i].min() for i in range(len(MISTAKES)) if i not in hidden)
    rest = f"that none of these inputs hides: each is off by {100 * least:.0f} % or more on all of them"
    def draw(tolerance):
        def cell(i, j):
            found, hides = errors[[*KINDS][j]][i], worst[i, j] <= tolerance
            return hides, "hides" if hides else _size(worst[i, j]), _said_of_check(found, tolerance)
        counts = (worst <= tolerance).sum(0).tolist()
        kinds = {kind: _blindness(sentences, count) for (kind, sentences), count in zip(blind.items(), counts, strict=True)}
        rows = {title(mistake): _where(mistake, worst[i] <= tolerance) for i, mistake in enumerate(MISTAKES)}
        drawing = grid(rows, kinds, cell, counts, hidden, rest)
        return Picture(render(drawing, "known mistakes against kinds of inputs"), _so_many(tolerance, counts))
    stops = [(_power(tolerance), tolerance) for tolerance in TOLERANCES]
    return switched(draw, tolerance=choice("tolerance", stops, says="the tolerance of the check"))


def audit(found):
    """The linked triangle of what `rnn.diagnose` found: how often each term C[t,k] is in dW; a missing path is red.

    found: Diagnosis, or a Patient of lesson 11     returns: Explorer, a still picture to touch
    raises: ValueError where dW is no sum of whole terms
    """
    found = getattr(found, "symptoms", found)
    if found.weights is None:
        raise ValueError("this dW is no sum of whole terms C[t,k], so there is nothing to draw: read its sieve")
    weights, T = found.weights, len(found.weights)
    def cell(t, k):
        times = weights[t - 1, k - 1]
        look = "" if times == 1 else "missing" if times == 0 else "extra"
        return Cell(f"✗ {times:g}" if look else "1", 0 if look else .3, f"{name_of(t, k)} is {_counted(times)}.", look=look)
    rows = [Margin("", f"Row {t}: {_complete(weights[t - 1, :t])}") for t in range(1, T + 1)]
    columns = [Margin("", f"Column {k}: {_complete(weights[k - 1:, k - 1])}") for k in range(1, T + 1)]
    drawing = linked(T, cell, rows, columns, Margin(""), key=(), sums=False, pitch=PITCH, inputs=False)
    key = "".join(chips(drawing.width + 24, TOP - CLOSER + 1))
    drawing = Drawing(drawing.width + 190, TOP - CLOSER + CELL * T + 34, drawing.body + key)
    wrong = int((weights[np.tril_indices(T)] != 1).sum())
    caption = (f"How often each term C[t,k] is in dW: 1 is right. {_count_terms(wrong)} red: touch one, and its path lights up.")
    return still(Picture(render(drawing, "how often each term is in dW"), caption))


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


def _said_of_step(steps, errors, s):
    """What to notice at this step: which of the two errors rules the central difference."""
    central = errors["central difference"]
    best = int(np.argmin(central))
    if s == best:
        return f"s = {_power(steps[s])}: here the central difference is at its best: Taylor's error and rounding are of one size."
    which = ("large for the central difference: most of the error is Taylor's, so a smaller step would be better" if s < best else
             "small for the central difference: most of the error is rounding, so a larger step would be better")
    return f"s = {_power(steps[s])} is too {which}. For the complex step no s is too small."


def _power(step):
    n = round(np.log10(step))
    return f"10{str(n).translate(SMALL)}" if n else "1"


def _frames(steps, errors, numbers):
    """The chart, once for each step, with that step marked."""
    axes = []
    def drawn(ax):
        axes.append(ax)
        step_curves(ax, steps, errors)
    svg = chart(drawn, f"relative error of three numerical derivatives against their step, in {numbers}", width=7.6, height=3.9)
    across = [*strips(axes[0], steps)]
    def stops(s):
        says = [f"Press to go to the step {_power(step)}." for step in steps]
        says[s] = _said_of_step(steps, errors, s)
        return "".join(touch(strip, sets=f"s={_power(steps[i])}", says=says[i], chosen=i == s) for i, strip in enumerate(across))
    return [svg.replace("</svg>", mark + stops(s) + "</svg>") for s, mark in enumerate(marks(axes[0], steps, errors))]


def _blindness(sentences, hides):
    """What `rnn.blind_spots` says of a kind of inputs, where it hides something at this tolerance.   hides: how many mistakes"""
    if sentences and not hides:
        return f"{sentences[0].partition(':')[0]}: a risk, but this tolerance is small enough to see what is wrong all the same."
    return f"{'; '.join(sentences) or 'Nothing hides here'}."


def _alike(worst):
    """The mistakes that some kind hides, alike ones together.   worst: errors (mistakes, kinds)     returns: their numbers"""
    hidden = np.flatnonzero(worst.min(1) <= max(TOLERANCES)).tolist()
    return sorted(hidden, key=lambda i: [(worst[i] > tolerance).tolist() for tolerance in (min(TOLERANCES), max(TOLERANCES))])


def title(mistake):
    """The name of a mistake as the equations write it: xₜ₋₁ for xₜ in dV, 1 − a² for 1 − h²."""
    name = mistake.name.replace("'", "′").replace("^2", "²").replace(" - ", " − ")
    return re.sub(r"_\{?(t[-+]1|t|0)\}?", lambda found: found[1].translate(INDEX), name)


def _where(mistake, hides):
    """How a mistake is written, and which inputs hide it."""
    kinds = [kind for kind, each in zip(KINDS, hides, strict=True) if each]
    return f"{_written(mistake)} {f'Hides with {listed(kinds)}.' if kinds else 'No kind of inputs hides it.'}"


def _written(mistake):
    """The wrong line beside the right one. Of several lines, one that was put in tells most."""
    (wrong, right), *others = sorted(mistake.slips, key=lambda pair: pair[1] != "")
    told = f"“{wrong}” in place of “{right}”" if right else f"“{wrong}” is put in"
    more = f", and {len(others)} more line{'s' * (len(others) > 1)} changed" if others else ""
    name = title(mistake)
    word = re.match("[a-z]{3}", name)                                 # not the f of f′, nor dW
    return f"{name[0].upper() if word else name[0]}{name[1:]}: {told}{more}."


def _so_many(tolerance, counts):
    worst = [*KINDS][counts.index(max(counts))]
    kind = " So large a tolerance calls mistakes right." if tolerance > 1e-4 else ""
    return (f"“hides”: the mistake passes, wrongly. {worst} hides {max(counts)} of {len(MISTAKES)}.{kind} "
            "Touch a cell, a mistake or a kind of inputs.")


def _size(error):
    if error < 1e-5:
        return "< 0.001 %"
    return f"{100 * error:.0f} %" if error >= .01 else f"{100 * error:.1g} %"


def _counted(times):
    return {0: "missing from dW", 1: "in dW once, as it should be"}.get(times, f"counted {times:g} times")


def _complete(weights):
    lost, other = int((weights == 0).sum()), int(((weights != 0) & (weights != 1)).sum())
    wrong = [f"{n} of {len(weights)} {what}" for n, what in ((lost, "missing"), (other, "not counted once")) if n]
    return f"{', '.join(wrong) or 'all there, once each'}."


def _count_terms(n):
    return "One is" if n == 1 else f"{n} are" if n else "None is"


def _said_of_check(errors, tolerance):
    wrong = [name for name, error in errors.items() if not error <= tolerance]
    if not wrong:
        most = _size(max(errors.values())).replace("<", "less than")
        return f"All five gradients pass, wrongly: the worst is off by {most}, within the tolerance."
    passed = [name for name in errors if name not in wrong]
    rest = f"{listed(passed)} pass{'es' if len(passed) == 1 else ''}." if passed else "none passes."
    verb, most = "is" if len(wrong) == 1 else "are", max(errors[name] for name in wrong)
    return f"Exposed: {listed(wrong)} {verb} wrong, by up to {_size(most)}; {rest}"

