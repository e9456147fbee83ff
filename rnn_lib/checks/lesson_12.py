"""Exercises of lesson 12: one update, momentum, how much of a gradient arrives, and what curves say."""
import numpy as np

from ..bptt import bptt
from ..diagrams.wording import listed
from ..network import Parameters, init_parameters
from ..training import SGD, Momentum
from .code import coding
from .kit import wrong
from .networks import network
from .table import one_of, table


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

q12_1 = coding(
    """def my_update(params, gradients, rate):
    return rnn.Parameters(*(p - rate * getattr(gradients, name) for name, p in params._asdict().items()))""",
    _CASES, returns=Parameters._fields, reads=_fields, instead=(SGD.step,), unnamed=_not_moved,
    praise="all five against their gradients, by one and the same rate", mistakes=[
    (_MOVE, "rate * (p - getattr(gradients, name))", "the bracket: the rate belongs to the gradient alone, p stays whole"),
    (_MOVE, "p + rate * getattr(gradients, name)", "the sign: the gradient points to where the loss grows. Go against it"),
    (_MOVE, "p - getattr(gradients, name)", "the learning rate is missing: how far does one update go?"),
    (_MOVE, "-rate * getattr(gradients, name)", "that is the change alone: add it to the parameters that you had"),
    (_MOVE, "rate * getattr(gradients, name)", "that is the change alone, and its sign is turned: subtract it from p"),
    (_MOVE, "p", "nothing has moved: did you return the params that came in?"),
    (_MOVE, "getattr(gradients, name)", "those are the gradients: the parameters move against them, by the learning rate"),
    (_MOVE, "p - getattr(gradients, name) / rate", "divided by the learning rate: a smaller rate must make a smaller step"),
    (_MOVE, "p - rate * p", "every parameter shrinks, and its gradient does not come in: that is weight decay without a loss"),
    (_MOVE, "p - rate * p * getattr(gradients, name)", "the gradient is multiplied by the parameter: the step is rate times g"),
    (_MOVE, "p - rate * np.sign(getattr(gradients, name))", "that is the sign of the gradient only: its size counts too"),
    (_MOVE, "p - (rate if p.ndim > 1 else 1) * getattr(gradients, name)", "the biases move without the rate: all five take it"),
    (_MOVE, "(1 - rate) * p - rate * getattr(gradients, name)",
     "the parameters shrink as well: that is weight decay. Plain gradient descent leaves it out"),
    (_MOVE, "p - rate * getattr(gradients, name) / 4", "divided by T: the loss is a sum over the steps, and so is its gradient"),
    (_MOVE, "p - .01 * getattr(gradients, name)", "your rate is 0.01, always: use the one that came in"),
    ("rnn.Parameters(*(p - rate * np.abs(getattr(gradients, name)) for name, p in params._asdict().items()))",
     "everything moves down: take the gradient with its sign"),
    ("rnn.Parameters(*(p - rate * g / np.sqrt((g * g).sum()) for p, g in zip(params, gradients)))",
     "every gradient is scaled to length 1 first: then a steep slope and a flat one make the same step"),
    ("rnn.Parameters(*(p - rate * g / np.sqrt(sum((q * q).sum() for q in gradients[:5])) for p, g in zip(params, gradients)))",
     "the gradient is scaled to length 1 first, all five together: its length counts, too"),
    (_MOVE, "p - rate * getattr(gradients, name).mean()", "the mean of a gradient moves all entries alike: each has its own")],
    hints=["Which way does the gradient point? And which way should the parameters go?",
           "The same line for each of the five: new p = p − η · its gradient, with η the rate.",
           "Make new arrays: p - rate * g, not p -= rate * g. params._asdict() gives the five with their names.",
           "rnn.Parameters(V=params.V - rate * gradients.V, W=..., U=..., b_h=..., b_y=...)"])


def _dicts(given):
    """The arrays of the new weights, then those of the new m; or what is said of the form."""
    if given is None:
        return wrong("your function returned nothing: its last line should begin with return")
    if not isinstance(given, tuple | list) or len(given) != 2 or not all(isinstance(part, dict) for part in given):
        return wrong("return two dicts, the new weights and the new m")
    if any(part.keys() != {"W", "b_h"} for part in given):
        return wrong("each of the two dicts must have the names that came in: a loop over weights finds them all")
    return tuple(part[name] for part in given for name in ("W", "b_h"))


def _memory(seed, rate, beta):
    rng = np.random.default_rng([13, seed])
    return *({"W": rng.standard_normal((4, 4)), "b_h": rng.standard_normal(4)} for _ in range(3)), rate, beta


_M, _W = "beta * m[name] + gradients[name]", "weights[name] - rate * m[name]"

q12_2 = coding(
    """def my_momentum(weights, gradients, m, rate, beta):
    m = {name: beta * m[name] + gradients[name] for name in weights}
    weights = {name: weights[name] - rate * m[name] for name in weights}
    return weights, m""",
    [_memory(1, .1, .9), _memory(2, .02, .5)], reads=_dicts, instead=(Momentum.step,),
    returns=("the new W", "the new b_h", "the new m of W", "the new m of b_h"),
    praise="a direction that stays adds up to 1 / (1 − β) times its gradient, here 10 or 2 times", mistakes=[
    ("    m = {", "    old, m = m, {", _W, "weights[name] - rate * old[name]",
     "m is right, but the weights moved by the old m: first renew m, then use it"),
    ("    m = {", "    old, m = m, {", "return weights, m", "return weights, old",
     "the weights are right, but the m that you return is the old one: the next update needs the new one"),
    ("    m = {", "    old, m = m, {", _W, "weights[name] - rate * gradients[name] - beta * old[name]",
     "m is right, but the rate stands before g only: the weights move by the rate times the whole m"),
    (_W, "weights[name] - rate * gradients[name]", "m is right, but the weights moved by the gradient: that is plain SGD"),
    (_W, "weights[name] - rate * (beta * m[name] + gradients[name])",
     "m is right, but the weights moved by β m + g of the new m: it has the gradient in it already, use it as it is"),
    (_W, "weights[name] - rate * gradients[name] - rate * m[name]",
     "m is right, but the gradient comes in twice: it is in m already, and the weights move by m alone"),
    (_W, "weights[name] - rate * gradients[name] - m[name]",
     "m is right, but the gradient comes in twice, and m without the rate: p ← p − η m is all"),
    (_W, "weights[name]", "m is right, but the weights have not moved: p ← p − η m"),
    (_W, "weights[name] + rate * m[name]", "the sign: m is made of gradients, and the weights go against them"),
    (_W, "weights[name] - m[name]", "the learning rate is missing in the move of the weights"),
    (_M, "rate * m[name] + gradients[name]", _W, "weights[name] - beta * m[name]", "rate and beta have changed places"),
    (_M, "beta * m[name] + (1 - beta) * gradients[name]", "(1 − β) before the gradient makes Adam's mean: the table has g"),
    (_M, "beta * m[name] + rate * gradients[name]", _W, "weights[name] - m[name]",
     "the rate went into m: the weights are the same as long as the rate is, but here m ← β m + g"),
    (_M, "rate * (beta * m[name] + gradients[name])", _W, "weights[name] - m[name]",
     "the rate went into m, and with it into every later step: here m ← β m + g, and the rate stands in p ← p − η m"),
    (_M, "beta * m[name] - rate * gradients[name]", _W, "weights[name] + m[name]",
     "your m is a step, with rate and sign inside. Other courses write it so; here m ← β m + g, p ← p − η m"),
    (_M, "beta * m[name] - gradients[name]", _W, "weights[name] + rate * m[name]",
     "the weights are right, but your m has the sign inside: here m ← β m + g, and the minus stands in p ← p − η m"),
    (_M, ".9 * m[name] + gradients[name]", "your β is 0.9, always: use the one that came in"),
    (_M, "m[name] + gradients[name]", "β is missing: without it no gradient is ever forgotten"),
    (_M, "gradients[name]", "m is the gradient alone: what happened to the earlier ones?"),
    (_M, "beta * m[name]", "the new gradient does not come into m"),
    (_M, "(1 - beta) * m[name] + gradients[name]", "1 − β stands where β belongs: with β = 0.9 nine tenths of m stay"),
    ("    m = {", "    old, m = m, {", _W, "weights[name] - rate * (old[name] + gradients[name])",
     "m is right, but the weights moved by the old m plus g, without β: they move by the new m"),
    (_M, "m[name] + beta * gradients[name]", "β is at the wrong place: what is old is shrunk, what is new comes in whole"),
    (_M, "(1 - beta) * m[name] + beta * gradients[name]", "β and 1 − β are not in the rule of the table: m ← β m + g"),
    (_M, "beta * (m[name] + gradients[name])", "β shrinks the old m only: look at the bracket"),
    (_M, "beta * m[name] - gradients[name]", "the gradient comes into m with its own sign; the minus stands in the second line"),
    ("return weights, m", "return m, weights", "the two are the other way round: return weights first, then m")],
    hints=["Which of the two lines of the table needs the other's result?",
           "First every m, then every weight with its new m. Both are dicts by name.",
           "{name: ... for name in weights} makes a new dict.",
           "m = {name: beta * m[name] + gradients[name] for name in weights}, then weights[name] - rate * m[name]"])


def _linear(seed, H, T, size):
    rng = np.random.default_rng([15, seed])
    params = init_parameters(2, H, 3, rng)
    return params._replace(W=size * params.W), rng.standard_normal(H), T


def _no_ratio(answer, judge):
    """What is said of a wrong number: whether it is a ratio of two lengths at all."""
    params, g, T = judge.cases[0]
    mine = answer(params, g, T)
    if np.allclose(answer(params, g[::-1], T), mine):
        return wrong("that is not it: your number does not depend on g. How much of this g arrives?")
    same = np.allclose(answer(params, 2 * g, T), mine)
    return wrong("that is not it, though it is a ratio: count the Jacobians from h_T to h_1; on which side is g?" if same
                 else "that is not it: your result changes when g is doubled, and a ratio of two lengths does not")


_RATIO = "np.linalg.norm(arrived) / np.linalg.norm(g)"

q12_3 = coding(
    """def my_reach(params, g, T):
    arrived = g
    for _ in range(T - 1):
        arrived = arrived @ params.W
    return np.linalg.norm(arrived) / np.linalg.norm(g)""",
    [_linear(1, 5, 6, .7), _linear(2, 4, 3, 1.6)], returns=("the reach",), letters={"H": 5, "T": 6}, unnamed=_no_ratio,
    reads=lambda got: np.reshape(got, ()) if isinstance(got, list | tuple | np.ndarray) and np.shape(got) == (1,) else got,
    praise="from step T back to step 1 there are T − 1 Jacobians", mistakes=[
    ("np.linalg.norm(g)", "np.linalg.norm(arrived)",
     "that is 1, always: what arrives is divided by itself. Keep the g that came in under its own name"),
    ("range(T - 1)", "range(T)", "one Jacobian too many: how many steps lie between h_1 and h_T?"),
    ("range(T - 1)", "range(T - 2)", "one Jacobian too few: from h_T to h_1 there are T − 1 steps"),
    ("range(T - 1)", "range(1)", "that is one step back: the message passes W at each of the T − 1 steps"),
    ("arrived @ params.W", "params.W @ arrived", "g is a row: it stands to the left of W. W is square, so no shape warns you"),
    (_RATIO, "np.linalg.norm(g) / np.linalg.norm(arrived)", "upside down: what arrives at step 1 stands above, |g| below"),
    (_RATIO, f"100 * {_RATIO}", "that is in per cent: leave the factor 100 out"),
    (_RATIO, f"np.log10({_RATIO})", "that is the exponent, a power of 10: the ratio itself is asked for"),
    (_RATIO, "np.linalg.norm(arrived)", "that is the size of what arrives: divide it by |g|, the size at step T"),
    (_RATIO, "arrived", "that is the gradient at step 1 itself: its size is asked for, beside that of g"),
    (_RATIO, "np.abs(arrived) / np.abs(g)", "entry by entry: the two sizes |·| are lengths of whole vectors, one number each"),
    (_RATIO, "(arrived @ arrived) / (g @ g)", "the square root is missing: a length is the root of the sum of squares"),
    (_RATIO, "np.abs(arrived @ g) / (g @ g)", "that is the part of it along g: |·| is the length of the whole vector"),
    (_RATIO, "np.abs(arrived).sum() / np.abs(g).sum()", "you added absolute values: |·| is the root of the sum of squares"),
    (_RATIO, "np.abs(arrived).max() / np.abs(g).max()", "those are the largest entries: |·| is the root of the sum of squares"),
    (_RATIO, "arrived.sum() / g.sum()", "sums of entries cancel: |·| is the root of the sum of squares"),
    ("(np.linalg.norm(g @ params.W) / np.linalg.norm(g)) ** (T - 1)",
     "that takes the first step's factor for all T − 1: each step has its own, because the row has turned. Multiply again"),
    ("np.linalg.norm(params.W) ** (T - 1)", "that is a power of ‖W‖, and no product: it does not depend on g, the reach does"),
    ("np.linalg.norm(params.W, 2) ** (T - 1)",
     "that is the bound of lesson 13: the reach is at most that. Multiply g itself with W, T − 1 times"),
    ("np.abs(np.linalg.eigvals(params.W)).max() ** (T - 1)",
     "that is what happens in the long run, by the largest eigenvalue. Multiply g itself with W, T − 1 times"),
    ("np.linalg.norm(g @ params.W ** (T - 1)) / np.linalg.norm(g)",
     "W ** n takes powers of the entries: np.linalg.matrix_power, or a loop"),
    ("np.linalg.norm(g @ (params.W * (T - 1))) / np.linalg.norm(g)",
     "W times a number is no product of matrices: g passes W, and the result passes W again, T − 1 times"),
    ("np.linalg.norm(g * params.W ** (T - 1)) / np.linalg.norm(g)", "* goes entry by entry: a row times a matrix is g @ W")],
    hints=["Through how many Jacobians does the gradient pass on its way from h_T to h_1?",
           "One step back is a row times W: g @ params.W. Then the same again.",
           "T − 1 times in all. Then two lengths, np.linalg.norm, and their ratio.",
           "for _ in range(T - 1): arrived = arrived @ params.W"])

_WORDS = ("small", "large", "overfitting", "vanishing")
_ALSO = {"big": "large", "high": "large", "diverging": "large", "unstable": "large", "low": "small", "slow": "small",
         "memorised": "overfitting", "exploding": "exploding", "underfitting": "underfitting"}

q12_4 = table(
    'my_words = dict(a="small", b="large", c="overfitting", d="vanishing")',
    {"a": {"large": "with a rate that is too large the loss does not fall at every update",
           "overfitting": "a speaks of one loss only: overfitting shows in a validation loss beside it",
           "vanishing": "the loss does fall here", "exploding": "the loss falls at every update: nothing explodes",
           "underfitting": "the loss is still falling: what keeps it from being at the bottom already?",
           None: "every update goes the right way. What is wrong with its length?"},
     "b": {"small": "a short update does not jump: it follows the gradient downhill",
           "vanishing": "no gradient is missing: the network moves, and too far",
           "exploding": "that may be the cause. Which fault of the learning rate makes each update too long?",
           None: "an update lands where the loss is higher. What is wrong with its length?"},
     "c": {"large": "with too large a rate the training loss would jump, not fall to 0. What does it mean that the two part?",
           "vanishing": "the training loss falls to 0: every gradient that is needed arrives",
           "exploding": "where a gradient explodes, the loss jumps: this one falls to 0",
           None: "what has a network learned that gets better on what it has seen, and worse on what it has not?"},
     "d": {"small": "a larger rate can help. But what is seen here is that nothing arrives: which word says that?",
           "overfitting": "to memorise it would have to learn something: this loss does not move",
           "exploding": "10⁻²⁵ of the gradient is left: it has become short, not long",
           None: "which signal does not arrive, so that nothing tells the network what to keep?"}},
    reads=one_of(*_WORDS, also=_ALSO), asks=f"give dict(a=..., b=..., c=..., d=...), each one of {', '.join(_WORDS)}",
    praise="updates too short, updates too long, memorised, or no message from far away: four faults that look different",
    hints=["Two of the four are about the length of an update. Which two?",
           "What do the training and the validation loss share in c?",
           "In d the loss stays where guessing is, and 1e-25 of the gradient arrives. What is that called, in point 1 of What "
           "you can find?"])
