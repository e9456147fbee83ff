"""The colours of the series: one for each matrix and each sum, the same in every diagram, chart and sentence.

Two shades each, for JupyterLab's light and dark themes, all at least 4.5:1 against their background and told apart by
colour-blind readers; a letter always stands beside the colour. Pictures are drawn with the light shades; the explorers
swap them for the theme's.
"""
import re

COLOURS = {
    #            light      dark
    "V":        ("#0069a8", "#5ab4f0"),    # input to hidden
    "W":        ("#bb4a00", "#ff9d5c"),    # hidden to hidden
    "U":        ("#00785a", "#3fcfa0"),    # hidden to output
    "bias":     ("#6a5d4d", "#c9b79f"),    # b_h and b_y
    "loss":     ("#86369e", "#d8a0ea"),    # L_t, and the sum over t
    "use":      ("#836000", "#e5bd45"),    # the sum over k: the uses of one matrix
    "good":     ("#1a7438", "#6fd08c"),
    "bad":      ("#b3261e", "#ff8a80"),
    "ink":      ("#1f2328", "#e8e8e8"),
    "muted":    ("#5d6570", "#a9b0ba"),
    "faint":    ("#cfd4da", "#474d55"),    # lines that are there but not spoken of
    "shade":    ("#f1f3f6", "#23272d"),    # the inside of a node
    "paper":    ("#ffffff", "#111111"),
    "plus":     ("#46586b", "#a9bdd4"),    # a positive number, everywhere the same
    "minus":    ("#a8457a", "#f09cc0"),    # a negative one
    "hidden":   ("#8a6100", "#f0c040"),    # passes, wrongly
    "accent":   ("#33518f", "#9db8f5"),    # what is chosen, and where the keyboard is
}

(V, W, U, BIAS, LOSS, USE, GOOD, BAD, INK, MUTED, FAINT, SHADE, PAPER, PLUS, MINUS, HIDDEN, ACCENT) = (
    light for light, _ in COLOURS.values())

_SHADES = ["".join(f"--rnn-{name}:{shades[i]};" for name, shades in COLOURS.items()) for i in (0, 1)]
STYLE = f'.rnn{{{_SHADES[0]}}}.rnn[data-theme="dark"]{{{_SHADES[1]}}}'     # explorer.js finds out which theme it is in
_NAMES = {light: name for name, (light, _) in COLOURS.items()}
_LIGHT = re.compile("|".join(_NAMES))


def themed(text):
    """SVG or CSS text with the light shades replaced by variables that follow the theme, once STYLE is on the page."""
    return _LIGHT.sub(lambda found: f"var(--rnn-{_NAMES[found[0]]})", text)
