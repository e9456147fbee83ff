"""Drawings of the network as SVG text. Plain functions: numbers and words in, a Drawing out; nothing else is known here."""
