"""Exercises of lesson 00: the verdicts, then one line to write."""
import numpy as np

from .code import coding

T, H, K = 4, 6, 2       # all different, T + 1 and H + 1 too: a mistake that runs when two sizes agree stops here


def _scored(T, H, K):
    rng = np.random.default_rng(0)
    return tuple(rng.standard_normal(shape) for shape in ((T + 1, H), (K, H), (K,)))


q00_1 = coding(
    "my_sum = steps.sum(axis=0)", [()], returns=("my_sum",), known={"steps": np.array([[1.0, 20], [6, 10], [2, 60]])},
    praise="the sum over time has the shape of one step", mistakes=[
    ("steps.mean(axis=0)",
     "that is the mean over the steps, the sum divided by the number of steps; in this course a total over time is a sum"),
    ("steps.max(axis=0)", "that is the largest number of each input; add the steps up"),
    ("np.median(steps, axis=0)", "that is the median of each input; add the steps up"),
    ("steps[-1]", "that is the last step alone; the other steps count as well"),
    ("steps.sum(axis=0)[::-1]", "the two numbers have changed places: the first belongs to the first input"),
    ("steps.sum()", "that is one number: you added along both axes. Time is axis 0 only"),
    ("steps[0]", "that is the first step alone; the other steps count as well"),
    ("steps[1:].sum(axis=0)", "step 1 is missing: it is steps[0], and it counts"),
    ("steps[:-1].sum(axis=0)", "step 3 is missing: it is steps[-1], and it counts")], shapes={
    (3,): "you added along axis 1, over the inputs of each step; time is axis 0",
    (): "that is one number; the sum over time has two, one per input",
    (3, 2): "time is still there as axis 0. A running total keeps every step; the sum over time has the shape of one step, (2,)",
    (1, 2): "the numbers may be right, but time is still there as an axis of length 1"}, hints=[
    "Which axis of steps is time?",
    "Time is the first axis, axis 0. What is left when it has been added up?",
    "NumPy's sum takes the axis to add along.",
    "steps.sum(axis=…), with the number of the time axis"])

q00_2 = coding(
    "def my_scores(h, U, b_y):\n    return h[1:] @ U.T + b_y",
    [_scored(T, H, K), _scored(7, 3, 5)], square=_scored(5, 5, 5), letters={"T": T, "H": H, "K": K},
    praise="(T, H) @ (H, K) is (T, K), and b_y (K,) is added to every row", mistakes=[
    ("h[:-1] @ U.T + b_y", "the shape is right, but these are the previous states: o_t is read from h_t, not h_{t-1}"),
    ("h[1:]", f"h[1:{T + 1}]", "the number of steps is typed in, but T is not always the same: h[1:] takes every row after h_0"),
    ("h[1:] @ U.T", "b_y is missing: (3) has two terms"),
    ("rnn.softmax(h[1:] @ U.T + b_y)", "that is ŷ_t: softmax belongs to (4), o_t stops before it"),
    ("h @ U + b_y", "h @ U pairs the H columns of h with the K rows of U. It runs only when K = H, and then U is turned round; "
     "and h_0 gets a score too"),
    ("h[1:] @ U + b_y",
     "h[1:] are the right rows, but U is (K, H): its columns meet the state, so to the right of h it must be turned round"),
    ("U @ h[1:].T + b_y", "U @ h[1:].T has the steps as columns, (K, T): there b_y is added along the wrong axis"),
    ("h[1:] @ U.reshape(U.shape[::-1]) + b_y",
     "reshape only writes the same numbers in other rows: U.T turns U round, so that its rows become columns"),
    ("h[1:] * U + b_y", "* multiplies entry by entry; the product of a matrix with a vector or a matrix is written @"),
    ("U @ h[1:] + b_y", "U @ h[1:] pairs the H columns of U with the T rows of h[1:]: it would add up over time")], shapes={
    (T + 1, K): "there is one row too many: h[0] is h_0, which comes before the first word and predicts nothing",
    (K, T): "time became the second axis", (K,): "that is one step; there are T of them",
    (): "that is one number or none: does your function return its result?"}, helps={
    r"H meets T\+1": "The rows of h are states of H numbers: turn U round, put it to the right of h, and leave h[0] out"}, hints=[
    "Which rows of h make a prediction?",
    "h[0] is h_0, and o_1 is read from h_1. And U is (K, H): what must stand between (T, H) and (T, K)?",
    "h[1:] are the T states, and U.T is (H, K).",
    "h[1:] @ … + b_y"])
