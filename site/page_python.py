"""Runs the cells of a lesson in the browser, for the exercises on its page. Pictures are there already: none is drawn here."""
import ast
import builtins
import contextlib
import importlib
import io
import json
import linecache
import symtable
import sys
import traceback
import types

MAKERS = ("switched", "redrawn", "still", "predict")
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
BLANK = {"background": (EMPTY, None), "readings": ""}                     # what makes a chart, and what it makes here
_space, _done, _shown, _failed = {"__name__": "__main__"}, {}, {}, {}


def prepare():
    """Stand-ins for what only a notebook has, then the library. An explorer is not drawn."""
    import traitlets

    class AnyWidget(traitlets.HasTraits):
        """Holds values, and has no front end."""

        def _repr_mimebundle_(self, **kwargs):
            return {}, {}

        @contextlib.contextmanager
        def hold_sync(self):
            yield

    stand_in("anywidget", AnyWidget=AnyWidget)
    stand_in("IPython")
    stand_in("IPython.display", DisplayHandle=Handle, display=lambda *shown, **how: Handle(), clear_output=lambda *how: None)
    importlib.import_module("rnn_lib.explorers")
    for name, module in [*sys.modules.items()]:                           # matplotlib is not here
        if name.startswith("rnn_lib.explorers"):
            vars(module).update({maker: lambda *how, blank=blank, **more: blank for maker, blank in BLANK.items()
                                 if hasattr(module, maker)})
    draw(False)


def draw(on):
    """Whether explorers are drawn."""
    kit = sys.modules["rnn_lib.explorers.kit"]
    for name, module in [*sys.modules.items()]:
        if name.startswith("rnn_lib.explorers") and module is not kit:
            vars(module).update({maker: getattr(kit, maker) if on else nothing for maker in MAKERS if hasattr(module, maker)})


class Handle:
    """What IPython's display gives back."""

    def __init__(self, *how, **more):
        self.display = self.update = nothing


def nothing(*given, **more):
    """In place of an explorer."""


def stand_in(name, **names):
    module = types.ModuleType(name)
    vars(module).update(names)
    sys.modules[name] = module


def run(cells, tell=lambda n, of: None, name=""):
    """Run the last of the cells; those before it only where they have not been run as they stand.

    cells: [(id, source)]     tell: called with the number of each cell and how many there are     name: of the exercise
    returns: {"status", "message", "out", "solution"}, all of them plain text; the solution once it may be read
    """
    return judged(cells, tell) | {"solution": solution(name)}


def solution(name):
    """The solution of an exercise, "" while it is closed."""
    exercise = getattr(sys.modules["rnn_lib"].checks, name, None) if hasattr(sys.modules["rnn_lib"], "checks") else None
    shown = exercise and exercise.solution()
    return shown.message if shown and shown.status == "solution" else ""


def judged(cells, tell):
    """What came of the last of the cells."""
    stopped = lead_up(needed(cells), tell)
    source, out = cells[-1][1], io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            given = execute(source, "your answer")
        except NotImplementedError:
            given = None
        except Exception as error:
            return {"status": "error", "message": f"{complaint(error)}\n{stopped}".strip(), "out": out.getvalue()[-4000:]}
    status = getattr(given, "status", "")
    message = getattr(given, "message", "" if given is None else str(given)) if status else "" if given is None else str(given)
    return {"status": str(status or "ran"), "message": str(message)[:8000], "out": out.getvalue()[-4000:]}


def needed(cells):
    """The cells before the last that it needs: an answer need not wait for a training that it does not use.

    A cell is needed where it makes or mentions a name that is needed; libraries and built-ins are mentioned by all.
    """
    try:
        (_, wanted), *before = [names(text) for _, text in reversed(cells)]
    except SyntaxError:
        return cells[:-1]
    libraries, found = set(dir(builtins)).union(*(imported for imported, _ in before)), []
    for cell, (imported, mentioned) in zip(cells[-2::-1], before, strict=True):
        if wanted & (imported | mentioned - libraries):
            wanted |= mentioned - set(dir(builtins))
            found.append(cell)
    return found[::-1]


def names(source):
    """(names that a cell imports, all others that it shares with other cells: what is local to a function is not among them)"""
    top = symtable.symtable(source, "cell", "exec")
    tables, others = [top], set()
    for table in tables:
        tables += table.get_children()
        others |= {symbol.get_name() for symbol in table.get_symbols() if table is top or symbol.is_global()}
    imported = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_imported()}
    return imported, others - imported


def lead_up(cells, tell):
    """Run what has not been run as it stands.   returns: what stopped on the way, in a sentence; "" where nothing did"""
    for n, (place, text) in enumerate(cells):
        if _done.get(place) != text:
            tell(n + 1, len(cells))
            _failed.pop(place, None)
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    execute(text, place)
            except NotImplementedError:
                pass                                                      # an exercise that is still open
            except Exception as error:
                _failed[place] = f"A cell before it stopped with {type(error).__name__}: {error}"
            _done[place] = text
    return next((_failed[place] for place, _ in cells if place in _failed), "")


def explore(cells, tell=lambda n, of: None):
    """Bring the explorer of the last cell alive.   returns: what explorer.js needs, as JSON"""
    if stopped := lead_up(needed(cells), tell):
        raise RuntimeError(stopped)
    place, source = cells[-1]
    draw(True)
    try:
        _shown[place] = execute(source, place)
    finally:
        draw(False)
    return told(_shown[place])


def move(place, values, pressed):
    """What a hand did to an explorer.   pressed: {} unless it was a button     returns: what has changed, as JSON"""
    explorer = _shown[place]
    with contextlib.suppress(Exception):                            # the explorer shows it
        explorer.values = [*values]
        if pressed and dict(pressed) != explorer.pressed:
            explorer.pressed = dict(pressed)
    return told(explorer, {"controls", "pressed"} | ({"values"} if explorer.values == [*values] else set()))


def told(explorer, known=frozenset()):
    """The state of an explorer as JSON.   known: names that are left out"""
    return json.dumps({name: getattr(explorer, name) for name in type(explorer).class_traits(sync=True) if name not in known})


def execute(source, name):
    """Run a cell as a notebook does.   returns: the value of its last line, if that is an expression"""
    file = f"<{name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)      # errors quote the line
    tree = ast.parse(source, file)
    last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, "exec"), _space)
    return eval(compile(last, file, "eval"), _space) if last else None


def complaint(error):
    """An error in few lines: where in the answer, and what."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<your answer>"]
    where = f"line {own[-1].lineno}: {own[-1].line}\n" if own else ""
    return where + "".join(traceback.format_exception_only(error)).strip()
