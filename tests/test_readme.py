"""What the README says is so: its lines run, its picture is the explorer's, its links resolve, its rooms exist."""
import doctest
import re
from pathlib import Path

import pytest

from bench import engine
from rnn_lib import explorers

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_lines_at_the_top_run_and_print_what_they_say():
    lines = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    test = doctest.DocTestParser().get_doctest(lines, {}, "README", "README.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_picture_is_the_explorers():
    unfolding = explorers.unfolding(T_max=12)
    unfolding.controls["T"].value, unfolding.controls["light"].value = 12, "W"
    assert (ROOT / "notebooks" / "unfolding.svg").read_text(encoding="utf-8") == unfolding._repr_mimebundle_()["image/svg+xml"]


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_links_resolve(link):
    assert (ROOT / link).exists()


def test_every_lesson_is_in_the_index():
    assert set(re.findall(r"notebooks/(\w+)\.ipynb", README)) == {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_the_commands_it_names_are_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{target}: " in makefile for target in re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE))


def test_the_table_of_speeds_has_the_rows_and_columns_of_the_bench():
    head, _, *rows = re.findall(r"^\|.*\|$", README.partition("## Speed")[2].partition("\n## ")[0], re.MULTILINE)[:7]
    assert head.split(" | ")[1:-2] == [*engine.PEERS][:-2]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [", ".join(map(str, size)) for size in engine.SIZES]
