"""Every control of every lesson through its values, in a fresh kernel; and proof that a broken explorer would be found."""
import json
from pathlib import Path

import pytest
from lessons import ROOT, every_lesson, read
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

BEFORE = "import sys; sys.path.append({folder!r}); import sweep as _sweep; _lost = await _sweep.guard()"
AFTER = "import json; print('SWEPT', json.dumps(await _sweep.sweep(_lost)))"


def swept(cells):
    """Run cells in a fresh kernel and drive their controls.   returns: faults, number of moves"""
    before = new_code_cell(BEFORE.format(folder=str(Path(__file__).parent)))
    notebook = new_notebook(cells=[before, *cells, new_code_cell(AFTER)])
    NotebookClient(notebook, timeout=120, kernel_name="python3",
                   resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    said = "".join(output.get("text", "") for output in notebook.cells[-1].outputs)
    return json.loads(said.partition("SWEPT ")[2].splitlines()[0])


@every_lesson
def test_every_control_of_a_lesson_works_at_every_stop_and_corner(path):
    faults, moves = swept(read(path).cells)
    assert not faults, "\n".join(faults)
    assert moves > 1
    print(f"{path.stem}: {moves} moves")


BROKEN = {
    "an observer at one stop": ("T = 12: ZeroDivisionError", """
        T = w.IntSlider(4, min=1, max=12, description="T")
        T.observe(lambda change: 1 / (12 - change.new), names="value")"""),
    "a button": ("KeyError: 'on_click'", """
        b = w.Button(description="again")
        b.on_click(lambda button: {}["on_click"])"""),
    "an interact at one stop": ("n = 12: ZeroDivisionError", """
        w.interact(lambda n: 1 / (12 - n), n=(1, 12))"""),
    "an Output": ("IndexError: in an Output", """
        out, m = w.Output(), w.IntSlider(max=2, description="m")
        @out.capture()
        def show(change):
            raise IndexError("in an Output")
        m.observe(show, names="value")"""),
    "a thread": ("LookupError: in a thread", """
        import threading
        def work():
            raise LookupError("in a thread")
        w.Button().on_click(lambda button: None)
        j = w.IntSlider(max=2)
        j.observe(lambda change: threading.Thread(target=work).start(), names="value")"""),
    "a task": ("LookupError: in a task", """
        import asyncio
        async def later():
            raise LookupError("in a task")
        i = w.IntSlider(max=2)
        i.observe(lambda change: asyncio.get_running_loop().create_task(later()), names="value")"""),
    "one corner of two sliders": ("P = 12, Q = 5: ValueError: corner", """
        P, Q = (w.IntSlider(1, min=1, max=most, description=name) for name, most in (("P", 12), ("Q", 5)))
        def check(change):
            if P.value == 12 and Q.value == 5:
                raise ValueError("corner")
        P.observe(check, names="value"), Q.observe(check, names="value")
        w.HBox([P, Q])"""),
    "one option": ("model = 'b': ValueError: option", """
        d = w.Dropdown(options=["a", "b", "c"], description="model")
        def chosen(change):
            if change.new == "b":
                raise ValueError("option")
        d.observe(chosen, names="value")"""),
    "a text field": ("word = '': IndexError", """
        e = w.Text("x", description="word")
        e.observe(lambda change: change.new[0], names="value")"""),
    "a redrawn explorer": ("R = 3: ValueError: redrawn", """
        def draw(R):
            if R == 3:
                raise ValueError("redrawn")
            return Picture("<svg/>", "fine")
        redrawn(draw, R=slider("R", 1, 3, 1))"""),
    "a frame left out": ("the frame at [2] is empty", """
        gap = switched(lambda S: Picture(f"<svg><title>{S}</title></svg>", "fine"), S=slider("S", 1, 3))
        gap.children[-1].children[2].value = "" """),
    "frames in the wrong order": ("is that of another setting", """
        mixed = switched(lambda S: Picture(f"<svg><title>{S}</title></svg>", "fine"), S=slider("S", 1, 3))
        mixed.children[-1].children = mixed.children[-1].children[::-1]"""),
    "frames that grow": ("make the page jump: ['0 0 1 5', '0 0 2 5']", """
        switched(lambda S: Picture(f'<svg viewBox="0 0 {S} 5"></svg>', "fine"), S=slider("S", 1, 2))"""),
    "a picture that is no XML": ("ParseError", """
        still(Picture("<svg><text>a & b</text></svg>", "fine"))"""),
    "a picture without a caption": ("no caption", """
        still(Picture("<svg/>", " "))"""),
}
SOUND = """
        w.VBox([w.IntSlider(max=3), w.Dropdown(options="abc"), w.Checkbox(), w.Text(), w.Button()])
        two = {"S": slider("S", 2, 5), "c": choice("c", ["x", "y"])}
        switched(lambda S, c: Picture(f"<svg><title>{S}{c}</title></svg>", f"{S}{c}"), **two)"""


def cell(source):
    head = "import ipywidgets as w\nfrom rnn_lib.explorers import Picture, choice, redrawn, slider, still, switched\n"
    return new_code_cell(head + "\n".join(line.removeprefix("        ") for line in source.strip("\n").splitlines()))


@pytest.fixture(scope="module")
def found():
    return swept([cell(source) for _, source in BROKEN.values()])[0]


@pytest.mark.parametrize("broken", BROKEN)
def test_the_sweep_finds(broken, found):
    assert any(BROKEN[broken][0] in fault for fault in found), "\n".join(found)


def test_the_sweep_finds_nothing_in_sound_explorers():
    faults, moves = swept([cell(SOUND)])
    assert faults == []
    assert moves > 4 * 3 * 2 + 4 * 2
