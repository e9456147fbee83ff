"""Run lessons top to bottom in a fresh kernel and store their outputs.     make store, or

    python -m notebooks.store                  every lesson
    python -m notebooks.store 02_unfolding     one

A stored explorer is a still picture and its caption: PNG and Markdown, which every reader shows, before the notebook is trusted
as well as on a page without Jupyter. Live widgets are not stored, they would show nothing there. A Chromium draws the pictures.
"""
import base64
import hashlib
import html
import io
import json
import os
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
from nbclient import NotebookClient
from PIL import Image

from bench.lab import browser
from rnn_lib.checks.progress import SWITCH
from rnn_lib.diagrams.svg import TEXT
from rnn_lib.palette import COLOURS

HERE = Path(__file__).parent
WIDGET, SVG, PNG = "application/vnd.jupyter.widget-view+json", "image/svg+xml", "image/png"
WORDS, PLAIN = "text/markdown", "text/plain"
SCALE, SHADES = 2, 40           # sharp on a fine screen, and a file of some 15 kB
LARGE = 45_000                  # bytes; a picture of so many, a table full of numbers, is stored less finely
PAGE = """<style>
body {{ margin: 0; background: none }}
div {{ display: inline-block; padding: 14px; border-radius: 8px; background: #fff }}
svg {{ display: block }}
</style><div>{}</div>"""


def run(path, page):
    """The notebook with the outputs of a fresh run.   page: of a browser   raises: CellExecutionError where a cell fails"""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=60, kernel_name="python3", coalesce_streams=True,
                   extra_arguments=["--log-level=40"], resources={"metadata": {"path": str(HERE)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [still for output in cell.outputs for still in stills(output, page)]
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                         "language_info": {"name": "python"}, "lecture": notebook.metadata.get("lecture", [])}
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)          # as it will be read
    notebook.metadata["stored"] = fingerprint(notebook)
    return notebook


def stills(output, page):
    """What is stored of an output: itself, or in place of an explorer (of any SVG) a picture and a caption."""
    data = output.get("data", {})
    if not {WIDGET, SVG} & set(data):
        return [output]
    caption = nbformat.v4.new_output("display_data", {WORDS: marked_down(data[PLAIN]), PLAIN: data[PLAIN]})
    if SVG not in data:                                                         # a prediction
        return [caption]
    png, width = drawn(data[SVG], page)
    title = named(data[SVG])
    output.data, output.metadata = {PNG: png, PLAIN: title}, {PNG: {"alt": title, "width": width}}
    return [output, caption]


def drawn(svg, page):
    """The picture on a white card.   returns: PNG in base64, and its width in pixels of the page"""
    page.set_content(PAGE.format(svg.replace(TEXT, "'Liberation Sans', Arial, sans-serif")))
    card = Image.open(io.BytesIO(page.locator("div").screenshot(omit_background=True))).convert("RGBA")
    exact = sorted(set(re.findall("#[0-9a-f]{6}", svg)) & {light for light, _ in COLOURS.values()})
    png = packed(card, exact)
    return base64.b64encode(png if len(png) < LARGE else packed(card.reduce(SCALE), exact)).decode(), card.width // SCALE


def packed(card, exact):
    """A picture as PNG, in few colours, one of them for the corners, which are clear.   exact: colours that must not change"""
    flat = Image.new("RGB", card.size, "white")
    flat.paste(card, mask=card)
    palette = Image.new("P", (1, 1))
    near = flat.quantize(SHADES, kmeans=2, dither=Image.Dither.NONE).getpalette()[:3 * SHADES]
    palette.putpalette([*bytes.fromhex("".join(exact).replace("#", "")), *near])
    few = flat.quantize(palette=palette, dither=Image.Dither.NONE)
    clear = len(few.getpalette()) // 3
    few.putpalette([*few.getpalette(), 255, 255, 255])
    few.paste(clear, mask=card.getchannel("A").point(lambda alpha: 255 * (alpha < 128)))
    png = io.BytesIO()
    few.save(png, "PNG", optimize=True, transparency=clear)
    return png.getvalue()


def named(svg):
    """What a drawing is called: its label for screen readers, or its title."""
    tree = ElementTree.fromstring(svg)
    return tree.get("aria-label") or tree.findtext("{http://www.w3.org/2000/svg}title") or ""


def marked_down(caption):
    """A caption, or a question with its options below it, as Markdown that shows it letter by letter."""
    head, *options = map(escaped, caption.splitlines())
    return "\n".join([f"**{head}**", "", *(f"- {option.strip()}" for option in options)]) if options else head


def escaped(line):
    """A line without anything that Markdown, HTML or MathJax would take for theirs."""
    line = re.sub(r"([\\`*_{}\[\]()#+\-!|~])", r"\\\1", html.escape(line, quote=False))
    return re.sub(r"^(\d+)\.", r"\1\.", line).replace("$", "&#36;")


def fingerprint(notebook):
    """Tells whether the cells are as they were stored: `metadata.stored` is this, until somebody runs or writes something."""
    return hashlib.sha256(json.dumps(notebook.cells, sort_keys=True).encode()).hexdigest()[:16]


if __name__ == "__main__":
    os.environ |= {SWITCH: "off", "OPENBLAS_NUM_THREADS": "1"}          # the kernels' too: a newcomer's run, as in `make lab`
    with browser(scale=SCALE) as window:
        for name in sys.argv[1:] or sorted(p.stem for p in HERE.glob("[0-9]*.ipynb")):
            path = HERE / f"{Path(name).stem}.ipynb"
            nbformat.write(run(path, window.new_page()), path)
            print(f"{path.stem}: {path.stat().st_size // 1000} kB")
