"""Exercises of lesson 05: one copy nudged, all copies nudged, which losses feel a copy, and the gradients owed."""
import numpy as np

from ..copies import forward_with_copies
from ..diagrams.wording import number
from ..gradcheck import central_difference
from ..losses import cross_entropy
from ..network import init_parameters
from .code import coding, nearer
from .kit import Exercise, right, wrong
from .table import steps, table, whole

STEP = 1e-2         # large enough that a one-sided difference is visibly off


def _network():
    """(loss, copies): the total loss of a network with T = 4, D = 2, H = 5, K = 3 as a function of its copies (T, H, H)"""
    rng = np.random.default_rng(5)
    params = init_parameters(2, 5, 3, rng)
    x, h_0, y = rng.standard_normal((4, 2)), rng.standard_normal(5), rng.integers(3, size=4)
    def loss(copies):
        return cross_entropy(forward_with_copies(params, copies, x, h_0).o, y)[0].sum()
    return loss, np.stack([params.W] * 4)


SIGN = "the sign is turned round: the loss nudged up comes first"
ONE_SIDED = ("one-sided: you compared a nudged loss with the loss as it is, so the error shrinks like the step and not like its "
             "square; nudge both up and down")
HALF = ("half as large: one of the two losses is the loss as it is, and you divide by two steps. Nudge both up and down; an "
        "entry that is one step up comes one step down by -= 2 * step")
EXACT = "more exact than asked: write the central difference, with the step that is given"
BRACKETS = "Python goes from left to right, and / before −: write (difference) / (2 * step), both in brackets"
_CENTRAL = "(loss(up) - loss(down)) / (2 * step)"
_CASES = [(*_network(), k, i, j, STEP) for k, i, j in ((1, 3, 1), (2, 0, 4), (3, 2, 3))]


def _complex(loss, copies, k, i, j, step, by=1e-20):
    nudged = copies.astype(complex)
    nudged[k - 1, i, j] += by * 1j
    return loss(nudged).imag / by


q05_1 = coding(
    """def nudge_one(loss, copies, k, i, j, step):
    up, down = copies.copy(), copies.copy()
    up[k - 1, i, j] += step
    down[k - 1, i, j] -= step
    return (loss(up) - loss(down)) / (2 * step)""",
    _CASES, returns=("the slope",), tolerance=1e-9, last=nearer(_complex, EXACT), instead=(central_difference,),
    praise="one copy has a gradient of its own, though all copies hold the same numbers", mistakes=[
    ("(loss(up) - loss(copies)) / step", ONE_SIDED), ("(loss(copies) - loss(down)) / step", ONE_SIDED),
    *((f"({one} - {other}) / (2 * step)", HALF) for one, other in (("loss(up)", "loss(copies)"), ("loss(copies)", "loss(down)"))),
    ("loss(up) - loss(down)",
     "that is the change of the loss, not yet the change per nudge: how far apart are the two nudged entries?"),
    ("(loss(up) - loss(down)) / step", "twice too large: from one step below to one step above is a distance of two steps"),
    ("(loss(down) - loss(up)) / (2 * step)", SIGN),
    ("(loss(up) - loss(down)) / 2 * step", BRACKETS), ("loss(up) - loss(down) / (2 * step)", BRACKETS),
    ("+= step", "+= step / 2", "-= step", "-= step / 2", "2 * step", "step",
     "up and down are one step apart: nudge up by step and down by step, and divide by their distance, two steps"),
    *((way, EXACT.replace(": ", ": this is the complex step; "))
      for way in (_complex, lambda *given: _complex(*given, by=given[-1]))),
    ("+= step", "= step", "-= step", "= -step", "= (and =+) sets the entry to ±step: += and −= add to it"),
    ("0.0", "the two losses are equal: are up and down one and the same array? up = copies is only another name for it; "
     "copies.copy() makes a new one"),
    ("[k - 1, i, j]", "[:, i, j]",
     "you nudged every copy, so this is the shared W and not one copy: index the first axis of copies, too"),
    ("[k - 1, i, j]", "[k, i, j]",
     "you nudged the copy after the one asked for: copies are counted from 1 in the formulas and from 0 in the array"),
    ("[k - 1, i, j]", "[k - 1, i - 1, j - 1]", "only the copies count from 1: i and j count from 0, as rows and columns do"),
    ("+= step", "*= 1 + step", "-= step", "*= 1 - step", "that nudges by a share of the entry: add step, and subtract step"),
    ("[k - 1, i, j]", "[k - 1, j, i]", "i and j are swapped: row i, column j"),
    ("[k - 1, i, j]", "[k - 1]", "you nudged the whole matrix of this copy: only entry [i, j] of it is asked for")], hints=[
    "Which number in copies is the one to nudge? Where does the first axis count from?",
    "Make two new arrays from copies: one with that entry larger by step, one with it smaller by step.",
    "The difference of the two losses, over the distance of the two entries.",
    "up = copies.copy(); up[k - 1, i, j] += step"])


def _both_agree(answer):
    together, summed = q05_2.code.expected[0]
    return (f"they agree, but not to the last digit. Both are {number(together, 6)}, and they differ by "
            f"{abs(together - summed):.0e}, which shrinks like the square of the step")


q05_2 = coding(
    """def both_routes(loss, copies, i, j, step):
    def slope(ks):
        up, down = copies.copy(), copies.copy()
        up[ks, i, j] += step
        down[ks, i, j] -= step
        return (loss(up) - loss(down)) / (2 * step)
    T = len(copies)
    together = slope(range(T))
    summed = sum(slope([k]) for k in range(T))
    return together, summed""",
    [(*_network(), i, j, STEP) for i, j in ((3, 1), (0, 4))], returns=("together", "summed"), tolerance=1e-9, praise=_both_agree,
    last=nearer(lambda loss, copies, *at: 2 * [sum(_complex(loss, copies, k, *at) for k in range(1, len(copies) + 1))], EXACT),
    mistakes=[
    ("together, summed / T", "summed is a mean over the copies: nudging W moves all of them, and their effects add up"),
    (_CENTRAL, "(loss(up) - loss(down)) / 2 * step", BRACKETS), (_CENTRAL, "loss(up) - loss(down) / (2 * step)", BRACKETS),
    ("together, slope([T - 1])", "summed holds the last copy only: add the slopes up, summed += …"),
    ("together / T, summed / T", "both are divided by T: nothing here is a mean, the effects of the copies add up"),
    ("together / T, summed", "together is divided by T: all the copies move by one and the same nudge"),
    (_CENTRAL, "(loss(up) - loss(copies)) / step", ONE_SIDED), (_CENTRAL, "(loss(copies) - loss(down)) / step", ONE_SIDED),
    ("2 * step * together, 2 * step * summed", "both are changes of the loss: divide by the distance of the nudges"),
    ("2 * together, 2 * summed", "both are twice too large: from down to up is a distance of two steps"),
    ("together, 2 * step * summed", "summed adds up changes of the loss: divide there by the distance, too"),
    ("together, T * together",
     "summed is T times too large: each term nudged all the copies; nudge one, and start again from the unchanged copies"),
    ("together, together",
     "summed is the same computation as together: for summed, nudge one copy at a time and add up T slopes"),
    ("summed, summed",
     "together and summed are one and the same computation: for together, nudge all the copies at once and take one difference"),
    ("summed, together", "the two are in the wrong order: return together first, then summed"),
    ("slope([k])", "slope(range(k + 1))", "summed nudges one copy more each time: put a copy back before you nudge the next"),
    ("summed = sum(slope([k]) for k in range(T))", """moved, summed = copies.copy(), 0
    for k in range(T):
        moved[k, i, j] += step
        above = loss(moved)
        moved[k, i, j] -= 2 * step
        summed += (above - loss(moved)) / (2 * step)""",
     "a copy that was nudged is still one step too low when the next one is measured: put it back first"),
    ("slope(range(T))", "(loss(copies + step) - loss(copies - step)) / (2 * step)",
     "together nudges every entry of every copy: only entry [i, j] moves, copies[:, i, j]"),
    ("ks, i, j", "ks", "you nudged whole matrices: only entry [i, j] of a copy is asked for"),
    ("-together, -summed", SIGN), ("ks, i, j", "ks, j, i", "i and j are swapped: row i, column j"),
    ("together, T * slope([0])", "summed is T times the slope of copy 1: the copies are equal, their gradients are not"),
    ("together, summed - slope([0])", "copy 1 is missing from the sum: the use of W between h_0 and h_1 counts"),
    ("together, summed - slope([T - 1])", "the last copy is missing from the sum: T copies, from 1 to T")], hints=[
    "How many numbers in copies move when entry [i, j] of the shared W moves?",
    "together: one central difference with all T of them moved. summed: T central differences with one of them moved.",
    "A slice reaches all copies at once: copies[:, i, j].",
    "summed = sum(nudge_one(loss, copies, k, i, j, step) for k in range(1, len(copies) + 1))"])

_OTHER_WAY = "that is the other way round, "
_COPIES = {
    frozenset({1, 2, 3}): "one is missing: L_4 reads h_4, and copy 4 makes h_4",
    frozenset({4, 5, 6, 7}): _OTHER_WAY + "the losses that copy 4 can change: which copies are used before L_4 is made?",
    frozenset({5, 6, 7}): _OTHER_WAY + "and copy 4 is missing, too: which copies are used before L_4 is made?",
    frozenset({1, 2, 3, 4, 5, 6, 7}): "not all: copies 5 to 7 are used after h_4 is made, and L_4 reads nothing later",
    frozenset({4}): "not only the copy of its own step: copy 3 helps to make h_3, and h_3 is handed on to h_4",
    frozenset({1}): "the first copy can, but which others lie between h_0 and h_4?",
    frozenset({3, 4}): "it goes further back: h_2 is handed on to h_3, and so on from h_0",
    frozenset({1, 2, 3, 4, 5}): "L_4 reads h_4, and copy 5 is only used after it, on the way from h_4 to h_5",
    frozenset({0, 1, 2, 3}): "these are rows of the array, counted from 0; name the copies by their steps, counted from 1"}


def _of_copies(given):
    outside = sorted(given - set(range(1, 8)))
    return _COPIES.get(given) or (f"there is no copy {outside[0]}: they are counted from 1 to 7" if outside else
                                  "follow the arrows back from L_4: which edges W lie on the way to h_0?")


q05_3 = table(
    "my_copies = set(range(1, 5))", {"my_copies": _of_copies}, reads=steps,
    asks="write a set of steps, whole numbers, such as {5, 6}",
    praise="k ≤ t: the copy of its own step and all earlier ones, none later", hints=[
    "Which state does L_4 read? Which copy helps to make that state, and from which state?",
    "Into h_4 two arrows lead: one from below, one from the left.",
    "Copy k can change L_t when k is at most t."])


_SHAPES = {"V": (5, 3), "W": (5, 5), "U": (4, 5), "b_h": (5,), "b_y": (4,), "h_0": (5,)}      # D = 3, H = 5, K = 4, T = 12
_MISSING = {"h_0": "the initial state can be learned, too", **dict.fromkeys(("b_h", "b_y"), "vectors are parameters too")}


def _owed(answer):
    if not isinstance(answer, dict):
        return wrong('write a dictionary from name to shape, such as {"V": (rows, columns), ...}')
    given = {str(name).removeprefix("d"): shape for name, shape in answer.items()}
    if strange := sorted(given.keys() - _SHAPES.keys() - {"x"}):
        meant = f"{strange[0][:1]}_{strange[0][1:]}"
        more = f"; did you mean {meant}?" if meant in _SHAPES else "; only h_0 can be learned" if meant == "h_" else ""
        return wrong(f"{strange[0]} is not a parameter: there is a gradient for V, W, U, the two biases, and h_0{more}")
    if missing := [name for name in _SHAPES if name not in given]:
        return wrong(f"{missing[0]} is missing: {_MISSING.get(missing[0], 'which arrays does the forward pass read?')}")
    for name, shape in given.items():
        if said := _shape(name, shape, (12, 3) if name == "x" else _SHAPES[name]):
            return wrong(said)
    return right("each gradient has the shape of what it belongs to, and T occurs in none of the six: Σₖ has added the uses up")


def _shape(name, shape, due):
    """What is wrong with a shape, or None."""
    try:
        shape = tuple(map(whole, shape))
    except TypeError:
        return f"the shape of d{name} must be a tuple, such as (5, 3), or (5,) for a vector"
    if shape == due:
        return None
    if shape == due[::-1]:
        return f"d{name} is transposed: it has the shape of {name}, so that {name} - rate * d{name} makes sense"
    if shape == (12, *due) and name == "h_0":
        return "you gave dh_0 one row per step: h_0 is one vector, and step 1 alone reads it"
    if shape == (12, *due) and name != "x":
        return f"you gave d{name} one slice per step: {name} is one array, and the gradients of its 12 uses add up"
    if shape in ((*due, 1), (1, *due)):
        return f"{name} is held as a plain vector, one axis: d{name} is, too"
    return f"d{name} must have the shape of {name}: which letters, {'T, ' * (name == 'x')}D, H or K, are its sides?"


q05_4 = Exercise(_owed, [
    "Which arrays does the forward pass read, apart from the inputs?",
    "Five parameters, and the initial state. A gradient has one number for each number of its array.",
    "V (H, D), W (H, H), U (K, H), b_h (H,), b_y (K,), h_0 (H,). Does T occur?"],
    """D, H, K = 3, 5, 4
my_shapes = {"V": (H, D), "W": (H, H), "U": (K, H), "b_h": (H,), "b_y": (K,), "h_0": (H,)}""")
