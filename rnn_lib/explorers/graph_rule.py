"""Lesson 08: the graph rule at the three nodes of a step that it is applied to."""
from ..diagrams.graph import graph
from ..diagrams.svg import render
from .kit import Picture, switched

SAYS = {"h": "Two arrows leave hₜ, so its gradient has two terms: dhₜ = Uᵀdoₜ + Wᵀdaₜ₊₁.",
        "a": "One arrow leaves aₜ, so its gradient is one term: daₜ = f′(aₜ) ⊙ dhₜ.",
        "W": "One arrow leaves W for each step, so its gradient has one term for each: dW = Σₜ daₜ hₜ₋₁ᵀ."}


def graph_rule():
    """Touch h_t, a_t or W: the arrows that leave it, and what comes back along each.   returns: Explorer without controls"""
    said = "The graph around step t, with one node for W. Touch hₜ, aₜ or W: the arrows that leave it light up."
    return switched(lambda narrow=False: Picture(render(graph(SAYS, narrow), "the computational graph around step t"), said))
