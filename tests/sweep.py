"""Drives every control of a notebook. Runs inside the notebook's kernel: `guard` before its cells, `sweep` after them.

ipywidgets prints what a callback raises into an Output and drops it, or it is lost in a thread or a task: no cell fails.
The guard notes such errors, and the sweep tells them together with what it finds itself.
"""
import asyncio
import gc
import sys
import threading
from collections import defaultdict
from itertools import product
from xml.etree import ElementTree

import ipywidgets as w
from IPython import get_ipython
from ipywidgets.widgets.widget import _instances
from ipywidgets.widgets.widget_link import Link

from rnn_lib.explorers.kit import frame

SPAN = (w.IntSlider, w.FloatSlider, w.FloatLogSlider, w.BoundedIntText, w.BoundedFloatText, w.Play)
RANGE = (w.IntRangeSlider, w.FloatRangeSlider)
OPTIONS = (w.Dropdown, w.ToggleButtons, w.SelectionSlider, w.RadioButtons, w.Select)
SWITCH = (w.Checkbox, w.ToggleButton)
NUMBER = (w.IntText, w.FloatText)
TEXT = (w.Text, w.Textarea, w.Combobox)
SHORT = 40                                             # a control of so many stops is driven through each of them
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
    for controls, buttons, explorers in groups():
        start = [control.value for control in controls]
        for values in [*alone(controls), *corners(controls), start]:
            here = tried(put, controls, values, buttons)
            await asyncio.sleep(0)
            here += [lost.pop(0) for _ in range(len(lost))]
            here += [fault for explorer in explorers for fault in tried(look, explorer)]
            faults += [f"{setting(controls)}: {fault}" for fault in here]
            moves += 1
        faults += [fault for explorer in explorers for fault in tried(frames, explorer)]
        moves += len(buttons)
    await asyncio.sleep(.2)                            # threads and tasks come to an end
    gc.collect()                                       # a task's error is told when the task is collected
    await asyncio.sleep(0)
    return list(dict.fromkeys(faults + lost)), moves


def groups():
    """(controls, buttons, explorers) of every widget that stands by itself: what is linked together is driven together."""
    parent = {child: box for box in widgets(w.Box) for child in box.children}
    def top(widget):
        while widget in parent:
            widget = parent[widget]
        return widget
    together = defaultdict(lambda: ([], [], []))
    for widget in widgets(w.DOMWidget):
        controls, buttons, explorers = together[top(widget)]
        if isinstance(widget, w.Button):
            buttons.append(widget)
        elif hasattr(widget, "disabled") and hasattr(widget, "value") and not widget.disabled:
            controls.append(widget)
        elif hasattr(widget, "still") and hasattr(widget, "controls"):
            explorers.append(widget)
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


def look(explorer):
    """What is wrong with the still picture and its caption at this setting."""
    svg, caption = explorer.still()
    if svg:
        ElementTree.fromstring(svg)
    return [] if caption.strip() else ["no caption"]


def frames(explorer):
    """What is wrong with the frames of an explorer: each must be what is drawn for its setting, and all of one size."""
    controls = list(explorer.controls.values())
    start = [control.value for control in controls]
    stacked = any(isinstance(widget, w.Stack) for widget in inside(explorer))
    wrong, sizes = [], set()
    for values in product(*map(stops, controls)) if stacked else []:
        put(controls, values, [])
        picture, shown = explorer.still(), leaf(explorer)
        if "<svg" not in shown or shown != frame(picture):
            wrong.append(f"the frame at {list(values)} is empty, or is that of another setting")
        sizes.add(ElementTree.fromstring(picture.svg).get("viewBox"))
    put(controls, start, [])
    if len(sizes) > 1:
        wrong.append(f"frames of different sizes make the page jump: {sorted(sizes)}")
    return wrong


def leaf(explorer):
    """The text of the frame that the browser would show now: down the stacks, by the links."""
    linked = {link.target[0]: link.source for link in widgets(Link) if link.target[1] == "selected_index"}
    view = next(widget for widget in explorer.children if isinstance(widget, w.Stack))
    while isinstance(view, w.Stack):
        control, trait = linked[view]
        view = view.children[getattr(control, trait)]
    return view.value


def tried(action, *args):
    """What an action returns, or its error as the only fault."""
    try:
        return action(*args)
    except Exception as error:
        return [said(error)]


def inside(widget):
    return [widget, *(deeper for child in getattr(widget, "children", ()) for deeper in inside(child))]


def widgets(kind):
    return [widget for widget in list(_instances.values()) if isinstance(widget, kind)]


def setting(controls):
    """Where the controls stand, in words."""
    return ", ".join(f"{control.description or type(control).__name__} = {control.value!r:.60}" for control in controls)


def said(error):
    return f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else str(error)
