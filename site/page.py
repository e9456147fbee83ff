"""A page: the template filled, with everything in it, and a policy that lets nothing in from elsewhere."""
import base64
import hashlib
import html
import re
import string
from pathlib import Path
from urllib.parse import quote

from rnn_lib import palette
from rnn_lib.explorers import Explorer

HERE = Path(__file__).parent
SQUARES = [(row, column) for row in range(3) for column in range(row + 1)]      # the triangle
ICON = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#33518f"/>'
        + "".join(f'<rect x="{6 + 7 * k}" y="{6 + 7 * t}" width="5" height="5" fill="#fff"/>' for t, k in SQUARES) + "</svg>")


def read(name):
    return (HERE / name).read_text(encoding="utf-8")


def style():
    """The one style sheet: colours of the theme, the explorers' rules, the page's, and the font of the formulas."""
    font = base64.b64encode((HERE / "maths.woff2").read_bytes()).decode()
    face = f'@font-face{{font-family:"Lesson Maths";src:url(data:font/woff2;base64,{font}) format("woff2")}}'
    light, dark = ("".join(f"--rnn-{name}:{shades[i]};" for name, shades in palette.COLOURS.items()) for i in (0, 1))
    colours = (f":root{{{light}}}:root[data-theme=dark],:root[data-theme=dark] .rnn.rnn{{{dark}}}"
               f"@media print{{:root:root,:root:root .rnn.rnn.rnn{{{light}}}}}")
    return "\n".join([colours, str(Explorer._css), tight(read("page.css")), face])


def script(*more):
    """The one script: explorer.js as it stands, and what puts it on a page."""
    module = str(Explorer._esm).replace("export default { render };", "")
    return "\n".join([module, read("page.js"), *map(read, more)])


def fill(*, title, about, kind, nav, toc, body, foot, scripts=(), data="", last="", preview=""):
    """The text of a page.

    data: what its script reads at once     last: what the script does not wait for     preview: `preview.tags`
    """
    parts = {"style": style(), "early": read("early.js"), "script": script(*scripts)}
    policy = ("default-src 'none'; font-src data:; img-src data:; worker-src 'self'; base-uri 'none'; form-action 'self'; "
              f"style-src {sealed(parts['style'])}; style-src-attr 'unsafe-inline'; "
              f"script-src {sealed(parts['early'])} {sealed(parts['script'])}")
    return string.Template(read("page.html")).substitute(
        parts, policy=policy, icon=f"data:image/svg+xml,{quote(ICON)}", title=html.escape(title), about=html.escape(about),
        kind=kind, nav=nav, toc=toc, body=body, foot=foot, data=data, last=last, preview=preview)


def sealed(text):
    """The source that a policy allows: this very text, and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def tight(css):
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).strip()
