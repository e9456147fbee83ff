"""Exercises of lesson 07: dh_3/dw by hand, and dW from its definition."""
import numpy as np

from ..bptt import bptt
from ..clinic.source import theirs
from ..clinic.trace import answered
from ..definition import bptt_by_definition, contributions, rtrl
from ..gradcheck import complex_step
from .code import coding
from .kit import wrong
from .networks import audited, network, of_the_clinic

_SLOPES = "1 - h_1 ** 2, 1 - h_2 ** 2, 1 - h_3 ** 2"

q07_1 = coding(
    """def three_terms(w, v, b, x, h_0):
    h_1 = np.tanh(w * h_0 + v * x[0] + b)
    h_2 = np.tanh(w * h_1 + v * x[1] + b)
    h_3 = np.tanh(w * h_2 + v * x[2] + b)
    s1, s2, s3 = 1 - h_1 ** 2, 1 - h_2 ** 2, 1 - h_3 ** 2
    return w * s3 * w * s2 * h_0 * s1, w * s3 * h_1 * s2, h_2 * s3""",
    [(1.3, .7, .2, np.array([.5, -.4, .9]), .6), (-.8, 1.1, -.3, np.array([-.2, .7, .3]), -.5)],
    returns=("the term of step 1", "the term of step 2", "the term of step 3"),
    praise="three uses of w, three terms. The one of step 3 needs no Jacobian",
    last=lambda verdict, *_: wrong(f"{verdict.message}. Return the three one by one, return a, b, c: not their sum, no dict")
    if "got one value" in verdict.message else all("digits only" in line for line in verdict.message.split("\n")) and wrong(
        "these look measured: a nudge is right to about 8 digits only. Write each term as a product"), mistakes=[
    (" * x[0] + b)", " * x[0])", " * x[1] + b)", " * x[1])", " * x[2] + b)", " * x[2])", "b is missing in your forward pass"),
    ("x[1]", "x[0]", "x[2]", "x[0]", "your forward pass reads x_1 at every step"),
    (_SLOPES, "1 - h_0 ** 2, 1 - h_1 ** 2, 1 - h_2 ** 2", "f' is that of the step before: f'(a_t) is made of h_t, 1 - h_t**2"),
    ("v * s3 * v * s2 * h_0 * s1, v * s3 * h_1 * s2, h_2 * s3", "v takes the input in; from state to state leads w"),
    ("0, 0, h_2 * s3",
     "only the last term is there: the simple chain rule, with h_2 held fixed. h_2 contains w too, and so does h_1"),
    ("w * w * h_0, w * h_1, h_2",
     "f' is missing everywhere: between a_t and h_t stands f, and every passage through it costs a factor f'(a_t)"),
    ("w * s3 * w * s2 * h_0, w * s3 * h_1, h_2",
     "f' is missing from the immediate derivatives: w moves a_k, and a_k has to pass f to reach h_k"),
    ("w * w * h_0 * s1, w * h_1 * s2, h_2 * s3",
     "f' is missing from the Jacobians: from h_{i-1} to h_i one passes w, and then f"),
    ("s3 * s2 * h_0 * s1, s3 * h_1 * s2, h_2 * s3",
     "w is missing from the Jacobians: how much does a_i move when h_{i-1} moves?"),
    ("(d1 := h_0 * s1), (d2 := h_1 * s2 + w * s2 * d1), h_2 * s3 + w * s3 * d2",
     "those are dh_1/dw, dh_2/dw and dh_3/dw: the three terms of dh_3/dw are asked for, one for each use of w"),
    ("h_0 * s1, h_1 * s2, h_2 * s3",
     "the Jacobians are missing: what w does to h_1 still has to pass steps 2 and 3 on its way to h_3"),
    ("w * s3 * w * s2 * w * s1 * h_0 * s1, w * s3 * w * s2 * h_1 * s2, w * s3 * h_2 * s3",
     "each product is one too long: from h_k to h_3 there are 3 - k steps, and for k = 3 none"),
    ("w * s2 * w * s1 * h_0 * s1, w * s2 * h_1 * s2, h_2 * s3",
     "your Jacobians have the slope of the step they start from: J_3 leads from h_2 to h_3 and passes f at a_3"),
    ("w * s3 * h_0 * s1, w * s3 * h_1 * s2, h_2 * s3",
     "one Jacobian is missing in the term of step 1: from h_1 to h_3 there are two steps, J_3 J_2"),
    ("w * s3 * s2 * h_0 * s1, w * s3 * h_1 * s2, h_2 * s3", "the term of step 1: between h_1 and h_3 stand two Jacobians, J_3 "
     "and J_2, and each has a w of its own. How many w do you have?"),
    ("w * s3 * w * s2 * w * h_0 * s1, w * s3 * w * h_1 * s2, w * h_2 * s3", "the Jacobian J_k = w f'(a_k) stands where the slope "
     "f'(a_k) is due: in the immediate derivative w itself moves, so no w is left as a factor"),
    ("1 - h_3 ** 2", "1", "f'(a_3) is missing: every term ends at h_3, and has to pass f there"),
    ("w * h_1 +", "w * h_0 +", "w * h_2 +", "w * h_0 +", "your forward pass starts from h_0 at every step: h_2 is made from h_1"),
    ("(c := h_2 * s3) and (c + w * s3 * h_1 * s2 + w * s3 * w * s2 * h_0 * s1, c + w * s3 * h_1 * s2, c)",
     "a running total: each holds the terms of the later steps as well. Give the three one by one"),
    ("w * s3 * w * s2 * h_1 * s1, w * s3 * h_2 * s2, h_3 * s3",
     "the index of h is one too high: what does w multiply at step k?"),
    ("0, w * s3 * h_1 * s2, h_2 * s3", "h_0 is not zero here: w multiplies it at step 1"),
    (_SLOPES, "1 - np.tanh(h_1) ** 2, 1 - np.tanh(h_2) ** 2, 1 - np.tanh(h_3) ** 2",
     "f' has the wrong argument: tanh'(a) = 1 - tanh(a)**2 = 1 - h**2, and you applied tanh twice"),
    (_SLOPES, "1 - np.arctanh(h_1) ** 2, 1 - np.arctanh(h_2) ** 2, 1 - np.arctanh(h_3) ** 2",
     "your slope is 1 - a**2, and tanh'(a) is 1 - tanh(a)**2. Which letter of the network is tanh(a)?"),
    (_SLOPES, "h_1 ** 2 - 1, h_2 ** 2 - 1, h_3 ** 2 - 1", "the slope of tanh is 1 - h**2, not h**2 - 1"),
    *((f"h_0 * s1, w * s2 * h_1 * s2, w * s3 {more}* h_2 * s3", "the Jacobians stand the wrong way round: the use at step 1 "
       "is the furthest from h_3 and has to pass J_3 J_2, the use at step 3 passes none") for more in ("", "* w * s2 ")),
    (_SLOPES, "1 - h_1, 1 - h_2, 1 - h_3", "the slope of tanh is 1 - h**2: the square is missing"),
    ("w * s3 * w * s2 * s1, w * s3 * s2, s3", "the factor h_{k-1} is missing: at step k, w is multiplied by it"),
    ("w * s3 * w * s2 * (d1 := h_0 * s1), w * s3 * (d2 := h_1 * s2 + w * s2 * d1), h_2 * s3 + w * s3 * d2",
     "you multiplied with total derivatives dh_k/dw. They contain what the earlier terms say, so it is counted again: take the "
     "immediate ones")], hints=[
    "In how many places does w stand, when h_3 is written out down to h_0?",
    "Step k gives the immediate derivative h_{k-1} f'(a_k), times one Jacobian w f'(a_i) for every step i after k, up to 3.",
    "For k = 3 there is no later step: the term is h_2 f'(a_3). For k = 2 there is one: times w f'(a_3).",
    "w * s3 * w * s2 * h_0 * s1, w * s3 * h_1 * s2, h_2 * s3, with s_t = 1 - h_t**2"])

_CASES = [network(72, T=4, D=3, H=6, K=7), network(71, T=3, D=2, H=5, K=4)]
_T, _K, _STEPS = "range(1, len(do) + 1)", "range(1, t + 1)", "range(t, k, -1)"
_J, _TERM = "(slope[i - 1][:, None] * params.W)", "np.outer(slope[k - 1] * row, run.h[k - 1])"
_FROM_0 = "your k begins at 0, and there is no use 0: in an array, row k - 1 = -1 is the last one. The uses are k = 1 to t"
_ROWS_FROM_0 = ("your t and k begin at 0, and row -1 is the last row, so nothing stops. The formulas count from 1: t in "
                "range(1, T + 1), k in range(1, t + 1)")
_TURNED = ("your Jacobians are transposed. dL_t/dh_t is a row and stands to their left: row @ J. If you hold it as a column, it "
           "is J.T @ column")
_SPREAD = "C[t,k] is a matrix, an outer product: np.outer. Your product is smaller, and NumPy spread it over all of dW"
_MISCOUNTED = audited(_CASES[0], "each term C[t,k] belongs into dW once. With T = 4 yours holds {}")


def _one_loop(answer):
    """Twice the steps are about twice the lines of a loop, and four times those of a loop in a loop."""
    lines, twice = (_lines_run(answer, network(73, T=T, D=2, H=3, K=2)) for T in (8, 16))
    if 1.5 * lines < twice < 2.6 * lines:
        return ("dW, by one loop. (8) has two, over the losses t and over the uses k. If yours is the sweep of lesson 08, "
                "write (8) here as well")
    return "the definition has 10 terms for T = 4; lesson 08 gets the same from one sweep of 4 steps"


def _lines_run(answer, case):
    """How many lines of the learner's own an answer runs through."""
    run = []
    def trace(frame, event, _):
        run.append(event == "line")
        return trace
    answered(answer, case, lambda frame, *_: trace if theirs(frame.f_code) else None)
    return sum(run)


q07_2 = coding(
    """def my_dW(params, run, do):
    dW, slope = np.zeros_like(params.W), run.f.slope(run.a)
    for t in range(1, len(do) + 1):                          # the losses
        for k in range(1, t + 1):                            # the uses of W before them
            row = do[t - 1] @ params.U                       # dL_t/dh_t
            for i in range(t, k, -1):
                row = row @ (slope[i - 1][:, None] * params.W)     # J_i
            dW += np.outer(slope[k - 1] * row, run.h[k - 1])
    return dW""",
    _CASES, returns=("dW",), unnamed=_MISCOUNTED, instead=(bptt, bptt_by_definition, contributions, rtrl, complex_step),
    helps={"a row": "do and run.a have T rows, run.h has T + 1: which row belongs to step k in each?",
           r"jacobian\([^)]*k, t\)": "rnn.jacobian takes t first, then k: rnn.jacobian(params, run, t, k)",
           "0 <= k <= t": "Loss t has no use after step t: t runs from 1 to T, and k from 1 to t"},
    praise=_one_loop, shapes={
    (4, 4, 6, 6): "these are the single terms C[t,k]: dW is the sum of them all, (H, H)",
    **dict.fromkeys([(6,), ()], "dW is a matrix, (H, H), and so is each of its terms: an outer product, np.outer. "
                                "@ of two vectors gives one number, and * a vector")}, mistakes=[
    (_K, "(t,)", "only the terms with k = t are there: the simple chain rule, with h_{t-1} held fixed. It contains W too"),
    ("dW += ", "dW = ", "only the last term that your loops visit is left: did you write = where += is due?"),
    (_T, "range(1, len(do))", "the last loss is missing: t runs to T, and range stops before its end"),
    (_T, "range(2, len(do) + 1)", "the first loss is missing: t runs from 1, and C[1,1] is a term like the others"),
    (_K, "range(2, t + 1)", "the use at step 1 is missing: k runs from 1, and h_0 is not zero here"), (_K, "range(t)", _FROM_0),
    (_T, "range(len(do))", _K, "range(t)", _ROWS_FROM_0), (_T, "range(len(do))", _K, "range(t + 1)", _ROWS_FROM_0),
    (_K, "range(t + 1)", _FROM_0), (_K, "(1,)", "only the use at step 1 is there: k runs over all steps from 1 to t"),
    (_STEPS, "()", "the Jacobians are missing: what use k does to h_k still has to pass steps k + 1 to t on its way to h_t"),
    (_STEPS, "range(k, t + 1)", "your products run upwards, from J_k on: on the way back J_t is the first, J_{k+1} the last"),
    (_STEPS, "range(t, k + 1, -1)", "your products are one Jacobian too short: for k = t - 1 there is one"),
    (_STEPS, "range(t - 1, k - 1, -1)", "your Jacobians are those of one step earlier: rnn.jacobian counts steps from 1, as the "
     "formulas do; rows of do and slope count from 0"),
    (_J, _J + ".T", _TURNED), (_J, _J + ".T", _STEPS, "range(k + 1, t + 1)", _TURNED),
    (_J, "(slope[i - 1] * params.W)", "the slopes scale the columns of W in your Jacobians. That is W diag(f'), and it is "
     "what NumPy makes of a vector * a matrix. J_i = diag(f'(a_i)) W scales its rows: the vector must stand upright, [:, None]"),
    (_J, "(slope[i - 1][:, None] * params.W.T)",
     "W is transposed in your Jacobians: which way does W lead, from h_{i-1} to a_i or back?"),
    (_J, "params.W", "f' is missing from your Jacobians: from h_{i-1} to h_i one passes W, and then f"),
    (_TERM, "np.outer(run.f.slope(run.h[k]) * row, run.h[k - 1])",
     "f' has the wrong argument: tanh'(a) = 1 - tanh(a)**2 = 1 - h**2. run.f.slope wants run.a; of run.h it applies tanh twice"),
    (_TERM, "np.outer(row, run.h[k - 1])", "f' is missing at step k: W moves a_k, and a_k has to pass f to reach h_k"),
    (_TERM, "np.outer(row, run.h[k - 1])", _J, "params.W",
     "f' is missing everywhere: between a_t and h_t stands f, and every passage through it costs a factor f'(a_t)"),
    (_TERM, "np.outer(slope[k - 1] * row, run.h[k - 2])",
     "h is one step too early: at step k, W multiplies h_{k-1}, which is row k - 1 of run.h"),
    (_TERM, "np.outer(slope[k - 1] * row, run.h[k])",
     "h_t for h_{t-1}: in (1), what does W multiply at step k? h_{k-1}, and that is row k - 1 of run.h"),
    (_TERM, "np.outer(slope[k - 1] * row, run.h[t - 1])",
     "that is h_{t-1}, of the loss's step. W is used at step k: what does it multiply there?"),
    (_TERM, "np.outer(slope[t - 1] * row, run.h[t - 1])",
     "f' and h are those of the loss's step t. W is used at step k: there it multiplies h_{k-1}, and a_k passes f"),
    (_TERM, "np.outer(slope[t - 1] * row, run.h[k - 1])",
     "the last factor has the slope of step t. W is used at step k, so it is a_k that moves, and a_k that has to pass f"),
    ("do[t - 1] @", "(rnn.softmax(run.o[t - 1]) - do[t - 1]) @", "do is the gradient at the scores already: take it as it is"),
    ("do[t - 1] @", "do[k - 1] @", "the row begins at the wrong loss: C[t,k] belongs to L_t, so it begins with do_t"),
    (_STEPS, "range(t, k - 1, -1)", _TERM, "np.outer(row, run.h[k - 1])",
     "the Jacobian J_k stands where f'(a_k) is due: at step k W itself moves, so no W is left as a factor"),
    (_TERM, "slope[k - 1] * row * run.h[k - 1]", _SPREAD), (_TERM, "slope[k - 1] * row @ run.h[k - 1]", _SPREAD),
    *of_the_clinic(lambda m: f"{m.name}. {m.question} {m.hint}", besides=(
        "horizontal term dropped", "transpose missing in the horizontal step", "f' forgotten", "f' forgotten on the way back",
        "f' forgotten in the sums", "h_0 taken for zero", "= for +=", "sums overwritten on the way forward",
        "the loop stops before step 1", "the loop leaves out step T", "h_t for h_{t-1} in dW"))], hints=[
    "(8) is a sum inside a sum. Over what does the outer one run, over what the inner one, and from where to where?",
    "dL_t/dh_t is U' do_t: as a row, do[t-1] @ U. Multiply it from the right with J_t, then J_{t-1}, down to J_{k+1}.",
    "rnn.jacobian(params, run, t, k) is the whole product, I for k = t. Then pass f at step k: times f'(a_k). "
    "C[t,k] is the outer product of this with h_{k-1}.",
    "dW += np.outer(slope[k-1] * (do[t-1] @ params.U @ rnn.jacobian(params, run, t, k)), run.h[k-1])"])
