"""Exercises of lesson 03: the forward pass."""
import copy

import numpy as np

from ..network import init_parameters
from .code import compare_functions
from .kit import Exercise, Verdict, blank, right, wrong

D, H, K, T, B = 3, 5, 2, 4, 6       # all different, so that no two axes can be taken for each other


def _network(batch=()):
    """Parameters, x and h_0 in which nothing is zero, symmetric or the same twice."""
    rng = np.random.default_rng(3)
    params = init_parameters(D, H, K, rng)
    params = params._replace(b_h=params.b_h + .3, b_y=params.b_y - .4)
    return params, rng.standard_normal((T, *batch, D)), rng.standard_normal((*batch, H))


def _step(p, h_prev, x_t):
    a = x_t @ p.V.T + h_prev @ p.W.T + p.b_h
    h = np.tanh(a)
    return a, h, h @ p.U.T + p.b_y


def _forward(p, x, h_0, step=_step):
    """(1) to (3) with any step in the loop: right with `_step`, a named mistake with another."""
    a, h, o = [], [h_0], []
    for x_t in x:
        a_t, h_t, o_t = step(p, h[-1], x_t)
        a.append(a_t)
        h.append(h_t)
        o.append(o_t)
    return np.array(a), np.array(h), np.array(o)


# ---- known-wrong steps -----------------------------------------------------------------------------------------------

def _with(**changed):
    """The step with some parameters replaced: name -> function of the parameters."""
    return lambda p, h, x: _step(p._replace(**{name: change(p) for name, change in changed.items()}), h, x)


def _other_f(f):
    """The step with f in place of tanh."""
    def step(p, h, x):
        a, _, _ = _step(p, h, x)
        return a, f(a), f(a) @ p.U.T + p.b_y
    return step


def _bias_outside(p, h, x):
    a = x @ p.V.T + h @ p.W.T
    return a, np.tanh(a) + p.b_h, (np.tanh(a) + p.b_h) @ p.U.T + p.b_y


def _then(change):
    """The right step, its three results changed at the end."""
    return lambda p, h, x: change(p, h, *_step(p, h, x))


_late = _then(lambda p, h, a, h_t, o: (a, h_t, h @ p.U.T + p.b_y))


def _softmax(o):
    e = np.exp(o - o.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


_STEPS = [
    (_with(W=lambda p: p.W.T), "W is the wrong way round. It is square, so no shape error warns you: "
                               "V would have stopped you. How is V x_t written on rows?"),
    (_with(b_h=lambda p: 0 * p.b_h), "equation (1) has three terms, and a_t lacks the one that does not depend on the data"),
    (_with(b_y=lambda p: 0 * p.b_y), "a_t and h_t are right; the scores have a bias of their own"),
    (_with(b_h=lambda p: 0 * p.b_h, b_y=lambda p: 0 * p.b_y), "both biases are missing: one belongs to a_t, one to o_t"),
    (_with(W=lambda p: 0 * p.W), "the past is missing: this is a plain feedforward layer, with no term for h_{t-1}"),
    (_with(V=lambda p: 0 * p.V), "the input is missing: a_t must contain V x_t"),
    (_other_f(lambda a: a), "f is missing: your h_t equals a_t, so the layer is linear. See equation (2)"),
    (_other_f(lambda a: np.maximum(a, 0)), "your h_t is relu of a_t: here f is tanh"),
    (_other_f(lambda a: 1 / (1 + np.exp(-a))), "your h_t is the sigmoid of a_t: here f is tanh"),
    (_bias_outside, "b_h is added after f: it belongs inside a_t, before tanh"),
    (_then(lambda p, h, a, h_t, o: (a, h_t, a @ p.U.T + p.b_y)), "o_t is made from a_t; U reads the state h_t, after f"),
    (_late, "o_t is one step late: it reads h_{t-1}, not the h_t just made"),
    (_then(lambda p, h, a, h_t, o: (a, h_t, np.tanh(o))), "o_t went through tanh: f belongs to the hidden units only"),
    (_then(lambda p, h, a, h_t, o: (a, h_t, _softmax(o))), "that is ŷ_t: softmax is equation (4); return the scores of (3)"),
    (_then(lambda p, h, a, h_t, o: (h_t, a, o)), "a_t and h_t have changed places: return them in the order a_t, h_t, o_t"),
]


def _one_step(batch=()):
    params, x, h_0 = _network(batch)
    return params, h_0, x[0]


def _judge_step(answer):
    slip = _slip(answer, _one_step())
    if slip:
        return slip
    verdict = compare_functions(answer, _step, [_one_step()], _STEPS, ("a_t", "h_t", "o_t"))
    if not verdict.ok:
        return verdict
    if _fits(answer, _step, _one_step((B,)), ("a_t", "h_t", "o_t")):
        return right("equations (1) to (3), for one sequence and for a batch")
    return right("equations (1) to (3), for one sequence. For a batch x_t is (B, D): write V x_t on rows, x_t @ V.T, "
                 "and both work")


def _slip(answer, case):
    """Verdict on an answer that stops at a product or at a row that is not there; None for any other, run or not."""
    try:
        if callable(answer):
            answer(*copy.deepcopy(case))
    except IndexError as error:
        return wrong(f"a row that is not there was asked for ({error}): with t from 1 to T, x, a and o have the rows 0 to T-1, "
                     "h the rows 0 to T")
    except ValueError as error:
        if "matmul" in str(error) or "not aligned" in str(error):
            return wrong("a product does not fit: V is (H, D), W (H, H), U (K, H). A matrix before a column, V @ x_t, "
                         "becomes on rows: the row first, and the matrix turned over")
        if "operands could not be broadcast" in str(error):
            return wrong(f"lengths do not fit ({str(error).strip()}): + and * go entry by entry, a matrix product is written @; "
                         "b_h has H entries, as a_t has, and b_y has K, as o_t has")
    except Exception:
        return None             # the judge meets it again, and reports its line
    return None


def _fits(answer, reference, case, names):
    """Whether the answer is also right for this case; an error in it is a no."""
    try:
        return compare_functions(answer, reference, [case], names=names).ok
    except Exception:
        return False


# ---- known-wrong loops -----------------------------------------------------------------------------------------------

def _always_from_h_0(p, x, h_0):
    a, h, o = zip(*(_step(p, h_0, x_t) for x_t in x), strict=True)
    return np.array(a), np.array([h_0, *h]), np.array(o)


def _overwrites_h_0(p, x, h_0):
    h, a = np.zeros((len(x) + 1, *h_0.shape)), []
    h[0] = h_0
    for t in range(len(x)):
        a.append(x[t] @ p.V.T + h[t - 1] @ p.W.T + p.b_h)
        h[t] = np.tanh(a[-1])
    return np.array(a), h, h[:-1] @ p.U.T + p.b_y


def _appends_from_0(p, x, h_0):
    """for t in range(T), appending to [h_0]: h[t-1] is h_0 at t = 0, and h_0 again at t = 1."""
    a, h, o = [], [h_0], []
    for t in range(len(x)):
        for kept, made in zip((a, h, o), _step(p, h[t - 1], x[t]), strict=True):
            kept.append(made)
    return np.array(a), np.array(h), np.array(o)


def _h_0_last(p, x, h_0):
    a, h, o = _forward(p, x, h_0)
    return a, np.roll(h, -1, axis=0), o


def _stops_early(p, x, h_0):
    a, h, o = _forward(p, x, h_0)
    a[-1], h[-1], o[-1] = 0, 0, 0
    return a, h, o


def _stops_early_with_scores(p, x, h_0):
    a, h, _ = _stops_early(p, x, h_0)
    return a, h, h[1:] @ p.U.T + p.b_y


def _scores_late(p, x, h_0):
    a, h, _ = _forward(p, x, h_0)
    return a, h, h[:-1] @ p.U.T + p.b_y


_FORWARDS = [
    (_always_from_h_0, "every step starts from h_0 again: step 1 is right, but step t needs what step t-1 has just made"),
    (_overwrites_h_0, "h_1 was written over h[0], and at t = 0 your h[t-1] is the last row: which row should step 1 fill?"),
    (_appends_from_0, "from step 2 on you read the state before the last one: your t counts from 0, so the state that "
                      "step t-1 has just made is not h[t-1]"),
    (_h_0_last, "h_0 stands in the last row: h[0] must be h_0, so that h[t] is h_t; h[-1] is h_T"),
    (_stops_early, "the last step is missing: range(1, T) ends with T-1"),
    (_stops_early_with_scores, "the last step is missing: range(1, T) ends with T-1"),
    (_scores_late, "a and h are right, o is one step late: h[:-1] are the previous states, the states are h[1:]"),
    (lambda p, x, h_0: _forward(p, x, 0 * h_0), "h_0 is an argument, and you start from zeros: h[0] must hold it"),
    (lambda p, x, h_0: _forward(p, np.roll(x, -1, axis=0), h_0), "step t reads x_{t+1}: x has T rows, so x[t-1] is x_t"),
    (lambda p, x, h_0: _forward(p, x[::-1], h_0), "the sequence is read backwards: step 1 reads x_1"),
    *((lambda p, x, h_0, step=step: _forward(p, x, h_0, step), meaning) for step, meaning in _STEPS if step is not _late),
]


def _judge_forward(answer):
    case = _network()
    slip = _slip(answer, case) or _rows(answer, case)
    if slip:
        return slip
    verdict = compare_functions(answer, _forward, [case], _FORWARDS, ("a", "h", "o"))
    if not verdict.ok:
        return verdict
    if not _fits(answer, _forward, _network((B,)), ("a", "h", "o")):
        return wrong("right for one sequence (T, D), not for a batch (T, B, D): write V x_t on rows, x[t-1] @ V.T, and let the "
                     "shape of h_0 say how wide a row of h is")
    return right("the same numbers as rnn.forward, with and without a batch")


def _rows(answer, case):
    """Verdict on an answer that gives h first, or has a row too few or too many; None for any other."""
    given = answer(*copy.deepcopy(case)) if callable(answer) else None
    if not isinstance(given, tuple) or len(given) != 3:
        return None
    shapes = [np.shape(part) for part in given]
    if shapes[:2] == [(T + 1, H), (T, H)]:
        return Verdict("wrong shape", "a and h have changed places: return a, h, o")
    if shapes == [(T - 1, H), (T, H), (T - 1, K)]:
        return Verdict("wrong shape", "the last step is missing: range(1, T) ends with T-1")
    if shapes[1] == (T, H):
        return Verdict("wrong shape", f"h has {T} rows for T = {T} steps; there are T+1 states, because h_0 is one of them")
    if shapes[2] == (T + 1, K):
        return Verdict("wrong shape", f"o has {T + 1} rows for T = {T} steps: no step makes scores from h_0")
    return None


# ---- what is kept, and shapes ----------------------------------------------------------------------------------------

_NAMES = ("x", "Vx", "Wh", "a", "h", "o", "L")
_LOST = {
    "x": "x is missing: each V x_t is a product, so the gradient of V needs its other factor",
    "h": "h is missing: W h_{t-1} and U h_t are products, so the gradients of W and U need their other factor",
    "o": "o is missing: the way back starts at the scores, with do_t = ŷ_t − y_t, and ŷ_t is made from o_t",
}
_SPARE = {
    "Vx": "Vx is not needed: it is a summand of a_t, and the slope of a sum is 1 whatever the summands are",
    "Wh": "Wh is not needed: it is a summand of a_t, and the slope of a sum is 1 whatever the summands are",
    "L": "L is not needed: the way back starts from dL/dL = 1, and no slope contains the value of the loss",
}


def _judge_kept(answer):
    try:
        names = set(answer.replace(",", " ").split() if isinstance(answer, str) else answer)
    except TypeError:
        return wrong('a set of names, please, such as {"a", "L"}')
    if names == {...}:
        return blank()
    if not names <= set(_NAMES):
        return wrong(f"choose from {', '.join(_NAMES)}; got {', '.join(sorted(str(name) for name in names - set(_NAMES)))}")
    if names == {"x", "a", "o"}:
        return wrong("h_1 to h_T could be made again from a, but h_0 stands in no other array, and step 1 multiplies W by it")
    for name, why in _LOST.items():
        if name not in names:
            return wrong(why)
    for name, why in _SPARE.items():
        if name in names:
            return wrong(why)
    if "a" in names:
        return right("what rnn.forward keeps, enough for every f. For tanh a can be dropped: its slope is 1 − h_t²")
    return right("enough for tanh, whose slope 1 − tanh²(a_t) is 1 − h_t². rnn.forward keeps a as well: "
                 "not every f has a slope that can be read off h")


_SHAPES = {"a": (T, B, H), "h": (T + 1, B, H), "o": (T, B, K), "W": (H, H)}


def _judge_shapes(answer):
    if not isinstance(answer, dict) or set(answer) != set(_SHAPES):
        return wrong('a dictionary with the four names, please: {"a": (…), "h": (…), "o": (…), "W": (…)}')
    if any(shape is ... for shape in answer.values()):
        return blank()
    for name, shape in _SHAPES.items():
        given = tuple(np.atleast_1d(answer[name]).tolist())
        if given != shape:
            return wrong(f"{name}: {_shape_slip(name, given, shape)}")
    return right("time first, then the batch; the parameters have neither axis")


def _shape_slip(name, given, shape):
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


q03_1 = Exercise(_judge_step, [
    "Which of the five parameters does each of the equations (1) to (3) use?",
    "Three lines, one for each equation; the second needs only the first one's result.",
    "In arrays V x_t is x_t @ params.V.T, and W h_{t-1} is h_prev @ params.W.T.",
    "a_t = x_t @ params.V.T + h_prev @ params.W.T + params.b_h"],
    """def step(params, h_prev, x_t):
    a_t = x_t @ params.V.T + h_prev @ params.W.T + params.b_h     # (1)
    h_t = np.tanh(a_t)                                            # (2)
    o_t = h_t @ params.U.T + params.b_y                           # (3)
    return a_t, h_t, o_t""")

q03_2 = Exercise(_judge_forward, [
    "What does step t need that step t-1 has made? Where do you find it?",
    "Begin a list of states with h_0 in it. Each step appends one state, and reads the one before.",
    "for t in range(1, T + 1): step t reads h[t-1] and x[t-1], and makes h[t].",
    "a_t, h_t, o_t = step(params, h[t - 1], x[t - 1]), then append each to its list; np.array(h) has T+1 rows."],
    """def forward(params, x, h_0):
    a, h, o = [], [h_0], []
    for t in range(1, len(x) + 1):
        a_t = x[t - 1] @ params.V.T + h[t - 1] @ params.W.T + params.b_h     # (1)
        a.append(a_t)
        h.append(np.tanh(a_t))                                               # (2)
        o.append(h[t] @ params.U.T + params.b_y)                             # (3)
    return np.array(a), np.array(h), np.array(o)""")

q03_3 = Exercise(_judge_kept, [
    "For each operation of the forward pass: which numbers stand in its derivative?",
    "The derivative of a product by one factor is the other factor. The derivative of a sum by a summand is 1.",
    "Products are V x_t, W h_{t-1} and U h_t; the derivative of tanh is 1 − tanh². Where does the way back start?",
    "the inputs, the states with h_0, and the scores; a only if the slope of f cannot be had from h"],
    '{"x", "h", "o"}')

q03_4 = Exercise(_judge_shapes, [
    "Which of the four is made once a step? Which is there once for all?",
    "Time first, then the batch, then the vector: D, H or K numbers long.",
    "One of them has a row for step 0 as well.",
    "a is (T, B, H), and W is (H, H) as for a single sequence."],
    '{"a": (4, 6, 5), "h": (5, 6, 5), "o": (4, 6, 2), "W": (5, 5)}')
