"""Errors of shapes and rows in the learner's own line, in the letters of the lesson: (K,) @ (H, K), so K meets H."""
import ast
import dis
import linecache
import re
import traceback
from contextlib import suppress

import numpy as np

from ..clinic.source import theirs
from ..network import Forward, Parameters


def misfit(error, frames, sizes):
    """What did not fit, in words; with NumPy's own words where the line does not tell.

    frames: (frame, its summary) of the learner's own lines, the last one last     sizes: {"T": 4, "H": 6, ...}
    """
    said, found = f" ({error})", re.search(r"index (-?\d+) is out of bounds for axis (\d+)", str(error))
    axis, index = (int(found[2]), found[1]) if found else (0 if "index out of range" in str(error) else None, None)
    with suppress(Exception):           # the line is read and its operands are looked at once more: whatever fails, says nothing
        said = _operation(*frames[-1], sizes) if not isinstance(error, IndexError) else (
            said if axis is None else _entry(*frames[-1], sizes, axis, index))
    if isinstance(error, IndexError):
        fault = {0: "a row that is not there was asked for", None: "an index does not fit"}
        return f"{fault.get(axis, 'an entry that is not there was asked for')}{said}"
    if any(word in str(error) for word in ("matmul", "not aligned")):
        return f"a product does not fit{said}"
    if "inhomogeneous" in str(error):
        return "parts of different shapes make no array"
    if "broadcast" in str(error):
        return f"lengths do not fit{said}"
    return ""


def letters(case, more=()):
    """Sizes by their letter, read off a network among the arguments.   more: those that are known otherwise"""
    found = dict(more)
    for part in case:
        if isinstance(part, Parameters):
            found |= {"H": part.V.shape[0], "D": part.V.shape[1], "K": part.U.shape[0]}
        if isinstance(part, Forward):
            found |= {"T": len(part.a), "H": part.a.shape[-1], "D": part.x.shape[-1], "K": part.o.shape[-1]}
            found |= {"B": part.a.shape[1]} if part.a.ndim > 2 else {}
    return found


def in_letters(shape, sizes):
    """(4, 6) is (T, H); a size that two letters have, or none, stays a number."""
    near = {"T+1": sizes["T"] + 1, "T-1": sizes["T"] - 1} if "T" in sizes else {}
    def letter(size):
        fitting = [name for name, value in (sizes | near).items() if value == size]
        plain = len(fitting) != 1 or (fitting[0] in near and "H" not in sizes)                     # without H there is no h
        return str(size) if plain else fitting[0]
    return f"({', '.join(map(letter, shape))}{',' * (len(shape) == 1)})"


def _value(frame, part):
    """What a part of the learner's line is."""
    return eval(compile(ast.Expression(part), "<operand>", "eval"), frame.f_globals, frame.f_locals)


def _operation(frame, summary, sizes):
    """The operation that failed: its operands, their shapes in letters, and what meets what."""
    node = _node(summary)
    operands = [node.target, node.value] if isinstance(node, ast.AugAssign) else (
        [node.left, node.right] if isinstance(node, ast.BinOp) else
        [node.func.value, *node.args] if node.func.attr == "dot" and len(node.args) == 1 else node.args)
    operands = [part for part in operands if not isinstance(getattr(part, "value", None), str)]       # the letters of einsum
    for part in operands:
        if isinstance(part, ast.Name):
            part.ctx = ast.Load()
    shapes = [np.shape(_value(frame, part)) for part in operands]
    named = " and ".join(f"{ast.unparse(part)} is {in_letters(shape, sizes) if shape else 'a plain number'}"
                         for part, shape in zip(operands, shapes, strict=True))
    if isinstance(node, ast.Call) and node.func.attr == "einsum":
        return f": {named}"
    if () in shapes:
        return f": {named}. @ wants arrays; a plain number goes with *"
    if isinstance(getattr(node, "op", ast.MatMult()), ast.MatMult) and len(shapes) == 2:
        return f": {named}, so {_end(shapes[0][-1:], sizes)} meets {_end(shapes[1][-2:][:1], sizes)}"
    if not any(isinstance(part, ast.Mult) for part in ast.walk(node)):
        return f": {named}. + and - go entry by entry"
    return f": {named}. * goes entry by entry, a matrix product is written @, an outer product np.outer"


def _entry(frame, summary, sizes, axis, index):
    """What was indexed out of its bounds, and with what.   index: as NumPy tells it"""
    node = _node(summary)
    name, shape = ast.unparse(node.value), np.shape(_value(frame, node.value))
    if axis:
        return (f": {name} is {in_letters(shape, sizes)}, so axis {axis} has {_end(shape[axis:axis + 1], sizes)} entries, "
                f"counted from 0, and {index} is not among them")
    first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
    written, row = ast.unparse(first), _value(frame, first)
    tail = f", and {written} is {row}" if str(row) != written else f", there is no {row}"
    return f": {name} has {_end(shape[:1], sizes)} rows, counted from 0{tail}"


def _end(sizes_of_axis, sizes):
    return in_letters(sizes_of_axis, sizes).strip("(),")


def _node(summary):
    """The syntax of what failed, cut out of the learner's lines."""
    lines = [linecache.getline(summary.filename, n).encode() for n in range(summary.lineno, summary.end_lineno + 1)]
    lines[-1] = lines[-1][:summary.end_colno]
    text = b"".join([lines[0][summary.colno:], *lines[1:]]).decode()
    node = ast.parse(f"({text})" if "\n" in text else text).body[0]
    return getattr(node, "value", node) if isinstance(node, ast.Expr) else node


def of_the_notebook(codes, known, sizes):
    """What the learner's functions read in the notebook in place of their own arguments and sizes, in words; or nothing."""
    codes = [*codes]
    for code in codes:
        codes += [part for part in code.co_consts if hasattr(part, "co_consts")]                # for t in range(T), in one line
    read = {i.argval for code in codes for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL"}      # not the T of x.T
    theirs = {name: known.get(name) for name in sorted(read)}
    return " ".join(
        f"{name} is the notebook's, {value.shape}, not your function's own." if isinstance(value, np.ndarray) else
        f"{name} is {value}, that of the notebook, but here it is {sizes[name]}: take it from a shape."
        for name, value in theirs.items()
        if isinstance(value, np.ndarray) or (isinstance(value, int) and value != sizes.get(name, value)))


def own_frames(error):
    """(frame, summary) of the lines between the judge and the error that belong to the learner, the last one last."""
    walked = [*traceback.walk_tb(error.__traceback__)]
    summaries = traceback.extract_tb(error.__traceback__)
    return [(frame, summary) for (frame, _), summary in zip(walked, summaries, strict=True)
            if summary.line and theirs(frame.f_code) and not summary.filename.startswith("<text ")]     # a solution of ours
