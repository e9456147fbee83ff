"""Tags of words: a distribution under every word of a sentence, now and before, and which tag was given for which."""
import numpy as np

from .. import palette
from .running import fitted, forced, width_of
from .svg import Drawing, label, touch

NAMES, HEAD = 74, 92                # room for the tags' names, for what stands above the bars
ROW, ROOM, GAP = 18, 54, 14         # height of a row of bars, the longest bar, between two columns


def tag_columns(words, tags, p, read_as, *, before, react):
    """Under every word its distribution, one bar a tag, the longest with its share; above the bars the best tag, and what it was.

    A pale track behind a bar is as long as 100 %. Every tag has its row, whatever is typed: no bar moves up or down.

    words: T strings     tags: K strings     p: (T, K) shares     read_as: for each word "" or what it is read as
    before: for each word the (K,) shares that it had before, None for a word that was not there
    react: number of a word -> what `svg.touch` is told of it     returns: Drawing
    """
    widths = [column_width(*pair) for pair in zip(words, read_as, strict=True)]
    xs = [NAMES + 6 + sum(widths[:t]) for t in range(len(words))]
    width, height = max(NAMES + 6 + sum(widths), 640), HEAD + ROW * len(tags) + 6
    names = "".join(label(NAMES - 8, HEAD + ROW * (row + .5) + 4, tag, size=12, anchor="end", colour=palette.MUTED)
                    for row, tag in enumerate(tags))
    tracks = "".join(_bars(x, np.ones(len(tags))) for x in xs)
    body = [names, f'<path d="{tracks}" fill="{palette.FAINT}" fill-opacity=".45"/>', *_row_names(any(read_as), before)]
    for t, word in enumerate(words):
        old = before[t] if before else None
        shown = _column(xs[t], widths[t], word, tags, p[t], read_as[t], old, bool(before))
        body.append(touch(shown, f"x{t + 1}", **react(t + 1)))
    return Drawing(width, height, "".join(body))


def column_width(word, read_as):
    """The room that a word needs, with what it is read as."""
    return max(ROOM, min(width_of(word, 14, bold=True), 150), width_of(read_as, 12)) + GAP


def tag_key(before):
    """What the bars mean."""
    marks = [(f'fill="{palette.ACCENT}"', 22, "the largest share"), (f'fill="{palette.MUTED}"', 22, "other tags"),
             (f'fill="{palette.FAINT}" fill-opacity=".45"', ROOM, "100 %")]
    if before:
        marks += [(f'fill="none" stroke="{palette.MUTED}" stroke-dasharray="3 2"', 22, "the share before"),
                  ("", 0, "=  not changed at all"), ("", 0, "≠  changed")]
    return _key(marks)


def _key(marks):
    """One line of patches and words.   marks: (look, width, words); nothing is drawn where the width is 0"""
    body, x = "", NAMES
    for look, wide, said in marks:
        start = x + wide + 6 * bool(wide)
        patch = f'<rect x="{x:.0f}" y="4" width="{wide}" height="9" {look}/>' if wide else ""
        body += patch + label(round(start), 13, said, size=12, anchor="start", colour=palette.MUTED)
        x = start + width_of(said, 12) * 1.12 + 24
    return Drawing(x - 24, 18, body)


def _row_names(read_as, before):
    names = [(20, "word"), *[(38, "read as")] * read_as, (60, "tag"), *[(80, "before")] * bool(before)]
    return [label(NAMES - 8, y, name, size=12, anchor="end", colour=palette.MUTED) for y, name in names]


def _column(x, width, word, tags, p, read_as, old, compared):
    """One word with its bars, which start at x."""
    best, room = int(p.argmax()), width - GAP
    longest = np.arange(len(tags)) == best
    frame = (f'<rect x="{x - 5:.1f}" y="3" width="{width - 4:.1f}" height="{HEAD + ROW * len(tags)}" rx="6" '
             f'fill="{palette.SHADE}" fill-opacity="0"/>')
    head = [_words(x, 20, fitted(word, room + .1, 14, bold=True), 14, "bold", slanted=bool(read_as))]
    head += [_words(x, 38, read_as, 12, colour=palette.MUTED)] if read_as else []
    head.append(_words(x, 60, tags[best], 14, "bold", palette.ACCENT))
    drawn = [f'<path d="{_bars(x, p * of)}" fill="{colour}"/>'
             for of, colour in ((~longest, palette.MUTED), (longest, palette.ACCENT))]
    return frame + "".join(head) + _before(x, tags, p, old, compared) + "".join(drawn) + _share(x, best, p[best])


def _share(x, row, share):
    """The share of the longest bar, in whole percent, at its end: inside a bar that is long."""
    said, end, y = whole(share), x + ROOM * share, HEAD + ROW * (row + .5) + 4.5
    inside = ROOM * share >= 32
    return label(end - 1.5 if inside else end + 2, y, said, size=12, anchor="end" if inside else "start",
                 colour=palette.PAPER if inside else palette.INK)


def whole(share):
    """A share in whole percent; not quite all of it is never 100 %."""
    return "> 99 %" if share >= .995 else f"{100 * share:.0f} %"


def _before(x, tags, p, old, compared):
    """The tag that the word had before, and dashed frames as long as the shares were."""
    if not compared:
        return ""
    if old is None:
        return _words(x, 80, "new", 12, colour=palette.MUTED)
    if (old == p).all():
        return _words(x, 80, "=", 12, colour=palette.MUTED)
    other = old.argmax() != p.argmax()
    words = (f"≠ {tags[int(old.argmax())]}", 12, "bold", palette.INK) if other else ("≠", 12, "normal", palette.MUTED)
    return (_words(x, 80, *words)
            + f'<path d="{_bars(x, old, 1)}" fill="none" stroke="{palette.MUTED}" stroke-dasharray="3 2"/>')


def _bars(x, shares, inset=2):
    """The path of a bar in every row, from x on; shares too small to be seen have none."""
    return "".join(f"M{x:.1f} {HEAD + ROW * row + inset}h{long:.1f}v{ROW - 2 * inset}h{-long:.1f}z"
                   for row, long in enumerate(ROOM * shares) if long >= .5)


def _words(x, y, said, size, weight="normal", colour=palette.INK, slanted=False):
    """Words in a column, as wide as they were reckoned."""
    return forced(x, y, said, width_of(said, size, weight == "bold"), size, weight=weight, colour=colour, slanted=slanted)


def confusion_grid(counts, tags, *, react, width):
    """How often each tag was given for each: a row for each right tag, a column for each given one.

    counts: (K, K) whole numbers     tags: K strings     react: (row, column) -> what `svg.touch` is told of the cell
    width: pixels; where it is small, the columns' names stand upright
    returns: Drawing; the more often, the stronger a cell: the diagonal on its own scale, all others on theirs
    """
    n, left, h, right = len(tags), 78, 23, counts.diagonal()
    w = min(58, (width - left - 4) / n)
    top = 50 if w > 44 else 78
    largest = {True: max(right.max(), 1), False: max((counts - np.diag(right)).max(), 1)}
    grid = "".join(f"M{left} {top + h * i}H{left + w * n:.1f}M{left + w * i:.1f} {top}V{top + h * n}" for i in range(n + 1))
    body = [f'<path d="{grid}" stroke="{palette.FAINT}" stroke-width=".6" fill="none"/>',
            label(left + w * n / 2, 15, "the tag that was given →", size=13, colour=palette.MUTED),
            label(0, 15, "right tag ↓", size=13, colour=palette.MUTED, anchor="start")]
    for i, tag in enumerate(tags):
        middle = left + w * (i + .5)
        upright = f'<g transform="translate({middle + 4:.1f} 70) rotate(-90)">{label(0, 0, tag, size=12, anchor="start")}</g>'
        body += [touch(label(middle, 40, tag, size=12) if w > 44 else upright, f"g{i}"),
                 touch(label(left - 8, top + h * (i + .5) + 4, tag, size=12, anchor="end"), f"r{i}")]
        for k in np.flatnonzero(counts[i]):
            shown = _cell(left + w * k, top + h * i, w, h, int(counts[i, k]), counts[i, k] / largest[bool(i == k)], i == k)
            body.append(touch(shown, f"cell c{i}-{k}", **react(i, k)))
    return Drawing(max(left + w * n + 4, 420), top + h * n + 4, "".join(body))


def confusion_key():
    """What the colours mean."""
    return _key([(f'fill="{palette.GOOD}" fill-opacity=".5"', 22, "right"),
                 (f'fill="{palette.BAD}" fill-opacity=".5"', 22, "confused: the stronger, the more")])


def _cell(x, y, w, h, count, share, diagonal):
    colour = palette.GOOD if diagonal else palette.BAD
    return (f'<rect x="{x + 1:.1f}" y="{y + 1:.1f}" width="{w - 2:.1f}" height="{h - 2:.1f}" rx="3" fill="{colour}" '
            f'fill-opacity="{.08 + .42 * share:.2f}" stroke="{palette.GOOD if diagonal else palette.FAINT}" '
            f'stroke-width="{1.4 if diagonal else .6}"/>'
            + label(x + w / 2, y + h / 2 + 4.5, str(count), size=12, weight="bold" if diagonal else "normal"))
