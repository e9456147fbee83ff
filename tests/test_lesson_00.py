"""Lesson 00: the checkers say what is wrong, the sources' letters do the same work, and the index leads somewhere."""
import re
from html import unescape
from xml.etree import ElementTree

import numpy as np
import pytest
import touch
from exercises import blank
from lessons import PATHS, ROOT, prose, read

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import explorers, palette
from rnn_lib.checks import lesson_00
from rnn_lib.diagrams.formulas import plain
from rnn_lib.diagrams.svg import NARROW
from rnn_lib.explorers.notation import ROLES, SOURCES

D, (T, H, K) = 3, (lesson_00.T, lesson_00.H, lesson_00.K)
STEPS = np.array([[1.0, 20], [6, 10], [2, 60]])
EXERCISES = [check.q00_1, check.q00_2]
FUNCTIONS = [check.q00_2]
ROLE_OF = {palette.V: "V", palette.W: "W", palette.U: "U", palette.BIAS: "b"}


WRONG = [   # exercise, answer, status, words of the sentence that comes back
    (1, STEPS.sum(axis=1), "wrong shape", "axis 1"),
    (1, STEPS, "wrong shape", "time is still there"),
    (1, STEPS.sum(), "wrong", "both axes"),
    (1, 90, "wrong shape", "has two, one per input"),
    (1, STEPS.mean(axis=0), "wrong", "the mean"),
    (1, STEPS[-1], "wrong", "the last step"),
    (1, STEPS[0], "wrong", "the first step"),
    (1, STEPS.max(axis=0), "wrong", "the largest number"),
    (1, np.median(STEPS, axis=0), "wrong", "the median"),
    (1, STEPS[1:].sum(axis=0), "wrong", "step 1 is missing"),
    (1, STEPS.sum(axis=0, keepdims=True), "wrong shape", "length 1"),
    (1, [9.0, np.nan], "wrong", "NaN"),
    (1, [9.0, 91.0], "wrong", "differ"),
    (2, lambda h, U, b_y: h @ U + b_y, "wrong shape", "only when K = H"),
    (2, lambda h, U, b_y: h[1:] @ U + b_y, "wrong shape", "right rows"),
    (2, lambda h, U, b_y: h @ U.T + b_y, "wrong shape", "predicts nothing"),
    (2, lambda h, U, b_y: h[:-1] @ U.T + b_y, "wrong", "previous states"),
    (2, lambda h, U, b_y: h[1:] @ U.T, "wrong", "b_y is missing"),
    (2, lambda h, U, b_y: U @ h[1:].T + b_y, "wrong shape", "steps as columns"),
    (2, lambda h, U, b_y: h[1:] * U + b_y, "wrong shape", "entry by entry"),
    (2, lambda h, U, b_y: rnn.softmax(h[1:] @ U.T + b_y), "wrong", "softmax belongs to (4)"),
    (2, lambda h, U, b_y: U @ h[1:] + b_y, "wrong shape", "add up over time"),
    (2, lambda h, U, b_y: U @ h + b_y, "wrong", "leave h[0] out"),
    (2, lambda h, U, b_y: (h[1:] @ U.T + b_y).T, "wrong shape", "second axis"),
    (2, lambda h, U, b_y: U @ h[1] + b_y, "wrong shape", "one step"),
    (2, lambda h, U, b_y: h[1:] @ U.T + np.nan, "wrong", "NaN"),
]


@pytest.mark.parametrize(("number", "answer", "status", "words"), WRONG)
def test_each_wrong_answer_gets_its_own_sentence(number, answer, status, words):
    verdict = EXERCISES[number - 1](answer)
    assert verdict.status == status
    assert words in verdict.message


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_blank_is_not_attempted(exercise):
    assert exercise(...).status == "not attempted"
    if exercise in FUNCTIONS:
        assert exercise(blank).status == "not attempted"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_published_solution_is_right(exercise):
    names = {"steps": STEPS, "T": T, "H": H}      # what the notebook has by then
    exec(exercise.solution().message, names)
    mine = next(value for name, value in names.items() if name.startswith("my_"))
    verdict = exercise(mine)
    assert verdict.ok, verdict
    assert verdict.message      # says what to take along


@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_a_function_that_returns_nothing_is_asked_to_return(exercise):
    verdict = exercise(lambda *arrays: None)
    assert not verdict.ok
    assert "return" in verdict.message


def test_another_way_to_write_it_is_right_too():
    assert check.q00_2(lambda h, U, b_y: (h @ U.T + b_y)[1:]).ok


def test_an_array_changed_in_place_is_noticed():
    def greedy(h, U, b_y):
        h *= 2
        return h[1:] @ U.T + b_y
    assert "in place" in check.q00_2(greedy).message


@pytest.mark.parametrize("exercise", EXERCISES)
def test_hints_begin_with_a_question_and_do_not_give_the_answer_away(exercise):
    hints = [exercise.hint().message for _ in range(4)]
    line = exercise.solution().message.splitlines()[-1].removeprefix("    return ").split(" = ")[-1]
    assert "?  (3 more)" in hints[0]
    assert "the last one" in hints[-1]
    assert not any(line in hint for hint in hints)


def test_no_two_ways_to_lose_the_time_axis_give_the_same_numbers():
    found = [*(lose(STEPS, axis=0) for lose in (np.sum, np.mean, np.max, np.min, np.median)), STEPS[0], STEPS[-1]]
    assert len({tuple(numbers) for numbers in found}) == 7


def test_the_sizes_of_the_exercises_let_no_bug_hide():
    assert len({T, H, K, T + 1, H + 1}) == 5
    assert 3 <= T <= H
    assert all(np.abs(array).min() > 0 for array in lesson_00._scored(T, H, K))


# The notation explorer.

def words(svg):
    """(text, role) of every coloured piece of the picture"""
    pieces = re.findall(r'<tspan[^>]*?fill="(#\w+)"[^>]*>([^<]+)</tspan>', svg)
    return [(unescape(text), ROLE_OF.get(fill)) for fill, text in pieces]


@pytest.fixture(scope="module")
def pictures():
    """name -> Picture of every source, as its button shows it"""
    explorer, found = touch.check(explorers.notation()), {}
    for source in SOURCES:
        explorer.touch(f"source={source.short}")
        found[explorer.value["source"]] = explorer.picture()
    return found


def test_every_source_has_a_button_and_a_picture_of_its_own(pictures):
    assert list(pictures) == [source.name for source in SOURCES]
    assert len({picture.svg for picture in pictures.values()}) == len(SOURCES)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_letter_that_is_touched_lights_its_role_in_both_columns_and_says_what_it_is(source, pictures):
    picture, found = pictures[source.name], set()
    for mark in touch.marks(picture):
        role = mark.get("data-lights")
        name, shape, _ = source.table["VWUbcx".index(role)]
        assert (f" {plain(name)}, of shape {shape}" if name else "leaves it out") in mark.get("data-says")
        found.add((role, mark.tag.split("}")[1]))
    assert {role for role, tag in found if tag == "g"} == set("VWUbcx")          # the rows of the table
    written = {role for role, (name, _, _) in zip("VWUbc", source.table, strict=False) if name}
    assert {role for role, tag in found if tag == "tspan"} == set("VWUbc")
    for role in written:                                                        # lit: a word of ours, and a word of theirs
        assert picture.svg.count(f'class="when {role}"') >= 2


def test_on_a_phone_no_line_of_code_is_cut():
    parts = [part for picture in explorers.notation().slim for part in touch.elements(picture)]
    lines = [part for part in parts if "monospace" in part.get("font-family", "") and part.get("text-anchor") == "start"]
    assert len(lines) > 10
    assert all(float(line.get("x")) + 7.8 * len("".join(line.itertext())) <= NARROW for line in lines)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_caption_names_its_source_and_fits_on_two_lines(source):
    assert len(source.caption) <= 240
    assert source.name.split(",")[0].split(" &")[0].split()[-1] in source.caption
    assert len(source.table) == len(ROLES)
    assert sorted(n for numbers, _, _ in source.lines for n in numbers) == [1, 2, 3, 4]


LETTERS = {     # who does what in each source: V, W, U here
    "PyTorch, torch.nn.RNN": ("W_ih", "W_hh", None),
    "Dive into Deep Learning": ("W_xh", "W_hh", "W_hq"),
    "Stanford CS231n": ("W_xh", "W_hh", "W_hy"),
    "Goodfellow, Bengio & Courville": ("U", "W", "V"),
    "Jurafsky & Martin": ("W", "U", "V"),
    "Karpathy, min-char-rnn.py": ("Wxh", "Whh", "Why"),
}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_letter_has_the_colour_of_its_work_in_the_formula_and_in_the_table(source, pictures):
    drawn = words(pictures[source.name].svg)
    for role, name in zip("VWU", LETTERS[source.name], strict=True):
        if name:
            letter, *below = name.split("_")
            here = 2 * (letter == role)     # the course's own letters stand in every picture, twice
            assert drawn.count((letter, role)) >= 2 + here
            assert not below or drawn.count((below[0], role)) >= 2


def product(text, roles):
    """[(matrix, vector)] of a formula written as words, whichever stands first; 'W_xh:V x_t' -> [('V', 'x')]"""
    kinds = [(word.split(":")[1] if ":" in word else word[0].lower()) for term in text.split("+")
             for word in term.split() if (":" in word and word.split(":")[1] not in "bc") or word[0] in "xXhH"]
    pairs = list(zip(kinds[::2], kinds[1::2], strict=True))
    return [pair if pair[0] in "VWU" else pair[::-1] for pair in pairs]


@pytest.mark.parametrize("source", [s for s in SOURCES if not s.roles], ids=lambda source: source.name)
def test_v_meets_the_input_and_w_and_u_meet_the_state(source):
    pairs = [pair for _, left, right in source.lines if left for pair in product(right, source.roles) if pair[0] in "VWU"]
    assert set(pairs) <= {("V", "x"), ("W", "h"), ("U", "h")}
    assert {("V", "x"), ("W", "h")} <= set(pairs)


def test_a_transposed_matrix_has_the_reversed_shape():
    d2l = next(source for source in SOURCES if source.name == "Dive into Deep Learning")
    ours = {"V": "(H, D)", "W": "(H, H)", "U": "(K, H)"}
    for (name, shape, remark), role in zip(d2l.table, "VWU", strict=False):
        assert name.endswith(f":{role}")
        assert remark == "transpose of ours"
        assert shape == "({1}, {0})".format(*ours[role].strip("()").split(", "))


# The box.

WORDS = ("the", "cat", "sat", "on", "the", "<mat>")


@pytest.mark.parametrize("T_max", [1, 6])
def test_the_box_says_what_it_takes_and_what_it_hands_on(T_max):
    explorer = touch.check(explorers.one_box(WORDS[:T_max]))
    for t, word in enumerate(WORDS[:T_max], 1):
        explorer.value["t"] = t
        svg, caption = explorer.picture()
        assert caption.startswith(f"Step {t}: the box takes “{word}” and ")
        assert ("start with" in caption) == (t == 1)
        assert ("Nothing is left" in caption) == (t == T_max)
        assert f"step {t + 1} " in caption or t == T_max
        drawn = list(ElementTree.fromstring(svg).itertext())
        assert [drawn[n + 1] for n, letter in enumerate(drawn) if letter == "h"] == [str(n) for n in range(T_max)]
        assert "<mat>" not in svg


def test_a_word_lives_on_in_every_later_box():
    explorer = explorers.one_box(WORDS)
    for t in range(1, 7):
        explorer.touch(f"t={t}")
        drawn = [element for element in ElementTree.fromstring(explorer.picture().svg).iter() if element.get("class")]
        for s in range(1, 7):
            stripes = [element for element in drawn if element.get("class") == f"s{s}" and "fill-opacity" in element[0].attrib]
            assert len(stripes) == max(0, t - s + 1)
        alike = [{key: element.get(key) for key in ("width", "height", "fill", "fill-opacity")}
                 for element in ElementTree.fromstring(explorer.picture().svg).iter() if "fill-opacity" in element.attrib]
        assert all(stripe == alike[0] for stripe in alike)              # how much is left of a word is not what they show


def test_a_word_that_is_not_read_yet_lights_nothing_and_leads_to_its_step():
    explorer = explorers.one_box(WORDS)
    explorer.value["t"] = 2
    marks = {mark.get("data-set"): mark for mark in touch.marks(explorer.picture())}
    assert [marks[f"t={t}"].get("data-lights") for t in range(1, 7)] == ["s1", "s2", None, None, None, None]
    assert "not read yet" in marks["t=3"].get("data-says")


# The notebook.

def prose_of(path):
    """The prose of a lesson, one text."""
    return "\n".join(cell.source for cell in prose(read(path)))


def test_every_link_of_the_index_leads_to_a_lesson_and_every_lesson_is_named():
    text = prose_of(ROOT / "notebooks/00_start_here.ipynb")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert links == [path.name for path in PATHS[1:]]
    assert re.findall(r"^\| (\d\d) \|", text, flags=re.M) == [path.name[:2] for path in PATHS]


def test_the_index_gives_the_minutes_that_every_lesson_claims():
    listed = re.findall(r"^\| (\d\d) \|[^|]+\| (\d+) \|", prose_of(ROOT / "notebooks/00_start_here.ipynb"), flags=re.M)
    claimed = [(path.name[:2], int(re.search(r"About (\d+) minutes", prose_of(path))[1])) for path in PATHS]
    assert [(number, int(minutes)) for number, minutes in listed] == claimed
    hours = sum(number for _, number in claimed) / 60
    assert f"Together they take about {hours:.0f} hours." in prose_of(ROOT / "notebooks/00_start_here.ipynb")


def test_on_a_phone_all_six_steps_of_the_box_are_in_sight():
    svg = explorers.one_box(WORDS).slim[5].svg
    assert float(ElementTree.fromstring(svg).get("width")) <= NARROW
    assert sum("ŷ" in text for text in ElementTree.fromstring(svg).itertext()) >= 6


def test_the_two_answers_that_the_lesson_hands_in_name_no_axis():
    said = [check.q00_1.verdict(answer) for answer in (STEPS[0], STEPS[-1])]
    assert not any(verdict.ok or "axis" in verdict.message for verdict in said)


def test_the_index_calls_every_lesson_by_its_title():
    listed = re.findall(r"^\| (\d\d) \| \[(.*?)\]", prose_of(ROOT / "notebooks/00_start_here.ipynb"), re.MULTILINE)
    assert listed == [re.search(r"^# (\d\d) · (.*)$", prose_of(path), re.MULTILINE).groups() for path in PATHS[1:]]


def test_every_term_of_the_glossary_stands_in_bold_in_its_lesson():
    glossary = prose_of(ROOT / "notebooks/00_start_here.ipynb").split("<b>Glossary</b>")[1].split("## Review")[0]
    listed = re.findall(r"^\| ([^|]+) \| [^|]+ \| (\d\d) \|$", glossary, flags=re.M)
    bold = {path.name[:2]: " ".join(re.findall(r"\*\*([^*]+)\*\*", prose_of(path))).lower() for path in PATHS}
    assert len(listed) > 50
    assert [(term, lesson) for terms, lesson in listed for term in terms.lower().split(", ") if term not in bold[lesson]] == []


# The page that writes itself.

def test_without_the_network_the_page_shows_the_text_and_the_bars_and_fits_a_window_of_1000():
    explorer = explorers.generate("alice", np.random.default_rng(128), network=False)
    assert "random" in explorer.picture().caption
    for _ in range(30):
        explorer.press("next word")
        svg, caption = touch.check(explorer).picture()
        assert float(ElementTree.fromstring(svg).get("width")) <= 900
    assert "heavy type" in caption
    assert "ŷ" not in caption + svg
    assert re.search(">(10|20|50|100) %<", svg)                 # the scale of the bars
    assert list(explorer.chosen) == ["start"]
    words = explorer.value["start"]
    explorer.touch(touch.sets(explorer.picture())[0])
    assert explorer.value["start"].startswith(words)
    explorer.press("start again")
    assert explorer.value["start"] == "alice"


def test_without_the_network_the_bars_do_not_move_while_the_text_grows():
    explorer, heights = explorers.generate("alice", np.random.default_rng(128), network=False), []
    for _ in range(10):
        heights.append(ElementTree.fromstring(explorer.picture().svg).get("height"))
        explorer.press("next word")
    assert len(set(heights)) == 1


def test_without_the_network_an_empty_page_says_what_is_missing():
    explorer = explorers.generate(" ", network=False)
    explorer.press("next word")
    assert explorer.picture().caption == "Type at least one word to start with."
