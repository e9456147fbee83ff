"""The language model: it learns, stops and goes on bit for bit, and writes what its chances allow; the counts it has to beat."""
import numpy as np
import pytest

import rnn_lib as rnn
from rnn_lib import text
from rnn_lib.tasks import language_model as lm
from rnn_lib.tasks import word_counts, writing
from rnn_lib.training import SGD, Adam, global_norm

SIZE, H = 60, 16
QUICK = {"T": 10, "B": 8, "optimiser": Adam(.01)}


@pytest.fixture(scope="module")
def book():
    return lm.alice(SIZE)


@pytest.fixture
def start(book):
    return lm.begin(lm.language_model(book[0], H, np.random.default_rng(3)))


@pytest.fixture(scope="module")
def trained(book):
    vocabulary, ids, _ = book
    start = lm.begin(lm.language_model(vocabulary, H, np.random.default_rng(3)))
    *_, now = lm.train(start, ids[:6000], 8, **QUICK)
    return now.model


def run(now, ids, steps, **settings):
    """The Progress after so many updates."""
    training = lm.train(now, ids, 99, **QUICK | settings)
    for _ in range(steps):
        now = next(training)
    return now


def same(a, b):
    """Whether two Progress are equal bit for bit, the optimiser's state included."""
    def arrays(now):
        return [*now.model.params, now.model.E, *(array for part in now.state.values() for array in part.values())]
    return a[:3] == b[:3] and a.state.keys() == b.state.keys() and all(
        x.dtype == y.dtype and x.tobytes() == y.tobytes() for x, y in zip(arrays(a), arrays(b), strict=True))


# the text

def test_the_book_is_split_and_the_vocabulary_knows_nothing_of_the_held_out_text(book):
    vocabulary, ids, held_out = lm.alice(2000)
    tokens = text.alice_tokens()
    assert len(ids) + len(held_out) == len(tokens)
    assert len(ids) == int(.9 * len(tokens))
    assert vocabulary == text.build_vocabulary(tokens[:len(ids)], 2000)
    assert text.decode(vocabulary, held_out[:5]) == [w if w in vocabulary.index else "<unk>" for w in tokens[len(ids):][:5]]


@pytest.mark.parametrize(("n", "T", "B"), [(100, 5, 3), (16, 5, 3), (17, 1, 16), (61, 20, 1), (10_000, 7, 32)])
def test_streams_go_on_exactly_where_they_stopped(n, T, B):
    ids = np.arange(n)
    x, y = lm.streams(ids, T, B)
    assert x.shape == y.shape == ((n - 1) // (T * B), T, B)
    assert (y == x + 1).all()                                     # one word ahead, everywhere
    whole = x.reshape(-1, B)                                      # windows joined in time: each column is one piece of the text
    assert (np.diff(whole, axis=0) == 1).all()
    assert sorted(whole.ravel()) == list(range(x.size))           # every word once


def test_a_text_too_short_for_a_window_is_refused_with_the_length_it_needs():
    with pytest.raises(ValueError, match=r"T B \+ 1 = 16 words, got 15"):
        lm.streams(np.arange(15), 5, 3)


# one update

@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_update_is_the_lesson_s_equations_then_clip_step_shrink(book, dtype):
    vocabulary, ids, _ = book
    begin = lm.begin(lm.language_model(vocabulary, H, np.random.default_rng(0), dtype))
    now = run(begin, ids, 2, optimiser=SGD(.5), limit=.05, shrink=.01)
    (x, y), (params, E, _), h = lm.streams(ids, 10, 8), begin.model, None
    for n in range(2):
        forward = rnn.forward(params, rnn.embed(E, x[n]), h)      # the state carried on,
        losses, do = rnn.cross_entropy(forward.o, y[n])
        found = rnn.bptt(params, forward, do)                     # the gradient cut
        g = {name: getattr(found, name) / 80 for name in params._fields} | {"E": rnn.embedding_gradient(found.x, x[n], SIZE) / 80}
        h, norm = forward.h[10], global_norm(g)
        assert norm > .05
        w = {name: .99 * (w - .5 * g[name] * .05 / norm) for name, w in (params._asdict() | {"E": E}).items()}
        params, E = rnn.Parameters(*(w[name] for name in params._fields)), w["E"]
    tolerance = 1e-4 if dtype == np.float32 else 1e-12
    reached = (*now.model.params, now.model.E, now.loss, now.norm)
    for got, expected in zip(reached, (*params, E, losses.mean(), norm), strict=True):
        np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance)
    assert now.model.E.dtype == now.model.params.W.dtype == dtype
    np.testing.assert_allclose(now.state["carried"]["h"], h, rtol=tolerance, atol=tolerance)


def test_training_changes_nothing_in_place(start, book):
    before = [array.copy() for array in (*start.model.params, start.model.E)]
    first = run(start, book[1], 1)
    kept = [array.copy() for array in (*first.model.params, first.model.E, first.state["carried"]["h"])]
    run(first, book[1], 3)
    for old, new in zip(before, (*start.model.params, start.model.E), strict=True):
        np.testing.assert_array_equal(old, new)
    for old, new in zip(kept, (*first.model.params, first.model.E, first.state["carried"]["h"]), strict=True):
        np.testing.assert_array_equal(old, new)


def test_every_pass_starts_from_zeros_and_passes_are_counted_from_the_beginning(start, book):
    ids = book[1][:241]                                           # three windows a pass
    steps = [now.step for now in lm.train(start, ids, 2, **QUICK)]
    assert steps == [1, 2, 3, 4, 5, 6]
    third = run(start, ids, 3)
    forgetful = third._replace(state=third.state | {"carried": {"h": third.state["carried"]["h"] + 1}})
    assert same(run(third, ids, 1), run(forgetful, ids, 1))
    assert list(lm.train(third, ids, 1, **QUICK)) == []


# it learns

def test_the_loss_falls_below_the_baselines_on_text_it_has_not_seen(trained, book):
    _, ids, held_out = book
    single = word_counts.unigram_perplexity(ids[:6000], held_out, SIZE)
    pairs = word_counts.bigram_perplexity(ids[:6000], held_out, SIZE)
    assert pairs < single
    assert lm.perplexity(trained, held_out) < .95 * pairs


def test_perplexity_carries_the_state_and_is_that_of_one_long_run(trained, book):
    ids = book[2][:300]
    o = rnn.forward(trained.params, trained.E[ids[:-1]]).o
    expected = np.exp(rnn.cross_entropy(o, ids[1:])[0].mean())
    for T in (1, 7, 299, 500):
        assert lm.perplexity(trained, ids, T) == pytest.approx(expected, rel=1e-5)


def test_a_model_of_equal_chances_has_as_much_perplexity_as_words(start, book):
    zeros = rnn.Parameters(*(0 * p for p in start.model.params))
    assert lm.perplexity(start.model._replace(params=zeros), book[2]) == pytest.approx(SIZE, rel=1e-5)


# baselines

def test_single_words_by_hand():
    # counts 2, 1, 1, each plus one, of 4 + 3; the first word of the text is not predicted
    assert word_counts.unigram_perplexity(np.array([0, 0, 1, 2]), np.array([2, 0, 1]), 3) == pytest.approx((7 / 3 * 7 / 2) ** .5)


def test_pairs_by_hand():
    # 0 stood before 0 and before 1; 2 stood last, so before nothing: p(0) = 3/7 alone
    ids = np.array([0, 0, 1, 2])
    seen, unseen = .6 * .5 + .4 * 2 / 7, .4 * 2 / 7
    assert word_counts.bigram_perplexity(ids, np.array([0, 1]), 3) == pytest.approx(1 / seen)
    assert word_counts.bigram_perplexity(ids, np.array([0, 2]), 3) == pytest.approx(1 / unseen)
    assert word_counts.bigram_perplexity(ids, np.array([2, 0]), 3) == pytest.approx(7 / 3)
    assert word_counts.bigram_perplexity(ids, ids, 3, weight=0) == pytest.approx(word_counts.unigram_perplexity(ids, ids, 3))


def test_the_chances_of_both_counts_sum_to_one():
    ids = np.array([0, 0, 1, 2, 1, 0, 3])
    for v in range(4):
        for perplexity in (word_counts.unigram_perplexity, word_counts.bigram_perplexity):
            assert sum(1 / perplexity(ids, np.array([v, w]), 4) for w in range(4)) == pytest.approx(1)


# stop and go on

def test_leaving_the_loop_and_going_on_equals_training_without_a_stop(start, book):
    stopped = run(start, book[1], 4)
    assert same(run(stopped, book[1], 3), run(start, book[1], 7))


def test_a_checkpoint_resumes_bit_for_bit_and_so_does_the_writing(start, book, tmp_path):
    rng = np.random.default_rng(8)
    stopped = run(start, book[1], 4)
    lm.save(tmp_path / "model.npz", stopped, rng)
    loaded, again = lm.load(tmp_path / "model.npz", start.model)
    assert same(loaded, stopped)
    assert same(run(loaded, book[1], 3), run(start, book[1], 7))
    assert writing.generate(loaded.model, "alice", 12, again) == writing.generate(stopped.model, "alice", 12, rng)


def test_training_that_has_not_begun_can_be_saved(start, book, tmp_path):
    lm.save(tmp_path / "model.npz", start, np.random.default_rng(0))
    assert same(run(lm.load(tmp_path / "model.npz", start.model)[0], book[1], 2), run(start, book[1], 2))


@pytest.mark.parametrize("moment", ["embed", "embedding_gradient", "clip_by_norm", "_with"])
def test_an_interruption_in_the_middle_of_an_update_keeps_what_was_learnt(start, book, monkeypatch, moment):
    real, calls = getattr(lm, moment), []
    def interrupted(*args):
        calls.append(args)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*args)
    monkeypatch.setattr(lm, moment, interrupted)
    steps = []
    try:
        for now in lm.train(start, book[1], 99, **QUICK):
            steps.append(now.step)
    except KeyboardInterrupt:
        steps.append("interrupted")
    monkeypatch.undo()
    assert steps == [1, 2, 3, "interrupted"]
    assert same(now, run(start, book[1], 3))
    assert same(run(now, book[1], 2), run(start, book[1], 5))


# writing

@pytest.mark.parametrize("temperature", [0, 1e-320, 1e-3, .5, 1, 2, 1e6, np.inf])
def test_chances_sum_to_one_and_the_unknown_word_has_none(trained, temperature):
    p = writing.chances(writing.read(trained, "alice was").o[-1], temperature)
    assert p.sum() == pytest.approx(1)
    assert (p >= 0).all()
    assert p[0] == 0


def test_at_temperature_one_they_are_those_of_the_network_without_the_unknown_word(trained):
    o = writing.read(trained, "alice was").o[-1].astype(float)
    yhat = rnn.softmax(o)
    np.testing.assert_allclose(writing.chances(o)[1:], yhat[1:] / (1 - yhat[0]))


def test_towards_zero_temperature_becomes_argmax(trained):
    o = writing.read(trained, "alice was").o[-1]
    greedy = writing.chances(o, 0)
    assert np.array_equal(writing.chances(o.tolist(), 0), greedy)
    assert np.flatnonzero(greedy).tolist() == [1 + o[1:].argmax()]
    for temperature in (1e-5, 1e-100, 1e-320):
        np.testing.assert_allclose(writing.chances(o, temperature), greedy, atol=1e-12)
    rng = np.random.default_rng(1)
    assert writing.generate(trained, "alice", 20, None, 0) == writing.generate(trained, "alice", 20, rng, 1e-6)


def test_even_a_model_that_is_sure_of_the_unknown_word_writes_words(trained):
    sure = trained._replace(params=trained.params._replace(b_y=np.eye(SIZE, dtype=np.float32)[0] * 1e4))
    assert "<unk>" not in writing.generate(sure, "alice", 50, np.random.default_rng(0), .1)


@pytest.mark.parametrize("temperature", [-1, np.nan])
def test_other_temperatures_are_refused(temperature):
    with pytest.raises(ValueError, match="temperature must be 0 or more"):
        writing.chances(np.zeros(3), temperature)


def test_the_same_seed_writes_the_same_text(trained):
    texts = [writing.generate(trained, "the queen", 30, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]
    assert len(texts[0]) == 30
    assert set(texts[0]) <= set(trained.vocabulary.words[1:])


def test_writing_step_by_step_is_reading_the_whole_text_anew_each_time(trained):
    words, rng = ["the", "queen"], np.random.default_rng(6)
    for _ in range(8):
        p = writing.chances(writing.read(trained, words).o[-1])
        words.append(trained.vocabulary.words[rng.choice(SIZE, p=p)])
    assert writing.generate(trained, "the queen", 8, np.random.default_rng(6)) == words[2:]


@pytest.mark.parametrize("prompt", ["xylophone", "🙂", "<b>&\"'</b>", "Ünïcödé 猫", "alice was " * 250, ["zebra", "queen"]])
def test_any_prompt_is_read_its_unknown_words_as_unk(trained, prompt):
    words = text.tokenize(prompt) if isinstance(prompt, str) else prompt
    known = [word if word in trained.vocabulary.index else "<unk>" for word in words]
    assert writing.generate(trained, prompt, 3, np.random.default_rng(2)) == writing.generate(trained, known, 3,
                                                                                             np.random.default_rng(2))


@pytest.mark.parametrize("prompt", ["", "  \n", []])
def test_an_empty_prompt_is_refused(trained, prompt):
    with pytest.raises(ValueError, match="at least one word"):
        writing.generate(trained, prompt, 3, np.random.default_rng(0))
