"""Controls around a picture. `draw(**values)` makes a Picture; this file knows the rest.

    switched(draw, T=slider("T", 1, 12))     every frame is drawn now and switched in the browser: the slider follows the
                                             hand at 60 frames a second, and goes on when the kernel is busy or shut down
    redrawn(draw, text=w.Text())             the kernel draws again at each change: for states too many to draw beforehand
    still(picture)                           no controls

Each shows the caption under the picture and says it to screen readers. The output stored in a notebook is a still picture
and the caption, for readers without a kernel. Colours follow JupyterLab's theme.
"""
import html
import io
import re
from itertools import count
from typing import NamedTuple

import ipywidgets as w

from .. import palette

_number = count()


class Picture(NamedTuple):
    """What an explorer shows at one setting of its controls."""
    svg: str
    caption: str       # one or two plain sentences: what is seen now


class Explorer(w.VBox):
    """Controls above a view, with a still picture in the mime bundle.   still: () -> Picture as it is now"""

    def __init__(self, controls, view, still):
        self.controls, self.still = controls, still
        rows = [w.HBox([*controls.values()], layout=w.Layout(flex_flow="row wrap"))] if controls else []
        super().__init__([w.HTML(palette.STYLE, layout=w.Layout(display="none")), *rows, view])
        self.add_class("rnn")

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs) or {}
        svg, caption = self.still()
        return bundle | {"text/plain": caption} | ({"image/svg+xml": card(svg)} if svg else {})


def switched(draw, **controls):
    """An explorer whose frames are all drawn now: one for every combination of its controls' values.

    draw: (**values) -> Picture     controls: made by `slider`, `choice` or `picker`, by name
    """
    pictures, shared = {}, _shared()
    def view(chosen, names):
        if not names:
            pictures[tuple(chosen.values())] = picture = draw(**chosen)
            return w.HTML(frame(picture), **shared)
        control = controls[names[0]]
        frames = [view({**chosen, names[0]: value}, names[1:]) for value in stops(control)]
        offset = control.min if isinstance(control, w.IntSlider) else 0
        stack = w.Stack([w.HTML(**shared)] * offset + frames, selected_index=offset + stops(control).index(control.value))
        w.jslink((control, "value" if isinstance(control, w.IntSlider) else "index"), (stack, "selected_index"))
        return stack
    return Explorer(controls, view({}, list(controls)), lambda: pictures[tuple(c.value for c in controls.values())])


def redrawn(draw, **controls):
    """An explorer that the kernel draws again whenever a control changes. An error is shown in place, and raised."""
    view, shown = w.HTML(), {}
    def refresh(change=None):
        try:
            shown["now"] = draw(**{name: control.value for name, control in controls.items()})
            view.value = frame(shown["now"])
        except Exception as error:
            view.value = f'<pre role="alert">{html.escape(f"{type(error).__name__}: {error}")}</pre>'
            raise
    for control in controls.values():
        control.observe(refresh, names="value")
    refresh()
    return Explorer(controls, view, lambda: shown["now"])


def still(picture):
    """A picture without controls, in the colours of the theme."""
    return Explorer({}, w.HTML(frame(picture)), lambda: picture)


def predict(question, options, answer, because):
    """A guess before the reveal: nothing is said until an option is chosen.

    options: strings     answer: index of the right one     because: shown after any choice
    returns: Explorer, whose stored output is the question
    """
    said = w.HTML()
    vote = w.RadioButtons(options=options, value=None, layout=w.Layout(width="auto"))
    def reveal(change):
        verdict = "✓ Yes." if vote.index == answer else f"✗ No: {options[answer]}."
        said.value = f'<p role="status"><b>{html.escape(verdict)}</b> {html.escape(because)}</p>'
    vote.observe(reveal, names="value")
    title = w.HTML(f"<p><b>{html.escape(question)}</b></p>")
    return Explorer({}, w.VBox([title, vote, said]), lambda: Picture("", f"{question}  " + " / ".join(options)))


def slider(letter, low, high, value=None, meaning=""):
    """An IntSlider named by its letter.   meaning: shown when the pointer rests on it"""
    return w.IntSlider(value=high if value is None else value, min=low, max=high, description=letter, tooltip=meaning or letter,
                       layout=w.Layout(width="26em"), style={"description_width": "3em"})


def choice(name, options, value=None):
    """A row of buttons, one of them pressed.   options: strings, or (string, value) pairs"""
    buttons = w.ToggleButtons(options=options, description=f"{name}\u2002",
                              style={"button_width": "auto", "description_width": "auto"},
                              layout=w.Layout(width="auto", display="flex", flex_flow="row nowrap", margin="2px 1em 2px 2px"))
    if value is not None:
        buttons.value = value
    return buttons


def picker(name, options, value=None, width="30em", description="5em"):
    """A slider through named options, for more of them than buttons can hold. JupyterLab keeps a list's arrow keys for itself.

    options: strings, or (string, value) pairs     value: the one to begin with     width, description: CSS lengths
    Names too long for the room beside the slider are left to the picture.
    """
    found = w.SelectionSlider(options=options, description=name, layout=w.Layout(width=width, margin="2px 14px 2px 2px"),
                              style={"description_width": description})
    found.readout = max(len(label) for label, _ in found._options_full) <= 10
    if value is not None:
        found.value = value
    return found


def stops(control):
    """All values that a control can take, in order."""
    if isinstance(control, w.IntSlider):
        return list(range(control.min, control.max + 1, control.step))
    return [value for _, value in control._options_full]


def chart(draw, title="chart", *, width=7.2, height=2.6, ncols=1, **grid):
    """SVG text of a chart.   draw: called with the axes (or an array of them)   title: for screen readers   sizes: inches"""
    from matplotlib import rc_context  # not above: it takes half a second, and most lessons have no chart
    from matplotlib.figure import Figure

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": f"rnn{next(_number)}", "font.family": "sans-serif", "font.size": 10,
                     "font.sans-serif": ["Liberation Sans", "Arial", "DejaVu Sans"],
                     "text.color": palette.INK, "axes.labelcolor": palette.INK, "axes.edgecolor": palette.MUTED,
                     "xtick.color": palette.MUTED, "ytick.color": palette.MUTED,
                     "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.subplots(ncols=ncols, **grid))
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _own(text.getvalue(), title)


def _own(svg, title):
    """matplotlib's SVG as a part of a page: its style rule for `*`, which would hold for the whole page, becomes attributes."""
    noise = r"<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>|<!--.*?-->|(?<=<g) id=\"(?!figure)[^\"]*\""
    svg = re.sub(noise, "", svg[svg.index("<svg"):], flags=re.DOTALL)
    svg = svg.replace("<svg", '<svg role="img" stroke-linejoin="round" stroke-linecap="butt"', 1)
    return svg.replace(">", f"><title>{html.escape(title)}</title>", 1)


def frame(picture):
    """A picture and its caption as HTML, in the colours of the theme."""
    return f"<figure>{palette.themed(picture.svg)}<figcaption>{html.escape(picture.caption)}</figcaption></figure>"


def card(svg):
    """The SVG on a white card: legible on any page that shows it as an image."""
    return re.sub(r"(<svg[^>]*>)", r'\1<rect width="100%" height="100%" rx="8" fill="#ffffff"/>', svg, count=1)


def _shared():
    """One layout and one style for all frames: a third of the messages to the browser."""
    return {"layout": w.Layout(), "style": w.HTML().style}
