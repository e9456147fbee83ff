"""What the README and its neighbours say is so: lines run, the picture is the explorer's, links resolve, times agree."""
import doctest
import re
from pathlib import Path

import numpy as np
import pytest
from lessons import PATHS, read

import rnn_lib as rnn
from bench import engine
from rnn_lib import explorers
from rnn_lib.checks import guide
from rnn_lib.diagrams.svg import touched
from rnn_lib.explorers.kit import card

ROOT = Path(__file__).parent.parent
README, CHANGE, SPEED, TEACHING = ((ROOT / name).read_text("utf-8") for name in
                                   ("README.md", "CONTRIBUTING.md", "bench/README.md", "TEACHING.md"))


def test_the_lines_at_the_top_run_and_print_what_they_say():
    lines = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    test = doctest.DocTestParser().get_doctest(lines, {}, "README", "README.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def picture():
    """The linked triangle of lesson 07, cut to 8 steps, while C[7,3] is touched. To write it again:

    PYTHONPATH=tests:. python -c 'import test_readme as t; (t.ROOT / "notebooks/triangle.svg").write_text(t.picture(), "utf-8")'
    """
    rng = np.random.default_rng(1)
    params = rnn.init_parameters(D=3, H=5, K=4, rng=rng)
    x, h_0, y = rng.standard_normal((12, 3)), rng.standard_normal(5), rng.integers(4, size=12)
    explorer = explorers.contributions(params, x[:8], y[:8], h_0)
    return card(touched(explorer.picture().svg, "c7-3"))


def test_the_picture_is_the_explorers():
    assert (ROOT / "notebooks" / "triangle.svg").read_text(encoding="utf-8") == picture()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README + CHANGE))))
def test_links_resolve(link):
    assert (ROOT / link).exists()


def test_every_lesson_is_in_the_index():
    assert set(re.findall(r"notebooks/(\w+)\.ipynb", README)) == {path.stem for path in PATHS}


def test_the_commands_it_names_are_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{target}: " in makefile for target in re.findall(r"(?:^|`)make (\w+)", README + CHANGE + SPEED, re.MULTILINE))


def test_the_table_of_speeds_has_the_rows_and_columns_of_the_bench():
    head, _, *rows = re.findall(r"^\|.*\|$", SPEED, re.MULTILINE)
    assert head.split(" | ")[1:-2] == [*engine.PEERS][:-2]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [", ".join(map(str, size)) for size in engine.SIZES]
    column = head.split(" | ").index("PyTorch")
    slower = [float(row.split(" | ")[column].removesuffix("×")) for row in rows]
    assert f"{min(slower):.1f} to {max(slower):.0f} times as fast as PyTorch" in README


def test_the_minutes_are_those_of_the_lessons():
    claimed = [int(re.search(r"About (\d+) minutes", read(path).cells[0].source)[1]) for path in PATHS]
    assert f"\n{min(claimed)} to {max(claimed)} minutes each" in README


def test_each_week_of_the_timetable_leaves_the_homework_that_it_says():
    claimed = {path.name[:2]: int(re.search(r"About (\d+) minutes", read(path).cells[0].source)[1]) for path in PATHS}
    weeks = re.findall(r"^\| \d \|.*\| ([^|]*) \|$", TEACHING, re.MULTILINE)
    taught = [re.findall(r"\d\d", re.sub(r" or \d\d|,? and \d\d at home|; .*", "", week)) for week in weeks]
    home = [sum(claimed[number] for number in numbers) - 90 for numbers in taught]
    least, most = map(int, re.search(r"each has (\d+) to (\d+) minutes of work beyond its 90", TEACHING).groups())
    assert len(home) == 6
    assert (least, most) == (min(home), max(home))


def test_the_answer_keys_are_those_of_the_exercises():
    """To print them again: make guide"""
    assert guide.with_guide(TEACHING) == TEACHING
