"""Lesson 08: the graph rule at the three nodes of a step that it is applied to."""
from ..diagrams.graph import graph
from ..diagrams.svg import render
from .kit import Picture, choice, switched

SAYS = {"h": "Two arrows leave hₜ, so its gradient has two terms: dhₜ = Uᵀdoₜ + Wᵀdaₜ₊₁.",
        "a": "One arrow leaves aₜ, so its gradient is one term: daₜ = f′(aₜ) ⊙ dhₜ.",
        "W": "One arrow leaves W for each step, so its gradient has one term for each: dW = Σₜ daₜ hₜ₋₁ᵀ."}
ASKS = "Which arrows leave {}, and what comes back along each? Press to compare."
NAMES = {"h": "hₜ", "a": "aₜ", "W": "W"}
BEGIN = "The graph around step t, with one node for W. Touch hₜ, aₜ or W."
ALL = "Three nodes and three equations: this is the whole algorithm."


def graph_rule():
    """Touch h_t, a_t or W: the arrows that leave it. Press it: what comes back along each, and the sum.

    returns: Explorer, switched in the browser
    """
    captions = {"": BEGIN, **SAYS, "haW": ALL}
    def draw(nodes, narrow=False):
        react = {node: {"sets": f"nodes={name}", "says": ASKS.format(name), "chosen": node == nodes}
                 for node, name in NAMES.items()}
        return Picture(render(graph(nodes, react, narrow), "the computational graph around step t"), captions[nodes])
    stops = [("no node", ""), *((name, node) for node, name in NAMES.items()), ("all", "haW")]
    return switched(draw, nodes=choice("the gradient of", stops, says="the node whose gradient is shown"))
