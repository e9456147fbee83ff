"""A few words of SVG: enough to draw a graph with mathematical labels. Lengths are pixels at 100 %."""
from html import escape
from itertools import accumulate
from typing import NamedTuple
from xml.etree import ElementTree

from ..palette import INK, MUTED, PAPER, SHADE
from .wording import spoken

NARROW = 408          # pixels of a picture on a phone that is 390 wide: explorer.css draws it smaller there
TEXT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"          # the page's
_CALLED = {"dash": "stroke-dasharray", "class_": "class"}
STILL = -1            # the turn of a part that has come before: it stays while others come
CLEAR = f'stroke="{PAPER}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'   # words keep lines away
MATHS = "'STIX Two Text', 'Cambria', 'Liberation Serif', 'Times New Roman', serif"


class Drawing(NamedTuple):
    """A piece of a picture, with the room it takes. Compose with `beside` and `above`, finish with `render`."""
    width: float
    height: float
    body: str


def render(drawing, title):
    """The drawing as a whole SVG text; the title is what a screen reader says."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(spoken(title))}" '
            f'viewBox="0 0 {drawing.width:g} {drawing.height:g}" width="{drawing.width:g}" height="{drawing.height:g}" '
            f'font-family="{TEXT}">{drawing.body}</svg>')


def touch(body, name="", *, sets="", lights="", says="", current=False, chosen=False):
    """A part of a drawing that reacts to a pointer, a finger and the keyboard, or that lights up when another does.

    name: classes by which others light it, such as "w4"     sets: "T=6;k=3", the stops to which a click moves the controls
    lights: classes that light up meanwhile     says: the caption meanwhile, and its name for the ear
    current: whether the setting is about this part, so that a narrow window moves there
    chosen: whether the controls stand there already, so that the caption stays that of the setting     returns: SVG text
    """
    marks = {"class": name, "data-set": sets, "data-lights": lights, "data-says": "" if chosen else says}
    marks |= {"aria-label": spoken(says), "role": "button" if sets else "img" if lights else "", "aria-current": "step" * current}
    marks["display"] = "none" if name.startswith("when ") else ""              # until it is lit
    said = "".join(f' {key}="{escape(value)}"' for key, value in marks.items() if value)
    return f"<g{said}>{body}</g>"


def beside(*drawings, gap=24):
    """Drawings from left to right, centred on one line."""
    *xs, end = accumulate((d.width + gap for d in drawings), initial=0)
    height = max(d.height for d in drawings)
    return Drawing(end - gap, height, "".join(move(d, x, (height - d.height) / 2) for d, x in zip(drawings, xs, strict=True)))


def above(*drawings, gap=12):
    """Drawings from top to bottom, at the left margin."""
    *ys, end = accumulate((d.height + gap for d in drawings), initial=0)
    return Drawing(max(d.width for d in drawings), end - gap, "".join(move(d, 0, y) for d, y in zip(drawings, ys, strict=True)))


def scaled(drawing, times):
    """A drawing larger or smaller."""
    return Drawing(drawing.width * times, drawing.height * times, f'<g transform="scale({times:g})">{drawing.body}</g>')


def spaced(first, pitch):
    """Where step t of a row stands: spaced(26, 76)(t) is 26 + 76 t."""
    return lambda t: first + pitch * t


def move(drawing, x, y):
    """The body of a drawing, shifted."""
    return f'<g transform="translate({x:g} {y:g})">{drawing.body}</g>'


def label(x, y, text, *, size=14, colour=INK, anchor="middle", weight="normal", font=""):
    """Plain words, their baseline at y.   font: another than that of the drawing"""
    family = f'font-family="{font}" ' if font else ""
    return (f'<text x="{x:g}" y="{y:g}" {family}font-size="{size}" font-weight="{weight}" '
            f'text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>')


def note(x, y, text, *, size=12, anchor="start"):
    """Small grey words beside what is shown."""
    return label(x, y, text, size=size, colour=MUTED, anchor=anchor)


def symbol(x, y, letter, subscript="", superscript="", *, size=17, colour=INK, anchor="middle", weight="normal"):
    """A letter of the equations, in italics, with what stands below and above it; its baseline is y."""
    small, down, up = round(size * .68), size * .24, size * .42
    below = f'<tspan dy="{down:.1f}" font-size="{small}">{escape(str(subscript))}</tspan>' if subscript != "" else ""
    over = (f'<tspan dy="{-up - (down if below else 0):.1f}" font-size="{small}">{escape(str(superscript))}</tspan>'
            if superscript != "" else "")
    return (f'<text x="{x:g}" y="{y:g}" font-family="{MATHS}" font-style="italic" font-size="{size}" font-weight="{weight}" '
            f'text-anchor="{anchor}" fill="{colour}">{escape(letter)}{below}{over}</text>')


def when(name, body):
    """A part that shows only while one of these classes is lit."""
    return touch(body, f"when {name}")


def unless(body):
    """A part that hides while one of the `when` parts before it, in the same group, is lit."""
    return f'<g data-unless="">{body}</g>'


def touched(svg, name):
    """The SVG as it looks while the element of this class is touched: for a page that cannot be touched.   returns: SVG text"""
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    tree = ElementTree.fromstring(svg)
    classes = {element: set(element.get("class", "").split()) for element in tree.iter()}
    lights = next(set(e.get("data-lights").split()) for e in tree.iter() if name in classes[e] and e.get("data-lights"))
    for element in filter(classes.get, classes):
        if classes[element] & lights:
            element.attrib.pop("display", None)
        elif "firm" not in classes[element]:
            element.set("opacity", ".85" if "cell" in classes[element] else ".65")
    return ElementTree.tostring(tree, encoding="unicode")


def flowing(body, start, end, turn=0):
    """A part that grows from its start to its end when it comes onto the page while ▶ plays: what travels now.

    start, end: (x, y)     turn: 0 at once, 1 after those that do, 2 after these; STILL for none     returns: SVG text
    """
    if turn == STILL:
        return f"<g>{body}</g>"
    (x1, y1), (x2, y2) = start, end
    way = ("right" if x2 > x1 else "left") if abs(x2 - x1) > abs(y2 - y1) else "down" if y2 > y1 else "up"
    return f'<g class="flow {way}{("", " then", " last")[turn]} firm">{body}</g>'


def rect(x, y, width, height, rx=0, **look):
    """A rectangle, its corners rounded.   look: its other attributes, dash and fill_opacity for one; an empty one is left out"""
    return f'<rect{_written(1, x=x, y=y, width=width, height=height, rx=rx or "")}{_written(2, **look)}/>'


def circle(x, y, r, **look):
    """A circle around (x, y).   look: as for `rect`"""
    return f'<circle{_written(1, cx=x, cy=y, r=r)}{_written(2, **look)}/>'


def path(d, **look):
    """A path, filled only where its look says so.   look: as for `rect`"""
    return f'<path d="{d}"{_written(2, **{**look, "fill": look.get("fill", "none")})}/>'


def _written(digits, **attributes):
    """Attributes as SVG text, numbers rounded: more digits than can be seen only make a page larger."""
    texts = {key: value if isinstance(value, str) else f"{round(value, digits) + 0:g}" for key, value in attributes.items()}
    return "".join(f' {_CALLED.get(key, key.replace("_", "-"))}="{text}"' for key, text in texts.items() if text)


def patch(x, y, width, height, rx=4):
    """Something unseen to touch, where there are only words."""
    return rect(x, y, width, height, rx, fill=SHADE, fill_opacity=0)


def then(body, turn=1):
    """A part that comes after others while ▶ plays.   turn: as for `flowing`     returns: SVG text"""
    return f'<g class="{("", "then", "last")[turn]} firm">{body}</g>' if turn > 0 else f"<g>{body}</g>" if turn == STILL else body


def wide(x1, y1, x2, y2, thick=20):
    """An unseen strip along a line, as wide as a finger, so that a thin edge can be touched."""
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{PAPER}" stroke-opacity="0" '
            f'stroke-width="{thick}" pointer-events="stroke"/>')


def arrow(x1, y1, x2, y2, *, colour=MUTED, width=1.6, dash="", grows=None, gap=0):
    """A straight arrow. The head is part of the path: no markers, so no ids that frames on one page could share.

    grows: its turn, as for `flowing`; None where nothing grows     gap: pixels that it stays away from both places
    """
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** .5
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    x1, y1, x2, y2 = x1 + gap * ux, y1 + gap * uy, x2 - gap * ux, y2 - gap * uy
    head = 5 + 1.6 * width
    bx, by, half = x2 - ux * head, y2 - uy * head, head * .45
    sides = f"L{bx - uy * half:.1f} {by + ux * half:.1f}L{bx + uy * half:.1f} {by - ux * half:.1f}"
    drawn = (path(f"M{x1:.1f} {y1:.1f}L{bx:.1f} {by:.1f}", stroke=colour, stroke_width=f"{width:g}", dash=dash)
             + path(f"M{x2:.1f} {y2:.1f}{sides}Z", fill=colour))
    return drawn if grows is None else flowing(drawn, (x1, y1), (x2, y2), grows)
