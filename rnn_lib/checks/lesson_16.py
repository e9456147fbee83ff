"""Exercises of lesson 16: a vector-Jacobian product, what detach cuts, and which mode is cheaper."""
import numpy as np

from ..gradcheck import complex_step
from .code import coding
from .table import table


def _case(seed, H, n):
    """W (H, n), u (n,), dh (H,): not square, so that a transpose cannot hide; the second is, as in the lesson."""
    rng = np.random.default_rng([16, seed])
    return .7 * rng.standard_normal((H, n)), rng.standard_normal(n), rng.standard_normal(H)


_SLOPE = "    da = (1 - h ** 2) * dh\n"

q16_1 = coding(
    """def my_vjp(W, u, dh):
    h = np.tanh(W @ u)
    da = (1 - h ** 2) * dh
    return np.outer(da, u), W.T @ da""",
    [_case(1, 4, 4), _case(2, 3, 3)], returns=("dW", "du"), letters={"H": 4}, instead=(complex_step,),
    shapes={"dW": dict.fromkeys([(4,), ()], "dW has the shape of W: it is an outer product, np.outer(da, u)"),
            "du": {(4, 4): "du has the shape of u: a product of Wᵀ with da, not entry by entry", (): "du is a vector, like u"}},
    helps={"a plain number": "da is a vector: f' and dh are multiplied entry by entry, with *"},
    praise="dW is an outer product, two vectors: the Jacobian, (H, H·H), need not be built. A tape does no more", mistakes={
    "": [(_SLOPE, "    da = dh\n", "f' is missing: between h and W u stands tanh, and passing it costs 1 − h²"),
         (_SLOPE, "    da = (1 - h) * dh\n", "the slope of tanh is 1 − h²: the square is missing"),
         (_SLOPE, "    da = (1 - h) ** 2 * dh\n", "brackets: the square belongs to h alone, 1 - h ** 2"),
         (_SLOPE, "    da = (1 - np.tanh(h) ** 2) * dh\n", "tanh is taken twice: h is tanh(W u) already, so the slope is 1 − h²"),
         (_SLOPE, "    da = (1 - (W @ u) ** 2) * dh\n", "1 − a² is not the slope: it is 1 − h², with h = tanh(a)"),
         (_SLOPE, "    da = (1 - u ** 2) * dh\n", "the slope is taken at u: tanh acts on W u, and its slope is 1 − h²"),
         (_SLOPE, "    da = 1 - h ** 2 * dh\n", "brackets: Python takes ** and * before −. Write (1 - h ** 2) * dh"),
         (_SLOPE, "    da = (1 - h * 2) * dh\n", "h * 2 is twice h: the square is h ** 2"),
         ("W @ u", "u @ W", "u @ W is Wᵀ u. The forward pass is tanh(W u), W @ u; as W is square no shape warns you"),
         (_SLOPE, "    da = h * (1 - h ** 2) * dh\n", "a factor h too many: the slope of tanh is 1 − h²"),
         (_SLOPE, "    da = h * dh\n", "that is tanh itself: passing it backwards costs its slope, 1 − h²"),
         (_SLOPE, "    da = (1 - dh ** 2) * dh\n", "that is made of dh: the slope is 1 − h²"),
         (_SLOPE, "    da = h * (1 - h) * dh\n", "h (1 − h) is the slope of the sigmoid: that of tanh is 1 − h²"),
         (_SLOPE, "    da = np.diag(1 - h ** 2) * dh\n", "da has become a matrix: (1 - h ** 2) * dh, without np.diag"),
         (_SLOPE, "    da = (1 - h ** 2) ** 2 * dh\n", "the slope is in it twice: tanh is passed once")],
    "dW": [("np.outer(u, da)", "transposed: row i of W makes entry i of W u, so da gives the rows"),
           ("np.outer(1 - h ** 2, u)", "dh is missing: a vector–Jacobian product has its vector in it"),
           ("np.outer(dh, u)", "f' is missing: W stands before tanh, so its gradient is made of da, not of dh"),
           ("(1 - h ** 2) * np.outer(dh, u)", "a vector * a matrix scales columns, and slopes belong to rows: make da first"),
           ("np.outer(da, h)", "W multiplies u, not h: the outer product is da with u"),
           ("np.diag(1 - h ** 2) @ W", "that is the Jacobian of h by u: dW is an outer product, of da with u"),
           ("da * u", "entry by entry: dW has an entry for each pair, an outer product"),
           ("da[:, None] * np.ones_like(W)", "u is missing: W_ij moves a_i by u_j")],
    "du": [("W @ da", "W takes u to a. The way back goes through Wᵀ, and as W is square no shape warns you"),
           ("u @ W", "dh is missing: it is da that Wᵀ takes back, not u"),
           ("W.T @ dh", "f' is missing: the way back to u passes tanh first, so it is da that Wᵀ multiplies"),
           ("W @ dh", "f' is missing, and W is the wrong way round: write Wᵀ da"),
           ("(1 - h ** 2) * (W @ dh)", "that is the way forward, first W and then f': back it is Wᵀ da, with da = f' dh"),
           ("da", "that is the gradient at W u: one more factor stands between it and u"),
           ("W.T @ (1 - h ** 2)", "dh is missing: a vector–Jacobian product has its vector in it"),
           *((f"(1 - {state} ** 2) * (W.T @ dh)", "the order: going back, tanh is passed first, at h, and then W. "
             "(A vector * a matrix scales columns: the slopes of diag(f') W need [:, None])")
             for state in "uh")]},
    hints=["Which operation comes last on the way forward? It is the first on the way back.",
           "Passing tanh: da = (1 − h²) · dh, with h = tanh(W u).",
           "Then W u: dW is the outer product of da with u, and du = Wᵀ da.",
           "return np.outer(da, u), W.T @ da"])

_ONE = "that is one window. There are three"

q16_2 = table(
    "terms_left = (1 + 2 + 3) + (1 + 2 + 3 + 4) + (1 + 2)\nuses_of_loss_8 = len({8})",
    {"terms_left": {45: "nothing is cut then: a term with its use before a border and its loss behind it is lost",
                    29: "3 · 3, 4 · 4 and 2 · 2 cells would be squares: there are no cells with k > t",
                    9: "only the diagonal is counted: inside a window the gradient flows as ever",
                    3: _ONE, 6: _ONE, 10: _ONE, 26: "those are the terms that are cut: which are left?",
                    15: "45 / 3? The windows do not share the 45 cells: those outside all three are lost",
                    18: "that is three windows of 3 steps. With borders after 3 and 7 they have other lengths",
                    None: "draw the triangle, and the two borders: which cells have loss and use in the same window?"},
     "uses_of_loss_8": {8: "nothing is cut then: the border after step 7 stops the message of loss 8",
                        2: "the window is 8, 9, but use 9 comes after loss 8",
                        0: "k = t counts, too: loss 8 reaches the use at its own step",
                        7: "those are the uses that are cut off: which are left?",
                        5: "the uses 4 to 7 lie before the border, and the message of loss 8 stops there",
                        None: "the state was detached after step 7: how far back does the message of loss 8 come?"}},
    asks="give two whole numbers, without quotes",
    praise="windows of 3, 4 and 2 steps keep 6 + 10 + 3 terms, and loss 8 is the first of its window",
    hints=["Between which steps can no gradient pass?", "Three windows, of 3, 4 and 2 steps: each is a triangle of its own.",
           "A triangle of 3 steps has 1 + 2 + 3 cells. Loss 8 lies in the window 8, 9; uses after it do not count."])

q16_3 = table(
    "my_passes = dict(a_forward=1_000, a_reverse=1, b_forward=2, b_reverse=500)",
    {"a_forward": {2: "a asks about the parameters: each is an input of its own here",
                   1: "one pass forward starts at one parameter, and says nothing of the others",
                   500: "a pass forward starts at an input, not at an output: from where does it start in a?",
                   None: "a pass forward starts at one parameter: how many are there?"},
     "a_reverse": {500: "the loss is one number, however many outputs the network has: a pass back starts there",
                   1000: "one pass back starts at the loss, and says how it reacts to all parameters at once",
                   None: "a pass back starts at one output. In a this is the loss: how many losses are there?"},
     "b_forward": {1: "one pass forward starts at one input: there are two",
                   500: "one pass forward says how all outputs react at once: from how many inputs does it start?",
                   1000: "b asks about the 2 inputs, not about the parameters",
                   None: "a pass forward starts at one input: how many may you vary?"},
     "b_reverse": {1: "b has no loss: a pass back starts at one of the outputs, and says nothing of the others",
                   2: "one pass back says how one output reacts to both inputs: at how many outputs does it start?",
                   1000: "b asks about the 2 inputs, not about the parameters, and a pass back starts at an output",
                   None: "a pass back starts at one output: how many are there?"}},
    asks="give dict(a_forward=..., a_reverse=..., b_forward=..., b_reverse=...), whole numbers without quotes",
    joint=[(lambda given: given == {"a_forward": 1, "a_reverse": 1000, "b_forward": 500, "b_reverse": 2},
            "the two modes have changed places: a pass forward starts at an input, a pass back at an output")],
    praise="so you go back for a, and forward for b: start where there are few",
    hints=["One pass starts at one number. At which end does each mode start?",
           "Reverse: one output, and how it reacts to all inputs. Forward: one input, and how all outputs react to it.",
           "In a the 1,000 parameters are what goes in, and the one loss is what comes out."])
