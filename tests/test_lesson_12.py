"""Exercises of lesson 12: three updates by hand, one of a network; and what the lesson says of its curves."""
import re
from functools import cache, partial

import numpy as np
import pytest
from lessons import ROOT, code, prose, ran, read
from pictures import fits, shown, texts
from touch import check as check_touch
from touch import marks

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import palette, training
from rnn_lib.explorers import descent, overfitting, ravine, recall
from rnn_lib.explorers.ravine import RATES, RULES, STEEP, loss, track
from rnn_lib.losses import softmax
from rnn_lib.tasks import memory


def by_field(params, gradients, rate):
    return rnn.Parameters(params.V - rate * gradients.V, params.W - rate * gradients.W, params.U - rate * gradients.U,
                          params.b_h - rate * gradients.b_h, params.b_y - rate * gradients.b_y)


def in_its_field(params, gradients, rate):
    params.W -= rate * gradients.W
    return params


def by_place(params, gradients, rate):
    params[1] = params.W - rate * gradients.W
    return params


def in_place(params, gradients, rate):
    for p, g in zip(params, gradients, strict=False):
        p -= rate * g
    return params


def with_float32(params, gradients, rate):
    return rnn.Parameters(*(np.float32(p - rate * g) for p, g in zip(params, gradients, strict=False)))


@pytest.mark.parametrize("answer", [by_field, with_float32,
                                    lambda p, g, r: p._replace(**{n: a - r * getattr(g, n) for n, a in p._asdict().items()})])
def test_every_right_update_is_right(answer):
    assert check.q12_2(answer).ok


@pytest.mark.parametrize(("answer", "sentence"), [
    (in_place, "changed params in place: make new arrays"),
    (lambda p, g, rate: None, "begin with return"),
    (lambda p, g, rate: tuple(by_field(p, g, rate)), "return rnn.Parameters(V=..., W=..."),
    (lambda p, g, rate: [], "return rnn.Parameters"), (lambda p, g, rate: g, "that is a Gradients"),
    (lambda p, g, rate: by_field(p, g, -rate), "the sign"),
    (lambda p, g, rate: by_field(p, g, 1), "the learning rate is missing"),
    (lambda p, g, rate: by_field(p, g, 2 * rate), "V has the right shape"),
    (lambda p, g, rate: p, "nothing has moved"),
    (lambda p, g, rate: p._replace(W=p.W - rate * g.W), "V, U, b_h and b_y have not moved"),
    (lambda p, g, rate: by_field(p, g, rate)._replace(b_y=p.b_y), "b_y has not moved"),
    (lambda p, g, rate: p._replace(V=p.V - rate * g.dV), "no attribute 'dV'.\nIts fields are V, W, U, b_h, b_y"),
    (lambda p, g, rate: p._replace(W=p.W - rate * g["W"]), "getattr(params, name)"),
    (lambda p, g, rate: p - rate * g, "hold several arrays: write the rule for each of them, by its name"),
    (lambda p, g, rate: rnn.Parameters(p.V - rate * g.V, p.W - rate * g.W), "All five are needed: V, W, U, b_h and b_y"),
    (in_its_field, "What came in stays as it is: make a new one of new arrays"), (by_place, "make a new one of new arrays"),
    (lambda p, g, rate: p._replace(V=p.V - rate * g.W), "lengths do not fit: p.V is (H, D) and rate * g.W is (H, H)"),
    (3, "pass the function itself")])
def test_a_wrong_update_is_told_why(answer, sentence):
    verdict = check.q12_2(answer)
    assert verdict.status == "wrong"
    assert sentence in verdict.message


BY_HAND = [.5, .25, .125], [-1.5, 2.25, -3.375], .5


def test_three_updates_by_hand():
    assert check.q12_1(*BY_HAND).ok
    assert check.q12_1(*map(np.array, BY_HAND)).ok
    assert all(check.q12_1([.5, .25, least], [-1.5, 2.25, last], .5).ok for least, last in ((.13, -3.38), (.12, -3.37)))
    assert check.q12_1((1 / 2, 1 / 4, 1 / 8), (1 - 2.5, 1.5 * 1.5, -1.5 ** 3), 1 / 2).ok
    unfinished = check.q12_1(BY_HAND[0], [-1.5, 2.25, ...], .5)
    assert (unfinished.status, unfinished.message) == ("not finished", "still open: my_large")
    p = {.25: [1.0], 1.25: [1.0]}
    for rate, way in p.items():
        for _ in range(3):
            way.append(float(training.SGD(rate).step({"p": np.array(way[-1])}, {"p": 2 * np.array(way[-1])}, {})[0]["p"]))
    assert [way[1:] for way in p.values()] == [*BY_HAND[:2]]


@pytest.mark.parametrize(("given", "sentence"), [
    (([-1.5, 2.25, -3.375], [.5, .25, .125], .5), "have changed places"), (([1.5, 2.25, 3.375], *BY_HAND[1:]), "uphill"),
    (([.5, .25], *BY_HAND[1:]), "first update: p = 1"),
    (([1, .5, .25], *BY_HAND[1:]), "begins with the start"),
    (([.75, .5625, .42], *BY_HAND[1:]), "dp = 2p, not p"),
    ((BY_HAND[0], [1, -1.5, 2.25], .5), "begins with the start"), ((*BY_HAND[:2], .75), "which η is that"),
    ((BY_HAND[0], [1.5, 2.25, 3.375], .5), "the other side"), ((BY_HAND[0], [-1.5, 2.25, -3.4], .5), "all decimals"),
    ((*BY_HAND[:2], "1/2"), "without quotes"), (("small", "large", .5), "two lists of three numbers")])
def test_a_wrong_track_is_told_why(given, sentence):
    verdict = check.q12_1(*given)
    assert not verdict.ok
    assert sentence in verdict.message


def test_what_momentum_remembers_as_the_vote_says():
    def m(*gradients):
        weights, state = {"p": np.zeros(1)}, {"m": {"p": np.zeros(1)}}
        for g in gradients:
            weights, state = training.Momentum(.1, .9).step(weights, {"p": np.full(1, float(g))}, state)
        return round(float(state["m"]["p"][0]), 3)
    assert [m(1, 1), m(1, -1), m(1, 1, 1), m(1, -1, 1)] == [1.9, -.1, 2.71, .91]
    assert [round(m(*g) / 10, 3) for g in ((1, 1, 1), (1, -1, 1))] == [.271, .091]
    assert f"{.05 ** 10:.0e}" == "1e-13"


def test_with_a_small_start_the_last_state_is_nearly_the_same_whatever_the_symbol_was():
    rng = np.random.default_rng(0)
    small, x = memory.start("small", 9, 32, 4, rng), memory.recall(10, 1, rng).x[:, 0]
    x[0], ends = 0, []
    for symbol in (0, 3):                                                                          # A and D
        x[0] = np.eye(9)[symbol]
        ends.append(rnn.forward(small, x).h[-1])
    assert 0 < np.linalg.norm(ends[1] - ends[0]) < 1e-10 * np.linalg.norm(ends[0])


def falling(best, n, low, end):
    """A validation loss that falls to `low` at epoch `best` and ends at `end`."""
    return np.interp(np.arange(n), [0, best, n - 1], [2.3, low, end])


FITS = {"few": np.array([np.linspace(2.3, .01, 50), falling(8, 50, 1.9, 4)]),
        "many": np.array([np.linspace(2.3, .1, 50), falling(49, 50, .6, .6)])}


def test_the_validation_curve_marks_its_best_epoch_and_its_caption_leaves_the_reason_to_the_reader():
    explorer = overfitting(FITS)
    fits(check_touch(explorer))
    few, many = shown(explorer, name="few"), shown(explorer, name="many")
    assert "best validation: 1.90, epoch 8" in few.svg
    assert few.caption == ("Best validation loss 1.90, at epoch 8; at the end 4.00. Training: 0.010. "
                           "Thin: the other validation loss.")
    assert "best validation: 0.60, epoch 49" in many.svg
    assert "Both fall to the end." in many.caption
    assert {"training", "validation"} <= set(texts(few))


def test_both_losses_are_read_off_where_the_chart_is_touched():
    first, *_, last = [mark.get("data-says") for mark in marks(shown(overfitting(FITS), name="few"))]
    assert first == "Epoch 0: training 2.300, validation 2.300 nats per sequence."
    assert last == "Epoch 49: training 0.010, validation 4.000 nats per sequence."


def test_the_loss_of_guessing_is_a_line_across_where_it_is_known():
    assert "guessing: 2.08" in texts(shown(overfitting(FITS, 2.0788), name="few"))
    assert not any("guessing" in words for words in texts(shown(overfitting(FITS), name="few")))


def test_every_curve_of_the_descent_has_its_dashes_and_a_line_to_its_name():
    curves = {rate: np.array([10, 5, end]) for rate, end in ((.01, 4.), (.1, 4.01), (1, 4.02))}
    picture = shown(descent(curves), rate=.1)
    dashes = re.findall(r'stroke="([^"]+)" stroke-width="[\d.]+" stroke-dasharray="([^"]+)" fill="none"/><path', picture.svg)
    assert len(set(dashes)) == 3
    assert dict(dashes)[palette.LOSS] == "none"                      # the chosen one is solid, so that its jumps can be seen
    names = [float(y) for y in re.findall(r'<text x="[\d.]+" y="([\d.]+)" font-size="10" font-family="Liberation', picture.svg)]
    assert min(np.diff(sorted(names))) >= 12.9                       # no name on another, though the curves end together


def touched(accuracy, reach, losses=(1.39,)):
    """The explorer of the table, with one network in it.   reach, losses: numbers, of which the last one stays to the end"""
    losses, reach = (np.array([*few, *[few[-1]] * (250 - len(few))]) for few in (losses, reach))
    params = memory.start("identity", 9, 32, 4, np.random.default_rng(0))
    learned = memory.Learned(losses, accuracy, reach, np.linspace(1, .1, 250), np.linspace(.1, 3, 250), params)
    return recall({.003: {("tanh", "small"): {2: learned}}})


def test_beside_the_table_stand_the_loss_and_what_arrives_update_by_update():
    explorer = touched(.25, [1e-9])
    fits(check_touch(explorer))
    shown_there = texts(explorer.picture())
    assert {"tanh, small, d = 2, η = 0.003", "25 %", "1·10⁻⁹", "0", "1", "100", "250", "updates"} <= set(shown_there)
    assert {"loss [nats] (dashed: guessing)", "what a step multiplies by: the slopes f′, and W"} <= set(shown_there)


def test_a_line_marks_in_each_curve_from_where_on_the_loss_is_low():
    picture = touched(.9, [.1], [1.39] * 125 + [1.1]).picture()
    assert "loss [nats] (dashed: guessing); learned after 127" in texts(picture)
    lines = re.findall(rf'd="M([\d.]+) [\d.]+v[\d.]+" stroke="{palette.INK}" stroke-dasharray="none"', picture.svg)
    axis = re.search(rf'd="M([\d.]+) [\d.]+v[\d.]+H([\d.]+)" stroke="{palette.MUTED}"', picture.svg)
    first, last = map(float, axis.groups())
    assert [float(x) for x in lines] == pytest.approx([first + (last - 10 - first) * np.log(128) / np.log(251)] * 3, abs=.1)
    assert not re.search(rf'v[\d.]+" stroke="{palette.INK}"', touched(.2, [.1]).picture().svg)


def test_what_arrives_below_the_picture_runs_along_its_edge_and_is_written_there():
    pictures = [touched(.3, [reach]).picture() for reach in (1e-25, 1e-12, 0)]
    curve = rf'<path d="([^"]+)" stroke="{palette.INK}" stroke-width="1.6"'
    below, edge, nothing = (re.findall(curve, one.svg) for one in pictures)
    assert below == edge == nothing
    assert ["▼ down to 10⁻²⁵" in texts(pictures[0]), "▼ down to 0" in texts(pictures[2])] == [True, True]
    assert not any("▼" in words for words in texts(pictures[1]))


def test_the_curves_are_read_off_one_by_one_where_most_happens():
    says = [mark.get("data-says") for mark in marks(touched(.3, [.5, .25], [2, 1]).picture()) if mark.get("data-lights")]
    assert says[:2] == ["After 0 updates: loss 2.00. Per step: slopes 1.00 · W 0.10. Over 2 steps: 0.5.",
                        "After 1 update: loss 1.00. Per step: slopes 1.00 · W 0.11. Over 2 steps: 0.25."]
    assert [f"After {n} updates" in said for n, said in zip((8, 9, 10), says[5:8], strict=True)] == [True] * 3


def test_several_updates_in_one_column_are_drawn_from_the_lowest_to_the_highest():
    losses = [1] * 200 + [0, 2] * 25
    path = re.search(rf'd="M([^"]+)" stroke="{palette.LOSS}"', touched(.3, [.5], losses).picture().svg)[1]
    heights = np.cumsum([float(step.split()[-1]) for step in re.findall(r"-?\d+ -?\d+", path)])
    assert set(heights[-4:]) == {heights.min(), heights.max()}


def test_where_nothing_arrives_the_curve_of_W_has_a_gap_and_the_reading_says_why():
    there = touched(.25, [.5, 0]).picture()
    assert marks(there)[-1].get("data-says") == "After 200 updates: loss 1.39. Slopes of 0 stop the gradient: nothing arrives."
    assert "nan" not in there.svg
    assert "0" in texts(touched(.25, [0]).picture())


@pytest.mark.parametrize(("accuracy", "reach", "losses", "said"), [
    (.99, [1e-3, .2], [1.39, 1.1],
     "99 % right, learned after 5 updates. The gradient at step 1 is at first 1.0·10⁻³ times as long as at step T; it reaches a "
     "hundredth after 1 update."),
    (.73, [.1], [1.39], "73 % right. The gradient at step 1 is at first 0.1 times as long as at step T."),
    (.28, [1e-12], [1.39],
     "28 % right: not learned. The gradient at step 1 is at first 1.0·10⁻¹², and never more than 1.0·10⁻¹² times as long as "
     "at step T."),
    (.27, [1e-12, .02, .02, 1e-3], [1.39],
     "27 % right: not learned. The gradient at step 1 is up to 0.02 times as long as at step T, and less than a hundredth from "
     "update 3 on."),
    (.27, [.02], [*[1.39] * 20, *[1.1] * 30, 1.39],
     "27 % right: learned, and lost again. The gradient at step 1 is up to 0.02 times as long as at step T.")])
def test_the_caption_says_when_a_hundredth_arrived(accuracy, reach, losses, said):
    assert touched(accuracy, reach, losses).picture().caption.startswith(said)


def test_the_caption_ends_with_the_factors_at_first_and_when_a_hundredth_arrived():
    reaches = [1e-3, .2], [.5], [0], [.5, 1e4]
    ends = [touched(.25, reach).picture().caption.partition("Per step, at first: ")[2] for reach in reaches]
    assert ends == ["slopes 1.00 · W 0.10; after 1 update: slopes 1.00 · W 0.11.", "slopes 1.00 · W 0.10.", "",
                    "slopes 1.00 · W 0.10; after 1 update: slopes 1.00 · W 0.11."]


LESSON = 6          # the seed of the lesson's table


@cache
def remembers(start, f, distance, seed, rate=.003):
    """A network of the table of lesson 12, with other random numbers."""
    rng = np.random.default_rng([seed, distance])
    params = memory.start(start, 9, 32, 4, rng)
    return memory.learn(partial(memory.recall, distance), params, rng, f=f, updates=250, rate=rate)


def test_how_far_a_curve_goes_that_leaves_its_picture_is_written_at_its_top():
    assert {"▲ up to 12,288", "▲ up to 5,894"} <= set(texts(touched(.3, [.1, 5894, .1], [1.4, 12288, 1.4]).picture()))
    assert not [text for text in texts(touched(.3, [.1, 99], [1.4, 2.1, 1.4]).picture()) if "▲" in text]


def test_the_networks_that_the_lesson_speaks_of():
    """By the seed of the lesson."""
    closed, opened = (remembers("small", rnn.tanh, 10, LESSON, rate) for rate in (.003, .03))
    assert [f"{closed.slope[0]:.2f}", f"{closed.stretch[0]:.3f}", f"{.01 * 32 ** .5:.3f}"] == ["0.91", "0.054", "0.057"]
    assert 18 < 1 / (closed.slope[0] * closed.stretch[0]) < 22
    assert ((opened.reach > .01).argmax(), opened.learned) == (7, 17)
    assert [f"{opened.stretch[0]:.3f}", f"{opened.stretch[7]:.2f}", f"{opened.slope[:8].min():.1f}"] == ["0.054", "0.73", "0.9"]
    burst = remembers("identity", rnn.relu, 40, LESSON, .03)
    assert [f"{burst.stretch[1]:.2f}", f"{burst.slope[1]:.2f}", f"{burst.reach[1]:.0e}"] == ["1.37", "0.95", "4e+04"]
    assert burst.reach[1] == pytest.approx((.95 * 1.37) ** 40, rel=.1)
    assert f"{burst.losses.max():.0f}" == "69530" == f"{burst.losses[1]:.0f}"
    assert np.abs(burst.losses[5:] - np.log(4)).max() < .15                                      # guessing
    assert burst.slope[13:].max() < .9 < burst.slope[1]
    assert burst.reach[13:].max() < .01 < burst.reach[12]
    arrives = remembers("random", rnn.relu, 10, LESSON, .03)                                     # and yet it guesses
    assert (f"{arrives.reach[0]:.0%}", f"{arrives.accuracy:.0%}") == ("6%", "25%")
    rng = np.random.default_rng([LESSON, 10])
    start, batch = memory.start("small", 9, 32, 4, rng), memory.recall(10, 1, rng)
    forth = rnn.jacobian(start, rnn.forward(start, batch.x[:, 0]), 11, 1) @ rng.standard_normal(32)
    assert 5e-14 < np.linalg.norm(forth) / 32 ** .5 < 5e-13


def test_over_10_tanh_small_learns_nothing_in_1500_updates_either():
    rng = np.random.default_rng([LESSON, 10])
    one = memory.learn(partial(memory.recall, 10), memory.start("small", 9, 32, 4, rng), rng, updates=1500)
    assert max(one.accuracy, one.reach.max()) < .3


def test_W_grows_with_labels_that_teach_nothing():
    """tanh, small over 20 with Adam's rate of 0.03; with plain SGD hardly anything ever arrives."""
    def task(B, rng):
        batch = memory.recall(20, B, rng)
        return batch._replace(y=rng.permutation(batch.y, axis=1))
    rng = np.random.default_rng([4, 20])
    learned = memory.learn(task, memory.start("small", 9, 32, 4, rng), rng, updates=60, rate=.03)
    assert learned.reach[0] < 1e-25 < .01 < learned.reach.max()
    assert np.linalg.norm(learned.params.W, 2) > 2


def test_with_other_random_numbers_too_a_hundredth_arrives_where_a_network_learns():
    every = [remembers(start, f, d, 5, rate) for f in (rnn.tanh, rnn.relu) for start in memory.STARTS for d in (5, 10)
             for rate in (.003, .03)]
    assert max(one.accuracy for one in every if one.reach.max() < .01) < .31


@pytest.mark.parametrize("seed", [LESSON, 8, 9])
def test_the_first_update_moves_nearly_every_weight_by_the_rate(seed):
    for rate in (.003, .03):
        rng = np.random.default_rng([seed, 10])
        before = memory.start("small", 9, 32, 4, rng)
        after = memory.learn(partial(memory.recall, 10), before, rng, updates=1, rate=rate).params
        assert np.quantile(np.abs(after.W - before.W), .05) == pytest.approx(rate, rel=.01)


def test_what_is_said_of_every_seed():
    others = [seed for seed in (*range(13), *range(104, 108)) if seed != LESSON]
    closed, opened = ([remembers("small", rnn.tanh, 10, seed, rate) for seed in others] for rate in (.003, .03))
    assert max(one.accuracy for one in closed) < .3
    assert all(1e-14 < one.reach[0] < 1e-12 and one.reach.max() < 1e-5 for one in closed)
    arrived = [(one.reach > .01).argmax() for one in opened]
    assert (min(arrived), max(arrived)) == (4, 12)
    assert all(one.slope[n] > .84 and one.stretch[n] > 10 * one.stretch[0] for one, n in zip(opened, arrived, strict=True))


@pytest.mark.parametrize("seed", [5, LESSON])
def test_with_relu_only_the_identity_remembers_over_20_and_40(seed):
    others = [remembers(start, rnn.relu, d, seed, rate) for start in memory.STARTS[:3] for d in (20, 40) for rate in (.003, .03)]
    assert max(one.accuracy for one in others) < .4
    assert min(remembers("identity", rnn.relu, d, seed).accuracy for d in (20, 40)) > .9


@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu], ids=lambda f: f.name)
def test_in_dW_the_terms_of_the_last_steps_are_much_larger_and_know_nothing_of_the_symbol(f):
    """W small, d = 10: the use at step 2 reads h_1, where the symbol is; the last use reads a state that hardly depends on it."""
    rng = np.random.default_rng([4, 10])
    params, batch = memory.start("small", 9, 32, 4, rng), memory.recall(10, 1, rng)
    run = rnn.forward(params, batch.x[:, 0], None, f)
    do = rnn.cross_entropy(run.o, batch.y[:, 0])[1] * batch.mask
    terms = np.linalg.norm(rnn.contributions(params, run, do, "W")[-1], axis=(1, 2))
    assert terms[-1] > 1e8 * terms[1]
    other = np.roll(batch.x[0], 1, axis=-1)                          # another first symbol, the same noise
    changed = rnn.forward(params, np.vstack([other, batch.x[1:, 0]]), None, f).h
    assert np.linalg.norm(changed[-2] - run.h[-2]) < 1e-8 * np.linalg.norm(run.h[-2])


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_with_the_identity_some_relu_units_are_active_at_every_step(seed):
    def always(kind):
        rng = np.random.default_rng([seed, 40])
        run = rnn.forward(memory.start(kind, 9, 32, 4, rng), memory.recall(40, 200, rng).x, None, rnn.relu)
        return (run.h[1:] > 0).all(0).mean()
    assert always("identity") > .05
    assert max(always("random"), always("orthogonal")) < .05


def lesson_with(changes, *cells):
    """The names that some cells of the lesson define, with changes of their text: {old: new}"""
    notebook = read(ROOT / "notebooks" / "12_learning.ipynb")
    names, sources = ran(notebook, "12-01"), {cell.id: cell.source for cell in code(notebook)}
    for name in cells:
        source = sources[name]
        for old, new in changes.items():
            source = source.replace(old, new)
        exec(source, names)
    return names


def fit_of(seed, returned="np.array(losses)"):
    """The lesson's `fit`, with other random numbers, or returning more."""
    changes = {"default_rng(2)": f"default_rng({seed})", "return np.array(losses)": f"return {returned}"}
    return lesson_with(changes, "12-17")["fit"]


def test_what_the_lesson_says_of_the_two_trainings():
    names = ran(read(ROOT / "notebooks" / "12_learning.ipynb"), "12-01", "12-17", "12-19")
    few, many = names["few"], names["many"]
    assert [f"{loss:.2f}" for loss in (few[1].min(), names["guessing"], few[1, -1])] == ["2.08", "2.08", "4.13"]
    assert f"{many[1, -1]:.2f}" == "0.44"
    assert few[0, -1] < .05
    assert few[1].argmin() == 18
    assert many[1, -1] < many[1].min() + .01


def test_100_sequences_leave_a_network_that_is_sure_and_mostly_wrong_as_the_lesson_says():
    weights, validation = fit_of(2, "weights, validation")(100)
    guess, y = softmax(rnn.forward(rnn.Parameters(**weights), validation.x).o[-1]), validation.y[-1]
    assert f"{guess.max(-1).mean():.0%}" == "79%"
    assert (guess.argmax(-1) == y).mean() < .4


@pytest.mark.parametrize("seed", [1, 3])
def test_100_sequences_teach_no_more_than_guessing_with_other_random_numbers(seed):
    validation = fit_of(seed)(100)[1]
    assert 2.02 < validation.min() < 2.15
    assert validation[-1] > 1.5 * validation.min()


def network(seed):
    """The first cells of the lesson, with another network."""
    return lesson_with({"default_rng(36)": f"default_rng({seed})", "explorers.descent(": "curves = ("}, "12-03", "12-08")


def test_what_the_lesson_says_of_the_learning_rates():
    names = network(36)
    curves = names["curves"]
    assert min(curves, key=lambda rate: curves[rate][60]) == .3
    assert [f"{loss:.2f}" for loss in curves[1][:2]] == ["21.84", "25.34"]      # after one update with rate 1
    assert [(np.diff(curves[rate]) > 0).sum() for rate in (.001, .01, .1, .3)] == [0, 0, 0, 1]
    assert np.diff(curves[.3]).max() < .03 * curves[.3][0]                      # small
    assert curves[1][60] > .7 * curves[1][0]


def test_in_the_ravine_momentum_and_adam_get_farther_than_sgd_as_the_lesson_says():
    explorer = ravine()
    fits(check_touch(explorer))
    ends = {rule: [loss(*track(make(rate))[-1]) for rate in RATES] for rule, make in RULES.items()}
    best = {rule: min(losses) for rule, losses in ends.items()}
    assert best["SGD"] == ends["SGD"][2]                             # with 0.009
    assert ends["SGD"][3] > 1e80
    assert max(best["momentum"], best["Adam"]) < best["SGD"] / 10
    assert (1 - 200 * .03, 1 - 2 * .009) == (-5, .982)
    assert [np.sign(q) for _, q in track(training.SGD(.009))[:4]] == [1, -1, 1, -1]
    first, then = track(training.Adam(.1))[:2]
    assert np.subtract(then, first) == pytest.approx([.1, -.1])
    assert (2 * first[0], 2 * STEEP * first[1]) == (-4, 60)
    assert shown(explorer, rule="Adam", rate=.1).caption == (
        "The first update moves p by 0.1 and q by 0.1. Sign changes: p 2 times, q 7 times. After 60 updates L = 0.0074.")
    assert shown(explorer, rule="SGD", rate=.03).caption.endswith(
        "Sign changes: p never, q 60 times. L grows, from 13 to 6.8·10⁸⁴.")


def test_a_constant_gradient_makes_momentums_step_ten_times_as_long():
    weights, state = {"p": np.zeros(1)}, {"m": {"p": np.zeros(1)}}
    for _ in range(300):
        weights, state = training.Momentum(.1).step(weights, {"p": np.ones(1)}, state)
    assert state["m"]["p"] == pytest.approx(10)


@pytest.mark.parametrize(("losses", "how"), [([10, 9, 8], "at every update"), ([10, 11, 8], "on the whole")])
def test_a_rate_below_the_best_is_said_to_end_higher(losses, how):
    curves = descent({.1: np.array(losses, float), .3: np.array([10, 4, 1.])})
    assert shown(curves, rate=.1).caption == f"0.1 is too small: the loss falls {how}, but ends higher than with a larger one."


def test_a_rate_that_does_nearly_as_well_as_the_best_is_not_called_too_small():
    curves = descent({.1: np.array([10, 5, 2.]), .3: np.array([10, 4, 1.])})
    assert shown(curves, rate=.1).caption.startswith("0.1 is smaller than the best: the loss falls at every update, but")


def test_no_curve_of_the_descent_is_cut_off_in_silence():
    calm = descent({.1: np.array([10, 5, 2.]), 1: np.array([10, 60, 4.])})
    assert "cut off" not in shown(calm, rate=1).caption
    wild = descent({.1: np.array([10, 5, 2.]), 1: np.array([10, 1e6, np.inf])})
    assert shown(wild, rate=1).caption.endswith("Above 200 its curve is cut off.")
    assert "cut off" not in shown(wild, rate=.1).caption
    fits(check_touch(wild))


@pytest.mark.parametrize(("rule", "g", "step"), [
    (training.SGD, .01, .001), (training.Momentum, .01, .01), (training.Adam, .01, .1), (training.Adam, .0001, .1)])
def test_a_gradient_that_stays_moves_a_weight_as_far_as_the_lesson_says(rule, g, step):
    optimiser, weights = rule(.1), {"p": np.zeros(1)}
    state = optimiser.start(weights)
    for _ in range(100):
        before, (weights, state) = weights, optimiser.step(weights, {"p": np.full(1, g)}, state)
    assert before["p"] - weights["p"] == pytest.approx(step, rel=1e-3)


def test_what_the_lesson_calls_learned_is_what_the_library_calls_so():
    text = "".join(cell.source for cell in prose(read(ROOT / "notebooks" / "12_learning.ipynb")))
    assert f"stays below {memory.LEARNED} (guessing costs {np.log(4):.2f})" in text


def test_the_gradient_keeps_its_size_where_the_loss_jumps():
    """The largest learning rate of the lesson: L = p^2 would only grow."""
    names = ran(read(ROOT / "notebooks" / "12_learning.ipynb"), "12-01", "12-03")
    now, losses, lengths, flat, inner = names["params"], [], [], [], []
    for _ in range(60):
        flat.append((np.abs(rnn.forward(now, names["x"], names["h_0"]).h[1:]) > .99).mean())
        loss, gradients = names["loss_and_gradients"](now)
        losses.append(loss)
        lengths.append(np.sqrt(sum((getattr(gradients, name) ** 2).sum() for name in now._fields)))
        inner.append(np.linalg.norm(gradients.W) / np.linalg.norm(gradients.U))
        now = names["updated"](now, gradients, 1)
    assert max(losses) > 6 * losses[0]
    assert max(lengths) < 3 * lengths[0]
    assert 20 < (np.diff(losses) > 0).sum() < 40                                # up as often as down
    assert flat[0] == 0
    assert min(flat[10:]) > .9                                                  # soon nearly all states are close to -1 and 1
    assert np.median(inner[10:]) < .02 < .3 < inner[0]                          # and hardly any gradient comes past them
