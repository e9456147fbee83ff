"""Tags of words: the distribution beside every word of a sentence, now and before, and which tag was given for which."""
import numpy as np

from .. import palette
from .running import fitted, forced, width_of
from .svg import Drawing, circle, label, note, patch, path, rect, touch, when
from .wording import whole

HEAD, ROW, ALONE = 20, 38, 8                          # above the rows; a row; what is alone in a row stands lower
THICK, THIN = 17, 8                                   # of a bar, and of the one before
AT_DESK, SLIM = (150, 250, 900), (96, 170, 404)       # room for a word, where a bar begins and where it ends; the same on a phone
NEARLY = .01                                          # a change of a share that a bar does not show
SURE = .9                                             # of a share, above which a tag is not in doubt
SPLITS, SPLITS_SLIM, SPLIT_ROW = (170, 760), (140, 336), 34       # where the axis begins and ends, the same on a phone; a row
LISTED = 156                                          # pixels of a line that names a confusion


def tag_rows(words, tags, p, read_as, *, before, react, room_for, narrow=False):
    """A row for every word: its best tag, what that was, and its distribution as one bar, the largest share first.

    words: T strings     tags: K strings     p: (T, K) shares     read_as: for each word "" or what it is read as
    before: for each word the (K,) shares that it had before, None for a word that was not there; None compares nothing
    react: number of a word -> what `svg.touch` is told of it     room_for: rows that there is room for
    returns: Drawing
    """
    room, start, end = SLIM if narrow else AT_DESK
    heads = ((4, "word, read as" if any(read_as) else "word"), (room + 12, "tag, before" if before else "tag"))
    rules = "".join(f"M1 {HEAD + ROW * t - 1.5}H{end}" for t in range(len(words) + 1))
    body = [*(note(x, 12, name) for x, name in heads), path(rules, stroke=palette.FAINT)]
    for t, word in enumerate(words):
        y, down = HEAD + ROW * t, 0 if before else ALONE
        known, called = not read_as[t], fitted(word, room + .1, 14, bold=True)
        shown = [patch(1, y, end + 2, ROW - 1, rx=6),
                 forced(4, y + 15 + down * known, called, 14, weight="bold", slanted=not known),
                 forced(4, y + 29, read_as[t], 12, colour=palette.MUTED) if read_as[t] else "",
                 forced(room + 12, y + 15 + down, tags[p[t].argmax()], 14, weight="bold", colour=palette.ACCENT),
                 _bar(y + 2 + down, start, end, tags, p[t])]
        if before:
            shown.append(_before(room + 12, y, start, end, tags, p[t], before[t]))
        body.append(touch("".join(shown), f"x{t + 1}", **react(t + 1)))
    return Drawing(end + 4, HEAD + ROW * max(len(words), room_for), "".join(body))


def tag_key(before):
    """What the bars mean."""
    marks = [(palette.ACCENT, 1, "largest (pale from 90 %)"), (palette.MUTED, 1, "others")]
    if before:
        marks += [(palette.ACCENT, 1, "before", 4), ("", 0, "≈ nearly")]
    return _key(marks)


def _key(marks):
    """One line of patches and words.   marks: (colour, strength, words), and the height of a thin one"""
    body, x = "", 4
    for colour, strength, said, *thin in marks:
        start = x + 28 * bool(colour)
        sample = rect(x, 6.5 if thin else 4, 22, *(thin or [9]), fill=colour, fill_opacity=strength) if colour else ""
        body += sample + note(start, 13, said)
        x = round(start + width_of(said, 12) * 1.12 + 14)
    return Drawing(x - 14, 18, body)


def _bar(y, start, end, tags, p):
    """The shares one after the other, as long as all of it; the name of a tag stands in its piece where there is room."""
    body, sure = [], bool(p.max() >= SURE)
    for x, wide, k, drawn in _pieces(start, end, p, y, THICK, sure):
        names = (whole(p[k]),) if x == start else (f"{tags[k]} {whole(p[k])}", tags[k])
        said = next((name for name in names if width_of(name, 12) * 1.12 + 8 <= wide), "")
        ink = palette.INK if sure and x == start else palette.PAPER
        body.append(drawn + label(x + 5, y + 13, said, size=12, anchor="start", colour=ink) * bool(said))
    return "".join(body)


def _before(x, y, start, end, tags, p, old):
    """The tag that the word had before, and a thin bar of what the shares were."""
    if old is None or (old == p).all():
        return forced(x, y + 29, "new" if old is None else "=", 12, colour=palette.MUTED)
    other = old.argmax() != p.argmax()
    said = f"≠ {tags[old.argmax()]}" if other else "≈" if np.abs(old - p).max() < NEARLY else "≠"
    pieces = "".join(drawn for *_, drawn in _pieces(start, end, old, y + 22, THIN, old.max() >= SURE))
    look = {"weight": "bold"} if other else {"colour": palette.MUTED}
    return forced(x, y + 29, said, 12, **look) + pieces


def _pieces(start, end, p, y, high, sure=False):
    """Of each share that can be seen, the largest first: x, its width, the number of its tag, and a patch as SVG text.

    The first has another colour, pale where it is sure: the doubt is to be seen.
    """
    order = np.argsort(-p, kind="stable")
    edges = start + (end - start) * np.cumsum([0, *p[order]])
    for x, right, k in zip(edges, edges[1:], order, strict=False):
        look = {"fill": palette.MUTED} if x > start else {"fill": palette.ACCENT, "fill_opacity": .28 if sure else ""}
        if right - x >= 1:
            yield x, right - x, k, rect(x, y, right - x - .8, high, **look)


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
    body = [path(grid, stroke=palette.FAINT, stroke_width=.6),
            note(left + w * n / 2, 15, "the tag that was given →", size=13, anchor="middle"), note(0, 15, "right tag ↓", size=13)]
    for i, tag in enumerate(tags):
        middle = left + w * (i + .5)
        upright = f'<g transform="translate({middle + 4:.1f} 70) rotate(-90)">{label(0, 0, tag, size=12, anchor="start")}</g>'
        body += [touch(label(middle, 40, tag, size=12) if w > 44 else upright, f"g{i}"),
                 touch(label(left - 8, top + h * (i + .5) + 4, tag, size=12, anchor="end"), f"r{i}")]
        for k in np.flatnonzero(counts[i]):
            shown = _cell(left + w * k, top + h * i, w, h, int(counts[i, k]), counts[i, k] / largest[bool(i == k)], i == k)
            body.append(touch(shown, f"cell c{i}-{k}", **react(i, k)))
    return Drawing(max(left + w * n + 4, 420), top + h * n + 4, "".join(body))


def confusion_list(pairs, react):
    """The most frequent confusions, one below the other.

    pairs: (times, right tag, tag given) of each     react: number of one -> what `svg.touch` is told of it     returns: Drawing
    """
    body = [note(4, 15, "right → given, most often" if pairs else "")]
    for i, (times, right, given) in enumerate(pairs):
        y = 28 + 26 * i
        line = (patch(0, y, LISTED, 24) + label(24, y + 16.5, str(times), size=13, anchor="end", weight="bold")
                + label(32, y + 16.5, f"{right} → {given}", size=12.5, anchor="start"))
        body.append(touch(line, f"cell m{i}", **react(i)))
    return Drawing(LISTED + 4, 30 + 26 * len(pairs), "".join(body))


def confusion_key():
    """What the colours mean."""
    return _key([(palette.GOOD, .5, "right"), (palette.BAD, .5, "confused: the stronger, the more")])


def split_dots(shares, *, react, narrow=False):
    """How good some taggers are: a row for each, a dot for each split, a bar at the mean, on one axis.

    shares: {name: (n,) of each split}     react: number of a split -> what `svg.touch` is told of its dots
    returns: Drawing; of the split that is lit, a line joins the dots
    """
    start, end = SPLITS_SLIM if narrow else SPLITS
    every = 100 * np.array([*shares.values()])
    low, high = np.floor(every.min()), np.ceil(every.max())
    def at(share):
        return start + (end - start) * (100 * share - low) / (high - low)
    ticks, foot = np.arange(low, high + 1, 4 if narrow else 2), SPLIT_ROW * len(shares)
    body = [path("".join(f"M{at(tick / 100):.1f} 4V{foot}" for tick in ticks), stroke=palette.FAINT)]
    body += [note(at(tick / 100), foot + 17, f"{tick:.0f} %", anchor="middle") for tick in ticks]
    rows = [SPLIT_ROW * (n + .5) for n in range(len(shares))]
    body[:0] = [rect(0, y - SPLIT_ROW / 2, end + 66, SPLIT_ROW, 4, fill=palette.SHADE) for y in rows[::2]]
    for y, (name, each) in zip(rows, shares.items(), strict=True):
        mean = np.mean(each)
        body += [label(4, y + 5, name, size=13, anchor="start"), label(end + 62, y + 5, f"{mean:.1%}".replace("%", " %"), size=13,
                 anchor="end", weight="bold"), path(f"M{at(mean):.1f} {y - 14}v28", stroke=palette.ACCENT, stroke_width=4)]
    body.append(note(end + 62, foot + 17, "mean", anchor="end"))
    for i, split in enumerate(every.T, 1):
        down = 3 * (i - (every.shape[1] + 1) / 2)                          # none hides another
        places = [(at(share / 100), y + down) for share, y in zip(split, rows, strict=True)]
        joined = path("M" + "L".join(f"{x:.1f} {y:g}" for x, y in places), stroke=palette.INK, stroke_width=1.6)
        dots = "".join(circle(*place, 11, fill=palette.PAPER, fill_opacity=0)
                       + circle(*place, 5, fill=palette.INK, stroke=palette.PAPER, stroke_width=1) for place in places)
        body += [when(f"s{i}", joined), touch(dots, f"s{i}", **react(i))]
    return Drawing(end + 66, foot + 24, "".join(body))


def _cell(x, y, w, h, count, share, diagonal):
    fill, rim, width, weight = ((palette.GOOD, palette.GOOD, 1.4, "bold") if diagonal else
                                (palette.BAD, palette.FAINT, .6, "normal"))
    return (rect(x + 1, y + 1, w - 2, h - 2, 3, fill=fill, fill_opacity=.08 + .42 * share, stroke=rim, stroke_width=width)
            + label(x + w / 2, y + h / 2 + 4.5, str(count), size=12, weight=weight))
