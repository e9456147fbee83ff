"""The two kits that every lesson is made with: explorers (controls around a picture) and checks (exercises)."""
import json
import os
import re
import subprocess
import sys
import time
from itertools import product

import numpy as np
import pytest
from exercises import cell
from touch import markup

import rnn_lib as rnn
from rnn_lib import checks as all_checks
from rnn_lib import explorers, palette
from rnn_lib.charts import background
from rnn_lib.checks import code, q00_2
from rnn_lib.checks import kit as checks
from rnn_lib.checks.misfit import in_letters
from rnn_lib.checks.networks import network
from rnn_lib.explorers import Picture, choice, picker, predict, redrawn, slider, still, switch, switched, text
from rnn_lib.explorers.kit import card

LIVE = "application/vnd.jupyter.widget-view+json"


def drawn(**values):
    """A picture that tells its setting."""
    words = " ".join(f"{name}={value}" for name, value in values.items())
    return Picture(f'<svg viewBox="0 0 9 9" height="9"><rect width="9"/><text>{words}</text><path d="M0 0"/></svg>', f"{words}.")


def shown(explorer):
    """The SVG text that a front end puts together for what the controls stand at."""
    return markup(explorer.parts, explorer.frames[explorer.index if len(explorer.frames) > 1 else 0])


def every(chosen):
    """Each setting of the controls, as a dictionary."""
    return [dict(zip(chosen, values, strict=True)) for values in product(*(control.stops for control in chosen.values()))]


CONTROLS = [
    {"T": slider("T", 1, 12)},
    {"T": slider("T", 3, 5, 4)},
    {"T": slider("T", 0, 2, 1, "a length", plays=True)},
    {"light": choice("light", ["all", "V", "W"], "V")},
    {"size": choice("size", [("small", 2), ("large", 9)])},
    {"word": picker("word", ["a", "b", "c"], "c")},
    {"step": picker("step", [("one", 1), ("ten", 10), ("hundred", 100)], 10)},
    {"zero": switch("zero", True)},
    {"T": slider("T", 2, 4), "light": choice("light", ["all", "V"]), "on": switch("on"), "k": slider("k", 1, 3, 2)},
]


@pytest.fixture(params=CONTROLS, ids=lambda chosen: "-".join(f"{control.kind} {name}" for name, control in chosen.items()))
def chosen(request):
    return request.param


@pytest.mark.parametrize("kind", [switched, redrawn])
def test_an_explorer_shows_what_is_drawn_for_its_values_at_every_setting(kind, chosen):
    explorer = kind(drawn, **chosen)
    start = {name: control.start for name, control in chosen.items()}
    assert dict(explorer.value) == start
    for values in [start, *every(chosen), start]:
        explorer.value.update(values)
        assert dict(explorer.value) == values
        assert explorer.picture() == drawn(**values)
        assert shown(explorer) == drawn(**values).svg
        assert explorer.error == ""


def test_a_switched_explorer_has_a_frame_and_a_caption_for_each_setting_and_a_redrawn_one_has_one(chosen):
    explorer, drawn_again = switched(drawn, **chosen), redrawn(drawn, **chosen)
    assert len(explorer.frames) == len(explorer.captions) == len(every(chosen))
    assert explorer.captions == [drawn(**values).caption for values in every(chosen)]
    assert len(drawn_again.frames) == len(drawn_again.captions) == 1


def test_every_frame_is_drawn_once_and_before_any_move():
    calls = []
    explorer = switched(lambda T: calls.append(T) or drawn(T=T), T=slider("T", 1, 5))
    for value in (1, 4, 2):
        explorer.value["T"] = value
        explorer.picture()
    assert calls == [1, 2, 3, 4, 5]


def test_values_are_read_and_set_by_name_and_no_other_name_or_value_is_taken():
    explorer = switched(drawn, T=slider("T", 1, 3), light=choice("light", [("all", None), "W"]))
    assert list(explorer.value) == ["T", "light"]
    assert len(explorer.value) == 2
    assert repr(explorer.value) == "{'T': 3, 'light': None}"
    for action in (lambda: explorer.value.update(t=1), lambda: explorer.touch("t=1")):
        with pytest.raises(KeyError, match="there is no control 't', only T, light"):
            action()
    with pytest.raises(KeyError, match="t"):
        explorer.value["t"]
    with pytest.raises(ValueError, match="T can stand at 1, 2, 3, not at 4"):
        explorer.value["T"] = 4
    with pytest.raises(TypeError, match="the control T stays"):
        del explorer.value["T"]
    assert dict(explorer.value) == {"T": 3, "light": None}


def test_what_is_set_in_the_browser_is_read_in_python():
    explorer = redrawn(drawn, T=slider("T", 1, 3), words=text("words", "a"))
    explorer.set_state({"values": [0, "a b"]})
    assert dict(explorer.value) == {"T": 1, "words": "a b"}
    assert explorer.picture() == drawn(T=1, words="a b")


def test_a_touch_moves_the_controls_to_the_stops_of_these_labels_or_says_that_it_leads_nowhere():
    explorer = redrawn(drawn, T=slider("T", 1, 6), f=choice("f", [("tanh", 0), ("ReLU", 1)]), words=text("words"))
    explorer.touch("T=2;f=ReLU")
    assert dict(explorer.value) == {"T": 2, "f": 1, "words": ""}
    explorer.touch("words=a = b")
    assert explorer.value["words"] == "a = b"
    with pytest.raises(ValueError, match=re.escape('data-set="T=7": T has no stop \'7\', only 1, 2, 3')):
        explorer.touch("T=7")


def test_a_press_calls_what_is_behind_the_button_and_draws_again():
    calls, counted = [], []
    explorer = redrawn(lambda words: counted.append(words) or drawn(words=words, calls=len(calls)), pressed=calls.append,
                       words=text("words", "a", buttons=("next", "back")))
    for button in ("next", "next", "back"):
        explorer.press(button)
    assert calls == ["next", "next", "back"]
    assert len(counted) == 4
    assert explorer.turn == 3
    assert explorer.picture().caption == "words=a calls=3."


@pytest.mark.parametrize("kind", [switched, redrawn])
def test_what_a_notebook_is_given_follows_the_controls(kind):
    explorer = kind(drawn, T=slider("T", 1, 3, 2))
    for value in (2, 3, 1):
        explorer.value["T"] = value
        bundle = explorer._repr_mimebundle_()
        assert bundle["text/plain"] == f"T={value}."
        assert f"<text>T={value}</text>" in bundle["image/svg+xml"]
        assert LIVE in bundle


def failing(T):
    if T == 12:
        raise ValueError("no <b>T</b> & no x_12")
    return drawn(T=T)


def test_an_error_while_redrawing_is_shown_in_place_and_raised():
    explorer = redrawn(failing, T=slider("T", 1, 12, 11))
    with pytest.raises(ValueError, match="x_12"):
        explorer.value["T"] = 12
    assert explorer.error == "ValueError: no <b>T</b> & no x_12"
    explorer.value["T"] = 11
    assert explorer.error == ""
    assert shown(explorer) == drawn(T=11).svg


def test_an_error_behind_a_button_is_shown_in_place_and_raised():
    explorer = redrawn(drawn, pressed=lambda name: {}[name], words=text("words", "a", buttons=("next",)))
    with pytest.raises(KeyError, match="next"):
        explorer.press("next")
    assert explorer.error == "KeyError: 'next'"


@pytest.mark.parametrize("kind", [switched, redrawn])
def test_an_error_in_the_first_drawing_stops_the_cell(kind):
    def draw(T):
        return drawn(T=T, inverse=1 / (T - 3))
    with pytest.raises(ZeroDivisionError):
        kind(draw, T=slider("T", 1, 3))


def test_frames_share_the_parts_that_are_the_same():
    explorer = switched(drawn, T=slider("T", 1, 12))
    texts = [json.dumps(part) for part in explorer.parts]
    assert len(set(texts)) == len(texts) == 3 + 12 + 12                # three shared, and of each frame its text and the whole


def test_the_height_is_that_of_the_tallest_frame_so_far():
    def draw(T):
        return Picture(f'<svg width="9" height="{10 * T}"></svg>', f"{T}.")
    assert switched(draw, T=slider("T", 1, 5)).height == 50
    assert still(draw(3)).height == 30
    explorer = redrawn(draw, T=slider("T", 1, 5, 2))
    heights = []
    for T in (2, 4, 1):
        explorer.value["T"] = T
        heights.append(explorer.height)
    assert heights == [20, 40, 40]                   # the page would jump at every letter


def test_the_canvas_is_the_same_for_all_frames_and_the_width_of_each_is_known():
    """An SVG whose size changes would be laid out anew, with all that is in it."""
    def draw(T):
        w, h = 30 * T, 70 - 10 * T
        return Picture(f'<svg viewBox="0 0 {w} {h}" width="{w}" height="{h}"><text>{T}</text></svg>', f"{T}.")
    explorer = switched(draw, T=slider("T", 1, 3, 1))
    assert explorer.widths == [30, 60, 90]
    assert {explorer.parts[explorer.parts[frame][0]] for frame in explorer.frames} == {
        '<svg viewBox="0 0 90 60" width="90" height="60">'}
    chart = '<svg viewBox="0 0 30 20" width="40" height="30"><text>in its own units</text></svg>'
    assert shown(still(Picture(chart, "."))) == chart


def test_colours_of_the_palette_follow_the_theme_and_no_other_does():
    explorer = still(Picture(f'<svg><path fill="{palette.W}" stroke="#123456"/></svg>', "."))
    assert 'fill="var(--rnn-W)"' in shown(explorer)
    assert 'stroke="#123456"' in shown(explorer)
    assert f'fill="{palette.W}"' in explorer._repr_mimebundle_()["image/svg+xml"]


def test_every_colour_of_the_palette_has_a_shade_of_its_own_for_each_theme():
    for name, (light, dark) in palette.COLOURS.items():
        assert f"--rnn-{name}:{light};" in palette.STYLE
        assert f"--rnn-{name}:{dark};" in palette.STYLE
        assert f"var(--rnn-{name})" in shown(still(Picture(f'<svg fill="{light}"/>', ".")))


def test_a_stored_picture_stands_on_a_white_card():
    assert re.fullmatch(r'<svg viewBox="0 0 9 9"><rect [^>]*fill="#ffffff"/><g/><svg/></svg>',
                        card('<svg viewBox="0 0 9 9"><g/><svg/></svg>'))


def test_controls_start_where_they_are_told_else_a_slider_at_its_end_and_others_at_their_first_option():
    controls = (slider("T", 1, 12), slider("T", 1, 12, 4), slider("k", 0, 3, 0), choice("c", ["x", "y"]),
                choice("c", [("x", 5), "y"], "y"), picker("p", [("x", 5)]), switch("s"), text("w", "a"))
    assert [control.start for control in controls] == [12, 4, 0, "x", "y", 5, False, "a"]


def test_every_control_has_a_name_for_the_ear():
    controls = (slider("T", 1, 2, says="the length"), slider("k", 1, 2), choice("", ["x"], says="which"), switch("on"),
                text("words"))
    assert [control.says for control in controls] == ["T, the length", "k", "which", "on", "words"]


def test_a_chart_is_svg_with_text_and_no_ids_shared_with_another():
    one, other = (background(lambda ax: ax.set_title("loss"), "chart", width=6)[0] for _ in range(2))
    assert one.startswith("<svg")
    assert ">loss<" in one
    assert re.search(r'<svg[^>]* width="576"', one)                     # 6 inches
    clips = [set(re.findall(r'clipPath id="([^"]+)"', background(lambda ax: ax.plot([1, 2]), "chart")[0])) for _ in range(2)]
    assert clips[0]
    assert not clips[0] & clips[1]
    assert background(lambda ax: None, "chart")[0].count("<svg") == other.count("<svg") == 1


def test_a_chart_brings_no_style_rule_that_would_hold_for_the_whole_page():
    svg = background(lambda ax: ax.plot([1, 2, 3]), "three <points>")[0]
    assert "<style" not in svg
    assert 'role="img" aria-label="three &lt;points&gt;"' in svg
    assert "stroke-linejoin" in svg.partition(">")[0]


QUESTION = "Why?", {"this": "so it is", "that": "x < y"}, "this"


def test_a_prediction_says_nothing_before_a_choice():
    explorer = predict(*QUESTION)
    assert dict(explorer.value) == {"vote": None}
    assert explorer.picture() == Picture("", "")
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "Why?\n  ○ this\n  ○ that"
    assert "image/svg+xml" not in bundle
    assert LIVE in bundle


@pytest.mark.parametrize(("option", "said"), [("this", "✓ Right. so it is"), ("that", "✗ Not quite. x < y")])
def test_a_prediction_is_answered_after_the_choice_and_only_in_the_browser(option, said):
    explorer = predict(*QUESTION)
    explorer.value["vote"] = option
    assert explorer.picture().caption == explorer.captions[explorer.index] == said
    assert said not in str(explorer._repr_mimebundle_()["text/plain"])


def test_a_prediction_has_the_right_option_among_its_options():
    with pytest.raises(ValueError, match="'neither' must be one of the options: this, that"):
        predict("Why?", QUESTION[1], "neither")


# --- exercises ---------------------------------------------------------------------------------------------------------------

RIGHT = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def exercise(judge):
    return checks.Exercise(judge, ["Which sum?", "Σₜ", "x.sum(0)"], "x.sum(axis=0)")


def judge_array(answer):
    return checks.compare(answer, RIGHT, [(RIGHT.T, "transposed"), (RIGHT - 1, "one too few")], name="dW")


MEAN = lambda: lambda x: x.mean(0), "a mean, not a sum", None
ARRAYS = exercise(judge_array)
FUNCTIONS = exercise(code.Judge(lambda x: x.sum(0), [(RIGHT,), (2 * RIGHT,)], [MEAN], ("do",)))


@pytest.mark.parametrize("answer", [None, ..., lambda: None])
@pytest.mark.parametrize("kind", [ARRAYS, FUNCTIONS])
def test_a_placeholder_is_not_attempted(kind, answer):
    if callable(answer):
        def answer(x=None):
            raise NotImplementedError
        kind = FUNCTIONS
    verdict = kind(answer)
    assert verdict.status == "not attempted"
    assert not verdict.ok


@pytest.mark.parametrize(("answer", "status", "part"), [
    (RIGHT, "right", ""),
    (RIGHT.tolist(), "right", ""),
    (RIGHT * (1 + 1e-13), "right", ""),
    (RIGHT.astype(np.float32) * np.float32(1.000001), "right", ""),
    (RIGHT.astype(np.float32) - 1, "wrong", "one too few"),
    (RIGHT * (1 + 5e-10), "wrong", "right to 9 digits only"),
    (RIGHT * 1j, "wrong", "must be real numbers, got complex ones"),
    (np.sum, "wrong", "got the function sum: did you call it?"),
    (iter([1.0]), "wrong", "hand in a list of what it gives"),
    (RIGHT[0], "wrong shape", "dW must have shape (2, 3), got (3,)"),
    (RIGHT.T, "wrong shape", "(3, 2)"),
    (3.0, "wrong shape", "got ()"),
    (RIGHT - 1, "wrong", "one too few"),
    (np.where(RIGHT == 5, np.nan, RIGHT), "wrong", "dW holds NaN at [1, 1]"),
    (np.where(RIGHT == 5, np.inf, RIGHT), "wrong", "1 of 6 entries differ, the first at [1, 1]: inf instead of 5"),
    (np.where(RIGHT == 5, 5.1, RIGHT), "wrong", "1 of 6 entries differ, the first at [1, 1]: 5.1 instead of 5"),
    ("a sentence", "wrong", "must be numbers, got str"),
    ([[1.0], [1.0, 2.0]], "wrong", "holds parts of different lengths"),
])
def test_an_array_gets_its_verdict(answer, status, part):
    verdict = ARRAYS(answer)
    assert verdict.status == status
    assert part in verdict.message
    assert verdict.ok == (status == "right")


@pytest.mark.parametrize(("answer", "status", "part"), [
    (lambda x: x.sum(axis=0), "right", ""),
    (lambda x: x.mean(axis=0), "wrong", "a mean, not a sum"),
    (lambda x: x.sum(axis=1), "wrong shape", "do must have shape (3,), got (2,)"),
    (lambda x: x.sum(axis=0) * np.nan, "wrong", "NaN"),
    (lambda x: x.sum(axis=0) + np.eye(3)[2], "wrong", "1 of 3 entries differ, the first at [2]"),
    (lambda x: (x.sum(axis=0), 1), "wrong", "must return do, got 2 values"),
    (lambda x: None, "wrong", "did you return it?"),
    (lambda x: checks.Verdict("a", "b"), "wrong", "must return do, got a whole Verdict: pick from its fields, .status, .message"),
    (lambda x: print, "wrong", "the function print: did you call it?"),
    (lambda: 1, "wrong", "TypeError"),
    (lambda x: (5.0, 7.0, 9.0) if x[0, 0] == 1 else [10, 14, 18], "right", ""),
    (RIGHT, "wrong", "expected a function, got ndarray"),
])
def test_a_function_gets_its_verdict(answer, status, part):
    verdict = FUNCTIONS(answer)
    assert verdict.status == status
    assert part in verdict.message


TWO = exercise(code.Judge(lambda x: (x.sum(), x.max()), [(RIGHT,)], [], ("sum", "max")))


@pytest.mark.parametrize(("answer", "status", "part"), [
    (lambda x: (x.sum(), x.max()), "right", ""),
    (lambda x: [x.sum(), x.max()], "right", ""),
    (lambda x: np.array([x.sum(), x.max()]), "right", ""),
    (lambda x: x.sum(), "wrong", "must return sum, max, got one value"),
    (lambda x: None, "wrong", "got None: does its last line begin with return?"),
    (lambda x: (x.sum(), [x.max()]), "wrong shape", "max: right, but with one more axis of length 1"),
    (lambda x: (x.sum(), None), "wrong", "max is None: did you return it?"),
])
def test_a_function_of_two_values_gets_its_verdict(answer, status, part):
    verdict = TWO(answer)
    assert verdict.status == status
    assert part in verdict.message


@pytest.mark.parametrize("given", [[1, 2], {"x": np.ones(2)}, ([np.ones(2)],)])
def test_a_change_in_place_of_what_lies_deeper_is_told_too(given):
    def answer(x):
        inner = x["x"] if isinstance(x, dict) else x[0] if isinstance(x, tuple) else x
        inner.pop() if isinstance(inner, list) else inner.fill(0)
    judge = exercise(code.Judge(lambda x: 0, [(given,)], [], ("your answer",)))
    assert judge(answer).message == (code.CHANGED_DICT if isinstance(given, dict) else code.CHANGED_ARRAY.format("x"))


def test_a_change_in_place_is_told():
    def answer(x):
        x += 0.5
        return (x - 0.5).sum(0)
    verdict = FUNCTIONS(answer)
    assert verdict.status == "wrong"
    assert " in place: work on a new array" in verdict.message


def test_an_error_in_the_learners_code_is_reported_with_its_line():
    def answer(x):
        total = x.sum(0)
        return total[99]
    verdict = FUNCTIONS(answer)
    assert verdict.status == "wrong"
    assert "return total[99]" in verdict.message
    assert "IndexError" in verdict.message


def test_a_function_with_other_arguments_is_not_shown_a_line_of_ours():
    message = q00_2(lambda: 1).message
    assert message.startswith("calling your function stopped with TypeError: ")
    assert "«" not in message


def test_the_line_that_is_reported_is_the_learners_when_the_error_comes_from_a_library():
    def answer(x):
        return np.stack([x, np.ones(3)])
    assert "np.stack([x, np.ones(3)])" in FUNCTIONS(answer).message


def test_the_learners_arrays_are_never_changed():
    def meddle(answer):
        answer[:] = 0
        return checks.right()
    mine = RIGHT.copy()
    assert exercise(meddle)(mine).ok
    np.testing.assert_array_equal(mine, RIGHT)


def test_hints_come_in_layers_and_the_last_one_stays():
    asked = exercise(judge_array)
    hints = [asked.hint() for _ in range(4)]
    assert [hint.message.split("  (")[0] for hint in hints] == ["Which sum?", "Σₜ", "x.sum(0)", "x.sum(0)"]
    assert "2 more" in hints[0].message
    assert ".solution()" in hints[-1].message
    assert not any(hint.ok for hint in hints)
    assert asked.solution().message == "x.sum(axis=0)"


@pytest.mark.parametrize("status", checks.MARK)
def test_verdicts_are_escaped_and_carry_a_sign_besides_the_colour(status):
    verdict = checks.Verdict(status, "x < y & <script>")
    html = verdict._repr_html_()
    assert "x &lt; y &amp; &lt;script&gt;" in html
    assert "<script>" not in html
    assert f"{checks.MARK[status]} {status}" in html
    assert repr(verdict) == f"{checks.MARK[status]} {status}: x < y & <script>"


# --- exercises as texts and edits --------------------------------------------------------------------------------------------

SUM = """def my_sum(x):
    total = x.sum(axis=0)
    return total"""


def summed(**more):
    return code.coding(SUM, [(RIGHT,), (2 * RIGHT,)], hints=["Which axis?", "axis 0"], returns=("the sum",), **{
        "mistakes": [("axis=0", "axis=1", "over the units"), ("x.mean(0)", "a mean"), (lambda x: x[0], "the first alone"),
                     ("def my_sum(x):\n    return 2 * right(x)", "twice")],
        "praise": "well added", **more})


@pytest.mark.parametrize(("answer", "status", "part"), [
    (lambda x: x.sum(0), "right", "well added"), (lambda x: sum(x), "right", "well added"),
    (lambda x: x.sum(1), "wrong", "over the units"), (lambda x: x.sum(0) / 2, "wrong", "a mean"),
    (lambda x: x[0], "wrong", "the first alone"), (lambda x: x.sum(0) * 2, "wrong", "twice"),
    (lambda x: {"the sum": x.sum(0)}, "right", ""), (lambda x: (x.sum(0), 1), "wrong", "return the sum alone"),
    (lambda x: ..., "not finished", "still open: the sum"), (lambda x: None, "wrong", "did you return it?")])
def test_an_exercise_is_a_text_and_its_mistakes_are_edits_of_it(answer, status, part):
    verdict = summed()(answer)
    assert verdict.status == status
    assert part in verdict.message


def test_an_edit_must_stand_in_the_text():
    with pytest.raises(ValueError, match="'total\\\\n' does not stand in the text"):
        summed(mistakes=[("sum(axis=0)", "max(axis=0)", "total\n", "-total\n", "two edits, one of them impossible")])


def test_a_mistake_of_one_value_is_told_beside_that_of_another():
    two = code.coding("def two(x):\n    return x.sum(), x.max()", [(RIGHT,)], hints=[""], returns=("sum", "max"), mistakes={
        "": [("x.mean(), x.mean()", "two means")], "sum": [("x.mean()", "a mean")], "max": [("x.min()", "the smallest")]},
        shapes={"sum": {(3,): "a sum of rows"}, "max": {(3,): "the largest of rows"}})
    for answer, said in (((3.5, 3.5), "two means"), ((3.5, 6), "sum: a mean"), ((3.5, 1), "sum: a mean\nmax: the smallest"),
                         ((6, 21), "the other way round: return sum first, then max"),
                         ((RIGHT[0], RIGHT[0]), "sum: a sum of rows\nmax: the largest of rows"),
                         ((3.5, 5), "sum: a mean\nmax is 5, and that is not it")):
        assert said in two(lambda x, answer=answer: answer).message


def test_a_library_that_does_what_is_asked_is_told_by_its_name_and_only_then():
    asked = summed(instead=(rnn.softmax, rnn.cross_entropy), mistakes=())
    def uses(x):
        return x.sum(0) + 0 * rnn.cross_entropy(x, [0, 1])[0].sum()
    verdict = asked(uses)
    assert verdict[:2] == ("wrong", "the numbers are right, but rnn.cross_entropy does it for you: write it yourself")
    assert asked(lambda x: x.sum(0)).ok
    assert "3 times what it should be" in asked(lambda x: 3 * uses(x)).message


@pytest.mark.parametrize(("line", "said"), [
    ("dh = params.U @ do[0]", "a product does not fit: params.U is (K, H) and do[0] is (K,), so H meets K"),
    ("dh = np.dot(run.x, params.V)", "a product does not fit: run.x is (T, D) and params.V is (H, D), so D meets H"),
    ("dh = run.h @ do", "a product does not fit: run.h is (T+1, H) and do is (T, K), so H meets T"),
    ("dh = params.W @ 0", "a product does not fit: params.W is (H, H) and 0 is a plain number. @ wants arrays"),
    ("dh = run.h[1:] + do", "lengths do not fit: run.h[1:] is (T, H) and do is (T, K)"),
    ("dh = do[len(do)]", "a row that is not there was asked for: do has T rows, counted from 0, and len(do) is 5"),
    ("dh = do[8]", "a row that is not there was asked for: do has T rows, counted from 0, there is no 8"),
    ("dh = do[np.zeros(5, int), np.arange(5)]",
     "an entry that is not there was asked for: do is (T, K), so axis 1 has K entries, counted from 0, and 2 is not among them"),
    ("dh = do[len(do), 1]", "a row that is not there was asked for: do has T rows, counted from 0, and len(do) is 5"),
    ("dh = do[0.5]", "an index does not fit (only integers, slices"),
    ("dh = np.zeros((5, 7)); dh[0] = do[0]", "lengths do not fit (could not broadcast input array from shape (2,)"),
    ("dh = np.zeros(7); dh += do", "lengths do not fit: dh is (H,) and do is (T, K)"),
    ("dh = np.concatenate([params.U, params.V])", "ValueError: all the input array dimensions except"),
    ("dh = int('x')", "ValueError: invalid literal"),
])
def test_an_error_of_shapes_is_told_in_the_letters_of_the_lesson_with_the_learners_line(line, said):
    asked = code.coding("def my_dh(params, run, do):\n    return do @ params.U", [network(1, T=5, D=3, H=7, K=2)], hints=[""])
    message = asked(cell(f"def my_dh(params, run, do):\n    {line}\n    return dh")).message
    assert f"your code stopped at «{line}»" in message
    assert said in message


# --- verdicts ----------------------------------------------------------------------------------------------------------------

def test_a_half_filled_answer_is_not_finished_and_what_is_open_is_named():
    asked = checks.Exercise(lambda a, b: checks.right(), ["?"], "my_a, my_b = 1, 2")
    assert asked(..., ...).status == asked(None, ...).status == "not attempted"
    assert asked(1, ...)[:2] == asked(1, None)[:2] == ("not finished", "still open: my_b")
    assert asked({"x": 1, "y": ...}, 2)[:2] == ("not finished", "still open: y")
    assert asked([1, ...], 2)[:2] == ("not finished", "still open: my_a")
    assert asked({"x": ...}, {"y": ...}).status == "not attempted"
    assert asked({1: None}, [None]).ok


def test_help_is_under_the_verdict_layer_in_layer_and_the_solution_last_and_only_after_a_try():
    asked = summed(mistakes=())
    opened = asked(lambda x: 1.0)._repr_html_()
    assert re.findall("<summary>(.*?)</summary>", opened) == ["a hint", "the next hint", "one way to write it"]
    assert re.search(r"<details.*<details.*<details.*<pre.*def my_sum.*</details></details></details></div>$", opened, re.DOTALL)
    assert "def my_sum" not in asked(...)._repr_html_()
    assert "Which axis?" in asked(...)._repr_html_()
    assert "<details" not in asked(lambda x: x.sum(0))._repr_html_()
    assert "Which axis?" not in repr(asked(lambda x: 1.0))


def test_a_verdict_needs_nothing_that_an_untrusted_notebook_takes_away():
    html = summed(mistakes=())(lambda x: 1.0)._repr_html_()
    assert {*re.findall(r"<(\w+)", html)} <= {"div", "b", "span", "pre", "details", "summary"}
    assert html.startswith("<div role='status'")
    assert "✗ wrong shape:</b>" in html


def test_marks_keep_their_columns():
    html = checks.Verdict("not yet right", "1 of 2 marks\n✓ dU   \n✗ dV   no")._repr_html_()
    assert "<pre>1 of 2 marks\n✓ dU   \n✗ dV   no</pre>" in html
    assert "◐ not yet right:</b>" in html


def test_a_solution_that_is_closed_opens_after_a_try_that_counts():
    asked = checks.Exercise(lambda a: checks.wrong("no") if a else checks.Verdict("not yet right", "1 of 2"), ["?"], "a = 1",
                            opens=lambda verdict: verdict.status == "not yet right")
    assert asked.solution().status == "closed"
    assert "a = 1" not in asked(1)._repr_html_()
    assert asked.solution().status == "closed"
    assert "a = 1" in asked(0)._repr_html_()
    assert asked.solution().message == asked.key == "a = 1"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_printing_never_fails(encoding):
    lines = "from rnn_lib.checks import q04_3; print(q04_3(lambda o, y: o)); print(q04_3.solution(), q04_3.hint())"
    spoken = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, env=spoken, check=True)
    assert b"wrong shape: " in done.stdout
    assert ("✗ wrong shape" in done.stdout.decode(encoding)) == (encoding == "utf-8")


@pytest.mark.parametrize("name", [name for name in all_checks.__all__ if name.startswith("q") and getattr(all_checks, name).code])
def test_a_verdict_takes_a_fifth_of_a_second(name):
    exercise = getattr(all_checks, name)
    answer = (lambda: 0.5) if exercise.code.cases == [()] else lambda *case: exercise.code.reference(*case)
    exercise(answer)
    start = time.perf_counter()
    exercise(answer)
    assert time.perf_counter() - start < .2


# ---- what a drawing has room for ---------------------------------------------------------------------------------------

def _of_run(explorer):
    """An explorer of a run, as one of what the run is made from."""
    def made(params, x, y):
        run = rnn.forward(params, x)
        return explorer(params, run, rnn.cross_entropy(run.o, y)[1])
    return made


@pytest.mark.parametrize(("explorer", "most"), [
    (explorers.contributions, 12), (explorers.paths, 12), (explorers.truncation, 12), (explorers.named_copies, 12),
    (explorers.outer_products, 12), (lambda params, x, y: explorers.forward_pass(params, x), 12),
    (_of_run(explorers.two_orders), 6)])
def test_a_longer_sequence_or_a_batch_is_refused_with_what_to_do(explorer, most):
    rng = np.random.default_rng(0)
    params, x, y = rnn.init_parameters(2, 1, 2, rng), rng.standard_normal((most + 1, 2)), rng.integers(2, size=most + 1)
    assert explorer(params, x[:most], y[:most]).pictures
    with pytest.raises(ValueError, match=rf"{most} steps have room, got T = {most + 1}: take x\[:{most}\], and of y, too"):
        explorer(params, x, y)
    with pytest.raises(ValueError, match=r"one sequence is shown, x \(T, D\), got \(3, 1, 2\)"):
        explorer(params, x[:3, None], y[:3, None])


# ---- the form of an answer -----------------------------------------------------------------------------------------------

def test_a_returned_placeholder_is_not_finished_and_a_list_is_counted_like_a_tuple():
    two = code.coding("def my_two(x):\n    return x + 1, x + 2", [(np.ones(3),)], returns=("one", "two"), hints=[""])
    assert two(lambda x: ...)[:2] == ("not finished", "still open: one, two")
    assert two(lambda x: (x + 1, ...))[:2] == ("not finished", "still open: two")
    assert two(lambda x: {"one": ..., "two": x + 2})[:2] == ("not finished", "still open: one")
    assert two(lambda x: [x, x, x]).message.endswith("got 3 values")
    assert two(lambda x: x).message.endswith("got one array")
    assert "two is None: did you return it? And print" in two(lambda x: (x + 1, print(x + 2))).message


def test_answers_too_few_or_too_many_are_told_how_the_exercise_is_called():
    assert all_checks.q08_3([1, 2, 3])[:2] == ("not understood", "hand in 2 answers: check.q08_3(my_rows, my_columns)")
    assert all_checks.q09_2(1, 2)[:2] == ("not understood", "hand in one answer: check.q09_2(my_dS_dx)")
    assert all_checks.q01_1(np).message == "expected a function, got module: pass the function itself, without calling it"
    assert "error" not in all_checks.q03_4(np).message.lower()
    assert all_checks.q03_4().status == all_checks.q08_3().status == "not attempted"


def test_an_error_in_the_second_case_is_told_in_its_sizes_and_an_index_without_a_line_in_numpys_words():
    rng = np.random.default_rng(9)
    gathered = code.coding("def my_dE(dx, ids, n):\n    return rnn.embedding_gradient(dx, ids, n)", hints=[""], cases=[
        (rng.standard_normal((5, 3)), np.array([2, 4, 2, 1, 2]), 7),
        (rng.standard_normal((6, 2)), np.array([3, 0, 0, 3, 7, 3]), 9)], letters={"T": 5, "D": 3, "n": 7})
    def my_dE(dx, ids, n):
        E = np.zeros(dx.shape)
        for t in range(len(ids)):
            E[ids[t]] += dx[t]
        return E
    assert "E has 6 rows, counted from 0, and ids[t] is 7" in gathered(my_dE).message
    def added(dx, ids, n):
        E = np.zeros(dx.shape)
        np.add.at(E, ids, dx)
        return E
    told = gathered(added).message
    assert "a row that is not there was asked for (index 7 is out of bounds for axis 0 with size 6)" in told
    assert "entry by entry" not in told


@pytest.mark.parametrize(("line", "said"), [
    ("rnn.softmax(o) - np.eye(K)[y]", "K is 6, that of the notebook, but here it is 7: take it from a shape."),
    ("np.stack([rnn.softmax(o[t]) - np.eye(7)[y[t]] for t in range(T)])", "T is 12, that of the notebook, but here it is 5"),
    ("rnn.softmax(o).reshape(T, K)", "K is 6, that of the notebook"),
    ("np.zeros((T, 7))", "T is 12, that of the notebook"),
    ("yhat", "yhat is the notebook's, (12, 6), not your function's own."),
    ("np.einsum('ti,tj->ij', o, o[2:])", "lengths do not fit: o is (T, K) and o[2:] is (3, K)"),
    ("rnn.softmax(o) - np.eye(7)[y]", "")])
def test_what_was_read_in_the_notebook_is_told(line, said):
    told = all_checks.q04_2(cell(f"def my_do(o, y):\n    return {line}", K=6, T=12, yhat=np.zeros((12, 6)))).message
    assert said in told
    assert "T+1" not in told
    assert ("notebook" in told) == ("notebook" in said)


@pytest.mark.parametrize(("sizes", "said"), [
    ({"T": 4, "H": 6, "D": 2}, "(T-1, H)"), ({"T": 4, "H": 6, "D": 3}, "(3, H)"), ({"T": 4, "D": 2}, "(3, 6)")])
def test_rows_that_are_one_too_few_are_not_called_by_another_letter(sizes, said):
    assert in_letters((3, 6), sizes) == said
