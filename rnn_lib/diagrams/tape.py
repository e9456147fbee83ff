"""The tape of reverse mode: what was computed, line by line, and the product of a row with a Jacobian that goes back over it."""
from .. import palette
from .svg import Drawing, label, touch

HIGH, TOP = 27, 34
KEPT, BACK = 250, 380           # where the columns begin


def tape(lines, done, back):
    """The forward lines from top to bottom, and beside each its line of the backward pass, from bottom to top.

    lines: (step, forward, kept, backward) texts     done: how many forward lines have run     back: how many backward lines
    returns: Drawing
    """
    head = "".join(label(x, 18, words, size=13, colour=palette.MUTED, anchor="start") for x, words in
                   ((34, "forward: the tape is written"), (KEPT, "kept for later"), (BACK, "backward: it is read upwards")))
    now = len(lines) - back if back else done - 1
    rows = [_row(i, line, i < done, i >= len(lines) - back, i == now) for i, line in enumerate(lines)]
    return Drawing(860, TOP + HIGH * len(lines) + 6, head + "".join(rows))


def _row(i, line, there, gone_back, now):
    step, forward, kept, backward = line
    y = TOP + HIGH * i
    ink = palette.INK if there else palette.FAINT
    fill = f'fill="{palette.ACCENT}" fill-opacity=".14"' if now else f'fill="{palette.SHADE}" fill-opacity="0"'
    body = f'<rect x="28" y="{y}" width="826" height="{HIGH - 2}" rx="4" {fill}/>'
    body += label(4, y + 17, str(step), size=12, colour=palette.MUTED, anchor="start")
    body += label(38, y + 17, forward, size=14, colour=ink, anchor="start", weight="bold" if now and not gone_back else "normal")
    body += label(KEPT, y + 17, kept if there else "", size=13, colour=palette.MUTED, anchor="start")
    if gone_back:
        body += label(BACK, y + 17, backward, size=14, anchor="start", weight="bold" if now else "normal")
    return touch(body, f"line{i}", sets=f"move={i + 1}", says=f"Step {step}: {forward}. Going back: {backward}.")
