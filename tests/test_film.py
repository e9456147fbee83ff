from xml.etree import ElementTree

import pytest
from pictures import fits, said, shown, words
from touch import check, elements

import rnn_lib as rnn
from rnn_lib import palette
from rnn_lib.clinic import MISTAKES, outer
from rnn_lib.diagrams.film import LONGEST, MONO
from rnn_lib.diagrams.film import film as drawn
from rnn_lib.diagrams.svg import render
from rnn_lib.explorers import film

BY_NAME = {mistake.name: mistake.backward for mistake in MISTAKES}


@pytest.fixture(scope="module")
def found():
    return rnn.diagnose(BY_NAME["transpose missing in the horizontal step"])


def test_every_value_that_was_recognised_is_shown_in_its_turn(found):
    explorer = check(film(found))
    fits(explorer)
    assert len(explorer.pictures) == len(found.records) + 1
    assert words(shown(explorer, move=1), "v4-dh") == ["dh4"]


def test_the_first_wrong_value_is_told_with_its_line_and_carries_a_sign(found):
    explorer = film(found)
    first = next(i for i, record in enumerate(found.records, 1) if not record.right)
    picture = shown(explorer, move=first)
    assert picture.caption.startswith(f"Line {found.lineno}, step 3: dh₃ is the first value that is wrong.")
    assert picture.caption.endswith(".")
    assert f"The line reads: {found.line.strip()}." in shown(film(found._replace(code=())), move=first).caption
    assert words(picture, "v3-dh") == ["✗dh3"]
    assert said(picture, "v4-dh") == "dh₄: as it should be."
    assert "is the first" not in shown(explorer, move=first - 1).caption


def test_the_film_opens_on_the_first_wrong_value_and_says_of_the_others_where_to_look(found):
    explorer = film(found)
    assert "is the first value that is wrong" in explorer.picture().caption
    said_of = [picture.caption for picture in explorer.pictures if "is wrong too." in picture.caption]
    assert any(caption.startswith(f"Line {found.lineno},") and "The same line made it." in caption for caption in said_of)
    assert all(caption.startswith(f"Line {found.lineno},") == ("The same line made it." in caption) for caption in said_of)


@pytest.mark.parametrize(("name", "one_line"), [
    ("h_t for h_{t-1} in dW", True), ("transpose missing in the horizontal step", False)])
def test_the_last_move_says_what_is_wrong_in_all_and_from_which_line(name, one_line):
    found = rnn.diagnose(BY_NAME[name])
    *before, last = film(found).pictures
    wrong = [record for record in found.records if not record.right]
    what = f"{len(wrong)} terms of dW, from" if one_line else f"{len(wrong)} values, the first from"
    assert last.caption.endswith(f" Wrong at the end: {what} line {found.lineno}; all else is right.")
    assert not any("Wrong at the end" in picture.caption for picture in before)


def test_the_code_stands_beside_the_network_and_the_wrong_line_is_red_from_its_first_wrong_value_on(found):
    explorer = film(found)
    first = next(i for i, record in enumerate(found.records, 1) if not record.right)
    def line(picture):
        return next(e for e in elements(picture) if (e.text or "").strip("\u00a0") == found.line.replace(" ", "\u00a0"))
    assert line(shown(explorer, move=first)).get("fill") == palette.BAD
    assert line(shown(explorer, move=first - 1)).get("fill") == palette.INK
    for move, record in enumerate(found.records, 1):                       # one line is marked: the one that has just run
        text = found.code[record.lineno - 1].replace(" ", "\u00a0")
        code = [e for e in elements(shown(explorer, move=move)) if e.get("font-family") == MONO]
        bold = [e.text for e in code if e.get("font-weight") == "bold"]
        assert text in bold
        assert len(bold) <= 1 + (move >= first)


def test_the_learners_code_is_escaped_and_a_long_line_is_cut():
    def mine(params, run, do):
        dW = sum(outer(do[t] @ params.U, run.h[t]) for t in range(len(do)) if "<b>&" != "</svg>" and t < 999_999_999)
        return rnn.bptt(params, run, do)._replace(W=dW)
    found = rnn.diagnose(mine)
    assert found.code[0] == "def mine(params, run, do):"
    lines = [(i, text) for i, text in enumerate(["def f():", '    "<b>&" < x'], 1)]
    svg = ElementTree.fromstring(render(drawn(1, [], None, lines, at=1, wrong=2), "a film"))
    assert '\u00a0' * 4 + '"<b>&"\u00a0<\u00a0x' in [e.text for e in svg.iter()]
    cut = drawn(1, [], None, [(1, "x" * 200)]).body
    assert "x" * (LONGEST - 1) + "…" in cut
    assert "x" * LONGEST not in cut


def test_a_wrong_product_is_called_by_its_sum():
    """The words of a record say what it should be, so a cross before them would blame the right term"""
    picture = film(rnn.diagnose(BY_NAME["h_t for h_{t-1} in dW"])).picture()
    assert words(picture, "v4-dah") == ["✗dW"]
    assert said(picture, "v4-dah") == "This should be da₄ h₃ᵀ, and it is not."
    assert "step 4: what dW gets here is the first value that is wrong." in picture.caption
    assert "h₃" not in picture.caption                     # which factor it should be is the question; ✗ dW says it when touched


def test_a_wrong_message_is_not_called_by_what_it_should_be():
    def mine(params, run, do):
        dW, message = 0, 0 * run.h[0]
        for t in range(len(do), 0, -1):
            da = run.f.slope(run.a[t - 1]) * (do[t - 1] @ params.U + message)
            dW = dW + outer(da, run.h[t - 1])
            message = message + da @ params.W
        return rnn.bptt(params, run, do)._replace(W=dW)
    picture = film(rnn.diagnose(mine)).picture()
    assert "step 3: the message is the first value that is wrong. It should be Wᵀ da₃." in picture.caption
    assert words(picture, "v3-Wda") == ["✗message"]


@pytest.mark.parametrize(("seen", "now", "thick", "thin", "pale"), [
    ([], None, [], [], 6),
    ([("dh", 2, "dh₂", True)], ("dh", 2), [palette.U], [], 5),
    ([("dh", 2, "dh₂", True), ("da h", 2, "da₂ h₁ᵀ", False)], ("da h", 2), [], [palette.U], 5),
    ([("dh", 2, "dh₂", True), ("dh", 1, "dh₁", False)], ("dh", 1), [palette.U, palette.W], [palette.U], 3),
    ([("W' da", 2, "Wᵀ da₂", False)], ("W' da", 2), [palette.BAD], [], 5),
    ([("W' da", 1, "Wᵀ da₁", True), ("da x", 1, "da₁ x₁ᵀ", True)], ("da x", 1), [], [palette.W], 5)])
def test_an_arrow_is_pale_until_a_value_has_come_along_it_and_thick_while_a_line_brings_one(seen, now, thick, thin, pale):
    svg = ElementTree.fromstring(render(drawn(2, seen, now), "a film"))
    lines = [e for e in svg.iter() if e.get("stroke-dasharray") == "6 4"]
    def coloured(width):
        return sorted(e.get("stroke") for e in lines if e.get("stroke-width") == width)
    assert [coloured("3.6"), coloured("1.8")] == [sorted(thick), sorted(thin)]
    assert coloured("1.6") == [palette.FAINT] * pale


def test_a_right_pass_and_one_of_which_nothing_was_recognised_are_refused_in_words():
    with pytest.raises(ValueError, match="this pass is right"):
        film(rnn.diagnose(rnn.bptt))
    with pytest.raises(ValueError, match="no line of this function was recognised"):
        film(rnn.diagnose(BY_NAME["h_t for h_{t-1} in dW"])._replace(records=()))
