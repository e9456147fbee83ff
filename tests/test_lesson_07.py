import re
from functools import partial

import numpy as np
import pytest
from exercises import blank, cell, solution_of
from lessons import ROOT, ran, read
from pictures import fits, parts, said, shown, texts, words
from touch import check as check_touch
from touch import marks

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import palette
from rnn_lib.copies import copy_gradients
from rnn_lib.explorers import contributions, paths
from rnn_lib.explorers.contributions import contribution_triangle, short, values

EXERCISES = [check.q07_1, check.q07_2]


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("answer", [..., None, blank])
def test_a_blank_answer_is_not_attempted(exercise, answer):
    assert exercise(answer).status == "not attempted"


@pytest.mark.parametrize(("exercise", "name"), [(check.q07_1, "three_terms"), (check.q07_2, "my_dW")])
def test_the_published_solution_is_judged_right(exercise, name):
    verdict = exercise(solution_of(exercise)[name])
    assert verdict.ok, verdict


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_answer_that_is_no_function_or_gives_nan_is_wrong(exercise):
    assert exercise(3.5).status == "wrong"
    assert exercise(lambda *args: (np.nan,) * (3 if exercise is check.q07_1 else 1)).status in ("wrong", "wrong shape")
    assert exercise(lambda *args: None).status == "wrong"


def forward_by_hand(w, v, b, x, h_0):
    h_1 = np.tanh(w * h_0 + v * x[0] + b)
    h_2 = np.tanh(w * h_1 + v * x[1] + b)
    h_3 = np.tanh(w * h_2 + v * x[2] + b)
    return h_1, h_2, h_3


def terms(formula):
    """An answer to exercise 1.   formula: (w, h_0, h_1, h_2, h_3, s1, s2, s3) -> three terms"""
    def answer(w, v, b, x, h_0):
        h_1, h_2, h_3 = forward_by_hand(w, v, b, x, h_0)
        return formula(w, h_0, h_1, h_2, h_3, *(1 - h ** 2 for h in (h_1, h_2, h_3)))
    return answer


WRONG_TERMS = [
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (0, 0, h2 * s3)), "simple chain rule"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (h2 * s3, w * s3 * h1 * s2, w * s3 * w * s2 * h0 * s1)), "in the wrong order"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (w * w * h0, w * h1, h2)), "f' is missing everywhere"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (w * s3 * w * s2 * h0, w * s3 * h1, h2)), "missing from the immediate"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (w * w * h0 * s1, w * h1 * s2, h2 * s3)), "missing from the Jacobians"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (s3 * s2 * h0 * s1, s3 * h1 * s2, h2 * s3)), "w is missing"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (w ** 3 * s3 * s2 * s1 * h0 * s1, w * w * s3 * s2 * h1 * s2, w * s3 * h2 * s3)),
     "one too long"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (h0 * s1, h1 * s2, h2 * s3)), "the Jacobians are missing"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (w * s3 * s2 * h0 * s1, w * s3 * h1 * s2, h2 * s3)), "How many w do you have"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (w * s2 * w * s1 * h0 * s1, w * s2 * h1 * s2, h2 * s3)),
     "the step they start from"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (w * s3 * h0 * s1, w * s3 * h1 * s2, h2 * s3)), "one Jacobian is missing"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (h0 * s1, h1 * s2 + w * s2 * h0 * s1,
                                                  h2 * s3 + w * s3 * (h1 * s2 + w * s2 * h0 * s1))), "those are dh_1/dw"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (w * s3 * w * s2 * h1 * s1, w * s3 * h2 * s2, h3 * s3)), "one too high"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (0, w * s3 * h1 * s2, h2 * s3)), "h_0 is not zero"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (w * s3 * w * s2 * s1, w * s3 * s2, s3)), "factor h_{k-1} is missing"),
    (terms(lambda w, h0, h1, h2, h3, *_: (w * (1 - h3) * w * (1 - h2) * h0 * (1 - h1), w * (1 - h3) * h1 * (1 - h2),
                                          h2 * (1 - h3))), "square is missing"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (w * s3 * w * s2 * h0 * s1, w * s3 * (h1 * s2 + w * s2 * h0 * s1),
                                                  h2 * s3 + w * s3 * (h1 * s2 + w * s2 * h0 * s1))), "total derivatives"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: (w * s3 * w * s2 * h0 * s1, w * s3 * h1 * s2, 2 * h2 * s3)), "twice too"),
    (terms(lambda w, h0, h1, h2, h3, s1, s2, s3: w * s3 * w * s2 * h0 * s1 + w * s3 * h1 * s2 + h2 * s3), "not their sum"),
    (lambda *a: None, "returned nothing"), (lambda *a: 1.0, "Return the three"), (lambda *a: [1.0, 2.0], "got 2 values"),
    (lambda w, v, b, x, h_0: (h_0, undefined, 0), "NameError"),       # noqa: F821
]


@pytest.mark.parametrize(("answer", "sentence"), WRONG_TERMS)
def test_every_wrong_expansion_gets_its_sentence(answer, sentence):
    verdict = check.q07_1(answer)
    assert verdict.status == "wrong"
    assert sentence in verdict.message, verdict


def test_a_jacobian_asked_for_k_first_is_told_the_order():
    turned = cell("def my_dW(params, run, do):\n    return sum(rnn.jacobian(params, run, k, t) for t in (1, 2) for k in (1, 2))")
    assert "takes t first, then k" in check.q07_2(turned).message


@pytest.mark.parametrize("container", [list, np.array])
def test_the_three_terms_may_come_in_a_list_or_an_array(container):
    three = solution_of(check.q07_1)["three_terms"]
    assert check.q07_1(lambda *arguments: container(three(*arguments))).ok


def test_tanh_applied_twice_is_named():
    def answer(w, v, b, x, h_0):
        h = forward_by_hand(w, v, b, x, h_0)
        s1, s2, s3 = (1 - np.tanh(value) ** 2 for value in h)
        return w * s3 * w * s2 * h_0 * s1, w * s3 * h[0] * s2, h[1] * s3
    assert "applied tanh twice" in check.q07_1(answer).message


def test_the_three_terms_add_up_to_the_measured_slope():
    arguments = (.7, -.2, np.array([.5, -.4, .9]), .6)
    three = solution_of(check.q07_1)["three_terms"](1.3, *arguments)
    assert sum(three) == pytest.approx(forward_by_hand(1.3 + 1e-20j, *arguments)[2].imag / 1e-20, rel=1e-14)


def double_sum(term, pairs=lambda T: [(t, k) for t in range(1, T + 1) for k in range(1, t + 1)]):
    """An answer to exercise 2.   term: (params, run, do, slope, t, k) -> what is added for (t, k)"""
    def answer(params, run, do):
        slope = run.f.slope(run.a)
        return sum(term(params, run, do, slope, t, k) for t, k in pairs(len(do)))
    return answer


def right_term(params, run, do, slope, t, k):
    return np.outer(slope[k - 1] * (do[t - 1] @ params.U @ rnn.jacobian(params, run, t, k)), run.h[k - 1])


def with_jacobians(steps=lambda t, k: range(t, k, -1), J=lambda slope, W: slope[:, None] * W):
    """An answer whose product of Jacobians is something else.   steps: (t, k) -> left to right     J: (f'(a_i), W) -> J_i"""
    def term(params, run, do, slope, t, k):
        row = do[t - 1] @ params.U
        for i in steps(t, k):
            row = row @ J(slope[i - 1], params.W)
        return np.outer(slope[k - 1] * row, run.h[k - 1])
    return double_sum(term)


def without_slope_at_k(params, run, do, slope, t, k):
    return np.outer(do[t - 1] @ params.U @ rnn.jacobian(params, run, t, k), run.h[k - 1])


def without_slopes(params, run, do, slope, t, k):
    return np.outer(do[t - 1] @ params.U @ np.linalg.matrix_power(params.W, t - k), run.h[k - 1])


def state_one_later(params, run, do, slope, t, k):
    return np.outer(slope[k - 1] * (do[t - 1] @ params.U @ rnn.jacobian(params, run, t, k)), run.h[k])


def from_zero(params, run, do, slope, t, k, product=np.outer, jacobian=0, state=0):
    """The term of loss t+1 and use k+1.   jacobian, state: how many rows too early"""
    J = rnn.jacobian(params, run, t + 1 - jacobian, k + 1 - jacobian)
    return product(slope[k] * (do[t] @ params.U @ J), run.h[k - state])


def pairs_from_zero(T):
    return [(t, k) for t in range(T) for k in range(t + 1)]


def with_a_column(params, run, do, slope, t, k):
    return np.outer(slope[k - 1] * (rnn.jacobian(params, run, t, k) @ params.U.T @ do[t - 1]), run.h[k - 1])


def times_total(params, run, do, slope, t, k):
    """The path (t, k), as often as total derivatives would count it"""
    return (t - k + 1) * right_term(params, run, do, slope, t, k)


def triangle(T):
    return [(t, k) for t in range(1, T + 1) for k in range(1, t + 1)]


WRONG_DW = [
    (with_jacobians(lambda t, k: ()), "the Jacobians are missing"),
    (double_sum(right_term, lambda T: [(t, t) for t in range(1, T + 1)]), "only the terms with k = t"),
    (double_sum(right_term, lambda T: [(t, k) for t, k in triangle(T) if k < t]), "current step left out"),
    (double_sum(right_term, lambda T: [(T, T)]), "where += is due"),
    (double_sum(right_term, lambda T: [(t, k) for t, k in triangle(T) if t == T]), "only the last loss"),
    (double_sum(right_term, lambda T: triangle(T - 1)), "the last loss is missing"),
    (double_sum(right_term, lambda T: [(t, k) for t, k in triangle(T) if t > 1]), "the first loss is missing"),
    (double_sum(right_term, lambda T: [(t, k) for t, k in triangle(T) if k > 1]), "the use at step 1 is missing"),
    (double_sum(right_term, lambda T: [(t, 1) for t in range(1, T + 1)]), "only the use at step 1"),
    (double_sum(right_term, lambda T: [*triangle(T), (2, 1)]), "yours holds C[2,1] 2 times"),
    (double_sum(right_term, lambda T: [(t, k) for t, k in triangle(T) if t - k < 2]), "one step back and no further"),
    (double_sum(right_term, lambda T: [(t, k) for t, k in triangle(T) if t - k < 3]), "yours holds C[4,1] not at all"),
    (double_sum(times_total), "total derivative taken for the immediate one"),
    (double_sum(lambda *a: right_term(*a).T), "dW transposed"),
    (double_sum(lambda *a: -right_term(*a)), "sign flipped"),
    (double_sum(lambda p, run, do, *a: right_term(p, run, do, *a) / len(do)), "mean for sum"),
    (double_sum(state_one_later), "h_t for h_{t-1}"),
    (double_sum(without_slope_at_k), "f' is missing at step k"),
    (double_sum(without_slopes), "f' is missing everywhere"),
    (with_jacobians(J=lambda slope, W: W), "f' is missing from your Jacobians"),
    (with_jacobians(J=lambda slope, W: slope * W), "scale the columns"),
    (with_jacobians(J=lambda slope, W: slope[:, None] * W.T), "W is transposed"),
    (with_jacobians(lambda t, k: range(k + 1, t + 1)), "Jacobians in the wrong order"),
    (with_jacobians(lambda t, k: range(t, k - 1, -1)), "one Jacobian too many"),
    (with_jacobians(lambda t, k: range(t, k + 1, -1)), "one Jacobian too short"),
    (with_jacobians(J=lambda slope, W: (slope[:, None] * W).T), "Jacobians are transposed"),
    (double_sum(with_a_column), "Jacobians are transposed"),
    (double_sum(partial(from_zero, jacobian=1), pairs_from_zero), "of one step earlier"),
    (double_sum(partial(from_zero, state=1), pairs_from_zero), "h is one step too early"),
    (double_sum(partial(from_zero, product=lambda a, b: np.tile(a * b, (len(a), 1))), pairs_from_zero), "an outer product"),
    (double_sum(right_term, lambda T: [(t, k) for t in range(1, T + 1) for k in range(t)]), "your k begins at 0"),
    (double_sum(right_term, lambda T: [(t, k) for t in range(1, T + 1) for k in range(t + 1)]), "your k begins at 0"),
    (double_sum(right_term, lambda T: [(t, k) for t in range(T) for k in range(t)]), "your t and k begin at 0"),
    (double_sum(right_term, lambda T: [(t, k) for t in range(T) for k in range(t + 1)]), "your t and k begin at 0"),
    (double_sum(lambda params, run, do, slope, t, k: right_term(params, run, do, run.f.slope(run.h[1:]), t, k)),
     "of run.h it applies tanh twice"),
    (lambda params, run, do: rnn.bptt_by_definition(params, run._replace(a=run.h[1:]), do).W, "applies tanh twice"),
    (double_sum(right_term, lambda T: [(T, k) for k in range(1, T + 1)]), "that output has a loss of its own"),
    (lambda params, run, do: np.outer(do[len(do)] @ params.U, run.h[0]), "which row belongs to step t"),
    (double_sum(right_term, lambda T: [(t, k) for t in range(1, T + 1) for k in range(1, T + 1)]), "no use after step t"),
    (lambda params, run, do: np.full(params.W.shape, np.nan), "NaN"),
    (lambda params, run, do: params.W, "right shape, but"),
    (lambda params, run, do: params.U @ params.V.T, "ValueError"),
]


@pytest.mark.parametrize(("answer", "sentence"), WRONG_DW)
def test_every_wrong_double_sum_gets_its_sentence(answer, sentence):
    verdict = check.q07_2(answer)
    assert verdict.status == "wrong"
    assert sentence in verdict.message, verdict


def test_a_gradient_of_another_shape_and_one_that_changes_its_arguments_are_told():
    assert check.q07_2(lambda params, run, do: rnn.bptt(params, run, do).V).status == "wrong shape"
    assert "np.outer" in check.q07_2(double_sum(partial(from_zero, product=np.multiply), pairs_from_zero)).message
    assert "the single terms" in check.q07_2(lambda *case: rnn.contributions(*case, "W")).message
    for axis in (0, 1):
        assert "still to be added up" in check.q07_2(lambda *case, axis=axis: rnn.contributions(*case, "W").sum(axis)).message

    def in_place(params, run, do):
        do *= 2
        return rnn.bptt(params, run, do).W
    assert " in place: work on a new array" in check.q07_2(in_place).message


@pytest.mark.parametrize("route", [rnn.bptt, rnn.bptt_by_definition, rnn.rtrl])
def test_a_call_of_the_library_for_dW_is_told_to_be_one(route):
    verdict = check.q07_2(lambda *case: route(*case).W)
    assert verdict.status == "wrong"
    assert f"rnn.{route.__name__} does it for you: write it yourself" in verdict.message


@pytest.fixture(scope="module")
def network():
    """The network of the lesson"""
    rng = np.random.default_rng(1)
    params = rnn.init_parameters(D=3, H=5, K=4, rng=rng)
    return params, rng.standard_normal((12, 3)), rng.standard_normal(5), rng.integers(4, size=12)


@pytest.fixture(scope="module")
def unit():
    """One unit, whose J_i have both signs: it makes the pictures harder than the lesson's"""
    rng = np.random.default_rng(3)
    params = rnn.Parameters(*(np.array(a) for a in ([[.8]], [[-1.1]], [[1.5]], [.1], [-.2])))
    return params, rng.standard_normal((12, 1)), rng.standard_normal((12, 1)), np.array([.5])


@pytest.fixture(scope="module")
def path_explorer(unit):
    params, x, y, h_0 = unit
    return paths(params, x, y, h_0, loss=rnn.squared_error)


def number(text):
    """0.52, −0.0034 or −3.0·10⁻⁵, as short() wrote it, brackets or not"""
    text = text.strip("()").translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789"))
    mantissa, _, power = text.partition("·10")
    return float(mantissa) * 10.0 ** float(power or 0)


@pytest.mark.parametrize(("T", "t", "k"), [(1, 1, 1), (5, 5, 5), (5, 5, 4), (9, 6, 2), (12, 12, 1), (12, 7, 6)])
def test_a_touched_cell_multiplies_the_right_numbers(T, t, k, path_explorer, unit):
    params, x, y, h_0 = unit
    sentence = said(shown(path_explorer, T=T), f"c{t}-{k}")
    run = rnn.forward(params, x[:T], h_0)
    do = rnn.squared_error(run.o, y[:T])[1]
    product, result = sentence.removeprefix(f"Loss {t}, use {k}: C[{t},{k}] = ").partition("; ")[0].split(" ≈ ")
    first, *jacobians, immediate = product.split(" × ")
    assert number(result) == pytest.approx(rnn.contributions(params, run, do, "W")[t - 1, k - 1, 0, 0], rel=.06)
    assert number(first) == pytest.approx(1.5 * do[t - 1, 0], rel=.06)
    if "…" not in jacobians:
        assert np.prod([*map(number, jacobians)]) == pytest.approx(rnn.jacobian(params, run, t, k)[0, 0], rel=.12)
    assert number(immediate) == pytest.approx(run.h[k - 1, 0] * (1 - run.h[k, 0] ** 2), rel=.06)
    assert ("no Jacobian, so the factor 1" if t == k else "one Jacobian" if t == k + 1 else f"{t - k} Jacobians") in sentence
    if t > k:
        told = number(sentence.removesuffix(".").split()[-1])
        assert told == pytest.approx(rnn.jacobian(params, run, t, k)[0, 0], rel=.06)


def test_the_triangle_opens_with_a_path_lit(network):
    params, x, h_0, y = network
    assert contributions(params, x, y, h_0).held == "c6-3"


def test_a_touched_cell_lights_its_use_its_jacobians_and_its_loss_and_nothing_else(path_explorer):
    picture = shown(path_explorer, T=12)
    for t, k in ((12, 12), (12, 11), (12, 1), (4, 2)):
        lit = next(e for e in marks(picture) if f"c{t}-{k}" in e.get("class", "").split()).get("data-lights").split()
        assert sorted(name for name in lit if name[0] == "j") == sorted(f"j{i}" for i in range(k + 1, t + 1))
        assert {name for name in lit if name[0] in "Lu"} == {f"L{t}", f"u{t}", f"use{k}"}


def test_the_length_of_the_sequence_does_not_change_a_path(path_explorer):
    cells = [parts(shown(path_explorer, T=T), "c5-2")[0] for T in range(5, 13)]
    assert len({(cell.get("data-says"), cell[0].get("fill-opacity")) for cell in cells}) == 1


def test_every_factor_stands_at_its_edge(path_explorer, unit):
    params, x, _, h_0 = unit
    run = rnn.forward(params, x, h_0)
    picture = shown(path_explorer, T=12)
    for i in (2, 7, 12):
        assert words(picture, f"j{i}") == [f"J{i} {short(rnn.jacobian(params, run, i, i - 1)[0, 0])}"]


def test_every_path_fits_and_all_that_can_be_touched_leads_somewhere(path_explorer):
    fits(check_touch(path_explorer))


@pytest.mark.parametrize("T_max", [1, 2, 7])
def test_paths_can_be_shown_for_any_length(T_max, unit):
    params, x, y, _ = unit
    explorer = paths(params, x[:T_max], y[:T_max], loss=rnn.squared_error)
    assert ("One step" in explorer.picture().caption) == (T_max == 1)


def test_paths_refuse_more_than_one_unit(network):
    params, x, h_0, y = network
    with pytest.raises(ValueError, match="one hidden unit"):
        paths(params, x, y, h_0)


@pytest.mark.parametrize(("value", "text"), [
    (0.523, "0.523"), (1.2, "1.200"), (-0.0034, "−0.0034"), (0.0672, "0.067"), (3.4e-5, "3.4·10⁻⁵"), (-9.6e-4, "−9.6·10⁻⁴"),
    (0.0, "0"), (-12.345, "−12.345"), (9.96e-4, "1.0·10⁻³")])
def test_numbers_on_a_path_are_short(value, text):
    assert short(value) == text


@pytest.fixture(scope="module", params=["W", "V", "b_h"])
def triangle_explorer(request, network):
    params, x, h_0, y = network
    entry = (3,) if request.param == "b_h" else (3, 2)
    return request.param, entry, contributions(params, x, y, h_0, request.param, entry=entry)


def gradient(network, name, T):
    """By the recursion, for a sequence cut after T steps: a route the explorer does not take"""
    params, x, h_0, y = network
    run = rnn.forward(params, x[:T], h_0)
    return getattr(rnn.bptt(params, run, rnn.cross_entropy(run.o, y[:T])[1]), name)


@pytest.mark.parametrize("T", [1, 2, 4, 12])
def test_the_corner_of_the_triangle_is_the_gradient(T, triangle_explorer, network):
    name, entry, explorer = triangle_explorer
    expected = gradient(network, name, T)
    told = re.search(r"[+−]?\d\.\d+", said(shown(explorer, T=T, view="entry"), "all"))[0].replace("−", "-")
    assert float(told) == pytest.approx(expected[entry], abs=.0051 if abs(expected[entry]) >= .005 else .000051)
    assert "+100 % of" in said(shown(explorer, T=T, view="share"), "all")
    assert ("The only term" if T == 1 else f"All {T * (T + 1) // 2} terms") in said(explorer.picture(), "all")


def test_all_triangles_fit_and_all_that_can_be_touched_leads_somewhere(triangle_explorer):
    fits(check_touch(triangle_explorer[2]))


def test_heads_and_feet_say_what_they_add_up(network):
    params, x, h_0, y = network
    picture = shown(contributions(params, x, y, h_0), T=4)
    assert said(picture, "r3").startswith("Row 3, Σₖ: W changes loss 3 through its uses at steps 1 to 3. Together ")
    assert said(picture, "f3").startswith("Column 3, Σₜ: the use at step 3 changes losses 3 and 4. Together ")
    assert said(picture, "f4").startswith("Column 4, Σₜ: the use at step 4 changes loss 4 only. Together ")


def test_an_edge_and_a_loss_say_the_same_in_every_view_so_that_the_frames_share_them(network):
    params, x, h_0, y = network
    explorer = contributions(params, x, y, h_0)
    for name, place in (("w3", "f3"), ("L3", "r3")):
        brief = {said(shown(explorer, T=4, view=view), name) for view in ("share", "entry")}
        assert len(brief) == 1
        words = brief.pop()
        assert words.endswith("Its sum stands below it." if place == "f3" else "Its sum stands at the left.")
        adds_up = words[:words.rindex(" Its sum")]
        assert said(explorer.picture(), place).startswith(f"{adds_up} Together ")


@pytest.mark.parametrize(("name", "letters"), [("W", ["W"]), ("V", ["V"]), ("b_h", [])])
def test_the_letter_at_the_gold_edge_is_gold(name, letters, network):
    params, x, h_0, y = network
    picture = contributions(params, x, y, h_0, name).picture()
    lit = next(part for part in parts(picture, "use3") if part.get("class") == "when use3")
    written = [element for element in lit.iter() if element.tag.endswith("text")]
    assert ["".join(element.itertext()) for element in written] == letters
    assert all(element.get("fill") == palette.USE for element in written)


@pytest.mark.parametrize(("view", "key"), [("entry", "how much loss t changes"), ("share", "the share of loss t in dL/dW")])
def test_the_key_says_what_the_sums_are_in_this_view(view, key, network):
    params, x, h_0, y = network
    written = texts(shown(contributions(params, x, y, h_0), T=12, view=view))
    assert len([text for text in written if text.startswith("left") and key in text]) == 1
    assert len([text for text in written if text.startswith(("left", "below"))]) == 2


def test_the_triangle_of_one_unit_has_one_style_of_numbers_and_small_letters(path_explorer):
    picture = shown(path_explorer, T=12)
    cells = [words(picture, f"c{t}-{k}")[0] for t in range(1, 13) for k in range(1, t + 1)]
    margins = [words(picture, f"{letter}{t}")[0].split()[-1] for letter in "rf" for t in range(1, 13)]
    assert all(re.fullmatch(r"[+−]\d+\.\d{3}|≈ 0", text) for text in cells + margins)
    assert [words(picture, f"{letter}5")[0] for letter in "wu"] == ["w", "u"]


@pytest.mark.parametrize("view", ["share", "entry"])
def test_cells_add_up_to_their_margins_and_these_to_the_corner(view, network):
    cells, rows, columns, corner = values(C_of(network), view, (3, 2))
    assert cells.sum(1) == pytest.approx(rows, rel=1e-12)
    assert cells.sum(0) == pytest.approx(columns, rel=1e-12)
    assert rows.sum() == pytest.approx(corner, rel=1e-12)
    assert columns.sum() == pytest.approx(corner, rel=1e-12)
    assert view == "entry" or corner == pytest.approx(100)


def C_of(network, T=12):
    params, x, h_0, y = network
    run = rnn.forward(params, x[:T], h_0)
    return rnn.contributions(params, run, rnn.cross_entropy(run.o, y[:T])[1], "W")


def test_a_column_sum_is_the_gradient_of_a_named_copy(network):
    params, x, h_0, y = network
    by_copy = copy_gradients(params, x, y, h_0)
    assert np.allclose(values(C_of(network), "entry", (3, 2))[2], by_copy[:, 3, 2], rtol=1e-10)


def test_signs_are_told_by_colour_and_by_sign(network):
    body = contribution_triangle(C_of(network), 12, "share").body
    cells = re.findall(r'class="cell c\d.*?fill="(#\w+)" fill-opacity="[\d.]+".*?<text[^>]*>([^<]*)</text>', body)
    assert len(cells) == 78
    assert {colour for colour, text in cells if text.startswith("+")} == {palette.PLUS}
    assert {colour for colour, text in cells if text.startswith("−")} == {palette.MINUS}


def test_what_rounds_to_zero_is_told_from_what_is_zero(network):
    for view in ("share", "entry"):
        shown_words = contribution_triangle(C_of(network), 12, view).body.replace("<", ">").split(">")
        assert "≈ 0" in shown_words
        assert "0.00" not in shown_words
    params, x, _, y = network
    run = rnn.forward(params, x)
    C = rnn.contributions(params, run, rnn.cross_entropy(run.o, y)[1], "W")
    assert contribution_triangle(C, 12, "share").body.count(">0</text>") == 12 + 2          # column 1, its foot and row 1


def test_the_words_of_a_cell_fit_into_it(network):
    for view in ("share", "entry"):
        body = contribution_triangle(1.7 * C_of(network), 12, view).body
        assert max(len(text) for text in re.findall(r">([+−]?[\d.]+)</text>", body)) <= 6


def test_a_gradient_of_zero_has_no_shares_and_no_nan():
    C = np.zeros((3, 3, 2, 2))
    assert not np.isnan(values(C, "share")[0]).any()
    assert "nan" not in contribution_triangle(C, 3, "share").body.lower()


def test_the_triangle_needs_no_initial_state_and_takes_another_loss(network):
    params, x, _, _ = network
    y = np.random.default_rng(0).standard_normal((12, 4))
    explorer = contributions(params, x[:3], y[:3], loss=rnn.squared_error)
    assert "All 6 terms" in said(shown(explorer, T=3, view="share"), "all")


def test_on_a_phone_twelve_steps_have_signs_for_numbers_and_a_touch_still_lights_the_whole_path(path_explorer):
    wide, slim = path_explorer.pictures[-1], path_explorer.slim[-1]
    numbers, signs = ({mark.get("class").split()[1]: "".join(mark.itertext()) for mark in marks(picture) if " row" in
                       mark.get("class")} for picture in (wide, slim))
    assert len(signs) == 78
    assert signs == {name: "−" if number.startswith("−") else "" for name, number in numbers.items()}
    assert "−" in signs.values()
    assert {str(t) for t in range(13)} <= set(texts(slim))                       # the nodes: their steps
    ways = [{mark.get("class"): mark.get("data-lights") for mark in marks(picture)} for picture in (wide, slim)]
    assert ways[0] == ways[1]


def test_the_numbers_of_the_votes_on_one_unit_and_on_a_state_of_zeros():
    names = ran(read(ROOT / "notebooks" / "07_gradient_W.ipynb"), "07-01", "07-03", "07-06", "07-18", "07-29")
    assert f"{names['simple']:.2f} {names['measured']:.2f}" == "0.58 0.83"
    assert names["empty"] == [f"C[{t},1]" for t in range(1, 13)]
    assert not names["C"][np.triu_indices(12, 1)].any()             # above the diagonal: zero at every h_0
    one = ran(read(ROOT / "notebooks" / "07_gradient_W.ipynb"), "07-01", "07-03", "07-06")
    three = solution_of(check.q07_1)["three_terms"](*(one[letter] for letter in ("w", "v", "b", "x", "h_0")))
    assert sum(three) == pytest.approx(one["measured"], rel=1e-8)
    assert 0 < three[0] < three[1] < three[2]                       # the older the use, the smaller its term


def test_one_loop_is_right_and_reminded_of_the_definition():
    sweep = solution_of(check.q08_2)["my_dW"]
    assert check.q07_2(sweep).ok
    assert "dW, by one loop. (8) has two" in check.q07_2(sweep).message
    assert "10 terms for T = 4" in check.q07_2(solution_of(check.q07_2)["my_dW"]).message


def test_what_the_lesson_finds_in_the_triangle_of_one_unit():
    names = ran(read(ROOT / "notebooks" / "07_gradient_W.ipynb"), "07-01", "07-14")
    one_unit, inputs = names["one_unit"], names["inputs"]
    run = rnn.forward(one_unit, inputs, np.array([.5]))
    J = .9 * run.f.slope(run.a)
    assert 0 < J.min() < J.max() < 1
    row_8 = rnn.contributions(one_unit, run, rnn.squared_error(run.o, names["targets"])[1], "W")[7, :8, 0, 0]
    assert abs(row_8[6]) > abs(row_8[7])                            # from k = 8 to k = 7 the cell grows
    assert row_8[3] * row_8[4] < 0                                  # from k = 5 to k = 4 it changes its sign


def test_the_product_of_two_jacobians_is_what_is_measured_and_not_the_other_order():
    names = ran(read(ROOT / "notebooks" / "07_gradient_W.ipynb"), "07-01", "07-15b")
    J_2, J_3, pair = names["J_2"], names["J_3"], names["pair"]
    reaction = rnn.complex_step(lambda h: names["h_3"](h) @ [1, 1], pair.h[1])
    assert rnn.relative_error(reaction, np.ones(2) @ J_3 @ J_2) < 1e-12
    assert rnn.relative_error(J_2 @ J_3, J_3 @ J_2) > .1
