import pytest
from pictures import fits, said, shown, words
from touch import check

import rnn_lib as rnn
from rnn_lib.clinic import MISTAKES
from rnn_lib.explorers import film

BY_NAME = {mistake.name: mistake.backward for mistake in MISTAKES}


@pytest.fixture(scope="module")
def found():
    return rnn.diagnose(BY_NAME["transpose missing in the horizontal step"])


def test_every_value_that_was_recognised_is_shown_in_its_turn(found):
    explorer = check(film(found))
    fits(explorer)
    assert len(explorer.pictures) == len(found.records) + 1
    assert words(shown(explorer, move=1), "v4-dh") == ["dh₄"]


def test_the_first_wrong_value_is_told_with_its_line_and_carries_a_sign(found):
    explorer = film(found)
    first = next(i for i, record in enumerate(found.records, 1) if not record.right)
    picture = shown(explorer, move=first)
    assert picture.caption.startswith(f"Line {found.lineno}, step 3: dh₃ is the first value that is wrong.")
    assert found.line.strip() in picture.caption
    assert words(picture, "v3-dh") == ["✗ dh₃"]
    assert said(picture, "v4-dh") == "dh₄: as it should be."
    assert "is the first" not in shown(explorer, move=first - 1).caption


def test_the_film_opens_on_the_first_wrong_value_and_says_of_the_others_where_to_look(found):
    explorer = film(found)
    assert "is the first value that is wrong" in explorer.picture().caption
    said_of = [picture.caption for picture in explorer.pictures if "is wrong too." in picture.caption]
    assert any(caption.startswith(f"Line {found.lineno},") and caption.endswith("The same line made it.") for caption in said_of)
    assert all(caption.startswith(f"Line {found.lineno},") == caption.endswith("The same line made it.") for caption in said_of)


def test_a_pass_of_which_nothing_was_recognised_is_refused_in_words():
    with pytest.raises(ValueError, match="no line of this function was recognised"):
        film(rnn.diagnose(rnn.bptt))
