"""Every lesson in a real JupyterLab and a real Chromium, as a learner has it. JupyterLab is started by the first test here."""
import io
from urllib.parse import urlsplit

import psutil
import pytest
from conftest import need_a_browser
from lessons import PATHS
from PIL import Image, ImageChops

from bench.lab import KEYS, close_here, open_here, shut_down
from rnn_lib import palette

SHOWN = "explorer => [...explorer.querySelectorAll('figure')].filter(f => f.checkVisibility()).map(f => f.outerHTML).join()"
ERRORS = """[...document.querySelectorAll('[data-mime-type$=stderr], [data-mime-type$=error], .rnn [role=alert]')]
            .map(box => box.innerText.slice(-300))"""
# Words in a picture or under it that stand out less than 3 : 1 against what is painted behind them.
FAINT = """() => {
    const parts = text => text.match(/[\\d.]+/g).map(Number);
    const style = node => getComputedStyle(node), filled = node => style(node).fill.startsWith('rgb');
    const light = colour => colour.slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + [.2126, .7152, .0722][i] * v, 0);
    const contrast = (one, other) => (Math.max(light(one), light(other)) + .05) / (Math.min(light(one), light(other)) + .05);
    const page = parts(style(document.querySelector('.jp-Notebook')).backgroundColor);
    const paint = (under, node) => {                    // what is seen of `under` and the node's own colour upon it
        const own = parts(style(node).fill), solid = (own[3] ?? 1) * style(node).fillOpacity * style(node).opacity;
        return under.map((v, i) => v * (1 - solid) + own[i] * solid);
    };
    const faint = shapes => word => {                   // shapes: [shape, its box] of the picture, as they are painted
        const at = word.getBoundingClientRect(), x = at.x + at.width / 2, y = at.y + at.height / 2;
        const under = shapes.filter(([shape, box]) => box.left < x && x < box.right && box.top < y && y < box.bottom
            && shape.compareDocumentPosition(word) & Node.DOCUMENT_POSITION_FOLLOWING);
        const behind = under.map(([shape, _]) => shape).reduce(paint, page.slice(0, 3));
        return contrast(paint(behind, word), behind) < 3;
    };
    const shapes = figure => [...figure.querySelectorAll('rect, circle, path')].filter(filled);
    const figures = [...document.querySelectorAll('.rnn figure')].filter(figure => figure.checkVisibility());
    return figures.flatMap(figure => [
        ...[...figure.querySelectorAll('svg text')]
            .filter(faint(shapes(figure).map(shape => [shape, shape.getBoundingClientRect()]))),
        ...[...figure.querySelectorAll('figcaption')].filter(word => contrast(parts(style(word).color), page) < 4.5),
    ]).map(word => word.textContent);
}"""
INK = "getComputedStyle(document.querySelector('.rnn')).getPropertyValue('--rnn-ink').trim()"


@pytest.fixture(scope="module")
def page(lab, window):
    """JupyterLab in a tab, for one lesson after the other; .complaints and .hosts are what it said and whom it asked."""
    page = window.new_page()
    page.set_default_timeout(20_000)
    page.complaints, page.hosts = [], set()
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("request", lambda asked: page.hosts.add(urlsplit(asked.url).hostname))
    page.goto(lab.workspace, wait_until="domcontentloaded")
    yield page
    page.close()


@pytest.fixture(scope="module", params=[path.stem for path in PATHS])
def lesson(request, page):
    """The page with a lesson on it, opened and run."""
    page.complaints.clear()
    open_here(page, request.param)
    yield page
    close_here(page)


def first_control(page):
    """The first slider (else row of buttons, text field) of the explorers: (control, the key that moves it, explorer)"""
    for selector, key in ((selector, key) for selector, key in KEYS.items() if key):
        explorer = page.locator(".rnn", has=page.locator("figure")).filter(has=page.locator(selector)).first
        if explorer.count():
            control = explorer.locator(selector).first
            at_the_end = key == "ArrowRight" and control.get_attribute("aria-valuenow") == control.get_attribute("aria-valuemax")
            return control, "ArrowLeft" if at_the_end else key, explorer
    return pytest.fail("this lesson has nothing to move")


def move(page):
    """Move the first control with the keyboard.   returns: screenshots before and after"""
    control, key, explorer = first_control(page)
    control.scroll_into_view_if_needed()
    control.focus()
    picture = explorer.locator("figure:visible").first
    before, seen = explorer.evaluate(SHOWN), picture.screenshot()
    page.keyboard.press(key)
    page.wait_for_function(f"([explorer, before]) => ({SHOWN})(explorer) !== before", arg=[explorer.element_handle(), before],
                           timeout=5000)
    return seen, picture.screenshot()


def differ(*screenshots):
    """Whether two screenshots differ in any pixel."""
    one, other = (Image.open(io.BytesIO(png)).convert("RGB") for png in screenshots)
    return one.size != other.size or ImageChops.difference(one, other).getbbox() is not None


def test_it_runs_without_an_error(lesson):
    assert lesson.locator(".jp-CodeCell").count() > 0
    assert lesson.evaluate("kernelErrors") == []
    assert lesson.evaluate(ERRORS) == []
    assert lesson.complaints == []


def test_its_first_slider_changes_the_picture(lesson):
    assert differ(*move(lesson))
    assert lesson.evaluate("kernelErrors") == []
    assert lesson.evaluate(ERRORS) == []
    assert lesson.complaints == []


def test_it_asks_nobody_but_this_machine(lesson):
    assert lesson.hosts == {"127.0.0.1"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_pictures_are_legible(lesson, theme):
    lesson.evaluate(f"jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme.title()}'}})")
    lesson.wait_for_selector(f"body[data-jp-theme-light={'true' if theme == 'light' else 'false'}]", state="attached")
    assert lesson.evaluate(INK) == (palette.COLOURS["ink"][1] if theme == "dark" else "")
    assert lesson.evaluate(FAINT) == []


def test_words_that_nobody_could_read_are_found(window):
    page = window.new_page()
    page.set_content("""<div class=jp-Notebook style="background: #111"><div class=rnn><figure><svg>
        <rect width=90 height=90 fill="#eee"/><text x=5 y=20 fill="#ddd">pale</text><text x=5 y=60 fill="#222">dark</text>
        <text x=150 y=20 fill="#222">lost</text>
        <rect x=200 width=90 height=90 fill="#eee" fill-opacity=".1"/><text x=205 y=20 fill="#ddd">clear</text>
        </svg><figcaption style="color: #333">caption</figcaption></figure></div></div>""")
    assert page.evaluate(FAINT) == ["pale", "lost", "caption"]
    page.close()


@pytest.mark.parametrize("lesson", [path.stem for path in PATHS if path.name.startswith("02")], indirect=True)
def test_the_slider_goes_on_when_the_kernel_is_shut_down(lesson):
    shut_down(lesson)
    assert differ(*move(lesson))


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
