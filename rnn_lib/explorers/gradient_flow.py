"""Lesson 13: what a product of Jacobians does to a gradient, for a spectral radius of your choice; what an LSTM leaves of it."""
from typing import NamedTuple

import numpy as np

from ..charts import backgrounds, flow_curves, over
from ..charts import gradient_flow as axes
from ..diagrams.svg import touch
from ..diagrams.wording import brief, signed
from ..losses import squared_error
from ..network import forward, identity, tanh
from .curves import choosing
from .kit import Picture, choice, picker, switched

RADII = (.5, .7, .9, 1, 1.1, 1.3, 1.6)
#           name: f, factor on the inputs
SETTINGS = {"identity": (identity, 1), "tanh, loud inputs": (tanh, 1), "tanh, quiet inputs": (tanh, .3)}
MEANING = {"bound": "The bound: the norm of W, once per step. No product can be above it.",
           "largest": "The largest singular value of the product: no vector is stretched more.",
           "gradient": "The gradient of the last loss: how much of it is left after so many steps back.",
           "radius": "ρ, once per step: what the product of equal matrices does in the long run.",
           "smallest": "The smallest singular value of the product: no vector is shortened more."}


class Flow(NamedTuple):
    """Factors by distance d = t − k, from the last step t back."""
    gradient: np.ndarray    # (t,) |dL_t/dh_k| : |dL_t/dh_t|
    largest: np.ndarray     # (t,) largest singular value of J_t ... J_{k+1}
    smallest: np.ndarray    # (t,) the smallest


def gradient_flow(params, x, y, h_0=None):
    """Move the spectral radius of W: how much of the last loss's gradient is left at each step before it.

    params: Parameters; W is scaled to each radius     x: (T, D)     y: targets, for squared errors     h_0: (H,), zeros when None
    returns: Explorer, switched in the browser
    """
    T = len(x)
    drawn = backgrounds(lambda ax: axes(ax, T), "gradient and singular values of the Jacobian product, against T − k",
                        width=9.4, height=4.6)
    networks = {radius: with_radius(params, radius) for radius in RADII}
    runs = {(radius, name): forward(networks[radius], loudness * np.asarray(x), h_0, f)
            for radius in RADII for name, (f, loudness) in SETTINGS.items()}
    def draw(rho, f, narrow=False):
        svg, ax = drawn[narrow]
        run, net = runs[rho, f], networks[rho]
        found, norm = flow(net, run, squared_error(run.o, y)[1], T), np.linalg.norm(net.W, 2)
        curves = found._asdict() | {"bound": norm ** np.arange(T), "radius": float(rho) ** np.arange(T)}
        lines = [touch(line, name, lights=name, says=MEANING[name]) if name in MEANING else line
                 for name, line in flow_curves(ax, curves, f": {brief(found.gradient[-1])}").items()]
        return Picture(over(svg, *lines), flow_caption(found, norm, rho, f, run))
    return switched(draw, rho=picker("ρ of W", [(f"{radius:g}", radius) for radius in RADII], RADII[-1], "spectral radius of W"),
                    f=choice("f", [*SETTINGS]))


def gates(lstm, tanh):
    """Move what is added to the scores of the forget gate: its curve is drawn. How much of the gradient is left?

    lstm: {number added: (n,) length of the gradient 0, 1, ... steps back, 1 at first}     tanh: (n,) of a tanh network
    returns: Explorer, switched in the browser
    """
    steps = len(tanh) - 1
    def axes(ax):
        low = min(values.min() for values in (tanh, *lstm.values()))
        ax.set(xlabel="T − k, steps back from the last loss", ylabel="length of the gradient", yscale="log",
               xlim=(0, steps), ylim=(low / 3, 2), xticks=range(0, steps + 1, 5))
        ax.minorticks_off()
    def caption(bias):
        left = lstm[bias][-1]
        return (f"With {signed(bias, 0)}, keep is {1 / (1 + np.exp(-bias)):.2f} where the rest of its score is 0. After "
                f"{steps} steps {brief(left)} of the gradient is left; with tanh, {brief(tanh[-1])}.")
    added = picker("added to the forget gate's scores", [(signed(bias, 0), bias) for bias in lstm], 0 if 0 in lstm else None)
    return choosing("bias", added, lstm, axes, caption, title="the gradient against the steps back, for LSTMs and a tanh network",
                    says=lambda bias: f"The LSTM with {signed(bias, 0)} added.", beside={"tanh": tanh}, growing=True, height=3)


def with_radius(params, radius):
    """The parameters with W scaled to a spectral radius: the largest |eigenvalue|.   returns: Parameters"""
    return params._replace(W=params.W * (radius / np.abs(np.linalg.eigvals(params.W)).max()))


def flow(params, run, do, t):
    """What is left of the gradient of L_t at h_t, h_{t-1}, ..., h_1.

    params, run, do: a network, its run and dL/do_t (T, K), no batch     t: the step of the loss     returns: Flow
    """
    slope, g = run.f.slope(run.a), do[t - 1] @ params.U
    start, product, inverse = np.linalg.norm(g), np.eye(len(g)), np.eye(len(g))
    found = [(1, 1, 1)]
    for i in range(t, 1, -1):
        J = slope[i - 1][:, None] * params.W
        product, inverse = product @ J, _undo(J, inverse)      # a product forgets its smallest singular value by rounding,
        found.append((np.linalg.norm(g @ product) / start,     # and its inverse does not
                      np.linalg.norm(product, 2), 1 / np.linalg.norm(inverse, 2)))
    return Flow(*np.array(found, float).T)


def flow_caption(found, norm, radius, f, run):
    """What to notice, in one or two sentences.   found: Flow     norm, radius: of W     f: name of the setting     run: Run"""
    steps, slope = len(found.gradient) - 1, "" if run.f is identity else f", mean slope {run.f.slope(run.a).mean():.2f}"
    bound = "The bound allows growth" if norm > 1 else "The bound forbids growth"
    return (f"{f.capitalize()}, ρ = {radius:g}, ‖W‖ = {norm:.2f}{slope}: after {steps} Jacobians the gradient "
            f"is {brief(found.gradient[-1])} times as long. {bound}: at most {brief(norm ** steps)}.")


def _undo(J, inverse):
    try:
        return np.linalg.solve(J, inverse)
    except np.linalg.LinAlgError:                              # J maps some vector to 0, and so does every longer product
        return np.full_like(inverse, 1e300)
