"""Controls around a picture. `draw(**values)` makes a Picture; this file and explorer.js know the rest.

    switched(draw, T=slider("T", 1, 12))       every frame is drawn now and switched in the browser: the slider follows the
                                               hand, and goes on when the kernel is busy or gone; a `draw` that takes
                                               narrow=True draws each frame once more, for a phone
    redrawn(draw, text=text("start with"))     the kernel draws again at each change: for states too many to draw beforehand
    still(picture)                             no controls
    predict(question, options, right)          a guess before the reveal

A drawing says by itself what can be touched (`svg.touch`): explorer.js explains the three attributes. The caption stands above
the picture and says what to notice. What a notebook stores is a still picture and the caption: `notebooks/store.py`.
"""
import inspect
import re
from collections.abc import MutableMapping
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import anywidget
import traitlets

from .. import palette
from ..diagrams.svg import touched
from ..diagrams.wording import spoken
from . import parts

HERE = Path(__file__).parent


class Picture(NamedTuple):
    """What an explorer shows at one setting of its controls."""
    svg: str
    caption: str       # one or two plain sentences: what to notice now


class Control(NamedTuple):
    """Something to move, with its stops. A text box has none: any text is a value of it."""
    kind: str                  # slider, choice, switch, text, vote
    name: str                  # what stands before it
    says: str                  # what a screen reader calls it
    stops: tuple = ()          # the values that `draw` is given
    labels: tuple = ()         # what is shown for each of them
    start: Any = None          # the value at first; None of a vote: nothing is chosen yet
    buttons: tuple = ()        # of a text box
    enter: bool = False        # whether Enter presses the first of them
    plays: bool = False        # a slider that can move by itself


class Values(MutableMapping):
    """What the controls of an explorer stand at, by name: read it, or set it to move them.

    raises: KeyError for a control that is not there, ValueError for a value at which it cannot stand
    """

    def __init__(self, explorer):
        self._explorer = explorer

    def __getitem__(self, key):
        control, place = self.find(key)
        at = self._explorer.values[place]
        return at if control.kind == "text" else control.stops[at] if at >= 0 else None

    def __setitem__(self, key, value):
        (control, place), values = self.find(key), [*self._explorer.values]
        if control.kind != "text" and value not in control.stops:
            raise ValueError(f"{key} can stand at {', '.join(map(repr, control.stops))}, not at {value!r}")
        values[place] = value if control.kind == "text" else control.stops.index(value)
        self._explorer.values = values

    def __delitem__(self, key):
        raise TypeError(f"the control {key} stays: set it to another value")

    def __iter__(self):
        return iter(self._explorer.chosen)

    def __len__(self):
        return len(self._explorer.chosen)

    def __repr__(self):
        return repr(dict(self))

    def find(self, key):
        """A control and its place among them."""
        if key not in self._explorer.chosen:
            raise KeyError(f"there is no control {key!r}, only {', '.join(self) or 'none'}")
        return self._explorer.chosen[key], [*self].index(key)


class Explorer(anywidget.AnyWidget):
    """Controls, a caption and a picture.

    .value       what the controls stand at: explorer.value["T"] = 5 moves the slider
    .chosen      the controls by name     .picture()  the Picture as it is now
    .press(b)    what a click on the button b of a text box does     .show(p)  another picture in place of the only one
    .touch(s)    what a click on a drawing's data-set="s" does
    """
    _esm = "".join((HERE / name).read_text(encoding="utf-8") for name in ("parts.js", "controls.js", "explorer.js"))
    _css = palette.STYLE + (HERE / "explorer.css").read_text(encoding="utf-8")
    controls = traitlets.List().tag(sync=True)
    values = traitlets.List().tag(sync=True)         # of each control the number of its stop, or its text
    narrow = traitlets.Dict().tag(sync=True)         # frames, widths and height once more for a narrow page; empty: the same
    parts = traitlets.List().tag(sync=True)          # what the frames share: the text of an element, or [tag, part, …] of a group
    frames = traitlets.List().tag(sync=True)         # of each frame the number of its outermost part
    captions = traitlets.List().tag(sync=True)
    spoken = traitlets.List().tag(sync=True)         # the captions in words for the ear
    longest = traitlets.Unicode("").tag(sync=True)   # of all captions, those while a part is touched as well: its room is kept
    widths = traitlets.List().tag(sync=True)         # of each frame
    height = traitlets.Float(0).tag(sync=True)       # of the tallest frame: the page must not jump
    held = traitlets.Unicode("").tag(sync=True)      # the class of a part that is lit at first, as if it had been clicked
    turn = traitlets.Int(0).tag(sync=True)           # counts the drawings of the kernel
    error = traitlets.Unicode("").tag(sync=True)
    pressed = traitlets.Dict().tag(sync=True)

    def __init__(self, pictures, chosen=None, held="", slim=()):
        self.chosen, self.pictures, self.slim = chosen or {}, pictures, slim
        self.value = Values(self)
        super().__init__(**_state(pictures, slim), held=held, controls=[_told(key, c) for key, c in self.chosen.items()],
                         values=[c.start if c.kind == "text" else -1 if c.start is None else c.stops.index(c.start)
                                 for c in self.chosen.values()])

    def picture(self):
        """The Picture that is shown now."""
        place = self.index if len(self.pictures) > 1 else 0
        return self.pictures[place] if place >= 0 else Picture("", "")         # no vote yet

    @property
    def index(self):
        """The number of the frame for the values: the last control counts fastest."""
        place = 0
        for control, at in zip(self.chosen.values(), self.values, strict=True):
            place = place * max(len(control.stops), 1) + (0 if control.kind == "text" else at)
        return place

    def show(self, picture, slim=None):
        """Show another picture in place of the only one: what the kernel draws, while the cell runs or a control moves.

        slim: the picture for a narrow page, where it is another.
        The room that a higher one had is kept: the page must not jump at every letter that is typed.
        """
        self.pictures, self.slim = [picture], [slim] if slim else []
        state = _state(self.pictures, self.slim)
        state["height"], state["longest"] = max(self.height, state["height"]), max(self.longest, state["longest"], key=len)
        if slim:
            state["narrow"]["height"] = max(self.narrow.get("height", 0), state["narrow"]["height"])
        with self.hold_sync():
            for name, value in state.items():
                setattr(self, name, value)
            self.error, self.turn = "", self.turn + 1

    def press(self, button):
        """Press a button of a text box, by its name."""
        self.pressed = {"name": button, "count": self.pressed.get("count", 0) + 1}

    def touch(self, moves):
        """Move the controls as a click on data-set="T=6;k=3" does.   raises: KeyError, ValueError where it leads nowhere"""
        for key, _, label in (move.partition("=") for move in moves.split(";")):
            control, _ = self.value.find(key)
            if control.kind != "text" and label not in control.labels:
                raise ValueError(f'data-set="{moves}": {key} has no stop {label!r}, only {", ".join(control.labels)}')
            self.value[key] = label if control.kind == "text" else control.stops[control.labels.index(label)]

    def _repr_mimebundle_(self, **kwargs):
        live, _ = super()._repr_mimebundle_(**kwargs)
        svg, caption = self.picture()
        if svg and self.held and re.search(rf'"cell {self.held}\b', svg):
            svg = touched(svg, self.held)
        return live | {"text/plain": caption} | ({"image/svg+xml": card(svg)} if svg else {})


def switched(draw, *, held="", **controls):
    """An explorer whose frames are all drawn now: one for every combination of its controls' values.

    draw: (**values) -> Picture; where it takes narrow as well, its pictures with narrow=True are at most svg.NARROW pixels wide
    held: class of a part that is lit at first, in stills as well
    controls: made by `slider`, `choice` or `switch`, by name
    """
    settings = product(*(control.stops for control in controls.values()))
    frames = [_drawn(draw, dict(zip(controls, setting, strict=True))) for setting in settings]
    return Explorer([wide for wide, *_ in frames], controls, held, [slim for _, *narrow in frames for slim in narrow])


def redrawn(draw, *, pressed=None, **controls):
    """An explorer that the kernel draws again whenever a control changes. An error is shown in place, and raised.

    draw: (**values) -> Picture, as in `switched`
    pressed: called with the name of a button of a text box, before the picture is drawn again
    """
    wide, *slim = _drawn(draw, {key: control.start for key, control in controls.items()})
    explorer = Explorer([wide], controls, slim=slim)
    def refresh(change):
        try:
            if change.name == "pressed" and pressed:
                pressed(change.new["name"])
            explorer.show(*_drawn(draw, explorer.value))
        except Exception as error:
            with explorer.hold_sync():
                explorer.error, explorer.turn = f"{type(error).__name__}: {error}", explorer.turn + 1
            raise
    explorer.observe(refresh, names=["values", "pressed"])
    return explorer


def still(picture, *slim):
    """A picture without controls, in the colours of the theme.   slim: the same for a narrow page, where there is one"""
    return Explorer([picture], slim=[*slim])


def predict(question, options, right):
    """A guess before the reveal: nothing is said until an option is chosen.

    options: {option: what is said when it is chosen}     right: the option that is right     returns: Explorer
    raises: ValueError when the right option is not among them, or something is said of none
    """
    if right not in options:
        raise ValueError(f"{right!r} must be one of the options: {', '.join(options)}")
    said = [f"✓ Right. {words}" if option == right else f"✗ Not quite. {words}" for option, words in options.items()]
    vote = Control("vote", question, question, tuple(options), tuple(options))
    return Prediction([Picture("", words) for words in said], {"vote": vote})


class Prediction(Explorer):
    """A question with options. What a notebook stores is these, not the answer."""

    def _repr_mimebundle_(self, **kwargs):
        question, options = self.chosen["vote"].name, self.chosen["vote"].labels
        said = "\n".join([question, *(f"  ○ {option}" for option in options)])
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": said}


def slider(letter, low, high, value=None, says="", *, plays=False):
    """A slider through whole numbers.   says: what it is, for the ear     plays: with a button that moves it"""
    return picker(letter, range(low, high + 1), high if value is None else value, says, plays=plays)


def picker(name, options, value=None, says="", *, plays=False):
    """A slider through named options.   options: strings, or (string, value) pairs     value: the one to begin with"""
    labels, stops = _named(options)
    start = stops[0] if value is None else value
    return Control("slider", name, f"{name}, {says}" if says else name, stops, labels, start, plays=plays)


def choice(name, options, value=None, says=""):
    """A row of buttons, one of them pressed: a radio group.   options: strings, or (string, value) pairs"""
    labels, stops = _named(options)
    return Control("choice", name, says or name, stops, labels, stops[0] if value is None else value)


def switch(name, value=False, says=""):
    """Something that is on or off."""
    return Control("switch", name, says or name, (False, True), ("off", "on"), value)


def text(name, value="", buttons=(), says="", enter=True):
    """A box to type in, for `redrawn`.   buttons: names of the buttons beside it     enter: whether Enter presses the first"""
    return Control("text", name, says or name, start=value, buttons=tuple(buttons), enter=enter)


def drawable(run, most=12):
    """The run, if a drawing has room for it.   raises: ValueError for a batch, or more than `most` steps"""
    if run.x.ndim != 2:
        raise ValueError(f"one sequence is shown, x (T, D), got {run.x.shape}: take x[:, 0]")
    if len(run.x) > most:
        raise ValueError(f"{most} steps have room, got T = {len(run.x)}: take x[:{most}], and of y, too")
    return run


def card(svg):
    """The SVG on a white card: legible on any page that shows it as an image."""
    return re.sub(r"(<svg[^>]*>)", r'\1<rect width="100%" height="100%" rx="8" fill="#ffffff"/>', svg, count=1)


def grouped(svg):
    """What can be touched is a group of buttons for the ear, and no longer one image."""
    return svg.replace('role="img"', 'role="group"', 1) if re.search("data-(set|lights)=", svg) else svg


def _state(pictures, slim=()):
    """What explorer.js shows: the frames as trees of parts, equal ones sent once, in the order of their numbers."""
    numbers, captions = {}, [picture.caption for picture in pictures]
    state = {**_laid_out(pictures, numbers), "narrow": _laid_out(slim, numbers) if slim else {}}
    return state | {"parts": [*numbers], "captions": captions, "spoken": [*map(spoken, captions)],
                    "longest": _longest(captions, numbers)}


def _laid_out(pictures, numbers):
    """The numbers of the frames and their sizes.   numbers: of the parts, to which new ones are added"""
    sizes = [_size(picture.svg) for picture in pictures]
    wide, high = (max(lengths, default=0) for lengths in zip(*sizes, strict=True))
    frames = [parts.number(palette.themed(grouped(parts.on_canvas(picture.svg, wide, high))), numbers) if picture.svg else -1
              for picture in pictures]
    return {"frames": frames, "widths": [width for width, _ in sizes], "height": high}


def _longest(captions, drawn):
    """The longest caption that may stand there: its room is kept, so that none moves what comes below."""
    said = [unescape(words) for part in drawn if isinstance(part, str) for words in re.findall('data-says="(.*?)"', part)]
    return max([*captions, *said], key=len)


def _size(svg):
    """(width, height) of a drawing in pixels; 0 where there is none."""
    tag = svg.partition(">")[0]
    return tuple(float(found[1]) if (found := re.search(f' {side}="(.+?)"', tag)) else 0 for side in ("width", "height"))


def _told(key, control):
    """What explorer.js needs of a control."""
    return {"key": key, "kind": control.kind, "name": control.name, "says": spoken(control.says), "labels": control.labels,
            "spoken": [*map(spoken, control.labels)], "buttons": control.buttons, "enter": control.enter,
            "plays": control.plays}


def _drawn(draw, values):
    """The picture for these values, and where `draw` makes one that for a narrow page.   returns: list of Pictures"""
    narrow = [{"narrow": True}] * ("narrow" in inspect.signature(draw).parameters)
    return [draw(**values, **more) for more in ({}, *narrow)]


def _named(options):
    pairs = [option if isinstance(option, tuple) else (str(option), option) for option in options]
    return tuple(zip(*pairs, strict=True))
