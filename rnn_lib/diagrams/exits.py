"""Where gradients leave the network: the backward arrows into one input x_t, or into h_0, and all that feeds them."""
from .. import palette
from .network import COLOUR, node
from .svg import Drawing, arrow, label, patch, spaced, symbol, touch
from .wording import lowered

PITCH, R = 96, 16
_x = spaced(44, PITCH)       # the middle of column t
Y_LOSS, Y_HIDDEN, Y_A, Y_IN, Y_NUMBER = 20, 86, 152, 222, 256


def way_out(T, target, norms, carried, caption):
    """The network with its arrows turned round: from every loss to h_t, through a_t, and out to x_t or on to h_{t-1}.

    T: steps     target: 1..T for x_t, 0 for h_0: its way is lit     norms: (T+1,) length of dh_0 and of each dx_t
    carried: {"U", "A", "W", "V": (T,)} length of what arrives along each arrow of step t: it is as thick
    caption: that of this way     returns: Drawing
    """
    k, most = max(target, 1), max(map(max, carried.values())) or 1
    lit = {(letter, t) for t in range(k, T + 1) for letter in "UA"}                     # from every loss t >= k to h_t and a_t,
    lit |= {("W", t) for t in range(k + 1, T + 1)} | {("V", target) if target else ("W", 1)}      # back to a_k, and out
    body = [_exit(t, norms[t], caption if t == target else "") for t in range(T + 1)]      # below the arrows: heads reach in
    body += [_edge(letter, t, (letter, t) in lit, carried[letter][t - 1] / most) for t in range(1, T + 1) for letter in "UAWV"]
    body += [_column(t, lit) for t in range(1, T + 1)]
    return Drawing(_x(T) + R + 40, Y_NUMBER + 14, "".join(body))


def _edge(letter, t, lit, share):
    """One arrow of the backward sweep, with what stands on it: U', the slope, W', V'."""
    x, framed = _x(t), t == 1 and lit                  # where W' leads into the frame of h_0
    start, end, at = {"U": ((x, Y_LOSS + 10), (x, Y_HIDDEN - R), (x + 19, 54)),
                      "A": ((x, Y_HIDDEN + R), (x, Y_A - R), (x + 18, 124)),
                      "W": ((x - 14, Y_A - 9), (x - PITCH + 14 + 12 * framed, Y_HIDDEN + 9 + 8 * framed),
                            (x - 34, 106) if framed else (x - PITCH / 2 + 10, 102)),
                      "V": ((x, Y_A + R), (x, Y_IN - R), (x + 19, 192))}[letter]
    colour, ink = (COLOUR.get(letter, palette.INK),) * 2 if lit else (palette.FAINT, palette.MUTED)
    name = (symbol(*at, "f′", size=15, colour=ink) if letter == "A" else
            symbol(*at, letter, superscript="⊤", size=15, colour=ink, weight="bold" if lit else "normal"))
    return arrow(*start, *end, colour=colour, width=1.4 + (1.2 + 4 * share) * lit, dash="6 4") + name


def _column(t, lit):
    x, passed = _x(t), palette.INK if ("U", t) in lit else palette.FAINT
    ink, weight = (palette.LOSS, "bold") if ("U", t) in lit else (palette.MUTED, "normal")
    return symbol(x, Y_LOSS + 5, "L", t, colour=ink, weight=weight) + "".join(
        node(x, y, letter, t, R, rim=passed, width=1.6, size=16) for y, letter in ((Y_HIDDEN, "h"), (Y_A, "a")))


def _exit(t, norm, caption):
    """An input, or h_0: something to touch, with the length of its gradient below.   caption: of the chosen one, else empty"""
    x, y = _x(t), Y_IN if t else Y_HIDDEN
    rim, ink, weight = (palette.INK, palette.INK, "bold") if caption else (palette.MUTED, palette.MUTED, "normal")
    name = lowered(f"x{t}") if t else lowered("h0")
    half, high = (47, 2 * R + 32) if t else (R + 8, 2 * R + 16)      # above the frame of h_0: its number
    top = y - R - (4 if t else 8)
    place = node(x, y, "x" if t else "h", t, R, rim=rim, width=1.6, size=16)
    length = label(x, y + R + 18 if t else y - R - 16, f"|d{name}| = {norm:.2f}", size=12, colour=ink, weight=weight)
    return touch(patch(x - half, top, 2 * half, high, rx=6) + place + length, sets=f"target={name}", chosen=bool(caption),
                 says=caption or f"Press to see the way of the gradient to {name}.")
