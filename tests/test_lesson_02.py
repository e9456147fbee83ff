"""Lesson 02: the checkers say what is wrong with a graph, an order and a count, and the explorer counts what it draws."""
import re
from xml.etree import ElementTree

import numpy as np
import pytest
import touch
from lessons import ROOT, prose, read

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import explorers, palette
from rnn_lib.checks import lesson_02 as judged

EDGES = [*((f"x_{t}", f"h_{t}") for t in (1, 2, 3)), *((f"h_{t - 1}", f"h_{t}") for t in (1, 2, 3)),
         *((f"h_{t}", f"yhat_{t}") for t in (1, 2, 3))]
ORDER = ["h_1", "yhat_1", "h_2", "yhat_2", "h_3", "yhat_3"]


def named(letter):
    """The edges with another name for the prediction."""
    return [(a, b.replace("yhat", letter)) for a, b in EDGES]


WRONG = [   # exercise, answer, words of the sentence that comes back
    (1, [edge for edge in EDGES if edge[0] != "h_0"], "where does h_1 get"),
    (1, [edge for edge in EDGES if "3" not in edge[1]], "3 of 9 edges are missing"),
    (1, [(b, a) for a, b in EDGES], "points the wrong way"),
    (1, [("x_t", "h_t"), ("h_t", "h_t"), ("h_t", "yhat_t")], "loop of the compact drawing"),
    (1, [*EDGES, EDGES[0]], "twice"),
    (1, [*EDGES, ("yhat_1", "h_2")], "does not feed the next state"),
    (1, [*EDGES, ("yhat_1", "x_2")], "only when a text is generated"),
    (1, [*EDGES, ("x_1", "yhat_1")], "only through the hidden state"),
    (1, [*EDGES, ("x_1", "x_2")], "no edge enters them"),
    (1, [*EDGES, ("x_1", "h_0")], "no edge enters them"),
    (1, [*EDGES, ("x_1", "h_2")], "its own step"),
    (1, [*EDGES, ("h_1", "yhat_2")], "its own step"),
    (1, [*EDGES, ("h_1", "h_3")], "just before it"),
    (1, [*EDGES, ("h_2", "h_1")], "just before it"),
    (1, [*EDGES, ("yhat_1", "yhat_2")], "no prediction on the right"),
    (1, [*EDGES, ("h_3", "h_4")], "no node h_4"),
    (1, [*EDGES, ("x_0", "h_0")], "no node x_0"),
    (1, [*EDGES, ("yhat_1", "L_1")], "ends at the predictions"),
    (1, [*EDGES, ("V", "h_1")], "parameters stand on the edges"),
    (1, [*EDGES, ("", "h_1")], "no node"),
    (1, named("y"), "the data gives"),
    (1, named("o"), "inside ŷ_1"),
    (1, [(a, b.replace("h_", "a_")) for a, b in EDGES], "inside h_1"),
    (1, [(a, "V", b) for a, b in EDGES], "a pair of names without the matrix"),
    (1, [f"{a} -> {b}" for a, b in EDGES], "a pair of names"),
    (1, ("x_1", "h_1"), "a pair of names"),
    (1, [], "a pair of names"),
    (1, 9, "a pair of names"),
    (1, [None], "a pair of names"),
    (1, np.nan, "a pair of names"),
    (2, ["yhat_1", *ORDER[:1], *ORDER[2:]], "ŷ_1 comes too early: it needs h_1"),
    (2, ["h_1", "h_3", "h_2", *ORDER[1::2]], "h_3 comes too early: it needs h_2"),
    (2, ORDER[::-1], "comes too early"),
    (2, ["x_1", *ORDER], "are given"),
    (2, ["h_0", *ORDER], "are given"),
    (2, ORDER[:-1], "not there yet: ŷ_3"),
    (2, [*ORDER, "h_1"], "h_1 stands there twice"),
    (2, [name.replace("yhat", "o") for name in ORDER], "inside ŷ_1"),
    (2, [name.replace("yhat", "y") for name in ORDER], "the data gives"),
    (2, [("h_1", "yhat_1")], "either may come first"),
    (2, set(ORDER), "write one list of names"),
    (2, " ".join(ORDER), "write one list of names"),
    (2, 42, "write one list of names"),
    (2, np.nan, "write one list of names"),
    (3, 64, "biases b_h and b_y"),
    (3, 450, "every copy"),
    (3, 384, "forgot the biases"),
    (3, 68, "b_y is missing"),
    (3, 71, "4 too few. Which is it? The hidden units have a bias too, b_h; V is (4, 5), not (4, 4)"),
    (3, 55, "V is missing"),
    (3, 59, "W is missing"),
    (3, 47, "U is missing"),
    (3, 155, "a W for every step"),
    (3, 79, "4 too many. Which is it? h_0 is a state that is given, not a parameter; W is (4, 4), not (4, 5); b_h is one bias"),
    (3, 82, "7 too many. Which is it? U reads the state, not the input, so U is (7, 4)"), (3, 5, "how many arrays"),
    *((3, count, "U is (7, 4): it leads from the 4 hidden units to the 7 outputs") for count in (96, 63)),
    *((3, count, "one number per unit: b_h has 4, and b_y has 7") for count in (66, 72)),
    (3, 84, "W is too large: it leads from the 4 hidden units to the same 4 units"), (3, 7, "count the entries"),
    (3, "75", "give one whole number, without quotation marks"), (3, (20, 16, 28, 4, 7), "a list of counts, add them up"),
    *((3, answer, "one whole number") for answer in (75.5, np.nan, np.inf, 75j, "75", [20, 16, 28, 4, 7], np.zeros(75))),
]


@pytest.mark.parametrize(("number", "answer", "words"), WRONG)
def test_a_wrong_answer_is_told_what_it_is(number, answer, words):
    verdict = exercise(number)(answer)
    unread = ("write a list of edges", "write one list of names", "one whole number")
    assert verdict.status == ("not understood" if any(asked in verdict.message for asked in unread) else "wrong")
    assert words in verdict.message


def exercise(number):
    return getattr(check, f"q02_{number}")


@pytest.mark.parametrize("write", [
    "x₁", "h₁", "X_1", "H_1", "h 1", "h_{1}", "yhat_1", "Yhat_1", "YHAT_1", "Ŷ1", r"\hat y_1", r"$\hat{y}_1$", "y_hat_1", "ŷ1"])
def test_a_node_may_be_written_in_many_ways(write):
    assert judged._name(write) in ("x_1", "h_1", "ŷ_1")


def test_no_two_mistakes_in_the_count_give_one_number():
    assert len({answer for number, answer, words in WRONG if number == 3 and isinstance(answer, int)}) == 18
    assert len(check.q02_3.table["my_count"]) == 18          # and one for any other


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_blank_is_not_attempted_and_the_published_solution_is_right(number):
    assert [exercise(number)(empty).status for empty in (None, ...)] == ["not attempted"] * 2
    defined = {}
    exec(exercise(number).solution().message, defined)
    answer = next(value for name, value in defined.items() if name.startswith("my_"))
    verdict = exercise(number)(answer)
    assert verdict.ok
    assert verdict.message


@pytest.mark.parametrize("number", [1, 2, 3])
def test_hints_begin_with_a_question_and_never_run_out(number):
    said = [exercise(number).hint().message for _ in range(6)]
    assert "?" in said[0]
    assert "the last one" in said[-1]


def test_other_right_answers_are_right():
    for letter in ("yhat", "y_hat", "ŷ", "y\u0302"):
        assert check.q02_1(named(letter)).ok
        assert check.q02_2([name.replace("yhat", letter) for name in ORDER]).ok
    for edges in (EDGES[::-1], set(EDGES), [list(edge) for edge in EDGES], np.array(EDGES), dict.fromkeys(EDGES),
                  [(a.replace("_", ""), f" {b} ") for a, b in EDGES]):
        assert check.q02_1(edges).ok
    for order in (ORDER, tuple(ORDER), np.array(ORDER), ["h_1", "h_2", "h_3", "yhat_3", "yhat_1", "yhat_2"]):
        assert check.q02_2(order).ok
    for count in (75, 75.0, np.int64(75), np.array(75), np.array([75])):
        assert check.q02_3(count).ok


def test_the_count_is_that_of_the_librarys_network():
    params = rnn.init_parameters(judged.D, judged.H, judged.K, np.random.default_rng(0))
    assert check.q02_3(sum(p.size for p in params)).ok


def test_the_lesson_asks_for_the_sizes_that_are_judged():
    asked = next(cell.source for cell in prose(read(ROOT / "notebooks/02_unfolding.ipynb")) if "Exercise 3" in cell.source)
    assert dict(re.findall(r"\$(\w) = (\d+)\$", asked)) == {name: str(getattr(judged, name)) for name in "DHKT"}


# the explorer

@pytest.fixture(scope="module")
def frames():
    """T -> Picture"""
    explorer = touch.check(explorers.unfolding(T_max=5))
    return {T: picture for T, picture in enumerate(explorer.pictures, start=1)}


def lights(picture, name):
    """What lights up when the part of this name is touched."""
    return next(mark.get("data-lights").split() for mark in touch.marks(picture) if mark.get("class") == name)


def test_a_dash_for_each_edge_in_the_colour_of_its_matrix(frames):
    for T, picture in frames.items():
        dashes = [element.get("fill") for element in touch.elements(picture) if element.get("height") == "4"]
        assert [dashes.count(colour) for colour in (palette.V, palette.W, palette.U)] == [T, T, T]
        assert str(len(rnn_edges(T))) in [element.text for element in touch.elements(picture)]


def test_a_dot_for_each_node_and_the_same_strip_of_parameters_at_every_T(frames):
    strips = set()
    for T, picture in frames.items():
        words = [element.text for element in touch.elements(picture) if element.text]
        dots = [element for element in touch.elements(picture) if element.get("height") == "8"]
        assert len(dots) == 3 * T + 1
        assert {str(3 * T + 1), "217,100"} <= set(words)
        strips.add(tuple(element.get("width") for element in touch.elements(picture) if element.get("height") == "20"))
    assert len(strips) == 1


def test_the_canvas_has_the_size_of_what_is_drawn(frames):
    widths = [float(ElementTree.fromstring(picture.svg).get("width")) for picture in frames.values()]
    assert widths == sorted(widths)
    longest = float(ElementTree.fromstring(explorers.unfolding(T_max=12).pictures[-1].svg).get("width"))
    assert widths[0] < longest <= 940


@pytest.mark.parametrize("letter", "VWU")
def test_an_edge_lights_up_every_use_of_its_matrix_and_what_it_leads_to_in_both_drawings(letter, frames):
    for T, picture in frames.items():
        uses, node = [f"{letter.lower()}{t}" for t in range(1, T + 1)], {"V": "h", "W": "h", "U": "y"}[letter]
        led_to = {f"{node}{t}" for t in ["t", *range(1, T + 1)]}
        assert all(set(lights(picture, name)) == {letter, f"all{letter}", *uses, *led_to} for name in [letter, *uses])
        drawn = [element.get("class") for element in touch.elements(picture)]
        assert drawn.count(letter) == 2                 # the edge of the compact drawing, and a piece of the strip
        says = next(mark.get("data-says") for mark in touch.marks(picture) if mark.get("class") == letter)
        assert says.startswith(f"{T} uses of one {letter}, " if T > 1 else f"{letter} is used once, ")


def test_only_a_matrix_that_is_touched_shows_the_ways_from_its_numbers_to_its_uses(frames):
    for name in ("x3", "h3", "y3", "ht", "yt"):
        assert not [part for part in lights(frames[4], name) if part.startswith("all")]
    assert all(frames[4].svg.count(f'"when all{letter}"') == 1 for letter in "VWU")


def test_a_node_lights_up_what_it_is_computed_from(frames):
    graph = rnn_edges(4)
    for name in ("x3", "h0", "h1", "h3", "y3"):
        above = {a for a, b in graph if b == name}
        assert {part for part in lights(frames[4], name) if re.fullmatch(r"[xhy]\d", part)} == {name} | above
        assert ("b" in lights(frames[4], name)) == (name[0] in "hy" and name != "h0")               # the biases belong to these


def rnn_edges(T):
    """The edges for T steps, in the drawing's names."""
    return [pair for t in range(1, T + 1) for pair in ((f"x{t}", f"h{t}"), (f"h{t - 1}", f"h{t}"), (f"h{t}", f"y{t}"))]


def test_the_first_word_passes_51_matrices_on_its_way_to_the_last_prediction_of_50_steps():
    came_from, node, uses = {b: a for a, b in rnn_edges(50) if a != "h0" and not (a[0] == "x" and b != "h1")}, "y50", 0
    while node != "x1":
        node, uses = came_from[node], uses + 1
    assert uses == 51


def test_a_hundred_steps_have_301_nodes_and_300_edges():
    edges = rnn_edges(100)
    assert (len({node for edge in edges for node in edge}), len(edges)) == (301, 300)


def test_the_loop_says_what_each_edge_and_node_is():
    picture, = touch.check(explorers.loop()).pictures
    assert {mark.get("class") for mark in touch.marks(picture) if mark.tag.endswith("}g")} == {"V", "W", "U", "xt", "ht", "yt"}
    letters = [mark.get("data-lights") for mark in touch.marks(picture) if mark.tag.endswith("}tspan")]
    assert {*letters} == {*"VUbc", "W P", "A ht", "F ht", "G yt", "H ht", "O yt", "P W", "X xt", "Y yt"}       # of the equations
    assert set(lights(picture, "ht")) == {"ht", "xt", *"AFHPVWXb"}                    # all of (1) and (2)


def test_the_parameters_are_counted_as_the_library_has_them():
    params = rnn.init_parameters(2, 3, 4, np.random.default_rng(0))
    for picture in explorers.unfolding(T_max=3, D=2, H=3, K=4).pictures:
        assert f">{sum(p.size for p in params)}<" in picture.svg


def test_the_caption_speaks_of_uses_and_not_of_copies(frames):
    assert all("use" in picture.caption and "cop" not in picture.caption for picture in frames.values())


def test_what_the_lesson_says_about_a_factor_49_times_is_so():
    """One factor a little too small, one a little too large."""
    assert (f"{.9 ** 49:.3f}", f"{1.1 ** 49:.0f}") == ("0.006", "107")
