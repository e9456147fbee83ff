"""Lesson 04: what its exercises say to wrong and right answers, and what its explorers show."""
import json
import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
import touch
from exercises import blank, solution_of, wrong_answers
from lessons import PATHS, ran, read
from pictures import shown, texts

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import explorers, palette, text
from rnn_lib.checks import lesson_04
from rnn_lib.diagrams import losses as losses_drawn
from rnn_lib.diagrams.network import unfolded


def log_yhat_of(shifted):
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def log_yhat(o):
    return log_yhat_of(o - o.max(-1, keepdims=True))


def pick(values, y):
    return values[np.arange(len(y)), y]


def naive(o, axis=-1):
    return np.exp(o) / np.exp(o).sum(axis, keepdims=True)


def right_losses(o, y):
    return -pick(log_yhat(o), y)


def right_do(o, y):
    return np.exp(log_yhat(o)) - np.eye(o.shape[-1])[y]


def all_labels(o, y):
    do = naive(o)
    do[:, y] -= 1
    return do


WRONG_LOSSES = {   # the answer -> words of what comes back
    "the total": (lambda o, y: right_losses(o, y).sum(), "the total comes later"),
    "the mean": (lambda o, y: right_losses(o, y).mean(), "the total comes later"),
    "bits": (lambda o, y: -pick(np.log2(naive(o)), y), "in bits"),
    "bits in the sum only": (lambda o, y: np.log2(np.exp(o - (m := o.max(-1, keepdims=True))).sum(-1)) - pick(o - m, y),
                             "has base 2"),
    "log10": (lambda o, y: -pick(np.log10(naive(o)), y), "base 10"),
    "no minus": (lambda o, y: pick(np.log(naive(o)), y), "the sign"),
    "no maximum subtracted": (lambda o, y: -pick(np.log(naive(o)), y), "exp overflows"),
    "log of a stable softmax": (lambda o, y: -np.log(pick(rnn.softmax(o), y)), "rounded to 0 before the logarithm"),
    "one-hot times the log of a stable softmax": (lambda o, y: -(np.eye(o.shape[-1])[y] * np.log(rnn.softmax(o))).sum(-1),
                                                  "0 · log 0"),
    "the largest score of all steps": (lambda o, y: np.log(np.exp(o - o.max()).sum(-1)) + o.max() - pick(o, y),
                                       "each step's own largest score"),
    "log of an unshifted sum": (lambda o, y: np.log(np.exp(o).sum(-1)) - pick(o, y), "exp overflows"),
    "the mean subtracted": (lambda o, y: -pick(log_yhat_of(o - o.mean(-1, keepdims=True)), y), "every exponent at most 0"),
    "the smallest subtracted": (lambda o, y: -pick(log_yhat_of(o - o.min(-1, keepdims=True)), y), "every exponent at most 0"),
    "a small number inside the log": (lambda o, y: -np.log(pick(rnn.softmax(o), y) + 1e-15), "not for scores of ±10⁴"),
    "softmax over time": (lambda o, y: -pick(np.log(naive(o, 0)), y), "wrong axis"),
    "one softmax for all": (lambda o, y: -pick(np.log(np.exp(o) / np.exp(o).sum()), y), "all steps together"),
    "the likeliest class": (lambda o, y: -np.log(naive(o)).max(-1), "likes best"),
    "one-hot of argmax": (lambda o, y: -(np.eye(o.shape[-1])[o.argmax(-1)] * log_yhat(o)).sum(-1), "likes best"),
    "labels from 1": (lambda o, y: -pick(log_yhat(o), y - 1), "count from 0"),
    "the next label": (lambda o, y: -pick(log_yhat(o), np.roll(y, -1)), "label of step t+1"),
    "the label before": (lambda o, y: -pick(log_yhat(o), np.roll(y, 1)), "label of step t−1"),
    "the running total": (lambda o, y: np.cumsum(right_losses(o, y)), "running total"),
    "divided by T": (lambda o, y: right_losses(o, y) / len(y), "divided by T"),
    "no logarithm": (lambda o, y: -pick(naive(o), y), "logarithm is missing"),
    "one minus": (lambda o, y: 1 - pick(naive(o), y), "takes −log"),
    "no softmax": (lambda o, y: -pick(o, y), "softmax is missing"),
    "no log of the sum": (lambda o, y: -pick(o - o.max(-1, keepdims=True), y), "log Σ exp is not"),
    "softmax twice": (lambda o, y: -pick(log_yhat(naive(o)), y), "softmax is taken twice"),
    "binary": (lambda o, y: -np.where(np.eye(o.shape[-1])[y], log_yhat(o), np.log(1 - naive(o))).sum(-1), "yes-or-no"),
    "squared error": (lambda o, y: (right_do(o, y) ** 2).sum(-1) / 2, "squared error"),
    "squared error without the half": (lambda o, y: (right_do(o, y) ** 2).sum(-1), "squared error"),
    "entropy": (lambda o, y: -(naive(o) * log_yhat(o)).sum(-1), "no label enters"),
    "a word": (lambda o, y: "losses", "must be numbers, got str"),
    "a dictionary": (lambda o, y: {}, "must be numbers, got dict"),
    "every pair": (lambda o, y: -log_yhat(o)[:, y], "pair step and label"),
    "every class": (lambda o, y: -log_yhat(o), "Pick the right class"),
    "something else": (lambda o, y: right_losses(o, y) + 1, "entries differ"),
    "NaN": (lambda o, y: np.full(len(y), np.nan), "holds NaN"),
    "the library's pair": (rnn.cross_entropy, "must return losses"),
    "an array": (np.ones(5), "expected a function"),
}
WRONG_DO = {
    "sign": (lambda o, y: -right_do(o, y), "sign is flipped"),
    "divided by T": (lambda o, y: right_do(o, y) / len(o), "divided by T"),
    "Jacobian twice": (lambda o, y: np.array([(np.diag(p) - np.outer(p, p)) @ d
                                              for p, d in zip(naive(o), right_do(o, y), strict=True)]), "counted twice"),
    "slope of a sigmoid": (lambda o, y: right_do(o, y) * naive(o) * (1 - naive(o)), "counted twice"),
    "no label": (lambda o, y: naive(o), "yₜ is missing"),
    "no softmax": (lambda o, y: o - np.eye(o.shape[-1])[y], "squared error"),
    "class number": (lambda o, y: naive(o) - y[:, None], "number of the class"),
    "right class only": (lambda o, y: right_do(o, y) * np.eye(o.shape[-1])[y], "only the right class"),
    "at the probabilities": (lambda o, y: -np.eye(o.shape[-1])[y] / naive(o), "gradient at the probabilities"),
    "half": (lambda o, y: -np.eye(o.shape[-1])[y], "only half"),
    "twice": (lambda o, y: 2 * right_do(o, y), "twice too large: a factor of 2"),
    "wrong axis": (lambda o, y: naive(o, 0) - np.eye(o.shape[-1])[y], "wrong axis"),
    "one softmax for all": (lambda o, y: np.exp(o) / np.exp(o).sum() - np.eye(o.shape[-1])[y], "all steps together"),
    "running sum": (lambda o, y: right_do(o, y).cumsum(0), "a running total"),
    "plus": (lambda o, y: naive(o) + np.eye(o.shape[-1])[y], "yₜ is added"),
    "minus 1 everywhere": (lambda o, y: naive(o) - 1, "only the right class's entry"),
    "all labels in every row": (all_labels, "pair step and label"),
    "the next label": (lambda o, y: right_do(o, np.roll(y, -1)), "label of step t+1"),
    "the label before": (lambda o, y: right_do(o, np.roll(y, 1)), "label of step t−1"),
    "labels from 1": (lambda o, y: right_do(o, y - 1), "count from 0"),
    "the likeliest class": (lambda o, y: right_do(o, o.argmax(-1)), "likes best"),
    "replaced": (lambda o, y: np.where(np.eye(o.shape[-1])[y], -1, naive(o)), "you replaced ŷₜ by −1"),
    "sign at the right class": (lambda o, y: np.abs(right_do(o, y)), "flipped at the right class alone"),
    "one-hot of T numbers": (lambda o, y: naive(o) - np.eye(len(y))[y], "np.eye wants the number of classes"),
    "one number a step": (lambda o, y: pick(right_do(o, y), y), "wrong classes' too"),
    "NaN": (lambda o, y: np.full(o.shape, np.nan), "holds NaN"),
}
CASES = [(question, name, *case) for question, wrong in (("q04_3", WRONG_LOSSES), ("q04_2", WRONG_DO))
         for name, case in wrong.items()]


@pytest.mark.parametrize(("question", "name", "answer", "words"), CASES, ids=[f"{case[0]} {case[1]}" for case in CASES])
def test_a_wrong_answer_hears_why(question, name, answer, words):
    verdict = getattr(check, question)(answer)
    assert verdict.status in ("wrong", "wrong shape")
    assert words in verdict.message


QUESTIONS = ("q04_3", "q04_2")


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_published_solution_is_right_and_a_blank_is_not_attempted(question):
    exercise = getattr(check, question)
    assert exercise(next(value for name, value in solution_of(exercise).items() if name.startswith("my_"))).ok
    assert exercise(blank).status == exercise(...).status == "not attempted"


def test_the_step_by_hand_is_right_in_any_form_and_is_what_a_measurement_finds():
    due = solution_of(check.q04_1)["my_do"]
    for answer in (due, tuple(due), np.array(due), [.1 + .2 + .2, -.7, "0.2"]):
        assert check.q04_1(answer).ok
    o = np.log([5., 3, 2])
    measured = rnn.complex_step(lambda o: rnn.cross_entropy(o[None], [1])[0][0], o)
    assert np.allclose(due, measured, rtol=1e-12)
    assert np.isclose(rnn.cross_entropy(o[None], [1])[0][0], -o[1] + np.log(10))


@pytest.mark.parametrize(("answer", "words"), [
    ([.5, .3, .2], "moves −o[1], too"), ([-.5, .7, -.2], "sign is turned round"), ([0, -1, 0], "stands in the sum, too"),
    ([5, 3, 2], "its logarithm"), ([.5, 1.3, .2], "−o[1] falls"), ([.4, -.6, .2], "take one score"),
    ([.4, -.7, .2], "look at class 0"), ([.5, -2.33, .2], "two of the three are right. o[1]"),
    ([.5, -.3, .2], "o[1] stands in both parts"), ([.25, -.21, .16], "how a probability moves"),
    ([5, -7, 2], "ten times too large"), ([.5, -.7, -.2], "look at class 2"), ([.2, -.7, .5], "in the wrong order"),
    ([.5, -.7], "write three numbers"), ("0.5", "write three numbers"), (.5, "write three numbers")])
def test_a_wrong_step_by_hand_hears_why(answer, words):
    verdict = check.q04_1(answer)
    assert verdict.status == ("not understood" if words.startswith("write") else "wrong")
    assert words in verdict.message


def test_a_blank_step_by_hand_is_not_attempted_and_one_with_a_gap_is_not_finished():
    assert check.q04_1(...).status == "not attempted"
    assert check.q04_1([.5, ..., .2]).status == "not finished"


def loop_losses(o, y):
    out = []
    for scores, k in zip(o, y, strict=True):
        m = max(scores)
        out.append(m + np.log(sum(np.exp(s - m) for s in scores)) - scores[k])
    return out


OTHER_RIGHT = [
    ("q04_3", loop_losses),
    ("q04_3", lambda o, y: -(np.eye(o.shape[-1])[y] * log_yhat(o)).sum(-1)),
    ("q04_2", right_do),
]


@pytest.mark.parametrize(("question", "part"), [("q04_3", 0), ("q04_2", 1)])
def test_a_call_of_the_library_for_what_is_asked_is_told_to_be_one(question, part):
    verdict = getattr(check, question)(lambda o, y: rnn.cross_entropy(o, y)[part])
    assert verdict.status == "wrong"
    assert "rnn.cross_entropy does it for you" in verdict.message


@pytest.mark.parametrize(("question", "answer"), OTHER_RIGHT)
def test_another_way_to_write_it_is_right_too(question, answer):
    assert getattr(check, question)(answer).ok


def test_an_answer_that_changes_the_scores_in_place_is_told_so():
    def in_place(o, y):
        o -= o.max(-1, keepdims=True)
        return right_losses(o, y)
    assert " in place: work on a new array" in check.q04_3(in_place).message


def one_by_one(o, y):
    return [[math.exp(s) / sum(map(math.exp, row)) - (i == k) for i, s in enumerate(row)] for row, k in zip(o, y, strict=True)]


def through_the_jacobian(o, y):
    yhat = rnn.softmax(o)
    dyhat = -np.eye(o.shape[1])[y] / yhat
    return yhat * (dyhat - (yhat * dyhat).sum(1, keepdims=True))


@pytest.mark.parametrize("answer", [
    one_by_one, through_the_jacobian, lambda o, y: naive(o) - np.eye(o.shape[-1])[y],
    lambda o, y: naive(o - o.max()) - np.eye(o.shape[-1])[y]])
def test_a_gradient_that_fails_for_large_scores_is_right_before_the_lesson_speaks_of_them_and_is_told_so(answer):
    verdict = check.q04_2(answer)
    assert verdict.ok
    assert "“Large scores”, below" in verdict.message
    assert "±10⁴" not in check.q04_2(right_do).message


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_wrong_shape_and_an_error_are_reported(question):
    exercise = getattr(check, question)
    assert exercise(lambda *arguments: np.zeros((7, 7))).status == "wrong shape"
    assert "did you return it?" in exercise(lambda *arguments: None).message
    assert "ZeroDivisionError" in exercise(lambda *arguments: 1 / 0).message


@pytest.mark.parametrize("question", ["q04_3", "q04_2"])
def test_no_two_named_mistakes_of_one_exercise_are_the_same_numbers(question):
    known = [function for function, _ in wrong_answers(getattr(check, question))]
    results = [np.concatenate([np.ravel(function(o, y)) for o, y in lesson_04.CASES]) for function in known]
    results = [result for result in results if len(result) == len(results[-1])]
    assert all(rnn.relative_error(a, b) > 1e-6 for i, a in enumerate(results) for b in results[:i])


@pytest.fixture(scope="module")
def tagger():
    sentence = next(s for s in text.read_conllu() if " ".join(w for w, _ in s).startswith("I wonder if I shall ever"))
    words, classes = [w for w, _ in sentence], sorted({tag for _, tag in sentence})
    params = rnn.init_parameters(D=50, H=20, K=len(classes), rng=np.random.default_rng(4))
    x = text.word_vectors([w.lower() for w in words])[1]
    return params, x, np.array([classes.index(tag) for _, tag in sentence]), words, classes


@pytest.fixture(scope="module")
def stack(tagger):
    return touch.check(explorers.losses(*tagger))


@pytest.fixture(scope="module")
def labels(tagger):
    params, x, y, words, classes = tagger
    return explorers.edit_labels(rnn.forward(params, x).o[:3], y[:3], words[:3], classes)


def told(picture, **attributes):
    """The first part that is told this when it is touched"""
    return next(mark for mark in touch.marks(picture)
                if all(mark.get(name.replace("_", "-")) == value for name, value in attributes.items()))


def test_the_total_in_the_picture_is_the_sum_of_the_losses_at_every_T(tagger, stack):
    params, x, y, _, _ = tagger
    for T in range(1, 13):
        losses = right_losses(rnn.forward(params, x[:T]).o, y[:T])
        total, mean = shown(stack, T=T, total="sum"), shown(stack, T=T, total="mean")
        assert f"{losses.sum():.2f} nats" in texts(total)
        assert f"{losses.mean():.2f} nats" in texts(mean)
        assert total.svg.count(f'fill="{palette.LOSS}"/>') == 2 * T       # a bar over each step, a piece of the stack
        assert not re.search(r"\d\.\d", total.caption + mean.caption)


def test_the_picture_does_not_hold_the_answer_of_the_vote_above_it(stack):
    assert not [said for picture in stack.pictures + stack.slim for said in ("log 6", "1.79") if said in picture.svg]


def test_the_pictures_fit_the_page(stack, labels):
    assert max(float(ElementTree.fromstring(p.svg).get("width")) for e in (stack, labels) for p in e.pictures) <= 940


def pieces(picture):
    """Lengths of the pieces of the stack"""
    return [float(w) for w in re.findall(r'y="15" width="([\d.]+)" height="22"', picture.svg)]


def test_the_stack_is_as_long_as_its_number_says(stack):
    total, mean = shown(stack, T=12, total="sum"), shown(stack, T=12, total="mean")
    assert sum(pieces(mean)) / sum(pieces(total)) == pytest.approx(1 / 12, rel=0.15)


def test_the_longest_sum_takes_all_the_room_and_the_mean_has_its_outline(stack):
    room = unfolded(12).width - losses_drawn.LEFT - 96
    picture = shown(stack, T=12, total="sum")
    assert sum(pieces(picture)) + 12 == pytest.approx(room, abs=1)                               # a pixel between two pieces
    assert texts(picture).count("nats") == 1                                                     # at the axis
    outline = re.findall(r'width="([\d.]+)" height="23" fill="none"', shown(stack, T=12, total="mean").svg)
    assert [float(w) for w in outline] == [pytest.approx(room, abs=1)]


def test_on_a_narrow_page_each_bar_is_called_by_its_loss(stack, tagger):
    params, x, y, _, _ = tagger
    third = right_losses(rnn.forward(params, x).o, y)[2]
    assert any(f">L₃ {third:.2f}<" in picture.svg for picture in stack.slim)


def test_a_number_stands_in_its_bar_if_it_fits():
    svg = losses_drawn.loss_bars(np.array([1.6, 1.9, 0.3]), most=2.9, level=("log 6", np.log(6))).body
    ink = {words: fill for fill, words in re.findall(r'fill="([^"]+)">(\d\.\d\d)<', svg)}
    assert ink == {"1.60": palette.PAPER, "1.90": palette.PAPER, "0.30": palette.LOSS}


def test_the_surprises_of_two_steps_add_up_to_that_of_their_product():
    assert [f"{-np.log(p):.2f}" for p in (.5, .2, .5 * .2)] == ["0.69", "1.61", "2.30"]


def test_an_untrained_network_usually_starts_a_little_above_a_uniform_guess(tagger):
    _, x, y, _, _ = tagger
    networks = [rnn.init_parameters(50, 20, 6, np.random.default_rng(seed)) for seed in range(100)]
    means = np.array([rnn.cross_entropy(rnn.forward(params, x).o, y)[0].mean() for params in networks])
    assert np.mean(means > np.log(6)) > .7
    assert np.abs(means - np.log(6)).max() < .5


def test_a_loss_lights_what_it_depends_on_and_a_word_what_it_can_change(stack):
    picture = shown(stack, T=5, total="sum")
    loss = told(picture, **{"class": "L3"}).get("data-lights").split()
    assert {"x1", "x2", "x3", "h0", "h3", "L3"} <= set(loss)
    assert not {"x4", "h4", "u2", "L2"} & set(loss)
    word = told(picture, **{"class": "x3"})
    assert {"x3", "v3", "h3", "w4", "L3", "L5"} <= set(word.get("data-lights").split())
    assert not {"w3", "h2", "L2"} & set(word.get("data-lights").split())
    assert word.get("data-says") == "“if” can change L₃ to L₅, and no earlier loss."
    assert told(picture, data_set="T=9").get("data-lights") is None                  # not read yet


def test_a_word_of_the_stack_can_change_the_losses_that_it_says(tagger):
    params, x, y, _, _ = tagger
    other = x.copy()
    other[2] += 1
    moved = right_losses(rnn.forward(params, x).o, y) != right_losses(rnn.forward(params, other).o, y)
    assert moved.tolist() == [False, False] + 10 * [True]


def test_a_class_that_is_pressed_becomes_the_label_and_a_masked_step_counts_nothing(tagger, labels):
    params, x, y, _, classes = tagger
    o = rnn.forward(params, x).o[:3]
    labels.value["y"] = tuple(y[:3])
    assert "".join(texts(labels.picture())).count("✓") == 3
    labels.touch(told(labels.picture(), data_says="Label “wonder” as PUNCT.").get("data-set"))
    labels.touch(told(labels.picture(), data_says="Mask “if”: it will not count.").get("data-set"))
    assert labels.value["y"] == (y[0], classes.index("PUNCT"), None)
    edited, losses = labels.picture(), right_losses(o, [y[0], classes.index("PUNCT"), 0])[:2]
    assert f"{losses.sum():.2f} nats" in texts(edited)
    assert {f"= −log {np.exp(-loss):.3f} = {loss:.2f}" for loss in losses} | {"= 0, masked"} <= set(texts(edited))
    assert "".join(texts(edited)).count("✓") == 2
    chosen = [mark for mark in touch.marks(edited) if "✓" in "".join(mark.itertext())]
    assert [mark.get("data-says") for mark in chosen] == [None, None]               # over them the caption of the state stays
    assert {mark.get("aria-label") for mark in chosen} == {f"{classes[y[0]]}, the right class", "PUNCT, the right class"}
    assert "exactly 0" in edited.caption
    masked = told(labels.picture(), data_says="“if” adds 0, and its do₃ is exactly 0. Press to let it count again.")
    labels.touch(masked.get("data-set"))
    assert labels.value["y"][2] == y[2]


def test_the_label_that_makes_the_first_loss_largest_is_the_one_that_the_lesson_tells(tagger):
    params, x, _, _, classes = tagger
    yhat = rnn.softmax(rnn.forward(params, x).o[:3])
    assert classes[yhat[0].argmin()] == "ADV"


def test_every_setting_of_the_labels_is_one_of_its_frames_and_all_of_them_are_small(labels, tagger):
    o, y = rnn.forward(tagger[0], tagger[1]).o[:3], tagger[2]
    for settings, picture in zip(labels.chosen["y"].stops, labels.pictures, strict=True):
        total = sum(right_losses(o, [k or 0 for k in settings])[[k is not None for k in settings]])
        assert f"{total:.2f} nats" in texts(picture)
    off, on = labels.chosen["y"].stops[:2]                                            # of the switch
    assert off == tuple(y[:3])
    assert [a == b for a, b in zip(on, off, strict=True)] == [False, True, True]
    assert sum(len(json.dumps(getattr(labels, name))) for name in ("parts", "frames", "captions")) < 650_000


def test_all_that_can_be_pressed_leads_somewhere(labels):
    for picture in labels.pictures[::17]:
        assert touch.faults(labels, picture) == []
        assert len([mark for mark in touch.marks(picture) if mark.get("data-set")]) == 3 * 7


def test_the_gradient_of_a_masked_step_is_written_as_exactly_zero(labels):
    picture = shown(labels, y=(None, None, None))
    numbers = [tspan.text for tspan in ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}tspan")
               if tspan.get("text-anchor") == "end"]
    assert numbers.count("0") == 3 * 6
    assert picture.caption.startswith("Every step is masked: L = 0, and no step sends a gradient back.")


def test_too_many_settings_are_refused_with_the_reason(tagger):
    params, x, y, words, classes = tagger
    with pytest.raises(ValueError, match="take fewer steps"):
        explorers.edit_labels(rnn.forward(params, x).o[:4], y[:4], words[:4], classes)


def test_words_and_classes_are_escaped(tagger):
    params, x, y, _, classes = tagger
    wicked = ["<script>"] * 12
    assert "<script>" not in explorers.losses(params, x, y, wicked, classes).picture().svg
    o = rnn.forward(params, x).o[:2]
    assert "<script>" not in explorers.edit_labels(o, y[:2], wicked[:2], ["<script>a", *classes[1:]]).picture().svg


def test_scores_of_any_size_can_be_edited():
    picture = explorers.edit_labels(1e4 * np.eye(3), np.array([1, 1, 2]), ["a", "b", "c"], ["X", "Y", "Z"]).picture()
    assert "10000.00 nats" in texts(picture)
    assert "nan" not in picture.svg


def test_equal_scores_cost_log_K_whichever_class_is_right():
    uniform, _ = rnn.cross_entropy(np.zeros((6, 6)), np.arange(6))
    assert np.allclose(uniform, np.log(6), rtol=1e-15)


def test_the_mean_loss_stays_between_the_bounds_that_the_lesson_says(tagger):
    params, x, y, _, _ = tagger
    each = right_losses(rnn.forward(params, x).o, y)
    means = np.cumsum(each) / np.arange(1, 13)
    assert 1.7 < means[1:].min() < means[1:].max() < 2.1


def test_two_scores_moved_by_hand_do_what_the_lesson_says(capsys):
    names = ran(read(PATHS[4]), "04-01", "04-03", "04-04", "04-10", "04-35")
    told = [f"{.1 * names['do'][0, names['classes'].index(tag)]:+.3f}" for tag in ("AUX", "PRON")]
    assert told == ["+0.032", "-0.079"]
    assert "L_1 +0.033, 0.1 times do_1: +0.032" in capsys.readouterr().out
    assert names["losses"].min() > 0                              # so the sum never becomes smaller


def test_two_entries_of_the_stable_softmax_are_rounded_to_0_as_the_lesson_says():
    o = np.array([1e4, -1e4, 0.0])
    assert (o - o.max()).tolist() == [0, -20000, -10000]
    assert rnn.softmax(o).tolist() == [1, 0, 0]


def test_the_sums_and_the_three_routes_are_those_that_the_lesson_tells():
    names = ran(read(PATHS[4]), "04-01", "04-03", "04-04", "04-10", "04-19")
    assert (names["T"], names["K"]) == (12, 6)
    assert f"{names['losses'].sum():.2f} {names['losses'].mean():.2f}" == "24.37 2.03"
    naive, softmax, library = names["routes"].values()
    assert np.array_equal(naive, [np.nan, np.inf, np.inf], equal_nan=True)
    assert softmax.tolist() == [0, np.inf, np.inf]
    assert library.tolist() == [0, 2e4, 1e4]
