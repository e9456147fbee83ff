"""Exercises of lesson 07: dh_3/dw by hand, dW from its definition, the signed share of a term, and a term counted too often."""
import numpy as np

from ..bptt import bptt
from ..clinic import MISTAKES, audit
from ..definition import contributions
from ..losses import cross_entropy
from ..network import forward, init_parameters
from .code import compare_functions
from .kit import Exercise, Verdict, right, wrong


def _unit(w, v, b, x, h_0):
    """(h, slope): the states h_0 to h_3 of one unit, and f'(a_1) to f'(a_3) at [1] to [3]"""
    h = [h_0]
    for t in (1, 2, 3):
        h.append(np.tanh(w * h[t - 1] + v * x[t - 1] + b))
    return h, [np.nan] + [1 - h[t] ** 2 for t in (1, 2, 3)]


def _terms(jacobians=lambda k: range(k + 1, 4), factor=lambda w, s: w * s, immediate=lambda h, s, k: h[k - 1] * s[k], slope=None):
    """dh_3/dw, or something wrong in one place, as a function of (w, v, b, x, h_0).

    jacobians: k -> the steps whose Jacobian is multiplied     factor: (w, f'(a_i)) -> one Jacobian
    immediate: (h, slopes, k) -> the immediate derivative at step k     slope: h_t -> f'(a_t), the right one when None
    """
    def terms(w, v, b, x, h_0):
        h, s = _unit(w, v, b, x, h_0)
        if slope:
            s = [np.nan] + [slope(h[t]) for t in (1, 2, 3)]
        return tuple(np.prod([factor(w, s[i]) for i in jacobians(k)]) * immediate(h, s, k) for k in (1, 2, 3))
    return terms


_expand = _terms()


def _totals(w, v, b, x, h_0):
    """The total derivatives dh_1/dw, dh_2/dw and dh_3/dw"""
    h, s = _unit(w, v, b, x, h_0)
    total = [0]
    for k in (1, 2, 3):
        total.append(h[k - 1] * s[k] + w * s[k] * total[k - 1])
    return tuple(total[1:])


def _total(w, v, b, x, h_0):
    """Each Jacobian product times the *total* derivative dh_k/dw"""
    _, s = _unit(w, v, b, x, h_0)
    return tuple(np.prod([w * s[i] for i in range(k + 1, 4)]) * total for k, total in enumerate(_totals(w, v, b, x, h_0), 1))


_TERM_MISTAKES = (
    (lambda *a: (0, 0, _expand(*a)[2]),
     "only the last term is there: the simple chain rule, with h_2 held fixed. h_2 contains w too, and so does h_1"),
    (lambda *a: _expand(*a)[::-1], "the three terms are right, in reverse: return the one of step 1 first"),
    (_terms(factor=lambda w, s: w, immediate=lambda h, s, k: h[k - 1]),
     "f' is missing everywhere: between a_t and h_t stands f, and every passage through it costs a factor f'(a_t)"),
    (_terms(immediate=lambda h, s, k: h[k - 1]),
     "f' is missing from the immediate derivatives: w moves a_k, and a_k has to pass f to reach h_k"),
    (_terms(factor=lambda w, s: w), "f' is missing from the Jacobians: from h_{i-1} to h_i one passes w, and then f"),
    (_terms(factor=lambda w, s: s), "w is missing from the Jacobians: how much does a_i move when h_{i-1} moves?"),
    (_totals, "those are dh_1/dw, dh_2/dw and dh_3/dw: the three terms of dh_3/dw are asked for, one for each use of w"),
    (_terms(jacobians=lambda k: ()),
     "the Jacobians are missing: what w does to h_1 still has to pass steps 2 and 3 on its way to h_3"),
    (_terms(jacobians=lambda k: range(k, 4)),
     "each product is one too long: from h_k to h_3 there are 3 - k steps, and for k = 3 none"),
    (_terms(jacobians=lambda k: range(1, k)), "those are the Jacobians before step k: which lie between h_k and h_3?"),
    (_terms(jacobians=lambda k: range(k, 3)),
     "the Jacobians are those of one step earlier: the step into h_3 counts, the step into h_k does not"),
    (_terms(jacobians=lambda k: range(k + 2, 4)), "the products are one too short: the first step after k counts as well"),
    (_terms(immediate=lambda h, s, k: h[k] * s[k]), "the index of h is one too high: what does w multiply at step k?"),
    (_terms(immediate=lambda h, s, k: h[k - 1] * (k > 1) * s[k]), "h_0 is not zero here: w multiplies it at step 1"),
    (_terms(slope=lambda h: 1 - np.tanh(h) ** 2),
     "f' has the wrong argument: tanh'(a) = 1 - tanh(a)**2 = 1 - h**2, and you applied tanh twice"),
    (_terms(slope=lambda h: 1 - h), "the slope of tanh is 1 - h**2: the square is missing"),
    (_terms(immediate=lambda h, s, k: s[k]), "the factor h_{k-1} is missing: at step k, w is multiplied by it"),
    (_total, "you multiplied with total derivatives dh_k/dw. They contain what the earlier terms say, so it is counted again: "
             "take the immediate ones"),
)


def _by_hand(answer):
    cases = [(1.3, .7, .2, np.array([.5, -.4, .9]), .6), (-.8, 1.1, -.3, np.array([-.2, .7, .3]), -.5)]
    names = ("the term of step 1", "of step 2", "of step 3")
    verdict = compare_functions(answer, _expand, cases, _TERM_MISTAKES, names)
    if "your function must return" in verdict.message:
        return wrong(f"{verdict.message}. Return the three one by one, not their sum")
    return right("three uses of w, three terms. The one of step 3 needs no Jacobian") if verdict.ok else verdict


def _case(seed, T, D, H, K):
    rng = np.random.default_rng(seed)
    params = init_parameters(D, H, K, rng)
    run = forward(params, rng.standard_normal((T, D)), rng.standard_normal(H))
    return params, run, cross_entropy(run.o, rng.integers(K, size=T))[1]


_CASES = [_case(71, 4, 3, 6, 5), _case(72, 3, 2, 5, 4)]


def _dW(params, run, do):
    return bptt(params, run, do).W


def _double_sum(losses=lambda T: range(1, T + 1), uses=lambda t: range(1, t + 1), steps=lambda t, k: range(t, k, -1),
                J=lambda slope, W: slope[:, None] * W, term=lambda slope, row, h, k: np.outer(slope * row, h[k - 1])):
    """dW by definition, or something wrong in one place.

    losses: T -> the t summed over     uses: t -> the k summed over     steps: (t, k) -> the steps of the product, left to right
    J: (f'(a_i), W) -> J_i     term: (f'(a_k), row in front, h, k) -> C[t,k]
    """
    def dW(params, run, do):
        slope, total = run.f.slope(run.a), np.zeros_like(params.W)
        for t in losses(len(do)):
            for k in uses(t):
                row = do[t - 1] @ params.U
                for i in steps(t, k):
                    row = row @ J(slope[i - 1], params.W)
                total += term(slope[k - 1], row, run.h, k)
        return total
    return dW


_DW_MISTAKES = (
    (_double_sum(uses=lambda t: (t,)),
     "only the terms with k = t are there: the simple chain rule, with h_{t-1} held fixed. It contains W too"),
    (_double_sum(losses=lambda T: (T,), uses=lambda t: (t,)),
     "only the last term that your loops visit is left: did you write = where += is due?"),
    (_double_sum(losses=lambda T: range(1, T)), "the last loss is missing: t runs to T, and range stops before its end"),
    (_double_sum(losses=lambda T: range(2, T + 1)),
     "the first loss is missing: t runs from 1, and C[1,1] is a term like the others"),
    (_double_sum(uses=lambda t: range(2, t + 1)), "the use at step 1 is missing: k runs from 1, and h_0 is not zero here"),
    *((_double_sum(uses=lambda t, beyond=beyond: range(t + beyond)),
       "your k begins at 0, and there is no use 0: in an array, row k - 1 = -1 is the last one. The uses are k = 1 to t")
      for beyond in (0, 1)),
    (_double_sum(uses=lambda t: (1,)), "only the use at step 1 is there: k runs over all steps from 1 to t"),
    (_double_sum(steps=lambda t, k: range(t, k + 1, -1)),
     "your products are one Jacobian too short: for k = t - 1 there is one"),
    (_double_sum(steps=lambda t, k: range(t - 1, k - 1, -1)),
     "your Jacobians are those of one step earlier: rnn.jacobian counts steps from 1, as the formulas do; rows of do and slope "
     "count from 0"),
    *((_double_sum(steps=steps, J=lambda s, W: (s[:, None] * W).T),
       "your Jacobians are transposed. dL_t/dh_t is a row and stands to their left: row @ J. If you hold it as a column, "
       "it is J.T @ column")
      for steps in (lambda t, k: range(t, k, -1), lambda t, k: range(k + 1, t + 1))),
    (_double_sum(J=lambda s, W: s * W),
     "the slopes scale the columns of W in your Jacobians: that is what NumPy makes of a vector times a matrix. "
     "J_i = diag(f'(a_i)) W scales its rows, so the vector must stand upright, with [:, None]"),
    (_double_sum(J=lambda s, W: s[:, None] * W.T),
     "W is transposed in your Jacobians: which way does W lead, from h_{i-1} to a_i or back?"),
    (_double_sum(J=lambda s, W: W), "f' is missing from your Jacobians: from h_{i-1} to h_i one passes W, and then f"),
    (_double_sum(term=lambda s, row, h, k: np.outer(row, h[k - 1])),
     "f' is missing at step k: W moves a_k, and a_k has to pass f to reach h_k"),
    (_double_sum(J=lambda s, W: W, term=lambda s, row, h, k: np.outer(row, h[k - 1])),
     "f' is missing everywhere: between a_t and h_t stands f, and every passage through it costs a factor f'(a_t)"),
    (_double_sum(term=lambda s, row, h, k: np.outer(row, s * h[k - 1])),
     "f'(a_k) has landed on h_{k-1}. It belongs to the units that receive: it multiplies the row in front"),
    (_double_sum(term=lambda s, row, h, k: np.outer(s * row, h[k - 2])),
     "h is one step too early: at step k, W multiplies h_{k-1}, which is row k - 1 of run.h"),
    *((_double_sum(term=lambda s, row, h, k, product=product: product(s * row, h[k - 1])),
       "C[t,k] is a matrix, an outer product: np.outer. Your product is smaller, and NumPy spread it over all of dW")
      for product in (np.multiply, np.dot)),
    *((lambda *case, m=m: m.backward(*case).W, f"{m.name}. {m.question} {m.hint}")
      for m in MISTAKES if not m.name.endswith(("in dU", "in dV"))),
)


_LEFT = {"(4, 4, 6, 6)": "these are the single terms C[t,k]: dW is the sum of them all, (H, H)",
         "(4, 6, 6)": "one axis of length T is left, so one of the two sums is still to be taken",
         "(6,)": "dW is a matrix, (H, H), and so is each of its terms: an outer product, np.outer"}


def _definition(answer):
    try:
        verdict = compare_functions(answer, _dW, _CASES, _DW_MISTAKES, names=("dW",))
    except IndexError as error:
        error.args = (f"{error}.\ndo and run.a have T rows, run.h has T + 1: which row belongs to step t in each?",)
        raise
    if verdict.ok:
        return right("the double sum, term by term: 10 terms for T = 4. Lesson 08 gets the same from 4")
    if verdict.status == "wrong shape":
        return Verdict("wrong shape", _LEFT.get(verdict.message.split("got ")[1], verdict.message))
    if verdict.status == "wrong" and "has the right shape" in verdict.message:
        return wrong(_audited(answer) or verdict.message)
    return verdict


def _audited(answer):
    """Which terms are counted how often, when the answer is a sum of them; or nothing."""
    params, run, do = _CASES[0]
    weights = audit(params, run, do, "W", np.asarray(answer(params, run, do), float))
    if weights is None:
        return ""
    off = [f"C[{t + 1},{k + 1}] {weights[t, k]:g} times" for t, k in np.argwhere(np.tril(weights != 1))]
    return f"each term C[t,k] belongs into dW once. With T = 4 yours holds {', '.join(off)}" if off else ""


def _share(C, t, k):
    G = C.sum((0, 1))
    return (C[t - 1, k - 1] * G).sum() / (G * G).sum()


def _norm(a):
    return np.sqrt((a * a).sum())


_SHARE_MISTAKES = (
    (lambda C, t, k: _norm(C[t - 1, k - 1]) / _norm(C.sum((0, 1))),
     "that is a ratio of norms: it has no sign, and over all terms it does not add up to 1. "
     "Multiply C[t,k] and G entry by entry first"),
    (lambda C, t, k: _norm(C[t - 1, k - 1]) / np.sqrt((C * C).sum((2, 3))).sum(),
     "that share is one of lengths: a term that points against G needs a negative share"),
    (lambda C, t, k: (C[t - 1, k - 1] * C.sum((0, 1))).sum(), "the product with G is there; divide it by ⟨G, G⟩"),
    (lambda C, t, k: (C[t - 1, k - 1] * C.sum((0, 1))).sum() / _norm(C.sum((0, 1))),
     "divide by ⟨G, G⟩, the square of the norm: only then do all the shares add up to 1"),
    (lambda C, t, k: (C[t - 1, k - 1] * C.sum((0, 1))).sum() / _norm(C.sum((0, 1))) / _norm(C[t - 1, k - 1]),
     "that is the cosine of the angle between C[t,k] and G. A share grows with the length of C[t,k] as well"),
    (lambda C, t, k: (C[t - 1, k - 1] ** 2).sum() / (C.sum((0, 1)) ** 2).sum(),
     "you multiplied C[t,k] with itself, which has no sign: one of the two factors is G"),
    (lambda C, t, k: (C[t - 1, k - 1] @ C.sum((0, 1))).sum() / (C.sum((0, 1)) @ C.sum((0, 1))).sum(),
     "@ is the product of matrices. ⟨A, B⟩ multiplies entry by entry: A * B"),
    (lambda C, t, k: C[t - 1, k - 1].sum() / C.sum(),
     "you compared sums of entries, in which positive and negative ones cancel. Multiply with the entries of G first"),
    (lambda C, t, k: (C[t - 1, k - 1] * C[t - 1].sum(0)).sum() / (C[t - 1].sum(0) ** 2).sum(),
     "that is the share of row t only: G is the sum over all t and all k"),
    (lambda C, t, k: (C[t - 1, k - 1] * C[:, k - 1].sum(0)).sum() / (C[:, k - 1].sum(0) ** 2).sum(),
     "that is the share of column k only: G is the sum over all t and all k"),
    (lambda C, t, k: _share(C, k, t), "t and k are swapped: the loss comes first, and C[k,t] with k < t is zero"),
    (lambda C, t, k: _share(C, t + 1, k + 1) if t < len(C) else np.nan,
     "you took the next term: C[t,k] stands at [t-1, k-1], arrays count from 0"),
    (lambda C, t, k: 100 * _share(C, t, k), "that is in per cent: leave the factor 100 out"),
)


def _shares(answer):
    C = contributions(*_CASES[0], "W")
    verdict = compare_functions(answer, _share, [(C, 3, 2), (C, 2, 1)], _SHARE_MISTAKES, names=("the share",))
    return right("over all t and k the shares add up to ⟨G, G⟩ / ⟨G, G⟩ = 1") if verdict.ok else verdict


_COUNT_MISTAKES = (
    (lambda t, k: t - k, "one too few: the total derivative at step k itself contains C[t,k] as well, and C[t,t] comes once"),
    (lambda t, k: t - k + 2, "one too many: try t = k. How often is C[t,t] in the sum?"),
    (lambda t, k: t, "j runs from 1 to t, but dh_j/dw contains the use at step k only when j is not before k"),
    (lambda t, k: k, "the early uses are in most of the total derivatives: the count falls with k"),
    (lambda t, k: 2, "not twice: every later total derivative contains this use once more"),
    (lambda t, k: 1 if k == t else 2, "not twice: every later total derivative contains this use once more"),
    (lambda t, k: 2 ** (t - k), "nothing doubles: dh_j/dw contains the use at step k once, for each j"),
    (lambda t, k: 1, "once each would be right for the immediate derivatives; here the total ones are taken"),
    (lambda t, k: (t - k + 1) * (t - k + 2) // 2, "that adds up too much: count the j whose dh_j/dw contains the use at step k"),
)


def _counts(answer):
    cases = [(t, k) for t in range(1, 6) for k in range(1, t + 1)]
    verdict = compare_functions(answer, lambda t, k: t - k + 1, cases, _COUNT_MISTAKES, names=("the count",))
    if "that is not it" in verdict.message:
        t, k = next((t, k) for t, k in cases if answer(t, k) != t - k + 1)
        return wrong(f"for t = {t}, k = {k} you say {answer(t, k)}, and that is not it: which of dh_1/dw, ..., dh_t/dw contain "
                     "the use at step k?")
    if not verdict.ok:
        return verdict
    return right("the older the use, the more often it is counted; with the immediate derivative, each is counted once")


q07_1 = Exercise(_by_hand, [
    "In how many places does w stand, when h_3 is written out down to h_0?",
    "Step k gives the immediate derivative h_{k-1} f'(a_k), times one Jacobian w f'(a_i) for every step i after k, up to 3.",
    "For k = 3 there is no later step: the term is h_2 f'(a_3). For k = 2 there is one: times w f'(a_3).",
    "w * s3 * w * s2 * h_0 * s1, w * s3 * h_1 * s2, h_2 * s3, with s_t = 1 - h_t**2"],
    """def three_terms(w, v, b, x, h_0):
    h_1 = np.tanh(w * h_0 + v * x[0] + b)
    h_2 = np.tanh(w * h_1 + v * x[1] + b)
    h_3 = np.tanh(w * h_2 + v * x[2] + b)
    s1, s2, s3 = 1 - h_1 ** 2, 1 - h_2 ** 2, 1 - h_3 ** 2
    return w * s3 * w * s2 * h_0 * s1, w * s3 * h_1 * s2, h_2 * s3""")

q07_2 = Exercise(_definition, [
    "(8) is a sum inside a sum. Over what does the outer one run, over what the inner one, and from where to where?",
    "dL_t/dh_t is U' do_t: as a row, do[t-1] @ U. Multiply it from the right with J_t, then J_{t-1}, down to J_{k+1}.",
    "rnn.jacobian(params, run, t, k) is the whole product, I for k = t. Then pass f at step k: times f'(a_k). "
    "C[t,k] is the outer product of this with h_{k-1}.",
    "dW += np.outer(slope[k-1] * (do[t-1] @ params.U @ rnn.jacobian(params, run, t, k)), run.h[k-1])"],
    """def my_dW(params, run, do):
    dW, slope = np.zeros_like(params.W), run.f.slope(run.a)
    for t in range(1, len(do) + 1):                          # the losses
        for k in range(1, t + 1):                            # the uses of W before them
            row = do[t - 1] @ params.U                       # dL_t/dh_t
            for i in range(t, k, -1):
                row = row @ (slope[i - 1][:, None] * params.W)     # J_i
            dW += np.outer(slope[k - 1] * row, run.h[k - 1])
    return dW""")

q07_3 = Exercise(_shares, [
    "What is G, in terms of C? Which two axes are added up?",
    "⟨A, B⟩ is the sum of the products, entry by entry: (A * B).sum().",
    "C[t,k] stands at C[t-1, k-1]; G = C.sum((0, 1)).",
    "(C[t - 1, k - 1] * G).sum() / (G * G).sum()"],
    """def share(C, t, k):
    G = C.sum((0, 1))
    return (C[t - 1, k - 1] * G).sum() / (G * G).sum()""")

q07_4 = Exercise(_counts, [
    "Which of dh_1/dw, ..., dh_t/dw contain the use of w at step k?",
    "dh_j/dw contains it when j is at least k, and then once: carried on from k to j.",
    "In the sum over j, the product J_t ... J_{j+1} carries it on from j to t. Count the j from k to t."],
    """def times(t, k):
    return t - k + 1""")
