"""Exercise of lesson 10: an honest comparison of two gradients."""
import numpy as np

from .kit import Exercise, right, wrong

GRADIENT = np.array([[.5, -2.], [0, 1.5]])
PAIRS = (
    (GRADIENT, (1 + 1e-12) * GRADIENT, True, "it refuses a gradient that is right up to rounding (one entry of it is exactly 0)"),
    (GRADIENT, 1.01 * GRADIENT, False, "it accepts a gradient that is a percent too large"),
    (GRADIENT * np.nan, GRADIENT, False, "it accepts NaN: every comparison with NaN is False, so ask for error <= tolerance"),
    (GRADIENT, GRADIENT * np.nan, False, "it accepts NaN in the numerical gradient"),
    (GRADIENT * np.nan, GRADIENT * np.nan, False, "it accepts NaN against NaN: two gradients that nobody has do not agree"),
    (np.full((2, 2), np.inf), GRADIENT, False, "it accepts an infinite gradient: ask for finite numbers first"),
    (0 * GRADIENT, 0 * GRADIENT, True, "it refuses 0 against 0, which is right: 0 / 0 needs a line of its own"),
    (2e-9 * GRADIENT, 1e-9 * GRADIENT, False, "a gradient of 1e-9 may be twice too large: something in it is absolute "
                                              "(np.allclose adds atol = 1e-8)"),
    (1e9 * GRADIENT, (1e9 + 1e-2) * GRADIENT, True, "it refuses a gradient of 1e9 that is right to ten "
                                                     "digits: the bound is absolute"),
    (GRADIENT, np.where(GRADIENT, GRADIENT, 1e-15), True, "one entry that should be 0 and is 1e-15 spoils the whole: divide by "
                                                      "the largest entry, not entry by entry"),
    (GRADIENT - 1, GRADIENT, False, "it accepts a gradient that is too small: abs is missing"),
    (-GRADIENT, GRADIENT, False, "it accepts a flipped sign: take abs of the difference, not of the two gradients"),
    (GRADIENT * [[1], [1.01]], GRADIENT, False, "it accepts a gradient with one wrong row: every entry counts"),
    (0 * GRADIENT, GRADIENT, False, "it accepts zeros for a gradient"))


def _agree(answer):
    if not callable(answer):
        return wrong("hand in the function itself, without calling it")
    for got, expected, due, meaning in PAIRS:
        with np.errstate(all="ignore"):
            said = answer(got.copy(), expected.copy(), 1e-7)
        if not isinstance(said, bool | np.bool_):
            return wrong(f"return True or False, got {type(said).__name__}")
        if bool(said) is not due:
            return wrong(meaning)
    if not answer(1.01 * GRADIENT, GRADIENT.copy(), 0.1):
        return wrong("with a tolerance of 0.1 it refuses a gradient that is a percent off: the tolerance is an argument")
    return right(f"{len(PAIRS)} pairs judged as they should be; rnn.relative_error(got, expected) <= tolerance does the same")


q10_1 = Exercise(_agree, [
    "Which of the four traps do your lines step into: NaN, 0/0, a bare threshold, entry by entry?",
    "One number for the difference, one for the size: the largest absolute entry of each.",
    "Multiply instead of dividing: then 0 against 0 needs no line of its own.",
    "difference <= tolerance * size, with size the larger of the two largest entries, and finite"],
    """def agree(got, expected, tolerance):
    difference = np.abs(got - expected).max()
    size = np.abs([got, expected]).max()
    return bool(np.isfinite(size) and difference <= tolerance * size)""")
