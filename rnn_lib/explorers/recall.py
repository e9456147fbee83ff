"""Lesson 12: who remembers, over which distance, and what arrives at step 1 while the network learns."""
from functools import cache

import numpy as np

from ..diagrams import above, beside, render
from ..diagrams.recall import course, recall_grid
from ..tasks.memory import apart
from .gradient_flow import brief
from .kit import NARROW, Picture, choice, picker, switched

WIDE = 470            # pixels of the curves beside the table
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
    def said(f, W, distance, rate):
        one = results[rate][f, W][distance]
        return f"{_caption(one)} {_told_apart(*apart(one.params, distance, one.f))}"
    @cache
    def table(rate):
        def cell(i, j):
            (name, start), d = rows[i], distances[j]
            one = results[rate][name, start][d]
            says = f"{name}, {start}, d = {d}. {_caption(one)}"
            return one.accuracy, brief(one.reach[0]), says, f"f={name};W={start};distance={d}"
        return recall_grid(rows, distances, cell)
    def draw(f, W, distance, rate, narrow=False):
        one, chosen = results[rate][f, W][distance], f"{f}, {W}, d = {distance}, η = {rate:g}"
        curves = course(chosen, one.losses, one.reach, one.shut, brief(one.reach[0]), NARROW if narrow else WIDE)
        drawing = (above if narrow else beside)(table(rate), curves, gap=24)
        title = f"recall after a distance, by the start of W; chosen: {chosen}"
        return Picture(render(drawing, title), said(f, W, distance, rate))
    return switched(draw, rate=choice("η", [(f"{rate:g}", rate) for rate in results], says="the learning rate"),
                    f=choice("f", fs), W=choice("W", starts, says="W at the start"),
                    distance=picker("d", distances, distances[len(distances) // 2]))


def _told_apart(symbol, noise):
    """What the last state holds after training."""
    more, less = ("symbol", "noise") if symbol > noise else ("noise", "symbol")
    times = max(symbol, noise) / max(min(symbol, noise), 1e-300)
    return (f"After training, changing the {more} changes h_T {brief(times) if times < 1e12 else 'more than 10¹²'} times as much "
            f"as changing the {less}." if max(symbol, noise) else "After training, h_T is 0: all units are off.")


def _caption(one):
    right, most = f"{100 * one.accuracy:.0f} % right", brief(one.arrived)
    if one.accuracy > .35:
        return f"{right}. {brief(one.reach[0])} of the gradient reached step 1 at first, up to {most} before the loss fell."
    if one.arrived < ENOUGH:
        return f"{right}: not learned. Never more than {most} of the gradient reached step 1."
    last = int(np.flatnonzero(one.reach >= ENOUGH)[-1]) + 1
    return f"{right}: not learned, although up to {most} of the gradient reached step 1; a hundredth last before update {last}."
