"""Drives every control of a notebook. Runs inside its kernel: `guard` before its cells (BEFORE), `sweep` after them (AFTER).

An explorer goes through its values, its buttons are pressed, and every data-set of its drawings is touched; other widgets
(`interact` and its like) are driven as well. ipywidgets prints what a callback raises into an Output and drops it, or it is lost
in a thread or a task: no cell fails. The guard notes such errors, and the sweep tells them together with what it finds itself.
"""
import asyncio
import gc
import json
import re
import sys
import threading
from collections import defaultdict
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import ipywidgets as w
import touch
from IPython import get_ipython
from ipywidgets.widgets.widget import _instances

from rnn_lib.explorers import Explorer
from rnn_lib.explorers.kit import grouped
from rnn_lib.explorers.parts import on_canvas
from rnn_lib.palette import themed

BEFORE = f"import sys; sys.path.append({str(Path(__file__).parent)!r}); import sweep as _sweep; _lost = await _sweep.guard()"
AFTER = "_faults, _moves = await _sweep.sweep(_lost)"
SPAN = (w.IntSlider, w.FloatSlider, w.FloatLogSlider, w.BoundedIntText, w.BoundedFloatText, w.Play)
RANGE = (w.IntRangeSlider, w.FloatRangeSlider)
OPTIONS = (w.Dropdown, w.ToggleButtons, w.SelectionSlider, w.RadioButtons, w.Select)
SWITCH = (w.Checkbox, w.ToggleButton)
NUMBER = (w.IntText, w.FloatText)
TEXT = (w.Text, w.Textarea, w.Combobox)
SHORT = 40                                             # a control of so many stops is driven through each of them
HEAVY = 750_000                                        # bytes of one explorer, which a page or a saved lesson carries
SENTENCES = ["", " ", "a", "Alice was beginning to get very tired", "<b>&\"'</b>", "Ünïcödé 猫", "long " * 60]


async def guard():
    """Note every error that ipywidgets, a thread or a task would swallow.   returns: the list that they go to"""
    lost, shell = [], get_ipython()
    show = shell.showtraceback
    def note(error=None, *args, **kwargs):
        if sys._getframe(1).f_globals.get("__name__", "").startswith("ipywidgets"):
            lost.append(said((error or sys.exc_info())[1]))
        return show(error, *args, **kwargs)
    shell.showtraceback = note
    threading.excepthook = lambda args: lost.append(said(args.exc_value))
    asyncio.get_running_loop().set_exception_handler(
        lambda loop, context: lost.append(said(context.get("exception") or context["message"])))
    return lost


async def sweep(lost):
    """Drive everything.   returns: what went wrong, as sentences, and the number of moves"""
    faults, moves = [], 0
    for steps in [*map(explored, widgets(Explorer)), *(driven(*group) for group in groups())]:
        for where, found in steps:
            await asyncio.sleep(0)
            found = found + [lost.pop(0) for _ in range(len(lost))]
            faults += [f"{where}: {fault}" for fault in found]
            moves += 1
    await asyncio.sleep(.2)                            # threads and tasks come to an end
    gc.collect()                                       # a task's error is told when the task is collected
    await asyncio.sleep(0)
    return list(dict.fromkeys(faults + lost)), moves


# --- explorers ---------------------------------------------------------------------------------------------------------------

def explored(explorer):
    """Drive an explorer.   yields: where its controls stand, and what is wrong there, after each move"""
    start, touched = [*explorer.values], set()
    with explorer.hold_sync():                         # nobody looks on
        for values in settings(explorer):
            found = tried(move, explorer, values) + tried(look, explorer)
            yield setting(explorer), found
            for button in buttons(explorer):
                yield f"{setting(explorer)}, {button}", tried(press, explorer, button) + tried(look, explorer)
            for asked in [] if found else [asked for asked in touch.sets(explorer.picture()) if asked not in touched]:
                touched.add(asked)
                yield setting(explorer), tried(lead, explorer, asked)
                tried(move, explorer, values)
        explorer.values = start
        yield "at the start", tried(look, explorer) + heavy(explorer)


def settings(explorer):
    """What to set its controls to: all combinations where every one has its frame, else each alone, and the corners."""
    chosen, start = explorer.chosen, dict(explorer.value)
    if len(explorer.frames) > 1:
        return [dict(zip(chosen, values, strict=True)) for values in product(*(control.stops for control in chosen.values()))]
    ends = product(*((places(control)[0], places(control)[-1]) for control in chosen.values()))
    corners = [dict(zip(chosen, values, strict=True)) for values in ends]
    return [start, *(start | {key: value} for key, control in chosen.items() for value in places(control)), *corners]


def places(control):
    """The stops of a control, of a long one some 40 with both ends; of a text box, some texts."""
    if control.kind == "text":
        return SENTENCES
    return [*control.stops[:-1:max(1, len(control.stops) // SHORT)], control.stops[-1]]


def move(explorer, values):
    """Move the controls one after the other, as a hand does."""
    explorer.value.update(values)
    return [] if dict(explorer.value) == values else [f"it stands at {dict(explorer.value)}, not at {values}"]


def press(explorer, button):
    explorer.press(button)
    return []


def buttons(explorer):
    return [button for control in explorer.chosen.values() for button in control.buttons]


def lead(explorer, asked):
    """Touch what has this data-set, and see that it leads where it says and nowhere else."""
    expected = dict(explorer.value)
    for key, _, label in (one.partition("=") for one in asked.split(";")):
        control = explorer.chosen.get(key)
        if control and (control.kind == "text" or label in control.labels):
            expected[key] = label if control.kind == "text" else control.stops[control.labels.index(label)]
    explorer.touch(asked)
    now = dict(explorer.value)
    return [] if now == expected else [f'data-set="{asked}" leads to {now}, not to {expected}']


def look(explorer):
    """What is wrong with what is shown at this setting."""
    place = explorer.index if len(explorer.pictures) > 1 else 0
    if place < 0:                                      # no vote yet
        return []
    svg, caption = explorer.pictures[place]
    shown = touch.markup(explorer.parts, explorer.frames[place])
    wide, high = (float(ElementTree.fromstring(svg).get(side, 0)) if svg else 0 for side in ("width", "height"))
    canvas = (max(explorer.widths), explorer.height) if len(explorer.pictures) > 1 else (wide, high)
    expected = themed(grouped(on_canvas(svg, *canvas)))
    return touch.faults(explorer, explorer.pictures[place]) + [words for words, wrong in {
        "the frame is empty, or is that of another setting": tight(shown) != tight(expected),
        "the frame is cut, or more than it is shown": explorer.widths[place] != wide,
        "the caption is that of another setting": explorer.captions[place] != caption,
        "no caption": not caption.strip(),
        "an error is shown": bool(explorer.error),
        "the page jumps: the frame is higher than the room kept for it": high > explorer.height}.items() if wrong]


def tight(svg):
    """SVG text without the white space between its elements."""
    return re.sub(r">\s+<", "><", svg.strip())


def heavy(explorer):
    """Whether it is too much for a page: frames must share their parts."""
    size = len(json.dumps(explorer.get_state(), default=str, ensure_ascii=False).encode())
    return [f"its state has {size // 1000} kB, more than {HEAVY // 1000}: let the frames share more"] if size > HEAVY else []


def setting(explorer):
    """Where the controls stand, in words."""
    return ", ".join(f"{key} = {value!r:.60}" for key, value in explorer.value.items()) or "still"


# --- other widgets -----------------------------------------------------------------------------------------------------------

def driven(controls, buttons):
    """Drive widgets that are linked together.   yields: where they stand, and what is wrong there, after each move"""
    start = [control.value for control in controls]
    for values in [*alone(controls), *corners(controls), start]:
        found = tried(put, controls, values, buttons)
        yield ", ".join(f"{control.description or type(control).__name__} = {control.value!r:.60}" for control in controls), found


def groups():
    """(controls, buttons) of every widget that stands by itself: what is linked together is driven together."""
    parent = {child: box for box in widgets(w.Box) for child in box.children}
    def top(widget):
        while widget in parent:
            widget = parent[widget]
        return widget
    together = defaultdict(lambda: ([], []))
    for widget in widgets(w.DOMWidget):
        controls, buttons = together[top(widget)]
        if isinstance(widget, w.Button):
            buttons.append(widget)
        elif hasattr(widget, "disabled") and hasattr(widget, "value") and not widget.disabled:
            controls.append(widget)
    return [group for group in together.values() if any(group)]


def stops(control):
    """The values to drive a control through: all, of a long control some 40 with both ends, of a text field some texts."""
    if isinstance(control, SPAN):
        low, high = control.min, control.max
        if isinstance(control, w.FloatLogSlider):
            low, high = control.base ** low, control.base ** high
        count = round((control.max - control.min) / (control.step or (control.max - control.min) / SHORT))
        every = [low + (high - low) * i / count for i in range(0, count, max(1, count // SHORT))] if count else []
        return [type(control.value)(value) for value in [*every, high]]
    if isinstance(control, RANGE):
        middle = (control.min + control.max) // 2
        return [(control.min, control.min), (control.min, middle), (middle, control.max), (control.min, control.max)]
    if isinstance(control, OPTIONS):
        return [value for _, value in control._options_full]
    if isinstance(control, SWITCH):
        return [False, True]
    if isinstance(control, NUMBER):
        return [-1000, -1, 0, 1, 1000]
    if isinstance(control, TEXT):
        return SENTENCES
    raise NotImplementedError(f"the sweep cannot drive a {type(control).__name__} yet: teach tests/sweep.py its values")


def alone(controls):
    """Each control through all its stops, the others where they stand at first."""
    start = [control.value for control in controls]
    return [[*start[:i], value, *start[i + 1:]] for i, control in enumerate(controls) for value in stops(control)]


def corners(controls):
    """All combinations of first and last values: of a text field, nothing and very much."""
    ends = [stops(control)[::max(1, len(stops(control)) - 1)] for control in controls]
    return [list(values) for values in product(*ends)]


def put(controls, values, buttons):
    """Move the controls to the values, one after the other as a hand does, and press the buttons."""
    for control, value in zip(controls, values, strict=True):
        control.value = value
    for button in buttons:
        button.click()
    return []


def tried(action, *args):
    """What an action returns, or its error as the only fault."""
    try:
        return action(*args)
    except Exception as error:
        return [said(error)]


def widgets(kind):
    return [widget for widget in list(_instances.values()) if isinstance(widget, kind)]


def said(error):
    return f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else str(error)
