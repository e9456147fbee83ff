import re
from functools import reduce
from itertools import accumulate

import numpy as np
import pytest
from exercises import blank, solution_of
from lessons import ROOT, ran, read
from pictures import fits, parts, shown, texts, words
from touch import check as check_touch
from touch import sets

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import palette, training
from rnn_lib.charts.gradient_flow import DECADES, _inside
from rnn_lib.explorers import clipping, gates, gradient_flow, powers, truncation
from rnn_lib.explorers.gradient_flow import RADII, SETTINGS, brief, flow, with_radius
from rnn_lib.explorers.powers import GRADIENTS, MATRICES, STARTS, _way
from rnn_lib.explorers.truncation import compared, kept, shares_by_distance

RIGHT = dict(a="bound", b="S", c="bound", d="N", e="Z")
ROWS = [(4, .8), (6.4, .64)], [(.8, 0), (.64, 0)]


@pytest.mark.parametrize("exercise", [check.q13_1, check.q13_2, check.q13_3])
@pytest.mark.parametrize("answer", [..., None])
def test_a_blank_answer_is_not_attempted(exercise, answer):
    assert exercise(answer).status == "not attempted"


def test_blank_stubs_as_the_lesson_has_them_are_not_attempted():
    assert check.q13_1(2 * [(..., ...)], 2 * [(..., ...)])[:2] == ("not finished", "still open: my_row, my_other")
    assert check.q13_2(dict.fromkeys("abcde", ...)).status == "not attempted"
    assert check.q13_2(RIGHT | {"c": ...})[:2] == ("not finished", "still open: c")
    assert check.q13_3(blank).status == "not attempted"


def test_the_published_solutions_are_judged_right():
    rows = solution_of(check.q13_1)
    assert check.q13_1(rows["my_row"], rows["my_other"]).ok
    assert check.q13_2(solution_of(check.q13_2)["my_answer"]).ok
    assert check.q13_3(solution_of(check.q13_3)["my_clip"]).ok


def test_two_rows_by_hand_are_those_of_numpy_and_as_long_as_the_lesson_says():
    rows = [[row @ np.linalg.matrix_power(MATRICES["S"], n) for n in (1, 2)] for row in ([0, 1], [1, 0])]
    assert check.q13_1(*rows).ok
    assert check.q13_1(*map(np.array, rows)).ok
    first, second = np.linalg.norm(rows[0], axis=1)
    assert [f"{factor:.2f}" for factor in (first, second / first)] == ["4.08", "1.58"]
    assert rows[1][0] == pytest.approx([.8, 0])


@pytest.mark.parametrize(("rows", "sentence"), [
    (([(0, .8), (0, .64)], ROWS[1]), "S times a column"), ((ROWS[0], [(.8, 4), (.64, 6.4)]), "S times a column"),
    (([(4, .8), (4, .8)], ROWS[1]), "starts from its result"), (([(4, .8), (3.2, .64)], ROWS[1]), "both numbers of (4, 0.8)"),
    (ROWS[::-1], "changed places"),
    (([(4, .8), (1, 1)], ROWS[1]), "the first row is right. The second is"),
    (([(1, 1), (6.4, .64)], ROWS[1]), "second row of S"), ((ROWS[0], (.64, 0)), "two rows of two")])
def test_wrong_rows_are_told_why(rows, sentence):
    verdict = check.q13_1(*rows)
    assert not verdict.ok
    assert sentence in verdict.message


@pytest.mark.parametrize(("change", "sentence"), [
    ({"b": "bound", "d": "bound"}, "if and only if"), (dict.fromkeys("abcde", "bound"), "e is not what the bound says"),
    ({"b": "bound", "c": "N"}, "the wrong way round"),
    ({"a": "S"}, "Each factor"), ({"b": "Z"}, "the product of Z explodes"), ({"c": "N"}, "N dies, and c speaks"),
    ({"d": "Z"}, "always dies"), ({"e": "bound"}, "slopes in between"), ({"e": "N"}, "this product dies"),
    ({"a": "N", "e": "S"}, "2 of 5 are not right")])
def test_every_wrong_reason_gets_its_sentence(change, sentence):
    verdict = check.q13_2(RIGHT | change)
    assert verdict.status == "wrong"
    assert sentence in verdict.message, verdict


@pytest.mark.parametrize("answer", [[True] * 5, {"a", "c"}, {"a": "bound"}, 3.5, RIGHT | {"a": True}])
def test_reasons_that_cannot_be_read_are_told_what_is_wanted(answer):
    verdict = check.q13_2(answer)
    assert verdict.status == "not understood"
    assert 'each of them "bound"' in verdict.message


@pytest.mark.parametrize("answer", [
    [*RIGHT.values()], ("the bound", "s", "Bound", "n", "example Z"), RIGHT | dict(b="S", d="S"),
    RIGHT | dict(b="N", d="S")])
def test_reasons_may_be_a_list_and_each_example_that_refutes_will_do(answer):
    assert check.q13_2(answer).ok


def test_the_examples_have_the_norms_and_fates_that_the_verdicts_tell():
    S, N, Z = (np.array(rows, float) for rows in ([[.8, 0], [4, .8]], [[0, 0], [5, 0]], [[2, -4], [1, -2]]))
    assert all(np.linalg.norm(W, 2) > 1 > np.abs(np.linalg.eigvals(W)).max() for W in (S, N, Z))
    assert [f"{np.linalg.norm(W, 2):.3g}" for W in (S, N, Z)] == ["4.15", "5", "5"]                # as a hint says
    assert [np.abs(np.linalg.eigvals(W)).max() for W in (S, N, Z)] == pytest.approx([.8, 0, 0], abs=1e-6)
    odd, dying = (reduce(np.matmul, 20 * [np.array(slopes)[:, None] * Z]) for slopes in ((1, .1), (.1, .1)))
    assert np.abs(odd).max() > 1e5 > 1e-9 > np.abs(dying).max()                     # the slopes decide about Z
    rng = np.random.default_rng(0)
    for W in (S, N):                                                   # with any slopes of tanh
        product = reduce(np.matmul, (rng.uniform(0, 1, (2, 1)) * W for _ in range(80)))
        assert np.abs(product).max() <= np.abs(np.linalg.matrix_power(W, 80)).max() < 1e-4


def test_a_row_goes_in_the_end_as_rho_says_and_never_above_the_norm():
    explorer = powers()
    fits(explorer)
    check_touch(explorer)
    for name, W, start, row in ((*one, *other) for one in MATRICES.items() for other in STARTS.items()):
        norm, radius = np.linalg.norm(W, 2), np.abs(np.linalg.eigvals(W)).max()
        lengths = np.hypot(*_way(W, row).T)
        assert lengths[1] <= norm * (1 + 1e-12)
        assert np.isclose(lengths[60], lengths[59] * radius, rtol=.03, atol=1e-12), (name, start)
    nearest = max(STARTS, key=lambda start: np.linalg.norm(STARTS[start] @ MATRICES["S"]))
    assert (nearest, f"{np.linalg.norm(STARTS[nearest] @ MATRICES['S']):.2f}") == ("90°", "4.08")
    assert np.allclose(np.linalg.svd(MATRICES["S"])[1], (4.15, .15), atol=.005)
    assert np.allclose(np.hypot(*_way(MATRICES["S"], STARTS["0°"]).T), .8 ** np.arange(61))
    assert "length 4.6·10⁻⁴" in shown(explorer, matrix="S", start="90°", n=60).caption


def norm(arrays):
    return np.sqrt(sum((a ** 2).sum() for a in arrays))


def clipped_by(factor):
    """An answer to exercise 2.   factor: (list of arrays, limit) -> number"""
    def answer(gradients, limit):
        return {name: g * factor([*gradients.values()], limit) for name, g in gradients.items()}
    return answer


def squared(arrays):
    return norm(arrays) ** 2


WRONG_CLIPS = [
    (lambda gs, limit: {n: g * min(1, limit / norm([g])) for n, g in gs.items()}, "each array is clipped by its own norm"),
    (lambda gs, limit: {n: g * limit / norm([g]) if norm([g]) > limit else g for n, g in gs.items()}, "by its own norm"),
    (lambda gs, limit: {n: g * limit / norm([g]) for n, g in gs.items()}, "even if it was shorter"),
    (clipped_by(lambda arrays, limit: limit / norm(arrays)), "are made longer"),
    (lambda gs, limit: {n: np.clip(g, -limit, limit) for n, g in gs.items()}, "by value"),
    (clipped_by(lambda arrays, limit: min(limit, limit / norm(arrays))), "long gradients are right"),
    (clipped_by(lambda arrays, limit: limit / norm(arrays) if norm(arrays) > limit else 0), "long gradients are right"),
    (clipped_by(lambda arrays, limit: limit / norm(arrays) if norm(arrays) > limit else limit), "long gradients are right"),
    (lambda gs, limit: clipped_by(lambda *_: limit / norm(gs.values()))(gs, limit) if norm(gs.values()) > limit else None,
     "those within the limit unchanged"),
    (clipped_by(lambda arrays, limit: min(1, limit / squared(arrays))), "square root is missing: the norm"),
    (clipped_by(lambda arrays, limit: limit / squared(arrays) if norm(arrays) > limit else 1), "missing in the factor"),
    (clipped_by(lambda arrays, limit: limit / norm(arrays) if squared(arrays) > limit else 1), "missing in the comparison"),
    (clipped_by(lambda arrays, limit: norm(arrays) / limit if norm(arrays) > limit else 1), "upside down"),
    (clipped_by(lambda arrays, limit: 1 / norm(arrays) if norm(arrays) > limit else 1), "long gradients get the norm 1"),
    (clipped_by(lambda arrays, limit: 1 / norm(arrays)), "every gradient gets the norm 1"),
    (clipped_by(lambda arrays, limit: min(1, limit / sum(norm([a]) for a in arrays))), "Norms do not add"),
    (clipped_by(lambda arrays, limit: min(1, limit / max(norm([a]) for a in arrays))), "longest array"),
    (clipped_by(lambda arrays, limit: min(1, limit / max(abs(a).max() for a in arrays))), "largest entry"),
    (clipped_by(lambda arrays, limit: min(1, limit / norm(arrays) * np.sqrt(sum(a.size for a in arrays)))), "mean square"),
    (clipped_by(lambda arrays, limit: 1 if norm(arrays) > limit else limit / norm(arrays)), "wrong way round"),
    (clipped_by(lambda arrays, limit: min(1, limit / norm([np.linalg.norm(a, 2) for a in arrays]))), "largest singular value"),
    (clipped_by(lambda arrays, limit: min(1, limit / sum(abs(a).sum() for a in arrays))), "absolute values"),
    (clipped_by(lambda arrays, limit: min(1, limit / (norm(arrays) + 1e-6))), "a small number is added to the norm"),
    (clipped_by(lambda arrays, limit: min(1, limit / (norm(arrays) + 1e-8))), "a small number is added to the norm"),
    (clipped_by(lambda arrays, limit: max(1, limit / norm(arrays))), "max there for min"),
    (lambda gs, limit: {n: np.minimum(g, limit) for n, g in gs.items()}, "from above only"),
    (lambda gs, limit: np.sqrt(sum(g ** 2 for g in gs.values())), "add up each one first"),
    (lambda gs, limit: gs, "nothing is clipped"),
    (lambda gs, limit: None, "gives None"),
    (lambda gs, limit: [*gs.values()], "must return a dict"),
    (lambda gs, limit: {"W": gs["W"]}, "must return a dict"),
    (clipped_by(lambda arrays, limit: np.nan), "NaN"),
    (clipped_by(lambda arrays, limit: .5), "V, W and b_h: the right one times a number"),
    (lambda gs, limit: {n: g / undefined for n, g in gs.items()}, "NameError"),       # noqa: F821
    (3.5, "expected a function"),
]


@pytest.mark.parametrize(("answer", "sentence"), WRONG_CLIPS)
def test_every_wrong_clipping_gets_its_sentence(answer, sentence):
    verdict = check.q13_3(answer)
    assert verdict.status == "wrong"
    assert sentence in verdict.message, verdict


def test_clipping_in_place_is_told_and_so_is_a_wrong_shape():
    def in_place(gradients, limit):
        factor = min(1, limit / norm(gradients.values()))
        for g in gradients.values():
            g *= factor
        return gradients
    assert "changed a dict that came in" in check.q13_3(in_place).message
    assert check.q13_3(lambda gs, limit: {n: g.sum() for n, g in gs.items()}).status == "wrong shape"


def test_the_library_clips_as_the_exercise_asks_and_does_not_count():
    assert check.q13_3(lambda *given: training.clip_by_norm(*given)).message.startswith("the numbers are right, but training.")
    assert check.q13_3(lambda g, limit: (check.q13_3.code.reference(g, limit), 1.0)).ok


def drawn_network(seed):
    """A network made as the first one of the lesson: params, x, h_0, y."""
    rng = np.random.default_rng(seed)
    params = rnn.init_parameters(D=3, H=8, K=2, rng=rng)
    return params, rng.standard_normal((30, 3)), rng.standard_normal(8), rng.standard_normal((30, 2))


@pytest.fixture(scope="module")
def network():
    """The first network of the lesson"""
    return drawn_network(59)


@pytest.fixture(scope="module")
def flows(network):
    params, x, h_0, y = network
    return gradient_flow(params, x, y, h_0)


def product(network, radius, T, f, loudness):
    """Net, run, and the product of all T - 1 Jacobians, by the library"""
    params, x, h_0, _ = network
    net = with_radius(params, radius)
    run = rnn.forward(net, loudness * x[:T], h_0, f)
    return net, run, rnn.jacobian(net, run, T, 1)


@pytest.mark.parametrize(("radius", "f"), [
    (.9, "identity"), (1.6, "tanh, loud inputs"), (1.6, "tanh, quiet inputs"), (.5, "identity")])
def test_the_caption_of_the_gradient_flow_gives_the_measured_factors(radius, f, flows, network):
    net, run, J = product(network, radius, 30, *SETTINGS[f])
    g = rnn.squared_error(run.o, network[3])[1][-1] @ net.U
    caption = shown(flows, rho=radius, f=f).caption
    factor = np.linalg.norm(g @ J) / np.linalg.norm(g)
    slope = "" if f == "identity" else f", mean slope {(1 - run.h[1:] ** 2).mean():.2f}"
    assert caption.startswith(f"{f.capitalize()}, ρ = {radius:g}, ‖W‖ = {np.linalg.norm(net.W, 2):.2f}{slope}: ")
    assert f" after 29 Jacobians the gradient is {brief(factor)} times as long." in caption
    assert f"at most {brief(np.linalg.norm(net.W, 2) ** 29)}." in caption


def test_the_gradient_stays_between_the_singular_values_and_below_the_bound(network):
    for radius in RADII:
        for f, loudness in SETTINGS.values():
            net, run, _ = product(network, radius, 30, f, loudness)
            found = flow(net, run, rnn.squared_error(run.o, network[3])[1], 30)
            assert (found.smallest <= found.gradient * (1 + 1e-9)).all()
            assert (found.gradient <= found.largest * (1 + 1e-9)).all()
            assert (found.largest <= np.linalg.norm(net.W, 2) ** np.arange(30) * (1 + 1e-9)).all()


def test_the_smallest_singular_value_survives_rounding(network):
    net, run, J = product(network, 1, 6, rnn.identity, 1)
    do = rnn.squared_error(run.o, network[3][:6])[1]
    assert flow(net, run, do, 6).smallest[-1] == pytest.approx(np.linalg.svd(J, compute_uv=False)[-1], rel=1e-6)
    net, run, J = product(network, 1, 30, rnn.identity, 1)
    determinant = abs(np.linalg.det(net.W)) ** 29
    smallest = flow(net, run, rnn.squared_error(run.o, network[3])[1], 30).smallest[-1]
    assert determinant ** (1 / 8) > smallest > determinant / np.linalg.norm(J, 2) ** 7 / 2
    singular = net._replace(W=net.W * np.array([1] * 7 + [0]))
    run = rnn.forward(singular, network[1], network[2])
    assert flow(singular, run, rnn.squared_error(run.o, network[3])[1], 30).smallest[-1] < 1e-100


def test_what_the_lesson_says_about_the_gradient_flow(network):
    def left(radius, f, loudness):
        net, run, _ = product(network, radius, 30, f, loudness)
        return flow(net, run, rnn.squared_error(run.o, network[3])[1], 30).gradient[-1]
    assert left(.9, rnn.identity, 1) < 1 < left(1.1, rnn.identity, 1)
    assert max(left(radius, rnn.tanh, 1) for radius in RADII) < .01
    quiet, loud = (left(1.6, rnn.tanh, loudness) for loudness in (.3, 1))
    assert (f"{quiet:.2g}", f"{loud:.5f}") == ("0.061", "0.00004")
    slopes = [1 - product(network, 1.6, 30, rnn.tanh, loudness)[1].h[1:] ** 2 for loudness in (.3, 1)]
    assert [f"{slope.mean():.2f}" for slope in slopes] == ["0.54", "0.42"]
    assert f"{np.linalg.norm(with_radius(network[0], 1.6).W, 2):.1f}" == "3.6"


def test_all_pictures_of_the_gradient_flow_fit_the_page_and_share_one_axis(flows):
    fits(check_touch(flows))
    assert "nan" not in "".join(p.svg for p in flows.pictures)
    assert len({re.split('<path d="[^"]*" fill="[^"]*" fill-opacity', p.svg)[0] for p in flows.pictures}) == 1


def test_a_gradient_says_how_much_of_it_is_left_or_that_it_has_left_the_picture(flows, network):
    for radius in RADII:
        for f, (activation, loudness) in SETTINGS.items():
            net, run, _ = product(network, radius, 30, activation, loudness)
            left = flow(net, run, rnn.squared_error(run.o, network[3])[1], 30).gradient[-1]
            sign = "▼ " if left < 10.0 ** -DECADES else ""
            assert left < 10.0 ** DECADES                                      # what the caption says lies on the axis
            assert not sign or f != "identity"
            assert f"{sign}the gradient: {brief(left)}" in texts(shown(flows, rho=radius, f=f))


def test_the_names_at_the_ends_of_the_curves_keep_a_line_apart_and_their_order(flows):
    for rho, f in ((.9, "identity"), (1.6, "identity"), (1.6, "tanh, quiet inputs"), (.5, "tanh, loud inputs")):
        picture = shown(flows, rho=rho, f=f)
        found = re.findall(r'y="([\d.]+)" font-size="10" font-family="Liberation[^>]*paint-order="stroke">(?:[▲▼] )?([^<]+)',
                           picture.svg)
        heights = {words: float(y) for y, words in found}
        assert len(heights) == 5
        assert min(np.diff(sorted(heights.values()))) >= 15.9
        ordered = sorted(heights, key=heights.get)
        assert ordered.index("bound, ‖W‖ to the T − k") == 0
        assert ordered.index("smallest singular value") == 4


def test_curves_are_cut_where_they_leave_the_axes():
    assert _inside(0, 0, 1, -12, 12) == ((0, 0), (1, 1))
    assert _inside(3, 11, 13, -12, 12) == ((3, 11), (3.5, 12))
    assert _inside(3, -13, -11, -12, 12) == ((3.5, -12), (4, -11))
    assert _inside(0, 13, 14, -12, 12) is _inside(0, -13, -np.inf, -12, 12) is _inside(0, 13, 13, -12, 12) is None
    assert _inside(2, 5, 5, -12, 12) == ((2, 5), (3, 5))


@pytest.mark.parametrize(("value", "words"), [
    (0.04, "0.04"), (13.2, "13"), (378.4, "378"), (999.6, "1.0·10³"), (2.4e-12, "2.4·10⁻¹²"), (1, "1"), (0, "0"),
    (.0099, "9.9·10⁻³")])
def test_factors_are_written_shortly(value, words):
    assert brief(value) == words


@pytest.fixture(scope="module")
def small():
    """The network of the truncation"""
    rng = np.random.default_rng(4)
    params = rnn.init_parameters(D=3, H=5, K=4, rng=rng)
    x, h_0 = rng.standard_normal((12, 3)) / 2, rng.standard_normal(5)
    return params, x, h_0, rng.integers(4, size=12)


@pytest.fixture(scope="module")
def truncations(small):
    params, x, h_0, y = small
    return truncation(params, x, y, h_0)


def gradient_of_windows(small, n):
    """By plain BPTT on each window, the state carried: a route the explorer does not take"""
    params, x, h, y = small
    dW = 0
    for first in range(0, 12, n):
        run = rnn.forward(params, x[first:first + n], h)
        dW, h = dW + rnn.bptt(params, run, rnn.cross_entropy(run.o, y[first:first + n])[1]).W, run.h[-1]
    return dW


def gradient_back(small, n):
    """By plain BPTT on the last n steps before each loss, from the state that the whole run had there"""
    params, x, h_0, y = small
    whole, dW = rnn.forward(params, x, h_0), 0
    for t in range(1, 13):
        first = max(t - n, 0)
        run = rnn.forward(params, x[first:t], whole.h[first])
        do = rnn.cross_entropy(run.o, y[first:t])[1] * (np.arange(first, t) == t - 1)[:, None]
        dW = dW + rnn.bptt(params, run, do).W
    return dW


def C_of(small):
    params, x, h_0, y = small
    run = rnn.forward(params, x, h_0)
    return rnn.contributions(params, run, rnn.cross_entropy(run.o, y)[1], "W")


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7, 11, 12])
@pytest.mark.parametrize(("pattern", "route"), [("back", gradient_back), ("windows", gradient_of_windows)])
def test_the_kept_terms_are_the_truncated_gradient(n, pattern, route, small, truncations):
    C, part = C_of(small), route(small, n)
    dW = C.sum((0, 1))
    assert rnn.relative_error(C[kept(12, n, pattern)].sum(0), part) < 1e-12
    cosine = (part * dW).sum() / np.linalg.norm(part) / np.linalg.norm(dW)
    picture = shown(truncations, n=n, pattern=pattern)
    if n < 12:
        assert f"Cosine to the full dW: {cosine:.3f}." in picture.caption
        assert f"{np.degrees(np.arccos(cosine)):.0f}°" in texts(picture)
        assert f"truncated: length {np.linalg.norm(part) / np.linalg.norm(dW):.2f} of dW" in texts(picture)
    else:
        assert "all terms are kept" in picture.caption


def test_all_truncations_fit_and_what_is_cut_away_is_empty(truncations):
    fits(check_touch(truncations))
    for n, pattern in ((1, "back"), (4, "back"), (5, "windows"), (12, "windows")):
        picture, keep = shown(truncations, n=n, pattern=pattern), kept(12, n, pattern)
        for t, k in ((1, 1), (6, 5), (12, 3), (9, 5), (9, 8)):
            cell = parts(picture, f"c{t}-{k}")[0]
            assert ("stroke-dasharray" in cell[0].attrib) == (not keep[t - 1, k - 1])
            least = next(n for n in range(1, 13) if kept(12, n, pattern)[t - 1, k - 1])
            assert cell.get("data-set") == f"n={least}"
            assert cell.get("aria-label").endswith(f"The smallest n that keeps it: {least}.")


@pytest.mark.parametrize(("n", "said"), [(4, "the last 4 uses. "), (8, "the last 8 uses (4 in the last window). "),
                                         (11, "the last 11 uses (1 in the last window). ")])
def test_a_last_window_that_is_shorter_is_named(n, said, truncations):
    assert said in shown(truncations, n=n, pattern="windows").caption
    last = kept(12, n, "windows")[11].sum()
    assert last == (n if "(" not in said else int(said.split("(")[1].split()[0]))


def lit_by(picture, name):
    return set(parts(picture, name)[0].get("data-lights").split())


def test_a_touched_loss_or_use_lights_what_is_kept_of_it_and_a_cross_where_the_way_back_ends(truncations):
    windows, back = (shown(truncations, n=4, pattern=pattern) for pattern in ("windows", "back"))
    for name in ("r9", "L9"):
        lit = lit_by(windows, name)
        assert {"L9", "use9", "c9-9", "stop8"} <= lit
        assert not {"use8", "c9-8", "row9"} & lit
    for name in ("f5", "w5"):
        lit = lit_by(windows, name)
        assert {"L5", "L8", "u8", "w8", "c8-5", "stop8"} <= lit
        assert not {"L9", "w9", "c9-5", "col5"} & lit
    assert {"L9", "use6", "stop5"} <= lit_by(back, "r9")
    assert {"L8", "c8-5"} <= lit_by(back, "f5")
    assert not any(name.startswith("stop") for name in lit_by(back, "f5"))     # loss 9 ends its way elsewhere than loss 10
    assert {"c9-5", "stop5"} <= lit_by(back, "c9-5")
    assert not any(name.startswith("stop") for name in lit_by(back, "c9-6") | lit_by(back, "r4"))
    assert lit_by(windows, "all") >= {"c8-5", "w5", "L12"}
    assert "c9-5" not in lit_by(windows, "all")
    assert [part for part in parts(windows, "stop8") if "when" in part.get("class")]


@pytest.mark.parametrize(("n", "pattern", "crosses", "rings"), [
    (4, "windows", 2, 0), (5, "windows", 2, 0), (12, "windows", 0, 0), (3, "back", 1, 3), (12, "back", 0, 0),
    (1, "windows", 11, 0)])
def test_untouched_the_network_shows_borders_of_windows_or_how_far_the_last_loss_reaches(n, pattern, crosses, rings, truncations):
    picture = shown(truncations, n=n, pattern=pattern)
    example = [*parts(picture, "example")[0]]
    assert [sum(child.tag.endswith(kind) for child in example) for kind in ("path", "circle")] == [2 * crosses, rings]
    assert float(re.search(r'width="([\d.]+)"', picture.svg)[1]) <= 934                # the page of a window of 1,000 px


def test_the_key_of_a_truncation_says_that_its_margins_count_what_is_kept(truncations):
    picture = shown(truncations, n=3, pattern="back")
    assert "what is kept of loss t, in % of dW" in picture.svg
    assert "what is kept of use k; in the corner: of all" in picture.svg


def test_on_a_phone_the_columns_of_a_truncation_have_their_numbers(truncations):
    for pair in zip(truncations.pictures, truncations.slim, strict=True):
        wide, slim = ([words(picture, f"f{k}") for k in range(1, 13)] for picture in pair)
        assert wide == slim


def test_truncation_can_be_shown_for_one_step(small):
    params, x, h_0, y = small
    picture = truncation(params, x[:1], y[:1], h_0).picture()
    assert "all terms are kept" in picture.caption
    assert "nan" not in picture.svg


def test_shares_by_distance_add_up(small):
    C = C_of(small)
    assert shares_by_distance(C).sum() == pytest.approx(100)
    assert shares_by_distance(C, kept(12, 3, "back"))[3:] == pytest.approx(0)
    assert shares_by_distance(C, kept(12, 3, "back"))[:3] == pytest.approx(shares_by_distance(C)[:3])


def test_the_largest_eigenvalue_of_the_lesson_is_complex(network):
    values = np.linalg.eigvals(network[0].W)
    assert np.iscomplex(values[np.abs(values).argmax()])


def test_what_the_lesson_says_about_truncation(small):
    C = C_of(small)
    windows = {n: compared(C, kept(12, n, "windows"))[0] for n in range(1, 13)}
    back = {n: compared(C, kept(12, n, "back"))[0] for n in range(1, 13)}
    assert windows[8] < windows[4] + .1 < windows[6]
    assert windows[4] < windows[3]
    assert min(back[n] for n in range(6, 13)) > .99 > back[5]
    assert f"{back[6]:.3f}" == "0.998"
    shares = np.einsum("tkij,ij->tk", C, C.sum((0, 1))) / (C.sum((0, 1)) ** 2).sum()
    left = [(shares * kept(12, n, "windows"))[8:].sum() for n in (12, 8, 4, 3, 6)]        # of losses 9 to 12
    assert f"{left[0]:.2f}" == "0.87"
    assert max(left[1:3]) < min(left[3:])                                                 # 8 and 4 have a border before step 9
    assert [kept(6, 3, pattern).sum() for pattern in ("back", "windows")] == [15, 12]
    assert [kept(6, 3, pattern).sum() - 6 for pattern in ("back", "windows")] == [9, 6]   # without the diagonal
    assert kept(6, 3, "windows")[[3, 5]].sum(1).tolist() == [1, 3]


def test_what_is_said_to_be_ringed_is_and_only_a_border_is_red(truncations):
    for n, pattern in ((1, "back"), (3, "back"), (1, "windows"), (3, "windows")):
        picture = shown(truncations, n=n, pattern=pattern)
        example = parts(picture, "example")[0]
        rings = sum(child.tag.endswith("circle") for child in example)
        assert rings == n * ("(ringed: those of L₁₂)" in picture.caption) == n * (pattern == "back")
        crosses = {child.get("stroke") for child in example if child.tag.endswith("path")}
        assert crosses == {palette.LOSS if pattern == "back" else palette.BAD}


def test_w_takes_away_what_it_adds_until_a_slope_disturbs_it():
    W, slopes = np.array([[2, -4], [1, -2]]), np.array([1, .1])
    assert (W @ [1, 0]).tolist() == [2, 1]
    assert not (W @ [2, 1]).any()
    assert (W @ (slopes * [2, 1])).tolist() == pytest.approx([3.6, 1.8])


def test_a_gradient_check_calls_a_truncated_gradient_wrong(small):
    params, x, h_0, y = small
    def windows(params, run, do):
        C = rnn.contributions(params, run, do, "W")
        return rnn.bptt(params, run, do)._replace(W=C[kept(12, 6, "windows")].sum(0))
    assert not rnn.gradcheck(params, x, y, h_0, backward=windows).ok


@pytest.mark.parametrize(("radius", "exploded"), [(1.05, True), (.82, False)])
def test_what_clipping_helps_against_is_the_part_that_passes_the_jacobians(radius, exploded, network):
    """One update of the lesson's rate: U and b_y, whose gradients pass no Jacobian, lower the loss; what explodes raises it."""
    params, x, h_0, y = network
    net = with_radius(params, radius)
    def measured(params):
        run = rnn.forward(params, x, h_0, rnn.identity)
        losses, do = rnn.squared_error(run.o, y)
        return losses.sum(), rnn.bptt(params, run, do)
    before, gradients = measured(net)
    def after(*names):
        return measured(net._replace(**{name: getattr(net, name) - .001 * getattr(gradients, name) for name in names}))[0]
    assert after("U", "b_y") < before
    assert (after("V", "W", "b_h") > before) == (after(*net._fields) > before) == exploded


def test_one_update_with_and_without_clipping_as_the_lesson_says():
    names = ran(read(ROOT / "notebooks" / "13_what_goes_wrong.ipynb"), "13-01", "13-03", "13-23", "13-24")
    assert [round(names["norm"]), round(names["before"]), round(names["plain"], -3)] == [1681, 193, 37_000]
    assert f"{names['shortened']:.1f}" == "185.5"
    assert round(names["norm"] / 5) == 336


def test_clipping_three_and_four_as_the_lesson_predicts():
    assert training.clip_by_norm({"g": np.array([3.0, 4])}, 1)[0]["g"] == pytest.approx([.6, .8])
    assert [f"{g / 7:.2f}" for g in (3, 4)] == ["0.43", "0.57"]


def test_windows_and_uses_back_refuse_what_they_do_not_know():
    for n, pattern in ((0, "back"), (3, "front")):
        with pytest.raises(ValueError, match="n must be at least 1"):
            kept(4, n, pattern)


def test_with_half_of_W_the_far_terms_vanish_and_with_W_they_do_not():
    names = ran(read(ROOT / "notebooks" / "13_what_goes_wrong.ipynb"), "13-01", "13-03", "13-20", "13-21")
    near, far = (names["distance"] == d for d in (0, 9))
    assert 3.5 < names["whole"][near].mean() / names["whole"][far].mean() < 4.5
    assert 500 < names["half"][near].mean() / names["half"][far].mean() < 600


def test_the_open_gates_are_chosen_by_a_touch_and_tanh_stands_beside_them():
    made = {bias: np.geomspace(1, 10.0 ** (bias - 3), 6) for bias in (-1, 0, 2)}
    explorer = check_touch(gates(made, np.geomspace(1, 1e-9, 6)))
    fits(explorer)
    assert explorer.value["bias"] == 0                                  # what leaves a tenth is to be found
    explorer.touch("bias=+2")
    assert explorer.picture().caption == ("With +2, keep is 0.88 where the rest of its score is 0. After 5 steps 0.1 of the "
                                          "gradient is left; with tanh, 1.0·10⁻⁹.")
    assert sets(explorer.picture()) == ["bias=−1", "bias=0", "bias=+2"]
    assert {"−1", "0", "+2", "tanh"} <= set(texts(explorer.picture()))
    explorer.touch("bias=−1")
    assert explorer.value["bias"] == -1
    assert "With −1, keep is 0.27 where the rest of its score is 0. After 5 steps 1.0·10⁻⁴" in explorer.picture().caption
    assert sets(explorer.picture()) == ["bias=−1"]                      # the others are not drawn before they are chosen


def test_in_other_draws_the_open_gate_nearly_always_leaves_a_hundred_times_the_half_open_one():
    names = ran(read(ROOT / "notebooks" / "13_what_goes_wrong.ipynb"), "13-01", "13-03", "13-46a")
    x, params, y, start = names["x"], names["params"], names["y"], np.concatenate([names["h_0"], 0 * names["h_0"]])
    def left(step):
        states = [*accumulate(x, step, initial=start)]
        def length(k):
            def last_loss(state):
                return ((params.U @ reduce(step, x[k:], state)[:8] - y[-1]) ** 2).sum() / 2
            return np.linalg.norm(rnn.complex_step(last_loss, states[k]))
        return length(1) / length(30)
    def of(seed):
        names["gates"] = np.random.default_rng(seed).standard_normal((4, 8, 12)) / np.sqrt(12)
        return [left(names["lstm"](bias)) for bias in (3, 2, 0)]
    opened, less, half = np.array([of(seed) for seed in range(100)]).T
    assert (opened > 100 * half).mean() > .97
    assert .1 < (opened < less).mean() < .4


def test_clipping_by_value_keeps_the_direction_only_uncut_or_where_all_entries_that_are_not_0_have_the_same_size():
    limit = 1.5
    for g in np.array([*np.ndindex(7, 7, 7)]) - 3:
        sizes, cut = np.abs(g[g != 0]), np.clip(g, -limit, limit)
        keeps = np.isclose(cut @ g, np.linalg.norm(cut) * np.linalg.norm(g))
        assert keeps == (len(set(sizes)) <= 1 or sizes.max() <= limit)


def test_clipping_is_an_arrow_cut_to_a_circle_or_to_a_square():
    explorer = check_touch(clipping())
    fits(explorer)
    assert {"first number", "second number", "2", "4"} <= set(texts(explorer.picture()))
    for name, gradient in GRADIENTS.items():
        for limit in (1, 2, 3):
            picture, g = shown(explorer, g=name, limit=limit), {"g": np.array(gradient, float)}
            cut = np.clip(g["g"], -limit, limit)
            cosine = min(1, g["g"] @ cut / np.linalg.norm(cut) / np.linalg.norm(g["g"]))
            assert f"by value: turned by {np.degrees(np.arccos(cosine)):.0f}°" in texts(picture)
            assert ("neither way" in picture.caption) == (np.linalg.norm(gradient) <= limit)
            assert ("cut to the circle" in texts(picture)) == (np.linalg.norm(gradient) > limit)
            assert ("cut to the square (dashed)" in texts(picture)) == (max(gradient) > limit)
            both_cut = min(gradient) > limit and gradient[0] != gradient[1]
            assert ("both entries are cut" in picture.caption) == both_cut
            assert not both_cut or cut[0] == cut[1] == limit
