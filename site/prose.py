"""Markdown of a lesson as HTML: formulas, headings that can be linked, links from page to page, numbers of equations as links."""
import html
import re

import mathml
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

NUMBER = re.compile(r"(?<!\w)\((\d{1,2})\)")                                  # (8): an equation; no σ(2)
LESSONS = re.compile(r"\b[Ll]essons? \d\d(?:(?:, | and | or | to |–)\d\d)*\b")  # lessons 05 and 06
TAGS = re.compile(r"(?:\\tag\{|&& \()(\d+)[)}]")                             # where an equation gets its number
MATH = r"<math(?:(?!</math>).)*</math>"
CLOSE = re.compile(rf"\({MATH}[.,;:!?)]*|{MATH}[.,;:!?)]+", re.DOTALL)          # a formula keeps its bracket, its full stop
PARTED = re.compile(r"(?<=\d) (?=%|: \d)|(?<=\bp) (?== \d)|(?<=\d :|\bp =) (?=\d)")       # 94 %, 101 : 38, p = 0.007
HEADING = re.compile(rf"<th>({MATH})</th>", re.DOTALL)                           # a formula alone is empty for axe
ANCHOR = re.compile(r"</?a\b[^>]*>")


def slug(words):
    """The place of a heading on its page, as JupyterLab's own links name it, in small letters."""
    return re.sub(r"\W+", "-", words.lower()).strip("-")


class Prose(IPythonRenderer):
    """Renders one lesson.   name: of its page     book: Book, what the other pages hold"""

    def __init__(self, name, book):
        super().__init__(escape=False, exclude_anchor_links=True)
        self.name, self.book, self.headings = name, book, []

    def block_math(self, body):
        return mathml.block(body, lambda number: f"eq-{number}")

    def inline_math(self, body):
        return mathml.formula(body)

    def latex_environment(self, name, body):
        return mathml.block(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def text(self, text):
        said = PARTED.sub("\u202f", super().text(text))                        # no line ends there
        said = NUMBER.sub(lambda found: self.book.equation(self.name, found[1]), said)
        return LESSONS.sub(lambda found: re.sub(r"\d\d", lambda number: self.book.lesson(self.name, number[0]), found[0]), said)

    def heading(self, text, level, **attributes):
        plain, words = ANCHOR.sub("", text), re.sub(r"<[^>]+>", "", text)
        place = slug(html.unescape(words)) or "part"
        place = place if place not in [known for _, known, _ in self.headings] else f"{place}-{len(self.headings)}"
        self.headings.append((level, place, html.unescape(words)))
        return f'<h{level} id="{place}">{plain}</h{level}>\n'

    def link(self, text, url, title=None):
        """Another lesson is another page; what else lies in the project is not on the page, and stays words."""
        page, _, place = url.partition("#")
        page, text = re.sub(r"\.ipynb$", ".html", page), ANCHOR.sub("", text)
        if page in ("", *self.book.pages):
            url = f"{page}#{slug(place)}" if place else page
        elif not re.match(r"https?://", url):
            return text
        return f'<a href="{html.escape(url)}">{text}</a>'

    def block_html(self, text):
        """Folded answers: formulas and code may stand in them."""
        return re.sub(r"\$([^$\n]+)\$", lambda found: mathml.formula(found[1]), super().block_html(text))

    def render(self, markdown):
        made = MarkdownWithMath(renderer=self).render(markdown)
        made = CLOSE.sub(r'<span class="close">\g<0></span>', made)
        made = made.replace("<th></th>", "<td></td>")                          # a corner is no heading
        made = HEADING.sub(r'<td class="head">\1</td>', made)
        return made.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")


class Book:
    """What the pages know of each other.   lessons: {name: cells}, in order"""

    def __init__(self, lessons):
        self.lessons, self.pages = lessons, [f"{name}.html" for name in lessons]
        self.numbers = {name: TAGS.findall("".join(cell["source"] for cell in cells)) for name, cells in lessons.items()}

    def equation(self, here, number):
        """The number of an equation as a link to where it stands: on this page, else on the first that has it."""
        at = next((name for name in (here, *self.lessons) if number in self.numbers[name]), None)
        there = "" if at == here else f"{at}.html"
        return f'<a class="number" href="{there}#eq-{number}">({number})</a>' if at else f"({number})"

    def lesson(self, here, number):
        name = next((name for name in self.lessons if name.startswith(f"{number}_")), None)
        return f'<a href="{name}.html">{number}</a>' if name not in (None, here) else number
