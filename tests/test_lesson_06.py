"""Lesson 06: what its exercises say to wrong and right answers, and what its explorer shows."""
import re
from xml.etree import ElementTree

import numpy as np
import pytest
import touch
from exercises import blank, cell, solution_of
from pictures import shown

import rnn_lib as rnn
from rnn_lib import checks as check
from rnn_lib import explorers, palette
from rnn_lib.diagrams.outer_products import GAP, cell_width, table, tile
from rnn_lib.diagrams.wording import signed


def test_a_blank_answer_is_not_attempted():
    assert check.q06_1(...).status == check.q06_1({"dU": ..., "db_y": ...}).status == "not attempted"
    assert check.q06_2(...).status == check.q06_2(blank).status == "not attempted"


def test_two_blank_sets_are_not_attempted():
    assert check.q06_3(..., ...).status == "not attempted"
    assert check.q06_3({1, 2}, ...)[:2] == ("not finished", "still open: my_states")


@pytest.mark.parametrize(("exercise", "names"), [
    (check.q06_1, ["my_step"]), (check.q06_2, ["my_dU"]), (check.q06_3, ["my_losses", "my_states"])])
def test_the_published_solution_is_judged_right(exercise, names):
    made = solution_of(exercise)
    verdict = exercise(*(made[name] for name in names))
    assert verdict.ok, verdict


def step(change=lambda dU, db_y: (dU, db_y)):
    """An answer to the step by hand, made from the right one"""
    dU, db_y = change(*map(np.array, BY_HAND.values()))
    return {"dU": dU.tolist(), "db_y": db_y.tolist()}


BY_HAND = solution_of(check.q06_1)["my_step"]
WRONG_STEPS = {   # the answer -> words of what comes back
    "sign": (step(lambda dU, db_y: (-dU, -db_y)), "dU and db_y: the sign"),
    "transposed": (step(lambda dU, db_y: (dU.T, db_y)), "row i of U makes score i"),
    "no label": (step(lambda dU, db_y: (dU, np.add(db_y, [0, 1, 0]))), "db_y: the label is missing"),
    "the right class": (step(lambda dU, db_y: (dU * [[0], [1], [0]], db_y)), "dU: not the right class alone"),
    "do twice": (step(lambda dU, db_y: (np.stack([db_y, db_y], 1), db_y)), "dU: one factor is missing"),
    "no factor of b_y": (step(lambda dU, db_y: (dU, np.ones(3))), "db_y: this is how far each score moves"),
    "the label": (BY_HAND | {"db_y": [0, 1, 0]}, "db_y: this has the label alone"),
    "the first class": (step(lambda dU, db_y: (np.outer([-.5, .3, .2], [.8, -.5]), np.array([-.5, .3, .2]))),
                        "dU and db_y: you took the first class for the right one"),
    "by the prediction": (BY_HAND | {"db_y": [0, -1 / .3, 0]}, "db_y: this is how the loss moves with ŷ"),
    "one wrong sign": (step(lambda dU, db_y: (dU * [[1, 1], [1, -1], [1, 1]], db_y)), "dU[1, 1] is the first that is wrong"),
    "h without its sign": (step(lambda dU, db_y: (dU * [1, -1], db_y)), "dU: the second column has the wrong sign"),
    "a fraction as text": (BY_HAND | {"dU": [["2/5", -.25], [-.56, .35], [.16, -.1]]}, "dU holds text: write numbers"),
    "a wrong bias": (step(lambda dU, db_y: (dU, db_y * [1, 1, -1])), "db_y[2] is the first that is wrong"),
    "something else": (step(lambda dU, db_y: (dU + 1, db_y)), "dU[0, 0] is the first that is wrong"),
    "four numbers": (step(lambda dU, db_y: (dU[:2], db_y)), "the last row is missing, the others are right"),
    "a word": (BY_HAND | {"dU": "x"}, "must be numbers"),
    "a number": (3, "must return dU, db_y"),
}


def wrong_dU(change):
    """(dU changed, db_y right)"""
    return lambda run, do: (change(run, do), do.sum(0))


def wrong_db(change):
    """(dU right, db_y changed)"""
    return lambda run, do: (do.T @ run.h[1:], change(run, do))


def overwritten(run, do):
    for t in range(1, len(do) + 1):
        dU, db_y = np.outer(do[t - 1], run.h[t]), do[t - 1]
    return dU, db_y


def loop(steps, row=lambda t: t - 1, state=lambda t: t):
    def answer(run, do):
        dU, db_y = np.zeros((do.shape[1], run.h.shape[1])), np.zeros(do.shape[1])
        for t in steps(len(do)):
            dU += np.outer(do[row(t)], run.h[state(t)])
            db_y += do[row(t)]
        return dU, db_y
    return answer


def in_place(run, do):
    do *= 1.5
    return do.T @ run.h[1:], do.sum(0)


WRONG_PAIRS = {
    "the states before": (wrong_dU(lambda run, do: do.T @ run.h[:-1]), "dU: do_t meets h_{t-1}"),
    "a loop from 0": (loop(range, row=lambda t: t), "dU: do_t meets h_{t-1}"),
    "overwritten": (overwritten, "dU and db_y: only the last step"),
    "overwritten, backwards": (lambda run, do: (np.outer(do[0], run.h[1]), do[0]), "dU and db_y: only step 1"),
    "dU overwritten": (wrong_dU(lambda run, do: np.outer(do[-1], run.h[-1])), "dU: only the last step"),
    "the first step left out": (loop(lambda T: range(2, T + 1)), "dU and db_y: the term of step 1"),
    "the last step left out": (loop(lambda T: range(1, T)), "dU and db_y: the term of step T"),
    "one row too late": (loop(lambda T: range(1, T), row=lambda t: t), r"do_\{t\+1\} meets h_t"),
    "mean": (lambda run, do: (do.T @ run.h[1:] / len(do), do.mean(0)), "dU and db_y: divided by T"),
    "mean of db_y": (wrong_db(lambda run, do: do.mean(0)), "db_y: divided by T"),
    "mean of dU": (wrong_dU(lambda run, do: do.T @ run.h[1:] / len(do)), "dU: divided by T"),
    "sign": (lambda run, do: (-do.T @ run.h[1:], -do.sum(0)), "dU and db_y: the sign"),
    "sign of db_y": (wrong_db(lambda run, do: -do.sum(0)), "db_y: the sign"),
    "twice": (lambda run, do: (2 * do.T @ run.h[1:], 2 * do.sum(0)), "twice too large"),
    "sums multiplied": (wrong_dU(lambda run, do: np.outer(do.sum(0), run.h[1:].sum(0))), "the sums were multiplied"),
    "a for h": (wrong_dU(lambda run, do: do.T @ run.a), "a_t in place of h_t"),
    "times f'": (wrong_dU(lambda run, do: do.T @ (run.h[1:] * run.f.slope(run.a))), "f' too many"),
    "two mistakes": (lambda run, do: (do.T @ run.h[:-1], do.mean(0)), "dU: do_t meets h_{t-1}.*\ndb_y: divided by T"),
    "transposed": (wrong_dU(lambda run, do: run.h[1:].T @ do), r"\(H, K\), transposed"),
    "not summed": (lambda run, do: (do[:, :, None] * run.h[1:, None], do), "dU and db_y: the parts, still to be added up"),
    "db_y not summed": (wrong_db(lambda run, do: do), "db_y: the parts, still to be added up"),
    "db_y over the scores": (wrong_db(lambda run, do: do.sum(1)), r"db_y is \(T,\)"),
    "db_y over everything": (wrong_db(lambda run, do: do.sum()), "each entry has a number of its own"),
    "db_y a column": (wrong_db(lambda run, do: do.sum(0)[:, None]), "one more axis of length 1"),
    "db_y of the states": (wrong_db(lambda run, do: run.h[1:].sum(0)), "the size of b_h"),
    "x for h": (wrong_dU(lambda run, do: do.T @ run.x), "x in place of h"),
    "time left": (wrong_dU(lambda run, do: do @ do.T), r"dU is \(T, T\)"),
    "two states": (wrong_dU(lambda run, do: run.h.T @ run.h), "the shape of W"),
    "the wrong order": (lambda run, do: (do.sum(0), do.T @ run.h[1:]), "the other way round"),
    "one part": (lambda run, do: do.T @ run.h[1:], "must return dU, db_y"),
    "all rows of h": (wrong_dU(lambda run, do: do.T @ run.h), "one of them is h_0"),
    "the row of another axis": (wrong_dU(lambda run, do: do * run.h), "one of them is h_0"),
    "time at the wrong side": (wrong_dU(lambda run, do: do @ run.h[1:]), "(?s)@ needs T(?!.*h_0)"),
    "no outer product": (wrong_dU(lambda run, do: do * run.h[1:]), "(?s)@ needs T(?!.*h_0)"),
    **{term: (cell(f"def my_dU(run, do):\n    dU = np.zeros((do.shape[1], 6))\n    for t in range(1, len(do) + 1):\n"
                   f"        dU += {term}\n    return dU, do.sum(0)"), r"(?s)one step: np.outer\(do_t, h_t\)(?!.*needs T)")
       for term in ("np.outer(run.h[t], do[t - 1])", "do[t - 1] * run.h[t]", "do[t - 1] @ run.h[t]")},
    "row t of do": (loop(lambda T: range(1, T + 1), row=lambda t: t), "which row belongs to step t"),
    "no db_y": (wrong_db(lambda run, do: None), "db_y is None"),
    "something else": (wrong_dU(lambda run, do: do.T @ run.h[1:] + 1), "dU has the right shape"),
    "NaN": (wrong_dU(lambda run, do: np.full((3, 6), np.nan)), "dU holds NaN"),
    "None": (lambda run, do: None, "returned nothing"),
    "in place": (in_place, " in place: work on a new array"),
    "an error of one's own": (lambda run, do: int("x"), "ValueError: invalid literal"),
    "an array": (np.ones((3, 6)), "expected a function"),
}
ALL = set(range(1, 8))
STATES = ALL - {1}
WRONG_SETS = {
    "from 0": ((set(range(7)), STATES), "losses: these are rows"), "range": ((set(range(1, 7)), STATES), "losses: T is 7"),
    "the last": (({7}, STATES), "not only the last"), "the first": (({1}, STATES), "not only the first"),
    "none": ((set(), STATES), "losses: some do"), "L_0": ((ALL | {0}, STATES), "there is no L_0"),
    "as copy 3 of W": (({3, 4, 5, 6, 7}, STATES), "losses of copy 3 of W"), "not L_1": ((STATES, STATES), "L_1 as well"),
    "odd steps": (({1, 3, 5, 7}, STATES), "losses: follow the arrows"), "as without R": ((ALL, set()), "without R"),
    "states too": ((ALL, ALL), "not h_1"), "h_0 too": ((ALL, ALL | {0}), "h_0 is given"),
    "states from 3": ((ALL, STATES - {2}), "h_2 as well"), "states from 0": ((ALL, set(range(1, 7))), "states: these are rows"),
    "states range": ((ALL, set(range(2, 7))), "states: T is 7"), "h_2": ((ALL, {2}), "not only h_2"),
    "one state": ((ALL, {3}), "states: follow the arrows"),
    "both": (({7}, {7}), "losses: not only the last.*\nstates: follow"),
    "numbers": ((7, STATES), "losses: write a set"), "NaN": ((ALL, {np.nan}), "states: write a set"),
}


@pytest.mark.parametrize(("answer", "words"), WRONG_PAIRS.values(), ids=WRONG_PAIRS)
def test_a_wrong_answer_hears_why(answer, words):
    verdict = check.q06_2(answer)
    assert verdict.status in ("wrong", "wrong shape")
    assert re.search(words, verdict.message), verdict


@pytest.mark.parametrize(("answer", "words"), WRONG_STEPS.values(), ids=WRONG_STEPS)
def test_a_wrong_step_by_hand_hears_why_and_is_not_told_a_number(answer, words):
    verdict = check.q06_1(answer)
    assert verdict.status in ("wrong", "wrong shape")
    assert words in verdict.message
    assert "instead of" not in verdict.message


def test_the_step_by_hand_is_one_of_a_network():
    h, U = np.array([.8, -.5]), np.array([[.3, -.2], [.1, .5], [-.4, .7]])
    b_y = np.log([.5, .3, .2]) - U @ h
    def loss(U, b_y):
        return rnn.cross_entropy((U @ h + b_y)[None], [1])[0][0]
    assert np.allclose(BY_HAND["dU"], rnn.complex_step(lambda U: loss(U, b_y), U), rtol=1e-12)
    assert np.allclose(BY_HAND["db_y"], rnn.complex_step(lambda b_y: loss(U, b_y), b_y), rtol=1e-12)


def test_the_columns_of_dU_sum_to_0_at_every_T_as_a_question_of_the_picture_finds(network):
    params, x, h_0, y = network
    for T in range(1, 13):
        run = rnn.forward(params, x[:T], h_0)
        assert np.abs(rnn.bptt(params, run, rnn.cross_entropy(run.o, y[:T])[1]).U.sum(0)).max() < 1e-14


@pytest.mark.parametrize(("sets", "words"), WRONG_SETS.values(), ids=WRONG_SETS)
def test_a_wrong_set_of_steps_hears_why(sets, words):
    verdict = check.q06_3(*sets)
    assert verdict.status == ("not understood" if "write a set" in words else "wrong")
    assert re.search(words, verdict.message), verdict


@pytest.mark.parametrize("answer", [loop(lambda T: range(1, T + 1)), loop(lambda T: range(T, 0, -1)),
                                    lambda run, do: (np.einsum("ti,tj->ij", do, run.h[1:]), do.sum(axis=0))])
def test_dU_may_be_written_in_several_ways(answer):
    assert check.q06_2(answer).ok


@pytest.mark.parametrize("losses", [[7, 6, 5, 4, 3, 2, 1], range(1, 8), np.arange(1, 8)])
def test_the_steps_may_come_in_any_container(losses):
    assert check.q06_3(losses, range(2, 8)).ok


@pytest.fixture(scope="module")
def network():
    """The network of the lesson"""
    rng = np.random.default_rng(6)
    params = rnn.init_parameters(D=2, H=4, K=3, rng=rng)
    return params, rng.standard_normal((12, 2)), rng.standard_normal(4), rng.integers(3, size=12)


@pytest.fixture(scope="module")
def explorer(network):
    params, x, h_0, y = network
    return touch.check(explorers.outer_products(params, x, y, h_0))


def told(picture, name):
    """The part that lights the table and the entry of this name"""
    return next(mark for mark in touch.marks(picture) if mark.get("data-lights", "").startswith(f"{name} "))


def numbers(svg):
    """The signed numbers that are seen in a picture, in the order they were drawn"""
    seen = re.sub(r'<g class="when [^>]*display="none">.*?</g>', "", svg, flags=re.DOTALL)
    words = re.findall(r">(0|[+−]?\d+\.\d\d)</tspan>", seen)
    return [float(word.replace("−", "-")) for word in words]


def rows(column, matrix):
    """A table's numbers row by row: in each the column's, then the matrix's"""
    return np.column_stack([column, matrix]).ravel()


@pytest.mark.parametrize("T", [1, 2, 4, 12])
def test_the_tables_add_up_to_the_gradient_of_a_sequence_cut_after_T_steps(T, explorer, network):
    params, x, h_0, y = network
    def gradients(n):
        run = rnn.forward(params, x[:n], h_0)
        return rnn.bptt(params, run, rnn.cross_entropy(run.o, y[:n])[1])
    after = gradients(T)
    before = gradients(T - 1) if T > 1 else type(after)(*(0 * part for part in after))
    run = rnn.forward(params, x[:T], h_0)
    added = np.append(run.h[T], rows(after.b_y - before.b_y, after.U - before.U))
    expected = np.concatenate([rows(before.b_y, before.U), added, rows(after.b_y, after.U)])
    assert numbers(shown(explorer, T=T).svg) == pytest.approx(expected, abs=.00501)


@pytest.mark.parametrize("T", range(1, 13))
def test_an_entry_of_the_sum_says_its_terms_and_lights_its_factors(T, explorer, network):
    params, x, h_0, y = network
    picture = shown(explorer, T=T)
    def loss_of(U):
        return rnn.cross_entropy(rnn.forward(params._replace(U=U), x[:T], h_0).o, y[:T])[0].sum()
    exact = rnn.complex_step(loss_of, params.U)[1, 2]
    mark = told(picture, "after e1-2")
    assert mark.get("data-lights") == "after e1-2 d1 k2 tile numbers"         # and no tile or table steps back
    frames = [e[0].get("d").count("M") for e in touch.elements(picture) if e.get("class") == "when e1-2"]
    assert sorted(frames) == [1, 1, 1, 12]                      # in three tables, and in every tile
    order = [group.get("class", "") for group in touch.elements(picture)]
    last = max(i for i, name in enumerate(order) if name == f"tile tile{T}")
    assert last < order.index("when e1-2") < min([i for i, name in enumerate(order) if name == f"tile tile{T + 1}"], default=999)
    says = mark.get("data-says")
    if T == 1:
        assert says == f"dU[1, 2] has one term so far, {signed(exact)}."
        return
    *terms, total = [float(number.replace("−", "-").replace(" ", "")) for number in re.findall(r"[+−]? ?\d+\.\d\d", says)]
    assert says.startswith(f"dU[1, 2], Σₜ over steps 1 to {T}: ")
    assert len(terms) == T
    assert total == pytest.approx(exact, abs=.00501)
    assert sum(terms) == pytest.approx(exact, abs=.005 * T + 1e-9)
    assert not re.search(r"\d\.\d", picture.caption)


def test_an_entry_of_a_tile_says_its_two_factors(explorer, network):
    params, x, h_0, y = network
    run = rnn.forward(params, x, h_0)
    do = rnn.cross_entropy(run.o, y)[1]
    says = told(shown(explorer, T=4), "step e1-2").get("data-says")
    assert f"do₄[1] · h₄[2] = ({signed(do[3, 1])})({signed(run.h[4, 2])}) ≈ {signed(do[3, 1] * run.h[4, 2])}." in says


def test_a_tile_leads_to_its_step_and_lights_it_in_the_network_and_in_the_sum(explorer):
    picture = shown(explorer, T=4)
    places = {mark.get("data-set"): mark for mark in touch.marks(picture) if mark.get("data-set")}
    assert list(places) == [f"T={t}" for t in range(5, 13)]         # a tile that is there is looked at, not thrown away
    tiles = {mark.get("data-lights").split()[0]: mark for mark in touch.marks(picture) if mark.get("data-lights")}
    assert tiles["tile2"].get("data-lights").split() == ["tile2", "L2", "l2", "y2", "u2", "h2", "after", "adds2"]
    assert tiles["tile4"].get("data-lights").split() == ["tile4", "L4", "l4", "y4", "u4", "h4", "step", "after"]
    assert places["T=5"].get("data-lights") is None                 # not there yet: only a place to press
    explorer.touch("T=9")
    assert explorer.value["T"] == 9
    assert 'class="v1' not in picture.svg                             # no arrow leads from a tile into the network


def test_on_a_phone_the_tiles_of_the_first_row_stand_under_their_steps(explorer):
    tiles = {mark.get("class"): set(mark.get("data-lights").split()) for mark in touch.marks(explorer.slim[11])
             if "tile " in mark.get("class", "")}
    assert {"L6", "y6", "u6", "h6"} <= tiles["tile tile6"]
    assert {"L7", "y7"} & tiles["tile tile7"] == {"L7"}


def test_the_cells_of_a_tile_are_large_enough_to_be_seen(explorer):
    groups = ElementTree.fromstring(shown(explorer, T=12).svg).iter("{http://www.w3.org/2000/svg}g")
    tiles = [group for group in groups if re.match(r"tile tile\d+", group.get("class", ""))]
    cells = [[float(rect.get(side)) for side in ("width", "height")] for tile in tiles for rect in tile if "width" in rect.attrib]
    assert np.min(cells, axis=0).tolist() >= [10, 19]                # 11 by 20 pixels, less the line between two


def test_every_use_of_U_is_lit_and_no_other(explorer):
    for T in (1, 5, 12):
        svg = shown(explorer, T=T).svg
        assert len(re.findall(f'stroke="{palette.U}" stroke-width="3.4"', svg)) == T
        assert 'stroke-width="3.4"' not in svg.replace(f'stroke="{palette.U}" stroke-width="3.4"', "")


def test_all_frames_have_one_size_fit_the_page_and_know_only_the_palette(explorer):
    sizes = {re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', p.svg).groups() for p in explorer.pictures}
    assert len(sizes) == 1
    assert float(sizes.pop()[0]) <= 940
    used = set(re.findall(r"#[0-9a-f]{6}", "".join(p.svg for p in explorer.pictures)))
    assert used <= {light for light, _ in palette.COLOURS.values()}


def test_signs_are_the_neutral_pair_and_purple_is_left_to_the_losses(explorer):
    tree = ElementTree.fromstring(shown(explorer, T=12).svg)
    cells = [rect.get("fill") for rect in tree.iter("{http://www.w3.org/2000/svg}rect") if rect.get("fill-opacity")]
    assert set(cells) == {palette.PLUS, palette.MINUS}


def test_a_negative_cell_carries_a_bar_so_that_colour_is_not_its_only_sign():
    drawn = tile(np.array([1., -1.]), np.array([.5, -.5, 0]), most=(1, 1, 1), cell=10).body
    bars = re.search(r'<path d="([^"]*)"', drawn)[1]
    assert bars.count("M") == 1 + 1 + 2                     # one on the left, one on top, two products; 0 · −1 is no negative
    assert "−0.25" in table(np.ones(1), np.array([[-.25]]), most=(1, 1, 1), wide=cell_width(1)).body
    body = table(np.ones(1), np.array([[.02, 0, 1]]), most=(1, 1, 1), wide=cell_width(1)).body
    assert re.findall(r'fill-opacity="([\d.]+)"', body) == ["0.52", "0.10", "0.00"]      # small is not zero, as in a tile


def test_a_network_that_sends_nothing_back_is_drawn_as_exact_zeros():
    params = rnn.init_parameters(2, 3, 2, np.random.default_rng(0))
    x = np.zeros((3, 2))
    made = explorers.outer_products(params, x, rnn.forward(params, x).o, loss=rnn.squared_error)
    assert ">0<" in shown(made, T=1).svg
    assert told(shown(made, T=3), "after e0-0").get("data-says").endswith(": 0 + 0 + 0 = 0.")


@pytest.mark.parametrize(("T", "D", "H", "K"), [(1, 1, 1, 1), (3, 2, 2, 5), (7, 3, 1, 2)])
def test_the_stack_can_be_shown_for_other_sizes(T, D, H, K):
    rng = np.random.default_rng(1)
    params = rnn.init_parameters(D, H, K, rng)
    made = explorers.outer_products(params, rng.standard_normal((T, D)), rng.standard_normal((T, K)), loss=rnn.squared_error)
    assert "tile" in touch.check(made).picture().caption


def test_what_would_not_fit_is_refused_with_a_reason(network):
    params, x, _, y = network
    with pytest.raises(ValueError, match="choose a shorter sequence or a smaller network"):
        explorers.outer_products(rnn.init_parameters(2, 9, 3, np.random.default_rng(0)), x, y)
    with pytest.raises(ValueError, match="one sequence is shown"):
        explorers.outer_products(params, x[:, None], y[:, None])


@pytest.mark.parametrize("T", [1, 4, 12])
def test_the_tile_of_the_last_step_and_the_table_with_its_numbers_are_framed(T, explorer):
    svg = shown(explorer, T=T).svg
    tree = ElementTree.fromstring(svg)
    hidden = {element for group in tree.iter() if group.get("display") == "none" for element in group.iter()}
    framed = [group.get("class", "") for group in tree.iter() if group.tag.endswith("}g")
              and group.get("data-lights", "").startswith(f"tile{T} ")]
    assert len(framed) == 1
    assert sum(element.get("stroke") == palette.ACCENT for element in tree.iter() if element not in hidden) == 2
    assert f'fill="{palette.ACCENT}">step {T} adds</text>' in svg


def test_while_an_earlier_tile_is_lit_its_numbers_stand_in_the_place_of_the_last_step(explorer, network):
    params, x, h_0, y = network
    run = rnn.forward(params, x, h_0)
    do = rnn.cross_entropy(run.o, y)[1]
    cards = [group for group in touch.elements(shown(explorer, T=9)) if group.get("class") == "when adds7"]
    assert len(cards) == 1
    words = [word for word in cards[0].itertext() if re.fullmatch(r"[+−]?\d\.\d\d", word)]
    expected = [run.h[7], *(np.append(do[6, i], do[6, i] * run.h[7]) for i in range(3))]
    assert [float(word.replace("−", "-")) for word in words] == pytest.approx(np.concatenate(expected), abs=.00501)
    assert "step 7 adds" in "".join(cards[0].itertext())


def test_the_picture_opens_with_two_tiles_and_without_the_answer_to_the_first_question(explorer, network):
    params, x, h_0, y = network
    assert "adds a second tile" in explorers.outer_products(params, x, y, h_0).picture().caption
    assert ["no earlier tile has changed" in shown(explorer, T=T).caption for T in (1, 2, 3, 12)] == [False, False, True, True]


def test_between_two_tiles_there_is_three_times_the_room_that_is_within_one(explorer):
    groups = [e for e in touch.elements(shown(explorer, T=12)) if re.match(r"tile tile\d+", e.get("class", ""))]
    edges = []
    for group in groups[:2]:
        rects = [(float(r.get("x")), float(r.get("width"))) for r in group if r.get("fill-opacity")]
        edges.append((min(x for x, _ in rects), max(x + wide for x, wide in rects)))
    xs = [float(place) for place in re.findall(r'translate\(([\d.]+) [\d.]+\)"><g class="tile tile', shown(explorer, T=12).svg)]
    assert xs[1] + edges[1][0] - (xs[0] + edges[0][1]) > 3 * (GAP + 1)


def test_the_terms_of_one_entry_cancel_as_the_lesson_says(network):
    params, x, h_0, y = network
    run = rnn.forward(params, x, h_0)
    terms = rnn.cross_entropy(run.o, y)[1][:, 1] * run.h[1:, 2]
    assert [f"{np.abs(terms).sum():.2f}", f"{terms.sum():.2f}"] == ["3.36", "-0.27"]


def test_the_squared_error_sends_back_o_minus_y_as_the_vote_says():
    o, y = np.random.default_rng(6).standard_normal((2, 5, 3))
    measured = rnn.complex_step(lambda o: ((o - y) ** 2).sum() / 2, o)
    assert rnn.relative_error(o - y, measured) < 1e-12
    assert rnn.relative_error(o - y, rnn.squared_error(o, y)[1]) < 1e-12


def test_only_the_line_of_U_shows_the_states_of_one_step_earlier_as_the_vote_says(network):
    params, x, h_0, y = network
    def shifted(params, run, do):
        return rnn.bptt(params, run, do)._replace(U=do.T @ run.h[:-1])
    broken = rnn.gradcheck(params, x, y, h_0, backward=shifted)
    assert [name for name, error in broken.complex_step.items() if error > 1e-10] == ["U"]
