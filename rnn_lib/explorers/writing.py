"""Lessons 01 and 11: a language model writes. The next word is chosen from the prediction and fed back as the next input."""
import ipywidgets as w
import numpy as np

from .. import palette, text
from ..diagrams.svg import Drawing, above, beside, label, lowered, render
from ..diagrams.words import generating_columns, percent, ranking
from ..tasks.writing import chances, read
from ..tasks.writing import generate as write
from .kit import Picture, choice, redrawn
from .sentence import rows

COLUMNS = 4
SAMPLE, ARGMAX = "sample", "argmax"
LONGEST = 16                                # of a word in the picture


def writing(model, start="alice was", rng=None, *, many=20, strange=None):
    """Give the first words, then let the model go on, word by word or many at once.

    model: LanguageModel     start: the first words     rng: numpy.random.Generator, None for a new one
    many: words that a second button writes, 0 for no such button     strange: what is said of a word without a number
    returns: Explorer, redrawn by the kernel; .controls hold start, written, how, temperature, and .buttons next, many, again
    """
    rng, controls = rng or np.random.default_rng(), _controls(start, rows=4 if many else 2)
    strange = strange or f"is not among the {len(model.vocabulary.words) - 1:,} words of the model and goes"
    def draw(start, written, how, temperature):
        return _picture(model, start, written.split(), how, temperature, strange)
    def add(n):
        words, temperature = controls["written"].value.split(), controls["temperature"].value
        if before := text.tokenize(controls["start"].value) + words:
            more = write(model, before, n, rng, 0 if controls["how"].value == ARGMAX else temperature)
            controls["written"].value = " ".join([*words, *more])
    def clear(_):
        controls["written"].value = ""
    explorer = redrawn(draw, **controls)
    controls["start"].observe(clear, names="value")
    explorer.buttons = _buttons(add, clear, many)
    explorer.children = [explorer.children[0], *_arranged(controls | explorer.buttons), explorer.children[-1]]
    return explorer


def _controls(start, rows):
    narrow, wide = {"description_width": "auto"}, w.Layout(width="auto", min_width="30em")
    return {"start": w.Text(start, description="start with", continuous_update=False, style=narrow),
            "written": w.Textarea("", description="written", disabled=True, rows=rows, layout=wide, style=narrow),
            "how": choice("choose by", [SAMPLE, ARGMAX]),
            "temperature": w.FloatSlider(value=1, min=.2, max=2, step=.1, description="temperature", readout_format=".1f",
                                         style=narrow)}


def _buttons(add, clear, many):
    buttons = {"next": w.Button(description="next word", button_style="primary")}
    buttons["next"].on_click(lambda _: add(1))
    if many:
        buttons["many"] = w.Button(description=f"{many} words")
        buttons["many"].on_click(lambda _: add(many))
    buttons["again"] = w.Button(description="start again")
    buttons["again"].on_click(clear)
    return buttons


def _arranged(widgets):
    flow = w.Layout(flex_flow="row wrap", align_items="center")
    return [w.HBox([widgets[name] for name in names if name in widgets], layout=flow)
            for names in (("start", "again"), ("how", "temperature", "next", "many"))] + [widgets["written"]]


def _picture(model, typed, written, how, temperature, strange):
    start = text.tokenize(typed)
    words = start + written
    first = max(len(words) - COLUMNS, 0) + 1
    graph = generating_columns([*map(_short, words[first - 1:])], first, range(len(start) + 1, len(words) + 1), columns=COLUMNS)
    if not words:
        picture, caption = beside(graph, Drawing(330, 290, ""), gap=10), _nothing(typed)
    else:
        p = chances(read(model, words).o[-1], temperature)
        best = model.vocabulary.words[int(p.argmax())]
        picture = beside(graph, _bars(model, p, len(words), best if how == ARGMAX else "", temperature), gap=10)
        caption = _caption(model, words, written, p, best, how, strange)
    return Picture(render(picture, "a text that writes itself"), caption)


def _bars(model, p, T, marked, temperature):
    """The chances of the next word, without <unk>."""
    title = f"x{lowered(T + 1)} from ŷ{lowered(T)} without <unk>, temperature {temperature:.1f}"
    head = Drawing(330, 18, label(0, 13, title, size=13, colour=palette.MUTED, anchor="start"))
    words = model.vocabulary.words[1:len(p)]
    return above(head, ranking(rows(words, p[1:], marked, most=8, mark="▸"), width=330, height=264), gap=8)


def _caption(model, words, written, p, best, how, strange):
    T, last = len(words), _short(words[-1])
    unknown = [_short(word) for word in words if word not in model.vocabulary.index]
    odd = f" “{unknown[-1]}” {strange} in as <unk>." if unknown else ""
    fed = (f"x{lowered(T)} is “{last}”, which was chosen from ŷ{lowered(T - 1)} and fed back." if written else
           f"x{lowered(T)} is “{last}”, which you gave.")
    edges = " The dashed edges from ŷ to x exist only when generating, not in training."
    most = f" The most probable next word is “{best}”, {percent(p.max())}" + (", and it will be taken." if how == ARGMAX else ".")
    return fed + most + (odd or edges)                       # two lines on the page: with three it would jump


def _nothing(typed):
    if typed.strip():
        return "There is no word in it: type at least one, in the letters A to Z."
    return "Type at least one word to start with."


def _short(word):
    return word if len(word) <= LONGEST else word[:LONGEST - 1] + "…"
