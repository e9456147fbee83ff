"""Lesson 12: gradient descent in a valley of one parameter, where every step can be seen."""
from ..diagrams import render
from ..diagrams.valley import valley as drawn
from .gradient_flow import brief
from .kit import Picture, choice, picker, switched

RATES = (.1, .25, .5, .7, .9, 1, 1.1)
STEEP = {"L = p²": 1, "L = 2 p²": 2}
UPDATES = 6


def valley():
    """Choose a learning rate, or touch where its first update lands: from p = 1, how does p go on?   returns: Explorer"""
    def draw(rate, valley, narrow=False):
        tracks = {each: _track(each, STEEP[valley]) for each in RATES}
        title = f"gradient descent in the valley {valley} with the learning rate {rate:g}"
        drawing = drawn(STEEP[valley], tracks, rate, _signed, narrow)
        return Picture(render(drawing, title), _caption(rate, STEEP[valley]))
    return switched(draw, rate=picker("η", [(f"{rate:g}", rate) for rate in RATES], says="the learning rate"),
                    valley=choice("valley", [*STEEP]))


def _track(rate, steep):
    """p at first and after each update, with dp = 2 c p."""
    track = [1.0]
    for _ in range(UPDATES):
        track.append(track[-1] - rate * 2 * steep * track[-1])
    return track


def _signed(number):
    size = abs(number)
    told = f"{size:.3g}" if size == 0 or .01 <= size < 1000 else brief(size)
    return "−" * (number < 0) + told


def _caption(rate, steep):
    factor = 1 - 2 * steep * rate
    how = ("from one side, without passing the bottom" if factor > 0 else "at the bottom at once" if factor == 0 else
           "from side to side, each time nearer" if factor > -1 else "from side to side, never nearer" if factor == -1 else
           "from side to side, each time farther away")
    return (f"Each update multiplies p by 1 − {2 * steep} · {rate:g} = {_signed(factor)}: {how}. "
            "Rings: where the first update with another η lands.")
