"""Exercises of lesson 13: rows times a matrix by hand, sufficient or necessary, and clipping by the global norm."""
import numpy as np

from ..training import clip_by_norm
from .code import MISFIT, coding
from .kit import wrong
from .table import number, one_of, table


def _two_rows(value):
    """Four numbers, up to rounding, from two rows of two, or one after the other.   raises: TypeError"""
    if isinstance(value, dict | set) or np.size(value) != 4:
        raise TypeError
    return tuple(round(number(part), 6) for part in np.ravel(value))


_COLUMN = "that is S times a column. A row stands to the left: each number of it multiplies a row of S, and the two are added"
_SAME = "the first multiplication is right. The second starts from its result"

q13_1 = table(
    """my_row = [(4, .8), (4 * .8 + .8 * 4, .8 * .8)]
my_other = [(.8, 0), (.8 * .8, 0)]""", {
        "(0, 1)": {(0, .8, 0, .64): _COLUMN, (4, .8, 4, .8): _SAME,
                   (4, .8, 3.2, .64): "both numbers of (4, 0.8) add to the first entry of the second row: 4 · 0.8 and 0.8 · 4",
                   None: "(0, 1) S is the second row of S. Then 4 times the first row and 0.8 times the second, added"},
        "(1, 0)": {(.8, 4, .64, 6.4): _COLUMN, (.8, 0, .8, 0): _SAME,
                   None: "(1, 0) S is the first row of S. Then 0.8 times that row"}},
    reads=_two_rows, asks="write two rows of two numbers each, such as [(1, 2), (3, 4)]", every=False, joint=[
    (lambda given: given["(0, 1)"] == (.8, 0, .64, 0), "the two have changed places: (0, 1) comes first"),
    (lambda given: given["(0, 1)"][:2] == (4, .8) and given["(0, 1)"][2:] not in ((6.4, .64), (4, .8), (3.2, .64)),
     "(0, 1): the first row is right. The second is 4 times the first row of S and 0.8 times the second, added")],
    praise="(0, 1) becomes 4.08 times as long, and then only 1.58 times; (1, 0) keeps its direction and gets 0.8 times as long "
           "each time", hints=[
    "The row (a, b) times S is a times the first row of S plus b times the second.",
    "(0, 1) S is the second row itself. What is 4 · (0.8, 0) + 0.8 · (4, 0.8)?",
    "(1, 0) S = (0.8, 0), which is 0.8 · (1, 0). So what does the second multiplication do?"])

_DIES = "this product dies, so it fits e. To refute e, an example must have ρ < 1 and a product that does not die"

_IFF = ("you read every «if» as «if and only if»: a and b differ, and so do c and d. Which of them follow from the bound, and "
        "which would need the bound to be reached?")

q13_2 = table(
    "my_answer = dict(a='bound', b='S', c='bound', d='N', e='Z')", {
    "a": {None: "the norm of {} is above 1, so {} says nothing about a. Each factor satisfies ‖J_i‖ ≤ ‖W‖, because |f'| ≤ 1: "
                "what does that make of the norm of the product?"},
    "b": {"N": "", "bound": "the bound says «at most»: it forces no growth. Which example with ‖W‖ > 1 dies?",
          "Z": "with the slopes 1 and 0.1 the product of Z explodes, so it fits b. Which example with ‖W‖ > 1 never explodes?"},
    "c": {"Z": "Z can explode, with the norm 5: it fits c. To refute c, an example must explode with ‖W‖ ≤ 1. How large can the "
               "norm of the product become then?",
          None: "{} dies, and c speaks of products that explode. Suppose ‖W‖ ≤ 1: how large can the norm of the product become? "
                "So what must hold when it explodes?"},
    "d": {"S": "", "bound": "the bound gives a, and d is a read the other way. Is a small ‖W‖ the only way to die?",
          "Z": "with the slopes 1 and 0.1 the product of Z explodes. Which example with a large norm always dies?"},
    "e": {"bound": "the bound is about ‖W‖, and e about ρ. ρ decides about W · W · W, but the product is D₅ W D₄ W D₃ W, with "
                   "slopes in between. Is there an example with ρ < 1 that explodes?",
          "S": _DIES, "N": _DIES}},
    reads=one_of("bound", "S", "N", "Z"), every=False,
    asks='give dict(a=..., b=..., c=..., d=..., e=...), each of them "bound" where the sentence is true, or the example that '
         'refutes it: "S", "N" or "Z"', joint=[
    (lambda given: set(given.values()) == {"bound"}, f"{_IFF} And e is not what the bound says: it has ρ in it, not the norm"),
    (lambda given: all(given[name] == "bound" for name in "abcd"), _IFF),
    (lambda given: given["b"] == "bound" != given["c"],
     "a condition that must hold is necessary, one that is enough is sufficient: you have the two the wrong way round for "
     "exploding. b: does S explode?")],
    praise="‖W‖ < 1 is sufficient to vanish, ‖W‖ > 1 is necessary to explode, and ρ alone decides only without f.\n"
           "c is the bound, read backwards. b and d: both S and N refute them", hints=[
    "Which of the sentences follow from ‖J_t ... J_{k+1}‖ ≤ ‖W‖ to the power t - k? Which go beyond it?",
    "The bound says «at most». What can it never tell you?",
    "The norms are 4.15, 5 and 5, and ρ is 0.8, 0 and 0. The products of S and N die, that of Z explodes with the slopes 1, 0.1.",
    "Two of the five are true: the bound, and its contraposition (not-B implies not-A says the same as A implies B)."])

# ---- clipping --------------------------------------------------------------------------------------------------------

_NAMES = ("V", "W", "b_h")


def _gradients(seed, norm, limit):
    rng = np.random.default_rng(seed)
    arrays = {name: rng.standard_normal(shape) for name, shape in zip(_NAMES, ((4, 3), (4, 4), (4,)), strict=True)}
    return {name: a * (norm / np.sqrt(sum((b * b).sum() for b in arrays.values()))) for name, a in arrays.items()}, limit


def _arrays(given):
    """The three arrays of a dict; of gradients with their norm, as the library's function returns them, too."""
    given = given[0] if isinstance(given, tuple) and len(given) == 2 else given
    if given is None:
        return wrong("your function gives None at least once: return the clipped gradients, and those within the limit unchanged")
    if not isinstance(given, dict) or set(given) != set(_NAMES):
        return wrong(f"your function must return a dict with the names that came in, such as {', '.join(_NAMES)}")
    return tuple(given[name] for name in _NAMES)


_NORM, _SCALED, _SHORT = "np.sqrt(sum((g * g).sum() for g in gradients.values()))", "limit / norm", "norm <= limit"
_RESULT = "{name: g * (limit / norm) for name, g in gradients.items()}"
_EACH = "no array is asked for itself: ask once whether the norm over all arrays exceeds the limit, and then shorten them all"
_NOT_SHORT = "    if norm <= limit:\n        return gradients\n"

q13_3 = coding(
    """def my_clip(gradients, limit):
    norm = np.sqrt(sum((g * g).sum() for g in gradients.values()))
    if norm <= limit:
        return gradients
    return {name: g * (limit / norm) for name, g in gradients.items()}""",
    [_gradients(*case) for case in ((1, 12, 5), (2, 3, 5), (3, 30, 2), (4, .5, 2), (2, 6, 5), (2, 1.5, 2.4), (5, 1.5, 5))],
    returns=_NAMES, reads=_arrays, instead=(clip_by_norm,),
    helps={"make no array": "Take them one by one, or flatten them first (np.ravel)",
           MISFIT: "Arrays of different shapes cannot be added: add up each one first, (g ** 2).sum()"}, mistakes=[
    (_RESULT, "{name: g * min(1, limit / np.linalg.norm(g)) for name, g in gradients.items()}", _NOT_SHORT, "",
     "each array is clipped by its own norm: their sizes relative to each other change, and with them the direction. Take one "
     "norm over all arrays, and one factor"),
    (_RESULT, "{name: g * limit / np.linalg.norm(g) for name, g in gradients.items()}", _NOT_SHORT, "",
     "each array gets the norm `limit`, by its own norm and even if it was shorter: take one norm over all arrays, one factor, "
     "and only when that norm exceeds the limit"),
    *((*edits, "long gradients are right. A gradient within the limit must come back unchanged: its factor is 1") for edits in (
        (_SCALED, "min(limit, limit / norm)", _NOT_SHORT, ""),
        *(("return gradients", f"return {{name: g * {factor} for name, g in gradients.items()}}") for factor in ("limit", 0)))),
    (_NOT_SHORT, "", "gradients shorter than the limit are made longer: they should stay as they are"),
    (_RESULT, "{name: np.clip(g, -limit, limit) for name, g in gradients.items()}", _NOT_SHORT, "",
     "that clips by value, entry by entry: the direction changes. Multiply all by one factor"),
    (_RESULT, "{name: np.minimum(g, limit) for name, g in gradients.items()}", _NOT_SHORT, "",
     "that cuts entry by entry, and from above only: the direction changes. Multiply all by one factor"),
    (_RESULT, "{name: np.where(abs(g) > limit, g * (limit / norm), g) for name, g in gradients.items()}", _NOT_SHORT, "",
     "only entries above the limit are scaled: the direction changes. Multiply all of them by one factor"),
    (_RESULT, "{name: g - (norm - limit) for name, g in gradients.items()}",
     "the excess is subtracted from every entry: the direction changes. Multiply by limit / norm"),
    (_NORM, "sum((g * g).sum() for g in gradients.values())",
     "the square root is missing: the norm is the root of the sum of squares"),
    (_SCALED, "limit / norm ** 2", "the square root is missing in the factor: you divide by the squared norm"),
    (_RESULT, "{name: g * (limit / norm) if np.linalg.norm(g) > limit else g for name, g in gradients.items()}", _NOT_SHORT,
     "", _EACH), (_SHORT, "max(np.linalg.norm(g) for g in gradients.values()) <= limit", _EACH),
    (_SHORT, "norm <= 1", "the norm is compared with 1: it is `limit` that it must exceed"),
    (_SHORT, "sum(np.linalg.norm(g) for g in gradients.values()) <= limit",
     "the sum of the arrays' norms is compared with the limit. Norms do not add: compare the root of all squares"),
    (_SHORT, "norm ** 2 <= limit",
     "the square root is missing in the comparison: it is the norm that must exceed the limit, not its square"),
    (_SCALED, "norm / limit", "the factor is upside down: long gradients become longer"),
    (_SCALED, "1 / norm", "long gradients get the norm 1: they should get the norm `limit`"),
    (_NOT_SHORT, "", _SCALED, "1 / norm", "every gradient gets the norm 1: only long ones change, and to `limit`"),
    (_NORM, "sum(np.linalg.norm(g) for g in gradients.values())",
     "you added the norms of the arrays. Norms do not add: add the squares, then take one root"),
    (_NORM, "max(np.linalg.norm(g) for g in gradients.values())",
     "that is the norm of the longest array: the global norm takes the squares of all of them"),
    (".sum()", ".mean()", "the mean of the squares of each array is in the norm: it takes their sum"),
    (_NORM, "max(abs(g).max() for g in gradients.values())",
     "that is the largest entry, not the norm: the root of the sum of all squares"),
    (_NORM, f"{_NORM} / np.sqrt(sum(g.size for g in gradients.values()))",
     "that is the root of the mean square: the norm takes the sum"),
    (_SHORT, "norm >= limit",
     "short gradients change and long ones stay: is the comparison the wrong way round, or is max there for min?"),
    (_NORM, "np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in gradients.values()))",
     "np.linalg.norm(a, 2) of a matrix is its largest singular value: here the norm takes all entries, np.linalg.norm(a)"),
    (_NORM, "sum(abs(g).sum() for g in gradients.values())",
     "you added absolute values: the norm is the root of the sum of squares"),
    *((_SCALED, f"limit / (norm + {small})", "nearly: a small number is added to the norm. It guards against a division by 0, "
       "and a norm above the limit is not 0") for small in (1e-6, 1e-8)),
    (_SHORT, "True", "nothing is clipped: a gradient with norm above the limit must become shorter")],
    praise="one factor for all arrays: the length changes, the direction does not. The library has it as training.clip_by_norm",
    hints=[
    "What is the length of all gradients together, written as one long vector?",
    "The norm is the root of the sum of all squares, over all arrays: one number. When it exceeds the limit, all is scaled.",
    "The factor is limit / norm when norm > limit, and 1 otherwise.",
    "{name: g * min(1, limit / norm) for name, g in gradients.items()}"])
