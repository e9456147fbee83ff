"""Lesson 12: who remembers, over which distance, and what arrives at step 1 while the network learns."""
from functools import cache

import numpy as np

from ..diagrams import above, beside, render
from ..diagrams.recall import course, recall_grid
from ..diagrams.svg import NARROW
from ..tasks.memory import LEARNED, apart
from .gradient_flow import brief
from .kit import Picture, choice, picker, switched

WIDE = 470            # pixels of the curves beside the table
SMALL_SLOPES = {"tanh": ("share of the slopes f′(a) that are below 0.1", "of the slopes small"),
                "relu": ("share of the units that are off: slope 0", "of the units off")}
ENOUGH = .01          # of the gradient: so much arrived in every network of the lesson before its loss fell


def recall(results):
    """Touch a cell: how well a network that started there remembers the first symbol, and update by update its loss, how much
    of the gradient arrives at step 1, and how many slopes are small.

    results: {learning rate: {(f, start): {distance: tasks.memory.Learned}}}, every f with every start
    returns: Explorer, switched in the browser
    """
    first = next(iter(results.values()))
    rows, distances = [*first], [*next(iter(first.values()))]
    fs, starts = ([*dict.fromkeys(row[i] for row in rows)] for i in (0, 1))
    @cache
    def how(f, W, distance, rate):
        return _caption(results[rate][f, W][distance])
    @cache
    def said(f, W, distance, rate):
        one = results[rate][f, W][distance]
        return f"{how(f, W, distance, rate)} {_told_apart(*apart(one.params, distance, one.f))}"
    @cache
    def table(rate, *chosen):
        def cell(i, j):
            here, d = rows[i], distances[j]
            one = results[rate][here][d]
            says = "" if (*here, d) == chosen else f"{', '.join(here)}, d = {d} (press for its curves): {how(*here, d, rate)}"
            return one.accuracy, brief(one.reach[0]), says, f"f={here[0]};W={here[1]};distance={d}"
        return recall_grid(rows, distances, cell)
    def draw(f, W, distance, rate, narrow=False):
        one, chosen = results[rate][f, W][distance], f"{f}, {W}, d = {distance}, η = {rate:g}"
        curves = course(chosen, one.losses, one.reach, one.shut, one.learned, SMALL_SLOPES[f][0], NARROW if narrow else WIDE,
                        lambda n: _read(one, n))
        drawing = (above if narrow else beside)(table(rate, f, W, distance), curves, gap=24)
        title = f"recall after a distance, by the start of W; chosen: {chosen}"
        return Picture(render(drawing, title), said(f, W, distance, rate))
    return switched(draw, rate=choice("η", [(f"{rate:g}", rate) for rate in results], says="the learning rate"),
                    f=choice("f", fs), W=choice("W", starts, says="W at the start"),
                    distance=picker("d", distances, distances[min(1, len(distances) - 1)]))


def _read(one, n):
    """The three curves after n updates."""
    small = SMALL_SLOPES[one.f.name][1]
    return f"After {n} updates: loss {one.losses[n]:.2f}, gradient {brief(one.reach[n])}, {one.shut[n]:.0%} {small}."


def _told_apart(symbol, noise):
    """What the last state holds after training."""
    more, less = ("another symbol", "other noise")[::1 if symbol > noise else -1]
    times = max(symbol, noise) / max(min(symbol, noise), 1e-300)
    if not max(symbol, noise):
        return "In the end the last state is 0: all units are off."
    return (f"In the end, {more} moves the last state {brief(times) if times < 1e12 else 'over 10¹²'} times as far "
            f"as {less}.")


def _caption(one):
    """How it went, and how long the gradient at step 1 was, measured in lengths at step T."""
    right, most = f"{100 * one.accuracy:.0f} % right", brief(one.arrived)
    if one.accuracy > .35:
        return (f"{right}. The gradient at step 1 is {brief(one.reach[0])} times as long as at step T; before the loss falls, "
                f"up to {most} times.")
    if one.means.min() < LEARNED:
        return f"{right}: learned, and lost again. The gradient at step 1 is up to {most} times as long as at step T."
    if one.arrived < ENOUGH:
        return f"{right}: not learned. The gradient at step 1 is never more than {most} times as long as at step T."
    last = int(np.flatnonzero(one.reach >= ENOUGH)[-1])
    return (f"{right}: not learned. The gradient at step 1 is up to {most} times as long as at step T, "
            f"after {last} updates never a hundredth.")
