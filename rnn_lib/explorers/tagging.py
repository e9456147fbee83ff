"""Lesson 15: tags for a sentence that the reader types, which are taken for which, and a network that reads from both sides."""
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np

from .. import text
from ..diagrams.both_sides import both_sides as two_rows
from ..diagrams.running import fitted
from ..diagrams.svg import NARROW, above, beside, render
from ..diagrams.tags import confusion_grid, confusion_key, confusion_list, split_dots, tag_key, tag_rows
from ..diagrams.wording import listed, lowered, whole
from ..tasks.tag_batches import word_class
from ..tasks.tag_scores import confusion
from ..tasks.tagger import tag
from .kit import Picture, choice, redrawn, slider, switched
from .kit import text as typed

SHOWN, WIDEST, LINES = 12, 770, 6            # words; pixels of a matrix; confusions that are listed beside it
COMPARE = "compare with this"
WHOLE = str.maketrans({"-": "\u2011"})      # no line of a caption ends inside <unk-ed>


def tagging(model, sentence="She liked that cat."):
    """Type a sentence: beside each word the distribution over its tags, and thin what it was in the sentence that was kept.

    model: tasks.tagger.Tagger     sentence: what stands in the box at first, and is compared with until the button is pressed
    returns: Explorer, redrawn by the kernel; button "compare with this"
    """
    kept, room_for = [sentence], min(len(text.cut(sentence, model.vocabulary.index)) + 2, SHOWN)
    @lru_cache(1)
    def read(*sentences):                              # once for the desk and for the phone
        return _read(model, *(text.cut(line, model.vocabulary.index) for line in sentences))
    def draw(sentence, narrow=False):
        return _picture(model, *read(sentence, kept[0]), room_for, narrow)
    def pressed(_):
        kept[0] = explorer.value["sentence"]
    explorer = redrawn(draw, pressed=pressed, sentence=typed("sentence", sentence, [COMPARE], "a sentence to tag", enter=False))
    return explorer


def tagged(model, *sentences):
    """Choose one of some sentences: its tags, and thin those of the first one.   returns: Explorer, switched in the browser"""
    words = [text.cut(line, model.vocabulary.index) for line in sentences]
    def draw(sentence, narrow=False):
        return _picture(model, *_read(model, words[sentence], words[0]), min(max(map(len, words)), SHOWN), narrow)
    return switched(draw, sentence=choice("sentence", [(line, i) for i, line in enumerate(sentences)], 0, "a sentence to tag"))


def both_sides(words):
    """Move from word to word: what its prediction has read.   words: T strings     returns: Explorer, switched in the browser"""
    def draw(t):
        def react(k):
            return {"sets": f"t={k}", "says": _read_by(words, k), "current": k == t}
        return Picture(render(two_rows(words, t, react), f"a network that reads from both sides, word {t}"), _read_by(words, t))
    return switched(draw, t=slider("t", 1, len(words), min(3, len(words)), "the word", plays=True))


def _read_by(words, t):
    """What ŷ_t is made from."""
    left, right = " ".join(words[:t]), " ".join(words[:t - 2:-1] if t > 1 else words[::-1])
    return lowered(f"ŷ{t} is made from h{t}, which has read “{left}”, and from h̃{t}, which has read “{right}”.")


def confusion_matrix(verdicts, tags):
    """Which tag was given for which, as counts; touch one, and it names some of the words.

    verdicts: (word, right tag, tag given) of every word, as `tag_scores.verdicts` finds them     tags: K strings
    returns: Explorer, without controls
    """
    seen = {name for _, *pair in verdicts for name in pair}
    used = [name for name in tags if name in seen]
    counts = confusion(verdicts, used)
    most = _most_confused(counts)
    def react(i, k):
        words = [word for word, right, given in verdicts if (right, given) == (used[i], used[k])]
        line = f" m{most.index((i, k))}" if (i, k) in most else ""
        return {"lights": f"c{i}-{k} r{i} g{k}{line}", "says": _told(words, used[i], used[k])}
    def draw(narrow=False):
        grid = confusion_grid(counts, used, react=react, width=NARROW if narrow else WIDEST)
        lines = confusion_list([(counts[i, k], used[i], used[k]) for i, k in most], lambda n: react(*most[n]))
        whole = (above if narrow else beside)(above(grid, confusion_key(), gap=10), lines, gap=14)
        return Picture(render(whole, "right and given tags"), _confused(counts, used))
    return switched(draw)


def splits(shares):
    """How good some taggers are on several splits of a text; touch a dot, and its split is joined from row to row.

    shares: {name: (n,) of the words of each split that are right}     returns: Explorer, without controls
    """
    def react(i):
        said = listed([f"{name} {100 * each[i - 1]:.1f} %" for name, each in shares.items()])
        return {"lights": f"s{i}", "says": f"Split {i}: {said}."}
    def draw(narrow=False):
        return Picture(render(split_dots(shares, react=react, narrow=narrow), "taggers on several splits"),
                       "Each dot is one split, each bar a mean. Touch a dot: a line joins the dots of its split.")
    return switched(draw)


def _most_confused(counts):
    """(right, given) of the most frequent confusions, as numbers, the most frequent first."""
    wrong = counts * (1 - np.eye(len(counts), dtype=int))
    order = np.argsort(-wrong, axis=None, kind="stable")[:LINES]
    next_one = np.sort(wrong, axis=None)[:-LINES][-1:].sum()              # of equals all are listed, or none
    pairs = zip(*map(np.ndarray.tolist, np.unravel_index(order, wrong.shape)), strict=True)
    return [pair for pair in pairs if wrong[pair] > next_one]


def _told(words, right, given):
    """One cell in words, with its three most frequent words."""
    times = "once" if len(words) == 1 else f"{len(words)} times"
    some = listed([f"“{fitted(word, 200, 14)}”" for word, _ in Counter(words).most_common(3)])
    return f"{right}, and rightly so, {times}: {some}." if right == given else f"{right} taken for {given}, {times}: {some}."


def _confused(counts, tags):
    said, most = f"{np.trace(counts)} of {counts.sum()} words stand on the diagonal: right. ", _most_confused(counts)
    if not most:
        return said + "Nothing is confused."
    i, k = most[0]
    return said + f"The most frequent confusion, {counts[i, k]} times: {tags[i]} taken for {tags[k]}."


def _read(model, words, kept):
    """What the network makes of a sentence, beside the one that was kept.

    returns: its words, and of those that are shown what each is read as, its shares, and those that it had before; the kept words
    """
    shown = words[:SHOWN]
    read_as = ["" if word.lower() in model.vocabulary.index else word_class(word) for word in shown]
    length = max(len(shown), len(kept))
    p = _tags(model, words if model.back else shown, length)[:len(shown)]
    before = None if kept == words or not kept else _matched(shown, kept, _tags(model, kept, length))
    return words, read_as, p, before, kept


def _picture(model, words, read_as, p, before, kept, room_for, narrow):
    shown = words[:SHOWN]
    def react(t):
        return _row(model, shown, p, read_as, t)
    drawing = tag_rows(shown, model.tags, p, read_as, before=before, react=react, room_for=room_for, narrow=narrow)
    picture = render(above(tag_key(before), drawing, gap=4), "the distribution over the tags of every word")
    return Picture(picture, _caption(model, words, p, read_as, before, kept))


def _tags(model, words, length):
    """(T, K) shares, reckoned at this length, so that equal beginnings have numbers that are equal to the last bit.

    Nothing is added for a network that reads from the end: it would read that, too.
    """
    more = [] if model.back else ["."] * (length - len(words))
    return tag(model, [*words, *more])[:len(words)] if words else np.zeros((0, len(model.tags)))


def _matched(words, kept, old):
    """For each word the shares that it, or the word in whose place it stands, had in the sentence that was kept; else None."""
    before = [None] * len(words)
    matcher = SequenceMatcher(None, [word.lower() for word in kept], [word.lower() for word in words], autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal" or i2 - i1 == j2 - j1:
            before[j1:j2] = old[i1:i2]
    return before


def _row(model, words, p, read_as, t):
    """What the row of word t reacts to: it is made from this word and those to its left, or from both sides."""
    best = [k for k in np.argsort(-p[t - 1], kind="stable")[:3] if p[t - 1, k] >= .005]
    shares = listed([f"{model.tags[k]} {whole(p[t - 1, k])}" for k in best])
    looks = f" It is not in the vocabulary, so it is read as {read_as[t - 1].translate(WHOLE)}." if read_as[t - 1] else ""
    last = len(words) if model.back else t
    read = "the whole sentence" if model.back else "only this word" if t == 1 else f"“{' '.join(words[:t])}”"
    lights = " ".join(f"x{k}" for k in range(1, last + 1))
    return {"lights": lights, "says": f"“{words[t - 1]}”: {shares}, made from {read}.{looks}"}


def _caption(model, words, p, read_as, before, kept):
    if not words:
        return "There is no word to tag: type at least one."
    more = f" The first {len(p)} of {len(words)} words are shown." if len(words) > len(p) else ""
    if before:
        return (_retagged(words, p, before) if model.back else _changed(words, p, read_as, before, kept)) + more
    t = int(p.max(axis=1).argmin())
    pairs = dict.fromkeys(zip(words, read_as, strict=False))
    unknown = [f"“{fitted(word, 150, 14)}” as {name.translate(WHOLE)}" for word, name in pairs if name]
    looks = f" Not in the vocabulary, so read by its looks: {', '.join(unknown[:4])}." if unknown else ""
    return (f"Least sure: “{fitted(words[t], 150, 14)}”, {model.tags[p[t].argmax()]} with {whole(p[t].max())}."
            + (looks or " Now change a word: which rows change with it?") + more)


def _changed(words, p, read_as, before, kept):
    """Which rows are other than in the sentence that was kept."""
    changed = [t for t, old in enumerate(before) if old is None or (old != p[t]).any()]
    other = next((t for t, (old, word) in enumerate(zip(kept, words[:len(p)], strict=False)) if old != word), None)
    if not changed and other is not None:
        old, new, looks = (fitted(word, 150, 14) for word in (kept[other], words[other], read_as[other] or words[other].lower()))
        return f"“{new}” is read as {looks.translate(WHOLE)}, exactly as “{old}” was: to the network they are the same word."
    if not changed:
        return "Every row is exactly what it was: what comes later changes nothing."
    first = f"“{fitted(words[changed[0]], 150, 14)}”"
    if changed[0] == 0:
        return f"The first word is another one, {first}: every row may change."
    return f"Changed from {first} on. Above it every row is exactly what it was, number by number."


def _retagged(words, p, before):
    """Which words have another tag than in the sentence that was kept, when every row may have changed."""
    other = [f"“{fitted(word, 150, 14)}”" for word, new, old in zip(words, p, before, strict=False)
             if old is not None and old.argmax() != new.argmax()]
    return f"Read from both sides, so every row may change. Another tag than before: {listed(other) if other else 'none'}."
