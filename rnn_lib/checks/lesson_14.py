"""Exercises of lesson 14: perplexity, truncated BPTT, temperature, and a model that beats the counts of pairs."""
import numpy as np

from ..bptt import bptt
from ..losses import cross_entropy, softmax
from ..network import forward, init_parameters
from ..tasks.language_model import LanguageModel, alice, perplexity
from ..tasks.word_counts import bigram_perplexity
from .code import compare_functions
from .kit import Exercise, Verdict, right, wrong

# ---- perplexity ------------------------------------------------------------------------------------------------------

_PROBABILITIES = [(np.array([.5, .02, .2, .1, .3]),), (np.array([.25, .25, .25]),), (np.array([.9, .001]),)]


def _perplexity(p):
    return np.exp(-np.log(p).mean())


_PERPLEXITY_MISTAKES = [
    (lambda p: -np.log(p).mean(), "that is the mean loss, in nats. Perplexity says it as a number of words: which function takes "
                                  "log back?"),
    (lambda p: -np.log(p).sum(), "that is the sum of the losses. Perplexity takes their mean, and then undoes the log"),
    (lambda p: np.log(p).mean(), "below 0: a loss is −log p, so where did the sign go? Then the log has to be undone"),
    (lambda p: np.exp(np.log(p).mean()), "below 1: that is the typical probability. A loss is −log p; where did the sign go?"),
    (lambda p: np.exp(-np.log(p).sum()), "you added the losses up and did not divide: a longer text would be worse, however well "
                                         "it is foreseen"),
    (lambda p: 1 / p.prod(), "that is one over the probability of the whole text: a longer text would be worse. Where does the "
                             "number of words come in?"),
    (lambda p: np.exp(np.median(-np.log(p))), "that is the median: words that were hardly foreseen would not count"),
    (lambda p: 1 / p.mean(), "the mean of the probabilities hides the words that were hardly foreseen. First −log of each, then "
                             "the mean"),
    (lambda p: (1 / p).mean(), "the mean of 1/p: one word with p near 0 decides alone. First −log of each, then the mean"),
    (lambda p: 2 ** -np.log(p).mean(), "2 to the power of nats: base 2 belongs to log2 (bits), base e to np.log (nats)"),
    (lambda p: np.exp(-np.log2(p).mean()), "e to the power of bits: np.log2 goes with 2 ** …, np.log with np.exp"),
    (lambda p: np.exp(-np.log10(p).mean()), "e to the power of decimal digits: np.log10 goes with 10 ** …, np.log with np.exp"),
    (lambda p: np.exp(-(p * np.log(p)).mean()), "you weighted every loss by its own probability; each word counts once"),
    (lambda p: np.exp(-(p * np.log(p)).sum()), "that is an entropy, with each loss weighted by p; here each word counts once"),
]


def _judge_perplexity(answer):
    verdict = compare_functions(answer, _perplexity, _PROBABILITIES, _PERPLEXITY_MISTAKES, names=("perplexity",))
    return right("four words of 0.25 each give 4: as hard as a free choice among four") if verdict.ok else verdict


# ---- carry the state, cut the gradient -------------------------------------------------------------------------------

def _case(seed, n, T, D, H, K):
    rng = np.random.default_rng([11, seed])
    return (init_parameters(D, H, K, rng), rng.standard_normal((n, D)), rng.integers(K, size=n), rng.standard_normal(H), T)


_TEXTS = [_case(1, 12, 4, 3, 5, 2), _case(2, 6, 3, 2, 4, 5)]


def _windows(params, x, y, h_0, T, start):
    """dW of every window.   start: (h_0, run of the window before or None) -> where a window starts from"""
    found, run = [], None
    for s in range(0, len(x), T):
        run = forward(params, x[s:s + T], start(h_0, run))
        found.append(bptt(params, run, cross_entropy(run.o, y[s:s + T])[1]).W)
    return found


def _carried(h_0, run):
    return h_0 if run is None else run.h[len(run.o)]


def _truncated(params, x, y, h_0, T):
    return sum(_windows(params, x, y, h_0, T, _carried))


def _whole(params, x, y, h_0, T):
    return sum(_windows(params, x, y, h_0, len(x), _carried))


def _from(start):
    return lambda *case: sum(_windows(*case, start))


_TRUNCATION_MISTAKES = [
    (_whole, "that is BPTT through the whole text: the gradient crosses from window to window. Cut it: a backward pass knows "
             "its own window only"),
    (_from(lambda h_0, run: h_0), "every window starts from the h_0 of the text: the state is not carried on. What has the "
                                  "network in mind when a window ends?"),
    (_from(lambda h_0, run: h_0 if run is None else 0 * h_0), "the first window is right, then you start from zeros: the "
                                                              "network forgets at each border"),
    (_from(lambda h_0, run: 0 * h_0), "every window starts from zeros: h_0 was handed in, and the state has to be carried on"),
    (_from(lambda h_0, run: h_0 if run is None else run.h[len(run.o) - 1]), "off by one: h has T + 1 rows, the state after T "
                                                                            "steps is h[T]"),
    (_from(lambda h_0, run: h_0 if run is None else run.h[1]), "you hand on the state after the first step of a window; the next "
                                                               "window comes after its last"),
    (lambda *case: _windows(*case, _carried)[-1], "only the last window is in it: = where += is due?"),
    (lambda *case: _windows(*case, _carried)[0], "only the first window is in it: did you return inside the loop?"),
    (lambda *case: sum(_windows(*case, _carried)) / len(_windows(*case, _carried)), "a mean over windows; the loss (5) is a sum"),
    (lambda *case: _truncated(*case) / case[-1], "divided by T: a mean over the steps of a window; the loss (5) is a sum"),
    (lambda *case: _truncated(*case) / len(case[1]), "divided by n: a mean over the steps of the text; the loss (5) is a sum"),
    (lambda *case: _truncated(*case).T, "your dW is transposed: bptt(...).W has its shape and its order already"),
    (lambda *case: sum(_windows(*case, _carried)[:-1]), "the last window is missing: s runs up to len(x) - T, so "
                                                        "range(0, len(x), T)"),
]


def _judge_truncated(answer):
    verdict = compare_functions(answer, _truncated, _TEXTS, _TRUNCATION_MISTAKES, names=("dW",))
    return right("forward, the text is one; backward, every window is alone") if verdict.ok else verdict


# ---- temperature -----------------------------------------------------------------------------------------------------

_SCORES = [(np.array([2.0, -1.0, .5, 3.0]), .5), (np.array([.3, 1.2, -2.0, 0.0, .9]), 2.0), (np.array([50.0, 49.0, 20.0]), .01)]


def _chances(o_t, temperature):
    return softmax(o_t / temperature)


def _plain(scores):
    with np.errstate(all="ignore"):
        return np.exp(scores) / np.exp(scores).sum()


_TEMPERATURE_MISTAKES = [
    (lambda o, t: softmax(o * t), "reversed: your low temperature flattens. Which way do the differences between scores grow?"),
    (lambda o, t: softmax(o), "the temperature changes nothing here: it is missing, or came in where normalising takes it out "
                              "(added to all scores, or a factor of all chances). It divides the scores"),
    (lambda o, t: softmax(o) / t, "they do not sum to 1: the temperature came in after the softmax. It belongs to the scores"),
    (lambda o, t: softmax(o) * t, "they do not sum to 1: the temperature came in after the softmax. It belongs to the scores"),
    (lambda o, t: softmax(o) ** (1 / t), "the shape is right, but they do not sum to 1: divide by their sum, or bring the "
                                         "temperature in before the softmax"),
    (lambda o, t: softmax(softmax(o) / t), "softmax of probabilities: they all lie between 0 and 1, so hardly any difference is "
                                           "left. Divide the scores o_t"),
    (lambda o, t: np.eye(len(o))[o.argmax()], "all to the largest: that is argmax, the limit as the temperature goes to 0"),
    (lambda o, t: o / t, "these are still scores: softmax makes chances of them"),
]


def _judge_chances(answer):
    if not callable(answer):
        return compare_functions(answer, _chances, _SCORES)
    moderate = compare_functions(answer, _plain_chances, _SCORES[:2], names=("p",))
    verdict = compare_functions(answer, _chances, _SCORES, _TEMPERATURE_MISTAKES, names=("p",))
    if moderate.ok and not verdict.ok:
        return wrong("right at temperatures 0.5 and 2; at 0.01 the exponential overflows. rnn.softmax subtracts the largest "
                     "score first")
    return right("temperature 1 changes nothing, towards 0 it becomes argmax") if verdict.ok else verdict


def _plain_chances(o_t, temperature):
    return _plain(o_t / temperature)


# ---- beat the counts of pairs ----------------------------------------------------------------------------------------

SUSPICIOUS = 45          # about what a model reaches that has learnt from the held-out text, too


def _judge_model(answer):
    model = getattr(answer, "model", answer)                                     # the last `now` will do
    if not isinstance(model, LanguageModel):
        return wrong(f"hand in a LanguageModel, or the last `now` of a training, got {type(answer).__name__}")
    vocabulary, ids, held_out = alice()
    if model.vocabulary.words != vocabulary.words:
        return wrong("its words are not those of `alice()`: with fewer words perplexity is lower, so nothing can be compared")
    if len(model.params.U) != len(vocabulary.words):
        return Verdict("wrong shape", f"it must have {len(vocabulary.words)} outputs, one a word, got {len(model.params.U)}")
    found, pairs = perplexity(model, held_out), bigram_perplexity(ids, held_out, len(vocabulary.words))
    said = f"perplexity {found:.1f} on the held-out text; pairs of words have {pairs:.1f}"
    if found < SUSPICIOUS:
        return wrong(f"{said}. Too good: has it learnt from the held-out text?")
    if not found < pairs:
        return wrong(f"{said}. Has it seen enough passes, or too many? Watch the text kept aside while it trains")
    return right(said)


q14_1 = Exercise(_judge_perplexity, [
    "Which loss does a word with probability p have? And what is the mean of these losses?",
    "The loss is −log p, in nats. Perplexity takes the mean loss back from nats to a number of words.",
    "exp undoes log.",
    "return np.exp(...), with the mean of -np.log(p) inside"],
    """def my_perplexity(p):
    return np.exp(-np.log(p).mean())""")

q14_2 = Exercise(_judge_truncated, [
    "Two things could cross the border between windows: the state on its way forward, the gradient on its way back. Which does?",
    "Each window is one `forward`, one `cross_entropy`, one `bptt`; the gradients dW of the windows are added up.",
    "h_0 of the next window is h_T of this one: run.h[T]. bptt of a window knows nothing of the others, so it cuts by itself.",
    "inside `for s in range(0, len(x), T)`: run = rnn.forward(params, x[s:s+T], h_0), and at the end h_0 = run.h[T]"],
    """def my_truncated(params, x, y, h_0, T):
    dW = 0
    for s in range(0, len(x), T):
        run = rnn.forward(params, x[s:s+T], h_0)
        _, do = rnn.cross_entropy(run.o, y[s:s+T])
        dW = dW + rnn.bptt(params, run, do).W
        h_0 = run.h[T]
    return dW""")

q14_3 = Exercise(_judge_chances, [
    "A low temperature should make the differences larger. Differences of what?",
    "The scores are changed, before the softmax, so the result sums to 1 by itself.",
    "Halving the temperature doubles all differences between scores.",
    "return rnn.softmax(...), with scores divided by temperature inside"],
    """def my_chances(o_t, temperature):
    return rnn.softmax(o_t / temperature)""")

q14_4 = Exercise(_judge_model, [
    "What does the curve of the text kept aside say: is the model still learning, or already learning by heart?",
    "More units, other rates, more or less shrinking: change one thing at a time, and judge it on the text kept aside.",
    "At the end you may learn from everything but the held-out text: `ids`, not only the part without the text kept aside.",
    "for now in lm.train(lm.begin(lm.language_model(vocabulary, H=100, rng=rng)), ids, passes=...): pass"],
    """rng = np.random.default_rng(5)
for now in lm.train(lm.begin(lm.language_model(vocabulary, H=100, rng=rng)), ids, passes=6):
    pass
my_model = now.model""")
