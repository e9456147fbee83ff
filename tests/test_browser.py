"""Every lesson in a real JupyterLab and a real Chromium, as a learner has it. JupyterLab is started by the first test here.

A lesson is opened once: first as one that this JupyterLab has never seen, then run, then looked at and moved.
"""
import io
from contextlib import suppress
from urllib.parse import urlsplit

import lessons
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import need_a_browser
from lessons import PATHS
from PIL import Image, ImageChops
from playwright.sync_api import TimeoutError

from bench.lab import KEYS, close_here, jupyterlab, open_here, run, shut_down, when_shown, within
from rnn_lib import palette

SHOWN = "explorer => [...explorer.querySelectorAll('figure')].filter(f => f.checkVisibility()).map(f => f.outerHTML).join()"
ERRORS = """[...document.querySelectorAll('[data-mime-type$=stderr], [data-mime-type$=error], .rnn [role=alert]')]
            .map(box => box.innerText.slice(-300))"""
SIGHT = """() => ({
    trusted: jupyterapp.shell.currentWidget.content.widgets.every(cell => cell.model.type !== 'code' || cell.model.trusted),
    pictures: [...document.querySelectorAll('.jp-OutputArea-output img')].filter(image => image.naturalWidth).length,
    text: document.querySelector('.jp-Notebook').innerText.replace(/\\s+/g, ' '),
})"""
NOTEBOOK = "jupyterapp.shell.currentWidget"
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
TOUCHED = ".rnn figure [data-lights]"
first_only = pytest.mark.parametrize("lesson", [path.stem for path in PATHS if path.name.startswith("02")], indirect=True)


@pytest.fixture(scope="module")
def page(lab, window):
    """JupyterLab in a tab, for one lesson after the other; .complaints and .hosts are what it said and whom it asked."""
    page = window.new_page()
    page.set_viewport_size({"width": 1000, "height": 900})
    page.emulate_media(reduced_motion="reduce")                        # nothing fades: what is lit is lit at once
    page.set_default_timeout(20_000)
    page.complaints, page.hosts = [], set()
    page.on("pageerror", lambda error: page.complaints.append(f"{error} {(error.stack or '')[:500]}"))
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda asked: page.hosts.add(urlsplit(asked.url).hostname))
    page.goto(lab.workspace, wait_until="domcontentloaded")
    page.evaluate((lessons.ROOT / "tests" / "measure.js").read_text(encoding="utf-8"))
    yield page
    page.close()


@pytest.fixture(scope="module", params=[path.stem for path in PATHS])
def lesson(request, page):
    """The page with a lesson on it, opened and run; .name is its name, .stored its captions, .sight what was seen at first."""
    page.complaints.clear()
    notebook = lessons.read(next(path for path in PATHS if path.stem == request.param))
    notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("jupyter", {}).get("outputs_hidden")]
    captions = [" ".join(caption.data["text/plain"].split()) for *_, caption in lessons.pictures(notebook)]
    page.name, page.stored = request.param, captions
    open_here(page, request.param)
    with suppress(TimeoutError):
        page.wait_for_function(f"""captions => {{
            const {{ pictures, text }} = ({SIGHT})();
            return pictures >= captions.length && captions.every(caption => text.includes(caption));
        }}""", arg=page.stored)
    page.sight = page.evaluate(SIGHT)
    run(page)
    yield page
    close_here(page)


def first_control(page):
    """The first slider (else row of buttons, switch, text box) of the explorers: (control, the key that moves it, explorer)"""
    for selector, key in KEYS.items():
        explorer = page.locator(".rnn", has=page.locator("figure svg")).filter(has=page.locator(selector)).first
        if explorer.count():
            control = explorer.locator(selector).first
            at_the_end = key == "ArrowRight" and control.input_value() == control.get_attribute("max")
            return control, "ArrowLeft" if at_the_end else key, explorer
    return pytest.fail("this lesson has nothing to move")


def move(page):
    """Move the first control with the keyboard.   returns: screenshots before and after"""
    control, key, explorer = first_control(page)
    control.scroll_into_view_if_needed()
    control.focus()
    picture = explorer.locator("figure svg").first
    before, seen = explorer.evaluate(SHOWN), picture.screenshot()
    page.keyboard.press(key)
    page.wait_for_function(f"([explorer, before]) => ({SHOWN})(explorer) !== before", arg=[explorer.element_handle(), before])
    return seen, picture.screenshot()


def differ(*screenshots):
    """Whether two screenshots differ in any pixel."""
    one, other = (Image.open(io.BytesIO(png)).convert("RGB") for png in screenshots)
    return one.size != other.size or ImageChops.difference(one, other).getbbox() is not None


def sound(page):
    """No error anywhere: in the kernel, on the page, in the browser."""
    assert page.evaluate("kernelErrors") == []
    assert page.evaluate(ERRORS) == []
    assert page.complaints == []


def dress(page, theme):
    """Change to a theme, and wait until all of it is there, and JupyterLab's curtain is gone."""
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", THEMES[theme])
    page.wait_for_selector(f"body[data-jp-theme-light={'true' if theme == 'light' else 'false'}]", state="attached")
    page.wait_for_selector("#jupyterlab-splash", state="detached")
    ink = palette.COLOURS["ink"][theme == "dark"]
    page.wait_for_function("""ink => [...document.querySelectorAll('.rnn')].every(explorer =>
        getComputedStyle(explorer).getPropertyValue('--rnn-ink').trim() === ink) && measure.captions() > 3""", arg=ink)


def violations(page, **options):
    """What axe-core says of our outputs."""
    found = Axe().run(page, ".jp-OutputArea-output", {"resultTypes": ["violations"], **options}).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


# --- every lesson ------------------------------------------------------------------------------------------------------------

def test_before_it_is_trusted_and_run_its_pictures_and_captions_are_there_and_no_answer_is(lesson):
    assert lesson.sight["trusted"] == lesson.name.startswith("00")
    assert lesson.sight["pictures"] == len(lesson.stored) > 0
    assert [caption for caption in lesson.stored if caption not in lesson.sight["text"]] == []
    assert "✓ Right" not in lesson.sight["text"]
    assert "untrusted" not in lesson.sight["text"]


def test_it_runs_without_an_error(lesson):
    assert lesson.locator(".jp-CodeCell").count() > 0
    assert lesson.locator(".rnn figure").count() > 0
    sound(lesson)


def test_its_first_control_changes_the_picture(lesson):
    assert differ(*move(lesson))
    sound(lesson)


def test_its_pictures_are_not_cramped_wherever_the_controls_stand_and_whatever_is_touched(lesson):
    assert lesson.evaluate("measure.corners()") == []
    sound(lesson)


def test_it_asks_nobody_but_this_machine(lesson):
    assert lesson.hosts - {None} == {"127.0.0.1"}                       # None: a picture that stands in the page itself


@pytest.mark.parametrize("theme", THEMES)
def test_its_outputs_are_legible_and_can_be_used_by_everybody(lesson, theme):
    dress(lesson, theme)
    assert lesson.evaluate("measure.faint()") == []
    assert violations(lesson, **({} if theme == "light" else {"runOnly": ["color-contrast"]})) == []


# --- what one lesson shows for all -------------------------------------------------------------------------------------------

@first_only
def test_an_explorer_finds_out_by_itself_that_the_page_is_dark(lesson):
    dress(lesson, "dark")
    lesson.evaluate("document.body.removeAttribute('data-jp-theme-light')")
    assert lesson.evaluate("measure.captions()") >= 4.5
    lesson.evaluate("document.body.setAttribute('data-jp-theme-light', 'false')")
    dress(lesson, "light")


@first_only
def test_the_picture_is_touched_with_the_pointer_and_with_the_keyboard(lesson):
    explorer = lesson.locator(".rnn:has(.controls input)", has=lesson.locator("figure [data-lights]")).first
    caption, marks = explorer.locator("figcaption"), explorer.locator("figure [data-lights]")
    at_rest = caption.inner_text()
    marks.nth(3).hover()
    assert explorer.locator(".lit").count() > 0
    assert caption.inner_text() == marks.nth(3).get_attribute("data-says") != at_rest
    lesson.mouse.move(5, 5)
    assert caption.inner_text() == at_rest
    explorer.locator(".controls input, .controls button").last.focus()
    lesson.keyboard.press("Tab")                                        # into the picture
    assert explorer.locator("figure :focus").count() == 1
    reached = {caption.inner_text()}
    for key in ("ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft"):
        lesson.keyboard.press(key)
        reached.add(caption.inner_text())
    assert len(reached) > 1
    assert explorer.locator("figure :focus").count() == 1


@first_only
def test_keys_in_an_explorer_are_not_the_notebooks_but_for_those_that_save_and_run(lesson):
    slider = lesson.locator(".rnn input[type=range]").first
    state = f"[{NOTEBOOK}.content.widgets.length, {NOTEBOOK}.content.widgets.map(cell => cell.model.sharedModel.source).join()]"
    before = lesson.evaluate(state)
    slider.focus()
    value = slider.input_value()
    for key in ("ArrowLeft", "x", "a", "d", "d", "ArrowUp", "m", "ArrowRight", "ArrowLeft"):
        lesson.keyboard.press(key)
    assert slider.input_value() != value
    assert lesson.evaluate(state) == before
    assert lesson.evaluate("document.activeElement.type") == "range"
    lesson.evaluate(f"{NOTEBOOK}.context.model.dirty = true")
    lesson.keyboard.press("Control+s")
    lesson.wait_for_function(f"!{NOTEBOOK}.context.model.dirty")
    lesson.evaluate(f"""{NOTEBOOK}.content.activeCellIndex = 1; window.ran = 0;
        {NOTEBOOK}.sessionContext.iopubMessage.connect((_, m) => {{ ran += m.header.msg_type === 'execute_input'; }})""")
    slider.focus()
    lesson.keyboard.press("Shift+Enter")
    lesson.wait_for_function("ran === 1")


@first_only
def test_the_slider_goes_on_when_the_kernel_is_shut_down_and_when_the_lesson_is_saved_and_opened_again(lesson):
    vote = lesson.locator(".rnn .vote input").last
    vote.check()
    shut_down(lesson)
    assert differ(*move(lesson))
    slider, said = lesson.locator(".rnn input[type=range]").first.input_value(), lesson.locator(".rnn .vote").last.evaluate(
        "vote => vote.closest('.rnn').querySelector('figcaption').textContent")
    lesson.wait_for_timeout(300)                                        # what a hand does is sent when it rests
    within(lesson, 20, f"async () => {{ await {NOTEBOOK}.context.save(); {NOTEBOOK}.dispose(); }}")
    open_here(lesson, lesson.name)
    when_shown(lesson)
    lesson.wait_for_selector(".rnn input[type=range]")
    assert lesson.locator(".rnn input[type=range]").first.input_value() == slider
    assert lesson.locator(".rnn .vote input").last.is_checked()
    assert said[0] in "✓✗"
    assert lesson.locator("figcaption", has_text=said).count() == 1
    assert differ(*move(lesson))


@pytest.mark.parametrize("lesson", [path.stem for path in PATHS if path.name.startswith("14")], indirect=True)
def test_a_training_can_be_interrupted_and_the_lesson_goes_on(lesson):
    """The cell before it is run as well: a training that has come to its end would have nothing left to do."""
    within(lesson, 10, f"""async () => {{
        const notebook = {NOTEBOOK}.content, training = notebook.widgets.findIndex(
            cell => cell.model.type === 'code' && cell.model.sharedModel.source.includes('with curve:'));
        notebook.activeCellIndex = training - 1;
        await jupyterapp.commands.execute('notebook:run-cell');
        notebook.activeCellIndex = training;
        jupyterapp.commands.execute('notebook:run-cell');
    }}""")
    lesson.wait_for_function("/\\b(?!0|516)\\d+ of 516 updates/.test(document.querySelector('.jp-Notebook').innerText)")
    lesson.evaluate("jupyterapp.commands.execute('notebook:interrupt-kernel')")
    lesson.wait_for_function("/Stopped after \\d+ of 516/.test(document.querySelector('.jp-Notebook').innerText)")
    sound(lesson)
    assert differ(*move(lesson))


# --- other places, and the tests themselves ----------------------------------------------------------------------------------

def test_in_notebook_7_a_lesson_runs_and_an_arrow_key_moves_the_slider(tmp_path, window):
    page = window.new_page()
    with jupyterlab(tmp_path, app="notebook") as server:
        for name in [path.stem for path in PATHS if path.name[:2] in ("02", "06")]:
            page.goto(f"{server.base}/notebooks/notebooks/{name}.ipynb?token={server.token}", wait_until="domcontentloaded")
            page.wait_for_function(f"window.jupyterapp && {NOTEBOOK}?.content?.widgets?.length")
            run(page)
            assert differ(*move(page))
            assert page.evaluate(ERRORS) == []
            assert page.evaluate(f"document.activeElement.type + {NOTEBOOK}.content.mode") == "rangecommand"
            shut_down(page)
    page.close()


BAD = """<div class=jp-Notebook style="background: #111"><div class=rnn><div class=controls></div><figure>
    <figcaption style="color: #333">caption</figcaption><div class=view><div class=room style="width: 400px">
    <svg width=900 height=100><rect width=90 height=90 fill="#eee"/>
    <text x=5 y=20 fill="#ddd">pale</text><text x=5 y=60 fill="#222">dark</text>
    <text x=150 y=20 fill="#222">lost</text>
    <rect x=200 width=90 height=90 fill="#eee" fill-opacity=".1"/><text x=205 y=20 fill="#ddd">clear</text>
    <text x=205 y=60 fill="#ddd" font-size=10>small</text><text x=300 y=50 fill="#ddd">one and</text>
    <text x=330 y=52 fill="#ddd">another</text><text x=380 y=90 fill="#ddd">too far</text>
    <text x=300 y=52 fill="#ddd" style="display: none">hidden</text>
    <g data-lights=a data-says="touch me" onpointermove="this.lastChild.style.display = ''"><text x=205 y=80 fill="#ddd">see
      </text><text x=210 y=80 fill="#ddd" style="display: none">below</text></g></svg></div></div></figure></div></div>"""


def test_words_that_nobody_could_read_are_found(window):
    page = window.new_page()
    page.set_content(BAD)
    page.evaluate((lessons.ROOT / "tests" / "measure.js").read_text(encoding="utf-8"))
    assert page.evaluate("measure.faint()") == ["pale", "lost", "caption"]
    assert [fault.removeprefix(": ") for fault in page.evaluate("measure.corners()")] == [
        '"small" has 10.0 px', '"too far" leaves the picture', '"one and" runs into "another"', '"see" runs into "below"',
        "(seen when this is touched: touch me)"]
    page.close()


def test_what_is_not_for_everybody_is_found_in_any_output(window):
    page = window.new_page()
    page.set_content("<html lang=en><title>a</title><body><div class=jp-OutputArea-output>fine</div>"
                     "<div class=jp-OutputArea-output><img src=data:,></div><input><div class=jp-OutputArea-output><input></div>")
    assert [fault.partition(":")[0] for fault in violations(page)] == ["image-alt", "label"]
    page.close()


def test_make_lab_opens_lesson_00_with_its_token_and_on_this_machine_only(lab, window):
    learner, stranger = (window.browser.new_context().request for _ in range(2))
    opened = learner.get(f"{lab.base}/?token={lab.token}")
    assert urlsplit(opened.url).path == "/lab/tree/notebooks/00_start_here.ipynb"
    assert (lab.log.parent / "notebooks" / "00_start_here.ipynb").exists()
    assert len(lab.token) >= 32
    assert stranger.get(f"{lab.base}/api/contents").status == 403
    assert "/login" in stranger.get(f"{lab.base}/lab").url
    listening = [c.laddr.ip for c in psutil.Process(lab.process.pid).net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    assert set(listening) == {"127.0.0.1"}


@pytest.mark.parametrize(("ci", "outcome"), [({}, pytest.skip.Exception), ({"CI": "true"}, pytest.fail.Exception)])
def test_a_missing_browser_is_a_skip_at_home_and_a_failure_in_ci(ci, outcome, monkeypatch):
    monkeypatch.setattr("os.environ", {"PATH": "", **ci})
    with pytest.raises(outcome, match="apt-get install chromium"):
        need_a_browser()
