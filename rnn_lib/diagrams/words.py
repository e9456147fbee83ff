"""A sentence under a network, word by word: its columns, the numbers of a vector as a strip, a distribution as bars."""
from .. import palette
from .svg import Drawing, arrow, label, symbol

OUT, HIDDEN, IN, ANSWER = 24, 88, 152, 208      # y of the rows: predictions, boxes, words, right answers
LEFT = 104                                      # the room for the rows' names
STYLE = {"past": (palette.MUTED, 1.4, ""), "now": (palette.INK, 2.6, ""), "future": (palette.MUTED, 1, "3 3")}


def sentence_columns(words, answers, t, *, shifted, width=900):
    """A column a word: prediction, box, word, and below it the right answer with an arrow from the word it comes from.

    words: T strings     answers: T strings, "" where there is none     t: the current step, 1..T; later ones are dashed
    shifted: whether the answer at t comes from word t+1, not t     returns: Drawing
    """
    pitch = min(104, (width - LEFT - 20) / (len(words) + .55))
    xs = [LEFT + 20 + pitch * s for s in range(len(words) + 1)]
    body = [row_names(answers=True), box(xs[0], HIDDEN, 40, "past", "h", 0)]
    for s, word in enumerate(words, 1):
        body += [column(xs[s], s, word, state(s, t), pitch), across(xs[s - 1], xs[s], state(s, t)),
                 right_answer(xs[s], xs[s + shifted] if answers[s - 1] else None, answers[s - 1], s, t)]
    return Drawing(width, ANSWER + 24, "".join(body))


def generating_columns(words, first, fed_back, *, columns=5, pitch=98):
    """The last steps of a text that is being written, the coming one dashed, and the edges from a prediction to the next input.

    words: the words of the steps shown, at most `columns`     first: the number of the first of them
    fed_back: the numbers of the steps whose word was a prediction before     returns: Drawing, wide enough for `columns` steps
    """
    xs = [LEFT + 20 + pitch * s for s in range(len(words) + 2)]
    past = HIDDEN, 40, "past", "h", first - 1
    body = [row_names(), box(xs[0], *past) if words else ""]
    for i, word in enumerate([*words, "?"] if words else [], 1):
        s, now = first + i - 1, "future" if i > len(words) else "now" if i == len(words) else "past"
        body += [column(xs[i], s, word, now, pitch), across(xs[i - 1], xs[i], now)]
        if i > 1 and (s in fed_back or now == "future"):
            body.append(feed_back(xs[i - 1], xs[i], now == "future"))
    return Drawing(LEFT + 20 + pitch * (columns + 1.5), IN + 44, "".join(body))


def state(s, t):
    """How step s stands to the current step t."""
    return "past" if s < t else "now" if s == t else "future"


def row_names(answers=False):
    """The names of the rows, at the left margin."""
    rows = [(OUT, "ŷ", "prediction"), (HIDDEN, "", "the box"), (IN, "x", "input"), (ANSWER, "y", "right answer")]
    return "".join((symbol(4, y + 5, letter, "t", anchor="start") if letter else "")
                   + label(24 if letter else 4, y + 5, name, size=12, colour=palette.MUTED, anchor="start")
                   for y, letter, name in rows[:3 + answers])


def column(x, s, word, now, pitch):
    """One step: the word at the bottom, the box, the prediction, and the arrows between them."""
    colour, width, dash = STYLE[now]
    edge = {"colour": colour, "width": width, "dash": dash}
    return (arrow(x, IN - 15, x, HIDDEN + 18, **edge) + arrow(x, HIDDEN - 17, x, OUT + 17, **edge)
            + box(x, OUT, 34, now, "ŷ", s) + box(x, HIDDEN, 40, now, "h", s) + box(x, IN, pitch - 14, now, word)
            + symbol(x, IN + 30, "x", s, size=14, colour=palette.MUTED))


def box(x, y, width, now, text, subscript=""):
    """A frame around a letter with its subscript, or around a word."""
    colour, line, dash = STYLE[now]
    ink = palette.MUTED if now == "future" else palette.INK
    size = min(14, 1.75 * (width - 6) / max(len(text), 1))
    inside = (symbol(x, y + 5, text, subscript, size=16, colour=ink) if subscript != "" else
              label(x, y + 5, text, size=round(size, 1), colour=ink, weight="bold" if now == "now" else "normal"))
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (f'<rect x="{x - width / 2:.1f}" y="{y - 15}" width="{width:.1f}" height="30" rx="5" fill="{palette.SHADE}" '
            f'stroke="{colour}" stroke-width="{line}"{dashed}/>' + inside)


def across(x1, x2, now):
    """From one box to the next."""
    colour, width, dash = STYLE[now]
    return arrow(x1 + 21, HIDDEN, x2 - 22, HIDDEN, colour=colour, width=width, dash=dash)


def feed_back(x1, x2, coming):
    """The dashed edge from a prediction to the next input: the chosen word goes in."""
    colour, width = (palette.INK, 2.2) if coming else (palette.MUTED, 1.6)
    middle = (x1 + x2) / 2
    return (f'<path d="M{x1 + 18:.1f} {OUT}C{middle + 16:.1f} {OUT} {middle - 14:.1f} {OUT + 60} {middle - 2:.1f} {HIDDEN + 20}'
            f'L{x2 - 33:.1f} {IN - 24}" stroke="{colour}" stroke-width="{width}" fill="none" stroke-dasharray="6 4"/>'
            + arrow(x2 - 33, IN - 24, x2 - 26, IN - 15, colour=colour, width=width))


def right_answer(x, source, answer, s, t):
    """What should have been predicted at step s, and the arrow from the word that it comes from."""
    now = s == t
    colour = palette.GOOD if now else palette.MUTED
    edge = "" if source is None else arrow(source - 9 * (source > x), IN + 18 if source > x else IN + 36, x + 9 * (source > x),
                                           ANSWER - 11, colour=palette.GOOD if now else palette.FAINT, width=2 if now else 1.2)
    return edge + label(x, ANSWER + 6, f"★ {answer}" if now and answer else answer or "none", size=13, colour=colour,
                        weight="bold" if now else "normal")


def strip(values, *, most, width=400, height=52):
    """The numbers of a vector as small bars, up for positive and down for negative.

    values: (n,)     most: the size that fills half the height; larger ones are cut     returns: Drawing
    """
    step, middle = width / len(values), height / 2
    bars = []
    for i, value in enumerate(values):
        size = min(abs(value) / most, 1) * middle
        bars.append(f'M{i * step:.1f} {middle:.1f}v{-size if value > 0 else size:.1f}h{.72 * step:.1f}V{middle:.1f}Z')
    return Drawing(width, height, f'<path d="M0 {middle:.1f}H{width}" stroke="{palette.FAINT}"/>'
                                  f'<path d="{"".join(bars)}" fill="{palette.MUTED}"/>')


def ranking(rows, *, width=430, height=270, names=96):
    """A distribution as bars from 0 to 1, one row a name.

    rows: (name, share, mark), the mark "★" for the right answer, "▸" for the chosen one, "…" for all the others together,
    "" for the rest     width, height: of the drawing     names: room for the names     returns: Drawing
    """
    pitch, room, body = height / max(len(rows), 1), width - names - 92, []
    for i, (name, share, mark) in enumerate(rows):
        middle, lit = pitch * (i + .5), mark in ("★", "▸")
        colour, fill = (palette.GOOD, palette.GOOD) if lit else (palette.MUTED, "none" if mark == "…" else palette.MUTED)
        thick = min(14, pitch - 4)
        body.append(label(names - 6, middle + 4.5, f"{mark} {name}" if lit else name, size=13 if pitch > 17 else 12, anchor="end",
                          colour=colour if lit else palette.INK, weight="bold" if lit else "normal")
                    + f'<rect x="{names}" y="{middle - thick / 2:.1f}" width="{max(room * share, .8):.1f}" height="{thick:.1f}" '
                      f'fill="{fill}" stroke="{colour}"/>'
                    + label(names + 8 + room * share, middle + 4.5, percent(share), size=12, anchor="start",
                            colour=colour if lit else palette.INK))
    return Drawing(width, height, "".join(body))


def percent(share):
    """0.187 is 18.7 %, and nothing that is more than 0 is 0.0 %"""
    return "< 0.1 %" if 0 < share < .0005 else f"{100 * share:.1f} %"
