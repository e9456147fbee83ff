"""Lesson 10: inputs that let a mistake pass."""
import re
from functools import partial

import numpy as np

from ..clinic import MISTAKES
from ..diagrams.mistakes import DESK, PHONE, grid
from ..diagrams.svg import render
from ..diagrams.wording import counted, listed, power, title
from ..gradcheck import blind_spots, complex_step, relative_error
from ..losses import cross_entropy
from ..network import forward, init_parameters
from .kit import Picture, choice, switched

KINDS = {"all random": {}, "T = 1": {"T": 1}, "T = 2": {"T": 2}, "H = 1": {"H": 1}, "W symmetric": {"W": "symmetric"},
         "W nearly 0": {"W": "nearly 0"}, "h₀ = 0": {"h_0": "0"}, "last loss only": {"losses": "last step only"}}
TOLERANCES = (1e-10, 1e-5, 1e-2)


def blind_spot_lab():
    """All known mistakes against eight kinds of inputs: touch a cell to see what the gradient check says there.

    The check is the complex step, all five gradients.     returns: Explorer, switched in the browser
    """
    networks = {kind: network_to_check(**inputs) for kind, inputs in KINDS.items()}
    backwards = [mistake.backward for mistake in MISTAKES]
    errors = {kind: [errors_on(network, backward) for backward in backwards] for kind, network in networks.items()}
    blind = {kind: blind_spots(*network[:3]) for kind, network in networks.items()}
    worst = np.array([[max(errors[kind][i].values()) for kind in KINDS] for i in range(len(MISTAKES))])
    hidden, at_first = np.flatnonzero(worst.min(1) <= max(TOLERANCES)).tolist(), (worst <= min(TOLERANCES)).sum(0)
    hidden.sort(key=lambda i: [(worst[i] > tolerance).tolist() for tolerance in (min(TOLERANCES), max(TOLERANCES))])
    least = min(worst[i].min() for i in range(len(MISTAKES)) if i not in hidden)
    rest = "that none of these inputs hides:", f"each is off by {int(100 * least)} % or more on all of them"
    def draw(tolerance, narrow=False):
        def cell(i, j):
            found, hides = errors[[*KINDS][j]][i], worst[i, j] <= tolerance
            return hides, "●" if hides else _size(worst[i, j]), _said_of_check(found, tolerance)
        counts = (worst <= tolerance).sum(0)
        kinds = {kind: _blindness(sentences, [title(MISTAKES[i].name) for i in np.flatnonzero(worst[:, j] <= tolerance)])
                 for j, (kind, sentences) in enumerate(blind.items())}
        rows = {title(mistake.name): _written(mistake, worst[i] <= tolerance) for i, mistake in enumerate(MISTAKES)}
        drawing = grid(rows, kinds, cell, counts.tolist(), hidden, *((rest, PHONE) if narrow else ([" ".join(rest)], DESK)))
        return Picture(render(drawing, "known mistakes against kinds of inputs"), _so_many(counts - at_first))
    stops = [(power(tolerance), tolerance) for tolerance in TOLERANCES]
    return switched(draw, tolerance=choice("tolerance", stops, says="the tolerance of the check"))


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


def _blindness(sentences, hides):
    """What `rnn.blind_spots` says of a kind of inputs, where it hides something at this tolerance.   hides: names of mistakes"""
    seen = " A risk, but this tolerance is small enough to see what is wrong all the same." if sentences and not hides else ""
    few = f" Hidden: {'; '.join(hides)}." if 1 < len(hides) < 5 else ""
    return f"{'; '.join(sentences) or 'Nothing hides here'}.{seen}{few}"


def _written(mistake, hides):
    """The wrong line beside the right one, and which inputs hide it. Of several lines, one that was put in tells most."""
    (wrong, right), *others = sorted(mistake.slips, key=lambda pair: pair[1] != "")
    told = f"“{wrong}” in place of “{right}”" if right else f"“{wrong}” is put in"
    more = f", and {counted(len(others), 'more line')} changed" if others else ""
    name = title(mistake.name)
    word = re.match("[a-z]{3}", name)                                 # not the f of f′, nor dW
    kinds = [kind for kind, each in zip(KINDS, hides, strict=True) if each]
    where = f"Hides with {listed(kinds)}." if kinds else "No kind of inputs hides it."
    return f"{name[0].upper() if word else name[0]}{name[1:]}: {told}{more}. {where}"


def _so_many(more):
    """What to notice.   more: of the mistakes that each kind hides, how many only at so large a tolerance"""
    told = [f"{kind} ({count})" for kind, count in zip(KINDS, more, strict=True) if count]
    large = f"So large a tolerance hides more: {listed(told)}." if told else "Touch a cell, a mistake or a kind of inputs."
    return f"●: the mistake passes, wrongly; in a pale cell it is exposed. {large}"


def _size(error):
    if error < 1e-5:
        return "< 0.001 %"
    return f"{100 * error:.0f} %" if error >= .01 else f"{100 * error:.1g} %"


def _said_of_check(errors, tolerance):
    wrong = [name for name, error in errors.items() if not error <= tolerance]
    if not wrong:
        most = _size(max(errors.values())).replace("<", "less than")
        return f"All five gradients pass, wrongly: the worst is off by {most}, within the tolerance."
    passed = [name for name in errors if name not in wrong]
    rest = f"{listed(passed)} pass{'es' if len(passed) == 1 else ''}." if passed else "none passes."
    verb, most = "is" if len(wrong) == 1 else "are", max(errors[name] for name in wrong)
    return f"Exposed: {listed(wrong)} {verb} wrong, by up to {_size(most)}; {rest}"
