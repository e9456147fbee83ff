"""Exercises of lesson 13: sufficient or necessary, clipping by the global norm, a truncated dW, and counting what it keeps."""
import numpy as np

from ..bptt import bptt
from ..definition import contributions
from ..network import forward
from ..training import clip_by_norm
from .code import coding
from .kit import wrong
from .networks import audited, network
from .table import one_of, table, whole

_DIES = "this product dies, so it fits e. To refute e, an example must have ρ < 1 and a product that does not die"

q13_1 = table(
    "my_answer = dict(a='bound', b='w = 3', c='bound', d='N', e='Z')", {
    "a": {None: "the norm of {} is above 1, so {} says nothing about a. Each factor satisfies ‖J_i‖ ≤ ‖W‖, because |f'| ≤ 1: "
                "what does that make of the norm of the product?"},
    "b": {"S": "", "N": "", "bound": "the bound says *at most*: it forces no growth. Which example with ‖W‖ > 1 dies?",
          "Z": "the norm of Z is 5 and its product explodes: it fits b. Which example with ‖W‖ > 1 does not explode?"},
    "c": {"Z": "Z explodes and has the norm 5: it fits c. To refute c, an example must explode with ‖W‖ ≤ 1. How large can the "
               "norm of the product become then?",
          None: "{} dies, and c speaks of products that explode. Suppose ‖W‖ ≤ 1: how large can the norm of the product become? "
                "So what must hold when it explodes?"},
    "d": {"S": "", "w = 3": "", "bound": "the bound gives a, and d is a read the other way. Is a small ‖W‖ the only way to die?",
          "Z": "Z explodes, and d speaks of products that die. Which example dies with a large norm?"},
    "e": {"bound": "the bound is about ‖W‖, and e about ρ. ρ decides about W · W · W, but the product is D₅ W D₄ W D₃ W, with "
                   "slopes in between. Is there an example with ρ < 1 that explodes?",
          "S": _DIES, "N": _DIES, "w = 3": "here ρ is 3, so this unit says nothing about e"}},
    reads=one_of("bound", "S", "N", "Z", "w = 3", also={"w": "w = 3"}), every=False,
    asks='give dict(a=..., b=..., c=..., d=..., e=...), each of them "bound" where the sentence is true, or the example that '
         'refutes it: "S", "N", "w = 3" or "Z"', joint=[
    (lambda given: all(given[name] == "bound" for name in "abcd"),
     "you read every «if» as «if and only if»: a and b differ, and so do c and d. Which of them follow from the bound, and which "
     "would need the bound to be reached?"),
    (lambda given: given["b"] == "bound" != given["c"],
     "a condition that must hold is *necessary*, one that is enough is *sufficient*: you have the two the wrong way round for "
     "exploding. b: does w = 3 explode?")],
    praise="‖W‖ < 1 is sufficient to vanish, ‖W‖ > 1 is necessary to explode, and ρ alone decides only without f.\n"
           "c is the bound, read backwards. b and d: S, N and w = 3 all refute them", hints=[
    "Which of the sentences follow from ‖J_t ... J_{k+1}‖ ≤ ‖W‖ to the power t - k? Which go beyond it?",
    "The bound says «at most». What can it never tell you?",
    "For each example write down three things: its norm, its ρ, and whether its product dies or explodes.",
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
        return wrong("your function gives None: did you return the clipped gradients?")
    if not isinstance(given, dict) or set(given) != set(_NAMES):
        return wrong(f"your function must return a dict with the names that came in, such as {', '.join(_NAMES)}")
    return tuple(given[name] for name in _NAMES)


_NORM, _SCALED, _SHORT = "np.sqrt(sum((g * g).sum() for g in gradients.values()))", "limit / norm", "norm <= limit"
_RESULT = "{name: g * (limit / norm) for name, g in gradients.items()}"
_EACH = "no array is asked for itself: ask once whether the norm over all arrays exceeds the limit, and then shorten them all"
_NOT_SHORT = "    if norm <= limit:\n        return gradients\n"

q13_2 = coding(
    """def my_clip(gradients, limit):
    norm = np.sqrt(sum((g * g).sum() for g in gradients.values()))
    if norm <= limit:
        return gradients
    return {name: g * (limit / norm) for name, g in gradients.items()}""",
    [_gradients(*case) for case in ((1, 12, 5), (2, 3, 5), (3, 30, 2), (4, .5, 2), (2, 6, 5), (2, 1.5, 2.4), (5, 1.5, 5))],
    returns=_NAMES, reads=_arrays, instead=(clip_by_norm,),
    helps={"make no array": "Take them one by one, or flatten them first (np.ravel)"}, mistakes=[
    (_RESULT, "{name: g * min(1, limit / np.linalg.norm(g)) for name, g in gradients.items()}", _NOT_SHORT, "",
     "each array is clipped by its own norm: their sizes relative to each other change, and with them the direction. Take one "
     "norm over all arrays, and one factor"),
    (_RESULT, "{name: g * limit / np.linalg.norm(g) for name, g in gradients.items()}", _NOT_SHORT, "",
     "each array gets the norm `limit`, by its own norm and even if it was shorter: take one norm over all arrays, one factor, "
     "and only when that norm exceeds the limit"),
    (_NOT_SHORT, "", "gradients shorter than the limit are made longer: they should stay as they are"),
    (_RESULT, "{name: np.clip(g, -limit, limit) for name, g in gradients.items()}", _NOT_SHORT, "",
     "that clips by value, entry by entry: the direction changes. Multiply all by one factor"),
    (_RESULT, "{name: np.minimum(g, limit) for name, g in gradients.items()}", _NOT_SHORT, "",
     "that cuts entries above the limit, by value and on one side only. Multiply all by one factor"),
    (_NOT_SHORT, "", _SCALED, "min(limit, limit / norm)", "the factor is at most 1: a short gradient stays as it is"),
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
    (_NORM, "np.mean([np.linalg.norm(g) for g in gradients.values()])",
     "that is the mean of the norms of the arrays: the global norm takes the squares of all of them, and one root"),
    (_NORM, "np.linalg.norm(gradients['W'])", "that is the norm of W's gradient alone: take one norm over all arrays"),
    (_NORM, "max(abs(g).max() for g in gradients.values())",
     "that is the largest entry, not the norm: the root of the sum of all squares"),
    (_NORM, f"{_NORM} / np.sqrt(sum(g.size for g in gradients.values()))",
     "that is the root of the *mean* square: the norm takes the sum"),
    (_SHORT, "norm >= limit", "the comparison is the wrong way round: short gradients change and long ones stay"),
    (_NORM, "np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in gradients.values()))",
     "np.linalg.norm(a, 2) of a matrix is its largest singular value: here the norm takes all entries, np.linalg.norm(a)"),
    (_NORM, "sum(abs(g).sum() for g in gradients.values())",
     "you added absolute values: the norm is the root of the sum of squares"),
    (_SCALED, "limit / (norm + 1e-6)",
     "nearly: 1e-6 is added to the norm. It guards against a division by 0, and a norm above the limit is not 0"),
    (_SHORT, "True", "nothing is clipped: a gradient with norm above the limit must become shorter")],
    praise="one factor for all arrays: the length changes, the direction does not. The library has it as training.clip_by_norm",
    hints=[
    "What is the length of all gradients together, written as one long vector?",
    "The norm is the root of the sum of all squares, over all arrays: one number. When it exceeds the limit, all is scaled.",
    "The factor is limit / norm when norm > limit, and 1 otherwise.",
    "{name: g * min(1, limit / norm) for name, g in gradients.items()}"])

# ---- truncation ------------------------------------------------------------------------------------------------------

_CASES = [(*network(131, T=5, D=3, H=7, K=4), 2), (*network(132, T=5, D=2, H=6, K=3), 3), (*network(133, T=4, D=3, H=5, K=2), 1)]


def _keep(rule):
    """dW from the terms that a rule keeps.   rule: (t, k, n, T) -> bool, t and k arrays that count from 1"""
    def dW(params, run, do, n):
        t, k = np.mgrid[1:len(do) + 1, 1:len(do) + 1]
        return contributions(params, run, do, "W")[rule(t, k, n, len(do)) & (k <= t)].sum(0)
    return dW


def _state_cut(uses):
    """The state is cut too: each loss sees only its last n inputs, from a state of zeros.   uses: (t, n) -> first step kept"""
    def dW(params, run, do, n):
        total = np.zeros_like(params.W)
        for t in range(1, len(do) + 1):
            short = forward(params, run.x[uses(t, n) - 1:t], np.zeros(len(params.W)), run.f)
            last = np.zeros_like(short.o)
            last[-1] = do[t - 1]
            total = total + bptt(params, short, last).W
        return total
    return dW


_MISCOUNTED = audited(_CASES[0], n=2, said=(
    "with T = 5 and n = 2, your dW should hold each C[t,k] with t - k < 2 once. It holds {}"))
_USES, _BACK, _H = "range(t, max(t - n, 0), -1)", "v = da @ params.W", "run.h[k - 1]"

q13_3 = coding(
    """def my_dW(params, run, do, n):
    dW, slope = np.zeros_like(params.W), run.f.slope(run.a)
    for t in range(1, len(do) + 1):
        v = do[t - 1] @ params.U                             # dL_t/dh_t
        for k in range(t, max(t - n, 0), -1):                # n uses, k = t the first
            da = slope[k - 1] * v
            dW += np.outer(da, run.h[k - 1])                 # C[t,k]
            v = da @ params.W
    return dW""",
    _CASES, returns=("dW",), unnamed=_MISCOUNTED,
    praise="exactly the terms with t - k < n. The forward pass knows nothing of the cut", mistakes=[
    ("dW += np.outer(da, run.h[k - 1])                 # C[t,k]\n            v = da @ params.W",
     "v = da @ params.W\n            dW += np.outer(v, run.h[k - 1])",
     "W comes too early: C[t,k] = da_k h_{k-1}ᵀ is made from da_k; only what goes on to step k − 1 passes W"),
    (_BACK, "v = params.W @ da",
     "the message goes back through W, not through its transpose: dh_{k-1} = Wᵀ da_k, and in rows that is da @ params.W"),
    (_BACK, "v = da", "W is missing in the message: from a_k back to h_{k-1} leads Wᵀ, in rows da @ params.W"),
    (_BACK, "v = v @ params.W", "the message leaves out the slope: da_k = f'(a_k) v is what goes back through W, not v"),
    ("np.outer(da,", "np.outer(v,", "f' is missing in the term: C[t,k] = da_k h_{k-1}ᵀ, and da_k = f'(a_k) v"),
    ("slope[k - 1] * v", "v", "f' is missing: da_k = f'(a_k) v, and run.f.slope(run.a) has the slopes"),
    ("run.f.slope(run.a)", "run.f.slope(run.h[1:])", "the slope is taken of h: f' belongs to a, run.f.slope(run.a)"),
    (_BACK, "pass", "every use of a loss gets the same message: after step k, v becomes da @ params.W, on its way to step k - 1"),
    (_keep(lambda t, k, n, T: t - k <= n),
     "one use too many: k = t counts as the first of the n, so the last is t - n + 1. n Jacobians would lead to n + 1 uses"),
    (_keep(lambda t, k, n, T: t - k < n - 1),
     "one use too few: k = t, t-1, ..., t-n+1 are n uses. Did your range stop before its end?"),
    (_keep(lambda t, k, n, T: (t - k < n) & (k < t)), "the use at k = t is missing: it is the first of the n"),
    (_keep(lambda t, k, n, T: (t - k <= n) & (k < t)), "k = t is missing, and one use too early is kept: k goes from t to t-n+1"),
    (_keep(lambda t, k, n, T: (t - 1) // n == (k - 1) // n),
     "those are windows of n steps: the first loss of a window reaches one use only. Here every loss reaches n"),
    (_keep(lambda t, k, n, T: (T - t) // n == (T - k) // n),
     "those are windows of n steps, counted from the end: the first loss of each reaches one use. Here every loss reaches n"),
    (_keep(lambda t, k, n, T: t > T - n),
     "those are the last n losses, each with all its uses: keep all losses, and n uses of each"),
    (_keep(lambda t, k, n, T: (t == T) & (t - k < n)), "only the last loss is there: every loss t has its own n uses"),
    (_keep(lambda t, k, n, T: k > T - n),
     "those are the uses at the last n steps of the sequence: the n uses are counted back from each loss"),
    (_keep(lambda t, k, n, T: k <= n), "those are the first n uses of the sequence: count back from each loss"),
    (_keep(lambda t, k, n, T: t - k >= n), "you kept what should be cut away, and cut away what should be kept"),
    (_keep(lambda t, k, n, T: t - k == n - 1), "only the farthest of the n uses is there: add up all of k = t, ..., t-n+1"),
    (_keep(lambda t, k, n, T: t - k > -1), "nothing is cut: that is the full dW. Where does n come in?"),
    (_USES, "range(t, max(t - n, -1), -1)",
     "for the early losses your k goes down to 0, which is no step: index −1 is the last one. Stop at k = 1"),
    (_USES, "range(t, t - n, -1)",
     "for the early losses your k goes below 1, and Python's negative indices quietly take steps from the end: stop at k = 1"),
    (_state_cut(lambda t, n: max(1, t - n + 1)), "you cut the forward state as well: it starts from zeros n steps back. "
     "Truncation cuts the gradient only; take the states from run.h"),
    (_state_cut(lambda t, n: (t - 1) // n * n + 1),
     "you made windows and started each from a state of zeros. The state is carried, and here every loss reaches n uses"),
    ("dW / len(do)", "mean for sum: the losses are added, not averaged"),
    ("-dW", "the sign: dW itself is asked for, not the step against it"),
    ("dW.T", "your dW is transposed: da_k stands upright, h_{k-1} lies"),
    (_H, "run.h[k]", "h_k for h_{k-1}: what does W multiply at step k?")], hints=[
    "Which cells of the triangle are kept? Say it as a condition on t and k, and try n = 1: only the diagonal.",
    "For each loss, send its own message v back: C[t,k] = da_k h_{k-1}' with da_k = f'(a_k) v, then v becomes da_k @ W.",
    "k runs from t down to t - n + 1, but not below 1. In Python: range(t, max(t - n, 0), -1).",
    "rnn.contributions(params, run, do, \"W\")[t - 1, k - 1] is C[t,k]: add up those with 0 <= t - k < n"])

_DRAW = "{} is not it. Draw the triangle, or set n = 4 in the explorer"

q13_4 = table(
    "terms_back, terms_windows, uses_of_loss_12 = 42, 30, 2", {
    "n uses back": {48: "n uses for each of 12 losses would be 48, but the first losses have fewer: loss 1 has one",
                    50: "that counts t - k ≤ 4, one diagonal too many: keep t - k < 4",
                    36: "9 · 4 leaves the first three losses out: they have 1, 2 and 3 uses",
                    33: "that counts t - k < 3, one diagonal too few: k = t counts as the first of the n", None: _DRAW},
    "windows": {48: "3 windows of 4 · 4 cells would be squares: cells with k > t do not exist",
                42: "that is the other pattern: in windows, the first loss of each reaches one use only",
                18: "the diagonal is missing: k = t lies in the window of t, always", None: _DRAW},
    "uses of loss 12": {5: "with T = 12 the last window of 5 is not full: where does it begin?",
                        4: "those are the steps 9 to 12, for windows of 4: here the windows have 5",
                        1: "loss 12 is not the first of its window: where does the last window of 5 begin?",
                        3: "the windows of 5 end at steps 5 and 10: count the steps from 11 to 12",
                        12: "that is without truncation", None: _DRAW}},
    reads=whole, asks="three whole numbers, please", every=False, joint=[
    (lambda given: (*given.values(),)[:2] == (30, 42), "the first two have changed places: n uses back come first")],
    praise="windows keep less for the same n, and treat losses unequally; in return they cost no more than BPTT", hints=[
    "How many uses do losses 1, 2, 3 reach with n = 4? And all the others?",
    "1 + 2 + 3, then nine times 4. A window of 4 steps is a small triangle of its own.",
    "Windows of 5 are the steps 1 to 5, 6 to 10, and what is left. Where in its window does loss 12 stand?"])
