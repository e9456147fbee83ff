"""Lesson 01: a text that writes itself. The next word is drawn from the prediction and fed back as the next input."""
import ipywidgets as w
import numpy as np

from .. import palette, text
from ..diagrams.svg import Drawing, above, beside, label, lowered, render
from ..diagrams.words import generating_columns, percent, ranking
from ..embeddings import embed
from ..losses import softmax
from ..network import forward
from .kit import Picture, choice, redrawn
from .sentence import rows, small_networks

COLUMNS = 4
SAMPLE, ARGMAX = "sample", "argmax"


def generate(start="alice", rng=None, networks=None):
    """Press "next word": it is chosen from ŷ_t, and goes in as x_{t+1}.

    start: the first words     rng: numpy.random.Generator, None for a new one     networks: SmallNetworks, None for the lesson's
    returns: Explorer, redrawn by the kernel; .controls hold start, written, how, temperature, and .buttons next, again
    """
    rng, networks = rng or np.random.default_rng(), networks or small_networks()
    controls = _controls(start)
    def draw(start, written, how, temperature):
        return _picture(networks, text.tokenize(start), written.split(), how, temperature)
    def add(button):
        words = text.tokenize(controls["start"].value) + controls["written"].value.split()
        if words:
            p = next_word(networks, words, controls["temperature"].value)
            chosen = p.argmax() if controls["how"].value == ARGMAX else rng.choice(len(p), p=p)
            controls["written"].value = " ".join([*controls["written"].value.split(), networks.vocabulary.words[chosen]])
    def clear(_):
        controls["written"].value = ""
    explorer = redrawn(draw, **controls)
    controls["start"].observe(clear, names="value")
    buttons = {"next": w.Button(description="next word", button_style="primary"), "again": w.Button(description="start again")}
    buttons["next"].on_click(add)
    buttons["again"].on_click(clear)
    explorer.buttons = buttons
    explorer.children = [explorer.children[0], *_arranged(controls | buttons), explorer.children[-1]]
    return explorer


def next_word(networks, words, temperature=1.0):
    """The chances from which the next word is drawn: ŷ_T, sharper or flatter, without <unk>, which is no word.

        p = softmax(o_T / temperature), p_<unk> = 0, made to sum to 1 again

    networks: SmallNetworks     words: T of them, unknown ones stand as <unk>     returns: (K,)
    """
    ids = text.encode(networks.vocabulary, words)
    p = softmax(forward(networks.language_model, embed(networks.E, ids)).o[-1] / temperature)
    p[networks.vocabulary.index[text.UNKNOWN]] = 0
    return p / p.sum()


def _controls(start):
    narrow, wide = {"description_width": "auto"}, w.Layout(width="auto", min_width="30em")
    return {"start": w.Text(start, description="start with", continuous_update=False, style=narrow),
            "written": w.Textarea("", description="written", disabled=True, rows=2, layout=wide, style=narrow),
            "how": choice("choose by", [SAMPLE, ARGMAX]),
            "temperature": w.FloatSlider(value=1, min=.2, max=2, step=.1, description="temperature", readout_format=".1f",
                                         style=narrow)}


def _arranged(controls):
    flow = w.Layout(flex_flow="row wrap", align_items="center")
    return [w.HBox([controls[name] for name in names], layout=flow)
            for names in (("start", "again"), ("how", "temperature", "next"))] + [controls["written"]]


def _picture(networks, start, written, how, temperature):
    words = start + written
    first = max(len(words) - COLUMNS, 0) + 1
    graph = generating_columns(words[first - 1:], first, range(len(start) + 1, len(words) + 1), columns=COLUMNS)
    if not words:
        picture, caption = beside(graph, Drawing(330, 290, ""), gap=10), "Type at least one word to start with."
    else:
        p = next_word(networks, words, temperature)
        best = networks.vocabulary.words[int(p.argmax())]
        picture = beside(graph, _bars(networks, p, len(words), best if how == ARGMAX else "", temperature), gap=10)
        caption = _caption(networks, words, written, p, best, how)
    return Picture(render(picture, "a text that writes itself"), caption)


def _bars(networks, p, T, marked, temperature):
    """The chances of the next word, without <unk>."""
    title = f"x{lowered(T + 1)} from ŷ{lowered(T)} without <unk>, temperature {temperature:.1f}"
    head = Drawing(330, 18, label(0, 13, title, size=13, colour=palette.MUTED, anchor="start"))
    words = networks.vocabulary.words[1:len(p)]
    return above(head, ranking(rows(words, p[1:], marked, most=8, mark="▸"), width=330, height=264), gap=8)


def _caption(networks, words, written, p, best, how):
    T = len(words)
    unknown = [word for word in words if word not in networks.vocabulary.index]
    strange = f" “{unknown[-1]}” does not occur in Alice and goes in as <unk>." if unknown else ""
    fed = (f"x{lowered(T)} is “{written[-1]}”, which was chosen from ŷ{lowered(T - 1)} and fed back." if written else
           f"x{lowered(T)} is “{words[-1]}”, which you gave.")
    most = f" The most probable next word is “{best}”, {percent(p.max())}" + (", and it will be taken." if how == ARGMAX else ".")
    return fed + most + strange + " The dashed edges from ŷ to x exist only when generating, not in training."
