"""Lesson 00: the same network in the letters of other sources, and a recurrent architecture as a box that hands something on."""
import re
from typing import NamedTuple

from .. import palette
from ..diagrams.boxes import CLOSE, ROOMY, boxes
from ..diagrams.formulas import code, formula, plain
from ..diagrams.svg import NARROW, Drawing, above, label, note, patch, path, render, touch
from ..diagrams.wording import lowered
from .kit import Picture, choice, slider, switched

WIDTH, HEIGHT = 900, 376
THERE, BELOW = 370, 148         # where the source's column begins; on a narrow page, how far below ours
LONG = 34                       # letters of code that a phone shows in one line
OURS = ("a_t", "V:V x_t + W:W h_t−1 + b_h:b"), ("h_t", "f ( a_t )"), ("o_t", "U:U h_t + b_y:c"), ("ŷ_t", "g ( o_t )")
#        what it does, what it is called here, its shape
ROLES = {"V": ("input → hidden", "V:V", "(H, D)"), "W": ("hidden → hidden", "W:W", "(H, H)"),
         "U": ("hidden → output", "U:U", "(K, H)"), "b": ("hidden bias", "b_h:b", "(H,)"),
         "c": ("output bias", "b_y:c", "(K,)"), "x": ("the input", "x", "(T, D) or (T, B, D)")}


class Source(NamedTuple):
    """How one source writes the network."""
    name: str
    short: str       # on its button
    caption: str     # where it is written; no answer to a question of the lesson
    lines: tuple     # (numbers of our equations, left side, right side); no left side: a remark in plain words
    table: tuple     # a (name, shape in our sizes, remark) for each of ROLES
    roles: dict = {}     # noqa: RUF012 - of the names to colour; not empty: lines and names are code


SOURCES = (
    Source("PyTorch, torch.nn.RNN", "PyTorch",
           "PyTorch documentation, torch.nn.RNN. Its output has T rows, without h₀.",
           (((1, 2), "h_t", "tanh ( x_t W_ih^⊤:V + b_ih:b + h_t−1 W_hh^⊤:W + b_hh:b )"),
            ((3,), "", "no output layer: add torch.nn.Linear(H, K)"), ((4,), "", "none")),
           (("W_ih:V", "(H, D)", "weight_ih_l0"), ("W_hh:W", "(H, H)", "weight_hh_l0"), ("", "none", ""),
            ("b_ih:b + b_hh:b", "(H,) each", "bias_ih_l0, bias_hh_l0"), ("", "none", ""),
            ("x", "(T, B, D)", "(B, T, D) if batch_first=True"))),
    Source("Dive into Deep Learning", "Dive into Deep Learning",
           "Dive into Deep Learning, section 9.4.2. Its sizes are d, h, q for our D, H, K.",
           (((1, 2), "H_t", "φ ( X_t W_xh:V + H_t−1 W_hh:W + b_h:b )"), ((3,), "O_t", "H_t W_hq:U + b_q:c"),
            ((4,), "", "softmax of O, named in the text")),
           (("W_xh:V", "(D, H)", "transpose of ours"), ("W_hh:W", "(H, H)", "transpose of ours"),
            ("W_hq:U", "(H, K)", "transpose of ours"), ("b_h:b", "(1, H)", ""), ("b_q:c", "(1, K)", ""),
            ("X_t", "(B, D)", "one step of a batch"))),
    Source("Stanford CS231n", "CS231n",
           "Stanford CS231n course notes, Recurrent Neural Networks, “Intro to RNN”: the subscript says from where to where, "
           "x to h to y. Biases are left out, and its yₜ are scores: our oₜ.",
           (((1, 2), "h_t", "tanh ( W_hh:W h_t−1 + W_xh:V x_t )"), ((3,), "y_t", "W_hy:U h_t"),
            ((4,), "", "softmax, inside the loss")),
           (("W_xh:V", "(H, D)", ""), ("W_hh:W", "(H, H)", ""), ("W_hy:U", "(K, H)", ""), ("", "left out", ""),
            ("", "left out", ""), ("x_t", "(D,)", "one step"))),
    Source("Goodfellow, Bengio & Courville", "Goodfellow et al.",
           "Goodfellow, Bengio and Courville, Deep Learning, section 10.2, equations (10.8) to (10.11). "
           "Time is a superscript, T is τ.",
           (((1,), "a^(t)", "b:b + W:W h^(t−1) + U:V x^(t)"), ((2,), "h^(t)", "tanh ( a^(t) )"),
            ((3,), "o^(t)", "c:c + V:U h^(t)"), ((4,), "ŷ^(t)", "softmax ( o^(t) )")),
           (("U:V", "(H, D)", "our V"), ("W:W", "(H, H)", ""), ("V:U", "(K, H)", "our U"), ("b:b", "(H,)", ""),
            ("c:c", "(K,)", ""), ("x^(t)", "(D,)", "one step"))),
    Source("Jurafsky & Martin", "Jurafsky & Martin",
           "Jurafsky and Martin, Speech and Language Processing (3rd edition draft), section “Inference in RNNs”.",
           (((1, 2), "h_t", "g ( U:W h_t−1 + W:V x_t )"), ((3, 4), "y_t", "softmax ( V:U h_t )")),
           (("W:V", "(H, D)", "our V"), ("U:W", "(H, H)", "our W"), ("V:U", "(K, H)", "our U"), ("", "left out", ""),
            ("", "left out", ""), ("x_t", "(D,)", "one step"))),
    Source("Karpathy, min-char-rnn.py", "Karpathy",
           "Karpathy, min-char-rnn.py (a gist), function lossFun: every vector is a column (H, 1), and h₀ is kept as hs[-1]. "
           "This course keeps it as h[0] and never writes h[-1] for it.",
           (((1, 2), "hs[t]", "np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t-1]) + bh)"),
            ((3,), "ys[t]", "np.dot(Why, hs[t]) + by"), ((4,), "ps[t]", "np.exp(ys[t]) / np.sum(np.exp(ys[t]))")),
           (("Wxh", "(H, D)", ""), ("Whh", "(H, H)", ""), ("Why", "(K, H)", "K = D, the characters"), ("bh", "(H, 1)", ""),
            ("by", "(K, 1)", ""), ("xs[t]", "(D, 1)", "one step")),
           {"Wxh": "V", "Whh": "W", "Why": "U", "bh": "b", "by": "c"}),
)


def notation():
    """Pick a source: equations (1)-(4) and all shapes in its letters, beside ours. Touch a letter to light its role."""
    by_name = {source.name: source for source in SOURCES}
    def draw(source, narrow=False):
        chosen = by_name[source]
        drawing = (above(_equations(chosen, 46, BELOW), _narrow_table(chosen), gap=8) if narrow else
                   Drawing(WIDTH, HEIGHT, _table(chosen) + _equations(chosen, THERE).body))
        return Picture(render(drawing, f"Equations (1) to (4) as written by: {source}"),
                       f"{chosen.caption} Touch a letter: what does it do there?")
    return switched(draw, source=choice("source", [(source.short, source.name) for source in SOURCES],
                                       "Jurafsky & Martin"))       # opens with the formula of the vote


def _says(source):
    """role -> what it is called here and there."""
    said = {}
    for (role, (does, ours, our_shape)), (name, shape, remark) in zip(ROLES.items(), source.table, strict=True):
        words = f"writes {plain(name)}, of shape {shape}{remark and f': {remark}'}" if name else "leaves it out"
        said[role] = f"{plain(ours)}: {does.replace('→', 'to')}, of shape {our_shape}. {source.name.split(',')[0]} {words}."
    return said


def one_box(words=("the", "cat", "sat", "on", "the", "mat")):
    """Move t, or press a word: it is read, and lives on in what is handed on.   words: T strings     returns: Explorer"""
    T = len(words)
    def draw(t, narrow=False):
        drawn = boxes(words, t, lambda i: _word(words, i, t), CLOSE if narrow else ROOMY)
        given = "the state h₀, which is there to start with" if t == 1 else f"the state h{lowered(t - 1)} of step {t - 1}"
        onward = f"h{lowered(t)} is all that step {t + 1} will know of the past." if t < T else "Nothing is left to read."
        return Picture(render(drawn, f"the box at step {t} of {T}"),
                       f"Step {t}: the box takes “{words[t - 1]}” and {given}, and makes a prediction. {onward}")
    return switched(draw, t=slider("t", 1, T, min(3, T), "the step that is computed now", plays=True))


def _word(words, i, t):
    """A word that was read lights up all that it has reached."""
    if i > t:
        return {"sets": f"t={i}", "says": f"“{words[i - 1]}” is not read yet. Press it to go to step {i}."}
    says = (f"“{words[i - 1]}” is read at step {i}: it goes into the box, and from there into the prediction." if i == t else
            f"“{words[i - 1]}” was read at step {i}. What later boxes know of it has passed through every box in between.")
    return {"sets": f"t={i}", "lights": f"s{i}", "says": says}


def _equations(source, there, down=0):
    """Ours, and those of the source.   there, down: where its column begins, down for a phone     returns: Drawing"""
    says = _says(source)
    body = [note(30, 16, "this course", size=13), note(there, 16 + down, source.name, size=13)]
    for i, (left, right) in enumerate(OURS):
        y = 46 + 30 * i
        body += [note(2, y, f"({i + 1})", size=13), formula(58, y, left, anchor="end"), formula(66, y, f"= {right}", says=says)]
    for numbers, left, right in source.lines:
        y = 16 + down + 30 * sum(numbers) / len(numbers)
        body.append(note(there - 46, y, " ".join(f"({n})" for n in numbers), size=13))
        if not left:
            body.append(note(there + 72, y, right, size=13))
            continue
        rows = re.split(" (?=[+/] )", right, maxsplit=1) if down and source.roles and len(right) > LONG else [right]
        y -= 8 * (len(rows) - 1)
        body.append(_write(source, there + 64, y, left, anchor="end") + _write(source, there + 72, y, f"= {rows[0]}", says=says))
        body += [_write(source, there + 88, y + 16, row, says=says) for row in rows[1:]]
    return Drawing(NARROW, 146 + down, "".join(body))


def _table(source):
    body = [path(f"M0 156H{WIDTH}", stroke=palette.FAINT, stroke_width=1), note(166, 178, "here", size=13),
            note(THERE, 178, "there", size=13), note(THERE + 110, 178, "its shape, in our sizes", size=13)]
    for i, role in enumerate(ROLES):
        y = 206 + 30 * i
        places = [(x, y) for x in (14, 166, 202, THERE, THERE + 110, THERE + 270)]
        body.append(_role(source, role, patch(2, y - 19, WIDTH - 4, 28, rx=5), places))
    return "".join(body)


def _narrow_table(source):
    """The same in two lines a role, theirs below ours."""
    rows, places = [], ((8, 20), (166, 20), (250, 20), (166, 44), (250, 44), (166, 61))
    named = note(158, 20, "here", size=13, anchor="end") + note(158, 44, "there", size=13, anchor="end")
    for role, (_, _, remark) in zip(ROLES, source.table, strict=True):
        high = 68 if remark else 52
        ground = path(f"M2 1H{NARROW - 2}", stroke=palette.FAINT) + patch(2, 3, NARROW - 4, high - 5, rx=5)
        rows.append(Drawing(NARROW, high, _role(source, role, ground + named, places)))
    return above(*rows, gap=0)


def _role(source, role, ground, places):
    """What plays a role here, and what there.   ground: what is pressed     places: (x, y) of the texts"""
    does, here, its_shape, there, shape, more = places
    (what, ours, our_shape), (name, their_shape, remark) = ROLES[role], source.table[[*ROLES].index(role)]
    body = [ground, label(*does, what, anchor="start"), formula(*here, ours), label(*its_shape, our_shape, anchor="start"),
            _write(source, *there, name) if name else note(*there, "–", size=13),
            label(*shape, their_shape, anchor="start"), note(*more, remark, size=13)]
    return touch("".join(body), f"cell {role}", lights=role, says=_says(source)[role])


def _write(source, x, y, text, **kw):
    """A formula, or a line of code where the source is code."""
    return code(x, y, text, source.roles, **kw) if source.roles else formula(x, y, text, **kw)
