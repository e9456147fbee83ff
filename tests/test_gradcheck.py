import warnings
from collections import namedtuple

import numpy as np
import pytest
from hypothesis import given
from networks import assert_leaves_its_arguments_alone, cases, few, make_case

import rnn_lib as rnn
from rnn_lib import BlindInputs, Gradients, blind_spots, bptt, central_difference, complex_step, gradcheck, relative_error


def check(case, **options):
    return gradcheck(case.params, case.x, case.y, case.h_0, case.f, case.loss, case.mask, **options)


def recursion(horizontal=lambda da, W: da @ W, states=lambda h: h[:-1], slope=lambda run: run.f.slope(run.a),
              total=lambda rows: rows.sum((0, 1)), vertical=1):
    """A backward pass for batches, one part of which can be replaced by a mistake."""
    def backward(params, run, do):
        da, later = np.empty_like(run.a), 0
        for t in reversed(range(len(da))):
            da[t] = slope(run)[t] * (vertical * do[t] @ params.U + later)
            later = horizontal(da[t], params.W)
        def outer(left, right):
            return total(left[..., :, None] * right[..., None, :])
        return Gradients(outer(da, run.x), outer(da, states(run.h)), outer(do, run.h[1:]), total(da), total(do),
                         da[0] @ params.W, da @ params.V)
    return backward


def only_last_loss(params, run, do):
    return bptt(params, run, do * (np.arange(len(do)) == len(do) - 1)[:, None, None])


MISTAKES = {   # name -> backward pass, the gradients that it leaves right
    "horizontal term dropped": (recursion(horizontal=lambda da, W: 0 * da), "U b_y"),
    "transpose missing": (recursion(horizontal=lambda da, W: da @ W.T), "U b_y"),
    "h_t for h_{t-1}": (recursion(states=lambda h: h[1:]), "V U b_h b_y h_0 x"),
    "h_0 taken for zero": (recursion(states=lambda h: np.r_[0 * h[:1], h[1:-1]]), "V U b_h b_y h_0 x"),
    "f' missing": (recursion(slope=lambda run: np.ones_like(run.a)), "U b_y"),
    "f' of h": (recursion(slope=lambda run: run.f.slope(run.h[1:])), "U b_y"),
    "mean over the batch": (recursion(total=lambda rows: rows.mean(1).sum(0)), "h_0 x"),
    "mean over time": (recursion(total=lambda rows: rows.sum(1).mean(0)), "h_0 x"),
    "sign": (recursion(vertical=-1), "U b_y"),
    "only the last loss": (only_last_loss, ""),
    "off by one part in a million": (lambda *args: (g := bptt(*args))._replace(W=g.W * (1 + 1e-6)), "V U b_h b_y h_0 x"),
    "one entry not a number": (lambda *args: (g := bptt(*args))._replace(b_h=np.r_[np.nan, g.b_h[1:]]), "V W U b_y h_0 x"),
    "all entries not a number": (lambda *args: Gradients(*(g * np.nan for g in bptt(*args))), ""),
    "an entry infinite": (lambda *args: (g := bptt(*args))._replace(b_y=np.r_[np.inf, g.b_y[1:]]), "V W U b_h h_0 x"),
    "zero everywhere": (lambda *args: Gradients(*(0 * g for g in bptt(*args))), ""),
}


@pytest.mark.parametrize("loss", [rnn.cross_entropy, rnn.squared_error])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_every_planted_mistake_is_found_in_the_gradients_it_spoils(mistake, loss):
    backward, right = MISTAKES[mistake]
    found = check(make_case(loss=loss), backward=backward)
    assert not found.ok
    assert "WRONG" in str(found)
    assert {name for name, error in found.complex_step.items() if error <= 1e-10} == set(right.split())


def test_the_recursion_without_a_mistake_is_right():
    assert check(make_case(), backward=recursion()).ok


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("loss", [rnn.cross_entropy, rnn.squared_error])
@pytest.mark.parametrize("f", [rnn.tanh, rnn.relu])
@pytest.mark.parametrize("B", [None, 1, 2])
def test_bptt_is_right_and_a_good_network_raises_no_warning(B, f, loss, masked):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = check(make_case(B=B, f=f, loss=loss, masked=masked))
    assert found.ok
    assert found.blind == ()
    assert set(found.complex_step) == set(found.central_difference) == set(Gradients._fields)
    assert str(found).endswith("right")


@few
@given(cases)
def test_bptt_is_right_whatever_the_shapes(case):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BlindInputs)
        found = check(case)
    assert max(found.complex_step.values()) <= 1e-10


def changed(case, **parts):
    return case._replace(params=case.params._replace(**parts))


GOOD = make_case()
BLIND = {   # the words that name the blind spot -> a network that has it and no other
    "T = 1 has no horizontal step": make_case(T=1),
    "T = 2 has one horizontal step": make_case(T=2),
    "H = 1": make_case(H=1),
    "W is symmetric": changed(GOOD, W=GOOD.params.W + GOOD.params.W.T),
    "W is nearly 0": changed(GOOD, W=GOOD.params.W / 1e4),
    "h_0 = 0": GOOD._replace(h_0=0 * GOOD.h_0),
    "a bias is 0: using it twice": changed(GOOD, b_y=0 * GOOD.params.b_y),
    "a bias is 0": changed(GOOD, b_h=0 * GOOD.params.b_h),
    "f' is nearly 0 at every unit": changed(GOOD, b_h=GOOD.params.b_h + 12),
    "x = 0": GOOD._replace(x=0 * GOOD.x),
    "no step has a loss": GOOD._replace(mask=np.zeros((5, 2))),
    "only the first step has a loss": GOOD._replace(mask=np.eye(5)[:, [0, 0]]),
    "only the last step has a loss": GOOD._replace(mask=np.eye(5)[:, [4, 4]]),
    "U = 0": changed(GOOD, U=0 * GOOD.params.U),
    "f' is the same everywhere": make_case(f=rnn.identity),
    "float32 has seven digits": make_case(dtype=np.float32),
}


@pytest.mark.parametrize("words", BLIND)
def test_a_blind_spot_is_named_in_a_warning(words):
    case = BLIND[words]
    with pytest.warns(BlindInputs, match=f"these inputs cannot expose every mistake: {words}") as caught:
        found = check(case)
    assert len(caught) == len(found.blind) == 1
    assert caught[0].filename == __file__
    run = case.forward()
    assert found.blind == blind_spots(case.params, run, case.loss(run.o, case.y, case.mask)[1])
    assert found.blind[0] in str(found)


@pytest.mark.parametrize(("words", "mistake", "unseen"), [
    ("T = 1 has no horizontal step", "horizontal term dropped", "V W U b_h b_y x"),
    ("W is symmetric", "transpose missing", "V W U b_h b_y h_0 x"),
    ("H = 1", "transpose missing", "V W U b_h b_y h_0 x"),
    ("h_0 = 0", "h_0 taken for zero", "V W U b_h b_y h_0 x"),
    ("f' is the same everywhere", "f' missing", "V W U b_h b_y h_0 x")])
def test_a_blind_spot_really_hides_its_mistake(words, mistake, unseen):
    with pytest.warns(BlindInputs):
        found = check(BLIND[words], backward=MISTAKES[mistake][0])
    assert all(found.complex_step[name] <= 1e-10 for name in unseen.split())


def test_blind_spots_are_all_named_at_once():
    case = make_case(T=1, H=1, f=rnn.identity)
    assert len(blind_spots(case.params, case.forward())) == 3


def test_no_initial_state_is_a_blind_spot_too():
    with pytest.warns(BlindInputs, match="h_0 = 0"):
        assert gradcheck(GOOD.params, GOOD.x, GOOD.y).ok


def test_right_float32_gradients_need_a_wider_tolerance():
    case = BLIND["float32 has seven digits"]
    with pytest.warns(BlindInputs):
        assert not check(case).ok
    with pytest.warns(BlindInputs):
        assert check(case, tolerance=1e-5).ok


def test_central_differences_object_even_when_the_complex_step_is_told_to_tolerate():
    assert not check(GOOD, tolerance=1e-2, backward=lambda *args: (g := bptt(*args))._replace(W=g.W * 1.001)).ok


def test_a_backward_pass_may_leave_out_h_0_and_x():
    Five = namedtuple("Five", "V W U b_h b_y")
    found = check(GOOD, backward=lambda *args: Five(*bptt(*args)[:5]))
    assert found.ok
    assert set(found.complex_step) == set(Five._fields)


def test_a_gradient_of_the_wrong_shape_is_refused_with_both_shapes():
    with pytest.raises(ValueError, match=r"the gradient of V must have its shape, \(4, 3\), got \(3, 4\)"):
        check(GOOD, backward=lambda *args: (g := bptt(*args))._replace(V=g.V.T))


def test_a_backward_pass_that_returns_too_little_is_told_what_lacks():
    with pytest.raises(TypeError, match=r"must return gradients with .V .W .U .b_h .b_y, got NoneType without V, W, U, b_h, b_y"):
        check(GOOD, backward=lambda *args: None)


def test_a_gradient_much_smaller_than_the_loss_is_not_called_wrong_by_central_differences():
    case = changed(GOOD, b_h=GOOD.params.b_h + 6)
    assert check(case).ok


def test_gradcheck_and_its_routes_leave_their_arguments_as_they_were():
    case = make_case(masked=True)
    before = [array.tobytes() for array in (*case.params, case.x, case.y, case.h_0, case.mask)]
    check(case)
    assert [array.tobytes() for array in (*case.params, case.x, case.y, case.h_0, case.mask)] == before


@pytest.mark.parametrize("route", [central_difference, complex_step])
def test_the_numerical_routes_differentiate_every_entry(route):
    value = np.array([[0.3, -1.2, 2.0], [0.0, 0.7, -0.1]])
    weights = np.arange(6.0).reshape(2, 3)
    got = route(lambda v: (weights * np.sin(v)).sum(), value)
    tolerance = 1e-14 if route is complex_step else 1e-8
    np.testing.assert_allclose(got, weights * np.cos(value), rtol=tolerance, atol=tolerance)
    assert_leaves_its_arguments_alone(lambda v: route(lambda u: (u ** 3).sum(), v), value)


@pytest.mark.parametrize("route", [central_difference, complex_step])
def test_a_function_that_writes_into_its_argument_spoils_nothing(route):
    def careless(v):
        v *= v
        return v.sum()
    value = np.array([1.0, -2.0])
    np.testing.assert_allclose(route(careless, value), [2, -4], rtol=1e-8)
    assert value.tolist() == [1, -2]


@pytest.mark.parametrize("route", [central_difference, complex_step])
def test_the_numerical_routes_take_lists_whole_numbers_and_single_numbers(route):
    np.testing.assert_allclose(route(lambda v: (v ** 2).sum(), [1, 2]), [2, 4], rtol=1e-8)
    np.testing.assert_allclose(route(lambda v: v ** 2, 3.0), 6, rtol=1e-8)


def test_the_complex_step_is_exact_where_central_differences_are_not():
    slope = np.exp(1.0)
    assert relative_error(complex_step(np.exp, 1.0), slope) < 1e-15
    assert 1e-12 < relative_error(central_difference(np.exp, 1.0), slope) < 1e-8


def test_relative_error_is_the_largest_difference_over_the_largest_entry():
    assert relative_error([1.0, 4.0], [1.0, 5.0]) == 0.2
    assert relative_error([1.0, 5.0], [1.0, 4.0]) == 0.2
    assert relative_error([-2.0], [2.0]) == 2


def test_zero_against_zero_is_right_and_zero_against_anything_else_is_wrong():
    assert relative_error(np.zeros((2, 3)), np.zeros((2, 3))) == 0
    assert relative_error(0, 1e-300) == relative_error(1e-300, 0) == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("other", [0.0, 1.0, np.nan, np.inf])
def test_relative_error_is_infinite_as_soon_as_one_entry_is_not_finite(bad, other):
    assert relative_error([1.0, bad], [1.0, other]) == np.inf
    assert relative_error([1.0, other], [1.0, bad]) == np.inf
    assert relative_error([bad], [other]) == np.inf
    assert relative_error([other], [bad]) == np.inf


@pytest.mark.parametrize(("got", "expected"), [
    (np.ones(3), np.ones((3, 1))), (np.ones(3), 1.0), (np.ones((2, 3)), np.ones((3, 2)))])
def test_relative_error_refuses_two_shapes(got, expected):
    with pytest.raises(ValueError, match=r"two gradients must have one shape, got .* and "):
        relative_error(got, expected)


def test_a_numerical_route_that_gives_nan_in_one_gradient_only_is_never_right():
    def loss(o, y, mask):                                   # NaN when one score alone is nudged: for U and b_y
        losses, do = rnn.cross_entropy(o, y, mask)
        nudged_alone = np.iscomplexobj(o) and not o.imag.any(axis=(0, 1)).all()
        return losses * (np.nan if nudged_alone else 1), do
    assert not check(GOOD._replace(loss=loss)).ok


# honest: where the point is at fault, not the backward pass

LEAKY = rnn.Activation("leaky", lambda a: np.where(a.real > 0, a, .1 * a), lambda a: np.where(a.real > 0, 1.0, .1))
SOFTSIGN = rnn.Activation("softsign", lambda a: a / (1 + np.abs(a)), lambda a: 1 / (1 + np.abs(a)) ** 2)
HALF = rnn.Activation("half", np.tanh, lambda a: (1 - np.tanh(a) ** 2) / 2)


def at_a_kink(f):
    case = make_case(f=f, B=None)
    return changed(case._replace(x=case.x * (np.arange(5) > 0)[:, None], h_0=0 * case.h_0), b_h=0 * case.params.b_h)


ALIKE = changed(make_case(B=None), **{name: np.full_like(p, .2) for name, p in make_case().params._asdict().items()})
SATURATED = changed(GOOD, b_h=GOOD.params.b_h + 10)


@pytest.mark.filterwarnings("ignore::rnn_lib.BlindInputs")
@pytest.mark.parametrize(("case", "words"), [
    (at_a_kink(rnn.relu), "relu has a kink at some a_t: there is no derivative"), (at_a_kink(LEAKY), "leaky has a kink"),
    (make_case(f=SOFTSIGN), "softsign is not analytic (abs, sign and the like)"),
    (make_case(dtype=np.float32), "float32 has seven digits: check in float64"),
    (SATURATED, "units are saturated")])
def test_a_right_pass_is_not_called_wrong_where_the_point_is_at_fault(case, words):
    found = check(case, tolerance=1e-12)
    assert not found.ok
    assert found.undecided
    assert words in "\n".join(found.doubts)
    assert f"NOT DECIDED: {', '.join(found.undecided)}\n{found.doubts[0]}" in str(found)
    assert "WRONG" not in str(found)


def one_unit_at_a_kink(f):
    case = make_case(f=f, B=None)
    V, W, _, b_h, _ = case.params
    first = np.arange(4) == 0
    return changed(case, V=V * ~first[:, None], W=W * ~first[:, None], b_h=b_h * ~first)


def lossy(loss):
    case = make_case(B=None)
    return case._replace(y=0 * case.forward().o, loss=loss, mask=None)


RNG = np.random.default_rng(0)
OTHER_LOSSES = {
    "L1": lossy(lambda o, y, mask: (np.abs(o - y).sum(-1), np.sign(o - y))),
    "norm": lossy(lambda o, y, mask: (np.linalg.norm(o, axis=-1) ** 2 / 2, o)),
    "real": lossy(lambda o, y, mask: ((o.real ** 2).sum(-1) / 2, o.real)),
    "noise": lossy(lambda o, y, mask: ((o ** 2).sum(-1) / 2 + 1e-3 * RNG.standard_normal(), o)),
    "dropout": make_case(f=rnn.Activation("dropout", lambda a: np.tanh(a) * RNG.random(), lambda a: 1 - np.tanh(a) ** 2))}


@pytest.mark.filterwarnings("ignore::rnn_lib.BlindInputs")
@pytest.mark.parametrize(("name", "words"), [
    *((name, "the loss is not analytic (abs, a norm, .real and the like)") for name in ("L1", "norm", "real")),
    ("noise", "the loss gives other numbers at a second call"), ("dropout", "dropout gives other numbers at a second call")])
def test_a_loss_or_an_f_that_has_no_complex_step_or_no_derivative_is_told_so_and_nothing_else(name, words):
    found = check(OTHER_LOSSES[name])
    assert found.undecided
    assert len(found.doubts) == 1
    assert words in found.doubts[0]


@pytest.mark.filterwarnings("ignore::rnn_lib.BlindInputs")
@pytest.mark.parametrize("f", [rnn.relu, LEAKY])
def test_at_the_kink_of_one_unit_the_others_decide(f):
    assert check(one_unit_at_a_kink(f)).undecided
    found = check(one_unit_at_a_kink(f), backward=lambda *args: (g := bptt(*args))._replace(W=g.W.T))
    assert (found.ok, found.undecided) == (False, ())


def test_a_pass_that_keeps_something_is_wrong_from_the_first_call_on():
    kept = np.zeros_like(GOOD.params.W)
    def backward(*args):
        gradients = bptt(*args)
        kept[:] += gradients.W
        return gradients._replace(W=kept)
    for _ in range(2):
        assert "WRONG\nbackward gives other gradients at a second call (W)" in str(check(GOOD, backward=backward))


def test_gradients_in_float32_are_not_called_wrong():
    found = check(GOOD, backward=lambda *args: Gradients(*map(np.float32, bptt(*args))))
    assert found.undecided
    assert found.doubts == ("the gradients of backward are float32, which has seven digits",)


@pytest.mark.filterwarnings("ignore::rnn_lib.BlindInputs")
@pytest.mark.parametrize("case", [at_a_kink(rnn.relu), make_case(f=SOFTSIGN), make_case(dtype=np.float32), SATURATED])
def test_a_wrong_pass_is_called_wrong_there_too(case):
    found = check(case, backward=lambda *args: (g := bptt(*args))._replace(U=1.1 * g.U))
    assert (found.ok, found.undecided) == (False, ())
    assert "WRONG" in str(found)


def test_a_slope_that_is_not_that_of_its_function_is_told():
    found = check(make_case(f=HALF))
    assert not found.ok
    assert "f.slope and the derivative of half differ by 5.0e-01" in str(found)


@pytest.mark.filterwarnings("ignore::rnn_lib.BlindInputs")
def test_a_gradient_of_0_with_rounding_noise_is_right_and_a_wrong_one_in_its_place_is_not():
    found = check(ALIKE)
    assert found.ok
    assert found.doubts == ()
    assert not check(ALIKE, backward=lambda *args: (g := bptt(*args))._replace(W=g.W + 1e-12)).ok


def test_a_pass_that_writes_into_its_arguments_is_told_so_and_changes_nothing_outside():
    def careless(params, run, do):
        gradients = bptt(params, run, do)
        params.W[:] -= .1
        do *= 0
        return gradients
    before = GOOD.params.W.copy()
    found = check(GOOD, backward=careless)
    assert not found.ok
    assert "backward has written into W, do: weights and records must stay as they are" in str(found)
    assert np.array_equal(GOOD.params.W, before)


@pytest.mark.filterwarnings("ignore::rnn_lib.BlindInputs")
@pytest.mark.parametrize(("loss", "scale", "floor"), [(rnn.cross_entropy, 1, 1e-4), (rnn.cross_entropy, 1e3, 1e-4),
                                                      (rnn.squared_error, 1, None)])
def test_central_differences_count_as_absolute_below_a_ten_thousandth_of_the_loss_and_of_1(loss, scale, floor):
    case = changed(make_case(loss=loss, B=None), U=1e-7 * make_case().params.U, b_y=scale * make_case().params.b_y)
    if floor is None:                                          # a loss far below 1
        case = case._replace(y=case.forward().o + 1e-3)
    total = abs(case.total_loss())
    limit = 1e-5 * 1e-4 * max(1, total)
    def off_by(error):
        return check(case, tolerance=1e9, backward=lambda *args: (g := bptt(*args))._replace(W=g.W + error * (np.eye(4) > 0)))
    assert off_by(.8 * limit).ok
    assert not off_by(1.25 * limit).ok
