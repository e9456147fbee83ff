import math

import numpy as np
import pytest
from hypothesis import assume, given
from networks import CLOSE, EXACT, assert_close, assert_leaves_its_arguments_alone, cases, few, make_case

import rnn_lib as rnn
from rnn_lib import Gradients, Parameters, bptt, central_difference, complex_step, forward, squared_error


def gradients_of(case):
    run = case.forward()
    return bptt(case.params, run, case.loss(run.o, case.y, case.mask)[1])


def value_of(case, name):
    return getattr(case.params if name in Parameters._fields else case, name)


@few
@given(cases)
def test_every_gradient_matches_the_complex_step(case):
    gradients = gradients_of(case)
    for name in Gradients._fields:
        exact = complex_step(lambda v, name=name: case.total_loss(**{name: v}), value_of(case, name))
        assert_close(getattr(gradients, name), exact, EXACT)


@few
@given(cases)
def test_every_gradient_matches_central_differences(case):
    assume(case.f is not rnn.relu or np.abs(case.forward().a).min() > 1e-3)      # relu has a kink at 0
    gradients = gradients_of(case)
    for name in Gradients._fields:
        close = central_difference(lambda v, name=name: case.total_loss(**{name: v}), value_of(case, name))
        np.testing.assert_allclose(getattr(gradients, name), close, rtol=CLOSE, atol=1e-7)


@pytest.mark.parametrize("loss", [rnn.cross_entropy, squared_error])
@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu, rnn.identity])
@pytest.mark.parametrize(("T", "B", "D", "H", "K"), [
    (1, 1, 1, 1, 2), (1, None, 1, 1, 2), (6, 1, 1, 1, 2), (1, 3, 2, 5, 2), (9, 2, 3, 4, 5)])
def test_every_gradient_matches_the_complex_step_at_the_corners(T, B, D, H, K, f, loss):
    case = make_case(T, B, D, H, K, f, loss, seed=1)
    gradients = gradients_of(case)
    for name in Gradients._fields:
        exact = complex_step(lambda v, name=name: case.total_loss(**{name: v}), value_of(case, name))
        assert_close(getattr(gradients, name), exact, EXACT)


@few
@given(cases)
def test_every_gradient_is_shaped_like_what_it_belongs_to(case):
    gradients = gradients_of(case)
    assert all(getattr(gradients, name).shape == value_of(case, name).shape for name in Gradients._fields)


def test_one_linear_step_in_closed_form():
    case = make_case(T=1, B=None, f=rnn.identity, loss=squared_error)
    V, W, U, b_h, b_y = case.params
    x, h_0, y = case.x[0], case.h_0, case.y[0]
    h = V @ x + W @ h_0 + b_h
    do = U @ h + b_y - y
    dh = U.T @ do
    expected = Gradients(np.outer(dh, x), np.outer(dh, h_0), np.outer(do, h), dh, do, W.T @ dh, (V.T @ dh)[None])
    for got, closed in zip(gradients_of(case), expected, strict=True):
        assert_close(got, closed, 1e-14)


def test_two_linear_steps_in_closed_form():
    case = make_case(T=2, B=None, f=rnn.identity, loss=squared_error)
    V, W, U, b_h, b_y = case.params
    (x_1, x_2), h_0, (y_1, y_2) = case.x, case.h_0, case.y
    h_1 = V @ x_1 + W @ h_0 + b_h
    h_2 = V @ x_2 + W @ (V @ x_1 + W @ h_0 + b_h) + b_h
    do_1, do_2 = U @ h_1 + b_y - y_1, U @ h_2 + b_y - y_2
    expected = Gradients(
        V=np.outer(U.T @ do_1, x_1) + np.outer(U.T @ do_2, x_2) + np.outer(W.T @ U.T @ do_2, x_1),
        W=np.outer(U.T @ do_1, h_0) + np.outer(U.T @ do_2, h_1) + np.outer(W.T @ U.T @ do_2, h_0),
        U=np.outer(do_1, h_1) + np.outer(do_2, h_2),
        b_h=U.T @ do_1 + U.T @ do_2 + W.T @ U.T @ do_2,
        b_y=do_1 + do_2,
        h_0=W.T @ U.T @ do_1 + W.T @ W.T @ U.T @ do_2,
        x=np.stack([V.T @ U.T @ do_1 + V.T @ W.T @ U.T @ do_2, V.T @ U.T @ do_2]))
    for got, closed in zip(gradients_of(case), expected, strict=True):
        assert_close(got, closed, 1e-13)


def test_one_tanh_unit_over_two_steps_by_hand():
    v, w, u, b, c, h_0, x_1, x_2, y_1, y_2 = 0.5, -0.8, 2.0, 0.1, -0.3, 0.4, 1.0, -2.0, 0.7, 0.2
    h_1 = math.tanh(v * x_1 + w * h_0 + b)
    h_2 = math.tanh(v * x_2 + w * h_1 + b)
    do_1, do_2 = u * h_1 + c - y_1, u * h_2 + c - y_2
    da_2 = (1 - h_2 ** 2) * u * do_2
    da_1 = (1 - h_1 ** 2) * (u * do_1 + w * da_2)
    params = Parameters(*(np.array(value) for value in ([[v]], [[w]], [[u]], [b], [c])))
    run = forward(params, [[x_1], [x_2]], [h_0])
    got = bptt(params, run, squared_error(run.o, [[y_1], [y_2]])[1])
    by_hand = [da_1 * x_1 + da_2 * x_2, da_1 * h_0 + da_2 * h_1, do_1 * h_1 + do_2 * h_2, da_1 + da_2, do_1 + do_2, w * da_1,
               v * da_1, v * da_2]
    assert_close(np.concatenate([g.ravel() for g in got]), by_hand, 1e-14)


def test_a_gradient_that_crosses_many_steps_is_the_product_of_weight_and_slopes():
    params = Parameters(*(np.array(value) for value in ([[0.5]], [[0.9]], [[1.0]], [0.1], [0.0])))
    run = forward(params, np.ones((6, 1)), [0.3])
    do = np.zeros((6, 1))
    do[-1] = 1.0
    assert_close(bptt(params, run, do).h_0, [np.prod(0.9 * (1 - run.h[1:] ** 2))], 1e-14)


@few
@given(cases)
def test_a_batch_is_as_many_single_runs_whose_shared_gradients_add_up(case):
    assume(case.x.ndim == 3)
    together = gradients_of(case)
    alone = [gradients_of(case._replace(x=case.x[:, b], y=case.y[:, b], h_0=case.h_0[b],
                                        mask=None if case.mask is None else case.mask[:, b])) for b in range(len(case.h_0))]
    for name in Parameters._fields:
        np.testing.assert_allclose(sum(getattr(g, name) for g in alone), getattr(together, name), rtol=EXACT, atol=1e-13)
    np.testing.assert_allclose(np.stack([g.h_0 for g in alone]), together.h_0, rtol=EXACT, atol=1e-13)
    np.testing.assert_allclose(np.stack([g.x for g in alone], 1), together.x, rtol=EXACT, atol=1e-13)


def test_gradients_of_many_losses_add_up():
    case = make_case(T=4)
    run = case.forward()
    do = case.loss(run.o, case.y)[1]
    one_loss_each = [bptt(case.params, run, do * (np.arange(4) == t)[:, None, None]) for t in range(4)]
    for name in Gradients._fields:
        assert_close(sum(getattr(g, name) for g in one_loss_each), getattr(bptt(case.params, run, do), name), 1e-13)


@pytest.mark.parametrize("loss", [rnn.cross_entropy, squared_error])
def test_masking_the_last_steps_is_the_same_as_not_having_them(loss):
    case = make_case(T=6, loss=loss)
    mask = np.broadcast_to((np.arange(6) < 4)[:, None], (6, 2))
    masked = gradients_of(case._replace(mask=mask))
    short = gradients_of(case._replace(x=case.x[:4], y=case.y[:4]))
    for name in Gradients._fields[:-1]:
        assert_close(getattr(masked, name), getattr(short, name), 1e-13)
    assert_close(masked.x[:4], short.x, 1e-13)
    assert not masked.x[4:].any()


def test_no_loss_no_gradient():
    case = make_case()
    run = case.forward()
    assert not any(gradient.any() for gradient in bptt(case.params, run, np.zeros_like(run.o)))


@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu, rnn.identity])
@pytest.mark.parametrize("B", [None, 1, 2])
def test_bptt_leaves_its_arguments_alone(B, f):
    case = make_case(B=B, f=f)
    run = case.forward()
    assert_leaves_its_arguments_alone(bptt, case.params, run, case.loss(run.o, case.y)[1])


def test_bptt_of_one_step_and_one_sequence_returns_arrays_of_its_own():
    case = make_case(T=1, B=1, D=1, H=1, K=2)
    run = case.forward()
    assert_leaves_its_arguments_alone(bptt, case.params, run, case.loss(run.o, case.y)[1])


@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu, rnn.identity])
def test_float32_in_is_float32_out_and_near_the_float64_answer(f):
    case = make_case(f=f, dtype=np.float32)
    exact = case._replace(params=Parameters(*(array.astype(float) for array in case.params)), x=case.x.astype(float),
                          h_0=case.h_0.astype(float))
    for got, expected in zip(gradients_of(case), gradients_of(exact), strict=True):
        assert got.dtype == np.float32
        assert_close(got, expected, 1e-5)


def test_a_float64_do_makes_every_gradient_of_a_float32_run_float64():
    case = make_case(dtype=np.float32)
    run = case.forward()
    assert {gradient.dtype for gradient in bptt(case.params, run, np.ones(run.o.shape))} == {np.dtype(np.float64)}


def test_a_float64_run_has_float64_gradients_even_of_a_float32_do():
    case = make_case()
    run = case.forward()
    got = bptt(case.params, run, np.ones(run.o.shape, np.float32))
    assert {getattr(got, name).dtype for name in ("V", "W", "U", "b_h", "h_0", "x")} == {np.dtype(np.float64)}


BAD = [
    (np.ones((5, 2, 4)), ValueError, r"do must be as the scores, \(T, B, K\) = \(5, 2, 3\), got \(5, 2, 4\)"),
    (np.ones((4, 2, 3)), ValueError, r"do must be .* = \(5, 2, 3\), got \(4, 2, 3\)"),
    (np.ones((5, 3)), ValueError, r"do must be .* = \(5, 2, 3\), got \(5, 3\)"),
    (np.ones((5, 2, 3), int), TypeError, "do must hold floating-point numbers, got int64"),
    (np.full((5, 2, 3), np.nan), ValueError, r"do must be finite, got nan at \[0, 0, 0\]"),
    (np.full((5, 2, 3), -np.inf), ValueError, r"do must be finite, got -inf at \[0, 0, 0\]"),
]


@pytest.mark.parametrize(("do", "error", "message"), BAD)
def test_bad_do_is_named_with_what_was_expected_and_got(do, error, message):
    case = make_case()
    with pytest.raises(error, match=message):
        bptt(case.params, case.forward(), do)


def test_do_of_a_single_run_is_asked_for_without_a_batch_axis():
    case = make_case(B=None)
    with pytest.raises(ValueError, match=r"do must be as the scores, \(T, K\) = \(5, 3\), got \(5, 1, 3\)"):
        bptt(case.params, case.forward(), np.ones((5, 1, 3)))


def test_nested_lists_are_arrays_too():
    case = make_case(B=None)
    run = case.forward()
    do = case.loss(run.o, case.y)[1]
    lists = Parameters(*(array.tolist() for array in case.params))
    for got, expected in zip(bptt(lists, run, do.tolist()), bptt(case.params, run, do), strict=True):
        assert np.array_equal(got, expected)


@pytest.mark.parametrize(("D", "H", "K"), [(2, 4, 3), (3, 5, 3), (3, 4, 2)])
def test_parameters_of_another_network_are_refused(D, H, K):
    run = make_case().forward()
    with pytest.raises(ValueError, match=rf"params must be .* \(3, 4, 3\), got \({D}, {H}, {K}\)"):
        bptt(make_case(D=D, H=H, K=K).params, run, np.ones(run.o.shape))
