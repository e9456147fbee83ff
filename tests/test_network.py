import math

import numpy as np
import pytest
from hypothesis import given
from networks import assert_close, assert_leaves_its_arguments_alone, cases, few, make_case

import rnn_lib as rnn
from rnn_lib import Parameters, forward, init_parameters


@few
@given(cases)
def test_every_step_obeys_the_equations(case):
    run = case.forward()
    V, W, U, b_h, b_y = case.params
    assert np.array_equal(run.h[0], case.h_0)
    assert np.array_equal(run.x, case.x)
    for t in range(1, len(case.x) + 1):
        for b in np.ndindex(case.x.shape[1:-1]):               # columns, as the formulas are written
            assert_close(run.a[t - 1][b], V @ case.x[t - 1][b] + W @ run.h[t - 1][b] + b_h)     # (1)
            assert_close(run.o[t - 1][b], U @ run.h[t][b] + b_y)                               # (3)
        assert np.array_equal(run.h[t], case.f(run.a[t - 1]))                                  # (2)


@few
@given(cases)
def test_shapes_keep_time_first_and_the_batch_axis_optional(case):
    run = case.forward()
    K, H = case.params.U.shape
    T, *batch = case.x.shape[:-1]
    assert (run.a.shape, run.h.shape, run.o.shape) == ((T, *batch, H), (T + 1, *batch, H), (T, *batch, K))


@few
@given(cases)
def test_a_batch_is_as_many_single_runs(case):
    for b in range(case.x.shape[1]) if case.x.ndim == 3 else ():
        alone = forward(case.params, case.x[:, b], case.h_0[b], case.f)
        together = case.forward()
        for name in ("x", "a", "h", "o"):
            assert_close(getattr(alone, name), getattr(together, name)[:, b], 1e-13)


def test_a_sequence_cut_in_two_continues_from_the_state_carried_over():
    case = make_case(T=7)
    whole = case.forward()
    first = forward(case.params, case.x[:3], case.h_0)
    second = forward(case.params, case.x[3:], first.h[3])
    assert_close(np.concatenate([first.o, second.o]), whole.o, 1e-13)


def test_the_future_does_not_change_the_past():
    case = make_case(T=5)
    x = case.x.copy()
    x[3:] += 1
    assert np.array_equal(forward(case.params, x, case.h_0).o[:3], case.forward().o[:3])


def test_one_unit_by_hand():
    params = Parameters(*(np.array(v) for v in ([[0.5]], [[-0.8]], [[2.0]], [0.1], [-0.3])))
    run = forward(params, [[1.0], [-2.0]], [0.4])
    h_1 = math.tanh(0.5 * 1.0 - 0.8 * 0.4 + 0.1)
    h_2 = math.tanh(0.5 * -2.0 - 0.8 * h_1 + 0.1)
    assert_close(run.h, [[0.4], [h_1], [h_2]], 1e-15)
    assert_close(run.o, [[2 * h_1 - 0.3], [2 * h_2 - 0.3]], 1e-15)


@pytest.mark.parametrize("B", [None, 3])
def test_the_initial_state_is_zeros_unless_said(B):
    case = make_case(B=B)
    assert np.array_equal(forward(case.params, case.x).o, forward(case.params, case.x, np.zeros_like(case.h_0)).o)


@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu, rnn.identity])
def test_each_slope_is_the_derivative_of_its_activation(f):
    a = np.array([-3.0, -0.5, -1e-3, 1e-3, 0.7, 2.0])
    assert_close(f.slope(a), f.value(a + 1e-20j).imag / 1e-20, 1e-14)
    assert_close(f(a), f.value(a), 0)
    assert f(a) is not a


def test_relu_and_its_slope_are_zero_at_zero():
    assert rnn.relu(np.zeros(1)) == rnn.relu.slope(np.zeros(1)) == 0


def test_an_activation_of_your_own_works():
    case = make_case(f=rnn.Activation("sine", np.sin, np.cos))
    run = case.forward()
    assert np.array_equal(run.h[1:], np.sin(run.a))
    assert rnn.gradcheck(case.params, case.x, case.y, case.h_0, case.f).ok


@pytest.mark.parametrize("B", [None, 2])
@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu, rnn.identity])
def test_forward_leaves_its_arguments_alone(f, B):
    case = make_case(B=B, f=f)
    assert_leaves_its_arguments_alone(forward, case.params, case.x, case.h_0, f)


@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu, rnn.identity])
def test_float32_in_is_float32_out(f):
    case = make_case(f=f, dtype=np.float32)
    for h_0 in (case.h_0, None):
        run = forward(case.params, case.x, h_0, f)
        assert {array.dtype for array in run[:4]} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", ["x", "h_0", "V", "W", "U", "b_h", "b_y"])
def test_one_float64_among_float32_makes_the_run_float64(name):
    case = make_case(dtype=np.float32)
    v = {**case.params._asdict(), "x": case.x, "h_0": case.h_0}
    v[name] = v[name].astype(np.float64)
    run = forward(Parameters(*(v[n] for n in Parameters._fields)), v["x"], v["h_0"])
    assert (run.a.dtype, run.h.dtype, run.o.dtype) == (np.float64,) * 3


def test_nested_lists_are_arrays_too():
    case = make_case(B=None)
    lists = Parameters(*(array.tolist() for array in case.params))
    expected = case.forward().o
    assert np.array_equal(forward(case.params, case.x.tolist(), case.h_0.tolist()).o, expected)
    assert np.array_equal(forward(lists, case.x, case.h_0).o, expected)


BAD = [   # argument, what it becomes, the error, its message
    ("x", np.zeros((5, 2, 7)), ValueError, r"x must be \(T, D\) or \(T, B, D\) with D = 3 as in V \(H, D\), got \(5, 2, 7\)"),
    ("x", np.zeros(3), ValueError, r"x must be .* got \(3,\)"),
    ("x", np.zeros((5, 2, 1, 3)), ValueError, r"x must be .* got \(5, 2, 1, 3\)"),
    ("x", np.float64(1), ValueError, r"x must be .* got \(\)"),
    ("x", np.zeros((0, 2, 3)), ValueError, r"x must have at least one step .*T >= 1, B >= 1.* got \(0, 2, 3\)"),
    ("x", np.zeros((5, 0, 3)), ValueError, r"x must have at least one .* one sequence .* got \(5, 0, 3\)"),
    ("x", np.zeros((5, 2, 3), int), TypeError, r"x must hold floating-point numbers, got int64: .*embed"),
    ("x", np.zeros((5, 2, 3), bool), TypeError, "x must hold floating-point numbers, got bool"),
    ("x", [[1, 2, 3]], TypeError, "x must hold floating-point numbers, got int"),
    ("x", [["a", "b", "c"]], TypeError, "x must hold floating-point numbers, got <U1"),
    ("x", None, TypeError, "x must hold floating-point numbers, got object"),
    ("x", np.full((5, 2, 3), np.nan), ValueError, r"x must be finite, got nan at \[0, 0, 0\]"),
    ("h_0", np.zeros(4), ValueError, r"h_0 must be \(B, H\) = \(2, 4\), got \(4,\)"),
    ("h_0", np.zeros((1, 4)), ValueError, r"h_0 must be \(B, H\) = \(2, 4\), got \(1, 4\)"),
    ("h_0", np.zeros((2, 4), int), TypeError, "h_0 must hold floating-point numbers, got int64"),
    ("h_0", np.array([[0, 0, 0, 0], [0, -np.inf, 0, 0]]), ValueError, r"h_0 must be finite, got -inf at \[1, 1\]"),
    ("V", np.zeros(4), ValueError, r"V must be a matrix \(H, D\) without empty sides, got \(4,\)"),
    ("V", np.zeros((4, 0)), ValueError, r"V must be a matrix \(H, D\) without empty sides, got \(4, 0\)"),
    ("W", np.zeros((4, 3)), ValueError, r"W must be \(H, H\) = \(4, 4\), got \(4, 3\)"),
    ("W", np.zeros((3, 3)), ValueError, r"W must be \(H, H\) = \(4, 4\), got \(3, 3\)"),
    ("W", np.full((4, 4), np.inf), ValueError, r"W must be finite, got inf at \[0, 0\]"),
    ("W", np.eye(4, dtype=int), TypeError, "W must hold floating-point numbers, got int64"),
    ("U", np.zeros((3, 5)), ValueError, r"U must be \(K, H\) = \(3, 4\), got \(3, 5\)"),
    ("U", np.zeros((0, 4)), ValueError, r"U must be a matrix \(K, H\) without empty sides, got \(0, 4\)"),
    ("b_h", np.zeros((4, 1)), ValueError, r"b_h must be \(H,\) = \(4,\), got \(4, 1\)"),
    ("b_h", np.zeros(1), ValueError, r"b_h must be \(H,\) = \(4,\), got \(1,\)"),
    ("b_y", np.zeros(4), ValueError, r"b_y must be \(K,\) = \(3,\), got \(4,\)"),
    ("b_y", np.zeros(3, int), TypeError, "b_y must hold floating-point numbers, got int64"),
]


@pytest.mark.parametrize(("name", "value", "error", "message"), BAD)
def test_bad_input_is_named_with_what_was_expected_and_got(name, value, error, message):
    case = make_case()
    params = case.params._replace(**{name: value}) if name in Parameters._fields else case.params
    given = {"x": case.x, "h_0": case.h_0, **({} if name in Parameters._fields else {name: value})}
    with pytest.raises(error, match=message):
        forward(params, **given)


def test_h_0_of_a_single_sequence_has_no_batch_axis():
    case = make_case(B=None)
    with pytest.raises(ValueError, match=r"h_0 must be \(H,\) = \(4,\), got \(1, 4\)"):
        forward(case.params, case.x, case.h_0[None])


@pytest.mark.parametrize("params", [None, {}, (1, 2, 3, 4, 5)])
def test_params_must_be_parameters(params):
    with pytest.raises(TypeError, match=rf"params must be Parameters\(V, W, U, b_h, b_y\), got {type(params).__name__}"):
        forward(params, np.zeros((5, 3)))


def test_init_parameters_is_repeatable_and_has_the_shapes_asked_for():
    first, again, other = (init_parameters(2, 3, 4, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert [array.shape for array in first] == [(3, 2), (3, 3), (4, 3), (3,), (4,)]
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not any(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_init_parameters_hides_nothing():
    params = init_parameters(3, 4, 2, np.random.default_rng(0))
    assert all(array.all() for array in params)
    assert not np.allclose(params.W, params.W.T)


def test_init_parameters_draws_weights_with_variance_one_over_columns():
    params = init_parameters(100, 400, 50, np.random.default_rng(0))
    assert [array.std() * np.sqrt(array.shape[1]) for array in params[:3]] == pytest.approx([1, 1, 1], abs=0.02)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_init_parameters_has_the_dtype_asked_for(dtype):
    assert {array.dtype for array in init_parameters(2, 3, 4, np.random.default_rng(0), dtype)} == {np.dtype(dtype)}


@pytest.mark.parametrize("sizes", [(0, 3, 2), (3, 0, 2), (3, 2, 0), (-1, 3, 2)])
def test_sizes_below_one_are_refused(sizes):
    D, H, K = sizes
    with pytest.raises(ValueError, match=f"D, H and K must be at least 1, got D={D}, H={H}, K={K}"):
        init_parameters(*sizes, np.random.default_rng(0))


def test_sizes_of_one_work():
    run = make_case(T=1, B=1, D=1, H=1, K=2).forward()
    assert run.o.shape == (1, 1, 2)
