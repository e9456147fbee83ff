"""Lesson 01: the checkers say what is wrong, the pictures show what the networks compute, and the figures quoted are true."""
import re
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
import touch
from exercises import blank, solution_of
from lessons import ROOT, prose, read
from pictures import PLAIN, read_off, texts
from touch import press, written

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import explorers, text
from rnn_lib.diagrams.words import ranking
from rnn_lib.explorers.sentence import rows
from rnn_lib.tasks.language_model import LanguageModel
from rnn_lib.tasks.writing import chances
from rnn_lib.tasks.writing import read as run_over

UPOS = text.UPOS


def numbers(tagged):
    return np.array([UPOS.index(tag) for _, tag in tagged])


def fixed(_, rng):
    return int(np.random.default_rng(0).choice(5))


def twice(p, rng):
    q = p ** 2
    return rng.choice(len(p), p=q / q.sum())


def of_the_cumulated(p, rng):
    return min(int(np.searchsorted(np.cumsum(p), rng.random())) + 1, len(p) - 1)


def in_place(ids):
    ids[:-1] = ids[1:]
    return ids[:-1], ids[1:]


WRONG = [   # exercise, answer, status, words of the sentence that comes back
    (1, lambda ids: (ids[1:], ids[:-1]), "wrong", "shifted the wrong way"),
    (1, lambda ids: (ids, ids), "wrong", "nothing is shifted"),
    (1, lambda ids: (ids[:-1], ids[:-1]), "wrong", "nothing is shifted"),
    (1, lambda ids: (ids[1:], ids[1:]), "wrong", "nothing is shifted"),
    (1, lambda ids: (ids, np.roll(ids, -1)), "wrong", "np.roll goes round"),
    (1, lambda ids: (ids, np.roll(ids, 1)), "wrong shape", "6 entries: the first 5 are right, then it should end"),
    (1, lambda ids: (ids, ids[1:]), "wrong", "x is one longer"),
    (1, lambda ids: (ids[:-1], ids), "wrong", "y is one longer"),
    (1, lambda ids: (ids, np.append(ids[1:], 0)), "wrong", "<unk>"),
    (1, lambda ids: (ids[:-2], ids[2:]), "wrong", "skip a word"),
    (1, lambda ids: (np.append(0, ids[:-1]), ids), "wrong shape", "x must have shape (5,), got (6,)"),
    (1, lambda ids: list(pairwise(ids)), "wrong", "must return x, y"),
    (1, in_place, "wrong", " in place: work on a new array"),
    (1, lambda ids: ids[1:], "wrong", "must return x, y, got one array"),
    (1, lambda ids: (ids[:-1], ids[1:] * np.nan), "wrong", "NaN"),
    (1, lambda ids: (ids[:-1], ids[1:] + 1), "wrong", "one too large"),
    (1, lambda ids: (ids[:-1], ids[:-1] + 1), "wrong", "read one step later"),
    (1, lambda ids: (ids[:-1], ids[1:-1]), "wrong shape", "y: the last entry is missing"),
    (1, lambda ids: ids[99], "wrong", "IndexError"),
    (1, np.arange(5), "wrong", "pass the function itself"),
    (2, lambda s: numbers(s)[1:], "wrong", "right for language modelling"),
    (2, lambda s: numbers(s)[:-1], "wrong", "lost its tag"),
    (2, lambda s: np.roll(numbers(s), -1), "wrong", "one place too early, and the first comes last"),
    (2, lambda s: np.roll(numbers(s), 1), "wrong", "one place too late, and the last comes first"),
    (2, lambda s: numbers(s) + 1, "wrong", "counted from 1"),
    (2, lambda s: np.eye(17)[numbers(s)], "wrong", "one-hot"),
    (2, lambda s: [sorted({t for _, t in s}).index(t) for _, t in s], "wrong", "numbered within this sentence"),
    (2, lambda s: [list(dict.fromkeys(t for _, t in s)).index(t) for _, t in s], "wrong", "order of appearance"),
    (2, lambda s: [t for _, t in s], "wrong", "these are the names of the tags: the loss needs their numbers"),
    (2, lambda s: [word for word, _ in s], "wrong", "these are words"),
    (2, lambda s: (k for k in numbers(s)), "wrong", "got a generator: put list(...) around it"),
    (2, lambda s: map(int, numbers(s)), "wrong", "got a map: put list(...) around it"),
    (2, lambda s: s, "wrong", "these are words"),
    (2, lambda s: [str(k) for k in numbers(s)], "wrong", "numbers in quotation marks: leave str out"),
    (2, lambda s: [(word, k) for (word, _), k in zip(s, numbers(s), strict=True)], "wrong", "pairs: give the numbers alone"),
    (2, lambda s: numbers(s) * np.nan, "wrong", "NaN"),
    (2, lambda s: numbers(s)[:, None], "wrong shape", "one more axis of length 1"),
    (2, lambda s: None, "wrong", "return"),
    (2, [1, 2], "wrong", "pass the function itself"),
    (3, lambda p, rng: int(p.argmax()), "wrong", "that is argmax"),
    (3, lambda p, rng: np.random.default_rng().choice(len(p), p=p), "wrong", "left rng alone"),
    (3, fixed, "wrong", "left rng alone"),
    (3, lambda p, rng: (rng.random(), p.argmax())[1], "wrong", "that is argmax"),
    (3, lambda p, rng: rng.integers(len(p)), "wrong", "every word came equally often"),
    (3, lambda p, rng: rng.choice(np.flatnonzero(p)), "wrong", "every possible word"),
    (3, lambda p, rng: rng.choice(p), "wrong", "a probability out of"),
    (3, lambda p, rng: rng.choice(len(p), p=p, size=1), "wrong", "one number"),
    (3, lambda p, rng: "alice", "wrong", "one number"),
    (3, lambda p, rng: None, "wrong", "did you return it"),
    (3, lambda p, rng: (rng.random(), ...)[1], "not finished", "what your function returns"),
    *((3, lambda p, rng, k=k: k, "wrong", "from 0 to 4") for k in (np.nan, np.inf, 1j, -1, 2.5, {})),
    (3, lambda p, rng: 1 + rng.choice(len(p), p=p), "wrong", "from 0 to 4"),
    (3, of_the_cumulated, "wrong", "probability 0 was drawn"),
    (3, twice, "wrong", "used twice"),
    (3, lambda p, rng: rng.choice(len(p), p=rnn.softmax(p)), "wrong", "did you take the softmax"),
    (3, lambda p, rng: (3, 0, 1, 4)[rng.choice(4, p=[.3, .4, .2, .1])], "wrong", "draws word"),
    (3, 1, "wrong", "pass the function itself"),
]


@pytest.fixture(scope="module")
def networks():
    return explorers.small_networks()


@pytest.fixture(scope="module")
def tagged():
    return text.read_conllu()


def exercise(number):
    return getattr(check, f"q01_{number}")


@pytest.mark.parametrize(("number", "answer", "status", "words"), WRONG)
def test_a_wrong_answer_is_told_what_it_is(number, answer, status, words):
    verdict = exercise(number)(answer)
    assert verdict.status == status
    assert words in verdict.message


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_blank_answer_is_not_attempted_and_the_published_solution_is_right(number):
    assert [exercise(number)(empty).status for empty in (blank, None, ...)] == ["not attempted"] * 3
    answer = next(value for name, value in solution_of(exercise(number)).items() if name.startswith("my_"))
    assert exercise(number)(answer).ok


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_hints_never_run_out(number):
    said = [exercise(number).hint().message for _ in range(6)]
    assert "the last one" in said[-1]


def test_other_right_answers_are_right():
    assert check.q01_1(lambda ids: (list(ids)[:-1], list(ids)[1:])).ok
    assert check.q01_1(lambda ids: [ids[:-1], ids[1:]]).ok
    assert check.q01_1(lambda ids: np.array([ids[:-1], ids[1:]])).ok
    assert check.q01_2(lambda s: [UPOS.index(tag) for _, tag in s]).ok
    assert check.q01_2(lambda s: tuple(UPOS.index(tag) for _, tag in s)).ok
    assert check.q01_3(lambda p, rng: int(np.searchsorted(np.cumsum(p), rng.random(), side="right"))).ok
    assert check.q01_3(lambda p, rng: int(rng.multinomial(1, p).argmax())).ok
    assert check.q01_3(lambda p, rng: np.array(rng.choice(len(p), p=p))).ok


def test_an_answer_that_empties_its_sentence_does_not_spoil_the_exercise():
    check.q01_2(lambda s: [UPOS.index(s.pop(0)[1]) for _ in range(len(s))])
    assert check.q01_2(numbers).ok


@pytest.mark.parametrize("number", [1, 2])
def test_an_answer_runs_once_for_each_case(number):
    calls = []
    exercise(number)(calls.append)
    assert 2 <= len(calls) <= 3


# the networks

def chapter_XI(book):
    """The number of the sentence that it begins with."""
    return next(i for i, sentence in enumerate(book) if sentence[:3] == ["the", "king", "and"] and "throne" in sentence)


def losses(networks, sentence):
    ids = text.encode(networks.vocabulary, sentence)
    targets = np.where(ids[1:] < 500, ids[1:], 0)
    return rnn.cross_entropy(rnn.forward(networks.language_model, networks.E[ids[:-1]]).o, targets)[0], targets


def test_the_language_model_is_as_good_as_the_readme_says(networks):
    book = text.alice_sentences()
    start = chapter_XI(book)
    learnt = text.encode(networks.vocabulary, [word for sentence in book[:start] for word in sentence])
    counts = np.bincount(np.where(learnt < 500, learnt, 0), minlength=500) + 1
    pairs = [losses(networks, sentence) for sentence in book[start:] if len(sentence) > 1]
    share = counts / counts.sum()
    perplexity = np.exp(np.concatenate([loss for loss, _ in pairs]).mean())
    plain = np.exp(-np.log(share[np.concatenate([y for _, y in pairs])]).mean())
    assert len(pairs) == 206
    assert f"{perplexity:.1f}; that of word counts alone (each plus one) is {plain:.1f}" in readme()


def test_the_tagger_is_as_good_as_the_readme_says(networks, tagged):
    counts = defaultdict(Counter)
    for word, tag in (pair for sentence in tagged[:240] for pair in sentence):
        counts[word.lower()][tag] += 1
    right, easy = [], []
    for sentence in tagged[240:]:
        words, tags = [word.lower() for word, _ in sentence], [tag for _, tag in sentence]
        o = rnn.forward(networks.tagger, networks.E[text.encode(networks.vocabulary, words)]).o
        right += [UPOS[k] == tag for k, tag in zip(o.argmax(axis=1), tags, strict=True)]
        easy += [(counts[w].most_common(1)[0][0] if w in counts else "NOUN") == tag for w, tag in zip(words, tags, strict=True)]
    assert f"{100 * np.mean(right):.1f} % of 578 words right" in readme()
    assert f"(NOUN for a new one) {100 * np.mean(easy):.1f} %" in readme()


def test_both_sentences_of_the_lesson_are_new_to_both_networks(tagged):
    book = text.alice_sentences()
    start = chapter_XI(book)
    for number, first in ((260, "The first witness was the Hatter ."), (252, "One of the jurors had a pencil that squeaked .")):
        words = [word for word, _ in tagged[number]]
        assert " ".join(words) == first
        assert number >= 240
        assert [word.lower() for word in words] in book[start:]
        assert [word.lower() for word in words] not in book[:start]


def test_what_the_lesson_says_about_its_sentences_is_so(networks, tagged):
    words = [word.lower() for word, _ in tagged[260]]
    shares = np.exp(-losses(networks, words)[0])
    assert f"{shares[1]:.1e}" == "3.9e-08"
    book = text.alice_sentences()
    learned = {word for sentence in book[:chapter_XI(book)] for word in sentence}
    o = rnn.forward(networks.language_model, networks.E[text.encode(networks.vocabulary, words[:2])]).o[-1]
    least = {networks.vocabulary.words[k] for k in o.argsort()[:3]}
    assert least == {word for word in networks.vocabulary.words[1:500] if word not in learned} == {"court", "witness", "slates"}
    assert rnn.softmax(o)[o.argsort()[2]] < 1e-7 < rnn.softmax(o)[o.argsort()[3]]
    words = [word.lower() for word, _ in tagged[252]]
    o = rnn.forward(networks.tagger, networks.E[text.encode(networks.vocabulary, words)]).o
    wrong = [word for word, k, (_, tag) in zip(words, o.argmax(axis=1), tagged[252], strict=True) if UPOS[k] != tag]
    assert wrong == ["had", "that", "squeaked"]
    assert UPOS[o[words.index("that")].argmax()] == "SCONJ"
    seen = Counter((word.lower(), tag) for sentence in tagged[:240] for word, tag in sentence)
    assert seen["had", "AUX"] > seen["had", "VERB"] > 0
    assert seen["that", "PRON"] > seen["that", "SCONJ"] > .8 * seen["that", "PRON"]
    assert not any(seen["squeaked", tag] for tag in UPOS)


def test_the_word_that_comes_twice_is_one_vector_and_two_states(networks, tagged):
    ids = text.encode(networks.vocabulary, [word.lower() for word, _ in tagged[260]])
    for network in (networks.language_model, networks.tagger):
        run = rnn.forward(network, networks.E[ids])
        assert (run.x[0] == run.x[4]).all()
        assert np.abs(run.h[1] - run.h[5]).max() > .5


def test_networks_made_for_other_words_are_refused(monkeypatch):
    monkeypatch.setattr(text, "alice_tokens", lambda: ["another", "book"])
    with pytest.raises(ValueError, match=r"make_lesson_01\.py"):
        explorers.small_networks()


def readme():
    return " ".join((ROOT / "data" / "README.md").read_text(encoding="utf-8").split())


def quoted(sentence):
    lesson = " ".join(" ".join(cell.source for cell in prose(read(ROOT / "notebooks" / "01_sequences_and_tasks.ipynb"))).split())
    assert sentence in lesson


def test_what_the_lesson_says_of_that_is_so(tagged):
    seen = Counter((word.lower(), tag) for sentence in tagged[:240] for word, tag in sentence)
    pronoun, conjunction, determiner = (seen["that", tag] for tag in ("PRON", "SCONJ", "DET"))
    quoted(f"a pronoun {pronoun} times, a conjunction {conjunction} times and a determiner {determiner} times")


def test_the_states_come_nearer_in_the_circle(networks):
    ids = [*text.encode(networks.vocabulary, ["alice"])]
    for _ in range(29):
        ids.append(1 + rnn.forward(networks.language_model, networks.E[ids]).o[-1, 1:].argmax())
    assert " ".join(text.decode(networks.vocabulary, ids[:11])) == "alice , ` i 'm afraid i 'm mad ? '"
    assert ids[2:11] == ids[11:20] == ids[20:29]
    h = rnn.forward(networks.language_model, networks.E[ids]).h
    assert [f"{np.abs(h[t] - h[t - 9]).max():.2g}" for t in (12, 21)] == ["1.8", "0.022"]
    assert np.abs(h[30] - h[21]).max() < 1e-4
    shares = [next_word(networks, ["alice"], temperature).max() for temperature in (.5, 1.5)]
    assert shares[0] > shares[1]


def test_contractions_are_cut_as_the_lesson_says_and_most_quotation_marks_are_two():
    assert text.tokenize("I'm don't") == ["i", "'m", "do", "n't"]
    quoted("*I'm* becomes *i* and *'m*, *don't* becomes *do* and *n't*")
    seen = Counter(text.alice_tokens())
    assert 0 < 9 * seen['"'] < min(seen["`"], seen["'"])


# the pictures

@pytest.mark.parametrize("number", [260, 252])
def test_every_step_of_a_sentence_shows_the_networks_own_numbers(number, networks, tagged):
    explorer, n = explorers.sentence(tagged[number], networks), len(tagged[number])
    ids = text.encode(networks.vocabulary, [word.lower() for word, _ in tagged[number]])
    lm, tagger = (rnn.softmax(rnn.forward(p, networks.E[ids]).o) for p in (networks.language_model, networks.tagger))
    for t in range(1, n + 1):
        texts, caption = read_off(explorer, task="tagging", t=t)
        tag = tagged[number][t - 1][1]
        assert f"The right answer y{t} is {tag}, the tag of" in caption
        assert texts[texts.index(f"★ {tag}", texts.index("100 %")) + 1] == percent(tagger[t - 1, UPOS.index(tag)])
        bars = [name.removeprefix("★ ") for name in texts[texts.index("100 %") + 1::2]]
        assert bars[:5] == [UPOS[k] for k in np.argsort(-tagger[t - 1])[:5]]
        assert bars[5:] in (["12 others"], [tag, "11 others"])
        texts, caption = read_off(explorer, task="language modelling", t=t)
        if t < n:
            right = ids[t] if ids[t] < 500 else 0
            place = 1 + (lm[t - 1] > lm[t - 1, right]).sum()
            assert (f"rank {place} of 500" in caption) == (place > 1)
            assert sum(word.startswith("★") for word in texts) == 2                # below the word, and among the bars
            assert percent(lm[t - 1, right]) in texts
            assert (f"y{t} is <unk>" in caption) == (ids[t] >= 500)
        else:
            assert f"there is no right answer y{t}" in caption
            assert not [word for word in texts if word.startswith("★")]


def percent(share):
    return "< 0.1 %" if share < .0005 else f"{100 * share:.1f} %"


def test_a_word_that_comes_again_stands_beside_its_first_time(networks, tagged):
    explorer, pale = explorers.sentence(tagged[260], networks), {}
    for t in range(1, 8):
        shown, _ = read_off(explorer, t=t)
        pale[t] = [word.translate(PLAIN) for line in shown for word in re.findall(r"pale: (\w+)", line)]
    assert pale == {t: [f"h{t - 1}"] for t in range(1, 8)} | {5: ["h1", "x1"]}


def test_the_bars_of_a_distribution_sum_to_one(networks, tagged):
    texts, _ = read_off(explorers.sentence(tagged[260], networks), task="language modelling", t=6)
    shares = [float(word.removesuffix(" %")) for word in texts if re.fullmatch(r"\d+\.\d %", word)]
    assert sum(shares) == pytest.approx(100, abs=.5)


def test_a_mark_among_the_bars_stands_in_quotes(networks, tagged):
    texts, _ = read_off(explorers.sentence(tagged[260], networks), task="language modelling", t=3)
    assert {"“,”", "“.”"} <= set(texts)


def test_the_longest_bar_fills_the_room_of_its_scale():
    for longest, end in ((.04, "10 %"), (.15, "20 %"), (.3, "50 %"), (.97, "100 %")):
        drawing = ranking([("a", longest, ""), ("2 others", 1 - longest, "…")])
        assert f">{end}</text>" in drawing.body


def test_a_dotted_line_says_that_ranks_are_left_out():
    names, p = list("abcdef"), np.array([.3, .25, .2, .1, .09, .06])
    for marked, gap in (("a", 0), ("d", 0), ("e", 1)):
        assert [mark for *_, mark in rows(names, p, marked, most=3)].count("⋮") == gap
    assert [mark for *_, mark in rows(names, p, "e", most=3)] == ["", "", "", "⋮", "★", "…"]
    assert ranking(rows(names, p, "e", most=3)).body.count('stroke-dasharray="1.4 5"') == 1


def test_a_bar_that_is_longer_than_its_scale_is_broken():
    for others, slashes in ((.6, 1), (.1, 0)):
        drawing = ranking([("a", .15, ""), ("2 others", others, "…")])
        assert drawing.body.count('stroke-width="1.4"') == slashes


def test_what_is_not_read_yet_is_dashed_and_the_shift_can_be_seen(networks, tagged):
    explorer = explorers.sentence(tagged[260], networks)
    columns = re.compile(r'<g class="[xvhwuy]\d+">(?:(?!</g>).)*stroke-dasharray')
    assert [len(columns.findall(pictured(explorer, t=t, task="tagging"))) for t in (1, 7)] == [6 * 6, 0]
    svgs = {pictured(explorer, t=3, task=task) for task in ("language modelling", "tagging")}
    assert len(svgs) == 2


def pictured(explorer, **values):
    read_off(explorer, **values)
    return explorer.picture().svg


def test_a_touch_on_a_word_leads_to_its_step_and_lights_where_its_right_answer_comes_from(networks, tagged):
    explorer = explorers.sentence(tagged[260], networks)
    for task, source in (("language modelling", "x5"), ("tagging", "x4")):
        explorer.value["task"] = task
        column = next(mark for mark in touch.marks(explorer.picture()) if mark.get("data-set") == "t=4")
        lit = column.get("data-lights").split()
        assert {"a4", "y4", source, "x1", "h0", "r4"} <= set(lit)
        assert "panels" not in lit                                                  # they are about step 3
        assert "g4" in lit
        now = next(mark for mark in touch.marks(explorer.picture()) if mark.get("data-set") == "t=3")
        assert "panels" in now.get("data-lights").split()
        assert ("x5" in lit) == (source == "x5")                                    # the next word: an answer, but not read
        assert "v5" not in lit
        assert "The prediction ŷ4 knows “the first witness was” and no more." in column.get("data-says").translate(PLAIN)
    explorer.touch("t=6")
    assert explorer.value["t"] == 6


@pytest.mark.parametrize("length", [1, 13])
def test_a_sentence_that_does_not_fit_is_refused(length, networks):
    with pytest.raises(ValueError, match="2 to 12 words"):
        explorers.sentence([("a", "DET")] * length, networks)


def test_words_are_escaped_and_long_ones_cut(networks):
    explorer = explorers.sentence([("<b>", "X"), ("&", "SYM"), ("antidisestablishmentarianism", "NOUN")], networks)
    assert {"<b>", "&"} <= set(texts(explorer.picture()))
    assert any(re.fullmatch("antid[a-z]*…", word) for word in texts(explorer.picture()))


# a text that writes itself

def next_word(networks, words, temperature=1.0):
    """The chances from which the next word is drawn."""
    model = LanguageModel(networks.language_model, networks.E, networks.vocabulary)
    return chances(run_over(model, words).o[-1], temperature)


def test_the_button_draws_a_word_and_feeds_it_back(networks):
    explorer = explorers.generate("alice was", np.random.default_rng(5), networks)
    rng, words = np.random.default_rng(5), ["alice", "was"]
    for _ in range(4):
        explorer.press("next word")
        p = next_word(networks, words)
        words.append(networks.vocabulary.words[rng.choice(500, p=p)])
    assert written(explorer) == words[2:]
    texts, caption = read_off(explorer)
    assert words[-1] in texts
    assert "fed back as the next input" in caption
    said = [mark.get("data-says").translate(PLAIN) for mark in touch.marks(explorer.picture())]
    assert any(f"“{words[-1]}” was chosen from ŷ5 and fed back. ŷ5 gave it " in one for one in said)


def test_the_same_seed_writes_the_same_text(networks):
    texts = []
    for seed in (1, 1, 2):
        explorer = explorers.generate("the", np.random.default_rng(seed), networks)
        press(explorer, "next word", 12)
        texts.append(written(explorer))
    assert texts[0] == texts[1] != texts[2]


def test_argmax_goes_round_in_circles_and_uses_no_chance(networks):
    explorer = explorers.generate("alice", None, networks)
    explorer.value["temperature"] = 0
    press(explorer, "10 words", 2)
    words = ["alice", *written(explorer)]
    assert words[2:11] == words[11:20]                                             # the lesson: from the third word on


def test_what_is_marked_under_argmax_is_what_comes(networks):
    explorer = explorers.generate("alice", None, networks)
    texts, caption = read_off(explorer, temperature=0)
    assert "argmax" in caption
    marked = next(word for word in texts if word.startswith("▸"))[2:].strip("“”")
    explorer.press("next word")
    assert written(explorer) == [marked]


def test_a_touch_on_a_bar_chooses_that_word(networks):
    explorer = explorers.generate("alice", np.random.default_rng(1), networks)
    explorer.press("next word")
    before = written(explorer)
    for word in (";", "was", "'s"):
        explorer.touch(f"start={chr(160).join(['alice', *before, word])}".replace(";", chr(0x37e)))
        assert [*explorer.value["start"].split()][-1].replace(chr(0x37e), ";") == word
    assert written(explorer) == before                                             # what you chose is yours, not the network's
    for start in touch.sets(explorer.picture()):
        explorer.touch(start)
    explorer.press("start again")
    assert explorer.value["start"] == "alice"
    assert written(explorer) == []


def test_a_low_temperature_sharpens_and_a_high_one_flattens(networks):
    cold, plain, hot = (next_word(networks, ["alice"], temperature) for temperature in (.5, 1, 2))
    assert cold.max() > plain.max() > hot.max()
    assert cold.argmax() == plain.argmax() == hot.argmax()
    assert np.allclose([p.sum() for p in (cold, plain, hot)], 1)


def test_the_unknown_word_is_never_drawn_and_may_be_given(networks):
    assert next_word(networks, ["alice"])[0] == 0
    explorer = explorers.generate("the xylophone", np.random.default_rng(1), networks)
    texts, caption = read_off(explorer)
    assert caption == "Unknown to this model, so read as <unk>: “xylophone”."
    assert {"<unk>", "xylophone"} <= set(texts)                                    # in its box, and in the text
    explorer.press("next word")
    assert len(written(explorer)) == 1


def test_nothing_to_start_with_is_said_and_breaks_nothing(networks):
    explorer = explorers.generate("  ", np.random.default_rng(1), networks)
    explorer.press("next word")
    assert explorer.picture().caption == "Type at least one word to start with."
    assert written(explorer) == []


def test_a_new_start_and_the_button_begin_again(networks):
    explorer = explorers.generate("alice", np.random.default_rng(1), networks)
    for begin in (lambda: explorer.press("start again"), lambda: read_off(explorer, start="the queen")):
        explorer.press("next word")
        assert written(explorer)
        begin()
        assert written(explorer) == []


def test_only_the_models_own_words_are_fed_back(networks):
    explorer, fed = explorers.generate("alice was", np.random.default_rng(1), networks), []
    for _ in range(6):
        fed.append(explorer.picture().svg.count('stroke-dasharray="6 4"'))
        explorer.press("next word")
    assert fed == [1, 2, 3, 3, 3, 3]                   # the coming one, and one for each generated word with its step in sight


def test_the_first_words_may_be_anything(networks):
    for start in ("", "<b>&\"'</b>", "Ünïcödé 猫", "long " * 60, "antidisestablishmentarianism" * 5):
        read_off(explorers.generate(start, None, networks))
