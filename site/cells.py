"""The cells of a lesson as HTML: code with its colours, what it printed, explorers with their state, exercises."""
import html
import json
import re

from helps import helps
from pygments import lex
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String

SHADES = ((Keyword, "k"), (Operator.Word, "k"), (String, "s"), (Number, "m"), (Comment, "c"), (Name.Function, "f"),
          (Name.Class, "f"))
EXERCISE = re.compile(r"^check\.(q\d\d_\d+)\(", re.MULTILINE)
OWN = "rnn.diagnose(my_bptt)"                            # the clinic, run on a pass of the learner's own
PROGRESS = "print(explorers.come_back())\n"              # of a learner in JupyterLab: on pages the front page counts
IMPORTS = re.compile(r"((import|from) .*\n*)+")
TABLE = re.compile(r"\S {3,}\S.*\n.*\S {3,}\S")          # printed in columns: a line that is broken cannot be read
ASKS = re.compile(r": touch a word to choose it| \(touch a word to choose it\)|(?<=>)touch a word to choose it(?=<|$)")
AWAY = ("The picture as it stands at first. The button <em>Bring it alive</em> is missing here: it needs a page that comes from "
        "a web server. In the notebook the controls work.")


def code(source):
    """Python with its colours."""
    def piece(kind, text):
        shade = next((shade for token, shade in SHADES if kind in token), None)
        return f'<span class="{shade}">{html.escape(text)}</span>' if shade else html.escape(text)
    shown = "".join(piece(*token) for token in lex(source, PythonLexer())).rstrip()
    return f'<pre class="code"><code>{shown}</code></pre>'


def data(value):
    """A value as data in the page: no markup can begin in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def explorer(state, place=""):
    """What explorer.js needs, and, where there is no JavaScript, what the explorer says."""
    drawn = bool(state["controls"]) and len(state["frames"]) == 1
    shown = stilled(state) if drawn else state
    vote = next((control for control in state["controls"] if control["kind"] == "vote"), None)
    said = f"{vote['name']} ({' / '.join(vote['labels'])})" if vote else state["captions"][0]
    note = f'<p class="note">{AWAY}</p>' if drawn else ""
    kind, cell = "predict" if vote else "explorer", f' data-cell="{place}"' if drawn else ""
    at = f' id="{place}"' if place and not vote else ""
    return (f'<div class="{kind}"{at}{cell}><div class="rnn"><script type="application/json">{data(shown)}</script>'
            f'<noscript>{html.escape(said)}</noscript></div>{note}</div>')


def stilled(state):
    """An explorer that Python draws, as a picture: without controls, without what moves them, and no word of it."""
    def silent(part):
        if not isinstance(part, str):
            return part
        return re.sub(' (data-set|data-says|aria-label|role)="[^"]*"', "", part) if "data-set=" in part else ASKS.sub("", part)
    return state | {"controls": [], "parts": [*map(silent, state["parts"])]}


def output(given, place):
    """What a cell gave: printed words, an explorer, a table of ours, a value."""
    if "explorer" in given:
        return explorer(given["explorer"], place)
    if "text/html" in given:
        return f'<div class="result">{given["text/html"]}</div>'
    text = given.get("stdout") or given.get("text/plain")
    kind = "out table" if TABLE.search(text or "") else "out"
    return f'<pre class="{kind}">{html.escape(text.rstrip())}</pre>' if text else ""


def folded(title, inside, kind="fold"):
    return f'<details class="{kind}"><summary>{title}</summary>{inside}</details>'


def code_cell(cell):
    """A cell of code. Folded: imports; the source of a prediction, which holds the answer, and of a picture, one line."""
    if cell["source"].startswith(PROGRESS):
        cell = cell | {"source": cell["source"].removeprefix(PROGRESS), "outputs": cell["outputs"][1:]}
    source, outputs = code(cell["source"]), "".join(output(given, cell["id"]) for given in cell["outputs"])
    picture = '<div class="rnn">' in outputs
    if box_of(cell):
        printed = "".join(output(given, cell["id"]) for given in cell["outputs"] if OWN in cell["source"] and "stdout" in given)
        return exercise(cell, source) + (folded("what it prints with the library's backward pass", printed) if printed else "")
    if "source_hidden" in cell["hidden"] and not cell["outputs"] and "assert " in cell["source"] and "def " not in cell["source"]:
        return ""                                                                   # it checks the text around it, for us
    if "outputs_hidden" in cell["hidden"] and outputs:                              # printed: a vote before it opens it
        outputs = folded("what it draws" if picture else "what it prints", outputs,
                         "fold printed" if "source_hidden" in cell["hidden"] else "fold")
    if IMPORTS.fullmatch(cell["source"]):
        return folded("what this lesson imports", source)
    if "source_hidden" in cell["hidden"] or (picture and cell["source"].startswith("explorers.")):
        return outputs + folded("the code that prints it" if "fold printed" in outputs else "the code behind it", source)
    return source + outputs


def box_of(cell):
    """The name of the box that a cell becomes: of its exercise, or, where the clinic looks at the learner's pass, of the cell."""
    return (EXERCISE.findall(cell["source"]) or [cell["id"] if OWN in cell["source"] else ""])[-1]


def exercise(cell, source):
    """Code to write, or to run on one's own: exercise.js makes an editor of it."""
    name = box_of(cell)
    said = f"exercise {name[4:]}" if name.startswith("q") else f"your own pass, {name}"
    return (f'<section class="exercise" id="{cell["id"]}" data-exercise="{name}" aria-label="{said}">{source}'
            f'<script type="application/json">{data(helps(name))}</script></section>')


def sources(cells):
    """The code of a lesson, for the page to run: [id, source, name of its box]"""
    return [[cell["id"], cell["source"], box_of(cell)] for cell in cells if cell["kind"] == "code"]
