import numpy as np
import pytest
from networks import make_case

from rnn_lib import expect


@pytest.mark.parametrize("value", [1.5, [1.0, 2.0], np.ones((2, 3), np.float32), np.ones(2, complex), np.zeros((0, 3))])
def test_numbers_lets_finite_floating_point_through_as_it_is(value):
    array = expect.numbers("x", value)
    assert array.dtype == np.asarray(value).dtype
    assert np.array_equal(array, value)


@pytest.mark.parametrize("value", [1, [1, 2], [True], "word", None, [None], np.ones(2, np.uint8)])
def test_numbers_refuses_what_is_not_floating_point_and_says_what_to_write(value):
    with pytest.raises(TypeError, match=rf"dx must hold floating-point numbers, got {np.asarray(value).dtype}: "
                                        r"write dx.astype\(float\), or look words up with embed\(E, ids\)"):
        expect.numbers("dx", value)


@pytest.mark.parametrize(("value", "message"), [
    (np.nan, r"x must be finite, got nan at \[\]"),
    ([[1.0, 2.0], [3.0, -np.inf]], r"x must be finite, got -inf at \[1, 1\]"),
    ([1 + 1j, complex(0, np.nan)], r"x must be finite, got nanj at \[1\]|x must be finite, got .*nan.* at \[1\]")])
def test_numbers_says_where_the_first_nan_or_infinity_is(value, message):
    with pytest.raises(ValueError, match=message):
        expect.numbers("x", value)


def test_shaped_says_the_rule_the_sizes_and_what_came():
    assert expect.shaped("h_0", np.ones((2, 3)), (2, 3), "(B, H)").shape == (2, 3)
    with pytest.raises(ValueError, match=r"^h_0 must be \(B, H\) = \(2, 3\), got \(3, 2\)$"):
        expect.shaped("h_0", np.ones((3, 2)), (2, 3), "(B, H)")


def test_sequence_wants_two_or_three_axes_and_its_width():
    for shape in ((5, 8), (5, 2, 8), (1, 1, 8)):
        assert expect.sequence("x", np.ones(shape), 8, "D", "V (H, D)").shape == shape
    for shape in ((5, 7), (8,), (), (1, 1, 1, 8)):
        with pytest.raises(ValueError, match=r"x must be \(T, D\) or \(T, B, D\) with D = 8 as in V \(H, D\), got \("):
            expect.sequence("x", np.ones(shape), 8, "D", "V (H, D)")


@pytest.mark.parametrize("shape", [(0, 8), (0, 2, 8), (5, 0, 8)])
def test_sequence_wants_at_least_one_step_and_one_sequence(shape):
    with pytest.raises(ValueError, match=r"x must have at least one step and one sequence \(T >= 1, B >= 1\), got \("):
        expect.sequence("x", np.ones(shape), 8, "D", "V (H, D)")


def test_parameters_are_returned_as_arrays_in_the_order_of_the_equations():
    params = make_case().params
    assert all(got is given for got, given in zip(expect.parameters(params), params, strict=True))
    assert all(isinstance(array, np.ndarray) for array in expect.parameters(params._replace(b_h=[0.0] * 4)))


def test_labels_are_looked_at_only_where_they_count():
    assert np.array_equal(expect.labels("y", [1, -9, 2], (3,), 3, np.array([True, False, True])), [1, 0, 2])
    with pytest.raises(ValueError, match=r"y must be in 0..2 \(there are 3 classes\), got -9"):
        expect.labels("y", [1, -9, 2], (3,), 3)


def test_mask_becomes_true_and_false_and_none_is_all_true():
    assert expect.mask(None, (2, 2)).all()
    for value in ([1, 0], [1.0, 0.0], [True, False], np.array([1, 0], np.uint8)):
        got = expect.mask(value, (2,))
        assert got.dtype == bool
        assert got.tolist() == [True, False]


def test_a_mask_that_does_not_fit_is_told_what_was_expected_and_got():
    with pytest.raises(ValueError, match=r"mask must hold 0 and 1 .* one a step, \(3,\), got int64 \(2,\)"):
        expect.mask([1, 0], (3,))
    with pytest.raises(ValueError, match=r"mask must hold 0 and 1 .* got float64"):
        expect.mask([0.5, 1, 0], (3,))
