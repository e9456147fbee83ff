import re

import numpy as np
import pytest
import touch
from exercises import blank, solution_of
from lessons import PATHS, ran, read
from pictures import fits, parts, shown, texts, words
from touch import check as check_touch

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib.checks import lesson_08
from rnn_lib.clinic import MISTAKES
from rnn_lib.explorers import graph_rule, two_orders
from rnn_lib.explorers.two_orders import column_first, row_first

EXERCISES = [check.q08_1, check.q08_2, check.q08_3]
ROWS, COLUMNS = (4, -11, 27), (12, 3, 5)


def my_dW(params, run, do, *, step=range, before=lambda da: da, term=lambda da, dh, run, k: np.outer(da, run.h[k - 1])):
    """The recursion, with places to go wrong in."""
    slope, dW, da = run.f.slope(run.a), np.zeros_like(params.W), np.zeros(len(params.W))
    for k in step(len(do), 0, -1):
        dh = do[k - 1] @ params.U + before(da) @ params.W
        da = slope[k - 1] * dh
        dW = dW + term(da, dh, run, k)
    return dW


def in_place(params, run, do):
    do *= 2
    return rnn.bptt(params, run, do).W


# ---- exercises -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("exercise", "answers"), [(check.q08_1, 1), (check.q08_2, 1), (check.q08_3, 2)])
def test_a_blank_answer_is_not_attempted(exercise, answers):
    assert exercise(*[...] * answers).status == "not attempted"


def test_a_stub_that_raises_is_not_attempted_and_a_half_filled_answer_not_finished():
    assert check.q08_2(blank).status == "not attempted"
    assert check.q08_3(ROWS, ...)[:2] == ("not finished", "still open: my_columns")


TERMS = {"s": [6], "r": [5, 24], "q": [58, 18]}


@pytest.mark.parametrize("answer", [TERMS, TERMS | {"s": 6, "r": (24, 5.0)}, TERMS | {"q": np.array([18, 58])},
                                    [[6], [24, 5], {18, 58}]])
def test_the_terms_of_the_small_graph_may_come_in_any_order(answer):
    assert check.q08_1(answer).ok


@pytest.mark.parametrize(("node", "terms", "sentence"), [
    ("s", [3, 4], "enter the node"), ("s", [24], "straight to the loss"), ("r", [5], "leads to s"), ("r", [24], "straight to L"),
    ("r", [5, 4], "not yet a term"), ("r", [2], "enter the node"), ("r", 29, "one by one"), ("r", [5, 6], "two arrows leave r"),
    ("q", [58], "skips r"), ("q", [18], "leads to r"), ("q", [2, 3], "not yet a term"), ("q", 76, "one by one"),
    ("q", [10, 18], "whole gradient of r"), ("q", [48, 18], "whole gradient of r"), ("q", [10, 48, 18], "three paths"),
    ("q", [58, 18, 48], "two arrows leave q"), ("q", "58 + 18", "write a list"), ("q", [[58], [18]], "write a list")])
def test_every_wrong_list_of_terms_gets_its_sentence(node, terms, sentence):
    verdict = check.q08_1(TERMS | {node: terms})
    assert verdict.status == ("not understood" if sentence == "write a list" else "wrong")
    assert sentence in verdict.message


def test_the_terms_of_the_small_graph_are_derivatives():
    def loss(q, r=0, s=0):
        r = r + 2 * q
        s = s + 3 * q + 4 * r
        return 5 * r + 6 * s
    assert [loss(0, s=1), loss(0, r=1), loss(1)] == [sum(TERMS[node]) for node in "srq"]


def test_the_published_solutions_are_judged_right():
    assert check.q08_1(solution_of(check.q08_1)["my_terms"]).ok
    assert check.q08_2(solution_of(check.q08_2)["my_dW"]).ok
    by_hand = solution_of(check.q08_3)
    assert check.q08_3(by_hand["my_rows"], by_hand["my_columns"]).ok


@pytest.mark.parametrize("answer", [lambda p, run, do: column_first(p, run, do)[-1].value * 0 + my_dW(p, run, do),
                                    lambda p, run, do: my_dW(p, run, do).tolist(),
                                    lambda p, run, do: np.float32(my_dW(p, run, do))])
def test_every_right_route_to_dW_is_judged_right(answer):
    assert check.q08_2(answer).ok


def test_a_loop_in_a_loop_is_right_and_yet_not_what_is_asked_for():
    verdict = check.q08_2(lambda p, run, do: sum(piece.value for piece in row_first(p, run, do)))
    assert verdict.status == "not yet right"
    assert "the right dW, but by a loop in a loop" in verdict.message


@pytest.mark.parametrize(("answer", "name"), [
    (lambda p, run, do: rnn.bptt(p, run, do).W, "rnn.bptt"),
    (lambda p, run, do: rnn.bptt_by_definition(p, run, do).W, "rnn.bptt_by_definition")])
def test_a_call_of_the_library_for_dW_is_told_to_be_one(answer, name):
    verdict = check.q08_2(answer)
    assert verdict.status == "wrong"
    assert f"{name} does it for you: write it yourself" in verdict.message


WRONG_dW = [
    (lambda p, run, do: my_dW(p, run, do, before=lambda da: 0 * da), "One of the two paths"),
    (lambda p, run, do: my_dW(p._replace(W=p.W.T), run, do), "In code v is a row|Which matrix takes da_t back"),
    (lambda p, run, do: my_dW(p, run, do, term=lambda da, dh, run, k: np.outer(da, run.h[k])), "its partner is not"),
    (lambda p, run, do: my_dW(p, run, do, term=lambda da, dh, run, k: np.outer(dh, run.h[k - 1])), "enter a_t, not h_t"),
    (lambda p, run, do: my_dW(p, run, do, step=lambda T, end, step: range(T, 1, -1)), "exactly one term is missing"),
    (lambda p, run, do: my_dW(p, run, do, step=lambda T, end, step: range(1, T + 1)), "runs from 1 to T"),
    (lambda p, run, do: my_dW(p, run, do, step=lambda T, end, step: range(T - 1, 0, -1)), "Step T has a loss too"),
    (lambda p, run, do: my_dW(p, run, do).T, "which index of dW"),
    (lambda p, run, do: -my_dW(p, run, do), "points the other way"),
    (lambda p, run, do: my_dW(p, run, do) / len(do), "divided by T: is there a mean"),
    (lambda p, run, do: column_first(p, run, do)[-1].value, "the term of t = 1"),
    (lambda p, run, do: my_dW(p, run, do) - column_first(p, run, do)[-1].value, "exactly one term is missing"),
    (lambda p, run, do: my_dW(p, run, do, step=lambda T, end, step: range(T - 1, -1, -1)), "which is the last one"),
    (lambda p, run, do: my_dW(p, run, do, term=lambda da, dh, run, k: da * run.h[k - 1]), "spread it over"),
    (lambda p, run, do: my_dW(p, run, do, term=lambda da, dh, run, k: da @ run.h[k - 1]), "spread it over"),
    (lambda p, run, do: np.outer(do[len(do)] @ p.U, run.h[0]), "which row belongs to step t"),
    (lambda p, run, do: 1.5 * my_dW(p, run, do), "dW: 1.5 times what it should be"),
    (lambda p, run, do: np.nan * my_dW(p, run, do), "NaN"),
    (lambda p, run, do: None, "return"),
    (lambda p, run, do: (my_dW(p, run, do), 3), "return dW alone"),
    (lambda p, run, do: rnn.bptt(p, run, do), "return dW alone"),
    (in_place, " in place: work on a new array"),
    (lambda p, run, do: p.U @ do[0], "your code stopped at"),
    (3.5, "pass the function itself"),
]


def test_a_loop_that_puts_nothing_into_dW_is_not_finished():
    verdict = check.q08_2(lambda p, run, do: 0 * p.W)
    assert (verdict.status, verdict.message) == ("not finished", "dW: zeros only: is it filled in yet?")


@pytest.mark.parametrize(("answer", "sentence"), WRONG_dW)
def test_every_wrong_dW_gets_its_sentence(answer, sentence):
    verdict = check.q08_2(answer)
    assert verdict.status == "wrong"
    assert re.search(sentence, verdict.message), verdict


def test_dW_with_the_slope_of_the_wrong_step_is_recognised():
    def answer(params, run, do):
        slope, dW, dh = run.f.slope(run.a), 0, np.zeros(len(params.W))
        for k in range(len(do), 0, -1):
            dh = do[k - 1] @ params.U + (slope[k - 1] * dh) @ params.W
            dW = dW + np.outer(slope[k - 1] * dh, run.h[k - 1])
        return dW
    assert "you pass f once. At which step?" in check.q08_2(answer).message


def test_a_start_that_is_a_plain_number_is_told_to_be_a_vector():
    def answer(params, run, do):
        da = 0
        for t in range(len(do), 0, -1):
            da = run.f.slope(run.a)[t - 1] * (do[t - 1] @ params.U + da @ params.W)
        return da
    assert "a vector of H zeros" in check.q08_2(answer).message


def by_turns(turn):
    """dW from a loop.   turn: (slope and h_k at step k, W, own, carried) -> (da_k, carried on)"""
    def answer(params, run, do):
        slope, dW, carried = run.f.slope(run.a), 0, np.zeros(len(params.W))
        for k in range(len(do), 0, -1):
            da, carried = turn(slope[k - 1], run.h[k], run.h[k - 1], params.W, do[k - 1] @ params.U, carried)
            dW = dW + np.outer(da, run.h[k - 1])
        return dW
    return answer


def piled_up(slope, h, before, W, own, carried):
    da = slope * (own + carried)
    return da, carried + da @ W


def never_new(slope, h, before, W, own, carried):
    da = slope * (own + carried)
    return da, own + carried + da @ W


def with_slope(slope_of):
    def turn(slope, h, before, W, own, carried):
        da = slope_of(h, before) * (own + carried)
        return da, da @ W
    return turn


def no_bracket(slope, h, before, W, own, carried):
    da = slope * own + carried
    return da, da @ W


@pytest.mark.parametrize(("turn", "sentence"), [
    (piled_up, "where = is due"), (never_new, "where = is due"), (no_bracket, "a bracket missing"),
    (with_slope(lambda h, before: 1 - before ** 2), "but of which step"),
    (with_slope(lambda h, before: 1 - h), "square is missing")])
def test_a_turn_of_the_loop_that_goes_wrong_is_recognised(turn, sentence):
    assert check.q08_2(by_turns(with_slope(lambda h, before: 1 - h ** 2))).ok
    verdict = check.q08_2(by_turns(turn))
    assert verdict.status == "wrong"
    assert sentence in verdict.message, verdict


def test_a_matrix_for_each_use_is_told_to_add_up():
    def answer(params, run, do):
        return np.array([piece.value for piece in column_first(params, run, do)])
    assert check.q08_2(answer).status == "wrong shape"
    assert "still to be added up" in check.q08_2(answer).message
    assert check.q08_2(lambda p, run, do: p.V).status == "wrong shape"


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_every_mistake_of_the_clinic_that_spoils_dW_is_recognised(mistake):
    cases = lesson_08.CASES
    spoilt = any(rnn.relative_error(mistake.backward(*case).W, rnn.bptt(*case).W) > 1e-9 for case in cases)
    verdict = check.q08_2(lambda p, run, do: mistake.backward(p, run, do).W)
    assert verdict.ok != spoilt
    assert "entries differ" not in verdict.message
    assert mistake.line not in verdict.message


def test_the_networks_of_the_judge_hide_nothing():
    for case in lesson_08.CASES:
        assert rnn.blind_spots(*case) == ()


def test_the_cells_by_hand_are_the_contributions_of_a_network_with_these_numbers():
    f = rnn.Activation("any", None, lambda a: np.array([[1], [.5], [.25]]))
    run = rnn.Forward(np.zeros((3, 1)), np.zeros((3, 1)), np.array([[2.], [3], [5], [7]]), np.zeros((3, 1)), f)
    params = rnn.Parameters(*(np.full(shape, value) for shape, value in
                              (((1, 1), 1.), ((1, 1), 4.), ((1, 1), 2.), ((1,), 0.), ((1,), 0.))))
    C = rnn.contributions(params, run, np.array([[1.], [-1], [2]]), "W")[..., 0, 0]
    assert tuple(C.sum(1)) == ROWS
    assert tuple(C.sum(0)) == COLUMNS
    assert check.q08_3(list(C.sum(1)), list(C.sum(0))).ok


@pytest.mark.parametrize(("rows", "columns", "sentence"), [
    (COLUMNS, ROWS, "changed places"), ((4, -3, 5), COLUMNS, "k = t only"), (ROWS, (4, -3, 5), "k = t only"),
    (ROWS, (16, 6, 5), "that is loss 3 alone"), ((4, -8, 16), COLUMNS, "that is use 1 alone"),
    (ROWS, (18, 5, 7), "you multiplied with h_k"), (ROWS, (6, 1, 1), "these are the da"), (ROWS, (5, 3, 12), "wrong order"),
    (ROWS, (12, 15, 20), "holds the ones before it"), ((4, -7, 20), COLUMNS, "holds the ones before it"),
    ((2, -5.5, 13.5), COLUMNS, "the factor u"), ((0, -8, 22), COLUMNS, "k = t are missing"),
    ((5, -12, 27), COLUMNS, "the right total, 20"), ((4, -10, 27), COLUMNS, "not the total: number 2 is the first that is wrong"),
    ((4, np.nan, 27), COLUMNS, "NaN"),
    ("abc", COLUMNS, "must be numbers"), (ROWS, (np.nan,) * 3, "NaN")])
def test_every_wrong_sum_by_hand_gets_its_sentence(rows, columns, sentence):
    verdict = check.q08_3(rows, columns)
    assert verdict.status == "wrong"
    assert sentence in verdict.message
    assert not any(f"instead of {value}" in verdict.message for value in (*ROWS, *COLUMNS))


@pytest.mark.parametrize("rows", [(4, 27), 20, [ROWS]])
def test_sums_by_hand_of_another_shape_are_said_to_be(rows):
    assert check.q08_3(rows, COLUMNS).status == "wrong shape"


def test_no_two_mistakes_by_hand_give_one_answer():
    for axis in (0, 1):
        sums = [tuple(table.sum(axis)) for table, _ in lesson_08.TABLES]
        assert len({*sums, ROWS, COLUMNS}) == len(sums) + 2


@pytest.mark.parametrize("more", [lambda sums: [sums], lambda sums: [[part] for part in sums], lambda sums: np.array([sums])])
def test_right_sums_with_one_more_axis_are_told_so(more):
    for answer in ((more(ROWS), COLUMNS), (ROWS, more(COLUMNS))):
        verdict = check.q08_3(*answer)
        assert verdict.status == "wrong shape"
        assert "right, but with one more axis of length 1" in verdict.message


def test_the_lesson_counts_the_products_of_both_orders():
    names = ran(read(PATHS[8]), "08-01", "08-03", "08-23", "08-23c")
    for T in (1, 6, 12):
        given = (names["params"], *names["network"](T))
        assert names["row_first"](*given)[1] == T * (T - 1) // 2
        assert names["column_first"](*given)[1] == T - 1
    assert [f"{after / before:.1f}" for before, after in ((15, 66), (5, 11))] == ["4.4", "2.2"]


# ---- what the explorers count and show -------------------------------------------------------------------------------

class Counted(np.ndarray):
    """A matrix that counts the vectors multiplied with it."""
    products = 0

    def __rmatmul__(self, left):
        Counted.products += 1
        return np.asarray(left) @ np.asarray(self)


def network(T):
    """The network of the lesson"""
    rng = np.random.default_rng(2)
    params = rnn.init_parameters(D=3, H=4, K=2, rng=rng)
    x, h_0, y = rng.standard_normal((12, 3)), rng.standard_normal(4), rng.integers(2, size=12)
    run = rnn.forward(params, x[:T], h_0)
    return params, run, rnn.cross_entropy(run.o, y[:T])[1]


def counted(order, T):
    params, run, do = network(T)
    Counted.products = 0
    made = order(params._replace(W=params.W.view(Counted)), run, do)
    return made, Counted.products


@pytest.mark.parametrize("T", range(1, 13))
def test_the_numbers_on_the_counters_are_products_really_made(T):
    cells, by_row = counted(row_first, T)
    uses, by_column = counted(column_first, T)
    assert cells[-1].products == by_row == T * (T - 1) // 2
    assert uses[-1].products == by_column == T - 1


@pytest.mark.parametrize("T", [1, 2, 6, 12])
def test_both_orders_make_the_pieces_that_the_definition_has(T):
    params, run, do = network(T)
    C = rnn.contributions(params, run, do, "W")
    for piece in row_first(params, run, do):
        assert rnn.relative_error(piece.value, C[piece.t - 1, piece.k - 1]) < 1e-12
    for piece in column_first(params, run, do):
        assert rnn.relative_error(piece.value, C[:, piece.k - 1].sum(0)) < 1e-12


@pytest.mark.parametrize("T", [1, 2, 6])
def test_the_two_orders_fill_up_to_the_same_hundred_per_cent(T):
    explorer = check_touch(two_orders(*network(T)))
    fits(explorer)
    assert len(explorer.pictures) == max(T * (T - 1) // 2, 1) + 1
    assert words(explorer.pictures[-1], "all") == ["100 %", "100 %"]
    done = {f"{T * (T + 1) // 2} of {T * (T + 1) // 2} cells ✓", f"{T} of {T} columns ✓"}
    assert done <= set(texts(explorer.pictures[-1]))
    assert T < 3 or f"{T * (T - 1) // 2} products rows first, {T - 1} columns first" in explorer.pictures[-1].caption


def test_a_frame_shows_the_shares_that_the_definition_gives():
    params, run, do = network(6)
    C = rnn.contributions(params, run, do, "W")
    dW = rnn.bptt(params, run, do).W
    share = 100 * np.einsum("tkij,ij->tk", C, dW) / (dW ** 2).sum()
    picture = shown(two_orders(params, run, do), products=3)
    for t, k in ((1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (3, 3), (4, 4)):
        assert words(picture, f"c{t}-{k}")[0] == per_cent(share[t - 1, k - 1])
    assert words(picture, "c4-3")[0] == ""
    assert [words(picture, f"r{t}")[0].split(maxsplit=1)[1] for t in (1, 2, 3)] == [per_cent(value) for value in share[:3].sum(1)]
    assert words(picture, "r4")[0].split(maxsplit=1)[1] == per_cent(share[3, 3])          # row 4 so far: the margin adds up to
    assert words(picture, "all")[0] == per_cent(share[:3].sum() + share[3, 3])             # the corner
    assert [words(picture, f"f{k}")[1] for k in range(3, 7)] == [per_cent(value) for value in share[:, 2:].sum(0)]


def test_the_running_totals_fall_where_the_lesson_says():
    explorer = two_orders(*network(6))
    def totals(products):
        return words(shown(explorer, products=products), "all")
    assert [totals(p)[0] for p in (6, 7)] == ["78 %", "75 %"]
    assert [totals(p)[1] for p in (2, 3)] == ["56 %", "49 %"]


def test_the_cells_that_rows_first_has_when_columns_first_is_complete():
    given = network(6)
    assert max(piece.products for piece in column_first(*given)) == 5
    made = [(piece.t, piece.k) for piece in row_first(*given) if piece.products <= 5]
    assert made == [(t, k) for t in (1, 2, 3) for k in range(t, 0, -1)] + [(4, 4), (4, 3), (4, 2)]
    assert len(made) == 9


def per_cent(value):
    return f"{value:.0f} %".replace("-", "−") if abs(value) >= .5 else "≈ 0"


def test_messages_meet_before_they_pass_a_jacobian():
    explorer, seen = two_orders(*network(6)), {}
    for products in (0, 1, 2, 5, 6):
        seen[products] = texts(shown(explorer, products=products))
    assert "row 1 is complete, row 2 has its first cell" in seen[0]
    assert {"9 of 21 cells", "for 5 products", "6 of 6 columns ✓"} <= set(seen[5])
    assert "column 6 is complete, without a product" in seen[0]
    assert all("one bar, one sum: its cells are never computed one by one" in words for words in seen.values())
    assert {"pJ6", "vJ2"} <= set(seen[1])                 # right: p of the last loss; left: the row v of loss 2
    assert "L₆ alone, from h₆ to h₅" in seen[1]
    assert "everything that met at h₆, from h₆ to h₅" not in seen[1]
    assert shown(explorer, products=1).caption == ("One product on each side, and nothing is saved yet: "
                                                   "columns first, L₆ has passed J alone. At h₅ it meets p of L₅.")
    assert shown(explorer, products=2).caption.endswith("and one product is saved.")
    assert {"p", "m", "(p+m)J5", "everything that met at h₅, from h₅ to h₄"} <= set(seen[2])
    assert "V" not in seen[2]                           # their names need its room
    assert "everything that met at h₂, from h₂ to h₁" in seen[5]
    assert "complete" in seen[6]
    assert not any("(p+m)J" in words for words in seen[6])
    assert len(parts(shown(explorer, products=2), "now")) == 2      # each dims while the path of a cell is lit


def test_the_right_side_has_one_bar_for_each_column_and_no_cell_in_it():
    explorer = two_orders(*network(6))
    for products, made in ((0, {6}), (2, {4, 5, 6}), (15, {1, 2, 3, 4, 5, 6})):
        picture = shown(explorer, products=products)
        bars = parts(picture, "bar")
        assert [float(bar[0].get("height")) for bar in bars] == [27 * (7 - k) - 3 for k in sorted(made, reverse=True)]
        left, right = (len(parts(picture, f"c{t}-{k}")) for t, k in ((6, 6), (6, 1)))
        assert (left, right) == (1, 2 - (1 in made))


def test_where_no_number_stands_nothing_is_framed_and_a_row_lights_no_bar():
    explorer = two_orders(*network(6))
    for products in (0, 7, 15):
        picture = shown(explorer, products=products)
        assert all(any(c in " ".join(e.itertext()) for c in "%≈") or "bar" in e.get("class") for e in parts(picture, "cell"))
        assert not any(re.search(r"row\d", e.get("class")) for e in parts(picture, "bar"))
        assert "bar" in parts(picture, "all")[1].get("data-lights").split()
    frames = [len(parts(shown(explorer, products=n), "r3")[0].get("class").split()) for n in (0, 15)]
    assert frames == [1, 2]                                       # the head of row 3 is a cell once it has its number


def test_a_caption_says_which_side_it_means_and_what_is_not_there_yet():
    picture = shown(two_orders(*network(6)), products=0)
    says = {mark.get("data-says") for mark in touch.marks(picture)}
    assert {"Rows first never adds up column 3; columns first does.", "Columns first never adds up row 3; rows first does.",
            "Columns first never computes C[3,1] by itself; it will be in the sum of column 1.",
            "C[4,1] is not there yet: it is made when L₄ is carried back to step 1.",
            "C[1,1] was made when L₁ was carried back to step 1."} <= says


def test_a_node_of_the_graph_lights_the_arrows_that_leave_it_and_their_ends():
    explorer = check_touch(graph_rule())
    fits(explorer)
    marks = {mark.get("class"): mark for mark in touch.marks(explorer.picture())}
    assert {name: set(mark.get("data-lights").split()) for name, mark in marks.items()} == {
        "nh": {"nh", "h-o", "h-b", "no", "nb"}, "na": {"na", "a-h", "nh"}, "nW": {"nW", "W-a", "W-b", "na", "nb", "others"}}
    assert marks["nh"].get("data-set") == "nodes=hₜ"
    assert explorer.picture().caption.endswith("Touch hₜ, aₜ or W.")
    assert shown(explorer, nodes="h").caption.endswith("dhₜ = Uᵀdoₜ + Wᵀdaₜ₊₁.")


@pytest.mark.parametrize(("nodes", "edges"), [("", set()), ("h", {"h-o", "h-b"}), ("a", {"a-h"}), ("W", {"W-a", "W-b"}),
                                              ("haW", {"h-o", "h-b", "a-h", "W-a", "W-b"})])
def test_what_comes_back_is_drawn_for_the_nodes_that_were_asked_for(nodes, edges):
    parts = {e.get("class"): e for e in touch.elements(shown(graph_rule(), nodes=nodes)) if "-" in (e.get("class") or "")}
    assert {name for name, part in parts.items() if "".join(part.itertext())} == edges


@pytest.mark.parametrize(("edge", "back"), [("h-o", "U⊤dot"), ("h-b", "W⊤dat+1"), ("a-h", "f′(at)⊙dht"), ("W-a", "datht−1⊤"),
                                            ("W-b", "dat+1ht⊤")])
def test_beside_each_arrow_that_is_spoken_of_stands_what_comes_back(edge, back):
    part = next(e for e in touch.elements(shown(graph_rule(), nodes="haW")) if e.get("class") == edge)
    assert "".join(part.itertext()) == back
    solid, dashed = [[float(n) for n in re.findall(r"[\d.]+", e.get("d"))] for e in part if e.get("stroke-width")]
    assert np.dot(np.subtract(solid[2:], solid[:2]), np.subtract(dashed[2:], dashed[:2])) < 0          # it runs the other way


def test_the_keys_say_that_the_sums_are_shares():
    written = texts(shown(two_orders(*network(6)), products=3))
    assert "left, Σₖ: the share of loss t in dL/dW, in %, so far" in written
    assert "below, Σₜ: the share of use k in dL/dW, in %" in written
