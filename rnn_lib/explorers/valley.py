"""Lesson 12: gradient descent in a valley of one parameter, where every step can be seen."""
from ..diagrams.svg import render
from ..diagrams.valley import valley as drawn
from ..diagrams.wording import brief
from .kit import Picture, picker, switched

RATES = (.1, .25, .5, .7, .9, 1, 1.1)
UPDATES = 6


def valley():
    """Choose a learning rate, or touch where its first update lands: from p = 1, how does p go on?   returns: Explorer"""
    tracks = {rate: _track(rate) for rate in RATES}
    def draw(rate, narrow=False):
        drawing = drawn(tracks, rate, narrow)
        return Picture(render(drawing, f"gradient descent in the valley L = p² with the learning rate {rate:g}"), _caption(rate))
    return switched(draw, rate=picker("η", [(f"{rate:g}", rate) for rate in RATES], .9, "the learning rate"))


def _track(rate):
    """p at first and after each update, with dp = 2 p."""
    track = [1.0]
    for _ in range(UPDATES):
        track.append(track[-1] - rate * 2 * track[-1])
    return track


def _caption(rate):
    factor = 1 - 2 * rate
    how = ("from one side, without passing the bottom" if factor > 0 else "at the bottom at once" if factor == 0 else
           "from side to side, each time nearer" if factor > -1 else "from side to side, never nearer" if factor == -1 else
           "from side to side, each time farther away")
    return (f"Each update multiplies p by 1 − 2 · {rate:g} = {brief(factor, 3)}: {how}. "
            "Rings: where the first update with another η lands.")
