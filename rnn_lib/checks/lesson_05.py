"""Exercises of lesson 05: a row of the triangle by hand, one copy nudged, all copies nudged."""
import re

import numpy as np

from ..copies import forward_with_copies
from ..diagrams.wording import number
from ..gradcheck import central_difference
from ..losses import cross_entropy
from ..network import init_parameters
from .code import coding, nearer
from .table import table

STEP = 1e-2         # large enough that a one-sided difference is visibly off


def _network():
    """(loss, copies): the total loss of a network with T = 4, D = 2, H = 5, K = 3 as a function of its copies (T, H, H)"""
    rng = np.random.default_rng(5)
    params = init_parameters(2, 5, 3, rng)
    x, h_0, y = rng.standard_normal((4, 2)), rng.standard_normal(5), rng.integers(3, size=4)
    def loss(copies):
        return cross_entropy(forward_with_copies(params, copies, x, h_0).o, y)[0].sum()
    return loss, np.stack([params.W] * 4)


_SIGNS = {1: "+", -1: "-", 0: "0", "+1": "+", "-1": "-", "plus": "+", "minus": "-"}


def _signs(value):
    """Five signs as one text, from a list of them or a text.   raises: TypeError"""
    signs = re.sub(r"[][\s,;'\"()]", "", "".join(str(_SIGNS.get(part, part)) for part in value)).replace("−", "-")
    if isinstance(value, dict | set) or not re.fullmatch(r"[-+0]{5}", signs):
        raise TypeError
    return signs


def _of_row(signs):
    if signs == "0-+-+":
        return "the right signs in the wrong order: the first belongs to copy 1"
    if signs[4] != "0":
        return "copy 5 is used after h_4 is made, and L_4 reads nothing later: L_4 stays exactly as before"
    if "0" in signs[:4]:
        return (f"copy {signs.index('0') + 1} is used on the way from h_0 to h_4, and each state is handed on to the next one: "
                "its nudge does arrive at L_4")
    if signs[:4] in ("++++", "----"):
        return "not all the same: at each further step W < 0 turns the sign round. How many steps does the nudge of copy 3 pass?"
    if signs == "-+-+0":
        return "all four are turned round. Start with copy 4: its nudge makes h_4 larger. What does L_4 do then?"
    return "start with copy 4, which makes h_4. Then go one copy back at a time: its nudge passes W once more"


q05_1 = table(
    'my_row = ["+", "-", "+", "-", "0"]', {"my_row": _of_row}, reads=_signs,
    asks='write five signs, one for each copy, such as ["+", "+", "0", "-", "-"]',
    praise="copy 4 moves h_4 itself, each earlier copy passes W < 0 once more, and copy 5 comes too late. Terms of both signs "
           "stand in one row, so they can nearly cancel in its sum", hints=[
    "Which state does copy k move first? Along which arrows does this go on to L_4?",
    "Copy 4: h_4 grows, so L_4 falls. Copy 3: h_3 grows, so h_4 falls, so ...",
    "One more step means one more change of sign. And copy 5 is used after step 4."])


ONE_SIDED = ("one-sided: you compared a nudged loss with the loss as it is, so the error shrinks like the size of the "
             "nudge and not like its square; nudge both up and down")
HALF = ("half as large: one of the two losses is the loss as it is, and you divide by two steps. Nudge both up and down; an "
        "entry that is one step up comes one step down by -= 2 * step")
EXACT = "more exact than asked: write the central difference, with the step that is given"
BRACKETS = "Python goes from left to right, and / before −: write (difference) / (2 * step), both in brackets"
_CENTRAL = "(loss(up) - loss(down)) / (2 * step)"
_LOOSE = ("(loss(up) - loss(down)) / 2 * step", "loss(up) - loss(down) / (2 * step)", "loss(up) - loss(down) / 2 * step")
_CASES = [(*_network(), k, i, j, STEP) for k, i, j in ((1, 3, 1), (2, 0, 4), (3, 2, 3))]


def _complex(loss, copies, k, i, j, step, by=1e-20):
    nudged = copies.astype(complex)
    nudged[k - 1, i, j] += by * 1j
    return loss(nudged).imag / by


q05_2 = coding(
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
    ("(loss(up) + loss(down) - 2 * loss(copies)) / step ** 2", "that is the second derivative: take one difference, up − down"),
    *((way, BRACKETS) for way in _LOOSE), ("(loss(copies + step) - loss(copies - step)) / (2 * step)",
     "you nudged every entry of every copy: only entry [i, j] of copy k moves, [k - 1, i, j]"),
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
    ("[k - 1, i, j]", "[k - 1:, i, j]", "you nudged all the copies from k on: copy k alone is asked for, [k - 1, i, j]"),
    ("down[k - 1", "down[k", "up and down are nudges of two different copies: both belong to copy k, row k - 1"),
    ("[k - 1, i, j]", "[k - 1, i - 1, j - 1]", "only the copies count from 1: i and j count from 0, as rows and columns do"),
    ("+= step", "*= 1 + step", "-= step", "*= 1 - step", "that nudges by a share of the entry: add step, and subtract step"),
    ("[k - 1, i, j]", "[k - 1, j, i]", "i and j are swapped: row i, column j"),
    ("[k - 1, i, j]", "[k - 1]", "you nudged the whole matrix of this copy: only entry [i, j] of it is asked for")], hints=[
    "Which number in copies is the one to nudge? Where does the first axis count from?",
    "Make two new arrays from copies: one with that entry larger by step, one with it smaller by step.",
    "The difference of the two losses, over the distance of the two entries.",
    "up = copies.copy(); up[k - 1, i, j] += step"])


def _both_agree(answer):
    together, summed = q05_3.code.expected[0]
    return (f"they agree, but not to the last digit. Both are {number(together, 6)}, and they differ by "
            f"{abs(together - summed):.0e}, which shrinks like the square of the nudge: "
            "together has in it what copies do only jointly, and in the derivative, for a nudge going to 0, this is gone")


q05_3 = coding(
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
    *((_CENTRAL, way, BRACKETS) for way in _LOOSE),
    ("together, slope([T - 1])", "summed holds the last copy only: add the slopes up, summed += …"),
    (_CENTRAL, "(loss(up) - loss(copies)) / step", ONE_SIDED), (_CENTRAL, "(loss(copies) - loss(down)) / step", ONE_SIDED),
    *((_CENTRAL, f"(loss(up) - loss(copies)) / step if {those} else {_CENTRAL}", f"{name} is {ONE_SIDED}")
      for those, name in (("len(ks) == 1", "summed"), ("len(ks) > 1", "together"))),
    ("together, 2 * step * summed", "summed adds up changes of the loss: divide there by the distance, too"),
    ("together, T * together",
     "summed is T times too large: each term nudged all the copies; nudge one, and start again from the unchanged copies"),
    ("together, together",
     "summed is the same computation as together: for summed, nudge one copy at a time and add up T slopes"),
    ("summed, summed",
     "together and summed are one and the same computation: for together, nudge all the copies at once and take one difference"),
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
    ("ks, i, j", "ks, j, i", "i and j are swapped: row i, column j"),
    ("together, summed - slope([0])", "copy 1 is missing from the sum: the use of W between h_0 and h_1 counts"),
    ("together, summed - slope([T - 1])", "the last copy is missing from the sum: T copies, from 1 to T")], hints=[
    "How many numbers in copies move when entry [i, j] of the shared W moves?",
    "together: one central difference with all T of them moved. summed: T central differences with one of them moved.",
    "A slice reaches all copies at once: copies[:, i, j].",
    "summed = sum(nudge_one(loss, copies, k, i, j, step) for k in range(1, len(copies) + 1))"])
