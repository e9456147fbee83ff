"""The page of one lesson."""
import html
import re
from typing import NamedTuple

import cells
import lite
import page
from prose import Prose
from said import of_a_page


class Lesson(NamedTuple):
    """A lesson, as the other pages speak of it."""
    name: str              # of the notebook, and of the page
    number: str
    title: str
    afterwards: str        # "you can ...", as HTML
    time: str              # "40 min" or "50 min of reading", as the lesson says
    html: str              # the cells
    headings: list         # (level, id, words)
    sources: list          # [id, source, name of the exercise] of the cells to run


def lesson(name, book):
    """The lesson of this name, read and rendered.   book: Book"""
    prose = Prose(name, book)
    made = [prose.render(of_a_page(cell["source"])) if cell["kind"] == "markdown" else cells.code_cell(cell)
            for cell in book.lessons[name]]
    head = book.lessons[name][0]["source"]
    number, title = re.search(r"^# (\d\d) · (.*)$", head, re.MULTILINE).groups()
    afterwards = re.search(r"\*\*Afterwards you can\*\* (.*?)(?=\s*About \d+ minutes|\n\n|\Z)", head, re.DOTALL)
    minutes = re.search(r"(\d+) minutes( of reading)?", head)
    return Lesson(name, number, title, Prose(name, book).render(afterwards[1]) if afterwards else "",
                  f"{minutes[1]} min{minutes[2] or ''}" if minutes else "", "\n".join(made), prose.headings,
                  cells.sources(book.lessons[name]))


def lesson_page(it, lessons, here=False, **more):
    """The whole page.   lessons: all of them, in order     here: whether JupyterLite is built beside it"""
    at = lessons.index(it)
    before, after = (lessons[i] if 0 <= i < len(lessons) else None for i in (at - 1, at + 1))
    title = f'<h1\\1><span class="no">{it.number}</span>{html.escape(it.title)}</h1>'
    body = re.sub(r"<h1([^>]*)>.*?</h1>", title + way_to_run(it, here), it.html, count=1)
    about = re.sub(r"<[^>]+>", "", f"Afterwards you can {it.afterwards}").strip()
    return page.fill(title=f"{it.number} · {it.title} · BPTT by hand", about=about, kind="lesson", toc=contents(it),
                     nav=neighbours(before, it, after), body=body + ends(before, after),
                     scripts=("answers.js", "python.js", "exercise.js", "alive.js"),
                     data=f'<script type="application/json" id="cells">{cells.data(it.sources)}</script>',
                     foot="<p>Nothing on this page comes from elsewhere, and nothing that you type leaves it.</p>", **more)


def way_to_run(it, here):
    """The link to the lesson in JupyterLite; page.js replaces it where the page comes from a folder."""
    if not here:
        return '<p class="run">To run this lesson, open it in JupyterLab: <code>make lab</code>.</p>'
    return (f'<p class="run"><a class="button" href="{lite.address(it.name)}">Run this lesson</a> '
            '<span>JupyterLab in your browser: nothing to install, and your answers are kept there</span></p>')


def neighbours(before, it, after):
    """The links in the bar."""
    link = '<a href="{0.name}.html" rel="{1}" aria-label="{2}: {0.number} {3}">{4}</a>'
    back = link.format(before, "prev", "previous lesson", html.escape(before.title), f"← {before.number}") if before else ""
    on = link.format(after, "next", "next lesson", html.escape(after.title), f"{after.number} →") if after else ""
    return f'{back}<a class="title" href="#main" aria-current="page">{it.number} · {html.escape(it.title)}</a>{on}'


def contents(it):
    """The headings of the page, folded where the page is narrow."""
    rows = "".join(f'<li><a href="#{place}">{html.escape(words)}</a></li>' for level, place, words in it.headings if level == 2)
    return ('<details class="toc" open><summary>On this page</summary>'
            f'<nav aria-label="on this page"><ol>{rows}</ol></nav></details>')


def ends(before, after):
    """The way on, at the foot of the page."""
    link = '<a class="{1}" href="{0.name}.html"><small>{2}</small>{0.number} · {3}</a>'
    back = link.format(before, "back", "← before it", html.escape(before.title)) if before else ""
    on = link.format(after, "next", "next →", html.escape(after.title)) if after else ""
    return f'<nav class="ends" aria-label="before and after">{back}{on}</nav>'
