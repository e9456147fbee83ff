"""Tags of words: a distribution under every word of a sentence, and which tag was given for which."""
from .. import palette
from .svg import Drawing, label
from .words import percent

NAMES, HEAD, ROW = 70, 74, 16       # room for the tags' names, for the words above the bars, height of a row of bars


def tag_columns(words, tags, p, read_as, *, columns=12, width=930):
    """Under every word its distribution, one bar a tag; the best tag stands above the bars.

    words: up to `columns` strings     tags: K strings     p: (T, K) shares     read_as: for each word "" or what stands for it
    returns: Drawing, of the same size for any number of words
    """
    pitch, height = (width - NAMES) / columns, HEAD + ROW * len(tags) + 6
    names = "".join(label(NAMES - 10, HEAD + ROW * (k + .5) + 4, name, size=12, anchor="end", colour=palette.MUTED)
                    for k, name in enumerate(tags))
    grid = "".join(f"M{NAMES} {HEAD + ROW * (k + 1)}H{width}" for k in range(-1, len(tags)))
    body = [names, f'<path d="{grid}" stroke="{palette.FAINT}" stroke-width=".6"/>']
    body += [_column(NAMES + pitch * t, pitch, word, tags, p[t], read_as[t]) for t, word in enumerate(words)]
    return Drawing(width, height, "".join(body))


def _column(x, pitch, word, tags, p, read_as):
    """One word with its bars, which start at x."""
    best, room, middle = int(p.argmax()), pitch - 10, x + (pitch - 10) / 2
    bars = [f"M{x:.1f} {HEAD + ROW * k + 3}h{max(room * share, .6):.1f}v{ROW - 6}h{-max(room * share, .6):.1f}z"
            for k, share in enumerate(p)]
    unknown = label(middle, 31, read_as, size=11, colour=palette.BAD) if read_as else ""
    shown = short(word, 12 - bool(read_as)) + "?" * bool(read_as)
    return (label(middle, 15, shown, size=_fitting(shown, pitch), weight="bold") + unknown
            + label(middle, 50, tags[best], size=13, colour=palette.U, weight="bold")
            + label(middle, 66, percent(p[best]), size=11, colour=palette.MUTED)
            + f'<path d="M{x:.1f} {HEAD}V{HEAD + ROW * len(tags)}" stroke="{palette.MUTED}" stroke-width=".8"/>'
            + f'<path d="{"".join(bar for k, bar in enumerate(bars) if k != best)}" fill="{palette.MUTED}"/>'
            + f'<path d="{bars[best]}" fill="{palette.U}"/>')


def short(word, most=16):
    """The word, or its beginning when it has more letters than fit."""
    return word if len(word) <= most else word[:most - 1] + "…"


def _fitting(word, pitch):
    return round(min(14, 1.5 * (pitch - 4) / len(word)), 1)


def confusion_grid(counts, tags, *, width=900):
    """How often each tag was given for each: a row for each right tag, a column for each given one.

    counts: (K, K) whole numbers     tags: K strings     returns: Drawing; the darker a cell, the greater its share of the row
    """
    n, top, left = len(tags), 44, 86
    w, h = min(62, (width - left) / n), 24
    body = [label(left, 14, "given", size=13, colour=palette.MUTED, anchor="start"),
            label(left - 10, 34, "right", size=13, colour=palette.MUTED, anchor="end")]
    for i, tag in enumerate(tags):
        body += [label(left + w * (i + .5), 34, tag, size=11),
                 label(left - 10, top + h * (i + .5) + 4, tag, size=12, anchor="end")]
        row = max(int(counts[i].sum()), 1)
        body += [_cell(left + w * k, top + h * i, w, h, int(count), count / row, i == k) for k, count in enumerate(counts[i])]
    return Drawing(width, top + h * n + 4, "".join(body))


def _cell(x, y, w, h, count, share, diagonal):
    colour = palette.GOOD if diagonal else palette.BAD
    frame = f' stroke="{palette.GOOD if diagonal else palette.FAINT}" stroke-width="{1.4 if diagonal else .6}"'
    return (f'<rect x="{x + 1:.1f}" y="{y + 1:.1f}" width="{w - 2:.1f}" height="{h - 2:.1f}" fill="{colour}" '
            f'fill-opacity="{.35 * share ** .5 if count else 0:.2f}"{frame}/>'
            + (label(x + w / 2, y + h / 2 + 4, str(count), size=12, weight="bold" if diagonal else "normal") if count else ""))
