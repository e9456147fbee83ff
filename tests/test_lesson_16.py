"""Exercises of lesson 16: a VJP, what detach cuts, and the two modes."""
from xml.etree import ElementTree

import numpy as np
import pytest
import touch
from exercises import blank
from pictures import parts

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import explorers
from rnn_lib.diagrams.tape import kept
from rnn_lib.diagrams.wording import lowered
from rnn_lib.explorers.tape import _step


def my_vjp(W, u, dh):
    da = dh / np.cosh(W @ u) ** 2
    return da[:, None] * u, da @ W


def by_complex_step(W, u, dh):
    """The derivative of dh · tanh(W u), entry by entry."""
    def slope(i, j=None):
        V, v = W.astype(complex), u.astype(complex)
        if j is None:
            v[i] += 1e-20j
        else:
            V[i, j] += 1e-20j
        return (dh @ np.tanh(V @ v)).imag / 1e-20
    return (np.array([[slope(i, j) for j in range(len(u))] for i in range(len(W))]), np.array([slope(i) for i in range(len(u))]))


@pytest.mark.parametrize("answer", [my_vjp, by_complex_step, lambda *given: list(my_vjp(*given))])
def test_every_right_product_is_right(answer):
    assert check.q16_1(answer).ok


@pytest.mark.parametrize(("answer", "status", "sentence"), [
    (blank, "not attempted", ""), (lambda W, u, dh: (my_vjp(W, u, dh)[0], ...), "not finished", "still open: du"),
    (lambda W, u, dh: my_vjp(W, u, dh)[::-1], "wrong", "return dW first, then du"),
    (lambda W, u, dh: (my_vjp(W, u, dh)[0], W @ dh), "wrong", "du: f' is missing, and W is the wrong way round"),
    (lambda W, u, dh: (my_vjp(W, u, dh)[0], (1 - np.tanh(W @ u) ** 2) * (W.T @ dh)), "wrong", "du: the order: going back"),
    (lambda W, u, dh: (np.outer(da := np.diag(1 - np.tanh(W @ u) ** 2) * dh, u), W.T @ da), "wrong", "da has become a matrix"),
    (lambda W, u, dh: (np.outer(dh, u), W.T @ dh), "wrong", "between h and W u stands tanh"),
    (lambda W, u, dh: (my_vjp(W, u, dh)[0].T, my_vjp(W, u, dh)[1]), "wrong", "dW: transposed"),
    (lambda W, u, dh: (u @ dh, my_vjp(W, u, dh)[1]), "wrong shape", "outer product"),
    (lambda W, u, dh: my_vjp(W, u, dh)[0], "wrong", "must return dW, du"),
    (lambda W, u, dh: (my_vjp(W, u, dh)[0] + 1, my_vjp(W, u, dh)[1]), "wrong", "dW has the right shape")])
def test_a_wrong_product_is_told_why(answer, status, sentence):
    verdict = check.q16_1(answer)
    assert verdict.status == status
    assert sentence in verdict.message


def test_the_terms_that_detach_leaves_are_those_of_windows():
    t, k = np.mgrid[1:10, 1:10]
    window = np.searchsorted([3, 7], np.arange(1, 10))                # of each step: detached after 3 and 7
    left = (k <= t) & (window[t - 1] == window[k - 1])
    assert (left.sum(), (k <= t).sum()) == (19, 45)
    assert check.q16_2(int(left.sum()), int(left[7].sum())).ok
    assert check.q16_2(np.int64(19), 1.0).ok


@pytest.mark.parametrize(("answer", "status", "sentence"), [
    ((19, ...), "not finished", "still open: uses_of_loss_8"), ((45, 1), "wrong", "terms_left: nothing is cut then"),
    ((29, 2), "wrong", "uses_of_loss_8: the window is 8, 9"), ((18, 1), "wrong", "three windows of 3 steps"),
    ((17, 1), "wrong", "draw the triangle"),
    (("many", 1), "not understood", "two whole numbers"), ((19,), "not understood", "two whole numbers"),
    ((np.nan, 1), "wrong", "draw the triangle")])
def test_a_wrong_count_is_told_why(answer, status, sentence):
    verdict = check.q16_2(*answer)
    assert verdict.status == status
    assert sentence in verdict.message


def of_passes(*counts):
    return dict(zip(("a_forward", "a_reverse", "b_forward", "b_reverse"), counts, strict=True))


@pytest.mark.parametrize(("answer", "status", "sentence"), [
    (of_passes(1000, 1, 2, 500), "right", "back for a, and forward for b"),
    ([1000, 1, 2, 500], "right", "start where there are few"),
    (of_passes(1, 1000, 500, 2), "wrong", "changed places"),
    (of_passes(1000, 500, 2, 500), "wrong", "a_reverse: the loss is one"),
    (of_passes(7, 1, 2, 500), "wrong", "a_forward: a pass forward starts at one parameter"),
    (of_passes(1000, 1, 2, ...), "not finished", "b_reverse"),
    (of_passes("many", 1, 2, 500), "not understood", "without quotes"), ("reverse", "not understood", "dict(a_forward=")])
def test_the_passes_of_the_two_modes(answer, status, sentence):
    verdict = check.q16_3(answer)
    assert verdict.status == status
    assert sentence in verdict.message




def test_the_network_of_a_step_is_this_product():
    rng = np.random.default_rng(5)
    params = rnn.init_parameters(2, 4, 3, rng)
    run = rnn.forward(params, rng.standard_normal((1, 2)), rng.standard_normal(4))
    do = rnn.cross_entropy(run.o, [1])[1]
    inside = np.hstack([params.W, params.V, params.b_h[:, None]])
    dW, du = my_vjp(inside, np.concatenate([run.h[0], run.x[0], [1]]), do[0] @ params.U)
    assert rnn.relative_error(dW[:, :4], rnn.bptt(params, run, do).W) < 1e-12
    assert rnn.relative_error(du[:4], rnn.bptt(params, run, do).h_0) < 1e-12


# ---- the tape --------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def tape():
    return touch.check(explorers.tape(T=2))


def test_the_tape_opens_on_the_way_back_where_one_of_two_gradients_has_arrived_at_h_1(tape):
    assert tape.value["move"] == 12
    assert tape.picture().caption.startswith("The line of a₂ is answered.")
    assert "dh₁" not in drawn_letters(tape.pictures[12])
    assert "dh₁" in drawn_letters(tape.pictures[14])


def drawn_letters(picture):
    """The symbols of a picture, with their subscripts in place."""
    return {lowered("".join(text.itertext())) for text in touch.elements(picture) if text.tag.endswith("text")}


def test_every_line_says_what_had_arrived_before_it_is_answered(tape):
    captions = [picture.caption.replace("\u00a0", " ") for picture in tape.pictures]
    assert "Two gradients had arrived at h₁, Wᵀ da₂ from a₂ and Uᵀ do₁ from o₁. Their sum is dh₁" in captions[15]
    assert "One gradient had arrived at h₂, Uᵀ do₂ from o₂." in captions[11]
    assert len(set(captions)) == len(captions)
    assert "every gradient is there" in captions[16]


@pytest.mark.parametrize("T", [1, 2, 5])
def test_the_tape_is_longest_when_the_forward_pass_ends_and_grows_with_T(T):
    lines = [line for t in range(1, T + 1) for line in _step(t)]
    held = [len(kept(lines, move)) for move in range(2 * len(lines) + 1)]
    assert held[0] == held[-1] == 0
    assert max(held) == held[len(lines)] == 4 * T + 1            # x, h, ŷ and y of each step, and h_0


def test_a_touched_line_lights_what_it_reads_and_no_other_node(tape):
    lights = {mark.get("data-lights") for mark in touch.marks(tape.pictures[12])}
    assert {"op0 h0 x1", "op1 a1", "op2 h1", "op3 o1", "op4 h1 x2"} <= lights
    for name in ("x1", "h0", "a2"):
        assert parts(tape.pictures[12], name)


def test_either_half_of_a_line_leads_to_its_own_moment(tape):
    for move, picture in enumerate(tape.pictures):
        assert {f"move={stop}" for stop in range(1, 17)} <= set(touch.sets(picture)), move


def test_a_line_that_is_written_waits_until_it_is_answered(tape):
    for move, picture in enumerate(tape.pictures):
        assert picture.svg.count(">waits<") == min(move, 16 - move), move


def test_a_product_entry_by_entry_is_answered_as_the_lesson_says():
    r, h, dz = np.random.default_rng(6).standard_normal((3, 4))
    assert rnn.relative_error(h * dz, rnn.complex_step(lambda r: (r * h) @ dz, r)) < 1e-12
    assert rnn.relative_error(r * dz, rnn.complex_step(lambda h: (r * h) @ dz, h)) < 1e-12


def test_with_three_steps_two_states_wait_for_two_gradients_and_the_last_one_for_one():
    explorer = touch.check(explorers.tape(T=3))
    captions = [picture.caption for picture in explorer.pictures]
    for h, said in (("h₃", "One gradient"), ("h₂", "Two gradients"), ("h₁", "Two gradients")):
        assert any(caption.startswith(f"The line of {h} is answered. {said} had arrived at {h}") for caption in captions[13:])
    assert all(float(ElementTree.fromstring(picture.svg).get("width")) <= 940 for picture in explorer.pictures)


def test_how_many_products_the_two_directions_need():
    """Per step, for D = H, K = 4 and the 20 steps of the lesson; every product of numbers in `bptt` and in `rtrl`."""
    def of(H, K=4, T=20):
        back = 4 * H ** 2 + 2 * K * H                                          # dW, dV, W' da, V' da; dU, U' do
        columns = H * (2 * H + 1) + H + T * H                                  # dh/dW, dV, db_h; dh_0; dx
        return back, columns * (H ** 2 + H)                                    # J_t times each, and dL_t/dh_t times each
    (small, forward_8), (large, forward_32) = of(8), of(32)
    assert forward_8 / small > 50
    assert forward_32 / large > 500
    assert (32 ** 2, 8 ** 2, 32 ** 2 / 8 ** 2, 32 ** 3 / 8 ** 3) == (1024, 64, 16, 64)      # as the vote counts, for W alone
