"""Exercises of lesson 05: one copy nudged, all copies nudged, which losses feel a copy, and the gradients owed."""
import numpy as np

from ..copies import forward_with_copies
from ..losses import cross_entropy
from ..network import init_parameters
from .code import compare_functions
from .kit import Exercise, blank, right, wrong

STEP = 1e-2         # large enough that a one-sided difference is visibly off


def _network():
    """(loss, copies): the total loss of a network with T = 4, D = 2, H = 5, K = 3 as a function of its copies (T, H, H)"""
    rng = np.random.default_rng(5)
    params = init_parameters(2, 5, 3, rng)
    x, h_0, y = rng.standard_normal((4, 2)), rng.standard_normal(5), rng.integers(3, size=4)
    def loss(copies):
        return cross_entropy(forward_with_copies(params, copies, x, h_0).o, y)[0].sum()
    return loss, np.stack([params.W] * 4)


def _difference(loss, copies, ks, i, j, step):
    """The central difference when the copies ks (0, 1, ..., T-1) are nudged together."""
    nudge = np.zeros_like(copies)
    nudge[ks, i, j] = step
    return (loss(copies + nudge) - loss(copies - nudge)) / (2 * step)


def _one(loss, copies, k, i, j, step):
    return _difference(loss, copies, [k - 1], i, j, step)


def _forward_difference(loss, copies, ks, i, j, step):
    nudge = np.zeros_like(copies)
    nudge[ks, i, j] = step
    return (loss(copies + nudge) - loss(copies)) / step


def _backward_difference(loss, copies, ks, i, j, step):
    return _forward_difference(loss, copies, ks, i, j, -step)


def _everything(loss, copies, k, i, j, step):
    nudge = np.zeros_like(copies)
    nudge[k - 1] = step
    return (loss(copies + nudge) - loss(copies - nudge)) / (2 * step)


def _complex(loss, copies, k, i, j, step):
    nudged = copies.astype(complex)
    nudged[k - 1, i, j] += 1e-20j
    return loss(nudged).imag / 1e-20


SIGN = "the sign is turned round: the loss nudged up comes first"
ONE_SIDED = ("one-sided: you compared a nudged loss with the loss as it is, so the error shrinks like the step and not like its "
             "square; nudge both up and down")
_ONE_MISTAKES = (
    (lambda loss, c, k, i, j, s: _forward_difference(loss, c, [k - 1], i, j, s), ONE_SIDED),
    (lambda loss, c, k, i, j, s: _backward_difference(loss, c, [k - 1], i, j, s), ONE_SIDED),
    (lambda loss, c, k, i, j, s: 2 * s * _one(loss, c, k, i, j, s),
     "that is the change of the loss, not yet the change per nudge: how far apart are the two nudged entries?"),
    (lambda loss, c, k, i, j, s: 2 * _one(loss, c, k, i, j, s),
     "twice too large: from one step below to one step above is a distance of two steps"),
    (lambda loss, c, k, i, j, s: -_one(loss, c, k, i, j, s), SIGN),
    (lambda loss, c, k, i, j, s: _one(loss, c, k, i, j, s / 2),
     "up and down are one step apart: nudge up by step and down by step, and divide by their distance, two steps"),
    (_complex, "more exact than asked: this is the complex step; write the central difference, with the step that is given"),
    (lambda loss, c, k, i, j, s: 0.0,
     "the two losses are equal: are up and down one and the same array? up = copies is only another name for it; "
     "copies.copy() makes a new one"),
    (lambda loss, c, k, i, j, s: _difference(loss, c, range(len(c)), i, j, s),
     "you nudged every copy, so this is the shared W and not one copy: index the first axis of copies, too"),
    (lambda loss, c, k, i, j, s: _one(loss, c, k + 1, i, j, s) if k < len(c) else np.nan,
     "you nudged the copy after the one asked for: copies are counted from 1 in the formulas and from 0 in the array"),
    (lambda loss, c, k, i, j, s: _one(loss, c, k, j, i, s), "i and j are swapped: row i, column j"),
    (_everything, "you nudged the whole matrix of this copy: only entry [i, j] of it is asked for"),
)


def _nudge_one(answer):
    loss, copies = _network()
    cases = [(loss, copies, k, i, j, STEP) for k, i, j in ((1, 3, 1), (2, 0, 4), (3, 2, 3))]
    verdict = compare_functions(answer, _one, cases, _ONE_MISTAKES, names=("the slope",), tolerance=1e-9)
    return right("one copy has a gradient of its own, though all copies hold the same numbers") if verdict.ok else verdict


def _both(loss, copies, i, j, step):
    T = len(copies)
    return _difference(loss, copies, range(T), i, j, step), sum(_one(loss, copies, k, i, j, step) for k in range(1, T + 1))


def _with(change):
    """A wrong version of both routes.   change: (together, summed, T, step) -> (together, summed)"""
    return lambda loss, c, i, j, s: change(*_both(loss, c, i, j, s), len(c), s)


def _one_sided(loss, copies, i, j, step):
    T = len(copies)
    return (_forward_difference(loss, copies, range(T), i, j, step),
            sum(_forward_difference(loss, copies, [k], i, j, step) for k in range(T)))


def _never_put_back(loss, copies, i, j, step):
    return (_both(loss, copies, i, j, step)[0],
            sum(_difference(loss, copies, range(k), i, j, step) for k in range(1, len(copies) + 1)))


def _first_copy_times_T(loss, copies, i, j, step):
    return _both(loss, copies, i, j, step)[0], len(copies) * _one(loss, copies, 1, i, j, step)


def _without(k):
    """Copy k left out of the sum (1 is the first, 0 the last)"""
    def mistake(loss, copies, i, j, step):
        together, summed = _both(loss, copies, i, j, step)
        return together, summed - _one(loss, copies, k or len(copies), i, j, step)
    return mistake


_BOTH_MISTAKES = (
    (_with(lambda a, b, T, s: (a, b / T)),
     "summed is a mean over the copies: nudging W moves all of them, and their effects add up"),
    (_with(lambda a, b, T, s: (a / T, b / T)), "both are divided by T: nothing here is a mean, the effects of the copies add up"),
    (_with(lambda a, b, T, s: (a / T, b)), "together is divided by T: all the copies move by one and the same nudge"),
    (_one_sided, ONE_SIDED),
    (_with(lambda a, b, T, s: (2 * s * a, 2 * s * b)), "both are changes of the loss: divide by the distance of the nudges"),
    (_with(lambda a, b, T, s: (2 * a, 2 * b)), "both are twice too large: from down to up is a distance of two steps"),
    (_with(lambda a, b, T, s: (a, 2 * s * b)), "summed adds up changes of the loss: divide there by the distance, too"),
    (_with(lambda a, b, T, s: (a, T * a)),
     "summed is T times too large: each term nudged all the copies; nudge one, and start again from the unchanged copies"),
    (_with(lambda a, b, T, s: (a, a)),
     "summed is the same computation as together: for summed, nudge one copy at a time and add up T slopes"),
    (_with(lambda a, b, T, s: (b, b)),
     "together and summed are one and the same computation: for together, nudge all the copies at once and take one difference"),
    (_with(lambda a, b, T, s: (b, a)), "the two are in the wrong order: return together first, then summed"),
    (_never_put_back, "summed nudges one copy more each time: put a copy back before you nudge the next"),
    (_with(lambda a, b, T, s: (-a, -b)), SIGN),
    (lambda loss, c, i, j, s: _both(loss, c, j, i, s), "i and j are swapped: row i, column j"),
    (_first_copy_times_T, "summed is T times the slope of copy 1: the copies are equal, their gradients are not"),
    (_without(1), "copy 1 is missing from the sum: the use of W between h_0 and h_1 counts"),
    (_without(0), "the last copy is missing from the sum: T copies, from 1 to T"),
)


def _all_copies(answer):
    loss, copies = _network()
    cases = [(loss, copies, i, j, STEP) for i, j in ((3, 1), (0, 4))]
    verdict = compare_functions(answer, _both, cases, _BOTH_MISTAKES, names=("together", "summed"), tolerance=1e-9)
    if not verdict.ok:
        return verdict
    together, summed = _both(*cases[0])
    return right(f"they agree: {together:.6f} together, {summed:.6f} summed over k. What is left, {abs(together - summed):.0e}, "
                 "shrinks like the square of the step")


def _losses(answer):
    given = _whole(answer)
    if given is None:
        return wrong("write a set of steps, whole numbers, such as {1, 2}")
    given = frozenset(given)
    known = {
        frozenset({3, 4, 5, 6, 7}): None,
        frozenset({4, 5, 6, 7}): "one is missing: copy 3 makes h_3, and a loss reads h_3 directly",
        frozenset({1, 2, 3}): "the arrows run the other way: which states are computed after copy 3 is used?",
        frozenset({1, 2}): "the arrows run the other way, and copy 3's own step is missing too",
        frozenset({1, 2, 3, 4, 5, 6, 7}): "not all: h_1 and h_2 are computed before copy 3 is used, and do not change",
        frozenset({3}): "not only its own step: what copy 3 does to h_3 is handed on to h_4, and further",
        frozenset({7}): "the last loss does, but L is a sum over all steps: which others lie behind copy 3?",
        frozenset({3, 4}): "it goes on: h_4 is handed to h_5, to the end of the sequence",
        frozenset({2, 3, 4, 5, 6, 7}): "L_2 reads h_2, and copy 3 is only used after it, on the way from h_2 to h_3",
        frozenset({2, 3, 4, 5, 6}): "these are rows of the array, counted from 0; name the steps, counted from 1",
        frozenset({3, 4, 5, 6}): "T is 7, so there is one more: range stops before its end"}
    if given not in known:
        outside = sorted(given - set(range(1, 8)))
        return wrong(f"there is no L_{outside[0]}: steps run from 1 to 7" if outside else
                     "follow the arrows from the edge of copy 3: which losses can you reach?")
    return wrong(known[given]) if known[given] else right("t ≥ k: the copy's own step and all later ones, none earlier")


def _whole(answer):
    """The whole numbers in a set, list or tuple of them; None for anything else."""
    try:
        numbers = tuple(int(n) for n in answer)
        return numbers if numbers == tuple(answer) else None
    except (TypeError, ValueError):
        return None


_SIZES = {"D": 3, "H": 5, "K": 4, "T": 12}
_SHAPES = {"V": (5, 3), "W": (5, 5), "U": (4, 5), "b_h": (5,), "b_y": (4,), "h_0": (5,)}


def _owed(answer):
    if not isinstance(answer, dict):
        return wrong('write a dictionary from name to shape, such as {"V": (rows, columns), ...}')
    if any(shape is ... for shape in answer.values()):
        return blank()
    given = {str(name).removeprefix("d"): shape for name, shape in answer.items()}
    strange = sorted(given.keys() - _SHAPES.keys() - {"x"})
    if strange:
        return wrong(f"{strange[0]} is not a parameter: gradients are owed to V, W, U, the two biases, and h_0")
    missing = [name for name in _SHAPES if name not in given]
    if missing:
        return wrong(_missing(missing))
    for name, shape in given.items():
        said = _shape(name, shape, (12, 3) if name == "x" else _SHAPES[name])
        if said:
            return wrong(said)
    return right("each gradient has the shape of what it belongs to, and T occurs in none of the six: Σₖ has added the uses up")


def _missing(missing):
    if missing == ["h_0"]:
        return "one is missing: the first step reads a state that no step has made"
    if missing[0] in ("b_h", "b_y"):
        return f"{missing[0]} is missing: vectors are parameters too"
    return f"{missing[0]} is missing: which arrays does the forward pass read?"


def _shape(name, shape, due):
    """What is wrong with a shape, or None."""
    shape = _whole(shape)
    if shape is None:
        return f"the shape of d{name} must be a tuple, such as (5, 3), or (5,) for a vector"
    if shape == due:
        return None
    if shape == due[::-1]:
        return f"d{name} is transposed: it has the shape of {name}, so that {name} - rate * d{name} makes sense"
    if shape == (_SIZES["T"], *due) and name != "x":
        return f"you gave d{name} one slice a step: {name} is one array, and the gradients of its {_SIZES['T']} uses add up"
    if shape in ((*due, 1), (1, *due)):
        return f"{name} is held as a plain vector, one axis: d{name} is, too"
    return f"d{name} must have the shape of {name}: which letters, D, H or K, are its sides?"


q05_1 = Exercise(_nudge_one, [
    "Which number in copies is the one to nudge? Where does the first axis count from?",
    "Make two new arrays from copies: one with that entry larger by step, one with it smaller by step.",
    "The difference of the two losses, over the distance of the two entries.",
    "up = copies.copy(); up[k - 1, i, j] += step"],
    """def nudge_one(loss, copies, k, i, j, step):
    up, down = copies.copy(), copies.copy()
    up[k - 1, i, j] += step
    down[k - 1, i, j] -= step
    return (loss(up) - loss(down)) / (2 * step)""")

q05_2 = Exercise(_all_copies, [
    "How many numbers in copies move when entry [i, j] of the shared W moves?",
    "together: one central difference with all T of them moved. summed: T central differences with one of them moved.",
    "A slice reaches all copies at once: copies[:, i, j].",
    "summed = sum(nudge_one(loss, copies, k, i, j, step) for k in range(1, len(copies) + 1))"],
    """def both_routes(loss, copies, i, j, step):
    def slope(ks):
        up, down = copies.copy(), copies.copy()
        up[ks, i, j] += step
        down[ks, i, j] -= step
        return (loss(up) - loss(down)) / (2 * step)
    T = len(copies)
    together = slope(range(T))
    summed = sum(slope([k]) for k in range(T))
    return together, summed""")

q05_3 = Exercise(_losses, [
    "Which state does copy 3 help to make? Who reads that state?",
    "From h_3 two arrows lead on: one up, one to the right.",
    "L_t is reached when t is at least k."],
    "my_losses = set(range(3, 8))")

q05_4 = Exercise(_owed, [
    "Which arrays does the forward pass read, apart from the inputs?",
    "Five parameters, and the initial state. A gradient has one number for each number of its array.",
    "V (H, D), W (H, H), U (K, H), b_h (H,), b_y (K,), h_0 (H,). Does T occur?"],
    """D, H, K = 3, 5, 4
my_shapes = {"V": (H, D), "W": (H, H), "U": (K, H), "b_h": (H,), "b_y": (K,), "h_0": (H,)}""")
