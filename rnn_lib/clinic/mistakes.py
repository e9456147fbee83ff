"""Known-wrong backward passes. A mistake is an edit of a right one: what stands there, and what people write instead.

The right texts below are run as they stand (a test holds them to `bptt`), and so is every edited one, so that what the
lesson prints and what the clinic compares with are the same lines.
"""
from difflib import SequenceMatcher
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from .. import edits
from ..bptt import outer, total


class Five(NamedTuple):
    """The gradients of the parameters: the least that a backward pass returns."""
    V: np.ndarray
    W: np.ndarray
    U: np.ndarray
    b_h: np.ndarray
    b_y: np.ndarray


RECURSION = """\
def bptt(params, run, do):
    V, W, U, b_h, b_y = params
    dV, dW, dU, db_h, db_y = (np.zeros_like(p) for p in params)
    da_next = np.zeros_like(run.h[0])
    for t in range(len(do), 0, -1):
        dh = do[t-1] @ U + da_next @ W
        da = run.f.slope(run.a[t-1]) * dh
        dU += outer(do[t-1], run.h[t])
        db_y += total(do[t-1])
        dW += outer(da, run.h[t-1])
        dV += outer(da, run.x[t-1])
        db_h += total(da)
        da_next = da
    return Five(dV, dW, dU, db_h, db_y)
"""

DEFINITION = """\
def bptt(params, run, do):
    V, W, U, b_h, b_y = params
    dV, dW, dU, db_h, db_y = (np.zeros_like(p) for p in params)
    slope = run.f.slope(run.a)
    for t in range(1, len(do) + 1):
        dU += outer(do[t-1], run.h[t])
        db_y += total(do[t-1])
        for k in range(1, t + 1):
            dh = do[t-1] @ U
            for i in range(t, k, -1):
                dh = (slope[i-1] * dh) @ W
            da = slope[k-1] * dh
            dW += outer(da, run.h[k-1])
            dV += outer(da, run.x[k-1])
            db_h += total(da)
    return Five(dV, dW, dU, db_h, db_y)
"""


class Mistake(NamedTuple):
    """A backward pass that is wrong in one known way, with help in layers."""
    name: str
    source: str            # the wrong text
    question: str          # what to ask yourself
    hint: str
    term: str              # the term of the equations that is wrong
    line: str              # the line as it should read
    each: bool = False     # whether it may befall the sum of one gradient alone
    edits: tuple = ()      # (right, wrong) parts of the recursion; none for edits of another text
    base: str = RECURSION  # the right text that was edited

    @property
    def backward(self):
        """The wrong text, to be called."""
        return build(self.source)

    @property
    def slips(self):
        """Where the text leaves the right one: pairs of (wrong line, right line), "" where there is none."""
        right, wrong = ([line.strip() for line in text.splitlines()] for text in (self.base, self.source))
        edited = [block for block in SequenceMatcher(None, right, wrong, autojunk=False).get_opcodes() if block[0] != "equal"]
        return [pair for _, i, j, m, n in edited for pair in zip_longest(wrong[m:n], right[i:j], fillvalue="")]


@cache
def build(source):
    """The function that a text of a backward pass defines."""
    return edits.build(source, {"np": np, "Five": Five, "outer": outer, "total": total})


def mistake(name, term, changes, question, hint, source=RECURSION, line=None, each=False):
    """A Mistake from (right, wrong) edits of a right text; each right part must stand in it.

    line: as it should read, that of the first edit if None     each: whether it may befall the sum of one gradient alone
    """
    wrong = edits.edited(source, changes)
    line = line or next(line.strip() for line in source.splitlines() if changes[0][0] in line)
    return Mistake(name, wrong, question, hint, term, line, each, tuple(changes) if source is RECURSION else (), source)


@cache
def both(first, second):
    """The backward pass that makes two mistakes at once; None where one edit leaves no room for the other."""
    try:
        source = edits.edited(first.source, second.edits)
        return build(source) if first.edits and second.edits else None
    except (ValueError, SyntaxError):
        return None


_SLOPE = "da = run.f.slope(run.a[t-1]) * dh"
_PAST = "run.f.slope(run.a[t-1]) * (da_next @ W)"
_START = "    V, W, U, b_h"
_TWICE = ("    yhat = np.exp(run.o) / np.exp(run.o).sum(-1, keepdims=True)\n"
          "    do = yhat * (do - (do * yhat).sum(-1, keepdims=True))\n")

MISTAKES = (
    mistake("horizontal term dropped", "W' da_{t+1} in (9)", [(" + da_next @ W", "")],
            "Along how many paths does h_t reach the total loss?",
            "h_t feeds its own output and the next state. One of the two paths sends nothing back here: only k = t is left."),
    mistake("transpose missing in the horizontal step", "W' da_{t+1} in (9)", [("da_next @ W", "da_next @ W.T")],
            "Forward, W takes h_{t-1} to a_t. Which matrix takes da_t back to h_{t-1}?",
            "W is square, so no shape complains. In code v is a row: W' v is written v @ W, and W v is v @ W.T."),
    mistake("horizontal term doubled", "W' da_{t+1} in (9)", [("+ da_next @ W", "+ 2 * da_next @ W")],
            "How often does the path from h_t to h_{t+1} occur in the graph?",
            "Something adds the message from the next step twice. Look for a += where an = belongs."),
    mistake("the message is never reset", "W' da_{t+1} in (9)", [("da_next = da", "da_next = da_next + da")],
            "What does step t+1 send to step t?",
            "da_{t+1} already holds all that later steps say. Adding it to older messages counts those again: = is due, not +=."),
    mistake("one step back and no further", "W' da_{t+1} in (9)",
            [("da_next = da", "da_next = run.f.slope(run.a[t-1]) * (do[t-1] @ U)")],
            "Does step t hand on what its own loss says, or all that it has heard?",
            "The message must hold what came from later steps, too. Here the terms end at k = t-1."),
    mistake("the loop runs forward", "W' da_{t+1} in (9)", [("range(len(do), 0, -1)", "range(1, len(do) + 1)")],
            "Which da does step t need, that of step t-1 or that of step t+1? It has to be there first.",
            "The backward pass begins at the last step: nothing comes from the right there."),
    mistake("do of the step before", "U' do_t in (9)", [("do[t-1] @ U", "do[t-2] @ U")],
            "do has T rows. Which of them is do_t?",
            "U and b_y are right, so do is. In (9) its row is one too early (and -1 wraps round to the last)."),
    mistake("f' forgotten", "f'(a_t) in (10)", [(_SLOPE, "da = dh")],
            "Between a_t and h_t stands f. What does the chain rule say when you pass it?",
            "da_t and dh_t differ by one factor."),
    mistake("f' of the wrong argument", "f'(a_t) in (10)", [("run.f.slope(run.a[t-1])", "run.f.slope(run.h[t])")],
            "f' is a function. What is it a function of?",
            "tanh'(a) = 1 - tanh(a)^2 = 1 - h^2. Taking 1 - tanh(h)^2 applies tanh twice."),
    mistake("f' of the step before", "f'(a_t) in (10)", [("run.f.slope(run.a[t-1])", "(1 - run.h[t-1] ** 2)")],
            "You pass f between a_t and h_t. Of which step is the slope that you take?",
            "For tanh, f'(a_t) = 1 - h_t^2, and h_t is run.h[t]: run.h has a row for h_0."),
    mistake("1 - a^2 for 1 - h^2", "f'(a_t) in (10)", [("run.f.slope(run.a[t-1])", "(1 - run.a[t-1] ** 2)")],
            "For tanh, f'(a) = 1 - tanh(a)^2. Which letter of the network is tanh(a)?",
            "h_t = tanh(a_t), so the slope is 1 - h_t^2."),
    mistake("f for f'", "f'(a_t) in (10)", [("run.f.slope(run.a[t-1])", "run.f(run.a[t-1])")],
            "Passing f on the way back costs a factor. Is it f, or the slope of f?",
            "h_t itself has come in where 1 - h_t^2 is due."),
    mistake("f' on one of the two paths only", "f'(a_t) * dh_t in (10)",
            [(" + da_next @ W", ""), (_SLOPE, _SLOPE + " + da_next @ W")],
            "Two paths meet at h_t, and from there f is passed. What does f' multiply?",
            "f' belongs to both messages, to their sum. Is a bracket missing?",
            line="da = run.f.slope(run.a[t-1]) * (do[t-1] @ U + da_next @ W)"),
    mistake("f' divided instead of multiplied", "f'(a_t) * dh_t in (10)", [(_SLOPE, "da = dh / run.f.slope(run.a[t-1])")],
            "Where f is flat, should more gradient pass, or less?",
            "The factor is the right one; the operation is not."),
    mistake("f' applied twice", "f'(a_t) in (10)", [(_SLOPE, "da = run.f.slope(run.a[t-1]) ** 2 * dh")],
            "How often does f stand between a_t and h_t?",
            "The factor f' is right, but it comes in once too often."),
    mistake("f' forgotten on the way back", "da_{t+1} in (9)", [("da_next = da", "da_next = dh")],
            "What travels from step t+1 to step t: dh or da?",
            "Going from h_{t+1} back to h_t you pass f first, then W."),
    mistake("f' forgotten in the sums", "da_t in (11), (12), (13)",
            [(f"{g} += {of}(da", f"{g} += {of}(dh") for g, of in (("dW", "outer"), ("dV", "outer"), ("db_h", "total"))],
            "W, V and b_h enter a_t, not h_t. Which gradient belongs into their sums?",
            "The recursion itself is right. Look at what the sums over t are made of.", each=True),
    mistake("h_t for h_{t-1} in dW", "h_{t-1} in (11)", [("outer(da, run.h[t-1])", "outer(da, run.h[t])")],
            "In (1), what does W multiply at step t?",
            "It is the factor of da_t in (11): look at the index of h."),
    mistake("h_0 taken for zero", "da_1 h_0' in (11)", [("outer(da, run.h[t-1])", "outer(da, run.h[t-1] * (t > 1))")],
            "What does W multiply at step 1?",
            "The term of step 1 is missing from dW, and from nothing else."),
    mistake("the last h taken for h_0", "da_1 h_0' in (11)", [("outer(da, run.h[t-1])", "outer(da, run.h[1:][t-2])")],
            "Which state comes before step 1, and which row of run.h is it?",
            "In Python h[-1] is the last row, h_T. h_0 is run.h[0], and needs no special case."),
    mistake("da in reverse order", "da_t beside h_{t-1} and x_t in (11), (12)",
            [("outer(da, run.h[t-1])", "outer(da, run.h[len(do)-t])"), ("run.x[t-1]", "run.x[len(do)-t]")],
            "In which order were the da made, and in which order do h and x stand?",
            "b_h is right, so da is. A list filled from T down to 1 holds da_T first: turn it round before it meets h and x."),
    mistake("dW transposed", "da_t h_{t-1}' in (11)", [("outer(da, run.h[t-1])", "outer(run.h[t-1], da)")],
            "In dW, which index belongs to the unit that receives, and which to the unit that sends?",
            "dW has the shape of W either way. Row i of W makes a_i."),
    mistake("x_{t-1} for x_t in dV", "x_t in (12)", [("run.x[t-1]", "run.x[t-2]")],
            "In (1), which x does V multiply at step t? Which row of the array is that?",
            "x has T rows: x_t is x[t-1]. Your row is one earlier (and -1 wraps round to the last)."),
    mistake("x_{t+1} for x_t in dV", "x_t in (12)",
            [("dV += outer(da, run.x[t-1])", "dV += outer(da, run.x[t]) if t < len(do) else 0")],
            "In (1), which x does V multiply at step t? Which row of the array is that?",
            "x has T rows: x_t is x[t-1], one less than h needs."),
    mistake("h_{t-1} for h_t in dU", "h_t in (7)", [("outer(do[t-1], run.h[t])", "outer(do[t-1], run.h[t-1])")],
            "In (3), what does U multiply at step t?",
            "U has nothing to do with time: look at the index of h."),
    mistake("= for +=", "the sums over t in (7), (11), (12), (13)", [(" += ", " = ")],
            "Each parameter is used T times. What happens to the T gradients that it receives?",
            "Only the term of the last step that your loop visits is left.", each=True),
    mistake("sums overwritten on the way forward", "the sums over t in (7), (11), (12), (13)", [(" += ", " = ")],
            "Each parameter is used T times. What happens to the T gradients that it receives?",
            "Only the term of step T is left: is a sum missing, an = where += is due, or a return inside the loop?",
            DEFINITION, each=True),
    mistake("only the last loss", "U' do_t in (9), at every t",
            [(_START, "    do = np.concatenate([0 * do[:-1], do[-1:]])\n" + _START)],
            "Which steps have a loss of their own?",
            "Every h_t is read by its own output, and that output has a loss of its own, not only the last one.",
            line="dh = do[t-1] @ U + da_next @ W, with the whole of do"),
    mistake("softmax differentiated twice", "do_t in (6)", [(_START, _TWICE + _START)],
            "do is dL/do, the gradient at the scores. Is the softmax before or behind it?",
            "In do = yhat - y the softmax has been passed already. Its Jacobian is one factor too many.",
            line="dh = do[t-1] @ U + da_next @ W, with do as it is given"),
    mistake("the current step left out", "the terms k = t of (8)",
            [("outer(da, run.h[t-1])", f"outer({_PAST}, run.h[t-1])"),
             ("outer(da, run.x[t-1])", f"outer({_PAST}, run.x[t-1])"),
             ("total(da)", f"total({_PAST})")],
            "The formula sums over \"previous steps\", k = 1..t. Is t itself among them?",
            "Every term with k = t is missing: the loss of a step also depends on the use at that very step."),
    mistake("total derivative taken for the immediate one", "the immediate derivative in (8)",
            [("outer(da,", "outer(twice,"),
             (_SLOPE, _SLOPE + "\n        twice = run.f.slope(run.a[t-1]) * (dh + da_next[1])"),
             ("da_next = np.zeros_like(run.h[0])", "da_next = np.zeros((2, *run.h[0].shape))"),
             ("+ da_next @ W", "+ da_next[0] @ W"), ("da_next[1])", "da_next[1] @ W)"),
             ("da_next = da", "da_next = da, twice"), ("total(da)", "total(twice)")],
            "da_k already holds everything that later steps say. What is still to be multiplied with it?",
            "h_{k-1} contains W as well, but that dependence is in da_{k-1}. Here it is counted again: "
            "the term (t, k) comes t-k+1 times."),
    mistake("mean for sum", "the sum over t in (5)",
            [("Five(dV, dW, dU, db_h, db_y)", "Five(*(g / len(do) for g in (dV, dW, dU, db_h, db_y)))")],
            "Is the total loss (5) a sum or a mean over time?",
            "A mean over the steps is too small by the factor T.", each=True),
    mistake("sign flipped", "do_t in (6)", [("Five(dV, dW, dU, db_h, db_y)", "Five(-dV, -dW, -dU, -db_h, -db_y)")],
            "Is do = yhat - y, or y - yhat? And are its products added up, or taken away?",
            "What is wrong points the other way, and is right otherwise.", each=True),
    mistake("the loop stops before step 1", "that of t = 1, which is missing from every sum",
            [("range(len(do), 0, -1)", "range(len(do), 1, -1)")],
            "Which is the last step that your loop visits?",
            "range leaves its end out."),
    mistake("the loop leaves out step T", "that of t = T, which is missing from every sum",
            [("range(len(do), 0, -1)", "range(len(do) - 1, 0, -1)")],
            "Which is the first step that your loop visits?",
            "Step T has a loss too."),
    mistake("Jacobians in the wrong order", "J_t J_{t-1} ... J_{k+1} in (8)", [("range(t, k, -1)", "range(k + 1, t + 1)")],
            "Matrices do not commute. Which Jacobian stands next to dL_t/dh_t?",
            "Going back from h_t, the first step you pass is t, the last is k+1.", DEFINITION),
    mistake("one Jacobian too many", "J_t J_{t-1} ... J_{k+1} in (8)", [("range(t, k, -1)", "range(t, k - 1, -1)")],
            "How many steps lie between h_k and h_t?",
            "For k = t the product is empty, so it is I.", DEFINITION),
)

# Other texts of a mistake that has its name above.
VARIANTS = (
    mistake("mean for sum", "", [("Five(dV, dW, dU, db_h, db_y)",
                                  "Five(*(g / (do != 0).any(-1).sum() for g in (dV, dW, dU, db_h, db_y)))")], "", "", each=True),
    # The sums are made after the loop, so that those of U and b_y are right.
    mistake("the loop leaves out step T", "", [("do[t-1] @ U", "(t < len(do)) * do[t-1] @ U")], "", "", DEFINITION),
    mistake("the loop stops before step 1", "", [("range(1, t + 1)", "range(2, t + 1)")], "", "", DEFINITION),
    mistake("only the last loss", "", [("do[t-1] @ U", "(t == len(do)) * do[t-1] @ U")], "", "", DEFINITION),
)
