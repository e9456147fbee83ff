"""Lesson 12: who remembers, and over which distance, with the reason beside it."""
from functools import cache

from ..diagrams import render
from ..diagrams.recall import loss_curve, on_the_way, recall_grid
from ..tasks.memory import carried
from .gradient_flow import brief
from .kit import Picture, choice, picker, switched


def recall(results):
    """Touch a cell: how well a network that started there remembers the first symbol, how it learned, and what came of the
    symbol on its way forward and of the gradient on its way back.

    results: {clipping: {(f, start): {distance: tasks.memory.Learned}}}, every f with every start
    returns: Explorer, switched in the browser
    """
    first = next(iter(results.values()))
    rows, distances = [*first], [*next(iter(first.values()))]
    fs, starts = ([*dict.fromkeys(row[i] for row in rows)] for i in (0, 1))
    most = max(one.losses.max() for table in results.values() for row in table.values() for one in row.values())
    @cache
    def way(row, distance, clip):
        """What the network carries, trained with this clipping, or before (None)."""
        one = results[clip][row][distance] if clip else first[row][distance]
        return carried(one.params if clip else one.start, distance, one.f)
    def draw(f, W, distance, clip, when):
        def cell(i, j):
            (name, start), d = rows[i], distances[j]
            one = results[clip][name, start][d]
            says = f"{name}, W {start}, d = {d}. {_caption(one)}"
            return one.accuracy, brief(one.reach), says, f"f={name};W={start};distance={d}"
        one, chosen = results[clip][f, W][distance], f"{f}, W {W}, d = {distance}"
        found = way((f, W), distance, clip if when == "after" else None)
        drawing = recall_grid(rows, distances, cell, loss_curve(chosen, one.losses, min(most, 2)),
                              on_the_way(f"on the way, {when} the {len(one.losses)} updates", found))
        return Picture(render(drawing, f"recall after a distance, by the start of W; chosen: {chosen}"),
                       _after(one, found) if when == "after" else _caption(one))
    return switched(draw, f=choice("f", fs), W=choice("W", starts, says="W at the start"), distance=picker("d", distances),
                    clip=choice("gradient", [*results]),
                    when=choice("on the way", [("before training", "before"), ("after it", "after")]))


def _after(one, found):
    symbol, noise = max(found.symbol[-1], 1e-300), found.noise[-1]
    more, less = ("symbol", "noise") if symbol > noise else ("noise", "symbol")
    times = max(symbol / noise, noise / symbol)
    return (f"{100 * one.accuracy:.0f} % right. After training, another {more} makes "
            f"{brief(times) if times < 1e12 else 'more than 10¹²'} times as much difference to the last state as another {less}.")


def _caption(one):
    if one.accuracy > .9:
        return f"Learned: {100 * one.accuracy:.0f} % right. {brief(one.reach)} of the gradient reached step 1 at first."
    if one.reach < 1e-8:
        return (f"{100 * one.accuracy:.0f} % right: not learned, and the reason stands below it. Only {brief(one.reach)} of the "
                "gradient reached step 1 at first, so in these updates nothing told the network what to keep.")
    if one.accuracy > .35:
        return (f"{100 * one.accuracy:.0f} % right: it has begun to learn. Only {brief(one.reach)} of the gradient reached step "
                "1 at first, so it began late (the curve).")
    if one.reach < 1e-4:
        return (f"{100 * one.accuracy:.0f} % right: not learned in these updates. Only {brief(one.reach)} of the gradient "
                "reached step 1 at first: so little may or may not be enough.")
    return (f"{100 * one.accuracy:.0f} % right: not learned in these updates, although {brief(one.reach)} of the gradient "
            "reached step 1 at first. Jacobians that let something through are necessary, not sufficient.")
