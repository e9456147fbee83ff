"""Reading from both sides: every gradient against the complex step, padding changes nothing, and the right context is read."""
import numpy as np
import pytest

import rnn_lib as rnn
from rnn_lib import text
from rnn_lib.tasks import both_sides, tag_batches, tagger

LENGTHS = (5, 2, 4)
MASK = np.arange(5)[:, None] < np.array(LENGTHS)


@pytest.fixture
def nets():
    rng = np.random.default_rng(7)
    return [rnn.init_parameters(D=3, H=H, K=4, rng=rng) for H in (5, 2)]


@pytest.fixture
def data():
    rng = np.random.default_rng(8)
    return rng.standard_normal((5, 3, 3)), rng.integers(4, size=(5, 3))


def loss_of(ahead, back, x, y):
    """The loss, slowly: sentence by sentence, two runs with their states side by side."""
    total = 0
    for b, T in enumerate(LENGTHS):
        left, right = rnn.forward(ahead, x[:T, b]).h[1:], rnn.forward(back, x[:T, b][::-1]).h[1:][::-1]
        o = np.hstack([left, right]) @ np.hstack([ahead.U, back.U]).T + ahead.b_y + back.b_y
        total = total + rnn.cross_entropy(o, y[:T, b])[0].sum()
    return total


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("name", rnn.Parameters._fields)
def test_every_gradient_of_both_networks_matches_the_complex_step(side, name, nets, data):
    loss, *found, _ = both_sides.loss_and_gradients(*nets, *data, MASK)
    assert loss == pytest.approx(loss_of(*nets, *data), rel=1e-13)
    def nudged(value):
        other = [net._replace(**{name: value}) if i == side else net for i, net in enumerate(nets)]
        return loss_of(*other, *data)
    assert rnn.relative_error(getattr(found[side], name), rnn.complex_step(nudged, getattr(nets[side], name))) < 1e-12


def test_the_gradient_of_the_inputs_matches_the_complex_step_and_padding_has_none(nets, data):
    x, y = data
    *_, dx = both_sides.loss_and_gradients(*nets, x, y, MASK)
    assert rnn.relative_error(dx, rnn.complex_step(lambda x: loss_of(*nets, x, y), x)) < 1e-12
    assert not dx[~MASK].any()


def test_turning_twice_changes_nothing_and_padding_stays_at_the_end(data):
    x = data[0]
    once = both_sides.turned(x, MASK)
    for b, T in enumerate(LENGTHS):
        np.testing.assert_array_equal(once[:T, b], x[:T, b][::-1])
        np.testing.assert_array_equal(once[T:, b], x[T:, b])
    np.testing.assert_array_equal(both_sides.turned(once, MASK), x)


def test_a_word_to_the_right_changes_what_both_sides_say_and_not_what_one_side_says():
    tagged = [[("she", "PRON"), ("liked", "VERB"), ("that", "DET"), ("cat", "NOUN"), (".", "PUNCT")]]
    for both in (False, True):
        model = tagger.new_tagger(tagged, text.UPOS, np.random.default_rng(0), H=4, both=both)
        one, two = (tagger.tag(model, ["she", "liked", "that", *rest]) for rest in (["."], ["cat", "."]))
        assert np.array_equal(one[:3], two[:3]) != both


def test_a_tagger_for_both_sides_learns_in_both_networks_and_in_the_vectors():
    tagged = text.read_conllu()[:24]
    rng = np.random.default_rng(0)
    start = tagger.new_tagger(tagged, text.UPOS, rng, H=8, both=True)
    *_, last = tagger.train(start, tagged, rng, epochs=12)
    for before, after in ((start.params, last.model.params), (start.back, last.model.back)):
        assert all((a != b).any() for a, b in zip(before, after, strict=True))
    assert (start.E != last.model.E).any()
    batch = tag_batches.pad(tagger.numbered(start, tagged))
    assert tagger.loss_and_gradients(last.model, batch)[0] < .5 * tagger.loss_and_gradients(start, batch)[0]
