"""Drawings as trees of parts, which the frames of an explorer share: what parts.js puts together on the page.

A part is the text of an element, or of a group the numbers of its tag and of what is in it.
"""
import re

_TAG = re.compile(r"<(?:g|svg)\b[^>]*(?<!/)>|</(?:g|svg)>|<(\w+)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)


def number(svg, numbers):
    """The number of the outermost part of a drawing.   numbers: {part: its number}, to which the new ones are added"""
    open_groups = [[]]
    for found in _TAG.finditer(svg):
        if not found[1] and not found[0].startswith("</"):
            open_groups.append([numbers.setdefault(found[0], len(numbers))])
            continue
        part = found[0] if found[1] else tuple(open_groups.pop())
        open_groups[-1].append(numbers.setdefault(part, len(numbers)))
    return open_groups[0][0]


def on_canvas(svg, wide, high):
    """The drawing on a canvas as large as that of its largest neighbour: a canvas that changes is laid out anew, with all in it.

    A drawing in units of its own, such as a chart, stays as it is.
    """
    return re.sub(r'viewBox="0 0 ([\d.]+) ([\d.]+)" width="\1" height="\2"',
                  f'viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}"', svg, count=1)
