"""explorer.js in a real browser, on a page without a kernel: what a hand, the keyboard and Python do to an explorer."""
import pytest
from pages import page_with
from playwright.sync_api import expect
from test_kits import drawn, every

from rnn_lib.diagrams import svg
from rnn_lib.explorers import Picture, choice, picker, predict, redrawn, slider, still, switch, switched, text
from rnn_lib.explorers.kit import Control, _state

NASTY = "<b>a</b> & <img src=x onerror=\"document.title='pwned'\"> 'b'"


@pytest.fixture
def opened(window):
    """A function that puts explorers on a page. Whatever a test does there, the browser must have no complaint."""
    tabs = []
    def put(*explorers):
        tabs.append(page_with(window, *explorers))
        return tabs[-1]
    yield put
    for tab in tabs:
        assert tab.complaints == []
        tab.close()


def cells(T, k):
    """A row of cells to touch, with a line from each that is hidden unless the cell is lit."""
    box = '<rect x="{}" width="30" height="30" fill="#f1f3f6"/><text x="{}" y="20">{}</text>'
    one = [svg.touch(box.format(40 * t, 40 * t + 5, t), f"cell c{t}", sets=f"T={t};k=1", lights=f"c{t} w{t}",
                     says=f"Step {t}: h₁ alone.", current=t == T) for t in range(1, 5)]
    ways = [svg.touch(f'<path d="M{40 * t} 40l30 9" stroke="#222"/>', f"when w{t}") for t in range(1, 5)]
    body = "".join([*one, *ways, '<text x="5" y="80">no class</text>'])
    return Picture(svg.render(svg.Drawing(220, 90, body), "cells"), f"T = {T}, k = {k}.")


def touchable(held=""):
    return switched(cells, held=held, T=slider("T", 1, 4, 3), k=slider("k", 1, 2, 2))


def caption(tab):
    return tab.locator("figcaption").first.inner_text()


def lit(tab):
    return tab.evaluate("[...document.querySelectorAll('.view .lit')].map(element => element.getAttribute('class'))")


def seen(tab):
    """Opacity of each part that has a class, and of the one that has none."""
    tab.wait_for_timeout(150)
    return tab.evaluate("[...document.querySelectorAll('.view .cell, .view svg > text')].map(e => +getComputedStyle(e).opacity)")


def test_the_browser_shows_the_frame_of_every_setting(opened):
    chosen = {"T": slider("T", 2, 4), "light": choice("light", ["all", "V"]), "on": switch("on"), "w": picker("w", ["a", "b"])}
    tab = opened(switched(drawn, **chosen))
    for i, values in enumerate(every(chosen)):
        tab.evaluate("values => models[0].receive({values})", [i // 8, i // 4 % 2, i // 2 % 2, i % 2])
        assert tab.locator(".view text").text_content() == " ".join(f"{name}={value}" for name, value in values.items())
        assert caption(tab) == drawn(**values).caption


def test_a_hand_and_the_keyboard_move_every_kind_of_control(opened):
    tab = opened(switched(drawn, T=slider("T", 2, 4, 3), light=choice("light", ["all", "V"]), on=switch("on"),
                          w=picker("w", ["a", "b"])))
    tab.get_by_role("slider", name="T").press("ArrowLeft")
    tab.get_by_role("radio", name="V").check(force=True)
    tab.get_by_role("switch", name="on").press("Space")
    tab.get_by_role("slider", name="w").press("End")
    assert caption(tab) == "T=2 light=V on=True w=b."
    tab.wait_for_function("String(models[0].state.values) === '0,1,1,1' && models[0].saved > 0")
    assert tab.get_by_role("slider", name="w").get_attribute("aria-valuetext") == "b"


def test_a_slider_that_plays_moves_by_itself_and_stops_at_its_end(opened):
    tab = opened(switched(drawn, T=slider("T", 1, 3, 1, plays=True)))
    button = tab.locator("button")
    assert (button.inner_text(), button.get_attribute("aria-label")) == ("▶", "play T")
    button.click()
    assert (button.inner_text(), button.get_attribute("aria-label")) == ("❚❚", "pause T")
    tab.wait_for_function("document.querySelector('figcaption').textContent === 'T=3.'")
    expect(button).to_have_text("▶")
    button.click()                                                                       # from the start again
    assert caption(tab) == "T=1."
    button.click()
    assert (button.inner_text(), button.get_attribute("aria-label")) == ("▶", "play T")


def test_what_plays_lets_go_of_what_was_touched(opened):
    tab = opened(switched(cells, T=slider("T", 1, 4, 2, plays=True), k=slider("k", 1, 2, 2)))
    tab.locator(".c1").focus()
    assert caption(tab) == "Step 1: h₁ alone."
    tab.locator("button").click()
    tab.wait_for_function("document.querySelector('figcaption').textContent === 'T = 4, k = 2.'")
    assert lit(tab) == []


def test_a_control_that_moves_on_lets_go_of_the_mark_that_was_pressed(opened):
    tab = opened(touchable())
    tab.locator(".c2").click()
    tab.mouse.move(0, 400)
    tab.get_by_role("slider", name="T").press("End")
    assert caption(tab) == "T = 4, k = 1."
    assert lit(tab) == []


def test_a_switch_of_many_stops_comes_back_to_the_one_it_stood_at(opened):
    labels = Control("switch", "own", "own labels", ("data", "none", "mine"), ("0", "1", "2"), "data")
    tab = opened(switched(lambda own: Picture("<svg width='9' height='9'></svg>", own), own=labels))
    for value, said in (("on", "none"), ("receive", "mine"), ("off", "data"), ("on", "mine")):
        if value == "receive":
            tab.evaluate("models[0].receive({values: [2]})")
        else:
            tab.get_by_role("switch").set_checked(value == "on")
        assert caption(tab) == said


def test_a_click_enter_and_space_move_the_controls_to_where_the_drawing_says(opened):
    tab = opened(touchable())
    tab.locator(".c2").click()
    assert caption(tab) == "Step 2: h₁ alone."                       # the pointer is still there
    tab.mouse.move(0, 400)
    assert tab.get_by_role("slider", name="T").input_value() == "1"
    for key, T in (("Enter", 4), (" ", 1)):
        tab.locator(f".c{T}").focus()
        tab.keyboard.press(key)
        assert tab.get_by_role("slider", name="T").input_value() == str(T - 1)
        assert tab.evaluate("document.activeElement.getAttribute('class')").startswith(f"cell c{T}")      # the focus stays
        assert tab.locator(".view [aria-pressed=true]").get_attribute("class").startswith(f"cell c{T}")


def test_what_is_hovered_lights_up_with_what_belongs_to_it_and_the_rest_steps_back(opened):
    tab = opened(touchable())
    assert seen(tab) == [1, 1, 1, 1, 1]
    assert tab.locator(".w2").is_hidden()
    tab.locator(".c2").hover()
    assert lit(tab) == ["cell c2 lit", "when w2 lit"]
    assert tab.locator(".w2").is_visible()
    assert seen(tab) == pytest.approx([.85, 1, .85, .85, 1])
    assert caption(tab) == "Step 2: h₁ alone."
    tab.mouse.move(0, 400)
    assert lit(tab) == []
    assert seen(tab) == [1, 1, 1, 1, 1]
    assert caption(tab) == "T = 3, k = 2."


def test_a_drawing_that_goes_on_fades_at_that_side_until_its_end_is_reached(opened):
    def wide(T):
        size = f'viewBox="0 0 {300 * T} 20" width="{300 * T}" height="20"'
        return Picture(f'<svg {size}><text y="15">{T}</text></svg>', ".")
    tab = opened(switched(wide, T=slider("T", 1, 3)))
    tab.set_viewport_size({"width": 500, "height": 400})
    view = tab.locator(".view")
    expect(view).to_have_class("view cut")
    view.evaluate("view => view.scrollLeft = view.scrollWidth / 4")
    expect(view).to_have_class("view cut begun")
    view.evaluate("view => view.scrollLeft = view.scrollWidth")
    expect(view).to_have_class("view begun")
    tab.get_by_role("slider", name="T").press("Home")
    expect(view).to_have_class("view")
    assert view.evaluate("view => view.scrollWidth === view.clientWidth")                # and there is nowhere to go
    tab.get_by_role("slider", name="T").press("End")
    expect(view).to_have_class("view cut")


def test_a_narrow_window_moves_to_what_the_setting_is_about(opened):
    tab = opened(touchable())
    tab.set_viewport_size({"width": 120, "height": 500})
    for key, inside in (("End", "c4"), ("Home", "c1")):
        tab.get_by_role("slider", name="T").press(key)
        tab.wait_for_function("""name => {
            const part = document.querySelector(`.${name}[aria-current=step]`)?.getBoundingClientRect();
            const box = document.querySelector(".view").getBoundingClientRect();
            return part && part.left >= box.left && part.right <= box.right;
        }""", arg=inside)


def test_a_narrow_window_moves_to_what_is_pressed_but_not_along_what_is_wider(opened):
    def curves(n):
        one = [svg.touch(f'<rect x="{40 * i}" y="{9 * i}" width="{wide}" height="8"/>', sets=f"n={i}", says=f"curve {i}")
               for i, wide in enumerate((30, 30, 30, 30, 30, 600))]
        return Picture(svg.render(svg.Drawing(800, 60, "".join(one)), "curves"), f"n = {n}")
    tab = opened(switched(curves, n=slider("n", 0, 5, 0)))
    tab.set_viewport_size({"width": 120, "height": 500})
    tab.evaluate("models[0].receive({values: [4]})")
    at = tab.locator(".view").evaluate("view => view.scrollLeft")
    assert at > 0
    assert tab.locator("[aria-pressed=true]").bounding_box()["x"] > 0
    tab.get_by_role("slider", name="n").press("End")
    assert tab.locator(".view").evaluate("view => view.scrollLeft") == at


def test_a_narrow_page_has_frames_of_its_own_where_a_drawing_makes_them(opened):
    def panels(T, narrow=False):
        size, where = ((100, 300), "below") if narrow else ((500, 90), "beside")
        return Picture(svg.render(svg.Drawing(*size, f'<text y="15">{T} {where}</text>'), "two"), ".")
    tab = opened(switched(panels, T=slider("T", 1, 3, 2)))
    assert tab.locator(".view text").text_content() == "2 beside"
    tab.set_viewport_size({"width": 390, "height": 800})
    expect(tab.locator(".view text")).to_have_text("2 below")
    tab.get_by_role("slider", name="T").press("End")
    expect(tab.locator(".view text")).to_have_text("3 below")
    assert tab.locator(".room").bounding_box()["height"] == pytest.approx(300 * .85, abs=1)
    tab.set_viewport_size({"width": 1000, "height": 800})
    expect(tab.locator(".view text")).to_have_text("3 beside")


def test_a_pointer_that_rests_says_nothing_of_what_comes_to_lie_below_it(opened):
    def told(T):
        part = svg.touch(f'<rect x="{40 * (T - 1)}" width="30" height="30"/>', f"cell a{T}", lights=f"a{T}", says=f"Part {T}.")
        return Picture(svg.render(svg.Drawing(200, 40, part), "a cell"), f"T = {T}.")
    tab = opened(switched(told, T=slider("T", 1, 3, 2)))
    box = tab.locator(".a2").bounding_box()
    tab.mouse.move(box["x"] - 25, box["y"] + 9)                     # where the part of T = 1 will be
    tab.get_by_role("slider", name="T").press("Home")
    tab.wait_for_timeout(100)
    assert caption(tab) == "T = 1."
    tab.mouse.move(box["x"] - 24, box["y"] + 9)
    assert caption(tab) == "Part 1."


@pytest.mark.parametrize("window_width", [390, 1000])
def test_no_caption_moves_the_picture(opened, window_width):
    def told(T):
        part = svg.touch('<rect width="30" height="30"/>', "cell a", lights="a", says="Touched. " * 5 * T)
        return Picture(svg.render(svg.Drawing(200, 40, part), "a cell"), "Short." if T < 3 else "Three lines of words. " * 9)
    tab = opened(switched(told, T=slider("T", 1, 6)))
    tab.set_viewport_size({"width": window_width, "height": 600})
    top = tab.locator(".room").bounding_box()["y"]
    for T in range(6):
        tab.evaluate("T => models[0].receive({values: [T]})", T)
        for part in (tab.locator(".cell"), tab.locator(".controls")):
            part.hover()
            assert tab.locator(".room").bounding_box()["y"] == top


def test_the_room_for_captions_grows_with_what_the_kernel_draws_and_stays():
    explorer = redrawn(lambda said: Picture("<svg></svg>", said), said=text("say", "short"))
    for said, longest in (("a longer one", "a longer one"), ("short", "a longer one")):
        explorer.value["said"] = said
        assert explorer.longest == longest


@pytest.mark.parametrize("window_width", [390, 1000])
def test_the_card_of_a_prediction_is_as_high_before_an_answer_as_after_it(opened, window_width):
    tab = opened(predict("Why?", {"this": "A long reason. " * 9, "that": "No."}, right="this"))
    tab.set_viewport_size({"width": window_width, "height": 600})
    heights = [tab.locator(".rnn").bounding_box()["height"]]
    for option in ("this", "that"):
        tab.get_by_text(option, exact=True).click()
        heights.append(tab.locator(".rnn").bounding_box()["height"])
    assert heights == [heights[0]] * 3


@pytest.mark.parametrize(("window_width", "times"), [(390, .85), (1000, 1), (1920, 1.3)])
def test_a_drawing_shrinks_on_a_phone_and_grows_on_a_projector(opened, window_width, times):
    tab = opened(touchable())
    tab.set_viewport_size({"width": window_width, "height": 900})
    box = tab.locator(".room").bounding_box()
    assert (box["width"], box["height"]) == pytest.approx((220 * times, 90 * times), abs=1)


def test_what_was_clicked_stays_lit_until_something_else_is(opened):
    tab = opened(touchable())
    tab.locator(".c2").click()
    tab.mouse.move(0, 400)
    assert lit(tab) == ["cell c2 lit", "when w2 lit"]
    tab.locator(".c3").hover()
    assert lit(tab) == ["cell c3 lit", "when w3 lit"]
    tab.mouse.move(0, 400)
    assert lit(tab) == ["cell c2 lit", "when w2 lit"]
    tab.mouse.click(600, 600)
    tab.wait_for_function("!document.querySelector('.view .lit')")
    assert caption(tab) == "T = 2, k = 1."


def test_what_was_chosen_is_chosen_again_when_it_comes_back(opened):
    def growing(T):
        one = [svg.touch(f'<rect x="{40 * t}" width="30" height="30"/>', f"cell c{t}", lights=f"c{t}", says=f"Step {t}.")
               for t in range(1, T + 1)]
        return Picture(svg.render(svg.Drawing(220, 90, "".join(one)), "cells"), f"T = {T}.")
    tab = opened(switched(growing, T=slider("T", 1, 4)))
    tab.locator(".c3").click()
    tab.mouse.move(600, 600)
    slider_of_T = tab.get_by_role("slider", name="T")
    for key, said in (("Home", "T = 1."), ("End", "Step 3.")):
        slider_of_T.press(key)
        assert caption(tab) == said
    assert lit(tab) == ["cell c3 lit"]


def test_of_parts_that_lead_to_the_same_setting_the_one_that_was_pressed_stays_chosen(opened):
    """As the labels of two steps: each that is chosen already leads to where the controls stand."""
    def labels(one, other):
        stops = [(t, i, f"one={i};other={other}" if t == 0 else f"one={one};other={i}") for t in (0, 1) for i in (0, 1)]
        box = '<rect x="{}" y="{}" width="30" height="30" fill="#f1f3f6"/>'
        parts = [svg.touch(box.format(40 * t, 40 * i), "cell", sets=sets, says=f"step {t}, {i}") for t, i, sets in stops]
        return Picture(svg.render(svg.Drawing(80, 80, "".join(parts)), "labels"), f"{one}{other}")
    tab = opened(switched(labels, one=slider("one", 0, 1), other=slider("other", 0, 1)))
    for i, said in ((3, "step 1, 1"), (1, "step 0, 1"), (2, "step 1, 0")):
        tab.locator(".cell").nth(i).click()
        assert caption(tab) == said
        tab.mouse.move(0, 400)
        assert caption(tab) == said


def test_where_a_pressed_part_is_gone_what_stands_in_its_place_is_chosen(opened):
    """As a tile in place of the frame that asked for it."""
    def tiles(T):
        box = '<rect x="{}" width="30" height="30" fill="#f1f3f6"/>'
        there = [svg.touch(box.format(40 * t), f"tile{t}", lights=f"tile{t}", says=f"tile {t}") for t in range(1, T + 1)]
        places = [svg.touch(box.format(40 * t), f"place{t}", sets=f"T={t}", says=f"go to {t}") for t in range(T + 1, 5)]
        return Picture(svg.render(svg.Drawing(200, 40, "".join(there + places)), "tiles"), f"T = {T}.")
    tab = opened(switched(tiles, T=slider("T", 1, 4, 2)))
    tab.locator(".place3").click()
    tab.mouse.move(0, 400)
    assert caption(tab) == "tile 3"
    assert lit(tab) == ["tile3 lit"]


def test_the_keyboard_reaches_the_picture_by_one_tab_and_goes_on_by_arrows(opened):
    tab = opened(touchable(), touchable())
    tab.get_by_role("slider", name="k").first.focus()
    tab.keyboard.press("Tab")
    for key, expected in ((None, 1), ("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("ArrowUp", 2)):
        if key:
            tab.keyboard.press(key)
        assert lit(tab) == [f"cell c{expected} lit", f"when w{expected} lit"]
    assert caption(tab) == "Step 2: h₁ alone."
    tab.keyboard.press("Tab")
    tab.wait_for_timeout(50)
    assert lit(tab) == []


def test_a_part_that_is_there_no_more_to_be_touched_or_to_be_pressed_leaves_the_order_of_tab_and_says_nothing_of_it(opened):
    def marks(T):
        kind = [{}, {"lights": "a", "says": "Alone."}, {"lights": "a", "sets": "T=2", "says": "A stop."}][T]
        part = svg.touch(f'<rect x="1" y="1" width="30" height="{30 + T}"/>', "a", **kind) if kind else \
            f'<g class="a"><rect x="1" y="1" width="30" height="{30 + T}"/></g>'
        return Picture(svg.render(svg.Drawing(90, 50, part), "a part"), f"T = {T}.")
    tab = opened(switched(marks, T=slider("T", 0, 2, 2)))
    told = "['tabindex', 'aria-pressed'].map(name => document.querySelector('.view .a').getAttribute(name))"
    assert tab.evaluate(told) == ["0", "true"]
    for T, has in ((1, ["0", None]), (0, [None, None]), (2, ["0", "true"]), (0, [None, None])):
        tab.evaluate("T => models[0].receive({values: [T]})", T)
        assert tab.evaluate(told) == has, T


def test_home_and_end_lead_to_the_first_and_the_last_part(opened):
    tab = opened(touchable())
    tab.locator(".c2").focus()
    for key, name in (("End", "c4"), ("Home", "c1")):
        tab.keyboard.press(key)
        assert tab.evaluate("document.activeElement.getAttribute('class')").startswith(f"cell {name}")


def test_what_is_held_is_lit_at_first_and_says_that_others_can_be_touched(opened):
    tab = opened(touchable("c2"))
    assert lit(tab) == ["cell c2 lit", "when w2 lit"]
    assert caption(tab) == "Step 2: h₁ alone. Touch another."
    tab.locator(".c2").hover()
    assert caption(tab) == "Step 2: h₁ alone."
    tab.mouse.move(400, 400)
    assert caption(tab) == "Step 2: h₁ alone."
    assert lit(tab) == ["cell c2 lit", "when w2 lit"]


def test_what_is_new_comes_softly_and_grows_while_it_plays_and_at_once_where_motion_is_not_wanted_or_a_hand_moves(opened):
    def edge(t):
        way = svg.flowing(svg.arrow(40 * t, 20, 40 * t + 30, 20), (40 * t, 20), (40 * t + 30, 20))
        body = f'<rect class="stays" width="9" height="9"/><g class="w{t}">{way}</g>'
        return Picture(svg.render(svg.Drawing(220, 40, body), "an edge"), f"t = {t}.")
    tab = opened(switched(edge, t=slider("t", 1, 4, 1, plays=True)))
    moving = """[...new Set(document.getAnimations().map(each =>
        `${each.effect.target.closest("[class]").classList[0]} ${each.animationName ?? each.transitionProperty}`))].sort()"""
    play = tab.get_by_role("button")
    for wanted, seen in (("no-preference", ["flow opacity", "flow rnn-right", "w{} opacity"]), ("reduce", [])):
        tab.emulate_media(reduced_motion=wanted)
        tab.get_by_role("slider", name="t").press("Home")
        assert tab.evaluate(moving) == []
        play.click()
        for t in (2, 3):                                                              # anew at every step
            tab.wait_for_function(f"document.querySelector('.w{t}')")
            assert tab.evaluate(moving) == [name.format(t) for name in seen]
            tab.wait_for_function("document.getAnimations().length === 0")
        play.click()


def test_escape_puts_out_what_is_lit_and_arrows_go_on_from_there(opened):
    tab = opened(touchable())
    before = caption(tab)
    tab.locator(".c2").focus()
    assert caption(tab) != before
    tab.keyboard.press("Escape")
    assert lit(tab) == []
    assert caption(tab) == before
    tab.keyboard.press("ArrowRight")
    assert lit(tab) == ["cell c3 lit", "when w3 lit"]


def test_what_can_be_touched_has_a_name_for_the_ear_without_signs_that_it_cannot_say(opened):
    tab = opened(touchable())
    assert tab.get_by_role("button", name="Step 2: h 1 alone.").count() == 1
    assert svg.spoken("dx₂ = Vᵀda₂, and Wᵀ.") == "dx 2 = V transposed da 2, and W transposed."
    assert svg.spoken("(1 − h₃²) and T², 10² and w⁽²⁾") == "(1 − h 3 squared) and T squared, 10 to the 2 and w of copy 2"
    tab.locator(".c2").hover()
    tab.wait_for_function("document.querySelector('[aria-live]').textContent === 'Step 2: h 1 alone.'")


@pytest.mark.parametrize("explorer", [
    still(Picture("<svg></svg>", NASTY)),
    switched(lambda T, c, s: Picture("", NASTY), T=slider(NASTY, 1, 2, says=NASTY), c=choice(NASTY, [NASTY]), s=switch(NASTY)),
    redrawn(lambda w: Picture("", w), w=text(NASTY, NASTY, buttons=(NASTY,))),
    switched(lambda p: Picture("", p), p=picker(NASTY, [NASTY], plays=True)),
    still(Picture(svg.render(svg.Drawing(9, 9, svg.touch("", NASTY.split()[1], lights="a", says=NASTY)), NASTY), "fine")),
], ids=["caption", "names", "text", "stops", "drawing"])
def test_nothing_said_becomes_markup(opened, explorer):
    tab = opened(explorer)
    for mark in tab.locator(".view [data-says]").all():
        mark.focus()
        assert caption(tab) == NASTY
    tab.wait_for_timeout(350)
    assert tab.locator(".rnn b, .rnn img").count() == 0
    assert tab.title() == "explorers"


def test_no_error_and_no_reply_becomes_markup(opened):
    tab = opened(redrawn(drawn, w=text("w")), predict(NASTY, {NASTY: NASTY}, NASTY))
    tab.evaluate("words => models[0].receive({error: words, turn: 1})", NASTY)
    assert tab.get_by_role("alert").inner_text() == NASTY
    tab.get_by_role("radio").check()
    assert tab.locator("figcaption").last.inner_text() == f"✓ Right. {NASTY}"
    assert tab.locator(".rnn b, .rnn img").count() == 0


def test_an_error_goes_when_the_next_picture_comes(opened):
    explorer = redrawn(drawn, w=text("w", "a"))
    tab = opened(explorer)
    tab.evaluate("models[0].receive({error: 'KeyError: 1', turn: 1})")
    assert tab.locator(".view svg").count() == 0
    tab.evaluate("models[0].receive({error: '', turn: 2})")
    assert tab.locator(".view svg").count() == 1
    assert tab.get_by_role("alert").count() == 0


def test_what_is_typed_and_pressed_is_sent_at_once(opened):
    tab = opened(redrawn(drawn, pressed=print, w=text("w", "a", buttons=("next", "back"))))
    box = tab.get_by_role("textbox", name="w")
    box.press("End")
    box.press_sequentially("xb<")
    assert tab.evaluate("models[0].state.values") == ["axb<"]
    for act, name in ((lambda: box.press("Enter"), "next"), (lambda: tab.get_by_role("button", name="back").click(), "back")):
        act()
        assert tab.evaluate("models[0].state.pressed.name") == name
    assert tab.evaluate("models[0].state.pressed.count") == 2


def test_enter_presses_nothing_where_it_must_not(opened):
    tab = opened(redrawn(drawn, pressed=print, w=text("w", "a", buttons=("compare",), enter=False)))
    tab.get_by_role("textbox", name="w").press("Enter")
    assert tab.evaluate("models[0].state.pressed.count ?? 0") == 0
    tab.get_by_role("button", name="compare").click()
    assert tab.evaluate("models[0].state.pressed.count") == 1


def test_what_the_kernel_draws_again_stays_where_it_is_and_what_is_gone_goes(opened):
    def sentence(start):
        box = '<g><text x="{}" y="20">{}</text></g>'
        boxes = [svg.touch(box.format(40 * i, word), f"cell w{i}", lights=f"w{i}", says=word)
                 for i, word in enumerate(start.split())]
        return Picture(svg.render(svg.Drawing(220, 40, "".join(boxes)), "words"), start)
    tab = opened(redrawn(sentence, start=text("start with", "she liked cats")))
    tab.evaluate("document.querySelectorAll('.view text').forEach(word => { word.was = word.textContent; })")
    tab.get_by_label("liked").focus()
    for turn, words in enumerate(["she liked dogs", "she liked", "", "liked she", "she liked the cats she liked"], 1):
        tab.evaluate("state => models[0].receive(state)", _state([sentence(words)]) | {"turn": turn})
        assert tab.locator(".view text").all_text_contents() == words.split()
        shown = [mark.get_attribute("aria-label") for mark in tab.locator(".view [data-says]").all()]
        assert shown == words.split()
        if turn <= 2:
            assert tab.evaluate("[...document.querySelectorAll('.view text')].map(word => word.was)")[:2] == ["she", "liked"]
            assert tab.evaluate("document.activeElement.textContent") == "liked"


def test_a_kernel_that_does_not_answer_is_told_after_some_time(opened):
    tab = opened(redrawn(drawn, T=slider("T", 1, 3, 1)))
    tab.clock.install()
    tab.get_by_role("slider").press("ArrowRight")
    tab.clock.fast_forward(10_000)
    assert "run the cell again" in caption(tab)


def test_a_vote_is_answered_and_marked(opened):
    tab = opened(predict("Why?", {"this": "so it is", "that": "no"}, "this"))
    assert caption(tab) == ""
    assert tab.get_by_role("group", name="Why?").count() == 1
    for option, said, mark in (("that", "✗ Not quite. no", "✗"), ("this", "✓ Right. so it is", "✓")):
        tab.get_by_role("radio", name=option).check()
        assert caption(tab) == said
        assert tab.locator("figcaption").get_attribute("data-mark") == mark


def test_the_page_does_not_jump_when_frames_differ_in_height(opened):
    tab = opened(switched(lambda T: Picture(f'<svg width="9" height="{90 * T}"></svg>', f"{T}."), T=slider("T", 1, 3)))
    heights = set()
    for key in ("Home", "ArrowRight", "End"):
        tab.get_by_role("slider").press(key)
        heights.add(tab.locator(".rnn").bounding_box()["height"])
    assert len(heights) == 1


def test_keys_are_kept_from_the_page_but_for_those_that_save_and_run(opened):
    tab = opened(touchable(), redrawn(drawn, w=text("w")))
    tab.evaluate("window.heard = []; document.addEventListener('keydown', event => heard.push(event.key))")
    for name, keys in (("slider", "ArrowRight x a"), ("textbox", "x a")):
        tab.get_by_role(name).first.focus()
        for key in keys.split():
            tab.keyboard.press(key)
    tab.locator(".c1").focus()
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("heard") == []
    for key in ("Control+s", "Shift+Enter", "Escape"):
        tab.keyboard.press(key)
    assert {"s", "Enter", "Escape"} <= set(tab.evaluate("heard"))


def test_a_closed_explorer_leaves_nothing_behind(opened):
    tab = opened(touchable())
    tab.evaluate("models[0].close()")
    tab.keyboard.press("x")
    assert tab.locator("[data-lm-suppress-shortcuts]").count() == 0
