"""Proof that what is broken in a control or a drawing would be found when nbval runs a lesson: conftest.py drives them all."""
import json

import pytest
import sweep
from jupyter_client.manager import run_kernel


def swept(cells):
    """Run cells in a fresh kernel and drive their controls.   returns: faults, number of moves

    A client that blocks: one that awaits (nbclient's) at times misses the end of a cell, and waits 4 s longer for each.
    """
    said = []
    with run_kernel(kernel_name="python3", extra_arguments=["--log-level=40"]) as kernel:
        for source in [sweep.BEFORE, *cells, f"{sweep.AFTER}; import json; print('SWEPT', json.dumps([_faults, _moves]))"]:
            reply = kernel.execute_interactive(source, timeout=120, output_hook=said.append)
            assert reply["content"]["status"] == "ok", reply["content"]
    text = "".join(message["content"].get("text", "") for message in said)
    return json.loads(text.partition("SWEPT ")[2].splitlines()[0])


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
    "a redrawn explorer at one stop": ("R = 3: ValueError: redrawn", """
        def draw(R):
            if R == 3:
                raise ValueError("redrawn")
            return Picture("<svg/>", "fine")
        redrawn(draw, R=slider("R", 1, 3, 1))"""),
    "a redrawn explorer at one corner": ("a = 4, b = 4: ValueError: both", """
        def draw(a, b):
            if a == b == 4:
                raise ValueError("both")
            return Picture("<svg/>", "fine")
        redrawn(draw, a=slider("a", 1, 4, 1), b=slider("b", 1, 4, 1))"""),
    "a text box": ("line = '': IndexError", """
        redrawn(lambda line: Picture("<svg/>", line[0]), line=text("line", "x"))"""),
    "a button of a text box": ("again: KeyError: 'again'", """
        redrawn(lambda words: Picture("<svg/>", "fine"), pressed=lambda name: {}[name], words=text("words", "", ["again"]))"""),
    "a frame left out": ("S = 3: the frame is empty", """
        gap = switched(numbered, S=slider("S", 1, 3))
        gap.frames = [*gap.frames[:2], -1]"""),
    "frames in the wrong order": ("M = 1: the frame is empty, or is that of another setting", """
        mixed = switched(numbered, M=slider("M", 1, 3))
        mixed.frames = mixed.frames[::-1]"""),
    "captions in the wrong order": ("C = 1: the caption is that of another setting", """
        swapped = switched(numbered, C=slider("C", 1, 3))
        swapped.captions = swapped.captions[::-1]"""),
    "a frame that is higher than the room for it": ("H = 2: the page jumps", """
        grown = switched(lambda H: Picture(f'<svg height="{9 * H}"></svg>', "fine"), H=slider("H", 1, 2))
        grown.height = 9.0"""),
    "a picture that is no XML": ("ParseError", """
        broken = still(Picture("<svg/>", "fine"))
        broken.pictures = [Picture("<svg><text>a & b</text></svg>", "fine")]"""),
    "a picture without a caption": ("still: no caption", """
        still(Picture("<svg/>", " "))"""),
    "an option of a prediction without a reply": ("vote = 'nothing': no caption", """
        replies = predict("Why?", {"this": "so it is", "nothing": "x"}, "this")
        replies.captions = [replies.captions[0], ""]
        replies.pictures = [replies.pictures[0], Picture("", "")]"""),
    "something to touch that leads to no stop": ('data-set="A=4" leads nowhere', """
        switched(lambda A: Picture('<svg><g data-set="A=4"><text>four</text></g></svg>', "fine"), A=slider("A", 1, 3))"""),
    "something to touch that leads to no control, in one frame": ("B = 2: data-set=\"b=1\" leads nowhere", """
        switched(lambda B: Picture(f'<svg><g data-set="{"b" if B == 2 else "B"}=1"><text>one</text></g></svg>', "fine"),
                 B=slider("B", 1, 2))"""),
    "a touch that is undone": ('data-set="D=2" leads to {\'D\': 1}', """
        undone = switched(lambda D: Picture('<svg><g data-set="D=2"><text>two</text></g></svg>', "fine"), D=slider("D", 1, 2, 1))
        undone.observe(lambda change: setattr(undone, "values", [0]), names="values")"""),
    "something to touch that breaks the next picture": ("E = 'x': ZeroDivisionError", """
        redrawn(lambda E: Picture(f'<svg><g data-set="E=z"><text>{1 / (E != "z")}</text></g></svg>', "."), E=text("", "x"))"""),
    "what lights nothing": ('data-lights="w4" lights nothing', """
        still(Picture('<svg><g class="w3" data-lights="w3 w4" data-says="here"/></svg>', "fine"))"""),
    "what no browser finds": ("data-lights=\"v3-W'da\" lights nothing", """
        still(Picture('<svg><g class="v3-W\\'da" data-lights="v3-W\\'da" data-says="here"/></svg>', "fine"))"""),
    "something to touch without a name": ("what reacts to touch has no name", """
        still(Picture('<svg><g class="w3" data-lights="w3"/></svg>', "fine"))"""),
    "words that nobody will see": ("data-says without a touch", """
        still(Picture('<svg><g data-says="here"/></svg>', "fine"))"""),
    "too much for a page": ("let the frames share more", """
        switched(lambda Z: Picture(f'<svg><text>{str(Z) * 500_000}</text></svg>', "fine"), Z=slider("Z", 1, 2))"""),
}
SOUND = """
        w.VBox([w.IntSlider(max=3), w.Dropdown(options="abc"), w.Checkbox(), w.Text(), w.Button()])
        three = '<svg><g class="w4" data-set="S=3;c=y" data-lights="w4" data-says="to three" aria-label="to three"/></svg>'
        switched(lambda S, c, on: Picture(three, f"{S}{c}"), S=slider("S", 2, 5), c=choice("c", ["x", "y"]), on=switch("on"))
        redrawn(lambda words, k: Picture('<svg><g data-set="words=a = b;k=1"><text>go</text></g></svg>', f"{words}{k}"),
                words=text("words", buttons=("next",)), k=picker("k", [("zero", None), ("1", 1)]))
        still(Picture("<svg/>", "nothing to move"))
        predict("Why?", {"this": "so it is", "that": "no"}, "this")"""
HEAD = """
        import ipywidgets as w
        from rnn_lib.explorers import Picture, choice, picker, predict, redrawn, slider, still, switch, switched, text
        def numbered(**values):
            return Picture(f"<svg><text>{values}</text></svg>", f"{values}")"""


def cell(source):
    return "\n".join(line.removeprefix("        ") for line in f"{HEAD}\n{source.strip(chr(10))}".splitlines())


@pytest.fixture(scope="module")
def found():
    return swept([cell(source) for _, source in BROKEN.values()])[0]


@pytest.mark.parametrize("broken", BROKEN)
def test_the_sweep_finds(broken, found):
    assert any(BROKEN[broken][0] in fault for fault in found), "\n".join(found)


def test_the_sweep_finds_nothing_in_sound_explorers():
    faults, moves = swept([cell(SOUND)])
    assert faults == []
    assert moves > 4 * 2 * 2 + 2 * len(sweep.SENTENCES) + 2 + 4 * 3 * 2
