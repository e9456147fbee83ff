"""Lesson 12: three rules of learning in a valley that is steep along q and flat along p."""
import numpy as np

from .. import training
from ..diagrams.ravine import ravine as drawn
from ..diagrams.svg import render
from ..diagrams.wording import brief, counted
from .kit import Picture, choice, picker, switched

RULES = {"SGD": training.SGD, "momentum": training.Momentum, "Adam": training.Adam}
RATES = (.001, .003, .009, .03, .1)
START, STEEP, UPDATES = (-2., .3), 100, 60             # p and q at first; c of L = p² + c q²


def ravine():
    """Choose a rule and a learning rate, or touch a number of the table: where do 60 updates lead?   returns: Explorer"""
    tracks = {(rule, rate): track(make(rate)) for rule, make in RULES.items() for rate in RATES}
    def cell(rule, rate):
        end, best = loss(*tracks[rule, rate][-1]), min(loss(*tracks[rule, other][-1]) for other in RATES)
        return f"{end:.2g}" if end < loss(*START) else "grows", end == best, f"{rule}, η = {rate:g}: {_end(end)}"
    def draw(rule, rate, narrow=False):
        drawing = drawn(tracks[rule, rate], STEEP, RULES, RATES, (rule, rate), cell, narrow)
        title = f"{UPDATES} updates of {rule} with η = {rate:g} in a valley that is {STEEP} times as steep along q as along p"
        return Picture(render(drawing, title), _caption(tracks[rule, rate]))
    return switched(draw, rule=choice("rule", [*RULES]),
                    rate=picker("η", [(f"{rate:g}", rate) for rate in RATES], .009, says="the learning rate"))


def loss(p, q):
    """L = p² + 100 q²"""
    return p * p + STEEP * q * q


def track(rule):
    """(p, q) at first and after each update of a rule of `training`."""
    weights = dict(zip("pq", map(np.array, START), strict=True))
    state, path = rule.start(weights), [START]
    for _ in range(UPDATES):
        weights, state = rule.step(weights, {"p": 2 * weights["p"], "q": 2 * STEEP * weights["q"]}, state)
        path.append((float(weights["p"]), float(weights["q"])))
    return path


def _caption(path):
    """How far the first update goes along each parameter, how often each changes its sign, and where it ends."""
    p, q = np.abs(np.subtract(path[1], path[0]))
    turns = ((np.diff(np.sign(values)) != 0).sum() for values in zip(*path, strict=True))
    signs = ", ".join(f"{name} {counted(n, 'time') if n else 'never'}" for name, n in zip("pq", turns, strict=True))
    return f"The first update moves p by {brief(p)} and q by {brief(q)}. Sign changes: {signs}. {_end(loss(*path[-1]))}"


def _end(end):
    start = loss(*START)
    return f"After {UPDATES} updates L = {end:.2g}." if end < start else f"L grows, from {start:.0f} to {brief(end)}."
