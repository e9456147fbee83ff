"""Exercises of lesson 02: unfolding."""
import re
import unicodedata
from collections import Counter

import numpy as np

from .kit import Exercise, Verdict, right, wrong
from .table import table, whole

_EDGES = {("h_0", "h_1"), ("h_1", "h_2"), ("h_2", "h_3"), *((f"x_{t}", f"h_{t}") for t in (1, 2, 3)),
          *((f"h_{t}", f"ŷ_{t}") for t in (1, 2, 3))}
_COMPUTED = sorted({b for _, b in _EDGES})
_NODES = {node for edge in _EDGES for node in edge}


def _name(node):
    """A node as it is called here, also when it was written y_hat_1, \\hat{y}_1, ŷ1, X₁, or with a ŷ of two characters."""
    plain = re.sub(r"[\\{}$\s]", "", unicodedata.normalize("NFKC", str(node)))
    name = re.sub("^[XHYŶ]", lambda letter: letter[0].lower(), re.sub("y_?hat|haty", "ŷ", plain, flags=re.I))
    return re.sub(r"(?<=[a-zŷ])(?=\d)", "_", name)


def _unknown(name):
    """What a name that no node has says about a misunderstanding."""
    meanings = {"y": f"{name} is the right answer, which the data gives; the network computes the prediction, yhat{name[1:]}",
                "o": f"{name} has no node of its own in the drawing: it lies inside ŷ{name[1:]}, since ŷ_t = g(o_t)",
                "a": f"{name} has no node of its own in the drawing: it lies inside h{name[1:]}, since h_t = f(a_t)",
                "L": f"{name} is a loss; this graph ends at the predictions"}
    if name[:1] in set("VWUb"):
        return f"{name} is no node: parameters stand on the edges"
    if name[1:] in ("_1", "_2", "_3") and name[0] in meanings:
        return meanings[name[0]]
    return f"there is no node {name}: the nodes are x_1 to x_3, h_0 to h_3 and yhat_1 to yhat_3"


def _edges(answer):
    try:
        pairs = [tuple(map(_name, edge)) for edge in answer if not isinstance(edge, str)]
        given = Counter((a, b) for a, b in pairs)
    except (TypeError, ValueError):
        given = Counter()
    if not given:
        return Verdict("not understood", 'write a list of edges, each a pair of names without the matrix, such as ("x_1", "h_1")')
    if given.keys() == {(b, a) for a, b in _EDGES}:
        return wrong("every edge points the wrong way: an arrow runs from what is needed to what is computed from it")
    if any(a == b for a, b in given):
        return wrong("an edge from a node to itself is the loop of the compact drawing; unfolded, it leads from h_{t-1} to h_t")
    if strays := sorted(given.keys() - _EDGES):
        return wrong(_stray(*strays[0]))
    if twice := [edge for edge in given if given[edge] > 1]:
        return wrong("({}, {}) stands there twice: in this graph two nodes are joined by one edge at most".format(*twice[0]))
    lost = sorted(_EDGES - given.keys())
    if lost == [("h_0", "h_1")]:
        return wrong("one is missing: where does h_1 get its previous state from?")
    if lost:
        some = "one edge is missing, one" if len(lost) == 1 else f"{len(lost)} of 9 edges are missing, among them one"
        return wrong(f"{some} that enters {lost[0][1]}")
    return right("9 edges: (1) asks for three of V and three of W, (3) for three of U. The node at the left is h_0. "
                 "No way leads back to where it began: the loop is gone")


def _stray(a, b):
    """Why a -> b is no edge."""
    if unknown := [node for node in (a, b) if node not in _NODES]:
        return _unknown(unknown[0])
    if b == "h_0" or (b[0] == "x" and a[0] != "ŷ"):
        return f"({a}, {b}): x and h_0 are given, no edge enters them"
    meanings = {"xŷ": "the input reaches the output only through the hidden state",
                "xh": "an input enters the hidden state of its own step only",
                "hŷ": "a prediction is read from the hidden state of its own step",
                "hh": "a hidden state is made from the one just before it, and from no other",
                "ŷh": "the prediction does not feed the next state; the hidden state does",
                "ŷx": "a prediction becomes an input only when a text is generated; the graph that is trained has no such edge"}
    return f"({a}, {b}): {meanings.get(a[0] + b[0], 'equations (1) to (4) have no prediction on the right')}"


def _order(answer):
    if not isinstance(answer, list | tuple | np.ndarray) or not all(isinstance(node, str) for node in answer):
        return Verdict("not understood", 'write one list of names in the order of computation, such as ["h_1", …]: of nodes that '
                                         "are possible at the same time, either may come first")
    names = list(map(_name, answer))
    if any(node in names for node in _NODES.difference(_COMPUTED)):
        return wrong("x_1, x_2, x_3 and h_0 are given and need no computing: name the other six")
    if unknown := [name for name in names if name not in _COMPUTED]:
        return wrong(_unknown(unknown[0]))
    if twice := [name for name in names if names.count(name) > 1]:
        return wrong(f"{twice[0]} stands there twice: once computed, it is kept and used again")
    if lacking := [name for name in _COMPUTED if name not in names]:
        return wrong(f"not there yet: {', '.join(lacking)}; name each of the six computed nodes once")
    if early := [(name, a) for n, name in enumerate(names) for a, b in sorted(_EDGES) if b == name and a in names[n:]]:
        return wrong("{} comes too early: it needs {}, which is not there yet".format(*early[0]))
    return right("any order in which each node follows what it needs will do; no order can compute h_3 before h_2")


D, H, K, T = 5, 4, 7, 6          # what is missing here has another number than what is too large
V, W, U, TOTAL = H * D, H * H, K * H, H * D + H * H + K * H + H + K

q02_1 = Exercise(_edges, [
    "What does each of equations (1) and (3) need, and what does it make?",
    "Each step has three arrows: one into h_t from below, one into h_t from the left, one out of h_t upwards.",
    "Step 1 is not special: its arrow from the left starts at h_0.",
    '[("x_1", "h_1"), ("h_0", "h_1"), ("h_1", "yhat_1"), …] and the same for 2 and 3'],
    """my_edges = []
for t in (1, 2, 3):
    my_edges += [(f"x_{t}", f"h_{t}"), (f"h_{t-1}", f"h_{t}"), (f"h_{t}", f"yhat_{t}")]""")

q02_2 = Exercise(_order, [
    "Which node can be computed first, when only x_1, x_2, x_3 and h_0 are known?",
    "h_1 needs x_1 and h_0. What has become possible once h_1 is there?",
    "h_1, then yhat_1 or h_2, …: each h_t before h_{t+1} and before yhat_t."],
    'my_order = ["h_1", "h_2", "h_3", "yhat_1", "yhat_2", "yhat_3"]')

q02_3 = table(
    "my_count = 4 * 5 + 4 * 4 + 7 * 4 + 4 + 7", {"my_count": {
        V + W + U: "the biases b_h and b_y are parameters too",
        TOTAL - K: "b_y is missing: the output has a bias too",
        TOTAL - H: f"{H} too few. Which is it? The hidden units have a bias too, b_h; V is ({H}, {D}), not ({H}, {H})",
        TOTAL - V: "V is missing", TOTAL - W: "W is missing", TOTAL - U: "U is missing",
        T * TOTAL: "you counted every copy: the six steps share one set of parameters",
        T * (V + W + U): "you counted every copy, and forgot the biases",
        TOTAL + (T - 1) * W: "you counted a W for every step: all edges of W are one matrix",
        TOTAL + H: f"{H} too many. Which is it? h_0 is a state that is given, not a parameter; W is ({H}, {H}), not ({H}, {D}); "
                   "b_h is one bias (PyTorch has two)",
        TOTAL - W + D * D: f"W is too large: it leads from the {H} hidden units to the same {H} units",
        TOTAL - U + K * K: f"U is ({K}, {H}): it leads from the {H} hidden units to the {K} outputs",
        TOTAL - U + H * H: f"U is ({K}, {H}): it leads from the {H} hidden units to the {K} outputs",
        TOTAL + K: f"{K} too many. Which is it? U reads the state, not the input, so U is ({K}, {H}); b_y is one bias",
        **dict.fromkeys((V + W + U + 2, TOTAL - K + H), f"a bias has one number per unit: b_h has {H}, and b_y has {K}"),
        5: "five is how many arrays there are: count the numbers in them",
        None: "count the entries of V, W, U, b_h and b_y: first write down the shape of each. Which sizes does a matrix join?"}},
    reads=whole, asks="give one whole number, without quotation marks; if you have a list of counts, add them up",
    praise=f"{V} + {W} + {U} + {H} + {K} = {TOTAL}, and T does not occur in it", hints=[
    "Which arrays does the network own? How many numbers are in each?",
    "Five arrays: V (H, D), W (H, H), U (K, H), b_h (H,), b_y (K,). Does T occur?",
    "H·D + H·H + K·H + H + K"])
