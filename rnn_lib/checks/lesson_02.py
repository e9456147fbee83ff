"""Exercises of lesson 02: unfolding."""
from .kit import Exercise, right, wrong

_EDGES = {("h_0", "h_1"), ("h_1", "h_2"), ("h_2", "h_3"), *((f"x_{t}", f"h_{t}") for t in (1, 2, 3)),
          *((f"h_{t}", f"ŷ_{t}") for t in (1, 2, 3))}


def _edges(answer):
    try:
        pairs = [tuple(str(end).replace("yhat", "ŷ").replace("y_", "ŷ_").replace("ŷŷ", "ŷ") for end in edge) for edge in answer]
        given = {(a, b) for a, b in pairs}
    except (TypeError, ValueError):
        return wrong('write each edge as a pair of names, such as ("x_1", "h_1")')
    if given == _EDGES:
        return right("9 edges: three of V, three of W, three of U. T = 3 has as many of each")
    if given == {(b, a) for a, b in _EDGES}:
        return wrong("every edge points the wrong way: an arrow runs from what is needed to what is computed from it")
    if any(a == b for a, b in given):
        return wrong("an edge from a node to itself is the loop of the compact drawing; unfolded, it leads from h_{t-1} to h_t")
    for a, b in sorted(given - _EDGES):
        return wrong(_stray(a, b))
    lost = sorted(_EDGES - given)
    if lost == [("h_0", "h_1")]:
        return wrong("one is missing: where does h_1 get its previous state from?")
    return wrong(f"{len(lost)} of 9 edges are missing, among them the one that enters {lost[0][1]}")


def _stray(a, b):
    if b.startswith("h") and a.startswith("ŷ"):
        return f"({a}, {b}): the prediction does not feed the next state; the hidden state does"
    if a.startswith("x") and b.startswith("ŷ"):
        return f"({a}, {b}): the input reaches the output only through the hidden state"
    if a.startswith("x") and b.startswith("x"):
        return f"({a}, {b}): inputs come from the data, not from each other"
    return f"({a}, {b}) is not an edge of the graph: look at equations (1) to (3), what stands on the right of each?"


def _order(answer):
    names = [str(name).replace("yhat", "ŷ").replace("y_", "ŷ_").replace("ŷŷ", "ŷ") for name in answer]
    needed = {b for _, b in _EDGES}
    if set(names) != needed or len(names) != len(needed):
        return wrong(f"name each computed node once: {', '.join(sorted(needed))} (x and h_0 are given)")
    seen = {"h_0", "x_1", "x_2", "x_3"}
    for name in names:
        lacking = [a for a, b in sorted(_EDGES) if b == name and a not in seen]
        if lacking:
            return wrong(f"{name} comes too early: it needs {lacking[0]}, which is not there yet")
        seen.add(name)
    return right("any order in which each node follows what it needs will do; no order can compute h_3 before h_2")


def _count(answer):
    V, W, U, biases = 4 * 3, 4 * 4, 2 * 4, 4 + 2
    known = {V + W + U + biases: None, V + W + U: "the biases b_h and b_y are parameters too",
             5 * (V + W + U + biases): "you counted every copy: the five steps share one set of parameters",
             5 * (V + W + U): "you counted every copy, and forgot the biases",
             V + W + U + 4: "b_y is missing: the output has a bias too",
             V + W + U + 2: "b_h is missing: the hidden units have a bias too"}
    try:
        answer = int(answer)
    except (TypeError, ValueError):
        return wrong("a number, please")
    if answer in known:
        return wrong(known[answer]) if known[answer] else right("12 + 16 + 8 + 4 + 2 = 42, and T does not occur in it")
    return wrong("count the entries of V (4, 3), W (4, 4), U (2, 4), b_h (4,) and b_y (2,)")


q02_1 = Exercise(_edges, [
    "What does each of equations (1) and (3) need, and what does it make?",
    "Each step has three arrows: one into h_t from below, one into h_t from the left, one out of h_t upwards.",
    "Step 1 is not special: its arrow from the left starts at h_0.",
    '[("x_1", "h_1"), ("h_0", "h_1"), ("h_1", "ŷ_1"), …] and the same for 2 and 3'],
    """edges = []
for t in (1, 2, 3):
    edges += [(f"x_{t}", f"h_{t}"), (f"h_{t-1}", f"h_{t}"), (f"h_{t}", f"ŷ_{t}")]""")

q02_2 = Exercise(_order, [
    "Which node can be computed first, when only x_1, x_2, x_3 and h_0 are known?",
    "h_1 needs x_1 and h_0. What has become possible once h_1 is there?",
    "h_1, then ŷ_1 or h_2, …: each h_t before h_{t+1} and before ŷ_t."],
    'order = ["h_1", "h_2", "h_3", "ŷ_1", "ŷ_2", "ŷ_3"]')

q02_3 = Exercise(_count, [
    "Which arrays does the network own? How many numbers are in each?",
    "Five arrays: V (H, D), W (H, H), U (K, H), b_h (H,), b_y (K,). Does T occur?",
    "H·D + H·H + K·H + H + K"],
    "4 * 3 + 4 * 4 + 2 * 4 + 4 + 2")
