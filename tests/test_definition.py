"""The definition (8), the recursion (9)-(14) and the forward route: one number, four ways."""
import numpy as np
import pytest
from hypothesis import given
from networks import assert_close, assert_leaves_its_arguments_alone, cases, few, make_case

import rnn_lib as rnn

ROUTES = [rnn.bptt_by_definition, rnn.rtrl]
USED_ON_THE_WAY = ["V", "W", "b_h"]


def backward(case):
    run = case.forward()
    return run, case.loss(run.o, case.y, case.mask)[1]


@few
@given(cases)
def test_definition_recursion_forward_mode_and_complex_step_agree(case):
    run, do = backward(case)
    start = dict(case.params._asdict(), h_0=case.h_0, x=case.x)
    recursion = rnn.bptt(case.params, run, do)
    routes = [route(case.params, run, do) for route in ROUTES]
    for name, value in start.items():
        exact = rnn.complex_step(lambda v, n=name: case.total_loss(**{n: v}), value)
        for gradients in (recursion, *routes):
            assert_close(getattr(gradients, name), exact)


@few
@given(cases)
def test_contributions_add_up_to_the_gradient_and_shares_to_one(case):
    run, do = backward(case)
    gradients = rnn.bptt(case.params, run, do)
    for name in USED_ON_THE_WAY:
        C, G = rnn.contributions(case.params, run, do, name), getattr(gradients, name)
        assert_close(C.sum((0, 1)), G, 1e-12)
        if (G != 0).any():
            shares = (C * G).reshape(*C.shape[:2], -1).sum(-1) / (G * G).sum()
            assert abs(shares.sum() - 1) < 1e-11


def test_no_loss_says_anything_about_a_later_use():
    case = make_case(T=5)
    C = rnn.contributions(case.params, *backward(case), "W")
    assert not C[np.triu_indices(5, 1)].any()
    assert all(C[t, k].any() for t in range(5) for k in range(t + 1))


def test_a_row_is_the_gradient_of_one_loss():
    case = make_case(T=4)
    run, do = backward(case)
    C = rnn.contributions(case.params, run, do, "W")
    for t in range(4):
        only = np.zeros_like(do)
        only[t] = do[t]
        assert_close(C[t].sum(0), rnn.bptt(case.params, run, only).W)


def test_a_shorter_sequence_is_the_corner_of_the_triangle():
    case = make_case(T=6)
    run, do = backward(case)
    shorter = rnn.forward(case.params, case.x[:3], case.h_0)
    assert_close(rnn.contributions(case.params, shorter, do[:3], "W"), rnn.contributions(case.params, run, do, "W")[:3, :3])


@pytest.mark.parametrize("B", [None, 2])
def test_the_jacobian_is_how_h_t_moves_when_h_k_moves(B):
    case = make_case(T=4, B=B)
    run, H = case.forward(), case.params.W.shape[0]
    later = rnn.forward(case.params, case.x[1:], run.h[1], case.f)
    assert_close(later.h[0], run.h[1])
    def h_4(unit):
        return rnn.complex_step(lambda h: rnn.forward(case.params, case.x[1:], h, case.f).h[3][..., unit].sum(), run.h[1])
    exact = np.stack([h_4(unit) for unit in range(H)], axis=-2)
    assert_close(rnn.jacobian(case.params, run, 4, 1), exact)


def test_the_jacobian_from_a_step_to_itself_is_the_identity():
    case = make_case(B=None)
    np.testing.assert_array_equal(rnn.jacobian(case.params, case.forward(), 3, 3), np.eye(4))


def test_the_later_jacobian_stands_on_the_left():
    case = make_case(B=None)
    run = case.forward()
    J = {i: rnn.jacobian(case.params, run, i, i - 1) for i in (2, 3)}
    assert_close(rnn.jacobian(case.params, run, 3, 1), J[3] @ J[2])
    assert rnn.relative_error(J[3] @ J[2], J[2] @ J[3]) > 0.01


@pytest.mark.parametrize(("t", "k"), [(1, 2), (6, 1), (3, -1)])
def test_a_step_that_is_not_there_has_no_jacobian(t, k):
    case = make_case()
    with pytest.raises(ValueError, match=f"0 <= k <= t <= T = 5, got t = {t}, k = {k}"):
        rnn.jacobian(case.params, case.forward(), t, k)


def test_only_parameters_on_the_way_to_h_have_a_triangle():
    case = make_case()
    with pytest.raises(ValueError, match=r"name must be .*got 'U'"):
        rnn.contributions(case.params, *backward(case), "U")


@pytest.mark.parametrize("route", [*ROUTES, lambda *args: rnn.contributions(*args, "V")])
def test_a_do_of_another_shape_is_refused(route):
    case = make_case()
    with pytest.raises(ValueError, match=r"do must be as the scores = \(5, 2, 3\), got \(4, 2, 3\)"):
        route(case.params, case.forward(), np.zeros((4, 2, 3)))


@pytest.mark.parametrize("route", [*ROUTES, rnn.bptt, lambda *args: rnn.contributions(*args, "b_h")])
@pytest.mark.parametrize("B", [None, 2])
def test_the_routes_leave_their_arguments_alone(route, B):
    case = make_case(T=3, B=B)
    assert_leaves_its_arguments_alone(route, case.params, *backward(case))
