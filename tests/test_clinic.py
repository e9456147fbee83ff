"""The clinic knows its mistakes by name, never gives a false one, and audits every term."""
import re
from collections import Counter

import numpy as np
import pytest
from exercises import cell
from networks import assert_close, make_case

import rnn_lib as rnn
from rnn_lib.clinic import DEFINITION, MISTAKES, RECURSION, Five, audit, build, diagnose, recognise
from rnn_lib.clinic.mistakes import both

BY_NAME = {mistake.name: mistake for mistake in MISTAKES}
T = 5


def patient(seed, f=rnn.tanh):
    case = make_case(T=T, B=None, D=3, H=6, K=4, f=f, seed=seed)
    run = case.forward()
    return case.params, run, case.loss(run.o, case.y)[1]


def five(gradients):
    return {name: getattr(gradients, name) for name in Five._fields}


@pytest.mark.parametrize("source", [RECURSION, DEFINITION])
@pytest.mark.parametrize("B", [None, 1, 3])
def test_the_texts_that_mistakes_are_made_from_are_right(source, B):
    case = make_case(B=B)
    run = case.forward()
    do = case.loss(run.o, case.y)[1]
    for name, gradient in five(build(source)(case.params, run, do)).items():
        assert_close(gradient, getattr(rnn.bptt(case.params, run, do), name))


def test_every_mistake_is_recognised_by_its_name_on_random_networks_and_never_taken_for_another(record_property):
    seen, networks = Counter(), 100
    for seed in range(networks):
        params, run, do = patient(seed)
        right = five(rnn.bptt(params, run, do))
        answers = {m.name: five(m.backward(params, run, do)) for m in MISTAKES}
        seen.update((name, recognise(answer, right, answers)) for name, answer in answers.items())
    rows = [f"{name:45} called {'; '.join(said) or 'unknown':45} {times:4}" for (name, said), times in sorted(seen.items())]
    record_property("told", "\n".join([f"the clinic's confusion table, on {networks} random networks", *rows]))
    assert [pair for pair in seen if pair[1] not in ((pair[0],), ())] == []
    assert {name: seen[name, (name,)] for name in BY_NAME if seen[name, (name,)] < 95} == {}


@pytest.mark.parametrize("name", BY_NAME)
def test_diagnose_names_the_mistake_and_helps_in_layers_with_the_line_last(name):
    known = BY_NAME[name]
    found = diagnose(known.backward)
    assert (found.ok, found.status, found.names) == (False, "wrong", (name,))
    assert known.question in repr(found)
    assert not any(line.endswith(known.line) for line in repr(found).split("\n"))
    said = [found.hint() for _ in range(5)]
    assert said == [known.hint, f"The term: {known.term}.", str(found.first), f"The line reads: {known.line}",
                    "That was the last hint."]


def with_einsum(params, run, do):
    W, U = params.W, params.U
    slope, da, later = 1 - run.h[1:] ** 2, np.zeros_like(run.a), np.zeros_like(run.h[0])
    for t in reversed(range(len(do))):
        da[t] = slope[t] * (np.einsum("...k,kh->...h", do[t], U) + later)
        later = np.einsum("...i,ij->...j", da[t], W)
    def over_time(left, right):
        return np.einsum("ti,tj->ij", left, right)
    return Five(over_time(da, run.x), over_time(da, run.h[:-1]), over_time(do, run.h[1:]), da.sum(0), do.sum(0))


def with_loops(params, run, do):
    V, W, U = params[:3]
    g = Five(*(np.zeros_like(p) for p in params))
    H, K, da_next = len(W), len(U), np.zeros(len(W))
    for t in range(len(do), 0, -1):
        da = np.zeros(H)
        for i in range(H):
            dh = sum(U[k, i] * do[t - 1, k] for k in range(K)) + sum(W[j, i] * da_next[j] for j in range(H))
            da[i] = (1 - run.h[t, i] ** 2) * dh
            g.b_h[i] += da[i]
            for j in range(H):
                g.W[i, j] += da[i] * run.h[t - 1, j]
            for j in range(V.shape[1]):
                g.V[i, j] += da[i] * run.x[t - 1, j]
        for k in range(K):
            g.b_y[k] += do[t - 1, k]
            g.U[k] += do[t - 1, k] * run.h[t]
        da_next = da
    return g


def as_a_batch_of_one(params, run, do):
    run = rnn.forward(params, run.x[:, None], run.h[0][None])
    return Five(*rnn.bptt(params, run, do[:, None])[:5])


def in_float32(params, run, do):
    params = type(params)(*(p.astype(np.float32) for p in params))
    run = rnn.forward(params, run.x.astype(np.float32), run.h[0].astype(np.float32))
    return rnn.bptt(params, run, do.astype(np.float32))


RIGHT = [rnn.bptt, rnn.bptt_by_definition, rnn.rtrl, with_einsum, with_loops, as_a_batch_of_one, in_float32]


@pytest.mark.parametrize("backward", RIGHT)
@pytest.mark.parametrize("seed", range(5))
def test_a_right_answer_written_differently_is_right(backward, seed):
    found = diagnose(backward, seed)
    assert (found.ok, found.names, found.wrong) == (True, (), ())
    assert "all gradients agree" in repr(found)


def spoilt(**changes):
    """bptt with some gradients replaced: name -> change of the right one."""
    def backward(params, run, do):
        gradients = rnn.bptt(params, run, do)
        return gradients._replace(**{name: change(getattr(gradients, name)) for name, change in changes.items()})
    return backward


UNKNOWN = {
    "a percent too large": spoilt(W=lambda g: g * 1.01),
    "off in the seventh digit": spoilt(V=lambda g: g + 1e-7 * np.abs(g).max()),
    "zeros": spoilt(W=np.zeros_like, V=np.zeros_like, U=np.zeros_like, b_h=np.zeros_like, b_y=np.zeros_like),
    "reversed": spoilt(b_h=lambda g: g[::-1].copy()),
    "only h_0": spoilt(h_0=lambda g: 2 * g),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_wrong_answer_is_wrong_and_gets_no_name(name):
    found = diagnose(UNKNOWN[name])
    assert (found.status, found.names) == ("wrong", ())
    assert any(word in found.message.lower() for word in ("look", "start", "is there"))


def test_two_mistakes_at_once_are_both_named():
    def backward(*args):
        return BY_NAME["horizontal term dropped"].backward(*args)._replace(U=BY_NAME["h_{t-1} for h_t in dU"].backward(*args).U)
    found = diagnose(backward)
    assert found.names == ("horizontal term dropped", "h_{t-1} for h_t in dU")
    assert (found.right, found.wrong) == (("b_y",), ("V", "W", "U", "b_h"))


@pytest.mark.parametrize("names", [
    ("transpose missing in the horizontal step", "only the last loss"), ("do of the step before", "f' applied twice"),
    ("transpose missing in the horizontal step", "f' of the step before"), ("horizontal term doubled", "f for f'")])
def test_two_mistakes_in_the_same_gradients_are_both_named(names):
    assert diagnose(both(*(BY_NAME[name] for name in names))).names == names


def test_two_edits_of_the_same_place_cannot_both_be_made():
    assert both(BY_NAME["f' forgotten"], BY_NAME["f for f'"]) is None
    assert both(BY_NAME["f' forgotten"], BY_NAME["Jacobians in the wrong order"]) is None


def test_an_answer_that_a_mistake_explains_only_in_part_gets_no_name():
    def backward(*args):
        return BY_NAME["horizontal term dropped"].backward(*args)._replace(U=1.1 * rnn.bptt(*args).U)
    assert diagnose(backward).names == ()


def test_the_closest_of_two_mistakes_is_named():
    """Without the term of step 1, dW is that of "the loop stops before step 1" too; but V and the biases are right."""
    found = diagnose(lambda *args: rnn.bptt(*args)._replace(W=BY_NAME["the loop stops before step 1"].backward(*args).W))
    assert found.names == ("h_0 taken for zero",)


def test_right_for_long_sequences_only_is_wrong():
    def backward(params, run, do):
        if len(do) == 1:
            return rnn.bptt(params, run, 2 * do)
        return rnn.bptt(params, run, do)
    found = diagnose(backward)
    assert not found.ok
    assert "right for T = 5: what is different at T = 1" in found.message


def writes_into_its_arguments(params, run, do):
    do -= 1
    params.W[:] -= 0.1
    return rnn.bptt(params, run, do)


@pytest.mark.parametrize(("backward", "status", "words"), [
    (lambda *args: None, "wrong", "your function returned nothing: is the return missing?"),
    (spoilt(V=np.transpose), "wrong", "the gradient of V must have its shape, (6, 3), got (3, 6)"),
    (spoilt(U=lambda g: np.full_like(g, np.nan)), "wrong", "the gradient of U holds NaN"),
    (spoilt(W=lambda g: g * 1j), "wrong", "the gradient of W must hold real floating-point numbers, got complex128"),
    (writes_into_its_arguments, "wrong", "your function changed W, do in place"),
    (lambda *args: 1 / 0, "wrong", "your function stopped with ZeroDivisionError"),
    (lambda: None, "wrong", "your function stopped with TypeError"),
    ("bptt", "wrong", "expected a function of (params, run, do), got str")])
def test_an_answer_that_cannot_be_compared_is_told_why(backward, status, words):
    found = diagnose(backward)
    assert (found.ok, found.status, found.names) == (False, status, ())
    assert words in repr(found)
    assert words.replace("<", "&lt;") in found._repr_html_().replace("&#x27;", "'")


def test_a_blank_is_not_attempted_yet():
    def blank(params, run, do):
        raise NotImplementedError
    found = diagnose(blank)
    assert (found.ok, found.status) == (False, "not attempted")


def test_what_a_function_says_is_escaped():
    def rude(*args):
        raise ValueError("<script>")
    assert "&lt;script&gt;" in diagnose(rude)._repr_html_()
    assert "<script>" not in diagnose(rude)._repr_html_()


WEIGHTS = [np.ones((T, T)), np.eye(T), np.arange(T * T).reshape(T, T) % 3 - 1.0, np.full((T, T), -1.0),
           np.linspace(-2, 2, T * T).reshape(T, T)]


@pytest.mark.parametrize("planted", WEIGHTS)
@pytest.mark.parametrize("name", ["W", "V", "b_h"])
def test_the_audit_recovers_planted_weights_or_says_nothing(planted, name):
    params, run, do = patient(seed=1)
    terms = np.tril_indices(T)
    matrix = np.einsum("tk,tk...->...", np.tril(planted), rnn.contributions(params, run, do, name))
    weights = audit(params, run, do, name, matrix)
    if name != "b_h":
        np.testing.assert_allclose(weights[terms], planted[terms], atol=1e-5)
        assert np.isnan(weights[np.triu_indices(T, 1)]).all()
    else:                                    # 15 terms in 6 numbers cannot be told apart
        assert weights is None


@pytest.mark.parametrize("seed", range(10))
def test_the_audit_of_the_right_gradient_is_all_ones(seed):
    params, run, do = patient(seed)
    np.testing.assert_array_equal(audit(params, run, do, "W", rnn.bptt(params, run, do).W)[np.tril_indices(T)], 1)


@pytest.mark.parametrize("name", ["transpose missing in the horizontal step", "f' forgotten", "h_t for h_{t-1} in dW",
                                  "dW transposed"])
def test_the_audit_is_silent_when_the_matrix_is_no_sum_of_contributions(name):
    params, run, do = patient(seed=2)
    assert audit(params, run, do, "W", BY_NAME[name].backward(params, run, do).W) is None
    assert diagnose(BY_NAME[name].backward).weights is None


def test_the_audit_shows_what_was_dropped_as_text_and_as_a_table():
    found = diagnose(BY_NAME["horizontal term dropped"].backward)
    assert "t=3          0        0        1\n" in repr(found)
    assert found._repr_html_().count("<td>") == 1 + 25


def test_the_table_of_terms_has_a_row_for_each_loss_and_a_sign_at_what_is_not_counted_once():
    weights = np.array([[1, np.nan, np.nan], [0, 1, np.nan], [1, 2 / 3, 1]])
    found = diagnose(BY_NAME["horizontal term dropped"].backward)._replace(weights=weights)
    rows = re.sub(' style="[^"]*"', "", found._repr_html_()).partition("<table>")[2]
    assert rows.startswith("<tr><td></td><th>k = 1</th><th>k = 2</th><th>k = 3</th></tr>"
                           "<tr><th>t = 1</th><td>1</td><td></td><td></td></tr>"
                           "<tr><th>t = 2</th><td><b>✗ 0</b></td><td>1</td><td></td></tr>"
                           "<tr><th>t = 3</th><td>1</td><td><b>✗ 0.6667</b></td><td>1</td></tr></table>")
    assert repr(found).splitlines()[-4:] == ["           k=1      k=2      k=3", "t=1          1", "t=2          0        1",
                                             "t=3          1   0.6667        1"]
    spared = found._replace(wrong=("U",))
    assert "<table>" not in spared._repr_html_()
    assert "k=1" not in repr(spared)


def test_an_edit_that_does_not_apply_is_refused():
    from rnn_lib.clinic.mistakes import mistake
    with pytest.raises(ValueError, match="'no such line' does not stand in the text"):
        mistake("a typo", "?", [("no such line", "")], "?", "?")


@pytest.mark.parametrize(("backward", "words"), [
    (spoilt(W=lambda g: g[::-1], V=lambda g: g[::-1]), "b_h is right, so da is hardly wrong: look at what"),
    (spoilt(V=lambda g: 3 * g), "only V is wrong. If W and b_h are made of the same da, it is right"),
    (spoilt(V=lambda g: 3 * g), "What is wrong is 3 times what"),
    (spoilt(**dict.fromkeys(Five._fields, lambda g: .01 * g)), "0.01 times what it should be: is there a mean, a learning rate"),
    (spoilt(W=lambda g: g + np.nan), "the gradient of W holds NaN"),
    (spoilt(W=lambda g: g + np.inf), "the gradient of W holds an infinity"),
    (spoilt(W=lambda g: (2 * g).astype(np.longdouble)), "What is wrong is twice too large"),
])
def test_an_unknown_mistake_is_told_where_to_look(backward, words):
    assert words in diagnose(backward).message


# how far a verdict reaches

def step_by_step(params, run, do, at_end=lambda g: g, before_step=lambda do, message: message, kept=None, steps=None):
    """A pass for one sequence and tanh, with a place at which its step or its end can be spoilt."""
    g = kept or Five(*(np.zeros_like(p) for p in params))
    message = np.zeros(len(params.W))
    for t in steps or range(len(do), 0, -1):
        message = before_step(do[t - 1], message)
        da = (1 - run.h[t] ** 2) * (params.U.T @ do[t - 1] + message)
        for total, term in zip(g, (np.outer(da, run.x[t - 1]), np.outer(da, run.h[t - 1]), np.outer(do[t - 1], run.h[t]), da,
                                   do[t - 1]), strict=True):
            total += term
        message = params.W.T @ da
    return Five(*map(at_end, g))


def with_da_in_rows_of_H(params, run, do):
    rows = np.zeros((len(params.W), len(params.W)))
    rows[: len(do)] = rnn.bptt(params, run, do).x @ np.linalg.pinv(params.V)
    return rnn.bptt(params, run, do)


def window_of_8(params, run, do):
    parts = []
    for start in range(0, len(do), 8):
        now = slice(start, start + 8)
        part = rnn.Forward(run.x[now], run.a[now], run.h[start:start + 9], run.o[now], run.f)
        parts.append(rnn.bptt(params, part, do[now]))
    return Five(*(sum(getattr(g, name) for g in parts) for name in Five._fields))


@pytest.mark.parametrize(("backward", "words"), [
    (lambda *args: step_by_step(*args, before_step=lambda do, m: m * do.any()), "steps 3 and 6 have no loss"),
    (lambda *args: step_by_step(*args, at_end=lambda g: np.clip(g, -10, 10)), "clipped at 10: look for np.clip"),
    (with_da_in_rows_of_H, "what is different at T = 12, more steps than units"),
    (window_of_8, "no path leads from one window of 8 steps into the one before")])
def test_what_three_short_networks_do_not_show_is_seen(backward, words):
    found = diagnose(backward)
    assert (found.status, found.names) == ("wrong", ())
    assert words in found.message
    assert "It is right for T = 5: what is different" in found.message


def with_outer_and_zeros(params, run, do):
    dU = np.zeros_like(params.U)
    for t in range(len(do)):
        dU += np.outer(do[t], run.h[t + 1])
    return rnn.bptt(params, run, do)._replace(U=dU)


def with_outer(params, run, do):
    return rnn.bptt(params, run, do)._replace(U=sum(np.outer(do[t], run.h[t + 1]) for t in range(len(do))))


def with_letters(params, run, do):
    return rnn.bptt(params, run, do)._replace(U=np.einsum("tk,th->kh", do, run.h[1:]))


@pytest.mark.parametrize(("backward", "words"), [
    (with_outer_and_zeros, "dU += np.outer(do[t], run.h[t + 1]) (np.outer makes one row of a batch: outer of rnn_lib.clinic"),
    (with_outer, "got (6, 15) (np.outer makes one row of a batch"),
    (with_letters, "(in einsum, ... stands for the axis of the batch")])
def test_what_stops_a_right_pass_at_a_batch_is_told_by_its_line(backward, words):
    found = diagnose(backward)
    assert found.ok
    assert words in found.message


def test_a_pass_in_float32_that_makes_a_mistake_besides_is_judged_as_one_in_float32():
    def coarse(gradients):
        return Five(*(g.astype(np.float32).astype(float) for g in gradients))
    found = diagnose(lambda *args: coarse(BY_NAME["f' of the step before"].backward(*args)))
    assert (found.names, found.wrong) == (("f' of the step before",), ("V", "W", "b_h"))
    assert "The rest is right to six digits: is there float32 inside?" in found.message


def test_a_function_that_keeps_state_is_told_so_and_so_is_one_that_draws_random_numbers():
    kept = {}
    def keeps(params, run, do):
        return step_by_step(params, run, do, kept=kept.setdefault(params.V.shape, Five(*map(np.zeros_like, params))))
    rng = np.random.default_rng(0)
    for backward in (keeps, spoilt(V=lambda g: g + rng.standard_normal(g.shape))):
        found = diagnose(backward)
        assert (found.status, found.names) == ("wrong", ())
        assert "a second call with the same arguments gives other gradients" in found.message


def test_right_says_for_what():
    found = diagnose(step_by_step)
    assert found.ok
    for words in ("T = 5, 3, 1", "T = 12", "one sequence, f = tanh", "at a second call", "Not so for a batch",
                  "step_by_step:  da = ", "Not so for f = relu: V, W, b_h would be wrong (1 - h_t^2 is the slope of tanh"):
        assert words in found.message
    assert "It is right for a batch (T, B, D) and for f = relu as well." in diagnose(rnn.bptt).message
    forgets_the_batch = diagnose(lambda *args: rnn.bptt(*args)._replace(b_y=args[2].sum(0)))
    assert forgets_the_batch.ok
    assert "got (3, 2): one for each step, or each sequence: is a sum missing?" in forgets_the_batch.message


@pytest.mark.parametrize(("backward", "words"), [
    (spoilt(**dict.fromkeys(Five._fields, lambda g: g / 5)), "Every gradient is 0.2 times what it should be"),
    (spoilt(**dict.fromkeys(Five._fields, lambda g: -3e-4 * g)), "Every gradient is -0.0003 times"),
    (lambda params, run, do: Five(*(g / len(params.U) for g in rnn.bptt(params, run, do)[:5])), "1/K times"),
    (lambda *args: Five(*(g / np.linalg.norm(rnn.bptt(*args).W) for g in rnn.bptt(*args)[:5])), "look for clipping by norm"),
    (spoilt(**dict.fromkeys(Five._fields, lambda g: np.clip(g, -.5, .5))), "clipped at 0.5"),
    (spoilt(**dict.fromkeys(Five._fields, lambda g: g.astype(np.float16))), "such as float16 inside"),
    (lambda params, run, do: rnn.bptt(params, run, do.astype(np.float32).astype(float)), "such as float32 inside"),
    (lambda p, run, do: (g := rnn.bptt(p, run, do))._replace(W=g.W + .1 * p.W, U=g.U + .1 * p.U), "Look for weight decay"),
    (lambda params, run, do: rnn.bptt(params, rnn.forward(params, run.x), do), "a run that starts at h_0 = 0"),
    (lambda *args: (g := rnn.bptt(*args))._replace(b_h=g.W.sum(1), b_y=g.U.sum(1)), "A bias is multiplied with 1"),
    (lambda params, run, do: rnn.bptt(params, run, do * (1 - do)), "At T = 1, db_y is do_1 itself"),
    (lambda params, run, do: rnn.bptt(params, run._replace(f=rnn.Activation("tan", np.tan, lambda a: 1 + np.tanh(a) ** 2)), do),
     "It is wrong at T = 1 too, where nothing comes from a later step: look at f'(a_t)"),
    (lambda params, run, do: rnn.bptt(params._replace(W=np.diag(np.diag(params.W))), run, do), "It is right at T = 1"),
    (lambda *args: (g := rnn.bptt(*args))._replace(V=g.V - rnn.contributions(*args, "V")[:, 1 % len(args[2])].sum(0)),
     "In dV the term of step 2 is missing"),
    (lambda params, run, do: rnn.bptt(params, run, do)._replace(U=np.outer(do[1 % len(do)], run.h[1:][1 % len(do)])),
     "In dU the terms of steps 1, 3, 4, 5 are missing"),
    (lambda params, run, do: (g := rnn.bptt(params, run, do))._replace(b_h=g.b_h / (len(do) + 1)),
     "What is wrong is divided by T + 1: is there a mean where a sum is due?"),
    (lambda params, run, do: (g := rnn.bptt(params, run, do))._replace(V=0 * g.V, W=0 * g.W, b_h=0 * g.b_h),
     "V, W, b_h: 0 throughout. Is da 0, as it is without U' do_t in (9)? If not, look"),
    (lambda *args: step_by_step(*args, steps=range(len(args[2]), -1, -1)),
     "At T = 1, db_y is do_1 twice: is there a step too many? At t = 0, do[t-1] is do[-1], the last row"),
    (lambda *args: (g := rnn.bptt(*args))._replace(W=g.W - rnn.contributions(*args, "W")[-1, :-1].sum(0)),
     "In dW no path leads over the border from step 5 back to step 4"),
    (lambda *args: rnn.bptt(*args)._replace(W=sum(c for t, row in enumerate(rnn.contributions(*args, "W"))
                                                  for k, c in enumerate(row) if t - k <= 3)),
     "paths longer than 3 steps are missing: C[t,k] with t - k > 3"),
])
def test_a_kind_of_mistake_without_a_name_is_told_in_words(backward, words):
    found = diagnose(backward)
    assert (found.status, found.names) == ("wrong", ())
    assert words in found.message


@pytest.mark.parametrize("change", [
    lambda g, params, run, do: g._replace(V=BY_NAME["da in reverse order"].backward(params, run, do).V),
    lambda g, params, run, do: g._replace(W=BY_NAME["the loop leaves out step T"].backward(params, run, do).W),
    lambda g, params, run, do: g._replace(b_h=g.b_h / 5)])
def test_a_name_that_would_spoil_more_or_fits_one_length_only_is_not_given(change):
    assert diagnose(lambda *args: change(rnn.bptt(*args), *args)).names == ()


@pytest.mark.parametrize(("name", "only"), [("= for +=", "U"), ("mean for sum", "b_h"), ("sign flipped", "V"),
                                            ("f' forgotten in the sums", "b_h")])
def test_a_mistake_that_can_befall_one_sum_alone_is_named_there(name, only):
    found = diagnose(lambda *args: rnn.bptt(*args)._replace(**{only: getattr(BY_NAME[name].backward(*args), only)}))
    assert (found.names, found.wrong) == ((name,), (only,))


# other forms of an answer: one sentence says what is expected

def coursera(params, run, do):
    g = rnn.bptt(params, run, do)
    return {"dWax": g.V, "dWaa": g.W, "dba": g.b_h[:, None], "da0": g.h_0}


def min_char_rnn(params, run, do):
    g = rnn.bptt(params, run, do)
    return -0.5, g.V, g.W, g.U, g.b_h[:, None], g.b_y[:, None], run.h[-1]


def cs231n(params, run, do):
    N, T, D = run.x.shape
    return N, T, D


class Model:
    def __init__(self, *sizes):
        self.sizes = sizes

    def backward(self, params, run, do):
        return rnn.bptt(params, run, do)


def no_word(params, run, do):
    pass


def asserts(params, run, do):
    assert len(do) == 7


@pytest.mark.parametrize(("backward", "words"), [
    (coursera, "yours, of type dict, lacks V, W, U, b_h, b_y. By its shape ['dWax'] is V; ['dWaa'] is W"),
    (min_char_rnn, "yours, of type tuple, lacks V, W, U, b_h, b_y. By its shape [1] is V; [2] is W; [3] is U"),
    (lambda *args: [g.T for g in rnn.bptt(*args)], "[0] is the transpose of V, (6, 3); [1] is W; [2] is the transpose of U"),
    (cs231n, "in line 2 of cs231n:  N, T, D = run.x.shape"),
    (Model(), "expected a function of (params, run, do), got Model: hand in its method, .backward"),
    (Model, "yours, of type Model, lacks V"), (Model.backward, "it is called as f(params, run, do), time first: x (T, D)"),
    (rnn.Gradients(*range(7)), "hand in the function itself, without calling it"),
    (no_word, "your function returned nothing: is the return missing?"),
    (asserts, "in line 2 of asserts:  assert len"),
    (lambda *args: (yield), "returns a generator"), (spoilt(W=lambda g: None), "the gradient of W is None: it was never filled"),
    (spoilt(U=lambda g: g.sum), "the gradient of U is a method: call it"), (spoilt(U=np.transpose), "got (6, 4): the transpose."),
    (lambda *args: (g := rnn.bptt(*args))._replace(V=g.W, W=g.V), "got (6, 6), the shape of W: the order is V, W, U, b_h, b_y"),
    (lambda *args: exit(3), "stopped with exit(), which would end Python"),
    (lambda *args: np.linalg.solve(np.zeros((3, 3)), np.ones(3)), "LinAlgError: Singular matrix, in line 1 of <lambda>")])
def test_another_form_is_told_what_is_expected_in_the_learners_words(backward, words):
    found = diagnose(backward)
    assert (found.status, found.names, found.right, found.wrong) == ("wrong", (), (), ())
    assert words in found.message


def test_the_method_of_a_class_is_a_function_like_any_other():
    assert diagnose(Model().backward).ok


def test_what_a_function_sets_for_all_of_numpy_stays_inside():
    before = np.geterr()
    def stern(*args):
        np.seterr(all="raise")
        return rnn.bptt(*args)
    assert diagnose(stern).ok
    assert np.geterr() == before


LOOP_OF_DA = '''def my_bptt(params, run, do):
    T, H = run.a.shape
    da, message = np.zeros((T, H)), np.zeros(H)
    for t in range(T, 0, -1):
        dh = params.U.T @ do[t-1] + message
        da[t-1] = run.f.slope(run.a[t-1]) * dh
        message = params.W.T @ da[t-1]
    return rnn.Gradients(V=da.T @ run.x, W=da.T @ run.h[:-1], U=do.T @ run.h[1:], b_h=da.sum(0), b_y=do.sum(0), h_0=message,
                         x=da @ params.V)
'''


@pytest.mark.parametrize(("right", "wrong", "name", "said"), [
    ("range(T, 0, -1)", "range(T-1, 0, -1)", "the loop leaves out step T", "the first step that your loop visits"),
    ("range(T, 0, -1)", "range(T, 1, -1)", "the loop stops before step 1", "loop never comes to step 1"),
    ("params.U.T @ do[t-1] +", "(params.U.T @ do[t-1] if t == T else 0) +", "only the last loss", "a loss of their own"),
    ("range(T, 0, -1)", "range(T-1, -1, -1)", None, "The loop begins at step 3. Step 4 must come first: it sends a message"),
    ("params.U.T @ do", "2 * params.U.T @ do", None, "What is wrong is twice too large"),
    ("b_y=do.sum(0)", "b_y=do[-1]", "sums overwritten on the way forward", "Each parameter is used T times")])
def test_a_pass_that_makes_its_sums_after_the_loop_is_told_as_one_that_makes_them_inside(right, wrong, name, said):
    found = rnn.diagnose(cell(LOOP_OF_DA.replace(right, wrong)))
    assert found.names == ((name,) if name else ())
    assert said in found.message
    assert "look at f'(a_t)" not in found.message
