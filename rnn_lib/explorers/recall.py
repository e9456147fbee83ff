"""Lesson 12: who remembers, and over which distance, with the reason beside it."""
from ..diagrams import render
from ..diagrams.recall import recall_grid
from .gradient_flow import power
from .kit import Picture, choice, picker, switched


def recall(results):
    """Touch a cell: how well a network that started there remembers the first symbol, how it learned, and what reached step 1.

    results: {clipping: {(f, start): {distance: tasks.memory.Learned}}}     returns: Explorer, switched in the browser
    """
    first = next(iter(results.values()))
    rows, distances = [*first], [*next(iter(first.values()))]
    names = [f"{f}, W {start}" for f, start in rows]
    most = max(one.losses.max() for table in results.values() for row in table.values() for one in row.values())
    def draw(start, distance, clip):
        table = results[clip]
        def cell(i, j):
            one = table[rows[i]][distances[j]]
            says = f"{names[i]}, d = {distances[j]}. {_caption(one)}"
            return one.accuracy, power(one.reach), says, f"start={names[i]};distance={distances[j]}"
        one = table[rows[names.index(start)]][distance]
        drawing = recall_grid(names, distances, cell, (f"{start}, d = {distance}", one.losses, min(most, 3)))
        return Picture(render(drawing, f"recall after a distance, by the start of W; chosen: {start}, {distance}"), _caption(one))
    controls = {"start": picker("start", names), "distance": picker("d", distances)}
    return switched(draw, **controls, clip=choice("gradient", [*results]))


def _caption(one):
    if one.accuracy > .9:
        return f"Learned: {100 * one.accuracy:.0f} % right. {power(one.reach)} of the gradient reaches step 1."
    if one.reach < 1e-8:
        return (f"{100 * one.accuracy:.0f} % right: not learned, and the reason stands beside it. Only {power(one.reach)} of the "
                "gradient reaches step 1, so nothing tells the network what to keep.")
    return (f"{100 * one.accuracy:.0f} % right: not learned in these updates, although {power(one.reach)} of the gradient "
            "reaches step 1. A gradient that arrives is necessary, not sufficient.")
