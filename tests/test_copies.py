import numpy as np
import pytest
from hypothesis import assume, given
from networks import assert_close, assert_leaves_its_arguments_alone, cases, few, make_case

from rnn_lib import bptt, central_difference, complex_step, cross_entropy, forward, relu
from rnn_lib.copies import copy_gradients, forward_with_copies


def equal_copies(case):
    return np.stack([case.params.W] * len(case.x))


def loss_of(case):
    return lambda o, y: case.loss(o, y, case.mask)


@few
@given(cases)
def test_equal_copies_change_nothing(case):
    run = forward_with_copies(case.params, equal_copies(case), case.x, case.h_0, case.f)
    for got, expected in zip(run[:4], case.forward()[:4], strict=True):
        assert_close(got, expected, 1e-14)


@few
@given(cases)
def test_the_gradients_of_the_copies_add_up_to_that_of_W(case):
    by_copy = copy_gradients(case.params, case.x, case.y, case.h_0, case.f, loss_of(case))
    run = case.forward()
    expected = bptt(case.params, run, loss_of(case)(run.o, case.y)[1]).W
    assert by_copy.shape == (len(case.x), *case.params.W.shape)
    assert np.abs(by_copy.sum(0) - expected).max() <= 1e-10 * max(1, np.abs(expected).max())


@few
@given(cases)
def test_each_gradient_of_a_copy_is_the_change_per_nudge_of_that_copy_alone(case):
    assume(case.f is not relu)                               # a kink at 0
    def total(copies):
        return loss_of(case)(forward_with_copies(case.params, copies, case.x, case.h_0, case.f).o, case.y)[0].sum()
    close = central_difference(total, equal_copies(case))
    exact = copy_gradients(case.params, case.x, case.y, case.h_0, case.f, loss_of(case))
    np.testing.assert_allclose(exact, close, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
def test_a_copy_changes_its_own_step_and_later_ones_only(k):
    case = make_case(T=5)
    copies = equal_copies(case)
    copies[k - 1] += 0.3
    moved = forward_with_copies(case.params, copies, case.x, case.h_0).h != case.forward().h
    assert [moved[t].any() for t in range(6)] == [t >= k for t in range(6)]


def test_the_W_of_the_parameters_is_not_used():
    case = make_case()
    other = case.params._replace(W=case.params.W + 5)
    assert np.array_equal(forward_with_copies(other, equal_copies(case), case.x, case.h_0).o, case.forward().o)


def test_different_copies_are_used_in_order():
    case = make_case(T=3, B=None)
    V, _, U, b_h, b_y = case.params
    copies = np.random.default_rng(1).standard_normal((3, 4, 4))
    h = case.h_0
    for t in range(3):
        h = np.tanh(V @ case.x[t] + copies[t] @ h + b_h)
    assert_close(forward_with_copies(case.params, copies, case.x, case.h_0).o[2], U @ h + b_y, 1e-14)


def test_a_complex_nudge_of_one_copy_runs_through():
    case = make_case(T=4, B=None)
    copies = equal_copies(case).astype(complex)
    copies[1, 0, 1] += 1e-20j
    o = forward_with_copies(case.params, copies, case.x, case.h_0).o
    by_copy = copy_gradients(case.params, case.x, case.y, case.h_0)
    assert cross_entropy(o, case.y)[0].sum().imag / 1e-20 == pytest.approx(by_copy[1, 0, 1], rel=1e-13)


def test_no_initial_state_means_zeros():
    case = make_case(B=None)
    run = forward_with_copies(case.params, equal_copies(case), case.x)
    assert np.array_equal(run.o, forward(case.params, case.x).o)


def test_float32_in_is_float32_out():
    case = make_case(dtype=np.float32)
    assert {a.dtype for a in forward_with_copies(case.params, equal_copies(case), case.x, case.h_0)[:4]} == {np.dtype(np.float32)}


@pytest.mark.parametrize("B", [None, 2])
def test_arguments_are_left_alone(B):
    case = make_case(B=B)
    assert_leaves_its_arguments_alone(forward_with_copies, case.params, equal_copies(case), case.x, case.h_0)
    before = [a.tobytes() for a in (*case.params, case.x, case.y, case.h_0)]
    copy_gradients(case.params, case.x, case.y, case.h_0)
    assert [a.tobytes() for a in (*case.params, case.x, case.y, case.h_0)] == before


@pytest.mark.parametrize(("copies", "error", "message"), [
    (np.zeros((4, 4, 4)), ValueError, r"copies must be one W for each step, \(T, H, H\) = \(5, 4, 4\), got \(4, 4, 4\)"),
    (np.zeros((4, 4)), ValueError, r"copies must be .* = \(5, 4, 4\), got \(4, 4\)"),
    (np.zeros((5, 4, 4), int), TypeError, "copies must hold floating-point numbers, got int64"),
    (np.full((5, 4, 4), np.nan), ValueError, r"copies must be finite, got nan at \[0, 0, 0\]")])
def test_bad_copies_are_refused(copies, error, message):
    case = make_case()
    with pytest.raises(error, match=message):
        forward_with_copies(case.params, copies, case.x, case.h_0)


def test_bad_inputs_are_refused_as_forward_refuses_them():
    case = make_case()
    for bad in ({"x": case.x[..., :2]}, {"h_0": case.h_0[0]}, {"f": np.tanh}):
        given = {"x": case.x, "h_0": case.h_0, **bad}
        messages = []
        for run in (lambda **g: forward(case.params, **g), lambda **g: forward_with_copies(case.params, equal_copies(case), **g)):
            with pytest.raises((ValueError, TypeError)) as caught:
                run(**given)
            messages.append(str(caught.value))
        assert messages[0] == messages[1]


def test_one_step_has_one_copy_whose_gradient_is_that_of_W():
    case = make_case(T=1, B=None)
    by_W = complex_step(lambda W: case.total_loss(W=W), case.params.W)
    assert_close(copy_gradients(case.params, case.x, case.y, case.h_0)[0], by_W, 1e-13)
