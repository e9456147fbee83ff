import numpy as np
import pytest

import rnn_lib as rnn
from rnn_lib.tasks.memory import STARTS, Learned, adding, learn, recall, start


@pytest.mark.parametrize("distance", [1, 2, 7])
def test_the_answer_is_the_symbol_of_step_1_and_is_asked_at_the_last_step(distance):
    x, y, mask = recall(distance, 50, np.random.default_rng(0))
    assert x.shape == (distance + 1, 50, 9)
    assert (x.sum(-1) == 1).all()
    assert (x[0, :, :4].argmax(-1) == y[-1]).all()
    assert not x[1:, :, :4].any()                                   # the symbol is never shown again
    assert (x[-1, :, -1] == 1).all()
    assert mask.sum() == mask[-1].sum() == 50
    assert set(y[-1]) == {0, 1, 2, 3}


@pytest.mark.parametrize("T", [2, 9])
def test_the_answer_is_the_sum_of_the_two_marked_digits(T):
    x, y, mask = adding(T, 200, np.random.default_rng(1))
    assert x.shape == (T, 200, 6)
    marked, digits = x[..., -1] == 1, x[..., :-1].argmax(-1)
    assert (marked.sum(0) == 2).all()
    assert (np.where(marked, digits, 0).sum(0) == y[-1]).all()
    assert mask.sum() == 200
    assert y.max() <= 8


def test_what_was_drawn_for_training_is_left_out_of_the_validation_set():
    rng = np.random.default_rng(0)
    seen, every = adding(4, 1000, rng), adding(4, 100_000, np.random.default_rng(1))
    new = adding(4, 500, rng, without=seen)
    known, kept, all_there_are = ({x.tobytes() for x in batch.x.swapaxes(0, 1)} for batch in (seen, new, every))
    assert not known & kept
    assert new.x.shape == (4, new.y.shape[1], 6)
    assert 300 < new.y.shape[1] < 450 < 500                                     # a quarter of 500 had been drawn before
    assert len(all_there_are) == 3750                                           # as the lesson says


@pytest.mark.parametrize(("make", "words"), [
    (lambda rng: recall(0, 2, rng), "at least 1, got 0"), (lambda rng: adding(1, 2, rng), "at least 2 steps, got T = 1"),
    (lambda rng: start("zero", 2, 3, 2, rng), "small, random, orthogonal, identity, not 'zero'")])
def test_what_cannot_be_made_is_refused_in_words(make, words):
    with pytest.raises(ValueError, match=words):
        make(np.random.default_rng(0))


def test_every_start_is_what_its_name_says():
    made = {kind: start(kind, 3, 40, 2, np.random.default_rng(2)).W for kind in STARTS}
    assert np.allclose(made["orthogonal"] @ made["orthogonal"].T, np.eye(40), atol=1e-12)
    assert np.array_equal(made["identity"], np.eye(40))
    assert made["random"].std() == pytest.approx(40 ** -.5, rel=.05)
    assert made["small"].std() == pytest.approx(.01, rel=.05)


@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu], ids=lambda f: f.name)
def test_the_reach_is_the_gradient_that_arrives_at_step_1(f):
    rng = np.random.default_rng(3)
    params, task = start("random", 9, 6, 4, rng), lambda B, rng: recall(5, B, np.random.default_rng(7))
    found = learn(task, params, rng, f=f, updates=1, B=2)
    batch = task(2, rng)
    run = rnn.forward(params, batch.x, None, f)
    do = rnn.cross_entropy(run.o, batch.y, batch.mask)[1]
    dh_T = do[-1] @ params.U
    dh_1 = np.stack([g @ rnn.jacobian(params, run._replace(a=run.a[:, b], h=run.h[:, b]), 6, 1) for b, g in enumerate(dh_T)])
    assert found.reach[0] == pytest.approx(np.linalg.norm(dh_1) / np.linalg.norm(dh_T), rel=1e-10)


def test_slopes_and_W_make_the_reach_step_by_step():
    """By hand, for one sequence: each factor is a geometric mean of the lengths after it and before it."""
    rng = np.random.default_rng(3)
    params, task = start("random", 9, 6, 4, rng), lambda B, rng: recall(5, B, np.random.default_rng(7))
    found = learn(task, params, rng, updates=2, B=1)
    batch = task(1, rng)
    run = rnn.forward(params, batch.x[:, 0])
    dh, slopes, widths = rnn.cross_entropy(run.o, batch.y[:, 0], batch.mask[:, 0])[1][-1] @ params.U, [], []
    for a in run.a[:0:-1]:
        da = rnn.tanh.slope(a) * dh
        slopes.append(np.linalg.norm(da) / np.linalg.norm(dh))
        dh = da @ params.W
        widths.append(np.linalg.norm(dh) / np.linalg.norm(da))
    assert (found.slope[0], found.stretch[0]) == pytest.approx([np.prod(part) ** (1 / 5) for part in (slopes, widths)], rel=1e-10)
    assert (found.slope[0] * found.stretch[0]) ** 5 == pytest.approx(found.reach[0], rel=1e-10)
    assert found.stretch[1] != found.stretch[0]


def test_where_no_unit_passes_a_gradient_nothing_arrives_and_W_has_nothing_to_lengthen():
    params = start("identity", 9, 6, 4, np.random.default_rng(3))._replace(b_h=np.full(6, -9.))
    found = learn(lambda B, rng: recall(5, B, rng), params, np.random.default_rng(0), f=rnn.relu, updates=1)
    assert [found.reach[0], found.slope[0]] == [0, 0]
    assert np.isnan(found.stretch[0])


def test_learned_is_from_where_on_ten_losses_stay_low_on_average():
    def learned(*losses):
        return Learned(np.repeat(losses, 10).astype(float), .5, None, None, None, None)
    assert (learned(1.4, 1.4, .2).learned, learned(.2, 1.4, .2).learned, learned(.2, .2).learned) == (17, 17, 5)
    assert learned(.2, .2, 1.4).learned is None


def test_a_short_memory_is_learned_and_a_gradient_that_does_not_arrive_teaches_nothing():
    def result(kind, distance, **more):
        rng = np.random.default_rng([0, distance])
        return learn(lambda B, rng: recall(distance, B, rng), start(kind, 9, 32, 4, rng), rng, **more)
    short, lost = result("random", 2), result("small", 20)
    assert isinstance(short, Learned)
    assert short.accuracy > .95
    assert short.losses[-20:].mean() < .1 < short.losses[0]
    assert lost.reach[0] < 1e-20
    assert lost.accuracy < .5


def test_adding_can_be_learned():
    rng = np.random.default_rng(4)
    found = learn(lambda B, rng: adding(3, B, rng), start("random", 6, 32, 9, rng), rng, updates=600, rate=.01)
    assert found.accuracy > .6
