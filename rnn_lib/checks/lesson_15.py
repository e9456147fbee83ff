"""Exercises of lesson 15: tagging."""
import copy
import re
from collections import Counter
from functools import partial
from zlib import crc32

import numpy as np

from ..network import init_parameters
from ..tasks.tag_batches import pad
from ..tasks.tag_scores import accuracy, look_up, look_up_or_guess, most_frequent_tag, verdicts
from ..tasks.tagged_text import corpus
from .code import MISFIT, coding
from .kit import Exercise, Verdict, filled, right, wrong

# ---- the table -------------------------------------------------------------------------------------------------------

_TRAIN = [[("The", "PROPN"), ("run", "NOUN"), ("was", "AUX"), ("the", "DET"), (".", "PUNCT")],
          [("They", "PRON"), ("run", "VERB"), ("as", "SCONJ"), ("they", "PRON"), ("run", "VERB"), (".", "PUNCT")],
          [("The", "PROPN"), ("the", "DET"), ("run", "NOUN"), ("they", "PRON"), ("run", "VERB"), ("up", "ADP"), (".", "PUNCT")],
          [("the", "DET"), ("run", "AUX"), ("as", "ADP"), ("as", "ADP"), ("up", "ADV"), ("up", "ADV"), ("as", "SCONJ")],
          [("as", "ADV"), ("as", "ADP"), (".", "PUNCT"), ("up", "ADP"), ("up", "ADV"), (".", "PUNCT")],
          [("Well", "INTJ"), ("well", "ADV"), ("Well", "INTJ"), (".", "PUNCT")],
          [("So", "ADV"), ("so", "SCONJ"), ("so", "ADV")], [("So", "ADV"), ("so", "ADV"), ("so", "SCONJ"), ("so", "SCONJ")]]
_WORDS = ["the", "The", "jabberwock", "Snark", "run", "as", "up", "well", "so", "."]

_TABLE = """from collections import Counter

def my_look_up(train, words):
    counts = {}
    for sentence in train:
        for word, tag in sentence:
            counts.setdefault(word.lower(), Counter())[tag] += 1
    return [counts[word.lower()].most_common(1)[0][0] if word.lower() in counts else "NOUN" for word in words]"""
_COUNT, _BEST = "counts.setdefault(word.lower(), Counter())[tag] += 1", "most_common(1)[0][0]"
_TABLE_MISTAKES = [
    (_COUNT, "counts[word.lower()] = Counter([tag])",
     "each word has the tag of its last occurrence: the later one replaced what stood there; count first"),
    (_COUNT, "counts.setdefault(word.lower(), Counter([tag]))",
     "each word has the tag of its first occurrence: count all of them"),
    (_BEST, "most_common()[-1][0]", "each word has its rarest tag: most_common() begins with the most frequent one"),
    (f"counts[word.lower()].{_BEST}", "max(counts[word.lower()])",
     "max of a Counter compares the names of the tags: most_common(1), or max(counter, key=counter.get)"),
    (_COUNT, f"if word == word.lower(): {_COUNT}",
     "words with a capital are not counted: write them in small letters while counting, too"),
    (".lower()", "", "“The” and “the” are kept apart here: count them as one word, in small letters"),
    (f"counts[word.lower()].{_BEST} if word.lower()", f"counts[word].{_BEST} if word",
     "“The” was not found: the words that are asked for need small letters too"),
    ('else "NOUN"', f"else sum(counts.values(), Counter()).{_BEST}",
     "a new word gets the tag that is most frequent of all; those are mostly words of a closed list: say NOUN"),
    (f"[sum(counts.values(), Counter()).{_BEST}] * len(words)",
     "every word has the same tag, the most frequent of all: count for each word"),
    ('else "NOUN"', "else None", "a new word needs a tag too: say NOUN"),
    ('if word.lower() in counts else "NOUN" for word in words', "for word in words if word.lower() in counts",
     "a tag is missing: a new word needs one too, say NOUN")]
_NEW = "a word that training did not have needs a tag too; “The” is looked up as “the”"


def _as_numbers(got):
    """The tags as numbers, equal ones as equal numbers, or what is said of the form."""
    if isinstance(got, str | dict) or not np.iterable(got):
        return wrong(f"return a list with one tag for each of the words, got {type(got).__name__}")
    return np.array([crc32(str(tag).encode()) for tag in got])


def _first_wrong_tag(verdict, answer, judge):
    """What is said of tags that no known mistake gives."""
    if not verdict.unnamed and verdict.status != "wrong shape":
        return None
    (case,), got = judge.cases, [*answer(*copy.deepcopy(judge.cases[0]))]
    if len(got) != len(_WORDS):
        return Verdict("wrong shape", f"{len(_WORDS)} words need {len(_WORDS)} tags, got {len(got)}")
    word, mine = next((word, a) for word, a, b in zip(_WORDS, got, judge.reference(*case), strict=True) if a != b)
    if not isinstance(mine, str):
        its = "return the tags alone, without the words" if repr(word.lower()) in repr(mine).lower() else (
            "most_common(1)[0][0] is the tag alone")
        return wrong(f"for “{word}” you say {mine!r}, and a tag is a str: {its}")
    return wrong(f"for “{word}” you say {mine!r}; " + (
        "only words are put in small letters, tags stay as they are" if mine.islower() else
        "training did not have it, and such a word is a NOUN" if word in ("jabberwock", "Snark") else
        "count its tags in the training sentences by hand"))


q15_1 = coding(
    _TABLE, [(_TRAIN, _WORDS)], returns=("tags",), reads=_as_numbers, last=_first_wrong_tag, instead=(most_frequent_tag, look_up),
    praise="that is the baseline: it knows each word alone, and nothing of its neighbours", helps={
        "a row": "The Counter of a word that training did not have is empty, and so is its most_common(1): such a word is a NOUN",
        f"no entry for '({'|'.join(re.escape(word.lower()) for sentence in _TRAIN for word, _ in sentence)})'":
        "While counting, a dict has no entry when a word comes for the first time: setdefault, or defaultdict(Counter)",
        "no entry for '[A-Z]+'": "While counting, a tag comes for the first time: a Counter begins at 0",
        "no entry": _NEW,
        "unpack": "train is a list of sentences, and each sentence a list of pairs: it takes two loops, one in the other"},
    mistakes=_TABLE_MISTAKES, hints=[
    "What has to be counted before one can say which tag is the most frequent?",
    "One Counter of tags for each word in small letters; then the word that is asked for, in small letters too.",
    "counts[word.lower()].most_common(1)[0][0] is the most frequent tag of a word that has been counted.",
    "return [counts[word.lower()].most_common(1)[0][0] if word.lower() in counts else ... for word in words]"])


# ---- a batch ---------------------------------------------------------------------------------------------------------

_SENTENCES = [(np.array([7, 0, 4]), np.array([2, 1, 0])), (np.array([3, 9, 0, 6, 8]), np.array([1, 4, 0, 2, 3])),
              (np.array([5]), np.array([4])), (np.array([2, 2]), np.array([3, 1]))]


def _at_words(got):
    """ids and y where there are words, and the mask; or what is said of the form."""
    if not isinstance(got, tuple | list) or len(got) != 3:
        return wrong(f"your function must return ids, y, mask, three arrays one after the other, got a {type(got).__name__}")
    try:
        ids, y, mask = map(np.asarray, got)
    except ValueError:
        return wrong("your rows differ in length, so they make no array: fill all sentences up to the longest")
    for name, part in (("ids", ids), ("y", y)):
        if part.dtype.kind not in "iu":
            cure = "is that the mask? Return ids, y, mask" if part.dtype == bool else "np.zeros((T, B), int)"
            return wrong(f"{name} must hold whole numbers, got {part.dtype}: {cure}")
    its = pad(_SENTENCES).mask
    return (*(np.where(its, part, 0) if part.shape == its.shape else part for part in (ids, y)), mask)


def _what_is_wrong(verdict, *_):
    """What is said of a mask or of sentences that no known mistake gives."""
    if verdict.message.startswith("mask ") and verdict.status == "wrong":
        return wrong("the mask must be True at words and False at padding; column 0 has 3 words among its 5 rows")
    name = verdict.message.split()[0]
    return wrong(f"{name} does not hold the sentences: column b should begin with those of sentence b"
                 ) if verdict.unnamed else None


def _padding_praise(answer):
    ids = np.asarray(answer(copy.deepcopy(_SENTENCES))[0])
    strange = ids[(ids < 0) | (ids > max(words.max() for words, _ in _SENTENCES))]
    return wrong(f"padding is looked up too: it must be a word's number, and {strange[0]} is none") if strange.size else (
        "what stands in the padding does not matter, as long as it can be looked up: the mask keeps it out")


_FIRST = "batch first: here time is the first axis, (T, B), one column per sentence"
_CUT = "cut to the shortest sentence: words are lost; fill up to the longest instead"

q15_2 = coding(
    """def my_pad(sentences):
    T, B = max(len(i) for i, _ in sentences), len(sentences)
    ids, y, mask = np.zeros((T, B), int), np.zeros((T, B), int), np.zeros((T, B), bool)
    for b, (i, j) in enumerate(sentences):
        ids[:len(i), b], y[:len(i), b], mask[:len(i), b] = i, j, True
    return ids, y, mask""",
    [(_SENTENCES,)], returns=("ids", "y", "mask"), reads=_at_words, last=_what_is_wrong, praise=_padding_praise,
    letters={"T": 5, "B": 4}, instead=(pad,), shapes={name: {(4, 5): _FIRST, (1, 4): _CUT} for name in ("ids", "y", "mask")},
    helps={"make no array": "The sentences differ in length: fill all up to the longest first",
           r"into shape \([13],\)": "A sentence is longer than your T: T is the length of the longest",
           r"into shape \(4,\)": "Time comes first: a sentence is a column, ids[:n, b]",
           r"into shape \(2,\)": "A sentence is a pair, and its length is not 2: that of its ids counts, len(ids)"},
    mistakes=[
    ("ids[::-1], y[::-1], mask[::-1]",
     "padded at the front: then the network reads padding first, and the states of the words change"),
    ("ids[:len(i), b], y[:len(i), b], mask[:len(i), b] = i, j, True",
     "ids[T - len(i):, b], y[T - len(i):, b], mask[T - len(i):, b] = i, j, True",
     "your padding stands in front: put it at the end, then no word is read after it"),
    ("ids, y, mask = np.zeros((T, B), int), np.zeros((T, B), int),", "ids = y = np.zeros((T, B), int); mask =",
     "ids and y are one and the same array, under two names: np.zeros once for each"),
    ("ids, y, ~mask", "the mask is the wrong way round: True (or 1) is a word, and counts"),
    ("ids, y, np.ones_like(mask)", "the mask is True everywhere, so the labels that you filled in would count in the loss"),
    ("ids, y, ids != 0",
     "word number 0 is <unk>, a word like any other, and here it is masked: the lengths tell what is padding"),
    ("ids, y, y != 0",
     "tag number 0 is a tag like any other, and here it is masked: the lengths tell what is padding")], hints=[
    "How long is the longest sentence, and which axis is time?",
    "Start with zeros of shape (T, B), then fill column b down to the length of sentence b.",
    "mask[:len(ids), b] = True; the same rows of the same column take ids and y.",
    "for b, (i, j) in enumerate(sentences): ids[:len(i), b], y[:len(i), b], mask[:len(i), b] = i, ..."])


def _beaten(answer):
    data = corpus()
    table, of_all = most_frequent_tag(data.train), most_frequent_tag([*data.train, *data.test])
    for sentence in data.test:
        try:
            given = filled(answer([word for word, _ in sentence]))
        except KeyError as error:
            return wrong(f"there is no entry for {error}: {_NEW}")
        tags = None if isinstance(given, str | dict) or not np.iterable(given) else list(map(str, given))
        if tags is None or len(tags) != len(sentence):
            got = type(given).__name__ if tags is None else f"{len(tags)} for {len(sentence)} words"
            return wrong(f"your function gets a list of words and must return a list with one tag for each of them, got {got}")
        if strange := set(tags) - set(data.tags):
            return wrong(f"{min(strange)!r} is not one of the {len(data.tags)} tags")
    rule = verdicts(lambda words: look_up_or_guess(table, words, data.tags), data.test)
    mine = verdicts(lambda words: list(map(str, answer(list(words)))), data.test)
    got, bar = (np.mean([right == given for _, right, given in found]) for found in (mine, rule))
    seen, figures = accuracy(partial(look_up, of_all), data.test), f"yours gets {got:.1%} of the test words, by_rule {bar:.1%}"
    if mine == rule:
        return wrong(f"{figures}: these are its tags, word by word. Change some of them, by the word that follows. "
                     f"“to”, for example, is {table['to']} in all places: where should it be something else?")
    if got >= seen:
        return wrong(f"{figures}. Too good: a table made with the test sentences gets {seen:.1%}. Has yours seen them?")
    return right(figures) if got > bar else wrong(f"{figures}. {_spoilt(rule, mine)}")


def _spoilt(rule, mine):
    """What an answer changed for the better and for the worse, with the word that was spoilt most often."""
    pairs = [(word.lower(), y, b) for (word, y, a), (_, _, b) in zip(rule, mine, strict=True) if a == y != b]
    gained = sum(a != y == b for (_, y, a), (_, _, b) in zip(rule, mine, strict=True))
    (word, y, given), _ = Counter(pairs).most_common(1)[0] if pairs else (("", "", ""), 0)
    return f"It gains {gained} and loses {len(pairs)}" + (
        f": “{word}” is {given} in yours and should be {y}. "
        "Keep by_rule's tag unless the next word speaks against it" if pairs else ": no wrong tag became right")


# ---- accuracy --------------------------------------------------------------------------------------------------------

def _scores(T, B, K, lengths, seed):
    """o, y, mask with words wrong and right, and padding that would change every count; T, B and K differ."""
    rng = np.random.default_rng(seed)
    o, mask = rng.standard_normal((T, B, K)), np.arange(T)[:, None] < np.array(lengths)
    y = np.where(rng.random((T, B)) < .6, o.argmax(-1), rng.integers(0, K, (T, B)))
    return o, np.where(mask, y, np.where(np.arange(B) % 3 == 0, o.argmax(-1), 0)), mask


q15_3 = coding(
    """def my_accuracy(o, y, mask):
    return (o.argmax(axis=-1) == y)[mask].mean()""",
    [_scores(5, 4, 3, (5, 2, 3, 1), 1), _scores(4, 3, 6, (4, 4, 1), 2)], returns=("the accuracy",),
    praise="a share of the words, whatever the padding",
    shapes={(4,): "a number for each sentence: Python's sum adds up rows only. Take one .mean() of what the mask leaves"},
    helps={r"\(11,\) \(5,4\)": "The scores are masked, the labels are not: y[mask]",
           r"\(5,4\) \(11,\)": "The labels are masked, the scores are not: o[mask]",
           MISFIT: "The K scores of a word stand along its last axis: argmax(axis=-1)"}, mistakes=[
    ("(o.argmax(axis=-1) == y).mean()", "padding is counted: those steps hold no word, so they are neither right nor wrong"),
    ("((o.argmax(axis=-1) == y) & mask).mean()",
     "the right words are counted well, but divided by all steps, padding included: divide by the number of words"),
    ("(o.argmax(axis=-1) == y).sum() / mask.sum()", "divided by the words, but what stands above counts right padding too"),
    ("(o.argmax(axis=-1) == y * mask).sum() / mask.sum()",
     "the mask is multiplied into the labels: padding then has the label 0, and may be right. Mask the comparison"),
    ("(o.argmax(axis=-1) * mask == y).sum() / mask.sum()",
     "the mask is multiplied into the tags, or the scores: padding then names tag 0, and where its label is 0 it counts as "
     "right. So the share can come out above 1, which no share is. Mask the comparison"),
    ("(o.argmax(axis=-1) * mask == y).mean()",
     "the mask is multiplied into the tags, or the scores: padding then names tag 0, and may be right. Mask the comparison, and "
     "divide by the number of words"),
    ("(o.argmax(axis=-1) * mask == y * mask).mean()",
     "every step of padding counts as right here (0 == 0, or True in place of False): padding is neither right nor wrong"),
    ("(o.argmax(axis=-1) * mask == y * mask).sum() / mask.sum()",
     "every step of padding counts as right here (0 == 0, or True in place of False), so the share comes out above 1, which no "
     "share is: mask the comparison"),
    ("(o.argmin(axis=-1) == y)[mask].mean()", "argmin finds the smallest score: the tag that is named has the largest"),
    ("((o.argmax(axis=-1) == y) & mask).sum()", "that is how many are right, not the share"),
    ("(o.argmax(axis=-1) == y)[~mask].mean()", "this looks at the padding only: in the mask, True is a word"),
    ("(o.argmax() == y)[mask].mean()", "no word at all is right: o.argmax() without an axis is one number for the whole array, "
     "o.max(-1) is a score, not its place, and // cuts a share to 0"),
    ("(((o.argmax(axis=-1) == y) & mask).sum(0) / mask.sum(0)).mean()",
     "that is the mean over sentences: a word of a short sentence weighs more there; here every word weighs the same"),
    ("(((o.argmax(axis=-1) == y) & mask).sum(1) / mask.sum(1)).mean()",
     "that is the mean over the steps: a word weighs more at a step that few sentences reach; here all weigh the same"),
    ("np.take_along_axis(rnn.softmax(o), y[..., None], -1)[..., 0][mask].mean()",
     "that is the mean probability of the right tag; accuracy asks only whether it has the largest score"),
    ("((o.argmax(axis=-1) == y) & mask).sum() / len(y)", "divided by T, the number of steps: divide by the number of words")],
    hints=[
    "How many words are there, padding left aside? How many of them have their largest score at the right tag?",
    "o.argmax(axis=-1) has the shape of y. Which of its entries may count?",
    "An array of booleans can be indexed with the mask: what is left are the words.",
    "return (o.argmax(axis=-1) == y)[...].mean()"])


# ---- from both sides -------------------------------------------------------------------------------------------------

def _two(seed, T, D, H, K):
    """Two networks of different width, one that reads ahead and one that reads back, and a sentence."""
    rng = np.random.default_rng([15, seed])
    ahead, back = (init_parameters(D, wide, K, rng) for wide in (H, H - 1))
    return ahead, back, rng.standard_normal((T, D)), rng.integers(K, size=T)


def _matrices(got):
    """What came back, with the gradient of W in place of all gradients."""
    return tuple(getattr(part, "W", part) for part in got) if isinstance(got, tuple | list) else got


_FROM_END = "from_end.o[::-1]"
_ITS_LOSS = f"run.o + {_FROM_END}"
_OWN = "stand in its own order, in which row 0 belongs to the last word"
_LEFT = "both networks read from the left: the second one has to begin with the last word"
_ALONE = "each network has a loss of its own here: there is one loss, that of the sum of their scores, and one do for both"

q15_4 = coding(
    """def my_gradients(ahead, back, x, y):
    run, from_end = rnn.forward(ahead, x), rnn.forward(back, x[::-1])
    losses, do = rnn.cross_entropy(run.o + from_end.o[::-1], y)
    return losses.sum(), rnn.bptt(ahead, run, do).W, rnn.bptt(back, from_end, do[::-1]).W""",
    [_two(1, 6, 3, 5, 4), _two(2, 4, 2, 6, 3)], returns=("L", "dW", "dW of the second network"),
    letters={"T": 6, "D": 3, "K": 4}, reads=_matrices, mistakes={"": [
    (_FROM_END, "from_end.o", f"the second network's scores {_OWN}: turn them round before you add"),
    (_FROM_END, "from_end.o", "do[::-1]", "do", f"the second network's scores and its do {_OWN}: turn both round"),
    ("x[::-1]", "x", _FROM_END, "from_end.o", "do[::-1]", "do", _LEFT),
    ("x[::-1]", "x", _LEFT),
    ("x[::-1]", "x", "do[::-1]", "do", _LEFT),
    (f"{_ITS_LOSS}, y", f"{_ITS_LOSS}, y[::-1]",
     "y stays as it is: once the scores are added, they stand in the order of the sentence"),
    (_ITS_LOSS, "run.o", "the loss hears the first network alone: both scores are added"),
    (_ITS_LOSS, f"({_ITS_LOSS}) / 2", "that is the mean of the two scores: they are added"),
    (_ITS_LOSS, f"rnn.softmax(run.o) + rnn.softmax({_FROM_END})", "the scores are added, before any softmax"),
    (f"    losses, do = rnn.cross_entropy({_ITS_LOSS}, y)\n    return losses.sum(), ",
     f"    losses, do = rnn.cross_entropy(run.o, y)\n    more, do_back = rnn.cross_entropy({_FROM_END}, y)\n"
     "    return losses.sum() + more.sum(), ", "do[::-1]", "do_back[::-1]", _ALONE),
    ("rnn.bptt(back, from_end, do[::-1])", "rnn.bptt(back, from_end, rnn.cross_entropy(from_end.o, y[::-1])[1])",
     "L and dW are right. The second network got the do of a loss of its own: give it the do of both, turned round")],
    "dW of the second network": [
    ("0, 0, rnn.bptt(back, from_end, do).W", "its do has to stand in the order in which it read: do[::-1]")]}, hints=[
    "Which row of the second network's scores belongs to word 1?",
    "x[::-1] is the sentence from its end. What the second network returns stands in that order: turn it round before you add.",
    "The loss gives one do, in the order of the sentence. The second network needs it in its own.",
    "rnn.bptt(ahead, run, do).W and rnn.bptt(back, from_end, do[::-1]).W"],
    praise="one do for both, turned round for the second: your lines, in code")

q15_5 = Exercise(_beaten, [
    "Print the test words that by_rule has wrong: tag_scores.verdicts finds them. Which words come more than once?",
    "“to” before a verb is PART; before “the” or a name it is ADP. And “this” is DET only before a noun.",
    "Let by_rule name all tags first. Then go through the words with their neighbours: words[i + 1] and tags[i + 1].",
    "if words[i] == 'to' and after not in ('VERB', 'AUX'): tags[i] = ..."],
    """def my_tagger(words):
    tags = by_rule(words)
    for i, (word, after) in enumerate(zip(words, [*tags[1:], ""])):
        if word.lower() == "to":
            tags[i] = "PART" if after in ("VERB", "AUX") else "ADP"
        if word.lower() == "this":
            tags[i] = "DET" if after == "NOUN" else "PRON"
    return tags""")
