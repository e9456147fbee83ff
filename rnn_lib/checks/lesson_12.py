"""Exercises of lesson 12: three updates of one number by hand, and one update of a network."""
import numpy as np

from ..bptt import bptt
from ..diagrams.wording import listed
from ..network import Parameters
from ..training import SGD
from .code import coding
from .kit import wrong
from .networks import network
from .table import number, table

_DUE = ((.5, .25, .125), (-1.5, 2.25, -3.375), (.75, .5625, .421875), (.25, .0625, .015625), (-.25, .0625, -.015625),
        (2.25, 5.0625, 11.390625), (1.5, 2.25, 3.375))      # right, or by a mistake that has a name


def _track(value):
    """Three numbers from a list of them, one from a number; a list of `_DUE` may be rounded by hand.   raises: TypeError"""
    if isinstance(value, list | tuple | np.ndarray) and np.ndim(value) == 1:
        given = tuple(round(number(part), 6) for part in value)
        return next((due for due in _DUE if len(given) == 3 and np.allclose(given, due, rtol=0, atol=.00501)), given)
    return number(value)


_SLOPE = "dp = 2p, not p: the slope of p² at p = 1 is 2"
_UPHILL = "that goes uphill: the rule subtracts η dp"
_OLD = "the slope is 2 at p = 1 only: after each update take dp = 2p at the new p"
_NO_RATE = "η is missing: the update is η times 2p"
_BEGINS = "the list begins with the start: write p after 1, 2 and 3 updates"
_LOSSES = "those are the losses p²: p itself is asked for"

q12_1 = table(
    """my_small = [1 - .25 * 2 * 1, .5 - .25 * 2 * .5, .25 - .25 * 2 * .25]
my_large = [1 - 1.25 * 2 * 1, -1.5 - 1.25 * 2 * -1.5, 2.25 - 1.25 * 2 * 2.25]
my_rate = .5""", {
        "η = 0.25": {(.75, .5625, .421875): _SLOPE, (1.5, 2.25, 3.375): _UPHILL, (.5, 0, -.5): _OLD, (-1, 1, -1): _NO_RATE,
                     (.25, .0625, .015625): _LOSSES, (1, .5, .25): _BEGINS,
                     None: "first update: p = 1, dp = 2, so p becomes 1 − 0.25 · 2. Second: p = 0.5, dp = 1"},
        "η = 1.25": {(-.25, .0625, -.015625): _SLOPE, (3.5, 12.25, 42.875): _UPHILL, (-1.5, -4, -6.5): _OLD,
                     (-1, 1, -1): _NO_RATE, (2.25, 5.0625, 11.390625): _LOSSES, (1, -1.5, 2.25): _BEGINS,
                     (1.5, 2.25, 3.375): "the size is right. But 1 − 2.5 is below 0: p lands on the other side of the bottom",
                     (-1.5, 2.25, -3.4): "rounded too far: give all decimals of the third, 2.25 − 1.25 · 4.5",
                     (-1.5, -2.25, -3.375): "at p = −1.5 the slope is −3, so the update goes to the right: −1.5 + 1.25 · 3",
                     None: "first update: p = 1, dp = 2, so p becomes 1 − 1.25 · 2. Where p is below 0, dp is, too"},
        "one update to 0": {1: "with η = 1 p becomes −1: equally far from 0, on the other side",
                            .25: "with η = 0.25 p becomes 0.5: that is half of the way", 2: "with η = 2 p becomes −3",
                            0: "with η = 0 p stays where it is", None: "p − η · 2p = 0: which η is that?"}},
    reads=_track, asks="write two lists of three numbers each, and one number, without quotes", every=False, joint=[
    (lambda given: given["η = 0.25"] == (-1.5, 2.25, -3.375), "the two lists have changed places: 0.25 comes first")],
    praise="each update multiplies p by 1 − 2η, here by 0.5 or by −1.5. Between −1 and 1 such a factor leads to the bottom, "
           "beyond them away from it", hints=[
    "What is dp at p = 1? And by how much does p move?",
    "p = 1, η = 0.25: dp = 2, so p becomes 1 − 0.25 · 2 = 0.5. Now dp is 1.",
    "By which number does an update multiply p? It is the same number each time.",
    "p − η · 2p = (1 − 2η) p. For which η is the bracket 0?"])


def _case(seed, rate, **sizes):
    params, run, do = network([12, seed], T=4, **sizes)
    return params, bptt(params, run, do), rate


def _fields(moved):
    """The five arrays of what came back, or what is said of its form."""
    if isinstance(moved, Parameters):
        return tuple(moved)
    if moved is None:
        return wrong("your function returned nothing: its last line should begin with return")
    if hasattr(moved, "_fields"):
        return wrong(f"that is a {type(moved).__name__}: make the new rnn.Parameters, with the five fields V, W, U, b_h and b_y")
    return wrong(f"return rnn.Parameters(V=..., W=..., U=..., b_h=..., b_y=...), got {type(moved).__name__}")


def _not_moved(answer, judge):
    """What is said where some of the parameters are those that came in, or went the wrong way."""
    params, gradients, rate = judge.cases[0]
    moves = {name: new - old for name, old, new in zip(params._fields, params, answer(params, gradients, rate), strict=True)}
    stay = [name for name in moves if not moves[name].any()]
    turned = [name for name in moves if np.allclose(moves[name], rate * getattr(gradients, name))]
    if turned and not stay:
        return wrong(f"the sign of {listed(turned)}: the gradient points to where the loss grows. Go against it")
    have = "has" if len(stay) == 1 else "have"
    return wrong(f"{listed(stay)} {have} not moved: every parameter has a gradient") if stay else None


_CASES = [_case(1, .1, D=3, H=5, K=2), _case(2, .03, D=2, H=4, K=3)]
_MOVE = "p - rate * getattr(gradients, name)"

q12_2 = coding(
    """def my_update(params, gradients, rate):
    return rnn.Parameters(*(p - rate * getattr(gradients, name) for name, p in params._asdict().items()))""",
    _CASES, returns=Parameters._fields, reads=_fields, instead=(SGD.step,), unnamed=_not_moved,
    praise="all five against their gradients, by one and the same rate", mistakes=[
    (_MOVE, "rate * (p - getattr(gradients, name))", "the bracket: the rate belongs to the gradient alone, p stays whole"),
    (_MOVE, "p + rate * getattr(gradients, name)", "the sign: the gradient points to where the loss grows. Go against it"),
    (_MOVE, "p - getattr(gradients, name)", "the learning rate is missing: how far does one update go?"),
    (_MOVE, "-rate * getattr(gradients, name)", "that is the change alone: add it to the parameters that you had"),
    (_MOVE, "rate * getattr(gradients, name)", "that is the change alone, and its sign is turned: subtract it from p"),
    (_MOVE, "p - 0.1 * getattr(gradients, name)", "the learning rate is given as rate: your function takes another one"),
    (_MOVE, "p", "nothing has moved: did you return the params that came in?"),
    (_MOVE, "getattr(gradients, name)", "those are the gradients: the parameters move against them, by the learning rate"),
    (_MOVE, "p - getattr(gradients, name) / rate", "divided by the learning rate: a smaller rate must make a smaller step"),
    (_MOVE, "p - rate * p * getattr(gradients, name)", "the gradient is multiplied by the parameter: the step is rate times g"),
    (_MOVE, "p - rate * np.sign(getattr(gradients, name))", "that is the sign of the gradient only: its size counts too"),
    (_MOVE, "p - (rate if p.ndim > 1 else 1) * getattr(gradients, name)", "the biases move without the rate: all five take it"),
    (_MOVE, "(1 - rate) * p - rate * getattr(gradients, name)",
     "the parameters shrink as well: that is weight decay. Plain gradient descent leaves it out"),
    ("rnn.Parameters(*(p - rate * g / np.sqrt((g * g).sum()) for p, g in zip(params, gradients)))",
     "every gradient is scaled to length 1 first: then a steep slope and a flat one make the same step"),
    ("rnn.Parameters(*(p - rate * g / np.sqrt(sum((q * q).sum() for q in gradients[:5])) for p, g in zip(params, gradients)))",
     "the gradient is scaled to length 1 first, all five together: its length counts, too")],
    hints=["Which way does the gradient point? And which way should the parameters go?",
           "The same line for each of the five: new p = p − η · its gradient, with η the rate.",
           "Make new arrays: p - rate * g, not p -= rate * g. params._asdict() gives the five with their names.",
           "rnn.Parameters(V=params.V - rate * gradients.V, W=..., U=..., b_h=..., b_y=...)"])
