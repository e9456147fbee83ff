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
}

V, W, U, BIAS, LOSS, USE, GOOD, BAD, INK, MUTED, FAINT, SHADE, PAPER = (light for light, _ in COLOURS.values())

_DARK = "".join(f"--rnn-{name}:{dark};" for name, (_, dark) in COLOURS.items())
STYLE = (f'<style>body[data-jp-theme-light="false"]{{{_DARK}}}'
         '.rnn figure{margin:0;overflow-x:auto}.rnn svg{max-width:100%;height:auto;display:block}'
         '.rnn figcaption,.rnn p{line-height:1.4;margin:0;padding:4px 0 0;color:var(--rnn-ink,#1f2328);'
         'font-size:var(--jp-content-font-size1,14px);white-space:normal;max-width:60em}'
         '.rnn figcaption{min-height:2.8em}</style>')
_NAMES = {light: name for name, (light, _) in COLOURS.items()}
_LIGHT = re.compile("|".join(_NAMES))


def themed(text):
    """SVG or CSS text with the light shades replaced by variables that follow the theme, once STYLE is on the page."""
    return _LIGHT.sub(lambda found: f"var(--rnn-{_NAMES[found[0]]},{found[0]})", text)
