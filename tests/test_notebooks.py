"""What every stored notebook keeps to. Nothing is run here: nbval, the sweep and the browser do that."""
import ast
import os
import re
from statistics import median

import pytest
from lessons import PATHS, code, every_lesson, outputs, pictures, prose, read, text
from test_time import exercises as counted

from notebooks.store import fingerprint
from rnn_lib import checks

MACHINE = re.compile(r"/(root|home|work|tmp|Users|var|usr|opt)/|[A-Z]:\\\\?[\w.]")
LINK = re.compile(r"""\]\(\s*<?([^)\s>]+)|(?:href|src)\s*=\s*["']([^"']+)""")
HEADING = re.compile(r"^#+\s+(.+?)\s*$", re.MULTILINE)
# Folded code: what no question is about, what an exercise asks for, and what only asserts.
PLUMBING = {"00-03", "00-13", "03-11", "03-13", "03-16", "03-28", "04-35", "05-19", "06-14", "08-13", "08-21c", "08-23", "08-23c",
            "08-36b", "09-16", "09-18", "09-40", "12-17", "12-26f", "13-16", "13-20", "13-23", "13-46a", "13-46b", "14-09p",
            "14-21a", "08-36e", "14-28", "14-30a", "14-36", "14-45", "15-11", "15-23", "15-25b", "15-33a", "15-35a",
            "16-13", "16-15"}
NETWORK = {"urllib", "requests", "http", "socket", "httpx", "aiohttp", "ftplib"}
EXERCISE = re.compile(r"q\d\d_\d+")


def lines(cell):
    """Its lines that are not blank."""
    return [line for line in cell.source.splitlines() if line.strip()]


def imported(notebook):
    """Dotted names of everything that the code cells import."""
    for cell in code(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def exercises(notebook):
    """Names of the exercises that the code cells put to the reader."""
    return set(re.findall(r"\bcheck\.(q\d\d_\d+)\(", "\n".join(cell.source for cell in code(notebook))))


def test_there_are_lessons():
    assert PATHS


@every_lesson
def test_outputs_come_from_one_run_top_to_bottom(path):
    cells = code(read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@every_lesson
def test_no_error_is_stored(path):
    shown = outputs(read(path))
    assert [output for output in shown if output.output_type == "error"] == []
    assert [output.text for output in shown if output.get("name") == "stderr"] == []
    assert [output for output in shown if 'role="alert"' in str(output.get("data"))] == []


@every_lesson
@pytest.mark.skipif("CI" not in os.environ, reason="who writes a lesson stores it at the end: CI wants it stored")
def test_the_lesson_is_as_make_store_left_it(path):
    assert read(path).metadata.get("stored") == fingerprint(read(path))


@every_lesson
def test_no_live_widget_is_stored(path):
    notebook = read(path)
    assert "widgets" not in notebook.metadata
    assert notebook.metadata.kernelspec.name == "python3"          # without it JupyterLab asks the reader which kernel
    assert "vnd.jupyter.widget" not in text(path)


@every_lesson
def test_the_file_is_small_and_names_no_machine(path):
    assert len(text(path).encode()) <= 300_000
    words = re.sub(r'"image/png": "[^"]*"', "", text(path))
    assert [words[max(0, found.start() - 40):found.end() + 40] for found in MACHINE.finditer(words)] == []


@pytest.mark.parametrize("words", ["/root/.venv", "in /home/me", "/tmp/x", "/work/main", r"C:\Users", r'{"a": "C:\\Users"}'])
def test_a_machine_path_is_recognised(words):
    assert MACHINE.search(words)


@every_lesson
def test_cells_are_short(path):
    long = [cell.source for cell in code(read(path)) if len(lines(cell)) > 20]
    assert long == []


def test_the_median_cell_of_the_series_is_short():
    assert median(len(lines(cell)) for path in PATHS for cell in code(read(path))) <= 6


@every_lesson
def test_a_lesson_starts_with_its_title_then_its_imports(path):
    title, head = read(path).cells[:2]
    assert title.cell_type == "markdown"
    assert title.source.startswith(f"# {path.name[:2]} · ")
    assert head.cell_type == "code"
    assert all(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(head.source).body)


@every_lesson
def test_a_lesson_ends_with_at_least_three_recall_questions(path):
    cells = read(path).cells
    last = next(cell for cell in cells if "## Review" in cell.source)
    assert not counted(cells[cells.index(last):])                        # what stands below it, if anything, is optional
    questions = re.findall(r"<details><summary>(.+?)</summary>(.+?)</details>", last.source, re.DOTALL)
    assert len(questions) >= 3
    assert last.source.count("<details") == len(questions)
    assert all(question.strip() and answer.strip() for question, answer in questions)


@every_lesson
def test_the_code_of_a_prediction_is_folded_away_since_it_holds_the_answer(path):
    for cell in code(read(path)):
        folded = "explorers.predict(" in cell.source or cell.id in PLUMBING
        assert cell.metadata.get("jupyter", {}).get("source_hidden", False) == folded, cell.source
        if "explorers.predict(" in cell.source:
            assert cell.source.splitlines()[0] == "explorers.predict("           # JupyterLab shows the first line all the same


@every_lesson
def test_no_markdown_stands_on_a_line_of_html_where_it_would_be_shown_as_it_is(path):
    for cell in read(path).cells:
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            text = re.sub(r"\$[^$]*\$", "", line)
            assert not (line.startswith("<details") and re.search(r"[`*]", text)), line


@every_lesson
def test_an_empty_line_follows_a_fold_or_the_heading_below_it_would_be_shown_as_it_is(path):
    for cell in read(path).cells:
        assert cell.cell_type != "markdown" or not re.search(r"</details>\n[^<\n]", cell.source), cell.source


@every_lesson
def test_links_lead_somewhere(path):
    notebook = read(path)
    text = "\n".join(cell.source for cell in prose(notebook))
    anchors = {heading.replace(" ", "-") for heading in HEADING.findall(text)}
    for target in filter(None, (link for pair in LINK.findall(text) for link in pair)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        assert not file.startswith("/"), target
        assert (path.parent / file).exists(), target
        assert file or anchor in anchors, target


@every_lesson
def test_a_picture_has_a_name_and_a_caption_below_it(path):
    for _, output, caption in pictures(read(path)):
        assert output.metadata["image/png"]["alt"].strip()
        assert output.data["text/plain"] == output.metadata["image/png"]["alt"]
        assert set(caption.data) == {"text/markdown", "text/plain"}
        assert re.search(r"[.?!]$", caption.data["text/plain"].strip()), caption.data["text/plain"]


@every_lesson
def test_no_svg_is_stored_which_an_untrusted_notebook_does_not_show(path):
    assert [output for output in outputs(read(path)) if "image/svg+xml" in output.get("data", {})] == []


@every_lesson
def test_no_pyplot_and_nothing_from_the_network(path):
    names = set(imported(read(path)))
    assert not {name for name in names if name.startswith("matplotlib.pyplot") or name == "pylab"}
    assert not {name for name in names if name.split(".")[0] in NETWORK}
    assert not [cell.source for cell in code(read(path)) if re.search(r"https?://|^[!%]", cell.source, re.MULTILINE)]


@every_lesson
def test_every_exercise_of_a_lesson_exists_and_is_its_own(path):
    asked = exercises(read(path))
    assert asked, "a lesson has exercises"
    assert asked <= set(checks.__all__)
    assert {name[1:3] for name in asked} == {path.name[:2]}
    named = set(EXERCISE.findall("\n".join(cell.source for cell in read(path).cells)))
    assert named <= set(checks.__all__)


@every_lesson
def test_every_exercise_stands_under_a_heading_that_names_it(path):
    heading, named, met = "", {"q17_1": "Practice", "q17_2": "The exam"}, []
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            heading = [heading, *re.findall(r"^#+ (.*)", cell.source, re.MULTILINE)][-1]
        for name in EXERCISE.findall(cell.source) if cell.cell_type == "code" else ():
            due = named.get(name, f"(Exercise|Patient) {name[4:]}\\b")
            assert re.match(due, heading), f"{name} stands under “{heading}”"
            met.append(int(name[4:]))
    assert met == sorted(met), "exercises are numbered as they are met"


def test_every_exercise_is_put_in_some_lesson():
    asked = set().union(*(exercises(read(path)) for path in PATHS))
    assert asked == {name for name in checks.__all__ if EXERCISE.fullmatch(name)}


@every_lesson
def test_the_lesson_says_which_sentences_of_the_lecture_it_covers(path):
    covered = read(path).metadata["lecture"]
    assert covered
    assert len(set(covered)) == len(covered)
    assert all(re.fullmatch(r"S\d+", number) for number in covered)
