"""Lesson 15: the checkers say what is wrong, the pictures show what the tagger computes, and the figures quoted are true."""
import importlib.util
import json
import re
import time
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
import touch
from exercises import blank, wrong_answers
from lessons import ROOT, code, prose, read
from pictures import PLAIN, fits, parts, read_off

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import explorers, text
from rnn_lib.charts.learning import smooth
from rnn_lib.checks import lesson_15
from rnn_lib.diagrams.svg import NARROW
from rnn_lib.diagrams.tags import ALONE, AT_DESK, HEAD, SLIM, whole
from rnn_lib.explorers.tagging import SHOWN
from rnn_lib.tasks import tag_scores, tagged_text, tagger
from rnn_lib.tasks.tag_batches import pad

EXERCISES = {1: "my_look_up", 2: "my_pad", 3: "my_accuracy", 4: "my_gradients", 5: "my_tagger"}


def exercise(number):
    return getattr(check, f"q15_{number}")


@pytest.fixture(scope="module", autouse=True)
def small_default():
    """The lesson's data is Alice here, whether or not the Brown corpus is installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lesson_15, "corpus", lambda: tagged_text.corpus(ROOT / "no such folder"))
        yield


@pytest.fixture(scope="module")
def corpus():
    return tagged_text.corpus(ROOT / "no such folder")


@pytest.fixture(scope="module")
def of_seed(corpus):
    """seed, whether from both sides -> the tagger of the lesson, trained once"""
    return cache(lambda seed, both=False: trained(corpus.train, corpus.tags, seed, both))


@pytest.fixture(scope="module")
def model(of_seed):
    return of_seed(1)


@pytest.fixture(scope="module")
def both(of_seed):
    return of_seed(1, True)


def trained(tagged, tags, seed, both=False, H=64, **how):
    rng = np.random.default_rng(seed)
    model = tagger.new_tagger(tagged, tags, rng, H, both=both)
    for step in tagger.train(model, tagged, rng, **{"epochs": 12, "B": 8, **how}):
        model = step.model
    return model


def test_only_the_rows_of_words_that_occur_in_training_learn(corpus, model):
    before = tagger.new_tagger(corpus.train, corpus.tags, np.random.default_rng(1)).E
    learned = (before != model.E).any(axis=1)
    read = {i for ids, _ in tagger.numbered(model, corpus.train) for i in ids}
    assert read <= set(np.flatnonzero(learned)) <= read | set(range(len(tagger.CLASSES)))
    assert (learned.sum(), len(learned)) == (802, 806)
    assert 48_000 < learned.sum() * before.shape[1] + sum(p.size for p in model.params) < 50_000


def test_a_word_that_training_never_had_is_read_as_one_of_21_kinds(corpus, model):
    seen = {word.lower() for sentence in corpus.train for word, _ in sentence}
    assert set(model.vocabulary.words) == seen | set(tagger.CLASSES)
    assert len(tagger.CLASSES) == 21


def test_a_quarter_of_the_test_is_punctuation_and_the_table_gets_it_right(corpus):
    table = tag_scores.most_frequent_tag(corpus.train)
    verdicts = tag_scores.verdicts(lambda words: tag_scores.look_up(table, words), corpus.test)
    marks = [given for _, right, given in verdicts if right == "PUNCT"]
    assert set(marks) == {"PUNCT"}
    assert .24 < len(marks) / len(verdicts) < .26


def reads(model):
    """What names the tags of words, as `tag_scores` wants it."""
    return lambda words: tagger.best_tags(model, words)


def scored(model, tagged):
    return tag_scores.accuracy(reads(model), tagged)


def baseline(train, test):
    table = tag_scores.most_frequent_tag(train)
    return tag_scores.accuracy(lambda words: tag_scores.look_up(table, words), test)


def solution_of(number, corpus):
    names = {"np": np, "rnn": rnn, "by_rule": of_the_lesson(corpus)["by_rule"]}
    exec(exercise(number).solution().message, names)
    return names[EXERCISES[number]]


# the exercises

@pytest.mark.parametrize("number", EXERCISES)
def test_a_blank_answer_is_not_attempted_and_the_published_solution_is_right(number, corpus):
    assert [exercise(number)(empty).status for empty in (blank, None, ...)] == ["not attempted"] * 3
    assert exercise(number)(solution_of(number, corpus)).ok


@pytest.mark.parametrize("number", EXERCISES)
def test_the_hints_never_run_out(number):
    assert "the last one" in [exercise(number).hint().message for _ in range(6)][-1]


def test_the_gradients_from_both_sides_are_those_of_the_complex_step():
    ahead, back, x, y = check.q15_4.code.cases[0]
    def loss(W, W_back):
        two = (ahead._replace(W=W), x), (back._replace(W=W_back), x[::-1])
        ones, others = (rnn.forward(*each).o for each in two)
        return rnn.cross_entropy(ones + others[::-1], y)[0].sum()
    def all_gradients(ahead, back, x, y):
        run, other = rnn.forward(ahead, x), rnn.forward(back, x[::-1])
        losses, do = rnn.cross_entropy(run.o + other.o[::-1], y)
        return losses.sum(), rnn.bptt(ahead, run, do), rnn.bptt(back, other, do[::-1])
    assert check.q15_4(all_gradients).ok
    found = check.q15_4.code.reference(ahead, back, x, y)
    assert found[0] == pytest.approx(loss(ahead.W, back.W), rel=1e-14)
    assert rnn.relative_error(found[1], rnn.complex_step(lambda W: loss(W, back.W), ahead.W)) < 1e-12
    assert rnn.relative_error(found[2], rnn.complex_step(lambda W: loss(ahead.W, W), back.W)) < 1e-12


@pytest.mark.parametrize(("mistake", "meaning"), [*wrong_answers(check.q15_1)])
def test_every_known_mistake_of_the_table_is_named(mistake, meaning):
    assert check.q15_1(mistake).message == meaning


@pytest.mark.parametrize(("mistake", "meaning"), [*wrong_answers(check.q15_3)])
def test_every_known_mistake_of_the_accuracy_is_named(mistake, meaning):
    assert check.q15_3(mistake).message == meaning


def padded(change):
    return lambda sentences: change(*pad(sentences))


def front(sentences):
    T = max(len(ids) for ids, _ in sentences)
    shifted = [[np.concatenate([np.zeros(T - len(v), int), v]) for v in (ids, y, np.ones(len(ids), int))] for ids, y in sentences]
    ids, y, mask = (np.array(part).T for part in zip(*shifted, strict=True))
    return ids, y, mask == 1


def by_key(train, words):
    return [tag_scores.most_frequent_tag(train)[word.lower()] for word in words]


def in_place(sentences):
    sentences[0][0][:] = 0
    return tuple(pad(sentences))


def tabled(train, words):
    return zip(words, tag_scores.look_up(tag_scores.most_frequent_tag(train), words), strict=True)


def counted_in(counts):
    """An answer to exercise 1 that counts tags in `counts()`."""
    def my_look_up(train, words):
        d = counts()
        for word, tag in (pair for sentence in train for pair in sentence):
            d[word.lower()][tag] += 1
        return [max(d[word.lower()]) if word.lower() in d else "NOUN" for word in words]
    return my_look_up


def in_rows(*shape):
    """An answer to exercise 2 that writes sentences into rows."""
    def my_pad(sentences):
        ids = np.zeros(shape, int)
        for b, (words, _) in enumerate(sentences):
            ids[b, :len(words)] = words
    return my_pad


WRONG = [   # exercise, answer, status, words of the sentence that comes back
    (1, by_key, "wrong", "no entry for 'jabberwock'"),
    (1, lambda train, words: tag_scores.most_frequent_tag(train), "wrong", "one tag for each of the words, got dict"),
    (1, counted_in(dict), "wrong", "for the first time: setdefault, or defaultdict(Counter)"),
    (1, counted_in(lambda: defaultdict(dict)), "wrong", "a Counter begins at 0"),
    (1, counted_in(lambda: defaultdict(Counter)), "wrong", "compares the names of the tags"),
    (2, lambda sentences: np.array([ids for ids, _ in sentences]), "wrong", "make no array.\nThe sentences differ in length"),
    (2, lambda sentences: np.zeros((3, 4))[:, 1].__setitem__(slice(5), range(5)), "wrong", "T is the length of the longest"),
    (2, in_rows(5, 4), "wrong", "a sentence is a column"), (2, in_rows(4, 2), "wrong", "A sentence is a pair"),
    (3, lambda o, y, mask: (o[mask].argmax(-1) == y).mean(), "wrong", "the labels are not: y[mask]"),
    (3, lambda o, y, mask: (o.argmax(-1) == y[mask]).mean(), "wrong", "the scores are not: o[mask]"),
    (1, lambda train, words: [tag for word, tag in train], "wrong", "it takes two loops"),
    (1, lambda train, words: None, "wrong", "got NoneType"),
    (1, lambda train, words: ["X"] * 3, "wrong shape", "need 10 tags, got 3"),
    (1, lambda train, words: ["PROPN" if word == "Snark" else tag for word, tag in tabled(train, words)], "wrong", "for “Snark”"),
    (3, lambda o, y, mask: ((o.argmax(-1) == y) | ~mask).mean(), "wrong", "every step of padding counts as right here"),
    (1, lambda train, words: ["X"] * len(words), "wrong", "for “the” you say 'X'"),
    (1, lambda train, words: [np.nan] * len(words), "wrong", "for “the” you say nan"),
    (1, lambda train, words: [("DET", 3)] * len(words), "wrong", "most_common(1)[0][0] is the tag alone"),
    (1, lambda train, words: [*tabled(train, words)], "wrong", "a tag is a str: return the tags alone, without the words"),
    (1, lambda train, words: [Counter().most_common(1)[0][0] for _ in words], "wrong", "is a NOUN"),
    (1, lambda train, words: ["X" if tag == "NOUN" and word == "jabberwock" else tag for word, tag in tabled(train, words)],
     "wrong", "training did not have it"),
    (1, lambda train, words: [tag.lower() for _, tag in tabled(train, words)], "wrong", "tags stay as they are"),
    (1, lambda train, words: words.clear() or [], "wrong", " in place: work on a new array"),
    (1, ["NOUN"], "wrong", "pass the function itself"),
    (2, padded(lambda ids, y, mask: (ids.T, y.T, mask.T)), "wrong shape", "batch first"),
    (2, padded(lambda ids, y, mask: (ids[:1], y[:1], mask[:1])), "wrong shape", "cut to the shortest"),
    (2, padded(lambda ids, y, mask: (ids, y[:-1], mask)), "wrong shape", "y: the last row is missing"),
    (2, padded(lambda ids, y, mask: (ids, y, ~mask)), "wrong", "wrong way round"),
    (2, padded(lambda ids, y, mask: (ids, y, np.ones_like(mask))), "wrong", "would count in the loss"),
    (2, padded(lambda ids, y, mask: (ids[::-1], y[::-1], mask[::-1])), "wrong", "at the front"),
    (2, front, "wrong", "your padding stands in front"),
    (2, padded(lambda ids, y, mask: (ids, y, ids != 0)), "wrong", "word number 0"),
    (2, padded(lambda ids, y, mask: (ids, y, y != 0)), "wrong", "tag number 0"),
    (2, padded(lambda ids, y, mask: (ids, y, mask * np.nan)), "wrong", "True at words"),
    (2, padded(lambda ids, y, mask: (y, ids, mask)), "wrong", "ids and y are right, but in the wrong order"),
    (2, padded(lambda ids, y, mask: (ids, y * 1.0, mask)), "wrong", "y must hold whole numbers"),
    (2, padded(lambda ids, y, mask: (np.where(mask, ids, -1), y, mask)), "wrong", "-1 is none"),
    (2, padded(lambda ids, y, mask: (np.where(mask, ids, 10 ** 6), y, mask)), "wrong", "1000000 is none"),
    (2, padded(lambda ids, y, mask: (ids, y)), "wrong", "return ids, y, mask"),
    (2, lambda sentences: tuple([part[i] for part in sentences] for i in (0, 1, 0)), "wrong", "differ in length"),
    (2, in_place, "wrong", " in place: work on a new array"),
    (2, 3, "wrong", "pass the function itself"),
    (3, lambda o, y, mask: np.nan, "wrong", "NaN"),
    (3, lambda o, y, mask: (o.argmax(-1) == y)[mask], "wrong shape", "the accuracy must have shape ()"),
    (3, lambda o, y, mask: (o.argmax(0) == y).mean(), "wrong", ""),
    (3, lambda o, y, mask: .5, "wrong", "that is not it"),
    (3, .7, "wrong", "pass the function itself"),
    (1, lambda train, words: tag_scores.look_up(tag_scores.most_frequent_tag(train), words), "wrong",
     "tag_scores.most_frequent_tag does it for you"),
    (3, lambda o, y, mask: ((o * mask[..., None]).argmax(-1) == y).mean(), "wrong", "into the tags, or the scores"),
    (3, lambda o, y, mask: (o.argmax(-1) * mask == y).sum() / mask.sum(), "wrong", "can come out above 1"),
    (5, lambda words: ["NOUN"] * len(words), "wrong", "It gains 4 and loses 468: “the” is NOUN in yours and should be DET"),
    (5, lambda words: ["NOUN"], "wrong", "one tag for each of them, got 1 for 5 words"),
    (5, lambda words: [{"the": "DET"}[word] for word in words], "wrong", "there is no entry for 'It'"),
    (5, lambda words: None, "wrong", "one tag for each"),
    (5, lambda words: 7, "wrong", "one tag for each"),
    (5, lambda words: ["DOG"] * len(words), "wrong", "'DOG' is not one of the 17 tags"),
    (5, lambda words: [np.nan] * len(words), "wrong", "'nan' is not one"),
    (5, 1, "wrong", "pass the function itself"),
    (3, lambda o, y, mask: (o.argmax(0) == y)[mask].mean(), "wrong", "along its last axis"),
]


@pytest.mark.parametrize(("number", "answer", "status", "words"), WRONG)
def test_a_wrong_answer_is_told_what_it_is(number, answer, status, words):
    verdict = exercise(number)(answer)
    assert verdict.status == status
    assert words in verdict.message


def test_the_nine_lines_do_not_beat_themselves_and_perfection_is_suspicious(corpus):
    table, by_rule = tag_scores.most_frequent_tag(corpus.train), of_the_lesson(corpus)["by_rule"]
    def changed(word, its_tag):
        return lambda words: [its_tag if each == word else tag for each, tag in zip(words, by_rule(words), strict=True)]
    by_table = check.q15_5(lambda words: tag_scores.look_up(table, words))
    assert "yours gets 86.0% of the test words, by_rule 90.5%." in by_table.message
    assert "these are its tags, word by word" in check.q15_5(by_rule).message
    assert "“to”, for example, is PART in all places" in check.q15_5(by_rule).message
    assert "gains 5 and loses 7: “to” is ADP in yours and should be PART" in check.q15_5(changed("to", "ADP")).message
    assert "no wrong tag became right" in check.q15_5(changed("blew", "X")).message
    known = {tuple(word for word, _ in sentence): [tag for _, tag in sentence] for sentence in corpus.test}
    def nearly(words):
        return [dict(zip(words, known[tuple(words)], strict=True))[word] for word in words]
    of_the_test, of_all = (tag_scores.most_frequent_tag(part) for part in (corpus.test, [*corpus.train, *corpus.test]))
    for remembered in (lambda words: known[tuple(words)], nearly, lambda words: tag_scores.look_up(of_the_test, words),
                       lambda words: tag_scores.look_up(of_all, words)):
        assert "Has yours seen them?" in check.q15_5(remembered).message


def test_the_nine_lines_of_the_lesson_are_those_of_the_library(corpus):
    by_rule, table = of_the_lesson(corpus)["by_rule"], tag_scores.most_frequent_tag(corpus.train)
    for sentence in text.read_conllu():
        words = [word for word, _ in sentence]
        assert tag_scores.look_up_or_guess(table, words, corpus.tags) == by_rule(words)


def test_other_right_answers_are_right(both):
    def own(sentences):
        ids, y, mask = check.q15_2.code.reference(sentences)
        return ids, np.where(mask, y, -1), mask.astype(int)
    assert check.q15_2(own).ok
    assert check.q15_2(lambda sentences: list(own(sentences))).ok
    assert "tag_batches.pad does it for you" in check.q15_2(lambda sentences: tuple(pad(sentences))).message
    assert check.q15_5(lambda words: (tag for tag in tagger.best_tags(both, words))).ok
    assert check.q15_3(lambda o, y, mask: ((o.argmax(-1) == y) * mask).sum() / mask.sum()).ok
    assert check.q15_5(reads(both)).ok


# the explorers

def test_the_picture_names_the_best_tag_of_every_word_and_the_caption_the_least_sure(model):
    words = ["She", "liked", "that", "cat"]
    labels, caption = read_off(explorers.tagging(model, " ".join(words)))
    p = tagger.tag(model, words)
    best = [model.tags[k] for k in p.argmax(1)]
    known = [word.lower() in model.vocabulary.index for word in words]
    assert [label for label in labels if label in words] == words
    assert [labels[labels.index(word) + (1 if there else 2)] for word, there in zip(words, known, strict=True)] == best
    t = int(p.max(1).argmin())
    assert caption.startswith(f"Least sure: “{words[t]}”, {best[t]} with {100 * p[t].max():.0f} %.")


@pytest.mark.parametrize("narrow", [False, True])
def test_the_pieces_of_a_bar_are_as_long_as_the_shares_the_largest_first(model, narrow):
    explorer = explorers.tagging(model, "that")
    svg = (explorer.slim if narrow else explorer.pictures)[0].svg
    lengths = [float(wide) + .8 for wide in re.findall(rf'<rect x="[^"]+" y="{HEAD + 2 + ALONE}" width="([\d.]+)"', svg)]
    _, start, end = SLIM if narrow else AT_DESK
    share = np.sort(tagger.tag(model, ["that"])[0])[::-1] * (end - start)
    np.testing.assert_allclose(lengths, share[share >= 1], atol=.06)


def test_a_piece_says_its_share_and_all_but_the_first_their_tag(model):
    words = ["She", "liked", "that", "cat"]
    labels, _ = read_off(explorers.tagging(model, " ".join(words)))
    p = tagger.tag(model, words)
    assert [label for label in labels if re.fullmatch(r"(> )?\d+ %", label)] == [whole(share) for share in p.max(1)]
    second = np.argsort(-p[2])[1]
    assert f"{model.tags[second]} {whole(p[2, second])}" in labels


def test_the_picture_keeps_its_height_while_one_types(model):
    explorer, heights = explorers.tagging(model), set()
    for sentence in ("", "S", "She", "She sn", "The White Rabbit snored frumiously and", "We liked that cat."):
        read_off(explorer, sentence=sentence)
        heights.add(ElementTree.fromstring(explorer.picture().svg).get("height"))
    assert len(heights) == 1


def test_unknown_words_are_marked_with_what_they_are_read_as(model):
    explorer = explorers.tagging(model, "Alice saw frumiously Zzyzx 1865")
    labels, caption = read_off(explorer)
    slanted = [e.text for e in touch.elements(explorer.picture()) if e.get("font-style") == "italic"]
    assert slanted == [word for word in ("Alice", "saw", "frumiously", "Zzyzx", "1865") if word.lower() not in
                       model.vocabulary.index]
    assert {"Alice", "frumiously", "<unk-ly>", "Zzyzx", "<unk-capital>"} <= set(labels)
    assert "Not in the vocabulary, so read by its looks: “frumiously” as <unk\u2011ly>, “Zzyzx” as <unk\u2011capital>" in caption


@pytest.mark.parametrize("narrow", [False, True])
def test_no_word_touches_the_next_and_no_letter_is_small(model, narrow):
    explorer = explorers.tagging(model, "Dormouse snored incomprehensibilities Zzyzx, but the Dormouse")
    svg = (explorer.slim if narrow else explorer.pictures)[0].svg
    tops = [node for node in ElementTree.fromstring(svg).iter() if node.get("textLength")]
    for y in {node.get("y") for node in tops}:
        row = [(float(node.get("x")), float(node.get("textLength"))) for node in tops if node.get("y") == y]
        assert all(x + room + 5 < x2 for (x, room), (x2, _) in pairwise(row))
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', svg)) >= 12


ODD = ["", "   ", "猫", "🐇 🐇", "<b>&\"'</b><script>x</script>", "long " * 500, "a" * 5000, "&amp; &#60;", "it's—“Ünïcödé” n't",
       "\x00\t\n\u200b\ufffe", "a\x07b", "हिन्दी"]


@pytest.mark.parametrize("sentence", ODD)
def test_anything_can_be_typed(model, sentence):
    explorer = explorers.tagging(model)
    read_off(explorer, sentence=sentence)
    explorer.press("compare with this")
    picture = touch.check(explorer).picture()
    assert "<b>" not in picture.svg
    assert "<script" not in picture.svg
    assert float(ElementTree.fromstring(picture.svg).get("width")) <= 940
    assert 20 < len(picture.caption) < 400
    assert ("no word to tag" in picture.caption) == (not text.cut(sentence, model.vocabulary.index))


def test_of_a_long_text_the_first_words_are_shown_and_that_is_said(model):
    labels, caption = read_off(explorers.tagging(model, "long " * 500))
    assert labels.count("long") == SHOWN
    assert f"The first {SHOWN} of 500 words are shown." in caption


def test_a_keystroke_is_drawn_in_60_milliseconds(model):
    explorer, seconds = explorers.tagging(model), []
    for i in range(5):
        start = time.process_time()
        explorer.value["sentence"] = f"The White Rabbit and {i} other creatures ran down the long hall"
        seconds.append(time.process_time() - start)
    assert min(seconds) <= .06


def compared(before, after, model):
    """The explorer in which one sentence stands beside another."""
    explorer = explorers.tagging(model, before)
    explorer.value["sentence"] = after
    return explorer


def test_only_rows_from_the_changed_word_on_are_marked_as_changed(model):
    explorer = explorers.tagging(model, "She liked that cat.")
    labels, _ = read_off(explorer)
    assert not {"=", "tag, before"} & set(labels)
    labels, caption = read_off(explorer, sentence="She liked that mouse.")
    tags = tagger.best_tags(model, ["She", "liked", "that", "cat", "."])
    now = tagger.best_tags(model, ["She", "liked", "that", "mouse", "."])
    def marked(labels):
        signs = [label.replace("≈", "≠") for label in labels]                       # nearly the same is not the same
        return [sign for sign in signs if sign in ("=", "≠") or sign in {f"≠ {tag}" for tag in model.tags}]
    assert marked(labels) == ["="] * 3 + ["≠" if old == new else f"≠ {old}" for old, new in zip(tags[3:], now[3:], strict=True)]
    was, become = (tagger.best_tags(model, line.split()) for line in ("She liked that cat .", "She hated that cat ."))
    assert was[2] != become[2]
    there = marked(read_off(compared("She liked that cat.", "She hated that cat.", model))[0])
    assert there == ["="] + ["≠" if old == new else f"≠ {old}" for old, new in zip(was[1:], become[1:], strict=True)]
    assert caption == "Changed from “mouse” on. Above it every row is exactly what it was, number by number."
    labels, caption = read_off(explorer, sentence="She liked that cat. Then")
    assert labels.count("=") == 5
    assert "new" in labels
    labels, caption = read_off(explorer, sentence="We liked that cat.")
    assert "every row may change" in caption
    labels, caption = read_off(explorer, sentence="She liked that")
    assert caption == "Every row is exactly what it was: what comes later changes nothing."
    for line, told in (("She liked that cat loudly.", "“loudly” is read as <unk\u2011ly>, exactly as “frumiously” was"),
                       ("she liked that cat frumiously.", "“she” is read as she, exactly as “She” was")):
        caption = read_off(compared("She liked that cat frumiously.", line, model))[1]
        assert caption == f"{told}: to the network they are the same word."
    explorer.press("compare with this")
    labels, caption = read_off(explorer)
    assert caption.startswith("Least sure")
    assert "tag, before" not in labels


def test_a_touched_row_lights_what_it_is_made_from(model):
    marks = touch.marks(explorers.tagging(model, "She liked that cat.").picture())
    assert [mark.get("data-lights") for mark in marks][:3] == ["x1", "x1 x2", "x1 x2 x3"]
    assert "made from “She liked that”." in marks[2].get("data-says")


def test_a_network_from_both_sides_shows_what_it_reads_and_nothing_that_was_added(model):
    both = model._replace(back=model.params)
    explorer = explorers.tagging(both, "She liked that cat.")
    marks = touch.marks(explorer.picture())
    assert {mark.get("data-lights") for mark in marks} == {"x1 x2 x3 x4 x5"}
    assert all("made from the whole sentence." in mark.get("data-says") for mark in marks)
    _, caption = read_off(explorer, sentence="She liked that .")
    old, new = (tagger.tag(both, words) for words in (["She", "liked", "that", "cat", "."], ["She", "liked", "that", "."]))
    for word, before, now in zip(["She", "liked", "that"], old, new, strict=False):
        assert (f"“{word}”" in caption.split("before:")[1]) == (before.argmax() != now.argmax())
    assert caption.startswith("Read from both sides, so every row may change.")
    told = touch.marks(explorer.picture())[2].get("data-says")
    assert told.startswith(f"“that”: {model.tags[new[2].argmax()]} {whole(new[2].max())}")
    read_off(explorer, sentence="")


def test_the_shares_of_that_are_those_that_the_lesson_says(said, both, of_seed, corpus):
    with_cat, without = (dict(zip(corpus.tags, tagger.tag(both, f"She liked that {end}".split())[2], strict=True))
                         for end in ("cat .", "."))
    assert f"a DET (but with only {whole(with_cat['DET'])}), without it a PRON ({whole(without['PRON'])})" in said
    words = text.cut("She liked that cat; the Dormouse snored frumiously.", both.vocabulary.index)
    assert tagger.best_tags(of_seed(2, True), words)[2] == "DET"


def test_a_chosen_sentence_is_tagged_as_a_typed_one_and_compared_with_the_first(both):
    lines = "She liked that cat.", "She liked that.", "She liked that cat; the Dormouse snored frumiously."
    explorer = touch.check(explorers.tagged(both, *lines))
    assert all(float(ElementTree.fromstring(picture.svg).get("width")) <= NARROW for picture in explorer.slim)
    for i, (line, that) in enumerate(zip(lines, ("DET", "PRON", "PRON"), strict=True)):
        labels, caption = read_off(explorer, sentence=i)
        assert labels[labels.index("that") + 1] == that
        assert caption == read_off(compared(lines[0], line, both))[1]
        assert ("Another tag than before: “that”" in caption) == (i > 0)
    was, now = (tagger.tag(both, text.cut(line, both.vocabulary.index)) for line in (lines[0], lines[2]))
    kept = [0, 1, 2, 3, -1]                                                             # the words that both have
    assert read_off(explorer, sentence=2)[0].count("≈") == (np.abs(was[kept] - now[kept]).max(1) < .01).sum() > 0


def test_the_tagger_has_the_units_and_the_epochs_that_the_lesson_says(said, both, corpus):
    assert f"with H = {len(both.params.W)} units" in said
    assert f"trained for {corpus.epochs} epochs" in said


def test_typed_words_keep_their_capitals_and_are_otherwise_those_of_tokenize(model):
    for sentence in ("“Oh!” said Alice's cat—it can't", "Ünïcödé 42%", "O'Brien isn't"):
        assert [word.lower() for word in text.cut(sentence)] == text.tokenize(sentence)
    assert text.cut("Alice can't", model.vocabulary.index) == ["Alice", "ca", "n't"]
    brown = model.vocabulary._replace(index=model.vocabulary.index | {"can't": 1})
    assert text.cut("Alice can’t 'swim'", brown.index) == ["Alice", "can't", "'", "swim", "'"]


def test_a_tagger_of_another_language_finds_its_words_again(corpus):
    tagged = [[("Алиса", "PROPN"), ("спит", "VERB"), ("été", "NOUN"), (".", "PUNCT")]] * 4
    model = tagger.new_tagger(tagged, corpus.tags, np.random.default_rng(0), H=4)
    labels, _ = read_off(explorers.tagging(model, "Алиса спит été кот."))
    assert {"Алиса", "спит", "été", "кот", "<unk>"} <= set(labels)                # the second é is e with an accent of its own


def verdicts_of(counts, tags):
    return [(f"{tags[i]}{k}{n % 5}".lower(), tags[i], tags[k]) for i, row in enumerate(counts) for k, many in enumerate(row)
            for n in range(many)]


def test_the_confusion_matrix_shows_every_count_and_says_the_largest():
    counts = [[5, 2, 0], [7, 11, 0], [0, 0, 0]]
    explorer = explorers.confusion_matrix(verdicts_of(counts, ("NOUN", "VERB", "X")), ("NOUN", "VERB", "X"))
    labels, caption = read_off(explorer)
    assert [int(label) for label in labels if label.isdigit()] == [5, 2, 7, 11, 7, 2]     # the confusions once more, listed
    assert labels[-4:] == ["7", "VERB → NOUN", "2", "NOUN → VERB"]
    assert "X" not in labels
    assert caption == "16 of 25 words stand on the diagonal: right. The most frequent confusion, 7 times: VERB taken for NOUN."
    assert "Nothing is confused" in explorers.confusion_matrix(verdicts_of(np.eye(2, dtype=int), "AB"), "AB").picture().caption
    said = {mark.get("data-says") for mark in touch.marks(explorer.picture())}
    assert "VERB taken for NOUN, 7 times: “verb00”, “verb01” and “verb02”." in said


def test_the_most_frequent_confusion_is_the_strongest_cell_off_the_diagonal():
    counts = [[1, 4, 0], [8, 90, 0], [0, 2, 3]]
    svg = explorers.confusion_matrix(verdicts_of(counts, ("ADJ", "VERB", "X")), ("ADJ", "VERB", "X")).picture().svg
    found = re.findall(r'class="cell (c\d-\d)"[^>]*><rect[^>]*fill-opacity="([\d.]+)"', svg)
    strength = {name: float(opacity) for name, opacity in found}
    assert set(strength) == {f"c{i}-{k}" for i in range(3) for k in range(3) if counts[i][k]}
    assert strength["c1-0"] == max(strength[f"c{i}-{k}"] for i, k in ((0, 1), (1, 0), (2, 1)))


# what the lesson says

@pytest.fixture(scope="module")
def said():
    return "\n".join(cell.source for cell in prose(read(ROOT / "notebooks" / "15_pos_tagging.ipynb")))


def test_the_figures_in_the_prose_are_those_of_the_data(said, corpus):
    assert f"{len(text.read_conllu())} sentences with {len(text.UPOS)} possible tags" in said
    assert f"6,500 sentences of it with {len(tagged_text.TAGS)} tags" in said
    assert "the project's own annotation" in said


def test_the_table_is_right_where_a_word_has_one_tag_and_the_network_beats_it(model, corpus):
    table = tag_scores.most_frequent_tag(corpus.train)
    groups = of_the_lesson(corpus)["by_group"](lambda words: tag_scores.look_up(table, words))
    assert groups["one tag"][1] > .95 > .85 > max(groups["never seen"][1], groups["several tags"][1])
    votes = "".join(cell.source for cell in code(read(ROOT / "notebooks" / "15_pos_tagging.ipynb")))
    assert f"a fair guess for a new word ({whole(groups['never seen'][1])} here)" in votes
    assert by_the_nine_lines(corpus) > baseline(corpus.train, corpus.test) + .01 > .85 + .01
    assert baseline(corpus.train, corpus.test) < scored(model, corpus.test)


def test_the_network_is_level_with_the_nine_lines_and_both_sides_win_where_words_have_several_tags(said, model, both, corpus):
    one_word = 1 / sum(map(len, corpus.test))
    assert by_the_nine_lines(corpus) - scored(model, corpus.test) == pytest.approx(one_word)
    names = of_the_lesson(corpus)
    by_group = names["by_group"]
    ahead = [round(n * (share - other)) for (n, share), (_, other) in zip(
        by_group(reads(model)).values(), by_group(names["by_rule"]).values(), strict=True)]
    assert ahead == [-4, -1, 4]                                      # new words, with one tag, with several
    assert [f"{share:.1%}" for _, share in by_group(reads(model)).values()] == ["68.0%", "97.2%", "84.3%"]
    assert [f"{share:.1%}" for _, share in by_group(reads(both)).values()] == ["70.1%", "97.2%", "94.4%"]
    (n, before), (_, after) = by_group(reads(model))["several tags"], by_group(reads(both))["several tags"]
    assert f"{round(n * after)} of the {n} are right, not {round(n * before)}" in said


def test_proper_nouns_taken_for_nouns_are_words_that_training_never_had(both, corpus):
    taken = {word for word, tag, given in tag_scores.verdicts(reads(both), corpus.test) if (tag, given) == ("PROPN", "NOUN")}
    assert taken == {"King", "Queen", "Gryphon"}
    assert not {word.lower() for word in taken} & {word.lower() for sentence in corpus.train for word, _ in sentence}


@pytest.fixture(scope="module")
def making():
    """data/make_lesson_15.py, which trained on five other splits."""
    spec = importlib.util.spec_from_file_location("make_lesson_15", ROOT / "data" / "make_lesson_15.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def stored():
    return json.loads((text.DATA / "lesson_15.json").read_text(encoding="utf-8"))


def test_the_stored_results_of_five_splits_come_out_again(making, stored):
    parts = [*making.splits()]
    assert [len(test) for _, test in parts] == stored["sentences"]
    assert [sum(map(len, test)) for _, test in parts] == stored["words"]
    assert list(making.SYSTEMS) == list(stored["right"])
    for name, right in making.SYSTEMS.items():
        slack = .01 * min(stored["words"]) if name in making.TRAINED else 0        # another processor rounds otherwise
        assert [right(*part) for part in parts] == pytest.approx(stored["right"][name], abs=slack), name


def test_what_the_lesson_says_of_the_five_splits_is_in_its_picture(said, stored, both):
    shares = {name: np.divide(right, stored["words"]) for name, right in stored["right"].items()}
    table, rule, left, double, sides = shares.values()
    assert all(1.5 < 100 * np.ptp(each) < 2.7 for each in shares.values())
    assert all(2 < 100 * step.mean() < 2.5 for step in (rule - table, left - rule, sides - left))
    assert all((step > 0).all() for step in (rule - table, left - rule, sides - left))
    gains = [100 * step.mean() for step in (left - table, left - rule, sides - left)]
    assert f"adds {gains.pop():.0f} more" in said
    assert "beats a table by about {:.1f} points and nine lines by {:.0f}.".format(*gains) in said
    assert f"twice the weights get {100 * double.mean():.1f} %, no more than the {100 * left.mean():.1f} %" in said
    assert f"ahead of them by more than {100 * (left - rule).mean():.0f} points on average" in said
    assert f"From both sides the same number of weights gets {100 * sides.mean():.1f} %" in said
    assert [int(each.argmin()) for each in (rule, left, double, sides)] == [0] * 4 != [int(table.argmin())] * 4
    weights = sum(parameter.size for net in (both.params, both.back) for parameter in net)
    assert f"twice as many weights, {weights:,} (2 · {weights // 2:,})" in said


def test_a_dot_of_the_picture_stands_at_its_share_and_lights_its_split(stored):
    shares = {name: np.divide(right, stored["words"]) for name, right in stored["right"].items()}
    explorer = touch.check(explorers.splits(shares))
    fits(explorer)
    marks = touch.marks(explorer.picture())
    assert [mark.get("data-lights") for mark in marks] == [f"s{i}" for i in range(1, 6)]
    assert marks[2].get("data-says") == ("Split 3: table 86.4 %, nine lines 89.2 %, from the left 92.0 %, "
                                         "left, twice the weights 91.6 % and both sides 94.6 %.")
    dots = [[float(dot.get("cx")) for dot in mark if dot.get("r") == "5"] for mark in marks]
    slope, start = np.polyfit(np.ravel([*shares.values()], "F"), np.ravel(dots), 1)
    assert np.ravel(dots) == pytest.approx(slope * np.ravel([*shares.values()], "F") + start, abs=.1)


def test_among_new_words_nouns_are_the_most_frequent(making):
    tables = [(tag_scores.most_frequent_tag(train), test) for train, test in making.splits()]
    new = Counter(tag for table, test in tables for sentence in test for word, tag in sentence if word.lower() not in table)
    assert new.most_common(1)[0][0] == "NOUN"


def test_on_words_with_several_tags_the_network_is_ahead_by_ten_to_six_on_the_test_set(model, corpus):
    names = of_the_lesson(corpus)
    several = [(rule == tag, network == tag) for (word, tag, rule), (_, _, network) in
               zip(*(tag_scores.verdicts(by, corpus.test) for by in (names["by_rule"], reads(model))), strict=True)
               if len(names["seen"][word.lower()]) > 1]
    assert (several.count((False, True)), several.count((True, False))) == (10, 6)


def test_what_the_lesson_says_about_typed_sentences(model, of_seed, corpus):
    tags = {line: tagger.best_tags(model, line.split()) for line in ("She looked like her", "I like her", "she liked that .")}
    assert tags["She looked like her"] == ["PRON", "VERB", "ADP", "PRON"]
    assert tags["I like her"][1] == "VERB"
    words = ["She", "liked", "that", "cat", ";", "the", "Dormouse", "snored", "frumiously", "."]
    assert tagger.best_tags(model, words)[8] == "NOUN"
    assert {tagger.best_tags(of_seed(seed), words)[8] for seed in (2, 3, 4)} == {"ADV"}
    that = dict(zip(corpus.tags, tagger.tag(model, words)[2], strict=True))
    assert that["DET"] < .05
    assert min(that["PRON"], that["SCONJ"]) > .3
    those = [tag for sentence in corpus.train for word, tag in sentence if word.lower() == "that"]
    assert (those.count("DET"), len(those)) == (3, 33)


def test_each_curve_has_its_own_name_at_its_end_and_no_name_on_another():
    curve = explorers.learning_curve(3, perplexity=False, earlier={"one": [3, 2, .1], "other": [3, 2, 1.5]}, name="mine")
    for step in (1, 2, 3):
        curve.add(step, .1)
    curve.draw()
    found = re.findall(r'<text[^>]*? y="([-\d.]+)"[^>]*>(one|other|mine)</text>', curve.picture().svg)
    at = {words: float(y) for y, words in found}
    assert at["other"] < at["one"] - 8 < at["mine"] - 16


def test_the_network_from_both_sides_shows_what_a_prediction_has_read():
    explorer = touch.check(explorers.both_sides(["she", "liked", "that", "cat", "."]))
    fits(explorer)
    for t, left, right in ((1, "she", ". cat that liked she"), (3, "she liked that", ". cat that"),
                           (5, "she liked that cat .", ".")):
        explorer.value["t"] = t
        assert explorer.picture().caption.translate(PLAIN) == (
            f"ŷ{t} is made from h{t}, which has read “{left}”, and from h̃{t}, which has read “{right}”.")
        assert [mark.get("class") for mark in touch.marks(explorer.picture()) if mark.get("aria-current")] == [f"t{t}"]
        svg = explorer.picture().svg
        assert {"h0", "h6"} <= {"".join(e.itertext()) for e in ElementTree.fromstring(svg).iter()}
        assert len(re.findall(r'q[\d.]+ -[\d.]+ [\d.]+ 0t', svg)) == 2 * (6 - t) + 1 + 6   # tildes: lit V and W, one U, each h
        strong = [k for k in range(1, 6) if "bold" in "".join(ElementTree.tostring(e, encoding="unicode")
                                                             for e in parts(explorer.picture(), f"t{k}"))]
        assert strong == [t]


def of_the_lesson(corpus):
    """What the lesson's own cells make of a text: by_rule, the nine lines, and by_group."""
    names = {"corpus": corpus, "table": tag_scores.most_frequent_tag(corpus.train), "tag_scores": tag_scores, "np": np,
             "defaultdict": defaultdict}
    for cell in code(read(ROOT / "notebooks" / "15_pos_tagging.ipynb")):
        if cell.source.startswith(("seen = ", "def by_ending", "def by_rule")):
            exec(cell.source.partition("\nrule =")[0].partition("\ngroups =")[0], names)
    return names


def by_the_nine_lines(corpus):
    return tag_scores.accuracy(of_the_lesson(corpus)["by_rule"], corpus.test)


def test_most_of_the_gain_comes_from_words_that_training_did_not_have(model, corpus):
    table = tag_scores.most_frequent_tag(corpus.train)
    by_table = tag_scores.verdicts(lambda words: tag_scores.look_up(table, words), corpus.test)
    by_network = tag_scores.verdicts(reads(model), corpus.test)
    gain_on_new = sum((right == network) - (right == guess) for (word, right, guess), (_, _, network)
                      in zip(by_table, by_network, strict=True) if word.lower() not in table)
    total = sum(map(len, corpus.test))
    assert gain_on_new > .5 * total * (scored(model, corpus.test) - baseline(corpus.train, corpus.test))


def test_the_published_solution_beats_the_nine_lines_as_a_reader_did(corpus):
    assert f"{tag_scores.accuracy(solution_of(5, corpus), corpus.test):.1%}" == "91.5%"


@pytest.mark.skipif(not tagged_text.BROWN.is_dir(), reason="the Brown corpus is not here: make brown")
def test_on_brown_both_sides_reach_95_percent_within_a_minute_and_one_side_beats_the_nine_lines():
    brown, start = tagged_text.corpus(), time.process_time()
    both = scored(trained(brown.train, brown.tags, seed=1, both=True, epochs=brown.epochs, B=brown.B), brown.test)
    assert time.process_time() - start < 60
    one = scored(trained(brown.train, brown.tags, seed=1, epochs=brown.epochs, B=brown.B), brown.test)
    assert both >= .95 > one > by_the_nine_lines(brown) > baseline(brown.train, brown.test) > .91


def test_the_mean_of_a_training_curve_does_not_lag_behind():
    falling = np.linspace(3, 1, 60)
    np.testing.assert_allclose(smooth(falling)[:50], falling[:50])
    assert smooth(np.array([])).shape == (0,)
    assert smooth(np.array([2.0])) == pytest.approx(2)
    noise = np.tile([0.0, 1.0], 40)
    assert np.abs(smooth(noise)[10:] - .5).max() < .05
