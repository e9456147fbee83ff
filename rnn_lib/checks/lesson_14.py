"""Exercises of lesson 14: perplexity, truncated BPTT, temperature, and a model that beats the counts of pairs."""
import numpy as np

from ..losses import softmax
from ..network import init_parameters
from ..tasks.language_model import LanguageModel, alice, perplexity
from ..tasks.word_counts import bigram_perplexity
from ..tasks.writing import chances
from .code import coding
from .kit import Exercise, Verdict, right, wrong


def _of_a_long_text(answer):
    if q14_1.code.agrees(answer, (np.full(1000, 1 / 65),)):
        return "four words of 0.25 each give 4: as hard as a free choice among four"
    return wrong("right for a few words, but not for a text of 1,000. Do you multiply all p? Their product is rounded to 0: "
                 "add logarithms in place of multiplying")


q14_1 = coding(
    "def my_perplexity(p):\n    return np.exp(-np.log(p).mean())",
    [(np.array([.5, .02, .2, .1, .3]),), (np.array([.25, .25, .25]),), (np.array([.9, .001]),)], returns=("perplexity",),
    praise=_of_a_long_text, mistakes=[
    ("-np.log(p).mean()",
     "that is the mean loss, in nats. Perplexity says it as a number of words: which function takes log back?"),
    ("-np.log(p).sum()", "that is the sum of the losses. Perplexity takes their mean, and then undoes the log"),
    ("np.log(p).mean()", "below 0: a loss is −log p, so where did the sign go? Then the log has to be undone"),
    ("np.exp(np.log(p).mean())", "below 1: that is the typical probability. A loss is −log p; where did the sign go?"),
    ("np.exp(-np.log(p).sum())",
     "the mean is missing: the losses of all words go in undivided, so a longer text is worse, however well it is foreseen"),
    ("np.exp(-np.log(p).sum() / (len(p) - 1))", "divided by n − 1: the mean of n losses divides by n"),
    ("np.exp(np.median(-np.log(p)))", "that is the median: words that were hardly foreseen would not count"),
    ("1 / p.mean()",
     "the mean of the probabilities hides the words that were hardly foreseen. First −log of each, then the mean"),
    ("(1 / p).mean()", "the mean of 1/p: one word with p near 0 decides alone. First −log of each, then the mean"),
    ("2 ** -np.log(p).mean()", "2 to the power of nats: base 2 belongs to log2 (bits), base e to np.log (nats)"),
    ("np.exp(-np.log2(p).mean())", "e to the power of bits: np.log2 goes with 2 ** …, np.log with np.exp"),
    ("np.exp(-np.log10(p).mean())", "e to the power of decimal digits: np.log10 goes with 10 ** …, np.log with np.exp"),
    ("np.exp(-np.log(p).sum()) / len(p)", "the mean stands in the exponent: divide by the number of words before exp"),
    ("np.exp(-np.log(p.sum()) / len(p))", "that is the log of a sum: each word has a −log p of its own, and those are added"),
    ("np.exp(-(p * np.log(p)).sum())", "that is an entropy, with each loss weighted by p; here each word counts once")], hints=[
    "Which loss does a word with probability p have? And what is the mean of these losses?",
    "The loss is −log p, in nats. Perplexity takes the mean loss back from nats to a number of words.",
    "exp undoes log.",
    "return np.exp(...), with the mean of -np.log(p) inside"])


# ---- carry the state, cut the gradient -------------------------------------------------------------------------------

def _case(seed, n, T, D, H, K):
    rng = np.random.default_rng([11, seed])
    return (init_parameters(D, H, K, rng), rng.standard_normal((n, D)), rng.integers(K, size=n), rng.standard_normal(H), T)


q14_2 = coding(
    """def my_truncated(params, x, y, h_0, T):
    dW = 0
    for s in range(0, len(x), T):
        run = rnn.forward(params, x[s:s+T], h_0)
        _, do = rnn.cross_entropy(run.o, y[s:s+T])
        dW = dW + rnn.bptt(params, run, do).W
        h_0 = run.h[T]
    return dW""",
    [_case(1, 12, 4, 3, 5, 2), _case(2, 6, 3, 2, 4, 5)], returns=("dW",),
    praise="forward, the text is one; backward, every window is alone", mistakes=[
    ("range(0, len(x), T)", "[0]", "s:s+T", "s:", "run.h[T]", "h_0", "that is BPTT through the whole text: the gradient crosses "
     "from window to window. Cut it: a backward pass knows its own window only"),
    ("""def my_truncated(params, x, y, h_0, T):
    run = rnn.forward(params, x, h_0)
    C = rnn.contributions(params, run, rnn.cross_entropy(run.o, y)[1], "W")
    return sum(C[t, k] for t in range(len(x)) for k in range(max(0, t - T + 1), t + 1))""",
     "these are the terms with t − k < T, «n uses back» (lesson 13). Windows keep those whose t and k lie in the same window"),
    ("        h_0 = run.h[T]\n", "",
     "every window starts from the h_0 of the text: the state is not carried on. What has the network in mind when "
     "a window ends?"),
    ("run.h[T]", "0 * h_0", "the first window is right, then you start from zeros: the network forgets at each border"),
    ("dW = 0\n", "dW, h_0 = 0, 0 * h_0\n", "the first window starts from the h_0 that is given, not from zeros"),
    ("T], h_0)", "T], 0 * h_0)", "every window starts from zeros: h_0 was handed in, and the state has to be carried on"),
    ("y[s:s+T]", "y[:T]", "every window is judged by the labels of the first one: its own are y[s:s+T]"),
    *(("range(0, len(x), T)", "range(len(x) - T + 1)", "run.h[T]", state,
       "your windows overlap: one begins where the last one ends, every T steps") for state in ("run.h[T]", "run.h[1]")),
    ("run.h[T]", "run.a[T-1]", "you hand on a_T: the state is h_T, after f"),
    ("run.h[T]", "run.h[T-1]", "off by one: h has T + 1 rows, the state after T steps is h[T]"),
    ("run.h[T]", "run.h[1]", "you hand on the state after the first step of a window; the next window comes after its last"),
    ("range(0, len(x), T)", "[0]", "only the first window is in it: the others follow, each from the state before"),
    ("dW = 0\n", "dW, T = 0, len(x) // T\n", "those are T windows: windows of T steps each are asked for"),
    ("dW = dW + ", "dW = ", "only the last window is in it: did you write = in place of +=?"),
    ("dW / (len(x) // T)", "a mean over windows; the loss (5) is a sum"),
    ("len(x), T", "len(x) - T, T", "the last window is missing: s runs up to len(x) - T, so range(0, len(x), T)")], hints=[
    "Two things could cross the border between windows: the state on its way forward, the gradient on its way back. Which does?",
    "Each window is one `forward`, one `cross_entropy`, one `bptt`; the gradients dW of the windows are added up.",
    "h_0 of the next window is h_T of this one: run.h[T]. bptt of a window knows nothing of the others, so it cuts by itself.",
    "inside `for s in range(0, len(x), T)`: run = rnn.forward(params, x[s:s+T], h_0), and at the end h_0 = run.h[T]"])


# ---- temperature -----------------------------------------------------------------------------------------------------

def _overflows(verdict, answer, judge):
    """What is said of an answer that is right where exp does not overflow."""
    moderate = all(judge.agrees(answer, case) for case in judge.cases[:2])
    if not moderate:
        plain = (verdict.status == "wrong" and verdict.unnamed
                 and all(np.allclose(answer(*case), softmax(case[0])) for case in judge.cases[:2]))
        return wrong("the bracket: o_t - o_t.max() / temperature divides only the largest score, and softmax does not see that. "
                     "Divide all: (o_t - o_t.max()) / temperature") if plain else None
    said = ("at 0.01 the exponential overflows. Subtract the largest of o_t / temperature before np.exp: no quotient changes"
            if not np.isfinite(answer(*judge.cases[2])).all() else
            "not at 0.01: is there a lower limit for the temperature, or for the scores? None is needed")
    return wrong(f"right at temperatures 0.5 and 2; {said}")


q14_3 = coding(
    """def my_chances(o_t, temperature):
    scores = o_t / temperature
    p = np.exp(scores - scores.max())
    return p / p.sum()""",
    [(np.array([2.0, -1.0, .5, 3.0]), .5), (np.array([.3, 1.2, -2.0, 0.0, .9]), 2.0), (np.array([50.0, 49.99, 49.0, 20.0]), .01)],
    returns=("p",), last=_overflows, instead=(chances, softmax), shapes={(): "one number: the chances are asked for, not a draw"},
    praise="temperature 1 changes nothing, towards 0 it becomes argmax", mistakes=[
    ("rnn.softmax(o_t * temperature)",
     "reversed: your low temperature flattens. Which way do the differences between scores grow?"),
    ("rnn.softmax(o_t)", "the temperature changes nothing here: it is missing, or came in where normalising takes it out (added "
     "to all scores, or a factor of all chances). It divides the scores"),
    *((f"rnn.softmax(o_t) {sign} temperature",
       "they do not sum to 1: the temperature came in after the softmax. It belongs to the scores") for sign in "/*"),
    ("rnn.softmax(o_t) ** (1 / temperature)",
     "the shape is right, but they do not sum to 1: divide by their sum, or bring the temperature in before the softmax"),
    ("np.exp((o_t - o_t.max()) / temperature)", "they do not sum to 1: divide by their sum"),
    ("rnn.softmax(rnn.softmax(o_t) / temperature)",
     "softmax of probabilities: they all lie between 0 and 1, so hardly any difference is left. Divide the scores o_t"),
    ("rnn.softmax(o_t // temperature)", "// cuts the decimals of the scores off: / divides"),
    ("np.eye(len(o_t))[o_t.argmax()]", "all to the largest: that is argmax, the limit as the temperature goes to 0"),
    ("o_t / temperature", "these are still scores: softmax makes chances of them")], hints=[
    "A low temperature should make the differences larger. Differences of what?",
    "The scores are changed, before the softmax, so the result sums to 1 by itself.",
    "Halving the temperature doubles all differences between scores.",
    "Subtract the largest score before np.exp: all quotients stay, and nothing overflows.",
    "scores = o_t / temperature; p = np.exp(scores - scores.max()); then divide p by its sum"])


# ---- beat the counts of pairs ----------------------------------------------------------------------------------------

OURS, AGAIN = 65, 58     # the perplexity of the network that the lesson trains, and of one trained on all of ids
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
    said = (f"perplexity {found:.1f} on the held-out text; pairs of words have {pairs:.1f}, this lesson's network {OURS}, "
            f"{AGAIN} when it is trained on all of ids")
    if found < SUSPICIOUS:
        return wrong(f"{said}. Too good: has it learnt from the held-out text?")
    if not found < pairs:
        return wrong(f"{said}. Has it seen enough passes, or too many? Watch the validation set while it trains")
    return right(said)


q14_4 = Exercise(_judge_model, [
    "What does the curve of the validation set say: is the model still learning, or already overfitting?",
    "More units, other rates, more or less shrinking: change one thing at a time, and judge it on the validation set.",
    "At the end you may learn from everything but the held-out text: `ids`, not only the training set.",
    "for now in lm.train(lm.begin(lm.language_model(vocabulary, H=100, rng=rng)), ids, passes=...): pass"],
    """rng = np.random.default_rng(5)
for now in lm.train(lm.begin(lm.language_model(vocabulary, H=100, rng=rng)), ids, passes=6):
    pass
my_model = now.model""")
