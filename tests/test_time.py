"""The time that a lesson claims is the time that it takes: words, code, formulas, pictures and exercises, by one formula."""
import re

from lessons import every_lesson, read

WORDS, LINES = 120, 8                                         # per minute
EXERCISE, ACT, EXPLORER, EQUATION = 8, 2, 2, .5               # minutes
LESSON, SITTING = 70, 40                                      # minutes at most
BREAK = "*Half way: a good place for a break.*"
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|<[^>]+>", re.DOTALL)


def minutes(cells):
    """Minutes for a reader. Neither an optional exercise counts nor folded code; a vote is read like 60 words.

    Readers who did not build the lessons wrote down how long these take: 57 to 80 minutes for those of which this says 57 to 70.
    """
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    words = sum(len(re.findall(r"\w[\w'-]*", FORMULA.sub("x", text))) for text in texts)
    equations = sum(1 + body.count("\\\\\n") for text in texts for body in re.findall(r"\$\$(.*?)\$\$", text, re.DOTALL))
    acts = sum(len(re.findall(r"^## Act", text, re.MULTILINE)) for text in texts)
    codes = [cell for cell in cells if cell.cell_type == "code"]
    votes = [cell for cell in codes if "explorers.predict(" in cell.source]
    pictures = sum("explorers." in cell.source for cell in codes) - len(votes)
    shown = [cell for cell in codes if not cell.metadata.get("jupyter", {}).get("source_hidden")]
    lines = sum(len([line for line in cell.source.splitlines() if line.strip()]) for cell in shown if cell not in votes)
    return ((words + 60 * len(votes)) / WORDS + lines / LINES + EQUATION * equations + EXERCISE * exercises(cells) + ACT * acts
            + EXPLORER * pictures)


def exercises(cells):
    """How many exercises count: those whose heading does not say that they are optional."""
    optional, count = False, 0
    for cell in cells:
        if cell.cell_type == "markdown":
            heads = re.findall(r"^#+ .*$", cell.source, re.MULTILINE)
            optional = "(optional)" in heads[-1] if heads else optional
        elif re.search(r"\bcheck\.q\d\d_\d+\(", cell.source):
            count += not optional
    return count


@every_lesson
def test_a_lesson_claims_the_time_that_it_takes_to_the_nearest_five_and_a_long_one_has_a_break(path):
    cells = read(path).cells
    claimed, long = re.search(r"About (\d+) minutes(?: of reading)?(, in two sittings)?", cells[0].source).groups()
    assert minutes(cells) <= LESSON + .5
    assert int(claimed) == 5 * round(minutes(cells) / 5)
    halves = [i for i, cell in enumerate(cells) if BREAK in cell.source]
    assert len(halves) == bool(long) == (int(claimed) > 50)
    for half in halves:
        assert max(minutes(cells[:half]), minutes(cells[half:])) <= SITTING


def test_the_formula_counts_what_it_says():
    from nbformat.v4 import new_code_cell, new_markdown_cell
    cells = [new_markdown_cell("# 00 · A\n\n" + "word " * 117), new_code_cell("x = 1\n" * 8), new_markdown_cell("## Exercise 1"),
             new_code_cell("check.q00_1(x)"), new_markdown_cell("## Exercise 2 (optional)"), new_code_cell("check.q00_2(x)"),
             new_markdown_cell("## Act: now\n\n$$a \\\\\nb$$"), new_code_cell('explorers.predict(\n"?", {})'),
             new_code_cell("explorers.it()")]
    assert 15.5 < minutes(cells) < 16.5
