"""The second half of TEACHING.md, printed from the exercises themselves: solution, what students write, what they are told.

    python -m rnn_lib.checks.guide        writes it anew below its mark: make guide
"""
import re
from pathlib import Path

from .. import checks

TEACHING = Path(__file__).parent.parent.parent / "TEACHING.md"
MARK = "<!-- What follows is printed by make guide. -->\n"


def guide():
    """Markdown of every exercise, in the order of the lessons."""
    exercises = [_exercise(name, getattr(checks, name)) for name in checks.__all__ if name[0] == "q"]
    return "\n".join(["\n# Answer keys\n\nAny right answer of another sign, factor or order is told so.\n", *exercises])


def with_guide(text):
    """A teacher's guide with its second half as it is now.   text: of TEACHING.md"""
    return text.partition(MARK)[0] + MARK + guide() + "\n"


def _exercise(name, exercise):
    rows = [*_edits(exercise.mistakes), *_values(exercise.table)]
    told = ["", "| a student writes | and is told |", "|---|---|"]
    told += [f"| {_cell(wrote)} | {_cell(said)} |" for wrote, said in rows]
    return "\n".join([f"## Lesson {name[1:3]}, exercise {name[4:]} (`{name}`)", "", "```python", exercise.key, "```",
                      *(told if rows else []), ""])


def _edits(mistakes):
    """(what is written, what is said) of every mistake that is an edit, or another returned expression."""
    if isinstance(mistakes, dict):
        mistakes = [one for some in mistakes.values() for one in some]
    for *wrote, said in mistakes or ():
        if wrote and all(isinstance(part, str) for part in wrote) and isinstance(said, str):
            told = [f"`{wrong}` for `{due}`" if wrong.strip() else f"`{due.strip()}` left out"
                    for due, wrong in zip(wrote[::2], wrote[1::2], strict=False)] or [f"return `{wrote[0]}`"]
            yield "; ".join(told), said


def _values(known):
    """The same of an exercise whose answers are values."""
    for part, wrong in (known or {}).items():
        for value, said in wrong.items() if isinstance(wrong, dict) else ():
            if isinstance(said, str):
                yield f"{part} = {value}" if value is not None else f"another {part}", said or "✓"


def _cell(text):
    return re.sub(r"\s+", " ", text).replace("|", "\\|")


if __name__ == "__main__":
    TEACHING.write_text(with_guide(TEACHING.read_text(encoding="utf-8")), encoding="utf-8")
