"""maths.woff2: STIX Two Math (SIL Open Font Licence), cut down to what formulas of the lessons can need. To make it anew:

    npm pack @fontsource/stix-two-math@5.3.0 && tar xzf fontsource-stix-two-math-5.3.0.tgz
    pip install fonttools brotli && python site/make_font.py package/files/stix-two-math-latin-400-normal.woff2
"""
import sys
from pathlib import Path

from fontTools import subset

SIGNS = ("∂∇∑∏∫√∞∈∉∼≈≠≡≤≥≪≫⊙⊗⊕·×÷±∓−∗∘†′″‴‖∣⟨⟩⌊⌋⌈⌉←→↔⇐⇒⇔↦…⋯⋮⋱⊤⊥⏞⏟⎴⎵ˆ˜ˉ˙^~¯ϵϑϕϱℝℕℓℏℎ∀∃¬∧∨∅∖∪∩⊂⊆"
         "\N{COMBINING CIRCUMFLEX ACCENT}\N{COMBINING TILDE}\N{COMBINING MACRON}")


def texts():
    """What is kept: ASCII, the Greek letters, the signs above, and the same letters in the italics of mathematics."""
    italics = [0x1D434, 0x1D44E], [0x1D6E2, 0x1D6FC]
    latin = "".join(chr(start + i) for start in italics[0] for i in range(26))
    greek = "".join(chr(start + i) for start in italics[1] for i in range(26))
    more = "".join(map(chr, [*range(32, 127), *range(0x391, 0x3CA), *range(0x1D715, 0x1D71C)]))
    return SIGNS + latin + greek + more


def cut(source, target):
    options = subset.Options()
    options.flavor, options.layout_features, options.hinting = "woff2", ["ssty", "dtls", "flac"], False
    font = subset.load_font(source, options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=texts())
    cutter.subset(font)
    subset.save_font(font, target, options)


if __name__ == "__main__":
    cut(sys.argv[1], Path(__file__).parent / "maths.woff2")
