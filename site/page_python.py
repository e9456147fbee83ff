"""Runs the cells of a lesson in the browser, for the exercises on its page. Pictures are there already: none is drawn here."""
import ast
import contextlib
import importlib
import io
import linecache
import sys
import traceback
import types

MAKERS = ("switched", "redrawn", "still", "predict")
_space, _done = {"__name__": "__main__"}, {}


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
    for name, module in [*sys.modules.items()]:
        if name.startswith("rnn_lib.explorers") and name != "rnn_lib.explorers.kit":
            vars(module).update({maker: nothing for maker in MAKERS if hasattr(module, maker)})


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


def run(cells, tell=lambda n, of: None):
    """Run the last of the cells; those before it only where they have not been run as they stand.

    cells: [(id, source)]     tell: called with the number of each cell and how many there are
    returns: {"status", "message", "out"}, all of them plain text
    """
    before, (_, source) = cells[:-1], cells[-1]
    for n, (place, text) in enumerate(before):
        if _done.get(place) != text:
            tell(n + 1, len(cells))
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
                execute(text, place)
            _done[place] = text
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            given = execute(source, "your answer")
        except NotImplementedError:
            given = None
        except Exception as error:
            return {"status": "error", "message": complaint(error), "out": out.getvalue()[-4000:]}
    status = getattr(given, "status", "")
    message = getattr(given, "message", "" if given is None else str(given)) if status else "" if given is None else str(given)
    return {"status": str(status or "ran"), "message": str(message)[:8000], "out": out.getvalue()[-4000:]}


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
