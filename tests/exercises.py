"""What the tests of exercises share."""
import linecache
from functools import partial

import numpy as np

import rnn_lib as rnn
from rnn_lib import checks, text
from rnn_lib.checks.code import parts


def solution_of(exercise):
    """What the published solution defines, once run."""
    names = {"np": np, "rnn": rnn, "text": text}
    exec(exercise.key, names)
    return names


def cell(text, **more):
    """The last function of a notebook's cell: Python knows its lines.   more: what the notebook has besides np and rnn"""
    names, file = {"np": np, "rnn": rnn, **more}, f"<cell {hash(text)}>"
    exec(compile(text, file, "exec"), names)
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    return [*names.values()][-1]


def blank(*args):
    """A stub as the lessons have it."""
    raise NotImplementedError


def skip_by_complex_step(params, S, run, do):
    """For lesson 17: dW, dV, dS and db_h of the loss whose gradient at the scores is do, from the forward pass alone."""
    at = {"W": params.W, "V": params.V, "S": S, "b_h": params.b_h}
    def loss(name, value):
        moved = at | {name: value}
        there = params._replace(**{field: moved[field] for field in ("W", "V", "b_h")})
        return (do * checks.forward_with_skip(there, moved["S"], run.x, run.h[0]).o).sum()
    return tuple(rnn.complex_step(partial(loss, name), value) for name, value in at.items())


def wrong_answers(exercise):
    """(a whole wrong answer, what is to be said of it) for each known mistake of an exercise in code."""
    for function, said, part in exercise.code.wrongs:
        yield (function if part is None else in_place_of(exercise.code, function, part)), said


def in_place_of(judge, function, part):
    """The right answer with one of its values replaced by that of a mistake."""
    def answer(*case):
        values = list(parts(judge.values(judge.reference, case), len(judge.names)))
        made = function(*case)
        values[part] = made[part] if isinstance(made, tuple) and len(made) == len(values) else made
        return tuple(values)
    return answer
