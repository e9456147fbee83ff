"""Lesson 03: its exercises, its explorer, and the numbers drawn as vectors and matrices."""
import re
import time
from xml.etree import ElementTree

import numpy as np
import pytest
import touch
from exercises import cell, solution_of, wrong_answers
from lessons import PATHS, ran, read

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib.checks import lesson_03 as judged
from rnn_lib.diagrams.numbers import HEAD, column, matrix, named, sign
from rnn_lib.diagrams.wording import lowered, number
from rnn_lib.explorers import forward_pass

WRONG_KEPT = [
    ({"a", "h", "o"}, "x is missing"), ({"x", "o"}, "h is missing"), ({"x", "h"}, "o is missing"), (set(), "x is missing"),
    ({"x", "h", "o", "Vx"}, "Vx is not needed"), ({"x", "h", "o", "Wh"}, "Wh is not needed"),
    ({"x", "h", "o", "L"}, "L is not needed"), ({"x", "a", "o"}, "h_0 stands in no other array"),
    ({"x", "h", "yhat"}, "choose from"), (3, "a set of names"), ([["x"], ["h"]], "a set of names"),
]
SHAPES = {"a": (4, 6, 5), "h": (5, 6, 5), "o": (4, 6, 2), "W": (5, 5)}
WRONG_SHAPES = [
    ("W", (4, 5, 5), "share one W"), ("W", (5, 3), "hidden units to hidden units"), ("h", (4, 6, 5), "h_0 is a state too"),
    ("a", (4, 5), "one axis is missing"), ("a", (5, 6, 5), "only h has a row for step 0"),
    ("o", (6, 4, 2), "time is the first axis"),
    ("h", (6, 5, 5), "time is the first axis"), ("o", (4, 6, 5), "D, H or K"),
    ("a", (1, 2, 3), "ask for each axis"), ("a", 120, "ask for each axis"),
]


STEP, FORWARD = check.q03_1.code.reference, check.q03_2.code.reference


def by(step):
    """The forward pass with any step in its loop."""
    def forward(params, x, h_0):
        kept, h = [], [h_0]
        for x_t in x:
            kept.append(step(params, h[-1], x_t))
            h.append(kept[-1][1])
        a, _, o = zip(*kept, strict=True)
        return np.array(a), np.array(h), np.array(o)
    return forward


def network(T, D=2, H=3, K=2, seed=1):
    rng = np.random.default_rng(seed)
    return rnn.init_parameters(D, H, K, rng), rng.standard_normal((T, D)), rng.standard_normal(H)


def marked(picture, name):
    """What is told of the part of this class when it is touched: the first one."""
    return next(mark for mark in touch.marks(picture) if name in mark.get("class", "").split())


# ---- the reference of the judge, and the answers it must know ---------------------------------------------------------

def test_the_reference_of_the_judge_is_the_forward_pass_of_the_library():
    for batch in ((), (6,)):
        case = judged._network(batch)
        run = rnn.forward(*case)
        for got, expected in zip(FORWARD(*case), (run.a, run.h, run.o), strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["q03_1", "q03_2", "q03_3", "q03_4"])
def test_the_published_solution_is_right(name):
    exercise = getattr(check, name)
    assert exercise([*solution_of(exercise).values()][-1]).ok


@pytest.mark.parametrize("name", ["q03_1", "q03_2", "q03_3", "q03_4"])
def test_a_blank_answer_is_not_attempted(name):
    def stub(*args):
        raise NotImplementedError
    answers = [..., stub] if name in ("q03_1", "q03_2") else [..., None]
    assert {getattr(check, name)(answer).status for answer in answers} == {"not attempted"}


def test_shapes_with_a_blank_in_them_are_not_attempted():
    assert check.q03_4(dict.fromkeys(SHAPES, ...)).status == "not attempted"


@pytest.mark.parametrize(("mistake", "sentence"), [*wrong_answers(check.q03_1)])
def test_each_wrong_step_is_told_its_own_mistake(mistake, sentence):
    verdict = check.q03_1(mistake)
    assert (verdict.status, verdict.message) == ("wrong", sentence)


@pytest.mark.parametrize(("mistake", "sentence"), [*wrong_answers(check.q03_2)])
def test_each_wrong_forward_is_told_its_own_mistake(mistake, sentence):
    verdict = check.q03_2(mistake)
    assert (verdict.status, verdict.message) == ("wrong", sentence)


def test_no_two_named_mistakes_give_the_same_numbers():
    case = judged._network()
    results = [np.concatenate([part.ravel() for part in mistake(*case)]) for mistake, _ in wrong_answers(check.q03_2)]
    assert min(np.abs(a - b).max() for i, a in enumerate(results) for b in results[:i]) > 1e-3


def test_nan_is_never_right():
    assert "NaN" in check.q03_1(lambda p, h, x: tuple(np.nan * v for v in STEP(p, h, x))).message
    assert "NaN" in check.q03_2(lambda p, x, h: tuple(np.nan * v for v in FORWARD(p, x, h))).message


def test_wrong_shapes_are_said_to_be_wrong_shapes():
    assert check.q03_1(lambda p, h, x: tuple(v[:, None] for v in STEP(p, h, x))).status == "wrong shape"
    def h_with_T_rows(p, x, h_0):
        a, h, o = FORWARD(p, x, h_0)
        return a, h[1:], o
    verdict = check.q03_2(h_with_T_rows)
    assert verdict.status == "wrong shape"
    assert "T+1 states" in verdict.message


def test_a_loop_that_ends_a_step_early_is_not_said_to_lack_h_0():
    verdict = check.q03_2(lambda p, x, h_0: FORWARD(p, x[:-1], h_0))
    assert verdict.status == "wrong shape"
    assert "the last step is missing" in verdict.message


def test_a_and_h_in_each_others_place_are_not_said_to_lack_h_0():
    def h_first(p, x, h_0):
        a, h, o = FORWARD(p, x, h_0)
        return h, a, o
    assert "a and h are right, but in the wrong order" in check.q03_2(h_first).message


def test_scores_for_h_0_are_one_row_too_many():
    def too_many(p, x, h_0):
        a, h, _ = FORWARD(p, x, h_0)
        return a, h, h @ p.U.T + p.b_y
    assert "no step makes scores from h_0" in check.q03_2(too_many).message


def test_a_product_that_does_not_fit_is_explained():
    def unturned(p, h, x):
        return x @ p.V + h @ p.W + p.b_h
    assert "a product does not fit" in check.q03_1(unturned).message
    assert "a product does not fit" in check.q03_1(lambda p, h, x: np.dot(x, p.V)).message
    assert "a product does not fit" in check.q03_2(lambda p, x, h_0: unturned(p, h_0, x[0])).message


def test_a_sum_that_does_not_fit_is_explained():
    assert "a matrix product is written @" in check.q03_1(lambda p, h, x: p.V * x + p.W * h + p.b_h).message
    assert "b_y has K" in check.q03_1(lambda p, h, x: h @ p.U.T + p.b_h).message
    wrong_bias = check.q03_1(cell("def step(params, h_prev, x_t):\n    return h_prev @ params.U.T + params.b_h")).message
    assert "b_y has K" in wrong_bias
    assert "product" not in wrong_bias


def test_any_other_error_is_reported_with_its_line():
    assert "ZeroDivisionError" in check.q03_1(lambda p, h, x: 1 / 0).message
    assert "ZeroDivisionError" in check.q03_2(lambda p, x, h_0: 1 / 0).message


def test_an_index_beyond_the_last_row_is_explained():
    def one_too_far(p, x, h_0):
        return [x[t] for t in range(1, len(x) + 1)]
    message = check.q03_2(one_too_far).message
    assert "step t reads x[t-1]" in message
    assert "the rows 0 to T-1" in message


def test_columns_are_right_for_a_step_and_not_enough_for_a_batch():
    def step(p, h, x):
        a = p.V @ x + p.W @ h + p.b_h
        return a, np.tanh(a), p.U @ np.tanh(a) + p.b_y
    verdict = check.q03_1(step)
    assert verdict.ok
    assert "For a batch" in verdict.message
    verdict = check.q03_2(lambda p, x, h_0: by(step)(p, x, h_0))
    assert verdict.status == "wrong"
    assert "not for a batch" in verdict.message


def test_an_answer_that_is_no_function_is_told_so():
    assert "expected a function" in check.q03_2(3).message


def test_both_ways_to_keep_enough_are_right():
    assert "whose slope is 1 just where h_t > 0" in check.q03_3({"x", "h", "o"}).message
    assert "enough for every f" in check.q03_3(["x", "a", "h", "o"]).message
    assert check.q03_3("x, h, o").ok


@pytest.mark.parametrize(("names", "sentence"), WRONG_KEPT)
def test_each_wrong_choice_of_what_to_keep_is_given_its_reason(names, sentence):
    verdict = check.q03_3(names)
    assert verdict.status == "wrong"
    assert sentence in verdict.message


def test_what_the_judge_calls_enough_gives_the_gradients():
    params, x, h_0 = judged._network()
    run = rnn.forward(params, x, h_0)
    do = rnn.cross_entropy(run.o, [0, 1, 1, 0])[1]
    from_h = run._replace(a=np.arctanh(run.h[1:]))                    # x, h and o only
    for got, expected in zip(rnn.bptt(params, from_h, do), rnn.bptt(params, run, do), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("name", "shape", "sentence"), WRONG_SHAPES)
def test_each_wrong_shape_is_told_its_axis(name, shape, sentence):
    verdict = check.q03_4(SHAPES | {name: shape})
    assert verdict.status == "wrong"
    assert sentence in verdict.message


def test_the_shapes_asked_for_are_those_of_the_library():
    run = rnn.forward(*judged._network((6,)))
    assert {"a": run.a.shape, "h": run.h.shape, "o": run.o.shape} == {name: SHAPES[name] for name in "aho"}


def test_columns_would_fail_with_a_batch():
    params, xs, _ = judged._network((judged.B,))
    with pytest.raises(ValueError, match="matmul"):
        params.V @ xs.T


# ---- what the lesson says ---------------------------------------------------------------------------------------------

def test_two_steps_with_one_input_predict_different_classes():
    names = ran(read(PATHS[3]), "03-01", "03-04")
    first, fourth = rnn.softmax(rnn.forward(names["params"], names["x"], names["h_0"]).o)[[0, 3]]
    assert [f"{first[0]:.2f}", f"{fourth[1]:.2f}"] == ["0.65", "0.84"]


def test_many_sequences_take_less_time_together_than_one_by_one():
    rng = np.random.default_rng(3)
    params, xs = rnn.init_parameters(50, 100, 17, rng), rng.standard_normal((20, 32, 50))
    def seconds(work):
        start = time.process_time()
        work()
        return time.process_time() - start
    together = min(seconds(lambda: rnn.forward(params, xs)) for _ in range(5))
    assert together < min(seconds(lambda: [rnn.forward(params, xs[:, b]) for b in range(32)]) for _ in range(5))


# ---- the explorer -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("T", [1, 5, 12])
def test_every_step_is_drawn_at_one_size_that_fits_the_page(T):
    explorer = touch.check(forward_pass(*network(T)))
    sizes = {re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups() for svg, _ in explorer.pictures}
    assert len(sizes) == 1
    assert float(sizes.pop()[0]) <= 940


@pytest.mark.parametrize("T", [1, 12])
def test_pictures_hold_the_numbers_of_their_step_and_captions_name_them(T):
    params, x, h = network(T)
    for t, (svg, caption) in enumerate(forward_pass(params, x, h).pictures, start=1):
        a = params.V @ x[t - 1] + params.W @ h + params.b_h
        h = np.tanh(a)
        o = params.U @ h + params.b_y
        yhat = np.exp(o) / np.exp(o).sum()
        for value in np.concatenate([a, h, o, yhat]):
            assert f">{value:.2f}</text>".replace("-", "−") in svg
        assert caption.startswith(f"Step {t} reads x{lowered(t)} and h{lowered(t - 1)} ")
        assert not re.search(r"\d\.\d", caption)


def test_the_record_grows_with_t_and_h_has_a_row_more():
    for t, (svg, _) in enumerate(forward_pass(*network(4)).pictures, start=1):
        cells = re.findall(r">([xaho])\[(\d+)\]<", svg)
        assert [cells.count((letter, str(t - 1))) for letter in "xao"] == [1, 1, 1]
        assert [sum(letter == name for name, _ in cells) for letter in "xaho"] == [4, t, t + 1, t]      # x is given


def test_the_record_marks_what_a_step_reads_and_what_it_makes():
    svg = forward_pass(*network(4)).pictures[2].svg
    rims = re.findall(r'stroke-width="([\d.]+)"/><text[^>]*>([xaho]\[\d\])<', svg)
    assert {name for rim, name in rims if rim == "2.4"} == {"x[2]", "h[2]"}
    assert {name for rim, name in rims if rim == "3.4"} == {"a[2]", "h[3]", "o[2]"}


def test_the_network_too_shows_what_is_not_computed_yet():
    for t, picture in enumerate(forward_pass(*network(4)).pictures, start=1):
        for s in range(1, 5):
            drawn = {name: ElementTree.tostring(marked(picture, f"{name}{s}"), "unicode") for name in "xhyvwu"}
            dashed = {name: "stroke-dasharray" in part for name, part in drawn.items()}
            assert dashed == {"x": False, **dict.fromkeys("hyvwu", s > t)}


def test_an_entry_of_a_lights_the_rows_and_the_vectors_that_it_comes_from():
    explorer = forward_pass(*network(4))
    explorer.value["t"] = 3
    lit = set(marked(explorer.picture(), "a-1").get("data-lights").split())
    assert {"V-1", "x-all", "W-1", "past-all", "bh-1", "a-1"} <= lit
    assert not lit & {"V-0", "W-2", "bh-0", "a-0", "h-1"}
    assert {"x3", "h2", "h3"} <= lit                                   # in the network, where a₃ lies inside h₃
    assert {name for name in lit if name[0] == "k"} == {"kx3", "kh2", "ka3"}       # and in the arrays: what a₃ needs, and a₃
    assert set(marked(explorer.picture(), "h-2").get("data-lights").split()) == \
        {"h-2", "rim-h", "a-2", "rim-a", "h3", "ka3", "kh3"}


def test_an_entry_of_o_lights_a_row_of_u_and_the_whole_state():
    picture = forward_pass(*network(4)).picture()
    assert {"U-0", "h-all", "by-0"} <= set(marked(picture, "o-0").get("data-lights").split())
    assert {"kh1", "ko1"} <= set(marked(picture, "o-0").get("data-lights").split())         # rows of the arrays
    assert "ko1" in marked(picture, "yhat-1").get("data-lights").split()
    assert {"o-all", "rim-yhat"} <= set(marked(picture, "yhat-1").get("data-lights").split())
    borders = re.findall(r'class="(rim-\w+)"[^>]*stroke-width', picture.svg)
    assert borders == ["rim-x", "rim-past", "rim-a", "rim-h", "rim-o", "rim-yhat"]


def test_a_step_stands_beside_an_earlier_one_with_the_same_input():
    names = ran(read(PATHS[3]), "03-01", "03-04")
    explorer = forward_pass(names["params"], names["x"], names["h_0"])
    run = rnn.forward(names["params"], names["x"], names["h_0"])
    first, fourth = explorer.pictures[0].svg, explorer.pictures[3].svg
    assert "Step 1, which will stand in grey beside the others:" in first
    assert "Step 1 (grey) beside step 2:" in explorer.pictures[1].svg
    pairs = fourth.partition("x₄ = x₁. Step 1 (grey) beside step 4:")[2]
    written = re.findall(r">(−?[0-9.]+)</text>", pairs)
    shown = [array[n] for array in (run.x @ names["params"].V.T, run.h[:-1] @ names["params"].W.T, run.a, run.h[1:],
                                    rnn.softmax(run.o)) for n in (0, 3)]
    assert written == [f"{value:.2f}".replace("-", "−") if value else "0.00" for value in np.concatenate(shown)]
    assert written[:3] == written[3:6]                                      # V x: the only pair that is equal
    assert "grey" not in forward_pass(*network(4)).picture().svg               # no two inputs are equal


def test_a_node_of_the_step_that_is_shown_lights_all_its_numbers_and_its_rows():
    for t, picture in enumerate(forward_pass(*network(4)).pictures, start=1):
        for s in range(1, 5):
            lit = set(marked(picture, f"h{s}").get("data-lights").split())
            assert ("numbers" in lit) == (s == t)
            assert ({f"ka{s}", f"kh{s}", f"ko{s}"} <= lit) == (s <= t)


@pytest.mark.parametrize("part", ["x4", "v4", "w4", "h4", "u4", "y4"])
def test_a_step_of_the_network_leads_there(part):
    explorer = forward_pass(*network(5))
    mark = marked(explorer.picture(), part)
    assert mark.get("data-lights") == "x4 v4 h3 w4 h4 u4 y4 kx4"
    explorer.touch(mark.get("data-set"))
    assert explorer.value["t"] == 4


def test_a_kept_row_says_which_vector_it_holds():
    picture = forward_pass(*network(4)).pictures[3]
    says = {(mark.get("class"), mark.get("data-says").split(":")[0]) for mark in touch.marks(picture)}
    assert {("kx3", "x[2] holds x₃"), ("kh3", "h[3] holds h₃"),
            ("ka3", "a[2] holds a₃, which lies inside h₃ in the drawing")} <= says
    shown = {name: marked(picture, name).get("data-lights").split()[2:] for name in ("kx4", "ka4", "kh3", "kh4", "ko4", "kx3")}
    assert shown == {"kx4": ["x-all"], "ka4": ["a-all"], "kh3": ["past-all"], "kh4": ["h-all"], "ko4": ["o-all"], "kx3": []}


def test_without_h_0_the_network_starts_from_zeros():
    params, x, _ = network(3)
    svg = forward_pass(params, x).picture().svg
    assert svg.count(">0.00</text>") == 3 + 3 + 1                       # h_0, W h_0, and 0.0047 of U
    assert "−0.00" not in svg


@pytest.mark.parametrize("scale", [1, 20, 1000])
def test_large_numbers_give_up_decimals_to_keep_the_picture_on_the_page(scale):
    params, x, h_0 = network(4)
    svg = forward_pass(params, scale * x, h_0, rnn.identity).picture().svg
    assert float(re.search(r'viewBox="0 0 (\S+) ', svg)[1]) <= 940


def test_what_would_not_fit_is_refused_with_the_reason():
    with pytest.raises(ValueError, match="smaller network"):
        forward_pass(*network(3, D=6, H=6))
    params, x, h_0 = network(3)
    with pytest.raises(ValueError, match="one sequence"):
        forward_pass(params, x[:, None], h_0[None])


# ---- numbers in brackets ----------------------------------------------------------------------------------------------

def test_numbers_have_a_true_minus_sign_and_zero_has_none():
    assert [number(v) for v in (-1.234, 0.5, -0.0, -0.004, 12)] == ["−1.23", "0.50", "0", "0.00", "12.00"]
    assert number(-3.04, decimals=1) == "−3.0"


def test_the_size_of_a_matrix_follows_from_its_shape_and_most():
    small, large = (matrix([[v, -v]], most=50) for v in (0.1, 49.0))
    assert small[:2] == large[:2]
    assert column([1, 2, 3]).height == 3 * matrix([[1, 2, 3]]).height
    assert matrix([[1, 2, 3]]).width > 2 * column([1, 2, 3]).width
    assert named(small, "W", 2).height == small.height + HEAD == small.height - 20 + sign("=").height


@pytest.mark.parametrize("bad", [1.0, [1.0], np.zeros((0, 2)), np.zeros((2, 2, 2))])
def test_what_is_no_matrix_is_refused(bad):
    with pytest.raises(ValueError, match="rows and columns"):
        matrix(bad)


def test_a_vector_has_one_axis():
    with pytest.raises(ValueError, match="one axis"):
        column([[1.0]])
