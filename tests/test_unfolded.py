"""The engine is the plain text, faster: everything is held against forward, cross_entropy and bptt."""
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import (
    arrays,
    assert_close,
    assert_leaves_its_arguments_alone,
    backwards,
    every_other,
    few,
    make_case,
    mapped,
    read_only,
    transposed,
)

import rnn_lib as rnn
from rnn_lib import Gradients, Parameters, bptt, cross_entropy, forward
from rnn_lib.unfolded import Unfolded

SAME = 1e-12

cases = st.builds(
    make_case, T=st.integers(1, 6), B=st.integers(1, 4), D=st.integers(1, 4), H=st.integers(1, 6), K=st.integers(2, 5),
    f=st.sampled_from([rnn.tanh, rnn.relu, rnn.identity]), masked=st.booleans(), seed=st.integers(0, 999))


def unfold(case):
    T, B, _ = case.x.shape
    return Unfolded(case.params, T, B, case.f)


def by_engine(case, net=None):
    """Loss and gradients"""
    net = net or unfold(case)
    return net.forward(case.x, case.y, case.h_0, case.mask), net.backward()


def by_plain_text(case):
    run = forward(case.params, case.x, case.h_0, case.f)
    losses, do = cross_entropy(run.o, case.y, case.mask)
    return losses.sum(), bptt(case.params, run, do)


def assert_same(got, expected, tolerance=SAME):
    assert_close(got[0], expected[0], tolerance)
    for name in Gradients._fields:
        assert_close(getattr(got[1], name), getattr(expected[1], name), tolerance)


@few
@given(cases)
def test_loss_and_every_gradient_are_those_of_the_plain_text(case):
    assert_same(by_engine(case), by_plain_text(case))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu, rnn.identity])
@pytest.mark.parametrize(("T", "B", "D", "H", "K"), [
    (1, 1, 1, 1, 2), (1, 3, 2, 5, 2), (12, 1, 4, 16, 30), (12, 8, 5, 16, 7)])
def test_loss_and_every_gradient_at_the_corners(T, B, D, H, K, f, masked):
    case = make_case(T, B, D, H, K, f, masked=masked, seed=3)
    assert_same(by_engine(case), by_plain_text(case))


def test_one_class_alone_has_no_loss():
    case = make_case()
    case = case._replace(params=case.params._replace(U=case.params.U[:1], b_y=case.params.b_y[:1]), y=np.zeros_like(case.y))
    loss, gradients = by_engine(case)
    assert abs(loss) < 1e-14
    assert max(np.abs(gradient).max() for gradient in gradients) < 1e-14


def test_without_h_0_the_initial_state_is_zero_even_after_a_run_that_had_one():
    case = make_case()
    net = unfold(case)
    by_engine(case, net)
    without = case._replace(h_0=None)
    assert_same(by_engine(without, net), by_plain_text(without))


def test_a_mask_is_forgotten_by_the_next_forward():
    case = make_case(masked=True)
    net = unfold(case)
    by_engine(case, net)
    without = case._replace(mask=None, y=np.abs(case.y) % 3)
    assert_same(by_engine(without, net), by_plain_text(without))


def test_a_mask_that_leaves_everything_out_leaves_nothing():
    case = make_case()
    loss, gradients = by_engine(case._replace(mask=np.zeros(case.y.shape)))
    assert loss == 0
    assert not any(gradient.any() for gradient in gradients)


@pytest.mark.parametrize(("size", "dtype"), [
    (3, np.float32), (100, np.float32), (1e15, np.float32),
    (3, np.float64), (300, np.float64), (1e4, np.float64), (1e160, np.float64)])
def test_large_scores_do_not_overflow(size, dtype):
    case = make_case(dtype=dtype)
    case = case._replace(params=case.params._replace(b_y=np.array([-size, size, -3 * size / 4], dtype)))
    with np.errstate(all="raise", under="ignore"):
        got = by_engine(case)
    assert_same(got, by_plain_text(case), SAME if dtype == np.float64 else 1e-5)


@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu, rnn.identity])
def test_float32_in_is_float32_throughout_and_near_the_float64_answer(f):
    case = make_case(T=8, H=16, f=f, dtype=np.float32, masked=True)
    net = unfold(case)
    got = by_engine(case, net)
    exact = mapped(tuple(case), lambda v: v.astype(float) if v.dtype == np.float32 else v)
    assert_same(got, by_plain_text(type(case)(*exact)), 1e-5)
    assert {gradient.dtype for gradient in got[1]} == {np.dtype(np.float32)}
    assert {v.dtype for v in vars(net).values() if isinstance(v, np.ndarray) and v.dtype.kind == "f"} == {np.dtype(np.float32)}


def test_float32_input_of_a_float64_network_is_taken_as_it_is():
    case = make_case()
    case = case._replace(x=case.x.astype(np.float32), h_0=case.h_0.astype(np.float32))
    assert_same(by_engine(case), by_plain_text(case))


def test_nested_lists_are_arrays_too():
    case = make_case()
    lists = case._replace(params=Parameters(*(v.tolist() for v in case.params)), x=case.x.tolist(), y=case.y.tolist(),
                          h_0=case.h_0.tolist())
    net = Unfolded(lists.params, 5, 2)
    assert_same((net.forward(lists.x, lists.y, lists.h_0), net.backward()), by_plain_text(case))


def test_labels_of_any_whole_type():
    case = make_case()
    for dtype in (np.int8, np.uint8, np.int32, np.uint64):
        assert_same(by_engine(case._replace(y=case.y.astype(dtype))), by_plain_text(case))


def test_without_dx_all_other_gradients_are_the_same():
    case = make_case()
    net = unfold(case)
    expected = by_engine(case, net)[1]
    net.forward(case.x, case.y, case.h_0)
    got = net.backward(dx=False)
    assert got.x is None
    assert all(np.array_equal(getattr(got, name), getattr(expected, name)) for name in Gradients._fields[:-1])


def test_a_sequence_in_pieces_with_the_state_carried_is_the_sequence():
    case = make_case(T=6)
    whole, _ = by_engine(case)
    net, state, pieces = Unfolded(case.params, 2, 2), case.h_0, 0
    for start in (0, 2, 4):
        pieces += net.forward(case.x[start:start + 2], case.y[start:start + 2], state)
        state = net.last_state()
    assert_close(pieces, whole, SAME)
    assert_close(state, forward(case.params, case.x, case.h_0).h[-1], SAME)


def test_the_state_may_be_carried_without_a_copy():
    case = make_case(T=4)
    net = Unfolded(case.params, 2, 2)
    net.forward(case.x[:2], case.y[:2], case.h_0)
    net.forward(case.x[2:], case.y[2:], net.h[-1])
    assert_close(net.last_state(), forward(case.params, case.x, case.h_0).h[-1], SAME)


@pytest.mark.parametrize("masked", [False, True])
def test_the_engine_leaves_its_arguments_alone(masked):
    case = make_case(masked=masked)
    mask = np.ones(case.y.shape) if case.mask is None else case.mask
    assert_leaves_its_arguments_alone(lambda *args: by_engine(case._replace(
        params=args[0], x=args[1], y=args[2], h_0=args[3], mask=args[4]))[1], case.params, case.x, case.y, case.h_0, mask)


@pytest.mark.parametrize("layout", [read_only, backwards, transposed, every_other])
def test_the_order_of_memory_does_not_matter_without_a_mask(layout):
    case = make_case()
    assert_same(by_engine(case._replace(**{name: mapped(getattr(case, name), layout) for name in ("params", "x", "y", "h_0")})),
                by_plain_text(case))


@pytest.mark.parametrize(("T", "B", "D", "H", "K"), [(5, 2, 3, 4, 3), (1, 1, 1, 1, 2)])
def test_gradients_are_the_callers_own_arrays(T, B, D, H, K):
    case = make_case(T, B, D, H, K)
    net = unfold(case)
    _, first = by_engine(case, net)
    kept = [gradient.copy() for gradient in first]
    inside = [array for array in vars(net).values() if isinstance(array, np.ndarray)] + arrays(case.params)
    assert not any(np.shares_memory(gradient, array) for gradient in (*first, net.last_state()) for array in inside)
    by_engine(case._replace(x=-case.x), net)
    assert all(np.array_equal(gradient, copy) for gradient, copy in zip(first, kept, strict=True))
    for gradient in first:
        gradient[...] = np.nan
    assert_same(by_engine(case, net), by_plain_text(case))


def test_the_same_forward_again_gives_the_same_numbers():
    case = make_case()
    net = unfold(case)
    once, again = by_engine(case, net), by_engine(case, net)
    assert once[0] == again[0]
    assert all(np.array_equal(a, b) for a, b in zip(once[1], again[1], strict=True))


def test_backward_needs_a_forward_each_time():
    case = make_case()
    net = unfold(case)
    with pytest.raises(RuntimeError, match="call forward first"):
        net.backward()
    by_engine(case, net)
    with pytest.raises(RuntimeError, match="call forward first"):
        net.backward()


def test_a_forward_that_fails_leaves_nothing_to_go_back_through():
    case = make_case()
    net = unfold(case)
    net.forward(case.x, case.y)
    with pytest.raises(ValueError, match="x must be"):
        net.forward(case.x[:2], case.y)
    with pytest.raises(RuntimeError, match="call forward first"):
        net.backward()


def test_parameters_updated_in_place_are_seen():
    case = make_case()
    net = unfold(case)
    by_engine(case, net)
    for array in case.params:
        array -= 0.1 * np.sin(array)
    assert_same(by_engine(case, net), by_plain_text(case))


def test_new_parameters_are_seen():
    case, other = make_case(), make_case(seed=5)
    net = unfold(case)
    by_engine(case, net)
    net.params = other.params
    assert_same(by_engine(other, net), by_plain_text(other))


def test_new_parameters_wait_for_the_next_forward():
    case, other = make_case(), make_case(seed=5)
    net = unfold(case)
    loss = net.forward(case.x, case.y, case.h_0)
    net.params = other.params
    assert_same((loss, net.backward()), by_plain_text(case))


def test_the_gradients_serve_a_descent():
    case = make_case(T=10, H=8)
    net = unfold(case)
    losses = []
    for _ in range(30):
        losses.append(net.forward(case.x, case.y, case.h_0))
        net.params = Parameters(*(v - 0.05 * dv for v, dv in zip(net.params, net.backward(), strict=False)))
    assert losses[-1] < losses[0] / 2


GOOD = make_case()
BAD = [
    ({"x": GOOD.x[:, 0]}, ValueError, r"x must be \(T, B, D\) = \(5, 2, 3\), got \(5, 3\)"),
    ({"x": GOOD.x[:4]}, ValueError, r"x must be \(T, B, D\) = \(5, 2, 3\), got \(4, 2, 3\)"),
    ({"x": np.ones((5, 2, 3), int)}, TypeError, r"x must hold floating-point numbers, got int64: .* embed\(E, ids\)"),
    ({"x": GOOD.x + 0j}, TypeError, r"x must be float64 like the parameters, got complex128: write x.astype\(np.float64\)"),
    ({"h_0": GOOD.h_0[0]}, ValueError, r"h_0 must be \(B, H\) = \(2, 4\), got \(4,\)"),
    ({"h_0": np.zeros((2, 4), int)}, TypeError, "h_0 must hold floating-point numbers"),
    ({"y": GOOD.y[:, 0]}, ValueError, r"y must have one label a step, \(5, 2\), got \(5,\)"),
    ({"y": GOOD.y * 1.0}, TypeError, "y must hold whole numbers"),
    ({"y": GOOD.y - 3}, ValueError, r"y must be in 0..2 .*, got -"),
    ({"y": GOOD.y + 3}, ValueError, r"y must be in 0..2 .*, got [345]"),
    ({"y": np.full((5, 2), 2 ** 63, np.uint64)}, ValueError, r"y must be in 0..2 .*, got 9223372036854775808"),
    ({"y": np.full((5, 2), -1), "mask": np.eye(5, 2)}, ValueError, r"y must be in 0..2 .*, got -1"),
    ({"mask": np.ones(5)}, ValueError, r"mask must hold 0 and 1 .* \(5, 2\), got float64 \(5,\)"),
    ({"mask": np.full((5, 2), .5)}, ValueError, "mask must hold 0 and 1 .* with 0.5"),
    ({"params": GOOD.params._replace(W=np.eye(3))}, ValueError, r"params must keep their shapes and dtypes"),
    ({"params": make_case(dtype=np.float32).params}, ValueError, r"params must keep their shapes and dtypes"),
]


@pytest.mark.parametrize(("changed", "error", "message"), BAD)
def test_bad_input_is_named_with_what_was_expected_and_got(changed, error, message):
    net = unfold(GOOD)
    net.params = changed.get("params", GOOD.params)
    with pytest.raises(error, match=message):
        net.forward(*({**GOOD._asdict(), **changed}[name] for name in ("x", "y", "h_0", "mask")))


@pytest.mark.parametrize(("args", "error", "message"), [
    ((GOOD.params, 0, 2), ValueError, "T and B must be at least 1, got T=0, B=2"),
    ((GOOD.params, 5, 0), ValueError, "T and B must be at least 1, got T=5, B=0"),
    ((tuple(GOOD.params), 5, 2), TypeError, r"params must be Parameters\(V, W, U, b_h, b_y\), got tuple"),
    ((mapped(GOOD.params, lambda v: v + 0j), 5, 2), TypeError, "params must hold real numbers, got complex128"),
    ((GOOD.params, 5, 2, np.tanh), TypeError, "f must be tanh, relu or identity, got <ufunc 'tanh'>"),
    ((GOOD.params, 5, 2, rnn.Activation("sin", np.sin, np.cos)), TypeError, "f must be tanh, relu or identity"),
])
def test_a_network_that_cannot_be_unfolded_is_refused(args, error, message):
    with pytest.raises(error, match=message):
        Unfolded(*args)


def test_float64_input_of_a_float32_network_is_not_rounded_in_silence():
    case = make_case(dtype=np.float32)
    with pytest.raises(TypeError, match=r"x must be float32 like the parameters, got float64: write x.astype\(np.float32\)"):
        unfold(case).forward(case.x.astype(float), case.y)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu, rnn.identity])
@pytest.mark.parametrize("name", ["V", "W", "U", "b_h", "b_y", "x", "h_0"])
def test_one_number_that_is_not_finite_is_found_and_named(name, f, bad):
    case = make_case(T=3, f=f)
    if name in Parameters._fields:
        case.params._asdict()[name].flat[-1] = bad
    net = Unfolded(make_case(T=3).params, 3, 2, f)
    net.params = case.params
    if name in ("x", "h_0"):
        getattr(case, name).flat[-1] = bad
    with pytest.raises(ValueError, match=rf"{name} must be finite, got {bad} at \["):
        net.forward(case.x, case.y, case.h_0)


def test_a_masked_step_does_not_hide_what_is_not_finite():
    case = make_case()
    case.x[-1, 0, 0] = np.nan
    with pytest.raises(ValueError, match=r"x must be finite, got nan at \[4, 0, 0\]"):
        unfold(case).forward(case.x, case.y, mask=np.arange(10).reshape(5, 2) < 8)


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_a_state_that_explodes_is_found_in_the_scores():
    case = make_case(T=400, f=rnn.identity)
    case.params.W[...] *= 1e3
    with pytest.raises(ValueError, match=r"o must be finite, got .* look for the step that made it"):
        by_engine(case)


def test_large_numbers_that_are_finite_pass():
    case = make_case()
    case.x[0] *= 1e200                                         # its square is not finite
    assert_same(by_engine(case), by_plain_text(case))


def peak_numbers(T, B, D, H, K, dx):
    """Most float64 numbers alive at once in making a network and in three passes through it, the input not counted."""
    case = make_case(T, B, D, H, K)
    tracemalloc.start()
    net = unfold(case)
    for _ in range(3):
        net.forward(case.x, case.y, case.h_0)
        net.backward(dx=dx)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 8


def test_a_pass_needs_little_more_than_h_yhat_da_and_the_slope():
    T, B, H = 100, 32, 64
    assert peak_numbers(T, B, H, H, H, dx=False) <= 4.5 * T * B * H
    assert peak_numbers(T, B, H, H, H, dx=True) <= 5.5 * T * B * H      # dx is the caller's


def test_memory_grows_with_the_steps_and_not_with_the_passes():
    short, long = (peak_numbers(T, 32, 32, 32, 32, dx=False) for T in (50, 200))
    assert long <= 4.1 * short
    case = make_case(T=20, B=8, H=32)
    net = unfold(case)
    by_engine(case, net)
    tracemalloc.start()
    for _ in range(20):
        by_engine(case, net)
    left = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert left < 20_000
