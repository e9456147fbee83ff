"""The lessons speak plain English: words and patterns that must not come back, and terms that must be there."""
import re

import pytest
from lessons import PATHS, every_lesson, read

GONE = {
    r"\bwhoever\b": "say who: a student, a program",
    r"\b(?:said once|here lies|all is (?:computed|kept|given|done))\b": "an inverted clause: say it straight",
    r"\b(?:kept aside|by heart|learn(?:s|ing|ed)? by heart)\b": "the field's words: validation set, memorise, overfitting",
    r"\b(?:loss|losses|row|rows|number|term|terms|word|gradient|product|products|bar|digit|cell|tile|use) a "
    r"(?:step|matrix|column|row|lesson|word|use|loss)\b": "per step, one for each step",
    r", for (?:it|they|he|she|nobody|there) (?:is|are|was|has|have|holds|cuts|does)\b": "because",
}
TERMS = ("validation set", "overfitting", "weight decay", "dropout", "logits", "hidden unit", "vector–Jacobian product",
         "teacher forcing", "learning rate", "epoch", "minibatch", "gradient descent", "perplexity", "many-to-one")


def words(notebook):
    """Its prose, and the questions and replies of its predictions."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown" or "explorers.predict(" in cell.source]


@every_lesson
def test_what_was_hard_to_read_does_not_come_back(path):
    found = [f"{match[0]}: {better}" for text in words(read(path)) for pattern, better in GONE.items()
             for match in re.finditer(pattern, text, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize("term", TERMS)
def test_the_fields_own_word_is_introduced_in_bold(term):
    bold = re.compile(rf"\*\*{re.escape(term)}s?\*\*", re.IGNORECASE)
    assert any(bold.search(text.replace("-Jacobian", "–Jacobian")) for path in PATHS for text in words(read(path)))


def test_what_is_worked_out_with_plain_numbers_is_right():
    formulas = [formula for path in PATHS for text in words(read(path)) for formula in re.findall(r"\$(.+?)\$", text)]
    sums = [formula for formula in formulas if re.fullmatch(r"(?:[\d.+/() -]|\\cdot)+ = [\d.]+", formula)]
    for formula in sums:
        left, result = formula.replace(r"\cdot", "*").split("=")
        assert round(eval(left), len(result.partition(".")[2])) == float(result), formula
    assert len(sums) > 4


@every_lesson
def test_a_vote_holds_no_markdown_which_would_be_shown_as_it_is(path):
    votes = [text for text in words(read(path)) if "explorers.predict(" in text]
    assert [found for text in votes for found in re.findall(r"(?<![\w*])\*[A-Za-z][\w ]*\*(?![\w*])", text)] == []
