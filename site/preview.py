"""What is shown of a page where its link is shared: title, a sentence, and a picture of the lesson.

A picture is found by its whole address only, so it is there only when the address of the site is known: $SITE_URL.
"""
import base64
import html
import io

import nbformat
import numpy as np
from PIL import Image

from rnn_lib.palette import INK, MUTED

PNG, FOLDER, COURSE = "image/png", "previews", "Backpropagation through time, by hand"
PROMISE = "Touch a drawing, derive a gradient, write it, be told which line is wrong"
TRIANGLE = "07"               # the lesson whose drawing stands for the course
SIZE, DPI, SHADES = (10, 5.25), 100, 128      # 1.91 : 1 is what others cut a picture to; a file of some 20 kB
ROOM, TALLEST = (.04, .12, .92, .68), 1.8     # the drawing: left, bottom, width, height; width : height at least, else it is cut
ABOUT = "a picture that is touched in the lesson"


def tags(address, name):
    """The lines in the head of a page that name its picture.   address: of the site, None where it is not known"""
    if not address:
        return ""
    place = html.escape(f"{address.rstrip('/')}/{FOLDER}/{name}.png")
    return (f'<meta property="og:image" content="{place}">\n<meta property="og:image:alt" content="{ABOUT}">\n'
            '<meta name="twitter:card" content="summary_large_image">')


def pictures(lessons, folder):
    """name of the page -> PNG.   lessons: of the pages     folder: of the notebooks"""
    course = next((it for it in lessons if it.number == TRIANGLE), lessons[0])
    return {"index": picture(COURSE, folder / f"{course.name}.ipynb", PROMISE)} | {
        it.name: picture(f"{it.number} · {it.title}", folder / f"{it.name}.ipynb", COURSE) for it in lessons}


def picture(title, path, below):
    """The largest drawing of a lesson between two lines of words.   path: of the notebook     returns: PNG"""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # not above: half a second, for a site that has an address only
    from matplotlib.figure import Figure

    figure, drawing, png = Figure(SIZE, DPI, facecolor="white"), largest(path), io.BytesIO()
    figure.text(.04, .89, title, size=25, weight="bold", color=INK, va="center")
    figure.text(.04, .06, below, size=13, color=MUTED, va="center")
    axes = figure.add_axes(ROOM, frameon=False, xticks=(), yticks=(), anchor="W")
    axes.imshow(drawing[:int(drawing.shape[1] / TALLEST)], interpolation="antialiased")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])
    drawn.quantize(SHADES, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
    return png.getvalue()


def largest(path):
    """The drawing that takes most room in a notebook, as it is stored.   returns: (rows, columns, 4)"""
    stored = [(Image.open(io.BytesIO(base64.b64decode(output.data[PNG]))), output.metadata[PNG]["width"])
              for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", ())
              if PNG in output.get("data", ())]
    drawing, _ = max(stored, key=lambda found: found[0].height / found[0].width * found[1] ** 2)
    return np.asarray(drawing.convert("RGBA"))
