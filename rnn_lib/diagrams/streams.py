"""A text cut into streams, and these into windows: what crosses a border between two windows, and in which direction."""
from .. import palette
from .running import fitted, forced, width_of
from .svg import Drawing, arrow, label, path, rect, spaced, symbol, touch

LEFT, WIDE, TALL, GAP, PITCH, TOP = 80, 158, 34, 54, 66, 34      # of a window; between two windows, between two streams
_x = spaced(LEFT + 40 - WIDE - GAP, WIDE + GAP)                  # the left edge of window i


def streams(words, n, react):
    """Each stream a row of windows; all windows of column n are one update.

    words: (N, T, B) strings, window n of stream b at [n-1, :, b]     n: 1..N, the update that is made
    react: number of a column -> what `svg.touch` is told of its windows     returns: Drawing
    """
    N, _, B = words.shape
    body = [label(_x(n) + WIDE / 2, 16, f"update {n}", size=14, colour=palette.ACCENT, weight="bold")]
    for b in range(B):
        y = TOP + PITCH * b
        body.append(label(4, y + TALL / 2 + 5, f"stream {b + 1}", size=13, anchor="start"))
        for i in range(1, N + 1):
            window = _window(_x(i), y, " ".join(words[i - 1, :, b]), i, n)
            body.append(touch(window, f"cell n{i}", **react(i)))
            body.append(_start(y, n) if i == 1 else _border(_x(i) - GAP, y, i, n))
    frame = rect(_x(n) - 7, TOP - 10, WIDE + 14, PITCH * (B - 1) + TALL + 20, 10, class_="update firm", fill=palette.ACCENT,
                 fill_opacity=.07, stroke=palette.ACCENT, stroke_width=2)
    return Drawing(_x(N) + WIDE + 14, TOP + PITCH * (B - 1) + TALL + 26, frame + "".join(body))


def _window(x, y, text, i, n):
    """The words of a window; those that are not read yet are paler."""
    shown = fitted(text, WIDE - 14, 13)
    ink = palette.INK if i <= n else palette.MUTED
    dash = "" if i <= n else "4 4"
    return (rect(x, y, WIDE, TALL, 7, fill=palette.SHADE, stroke=palette.MUTED, dash=dash)
            + forced(x + WIDE / 2 - width_of(shown, 13) / 2, y + TALL / 2 + 5, shown, 13, colour=ink))


def _start(y, n):
    """The zeros that the first window begins with."""
    ink = palette.INK if n == 1 else palette.MUTED
    return symbol(LEFT - 6, y + 12, "h", 0, size=14, colour=ink, anchor="start") + arrow(
        LEFT + 12, y + 9, LEFT + 38, y + 9, colour=ink, width=1.6)


def _border(x, y, i, n):
    """The border before window i: the state goes on to the right, the gradient is cut on its way to the left."""
    carried, cut = (palette.INK, palette.BAD) if i <= n else (palette.FAINT, palette.FAINT)
    middle = x + GAP / 2
    return "".join([
        arrow(x + 3, y + 9, x + GAP - 3, y + 9, colour=carried, width=2.4 if i == n else 1.6),
        symbol(middle, y + 2, "h", "T", size=14, colour=carried if i <= n else palette.MUTED),
        path(f"M{x + GAP - 3} {y + 26}H{middle + 9}", stroke=cut, stroke_width=2, dash="5 3"),
        path(f"M{middle - 7} {y + 19}l14 14m0 -14l-14 14", stroke=cut, stroke_width=2.2)])
