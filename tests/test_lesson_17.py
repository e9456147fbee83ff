"""The exam marks every equation on its own, and the map names every idea."""
import re

import numpy as np
import pytest
import touch
from exercises import blank, skip_by_complex_step
from lessons import PATHS, read

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib.checks import lesson_17
from rnn_lib.checks.kit import Exercise, Verdict
from rnn_lib.clinic import MISTAKES
from rnn_lib.diagrams.concepts import names
from rnn_lib.diagrams.running import width_of
from rnn_lib.edits import build, edited
from rnn_lib.explorers.concept_map import CONCEPTS, NEEDS, come_back, concept_map, rests_on, skip_network

DIGITS = str.maketrans("₀₁₂₃₄", "01234")
NAMES = {"np": np, "rnn": rnn}
exec(check.q17_1.key, NAMES)
FORWARD, LOSS, BPTT = NAMES["my_forward"], NAMES["my_loss"], NAMES["my_bptt"]


def test_the_published_solution_gets_all_marks():
    verdict = check.q17_1(FORWARD, LOSS, BPTT)
    assert verdict.ok
    assert verdict.message.startswith("10 of 10 marks")
    assert verdict.message.count("✓") == 10


def test_the_solution_of_the_first_exam_stays_closed_until_something_is_right():
    exam = Exercise(check.q17_1._judge, check.q17_1._hints, check.q17_1.key, check.q17_1._opens)
    for tried in ((blank,) * 3, (lambda *case: None,) * 3):
        assert not exam(*tried).ok
        assert exam.solution().status == "closed"
    assert exam(FORWARD, blank, blank).message.startswith("1 of 10 marks")
    assert exam.solution() == Verdict("solution", check.q17_1.key)


def test_a_blank_page_is_not_attempted_and_a_part_left_blank_costs_its_marks():
    assert check.q17_1(blank, blank, blank).status == "not attempted"
    sheet = check.q17_1(FORWARD, blank, BPTT).message
    assert sheet.startswith("8 of 10 marks")
    assert "○ (5)      losses  not attempted" in sheet
    assert "✓ (11)     dW" in sheet
    assert check.q17_1(FORWARD, LOSS, blank).message.startswith("3 of 10 marks")


def test_each_gradient_is_marked_on_its_own():
    def only_W_wrong(params, run, do):
        return BPTT(params, run, do)._replace(W=np.ones_like(params.W))
    sheet = check.q17_1(FORWARD, LOSS, only_W_wrong).message
    assert sheet.startswith("9 of 10 marks")
    assert "✗ (11)     dW      is not a sum of the contributions C[t,k]" in sheet


def test_what_the_learner_was_sure_of_is_compared_with_the_marks():
    def dW_wrong(params, run, do):
        return BPTT(params, run, do)._replace(W=np.ones_like(params.W))
    sheet = check.q17_1(FORWARD, LOSS, dW_wrong, ["dW", "dU", "h"]).message
    assert "\nYou were sure of 3 marks. Right: a, h, o, dU. Not right, so begin there: dW." in sheet
    assert " Right, though you were not sure: losses, do, db_y, dV, db_h, dh_0, dx." in sheet
    assert check.q17_1(FORWARD, blank, BPTT, ["do"]).message.splitlines()[-1].startswith(
        "You were sure of 1 mark. Not written yet: do. Right, though")
    for start in ("dh_0", "dh0", "dh₀"):
        all_ten = f"a, losses, do, dU, db_y, dW, dV, db_h, dx, {start}"
        said = check.q17_1(FORWARD, LOSS, BPTT, all_ten).message.splitlines()[-1]
        assert said == "You were sure of 10 marks. Right: a, h, o, losses, do, dU, db_y, dW, dV, db_h, dh_0, dx."
    assert "sure" not in check.q17_1(FORWARD, LOSS, BPTT, []).message
    assert check.q17_1(FORWARD, LOSS, BPTT, ["W"]).message.endswith(
        "✓ (14)     dx\nmy_sure: there is no mark 'W'. They are called a, h, o; losses; do; dU; db_y; dW; dV; db_h; dh_0; dx")
    assert check.q17_1(blank, blank, blank, []).status == "not attempted"


def test_the_recursion_rests_on_all_that_comes_before_it_but_the_gradient_of_U_and_the_way_over_the_definition():
    early = {name for name, concept in CONCEPTS.items() if concept.lesson <= "07"}
    by_rows = rests_on("the definition") - rests_on("the recursion")
    assert by_rows == {"the total derivative", "the Jacobians"}
    assert early - rests_on("the recursion") == {"the gradient of U", "the definition"} | by_rows


def test_terms_that_are_missing_are_counted_and_the_mistake_is_named():
    dropped = next(m for m in MISTAKES if m.name == "horizontal term dropped")
    sheet = check.q17_1(FORWARD, LOSS, dropped.backward).message
    assert sheet.startswith("5 of 10 marks")                # right: forward, losses, do, dU, db_y
    assert "✗ (11)     dW      counts 5 of the 15 terms C[t,k] once" in sheet
    assert "✗ (14)     dh_0    not given" in sheet
    assert sheet.startswith("5 of 10 marks\nThe clinic says: horizontal term dropped.\n✓")


@pytest.mark.parametrize(("loss", "words"), [
    (lambda o, y: LOSS(o, y)[0], "✗ (5)      losses  my_loss must return two things, losses and do, got ndarray"),
    (lambda o, y: None, "my_loss must return two things, losses and do, got NoneType"),
    (lambda o, y: 1 / 0, "ZeroDivisionError"),
    (lambda o, y: (LOSS(o, y)[0], -LOSS(o, y)[1]), "✗ (6)      do      "),
    (lambda o, y: (np.nan * LOSS(o, y)[0], LOSS(o, y)[1]), "✗ (5)      losses ")])
def test_a_wrong_loss_is_told_why(loss, words):
    verdict = check.q17_1(FORWARD, loss, BPTT)
    assert not verdict.ok
    assert words in verdict.message
    assert "✓ (13)     db_h" in verdict.message


def divides(*args):
    return 1 / 0


@pytest.mark.parametrize(("backward", "words"), [
    (lambda *args: None, "your function returned nothing"), (lambda *args: tuple(BPTT(*args)), "yours, of type tuple, lacks V"),
    (divides, "stopped with ZeroDivisionError"), ("bptt", "expected a function")])
def test_a_backward_pass_that_cannot_be_compared_costs_its_marks_and_says_why_once(backward, words):
    verdict = check.q17_1(FORWARD, LOSS, backward)
    assert verdict.message.startswith("3 of 10 marks")
    assert verdict.message.count("\nmy_bptt: ") == verdict.message.count(words) == 1


def test_a_gradient_that_is_not_given_is_said_to_be_so_when_all_others_are_wrong():
    flipped = next(m for m in MISTAKES if m.name == "sign flipped")
    assert "✗ (14)     dh_0    not given" in check.q17_1(FORWARD, LOSS, flipped.backward).message


def test_the_library_gets_no_marks():
    sheet = check.q17_1(FORWARD, LOSS, lambda *case: rnn.bptt(*case)).message
    assert sheet.startswith("3 of 10 marks")
    assert sheet.count("rnn.bptt does it for you") == 7


def test_marks_are_not_headed_wrong_and_stand_in_columns():
    verdict = check.q17_1(FORWARD, LOSS, blank)
    assert verdict.status == "not yet right"
    assert "◐ not yet right:</b> <pre>3 of 10 marks\n✓" in verdict._repr_html_()


# ---- the exam with a skip --------------------------------------------------------------------------------------------

SKIP = build(lesson_17.SKIP, {"np": np})
CASE = lesson_17.SKIP_CASES[0]


@pytest.fixture
def exam():
    """The exam as it is before anybody has tried."""
    shared = check.q17_2
    return Exercise(shared._judge, shared._hints, shared.key, shared._opens)


def by_steps(params, S, run, do):
    T, messages = len(do), {}
    dW, dV, dS, db_h = np.zeros_like(params.W), np.zeros_like(params.V), np.zeros_like(S), np.zeros(len(S))
    for t in range(T, 0, -1):
        dh = params.U.T @ do[t - 1]
        if t + 1 <= T:
            dh = dh + params.W.T @ messages[t + 1]
        if t + 2 <= T:
            dh = dh + S.T @ messages[t + 2]
        da = messages[t] = (1 - run.h[t] ** 2) * dh
        dW += np.outer(da, run.h[t - 1])
        dV += np.outer(da, run.x[t - 1])
        db_h += da
        if t > 1:
            dS += np.outer(da, run.h[t - 2])
    return dW, dV, dS, db_h


def test_without_a_skip_it_is_the_network_of_the_course():
    params, S, run, do = CASE
    plain = check.forward_with_skip(params, 0 * S, run.x, run.h[0])
    library = rnn.forward(params, run.x, run.h[0])
    assert all(np.allclose(a, b) for a, b in zip(plain[:4], library[:4], strict=True))
    assert all(np.allclose(mine, getattr(rnn.bptt(params, library, do), name))
               for mine, name in zip(by_steps(params, 0 * S, plain, do), ("W", "V", "", "b_h"), strict=True) if name)


def test_the_skip_reads_h_0_at_step_2_and_nothing_at_step_1():
    params, S, run, _ = CASE
    a_1 = params.V @ run.x[0] + params.W @ run.h[0] + params.b_h
    a_2 = params.V @ run.x[1] + params.W @ run.h[1] + S @ run.h[0] + params.b_h
    assert np.allclose(run.a[:2], [a_1, a_2])


def test_the_published_solution_and_other_ways_of_writing_it_are_the_complex_step(exam):
    for case in lesson_17.SKIP_CASES:
        for mine, exact in zip(SKIP(*case), skip_by_complex_step(*case), strict=True):
            assert rnn.relative_error(mine, exact) < 1e-12
    for answer in (SKIP, by_steps, lambda *case: list(by_steps(*case)), skip_by_complex_step):
        assert exam(answer).ok


@pytest.mark.parametrize(("edits", "said"), [(edits, said) for *edits, said in lesson_17._SKIP_MISTAKES])
def test_every_known_mistake_in_the_exam_is_marked_and_told_by_its_own_words(exam, edits, said):
    wrong = build(edited(lesson_17.SKIP, zip(edits[::2], edits[1::2], strict=True)), {"np": np})
    verdict = exam(wrong)
    assert verdict.status == "not yet right"
    assert said in verdict.message
    right = [np.allclose(a, b) for a, b in zip(wrong(*CASE), by_steps(*CASE), strict=True)]
    assert f"{sum(right)} of 4 marks" in verdict.message
    assert [f"✓ {name}" in verdict.message for name in lesson_17.SKIP_NAMES] == right


def test_a_sum_whose_mistake_is_known_is_not_also_told_to_look_at_its_factors(exam):
    known = build(edited(lesson_17.SKIP, [(lesson_17._DS, "da[2:].T @ run.h[1:-2]")]), {"np": np})
    message = exam(known).message
    assert message.startswith("3 of 4 marks\ndS: the use at step 2 is missing: S reads h_0 there")
    assert message.endswith("✗ dS\n✓ db_h")
    assert lesson_17.NO_SUM not in message
    unknown = build(edited(lesson_17.SKIP, [(lesson_17._DS, "da[2:-1].T @ run.h[1:-3]")]), {"np": np})
    assert f"✗ dS    {lesson_17.NO_SUM}" in exam(unknown).message


def test_where_all_four_are_wrong_da_is_named_once_and_not_each_of_them(exam):
    def twice_over_w(params, S, run, do):
        return by_steps(params, params.W @ params.W, run, do)
    message = exam(twice_over_w).message
    assert f"da first: each of the four {lesson_17.NO_SUM}" in message
    assert message.count(lesson_17.NO_SUM) == 1
    assert message.endswith("✗ dW\n✗ dV\n✗ dS\n✗ db_h")


def test_float32_inside_costs_no_marks_and_is_told_but_a_small_step_is_no_gradient(exam):
    skip = build(edited(lesson_17.SKIP, [("(T + 3, H)", "(T + 3, H), np.float32")]), {"np": np})
    whole = build(edited(check.q09_3.key, [("empty_like(run.a)", "empty_like(run.a, np.float32)")]), {"np": np, "rnn": rnn})
    for told in (exam(skip), check.q09_3.verdict(whole), check.q17_1.verdict(FORWARD, LOSS, whole)):
        assert told.ok
        assert "Something inside is float32" in told.message
    assert not exam(lambda *case: [part * (1 + 1e-7) for part in SKIP(*case)]).ok
    assert not check.q09_3.verdict(lambda *case: BPTT(*case)._replace(W=BPTT(*case).W * (1 + 1e-7))).ok


def test_a_mean_over_more_steps_than_there_are_is_told_its_factor(exam):
    said = exam(lambda *case: [part / 8 for part in SKIP(*case)]).message
    assert all(f"✗ {name:5} 0.125 times what it should be" in said for name in lesson_17.SKIP_NAMES)
    assert lesson_17.NO_SUM not in said


def test_missing_paths_are_named(exam):
    def over_w_alone(params, S, run, do):
        return *by_steps(params, 0 * S, run, do)[:2], *by_steps(params, S, run, do)[2:]
    message = exam(over_w_alone).message
    assert "✗ dW    paths over S alone: missing; paths over both W and S: missing" in message
    assert message.startswith("2 of 4 marks")


@pytest.mark.parametrize(("answer", "status"), [
    (blank, "not attempted"), (lambda *case: None, "wrong"), (lambda *case: 1 / 0, "wrong"), (3, "wrong"),
    (lambda params, S, run, do: (params.W, params.V, S), "wrong"),
    (lambda params, S, run, do: (params.V, params.V, S, params.b_h), "wrong shape"),
    (lambda params, S, run, do: (0 * params.W, 0 * params.V, 0 * S, 0 * params.b_h), "wrong")])
def test_the_solution_stays_closed_until_a_serious_try(exam, answer, status):
    assert exam(answer).status == status
    assert exam.solution().status == "closed"
    assert lesson_17.SKIP[:30] not in str(exam(answer)._repr_html_())
    assert exam(lambda params, S, run, do: (params.W, params.V, S, params.b_h)).status == "not yet right"
    assert exam.solution() == Verdict("solution", lesson_17.SKIP)


def forward_on_columns(params, x, h_0):
    a, h = [], [h_0]
    for x_t in x:
        a.append(params.V @ x_t + params.W @ h[-1] + params.b_h)
        h.append(np.tanh(a[-1]))
    return np.array(a), np.array(h), np.array([params.U @ h_t + params.b_y for h_t in h[1:]])


def loss_step_by_step(o, y):
    losses, do = [], []
    for o_t, y_t in zip(o - o.max(1, keepdims=True), y, strict=True):
        losses.append(np.log(np.exp(o_t).sum()) - o_t[y_t])
        do.append(np.exp(o_t) / np.exp(o_t).sum() - np.eye(len(o_t))[y_t])
    return losses, do


@pytest.mark.parametrize("forward", [forward_on_columns, lambda *given: list(forward_on_columns(*given))])
@pytest.mark.parametrize("loss", [loss_step_by_step, lambda o, y: list(loss_step_by_step(o, y))])
def test_one_sequence_is_all_that_is_asked_for_and_lists_will_do(forward, loss):
    assert check.q17_1(forward, loss, BPTT).ok


@pytest.mark.parametrize(("forward", "words"), [
    (lambda p, x, h_0: FORWARD(p, x, 0 * h_0), "h_0 is an argument"),
    (lambda p, x, h_0: FORWARD(p._replace(W=p.W.T), x, h_0), "W is the wrong way round"),
    (lambda p, x, h_0: None, "must return a, h, o"), (7, "pass the function itself")])
def test_a_wrong_forward_pass_is_told_why(forward, words):
    sheet = check.q17_1(forward, LOSS, BPTT).message
    assert sheet.startswith("9 of 10 marks")
    assert words in sheet


@pytest.fixture(scope="module")
def course():
    return touch.check(concept_map())


def test_the_map_shows_each_idea_with_what_it_needs_and_where_it_leads(course):
    for idea, concept in CONCEPTS.items():
        course.value["idea"] = idea
        caption = course.picture().caption
        assert concept.what in caption
        assert len(caption) < 230                                               # two lines: a third would move the picture
        assert f"{concept.lesson})" in caption
        assert all(other in caption for pair in NEEDS if idea in pair for other in pair if other != idea)


def test_every_idea_is_a_button_that_asks_before_it_tells_and_lights_up_its_neighbours(course):
    called = names(CONCEPTS)
    boxes = {mark.get("class"): mark for mark in touch.marks(course.picture())}
    assert set(boxes) == set(called.values())
    chosen = course.value["idea"]
    for idea, concept in CONCEPTS.items():
        mark = boxes[called[idea]]
        near = {called[name] for pair in NEEDS if idea in pair for name in pair}
        assert {name for name in mark.get("data-lights").split() if "-" not in name} == near
        if idea != chosen:
            assert "in your own words?" in mark.get("data-says")
            assert concept.what not in mark.get("data-says")
        course.touch(mark.get("data-set"))
        assert course.value["idea"] == idea
        told = {mark.get("class"): mark.get("data-says") for mark in touch.marks(course.picture())}
        assert told[called[idea]] is None                                      # pressed, it leaves the caption, which tells


def test_the_map_is_one_piece_and_has_no_circle():
    done, left = set(), set(CONCEPTS)
    while left:
        ready = {idea for idea in left if all(a in done for a, b in NEEDS if b == idea)}
        assert ready, f"a circle among {sorted(left)}"
        done, left = done | ready, left - ready
    assert {idea for pair in NEEDS for idea in pair} == set(CONCEPTS)


@pytest.mark.parametrize(("letter", "factor", "said"), [("x", 2, "dx      twice too large"), ("h_0", .5, "dh_0    half as")])
def test_a_multiple_of_the_right_gradient_is_told_its_factor(letter, factor, said):
    def backward(*case):
        given = BPTT(*case)
        return given._replace(**{letter: factor * getattr(given, letter)})
    assert said in check.q17_1(FORWARD, LOSS, backward).message


def test_every_lesson_has_a_place_on_the_map_but_the_last():
    placed = {number for concept in CONCEPTS.values() for number in concept.lesson.split(", ")}
    assert placed == {f"{n:02}" for n in range(17)}


def test_a_newcomer_is_not_praised():
    assert come_back({}) == "You have not tried any exercise yet."
    assert come_back({"q00_1": {"status": "right"}}) == "All exercises that you tried are right."
    assert come_back({"q07_2": {"status": "wrong"}, "q00_1": {"status": "right"}}) == "Come back to: lesson 07, exercise 2."
    several = {name: {"status": "wrong"} for name in ("q08_2", "q06_3", "q06_1")}
    assert come_back(several) == "Come back to: lesson 06, exercises 1 and 3; lesson 08, exercise 2."


def test_the_arrows_of_the_drawing_are_those_of_the_network():
    """An arrow is where a nudge of the state reaches a_t directly."""
    touch.check(skip_network())
    says = dict(re.findall('class="h(\\d)"[^>]* data-says="(.*?)"', skip_network().picture().svg))
    over_w, over_s = ([(int(k), int(t.translate(DIGITS))) for k, words in says.items()
                       for t in re.findall(f"a(.) through {matrix}", words)] for matrix in "WS")
    assert (len(over_w), len(over_s)) == (4, 3)
    assert says["2"] == "h₂: 3 arrows, to o₂ through U, a₃ through W and a₄ through S."
    params, S, run, _ = CASE
    for edges, only in ((over_w, {"S": 0 * S}), (over_s, {"W": 0 * params.W})):
        net, skip = params._replace(W=only.get("W", params.W)), only.get("S", S)
        h, a = run.h[:5], lambda h, t, net=net, skip=skip: net.W @ h[t - 1] + (skip @ h[t - 2] if t > 1 else 0)
        moved = [(k, t) for k in range(5) for t in range(1, 5)
                 if not np.allclose(a(h, t), a(h + np.outer(np.arange(5) == k, np.ones(h.shape[1])), t))]
        assert sorted(moved) == sorted(edges)


def test_after_the_practice_every_formula_of_the_derivation_is_folded_up():
    source = next("".join(cell.source) for cell in read(next(p for p in PATHS if p.name.startswith("17"))).cells
                  if "## Derive" in cell.source)
    folded = re.findall(r"<details>.*?</details>", source, re.DOTALL)
    assert sum("$$" in part for part in folded) == 5
    assert not re.search(r"[$(]", re.sub(r"<details>.*?</details>", "", source, flags=re.DOTALL))


def test_before_the_practice_the_page_gives_no_equation_away():
    sources = ["".join(cell.source) for cell in read(next(p for p in PATHS if p.name.startswith("17"))).cells]
    before = " ".join(sources[:next(i for i, text in enumerate(sources) if "check.q17_1(" in text)])
    assert not any(part in before for part in ("\\top", "\\odot", "explorers.concept_map", "da_t", "do_t", "dh_t", "daₜ", "doₜ"))


def test_the_number_of_paths_that_the_exam_asks_for_is_so():
    """Each path takes steps back of one (over W) or two (over S)."""
    paths = [1, 1]
    while len(paths) < 30:
        paths.append(paths[-1] + paths[-2])
    assert paths[4 - 1] == 3
    assert f"{paths[30 - 1]:,}" == "832,040"
    source = " ".join("".join(cell.source) for cell in read(next(p for p in PATHS if p.name.startswith("17"))).cells)
    assert "From $h_{30}$ back to $h_1$ there are 832,040." in source


def test_the_ten_marks_that_the_page_names_are_those_of_the_sheet():
    sheet = [line.split()[2:] for line in check.q17_1(FORWARD, LOSS, BPTT).message.splitlines() if line.startswith("✓")]
    assert [" ".join(words) for words in sheet] == ["a, h, o", "losses", "do", "dU", "db_y", "dW", "dV", "db_h", "dh_0", "dx"]


def test_what_an_idea_rests_on_is_tinted_and_its_arrows_too(course):
    called = names(CONCEPTS)
    for idea in ("the loop", "what goes wrong", "the check"):
        course.value["idea"] = idea
        tinted = {mark.get("class") for mark in touch.marks(course.picture())
                  if mark[0].get("fill-opacity") in ("0.16", "0.38")}
        assert tinted == {called[name] for name in rests_on(idea)}
    assert rests_on("the Jacobians") == {"the total derivative", "the sum over uses", "sharing", "unfolding", "the loop",
                                         "the sum over losses", "the losses", "the forward pass", "the task"}
    assert {"the Jacobians", "the recursion", "learning"} < rests_on("what goes wrong")
    assert not {"the tape", "two tasks"} & rests_on("what goes wrong")
    assert {"the losses", "the forward pass", "the sum over losses"} <= rests_on("the recursion") & rests_on("the check")


def test_no_arrow_of_the_map_is_slanted_crosses_another_or_runs_through_a_box():
    at = {name: concept[:2] for name, concept in CONCEPTS.items()}
    def passes(a, b):
        (c1, r1), (c2, r2) = at[a], at[b]
        assert c1 == c2 or r1 == r2, f"{a} and {b} are neither in one column nor in one row"
        return {(c, r) for c in range(min(c1, c2), max(c1, c2) + 1) for r in range(min(r1, r2), max(r1, r2) + 1)}
    between = [passes(*pair) - {at[pair[0]], at[pair[1]]} for pair in NEEDS]
    crossed = set().union(*between)
    assert not crossed & set(at.values())
    assert len(crossed) == sum(map(len, between))


def test_training_with_windows_rests_on_lesson_13_and_the_tape_on_the_recursion_alone():
    assert "what goes wrong" in rests_on("two tasks") - rests_on("the tape")
    assert {"the recursion", "the other gradients"} < rests_on("the tape")


def test_the_slider_of_the_map_walks_through_the_lessons_in_their_order():
    lessons = [concept.lesson for concept in CONCEPTS.values()]
    assert lessons == sorted(lessons)


def test_on_a_phone_the_other_arrows_stay_away_until_one_of_their_ideas_is_touched(course):
    course.touch("idea=the recursion")
    slim = course.slim[course.index]
    away = set(re.findall(r'class="when (n\d+-n\d+)"', slim.svg))
    called = names(CONCEPTS)
    assert away == {f"{called[a]}-{called[b]}" for a, b in NEEDS if "the recursion" not in (a, b)}
    assert away <= set(" ".join(mark.get("data-lights") for mark in touch.marks(slim)).split())


def test_what_is_right_stands_in_its_box_clear_of_the_words():
    every = {name: {"status": "right"} for name in check.__all__ if name.startswith("q")}
    labels = [node for node in touch.elements(concept_map(every).picture()) if node.tag.endswith("text")]
    done = [node for node in labels if (node.text or "").startswith("✓ ")]
    assert len(done) == len(CONCEPTS)
    for node in done:
        start = float(node.get("x")) - width_of(node.text, 12)
        beside = [(float(other.get("x")), "".join(other.itertext())) for other in labels if other.get("y") == node.get("y")]
        assert not [words for x, words in beside if start - 150 < x < start < x + width_of(words, 14)], node.text


def test_two_answers_in_the_wrong_order_are_told_so():
    def swapped(o, y):
        return rnn.cross_entropy(o, y)[::-1]
    assert "the two are the other way round: return losses first, then do" in check.q17_1(FORWARD, swapped, BPTT).message
    told = check.q17_1(FORWARD, rnn.cross_entropy, lambda *case: tuple(BPTT(*case))).message
    assert "rnn.Gradients(V=..., W=..., U=..., b_h=..., b_y=..., h_0=..., x=...)" in told
    assert "Five" not in told
    def exchanged(*case):
        dW, dV, *others = skip_by_complex_step(*case)
        return dV, dW, *others
    assert check.q17_2(exchanged).message == "dW and dV have changed places: return dW first"
