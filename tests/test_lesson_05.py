import re

import numpy as np
import pytest
from exercises import blank, solution_of
from lessons import PATHS, read
from pictures import fits, parts, said, shown, texts, words
from touch import check as check_touch
from touch import marks

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib.copies import copy_gradients, forward_with_copies
from rnn_lib.definition import dh_by_loss
from rnn_lib.diagrams.sweeps import sweep
from rnn_lib.diagrams.wording import signed
from rnn_lib.explorers import named_copies, sweeps
from rnn_lib.explorers.two_directions import Measured, flows

EXERCISES = [check.q05_1, check.q05_2, check.q05_3]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_blank_answer_is_not_attempted(exercise):
    assert exercise(...).status == "not attempted"


@pytest.mark.parametrize("exercise", EXERCISES[1:])
def test_a_stub_that_raises_is_not_attempted(exercise):
    assert exercise(blank).status == "not attempted"


@pytest.mark.parametrize(("exercise", "name"), [
    (check.q05_1, "my_row"), (check.q05_2, "nudge_one"), (check.q05_3, "both_routes")])
def test_the_published_solution_is_judged_right(exercise, name):
    verdict = exercise(solution_of(exercise)[name])
    assert verdict.ok, verdict


def nudged(copies, where, step):
    moved = copies.copy()
    moved[where] += step
    return moved


def slope(loss, copies, where, step):
    return (loss(nudged(copies, where, step)) - loss(nudged(copies, where, -step))) / (2 * step)


def one_in_place(loss, copies, k, i, j, step):
    copies[k - 1, i, j] += step
    up = loss(copies)
    copies[k - 1, i, j] -= 2 * step
    return (up - loss(copies)) / (2 * step)


def one_nudged_the_shared_matrix(loss, copies, k, i, j, step):
    return slope(loss, copies, (slice(None), i, j), step)


def one_with_one_array(loss, copies, k, i, j, step):
    up = down = copies
    up[k - 1, i, j] += step
    down[k - 1, i, j] -= step
    return (loss(up) - loss(down)) / (2 * step)


def one_by_complex_step(loss, copies, k, i, j, step):
    return loss(nudged(copies.astype(complex), (k - 1, i, j), 1e-20j)).imag / 1e-20


WRONG_ONE = [
    (one_with_one_array, "only another name"), (one_by_complex_step, "more exact than asked"),
    (lambda loss, c, k, i, j, s: slope(loss, c, (k - 1, i, j), s / 2), "one step apart"),
    (lambda loss, c, k, i, j, s: (loss(nudged(c, (k - 1, i, j), s)) - loss(c)) / s, "one-sided"),
    (lambda loss, c, k, i, j, s: (loss(nudged(c, (k - 1, i, j), s)) - loss(c)) / (2 * s), "half as large"),
    (lambda loss, c, k, i, j, s: (loss(c) - loss(nudged(c, (k - 1, i, j), -s))) / s, "one-sided"),
    (lambda loss, c, k, i, j, s: 2 * s * slope(loss, c, (k - 1, i, j), s), "the change of the loss"),
    (lambda loss, c, k, i, j, s: 2 * slope(loss, c, (k - 1, i, j), s), "twice too large"),
    (lambda loss, c, k, i, j, s: slope(loss, c, (k - 1, i, j), s) / 2, "half as large as it should be"),
    (lambda loss, c, k, i, j, s: -slope(loss, c, (k - 1, i, j), s), "sign is flipped"),
    (one_nudged_the_shared_matrix, "this is the shared W and not one copy"),
    (lambda loss, c, k, i, j, s: slope(loss, c, (k, i, j), s), "counted from 1 in the formulas"),
    (lambda loss, c, k, i, j, s: slope(loss, c, (k - 1, j, i), s), "i and j are swapped"),
    (lambda loss, c, k, i, j, s: slope(loss, c, k - 1, s), "only entry"),
    (one_in_place, " in place: work on a new array"),
    (lambda loss, c, k, i, j, s: (loss(c + s) - loss(c - s)) / (2 * s), "every entry of every copy"),
    (lambda loss, c, k, i, j, s: loss(nudged(c, at := (k - 1, i, j), s)) - loss(nudged(c, at, -s)) / 2 * s, "both in brackets"),
    (lambda *args: np.nan, "NaN"),
    (lambda *args: None, "NaN|return"),
    (lambda loss, c, k, i, j, s: undefined, "NameError"),       # noqa: F821
]


@pytest.mark.parametrize(("answer", "sentence"), WRONG_ONE)
def test_every_wrong_way_to_nudge_one_copy_gets_its_sentence(answer, sentence):
    verdict = check.q05_2(answer)
    assert verdict.status == "wrong"
    assert re.search(sentence, verdict.message), verdict


def test_the_slope_of_one_copy_must_be_a_single_number():
    assert check.q05_2(lambda loss, c, *rest: c).status == "wrong shape"
    assert check.q05_2(3.5).status == "wrong"


def both(change=lambda together, summed, T, step: (together, summed)):
    def answer(loss, copies, i, j, step):
        T = len(copies)
        together = slope(loss, copies, (slice(None), i, j), step)
        summed = sum(slope(loss, copies, (k, i, j), step) for k in range(T))
        return change(together, summed, T, step)
    return answer


def both_with(summed):
    """Together as it should be.   summed: (slope of copy k, T) -> the second value"""
    def answer(loss, copies, i, j, step):
        of_copy = [slope(loss, copies, (k, i, j), step) for k in range(len(copies))]
        return slope(loss, copies, (slice(None), i, j), step), summed(of_copy)
    return answer


def both_one_sided(loss, copies, i, j, step):
    def forward(where):
        return (loss(nudged(copies, where, step)) - loss(copies)) / step
    return forward((slice(None), i, j)), sum(forward((k, i, j)) for k in range(len(copies)))


def both_never_put_back(loss, copies, i, j, step):
    up, down, summed = copies.copy(), copies.copy(), 0
    for k in range(len(copies)):
        up[k, i, j] += step
        down[k, i, j] -= step
        summed += (loss(up) - loss(down)) / (2 * step)
    return slope(loss, copies, (slice(None), i, j), step), summed


def both_in_place(loss, copies, i, j, step):
    copies[:, i, j] += step
    return both()(loss, copies, i, j, step)


WRONG_BOTH = [
    (both(lambda a, b, T, s: (a, b / T)), "summed: divided by T"),
    (both(lambda a, b, T, s: (a / T, b / T)), "together and summed: divided by T"),
    (both(lambda a, b, T, s: (a / T, b)), "together: divided by T"),
    (both_one_sided, "^one-sided"),
    (lambda *given: (both()(*given)[0], both_one_sided(*given)[1]), "^summed is one-sided"),
    (lambda *given: (both_one_sided(*given)[0], both()(*given)[1]), "^together is one-sided"),
    (both(lambda a, b, T, s: (2 * s * a, 2 * s * b)), "together and summed: 0.02 times"),
    (both(lambda a, b, T, s: (2 * a, 2 * b)), "twice too large"),
    (both(lambda a, b, T, s: (a, 2 * s * b)), "summed adds up changes"),
    (both(lambda a, b, T, s: (a, T * a)), "T times too large"),
    (both(lambda a, b, T, s: (a, a)), "summed is the same computation as together"),
    (both(lambda a, b, T, s: (b, b)), "together and summed are one and the same"),
    (both(lambda a, b, T, s: (b, a)), "the other way round"),
    (both_with(lambda of_copy: sum(of_copy[1:])), "copy 1 is missing"),
    (both_with(lambda of_copy: sum(of_copy[:-1])), "the last copy is missing"),
    (both_never_put_back, "put a copy back"), (both(lambda a, b, T, s: (-a, -b)), "sign is flipped"),
    (lambda loss, c, i, j, s: both()(loss, c, j, i, s), "i and j are swapped"),
    (both_in_place, " in place: work on a new array"),
    (lambda *args: (np.nan, np.nan), "NaN"),
    (lambda *args: 1.0, "must return together, summed"),
]


@pytest.mark.parametrize(("answer", "sentence"), WRONG_BOTH)
def test_every_wrong_way_to_nudge_all_copies_gets_its_sentence(answer, sentence):
    verdict = check.q05_3(answer)
    assert verdict.status == "wrong"
    assert re.search(sentence, verdict.message), verdict


def test_the_right_answer_says_how_close_the_two_routes_are():
    message = check.q05_3(both()).message
    together, summed = check.q05_3.code.expected[0]
    assert f"{together:.6f}" == f"{summed:.6f}"
    assert f"Both are {together:.6f}, and".replace("-", "−") in message
    assert f"differ by {abs(together - summed):.0e}, which shrinks like the square of the nudge" in message


@pytest.mark.parametrize("answer", [["+", "-", "+", "-", "0"], ("+", "−", "+", "−", 0), "+-+-0", "+, -, +, -, 0",
                                    np.array(["+", "-", "+", "-", "0"]), [1, -1, 1, -1, 0], np.array([1., -1, 1, -1, 0]),
                                    ["plus", "minus", "plus", "minus", 0], ["+1", "-1", "+1", "-1", "0"]])
def test_the_signs_of_a_row_may_be_written_in_several_ways(answer):
    assert check.q05_1(answer).ok


@pytest.mark.parametrize(("answer", "sentence"), [
    ([-1, 1, -1, 1, 0], "turned round"),
    ("-+-+0", "turned round"), ("0-+-+", "wrong order"), ("----0", "not all the same"), ("++++0", "not all the same"),
    ("+-+-+", "copy 5 is used after"), ("0+-+-", "copy 5 is used after"), ("000-0", "copy 1 is used on the way"),
    ("+0+-0", "copy 2 is used on the way"), ("+--+0", "start with copy 4"),
    ("+-+-", "write five signs"), ("+1-10", "write five signs"), (3, "write five signs"), ({"+", "-", "0"}, "write five signs")])
def test_every_wrong_row_of_signs_gets_its_sentence(answer, sentence):
    verdict = check.q05_1(answer)
    assert verdict.status == ("not understood" if sentence == "write five signs" else "wrong")
    assert sentence in verdict.message


def test_the_signs_of_the_row_are_those_of_a_network_with_one_unit_as_the_lesson_describes_it():
    params = rnn.Parameters(*(np.array(value) for value in ([[.5]], [[-.5]], [[1.]], [.3], [0.])))
    x, h_0, y = np.ones((5, 1)), np.ones(1), np.full((5, 1), 2.)
    run = rnn.forward(params, x, h_0)
    assert (run.h > 0).all()
    assert (run.o < y).all()                                                # a target above the prediction
    row = Measured(params, x, y, h_0, (0, 0), rnn.tanh, rnn.squared_error).losses[3]
    assert "".join("+" if value > 0 else "-" if value < 0 else "0" for value in row) == "".join(check.q05_1.due["my_row"])


def test_what_is_still_open_is_said():
    assert check.q05_1(["+", ..., "+", "-", "0"])[:2] == ("not finished", "still open: my_row")


def test_a_better_difference_than_asked_is_told_to_be_one():
    def fifth_order(loss, copies, k, i, j, step):
        near, far = (slope(loss, copies, (k - 1, i, j), s) for s in (step, 2 * step))
        return (4 * near - far) / 3
    assert "more exact than asked" in check.q05_2(fifth_order).message
    assert "more exact than asked" in check.q05_2(lambda loss, c, k, i, j, s: slope(loss, c, (k - 1, i, j), s / 10)).message


@pytest.fixture(scope="module")
def network():
    """The network of the lesson"""
    rng = np.random.default_rng(36)
    params = rnn.init_parameters(D=3, H=5, K=4, rng=rng)
    return params, rng.standard_normal((12, 3)), rng.standard_normal(5), rng.integers(4, size=12)


@pytest.fixture(scope="module")
def explorer(network):
    params, x, h_0, y = network
    return named_copies(params, x, y, h_0, entry=(3, 2))


def by_copy(network, T):
    """(T,): dL/dW(k) at [3, 2] for a sequence cut after T steps, by a route the explorer does not take"""
    params, x, h_0, y = network
    return copy_gradients(params, x[:T], y[:T], h_0)[:, 3, 2]


def by_W(network, T):
    params, x, h_0, y = network
    run = rnn.forward(params, x[:T], h_0)
    return rnn.bptt(params, run, rnn.cross_entropy(run.o, y[:T])[1]).W[3, 2]


@pytest.mark.parametrize("T", [1, 2, 4, 12])
@pytest.mark.parametrize("back", [False, True])
def test_the_feet_of_the_columns_are_the_gradients_of_the_copies_and_the_corner_is_that_of_W(T, back, explorer, network):
    picture = shown(explorer, T=T, back=back)
    assert [words(picture, f"f{k}")[0] for k in range(1, T + 1)] == [signed(value) for value in by_copy(network, T)]
    assert words(picture, "all") == [signed(by_W(network, T))]
    assert f"W itself: {signed(by_W(network, T))} per nudge." in said(picture, "all")


@pytest.mark.parametrize("T", [1, 6])
def test_backpropagation_computes_the_feet_of_the_columns_one_term_per_copy(T, network):
    params, x, h_0, y = network
    run = rnn.forward(params, x[:T], h_0)
    do, da, terms = rnn.cross_entropy(run.o, y[:T])[1], np.zeros(5), []
    for t in range(T, 0, -1):
        da = (do[t - 1] @ params.U + da @ params.W) * (1 - run.h[t] ** 2)
        terms.insert(0, np.outer(da, run.h[t - 1]))
    assert np.array(terms)[:, 3, 2] == pytest.approx(by_copy(network, T), rel=1e-10)
    assert sum(terms) == pytest.approx(rnn.bptt(params, run, do).W, rel=1e-10)


@pytest.mark.parametrize(("T", "k"), [(1, 1), (4, 1), (4, 3), (12, 1), (12, 12)])
def test_a_touched_copy_says_which_losses_it_moves_and_by_how_much(T, k, explorer, network):
    picture = shown(explorer, T=T, back=False)
    column = said(picture, f"w{k}")
    assert column == said(picture, f"f{k}")
    assert f"Σₜ = {signed(by_copy(network, T)[k - 1])} per nudge." in column
    assert ("exactly as before" in column) == (k > 1)


def test_an_edge_is_named_after_its_copy(explorer):
    assert [words(shown(explorer, T=4, back=False), f"w{k}")[0] for k in range(1, 5)] == ["W(1)", "W(2)", "W(3)", "W(4)"]


def test_one_loss_sends_and_several_send(explorer):
    picture = shown(explorer, T=3, back=True)
    assert said(picture, "f3").startswith("L₃ sends back to copy 3: Σₜ = ")
    assert said(picture, "f2").startswith("L₂ and L₃ send back to copy 2: Σₜ = ")
    assert said(picture, "r2").startswith("L₂ sends back to copies 1 and 2: Σₖ = ")
    lengths = "Length of its gradient: 1.4 at h₄, 0.7 at h₃, 0.3 at h₂, 0.2 at h₁."                 # those of the lesson's text
    assert said(shown(explorer, T=6, back=True), "r4").endswith(lengths)
    assert said(picture, "c3-2").startswith("L₃ sends ")


def test_the_ripple_reaches_every_later_step_and_no_earlier_one(explorer):
    svg = shown(explorer, T=4, back=False)
    for k in range(1, 5):
        *bars, wave = parts(svg, f"n{k}")
        assert sum(e.tag.endswith("path") for e in wave.iter()) == 2 * (2 * (4 - k) + 1)        # line and head of each arrow
        assert words(svg, f"n{k}")[:-1] == [words(svg, f"c{t}-{k}")[-1] for t in range(k, 5)]
        assert sum(e.tag.endswith("rect") for bar in bars for e in bar.iter()) == 4 - k + 1
        assert f"n{k}" in parts(svg, f"w{k}")[0].get("data-lights").split()


def test_measured_and_derived_are_the_same_numbers(explorer):
    for T in (1, 5, 12):
        there, back = (shown(explorer, T=T, back=back) for back in (False, True))
        cells = [f"c{t}-{k}" for t in range(1, T + 1) for k in range(1, t + 1)]
        assert [words(there, cell) for cell in cells] == [[*filter(None, words(back, cell))] for cell in cells]


def test_a_thicker_edge_means_a_larger_change(network):
    params, x, h_0, y = network
    measured = Measured(params, x, y, h_0, (3, 2), rnn.tanh, rnn.cross_entropy)
    nudged = np.stack([params.W] * 12)
    nudged[0, 3, 2] += 1e-6
    moved = np.linalg.norm(forward_with_copies(params, nudged, x, h_0).h[1:] - rnn.forward(params, x, h_0).h[1:], axis=1) / 1e-6
    assert measured.states[:, 0] == pytest.approx(moved, rel=1e-3, abs=1e-8)
    assert (measured.states[:2, 2] == 0).all()
    run = rnn.forward(params, x, h_0)
    do = rnn.cross_entropy(run.o, y)[1]
    gradients = dh_by_loss(params, run, do)
    assert gradients[4, 2] == pytest.approx(do[4] @ params.U @ rnn.jacobian(params, run, 5, 3), rel=1e-10)
    down, left = flows(gradients, 6)                            # as thick as the arrows of T = 6: what passes, from all losses
    sent = [rnn.bptt(params, rnn.forward(params, x[t:6], run.h[t]), do[t:6]).h_0 for t in range(1, 6)]
    assert left[1:] == pytest.approx(np.linalg.norm(sent, axis=1), rel=1e-10)
    assert down == pytest.approx(np.linalg.norm(do[:6] @ params.U, axis=1), rel=1e-10)


def test_a_gold_arrow_ends_above_its_column_which_is_lit_with_its_foot(explorer):
    picture = shown(explorer, T=6, back=True)
    for k in range(1, 7):
        head = next(e.get("d") for e in parts(picture, f"use{k}")[0].iter() if e.get("d", "").endswith("l-5 -9h10Z"))
        x, y = map(float, re.match(r"M([\d.]+) ([\d.]+)", head).groups())
        cell = next(e for e in parts(picture, f"c{k}-{k}")[0].iter() if e.tag.endswith("rect"))
        assert x == pytest.approx(float(cell.get("x")) + float(cell.get("width")) / 2, abs=.6)
        assert 0 < float(cell.get("y")) - y <= 2                                # its tip is free: above the top of its column
    assert "col2" in parts(picture, "w2")[0].get("data-lights").split()
    assert not {"col2", "use2"} & set(parts(picture, "r4")[0].get("data-lights").split())          # a row lights its cells only
    assert "use2" in parts(picture, "c4-2")[0].get("data-lights").split()                         # one cell: through its use, too


def texts_of(picture, name):
    """What is written at the arrows that show while this class is lit."""
    wave = next(part for part in parts(picture, name) if "when" in part.get("class"))
    return ["".join(e.itertext()) for e in wave.iter() if e.tag.endswith("text")]


def widths(svg, name, k=0):
    """Of the arrows that show while this class is lit, the straight lines from left to right or from bottom to top."""
    wave = next(part for part in parts(svg, name)[k:] if "when" in part.get("class"))
    return [float(e.get("stroke-width")) for e in wave.iter() if e.get("fill") == "none" and e.tag.endswith("path")]


def test_an_arrow_is_as_thick_as_what_it_leads_to_moves_the_nudged_edge_too(explorer, network):
    params, x, h_0, y = network
    moved = Measured(params, x, y, h_0, (3, 2), rnn.tanh, rnn.cross_entropy).states
    picture = shown(explorer, T=6, back=False)
    assert widths(picture, "use1") == [8.0]                                 # copy 1 moves h_1 most of all
    for k in range(1, 7):
        assert widths(picture, f"use{k}") == [pytest.approx(1.5 + 6.5 * moved[k - 1, k - 1] / moved.max(), abs=.006)]


def test_a_gradient_of_one_loss_runs_back_as_thick_as_it_is_long(explorer, network):
    params, x, h_0, y = network
    run = rnn.forward(params, x, h_0)
    gradients = dh_by_loss(params, run, rnn.cross_entropy(run.o, y)[1])
    most = max(max(map(max, flows(gradients, T))) for T in range(1, 13))
    picture = shown(explorer, T=6, back=True)
    expected = [np.linalg.norm(gradients[3, k - 1]) for k in (4, 1, 2, 3)]   # from L_4, then into h_1, h_2 and h_3
    assert expected[3] / expected[0] == pytest.approx(.5, abs=.01)                # half of it is lost on the first step
    assert expected[2] / expected[3] < .45                                   # and more than half of the rest on the second
    assert widths(picture, "g4") == pytest.approx([1.5 + 6.5 * length / most for length in expected], abs=.006)
    assert "g4" in parts(picture, "r4")[0].get("data-lights").split()
    assert sorted(texts_of(picture, "g4")) == sorted(f"{length:.1f}" for length in expected)
    long, together = np.linalg.norm(gradients[:6, :6], axis=-1), np.linalg.norm(gradients[2:6, 1].sum(0))
    assert all((np.diff(row[:t + 1]) > 0).all() for t, row in enumerate(long))             # shorter at every step back
    assert long[3, 1] < together / 3                                         # h_3 to h_2: thin alone, thick together
    assert long[2, 1] > .8 * together                                                       # most of it is that of L_3


def test_every_picture_of_the_copies_fits_and_all_that_can_be_touched_leads_somewhere(explorer):
    fits(check_touch(explorer))


def test_a_cell_and_its_bar_look_the_same_at_every_T(explorer):
    for T in range(3, 13):
        now, longest = shown(explorer, T=T, back=False).svg, shown(explorer, T=12, back=False).svg
        for look in (r'"cell c3-1 .*?/>', r'"when row3".*?</g>'):
            assert re.search(look, now)[0] == re.search(look, longest)[0]


@pytest.mark.parametrize("T_max", [1, 3])
def test_the_copies_can_be_shown_for_any_length_and_loss(T_max, network):
    params, x, h_0, _ = network
    y = np.random.default_rng(0).standard_normal((T_max, 4))
    explorer = named_copies(params, x[:T_max], y, h_0, loss=rnn.squared_error)
    expected = rnn.bptt(params, run := rnn.forward(params, x[:T_max], h_0), rnn.squared_error(run.o, y)[1]).W[0, 0]
    assert words(shown(explorer, T=T_max), "all") == [signed(expected)]


@pytest.mark.parametrize("T", [1, 4, 6])
def test_the_sweeps_go_forward_through_every_step_and_back_again(T):
    explorer = check_touch(sweeps(T))
    fits(explorer)
    captions = [picture.caption for picture in explorer.pictures]
    assert captions[0].startswith("Given")
    assert [c.split(":")[0] for c in captions[1:]] == [f"Forward, step {t}" for t in range(1, T + 1)] + \
        [f"Backward, step {t}" for t in range(T, 0, -1)] + ["Backward, the end"]
    assert "none comes from the right" in captions[T + 1]
    assert all("two gradients meet" in c for c in captions[T + 2:-1])
    for picture in explorer.pictures[1:]:                                   # the column where one is repeats no order to go there
        assert [mark.get("data-says") for mark in marks(picture) if mark.get("aria-current")] == [None]
    assert ["dh0" in texts(picture) for picture in explorer.pictures] == [False] * (2 * T + 1) + [True]


def test_the_backward_sweep_turns_the_arrows_it_has_reached():
    assert sweep(3, 2).body.count("stroke-dasharray") == 0
    assert sweep(3, 3, back=True).body.count("stroke-dasharray") == 2   # U and the loss of step 3
    assert sweep(3, 1, back=True).body.count("stroke-dasharray") == 8   # and those of 2 and 1, and W into 3 and 2
    assert sweep(3, 0, back=True).body.count("stroke-dasharray") == 9   # and W into 1


def test_a_longer_sequence_keeps_the_sums_at_the_left_and_changes_those_below(explorer):
    short, long = (shown(explorer, T=T, back=False) for T in (3, 6))
    assert [words(short, f"r{t}") for t in (1, 2, 3)] == [words(long, f"r{t}") for t in (1, 2, 3)]
    assert all(words(short, f"f{k}") != words(long, f"f{k}") for k in (1, 2, 3))
    assert [words(picture, "all") for picture in (short, long)] == [["−0.35"], ["+0.59"]]
    assert sum(bool(parts(long, f"c{t}-{k}")) for t in range(1, 7) for k in range(1, 7)) == 21


def test_the_gradient_at_two_scores_is_as_the_review_says():
    do = rnn.cross_entropy(np.log([[.3, .5, .2]]), [0])[1]
    assert do[0, :2] == pytest.approx([-.7, .5])


def test_arrows_turn_round_as_soon_as_the_gradient_runs_back(explorer):
    there, back = (shown(explorer, T=4, back=back) for back in (False, True))
    assert [words(back, name)[0] for name in ("w2", "u2")] == ["W(2)⊤", "U⊤"]
    for name in ("w2", "u2", "v2"):
        dashed = ["stroke-dasharray" in e.attrib for e in parts(back, name)[0].iter()]
        assert any(dashed) == (name != "v2")                                # inputs get no gradient here
        assert (tips(there, name) == tips(back, name)) == (name == "v2")


def tips(picture, name):
    """Where the head of an edge points."""
    return [e.get("d").split("L")[0] for e in parts(picture, name)[0].iter() if e.get("d", "").endswith("Z")]


@pytest.mark.parametrize(("value", "text"), [(0.314, "+0.31"), (-0.04, "−0.04"), (-0.001, "0.00"), (0.0, "0.00"), (1.5, "+1.50")])
def test_numbers_are_written_with_their_sign(value, text):
    assert signed(value) == text


def test_a_sum_of_rounded_numbers_is_wrong_by_two_hundredths_at_most(explorer, network):
    picture = shown(explorer, T=6, back=False)
    def number(name):
        return float(words(picture, name)[0].replace("−", "-"))
    sums = [(f"r{t}", [f"c{t}-{k}" for k in range(1, t + 1)]) for t in range(1, 7)]
    sums += [(f"f{k}", [f"c{t}-{k}" for t in range(k, 7)]) for k in range(1, 7)]
    wrong = [abs(float(words(picture, name)[0].split()[-1].replace("−", "-")) - sum(map(number, cells))) for name, cells in sums]
    assert .005 < max(wrong) < .025


def test_the_bars_of_a_row_are_its_sum_and_the_picture_opens_with_a_copy_that_leaves_no_loss_as_it_was(explorer):
    assert explorer.held == "f1"                                            # which losses stay is the first question
    picture = shown(explorer, T=6, back=False)
    assert "as before" not in said(picture, "f1")
    assert said(picture, "f3").startswith("Copy 3 is nudged: L₃ to L₆ together change by Σₜ = +0.35 per nudge. L₁ and L₂ stay")
    assert words(picture, "all") == ["+0.59"] == words(picture, "c4-4")[:1]
    assert words(picture, "c4-3") == ["−0.15"] * 2                          # the number that the text reads first, and its bar
    for t in range(1, 7):
        bar = next(part for part in parts(picture, f"row{t}") if "when" in part.get("class"))
        assert "".join(bar.itertext()) == words(picture, f"r{t}")[0].split()[-1]
        assert all(len(words(picture, f"c{t}-{k}")) == 2 and len({*words(picture, f"c{t}-{k}")}) == 1 for k in range(1, t + 1))


def test_the_gradient_of_L4_is_as_long_as_the_lesson_says_on_its_way_back():
    lesson = "\n".join(cell.source for cell in read(PATHS[5]).cells)
    told = re.search(r"its length goes from ([\d.]+) at \$h_4\$ to ([\d.]+) at \$h_3\$ and ([\d.]+) at \$h_2\$", lesson).groups()
    rng = np.random.default_rng(36)
    params = rnn.init_parameters(D=3, H=5, K=4, rng=rng)
    x, h_0, y = rng.standard_normal((12, 3)), rng.standard_normal(5), rng.integers(4, size=12)
    run = rnn.forward(params, x, h_0)
    do = rnn.cross_entropy(run.o, y)[1]
    lengths = [np.linalg.norm(do[3] @ params.U @ rnn.jacobian(params, run, 4, k)) for k in (4, 3, 2)]
    assert [*map(float, told)] == pytest.approx(lengths, abs=.05)


def test_a_complex_step_of_the_given_size_is_told_what_it_is():
    def nudge_one(loss, copies, k, i, j, step):
        nudged = copies + 0j
        nudged[k - 1, i, j] += 1j * step
        return np.imag(loss(nudged)) / step
    assert "this is the complex step" in check.q05_2(nudge_one).message
