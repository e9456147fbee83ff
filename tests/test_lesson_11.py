import html
import re
from itertools import product

import numpy as np
import pytest
from exercises import blank
from lessons import PATHS, ran, read

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib.checks.lesson_11 import GROUPS, NAMES, PATIENTS, _wrong_at_one, find_name
from rnn_lib.clinic import DEFINITION, MISTAKES, RECURSION, Five, build, outer, total
from rnn_lib.clinic.networks import network_to_watch
from rnn_lib.diagrams.wording import title
from rnn_lib.explorers import errors_on, network_to_check

NUMBERS = range(1, 11)
BY_NAME = {mistake.name: mistake for mistake in MISTAKES}


def exercise(number):
    return getattr(check, f"q11_{number}")


def solution_of(number):
    """What the published solution defines, once run"""
    names = {"np": np, "Five": Five, "outer": outer, "total": total}
    exec(exercise(number).solution().message, names)
    return names


def half_done(verdict):
    """Whether an answer is the right name: the cure is still to come"""
    return verdict.status == "not yet right" and verdict.message.startswith("half of it is done: the name is right, «")


def test_the_lesson_speaks_of_37_mistakes_and_treats_ten_of_them():
    assert len(MISTAKES) == 37
    assert len(set(PATIENTS)) == 10
    assert set(PATIENTS) <= set(NAMES)


@pytest.mark.parametrize("number", range(1, 11))
def test_a_blank_answer_is_not_attempted(number):
    assert exercise(number)(...).status == "not attempted"
    assert exercise(number)(blank).status == "not attempted"


@pytest.mark.parametrize("number", NUMBERS)
def test_the_published_solution_names_and_cures_the_patient(number):
    solution = solution_of(number)
    name = re.search("# It was: (.*)", getattr(check, f"q11_{number}").solution().message)[1]
    assert half_done(exercise(number)(name))
    assert exercise(number)(solution["my_answer"]).ok
    assert exercise(number)(name, solution["my_answer"]).ok


@pytest.mark.parametrize("number", NUMBERS)
def test_each_patient_is_named_by_its_name_and_by_its_place_on_the_list(number):
    name = PATIENTS[number - 1]
    place = NAMES.index(name) + 1
    for answer in (name, name.upper(), f"  {name} ", place, str(place), np.int64(place)):
        assert half_done(exercise(number)(answer))


@pytest.mark.parametrize("number", NUMBERS)
def test_every_other_name_is_wrong_with_a_reason_that_does_not_give_the_name_away(number):
    for name in set(NAMES) - {PATIENTS[number - 1]}:
        verdict = exercise(number)(name)
        assert verdict.status == "wrong"
        assert verdict.message.startswith(f"not «{name}»: ")
        assert PATIENTS[number - 1] not in verdict.message
        assert len(verdict.message) < 260


@pytest.mark.parametrize(("number", "name", "reason"), [
    (1, "= for +=", "that would spoil U and b_y too, and here U and b_y are right"),
    (1, "dW transposed", "that would leave V and b_h right, and here V and b_h are wrong"),
    (1, "horizontal term doubled", "then C[2,1] would be counted twice in dW, and here it is not counted at all"),
    (1, "f' forgotten", "here they are whole: only how often each is counted is off"),
    (4, "mean for sum", "that would spoil V, W, b_h and b_y too"),
    (2, "horizontal term dropped", "the terms themselves are off"),
    (2, "f' applied twice", "that would show at T = 1 already"),
    (2, "Jacobians in the wrong order", "a mistake in a product of Jacobians, and there is none here"),
    (5, "the last h taken for h_0", "With that mistake it would read «dW += outer(da, run.h[1:][t-2])»"),
    (8, "the message is never reset", "With that mistake it would read «da_next = da_next + da»"),
    (9, "the loop runs forward", "a recursion over da, and there is none here. Ask the code: «Matrices do not commute"),
    (6, "the loop leaves out step T", "then C[1,1] would be counted once in dW, and here it is not counted at all"),
    (7, "x_{t+1} for x_t", "that would show at T = 1 already"),
    (8, "transpose missing", "Which matrix takes da_t back"),
    (10, "horizontal term doubled", "then C[3,1] would be counted 4 times in dW, and here it is counted 3 times")])
def test_a_wrong_name_is_told_what_its_symptoms_would_be(number, name, reason):
    assert reason in exercise(number)(name).message


def test_a_few_words_that_are_not_the_name_itself_are_said_back():
    verdict = check.q11_2("forgot W")
    assert verdict.status == "not understood"
    assert verdict.message.startswith("'forgot W' could mean «horizontal term dropped», which it is not: ")
    assert verdict.message.endswith("If you mean another, give its number")


def test_the_librarys_own_function_is_no_cure_of_the_line():
    for own in (rnn.bptt, rnn.bptt_by_definition):
        assert check.q11_1.verdict(own)[:2] == (
            "not yet right", "that is the library's own function: which line of the patient was it?")
    assert "cured." in check.q11_1(build(RECURSION)).message
    assert "One of the lines reads: dU += " in check.q11_3(build(RECURSION)).message


def test_the_code_of_a_patient_is_folded_below_its_symptoms():
    shown = check.patient(1)._repr_html_()
    assert shown.index("wrong: ") < shown.index("<details") < shown.index("def bptt")


def test_a_loss_that_is_not_visited_spoils_all_five_and_is_right_at_one_step_as_the_sieve_says():
    assert sorted(rnn.diagnose(BY_NAME["only the last loss"].backward).wrong) == sorted(Five._fields)
    assert not _wrong_at_one(BY_NAME["only the last loss"].backward)


def test_the_first_wrong_line_is_looked_for_in_a_run_of_four_steps_as_the_lesson_says():
    assert len(network_to_watch(0).do) == 4


def test_the_second_patient_is_right_at_one_step_as_the_lesson_says():
    errors = errors_on(network_to_check(T=1), BY_NAME[PATIENTS[1]].backward)
    assert len(errors) == 5
    assert max(errors.values()) < 1e-12


def test_a_reason_from_the_sieve_is_true():
    """Each gradient it names is wrong under one mistake and right under the other."""
    sieves = {name: rnn.diagnose(mistake.backward) for name, mistake in BY_NAME.items()}
    for number, name in product(NUMBERS, NAMES):
        message = exercise(number)(name).message
        theirs, ours = sieves[name], sieves[PATIENTS[number - 1]]
        if found := re.search(r"would (spoil|leave) (.+?) (too|right),", message):
            named = set(re.split(r", | and ", found[2]))
            first, second = (theirs.wrong, ours.right) if found[1] == "spoil" else (theirs.right, ours.wrong)
            assert named == set(first) & set(second)


@pytest.mark.parametrize(("said", "found"), [
    ("horizontal dropped", ["horizontal term dropped"]), ("transpose m", ["transpose missing in the horizontal step"]),
    ("transpose", ["transpose missing in the horizontal step", "dW transposed"]),
    ("Jacobians order", ["Jacobians in the wrong order"]), ("= for +=", ["= for +="]), ("+=", ["= for +="]),
    ("h_{t-1} for h_t", ["h_{t-1} for h_t in dU"]), ("ht-1 for ht in du", ["h_{t-1} for h_t in dU"]),
    ("h_t for h_{t-1}", ["h_t for h_{t-1} in dW"]),
    ("way back", ["f' forgotten on the way back"]), ("f forgotten", ["f' forgotten"]),
    ("f' forgotten", ["f' forgotten"]), ("forgotten", [name for name in NAMES if "forgotten" in name]),
    ("nonsense", []), ("", []), (0, []), (38, []), ("38", [])])
def test_a_name_may_be_given_in_a_few_words(said, found):
    assert find_name(said) == found


@pytest.mark.parametrize("name", NAMES)
def test_every_full_name_means_itself_alone(name):
    for typed in (name, f" {NAMES.index(name) + 1}  {name} ", f"«{name.upper()}»!", name.replace("{", "(").replace("}", ")")):
        assert find_name(typed) == [name]


@pytest.mark.parametrize("mistake", MISTAKES, ids=NAMES)
def test_a_name_may_be_given_as_the_lab_of_lesson_10_writes_it(mistake):
    assert find_name(title(mistake.name)) == [mistake.name]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_name_of_a_gradient_names_no_mistake(number):
    for gradient in Five._fields:
        status = "not yet right" if gradient in check.patient(number).symptoms.wrong else "wrong"
        assert exercise(number).verdict(gradient).status == exercise(number).verdict(f"d{gradient}").status == status


def test_no_answer_at_all_is_not_attempted():
    assert check.q11_1().status == "not attempted"


@pytest.mark.parametrize(("answer", "words"), [
    ("nonsense", "fits no name"), (99, "the list runs from 1 to 37"), (0, "from 1 to 37"),
    ("horizontal", "fits several names"), ("", "give a name"),
    (3.5, "give a name"), (True, "give a name"), (["horizontal"], "give a name"), (np.nan, "give a name")])
def test_what_is_no_name_gets_its_own_sentence(answer, words):
    verdict = check.q11_1(answer)
    assert verdict.status == "not understood"
    assert words in verdict.message


def test_a_diagnosis_in_ones_own_words_is_not_called_wrong():
    verdict = exercise(1)("horizontal")
    assert repr(verdict).startswith("○ not understood: ")
    assert "number" in verdict.message
    assert "one way to write it" not in dict(verdict.help)


@pytest.mark.parametrize(("words", "name"), [
    ("the horizontal term is missing", "horizontal term dropped"), ("horizontal term lost", "horizontal term dropped"),
    ("slope forgotten on the way back", "f' forgotten on the way back"), ("forgotten", "f' forgotten on the way back"),
    ("W not transposed in the horizontal step", "transpose missing in the horizontal step")])
def test_a_name_is_found_by_words_that_mean_the_same(words, name):
    assert name in find_name(words)


@pytest.mark.parametrize(("number", "words"), [
    (1, "W missing"), (1, "forgot W"), (1, "horizontal part is missing"), (1, "W da_next missing"), (3, "no sum"),
    (3, "the sum is missing"), (2, "transpose of W missing"), (2, "wrong transpose"), (8, "dh for da")])
def test_a_right_idea_in_other_words_is_not_refuted(number, words):
    assert half_done(exercise(number)(words))


def test_a_shift_of_x_is_asked_for_its_direction():
    assert find_name("x shifted") == ["x_{t-1} for x_t in dV", "x_{t+1} for x_t in dV"]


def test_a_guess_needs_more_than_a_word_such_as_missing():
    assert "fits no name" in check.q11_3("V missing").message
    assert "fits no name" in check.q11_1("wa missing").message


def test_instead_of_is_for():
    assert find_name("= instead of +=") == find_name("= in place of +=") == ["= for +="]
    assert half_done(check.q11_3("= instead of +="))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_patient_is_cured_by_every_right_backward_pass_and_by_no_sick_one(number):
    for right in (build(RECURSION), build(DEFINITION)):
        assert exercise(number)(right).ok
    mistake = BY_NAME[PATIENTS[number - 1]]
    unchanged = exercise(number)(build(mistake.source))
    assert unchanged.status == "wrong"
    assert "still sick, with the same mistake" in unchanged.message
    assert mistake.line not in unchanged.message
    assert "another mistake now, «sign flipped»" in exercise(number)(BY_NAME["sign flipped"].backward).message


@pytest.mark.parametrize("number", range(1, 11))
def test_the_patients_own_line_is_understood_and_its_name_asked_for(number):
    line = next(line for line, _ in BY_NAME[PATIENTS[number - 1]].slips if line)
    verdict = exercise(number).verdict(line.replace(" ", ""))
    assert verdict[:2] == ("not yet right", f"«{line}»: that is the line. Which name on the list says what is wrong with it?")


@pytest.mark.parametrize("equation", ["(9)", "eq (9)", "equation 9", " line (9) "])
def test_an_equation_is_half_an_answer(equation):
    assert check.q11_1.verdict(equation)[:2] == (
        "not yet right", "yes, (9): which part of it is wrong, and what stands there? Give its name")
    assert check.q11_4.verdict(equation).message == "not (9): which gradients does it make, and are they wrong?"
    assert check.q11_4.verdict(equation.replace("9", "7")).status == "not yet right"


@pytest.mark.parametrize(("name", "said"), [(name, said) for name, phrases in {
    "horizontal term dropped": ["da_next @ W was forgotten", "forgot to add da_next @ W", "missing term in dh",
                                "dh has no da_next"],
    "h_{t-1} for h_t in dU": ["dU takes h of the previous step", "dU uses h_{t-1}"],
    "= for +=": ["not summed", "the gradients are not added up"],
    "the loop stops before step 1": ["loop doesn't reach t=1", "missing step 1", "the first step is never reached",
                                    "range(len(do), 1, -1) stops too early", "loop stops too early"],
    "x_{t-1} for x_t in dV": ["x[t-2] instead of x[t-1]", "x of the previous step in dV"],
    "f' forgotten on the way back": ["dh passed back instead of da", "f' forgotten in the message",
                                     "f' missing in the horizontal term", "the derivative of tanh is forgotten when going back"],
    "Jacobians in the wrong order": ["Jacobians multiplied in wrong order", "product in wrong order"],
    "total derivative taken for the immediate one": ["total instead of partial derivative"],
    "transpose missing in the horizontal step": ["transpose is wrong in the horizontal step",
                                                 "W transposed by mistake", "transposed W", "wrong transpose in message",
                                                 "da_next @ W.T should be da_next @ W", "one transpose too many",
                                                 "W should not be transposed"]}.items() for said in phrases])
def test_what_a_mistake_is_called_in_a_students_own_words(name, said):
    assert check.lesson_11.find_name(said) == [name]


@pytest.mark.parametrize(("cure", "words"), [
    (lambda *args: rnn.bptt(*args)._replace(W=2 * rnn.bptt(*args).W), "twice too large"),
    (lambda *args: None, "Return gradients with"), (lambda *args: 1 / 0, "ZeroDivisionError"),
    (lambda *args: rnn.bptt(*args)._replace(W=np.full((6, 6), np.nan)), "NaN"),
    (lambda *args: rnn.bptt(*args)._replace(W=np.zeros((2, 2))), "shape"),
    (lambda *args: rnn.bptt(*args)._replace(W=1.01 * rnn.bptt(*args).W), "a way that is not known")])
def test_a_cure_that_cannot_be_judged_is_told_why(cure, words):
    verdict = check.q11_1(cure)
    assert verdict.status == "wrong"
    assert words in verdict.message


def test_a_cure_of_one_line_of_three_is_still_the_same_mistake():
    half = BY_NAME["= for +="].source.replace("dU = ", "dU += ")
    assert "same mistake, in V, W, b_h and b_y" in check.q11_3(build(half)).message


@pytest.mark.parametrize("number", NUMBERS)
def test_a_patient_shows_symptoms_and_code_and_not_its_name(number):
    mistake = BY_NAME[PATIENTS[number - 1]]
    patient = check.patient(number)
    for text in (repr(patient), patient._repr_html_()):
        assert mistake.name not in text
        assert mistake.question not in text
        assert "wrong: " in text
    assert mistake.source in repr(patient)
    assert patient.symptoms.hint() == "No further hint: this mistake is not a known one."


@pytest.mark.parametrize("number", [0, 11, -1, "1", None])
def test_there_is_no_other_patient(number):
    with pytest.raises(ValueError, match="patients 1 to 10"):
        check.patient(number)


def test_the_hints_of_a_patient_end_with_the_line():
    hints = [check.q11_9.hint().message for _ in range(4)]
    assert len(set(hints)) == 4
    assert "range(t, k, -1)" in hints[-1]


def test_the_list_has_every_name_with_its_number():
    said = check.mistake_list()
    assert all(re.search(rf"(^|\s){i}  {re.escape(title(name))}($|\s)", said, re.MULTILINE) for i, name in enumerate(NAMES, 1))
    assert max(map(len, said.splitlines())) < 110


def test_a_notebook_shows_the_list_with_the_wrong_lines_to_open():
    shown = check.mistake_list()._repr_html_()
    assert shown.count("<details>") == len(MISTAKES) == 37
    opened = re.findall("<summary>(.*?)</summary><pre.*?>(.*?)</pre>", shown, re.DOTALL)
    assert [html.unescape(name) for name, _ in opened] == [*map(title, NAMES)]
    assert [int(start) for start in re.findall("<ol start='(.*?)'", shown)] == [NAMES.index(name) + 1 for name in GROUPS]
    for mistake, (_, code) in zip(MISTAKES, opened, strict=True):
        assert html.unescape(code).splitlines() == [line for line, _ in mistake.slips if line]
        assert all(line in mistake.source for line in html.unescape(code).splitlines())
    assert repr(check.mistake_list()) == check.mistake_list()


def test_the_first_patient_has_the_symptoms_that_the_lesson_tells():
    names = ran(read(PATHS[11]), "11-01", "11-30")
    found = rnn.diagnose(names["sick"])
    assert sorted(found.wrong) == sorted(Five._fields)
    assert _wrong_at_one(names["sick"])
    assert (found.weights[4] == 0).all()
    assert (found.weights[:4][np.isfinite(found.weights[:4])] == 1).all()


def test_the_audits_of_the_vote_tell_the_range_from_do():
    weights = {name: rnn.diagnose(BY_NAME[name].backward).weights for name in
               ("the loop leaves out step T", "the loop stops before step 1", "sign flipped", "softmax differentiated twice")}
    lower = np.tril_indices(5)
    row, column, signs, twice = weights.values()
    assert np.array_equal(row[lower], 1.0 * (lower[0] != 4))
    assert np.array_equal(column[lower], 1.0 * (lower[1] != 0))
    assert len(signs[lower]) == 15
    assert np.array_equal(signs[lower], -np.ones(15))
    assert twice is None


def test_the_symptoms_of_the_second_and_the_third_patient_are_as_the_lesson_says():
    first, second, third = (check.patient(number).symptoms for number in (1, 2, 3))
    lower = np.tril_indices(5)
    assert np.array_equal(third.weights[lower], 1.0 * (lower[1] == 0))
    assert first.weights is not None
    assert second.weights is None
    assert first.wrong == second.wrong


@pytest.mark.parametrize("number", NUMBERS)
def test_a_patient_without_a_triangle_says_why(number):
    patient = check.patient(number)
    right = "W" in patient.symptoms.right
    why = "dW is right: no triangle needed." if right else "dW is no sum of whole terms C[t,k]: no triangle."
    for text in (repr(patient), patient._repr_html_()):
        assert ("is in its dW" in text) != (why in text)


@pytest.mark.parametrize("said", ["the horizontal term was dropped", "The horizontal term is dropped",
"horizontal term has been dropped"])
def test_a_name_may_be_given_as_a_sentence(said):
    assert find_name(said) == ["horizontal term dropped"]


def test_words_that_fit_most_of_the_list_are_not_answered_with_the_list():
    assert "names of the list: say more" in check.q11_1("f'").message


@pytest.mark.parametrize(("words", "name"), [
    ("order of Jacobians", "Jacobians in the wrong order"), ("h[t] for h[t-1]", "h_t for h_{t-1} in dW")])
def test_words_in_another_order_and_indices_in_brackets_are_understood(words, name):
    assert find_name(words) == [name]


@pytest.mark.parametrize("answer", [1, 1.0, "1", " 1 ", "1.", "#1", "no. 1", "number 1", "Number 1", f"1: {NAMES[0]}"])
def test_a_number_of_the_list_may_be_written_in_many_ways(answer):
    assert find_name(answer if isinstance(answer, str) else int(answer)) == [NAMES[0]]
    assert check.q11_1(answer).status != "not understood"


@pytest.mark.parametrize("answer", [5, "5", "#5", "5.", "number 5", f"5  {NAMES[4]}", NAMES[4]])
def test_a_wrong_number_is_wrong_in_every_way_that_it_is_written(answer):
    verdict = check.q11_1(answer)
    assert verdict.status == "wrong"
    assert verdict.message.startswith(f"not «{NAMES[4]}»: ")


@pytest.mark.parametrize(("said", "name"), [
    ("message dropped", "horizontal term dropped"), ("from_next missing", "horizontal term dropped"),
    ("message never reset", "the message is never reset"),
    ("no horizontal", "horizontal term dropped"), ("horizontal missing", "horizontal term dropped"),
    ("missing horizontal term", "horizontal term dropped"), ("+= missing", "= for +="), ("missing +", "= for +="),
    ("recurrent term missing", "horizontal term dropped"), ("the part from the next step is missing", "horizontal term dropped"),
    ("W^T da_{t+1} missing", "horizontal term dropped"), ("the message from t+1 is not added", "horizontal term dropped"),
    ("forgot W.T da", "horizontal term dropped"), ("forgot W.T @ da_next", "horizontal term dropped"),
    ("W should be W.T", "transpose missing in the horizontal step"),
    ("W instead of W.T", "transpose missing in the horizontal step"),
    ("W' da forgotten", "horizontal term dropped"),
    ("overwritten", "= for +="), ("overwritten sums", "= for +="), ("sums overwritten", "= for +="),
    ("each step overwrites the one before", "= for +="), ("no accumulation", "= for +="),
    ("overwritten forward", "sums overwritten on the way forward"),
    ("assignment instead of addition", "= for +="), ("W.T instead of W", "transpose missing in the horizontal step")])
def test_the_words_of_the_lessons_name_a_mistake(said, name):
    assert find_name(said) == [name]
