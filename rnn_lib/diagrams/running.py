"""Running text, word by word: under a word what it cost, above the words before it how far back that loss reaches.

Parts have names: word 7 is x7 as in every drawing, the bars that its loss sends back to earlier words are r7.
"""
import unicodedata
from bisect import bisect
from html import escape

from .. import palette
from .svg import Drawing, note, path, rect, touch, unless, when

FONT = "'Liberation Sans', Arial, Helvetica, sans-serif"   # what width_of measures
COSTLY = 12                                       # nats at which the bar under a word is thickest
THICK, HIGH, BAR = 18, 18, 24                     # pixels: the thickest bar under a word, the highest above, the width of both
LEAST = .03                                       # smaller shares are not drawn
CLOSES = {".", ",", ";", ":", "!", "?", ")", "]", "%", "n't", "…"}
_WIDTHS = {letter: width for letters, width in (
    ("ijl|", .23), ("'", .2), (" ,.:;!/ftI[]()-`\\", .3), ("r", .34), ("ckvxyzsJ\"", .5), ("wCDHNRU", .73), ("AEKBPSVXYZ&", .67),
    ("GOQ", .78), ("m", .84), ("MW%", .9), ("TFLz", .6), ("@", 1), ("<>=+~", .59)) for letter in letters}


def running_text(words, *, strong=(), pale=(), losses=None, reach=None, now=0, react=None, offset=0, width=900,
                 size=22, high=HIGH):
    """Words as a text with line breaks, the punctuation where it belongs; where losses are shown, every mark stands alone.

    words: n strings     strong, pale: numbers of words, from 1, in heavy and in grey slanted type
    losses: n numbers [nats], NaN for a word that nothing predicted; None draws no bars
    reach: (n, n) shares from 0 to 1, row j what the loss of word j + 1 sends back to every word
    now: number of the word whose reach is drawn while no other is touched     offset: words of the text that stand before these
    react: number of a word -> what `svg.touch` is told of it     high: of the highest bar above a word     returns: Drawing
    """
    above, below = (high + 6 if reach is not None else 4), (THICK + 8 if losses is not None else 8)
    pitch, places = above + size + below, lines(words, width, size, strong, apart=losses is not None)
    spots = [(x, line * pitch + above, room) for x, line, room in places]
    body = []
    for n, (word, spot) in enumerate(zip(words, spots, strict=True), 1):
        cost = losses[n - 1] if losses is not None else None
        shown = _word(word, spot, size, n in strong, n in pale, cost)
        body.append(touch(shown, f"x{n + offset}", **(react(n) if react else {})))
    if reach is not None:
        frames = [rect(x - 1, y - 2, room + 2, size + 7, 3, fill="none", stroke=palette.INK, stroke_width=2)
                  for x, y, room in spots]
        body += [when(f"r{n + offset}", _reach(shares, spots, high) + frame)
                 for n, (shares, frame) in enumerate(zip(reach, frames, strict=True), 1)]
        body += [unless(_reach(reach[now - 1], spots, high, grows=True)), touch(frames[now - 1], "now")] if now else []
    return Drawing(width, (places[-1][1] + 1) * pitch if places else pitch, "".join(body))


def lines(words, width, size=22, strong=(), apart=False):
    """Where the words stand: (x, line, room) of each. A line breaks at a space, unless nothing else helps.

    apart: whether a mark stands off its word as well, and every word has room for a bar
    """
    rooms = [min(max(width_of(word, size, n in strong), BAR * apart), width - 12) for n, word in enumerate(words, 1)]
    joined = [n > 0 and not apart and glued(words[n - 1], word) for n, word in enumerate(words)]
    x, line, found = 4, 0, []
    for n, room in enumerate(rooms):
        end = next((k for k in range(n + 1, len(words)) if not joined[k]), len(words))
        gap = 0 if joined[n] or not n else .3 * size
        needed = room if joined[n] else sum(rooms[n:end]) + end - n - 1
        if found and x + gap + needed > width - 4 and x > 4:
            x, line, gap = 4, line + 1, 0
        found.append((x + gap, line, room))
        x += gap + room + 1
    return found


def next_place(words, width, size, strong=()):
    """Where the next word of a running text without bars will stand: its left edge and its baseline."""
    x, line, _ = lines([*words, "next"], width, size, strong)[-1]
    return x, (line + 1) * (size + 12) - 11


def glued(before, word):
    """Whether a word follows the one before it without a space: `oh !' is written `oh!'"""
    return (word in CLOSES or word.startswith("'") or "--" in (word, before) or before in ("`", "(", "[")) and word != "`"


def width_of(text, size, bold=False):
    """About how wide a text is, in pixels: that of Arial."""
    return size * (1.07 if bold else 1) * sum(_WIDTHS.get(c, 1 if unicodedata.east_asian_width(c) in "WF" else .56) for c in text)


def fitted(text, room, size, bold=False):
    """The text, or its beginning with … when it is wider than the room."""
    if width_of(text, size, bold) <= room:
        return text
    many = bisect(range(len(text)), room, key=lambda n: width_of(f"{text[:n]}…", size, bold))           # beginnings that fit
    return text[:max(many - 1, 0)] + "…"


def quoted(word):
    """A word of a text in a row of names: a mark stands in quotes, since a bare backtick is none."""
    return word if any(c.isalnum() for c in word) else f"“{word}”"


def forced(x, y, text, size, room=None, *, colour=palette.INK, weight="normal", slanted=False):
    """Words that take exactly this room, whatever the font; that of Arial when None."""
    room = width_of(text, size, weight == "bold") if room is None else room
    style = ' font-style="italic"' if slanted else ""
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONT}" font-size="{size}" font-weight="{weight}"{style} '
            f'fill="{colour}" textLength="{room:.1f}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>')


def _word(word, spot, size, strong, pale, cost):
    """A word with what it cost: a tint behind it, and a bar under it as thick as its loss."""
    (x, y, room), shown = spot, fitted(word, spot[2] + .1, size, strong)
    wide = min(width_of(shown, size, strong), room)
    share = 0 if cost is None or cost != cost else min(cost / COSTLY, 1)
    height = size + 7
    tint = rect(x - 1, y - 2, room + 2, height, 3, fill=palette.LOSS, fill_opacity=.32 * share)
    bar = rect(x + (room - BAR) / 2, y + height - 1, BAR, max(THICK * share, .6), fill=palette.LOSS) if share else ""
    return touch(tint) + bar + forced(x + (room - wide) / 2, y + size - 3, shown, size, wide, slanted=pale,
                               colour=palette.MUTED if pale else palette.INK, weight="bold" if strong else "normal")


def _reach(shares, spots, high, grows=False):
    """A bar above every word, as high as its share.   grows: a shape for each, which grows while ▶ plays; else one for all"""
    bars = [(x + (room - BAR) / 2, y - 4, high * share)
            for share, (x, y, room) in zip(shares, spots, strict=True) if share >= LEAST]
    if grows:
        return "".join(rect(left, foot - tall, BAR, tall, fill=palette.W) for left, foot, tall in bars)
    drawn = "".join(f"M{left:.1f} {foot:.1f}v{-tall:.1f}h{BAR}v{tall:.1f}z" for left, foot, tall in bars)
    return path(drawn, fill=palette.W) if drawn else ""


def text_key(narrow=False):
    """What the bars mean: those under the words, and those above.   narrow: in two lines"""
    x, y, foot = (4, THICK + 11, THICK + 2) if narrow else (352, THICK - 11, THICK + 2)
    body = [note(172, foot, "nats: what this word cost"),
            rect(x, y + 3, BAR, 10, fill=palette.W),
            note(x + 32, y + 13, "how strongly the touched word's loss reaches back here")]
    for left, nats, name in ((4, 1, "1"), (56, 4, "4"), (108, COSTLY, f"{COSTLY} +")):
        thick = THICK * nats / COSTLY
        body.append(rect(left, foot - thick, BAR, thick, fill=palette.LOSS) + note(left + 31, foot, name))
    return Drawing(x + 400, y + 18, "".join(body))
