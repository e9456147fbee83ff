"""Drawings of the network as SVG text. Plain functions: numbers and words in, a Drawing out; nothing else is known here."""
from .network import unfolded
from .numbers import column, equation, matrix, named, sign
from .svg import Drawing, above, beside, counted, label, listed, lowered, note, raised, render, span, symbol, touch
