"""What the tests of exercises share."""
import numpy as np


def solution_of(exercise):
    """What the published solution defines, once run."""
    names = {"np": np}
    exec(exercise.solution().message, names)
    return names


def blank(*args):
    """A stub as the lessons have it."""
    raise NotImplementedError
