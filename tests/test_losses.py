import warnings

import numpy as np
import pytest
from hypothesis import given
from networks import CLOSE, EXACT, assert_close, assert_leaves_its_arguments_alone, cases, few, make_case

from rnn_lib import central_difference, complex_step, cross_entropy, softmax, squared_error

LOSSES = [cross_entropy, squared_error]


@few
@given(cases)
def test_do_is_the_gradient_of_the_summed_losses(case):
    o = case.forward().o
    _, do = case.loss(o, case.y, case.mask)
    def total(o):
        return case.loss(o, case.y, case.mask)[0].sum()
    assert_close(do, complex_step(total, o), EXACT)
    assert_close(do, central_difference(total, o), CLOSE)


def test_cross_entropy_by_hand():
    losses, do = cross_entropy(np.log([[1.0, 3.0], [4.0, 1.0]]), [1, 1])
    assert_close(losses, [np.log(4 / 3), np.log(5)], 1e-15)
    assert_close(do, [[0.25, -0.25], [0.8, -0.8]], 1e-15)


def test_squared_error_by_hand():
    losses, do = squared_error([[1.0, 2.0], [0.0, -1.0]], [[0.0, 4.0], [0.0, 0.0]])
    assert np.array_equal(losses, [2.5, 0.5])
    assert np.array_equal(do, [[1, -2], [0, -1]])


@few
@given(cases)
def test_do_sums_to_zero_over_the_classes(case):
    o = case.forward().o
    do = cross_entropy(o, np.zeros(o.shape[:-1], int))[1]
    assert np.abs(do.sum(-1)).max() < 1e-15


def test_softmax_rows_are_probabilities_and_a_common_shift_changes_nothing():
    o = make_case().forward().o
    yhat = softmax(o)
    assert yhat.min() > 0
    assert_close(yhat.sum(-1), np.ones(o.shape[:-1]), 1e-15)
    assert_close(softmax(o + 100), yhat, 1e-13)


@pytest.mark.parametrize("size", [1e4, 1e300])
def test_cross_entropy_is_exact_for_enormous_scores(size):
    o = np.array([[size, -size, 0.0], [-size, size, 0.0], [size, size, -size]])
    losses, do = cross_entropy(o, [0, 0, 1])
    assert np.array_equal(losses, [0, 2 * size, np.log(2)])
    assert np.array_equal(do, [[0, 0, 0], [-1, 1, 0], [0.5, -0.5, 0]])
    assert np.array_equal(softmax(o), [[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0]])


def test_a_loss_far_below_rounding_is_not_lost():
    assert cross_entropy([[40.0, 0.0]], [1])[0] == pytest.approx([40], rel=1e-15)
    assert cross_entropy([[0.0, -30.0]], [0])[0] == pytest.approx([np.exp(-30)], rel=1e-2)


def test_one_class_alone_is_no_surprise_and_no_gradient():
    losses, do = cross_entropy([[3.0], [-2.0]], [0, 0])
    assert not losses.any()
    assert not do.any()


@few
@given(cases)
def test_masked_steps_count_exactly_zero_and_change_no_other_step(case):
    o = case.forward().o
    y = np.zeros(o.shape[:-1], int) if case.loss is cross_entropy else np.ones(o.shape)
    keep = np.arange(o[..., 0].size).reshape(o.shape[:-1]) % 2 == 0
    y_masked = y.copy()
    y_masked[~keep] = 999 if case.loss is cross_entropy else np.nan
    losses, do = case.loss(o, y)
    for mask in (keep, keep.astype(int), keep.astype(float), keep.tolist()):
        masked_losses, masked_do = case.loss(o, y_masked, mask)
        assert np.array_equal(masked_losses, np.where(keep, losses, 0))
        assert np.array_equal(masked_do, np.where(keep[..., None], do, 0))


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_are_a_sum_and_never_a_mean(loss):
    case = make_case(T=3, B=2, loss=loss)
    o = case.forward().o
    losses, do = loss(o, case.y)
    doubled, do_doubled = loss(np.concatenate([o, o], 1), np.concatenate([case.y, case.y], 1))
    assert losses.shape == (3, 2)
    assert doubled.sum() == pytest.approx(2 * losses.sum(), rel=1e-14)
    assert np.array_equal(do_doubled, np.concatenate([do, do], 1))


@few
@given(cases)
def test_a_batch_is_as_many_single_losses(case):
    o = case.forward().o
    losses, do = case.loss(o, case.y, case.mask)
    for b in range(o.shape[1]) if o.ndim == 3 else ():
        alone = case.loss(o[:, b], case.y[:, b], None if case.mask is None else case.mask[:, b])
        assert np.array_equal(alone[0], losses[:, b])
        assert np.array_equal(alone[1], do[:, b])


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("loss", LOSSES)
def test_losses_leave_their_arguments_alone(loss, masked):
    case = make_case(loss=loss, masked=masked)
    assert_leaves_its_arguments_alone(loss, case.forward().o, case.y, case.mask)


def test_softmax_leaves_its_argument_alone():
    assert_leaves_its_arguments_alone(softmax, make_case().forward().o)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("loss", LOSSES)
def test_float32_in_is_float32_out(loss, masked):
    case = make_case(loss=loss, masked=masked, dtype=np.float32)
    o = case.forward().o
    assert [array.dtype for array in (*loss(o, case.y, case.mask), softmax(o))] == [np.float32] * 3


@pytest.mark.parametrize(("o", "y"), [(np.float32, np.float64), (np.float64, np.float32)])
def test_one_float64_among_float32_makes_the_squared_error_float64(o, y):
    assert [array.dtype for array in squared_error(np.ones((2, 3), o), np.zeros((2, 3), y))] == [np.float64] * 2


def test_any_whole_number_type_will_do_for_labels():
    o = make_case(B=None, T=3, K=3).forward().o
    expected = cross_entropy(o, [0, 1, 2])[1]
    for dtype in (np.int8, np.uint8, np.int32, np.uint64):
        assert np.array_equal(cross_entropy(o, np.array([0, 1, 2], dtype))[1], expected)


def test_all_steps_masked_is_no_loss_at_all():
    losses, do = cross_entropy(np.ones((3, 2)), [-1, -1, -1], [0, 0, 0])
    assert not losses.any()
    assert not do.any()


O = np.ones((3, 2))
BAD = [   # loss, arguments, the error, its message
    (cross_entropy, (O, [0, 1]), ValueError, r"y must have one label a step, \(3,\), got \(2,\)"),
    (cross_entropy, (O, [[0], [1], [0]]), ValueError, r"y must have one label a step, \(3,\), got \(3, 1\)"),
    (cross_entropy, (O, [0, 1, 2]), ValueError, r"y must be in 0..1 \(there are 2 classes\), got 2: mask"),
    (cross_entropy, (O, [0, 1, -1]), ValueError, r"y must be in 0..1 .* got -1"),
    (cross_entropy, (O, [0, 5, -1], [1, 0, 1]), ValueError, r"y must be in 0..1 .* got -1"),
    (cross_entropy, (O, [0.0, 1.0, 0.5]), TypeError, r"y must hold whole numbers .* got float64: write y.astype\(int\)"),
    (cross_entropy, (O, [True, False, True]), TypeError, "y must hold whole numbers .* got bool"),
    (cross_entropy, (O, O), TypeError, "y must hold whole numbers .* got float64"),
    (cross_entropy, (O, ["a", "b", "c"]), TypeError, "y must hold whole numbers .* got <U1"),
    (cross_entropy, (O, None), TypeError, "y must hold whole numbers .* got object"),
    (squared_error, (O, np.ones((3, 1))), ValueError, r"y must have the shape of o, \(3, 2\), got \(3, 1\)"),
    (squared_error, (O, np.ones(3)), ValueError, r"y must have the shape of o, \(3, 2\), got \(3,\)"),
    (squared_error, (O, np.ones((3, 2), int)), TypeError, "y must hold floating-point numbers, got int64"),
    (squared_error, (O, O * np.nan), ValueError, r"y must be finite, got nan at \[0, 0\]"),
    (squared_error, (O, O * np.inf, [0, 1, 0]), ValueError, r"y must be finite, got inf at \[1, 0\]"),
]
BAD_O = [
    (np.ones(3), ValueError, r"o must be \(T, K\) or \(T, B, K\) .* got \(3,\)"),
    (np.ones((1, 1, 1, 1)), ValueError, r"o must be \(T, K\) or \(T, B, K\) .* got \(1, 1, 1, 1\)"),
    (np.float64(1), ValueError, r"o must be \(T, K\) or \(T, B, K\) .* got \(\)"),
    (np.ones((0, 2)), ValueError, r"o must have at least one step .* got \(0, 2\)"),
    (np.ones((3, 0, 2)), ValueError, r"o must have .* one sequence .* got \(3, 0, 2\)"),
    (np.ones((3, 2), int), TypeError, "o must hold floating-point numbers, got int64"),
    ([[1, 2]], TypeError, "o must hold floating-point numbers, got int64"),
    (np.array([[1, np.nan]]), ValueError, r"o must be finite, got nan at \[0, 1\]"),
    (np.array([[np.inf, 1]]), ValueError, r"o must be finite, got inf at \[0, 0\]"),
]
BAD_MASK = [[1, 1], [[1], [1], [1]], [1, 2, 0], [1, 0.5, 0], [1, np.nan, 0], [1, -1, 0], 1]


@pytest.mark.parametrize(("loss", "arguments", "error", "message"), BAD)
def test_bad_labels_are_named_with_what_was_expected_and_got(loss, arguments, error, message):
    with pytest.raises(error, match=message):
        loss(*arguments)


@pytest.mark.parametrize(("o", "error", "message"), BAD_O)
@pytest.mark.parametrize("loss", LOSSES)
def test_bad_scores_are_named_with_what_was_expected_and_got(loss, o, error, message):
    with pytest.raises(error, match=message):
        loss(o, np.zeros(np.shape(o)[:-1], int) if loss is cross_entropy else np.ones(np.shape(o)))


@pytest.mark.parametrize("mask", BAD_MASK)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_mask_holds_zeros_and_ones_one_a_step(loss, mask):
    with pytest.raises(ValueError, match=r"mask must hold 0 and 1 .* one a step, \(3,\), got "):
        loss(O, [0, 1, 0] if loss is cross_entropy else O, mask)


def test_softmax_refuses_what_is_not_a_finite_number():
    with pytest.raises(ValueError, match=r"o must be finite, got nan at \[1\]"):
        softmax([1.0, np.nan])
    with pytest.raises(TypeError, match="o must hold floating-point numbers"):
        softmax([1, 2])


def test_no_loss_warns_on_ordinary_or_enormous_scores():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with np.errstate(all="warn", under="ignore"):
            cross_entropy([[1e300, -1e300]], [1])
            cross_entropy(np.array([[1e38, -1e38]], np.float32), [1])
            squared_error([[1e150]], [[-1e150]])


def test_softmax_of_a_plain_vector_by_hand():
    assert_close(softmax(np.log([1.0, 3.0, 4.0])), [1 / 8, 3 / 8, 1 / 2], 1e-15)
    assert softmax([7.0]).tolist() == [1]
    for shape in ((), (0,), (2, 0)):
        with pytest.raises(ValueError, match=r"o must be \(\.\.\., K\) with at least one score"):
            softmax(np.zeros(shape))
