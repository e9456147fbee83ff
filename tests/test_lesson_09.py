import re

import numpy as np
import pytest
from exercises import blank, solution_of
from pictures import fits, parts, said, shown, words
from touch import check as check_touch

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib.checks import lesson_09
from rnn_lib.checks.lesson_09 import ENDS, SUMS
from rnn_lib.checks.networks import messages
from rnn_lib.clinic import MISTAKES
from rnn_lib.diagrams.wording import signed
from rnn_lib.explorers import inputs_and_start

EXERCISES = {check.q09_1: "my_V", check.q09_2: "my_dS_dx", check.q09_3: "my_bptt"}
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=EXERCISES.values())
every_function = pytest.mark.parametrize("exercise", [check.q09_2, check.q09_3])


@every_exercise
def test_a_blank_answer_is_not_attempted(exercise):
    assert exercise(...).status == "not attempted"


@every_function
def test_a_stub_that_raises_is_not_attempted(exercise):
    assert exercise(blank).status == "not attempted"


@every_exercise
def test_hints_go_on_to_the_last_line(exercise):
    hints = [exercise.hint().message for _ in range(4)]
    assert "last" in hints[-1]
    assert len(set(hints)) == 4


@every_exercise
def test_the_published_solution_is_judged_right(exercise):
    verdict = exercise(solution_of(exercise)[EXERCISES[exercise]])
    assert verdict.ok, verdict


@every_function
def test_a_value_that_is_no_function_is_wrong(exercise):
    verdict = exercise(np.zeros((5, 3)))
    assert verdict.status.startswith("wrong")
    assert "pass the function itself" in verdict.message


@every_function
def test_an_error_in_the_answer_is_reported_with_its_name(exercise):
    verdict = exercise(lambda *args: undefined)       # noqa: F821
    assert verdict.status.startswith("wrong")
    assert "NameError" in verdict.message


def dV(run, dh, da):
    return da.T @ run.x


def db(run, dh, da):
    return da.sum(0)


def loop(rows, left=lambda run, dh, da: da, right=lambda run: run.x):
    """dV by a loop over rows, as a learner writes it"""
    return lambda run, dh, da: sum(np.outer(left(run, dh, da)[t], right(run)[t]) for t in rows(len(da)))


WRONG_DV = [
    (lambda run, dh, da: sum(np.outer(da[t - 1], run.x[t]) for t in range(1, len(da))), r"x_\{t\+1\} for x_t"),
    (lambda run, dh, da: da.T @ np.roll(run.x, -1, axis=0), r"x_\{t\+1\} for x_t"),
    (lambda run, dh, da: sum(np.outer(da[t - 1], run.x[t - 2]) for t in range(1, len(da) + 1)), r"x_\{t-1\} for x_t, and row -1"),
    (lambda run, dh, da: da[1:].T @ run.x[:-1], r"x_\{t-1\} for x_t"),
    (lambda run, dh, da: da.T @ run.h[:-1], "that is dW"),
    (lambda run, dh, da: da.T @ run.h[1:], "V is not multiplied with it"),
    (loop(range, left=lambda run, dh, da: dh), "f' is missing"),
    (lambda run, dh, da: ((1 - run.h[1:] ** 2) * da).T @ run.x, "f' is in it twice"),
    (lambda run, dh, da: run.x.T @ da, "transposed"),
    (lambda run, dh, da: np.mean([np.outer(a, b) for a, b in zip(da, run.x, strict=True)], axis=0), "a mean"),
    (lambda run, dh, da: -dV(run, dh, da), "sign is flipped"),
    (lambda run, dh, da: np.array([np.outer(a, b) for a, b in zip(da, run.x, strict=True)]), "the parts, still to be added up"),
    (lambda run, dh, da: np.outer(da.sum(0), run.x.sum(0)), "product of two sums"),
    (loop(lambda T: [T - 1]), "only the last step"),
    (loop(lambda T: [0]), "only step 1"),
    (loop(lambda T: range(1, T)), "step 1 is missing"),
    (loop(lambda T: range(T - 1)), "the last step is missing"),
    (lambda run, dh, da: np.zeros((6, 3)) if len(da) == 4 else np.zeros((5, 2)), "zeros only"),
    (lambda run, dh, da: np.nan * dV(run, dh, da), "NaN"),
]

WRONG_DB = [
    (lambda run, dh, da: dh.sum(0), "adds up dh"),
    (lambda run, dh, da: (run.f.slope(run.a) * da).sum(0), "f' is in it twice"),
    (lambda run, dh, da: da.mean(0), "a mean"),
    (lambda run, dh, da: -da.sum(0), "sign is flipped"),
    (lambda run, dh, da: da, "the parts, still to be added up"),
    (lambda run, dh, da: da.sum(1), "over the units"),
    (lambda run, dh, da: da.sum(), "you added up everything"),
    (lambda run, dh, da: da.sum(0, keepdims=True), "one more axis of length 1"),
    (lambda run, dh, da: da[-1], "only the last step"),
    (lambda run, dh, da: da[0], "only step 1"),
    (lambda run, dh, da: da[1:].sum(0), "step 1 is missing"),
    (lambda run, dh, da: da[:-1].sum(0), "the last step is missing"),
    (lambda run, dh, da: np.full(da.shape[1], np.nan), "NaN"),
]


@pytest.mark.parametrize(("wrong_dV", "sentence"), WRONG_DV)
def test_every_wrong_dV_gets_its_sentence(wrong_dV, sentence):
    verdict = SUMS(lambda *given: (wrong_dV(*given), db(*given)))
    assert verdict.status.startswith("wrong")
    assert re.search(f"dV.*{sentence}", verdict.message), verdict


@pytest.mark.parametrize(("wrong_db", "sentence"), WRONG_DB)
def test_every_wrong_db_h_gets_its_sentence(wrong_db, sentence):
    verdict = SUMS(lambda *given: (dV(*given), wrong_db(*given)))
    assert verdict.status.startswith("wrong")
    assert re.search(f"db_h.*{sentence}", verdict.message), verdict


def dx(p, dh, da):
    return da @ p.V


def dh_0(p, dh, da):
    return da[0] @ p.W


def rows(T, fill):
    """dx by a loop"""
    return lambda p, dh, da: np.array([fill(p, da, t) for t in range(T(da))])


WRONG_DX = [
    (lambda p, dh, da: dh @ p.V, "f' is missing"),
    (rows(len, lambda p, da, t: p.V.T @ da[t:].sum(0)), "a running total from the end"),
    (rows(len, lambda p, da, t: p.V.T @ da[:t + 1].sum(0)), "a running total"),
    (lambda p, dh, da: p.V.T @ da.sum(0), "you added the steps up: V is shared"),
    (lambda p, dh, da: dx(p, dh, da) / len(da), "divided by T"),
    (lambda p, dh, da: -dx(p, dh, da), "sign is flipped"),
    (lambda p, dh, da: p.V.T @ da.T, "transposed"),
    (lambda p, dh, da: np.roll(dx(p, dh, da), -1, axis=0), "one place too early"),
    (lambda p, dh, da: np.concatenate([dx(p, dh, da)[1:], np.zeros((1, p.V.shape[1]))]), "one place too early"),
    (rows(len, lambda p, da, t: p.V.T @ da[t - 1]), "one place too late"),
    (lambda p, dh, da: np.concatenate([np.zeros((1, p.V.shape[1])), dx(p, dh, da)[:-1]]), "one place too late"),
    (lambda p, dh, da: dx(p, dh, da)[::-1], "reverse order"),
    (lambda p, dh, da: da @ p.W, "goes on to h_"),
    (lambda p, dh, da: dx(p, dh, da) * (np.arange(len(da)) < len(da) - 1)[:, None], "the others are 0"),
    (lambda p, dh, da: dx(p, dh, da) * (np.arange(len(da)) > 0)[:, None], "the others are 0"),
    (lambda p, dh, da: dx(p, dh, da) * np.nan, "NaN"),
]

WRONG_START = [
    (lambda p, dh, da: p.W @ da[0], "goes through W'"),
    (lambda p, dh, da: p.W.T @ da[-1], "made from da_T"),
    (lambda p, dh, da: p.W.T @ da[1], "made from da_2"),
    (lambda p, dh, da: np.zeros_like(da[0]), "that is zero"),
    (lambda p, dh, da: p.W.T @ dh[0], "f' is missing"),
    (lambda p, dh, da: da[0], "you stopped at a_1"),
    (lambda p, dh, da: dh[0], "that is dh_1"),
    (lambda p, dh, da: p.W.T @ da.sum(0), "you added up all steps"),
    (lambda p, dh, da: da @ p.W, "for every t"),
    (lambda p, dh, da: p.V.T @ da[0], "that is dx_1"),
    (lambda p, dh, da: dh_0(p, dh, da) / len(da), "divided by T"),
    (lambda p, dh, da: -dh_0(p, dh, da), "sign is flipped"),
    (lambda p, dh, da: da[0] * np.nan, "NaN"),
]


@pytest.mark.parametrize(("wrong_dx", "sentence"), WRONG_DX)
def test_every_wrong_dx_gets_its_sentence(wrong_dx, sentence):
    verdict = ENDS(lambda *given: (wrong_dx(*given), dh_0(*given)))
    assert verdict.status.startswith("wrong")
    assert re.search(f"dx.*{sentence}", verdict.message), verdict


@pytest.mark.parametrize(("wrong_start", "sentence"), WRONG_START)
def test_every_wrong_dh_0_gets_its_sentence(wrong_start, sentence):
    verdict = ENDS(lambda *given: (dx(*given), wrong_start(*given)))
    assert verdict.status.startswith("wrong")
    assert re.search(f"dh_0.*{sentence}", verdict.message), verdict


def dS(params, S, x, do, da):
    return do.T @ x


def dx_with_S(params, S, x, do, da):
    return da @ params.V + do @ S


@pytest.mark.parametrize(("answer", "sentence"), [
    (lambda *given: (dS(*given), given[4] @ given[0].V), "dx: that is (14), for one arrow"),
    (lambda *given: (dS(*given), given[3] @ given[1]), "dx: that is the new arrow alone"),
    (lambda *given: (given[4].T @ given[2], dx_with_S(*given)), "that is dV, (12)"),
    (lambda *given: (dS(*given).T, dx_with_S(*given)), "row i of S makes score i"),
    (lambda *given: (dS(*given), dx_with_S(*given)[::-1].cumsum(0)[::-1]), "dx: you added the later steps"),
    (lambda *given: (dx_with_S(*given), dS(*given)), "return dS first, then dx"),
    (lambda *given: (dS(*given), given[4] @ given[0].V + given[1] @ given[3]), "S' do_t for all steps at once is do @ S")])
def test_every_wrong_gradient_with_one_arrow_more_gets_its_sentence(answer, sentence):
    verdict = check.q09_2(answer)
    assert verdict.status in ("wrong", "wrong shape")
    assert sentence in verdict.message, verdict


def test_one_arrow_more_is_judged_by_what_a_measurement_finds():
    params, S, x, do, da = check.q09_2.code.cases[0]
    h_0 = lesson_09.NETWORKS[0][1].h[0]
    def loss(x, S):
        return (do * (rnn.forward(params, x, h_0).o + x @ S.T)).sum()
    measured = rnn.complex_step(lambda S: loss(x, S), S), rnn.complex_step(lambda x: loss(x, S), x)
    assert rnn.relative_error(dS(params, S, x, do, da), measured[0]) < 1e-12
    assert rnn.relative_error(dx_with_S(params, S, x, do, da), measured[1]) < 1e-12


BY_HAND = solution_of(check.q09_1)["my_V"]


@pytest.mark.parametrize(("change", "sentence"), [
    ({"C[2,1]": -10}, "which input did V meet there"), ({"C[2,1]": 0}, "step 2 reads h_1"), ({"dV": 38}, "C[2,1] is missing"),
    ({"db_h": 5}, "used at step 1 as well"), ({"C[1,1]": 7}, "C[1,1]: what loss 1 sends"), ({"db_h": -4}, "beside b_h in a_k"),
    ({"dV": "x"}, "write a number for each"), ({"C[1,1]": 1, "C[2,1]": -.5, "C[2,2]": 6, "dV": 6.5}, "dV: that is dW")])
def test_every_wrong_number_by_hand_gets_its_sentence(change, sentence):
    assert sentence in check.q09_1(BY_HAND | change).message


def test_the_numbers_by_hand_are_those_of_a_network_with_one_unit():
    sent, h, x = {(1, 1): 2, (2, 1): -1, (2, 2): 3}, [.5, 2], [4, 10]
    assert [BY_HAND[f"C[{t},{k}]"] for t, k in sent] == [da * x[k - 1] for (_, k), da in sent.items()]
    assert BY_HAND["dV"] == sum(BY_HAND[f"C[{t},{k}]"] for t, k in sent)
    assert BY_HAND["db_h"] == sum(sent.values())
    assert [da * h[k - 1] for (_, k), da in sent.items()] == [1, -.5, 6]                        # those of W, in the text


@pytest.mark.parametrize("route", [rnn.bptt, rnn.bptt_by_definition])
def test_the_library_itself_has_the_right_numbers_in_the_last_exercise_and_does_not_count(route):
    verdict = check.q09_3(lambda *case: route(*case))
    assert verdict.status.startswith("wrong")
    assert verdict.message == f"the numbers are right, but rnn.{route.__name__} does it for you: write it yourself"


def with_known(mistake):
    """A backward pass with one known mistake, its dx and dh_0 as they should be"""
    def backward(params, run, do):
        return rnn.bptt(params, run, do)._replace(**mistake.backward(params, run, do)._asdict())
    return backward


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m.name)
def test_every_mistake_of_the_clinic_is_named_in_the_last_exercise(mistake):
    verdict = check.q09_3(with_known(mistake))
    assert verdict.status.startswith("wrong")
    assert verdict.message.startswith(mistake.name), verdict
    assert mistake.line not in verdict.message


def changed(**change):
    """`bptt` with some gradients replaced.   change: name -> function of (gradients, params, run, do, dh, da)"""
    def backward(params, run, do):
        right, (dh, da) = rnn.bptt(params, run, do), messages(params, run, do)
        return right._replace(**{name: new(right, params, run, do, dh, da) for name, new in change.items()})
    return backward


@pytest.mark.parametrize(("answer", "sentence"), [
    (changed(b_h=lambda g, p, run, do, dh, da: dh.sum(0)), "f' forgotten in the sums. Not right: b_h."),
    (changed(V=lambda g, p, run, do, dh, da: da[:-1].T @ run.x[1:]), r"x_{t+1} for x_t in dV. Not right: V."),
    (changed(x=lambda g, p, run, do, dh, da: dh @ p.V), "dx: f' is missing"),
    (changed(h_0=lambda g, p, run, do, dh, da: p.W @ da[0]), "dh_0: W takes h_0 to a_1"),
    (changed(h_0=lambda g, p, run, do, dh, da: 0 * da[0]), "dh_0: that is zero"),
    (changed(h_0=lambda g, p, run, do, dh, da: p.W.T @ da[-1]), "dh_0: that is made from da_T"),
    (changed(h_0=lambda g, p, run, do, dh, da: 7 * da[0]), "h_0 is not right, all others are: look at (14)"),
    (changed(h_0=lambda g, p, run, do, dh, da: da[0], x=lambda g, p, run, do, dh, da: -g.x), "sign is flipped"),
    (changed(U=lambda g, p, run, do, dh, da: do.T @ run.h[:-1], h_0=lambda g, p, run, do, dh, da: p.W @ da[0]),
     "look at the index of h.\ndh_0: W takes h_0 to a_1"),
    (changed(W=lambda g, p, run, do, dh, da: da.T @ run.h[1:], V=lambda g, p, run, do, dh, da: -g.V),
     "h_t for h_{t-1} in dW (W); sign flipped (V)."),
    (lambda *case: rnn.bptt(*case)._asdict(), "you return a dict: make it rnn.Gradients(**it)"),
    (changed(V=lambda g, p, run, do, dh, da: 3 * g.V), "Not right: V. only V is wrong"),
    (changed(V=lambda g, p, run, do, dh, da: g.V.T), "must have its shape"),
    (changed(W=lambda g, p, run, do, dh, da: np.nan * g.W), "holds NaN"),
    (lambda params, run, do: MISTAKES[0].backward(params, run, do), "lacks h_0, x"),
    (lambda params, run, do: None, "return rnn.Gradients"),
    (lambda params, run, do: tuple(rnn.bptt(params, run, do)), "name what you return"),
    (lambda params, run, do: rnn.bptt(params, run, do)._replace(x=run.a @ params.V.T), "for all steps at once is da @ V"),
])
def test_wrong_backward_passes_get_their_sentence(answer, sentence):
    verdict = check.q09_3(answer)
    assert verdict.status.startswith("wrong")
    assert sentence in verdict.message, verdict


@pytest.fixture(scope="module")
def network():
    """The network of the lesson"""
    rng = np.random.default_rng(59)
    params = rnn.init_parameters(D=3, H=5, K=4, rng=rng)
    x, h_0 = rng.standard_normal((12, 3)), rng.standard_normal(5)
    return params, x, rng.integers(4, size=12), h_0


@pytest.fixture(scope="module")
def triangles(network):
    return inputs_and_start(*network)


def use_1(network, T, start):
    """What use 1 is told, and the whole gradient, of V and of W, from da alone: a route the explorer does not take"""
    params, x, y, h_0 = network
    run = rnn.forward(params, x[:T], h_0 if start else None)
    do = rnn.cross_entropy(run.o, y[:T])[1]
    da_1, whole = messages(params, run, do)[1][0], rnn.bptt(params, run, do)
    return {"V": (np.outer(da_1, run.x[0]), whole.V), "W": (np.outer(da_1, run.h[0]), whole.W)}


@pytest.mark.parametrize("start", [True, False])
@pytest.mark.parametrize("T", [1, 2, 4, 6])
def test_the_feet_of_column_1_are_what_use_1_has_of_each_gradient(T, start, triangles, network):
    part = use_1(network, T, start)
    picture = shown(triangles, T=T, start=start)
    for foot, (column, whole) in zip(words(picture, "f1"), part.values(), strict=True):
        share = 100 * (column * whole).sum() / max((whole * whole).sum(), 1e-300)
        assert foot == ("0" if share == 0 else f"{share:+.0f}".replace("-", "−"))


def test_without_h_0_the_caption_says_that_column_1_of_W_is_exactly_zero(triangles):
    assert "W's column 1 is exactly 0, in every row" in shown(triangles, T=6, start=False).caption
    assert "dL/dW is 0 altogether" in shown(triangles, T=1, start=False).caption
    assert [shown(triangles, T=6, start=start).svg.count(">= 0<") for start in (True, False)] == [0, 2]      # at both h_0


@pytest.mark.parametrize("T", range(1, 7))
def test_without_h_0_W_learns_from_two_steps_on_and_through_column_2_first(T, network):
    params, x, y, h_0 = network
    run = rnn.forward(params, x[:T], 0 * h_0)
    of_use = rnn.contributions(params, run, rnn.cross_entropy(run.o, y[:T])[1], "W").sum(0)
    assert [bool(term.any()) for term in of_use] == [False] + [True] * (T - 1)


def test_the_two_triangles_are_not_large_in_the_same_places(triangles, network):
    params, x, y, h_0 = network
    run = rnn.forward(params, x[:6], h_0)
    do = rnn.cross_entropy(run.o, y[:6])[1]
    def largest(name):
        C = rnn.contributions(params, run, do, name)
        return np.unravel_index((C * C.sum((0, 1))).sum((2, 3)).argmax(), (6, 6))
    assert largest("V") != largest("W")


def test_the_triangles_open_with_one_path_lit_in_both(triangles):
    assert triangles.held == "c3-1"
    assert len(parts(shown(triangles, T=4, start=True), "c3-1")) == 2


def test_a_lit_cell_lights_what_its_use_met_in_either_triangle_and_tells_both_shares(triangles, network):
    picture = shown(triangles, T=4, start=True)
    for cell in parts(picture, "c3-1"):
        assert {"s1", "x1", "h0"} & set(cell.get("data-lights").split()) == {"s1"}
    assert [part.get("class") for part in parts(picture, "s1")] == ["x1 s1", "h0 s1"]
    params, x, y, h_0 = network
    run = rnn.forward(params, x[:4], h_0)
    do = rnn.cross_entropy(run.o, y[:4])[1]
    def shares(t, k):
        for name in "VW":
            C = rnn.contributions(params, run, do, name)
            G = C.sum((0, 1))
            share = f"{signed(100 * (C[t - 1, k - 1] * G).sum() / (G * G).sum(), 0)} %"
            yield f"≈ {share}" if share == "0 %" else share                     # rounded: 0 alone would be exactly zero
    told = [shares(t, k) for t, k in ((3, 1), (4, 3))]
    (of_V, of_W), (_, nearly_nothing) = told
    assert said(picture, "c4-3").endswith(f"with h₂ {nearly_nothing} of dW.")
    assert nearly_nothing == "≈ 0 %"
    assert said(picture, "c3-1") == f"C[3,1] = ∂L₃/∂h₃ · J₃ J₂ · the last factor: with x₁ {of_V} of dV, with h₀ {of_W} of dW."


def bare_zeros(svg):
    return len(re.findall(r">0</text>", svg))


def test_the_exact_zeros_are_the_cells_of_column_1_of_W_and_what_they_add_up_to(triangles):
    for T in (2, 4, 6):
        assert bare_zeros(shown(triangles, T=T, start=True).svg) == 0
        assert bare_zeros(shown(triangles, T=T, start=False).svg) == T + 2      # column, its sum, and row 1
    assert bare_zeros(shown(triangles, T=1, start=False).svg) == 4              # and the total


def test_the_second_triangle_keeps_its_place(triangles):
    """Under a mouse that stands still another T would light another cell"""
    places = {tuple(re.findall(r"translate[^)]*", shown(triangles, T=T).svg)) for T in (1, 4, 6)}
    assert len(places) == 1


def test_both_triangles_fit_side_by_side_and_the_same_cell_lights_up_in_both(triangles):
    fits(check_touch(triangles))
    assert len(parts(shown(triangles, T=6, start=True), "c5-2")) == 2


@pytest.mark.parametrize("T_max", [1, 3])
def test_the_triangles_can_be_drawn_for_any_length_and_loss(T_max, network):
    params, x, _, h_0 = network
    targets = np.random.default_rng(0).standard_normal((T_max, 4))
    explorer = inputs_and_start(params, x[:T_max], targets, h_0, loss=rnn.squared_error)
    assert len(parts(shown(explorer, T=T_max), f"c{T_max}-1")) == 2


def test_the_columns_of_the_two_triangles_are_as_large_as_the_lesson_says(network):
    params, x, y, h_0 = network
    run = rnn.forward(params, x[:6], h_0)
    do = rnn.cross_entropy(run.o, y[:6])[1]
    shares = []
    for name in "WV":
        C = rnn.contributions(params, run, do, name)
        shares.append(np.einsum("tkij,ij->k", C, C.sum((0, 1))) / (C.sum((0, 1)) ** 2).sum())
    assert [int(share.argmax()) + 1 for share in shares] == [1, 6]
    assert [f"{share:.2f}" for share in (shares[0][0], shares[1][5], shares[1][0])] == ["0.85", "0.48", "0.21"]
    lengths = np.linalg.norm(run.h, axis=1)
    assert f"{lengths[0]:.1f}" == "2.6"
    assert .8 < lengths[1:6].min() < lengths[1:6].max() < 1.65
    assert [f"{np.linalg.norm(x[k]):.1f}" for k in (0, 5, 3)] == ["0.9", "1.7", "2.0"]
    assert np.linalg.norm(x[:6], axis=1).argmax() == 3
    terms = np.linalg.norm(C.sum(0), axis=(1, 2))                                # of V, an outer product: |da_k| |x_k|
    assert [f"{length:.1f}" for length in (terms[0], terms[5], terms[3] / np.linalg.norm(x[3]))] == ["0.9", "1.0", "0.2"]
