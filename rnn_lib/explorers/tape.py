"""Lesson 16: reverse mode on the unfolded network: a tape that is written forward and read backward."""
from ..diagrams import lowered, render
from ..diagrams.tape import tape as drawing
from .kit import Picture, slider, switched


def tape(T=2):
    """Move on: the operations of T steps are written down, then each is answered by its vector–Jacobian product, the last first.

    returns: Explorer, switched in the browser
    """
    lines = [line for t in range(1, T + 1) for line in _step(t)]
    def draw(move):
        done, back = min(move, len(lines)), max(0, move - len(lines))
        title = f"the tape after {done} operations forward and {back} back"
        return Picture(render(drawing(lines, done, back), title), _caption(lines, done, back))
    return switched(draw, move=slider("move", 0, 2 * len(lines), 0, "first forward, then backward", plays=True))


def _step(t):
    """The four operations of a step, what each keeps, and its vector–Jacobian product."""
    n, before = lowered(t), lowered(t - 1)
    return ((t, f"a{n} = V x{n} + W h{before} + b_h", f"x{n}, h{before}",
             f"dW += da{n} h{before}ᵀ;  dV += da{n} x{n}ᵀ;  db_h += da{n};  dh{before} += Wᵀ da{n}"),
            ("", f"h{n} = tanh(a{n})", f"h{n}", f"da{n} = (1 − h{n}²) ⊙ dh{n}"),
            ("", f"o{n} = U h{n} + b_y", f"h{n}", f"dU += do{n} h{n}ᵀ;  db_y += do{n};  dh{n} += Uᵀ do{n}"),
            ("", f"L{n} = loss(o{n}, y{n})", f"ŷ{n}, y{n}", f"do{n} = ŷ{n} − y{n}"))


def _caption(lines, done, back):
    if not done:
        return "Press ▶. Nothing is computed yet: the tape is empty."
    if not back:
        return "Forward: every operation is written on the tape, with what its derivative will need."
    if back == len(lines):
        return "The whole tape is read. Every gradient is there: these lines are (6) to (14), and nobody had to derive them anew."
    return "Backward: the last line first. Each operation turns the gradient of its result into those of what it was made of."
