"""Exercises of lesson 04: per-step losses, the mask, the gradient at the scores."""
import numpy as np

from ..losses import softmax
from .code import compare_functions
from .kit import Exercise, Verdict, right, wrong

NOTHING = "your function returned nothing: its last line should begin with return"
LARGE = "right for small scores, but not for scores of ±10⁴: "
OVERFLOW = LARGE + "exp overflows. Which number can you subtract from all scores of a step without changing ŷₜ?"
DIFFERENCE = "Write log ŷₜ as a difference, after subtracting the step's largest score, without taking the logarithm of ŷₜ"
ONE_MAXIMUM = LARGE + ("each step is right alone, but not beside the others. Subtract each step's own largest score, "
                       "o.max(axis=-1, keepdims=True); beside the largest of all, a step's exp may all be rounded to 0")
NEXT_LABEL = "step t is judged by the label of step t+1: row t of o belongs to yₜ"
LABEL_BEFORE = "step t is judged by the label of step t−1: row t of o belongs to yₜ"
NEXT_CLASS = "the class next to the right one: labels count from 0, as rows do"


def _log_yhat(o, axis=-1):
    o = o - o.max(axis, keepdims=True)
    return o - np.log(np.exp(o).sum(axis, keepdims=True))


def _pick(values, y):
    return np.take_along_axis(values, np.asarray(y)[..., None], axis=-1)[..., 0]


def _one_hot(o, y):
    return (np.arange(o.shape[-1]) == np.asarray(y)[..., None]).astype(float)


def _losses(o, y):
    return -_pick(_log_yhat(o), y)


def _do(o, y):
    return softmax(o) - _one_hot(o, y)


def _binary(o, y):
    p, e = softmax(o), _one_hot(o, y)
    return -(e * np.log(p) + (1 - e) * np.log(1 - p)).sum(-1)


def _cases():
    rng = np.random.default_rng(40)
    return [(rng.normal(0, 2, (5, 4)), np.array([2, 0, 3, 1, 1])), (rng.normal(0, 2, (3, 6)), np.array([5, 1, 4]))]


def _large():
    return np.array([[1e4, -1e4, 0.0], [-1e4, 0.0, 1e4], [1e4, 1e4, -1e4], [0.0, -1e4, 2.0]]), np.array([0, 0, 1, 2])


LOSS_MISTAKES = [
    (lambda o, y: -_losses(o, y), "the sign: log ŷₜ[yₜ] is at most 0, a loss is at least 0"),
    (lambda o, y: _losses(o, y) / np.log(2), "this is in bits: the course measures in nats, with the natural logarithm np.log"),
    (lambda o, y: _losses(o, y) / np.log(10), "a logarithm to base 10: the course measures in nats, with np.log"),
    (lambda o, y: -_pick(_log_yhat(o, 0), y), "softmax over the wrong axis: the classes of one step share probability 1, "
                                              "not the steps of one class. Classes are the last axis"),
    (lambda o, y: np.log(np.exp(o).sum()) - _pick(o, y), "one softmax over all steps together: each step's own probabilities "
                                                         "sum to 1. Sum over the last axis only"),
    (lambda o, y: -_log_yhat(o).max(-1), "you took the class that the network likes best; the loss asks for the right class, yₜ"),
    (lambda o, y: -_log_yhat(o).min(-1), "you took the least likely class of each step; the loss asks for the right class, yₜ"),
    (lambda o, y: -_pick(_log_yhat(o), np.asarray(y) - 1), NEXT_CLASS),
    (lambda o, y: -_pick(_log_yhat(o), np.roll(y, -1)), NEXT_LABEL),
    (lambda o, y: -_pick(_log_yhat(o), np.roll(y, 1)), LABEL_BEFORE),
    (lambda o, y: np.cumsum(_losses(o, y)), "this is the running total; the exercise asks for each step's own loss"),
    (lambda o, y: _losses(o, y) / len(o), "divided by T: that is a step's share of the mean; this course sums"),
    (lambda o, y: _losses(o, y) / o.shape[-1], "divided by K: the mean over the classes instead of the right class's own entry"),
    (lambda o, y: -_pick(softmax(o), y), "the logarithm is missing: this is −ŷₜ[yₜ]"),
    (lambda o, y: 1 - _pick(softmax(o), y), "1 − ŷₜ[yₜ] also falls as ŷₜ[yₜ] grows, but cross-entropy takes −log"),
    (lambda o, y: -_pick(o, y), "these are the scores of the right class: the softmax is missing"),
    (lambda o, y: -_pick(o - o.max(-1, keepdims=True), y),
     "the largest score is subtracted, but log Σ exp is not: these are not yet logarithms of probabilities"),
    (lambda o, y: -_pick(_log_yhat(softmax(o)), y), "the softmax is taken twice: o are scores, not yet probabilities"),
    (_binary, "every class is judged as if it were a yes-or-no question; with softmax only the right class's logarithm counts"),
    (lambda o, y: (_do(o, y) ** 2).sum(-1) / 2, "this is the squared error; the exercise asks for cross-entropy"),
    (lambda o, y: (_do(o, y) ** 2).sum(-1), "this is a squared error; the exercise asks for cross-entropy"),
    (lambda o, y: -(softmax(o) * _log_yhat(o)).sum(-1),
     "this is the entropy of ŷₜ, which no label enters: in place of the first ŷₜ stands the one-hot yₜ"),
]


def _judge_losses(answer):
    cases = _cases()
    with np.errstate(all="ignore"):
        early = callable(answer) and _loss_shape(answer(*_cases()[0]), *cases[0])
        verdict = early or compare_functions(answer, _losses, cases, LOSS_MISTAKES, ("losses",))
        if not verdict.ok:
            return verdict
        slip = _large_slip(answer, _losses)
    return wrong(slip) if slip else right("one loss a step, in nats, exact for enormous scores too")


def _large_slip(answer, reference):
    """What goes wrong for large scores, or None."""
    o, y = _large()
    def fits(o, y):
        return np.allclose(answer(o.copy(), y.copy()), reference(o, y), rtol=1e-10, atol=1e-6)
    if fits(o, y):
        return None
    if all(fits(o[t:t + 1], y[t:t + 1]) for t in range(len(y))):
        return ONE_MAXIMUM
    shifted = o - o.max(-1, keepdims=True)          # the same right answer, and no exp can overflow
    if np.isnan(np.asarray(answer(shifted.copy(), y.copy()), dtype=float)).any():
        return LARGE + "there is NaN even where exp does not overflow: 0 · log 0, where ŷₜ[k] is rounded to 0? " + DIFFERENCE
    if fits(shifted, y) or np.isnan(np.asarray(answer(o.copy(), y.copy()), dtype=float)).any():
        return OVERFLOW
    return LARGE + "ŷₜ[yₜ] is rounded to 0 before the logarithm sees it. " + DIFFERENCE


def _is_numbers(got):
    try:
        return np.asarray(got).dtype.kind in "bif"
    except ValueError:          # rows of different lengths
        return False


def _loss_shape(got, o, y):
    """What to say of a shape that has a story of its own."""
    if got is None:
        return wrong(NOTHING)
    if isinstance(got, tuple) or not _is_numbers(got) or np.shape(got) == np.shape(y):
        return None
    if np.ndim(got) == 0 and np.isclose(np.asarray(got, float), _losses(o, y).mean()):
        return Verdict("wrong shape", "this is the mean of the losses, one number: return one loss for each step")
    if np.ndim(got) == 0:
        return Verdict("wrong shape", "one number for all steps: return one loss for each step, the total comes later")
    if np.shape(got) == (len(o), len(o)):
        return Verdict("wrong shape", "o[:, y] takes every label at every step, (T, T): pair step and label, [np.arange(T), y]")
    if np.shape(got) == o.shape:
        return Verdict("wrong shape", "(T, K): a number for every class. Pick the right class's entry at each step")
    return None


def _padded():
    rng = np.random.default_rng(41)
    def case(T, K, lengths):
        mask = np.arange(T)[:, None] < np.array(lengths)
        y = rng.integers(0, K, mask.shape) * mask
        return rng.normal(0, 2, (*mask.shape, K)), y, mask
    return [case(5, 4, (5, 2, 3)), case(4, 3, (1, 4))]


TOTAL_MISTAKES = [
    (lambda o, y, m: _losses(o, y).sum(), "the padding is counted: its labels are not answers to anything"),
    (lambda o, y, m: (_losses(o, y) * m).mean(), "a mean over all T·B steps, padding included: this course sums"),
    (lambda o, y, m: _losses(o, y).mean(), "a mean over all T·B steps, and the padding is counted"),
    (lambda o, y, m: (_losses(o, y) * m).sum() / m.sum(),
     "the mean over the steps that count: a fair thing to report, but L is the sum"),
    (lambda o, y, m: (_losses(o, y) * m).sum() / len(o), "divided by T: L is the sum over time, not the mean"),
    (lambda o, y, m: (_losses(o, y) * m).sum(0).mean(), "summed over time, but averaged over the batch: L sums over both"),
    (lambda o, y, m: _losses(o * m[..., None], y).sum(), "the mask went to the scores: scores of 0 still predict, uniformly, and "
                                                         "cost log K each. Mask the losses"),
    (lambda o, y, m: (_losses(o, y) * ~m).sum(), "the mask is inverted: 1 marks the steps that count"),
    (lambda o, y, m: ((_losses(o, y) * m).sum(0) / m.sum(0)).sum(), "a mean for each sequence, summed: L sums over time, too"),
    (lambda o, y, m: ((_losses(o, y) * m).sum(0) / m.sum(0)).mean(), "a mean for each sequence, and the mean of those: L sums"),
    (lambda o, y, m: -(_losses(o, y) * m).sum(), "the sign: a loss is at least 0, and so is a sum of losses"),
    (lambda o, y, m: (_losses(o, y) * m)[-1].sum(), "only the last step: every step predicts, every step has a loss"),
]


def _judge_total(answer):
    cases = _padded()
    with np.errstate(all="ignore"):
        if callable(answer):
            first = answer(*_padded()[0])
            if first is None:
                return wrong(NOTHING)
            if not isinstance(first, tuple) and np.shape(first) in {(5, 3), (5,), (3,)}:
                return Verdict("wrong shape", f"{np.shape(first)}: L is one number, the sum over time and over the batch")
            if _is_numbers(first) and np.ndim(first) == 0 and not np.isfinite(first):
                return wrong(f"the total is {float(first)}: was ŷₜ multiplied by the mask? log 0 is −∞. "
                             "Mask the losses, after the logarithm")
        verdict = compare_functions(answer, lambda o, y, m: (_losses(o, y) * m).sum(), cases, TOTAL_MISTAKES, ("L",))
    return right("padding adds exactly 0, and every other step its own loss, whole") if verdict.ok else verdict


def _jacobian_again(o, y):
    p, do = softmax(o), _do(o, y)
    return p * do - p * (p * do).sum(-1, keepdims=True)


DO_MISTAKES = [
    (lambda o, y: -_do(o, y),
     "the sign is flipped: raising the score of the right class must lower the loss, so its entry is negative"),
    (lambda o, y: _do(o, y) / len(o), "divided by T: that is the gradient of the mean; L is the sum"),
    (lambda o, y: _do(o, y) / o.shape[-1], "divided by K: the classes are not averaged"),
    (_jacobian_again, "the softmax's derivative is counted twice: ŷₜ − yₜ is already the gradient at the scores"),
    (lambda o, y: _do(o, y) * softmax(o) * (1 - softmax(o)), "the softmax's derivative is counted twice (and only its diagonal): "
                                                             "ŷₜ − yₜ is already the gradient at the scores"),
    (lambda o, y: softmax(o), "yₜ is missing: this pushes every score down, the right one too"),
    (lambda o, y: o - _one_hot(o, y), "oₜ − yₜ belongs to the squared error; with softmax it is ŷₜ, not oₜ"),
    (lambda o, y: softmax(o) - np.asarray(y)[:, None],
     "you subtracted the number of the class: yₜ is one-hot here, 1 at the right class"),
    (lambda o, y: _do(o, y) * _one_hot(o, y), "only the right class: raising any other score raises the loss too, through Σ exp"),
    (lambda o, y: -_one_hot(o, y) / softmax(o),
     "−1/ŷₜ is the gradient at the probabilities ŷₜ; go on through the softmax to the scores"),
    (lambda o, y: -_one_hot(o, y), "only half: −oₜ[yₜ] is differentiated, log Σ exp(oₜ) is not"),
    (lambda o, y: 2 * _do(o, y), "twice too large: nothing is squared here, so no 2 comes down"),
    (lambda o, y: _do(o, y) * _losses(o, y)[:, None], "multiplied by the loss: L_t sends back a 1, since L = Σₜ Lₜ"),
    (lambda o, y: np.exp(_log_yhat(o, 0)) - _one_hot(o, y),
     "softmax over the wrong axis: the classes of one step share probability 1"),
    (lambda o, y: np.exp(o) / np.exp(o).sum() - _one_hot(o, y), "one softmax over all steps together: each step's own "
                                                                "probabilities sum to 1"),
    (lambda o, y: _do(o, y).cumsum(0), "summed over the steps so far: oₜ enters Lₜ and no other loss"),
    (lambda o, y: softmax(o) + _one_hot(o, y), "yₜ is added; it must be subtracted, so that the right class's entry is negative"),
    (lambda o, y: softmax(o) - 1, "1 is subtracted everywhere: only the right class's entry loses 1"),
    (lambda o, y: softmax(o) - np.isin(np.arange(o.shape[-1]), y),
     "[:, y] takes the labels of all steps in every row: pair step and label, [np.arange(T), y]"),
    (lambda o, y: _do(o, np.roll(y, -1)), NEXT_LABEL),
    (lambda o, y: _do(o, np.roll(y, 1)), LABEL_BEFORE),
    (lambda o, y: softmax(o) - _one_hot(o, (np.asarray(y) - 1) % o.shape[-1]), NEXT_CLASS),
    (lambda o, y: _do(o, o.argmax(-1)), "you subtracted at the class that the network likes best; the loss asks for yₜ"),
]


def _judge_do(answer):
    with np.errstate(all="ignore"):
        first = answer(*_cases()[0]) if callable(answer) else ()
        if first is None:
            return wrong(NOTHING)
        if not isinstance(first, tuple) and np.shape(first) == (5,):
            return Verdict("wrong shape", "(T,): the gradient has an entry for every score, the wrong classes' too: (T, K)")
        verdict = compare_functions(answer, _do, _cases(), DO_MISTAKES, ("do",))
        if not verdict.ok:
            return verdict
        slip = _large_slip(answer, _do)
    return wrong(slip) if slip else right("each row sums to 0: what the right class gains, the others lose")


q04_1 = Exercise(_judge_losses, [
    "Which one of the K probabilities of a step does its loss look at?",
    "log ŷₜ[k] = oₜ[k] − log Σⱼ exp(oₜ[j]), and the same with the step's largest score subtracted from all of them first.",
    "log_yhat is (T, K), one row a step; [np.arange(T), y] takes entry yₜ of row t.",
    "o = o - o.max(axis=-1, keepdims=True);  log_yhat = o - np.log(np.exp(o).sum(axis=-1, keepdims=True))"],
    """def my_losses(o, y):
    o = o - o.max(axis=-1, keepdims=True)
    log_yhat = o - np.log(np.exp(o).sum(axis=-1, keepdims=True))
    return -log_yhat[np.arange(len(y)), y]""")

q04_2 = Exercise(_judge_total, [
    "What should a padded step add to the total? What does it add if only its scores are set to 0?",
    "First the losses of all steps, (T, B), then the mask, then one sum over everything.",
    "rnn.cross_entropy(o, y) returns losses and do; you need the first.",
    "rnn.cross_entropy(o, y)[0] * mask, summed"],
    """def my_total(o, y, mask):
    losses, _ = rnn.cross_entropy(o, y)
    return (losses * mask).sum()""")

q04_3 = Exercise(_judge_do, [
    "At which class must the gradient be negative, so that a step against it raises that score?",
    "Every score of the step gets ŷₜ[k]; the right class gets one thing more.",
    "ŷₜ − yₜ with yₜ one-hot: subtract 1 at [np.arange(T), y], in a new array.",
    "do = rnn.softmax(o);  do[np.arange(len(y)), y] -= 1"],
    """def my_do(o, y):
    do = rnn.softmax(o)
    do[np.arange(len(y)), y] -= 1
    return do""")
