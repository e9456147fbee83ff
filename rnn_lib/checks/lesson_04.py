"""Exercises of lesson 04: the losses of a sequence, their sum under a mask, and the gradient at the scores."""
import numpy as np

from ..losses import cross_entropy, softmax
from .code import MISFIT, coding
from .kit import wrong

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


def _for_large_scores(part, praise):
    """What is said of a right answer: praise, or what goes wrong for large scores.   part: of cross_entropy, that it computes"""
    o = np.array([[1e4, -1e4, 0.0], [-1e4, 0.0, 1e4], [1e4, 1e4, -1e4], [0.0, -1e4, 2.0]])
    shifted, y = o - o.max(-1, keepdims=True), np.array([0, 0, 1, 2])      # the same right answer, and no exp can overflow
    def said(answer):
        def fits(o, y):
            return np.allclose(answer(o.copy(), y.copy()), cross_entropy(o, y)[part], rtol=1e-10, atol=1e-6)
        def has_nan(o):
            return np.isnan(np.asarray(answer(o.copy(), y.copy()), dtype=float)).any()
        if fits(o, y):
            return praise
        if all(fits(o[t:t + 1], y[t:t + 1]) for t in range(len(y))):
            return wrong(ONE_MAXIMUM)
        if has_nan(shifted):
            return wrong(f"{LARGE}1/ŷₜ is infinite where ŷₜ is rounded to 0: use ŷₜ − yₜ" if part else
                         f"{LARGE}there is NaN even where exp does not overflow: 0 · log 0, where ŷₜ[k] is rounded to 0? "
                         f"{DIFFERENCE}")
        if fits(shifted, y) and np.isfinite(answer(o.copy(), y.copy())).all():
            return wrong(f"{LARGE}the difference of two large numbers keeps few digits, fewer still in float32: subtract the "
                         "largest score from both first")
        if fits(shifted, y) or has_nan(o) or not np.isfinite(answer(o.copy(), o.argmax(-1))).all():
            return wrong(OVERFLOW)
        return wrong(f"{LARGE}ŷₜ[yₜ] is rounded to 0 before the logarithm sees it, or an exp overflows. {DIFFERENCE}")
    return said


def _binary(o, y):
    p, e = softmax(o), np.eye(o.shape[-1])[y]
    return -(e * np.log(p) + (1 - e) * np.log(1 - p)).sum(-1)


_PICKED, _SQUARES = "log_yhat[np.arange(len(y)), y]", "((np.exp(log_yhat) - np.eye(o.shape[-1])[y]) ** 2).sum(-1)"

q04_1 = coding(
    """def my_losses(o, y):
    o = o - o.max(axis=-1, keepdims=True)
    log_yhat = o - np.log(np.exp(o).sum(axis=-1, keepdims=True))
    return -log_yhat[np.arange(len(y)), y]""",
    CASES, returns=("losses",), letters={"T": 5, "K": 7}, instead=(cross_entropy,),
    helps={"a row": "y holds numbers of classes, not of rows: pair step and label, [np.arange(len(y)), y]"},
    praise=_for_large_scores(0, "one loss a step, in nats, exact for enormous scores too"), shapes={
    (): "one number for all steps: return one loss for each step, the total comes later",
    (5, 5): "(T, T): o[:, y] takes every label at every step, so pair step and label, [np.arange(T), y]. "
            "And (T, 1) − (T,) is (T, T), too: without keepdims a sum over the classes is (T,)",
    (5, 7): "(T, K): a number for every class. Pick the right class's entry at each step"}, mistakes=[
    ("right(o, y).mean()", "this is the mean of the losses, one number: return one loss for each step"),
    (_PICKED, "the sign: log ŷₜ[yₜ] is at most 0, a loss is at least 0"),
    ("right(o, y) / np.log(2)", "this is in bits: the course measures in nats, with the natural logarithm np.log"),
    ("right(o, y) / np.log(10)", "a logarithm to base 10: the course measures in nats, with np.log"),
    ("axis=-1", "axis=0", "softmax over the wrong axis: the classes of one step share probability 1, not the steps of one class. "
     "Classes are the last axis"),
    ("o.max(axis=-1, keepdims=True)", "o.max()", ".sum(axis=-1, keepdims=True)", ".sum()",
     "one softmax over all steps together: each step's own probabilities sum to 1. Sum over the last axis only"),
    ("-log_yhat.max(-1)", "you took the class that the network likes best; the loss asks for the right class, yₜ"),
    ("-log_yhat.min(-1)", "you took the least likely class of each step; the loss asks for the right class, yₜ"),
    ("right(o, y - 1)", NEXT_CLASS), ("right(o, np.roll(y, -1))", NEXT_LABEL), ("right(o, np.roll(y, 1))", LABEL_BEFORE),
    ("np.cumsum(right(o, y))", "this is the running total; the exercise asks for each step's own loss"),
    ("right(o, y) / len(o)", "divided by T: that is a step's share of the mean; this course sums"),
    ("right(o, y) / o.shape[-1]", "divided by K: the mean over the classes instead of the right class's own entry"),
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
    "log_yhat is (T, K), one row a step; [np.arange(T), y] takes entry yₜ of row t.",
    "o = o - o.max(axis=-1, keepdims=True);  log_yhat = o - np.log(np.exp(o).sum(axis=-1, keepdims=True))"])


def _padded():
    rng = np.random.default_rng(41)
    def case(T, K, lengths):
        mask = np.arange(T)[:, None] < np.array(lengths)
        y = rng.integers(0, K, mask.shape) * mask
        return rng.normal(0, 2, (*mask.shape, K)), y, mask
    return [case(5, 4, (5, 2, 3)), case(4, 3, (1, 4))]


def _not_finite(_, answer, judge):
    first = answer(*judge.cases[0])
    if isinstance(first, float) and not np.isfinite(first):
        return wrong(f"the total is {float(first)}: was ŷₜ multiplied by the mask? log 0 is −∞. Mask the losses, after the log")
    return None


_MASKED, DO = "(losses * mask)", "that is made of do: rnn.cross_entropy returns the losses first, then do"

q04_2 = coding(
    """def my_total(o, y, mask):
    losses, _ = rnn.cross_entropy(o, y)
    return (losses * mask).sum()""",
    _padded(), returns=("L",), letters={"T": 5, "B": 3, "K": 4}, last=_not_finite, instead=((cross_entropy, "mask"),),
    praise="padding adds exactly 0, and every other step its own loss, whole",
    shapes={shape: f"{shape}: L is one number, the sum over time and over the batch" for shape in ((5, 3), (5,), (3,))},
    mistakes=[
    ("rnn.cross_entropy(o, y)[1].sum()", DO), ("(rnn.cross_entropy(o, y)[1] * mask[..., None]).sum()", DO),
    ("losses.sum()", "the padding is counted: its labels are not answers to anything"),
    (_MASKED + ".mean()", "a mean over all T·B steps, padding included: this course sums"),
    ("losses.mean()", "a mean over all T·B steps, and the padding is counted"),
    (_MASKED + ".sum() / mask.sum()", "the mean over the steps that count: a fair thing to report, but L is the sum"),
    (_MASKED + ".sum() / len(o)", "divided by T: L is the sum over time, not the mean"),
    (_MASKED + ".sum(0).mean()", "summed over time, but averaged over the batch: L sums over both"),
    ("rnn.cross_entropy(o * mask[..., None], y)[0].sum()",
     "the mask went to the scores: scores of 0 still predict, uniformly, and cost log K each. Mask the losses"),
    ("(losses * ~mask).sum()", "the mask is inverted: True marks the steps that count"),
    (f"({_MASKED}.sum(0) / mask.sum(0)).sum()", "a mean for each sequence, summed: L sums over time, too"),
    (f"({_MASKED}.sum(0) / mask.sum(0)).mean()", "a mean for each sequence, and the mean of those: L sums"),
    (f"-{_MASKED}.sum()", "the sign: a loss is at least 0, and so is a sum of losses"),
    (_MASKED + "[:, 0].sum()", "only the first sequence: L sums over the batch, too"),
    (_MASKED + "[-1].sum()", "only the last step: every step predicts, every step has a loss")], hints=[
    "What should a padded step add to the total? What does it add if only its scores are set to 0?",
    "First the losses of all steps, (T, B), then the mask, then one sum over everything.",
    "rnn.cross_entropy(o, y) returns losses and do; you need the first.",
    "rnn.cross_entropy(o, y)[0] * mask, summed"])

_TWICE = "the softmax's derivative is counted twice: ŷₜ − yₜ is already the gradient at the scores"
_SOFTMAX, _ONE_HOT = "rnn.softmax(o)", "np.eye(o.shape[-1])[y]"

q04_3 = coding(
    """def my_do(o, y):
    do = rnn.softmax(o)
    do[np.arange(len(y)), y] -= 1
    return do""",
    CASES, returns=("do",), letters={"T": 5, "K": 7}, instead=(cross_entropy,),
    helps={"a row": "y holds numbers of classes, not of rows: pair step and label, [np.arange(len(y)), y]", MISFIT:
           "In ŷₜ − yₜ the label is one-hot, 1 at the right class and 0 elsewhere; y holds the numbers of the classes. A sum "
           "over the classes fits beside (T, K) with keepdims=True: (T, 1)"},
    praise=_for_large_scores(1, "each row sums to 0: what the right class gains, the others lose"),
    shapes={(5,): "(T,): the gradient has an entry for every score, the wrong classes' too: (T, K)"}, mistakes=[
    ("-do", "the sign is flipped: raising the score of the right class must lower the loss, so its entry is negative"),
    ("do / len(o)", "divided by T: that is the gradient of the mean; L is the sum"),
    ("do / o.shape[-1]", "divided by K: the classes are not averaged"),
    ("(p := rnn.softmax(o)) * do - p * (p * do).sum(-1, keepdims=True)", _TWICE),
    ("do * rnn.softmax(o) * (1 - rnn.softmax(o))", _TWICE),
    (_SOFTMAX, "yₜ is missing: this pushes every score down, the right one too"),
    (_SOFTMAX, "o.copy()", "oₜ − yₜ belongs to the squared error; with softmax it is ŷₜ, not oₜ"),
    ("rnn.softmax(o) - y[:, None]", "you subtracted the number of the class: yₜ is one-hot here, 1 at the right class"),
    (_SOFTMAX, "np.log(rnn.softmax(o))", "log ŷₜ in place of ŷₜ: the gradient at the scores has no logarithm in it"),
    (f"do * {_ONE_HOT}", "only the right class: raising any other score raises the loss too, through Σ exp"),
    (f"-{_ONE_HOT} / rnn.softmax(o)", "−1/ŷₜ is the gradient at the probabilities ŷₜ; go on through the softmax to the scores"),
    (f"-{_ONE_HOT}", "only half: −oₜ[yₜ] is differentiated, log Σ exp(oₜ) is not"),
    ("2 * do", "twice too large: nothing is squared here, so no 2 comes down"),
    ("do * rnn.cross_entropy(o, y)[0][:, None]", "multiplied by the loss: L_t sends back a 1, since L = Σₜ Lₜ"),
    (_SOFTMAX, "rnn.softmax(o.T).T", "softmax over the wrong axis: the classes of one step share probability 1"),
    (_SOFTMAX, "np.exp(o) / np.exp(o).sum()", "one softmax over all steps together: each step's own probabilities sum to 1"),
    ("do.cumsum(0)", "summed over the steps so far: oₜ enters Lₜ and no other loss"),
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
