"""Exercises of lesson 03: the forward pass."""
from functools import partial

import numpy as np

from ..network import forward, init_parameters
from .code import MISFIT, coding
from .kit import Exercise, Verdict, right, wrong
from .table import Unread, table

D, H, K, T, B = 3, 5, 2, 4, 6       # all different, so that no two axes can be taken for each other


def _network(batch=()):
    """Parameters, x and h_0 in which nothing is zero, symmetric or the same twice."""
    rng = np.random.default_rng(3)
    params = init_parameters(D, H, K, rng)
    params = params._replace(b_h=params.b_h + .3, b_y=params.b_y - .4)
    return params, rng.standard_normal((T, *batch, D)), rng.standard_normal((*batch, H))


def _one_step(batch=()):
    params, x, h_0 = _network(batch)
    return params, h_0, x[0]


_HELP = {"letters": {"T": T, "B": B}, "helps": {
    "a row": "step t reads x[t-1] and h[t-1]; did you write x[t]? With t from 1 to T, x, a and o have the rows 0 to T-1, "
             "h the rows 0 to T",
    r"fit: ([^*]* and )?(params\.)?b_[hy] is":
        "What is added must have one length: b_h has H entries, as a_t has, and b_y has K, as o_t has",
    MISFIT: "Does each matrix meet its own vector? V takes x_t, W takes h_{t-1}, U takes h_t. On rows the row comes first, "
            "and the matrix is turned over: V @ x_t is x_t @ V.T"}}
_STEP = """def step(params, h_prev, x_t):
    a_t = x_t @ params.V.T + h_prev @ params.W.T + params.b_h     # (1)
    h_t = np.tanh(a_t)                                            # (2)
    o_t = h_t @ params.U.T + params.b_y                           # (3)
    return a_t, h_t, o_t"""
_FORWARD = """def forward(params, x, h_0):
    a, h, o = [], [h_0], []
    for t in range(1, len(x) + 1):
        a_t = x[t - 1] @ params.V.T + h[t - 1] @ params.W.T + params.b_h     # (1)
        a.append(a_t)
        h.append(np.tanh(a_t))                                               # (2)
        o.append(h[t] @ params.U.T + params.b_y)                             # (3)
    return np.array(a), np.array(h), np.array(o)"""
_SOFTMAX = "that is ŷ_t: softmax is equation (4); return the scores of (3)"
_TANH_O = "o_t went through tanh: f belongs to the hidden units only"
_SUM = "a_t = x_t @ params.V.T + h_prev @ params.W.T + params.b_h"
_FROM_A = "o_t is made from a_t; U reads the state h_t, after f"
_BOTH = [       # edits of either text
    ("params.W.T", "params.W", "W is the wrong way round. It is square, so NumPy does not complain. W h is W @ h on columns "
     "and h @ W.T on rows: do not mix the two"),
    (" @ params.W.T", "", "W is missing: h_{t-1} is added as it is, and equation (1) multiplies it with W first"),
    (" + params.b_h", "", "b_h is missing: equation (1) has three terms"),
    (" + params.b_y", "", "a_t and h_t are right; the scores have a bias of their own"),
    (" + params.b_h", "", " + params.b_y", "", "both biases are missing: one belongs to a_t, one to o_t"),
    ("params.W.T", "(0 * params.W)", "the past is missing: this is a plain feedforward layer, with no term for h_{t-1}"),
    ("params.V.T", "(0 * params.V.T)", "the input is missing: a_t must contain V x_t"),
    ("np.tanh(a_t)", "a_t", "f is missing: your h_t equals a_t, so the layer is linear. See equation (2)"),
    ("np.tanh(a_t)", "np.maximum(a_t, 0)", "your h_t is relu of a_t: here f is tanh"),
    ("np.tanh(a_t)", "1 / (1 + np.exp(-a_t))", "your h_t is the sigmoid of a_t: here f is tanh"),
    (" + params.b_h", "", "np.tanh(a_t)", "np.tanh(a_t) + params.b_h",
     "b_h is added after f: it belongs inside a_t, before tanh")]


def _step_praise(answer):
    if q03_1.code.agrees(answer, _one_step((B,))):
        return "equations (1) to (3), for one sequence and for a batch"
    return "equations (1) to (3), for one sequence. For a batch x_t is (B, D): write V x_t on rows, x_t @ V.T, and both work"


q03_1 = coding(_STEP, [_one_step()], returns=("a_t", "h_t", "o_t"), praise=_step_praise, instead=(forward,), **_HELP, mistakes=[
    *_BOTH, ("h_t @ params.U.T", "a_t @ params.U.T", _FROM_A),
    ("h_t, h_t, o_t", "your a_t has gone through f already: return the sum of (1), and apply f once, in (2)"),
    (_SUM, f"{_SUM.replace('= ', '= np.tanh(', 1)})",
     "f is applied twice on the way to h_t: a_t is the sum of (1), before f. Apply f once, in (2)"),
    ("np.tanh(a_t)", "np.tanh(np.tanh(a_t))", "a_t is right, and f is applied twice on the way to h_t: once, in (2), is enough"),
    (" + params.b_h", " + 2 * params.b_h", "b_h is added twice: equation (1) has it once"),
    ("h_t @ params.U.T", "h_prev @ params.U.T", "o_t is one step late: it reads h_{t-1}, not the h_t just made"),
    ("a_t, h_t, np.tanh(o_t)", _TANH_O), ("a_t, h_t, rnn.softmax(o_t)", _SOFTMAX),
    ("np.tanh(a_t)", "h_prev + np.tanh(a_t)", "h_{t-1} is added to h_t: it comes in through W alone, inside a_t"),
    ("np.tanh(a_t)", "np.tanh(x_t @ params.V.T) + np.tanh(h_prev @ params.W.T + params.b_h)",
     "tanh is taken of each part: add the parts first, a_t, and take one tanh of the sum"),
    ("h_prev @ params.W.T + params.b_h", "(h_prev + params.b_h) @ params.W.T", "b_h goes through W: add it after the product")],
    hints=[
    "Which of the five parameters does each of the equations (1) to (3) use?",
    "Three lines, one for each equation; the second needs only the first one's result.",
    "In arrays V x_t is x_t @ params.V.T, and W h_{t-1} is h_prev @ params.W.T.",
    "a_t = x_t @ params.V.T + h_prev @ params.W.T + params.b_h"])

_LAST = "the last step is missing: range(1, T) ends with T-1, and range(T - 1) with T-2"


def _forward_praise(answer):
    if q03_2.code.agrees(answer, _network((B,))):
        return "the same numbers as rnn.forward, with and without a batch"
    return wrong("right for one sequence (T, D), not for a batch (T, B, D): write every product on rows, x[t-1] @ V.T, "
                 "h[t-1] @ W.T and h[t] @ U.T, and let the shape of h_0 say how wide a row of h is")


def _rows(verdict, answer, _):
    """What is said of a, h or o with a row too few or too many, or of h given first."""
    if verdict.status != "wrong shape":
        return None
    a, h, o = map(np.shape, answer(*_network()))
    known = (((a, h) == ((T + 1, H), (T, H)), "a and h have changed places: return a, h, o"),
             ((a, h, o) == ((T - 1, H), (T, H), (T - 1, K)), _LAST),
             (h == (T, H), f"h has {T} rows for T = {T} steps; there are T+1 states, because h_0 is one of them"),
             (o == (T + 1, K), f"o has {T + 1} rows for T = {T} steps: no step makes scores from h_0"))
    return next((Verdict("wrong shape", said) for is_so, said in known if is_so), None)


q03_2 = coding(_FORWARD, [_network()], returns=("a", "h", "o"), praise=_forward_praise, last=_rows, instead=(forward,), **_HELP,
               mistakes=[
    ("+ h[t - 1] @", "+ h[0] @",
     "every step starts from h_0 again: step 1 is right, but step t needs what step t-1 has just made"),
    ("""def forward(params, x, h_0):
    h, a = np.zeros((len(x) + 1, *h_0.shape)), []
    h[0] = h_0
    for t in range(len(x)):
        a.append(x[t] @ params.V.T + h[t - 1] @ params.W.T + params.b_h)
        h[t] = np.tanh(a[-1])
    return np.array(a), h, h[:-1] @ params.U.T + params.b_y""",
     "h_1 was written over h[0], and at t = 0 your h[t-1] is the last row: which row should step 1 fill?"),
    ("""def forward(params, x, h_0):
    h, a = np.zeros((len(x) + 1, *h_0.shape)), []
    h[0] = h_0
    for t in range(1, len(x) + 1):
        a.append(x[t - 1] @ params.V.T + h[t - 2] @ params.W.T + params.b_h)
        h[t] = np.tanh(a[-1])
    return np.array(a), h, h[1:] @ params.U.T + params.b_y""",
     "step t reads h[t-1]; yours reads h[t-2], the row before it, and at step 1 h[-1], the last row"),
    ("range(1, len(x) + 1)", "range(len(x))", "x[t - 1]", "x[t]", "h[t] @", "h[-1] @", "from step 2 on you read the state before "
     "the last one: your t counts from 0, so the state that step t-1 has just made is not h[t-1]"),
    *((f"""def forward(params, x, h_0):
    h, a, o = (np.zeros((len(x) + more, *width)) for more, width in ((1, h_0.shape), (0, h_0.shape), (0, params.b_y.shape)))
    h[0] = h_0
    for t in range(1, len(x)):
        a[t] = x[t] @ params.V.T + h[t - 1] @ params.W.T + params.b_h
        h[t] = np.tanh(a[t])
        o[t] = h[t] @ params.U.T + params.b_y
    return a, h, {scores}""", "your loop never fills a[0]: step t writes a[t-1] and reads x[t-1], for t = 1 to T")
      for scores in ("o", "h[1:] @ params.U.T + params.b_y")),
    ("+ h[t - 1] @", "+ (a[t - 2] if t > 1 else h_0) @", "W reads a_{t-1}: it is h_{t-1}, after f, that goes on"),
    ("h[t] @", "h[t - 1] @", "a and h are right, o is one step late: h[:-1] are the previous states, the states are h[1:]"),
    ("[h_0]", "[0 * h_0]", "h_0 is an argument, and you start from zeros: h[0] must hold it"),
    ("a.append(a_t)", "a.append(np.tanh(a_t))", "a holds the states: a_t is what comes before tanh, the way back needs it"),
    ("x[t - 1]", "x[t - 2]", "x is one step late, and row -1 comes first: beside the state that you make stands its own input"),
    ("x[t - 1]", "x[-t]", "the sequence is read backwards: step 1 reads x_1"), *_BOTH,
    ("h[t] @ params.U.T", "a_t @ params.U.T", _FROM_A), ("np.array(a), np.array(h), np.tanh(o)", _TANH_O),
    ("np.array(a), np.array(h), rnn.softmax(np.array(o))", _SOFTMAX)],
    hints=[
    "What does step t need that step t-1 has made? Where do you find it?",
    "Begin a list of states with h_0 in it. Each step appends one state, and reads the one before.",
    "for t in range(1, T + 1): step t reads h[t-1] and x[t-1], and makes h[t].",
    "a_t, h_t, o_t = step(params, h[t - 1], x[t - 1]), then append each to its list; np.array(h) has T+1 rows."])


# ---- what is kept, and shapes ----------------------------------------------------------------------------------------

_NAMES = ("x", "Vx", "Wh", "a", "h", "o", "L")
_LOST = {
    "x": "x is missing: each V x_t is a product, so the gradient of V needs its other factor",
    "h": "h is missing: W h_{t-1} and U h_t are products, so the gradients of W and U need their other factor",
    "o": "o is missing: the way back starts at the scores, and the derivative of softmax and cross-entropy needs them"}
_ONLY_H_0 = "h_1 to h_T could be made again from a, but h_0 stands in no other array, and step 1 multiplies W by it"
_SPARE = {
    "Vx": "Vx is not needed: it is a summand of a_t, and the slope of a sum is 1 whatever the summands are",
    "Wh": "Wh is not needed: it is a summand of a_t, and the slope of a sum is 1 whatever the summands are",
    "L": "L is not needed: the way back starts from dL/dL = 1, and no slope contains the value of the loss"}


def _judge_kept(answer):
    try:
        names = set(answer.replace(",", " ").split()) - {"and"} if isinstance(answer, str) else set(answer)
    except TypeError:
        return wrong('a set of names, please, such as {"a", "L"}')
    if not names <= set(_NAMES):
        return wrong(f"choose from {', '.join(_NAMES)}; got {', '.join(sorted(str(name) for name in names - set(_NAMES)))}")
    lost = _LOST | {"h": _ONLY_H_0} if "a" in names else _LOST
    slips = [why for name, why in lost.items() if name not in names]
    slips += [why for name, why in _SPARE.items() if name in names]
    if slips:
        return wrong(slips[0])
    if "a" in names:
        return Verdict("not yet right", "enough for every f, and what rnn.forward keeps; but not the smallest set for relu. "
                                        "From which of the others can the slope of relu be had?")
    return right("enough for relu, whose slope is 1 just where h_t > 0 (and for tanh, where it is 1 − h_t²). rnn.forward keeps a "
                 "as well: not every f has a slope that can be read off h")


_SHAPES = {"a": (T, B, H), "h": (T + 1, B, H), "o": (T, B, K), "W": (H, H)}


def _a_shape(given):
    if isinstance(given, str) or np.ndim(given) > 1:
        raise Unread("write a tuple of numbers, (…, …), without quotation marks")
    return tuple(np.atleast_1d(given).tolist())


def _shape_slip(name, shape, given):
    """What a wrong shape of an array shows."""
    if name == "W":
        return ("all steps and all sequences share one W, so it has neither a time axis nor a batch axis" if len(given) > 2
                else "W leads from hidden units to hidden units")
    if len(given) == 2:
        return "one axis is missing: time, batch, and what a single vector holds"
    if given == (T, B, H) and name == "h":
        return "h_0 is a state too"
    if given == (T + 1, B, shape[-1]):
        return "only h has a row for step 0; here each step makes one row"
    if given in ((B, T, shape[-1]), (B, T + 1, shape[-1])):
        return "time is the first axis, the batch the second"
    if given[:-1] == shape[:-1]:
        return "time and batch are right; how long is one such vector: D, H or K?"
    return "ask for each axis: how many steps, how many sequences, how long is one vector?"


q03_3 = Exercise(_judge_kept, [
    "For each operation of the forward pass: which numbers stand in its derivative?",
    "The derivative of a product by one factor is the other factor. The derivative of a sum by a summand is 1.",
    "Products are V x_t, W h_{t-1} and U h_t; the slope of relu is 1 where a > 0. Where does the way back start?",
    "the inputs, the states with h_0, and the scores; a only if the slope of f cannot be had from h"],
    'my_kept = {"x", "h", "o"}')

q03_4 = table(
    'my_shapes = {"a": (4, 6, 5), "h": (5, 6, 5), "o": (4, 6, 2), "W": (5, 5)}',
    {name: partial(_shape_slip, name, shape) for name, shape in _SHAPES.items()},
    reads=_a_shape, asks='a dictionary with the four names, please: {"a": (…), "h": (…), "o": (…), "W": (…)}',
    praise="time first, then the batch; the parameters have neither axis", hints=[
    "Which of the four is made once a step? Which is there once for all?",
    "Time first, then the batch, then the vector: D, H or K numbers long.",
    "One of them has a row for step 0 as well.",
    "a is (T, B, H), and W is (H, H) as for a single sequence."])
