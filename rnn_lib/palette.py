"""The colours of the series: one for each matrix and each sum, the same in every diagram, chart and sentence.

Two shades each, for JupyterLab's light and dark themes, all at least 4.5:1 against their background and told apart by
colour-blind readers; a letter always stands beside the colour. Pictures are drawn with the light shades; the explorers
swap them for the theme's.
"""

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
