"""Exercises of lesson 04: the gradient at the scores of one step by hand, that of all steps, and the losses of a sequence."""
from contextlib import suppress

import numpy as np

from ..losses import cross_entropy, softmax
from .code import MISFIT, coding
from .kit import wrong
from .table import table

LARGE = "right for small scores, but not for scores of ±10⁴: "
OVERFLOW = LARGE + ("exp overflows. Which number, subtracted from all scores of a step, makes every exponent at most 0 "
                    "and does not change ŷₜ?")
DIFFERENCE = "Write log ŷₜ as a difference, after subtracting the step's largest score, without taking the logarithm of ŷₜ"
ONE_MAXIMUM = LARGE + ("each step is right alone, but not beside the others. Subtract each step's own largest score, "
                       "o.max(axis=-1, keepdims=True); beside the largest of all, a step's exp may all be rounded to 0")
NEXT_LABEL = "step t is judged by the label of step t+1: row t of o belongs to yₜ"
LABEL_BEFORE = "step t is judged by the label of step t−1: row t of o belongs to yₜ"
NEXT_CLASS = "the class next to the right one: labels count from 0, as rows do"
_RNG = np.random.default_rng(40)
CASES = [(_RNG.normal(0, 2, (5, 7)), np.array([2, 0, 3, 1, 1])), (_RNG.normal(0, 2, (3, 6)), np.array([5, 1, 4]))]
_LARGE = np.array([[1e4, -1e4, 0.0], [-1e4, 0.0, 1e4], [1e4, 1e4, -1e4], [0.0, -1e4, 2.0]]), np.array([0, 0, 1, 2])


def _fits(answer, part, o, y):
    return np.allclose(answer(o.copy(), y.copy()), cross_entropy(o, y)[part], rtol=1e-10, atol=1e-6)


def _slopes(answer):
    """What is said of a right gradient. Large scores come later in the lesson: here they are told of, not asked for."""
    said = "each row sums to 0: what the right class gains, the others lose"
    with suppress(OverflowError):
        if _fits(answer, 1, *_LARGE):
            return said
    return f"{said}. (For scores of ±10⁴ your function fails: “Large scores”, below, says why)"


def _losses(answer):
    """What is said of right losses: praise, or what goes wrong for large scores."""
    o, y = _LARGE
    shifted = o - o.max(-1, keepdims=True)                  # the same right answer, and no exp can overflow
    def has_nan(o):
        return np.isnan(np.asarray(answer(o.copy(), y.copy()), dtype=float)).any()
    if _fits(answer, 0, o, y):
        return "one loss per step, in nats, exact for enormous scores too"
    if all(_fits(answer, 0, o[t:t + 1], y[t:t + 1]) for t in range(len(y))):
        return wrong(ONE_MAXIMUM)
    if has_nan(shifted):
        return wrong(f"{LARGE}there is NaN even where exp does not overflow: 0 · log 0, where ŷₜ[k] is rounded to 0? "
                     f"{DIFFERENCE}")
    if _fits(answer, 0, shifted, y) and np.isfinite(answer(o.copy(), y.copy())).all():
        return wrong(f"{LARGE}the difference of two large numbers keeps few digits, fewer still in float32: subtract the "
                     "largest score from both first")
    if _fits(answer, 0, shifted, y) or has_nan(o) or not np.isfinite(answer(o.copy(), o.argmax(-1))).all():
        return wrong(OVERFLOW)
    return wrong(f"{LARGE}ŷₜ[yₜ] is rounded to 0 before the logarithm sees it, or an exp overflows. {DIFFERENCE}")


def _three(value):
    """Three numbers, rounded, from a list of them.   raises: TypeError, ValueError"""
    if isinstance(value, str | dict | set) or len(value) != 3:
        raise TypeError
    return tuple(round(float(number), 6) for number in value)


_SUM_ALONE = "that is how log Σ moves. The score of the right class moves −o[1], too"
_ORDER = "the right numbers in the wrong order: class 0 comes first, and class 1 is the right one"
_SLOPE = "that is how a probability moves, such as ŷ (1 − ŷ). The loss is −log ŷ[1]: take the two parts of L one by one"
_OF_THE_SUM = "that is how far the sum moves, from 10. How far does its logarithm move?"

_STEP = {
    (.5, .3, .2): _SUM_ALONE, (-.5, .7, -.2): "the sign is turned round: the score of a wrong class raises the loss",
    (0, -1, 0): "that is how −o[1] moves. Every score stands in the sum, too",
    (0, -.7, 0): "the scores of classes 0 and 2 stand in the sum, too",
    (.5, -1, .2): "the score of the right class stands in the sum, too",
    (.5, 1.3, .2): "when o[1] grows, −o[1] falls: the first part of class 1 is −1",
    (.25, .21, .16): _SLOPE, (.25, -.21, .16): _SLOPE, (-.15, .21, -.06): _SLOPE,
    (.5, .7, .2): "how does the loss move when the score of the right class grows, up or down?",
    (.2, -.7, .5): _ORDER, (-.7, .5, .2): _ORDER, (-.7, .2, .5): _ORDER,
    (5, -7, 2): "ten times too large: log 10 grows by a tenth of what is added to the 10, and −o[1] falls by 1, not by 10",
    (5, 3, 2): _OF_THE_SUM, (5, 2, 2): _OF_THE_SUM,
    None: "take one score. How far does the sum move per nudge? How far does its logarithm? Does −o[1] move?"}


def _only(k):
    """Whether score k alone is wrong, in a way of which nothing better is known."""
    return lambda given: given["my_do"] not in _STEP and [i for i in range(3) if given["my_do"][i] != (.5, -.7, .2)[i]] == [k]


q04_1 = table(
    "my_do = [0.5, -1 + 0.3, 0.2]", {"my_do": _STEP}, joint=[
        (_only(0), "two of the three are right: look at class 0 again"),
        (_only(1), "two of the three are right. o[1] stands in both parts: how far does each of them move?"),
        (_only(2), "two of the three are right: look at class 2 again")],
    reads=_three, asks="write three numbers, one for each score, such as [0.1, 0.2, 0.3]",
    praise="the three add up to 0. When all scores rise by the same amount, no probability changes", hints=[
    "In which of the two parts of L does o[0] stand? And o[1]?",
    "A nudge of o[0] makes 5 larger by 5 nudges, so the sum 10 by 5 nudges, and log 10 by 5/10 of a nudge.",
    "o[1] stands in both parts: −1 from the first, and 3/10 from the logarithm."])

_TWICE = "the softmax's derivative is counted twice: ŷₜ − yₜ is already the gradient at the scores"
_SOFTMAX, _ONE_HOT = "rnn.softmax(o)", "np.eye(o.shape[-1])[y]"

q04_2 = coding(
    """def my_do(o, y):
    do = rnn.softmax(o)
    do[np.arange(len(y)), y] -= 1
    return do""",
    CASES, returns=("do",), letters={"T": 5, "K": 7}, instead=(cross_entropy,),
    helps={r"eye\((len|\d|T)": "np.eye wants the number of classes, K: np.eye(o.shape[-1])[y]",
           "a row": "y holds numbers of classes, not of rows: pair step and label, [np.arange(len(y)), y]", MISFIT:
           "In ŷₜ − yₜ the label is one-hot, K numbers per step; y, (T,), holds the numbers of the classes. A sum "
           "over the classes fits beside (T, K) with keepdims=True: (T, 1)"},
    praise=_slopes,
    shapes={(5,): "(T,): the gradient has an entry for every score, the wrong classes' too: (T, K)"}, mistakes=[
    ("-do", "the sign is flipped: raising the score of the right class must lower the loss, so its entry is negative"),
    ("2 * do", "twice too large: a factor of 2 belongs to the squared error"),
    ("do / len(o)", "divided by T: that is the gradient of the mean; L is the sum"),
    ("(p := rnn.softmax(o)) * do - p * (p * do).sum(-1, keepdims=True)", _TWICE),
    ("do * rnn.softmax(o) * (1 - rnn.softmax(o))", _TWICE),
    (_SOFTMAX, "yₜ is missing: this pushes every score down, the right one too"),
    (_SOFTMAX, "o.copy()", "oₜ − yₜ belongs to the squared error; with softmax it is ŷₜ, not oₜ"),
    ("rnn.softmax(o) - y[:, None]", "you subtracted the number of the class: yₜ is one-hot here, 1 at the right class"),
    (_SOFTMAX, "np.log(rnn.softmax(o))", "log ŷₜ in place of ŷₜ: the gradient at the scores has no logarithm in it"),
    (f"do * {_ONE_HOT}", "only the right class: raising any other score raises the loss too, through Σ exp"),
    (f"-{_ONE_HOT} / rnn.softmax(o)", "−1/ŷₜ is the gradient at the probabilities ŷₜ; go on through the softmax to the scores"),
    (f"-{_ONE_HOT}", "only half: −oₜ[yₜ] is differentiated, log Σ exp(oₜ) is not"),
    (_SOFTMAX, "np.eye(o.shape[-1])[o.argmax(-1)]", "the largest score has all of it: ŷₜ is a softmax, not an argmax"),
    (_SOFTMAX, "rnn.softmax(o.T).T", "softmax over the wrong axis: the classes of one step share probability 1"),
    (_SOFTMAX, "np.exp(o) / np.exp(o).sum()", "one softmax over all steps together: each step's own probabilities sum to 1"),
    ("-= 1", "= -1", "at the right class ŷₜ − 1 is due: you replaced ŷₜ by −1, subtract 1 from it"),
    (f"do * (1 - 2 * {_ONE_HOT})", "the sign is flipped at the right class alone: you have 1 − ŷₜ there, and ŷₜ − 1 is due"),
    ("-= 1", "+= 1", "yₜ is added; it must be subtracted, so that the right class's entry is negative"),
    ("rnn.softmax(o) - 1", "1 is subtracted everywhere: only the right class's entry loses 1"),
    ("rnn.softmax(o) - np.isin(np.arange(o.shape[-1]), y)",
     "[:, y] takes the labels of all steps in every row: pair step and label, [np.arange(T), y]"),
    ("right(o, np.roll(y, -1))", NEXT_LABEL), ("right(o, np.roll(y, 1))", LABEL_BEFORE), (", y] -=", ", y - 1] -=", NEXT_CLASS),
    ("right(o, o.argmax(-1))", "you subtracted at the class that the network likes best; the loss asks for yₜ")], hints=[
    "At which class must the gradient be negative, so that a step against it raises that score?",
    "Every score of the step gets ŷₜ[k]; the right class gets one thing more.",
    "ŷₜ − yₜ with yₜ one-hot: subtract 1 at [np.arange(T), y], in a new array.",
    "do = rnn.softmax(o);  do[np.arange(len(y)), y] -= 1"])


def _binary(o, y):
    p, e = softmax(o), np.eye(o.shape[-1])[y]
    return -(e * np.log(p) + (1 - e) * np.log(1 - p)).sum(-1)


_PICKED, _SQUARES = "log_yhat[np.arange(len(y)), y]", "((np.exp(log_yhat) - np.eye(o.shape[-1])[y]) ** 2).sum(-1)"

q04_3 = coding(
    """def my_losses(o, y):
    o = o - o.max(axis=-1, keepdims=True)
    log_yhat = o - np.log(np.exp(o).sum(axis=-1, keepdims=True))
    return -log_yhat[np.arange(len(y)), y]""",
    CASES, returns=("losses",), letters={"T": 5, "K": 7}, instead=(cross_entropy,),
    helps={"a row": "y holds numbers of classes, not of rows: pair step and label, [np.arange(len(y)), y]"},
    praise=_losses, shapes={
    (): "one number for all steps: return one loss for each step, the total comes later",
    (5, 5): "(T, T): o[:, y] takes every label at every step, so pair step and label, [np.arange(T), y]. "
            "And (T, 1) − (T,) is (T, T), too: without keepdims a sum over the classes is (T,)",
    (5, 7): "(T, K): a number for every class. Pick the right class's entry at each step"}, mistakes=[
    (_PICKED, "the sign: log ŷₜ[yₜ] is at most 0, a loss is at least 0"),
    ("right(o, y) / np.log(2)", "this is in bits: the course measures in nats, with the natural logarithm np.log"),
    ("np.log(np", "np.log2(np", "the logarithm of the sum has base 2: nats need the natural one, np.log"),
    ("right(o, y) / np.log(10)", "a logarithm to base 10: the course measures in nats, with np.log"),
    ("axis=-1", "axis=0", "softmax over the wrong axis: the classes of one step share probability 1, not the steps of one class. "
     "Classes are the last axis"),
    ("o.max(axis=-1, keepdims=True)", "o.max()", ".sum(axis=-1, keepdims=True)", ".sum()",
     "one softmax over all steps together: each step's own probabilities sum to 1. Sum over the last axis only"),
    ("-log_yhat.max(-1)", "you took the class that the network likes best; the loss asks for the right class, yₜ"),
    (".sum(axis=-1, keepdims=True)", ".sum()", "one log Σ exp for all steps together: each step has its own"),
    ("right(o, y - 1)", NEXT_CLASS), ("right(o, np.roll(y, -1))", NEXT_LABEL), ("right(o, np.roll(y, 1))", LABEL_BEFORE),
    (f"np.exp({_PICKED})", "these are the probabilities ŷₜ[yₜ] of the right class: the loss is −log of them"),
    (f"-np.exp({_PICKED})", "the logarithm is missing: this is −ŷₜ[yₜ]"),
    (f"1 - np.exp({_PICKED})", "1 − ŷₜ[yₜ] also falls as ŷₜ[yₜ] grows, but cross-entropy takes −log"),
    (lambda o, y: -o[np.arange(len(y)), y], "these are the scores of the right class: the softmax is missing"),
    ("-o[np.arange(len(y)), y]",
     "the largest score is subtracted, but log Σ exp is not: these are not yet logarithms of probabilities"),
    ("o = o - o", "raw, o = o, o - o", "log_yhat = o", "log_yhat = raw",
     "the largest score is subtracted inside the sum only: subtract it from the right class's score, too"),
    ("o - np.log", "o + np.log", "log Σ exp is added: log ŷₜ is a difference, oₜ[yₜ] − log Σ exp"),
    ("right(rnn.softmax(o), y)", "the softmax is taken twice: o are scores, not yet probabilities"),
    (_binary, "every class is judged as if it were a yes-or-no question; with softmax only the right class's logarithm counts"),
    ("-(y[:, None] * log_yhat).sum(-1)", "log ŷₜ is multiplied by the number of the class: yₜ is one-hot in that sum"),
    (_SQUARES + " / 2", "this is the squared error; the exercise asks for cross-entropy"),
    (_SQUARES, "this is a squared error; the exercise asks for cross-entropy"),
    ("-(np.exp(log_yhat) * log_yhat).sum(-1)",
     "this is the entropy of ŷₜ, which no label enters: in place of the first ŷₜ stands the one-hot yₜ")], hints=[
    "Which one of the K probabilities of a step does its loss look at?",
    "log ŷₜ[k] = oₜ[k] − log Σⱼ exp(oₜ[j]), and the same with the step's largest score subtracted from all of them first.",
    "log_yhat is (T, K), one row per step; [np.arange(T), y] takes entry yₜ of row t.",
    "o = o - o.max(axis=-1, keepdims=True);  log_yhat = o - np.log(np.exp(o).sum(axis=-1, keepdims=True))"])
