"""What `make store` puts in place of an explorer: a picture that every reader shows, and its caption."""
import base64
import io

import mistune
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from notebooks import store
from rnn_lib.diagrams import svg
from rnn_lib.explorers import Picture, predict, slider, still, switched
from rnn_lib.palette import SHADE, W

NASTY = "1. h₃ × *a* <b>b</b> $x$ & 5_6_7 [a](b) -1 | ~x~ `c` \\ # ! a."


@pytest.fixture(scope="module")
def page(window):
    page = window.browser.new_page(device_scale_factor=store.SCALE)
    yield page
    page.close()


def shown(explorer):
    """What the notebook is given."""
    return new_output("execute_result", explorer._repr_mimebundle_(), execution_count=3)


def picture(T=1):
    body = f'<rect width="99" height="40" fill="{W}"/><rect x="100" width="99" height="40" fill="{SHADE}"/>'
    lines = svg.touch('<path d="M0 60h200" stroke="red" stroke-width="9"/>', "when w4")
    return Picture(svg.render(svg.Drawing(200, 70, body + lines), "two <boxes>"), f"T = {T}: *one*.")


def test_an_explorer_is_stored_as_a_picture_and_a_caption(page):
    image, caption = store.stills(shown(switched(picture, T=slider("T", 1, 2))), page)
    assert set(image.data) == {"image/png", "text/plain"}
    assert image.metadata == {"image/png": {"alt": "two <boxes>", "width": 228}}
    assert image.execution_count == 3
    assert caption.data == {"text/markdown": r"T = 2: \*one\*.", "text/plain": "T = 2: *one*."}


def test_the_picture_is_sharp_and_stands_on_a_white_card_with_its_colours_kept(page):
    png, width = store.drawn(picture().svg, page)
    seen = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA")
    assert seen.size == (2 * width, 2 * (70 + 28))
    assert seen.getpixel((0, 0))[3] == 0
    assert seen.getpixel((10, 60)) == seen.getpixel((50, 50 + 120)) == (255, 255, 255, 255)          # a line that is lit on touch
    assert [f"#{bytes(seen.getpixel((x, 50))[:3]).hex()}" for x in (100, 300)] == [W, SHADE]
    assert len(png) < 5000


def test_a_prediction_is_stored_as_its_question_and_its_options_without_an_answer(page):
    stored, = store.stills(shown(predict("Why *so*?", {"this": "because", "that_": "no"}, "this")), page)
    assert stored.data == {"text/markdown": "**Why \\*so\\*?**\n\n- ○ this\n- ○ that\\_",
                           "text/plain": "Why *so*?\n  ○ this\n  ○ that_"}


def test_what_is_not_a_picture_stays_as_it_is(page):
    output = new_output("stream", text="T = 4\n")
    assert store.stills(output, page) == [output]


def test_an_svg_without_a_widget_becomes_a_picture_as_well(page):
    image, caption = store.stills(new_output("display_data", {"image/svg+xml": picture().svg, "text/plain": "a chart"}), page)
    assert set(image.data) == {"image/png", "text/plain"}
    assert caption.data["text/plain"] == "a chart"


def test_a_caption_is_shown_letter_by_letter():
    html = mistune.html(store.escaped(NASTY))
    assert html == "<p>1. h₃ × *a* &lt;b&gt;b&lt;/b&gt; $x$ &amp; 5_6_7 [a](b) -1 | ~x~ `c` \\ # ! a.</p>\n"
    assert "$" not in store.escaped(NASTY)                            # nor does MathJax see one


def test_a_lesson_is_as_it_was_stored_until_a_cell_changes(tmp_path):
    notebook = new_notebook(cells=[new_code_cell("1 + 1", outputs=[new_output("stream", text="two\nlines\n")])])
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook, path)
    before = store.fingerprint(notebook)
    assert store.fingerprint(nbformat.read(path, as_version=4)) == before
    notebook.metadata["anything"] = 1
    assert store.fingerprint(notebook) == before
    for change in ({"source": "1 + 2"}, {"outputs": []}, {"execution_count": 2}, {"metadata": {"jupyter": {}}}):
        changed = nbformat.read(path, as_version=4)
        changed.cells[0].update(change)
        assert store.fingerprint(changed) != before


def test_a_run_leaves_a_lesson_that_says_it_is_as_stored(page, tmp_path):
    head = "from rnn_lib.explorers import Picture, still"
    cells = [new_code_cell(head), new_code_cell("still(Picture('<svg width=\"9\" height=\"9\"></svg>', 'nothing'))")]
    nbformat.write(new_notebook(cells=cells, metadata={"lecture": ["S1"], "language_info": {"name": "python", "version": "3"}}),
                   tmp_path / "a.ipynb")
    notebook = store.run(tmp_path / "a.ipynb", page)
    assert notebook.metadata["stored"] == store.fingerprint(notebook)
    assert notebook.metadata["language_info"] == {"name": "python"}
    assert notebook.metadata["lecture"] == ["S1"]
    assert "widget" not in nbformat.writes(notebook)


def test_a_picture_without_controls_is_stored_like_the_others(page):
    assert len(store.stills(shown(still(picture())), page)) == 2
