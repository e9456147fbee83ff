"""Exercise of lesson 10: an honest comparison of two gradients."""
import numpy as np

from .code import coding
from .kit import wrong

G = np.array([[.5, -2.], [0, 1.5]])
PAIRS = (       # two gradients, a tolerance, and what is said of an answer that judges them otherwise than the solution
    (G, (1 + 1e-12) * G, 1e-7, "it refuses a gradient that is right up to rounding (one entry of it is exactly 0)"),
    (G, 1.01 * G, 1e-7, "it accepts a gradient that is a percent too large"),
    (G * np.nan, G, 1e-7, "it accepts NaN: every comparison with NaN is False, so ask for error <= tolerance"),
    (G, G * np.nan, 1e-7, "it accepts NaN in the numerical gradient"),
    (G * np.nan, G * np.nan, 1e-7, "it accepts NaN against NaN: two gradients that nobody has do not agree"),
    (np.full((2, 2), np.inf), G, 1e-7, "it accepts an infinite gradient: ask for finite numbers first"),
    (0 * G, 0 * G, 1e-7, "it refuses 0 against 0, which is right: 0 / 0 needs a line of its own"),
    (2e-9 * G, 1e-9 * G, 1e-7,
     "a gradient of 1e-9 may be twice too large: something in it is absolute (np.allclose adds atol = 1e-8)"),
    (1e9 * G, (1e9 + 1e-2) * G, 1e-7, "it refuses a gradient of 1e9 that is right to ten digits: the bound is absolute"),
    (G, np.where(G, G, 1e-15), 1e-7,
     "one entry that should be 0 and is 1e-15 spoils the whole: divide by the largest entry, not entry by entry"),
    (G - 1, G, 1e-7, "it accepts a gradient that is too small: abs is missing"),
    (-G, G, 1e-7, "it accepts a flipped sign: take abs of the difference, not of the two gradients"),
    (G * [[1], [1.01]], G, 1e-7, "it accepts a gradient with one wrong row: every entry counts"),
    (0 * G, G, 1e-7, "it accepts zeros for a gradient"),
    (1.01 * G, G, .1, "with a tolerance of 0.1 it refuses a gradient that is a percent off: the tolerance is an argument"))


def _true_or_false(said):
    return said if isinstance(said, bool | np.bool_) else wrong(f"return True or False, got {type(said).__name__}")


def _first_pair(verdict, answer):
    """What is said of the first pair that the answer judges otherwise."""
    if "that is not it" not in verdict.message:
        return None
    return wrong(next(said for *pair, said in PAIRS if bool(answer(*pair)) is not q10_1.code.reference(*pair)))


q10_1 = coding(
    """def agree(got, expected, tolerance):
    difference = np.abs(got - expected).max()
    size = np.abs([got, expected]).max()
    return bool(np.isfinite(size) and difference <= tolerance * size)""",
    [(got, expected, tolerance) for got, expected, tolerance, _ in PAIRS], reads=_true_or_false, last=_first_pair,
    praise=f"{len(PAIRS) - 1} pairs judged as they should be; rnn.relative_error(got, expected) <= tolerance does the same",
    hints=[
    "Which of the four traps do your lines step into: NaN, 0/0, a bare threshold, entry by entry?",
    "One number for the difference, one for the size: the largest absolute entry of each.",
    "Multiply instead of dividing: then 0 against 0 needs no line of its own.",
    "difference <= tolerance * size, with size the larger of the two largest entries, and finite"])
