"""The two kits that every lesson is made with: explorers (controls around a picture) and checks (exercises)."""
import re
from itertools import product

import ipywidgets as w
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances
from ipywidgets.widgets.widget_link import Link

from rnn_lib import palette
from rnn_lib.checks import kit as checks
from rnn_lib.checks import q00_2
from rnn_lib.explorers import Picture, chart, choice, predict, redrawn, slider, still, switched
from rnn_lib.explorers.kit import card, frame, stops


def drawn(**values):
    """A picture that tells its setting."""
    text = " ".join(f"{name}={value}" for name, value in values.items())
    return Picture(f'<svg viewBox="0 0 9 9"><title>{text}</title></svg>', f"{text}.")


def shown(explorer):
    """The HTML that the browser shows now: down the stacks, each turned as its link turns it."""
    view = explorer.children[-1]
    while isinstance(view, w.Stack):
        link = next(i for i in _instances.values() if isinstance(i, Link) and i.target == (view, "selected_index"))
        view = view.children[getattr(*link.source)]
    return view.value


def first_shown(explorer):
    """The HTML before anything is moved."""
    view = explorer.children[-1]
    while isinstance(view, w.Stack):
        view = view.children[view.selected_index]
    return view.value


def said(explorer):
    """All text of an explorer's HTML widgets, the style sheet left out."""
    def texts(widget):
        own = [widget.value] if isinstance(widget, w.HTML) and "<style" not in widget.value else []
        return own + [text for child in getattr(widget, "children", ()) for text in texts(child)]
    return " ".join(texts(explorer))


def vote(explorer):
    return next(i for i in explorer.children[-1].children if isinstance(i, w.RadioButtons))


CONTROLS = [
    {"T": lambda: slider("T", 1, 12)},
    {"T": lambda: slider("T", 3, 5, 4)},
    {"T": lambda: slider("T", 0, 2, 1)},
    {"light": lambda: choice("light", ["all", "V", "W"], "V")},
    {"size": lambda: choice("size", [("small", 2), ("large", 9)])},
    {"word": lambda: w.Dropdown(options=["a", "b", "c"], value="c")},
    {"step": lambda: w.SelectionSlider(options=[1, 10, 100], value=10)},
    {"T": lambda: slider("T", 2, 4), "light": lambda: choice("light", ["all", "V"]), "k": lambda: slider("k", 1, 3, 2)},
]


@pytest.fixture(params=CONTROLS, ids=lambda controls: "-".join(f"{name}{i}" for i, name in enumerate(controls)))
def controls(request):
    return {name: make() for name, make in request.param.items()}


def test_a_switched_explorer_has_the_right_frame_at_every_setting(controls):
    explorer = switched(drawn, **controls)
    assert first_shown(explorer) == frame(explorer.still())
    for values in product(*map(stops, controls.values())):
        for control, value in zip(controls.values(), values, strict=True):
            control.value = value
        expected = drawn(**dict(zip(controls, values, strict=True)))
        assert shown(explorer) == frame(expected)
        assert explorer.still() == expected


def test_a_redrawn_explorer_follows_its_controls(controls):
    explorer = redrawn(drawn, **controls)
    for values in product(*map(stops, controls.values())):
        for control, value in zip(controls.values(), values, strict=True):
            control.value = value
        expected = drawn(**dict(zip(controls, values, strict=True)))
        assert said(explorer) == frame(expected)
        assert explorer.still() == expected


@pytest.mark.parametrize("kind", [switched, redrawn])
def test_what_a_notebook_stores_follows_the_controls(kind):
    T = slider("T", 1, 3, 2)
    explorer = kind(drawn, T=T)
    for value in (2, 3, 1):
        T.value = value
        bundle = explorer._repr_mimebundle_()
        assert bundle["text/plain"] == f"T={value}."
        assert f"<title>T={value}</title>" in bundle["image/svg+xml"]
        assert "application/vnd.jupyter.widget-view+json" in bundle


def test_every_frame_is_drawn_once_and_before_any_move():
    calls = []
    T = slider("T", 1, 5)
    explorer = switched(lambda T: calls.append(T) or drawn(T=T), T=T)
    for value in (1, 4, 2):
        T.value = value
        explorer.still()
    assert sorted(calls) == [1, 2, 3, 4, 5]


def test_an_error_while_redrawing_is_shown_in_place_and_raised():
    def draw(T):
        if T == 12:
            raise ValueError("no <b>T</b> & no x_12")
        return drawn(T=T)
    T = slider("T", 1, 12, 11)
    explorer = redrawn(draw, T=T)
    with pytest.raises(ValueError, match="x_12"):
        T.value = 12
    assert said(explorer) == '<pre role="alert">ValueError: no &lt;b&gt;T&lt;/b&gt; &amp; no x_12</pre>'
    T.value = 11
    assert said(explorer) == frame(drawn(T=11))


@pytest.mark.parametrize("kind", [switched, redrawn])
def test_an_error_in_the_first_drawing_stops_the_cell(kind):
    def draw(T):
        return drawn(T=T, inverse=1 / (T - 3))
    with pytest.raises(ZeroDivisionError):
        kind(draw, T=slider("T", 1, 3))


def test_a_chart_brings_no_style_rule_that_would_hold_for_the_whole_page():
    svg = chart(lambda ax: ax.plot([1, 2, 3]), "three <points>")
    assert "<style" not in svg
    assert "<title>three &lt;points&gt;</title>" in svg
    assert "stroke-linejoin" in svg.partition(">")[0]


def test_captions_are_escaped():
    assert "<figcaption>1 &lt; 2 &amp; &lt;script&gt;</figcaption>" in frame(Picture("<svg/>", "1 < 2 & <script>"))


def test_colours_of_the_palette_follow_the_theme_and_no_other_does():
    html = frame(Picture(f'<svg><path fill="{palette.W}" stroke="#123456"/></svg>', "."))
    assert f'fill="var(--rnn-W,{palette.W})"' in html
    assert 'stroke="#123456"' in html


def test_every_colour_of_the_palette_has_a_shade_of_its_own_for_each_theme():
    sheet = still(drawn()).children[0].value
    for name, (light, dark) in palette.COLOURS.items():
        assert f"--rnn-{name}:{dark};" in sheet
        assert f"var(--rnn-{name},{light})" in frame(Picture(f'<svg fill="{light}"/>', "."))


def test_a_stored_picture_stands_on_a_white_card():
    assert re.fullmatch(r'<svg viewBox="0 0 9 9"><rect [^>]*fill="#ffffff"/><g/><svg/></svg>',
                        card('<svg viewBox="0 0 9 9"><g/><svg/></svg>'))


def test_stops_are_all_values_of_a_control():
    assert stops(slider("T", 1, 4)) == [1, 2, 3, 4]
    assert stops(w.IntSlider(min=1, max=8, step=3)) == [1, 4, 7]
    assert stops(choice("c", ["x", "y"])) == ["x", "y"]
    assert stops(choice("c", [("one", 1), ("two", 2)])) == [1, 2]
    assert stops(w.Dropdown(options=["a", "b"])) == ["a", "b"]


def test_a_slider_starts_where_it_is_told_else_at_its_end():
    assert (slider("T", 1, 12).value, slider("T", 1, 12, 4).value, slider("k", 0, 3, 0).value) == (12, 4, 0)
    assert slider("T", 1, 12).description == "T"


def test_a_chart_is_svg_with_text_and_no_ids_shared_with_another():
    one, other = (chart(lambda ax: ax.set_title("loss")) for _ in range(2))
    assert one.startswith("<svg")
    assert ">loss<" in one
    clips = [set(re.findall(r'clipPath id="([^"]+)"', chart(lambda ax: ax.plot([1, 2])))) for _ in range(2)]
    assert clips[0]
    assert not clips[0] & clips[1]
    assert chart(lambda ax: None, ncols=1).count("<svg") == other.count("<svg") == 1


def test_a_prediction_says_nothing_before_a_choice():
    explorer = predict("Why?", ["this", "that"], answer=1, because="so it is")
    assert vote(explorer).index is None
    assert said(explorer).strip() == "<p><b>Why?</b></p>"
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "Why?  this / that"
    assert "image/svg+xml" not in bundle


@pytest.mark.parametrize(("index", "verdict"), [(1, "✓ Yes."), (0, "✗ No: that &lt;1&gt;.")])
def test_a_prediction_is_answered_after_the_choice(index, verdict):
    explorer = predict("Why?", ["this", "that <1>"], answer=1, because="x < y")
    vote(explorer).index = index
    assert f'<p role="status"><b>{verdict}</b> x &lt; y</p>' in said(explorer)


# --- exercises ---------------------------------------------------------------------------------------------------------------

RIGHT = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def exercise(judge):
    return checks.Exercise(judge, ["Which sum?", "Σₜ", "x.sum(0)"], "x.sum(axis=0)")


def judge_array(answer):
    return checks.compare(answer, RIGHT, [(RIGHT.T, "transposed"), (RIGHT - 1, "one too few")], name="dW")


def judge_function(answer):
    return checks.compare_functions(answer, lambda x: x.sum(0), [(RIGHT,), (2 * RIGHT,)],
                                    [(lambda x: x.mean(0), "a mean, not a sum")], names=("do",))


ARRAYS, FUNCTIONS = exercise(judge_array), exercise(judge_function)


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
    ([[1.0], [1.0, 2.0]], "wrong", "must be numbers, got list"),
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
    (lambda x: (x.sum(axis=0), 1), "wrong", "must return do, got 2 value(s)"),
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


TWO = exercise(lambda answer: checks.compare_functions(answer, lambda x: (x.sum(), x.max()), [(RIGHT,)], names=("sum", "max")))


@pytest.mark.parametrize(("answer", "status", "part"), [
    (lambda x: (x.sum(), x.max()), "right", ""),
    (lambda x: [x.sum(), x.max()], "right", ""),
    (lambda x: np.array([x.sum(), x.max()]), "right", ""),
    (lambda x: x.sum(), "wrong", "must return sum, max, got 1 value(s)"),
    (lambda x: None, "wrong", "got None: does its last line begin with return?"),
    (lambda x: (x.sum(), [x.max()]), "wrong shape", "max must have shape (), one number, got (1,)"),
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
    judge = exercise(lambda answer: checks.compare_functions(answer, lambda x: 0, [(given,)]))
    assert "changed its argument in place" in judge(answer).message


def test_a_change_in_place_is_told():
    def answer(x):
        x += 0.5
        return (x - 0.5).sum(0)
    verdict = FUNCTIONS(answer)
    assert verdict.status == "wrong"
    assert "changed its argument in place" in verdict.message


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
