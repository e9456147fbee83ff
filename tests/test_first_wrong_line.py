"""The first line of a backward pass whose numbers are wrong, in the styles and with the mistakes of `faulty`."""
import time
from collections import Counter

import faulty
import numpy as np
import pytest

import rnn_lib as rnn
from rnn_lib.clinic import DEFINITION, MISTAKES, RECURSION, Five, diagnose
from rnn_lib.clinic.diagnosis import _names
from rnn_lib.clinic.first_line import first_wrong_line
from rnn_lib.clinic.form import NAMES
from rnn_lib.clinic.networks import network_to_watch, networks, tried

NETWORK = network_to_watch(0)


def shown(backward):
    """The FirstLine of a pass that is wrong on the network to watch, else on another."""
    for network in (NETWORK, *networks(0)):
        trial = tried(backward, network)
        if trial.off:
            return first_wrong_line(backward, *network[1:], trial.off)[0]
    raise AssertionError("this pass is right")


ALL_STYLES = faulty.STYLES | faulty.GUARDED | faulty.HANDED_IN


@pytest.mark.parametrize("style", ALL_STYLES)
def test_every_style_is_right_before_it_is_edited_and_then_no_line_is_shown(style):
    found = diagnose(faulty.build(ALL_STYLES[style]))
    assert (found.ok, found.line, found.lineno, found.records) == (True, None, None, ())


def test_the_line_shown_is_the_one_that_was_written_down_for_each_edit(record_property):
    told, wrong = Counter(), []
    for edit in faulty.EDITS:
        source, expected = faulty.edited(*edit)
        first = shown(faulty.build(source))
        kind = "silent" if first is None else "right" if first.line in expected else "wrong"
        told[kind] += 1
        wrong += [(edit, first)] if kind == "wrong" else []
        in_another = edit[0] in ("helpers", "cells", "object")                # counted from the def of that function
        assert first is None or source.splitlines()[first.lineno - 1].strip() == first.line or in_another
    record_property("told", f"of {len(faulty.EDITS)} edits the line shown is {dict(told)}")
    assert len(faulty.EDITS) > 100
    assert told["right"] >= .95 * len(faulty.EDITS)
    assert wrong == []


@pytest.mark.parametrize("edit", faulty.GUARDED_EDITS)
def test_where_a_function_hands_on_what_another_makes_the_right_line_is_shown_or_none(edit):
    source, expected = faulty.edited(*edit)
    first = shown(faulty.build(source))
    assert first is None or first.line in expected


@pytest.mark.parametrize("edit", faulty.HANDED_IN_EDITS)
def test_a_slip_in_the_style_of_another_course_is_shown_at_its_line_or_at_none_where_it_cannot_be_told(edit):
    source, expected = faulty.edited(*edit)
    first = shown(faulty.build(source))
    assert (first and first.line) in (expected or [None])


def test_the_clinics_own_mistakes_are_shown_at_a_line_that_was_edited():
    for mistake in MISTAKES:
        first = shown(mistake.backward)
        lines = set(map(str.strip, mistake.source.split("\n")))
        rights = [set(map(str.strip, text.split("\n"))) for text in (RECURSION, DEFINITION)]
        edited = lines - min(rights, key=lambda right: len(right ^ lines))
        assert first.line in edited, (mistake.name, first)


def random_wrong_passes(n, start):
    """(backward, text of the edited line) of n random edits that are wrong and can be compared."""
    seed = start
    while n:
        seed += 1
        _, source, line = faulty.random_edit(seed)
        try:
            backward = faulty.build(source)
        except SyntaxError:
            continue
        with np.errstate(all="ignore"):
            trial = tried(backward, NETWORK)
        if set(trial.off) & set(NAMES):
            n -= 1
            yield backward, line


def test_random_edits_are_shown_at_their_line_or_not_at_all(record_property):
    told = Counter()
    for backward, line in random_wrong_passes(150, 20_000):
        first = shown(backward)
        told["silent" if first is None else "right" if first.line == line else "wrong"] += 1
    record_property("told", f"of 150 random edits the line shown is {dict(told)}")
    assert told["right"] >= .8 * 150
    assert told["wrong"] <= .05 * 150


@pytest.mark.parametrize("start", range(40_000, 45_000, 1_000))
def test_500_random_wrong_passes_get_no_false_name(start):
    """A name is given where the pass makes that mistake on a network that it was not judged by, in all gradients."""
    known, fresh, named = {m.name: m for m in MISTAKES}, networks(77)[1], 0
    for backward, line in random_wrong_passes(100, start):
        trials = [trial for trial in (tried(backward, network) for network in networks(0)) if not trial.problem]
        for name in _names(trials):
            named += 1
            with np.errstate(all="ignore"):
                mine, theirs = backward(*fresh[1:]), known[name].backward(*fresh[1:])
            right = rnn.bptt(*fresh[1:])
            same = [n for n in NAMES if np.allclose(getattr(mine, n), getattr(theirs, n), rtol=1e-8, atol=1e-12)]
            spoilt = [n for n in NAMES if not np.allclose(getattr(theirs, n), getattr(right, n), rtol=1e-8, atol=1e-12)]
            assert set(spoilt) & set(same), (name, line)
            assert known[name].each or set(spoilt) <= set(same), (name, line)
    assert named > 4


@pytest.mark.parametrize(("right", "wrong", "lineno", "step", "found", "due"), [
    (" + back\n", "\n", 7, 3, "equals U' do_3: the message from step 4 is not in it", "dh_3 = U' do_3 + W' da_4"),
    ("W.T @ d", "W @ d", 14, 4, "equals W da_4: the transpose is missing", "W' da_4, the message to step 3"),
    ("+ back", "- back", 7, 3, "equals U' do_3 - W' da_4", "dh_3 = U' do_3 + W' da_4"),
    ("(1 - run.h[t] ** 2) * g", "(1 + run.h[t] ** 2) * g", 8, 4, "has 1 + h_4^2 where 1 - h_4^2 is due", "da_4 = f'(a_4) * dh_4"),
    ("(1 - run.h[t] ** 2) * g", "run.h[t] * (1 - run.h[t]) * g", 8, 4, "has h_4 (1 - h_4), the slope of the logistic", "da_4 = "),
    ("gW += np", "gW += 3 * np", 11, 4, "is 3 times that", "da_4 h_3', added to what dW was"),
    ("gU += np", "gU = np", 9, 3, "is that alone: what the sum was before is gone", "do_3 h_3', added to what dU was"),
    ("range(T, 0, -1)", "range(T, 1, -1)", 6, None, "in a run of 4 steps the loop never comes to step 1", ""),
    ("gV, gW, gU, gbh, gby = (np.zeros", "gV, gW, gU, gbh, gby = (np.ones", 4, None, "the sum dU does not start from 0", ""),
    ("Five(gV,", "Five(2 * gV,", 15, None, "what it is made of is right, and what it returns is not: V", "")])
def test_what_was_found_and_what_was_due_is_said_with_the_step(right, wrong, lineno, step, found, due):
    source = faulty.LOOP.replace(right, wrong)
    first = diagnose(faulty.build(source)).first
    assert (first.lineno, first.step, first.line) == (lineno, step, source.splitlines()[lineno - 1].strip())
    assert first.found.startswith(found)
    assert first.due.startswith(due)


@pytest.mark.parametrize(("style", "right", "wrong", "found"), [
    ("loop", "gW += np.outer(d, run.h[t - 1])", "gW += np.outer(d, run.h[t])", "equals da_4 h_4'"),
    ("loop", "gV += np.outer(d, run.x[t - 1])", "gV += np.outer(g, run.x[t - 2])", "equals dh_4 x_3'"),
    ("loop", "gbh += d\n", "gbh += g\n", "equals dh_4"),
    ("loop", "back = W.T @ d", "back = W.T @ g", "equals W' dh_4: f' is not in it"),
    ("loop", "back = W.T @ d", "back += W.T @ d", "is that, added to what was there before: = is due, not +="),
    ("loop", "do[t - 1] + back", "do[t - 2] + back", "equals U' do_3 + W' da_5"),
    ("loop", "1 - run.h[t] ** 2", "1 - np.tanh(run.h[t]) ** 2", "has f'(h_4) where f'(a_4) is due"),
    ("course", "+ da @ W", "+ da", "equals U' do_3 + da_4: W' is missing"),
    ("course", "run.f.slope(run.a[t-1])", "(1 - run.a[t-1] ** 2)", "has 1 - a_4^2 where 1 - h_4^2 is due"),
    ("two lines", "dh[t] += da[t + 1]", "dh[t] += dh[t + 1]", "equals U' do_3 + W' dh_4: f' is not in it"),
    ("arrays", "slope[i] * (up[i] + da[i + 1] @ W)", "slope[i] * up[i] + da[i + 1] @ W",
     "equals f'(a_3) * U' do_3 + W' da_4: f' is due on both"),
    ("arrays", "da.T @ h[:-1]", "da.T @ h[1:]", "equals the sum over all t of da_t h_t'"),
    ("lists", "    das = das[::-1]\n", "", "equals the sum over all t of da_t h_{t-1}', with one of the two in reverse order"),
    ("double", "np.outer(delta, run.h[k - 1])", "np.outer(delta, run.h[t - 1])", "equals dL_2/da_1 h_1'"),
    ("double", "range(t, 0, -1)", "range(t, 1, -1)",
     "in a run of 4 steps the loop never comes to (t, k) = (1, 1), (2, 1), (3, 1) and so on"),
    ("double", "range(t, 0, -1)", "range(t, max(0, t - 3), -1)", "in a run of 4 steps the loop never comes to (t, k) = (4, 1)"),
    ("while", "t = t - 1", "t = t - 2", "in a run of 4 steps the loop never comes to steps 1 and 3")])
def test_what_was_found_is_told_in_the_letters_of_the_lesson(style, right, wrong, found):
    first = shown(faulty.build(ALL_STYLES[style].replace(right, wrong)))
    assert first.found == found
    assert str(first).endswith(f"{found[3:]}.")


def test_the_line_is_in_what_is_printed_in_the_page_and_in_the_hints():
    found = diagnose(faulty.build(faulty.LOOP.replace("W.T @ d", "W.T @ g")))
    assert (found.lineno, found.line) == (14, "back = W.T @ g")
    assert "line 14:  back = W.T @ g" in repr(found)
    assert "line 14:  back = W.T @ g" in found._repr_html_()
    hints = [found.hint() for _ in range(5)]
    assert "line 14:  back = W.T @ g" in hints[2]
    assert hints[-1] == "That was the last hint."


def test_the_records_say_what_each_line_made_and_whether_it_was_right():
    found = diagnose(faulty.build(faulty.LOOP.replace("W.T @ d", "W @ d")))
    assert {record.name for record in found.records} >= {"dh_4", "da_4", "W' da_4"}
    assert next(record for record in found.records if not record.right) == (14, 4, "W' da_4", False, True)
    assert all(record.right for record in found.records if record.lineno == 9)
    assert [record.step for record in found.records if record.lineno == 14] == [4, 3, 2, 1]


def test_where_it_cannot_be_told_no_line_is_shown():
    def by_another(params, run, do):
        return rnn.bptt(params, run, do)._replace(W=np.sin(rnn.bptt(params, run, do).W), h_0=0 * run.h[0])
    found = diagnose(lambda *args: rnn.bptt(*args)._replace(h_0=0 * args[1].h[0]))
    assert (found.status, found.line, found.lineno, found.first) == ("wrong", None, None, None)
    assert diagnose(by_another).status == "wrong"


def test_a_line_that_writes_into_an_argument_is_shown():
    def careless(params, run, do):
        up = do
        up[-1] += 0.5
        return rnn.bptt(params, run, do)
    assert "changed do in place, in line 3 of careless:  up[-1] += 0.5" in diagnose(careless).message


def test_what_a_pass_prints_is_shown_once_and_another_trace_goes_on(capsys):
    import sys
    calls = []
    def wrong(params, run, do):
        print("here")
        return Five(*(2 * g for g in rnn.bptt(params, run, do)[:5]))
    def other(frame, event, value):
        calls.append(event)
    before = sys.gettrace()
    sys.settrace(other)
    try:
        diagnose(wrong)
        assert sys.gettrace() is other
    finally:
        sys.settrace(before)
    assert capsys.readouterr().out == "here\n"


def test_a_diagnosis_takes_a_third_of_a_second_and_one_with_a_line_a_second():
    right, wrong = faulty.build(faulty.LOOP), faulty.build(faulty.LOOP.replace("W.T @ d", "W @ d"))
    entry_by_entry = faulty.build(faulty.ENTRIES.replace("d[i] + back[i]", "d[i] - back[i]"))
    def seconds(backward):
        start = time.process_time()
        diagnose(backward)
        return time.process_time() - start
    assert min(seconds(right) for _ in range(3)) < .3
    assert min(seconds(wrong) for _ in range(3)) < 1
    assert min(seconds(entry_by_entry) for _ in range(3)) < 1
