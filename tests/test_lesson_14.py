"""Lesson 14: the checkers say what is wrong, the pictures show what the model computes, odd input does no harm."""
import copy
import importlib.util
import json
import re
from itertools import islice, pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
import touch
from exercises import blank
from lessons import ROOT, code, outputs, read
from pictures import fits, read_off, texts, words
from touch import press, written

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import explorers, palette, text
from rnn_lib.checks import lesson_14
from rnn_lib.diagrams import running
from rnn_lib.tasks import language_model as lm
from rnn_lib.tasks import reach, tagger, word_counts, writing

EXERCISES = [check.q14_1, check.q14_2, check.q14_3, check.q14_4]
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
    (1, lambda p: np.exp(-np.log(p).sum()), "wrong", "go in undivided"),
    (1, lambda p: 1 / np.prod(p), "wrong", "the mean is missing"),
    (1, lambda p: np.prod(p) ** (-1 / len(p)), "wrong", "Their product is rounded to 0"),
    (1, lambda p: np.exp(-np.log(p).sum() / (len(p) - 1)), "wrong", "divided by n − 1"),
    (1, lambda p: 1 / p.mean(), "wrong", "hides the words"),
    (1, lambda p: (1 / p).mean(), "wrong", "decides alone"),
    (1, lambda p: 2 ** -np.log(p).mean(), "wrong", "bits"),
    (1, lambda p: np.exp(-np.log2(p).mean()), "wrong", "bits"),
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
    (2, lambda *case: truncated(*case) / len(case[1]), "wrong", "divided by the length of x"),
    (2, lambda *case: truncated(*case).T, "wrong", "transposed"),
    (2, lambda *case: truncated(*case, collect=lambda found: sum(found[:-1])), "wrong", "the last window is missing"),
    (2, lambda *case: truncated(*case, collect=np.array), "wrong shape", "still to be added up"),
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
    (3, lambda o, t: int(o.argmax()), "wrong shape", "not a draw"),
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
    assert exercise is check.q14_4 or exercise(blank).status == "not attempted"
    assert "the last one" in [exercise.hint().message for _ in range(6)][-1]


@pytest.mark.parametrize("exercise", EXERCISES[:3])
def test_the_published_solution_is_right(exercise):
    defined = {"np": np, "rnn": rnn}
    exec(exercise.solution().message, defined)
    assert exercise(next(value for name, value in defined.items() if name.startswith("my_"))).ok


def test_other_right_answers_are_right():
    assert check.q14_1(lambda p: np.prod(p ** (-1 / len(p)))).ok
    assert check.q14_1(lambda p: 2 ** -np.log2(p).mean()).ok
    powers = lambda o, t: np.exp((o - o.max()) / t) / np.exp((o - o.max()) / t).sum()          # noqa: E731
    assert check.q14_3(powers).ok
    scores = lambda o, t: np.exp(o - o.max() / t)          # noqa: E731
    assert "the bracket" in check.q14_3(lambda o, t: scores(o, t) / scores(o, t).sum()).message
    assert "the numbers are right, but" in check.q14_3(lambda o_t, temperature: rnn.softmax(o_t / temperature)).message


def test_the_published_model_beats_the_pairs_and_so_does_its_last_round():
    vocabulary, ids, held_out = lm.alice()
    defined = {"np": np, "lm": lm, "vocabulary": vocabulary, "ids": ids}
    exec(check.q14_4.solution().message, defined)
    verdict = check.q14_4(defined["now"])
    assert verdict.ok
    assert verdict.message == check.q14_4(defined["my_model"]).message
    assert f"perplexity {lm.perplexity(defined['my_model'], held_out):.1f} " in verdict.message
    assert "this lesson's network 65" in verdict.message
    assert f"pairs of words have {word_counts.bigram_perplexity(ids, held_out, 2000):.1f}" in verdict.message


def test_a_model_that_cannot_be_compared_or_is_too_bad_or_too_good_is_told_so(model, monkeypatch):
    assert "fewer words" in check.q14_4(model).message
    vocabulary = lm.alice()[0]
    untrained = lm.language_model(vocabulary, 4, np.random.default_rng(0))
    assert "Has it seen enough" in check.q14_4(untrained).message
    few = untrained._replace(params=untrained.params._replace(U=untrained.params.U[:9], b_y=untrained.params.b_y[:9]))
    assert check.q14_4(few).status == "wrong shape"
    broken = untrained._replace(E=untrained.E * np.nan)
    assert check.q14_4(broken).status == "wrong"
    monkeypatch.setattr("rnn_lib.checks.lesson_14.perplexity", lambda *args: 20.0)
    assert "learnt from the held-out text" in check.q14_4(untrained).message


# ---- reading ---------------------------------------------------------------------------------------------------------

def percent(share):
    return "< 0.1 %" if share < .0005 else f"{100 * share:.1f} %"


@pytest.mark.parametrize("words", [LINE, ["alice", "was"], ["a"] * 40, ["<b>", "&", "xylophone", "alice"]])
def test_every_step_shows_what_was_expected_what_came_and_what_it_cost(model, words):
    explorer = explorers.reading(model, words)
    ids = text.encode(model.vocabulary, words)
    o = rnn.forward(model.params, model.E[ids]).o
    losses, p = rnn.cross_entropy(o[:-1], ids[1:])[0], rnn.softmax(o)
    for t in range(1, len(words), 1 + len(words) // 20):
        texts, caption = read_off(explorer, t=t)
        assert texts.count(percent(p[t - 1, ids[t]])) >= 2                         # in figures, and among the bars
        assert {f"{losses[t - 1]:.2f} nats", f"{losses[:t].mean():.2f} nats", f"{np.exp(losses[:t].mean()):.0f}"} <= set(texts)
        assert f", and “{words[t]}”" in caption
        assert ("counts as <unk>" in caption) == (ids[t] == 0)
        assert sum(word.startswith("★") for word in texts) == 1


@pytest.mark.parametrize("length", [0, 1, 41])
def test_a_text_that_does_not_fit_is_refused(model, length):
    with pytest.raises(ValueError, match="2 to 40 words"):
        explorers.reading(model, ["a"] * length)


def test_a_touch_on_a_word_leads_to_its_loss_and_says_how_far_back_it_reaches(model):
    explorer, (losses, shares) = explorers.reading(model, LINE), reach.surprises(model, LINE)
    for n, mark in enumerate(touch.marks(explorer.picture())[:len(LINE)], 1):
        said, lit = mark.get("data-says"), mark.get("data-lights").split()
        assert lit[:2] == [f"x{n}", f"r{n}"]
        chosen = ["chosen"] * (n == 4)                     # t = 3: below stands what was expected in the place of word 4
        assert lit[2:] == [f"x{k}" for k in range(1, n) if shares[n - 1, k - 1] >= .1] + chosen
        assert mark.get("data-set") == (f"t={n - 1}" if n > 1 else None)
        if n > 1:
            assert f"Its loss, {losses[n - 1]:.2f} nats, reaches back most strongly to “{LINE[shares[n - 1].argmax()]}”" in said
        else:
            assert "nothing predicted it" in said


def test_while_a_word_is_touched_the_bars_of_the_chosen_one_hide_and_its_frame_is_pale(model):
    svg = explorers.reading(model, LINE).picture().svg
    groups = {node.get("class"): list(node) for node in ElementTree.fromstring(svg).iter() if node.get("class")}
    hides = [node for node in ElementTree.fromstring(svg).iter() if node.get("data-unless") is not None]
    assert [node.get("fill") for node in groups["when r6"]] == [palette.W, "none"]                     # bars, frame
    assert [node.get("fill") for node in groups["now"]] == ["none"]
    assert [{bar.get("fill") for bar in node} for node in hides] == [{palette.W}]
    assert svg.index('class="when r1"') < svg.index("data-unless") < svg.index('class="now"')


def test_the_bars_above_the_words_are_high_enough_to_show_that_they_fall_and_rise(model):
    svg, shares = explorers.reading(model, LINE).picture().svg, reach.surprises(model, LINE)[1]
    group = next(node for node in ElementTree.fromstring(svg).iter() if node.get("class") == "when r8")
    drawn = [float(up) for up in re.findall(r"v-([\d.]+)h", group[0].get("d"))]
    assert drawn == pytest.approx([54 * share for share in shares[7] if share >= running.LEAST], abs=.06)
    assert 54 * (.208 - .115) / 1.064 > 4                  # the two that the lesson compares, beside the largest


def test_how_far_a_loss_reaches_is_the_definition_with_its_jacobians(model):
    run = writing.read(model, LINE)
    do = np.random.default_rng(0).normal(size=run.o.shape)
    sizes = reach.reach(model.params, run, do)
    for t in range(1, len(LINE) + 1):
        for k in range(1, t + 1):
            back = do[t - 1] @ model.params.U @ rnn.jacobian(model.params, run, t, k)
            assert sizes[t - 1, k - 1] == pytest.approx(np.linalg.norm(back), rel=1e-4)
    assert not np.triu(sizes, 1).any()
    near = reach.reach(model.params, run, do, far=3)
    np.testing.assert_allclose(near, np.tril(np.triu(sizes, -2)), rtol=1e-5)           # float32, and products of another size


def test_a_word_of_one_has_no_loss_and_the_largest_share_of_a_row_is_one(model):
    losses, shares = reach.surprises(model, ["alice"])
    assert np.isnan(losses).all()
    assert not shares.any()
    losses, shares = reach.surprises(model, LINE)
    ids = text.encode(model.vocabulary, LINE)
    o = rnn.forward(model.params, model.E[ids[:-1]]).o
    np.testing.assert_allclose(losses[1:], rnn.cross_entropy(o, ids[1:])[0], rtol=1e-4)
    np.testing.assert_allclose(shares[1:].max(axis=1), 1)


# ---- running text ----------------------------------------------------------------------------------------------------

def test_a_running_text_breaks_at_spaces_only_and_no_word_touches_the_next():
    words = text.tokenize("`Oh dear! I can't,' said Alice--so she didn't (not at all) ..." * 4)
    places = running.lines(words, 400)
    for (x, line, room), (x2, line2, _), before, word in zip(places, places[1:], words, words[1:], strict=False):
        assert x + room <= 400
        assert (line2 == line and x2 > x + room) or (line2 == line + 1 and x2 == 4)
        assert line2 == line or not running.glued(before, word)


@pytest.mark.parametrize(("pair", "together"), [
    (("oh", "!"), True), (("`", "oh"), True), (("said", "`"), False), (("ca", "n't"), True), (("alice", "'s"), True),
    ((",", "'"), True),
    (("so", "she"), False), (("alice", "--"), True), (("--", "so"), True), (("(", "not"), True), (("all", ")"), True)])
def test_punctuation_stands_where_it_belongs(pair, together):
    assert running.glued(*pair) == together


def test_where_losses_are_shown_every_mark_stands_alone_and_all_bars_are_equally_wide(model):
    tokens = ["`", "oh", "!", "'", ",", "alice"]
    places = running.lines(tokens, 900, apart=True)
    assert all(room >= 24 for *_, room in places)
    assert all(x2 >= x + room + 6 for (x, _, room), (x2, _, _) in pairwise(places))
    svg = explorers.reading(model, LINE).picture().svg
    under = re.findall(rf'<rect x="[^"]*" y="[^"]*" width="([^"]*)" height="[^"]*" fill="{palette.LOSS}"/>', svg)
    above = re.findall(r"v-[\d.]+h([\d.]+)v", svg)
    assert len(under) >= len(LINE) - 1
    assert len(above) >= len(LINE) - 1
    assert {*map(float, under + above)} == {24}


def test_what_does_not_fit_is_cut_and_what_fits_stays():
    assert running.fitted("alice", 100, 12) == "alice"
    cut = running.fitted("antidisestablishmentarianism", 60, 12)
    assert cut.endswith("…")
    assert running.width_of(cut, 12) <= 60


def test_a_text_of_a_hundred_thousand_letters_is_cut_at_once(monkeypatch):
    measured = []
    def width_of(text, *how):
        measured.append(text)
        return 6 * len(text)
    monkeypatch.setattr(running, "width_of", width_of)
    assert running.fitted("a" * 100_000, 60, 12) == "a" * 9 + "…"
    assert len(measured) < 20


# ---- writing ---------------------------------------------------------------------------------------------------------

def test_twenty_words_at_once_are_those_that_twenty_presses_write(model):
    at_once, one_by_one = (explorers.writing(model, "the queen", np.random.default_rng(4)) for _ in range(2))
    press(at_once, "20 words")
    press(one_by_one, "next word", 20)
    assert written(at_once) == written(one_by_one) == writing.generate(model, "the queen", 20, np.random.default_rng(4))
    press(at_once, "20 words")
    assert len(written(at_once)) == 40
    assert len(written(press(at_once, "20 words", 5))) == 120                      # of a long text the end is shown
    touch.check(at_once)


def test_argmax_writes_what_temperature_zero_writes(model):
    explorer = explorers.writing(model, "alice", np.random.default_rng(0))
    explorer.value["temperature"] = 0
    assert written(press(explorer, "20 words")) == writing.generate(model, "alice", 20, None, 0)


def test_a_press_takes_what_stands_in_the_box_at_that_moment(model):
    explorer = explorers.writing(model, "alice", np.random.default_rng(4))
    with explorer.hold_trait_notifications():                                      # as the front end sends both at once
        explorer.values = ["the queen", *explorer.values[1:]]
        explorer.press("next word")
    assert written(explorer) == writing.generate(model, "the queen", 1, np.random.default_rng(4))


def test_the_bars_are_the_chances_at_the_temperature_that_is_chosen(model):
    explorer = explorers.writing(model, "said the", np.random.default_rng(0))
    for temperature in (.2, 1, 2):
        texts, _ = read_off(explorer, temperature=temperature)
        p = writing.chances(writing.read(model, "said the").o[-1], temperature)
        best = running.quoted(model.vocabulary.words[p.argmax()])
        assert texts[texts.index(best, texts.index("0")) + 1] == percent(p.max())
        assert "<unk>" not in texts


def test_the_loss_of_a_word_and_its_reach_are_said_when_it_is_touched(model):
    explorer = press(explorers.writing(model, "the queen", np.random.default_rng(4)), "20 words")
    words = ["the", "queen", *written(explorer)]
    losses, _ = reach.surprises(model, words)
    said = [mark.get("data-says") for mark in touch.marks(explorer.picture())][:len(words)]
    for word, loss, told in zip(words[1:], losses[1:], said[1:], strict=True):
        assert told.startswith(f"“{word}” was ")
        assert f"Its loss, {loss:.2f} nats, reaches back most strongly to " in told


def test_each_unknown_word_is_named_and_stands_in_its_box_as_it_is_read(model):
    texts, caption = read_off(explorers.writing(model, "the xylophone and zeppelin"))
    assert {"xylophone", "zeppelin", "<unk>"} <= set(texts)
    assert caption == "Unknown to this model, so read as <unk>: “xylophone” and “zeppelin”."


def test_letters_that_are_left_out_are_said(model):
    _, caption = read_off(explorers.writing(model, "alice Привет 猫 was"))
    assert caption.startswith("Left out, since this text knows the letters A to Z only: Привет 猫.")


def test_a_caption_stays_short_and_a_long_word_is_cut(model):
    for temperature in (0, 1):
        texts, caption = read_off(explorers.writing(model, "x" * 500), temperature=temperature)
        assert len(caption) < 230
        assert any(re.fullmatch("x{40,}…", word) for word in texts)


@pytest.mark.parametrize(("typed", "said"), [(" ", "Type at least one word to start with."), ("Привет", "in the letters A to Z")])
def test_a_start_without_a_word_is_told_what_is_missing(model, typed, said):
    assert said in explorers.writing(model, typed).picture().caption


ODD = ["", "   ", "🙂 🙂", "<img src=x onerror=alert(1)> & \"'", "Ünïcödé 猫", "alice was " * 250, "x" * 500]


@pytest.mark.parametrize("start", ODD)
def test_the_first_words_may_be_anything(model, start):
    explorer = explorers.writing(model, start, np.random.default_rng(1))
    for name in ("next word", "20 words", "start again", "20 words"):
        explorer.press(name)
        svg, caption = touch.check(explorer).picture()
        assert "<img" not in svg
        assert len(caption) < 400
    assert len(written(explorer)) == (20 if text.tokenize(start) else 0)


def test_in_lesson_01_the_other_button_writes_ten_words():
    assert explorers.generate("alice").chosen["start"].buttons == ("next word", "10 words", "start again")


# ---- the curve -------------------------------------------------------------------------------------------------------

def test_the_curve_tells_how_far_training_has_come():
    curve = explorers.learning_curve(4, {"pairs of words": 120.0})
    assert curve.picture().caption == "0 of 4 updates."
    for step, loss in enumerate((7.0, 6.0, 5.0, 4.0), 1):
        curve.add(step, loss)
        if step % 2 == 0:
            curve.watch(step, {2: 300.0, 4: 99.96}[step])
    assert curve.picture().caption == ("4 of 4 updates. In the last whole pass the perplexity was "
                                       f"{np.exp(4.5):.1f} in training, and 100.0 on the validation set.")
    key = ("pairs of words: 120", "in training, mean over 20 updates", "validation set")
    assert all(curve.picture().svg.count(name) == 1 for name in key)
    assert curve.picture().svg.count("pairs of words") == 1
    curve.add(3, 5.5)                                                              # training went on from update 2
    assert curve.losses == [7.0, 6.0, 5.5]
    assert curve.watched == {2: 300.0}


def test_a_curve_goes_on_from_a_checkpoint_with_its_losses_and_otherwise_from_the_start(tmp_path):
    vocabulary, ids, _ = lm.alice(300)
    start = lm.begin(lm.language_model(vocabulary, 4, np.random.default_rng(0)))
    assert lm.begun(tmp_path / "none.npz", start) == (start, [], {})
    *_, begun = islice(lm.train(start, ids[:2000], 6, B=16), 4)
    with np.load(lm.save(tmp_path / "begun.npz", begun, np.random.default_rng())) as saved:
        np.savez(tmp_path / "begun.npz", **saved, losses=[4., 3, 2, 1], watched=[50., 40])
    now, losses, watched = lm.begun(tmp_path / "begun.npz", start)
    assert now.step == 4
    assert np.array_equal(now.model.E, begun.model.E)
    assert losses == [4, 3, 2, 1]
    assert watched == {2: 50, 4: 40}


def test_the_picture_is_replaced_in_place_twice_a_second_and_at_the_end(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("rnn_lib.explorers.learning.monotonic", lambda: now[0])
    curve, turns = explorers.learning_curve(50, perplexity=False), []
    with curve:
        for step in range(1, 51):
            now[0] += .1
            curve.add(step, 3 / step)
            turns.append(curve.turn)
    assert 8 <= turns[-1] <= 12                                                    # in five seconds
    assert curve.turn == turns[-1] + 1
    assert "50 of 50 updates" in curve.captions[0] == curve.picture().caption


def test_a_finished_curve_is_read_by_touching_it_on_a_phone_as_well():
    with explorers.learning_curve(50, {"pairs of words": 120.0}) as curve:
        for step in range(1, 51):
            curve.add(step, 4.0)
            if step == 30:
                curve.watch(step, 80.0)
    assert not touch.marks(explorers.learning_curve(2).picture())
    fits(touch.check(curve))
    for picture in (curve.picture(), *curve.slim):
        says = [mark.get("data-says") for mark in touch.marks(picture)]
        assert len(says) == 40
        assert says[0] == "Update 1: perplexity in training 54.6."
        assert says[-1] == "Update 50: perplexity in training 54.6, on the validation set 80."
    with explorers.learning_curve(4, perplexity=False, earlier={"one": [3, 2]}, name="other") as curve:      # ■ after four
        for step in (1, 2, 3, 4):
            curve.add(step, 1.5)
    assert [mark.get("data-says") for mark in touch.marks(curve.picture())] == [
        "Update 1: one 3, other 1.5 nats per word.", "Update 2: one 2.5, other 1.5 nats per word."]


def test_what_a_notebook_stores_is_the_curve_at_the_end(monkeypatch):
    stored = []
    class Handle:
        def display(self, curve):
            stored.append(curve.picture().caption)
        update = display
    monkeypatch.setattr("rnn_lib.explorers.learning.DisplayHandle", Handle)
    with explorers.learning_curve(2) as curve:
        for step in (1, 2):
            curve.add(step, 5.0)
    assert stored == ["0 of 2 updates.", "2 of 2 updates."]


def test_an_interruption_ends_the_loop_with_one_sentence_and_an_error_stays_an_error(capsys):
    curve = explorers.learning_curve(378)
    with curve:
        for step in range(1, 379):
            if step == 14:
                raise KeyboardInterrupt
            curve.add(step, 5.0)
    said = [line for line in capsys.readouterr().out.splitlines() if "object" not in line]
    assert said == ["Stopped after 13 of 378 updates: run this cell again, or go on with what there is."]
    assert not curve.finished()
    assert capsys.readouterr().out.startswith("Training stopped after 13 of 378 updates: ")
    assert "13 of 378 updates" in curve.captions[0]
    with pytest.raises(ZeroDivisionError), curve:
        curve.add(1, 1 / 0)


def test_an_interruption_while_the_last_curve_is_drawn_is_one_sentence_too(monkeypatch, capsys):
    curve = explorers.learning_curve(1)
    def interrupted(last):
        raise KeyboardInterrupt
    with curve:
        curve.add(1, 5.0)
        monkeypatch.setattr(curve, "draw", interrupted)
    assert "Stopped after 1 of 1 updates" in capsys.readouterr().out
    with pytest.raises(ZeroDivisionError), curve:
        curve.add(1, 1 / 0)


def interrupted(name, module, run, stop, monkeypatch, times=1):
    """A lesson whose training is stopped after `stop` updates; with times=2 its cell is run again.   returns: its names"""
    made, update, names = 0, getattr(module, run), {}
    def stopped(*args):
        nonlocal made
        made += 1
        if training and made == stop + 1:
            raise KeyboardInterrupt
        return update(*args)
    monkeypatch.setattr(module, run, stopped)
    for cell in code(read(ROOT / "notebooks" / f"{name}.ipynb")):
        training, made = "with curve:" in cell.source, 0
        for _ in range(times if training else 1):
            exec(compile(cell.source, name, "exec"), names)
    return names


@pytest.mark.parametrize(("name", "module", "run", "stop"), [
    ("14_language_model", lm, "_update", 0), ("14_language_model", lm, "_update", 13), ("15_pos_tagging", tagger, "_step", 0)])
def test_a_lesson_whose_training_was_interrupted_goes_on_to_its_end(name, module, run, stop, monkeypatch, capsys):
    names, said = interrupted(name, module, run, stop, monkeypatch), capsys.readouterr()
    total = names["curve"].updates
    assert said.out.count(f"Stopped after {stop} of {total} updates: run this cell again") == 1
    assert f"Training stopped after {stop} of {total} updates" in said.out
    assert "Traceback" not in said.out + said.err
    assert len(names["curve"].losses) == stop


def test_the_tagger_that_was_stopped_and_went_on_is_the_one_that_the_lesson_speaks_of(monkeypatch):
    names = interrupted("15_pos_tagging", tagger, "_step", 100, monkeypatch, times=2)
    assert names["curve"].finished()
    assert (f"{names['one']:.1%}", f"{names['two']:.1%}") == ("90.3%", "92.2%")             # from the left, and from both sides


# ---- what the lesson says --------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def lesson():
    return read(ROOT / "notebooks" / "14_language_model.ipynb")


def test_the_line_that_is_read_stands_once_in_the_book_in_the_text_kept_aside():
    tokens, (_, ids, _) = text.alice_tokens(), lm.alice()
    [place] = [i for i in range(len(tokens)) if tokens[i:i + len(LINE)] == LINE]
    assert int(.9 * len(ids)) <= place < len(ids) - len(LINE)
    vocabulary = lm.alice()[0]
    assert vocabulary.index["tarts"] not in ids[:int(.9 * len(ids))]


def test_a_text_in_streams_shows_every_word_once_and_cuts_the_gradient_at_every_border():
    explorer = touch.check(explorers.streams(text.alice_tokens()[365:414], T=4, B=3))
    fits(explorer)
    whole = " ".join(text.alice_tokens()[365:413])
    for n in range(1, 5):
        explorer.value["n"] = n
        picture = explorer.picture()
        windows = [words(picture, f"n{i}") for i in range(1, 5)]
        assert " ".join(windows[i][b] for b in range(3) for i in range(4)) == whole
        assert f"update {n}" in picture.svg
        assert ("no gradient goes back over the border" in picture.caption) == (n > 1)
        assert picture.svg.count("l14 14m0 -14l-14 14") == 3 * 3
        assert all(mark.get("data-lights") in mark.get("class").split() for mark in touch.marks(picture))
        assert sum(mark.get("data-lights") == "n3" for mark in touch.marks(picture)) == 3
        assert [mark.get("data-set") for mark in touch.marks(picture) if mark.get("aria-current")] == [f"n={n}"] * 3


def test_the_weight_of_the_pairs_is_the_best_of_six_on_the_validation_set():
    _, ids, _ = lm.alice()
    learn, validation = np.split(ids, [int(.9 * len(ids))])
    tried = {weight: word_counts.bigram_perplexity(learn, validation, 2000, weight) for weight in (.3, .4, .5, .6, .7, .8)}
    assert min(tried, key=tried.get) == .6


def test_the_stored_second_run_comes_out_again_and_rises_after_epoch_7():
    spec = importlib.util.spec_from_file_location("make_lesson_14", ROOT / "data" / "make_lesson_14.py")
    making = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(making)
    stored = json.loads((text.DATA / "lesson_14.json").read_text(encoding="utf-8"))
    assert making.watched() == pytest.approx(stored, rel=.06)
    assert min(stored) == stored[6] == pytest.approx(98, abs=1)
    assert f"{stored[-1]:.0f}" == "125"


def test_a_second_run_has_its_dots_their_figures_and_its_name_on_a_phone_as_well():
    second = {2 * n: 90. + n for n in range(1, 13)}
    with explorers.learning_curve(24, {"pairs of words": 120.0}, other={"second run": second}) as curve:
        for step in range(1, 25):
            curve.add(step, 4.0)
            if step % 2 == 0:
                curve.watch(step, 80. - step)
    fits(touch.check(curve))
    for picture in (curve.picture(), *curve.slim):
        assert re.findall(r">([\d.]+, epoch \d+)</text>", picture.svg) == ["56.0, epoch 12", "91, epoch 1", "102, epoch 12"]
        assert {"1", "12", "epoch (2 updates each)"} <= set(texts(picture))
    assert all("validation set, second run" in picture.svg for picture in (curve.picture(), *curve.slim))
    says = [mark.get("data-says") for mark in touch.marks(curve.picture())]
    assert says[-1] == "Epoch 12, update 24: perplexity in training 54.6, on the validation set 56, in the second run 102."
    assert says[0] == "Epoch 1, update 1: perplexity in training 54.6."


def test_without_weight_decay_alone_the_dots_end_higher():
    vocabulary, ids, _ = lm.alice()
    learn, validation = np.split(ids, [int(.9 * len(ids))])
    *_, last = lm.train(lm.begin(lm.language_model(vocabulary, H=100, rng=np.random.default_rng(0))), learn, passes=12, shrink=0)
    assert lm.perplexity(last.model, validation) == pytest.approx(98, abs=1)


def test_the_validation_set_has_words_that_training_never_had():
    _, ids, held_out = lm.alice(size=2000)
    learn, validation = np.split(ids, [int(.9 * len(ids))])
    new = np.bincount(learn, minlength=2000) == 0
    assert [round(100 * np.mean(new[words])) for words in (validation, held_out)] == [5, 1]


def test_trained_on_all_of_ids_this_lessons_network_does_as_well_as_its_exercise_says():
    vocabulary, ids, held_out = lm.alice(size=2000)
    start = lm.begin(lm.language_model(vocabulary, H=100, rng=np.random.default_rng(0)))
    *_, last = lm.train(start, ids, passes=12)
    assert round(lm.perplexity(last.model, held_out)) == lesson_14.AGAIN


def test_the_stored_run_says_what_the_prose_says(lesson):
    stored = "\n".join(str(output.get("text") or output["data"].get("text/plain")) for output in outputs(lesson))
    single, pairs, network = map(int, re.search(r"words (\d+), pairs (\d+), this network (\d+)", stored).groups())
    assert lesson_14.OURS == network < .69 * pairs < pairs == 98 < single
    assert re.findall(r"(\d+) by pairs of words", stored) == ["120", "98"]


def test_the_answers_are_judged_on_copies(model):
    before = copy.deepcopy(model)
    check.q14_4(model)
    assert all(np.array_equal(a, b) for a, b in zip((*model.params, model.E), (*before.params, before.E), strict=True))


def test_after_mock_came_turtle_41_times_of_41_and_pairs_of_all_the_text_have_87():
    vocabulary, ids, held_out = lm.alice(size=2000)
    learn = ids[:int(.9 * len(ids))]
    mock, turtle = map(vocabulary.index.get, ("mock", "turtle"))
    assert (learn[1:][learn[:-1] == mock] == turtle).tolist() == [True] * 41
    assert round(word_counts.bigram_perplexity(ids, held_out, 2000)) == 87
