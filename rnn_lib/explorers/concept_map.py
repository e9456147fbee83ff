"""Lesson 17: the ideas of the course, what each needs, and in which lesson it is; the network of the exam."""
from itertools import groupby
from typing import NamedTuple

from .. import checks
from ..checks import progress
from ..diagrams.concepts import concept_map as drawing
from ..diagrams.concepts import names
from ..diagrams.network import unfolded
from ..diagrams.skips import skips
from ..diagrams.svg import render
from ..diagrams.wording import counted, listed, lowered
from .kit import Picture, picker, switched


class Concept(NamedTuple):
    """An idea of the course and its place on the map."""
    column: int
    row: int
    line: str        # what its box says below its name; one with an index is written as in `formulas`
    lesson: str
    needs: tuple     # the ideas that an arrow leads from
    what: str


CONCEPTS = {                                               # in the order of the lessons
    "the loop": Concept(2, 0, "h is read again", "00", (),
        "One box, applied at every step, hands its state on to itself."),
    "the task": Concept(4, 0, "x, ŷ, y per step", "01", (),
        "A language model's right answer is the next word, a tagger's the tag of the current one."),
    "unfolding": Concept(2, 1, "no loop", "02", ("the loop",),
        "T columns replace the loop: the result is an ordinary feedforward graph."),
    "sharing": Concept(1, 1, "one W, T uses", "02", ("unfolding",),
        "Every step uses the same five arrays, however long the sequence is."),
    "the forward pass": Concept(3, 1, "(1) to (4)", "03", ("unfolding",),
        "From left to right: aₜ = V xₜ + W hₜ₋₁ + b_h, hₜ = f(aₜ), oₜ = U hₜ + b_y, ŷₜ = softmax(oₜ)."),
    "the losses": Concept(4, 1, "do_t = ŷ_t − y_t", "04", ("the task", "the forward pass"),
        "Each step has a loss Lₜ, and L = Σₜ Lₜ; masked steps count 0. At the scores its gradient is doₜ = ŷₜ − yₜ."),
    "the sum over losses": Concept(4, 2, "many t, one sum", "05", ("the losses",),
        "The derivative of a sum is the sum of the derivatives. This sum would be there without any sharing."),
    "the sum over uses": Concept(1, 2, "many k, one matrix", "05", ("sharing", "the sum over losses"),
        "Give each of the T uses its own copy of the matrix, differentiate, and add up the T gradients."),
    "the gradient of U": Concept(4, 3, "vertical only", "06", ("the sum over losses",),
        "U enters each loss in one place, so dU = Σₜ doₜ hₜᵀ needs no step back in time."),
    "the total derivative": Concept(0, 2, "or the immediate?", "07", ("the sum over uses",),
        "hₜ₋₁ contains W too: the immediate derivative holds it fixed, the total one does not."),
    "the Jacobians": Concept(0, 5, "J_t J_t−1 ⋯ J_k+1", "07", ("the total derivative",),
        "From hₜ back to hₖ leads a product of Jacobians, the latest on the left; for k = t it is empty."),
    "the definition": Concept(1, 5, "(8), by rows", "07", ("the Jacobians",),
        "dW = Σₜ Σₖ C[t,k]: one contribution for every loss t and every use k ≤ t, along the path from hₜ back to hₖ."),
    "the recursion": Concept(1, 3, "(9) to (11): one sweep", "08", ("the sum over uses",),
        "A node's gradient is the sum over its arrows: dhₜ = Uᵀ doₜ + Wᵀ daₜ₊₁, daₜ = f′(aₜ) ⊙ dhₜ, "
        "dW\u00a0=\u00a0Σₜ\u00a0daₜ\u00a0hₜ₋₁ᵀ."),
    "the other gradients": Concept(2, 3, "dV , db_h , dx , dh_0", "09", ("the recursion",),
        "Each is da times what came in (x or 1), such as dV = Σₜ daₜ xₜᵀ, or da times the matrix it came through (V, W)."),
    "the check": Concept(1, 4, "four ways", "10, 11", ("the definition", "the recursion"),
        "Four ways to one gradient: definition (8), recursion, complex step, central difference. "
        "They agree on inputs that hide nothing."),
    "learning": Concept(3, 3, "W − η dW", "12", ("the other gradients", "the gradient of U"),
        "Each update moves W by −η dW, and the loss falls if the learning rate η fits. A validation set shows overfitting."),
    "what goes wrong": Concept(3, 5, "too short, too long", "13", ("the definition", "learning"),
        "A product of many Jacobians shrinks or grows. Clipping bounds the update, truncation drops far terms."),
    "two tasks": Concept(4, 5, "write and tag", "14, 15", ("what goes wrong",),
        "With these gradients a network learns to write and to tag. A long text is cut into windows."),
    "the tape": Concept(2, 4, "a VJP per operation", "16", ("the other gradients",),
        "Libraries write every operation on a tape and multiply rows by Jacobians on the way back: the same recursion."),
}
NEEDS = [(earlier, name) for name, concept in CONCEPTS.items() for earlier in concept.needs]


def concept_map(answers=None):
    """Touch an idea: what it needs and what needs it lights up. Press it: all that it rests on is tinted, and it is told.

    answers: {exercise: {"status"}}, those of the learner's own progress file when None: an idea says how many exercises of its
    lessons are right     returns: Explorer, switched in the browser
    """
    answers = progress.read() if answers is None else answers
    places = {name: (*concept[:3], concept.lesson, _done(concept.lesson, answers)) for name, concept in CONCEPTS.items()}
    def draw(idea, narrow=False):
        shown = drawing(places, NEEDS, idea, rests_on(idea), lambda name: _react(name, name == idea), narrow)
        return Picture(render(shown, f"map of the course, {idea}"), _caption(idea))
    return switched(draw, idea=picker("idea, lesson by lesson", list(CONCEPTS), "what goes wrong", "an idea of the course",
                                      plays=True))


def skip_network(T=4):
    """The network with a skip: touch a state, and the arrows that leave it light up.   returns: Explorer without controls"""
    def react(part):
        t = int(part[1:])
        ways = [("u", t, "o", "U"), ("w", t + 1, "a", "W"), ("s", t + 2, "a", "S")][t == 0:]
        leave = [way for way in ways if way[1] <= T]
        to = listed([f"{lowered(f'{end}{s}')} through {matrix}" for _, s, end, matrix in leave])
        lights = [f"{edge}{s} {'y' if edge == 'u' else 'h'}{s}" for edge, s, *_ in leave]
        return {"lights": " ".join([part, *lights]),
                "says": f"{lowered(part)}: {counted(len(leave), 'arrow')}, to {to}."} if part[0] == "h" else {}
    def draw(narrow=False):
        pitch = 88 if narrow else 190
        graph = unfolded(T, pitch=pitch, react=react)
        return Picture(render(graph._replace(body=skips(T, pitch) + graph.body), "the network of the exam, four steps"),
                       "Touch a state: the arrows that leave it light up. Here a lies inside h, and o inside ŷ.")
    return switched(draw)


def rests_on(idea):
    """All that an idea needs, and what that needs, and so on.   returns: set of ideas"""
    needed = set(CONCEPTS[idea].needs)
    return needed.union(*map(rests_on, needed))


def _done(lessons, answers):
    """How many exercises of some lessons are right, as '✓ 2/3'; nothing while none is."""
    every = [name for name in checks.__all__ if name[0] == "q" and name[1:3] in lessons]
    right = sum(answers.get(name, {}).get("status") == "right" for name in every)
    return f"✓ {right}/{len(every)}" if right else ""


def come_back(answers=None):
    """The exercises that were tried and are not right yet, in words.   answers: as for `concept_map`     returns: string"""
    answers = progress.read() if answers is None else answers
    if not answers:
        return "You have not tried any exercise yet."
    open_ = sorted(name for name, one in answers.items() if one["status"] != "right" and name in checks.__all__)
    if not open_:
        return "All exercises that you tried are right."
    lessons = {lesson: [name[4:] for name in group] for lesson, group in groupby(open_, key=lambda name: name[1:3])}
    return "Come back to: " + "; ".join(
        f"lesson {lesson}, exercise{'s' * (len(each) > 1)} {listed(each)}" for lesson, each in lessons.items()) + "."


def _react(idea, chosen):
    """An idea lights up its neighbours and asks; once it is chosen, the caption tells."""
    called = names(CONCEPTS)
    near = [pair for pair in NEEDS if idea in pair]
    boxes = dict.fromkeys([called[idea], *(called[name] for pair in near for name in pair)])
    return {"sets": f"idea={idea}", "lights": " ".join([*boxes, *(f"{called[a]}-{called[b]}" for a, b in near)]),
            "says": f"{_title(idea)}: what is it, in your own words? Press to compare.", "current": chosen, "chosen": chosen}


def _title(idea):
    lesson = CONCEPTS[idea].lesson
    return f"{idea[0].upper()}{idea[1:]} (lesson{'s' * (',' in lesson)} {lesson})"


def _caption(idea):
    after, (*_, before, what) = [name for name in CONCEPTS if idea in CONCEPTS[name].needs], CONCEPTS[idea]
    needs = f" This idea rests on {listed(before)}." if before else ""
    leads = f" It leads to {listed(after)}." if after else ""
    return f"{_title(idea)}. {what}{needs}{leads}"
