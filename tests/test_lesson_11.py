"""Lesson 11: the checkers say what is wrong, the pictures show what the model computes, odd input does no harm."""
import copy
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from exercises import blank
from lessons import ROOT, outputs, read

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import explorers, text
from rnn_lib.tasks import language_model as lm
from rnn_lib.tasks import word_counts, writing

EXERCISES = [check.q11_1, check.q11_2, check.q11_3, check.q11_4]
PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
LINE = text.tokenize("The Queen of Hearts, she made some tarts")


@pytest.fixture(scope="module")
def model():
    """A small model that has learnt for a second."""
    vocabulary, ids, _ = lm.alice(300)
    *_, now = lm.train(lm.begin(lm.language_model(vocabulary, 16, np.random.default_rng(0))), ids[:8000], 3, B=16)
    return now.model


# ---- exercises -------------------------------------------------------------------------------------------------------

def truncated(params, x, y, h_0, T, carry=lambda run, h_0: run.h[-1], collect=sum):
    found = []
    for s in range(0, len(x), T):
        run = rnn.forward(params, x[s:s + T], h_0)
        found.append(rnn.bptt(params, run, rnn.cross_entropy(run.o, y[s:s + T])[1]).W)
        h_0 = carry(run, h_0)
    return collect(found)


def unsafe_softmax(o_t, temperature):
    with np.errstate(all="ignore"):
        p = np.exp(o_t / temperature)
        return p / p.sum()


def overwritten(o_t, temperature):
    o_t /= temperature
    return rnn.softmax(o_t)


def zeros_when_none(params, x, y, h_0, T):
    return truncated(params, x, y, None, T, lambda run, h_0: None)


WRONG = [
    (1, lambda p: -np.log(p).mean(), "wrong", "that is the mean loss"),
    (1, lambda p: np.exp(np.log(p).mean()), "wrong", "where did the sign go"),
    (1, lambda p: p.prod() ** (1 / len(p)), "wrong", "where did the sign go"),
    (1, lambda p: np.exp(-np.log(p).sum()), "wrong", "did not divide"),
    (1, lambda p: 1 / p.mean(), "wrong", "hides the words"),
    (1, lambda p: (1 / p).mean(), "wrong", "decides alone"),
    (1, lambda p: 2 ** -np.log(p).mean(), "wrong", "bits"),
    (1, lambda p: np.exp(-np.log2(p).mean()), "wrong", "bits"),
    (1, lambda p: np.exp(-(p * np.log(p)).mean()), "wrong", "counts once"),
    (1, lambda p: np.exp(-(p * np.log(p)).sum()), "wrong", "an entropy"),
    (1, lambda p: np.exp(np.median(-np.log(p))), "wrong", "that is the median"),
    (1, lambda p: -np.log(p).sum(), "wrong", "the sum of the losses"),
    (1, lambda p: np.log(p).mean(), "wrong", "below 0"),
    (1, lambda p: np.exp(-np.log10(p).mean()), "wrong", "decimal digits"),
    (1, lambda p: np.exp(-np.log(p)), "wrong shape", "()"),
    (1, lambda p: np.nan, "wrong", "NaN"),
    (1, lambda p: None, "wrong", "did you return it"),
    (1, 4.0, "wrong", "pass the function itself"),
    (2, lambda params, x, y, h_0, T: truncated(params, x, y, h_0, len(x)), "wrong", "through the whole text"),
    (2, lambda *case: truncated(*case, carry=lambda run, h_0: h_0), "wrong", "not carried on"),
    (2, lambda *case: truncated(*case, carry=lambda run, h_0: run.h[0]), "wrong", "not carried on"),
    (2, lambda *case: truncated(*case, carry=lambda run, h_0: None), "wrong", "forgets at each border"),
    (2, zeros_when_none, "wrong", "every window starts from zeros"),
    (2, lambda *case: truncated(*case, carry=lambda run, h_0: run.h[-2]), "wrong", "off by one"),
    (2, lambda *case: truncated(*case, carry=lambda run, h_0: run.h[1]), "wrong", "after the first step"),
    (2, lambda *case: truncated(*case, collect=lambda found: found[-1]), "wrong", "only the last window"),
    (2, lambda *case: truncated(*case, collect=lambda found: found[0]), "wrong", "only the first window"),
    (2, lambda *case: truncated(*case, collect=lambda found: np.mean(found, axis=0)), "wrong", "a mean over windows"),
    (2, lambda *case: truncated(*case) / case[-1], "wrong", "divided by T"),
    (2, lambda *case: truncated(*case) / len(case[1]), "wrong", "divided by n"),
    (2, lambda *case: truncated(*case).T, "wrong", "transposed"),
    (2, lambda *case: truncated(*case, collect=lambda found: sum(found[:-1])), "wrong", "the last window is missing"),
    (2, lambda *case: truncated(*case, collect=np.array), "wrong shape", "(5, 5)"),
    (2, lambda *case: truncated(*case) * np.nan, "wrong", "NaN"),
    (3, lambda o, t: rnn.softmax(o * t), "wrong", "reversed"),
    (3, lambda o, t: rnn.softmax(o), "wrong", "changes nothing here"),
    (3, lambda o, t: rnn.softmax(o) / t, "wrong", "do not sum to 1"),
    (3, lambda o, t: rnn.softmax(o) ** (1 / t), "wrong", "divide by their sum"),
    (3, lambda o, t: rnn.softmax(rnn.softmax(o) / t), "wrong", "softmax of probabilities"),
    (3, lambda o, t: np.eye(len(o))[o.argmax()], "wrong", "that is argmax"),
    (3, lambda o, t: o / t, "wrong", "still scores"),
    (3, lambda o, t: rnn.softmax(o - t), "wrong", "added to all scores"),
    (3, unsafe_softmax, "wrong", "overflows"),
    (3, overwritten, "wrong", "in place"),
    (3, lambda o, t: int(o.argmax()), "wrong shape", "(4,)"),
    (3, lambda o, t: rnn.softmax(o) * np.nan, "wrong", "NaN"),
    (4, 87.2, "wrong", "got float"),
    (4, lambda: None, "wrong", "got function"),
]


@pytest.mark.parametrize(("number", "answer", "status", "words"), WRONG)
def test_a_wrong_answer_is_told_what_it_is(number, answer, status, words):
    verdict = EXERCISES[number - 1](answer)
    assert verdict.status == status
    assert words in verdict.message


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_blank_answer_is_not_attempted_and_the_hints_never_run_out(exercise):
    assert [exercise(empty).status for empty in (None, ...)] == ["not attempted"] * 2
    assert exercise is check.q11_4 or exercise(blank).status == "not attempted"
    assert "the last one" in [exercise.hint().message for _ in range(6)][-1]


@pytest.mark.parametrize("exercise", EXERCISES[:3])
def test_the_published_solution_is_right(exercise):
    defined = {"np": np, "rnn": rnn}
    exec(exercise.solution().message, defined)
    assert exercise(next(value for name, value in defined.items() if name.startswith("my_"))).ok


def test_other_right_answers_are_right():
    assert check.q11_1(lambda p: np.prod(p) ** (-1 / len(p))).ok
    assert check.q11_1(lambda p: 2 ** -np.log2(p).mean()).ok
    powers = lambda o, t: np.exp((o - o.max()) / t) / np.exp((o - o.max()) / t).sum()          # noqa: E731
    assert check.q11_3(powers).ok


def test_the_published_model_beats_the_pairs_and_so_does_its_last_round():
    vocabulary, ids, held_out = lm.alice()
    defined = {"np": np, "lm": lm, "vocabulary": vocabulary, "ids": ids}
    exec(check.q11_4.solution().message, defined)
    verdict = check.q11_4(defined["now"])
    assert verdict.ok
    assert verdict.message == check.q11_4(defined["my_model"]).message
    assert f"perplexity {lm.perplexity(defined['my_model'], held_out):.1f} " in verdict.message
    assert f"pairs of words have {word_counts.bigram_perplexity(ids, held_out, 2000):.1f}" in verdict.message


def test_a_model_that_cannot_be_compared_or_is_too_bad_or_too_good_is_told_so(model, monkeypatch):
    assert "fewer words" in check.q11_4(model).message
    vocabulary = lm.alice()[0]
    untrained = lm.language_model(vocabulary, 4, np.random.default_rng(0))
    assert "Has it seen enough" in check.q11_4(untrained).message
    few = untrained._replace(params=untrained.params._replace(U=untrained.params.U[:9], b_y=untrained.params.b_y[:9]))
    assert check.q11_4(few).status == "wrong shape"
    broken = untrained._replace(E=untrained.E * np.nan)
    assert check.q11_4(broken).status == "wrong"
    monkeypatch.setattr("rnn_lib.checks.lesson_11.perplexity", lambda *args: 20.0)
    assert "learnt from the held-out text" in check.q11_4(untrained).message


# ---- reading ---------------------------------------------------------------------------------------------------------

def shown(explorer, **values):
    for name, value in values.items():
        explorer.controls[name].value = value
    svg, caption = explorer.still()
    texts = ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")]
    return texts, caption.translate(PLAIN)


def percent(share):
    return "< 0.1 %" if share < .0005 else f"{100 * share:.1f} %"


@pytest.mark.parametrize("words", [LINE, ["alice", "was"], ["a"] * 12, ["<b>", "&", "xylophone", "alice"]])
def test_every_step_shows_what_was_expected_what_came_and_what_it_cost(model, words):
    explorer, sizes = explorers.reading(model, words), set()
    ids = text.encode(model.vocabulary, words)
    o = rnn.forward(model.params, model.E[ids]).o
    losses, p = rnn.cross_entropy(o[:-1], ids[1:])[0], rnn.softmax(o)
    for t in range(1, len(words)):
        texts, caption = shown(explorer, t=t)
        came = model.vocabulary.words[ids[t]]
        assert f"ŷ{t} gave it {percent(p[t - 1, ids[t]])}" in caption
        assert f"L{t} = {losses[t - 1]:.2f} nats" in caption
        assert f"mean loss is {losses[:t].mean():.2f}, " in caption
        assert caption.endswith(f"= {np.exp(losses[:t].mean()):.0f}.")
        assert ("counts as <unk>" in caption) == (ids[t] == 0)
        assert texts.count(f"★ {came}") == 2                       # below the next word, and among the bars
        assert [word for word in texts if re.fullmatch(r"\d+\.\d\d", word)] == [f"{loss:.2f}" for loss in losses[:t]]
        sizes.add(ElementTree.fromstring(explorer.still().svg).get("viewBox"))
    assert len(sizes) == 1


@pytest.mark.parametrize("length", [0, 1, 13])
def test_a_text_that_does_not_fit_is_refused(model, length):
    with pytest.raises(ValueError, match="2 to 12 words"):
        explorers.reading(model, ["a"] * length)


# ---- writing ---------------------------------------------------------------------------------------------------------

def test_twenty_words_at_once_are_those_that_twenty_presses_write(model):
    at_once, one_by_one = (explorers.writing(model, "the queen", np.random.default_rng(4)) for _ in range(2))
    at_once.buttons["many"].click()
    for _ in range(20):
        one_by_one.buttons["next"].click()
    written = at_once.controls["written"].value
    assert written == one_by_one.controls["written"].value
    assert written.split() == writing.generate(model, "the queen", 20, np.random.default_rng(4))
    at_once.buttons["many"].click()
    assert len(at_once.controls["written"].value.split()) == 40
    assert at_once.still().caption.translate(PLAIN).startswith(f"x42 is “{at_once.controls['written'].value.split()[-1]}”")


def test_argmax_writes_what_temperature_zero_writes(model):
    explorer = explorers.writing(model, "alice", np.random.default_rng(0))
    shown(explorer, how="argmax", temperature=2)
    explorer.buttons["many"].click()
    assert explorer.controls["written"].value.split() == writing.generate(model, "alice", 20, None, 0)


def test_the_bars_are_the_chances_at_the_temperature_of_the_slider(model):
    explorer = explorers.writing(model, "said the", np.random.default_rng(0))
    for temperature in (.2, 1, 2):
        texts, caption = shown(explorer, temperature=temperature)
        (best, share), *_ = writing.next_words(model, "said the", 1, temperature)
        assert best in texts
        assert f"“{best}”, {percent(share)}" in caption
        assert "<unk>" not in texts


def test_unknown_words_are_shown_as_they_were_typed_and_said_to_be_unknown(model):
    texts, caption = shown(explorers.writing(model, "the xylophone"))
    assert "xylophone" in texts
    assert "“xylophone” is not among the 299 words of the model and goes in as <unk>." in caption


def test_a_caption_stays_on_two_lines_and_a_long_word_legible(model):
    for how in ("sample", "argmax"):
        texts, caption = shown(explorers.writing(model, "x" * 500), how=how)
        assert len(caption) < 230
        assert "x" * 15 + "…" in texts


@pytest.mark.parametrize(("typed", "said"), [(" ", "Type at least one word to start with."), ("Привет", "in the letters A to Z")])
def test_a_start_without_a_word_is_told_what_is_missing(model, typed, said):
    assert said in explorers.writing(model, typed).still().caption


ODD = ["", "   ", "🙂 🙂", "<img src=x onerror=alert(1)> & \"'", "Ünïcödé 猫", "alice was " * 250, "x" * 500]


@pytest.mark.parametrize("start", ODD)
def test_the_first_words_may_be_anything(model, start):
    explorer = explorers.writing(model, start, np.random.default_rng(1))
    for name in ("next", "many", "again", "many"):
        explorer.buttons[name].click()
        svg, caption = explorer.still()
        ElementTree.fromstring(svg)
        assert "<img" not in svg
        assert len(caption) < 400
    assert len(explorer.controls["written"].value.split()) == (20 if text.tokenize(start) else 0)


def test_lesson_01_has_no_such_button():
    assert set(explorers.generate("alice").buttons) == {"next", "again"}


# ---- the curve -------------------------------------------------------------------------------------------------------

def test_the_curve_tells_how_far_training_has_come():
    losses = [7.0, 6.0, 5.0, 4.0]
    empty, half, whole = (explorers.learning_curve(losses[:n], watched, {"pairs of words": 120.0}, updates=4)
                          for n, watched in ((0, {}), (2, {2: 300.0}), (4, {2: 300.0, 4: 99.96})))
    assert empty.still().caption == "0 of 4 updates."
    assert half.still().caption == (f"2 of 4 updates. In the last pass the perplexity was {np.exp(6.5):.1f} in training; "
                                    "on the text kept aside it is 300.0.")
    assert f"was {np.exp(4.5):.1f} in training; on the text kept aside it is 100.0." in whole.still().caption
    views = {ElementTree.fromstring(explorer.still().svg).get("viewBox") for explorer in (empty, half, whole)}
    assert len(views) == 1
    assert "pairs of words: 120" in whole.still().svg


# ---- what the lesson says --------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def lesson():
    return read(ROOT / "notebooks" / "11_language_model.ipynb")


def test_the_line_that_is_read_stands_once_in_the_book_in_the_text_kept_aside():
    tokens, (_, ids, _) = text.alice_tokens(), lm.alice()
    [place] = [i for i in range(len(tokens)) if tokens[i:i + len(LINE)] == LINE]
    assert int(.9 * len(ids)) <= place < len(ids) - len(LINE)


def test_the_stored_run_says_what_the_prose_says(lesson):
    stored = "\n".join(str(output.get("text") or output["data"].get("text/plain")) for output in outputs(lesson))
    single, pairs, network = map(int, re.search(r"single words (\d+), pairs (\d+), this network (\d+)", stored).groups())
    assert network < .85 * pairs < single
    assert stored.count("updates/s]") == 1                         # one line of the progress bar, not one for each refresh
    assert "\r" not in stored


def test_the_answers_are_judged_on_copies(model):
    before = copy.deepcopy(model)
    check.q11_4(model)
    assert all(np.array_equal(a, b) for a, b in zip((*model.params, model.E), (*before.params, before.E), strict=True))
