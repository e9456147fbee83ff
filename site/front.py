"""The front page: what this is, the linked triangle and a wrong pass alive, the lessons as a map, a search over all of them."""
import html
import re
import string

import cells
import numpy as np
import page

import rnn_lib as rnn
from rnn_lib import explorers

PARTS = (("What it computes", "00 01 02 03 04"), ("How it learns", "05 06 07 08 09"),
         ("Is it right?", "10 11"), ("At work", "12 13 14 15 16 17"))
ABOUT = "Move a slider and see a recurrent network change, derive a gradient, write it, and be told what is wrong."


def triangle():
    """The explorer of the front page: every contribution C[t,k] to dW of a network of three units, T up to 8."""
    rng = np.random.default_rng(281)                     # one at which many cells count, for and against
    params = rnn.init_parameters(D=3, H=3, K=3, rng=rng)
    params, x = params._replace(W=1.6 * params.W), rng.standard_normal((8, 3))
    return explorers.contributions(params, x, rng.integers(3, size=8), rng.standard_normal(3), plain=True)


def my_bptt(params, run, do):
    dW, message = 0, 0 * run.h[0]
    for t in range(len(do), 0, -1):
        dh = params.U.T @ do[t - 1] + message
        da = run.f.slope(run.a[t - 1]) * dh
        dW = dW + np.outer(da, run.h[t - 1])
        message = params.W @ da
    right = rnn.bptt(params, run, do)
    return right._replace(W=dW)


def alive(explorer):
    """An explorer as a part of the page."""
    return cells.explorer({name: getattr(explorer, name) for name in explorers.Explorer.class_own_traits(sync=True)})


def front(lessons, project=None, **more):
    """The whole page.   lessons: all of them, in order     project: address of its repository, where it is known"""
    link = f'<a href="{html.escape(project)}">the project</a>' if project else "the project"
    hours = sum(int(it.time.split()[0]) for it in lessons if it.time) / 60
    body = string.Template(page.read("front.html")).substitute(
        triangle=alive(triangle()), film=alive(explorers.film(rnn.diagnose(my_bptt))), map=lesson_map(lessons),
        first=f"{lessons[0].name}.html", clinic=next((f"{it.name}.html" for it in lessons if it.number == "11"), "#lessons"),
        count=len(lessons), hours=f"{hours:.0f}", project=link)
    index = f'<script type="application/json" id="index">{cells.data(sections(lessons))}</script>'
    return page.fill(title="Backpropagation through time, by hand", about=ABOUT, kind="front", toc="", body=body, last=index,
                     nav='<a href="#lessons">Lessons</a><a href="#run">Run</a><a href="#teach">Teach</a>',
                     foot="<p>Code: MIT licence. Formulas are set in STIX Two Math (SIL Open Font Licence).</p>",
                     scripts=("find.js", "answers.js", "keep.js"), **more)


def lesson_map(lessons):
    """The lessons in their parts; those of later parts that are not named there stand in the last."""
    named = {number: i for i, (_, numbers) in enumerate(PARTS) for number in numbers.split()}
    rows = [[it for it in lessons if named.get(it.number, len(PARTS) - 1) == i] for i in range(len(PARTS))]
    return "".join(f'<section class="part"><h3>{title}</h3><ol>{"".join(map(card, row))}</ol></section>'
                   for (title, _), row in zip(PARTS, rows, strict=True) if row)


def card(it):
    afterwards = re.sub(r"</?p>|</?a\b[^>]*>", "", it.afterwards).strip()
    exercises = len({name for _, _, name in it.sources if name.startswith("q")})
    return (f'<li><a class="card" href="{it.name}.html" data-lesson="{it.number}" data-exercises="{exercises}">'
            f'<span class="no">{it.number}</span><strong>{html.escape(it.title)}</strong><span class="can">{afterwards}</span>'
            f'<span class="time">{it.time}</span><span class="done"></span></a></li>')


def sections(lessons):
    """What is searched: [page, lesson, heading, id, words] of every part of every lesson."""
    return [section for it in lessons for section in parts(it)]


def parts(it):
    """What is searched of one lesson."""
    found, read = [], re.sub(r'<script.*?</script>|<details class="fold">.*?</details>', " ", it.html, flags=re.DOTALL)
    for piece in re.split(r"(?=<h[1-4] )", read):
        head = re.match(r'<h[1-4] id="(.*?)">(.*?)</h[1-4]>', piece)
        if head:
            found.append([f"{it.name}.html", f"{it.number} · {it.title}", plain(head[2]), head[1], plain(piece[head.end():])])
    return found


def plain(text):
    """HTML as words."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</m\w+>|<m\w+[^>]*>", "", text))).split())
