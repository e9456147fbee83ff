"""Exercises of lesson 10: a central difference, an honest comparison of two gradients, and inputs that hide nothing."""
from contextlib import suppress

import numpy as np

from ..bptt import bptt
from ..clinic import MISTAKES
from ..gradcheck import blind_spots, central_difference, complex_step, relative_error
from ..losses import cross_entropy
from ..network import Parameters, forward, init_parameters
from .code import coding, nearer
from .kit import Exercise, Verdict, filled, right, wrong

# ---- the check itself ----------------------------------------------------------------------------------------------------

def _loss_of_V(seed):
    """(V -> total loss of a small network, its V, a step so large that Taylor's error shows)."""
    rng = np.random.default_rng([10, seed])
    params, x, y = init_parameters(3, 2, 4, rng), rng.standard_normal((4, 3)), rng.integers(4, size=4)
    def loss(V):
        if np.shape(V) != params.V.shape:
            raise ValueError(f"loss wants a whole matrix, {params.V.shape}, got {np.shape(V)}: nudge one entry of a copy of W")
        return cross_entropy(forward(params._replace(V=V), x).o, y)[0].sum()
    return loss, params.V, .1 * seed


_NEARER = nearer(lambda loss, W, s: complex_step(loss, W),
                 "nearer to the derivative than s allows: write the central difference, with the s that is handed in")


def _unmeasured(verdict, answer, judge):
    """Of zeros: not finished where no loss is computed, so that an answer needs none. Of all others: whether it is too near."""
    _, W, s = judge.cases[0]
    with suppress(Exception):
        if isinstance(got := answer(None, W.copy(), s), np.ndarray) and not got.any():
            return Verdict("not finished", "zeros only, and loss is not called yet: each entry is made of two losses")
    return _NEARER(verdict, answer, judge)


_NUDGE, _QUOTIENT = "        nudge = np.zeros(W.shape)\n", "(loss(W + nudge) - loss(W - nudge)) / (2 * s)"

q10_1 = coding(
    """def my_central_difference(loss, W, s):
    dW = np.zeros(W.shape)
    for index in np.ndindex(W.shape):
        nudge = np.zeros(W.shape)
        nudge[index] = s
        dW[index] = (loss(W + nudge) - loss(W - nudge)) / (2 * s)
    return dW""",
    [_loss_of_V(1), _loss_of_V(2)], returns=("the gradient",), instead=(central_difference,),
    shapes={(): "one number for all: if you nudge W + s, all entries move at once. Each entry has a measurement of its own"},
    last=_unmeasured,
    praise="two losses for each entry, and nothing of backpropagation in it: that is what makes it a check", mistakes=[
    (_QUOTIENT, "(loss(W + nudge) - loss(W)) / s", "that is the one-sided difference, with an error like s: nudge down as well"),
    (_QUOTIENT, "(loss(W) - loss(W - nudge)) / s", "that is a one-sided difference, with an error like s: nudge up as well"),
    (_QUOTIENT, "(loss(W + nudge) - loss(W)) / (2 * s)", "half as large as it should be: from θ to θ + s the way is s, not 2s"),
    (_QUOTIENT, "loss(W + 1j * nudge).imag / s", "that is the complex step: write the central difference"),
    (_QUOTIENT, "(loss(W + nudge) - loss(W - nudge)) / s", "twice too large: from θ − s to θ + s it is a way of 2s"),
    (_QUOTIENT, "loss(W + nudge) - loss(W - nudge)", "the division by 2s is missing: that is the change, not the slope"),
    (_QUOTIENT, "(loss(W + nudge) - loss(W - nudge)) / 2 * s", "/ 2 * s divides by 2 and multiplies by s: write / (2 * s)"),
    (_QUOTIENT, "loss(W + nudge) - loss(W - nudge) / (2 * s)", "brackets: / comes before −, so only one loss is divided"),
    (_QUOTIENT, "(loss(W - nudge) - loss(W + nudge)) / (2 * s)", "the sign is flipped: the loss of θ + s comes first"),
    (_NUDGE, "", "    for index", "    nudge = np.zeros(W.shape)\n    for index",
     "the nudge of one entry is still there when the next one is measured: set it back to 0"),
    ("loss(W - nudge)", "loss(W + nudge)", "the two losses are one and the same: the second is that of θ − s"),
    ("nudge[index] = s", "nudge[:] = s", "all entries are nudged at once: each entry has a measurement of its own"),
    ("nudge[index] = s", "nudge[index[0]] = s", "a whole row is nudged at once: each entry has a measurement of its own"),
    ("dW[index] =", "dW =", "one number: each measurement replaces dW. It belongs to one entry, dW[index]"),
    ("dW[index] =", "dW[:] =", "every measurement overwrites the whole array: it belongs to one entry")],
    hints=["How many losses must be computed for one entry, and how many for the whole matrix?",
           "Go through all entries: for index in np.ndindex(W.shape). Each has a nudge of its own.",
           "The nudge is an array of zeros with s at this entry. Do not change W: W + nudge is a new array.",
           "dW[index] = (loss(W + nudge) - loss(W - nudge)) / (2 * s)"])


# ---- an honest comparison ---------------------------------------------------------------------------------------------------

G = np.array([[.5, -2.], [0, 1.5]])
PAIRS = (       # two gradients, a tolerance, and what is said of an answer that judges them otherwise than the solution
    (G, (1 + 1e-12) * G, 1e-7, "it refuses a gradient that is right up to rounding (one entry of it is exactly 0)"),
    (G, 1.01 * G, 1e-7, "it accepts a gradient that is a percent too large"),
    (G - 1, G, 1e-7, "it accepts a gradient that is too small: abs is missing"),
    (-G, G, 1e-7, "it accepts a flipped sign: take abs of the difference, not of the two gradients"),
    (G * np.nan, G, 1e-7, "it accepts NaN: every comparison with NaN is False, so ask for error <= tolerance"),
    (G, G * np.nan, 1e-7, "it accepts NaN in the numerical gradient"),
    (G * np.nan, G * np.nan, 1e-7, "it accepts NaN against NaN: two gradients that nobody has do not agree"),
    (np.full((2, 2), np.inf), G, 1e-7, "it accepts an infinite gradient: ask for finite numbers first"),
    (0 * G, 0 * G, 1e-7,
     "it refuses 0 against 0, though these two are equal. Does it divide (0 / 0 is NaN), or ask < where <= is due?"),
    (2e-9 * G, 1e-9 * G, 1e-7,
     "a gradient of 1e-9 may be twice too large: something in it is absolute (np.allclose adds atol = 1e-8)"),
    (1e9 * G, (1e9 + 1e-2) * G, 1e-7, "it refuses a gradient of 1e9 that is right to ten digits: the bound is absolute"),
    (2e-30 * G, 1e-30 * G, 1e-7,
     "a gradient of 1e-30 may be twice too large: a small number is added to the size, or is the least that the size can be"),
    (G, np.where(G, G, 1e-15), 1e-7,
     "one entry that should be 0 and is 1e-15 spoils the whole: divide by the largest entry, not entry by entry"),
    (G * [[1], [1.01]], G, 1e-7, "it accepts a gradient with one wrong row: every entry counts"),
    (0 * G, G, 1e-7, "it accepts zeros for a gradient"),
    (1.001 * G, G, 1e-5,
     "it accepts a gradient that is a hundred times the tolerance too large: are squares compared with it? Take the root"),
    (G - 3, G - 3, 1e-7,
     "it refuses a gradient against itself where all entries are negative: is the size their largest, without abs?"),
    (np.where(np.eye(100)[:1] * np.eye(100), .995, 1), np.ones((100, 100)), 1e-4,
     "it accepts one wrong entry among 10,000 right ones: is there a mean or a norm in it? The largest difference counts"),
    (np.where(G == 1.5, np.nan, G), G, 1e-7, "it accepts one NaN among right entries: np.nanmax leaves it out"),
    (1.01 * G, G, .1, "with a tolerance of 0.1 it refuses a gradient that is a percent off: the tolerance is an argument"),
    *((got, np.full((2, 2), np.inf), 1e-7, "it accepts an infinite numerical gradient: ask of both whether they are finite")
      for got in (G, np.full((2, 2), np.inf))))


q10_2 = coding(
    """def agree(got, expected, tolerance):
    difference = np.abs(got - expected).max()
    size = np.abs([got, expected]).max()
    return bool(np.isfinite(size) and difference <= tolerance * size)""",
    [(got, expected, tolerance) for got, expected, tolerance, _ in PAIRS], instead=(relative_error,),
    unnamed=lambda answer, judge: wrong(next(said for *pair, said in PAIRS if bool(answer(*pair)) is not judge.reference(*pair))),
    reads=lambda said: (
        said if isinstance(said, bool | np.bool_) else wrong(f"return True or False, got {type(said).__name__}")
        if said is not None else Verdict("not finished", "your function returns nothing yet: return True or False")),
    praise=f"{len(PAIRS) - 1} pairs judged as they should be, as rnn.relative_error(got, expected) <= tolerance judges them",
    hints=[
    "What do your lines say of NaN? Of 0 against 0? Of a gradient of 1e-9 that is twice too large?",
    "One number for the difference, one for the size: the largest absolute entry of each.",
    "Multiply instead of dividing: then 0 against 0 is equal without a line of its own.",
    "difference <= tolerance * size, with size the larger of the two largest entries, and finite"])


# ---- inputs that hide nothing ------------------------------------------------------------------------------------------

LARGEST, SHOWN, PASSES = 12, 6, 1e-10        # T, H, D and K at most; names in a verdict; the tolerance


def _judge_inputs(answer):
    """Every known mistake is made on the learner's inputs, and looked for as a gradient check would."""
    given = filled(answer(np.random.default_rng(10)))
    if not isinstance(given, tuple | list) or len(given) != 4 or not isinstance(given[0], Parameters):
        return wrong("return four things, params, x, h_0, y: rnn.Parameters, (T, D), (H,) and (T,)")
    params, x, h_0, y = given
    for name, each in (("x", x), ("h_0", h_0), ("y", y)):
        if isinstance(each, list | tuple):
            return Verdict("not understood", f"{name} is a {type(each).__name__}: write np.array({name})")
    if np.ndim(x) == 3:
        return wrong(f"one sequence is enough, and then no batch hides anything: x must be (T, D), got {np.shape(x)}")
    if max(*np.shape(x), *np.shape(params.V), *np.shape(params.U)) > LARGEST:
        return wrong(f"a small network is enough, and the complex step is slow: let no size be above {LARGEST}")
    if np.asarray(h_0).dtype.kind in "iu" and np.asarray(y).dtype.kind == "f":
        return wrong("h_0 and y have changed places: return params, x, h_0, y")
    try:
        run = forward(params, x, h_0)
        do = cross_entropy(run.o, y)[1]
    except (TypeError, ValueError) as error:
        return wrong(f"a network does not take what you returned: {error}")
    with np.errstate(all="ignore"):
        due = bptt(params, run, do)
        made = {mistake.name: mistake.backward(params, run, do) for mistake in MISTAKES}
        hidden = [name for name, got in made.items() if all(
            relative_error(getattr(got, each), getattr(due, each)) <= PASSES for each in Parameters._fields)]
    blind = "; ".join(blind_spots(params, run, do))
    if hidden:
        count = "One mistake" if len(hidden) == 1 else f"{len(hidden)} of the {len(MISTAKES)} mistakes"
        more = f"; and {len(hidden) - SHOWN} more" if len(hidden) > SHOWN else ""
        why = f". rnn.blind_spots says: {blind}" if blind else ". Print 1 - h ** 2: is f' nearly 0 at a whole step?"
        return wrong(f"{count} would pass on these inputs: {'; '.join(hidden[:SHOWN])}{more}{why}")
    if blind:
        return wrong(f"none of the {len(MISTAKES)} passes, but rnn.blind_spots still says: {blind}")
    sizes = [len(x), x.shape[-1], *params.U.shape]
    more = "" if len({*sizes}) == 4 else ". Two of T, D, K and H are equal: make all different, so that a wrong axis stops"
    return right(f"none of the {len(MISTAKES)} mistakes can hide on these inputs. Now do it with another seed as well{more}")


q10_3 = Exercise(_judge_inputs, [
    "How many steps does a wrong order of Jacobians need before it shows?",
    "Nothing may be 0, symmetric or tiny: h_0, the biases, W. And every step needs a loss.",
    "T of at least 3, and T, D, H, K all different: then no wrong shape fits by accident.",
    "params = rnn.init_parameters(D=3, H=5, K=4, rng=rng), and x, h_0 from rng.standard_normal, y from rng.integers(4, size=6)"],
    """def my_inputs(rng):
    params = rnn.init_parameters(D=3, H=5, K=4, rng=rng)
    x, h_0 = rng.standard_normal((6, 3)), rng.standard_normal(5)
    y = rng.integers(4, size=6)
    return params, x, h_0, y""")
