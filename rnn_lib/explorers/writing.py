"""Lessons 00, 01 and 14: a language model writes. The next word is chosen from the prediction and fed back as the next input."""
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from .. import text
from ..diagrams.running import next_place, running_text, text_key
from ..diagrams.svg import NARROW, Drawing, above, beside, label, note, render
from ..diagrams.wording import listed, lowered, percent
from ..diagrams.words import PITCH, continued, generating_columns, ranking
from ..losses import softmax
from ..tasks.language_model import LanguageModel
from ..tasks.reach import surprises
from ..tasks.writing import chances, read
from ..tasks.writing import generate as write
from .kit import Picture, choice, redrawn
from .kit import text as typed
from .sentence import rows, small_networks

NEXT, AGAIN = "next word", "start again"
TEMPERATURES = [("0: argmax", 0), ("0.2", .2), ("0.5", .5), ("1", 1), ("1.5", 1.5), ("2", 2)]
LARGE, TEXT, WIDE = 32, 320, 900            # without the network: size of the letters, pixels of the text and of all
CHOSEN = "\u00a0"                           # stands between the words of a start that was put together by touching bars
NO_STOP = str.maketrans({";": "\u037e"})    # a data-set is cut at ; so the sign that Unicode holds equal to it stands there
# What to notice, after a word was drawn and before.
WHOLE = ("Each word in heavy type was drawn from the prediction before it, then fed back as the next input (dashed edge).",
         "“next word” draws a word from ŷ, and it goes in as the next x, along the dashed edge.")
PLAIN = ("The words in heavy type were drawn one after the other. The bars show how probable each next word is now.",
         "The bars show how probable each next word is; “next word” draws one at random, each as often as its bar says.")


class Room(NamedTuple):
    """What a page has room for."""
    text: int        # pixels of a line of the text
    shown: int       # words of the text
    bars: int        # pixels
    columns: int     # steps of the network
    pitch: int       # pixels from one to the next


DESK, PHONE = Room(900, 120, 350, 3, PITCH), Room(NARROW, 40, NARROW, 2, 78)


class Page:
    """The words that stand there: those that were given, and the numbers of those that the model wrote.   start: what is typed"""

    def __init__(self, start):
        self.origin = start                  # what was typed by hand
        self.again()

    def again(self):
        """From the words that were typed."""
        self.start, self.words, self.own = self.origin, text.tokenize(self.origin), set()

    def follow(self, start):
        """Another start: what the model wrote stays up to the first word that differs."""
        if start == self.start:
            return
        words = text.tokenize(start)
        same = next((n for n, pair in enumerate(zip(words, self.words, strict=False)) if pair[0] != pair[1]), len(words))
        self.own = {n for n in self.own if n <= same}
        self.start, self.words, self.origin = start, words, self.origin if CHOSEN in start else start

    def write(self, more):
        """Words of the model's own."""
        self.own |= set(range(len(self.words) + 1, len(self.words) + len(more) + 1))
        self.words = self.words + more


def writing(model, start="alice was", rng=None, *, many=20, judged=True, network=True):
    """Give the first words, then let the model go on, word by word or many at once; or touch a bar and choose yourself.

    model: LanguageModel     start: the first words     rng: numpy.random.Generator, None for a new one
    many: words that a second button writes, 0 for no such button     judged: whether the loss of every word is shown
    network: whether the network is drawn, with a choice of temperatures; False leaves the text and the bars
    returns: Explorer, redrawn by the kernel; buttons "next word", "20 words", "start again"
    """
    rng, page = rng or np.random.default_rng(), Page(start)
    @lru_cache(1)
    def seen(*words):                        # the desk and the phone show the same text
        return read(model, words), surprises(model, words) if judged else None
    def draw(start, temperature=1, narrow=False):
        page.follow(start)
        if not page.words:
            said = ("There is no word in it that this text knows: type at least one, in the letters A to Z." if start.strip() else
                    "Type at least one word to start with.")
            return Picture(render(Drawing(WIDE, 40, label(4, 28, "…", size=21, anchor="start")), "no text yet"), said)
        return (_picture(model, page, *seen(*page.words), temperature, PHONE if narrow else DESK) if network else
                _plain(model, page, narrow))
    def pressed(button):
        page.follow(explorer.value["start"])
        if button == AGAIN:
            page.again()
            explorer.value["start"] = page.origin
        elif page.words:
            page.write(write(model, page.words, 1 if button == NEXT else many, rng, explorer.value.get("temperature", 1)))
    buttons = [NEXT, *([f"{many} words"] if many else []), AGAIN]
    more = {"temperature": choice("temperature", TEMPERATURES, 1)} if network else {}
    explorer = redrawn(draw, pressed=pressed, start=typed("start with", start, buttons, "the first words"), **more)
    return explorer


def generate(start="alice", rng=None, networks=None, *, network=True):
    """`writing` by the small network of lessons 00 and 01: the next word is chosen from ŷ_t, and goes in as x_{t+1}.

    networks: SmallNetworks, None for the lesson's     start, rng, network: as for `writing`
    returns: Explorer, redrawn by the kernel; buttons "next word", "10 words" beside the network, "start again"
    """
    small = networks or small_networks()
    model = LanguageModel(small.language_model, small.E, small.vocabulary)
    return writing(model, start, rng, many=10 * network, judged=False, network=network)


def _picture(model, page, run, judged, temperature, room):
    """judged: `surprises` of the text, None where losses are not yet known"""
    p = chances(run.o[-1], temperature or 1)
    first = max(len(page.words) - room.columns, 0)
    unknown = {n for n, word in enumerate(page.words, 1) if word not in model.vocabulary.index}
    graph = generating_columns(page.words[first:], first + 1, page.own, unknown=unknown, columns=room.columns, pitch=room.pitch)
    bars = _bars(model, page, p, temperature, width=room.bars)
    below = above(graph, bars, gap=14) if room is PHONE else beside(bars, graph, gap=8)
    picture = above(_text(model, page, run, judged, room), below, gap=22)
    return Picture(render(picture, "a text that writes itself"), _caption(model, page, temperature))


def _plain(model, page, narrow):
    """The text, and the words that may come next: all that is looked at before anything is known of networks."""
    first = max(len(page.words) - DESK.shown, 0)
    words, p = page.words[first:], chances(read(model, page.words).o[-1], 1)
    def react(n):
        how = "drawn by the network" if n + first in page.own else "given"
        return {"lights": f"x{n + first}", "says": f"“{words[n - 1]}” was {how}."}
    strong, width = {n - first for n in page.own}, NARROW if narrow else TEXT
    unknown = {n for n, word in enumerate(words, 1) if word not in model.vocabulary.index}
    told = running_text(words, strong=strong, pale=unknown, react=react, offset=first, width=width, size=LARGE)
    if narrow:
        room = Drawing(width, max(told.height, 2 * running_text(["a"], size=LARGE).height), told.body)
        picture = above(room, _bars(model, page, p, 1, "what comes next (touch a word to choose it)", width=width), gap=10)
    else:
        rows, choose = _choices(model, page, p)
        picture = continued(told, next_place(words, width, LARGE, strong), rows, width=WIDE, react=choose)
    return Picture(render(picture, "a text that writes itself"), _caption(model, page, 1, PLAIN))


def _text(model, page, run, judged, room):
    """The last words of the page, large; of each, when touched, where it comes from."""
    first = max(len(page.words) - room.shown, 0)
    words = page.words[first:]
    losses, reach = (part[first:, ...] for part in judged) if judged else (None, None)
    reach = reach[:, first:] if judged else None
    def react(n):
        at = n + first
        said = _origin(model, page, run, at)
        if not judged:                                           # what fed it back lights up, where that stands in the picture
            fed = f" f{at} y{at - 1}" * (at in page.own and at > max(len(page.words) - room.columns, 0) + 1)
            return {"lights": f"x{at}{fed}", "says": said}
        return {"lights": told_lights(n, reach, first), "says": said + told_reach(words, n, losses, reach)}
    unknown = {n for n, word in enumerate(words, 1) if word not in model.vocabulary.index}
    shown = running_text(words, strong={n - first for n in page.own}, pale=unknown, losses=losses, reach=reach, react=react,
                         offset=first, width=room.text)
    return above(shown, text_key(room is PHONE), gap=8) if judged else shown


def told_lights(n, reach, first=0):
    """What lights up with a word: the word, the bars of its loss, and the words that these stand above."""
    return " ".join([f"x{n + first}", f"r{n + first}", *(f"x{k + first}" for k in np.flatnonzero(reach[n - 1] >= .1) + 1)])


def told_reach(words, n, losses, reach):
    """How far the loss of word n reaches back, in words."""
    if np.isnan(losses[n - 1]):
        return " Nothing stands before it, so nothing predicted it and it has no loss."
    far = [k for k in np.argsort(-reach[n - 1], kind="stable") if reach[n - 1, k] >= .1][:4]
    if not far:
        return f" Its loss, {losses[n - 1]:.2f} nats, reaches back to words that are no longer shown."
    others = [f"“{words[k]}” ({100 * reach[n - 1, k]:.0f} % of that)" for k in far[1:]]
    alone = ", and hardly any further." if n > 2 else ", the only word before it."
    then = f", then to {listed(others)}." if others else alone
    return f" Its loss, {losses[n - 1]:.2f} nats, reaches back most strongly to “{words[far[0]]}”{then}"


def _origin(model, page, run, n):
    """Where word n comes from, and what the prediction before it gave to it."""
    word, k = page.words[n - 1], model.vocabulary.index.get(page.words[n - 1], 0)
    said = f"“{word}” was " + (f"chosen from ŷ{lowered(n - 1)} and fed back." if n in page.own else "given.")
    if word not in model.vocabulary.index:
        said += " The model does not know it and reads <unk>."
    elif n > 1 and k < run.o.shape[1]:
        said += f" ŷ{lowered(n - 1)} gave it {percent(softmax(run.o[n - 2])[k])}."
    return said


def _bars(model, page, p, temperature, title="", *, width):
    """The chances of the next word, without <unk>. A touch on a bar chooses that word.   title: "" names ŷ_t"""
    T = len(page.words)
    head = note(0, 13, title or f"ŷ{lowered(T)} without <unk>: touch a word to choose it", size=13)
    ranked, react = _choices(model, page, p, temperature, as_input="" if title else f", as x{lowered(T + 1)}")
    return above(Drawing(width, 18, head), ranking(ranked, width=width, height=236, react=react), gap=6)


def _choices(model, page, p, temperature=1, as_input=""):
    """The probable next words as rows of a ranking, and what each does when it is touched: it is written."""
    names, start = model.vocabulary.words[1:len(p)], CHOSEN.join(page.words)
    best = np.argsort(-p[1:], kind="stable")[:8]
    def react(i):
        if i >= len(best):
            return {}
        whole = (start + CHOSEN + names[best[i]]).translate(NO_STOP)
        return {"sets": f"start={whole}", "says": f"Choose “{names[best[i]]}” yourself{as_input}."}
    return rows(names, p[1:], names[best[0]] if temperature == 0 else "", most=8, mark="▸"), react


def _caption(model, page, temperature, said=WHOLE):
    """What to notice; of the words and letters that the model cannot read, what becomes of them.   said: after a press, before"""
    unknown = list(dict.fromkeys(f"“{_short(word)}”" for word in page.words if word not in model.vocabulary.index))
    if (lost := text.left_out(page.start)) or unknown:
        out = f"Left out, since this text knows the letters A to Z only: {_short(' '.join(lost), 40)}. " if lost else ""
        them = listed(unknown) if 0 < len(unknown) <= 4 else f"{', '.join(unknown[:4])} and {len(unknown) - 4} more"
        return out + (f"Unknown to this model, so read as <unk>: {them}." if unknown else "")
    if temperature == 0:
        return "Temperature 0 is argmax: the word with the longest bar is taken each time, and chance has no say."
    return said[0] if page.own else said[1]


def _short(word, most=20):
    return word if len(word) <= most else word[:most - 1] + "…"
