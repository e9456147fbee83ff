"""A sentence under a network, word by word: its columns, the numbers of a vector as a strip, a distribution as bars.

Parts are named as in `network`: x4 is the word read at step 4, h4 the box, y4 the prediction; v4, w4 and u4 the edges.
a4 is the right answer of step 4 with the arrow from the word it comes from, g4 that arrow in green, r4 the frame of column 4,
f4 the edge by which a prediction became word 4.
"""
from html import escape

from .. import palette
from .running import FONT, fitted
from .svg import STILL, Drawing, arrow, flowing, label, note, patch, path, rect, symbol, touch, when
from .wording import percent

OUT, HIDDEN, IN, ANSWER = 24, 88, 152, 212      # y of the rows: predictions, boxes, words, right answers
SCALE, NAMES, WORDS = 26, 96, 112               # the room for the numbers of a scale, the names of a ranking, words beside a text
LEFT, PITCH = 108, 98                           # the room for the rows' names; of a text being written, from step to step
STYLE = {"past": (palette.MUTED, 1.4, ""), "now": (palette.INK, 2.6, ""), "future": (palette.MUTED, 1, "3 3")}


def sentence_columns(words, answers, t, *, shifted, react, width, steps, narrow=False):
    """A column a word: prediction, box, word, and below it the right answer with an arrow from the word it comes from.

    words: T strings     answers: T strings, "" where there is none     t: the current step, 1..T; later ones are dashed
    shifted: whether the answer at t comes from word t+1, not t     react: step -> what `svg.touch` is told of its column
    steps: those that are drawn     narrow: for a phone, which has no room for the rows' names
    returns: Drawing, no wider than `width`
    """
    pitch, xs = _places(steps, width, narrow)
    body = [] if narrow else [row_names(answers=True)]
    if steps[0] == 1:
        body.append(touch(box(xs[0], HIDDEN, 40, "past", "h", 0), "h0"))
    body += [across(xs[s - 1], xs[s], state(s, t), s) for s in steps]
    body += [right_answer(xs[s], xs[s + shifted] if answers[s - 1] else None, answers[s - 1], s, t, pitch) for s in steps]
    for s in steps:
        room = rect(xs[s] - pitch / 2 + 2, 2, pitch - 4, IN + 36, 8, class_=f"r{s}", fill=palette.SHADE, fill_opacity=0)
        body.append(touch(room + column(xs[s], s, words[s - 1], state(s, t), pitch), **react(s)))    # a pointer finds all of it
    return Drawing(xs[steps[-1]] + pitch / 2 + 4, ANSWER + 24, "".join(body))


def _places(steps, width, narrow):
    """Pixels from step to step, and {step: x}, those before and after the steps as well; on a phone h_0 stands close to h_1."""
    if not narrow:
        pitch = min(104, (width - LEFT - 20) / (len(steps) + .5))
        return pitch, {s: LEFT + 20 + pitch * s for s in range(len(steps) + 2)}
    left = 48 if steps[0] == 1 else 12
    pitch = (width - left - 4) / len(steps)
    xs = {s: left + pitch * (s - steps[0] + .5) for s in range(steps[0] - 1, steps[-1] + 2)}
    return pitch, xs | ({0: 24} if steps[0] == 1 else {})


def generating_columns(words, first, fed_back, *, unknown, columns, pitch=PITCH):
    """The last steps of a text that is being written, the coming one dashed, and the edges from a prediction to the next input.

    words: the words of the steps shown, at most `columns`     first: the number of the first of them
    fed_back: the numbers of the steps whose word was a prediction before     unknown: numbers of the words that are read as <unk>
    pitch: pixels from step to step     returns: Drawing, wide enough for `columns` steps
    """
    xs = [LEFT + 20 + pitch * s for s in range(len(words) + 2)]
    body = [row_names(), touch(box(xs[0], HIDDEN, 40, "past", "h", first - 1), f"h{first - 1}") if words else ""]
    for i, word in enumerate([*words, "?"] if words else [], 1):
        s, now = first + i - 1, state(i, len(words))
        turn, back = int(s in fed_back), feed_back(xs[i - 1], xs[i], now == "future")
        body += [column(xs[i], s, "<unk>" if s in unknown else word, now, pitch, turn), across(xs[i - 1], xs[i], now, s, turn)]
        if i > 1 and (s in fed_back or now == "future"):
            body.append(touch(flowing(back, (xs[i - 1], OUT), (xs[i], OUT), 0 if now == "now" else STILL), f"f{s}"))
    return Drawing(LEFT + 20 + pitch * (columns + 1.5), IN + 44, "".join(body))


def state(s, t):
    """How step s stands to the current step t."""
    return "past" if s < t else "now" if s == t else "future"


def row_names(answers=False):
    """The names of the rows, at the left margin."""
    rows = [(OUT, "ŷ", "prediction"), (HIDDEN, "h", "state"), (IN, "x", "input"), (ANSWER, "y", "right answer")]
    return "".join(symbol(4, y + 5, letter, "t", anchor="start") + note(24, y + 5, name)
                   for y, letter, name in rows[:3 + answers])


def column(x, s, word, now, pitch, turn=0):
    """One step: the word at the bottom, the box, the prediction, and the arrows between them.   turn: as for `flowing`"""
    colour = STYLE[now][0]
    return (touch(_edge((x, IN - 15), (x, HIDDEN + 18), now, turn), f"v{s}")
            + touch(_edge((x, HIDDEN - 17), (x, OUT + 17), now, 2), f"u{s}")
            + touch(box(x, OUT, 34, now, "ŷ", s), f"y{s}" + " last" * (now == "now"))
            + touch(box(x, HIDDEN, 40, now, "h", s), f"h{s}" + " then" * (now == "now"))
            + touch(box(x, IN, pitch - 10, now, word) + symbol(x, IN + 30, "x", s, size=14, colour=colour), f"x{s}"))


def box(x, y, width, now, text, subscript=""):
    """A frame around a letter with its subscript, round for a state, or around a word: as much of it as fits."""
    colour, line, dash = STYLE[now]
    ink, weight = palette.MUTED if now == "future" else palette.INK, "bold" if now == "now" else "normal"
    size, corner = 14 if fitted(text, width - 6, 14, bold=True) == text else 12, 15 if text == "h" and subscript != "" else 5
    shown = fitted(text, width - 6, size, bold=True)
    inside = (symbol(x, y + 5, text, subscript, size=16, colour=ink) if subscript != "" else
              label(round(x, 1), y + 5, shown, size=size, colour=ink, weight=weight, font=FONT))
    return rect(x - width / 2, y - 15, width, 30, corner, fill=palette.SHADE, stroke=colour, stroke_width=line,
                dash=dash) + inside


def across(x1, x2, now, s, turn=0):
    """From one box to the next.   turn: as for `flowing`"""
    return touch(_edge((x1 + 21, HIDDEN), (x2 - 22, HIDDEN), now, turn), f"w{s}")


def _edge(start, end, now, turn):
    """An arrow in the style of its step; that of the current one grows."""
    colour, width, dash = STYLE[now]
    return arrow(*start, *end, colour=colour, width=width, dash=dash, grows=turn if now == "now" else STILL)


def feed_back(x1, x2, coming):
    """The dashed edge from a prediction to the next input: the chosen word goes in."""
    colour, width = (palette.INK, 2.2) if coming else (palette.MUTED, 1.6)
    x, y = x2 - 26, IN - 15                                           # the tip; the curve ends in the direction of its head
    curve = f"M{x1 + 18:.1f} {OUT}C{(x1 + x2) / 2 + 14:.1f} {OUT} {x - 27:.1f} {y - 54} {x - 4.5:.1f} {y - 9}"
    return path(curve, stroke=colour, stroke_width=width, dash="6 4") + arrow(x - 4.5, y - 9, x, y, colour=colour, width=width)


def right_answer(x, source, answer, s, t, pitch):
    """What should have been predicted at step s, and the arrow from the word that it comes from."""
    now = s == t and bool(answer)
    colour = palette.GOOD if now else palette.MUTED
    side = 9 * (source is not None and source > x)                    # from the next column: beside its x, not through it
    def edge(**look):
        return arrow(source - side, IN + (18 if side else 37), x + side, ANSWER - 12, **look) if source is not None else ""
    green = edge(width=2.2, colour=palette.GOOD)
    shown = fitted(f"★ {answer}" if now else answer or "none", pitch - 4, 13, bold=now)
    plain = green if now else edge(width=1.2, colour=palette.FAINT)
    answered = touch(plain + label(x, ANSWER + 6, shown, size=13, colour=colour, weight="bold" if now else "normal"), f"a{s}")
    return answered if now or source is None else answered + when(f"g{s}", green)


def strip(values, *, most, width=400, height=52, before=()):
    """The numbers of a vector as small bars, up for positive and down for negative.

    values: (n,)     most: the size that fills half the height, written at the left; larger ones are cut
    before: (n,) what they were, pale behind them     returns: Drawing
    """
    step, middle = (width - SCALE) / len(values), height / 2
    def bar(i, value):
        size = min(max(value / most, -1), 1) * middle
        return f"M{SCALE + i * step:.1f} {middle:.1f}v{-size:.1f}h{.72 * step:.1f}V{middle:.1f}Z"
    old = path("".join(bar(*each) for each in enumerate(before)), fill=palette.FAINT) if len(before) else ""
    bars = {colour: "".join(bar(i, value) for i, value in enumerate(values) if sign * value > 0)
            for colour, sign in ((palette.PLUS, 1), (palette.MINUS, -1))}
    ends = ((5, most), (middle + 4.5, 0), (height + 4, f"−{most}"))      # each centred on its tick
    marks = (f'<tspan x="{SCALE - 8}" y="{y:g}">{mark}</tspan>' for y, mark in ends)
    ticks = f"M{SCALE - 4} .5h-4M{SCALE - 4} {height - .5}h-4M{SCALE - 4} 0V{height}M{SCALE - 4} {middle:.1f}H{width}"
    scale = (f'<text font-size="12" text-anchor="end" fill="{palette.MUTED}">{"".join(marks)}</text>'
             + path(ticks, stroke=palette.FAINT))
    drawn = "".join(path(bar, fill=colour, fill_opacity=.6) for colour, bar in bars.items() if bar)
    return Drawing(width, height + 6, scale + old + drawn)


def ranking(rows, *, width=430, height=270, react=None):
    """A distribution as bars, one row a name.

    rows: (name, share, mark), the mark "★" for the right answer, "▸" for the chosen one, "…" for all the others together,
    "⋮" for a gap in the order, "" for the rest     width, height: of the drawing
    react: number of a row -> what `svg.touch` is told of it     returns: Drawing
    The scale ends at 10, 20, 50 or 100 %, the first that the longest bar fits into. Where none has a mark the first stands out.
    """
    marked, most = any(mark in ("★", "▸") for _, _, mark in rows), _end(rows)
    pitch, room = (height - 20) / max(len(rows), 1), width - NAMES - 76
    body = [_axis(NAMES, room, height, most)]
    for i, row in enumerate(rows):
        shown = _row(*row, strong=not (i or marked), middle=20 + pitch * (i + .5), thick=min(15, pitch - 3), room=room, most=most)
        known = f'<g data-key="{escape(row[0])} {most:g}">{shown}</g>'             # another word or scale is another bar
        body.append(touch(known, **(react(i) if react else {})))
    return Drawing(width, height, "".join(body))


def continued(told, place, rows, *, width, react):
    """A text, and beside it the words that may come next, each with its chance as a bar: one of them takes its place.

    told: Drawing of the text     place: (x, y), left edge and baseline of the next word     rows, react: as for `ranking`
    width: of all     returns: Drawing
    """
    (x, y), left, most = place, told.width + 36, _end(rows)
    foot, line, room = SCALE + 29 * len(rows), y - 9, width - left - WORDS - 64
    lead = (path(f"M{x:.1f} {y + 4:.1f}h46", stroke=palette.ACCENT, stroke_width=3)
            + path(f"M{left} 4h-8V{max(foot, line)}V{foot}h8", stroke=palette.ACCENT, stroke_width=1.8)
            + arrow(left - 8, line, x + 54, line, colour=palette.ACCENT, width=1.8))
    body = [touch(_candidate(*row, left, SCALE - 6 + 29 * i, room=room, most=most, first=not i), **react(i))
            for i, row in enumerate(rows)]
    return Drawing(width, max(told.height, foot + 24), told.body + lead + _axis(left + WORDS, room, foot, most) + "".join(body)
                   + note(left, foot + 18, "touch a word to choose it"))


def _candidate(name, share, mark, left, top, *, room, most, first):
    """A word as it stands in a text, its bar and its share."""
    start, long = left + WORDS, room * min(share / most, 1)
    bar = _bar(mark, share / most, start, top + 7.5, long, 14, fill=palette.ACCENT, fill_opacity=1 if first else .4)
    return (patch(left, top, start - left + room + 64, 29) + bar
            + label(left + 4, top + 20.5, fitted(name, WORDS - 6, 19), size=14 if mark == "…" else 19, anchor="start")
            + label(start + 8 + long, top + 19, percent(share), size=13, anchor="start"))


def _axis(left, room, height, most):
    """The scale above bars: from 0 to its end."""
    return (note(left, 10, "0", anchor="middle") + note(left + room, 10, f"{100 * most:.0f} %", anchor="middle")
            + path(f"M{left} 16V{height}M{left} 16H{left + room}v-2.5v5", stroke=palette.FAINT))


def _end(rows):
    """Where the scale of a ranking ends: at 10, 20, 50 or 100 %, the first that the longest bar fits into."""
    longest = max((share for _, share, mark in rows if mark != "…"), default=0)
    return next(end for end in (.1, .2, .5, 1) if longest <= end)


def _row(name, share, mark, *, strong, middle, thick, room, most):
    """A name, its bar and its share."""
    if mark == "⋮":
        return path(f"M{NAMES - 70} {middle:.1f}H{NAMES + room}", stroke=palette.MUTED, stroke_width=1.4, dash="1.4 5")
    lit = mark in ("★", "▸")
    colour = palette.GOOD if mark == "★" else palette.ACCENT if strong or mark == "▸" else palette.MUTED
    long, weight = room * min(share / most, 1), "bold" if lit else "normal"
    shown = fitted(f"{mark} {name}" if lit else name, NAMES - 8, 13, bold=lit)
    ink = colour if lit else palette.INK
    return (patch(0, middle - thick / 2 - 1.5, NAMES + room + 70, thick + 3, rx=3)
            + _bar(mark, share / most, NAMES, middle - thick / 2, long, thick, fill=colour)
            + label(NAMES - 6, middle + 4.5, shown, size=13, anchor="end", colour=ink, weight=weight)
            + label(NAMES + 8 + long, middle + 4.5, percent(share), size=12, anchor="start", colour=ink))


def _bar(mark, size, left, top, long, thick, **look):
    """A bar; that of all the others is dashed, open at its end, and broken by two slashes if its size, in scales, is above 1."""
    if mark != "…":
        return rect(left, top, max(long, .8), thick, **look)
    right, bottom, dashes = left + long, top + thick, {"stroke": palette.MUTED, "dash": "3 2"}
    at = right - 22 if size > 1 else right
    bar = path(f"M{at:.1f} {top:.1f}H{left}V{bottom:.1f}H{at:.1f}", **dashes)
    if size <= 1:
        return bar
    slashes = "".join(f"M{at + side:.1f} {bottom + 3:.1f}L{at + side + 6:.1f} {top - 3:.1f}" for side in (-3, 4))
    return (bar + path(f"M{at + 9:.1f} {top:.1f}H{right:.1f}M{at + 6:.1f} {bottom:.1f}H{right:.1f}", **dashes)
            + path(slashes, stroke=palette.MUTED, stroke_width=1.4))


