"""Lesson 11: a language model reads the book, word by word: what it expected, what came, and how surprised it was."""
import numpy as np

from .. import palette, text
from ..diagrams.bars import bar
from ..diagrams.svg import Drawing, above, beside, label, lowered, render
from ..diagrams.words import LEFT, percent, ranking, sentence_columns
from ..losses import cross_entropy, softmax
from ..tasks.writing import read
from .kit import Picture, slider, switched
from .sentence import rows

WIDTH = 900


def reading(model, words):
    """Move t through a text: the prediction of every step, the loss of the word that came, and the perplexity so far.

    model: LanguageModel     words: 2 to 12 small-letter words     returns: Explorer, switched in the browser
    raises: ValueError for another number of words
    """
    if not 2 <= len(words) <= 12:
        raise ValueError(f"the text must have 2 to 12 words, to fit into the picture, got {len(words)}")
    o = read(model, words).o[:-1]
    y = text.encode(model.vocabulary, words[1:])
    losses, yhat = cross_entropy(o, y)[0], softmax(o)
    names = model.vocabulary.words[:o.shape[1]]
    def draw(t):
        return _picture(words, names, [names[k] for k in y], yhat[t - 1], losses, t)
    return switched(draw, t=slider("t", 1, len(y), min(3, len(y)), "the step: the word that is read now"))


def _picture(words, names, answers, p, losses, t):
    top = sentence_columns(words, [*answers, ""], t, shifted=True, width=WIDTH)
    chances = above(_head(f"ŷ{lowered(t)}: which word comes next?"),
                    ranking(rows(names, p, answers[t - 1], most=8), width=WIDTH - LEFT, height=230), gap=8)
    picture = above(top, _losses(losses, t, _centres(len(words))), beside(Drawing(LEFT, 20, ""), chances, gap=0), gap=10)
    return Picture(render(picture, f"step {t} of a text"), _caption(words, names, answers[t - 1], p, losses, t))


def _losses(losses, t, xs):
    """A bar for every word that has come, under the column whose prediction it judges."""
    title = f"Lₜ = −log ŷₜ[yₜ]: the loss of every word so far [nats]; mean {losses[:t].mean():.2f}"
    body = [label(4, 13, title, size=13, colour=palette.LOSS, anchor="start"),
            f'<path d="M4 84H{WIDTH - 4}" stroke="{palette.FAINT}" stroke-width="1"/>']
    for loss, x in zip(losses[:t], xs[:t], strict=True):
        body += [bar(x, loss, 84, 54 / losses.max(), colour=palette.LOSS), label(x, 100, f"{loss:.2f}", size=12)]
    return Drawing(WIDTH, 106, "".join(body))


def _centres(T):
    """The x of every column in `sentence_columns`."""
    pitch = min(104, (WIDTH - LEFT - 20) / (T + .55))
    return [LEFT + 20 + pitch * s for s in range(1, T + 1)]


def _head(title):
    return Drawing(430, 16, label(0, 13, title, size=13, colour=palette.MUTED, anchor="start"))


def _caption(words, names, answer, p, losses, t):
    n, share = lowered(t), p[names.index(answer)]
    came = f"“{words[t]}”" + (", which counts as <unk>" if answer != words[t] else "")
    first, mean = names[int(p.argmax())], losses[:t].mean()
    best = "the most of all" if first == answer else f"and most, {percent(p.max())}, to “{first}”"
    return (f"After “{words[t - 1]}” comes {came}. ŷ{n} gave it {percent(share)}, {best}; L{n} = {losses[t - 1]:.2f} nats. "
            f"So far the mean loss is {mean:.2f}, and the perplexity e^{mean:.2f} = {np.exp(mean):.0f}.")
