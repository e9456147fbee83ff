"""Lesson 14: a text as streams of windows; and a language model that reads it word by word: expected, came, surprised."""
import numpy as np

from .. import palette, text
from ..diagrams.running import running_text, text_key
from ..diagrams.streams import streams as side_by_side
from ..diagrams.svg import NARROW, Drawing, above, beside, label, note, render, scaled, touch
from ..diagrams.wording import lowered, percent
from ..diagrams.words import ranking
from ..losses import softmax
from ..tasks.language_model import streams as cut
from ..tasks.reach import surprises
from ..tasks.writing import read
from .kit import Picture, slider, switched
from .sentence import head, rows
from .writing import told_lights, told_reach

MOST, HIGH = 40, 54                 # words; pixels of the highest bar above one: it must show that bars fall and rise again
WIDTH, LARGER = 900, 1.45           # of the text, which is the picture, and what it is enlarged by where there is room


def streams(words, T=4, B=3):
    """Move from update to update.

    words: of a text, at least T B + 1     T: steps of a window     B: streams     returns: Explorer, switched in the browser
    """
    x = np.array(words, object)[cut(np.arange(len(words)), T, B)[0]]
    def draw(n):
        def react(i):
            return {"sets": f"n={i}", "lights": f"n{i}", "says": f"Update {i}: window {i} of all {B} streams.", "current": i == n}
        said = (f"Update 1 reads the first window of all {B} streams, a minibatch. They start from zeros." if n == 1 else
                f"Update {n} reads window {n} of all {B} streams. Each starts from the last state of window {n - 1} "
                "(solid arrow); no gradient goes back over the border (✗).")
        return Picture(render(side_by_side(x, n, react), f"a text in {B} streams, cut into windows: update {n}"), said)
    return switched(draw, n=slider("update", 1, len(x), min(2, len(x)), "each reads one window of every stream", plays=True))


def reading(model, words):
    """Touch the words of a text: what was expected in its place, what it cost, and which earlier words its loss reaches back to.

    model: LanguageModel     words: 2 to 40 small-letter words     returns: Explorer, switched in the browser
    raises: ValueError for another number of words
    """
    if not 2 <= len(words) <= MOST:
        raise ValueError(f"the text must have 2 to {MOST} words, to fit into the picture, got {len(words)}")
    losses, reach = surprises(model, words)
    yhat = softmax(read(model, words).o[:-1])
    names = model.vocabulary.words[:yhat.shape[1]]
    answers = [word if word in names else text.UNKNOWN for word in words[1:]]
    def draw(t, narrow=False):
        return _picture(words, names, answers[t - 1], yhat[t - 1], losses, reach, t, narrow)
    return switched(draw, t=slider("t", 1, len(answers), min(3, len(answers)), "the step, at which the next word is predicted",
                                    plays=True))


def _picture(words, names, answer, p, losses, reach, t, narrow):
    unknown = {n for n, word in enumerate(words, 1) if word not in names}
    top = running_text(words, losses=losses, reach=reach, now=t + 1, pale=unknown, size=26, high=HIGH,
                       width=NARROW if narrow else WIDTH / LARGER, react=lambda n: _word(words, losses, reach, n, n == t + 1))
    top = top if narrow else scaled(top, LARGER)
    chances = ranking(rows(names, p, answer, most=8), width=NARROW if narrow else 560, height=236)
    expected = above(head(f"ŷ{lowered(t)}: what was expected after “{words[t - 1]}”"), chances, gap=8)
    cost = _cost(p[names.index(answer)], losses, t)
    below = above(expected, cost, gap=8) if narrow else beside(expected, cost, gap=60)
    below = Drawing(below.width, below.height, touch(below.body, "chosen"))
    picture = above(top, text_key(narrow), below, gap=16)
    return Picture(render(picture, f"step {t} of a text"), _caption(words, names, answer, p, reach, t))


def _word(words, losses, reach, n, chosen):
    """What word n reacts to. The first has no loss: a touch leads to no step. Below stands what belongs to the chosen one."""
    said = f"“{words[n - 1]}”." + told_reach(words, n, losses, reach)
    here = {"lights": told_lights(n, reach) + " chosen" * chosen, "says": said}
    return here | ({"sets": f"t={n - 1}"} if n > 1 else {})


def _cost(share, losses, t):
    """From the chance of the word that came to its loss, and from the losses so far to the perplexity."""
    n, mean = lowered(t), losses[1:t + 1].mean()
    steps = [("ŷ gave to the word that came", percent(share), palette.INK),
             (f"its loss L{n} = −log ŷ{n}[y{n}]", f"{losses[t]:.2f} nats", palette.LOSS),
             (f"mean of L₁ … L{n}" if t > 1 else "mean so far", f"{mean:.2f} nats", palette.LOSS),
             ("perplexity so far, e to this mean", f"{np.exp(mean):.0f}", palette.INK)]
    body = [note(4, 24 + 52 * i, name, size=13)
            + label(4, 46 + 52 * i, value, size=19, anchor="start", weight="bold", colour=colour)
            for i, (name, value, colour) in enumerate(steps)]
    return Drawing(270, 240, "".join(body))


def _caption(words, names, answer, p, reach, t):
    came = f"“{words[t]}”" + " (it counts as <unk>)" * (answer != words[t])
    said = f"The network expected “{names[int(p.argmax())]}”, and {came} came."
    far = reach[t, :t]
    return f"{said} The loss of “{words[t]}” reaches back most strongly to “{words[int(far.argmax())]}”."
