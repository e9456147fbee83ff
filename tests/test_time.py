"""The time that a lesson claims is the time that it takes: words, code, exercises and acts, by one formula."""
import re

from lessons import code, every_lesson, prose, read

WORDS, LINES, EXERCISE, ACT, MOST = 150, 8, 6, 4, 50          # per minute, per minute, minutes, minutes, minutes a lesson
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|<[^>]+>", re.DOTALL)


def minutes(notebook):
    """Minutes of a lesson for a reader. Neither an optional exercise counts nor folded code; a vote is read like 60 words."""
    texts = [cell.source for cell in prose(notebook)]
    words = sum(len(re.findall(r"\w[\w'-]*", FORMULA.sub("x", text))) for text in texts)
    acts = sum(len(re.findall(r"^## Act", text, re.MULTILINE)) for text in texts)
    votes = [cell for cell in code(notebook) if "explorers.predict(" in cell.source]
    shown = [cell for cell in code(notebook) if not cell.metadata.get("jupyter", {}).get("source_hidden")]
    lines = sum(len([line for line in cell.source.splitlines() if line.strip()]) for cell in shown if cell not in votes)
    return (words + 60 * len(votes)) / WORDS + lines / LINES + EXERCISE * exercises(notebook) + ACT * acts


def exercises(notebook):
    """How many exercises count: those whose heading does not say that they are optional."""
    optional, count = False, 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heads = re.findall(r"^#+ .*$", cell.source, re.MULTILINE)
            optional = "(optional)" in heads[-1] if heads else optional
        elif re.search(r"\bcheck\.q\d\d_\d+\(", cell.source):
            count += not optional
    return count


@every_lesson
def test_a_lesson_claims_the_time_that_it_takes_to_the_nearest_five_and_fifty_minutes_at_most(path):
    notebook = read(path)
    claimed = int(re.search(r"About (\d+) minutes", notebook.cells[0].source)[1])
    assert minutes(notebook) <= MOST + .5
    assert claimed == 5 * round(minutes(notebook) / 5)


def test_the_formula_counts_what_it_says():
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    cells = [new_markdown_cell("# 00 · A\n\n" + "word " * 147), new_code_cell("x = 1\n" * 8), new_markdown_cell("## Exercise 1"),
             new_code_cell("check.q00_1(x)"), new_markdown_cell("## Exercise 2 (optional)"), new_code_cell("check.q00_2(x)"),
             new_markdown_cell("## Act: now"), new_code_cell('explorers.predict(\n"?", {})')]
    assert 12.5 < minutes(new_notebook(cells=cells)) < 13
