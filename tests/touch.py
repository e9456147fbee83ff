"""What can be touched in an explorer leads somewhere, and what lights up is there."""
import re
from itertools import product
from xml.etree import ElementTree


def marks(picture):
    """Every element of a picture that reacts to touch."""
    return [element for element in elements(picture) if {"data-set", "data-lights", "data-says"} & set(element.attrib)]


def elements(picture):
    """Every element of a picture.   raises: ParseError where it is no XML"""
    return [*ElementTree.fromstring(picture.svg).iter()] if picture.svg else []


def sets(picture):
    """Every data-set of a picture."""
    return [mark.get("data-set") for mark in marks(picture) if mark.get("data-set")]


def faults(explorer, picture=None):
    """What is wrong with the picture that is shown now (or with this one), in sentences."""
    picture = picture or explorer.picture()
    names = {name for element in elements(picture) for name in element.get("class", "").split()}
    return [fault for mark in marks(picture) for fault in (*dark(mark, names), *unnamed(mark), *leads(explorer, mark))]


def dark(mark, names):
    """What it should light and cannot: a name that is not there, or that a browser does not take for one (".v3-W'da")."""
    return [f'data-lights="{name}" lights nothing' for name in mark.get("data-lights", "").split()
            if name not in names or not re.fullmatch(r"[A-Za-z][\w-]*", name)]


def unnamed(mark):
    """Whether it has nothing to say to a screen reader. Words in it name a button; what only lights up must say something."""
    told = mark.get("aria-label", "").strip() or ("data-set" in mark.attrib and "".join(mark.itertext()).strip())
    idle = {"data-set", "data-lights"}.isdisjoint(mark.attrib)
    return ["what reacts to touch has no name: aria-label, or words in it"] * (not told) + ["data-says without a touch"] * idle


def leads(explorer, mark):
    """Where its data-set leads nowhere."""
    wrong = []
    for move in filter(None, mark.get("data-set", "").split(";")):
        key, _, label = move.partition("=")
        control = explorer.chosen.get(key)
        if control is None or (control.kind != "text" and label not in control.labels):
            wrong.append(f'data-set="{mark.get("data-set")}" leads nowhere: {move}')
    return wrong


def check(explorer):
    """Assert it for every frame of a switched explorer, or for what a redrawn one shows now."""
    assert [fault for picture in (*explorer.pictures, *explorer.slim) for fault in faults(explorer, picture)] == []
    return explorer


def settings(explorer):
    """All values that the controls can take together, as dictionaries."""
    chosen = explorer.chosen
    return [dict(zip(chosen, values, strict=True)) for values in product(*(control.stops for control in chosen.values()))]


def written(explorer):
    """The words in heavy type of a running text: what the network has written."""
    return [node.text for node in elements(explorer.picture()) if node.get("textLength") and node.get("font-weight") == "bold"]


def press(explorer, button, times=1):
    """Press a button of an explorer that often.   returns: the explorer"""
    for _ in range(times):
        explorer.press(button)
    return explorer


def markup(parts, number):
    """The SVG text of a part and all within it, as parts.js puts it together; empty for a frame without a picture, -1."""
    if number < 0 or isinstance(parts[number], str):
        return parts[number] if number >= 0 else ""
    tag, *inside = parts[number]
    return f"{parts[tag]}{''.join(markup(parts, part) for part in inside)}</{parts[tag].strip('<>').split()[0]}>"
