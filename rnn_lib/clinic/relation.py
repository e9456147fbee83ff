"""How a wrong answer comes from the right one, in words: what a reader would try by hand with the two beside each other."""
from contextlib import suppress

import numpy as np

from ..gradcheck import relative_error

# What is made of the right array, and what is said where that came back in every case.
_MADE = (
    (lambda due: -due, "the sign is flipped"),
    (lambda due: 1 / due, "upside down: 1 over it is right"),
    (lambda due: 1 - due, "1 minus it is right"),
    (lambda due: due ** 2, "its square: a root is missing"),
    (np.log, "its logarithm: is exp missing?"),
    (np.transpose, "transposed: rows and columns have changed places"),
    *((more, "right, but with one more axis of length 1") for more in (lambda due: due[None], lambda due: due[..., None])),
    (np.ravel, "the right numbers, in one row"),
    (lambda due: due[::-1], "the right entries in reverse order"),
    (lambda due: np.roll(due, 1, 0), "each entry stands one place too late, and the last comes first"),
    (lambda due: np.roll(due, -1, 0), "each entry stands one place too early, and the first comes last"),
    (lambda due: np.concatenate([0 * due[:1], due[:-1]]), "each entry stands one place too late, after an empty one"),
    (lambda due: np.concatenate([due[1:], 0 * due[:1]]), "each entry stands one place too early, and the last is empty"),
    (lambda due: due.cumsum(0), "a running total: each entry holds those before it as well"),
    (lambda due: due[::-1].cumsum(0)[::-1], "a running total from the end: each entry holds those after it as well"),
    (lambda due: due[1:], "the first entry is missing, the others are right"),
    (lambda due: due[:-1], "the last entry is missing, the others are right"),
    (lambda due: due[::2], "every second entry is left out"),
    (lambda due: due.sum(0), "added up along axis 0, which should stay"),
    (lambda due: due[-1], "the last entry alone: was each written over the one before?"),
    (lambda due: due[0], "the first entry alone: does a return stand inside the loop?"))
_NUMBERS = {2: "twice too large", .5: "half as large as it should be", 100: "100 times too large: is it in per cent?",
            0: "zeros only: is it filled in yet?"}


def relation(gots, dues, counts=()):
    """What is said of an answer that comes from the right one by one and the same way in every case, or nothing.

    gots, dues: arrays, one for each case      counts: (name, its size in each case) of what may have been divided by
    """
    try:
        gots, dues = ([np.asarray(array, dtype=float) for array in arrays] for arrays in (gots, dues))
    except (TypeError, ValueError):                                             # None, or rows of different lengths
        return ""
    if all(map(_same, gots, dues)) or not all(np.isfinite(got).all() for got in gots):
        return ""
    with np.errstate(all="ignore"):
        made = (said for make, said in _MADE if all(_comes(make, *pair) for pair in zip(gots, dues, strict=True)))
        said = next(made, "") or _shape(gots, dues)
    said = said.replace("entries", "rows").replace("entry", "row") if dues[0].ndim > 1 else said
    return said or multiple(gots, dues, counts) or _entries(gots, dues)


def _same(got, due):
    return np.shape(got) == np.shape(due) and relative_error(got, due) <= 1e-9


def _comes(make, got, due):
    with suppress(IndexError, ValueError):                                      # a number has no rows
        return _same(got, make(due))
    return False


def multiple(gots, dues, counts=()):
    """What is said of the right arrays times a number, or divided by a size; or nothing."""
    if any(got.shape != due.shape or not due.any() for got, due in zip(gots, dues, strict=True)) or sum(map(np.size, dues)) < 2:
        return ""
    factors = np.array([np.vdot(due, got) / np.vdot(due, due) for got, due in zip(gots, dues, strict=True)])
    scaled = [factor * due for factor, due in zip(factors, dues, strict=True)]
    if not all(map(_same, gots, scaled)) or not (factors.any() or dues[0].size > 1):
        return ""
    alike = np.ptp(factors) <= 1e-9 * abs(factors[0])
    known = _NUMBERS.get(round(factors[0], 9)) if alike else ""
    for name, sizes in counts if not known else ():
        if max(sizes) > 1 and np.allclose(factors * sizes, 1, rtol=1e-9):
            return f"divided by {name}: is there a mean where a sum is due?"
    if alike and not known and abs(factors[0] - 1) < .005:
        return "nearly what it should be: is a small number added?"
    if alike:
        return known or f"{factors[0]:.3g} times what it should be"
    numbers = " and ".join(f"{factor:.3g}" for factor in factors[:2])
    return f"the right one times a number, here {numbers}, which changes from case to case" if dues[0].size > 1 else ""


def _shape(gots, dues):
    """What a wrong shape has of the right numbers."""
    pairs = [*zip(gots, dues, strict=True)]
    for axis in range(gots[0].ndim):
        if all(got.ndim > axis and _same(got.sum(axis), due) for got, due in pairs):
            return f"the parts, still to be added up along axis {axis}"
    if all(got.ndim == due.ndim > 0 and len(got) > len(due) and _same(got[:len(due)], due) for got, due in pairs):
        return f"{len(gots[0])} entries: the first {len(dues[0])} are right, then it should end"
    return ""


def _entries(gots, dues):
    """What is right in an answer of the right shape."""
    pairs = [*zip(gots, dues, strict=True)]
    if any(got.shape != due.shape or due.size < 3 for got, due in pairs):
        return ""
    if all(_same(np.sort(got, None), np.sort(due, None)) for got, due in pairs):
        return "the right numbers in another order"
    kept = [np.isclose(got, due, rtol=1e-9, atol=0) for got, due in pairs]
    if all(some.any() and not got[~some].any() for some, got in zip(kept, gots, strict=True)):
        return f"{kept[0].sum()} of {kept[0].size} entries are right, and the others are 0: does your loop come to all of them?"
    return ""
