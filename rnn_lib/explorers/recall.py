"""Lesson 12: who remembers, over which distance, and what arrives at step 1 while the network learns."""
from functools import cache

import numpy as np

from ..diagrams.recall import course, recall_grid
from ..diagrams.svg import above, beside, render
from ..diagrams.wording import brief, counted
from ..tasks.memory import LEARNED
from .kit import Picture, choice, picker, switched

ENOUGH = .01          # of the gradient: so much arrived in every network of the lesson before it had learned
EXPLODED = 100        # times as long: what the first update can do


def recall(results):
    """Touch a cell: how well a network that started there remembers the first symbol, and update by update its loss, how much
    of the gradient arrives at step 1, and what the slopes and W make of its length per step.

    results: {learning rate: {(f, start): {distance: tasks.memory.Learned}}}, every f with every start
    returns: Explorer, switched in the browser
    """
    first = next(iter(results.values()))
    rows, distances = [*first], [*next(iter(first.values()))]
    fs, starts = ([*dict.fromkeys(row[i] for row in rows)] for i in (0, 1))
    @cache
    def table(rate, *chosen):
        def cell(i, j):
            here, d = rows[i], distances[j]
            one = results[rate][here][d]
            says = f"{', '.join(here)}, d = {d}: {_right(one)}. Press for its curves."
            return one.accuracy, brief(one.reach[0], 1), says, f"f={here[0]};W={here[1]};distance={d}", (*here, d) == chosen
        return recall_grid(rows, distances, cell)
    @cache
    def curves(chosen, rate, f, W, distance):
        one = results[rate][f, W][distance]
        return course(chosen, one.losses, one.reach, one.slope, one.stretch, one.learned, lambda n: _read(one, n, distance))
    def draw(f, W, distance, rate, narrow=False):
        chosen, here = f"{f}, {W}, d = {distance}, η = {rate:g}", (rate, f, W, distance)
        drawing = (above if narrow else beside)(table(*here), curves(chosen, *here), gap=24)
        picture = render(drawing, f"recall after a distance, by the start of W; chosen: {chosen}")
        one = results[rate][f, W][distance]
        return Picture(picture, f"{_caption(one)} {_factors(one)}".rstrip())
    return switched(draw, rate=choice("η", [(f"{rate:g}", rate) for rate in results], says="the learning rate"),
                    f=choice("f", fs), W=choice("W", starts, starts[min(1, len(starts) - 1)], says="W at the start"),
                    distance=picker("d", distances))


def _read(one, n, distance):
    """The curves after n updates: the two factors of a step make what arrives."""
    after, reach = f"After {counted(n, 'update')}: loss {one.losses[n]:.2f}.", one.reach[n]
    if not reach:
        return f"{after} Slopes of 0 stop the gradient: nothing arrives."
    return f"{after} Per step: {_per_step(one, n)}. Over {distance} steps: {brief(reach)}."


def _per_step(one, n):
    return f"slopes {one.slope[n]:.2f} · W {one.stretch[n]:.{2 if one.stretch[n] > .095 else 3}f}"


def _factors(one):
    """By what a step multiplies the gradient's length at first, and when a hundredth arrives, or where it explodes at once."""
    if not one.reach[0]:
        return ""
    n = int(one.reach[1] > EXPLODED) or int(np.argmax(one.reach >= ENOUGH))
    later = f"; after {counted(n, 'update')}: {_per_step(one, n)}" if n else ""
    return f"Per step, at first: {_per_step(one, 0)}{later}."


def _caption(one):
    """How it went, and how long the gradient at step 1 was, measured in lengths at step T."""
    right = _right(one)
    there, ratio = np.flatnonzero(one.reach >= ENOUGH), "times as long as at step T"
    if one.accuracy > .35:
        when = f", learned after {one.learned} updates" if one.learned is not None else ""
        later = f"; it reaches a hundredth after {counted(there[0], 'update')}" if len(there) and there[0] else ""
        return f"{right}{when}. The gradient at step 1 is at first {brief(one.reach[0])} {ratio}{later}."
    start = f"{right}: {'not learned' if one.means.min() >= LEARNED else 'learned, and lost again'}. The gradient at step 1 is"
    if not len(there):
        return f"{start} at first {brief(one.reach[0])}, and never more than {brief(one.reach.max())} {ratio}."
    if there[-1] + 1 == len(one.reach):
        return f"{start} up to {brief(one.reach.max())} {ratio}."
    return f"{start} up to {brief(one.reach.max())} {ratio}, and less than a hundredth from update {there[-1] + 1} on."


def _right(one):
    return f"{100 * one.accuracy:.0f} % right"
