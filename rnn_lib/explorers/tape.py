"""Lesson 16: reverse mode on the unfolded network: a tape that is written forward and read backward."""
import re

from ..diagrams.formulas import plain
from ..diagrams.svg import render
from ..diagrams.tape import Line
from ..diagrams.tape import tape as drawing
from ..diagrams.wording import listed, lowered
from .kit import Picture, slider, switched

_AS_WORDS = (("= ( ", "= ("), (" ( ", "("), (" )", ")"), (" ,", ","), ("^⊤ ", "ᵀ\u00a0"), ("^⊤", "ᵀ"), ("^2", "²"),
             (" += ", "\u00a0+=\u00a0"))          # no line of the caption ends inside a product or begins with +=


def tape(T=2):
    """Move on: the operations of T steps are written down, then each is answered by its vector–Jacobian product, the last first.

    It opens when the way back has come through one step.     returns: Explorer, switched in the browser
    """
    lines = [line for t in range(1, T + 1) for line in _step(t)]
    def draw(move, narrow=False):
        done, back = min(move, len(lines)), max(0, move - len(lines))
        title = f"the tape after {done} operations forward and {back} back"
        return Picture(render(drawing(lines, move, narrow), title), _caption(lines, move))
    return switched(draw, move=slider("move", 0, 2 * len(lines), len(lines) + 4, "first forward, then backward", plays=True))


def _step(t):
    """The four operations of a step, what each keeps, and its vector–Jacobian product."""
    lines = (
        (("a", t), ((("h", t - 1), "W"),), f"a_{t} = V:V x_{t} + W:W h_{t - 1} + b_h:b", (f"x_{t}", f"h_{t - 1}"),
         f"dh_{t - 1} += W^⊤:W da_{t}", (f"dW:W += da_{t} h_{t - 1}^⊤", f"dV:V += da_{t} x_{t}^⊤", f"db_h:b += da_{t}")),
        (("h", t), ((("a", t), "f"),), f"h_{t} = tanh ( a_{t} )", (f"h_{t}",), f"da_{t} = ( 1 − h_{t}^2 ) ⊙ dh_{t}", ()),
        (("o", t), ((("h", t), "U"),), f"o_{t} = U:U h_{t} + b_y:b", (f"h_{t}",),
         f"dh_{t} += U^⊤:U do_{t}", (f"dU:U += do_{t} h_{t}^⊤", f"db_y:b += do_{t}")),
        (("L", t), ((("o", t), "L"),), f"L_{t} = loss ( o_{t} , y_{t} )", (f"ŷ_{t}", f"y_{t}"), f"do_{t} = ŷ_{t} − y_{t}", ()))
    return [Line(*line, says=f"Forward: {_told(line[2])}. The way back: {'; '.join(map(_told, line[4:5] + line[5]))}.")
            for line in lines]


def _told(formula):
    """A formula as it is written in a sentence."""
    words = plain(formula)
    for written, told in _AS_WORDS:
        words = words.replace(written, told)
    return re.sub(r"_(\d)", lambda found: lowered(found[1]), words)


def _caption(lines, move):
    n = len(lines)
    if not move:
        return "Press ▶. Nothing is computed yet: the tape is empty."
    if move <= n:
        line, need = lines[move - 1], listed([*map(_told, lines[move - 1].kept)])
        return f"Forward: the line of {_named(line.made)} is written on the tape. Its way back will need {need}."
    line = lines[2 * n - move]
    goes = f"{_arrived(lines, line.made)}: {_told(line.sends)}"
    added = f"; the gradients of the parameters get their terms of step {line.made[1]}" if line.adds else ""
    end = ": every gradient is there" if move == 2 * n else ""
    return f"The line of {_named(line.made)} is answered. {goes}{added}{end}."


def _arrived(lines, node):
    """Which gradients had come to a node when its line was answered, in the order in which they came."""
    came = [f"{_told(line.sends).partition('=')[2].strip()} from {_named(line.made)}" for line in reversed(lines)
            for source, _ in line.inputs if source == node]
    if not came:
        return "A loss waits for no gradient"
    if len(came) == 1:
        return f"One gradient had arrived at {_named(node)}, {came[0]}. So it goes on"
    return f"Two gradients had arrived at {_named(node)}, {listed(came)}. Their sum is d{_named(node)}, and it goes on"


def _named(node):
    return f"{node[0]}{lowered(node[1])}"
