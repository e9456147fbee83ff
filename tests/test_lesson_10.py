import re
from itertools import product

import numpy as np
import pytest
from exercises import solution_of
from pictures import fits, parts, said, shown, texts, words
from touch import check as check_touch
from touch import marks

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import palette
from rnn_lib.charts.step_axes import slopes
from rnn_lib.clinic import MISTAKES
from rnn_lib.diagrams.wording import title
from rnn_lib.explorers import audit, blind_spot_lab, errors_on, network_to_check, step_sizes
from rnn_lib.explorers.blind_spots import KINDS
from rnn_lib.explorers.step_sizes import STEPS, step_errors

BY_NAME = {mistake.name: mistake for mistake in MISTAKES}
NAMES = [*BY_NAME]


def agree(got, expected, tolerance):
    with np.errstate(invalid="ignore"):
        off = np.linalg.norm((got - expected).ravel(), np.inf)
        return np.isfinite(off) and off <= tolerance * max(np.abs(got).max(), np.abs(expected).max())


def by_entry(got, expected, tolerance):
    size = np.maximum(np.abs(got), np.abs(expected))
    return bool(np.isfinite(got).all() and np.all(np.abs(got - expected) <= tolerance * size))


WRONG_COMPARISONS = [
    (lambda g, e, tol: not np.abs(g - e).max() / np.abs(e).max() > tol, "it accepts NaN: every comparison"),
    (lambda g, e, tol: bool(np.abs(g - e).max() / np.abs(e).max() <= tol), "it refuses 0 against 0"),
    (lambda g, e, tol: bool(np.isfinite([g, e]).all() and np.abs(g - e).max() < tol * np.abs([g, e]).max()), "or ask < where"),
    (lambda g, e, tol: bool(np.isfinite([g, e]).all() and np.abs(g - e).max() <= tol * np.max([g, e])), "entries are negative"),
    (lambda g, e, tol: bool(np.abs(g - e).max() <= tol), "something in it is absolute"),
    (lambda g, e, tol: bool(np.abs(g - e).max() <= 1e-3 * tol), "something in it is absolute|bound is absolute"),
    (lambda g, e, tol: np.allclose(g, e), "something in it is absolute"),
    (lambda g, e, tol: np.allclose(g, e, rtol=tol), "something in it is absolute"),
    (by_entry, "not entry by entry"),
    (lambda g, e, tol: bool((g - e).max() <= tol * np.abs(e).max()), "abs is missing"),
    (lambda g, e, tol: bool((g - e).max() <= tol * np.abs([g, e]).max()), "abs is missing"),
    (lambda g, e, tol: bool(np.abs(np.abs(g) - np.abs(e)).max() <= tol * np.abs(e).max()), "flipped sign"),
    (lambda g, e, tol: bool(abs(g[0] - e[0]).max() <= tol * abs(e).max()), "one wrong row"),
    (lambda g, e, tol: bool(((g - e) ** 2).sum() <= tol * (e ** 2).sum()), "Take the root"),
    (lambda g, e, tol: bool(np.isfinite(g).any() and np.isfinite(e).all() and np.isfinite(np.nanmax(np.abs(g)))
                            and np.nanmax(np.abs(g - e)) <= tol * np.nanmax(np.abs([g, e]))), "np.nanmax leaves it out"),
    (lambda g, e, tol: bool(np.isfinite([g, e]).all() and (length := np.linalg.norm)(g - e) <= tol * (length(g) + length(e))),
     "is there a mean or a norm in it"),
    (lambda g, e, tol: bool(np.isfinite([g, e]).all() and np.linalg.norm(g - e) <= tol * np.linalg.norm(e)), "a mean or a norm"),
    (lambda g, e, tol: bool(np.isfinite([g, e]).all() and np.abs(g - e).max() / (np.abs(e).max() + 1e-12) <= tol),
     "a small number is added"),
    (lambda g, e, tol: bool(rnn.relative_error(g, e) <= tol), "rnn.relative_error does it for you"),
    (lambda g, e, tol: np.array_equal(g, e), "right up to rounding"),
    (lambda g, e, tol: np.allclose(g, e, rtol=0, atol=tol * np.abs(e).max(), equal_nan=True), "it accepts NaN against NaN"),
    (lambda g, e, tol: agree(g, e, 1e-7), "the tolerance is an argument"),
    (lambda g, e, tol: bool(np.isfinite(g).all() and np.abs(g - e).max() <= tol * np.abs([g, e]).max()), "an infinite numerical"),
    (lambda g, e, tol: bool(np.isinf(g).all() and np.isinf(e).all()) or agree(g, e, tol), "accepts an infinite numerical"),
    (lambda g, e, tol: True, "a percent too large"),
    (lambda g, e, tol: False, "right up to rounding"),
    (lambda g, e, tol: np.nan, "return True or False"),
    (lambda g, e, tol: np.abs(g - e) <= tol, "return True or False"),
    (lambda g, e, tol: 1 / 0, "ZeroDivisionError"),
    (0.5, "pass the function itself")]


@pytest.mark.parametrize(("answer", "sentence"), WRONG_COMPARISONS)
def test_every_wrong_comparison_gets_its_sentence(answer, sentence):
    verdict = check.q10_2(answer)
    assert verdict.status == "wrong"
    assert re.search(sentence, verdict.message), verdict


@pytest.mark.parametrize("answer", [agree, solution_of(check.q10_2)["agree"]])
def test_an_honest_comparison_is_right(answer):
    assert check.q10_2(answer).ok


def inputs(T=5, D=3, H=6, K=4, **change):
    """An answer to exercise 3: random inputs, some of them changed"""
    def my_inputs(rng):
        given = dict(params=rnn.init_parameters(D, H, K, rng), x=rng.standard_normal((T, D)), h_0=rng.standard_normal(H),
                     y=rng.integers(K, size=T))
        return tuple((given | {name: new(given) for name, new in change.items()}).values())
    return my_inputs


def symmetric(given):
    params = given["params"]
    return params._replace(W=params.W + params.W.T)


@pytest.mark.parametrize("answer", [inputs(), inputs(T=3), lambda rng: [*inputs()(rng)], solution_of(check.q10_3)["my_inputs"]])
def test_inputs_that_hide_nothing_are_right(answer):
    assert check.q10_3(answer).ok


@pytest.mark.parametrize(("answer", "sentence"), [
    (lambda rng: (lambda params, x, h_0, y: (params, x, y, h_0))(*inputs(T=5)(rng)), "h_0 and y have changed places"),
    (inputs(T=1), "17 of the 37 mistakes would pass on these inputs: .* and 11 more. rnn.blind_spots says: T = 1 has no"),
    (inputs(T=2), "3 of the 37 mistakes would pass.*Jacobians in the wrong order.*T = 2 has one"),
    (inputs(H=1), "3 of the 37 mistakes.*transpose missing.*H = 1"),
    (inputs(params=symmetric), "One mistake would pass on these inputs: transpose missing.*W is symmetric"),
    (inputs(h_0=lambda given: np.zeros(6)), "One mistake would pass on these inputs: h_0 taken for zero.*h_0 = 0"),
    (inputs(params=lambda given: given["params"]._replace(b_h=np.zeros(6))), "none of the 37 passes, but.*a bias is 0"),
    (inputs(params=lambda given: given["params"]._replace(W=50 * given["params"].W, V=50 * given["params"].V)),
     "would pass on these inputs.*is f' nearly 0 at a whole step"),
    (inputs(K=1), "no step has a loss to send back .K = 1: softmax gives 1."),
    (inputs(params=lambda given: given["params"]._replace(W=1e-5 * given["params"].W)), "W is nearly 0"),
    (inputs(x=lambda given: given["x"][:1].repeat(5, 0)), "One mistake would .*x_{t-1} for x_t.*x is the same at every step"),
    (inputs(x=lambda given: given["x"][:, None]), r"x must be \(T, D\), got \(5, 1, 3\)"),
    (inputs(H=40), "let no size be above 12"), (lambda rng: rng, "return four things"), (lambda rng: None, "return four things"),
    (lambda rng: [*inputs()(rng)[:3], np.arange(5) + 3], "a network does not take what you returned: y must be in 0..3"),
    (inputs(params=lambda given: tuple(given["params"])), "return four things"), (inputs(h_0=lambda given: np.ones(5)), "h_0"),
    (inputs(y=lambda given: given["y"][:2]), "y"), (0.5, "pass the function itself")])
def test_inputs_that_hide_a_mistake_are_told_which(answer, sentence):
    verdict = check.q10_3(answer)
    assert verdict.status == "wrong"
    assert re.search(sentence, verdict.message), verdict


@pytest.mark.parametrize("name", ["x", "h_0", "y"])
def test_a_list_among_the_inputs_is_named(name):
    assert check.q10_3(inputs(**{name: lambda given: given[name].tolist()}))[:2] == (
        "not understood", f"{name} is a list: write np.array({name})")


def test_a_comparison_that_returns_nothing_is_not_finished():
    assert check.q10_2(lambda g, e, tol: None)[:2] == ("not finished", "your function returns nothing yet: return True or False")


def with_a_copy(loss, W, s):
    dW = np.empty_like(W)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            up, down = W.copy(), W.copy()
            up[i, j] += s
            down[i, j] -= s
            dW[i, j] = (loss(up) - loss(down)) / s / 2
    return dW


def in_place(loss, W, s):
    dW = np.empty_like(W)
    for index in np.ndindex(W.shape):
        W[index] += s
        up = loss(W)
        W[index] -= 2 * s
        dW[index] = (up - loss(W)) / (2 * s)
    return dW


def test_a_central_difference_with_copies_is_right():
    assert check.q10_1(with_a_copy).ok


def of_an_entry(loss, W, s):
    return np.array([[(loss(entry + s) - loss(entry - s)) / (2 * s) for entry in row] for row in W])


def half_written(loss, W, s):
    dW = np.zeros(W.shape)
    dW[0, 0] = ...
    return dW


def test_a_gap_in_a_loop_is_not_finished():
    assert check.q10_1(half_written)[:2] == ("not finished", "there is still a ... in your code")


def nudged_only(loss, W, s):
    dW = np.zeros(W.shape)
    for index in np.ndindex(W.shape):
        nudge = np.zeros(W.shape)
        nudge[index] = s
    return dW


@pytest.mark.parametrize("answer", [nudged_only, lambda loss, W, s: np.zeros(W.shape)])
def test_zeros_without_a_loss_are_not_finished(answer):
    assert check.q10_1(answer)[:2] == (
        "not finished", "zeros only, and loss is not called yet: each entry is made of two losses")


@pytest.mark.parametrize(("answer", "sentence"), [
    (of_an_entry, r"loss wants a whole matrix, \(2, 3\), got \(\): nudge one entry of a copy"),
    (lambda loss, W, s: (loss(W + s) - loss(W - s)) / (2 * s), "if you nudge W \\+ s, all entries move at once"),
    (in_place, " in place: work on a new array"), (lambda *case: rnn.central_difference(*case), "does it for you"),
    (lambda loss, W, s: rnn.complex_step(loss, W), "that is not it|differ")])
def test_a_wrong_central_difference_is_told_why(answer, sentence):
    verdict = check.q10_1(answer)
    assert not verdict.ok
    assert re.search(sentence, verdict.message), verdict


@pytest.fixture(scope="module")
def network():
    """The network of the lesson"""
    rng = np.random.default_rng(437)
    params = rnn.init_parameters(D=3, H=4, K=2, rng=rng)
    x, h_0, y = rng.standard_normal((5, 3)), rng.standard_normal(4), rng.integers(2, size=5)
    return params, x, y, h_0


@pytest.fixture(scope="module")
def steps(network):
    return step_sizes(*network)


def of_W(network):
    """The loss as a function of W, W itself, and dW by backpropagation"""
    params, x, y, h_0 = network
    run = rnn.forward(params, x, h_0)
    def loss(W):
        return rnn.cross_entropy(rnn.forward(params._replace(W=W), x, h_0).o, y)[0].sum()
    return loss, params.W, rnn.bptt(params, run, rnn.cross_entropy(run.o, y)[1]).W


def central(network):
    """The relative error of the central difference at each step, by a route the explorer does not take"""
    loss, W, dW = of_W(network)
    return [rnn.relative_error(rnn.central_difference(loss, W, 10.0 ** -i), dW) for i in range(17)]


def test_the_caption_says_in_which_direction_the_step_is_better(steps, network):
    best = int(np.argmin(central(network)))
    for i in range(17):
        caption = shown(steps, numbers="float64", s=i).caption
        word = "at its best" if i == best else "a smaller step would be better" if i < best else "a larger step would be better"
        assert word in caption, caption


def test_all_frames_of_the_step_fit_and_mark_different_places(steps):
    fits(check_touch(steps))
    svgs = {picture.svg for picture in steps.pictures}
    assert len(svgs) == 33                                     # at the largest step float32 is off by as much as float64
    width, height = (float(n) for n in re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', next(iter(svgs))).groups())
    for svg in svgs:
        rings = [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.-]+)" cy="([\d.-]+)"[^>]*fill="none"', svg)]
        assert len(rings) == 3
        assert all(0 < x < width and 0 < y < height for x, y in rings)


def test_truncation_and_rounding_have_the_slopes_that_the_lesson_derives(network):
    errors = step_errors(*network[:3], network[3], STEPS, float)
    slope = {name: np.diff(np.log10(error)) for name, error in errors.items()}
    assert slope["central difference"][1:4] == pytest.approx(-2, abs=.1)
    assert slope["complex step"][1:4] == pytest.approx(-2, abs=.1)
    assert slope["one-sided"][2:6] == pytest.approx(-1, abs=.1)
    assert slope["central difference"][6:14].mean() == pytest.approx(1, abs=.15)
    assert slope["one-sided"][8:14].mean() == pytest.approx(1, abs=.2)
    assert errors["complex step"][8:].max() < 1e-15
    assert STEPS[int(errors["central difference"].argmin())] == 1e-5
    assert STEPS[int(errors["one-sided"].argmin())] == 1e-7
    assert 4e-11 < errors["central difference"].min() < 2e-10          # rounding: other digits on another processor
    assert 3e-8 < errors["one-sided"].min() < 2e-7


def test_a_difference_in_float32_has_four_digits_at_best_and_a_one_sided_one_three(network):
    errors = step_errors(*network[:3], network[3], STEPS, np.float32)
    assert 1e-5 < errors["central difference"].min() < 1e-4
    assert 3e-4 < errors["one-sided"].min() < 2e-3
    assert [STEPS[errors[name].argmin()] for name in ("central difference", "one-sided")] == [1e-2, 1e-3]
    assert [f"{1e-7 ** power:.0e}" for power in (1 / 3, 2 / 3, 1 / 2)] == ["5e-03", "2e-05", "3e-04"]
    assert errors["complex step"].min() < 1e-6


def test_all_sizes_of_the_network_differ_as_the_lesson_says(network):
    params, x, *_ = network
    assert len({*x.shape, *params.U.shape}) == 4


def test_a_right_gradient_differs_from_the_two_measured_ones_as_the_lesson_says(network):
    loss, W, dW = of_W(network)
    assert rnn.relative_error(rnn.complex_step(loss, W), dW) < 3e-15
    assert 1e-10 < rnn.relative_error(rnn.central_difference(loss, W, 1e-6), dW) < 5e-9


def test_the_traps_of_the_list_let_through_what_it_says():
    right, got = np.array([1, 0.0]), np.array([1, 1e-18])
    assert np.allclose(2e-9 * right, 1e-9 * right)
    assert not (np.array([np.nan]) > 1e-7).any()
    assert np.inf <= 1e-7 * np.array(np.inf)
    with np.errstate(invalid="ignore"):
        assert np.abs((got - right) / np.maximum(got, right)).max() == 1
    assert rnn.relative_error(got, right) == 1e-18
    assert 2e-20 - 1e-20 <= 1e-7 * (2e-20 + 1e-12)


def test_the_smallest_nudge_still_changes_most_of_W_but_hardly_the_loss(network):
    loss, W, _ = of_W(network)
    assert ((W + 1e-16 != W) | (W - 1e-16 != W)).sum() > 8 > np.count_nonzero(rnn.central_difference(loss, W, 1e-16))


def test_the_step_that_stands_keeps_its_caption_and_the_others_say_what_a_press_does(network):
    for picture in step_sizes(*network[:4], steps=STEPS[:3]).pictures:
        says = [mark.get("data-says") for mark in marks(picture) if mark.get("data-set")]
        assert says.count(None) == 1
        assert all(each is None or each.startswith("Press to go to the step ") for each in says)


@pytest.mark.parametrize(("steps", "named"), [
    ((1e-5, 1e-9), {"rounding"}), ((.1, 1e-2), {"Taylor"}), (STEPS, {"Taylor", "rounding"})])
def test_a_slope_is_named_where_there_is_one(network, steps, named):
    assert set(slopes(step_errors(*network[:4], steps, float)["central difference"])) == named


@pytest.mark.parametrize("T", [1, 12])
def test_the_steps_can_be_shown_for_any_length(T):
    rng = np.random.default_rng(T)
    params = rnn.init_parameters(2, 2, 2, rng)
    explorer = step_sizes(params, rng.standard_normal((T, 2)), rng.integers(2, size=T), rng.standard_normal(2), STEPS[:3])
    assert len(explorer.pictures) == 6


def test_the_curves_are_drawn_as_far_as_the_step_has_come(steps):
    for i in range(17):
        svg = shown(steps, numbers="float64", s=i).svg
        rings = {float(x) for x in re.findall(r'<circle cx="([\d.]+)"[^>]* r="[568]" fill="none"', svg)}
        curves = re.findall(r'<path d="M([^"]*)" stroke="[^"]*" stroke-width="(?:1.5|3)"', svg)
        ends = {float(re.findall(r"[\d.]+", curve)[-2]) for curve in curves}
        assert len(curves) == 3
        assert [*ends] == pytest.approx([*rings], abs=.11)
        assert {curve.count("L") for curve in curves} == {i}
        assert (">rounding<" in svg) <= (i > 5)                  # the lowest point is not told before it is found


@pytest.fixture(scope="module")
def lab():
    return blind_spot_lab()


TRANSPOSE = "transpose missing in the horizontal step"
HIDDEN = [
    (TRANSPOSE, "W symmetric", 1e-10), (TRANSPOSE, "H = 1", 1e-10), (TRANSPOSE, "W nearly 0", 1e-2),
    ("h_0 taken for zero", "h₀ = 0", 1e-10),
    ("Jacobians in the wrong order", "T = 2", 1e-10), ("dW transposed", "H = 1", 1e-10), ("= for +=", "T = 1", 1e-10),
    ("mean for sum", "T = 1", 1e-10), ("only the last loss", "last loss only", 1e-10),
    ("horizontal term dropped", "T = 1", 1e-10), ("horizontal term dropped", "W nearly 0", 1e-2)]


def place(mistake, kind):
    return f"m{NAMES.index(mistake)}-{[*KINDS].index(kind)}"


@pytest.mark.parametrize(("mistake", "kind", "tolerance"), HIDDEN)
def test_what_blind_inputs_hide_is_coloured_and_said_to_pass_wrongly(mistake, kind, tolerance, lab):
    picture = shown(lab, tolerance=tolerance)
    assert words(picture, place(mistake, kind)) == ["●"]
    most = said(picture, place(mistake, kind)).removeprefix("All five gradients pass, wrongly: the worst is off by ")
    assert re.fullmatch(r"(less than 0\.001|0\.\d+) %, within the tolerance\.", most)
    assert parts(picture, place(mistake, kind))[0][0].get("fill") == palette.HIDDEN
    assert kind in said(picture, f"row{NAMES.index(mistake)}")


def test_every_mistake_is_exposed_where_nothing_hides(lab):
    picture = shown(lab, tolerance=1e-10)
    for mistake in rows(picture):
        wrong = rnn.diagnose(BY_NAME[mistake].backward).wrong
        sentence = said(picture, place(mistake, "all random"))
        assert set(re.split(r", | and ", re.search(r": (.+?) (is|are) wrong", sentence)[1])) == set(wrong)
        assert words(picture, place(mistake, "all random"))[0].endswith(" %")
        assert "when" in parts(picture, place(mistake, "all random"))[1].get("class")       # told while it is lit


def rows(picture):
    """The mistakes that have a row of cells"""
    return [name for name in NAMES if parts(picture, place(name, "all random"))]


def test_a_mistake_without_a_row_is_exposed_by_all_inputs_and_by_at_least_what_is_said(lab):
    networks = [network_to_check(**inputs) for inputs in KINDS.values()]
    worst = {name: [max(errors_on(network, BY_NAME[name].backward).values()) for network in networks] for name in NAMES}
    picture = shown(lab, tolerance=1e-10)
    without = set(NAMES) - set(rows(picture))
    assert without == {name for name in NAMES if min(worst[name]) > 1e-2}
    least = min(min(worst[name]) for name in without)
    assert f"18 that none of these inputs hides: each is off by {int(100 * least)} % or more on all of them" in texts(picture)


@pytest.mark.parametrize(("name", "title", "sentence"), [
    ("the message is never reset", "the message is never reset",
     "The message is never reset: “da_next = da_next + da” in place of “da_next = da”. Hides with T = 1 and T = 2."),
    ("h_0 taken for zero", "h₀ taken for zero", "h₀ taken for zero: “dW += outer(da, run.h[t-1] * (t > 1))” in place of"),
    ("1 - a^2 for 1 - h^2", "1 − a² for 1 − h²", "“da = (1 - run.a[t-1] ** 2) * dh” in place of “da = run.f.slope("),
    ("x_{t-1} for x_t in dV", "xₜ₋₁ for xₜ in dV", "“dV += outer(da, run.x[t-2])” in place of “dV += outer(da, run.x[t-1])”"),
    ("only the last loss", "only the last loss", "“do = np.concatenate([0 * do[:-1], do[-1:]])” is put in."),
    ("f' forgotten in the sums", "f′ forgotten in the sums", "and 2 more lines changed. No kind of inputs hides it.")])
def test_a_mistake_is_called_as_the_equations_write_it_and_shows_its_line(name, title, sentence, lab):
    picture = shown(lab, tolerance=1e-10)
    assert words(picture, f"row{NAMES.index(name)}") == [title]
    assert sentence in said(picture, f"row{NAMES.index(name)}")


def test_what_is_shown_of_a_mistake_turns_the_right_text_into_the_wrong_one():
    for mistake in MISTAKES:
        wrong, right = ([line.strip() for line in text.splitlines()] for text in (mistake.source, mistake.base))
        due, new = [[line for line in lines if line] for lines in zip(*((due, new) for new, due in mistake.slips), strict=True)]
        assert sorted(wrong + due) == sorted(right + new)


def test_the_heads_count_what_they_hide_and_say_what_blind_spots_finds(lab):
    picture = shown(lab, tolerance=1e-10)
    for j, (kind, inputs) in enumerate(KINDS.items()):
        network = network_to_check(**inputs)
        hidden = sum(max(errors_on(network, m.backward).values()) <= 1e-10 for m in BY_NAME.values())
        assert words(picture, f"head{j}") == [f"{kind} hides {hidden}"]
        sentences = rnn.blind_spots(*network[:3])
        assert all(sentence in said(picture, f"head{j}") for sentence in sentences)
        assert ("A risk, but" in said(picture, f"head{j}")) == bool(sentences and not hidden)
    assert words(picture, "head1") == ["T = 1 hides 17"]
    assert all(title(name) in said(picture, "head2") for name in ("the message is never reset", "Jacobians in the wrong order"))
    assert words(shown(lab, tolerance=1e-2), f"head{[*KINDS].index('W nearly 0')}") == ["W nearly 0 hides 10"]


def test_the_vote_and_the_question_on_the_list_are_answered_by_the_picture(lab):
    picture = shown(lab, tolerance=1e-10)
    assert words(picture, place(TRANSPOSE, "T = 1")) == ["●"]
    for seen in ("sign flipped", "f' forgotten", "h_{t-1} for h_t in dU"):
        assert seen not in rows(picture)                                    # of the 18: exposed at T = 1 as well
    assert [kind for kind in KINDS if words(picture, place(TRANSPOSE, kind)) == ["●"]] == ["T = 1", "H = 1", "W symmetric"]


def test_a_masked_step_takes_its_row_of_terms_away_as_the_review_says(network):
    params, x, y, h_0 = network
    run = rnn.forward(params, x, h_0)
    do = rnn.cross_entropy(run.o, y, mask=[1, 0, 1, 0, 1])[1]
    assert np.count_nonzero(rnn.contributions(params, run, do, "W").any((2, 3))) == 9


@pytest.mark.parametrize(("tolerance", "seen"), [(1e-10, True), (1e-5, False), (1e-2, False)])
def test_a_nearly_empty_w_is_called_a_mere_risk_only_where_it_hides_nothing(tolerance, seen, lab):
    assert ("small enough to see" in said(shown(lab, tolerance=tolerance), f"head{[*KINDS].index('W nearly 0')}")) == seen


def test_of_what_hides_at_one_step_two_read_the_row_before_the_first_as_the_lesson_says():
    network = network_to_check(T=1)
    hidden = [m for m in BY_NAME.values() if max(errors_on(network, m.backward).values()) <= 1e-10]
    assert {m.name for m in hidden if "t-2" in m.source} == {"x_{t-1} for x_t in dV", "do of the step before"}


def test_a_cell_tells_the_largest_error(lab):
    params, run, do, _ = network_to_check()
    got, right = BY_NAME["dW transposed"].backward(params, run, do).W, rnn.bptt(params, run, do).W
    error = np.abs(got - right).max() / max(np.abs(got).max(), np.abs(right).max())
    picture = shown(lab, tolerance=1e-10)
    assert said(picture, place("dW transposed", "all random")) == (
        f"Exposed: W is wrong, by up to {100 * error:.0f} %; V, U, b_h and b_y pass.")
    assert "Exposed: V, W, U, b_h and b_y are wrong, by up to" in said(picture, place("= for +=", "all random"))
    assert said(picture, place("= for +=", "all random")).endswith("; none passes.")


def test_the_mistakes_that_some_inputs_hide_stand_above_those_that_none_hides(lab):
    picture = shown(lab, tolerance=1e-10)
    seen = {i for i in range(len(NAMES)) if "No kind of inputs hides it" in said(picture, f"row{i}")}
    hidden = set(range(len(NAMES))) - seen
    assert max(top(picture, f"row{i}") for i in hidden) < min(top(picture, f"row{i}") for i in seen)
    assert [len(hidden), len(seen)] == [19, 18]


def top(picture, name):
    return float(parts(picture, name)[0][0].get("y"))


def test_the_lab_fits_and_all_that_can_be_touched_leads_somewhere(lab):
    fits(check_touch(lab))


def test_the_audit_draws_a_missing_path_in_red_with_a_sign():
    explorer = check_touch(audit(rnn.diagnose(BY_NAME["the loop leaves out step T"].backward)))
    picture = explorer.picture()
    assert words(picture, "c5-2") == ["✗ 0"]
    assert said(picture, "c5-2").endswith("is missing from dW.")
    assert parts(picture, "c5-2")[0][0].get("stroke") == palette.BAD
    assert words(picture, "c4-2") == ["1"]
    assert "5 are red" in picture.caption
    assert not parts(picture, "all")                      # an audit has no sums, so no corner
    assert not parts(picture, "x1")                       # and no inputs, which no path of W meets
    assert len(parts(picture, "cell")) == 15 + 5 + 5       # the names of its rows and columns
    assert [words(picture, f"{letter}5") for letter in "rf"] == [["L5"], ["k = 5"]]
    assert said(picture, "r5") == "Row 5: 5 of 5 missing."
    assert said(picture, "r4") == "Row 4: all there, once each."
    assert said(picture, "f2") == "Column 2: 1 of 4 missing."


def test_the_audit_draws_a_patient_as_its_page_says():
    patient = check.patient(1)
    assert audit(patient).picture() == audit(patient.symptoms).picture()
    said = patient._repr_html_()
    assert "is in its dW: 1 is right. <code>explorers.audit(check.patient(1))</code> draws it." in said
    assert "is in its dW (1 is right):" in repr(patient)
    assert "in your dW" not in said + repr(patient)
    assert "in your dW" in patient.symptoms._repr_html_()


def test_the_audit_of_a_dW_that_is_no_sum_of_terms_is_refused_in_words():
    with pytest.raises(ValueError, match="no sum of whole terms"):
        audit(rnn.diagnose(BY_NAME["transpose missing in the horizontal step"].backward))


def test_no_switch_hides_what_is_wrong_at_every_step():
    settings = product((1, 2, 5), (1, 6), ("random", "symmetric", "nearly 0"), ("random", "0"), ("every step", "last step only"))
    for setting in settings:
        network = network_to_check(*setting)
        assert max(errors_on(network, BY_NAME["h_{t-1} for h_t in dU"].backward).values()) > 1e-2
        assert max(errors_on(network, BY_NAME["sign flipped"].backward).values()) > 1e-2


def test_the_lab_checks_against_gradients_that_bptt_agrees_with():
    for inputs in KINDS.values():
        assert max(errors_on(network_to_check(**inputs), rnn.bptt).values()) < 1e-13
