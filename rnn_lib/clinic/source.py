"""Where in the learner's own text something happened."""
import ast
import inspect
import linecache
import os
import textwrap
from functools import lru_cache

import numpy as np

_UP = os.path.dirname
_LIBRARY = (_UP(os.__file__) + os.sep, _UP(_UP(np.__file__)) + os.sep, _UP(_UP(os.path.abspath(__file__))) + os.sep, "<frozen")


def theirs(code):
    """Whether a piece of code is the learner's own: no part of Python, of a package or of this one."""
    return not code.co_filename.startswith(_LIBRARY) and code.co_varnames[:1] != ("_cls",)      # what a NamedTuple is made by


def line_text(code, lineno):
    """The text of a line of a function, "" where it is not known.   lineno: counted in its file"""
    return linecache.getline(code.co_filename, lineno).strip()


def code_of(function):
    """The code object of a function or method, None for what has none."""
    return getattr(getattr(function, "__func__", function), "__code__", None)


def text_of(function):
    """The lines of a function from its `def` on, without what they are all indented by; () where they are not known."""
    try:
        return tuple(textwrap.dedent(inspect.getsource(code_of(function))).splitlines())
    except (OSError, TypeError, SyntaxError):
        return ()


def line_number(code, lineno):
    """The number of a line, counted from the `def` as 1."""
    return lineno - code.co_firstlineno + 1


def blamed(error):
    """(code, line in its file) of the learner's last line on the way to an error; None when there is none."""
    from traceback import walk_tb  # not above: it is an eighth of what `import rnn_lib` costs besides numpy

    places = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__) if theirs(frame.f_code)]
    return places[-1] if places else None


def statement(code, lineno):
    """The first line of the statement that a line belongs to; of a compound one, such as for, that of its head.

    Of a lambda in a longer statement, its own first line.
    """
    return max(_first_lines(code).get(lineno, lineno), code.co_firstlineno)


def lines_of(code, first):
    """The lines of the statement that begins at a line."""
    return {first, *(line for line, start in _first_lines(code).items() if start == first)}


def only_fetches(code, first):
    """Whether the statement that begins at a line only takes apart what is there: no operation, no place that is computed."""
    kinds = ast.Name | ast.Attribute | ast.Tuple | ast.List | ast.Constant | ast.Subscript | ast.expr_context
    return any(all(isinstance(part, kinds) and isinstance(getattr(part, "slice", None), ast.Constant | None)
                   for part in ast.walk(node.value))
               for node in _statements(code) if isinstance(node, ast.Assign) and node.lineno == first
               and (isinstance(node.targets[0], ast.Tuple) or not isinstance(node.value, ast.Name)))


def adds_to(code, name):
    """The lines of a function that add to an array of this name, or to a part of it."""
    return [node.lineno for node in _own_statements(code) if isinstance(node, ast.AugAssign)
            and f"{ast.unparse(node.target)}[".startswith(f"{name}[")]


def leaves_a_loop(code):
    """The line of a return or break in a function that ends a loop in its first turn; None when there is none."""
    return next((part.lineno for node in _own_statements(code) if isinstance(node, ast.For | ast.While)
                 for part in node.body if isinstance(part, ast.Return | ast.Break)), None)


def loop_around(code, line):
    """(first, last) line of the innermost loop of a function around a line; (line, line) when there is none."""
    return max(((node.lineno, node.end_lineno) for node in _own_statements(code) if isinstance(node, ast.For | ast.While)
                and node.lineno <= line <= node.end_lineno), default=(line, line))


def _own_statements(code):
    """The statements of a function, without those of another one that is defined in it."""
    lines = {line for _, _, line in code.co_lines()}
    return [node for node in _statements(code) if node.lineno in lines]


@lru_cache(maxsize=256)
def _statements(code):
    """All statements of the file in which a function stands."""
    try:
        tree = ast.parse("".join(linecache.getlines(code.co_filename)))
    except SyntaxError:
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.stmt))


@lru_cache(maxsize=256)
def _first_lines(code):
    """line -> first line of its statement, of all the lines that are not first ones themselves"""
    first = {}
    for node in _statements(code):
        end = node.body[0].lineno - 1 if getattr(node, "body", None) else node.end_lineno
        first.update({line: node.lineno for line in range(node.lineno + 1, end + 1)})
    return first
