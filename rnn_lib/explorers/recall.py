"""Lesson 12: who remembers, and over which distance, with the reason beside it."""
from ..diagrams import render
from ..diagrams.recall import recall_grid
from .gradient_flow import brief
from .kit import Picture, choice, picker, switched


def recall(results):
    """Touch a cell: how well a network that started there remembers the first symbol, how it learned, and what reached step 1.

    results: {clipping: {(f, start): {distance: tasks.memory.Learned}}}, every f with every start
    returns: Explorer, switched in the browser
    """
    first = next(iter(results.values()))
    rows, distances = [*first], [*next(iter(first.values()))]
    fs, starts = ([*dict.fromkeys(row[i] for row in rows)] for i in (0, 1))
    most = max(one.losses.max() for table in results.values() for row in table.values() for one in row.values())
    def draw(f, W, distance, clip):
        def cell(i, j):
            (name, start), d = rows[i], distances[j]
            one = results[clip][name, start][d]
            says = f"{name}, W {start}, d = {d}. {_caption(one)}"
            return one.accuracy, brief(one.reach), says, f"f={name};W={start};distance={d}"
        one = results[clip][f, W][distance]
        chosen = f"{f}, W {W}, d = {distance}"
        drawing = recall_grid(rows, distances, cell, (chosen, one.losses, min(most, 2)))
        return Picture(render(drawing, f"recall after a distance, by the start of W; chosen: {chosen}"), _caption(one))
    return switched(draw, f=choice("f", fs), W=choice("W", starts, says="W at the start"), distance=picker("d", distances),
                    clip=choice("gradient", [*results]))


def _caption(one):
    if one.accuracy > .9:
        return f"Learned: {100 * one.accuracy:.0f} % right. {brief(one.reach)} of the gradient reached step 1 at first."
    if one.reach < 1e-8:
        return (f"{100 * one.accuracy:.0f} % right: not learned, and the reason stands beside it. Only {brief(one.reach)} of the "
                "gradient reached step 1 at first, so in these updates nothing told the network what to keep.")
    if one.accuracy > .35:
        return (f"{100 * one.accuracy:.0f} % right: it has begun to learn. Only {brief(one.reach)} of the gradient reached step "
                "1 at first, so it began late (the curve).")
    if one.reach < 1e-4:
        return (f"{100 * one.accuracy:.0f} % right: not learned in these updates. Only {brief(one.reach)} of the gradient "
                "reached step 1 at first: so little may or may not be enough.")
    return (f"{100 * one.accuracy:.0f} % right: not learned in these updates, although {brief(one.reach)} of the gradient "
            "reached step 1 at first. Jacobians that let something through are necessary, not sufficient.")
