"""Exercises of lesson 00: the four verdicts, then five lines or shapes to mend."""
from operator import index

import numpy as np

from .code import coding
from .table import table

T, B, D, H, K = 4, 8, 3, 6, 2       # all different, T + 1 and H + 1 too: a mistake that runs when two sizes agree stops here


def _arrays(T, B, D, H, K):
    """Arrays of these sizes by name; the states are not zero, W is not symmetric."""
    rng = np.random.default_rng(0)
    shapes = {"V": (H, D), "W": (H, H), "U": (K, H), "b_h": (H,), "b_y": (K,), "x": (T, D), "h": (T + 1, H), "batch": (B, T, D),
              "x_t": (D,), "h_prev": (H,)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def _line(solution, **more):
    """An exercise on one line, on arrays of different sizes; and of equal ones, for mistakes that stop otherwise."""
    takes = solution.partition("(")[2].partition(")")[0].split(", ")
    case, square = (tuple(arrays[name] for name in takes) for arrays in (_arrays(T, B, D, H, K), _arrays(5, 5, 5, 5, 5)))
    more["shapes"] |= {(): "That is one number or none: does your function return its result?"}
    return coding(solution, [case], square=square, letters={"T": T, "B": B, "D": D, "H": H, "K": K}, **more)


_SWAPPED = "W takes a state (H columns), x_t has D entries. W @ x_t runs only when D = H, and then it is silently wrong"
_EACH = "* multiplies entry by entry; the product of a matrix with a vector or a matrix is written @"
_BACKWARDS = "V turned round goes from hidden to input: V.T is (D, H). In V @ x_t the D columns of V meet the D entries of x_t"

q00_1 = coding(
    "my_sum = steps.sum(axis=0)", [()], returns=("my_sum",), known={"steps": np.array([[1.0, 10], [2, 20], [3, 30]])},
    praise="the sum over time has the shape of one step", mistakes=[
    ("steps.mean(axis=0)", "that is the mean over the steps, a T-th of the sum; in this course a total over time is a sum"),
    ("steps[-1]", "that is the last step alone; the other steps count as well"),
    ("steps[0]", "that is the first step alone; the other steps count as well"),
    ("steps[1:].sum(axis=0)", "step 1 is missing: it is steps[0], and it counts")], shapes={
    (3,): "You added along axis 1, over the inputs of each step; time is axis 0",
    (): "That is one number: both axes were added, time is axis 0 alone",
    (3, 2): "Time is still there as axis 0. A running total keeps every step; the sum over time has the shape of one step, (2,): "
            "otherwise nothing was added along axis 0",
    (1, 2): "The numbers may be right, but time is still there as an axis of length 1"}, hints=[
    "Which axis of steps is time?",
    "Time is the first axis, axis 0. What is left when it has been added up?",
    "NumPy's sum takes the axis to add along.",
    "steps.sum(axis=…), with the number of the time axis"])

q00_2 = _line(
    "def my_a_t(V, W, b_h, x_t, h_prev):\n    return V @ x_t + W @ h_prev + b_h",
    praise="(H, D) @ (D,) is (H,), and (H, H) @ (H,) is (H,): all three terms are (H,)", shapes={}, mistakes=[
    ("V @ x_t + W @ h_prev", "b_h is missing: (1) has three terms"),
    ("V @ x_t + b_h", "the term with W is missing: nothing of the past comes in"),
    ("W @ h_prev + b_h", "the term with V is missing: the input does not come in"),
    ("V @ x_t + W.T @ h_prev + b_h",
     "the shape is right, but W is turned round (W.T, or h_prev @ W): W is square, so no error tells you"),
    ("np.tanh(V @ x_t + W @ h_prev + b_h)", "that is h_t: f belongs to (2), a_t stops before it"),
    ("V * x_t + W * h_prev + b_h", _EACH), ("W @ x_t + V @ h_prev + b_h", _SWAPPED), ("W @ x_t + W @ h_prev + b_h", _SWAPPED),
    ("V.T @ x_t + W @ h_prev + b_h", _BACKWARDS), ("V.T @ x_t + W.T @ h_prev + b_h", _BACKWARDS)], hints=[
    "Which matrix meets x_t in (1), and which meets h_{t-1}?",
    "The columns of a matrix must be as many as the entries of the vector to its right. Who has D columns?",
    "V is (H, D): it takes x_t. W is (H, H): it takes the state.",
    "V @ … + W @ … + b_h"])

q00_3 = _line(
    "def my_inputs(V, x):\n    return x @ V.T",
    praise="row t of (T, D) @ (D, H) is V x_t. The same line serves a batch: (T, B, D) @ (D, H) is (T, B, H)", mistakes=[
    ("(V @ x.T).reshape(len(x), len(V))",
     "the shape is right and the numbers are mixed up: reshape cuts them anew in the same order; .T exchanges the axes"),
    ("V * x", _EACH),
    ("V @ x", "V @ x pairs the D columns of V with the T rows of x. It runs only when D = T, and then adds up over time: no step "
     "gets its own V x_t"),
    ("x @ V", "x @ V pairs the D columns of x with the H rows of V. It runs only when D = H, and then every row is V' x_t: V "
     "turned round")], shapes={
    (H, T): "All the numbers are there, but as columns: time became the second axis, and x[t] is no longer a step",
    (H,): "That is one step; x holds T of them"}, hints=[
    "x is (T, D) and the result is (T, H). What shape must the matrix between them have?",
    "A matrix of shape (D, H) is needed, and V is (H, D).",
    "The transpose: V.T is (D, H). On which side of x does it stand?",
    "x @ V.…"])


def _shape(answer):
    """A shape as a tuple, also that of an array which has it.   raises: TypeError"""
    states = isinstance(answer, np.ndarray) and answer.ndim > 1
    return tuple(index(size) for size in (answer.shape if states else answer))


q00_4 = table(
    "my_shape = (T + 1, H)", {"my_shape": {
        (T, H): "T rows hold h_1 to h_T and leave no room for h_0; then h[t] would be h_{t+1}, not h_t",
        (T, H + 1): "that gives every state one more unit; the additional one is a step",
        (T + 1, H + 1): "one more row is right, but the units stay H",
        (H, T + 1): "that puts the units first; time is the first axis",
        (H, T): "that puts the units first, and leaves no room for h_0",
        (T + 1, D): "D counts inputs; a state has H units",
        (T + 1, K): "K counts outputs; a state has H units",
        **dict.fromkeys([(T + 1, B, H), (T, B, H), (B, T + 1, H), (B, T, H)],
                        "B belongs to a batch of B sequences; here there is one sequence"),
        (T + 1,): "that is one number a step; a state has H units",
        (H,): "that is one state; there is one for every step",
        None: "that is not it: how many states are there, counting h_0, and how long is each?"}},
    given={"T": T, "H": H}, reads=_shape, status="wrong shape", asks="a shape is a tuple of whole numbers, such as (T, D)",
    praise=f"h[0] is h_0 and h[t] is h_t. With a batch it is (T + 1, B, H) = {(T + 1, B, H)}", hints=[
    "Which is the first state that step 1 needs?",
    "h_0, h_1, …, h_T: how many is that?",
    "Time is the first axis, and every state has H units.",
    "(T + …, H)"])

q00_5 = _line(
    "def my_scores(h, U, b_y):\n    return h[1:] @ U.T + b_y",
    praise="(T, H) @ (H, K) is (T, K), and b_y (K,) is added to every row", mistakes=[
    ("h[:-1] @ U.T + b_y", "the shape is right, but these are the previous states: o_t is read from h_t, not h_{t-1}"),
    ("h[1:] @ U.T", "b_y is missing: (3) has two terms"),
    ("rnn.softmax(h[1:] @ U.T + b_y)", "that is ŷ_t: softmax belongs to (4), o_t stops before it"),
    ("h @ U + b_y", "h @ U pairs the H columns of h with the K rows of U. It runs only when K = H, and then U is turned round; "
     "and h_0 gets a score too"),
    ("h[1:] @ U + b_y",
     "h[1:] are the right rows, but U is (K, H): its columns meet the state, so to the right of h it must be turned round"),
    ("U @ h[1:].T + b_y", "U @ h[1:].T has the steps as columns, (K, T): there b_y is added along the wrong axis"),
    ("h[1:] * U + b_y", _EACH),
    ("U @ h[1:] + b_y", "U @ h[1:] pairs the H columns of U with the T rows of h[1:]: it would add up over time")], shapes={
    (T + 1, K): "There is one row too many: h[0] is h_0, which comes before the first word and predicts nothing",
    (K, T): "Time became the second axis", (K,): "That is one step; there are T of them"}, hints=[
    "Which rows of h make a prediction?",
    "h[0] is h_0, and o_1 is read from h_1. And U is (K, H): what must stand between (T, H) and (T, K)?",
    "h[1:] are the T states, and U.T is (H, K).",
    "h[1:] @ … + b_y"])

q00_6 = _line(
    "def my_time_first(batch):\n    return batch.swapaxes(0, 1)",
    praise="now x[0] is (B, D): step 1 of every sequence, ready for one product", mistakes=[
    ("batch.reshape(batch.shape[1], len(batch), -1)", "the shape is right and the numbers are mixed up: reshape keeps their "
     "order and only cuts it anew, so x[0] holds whole sequences instead of step 1 of each"),
    ("batch.swapaxes(0, 1)[::-1]", "time runs backwards now: step 1 comes first"),
    ("batch.swapaxes(0, 1)[:, ::-1]", "the sequences changed places: keep their order")], shapes={
    (B, T, D): "Nothing has moved: x[0] would be the whole first sequence, not step 1 of all B",
    (D, T, B): ".T turns all three axes round; only the first two change places", (T, D): "That is one sequence; keep all B",
    (B, D): "That is one step; keep all T", (T, D, B): "The batch is the second axis, the inputs stay last",
    (B, D, T): "Time is the first axis, and the inputs stay last"}, hints=[
    "What should x[0] be: one sequence, or one step?",
    "One step of all B sequences, (B, D). Which two axes change places?",
    "Axes 0 and 1 are exchanged; nothing is cut anew. NumPy has a method for that.",
    "batch.swapaxes(…, …)"])
