"""What is said of an answer that cannot be compared: it is no function, it stops, or what it returns has another form."""
import copy
import inspect
import re

import numpy as np

from .source import blamed, line_number, line_text
from .trace import watched

NAMES = ("V", "W", "U", "b_h", "b_y")
EXPECTED = ("return gradients with .V .W .U .b_h .b_y, arrays shaped as the parameters "
            "(rnn_lib.clinic.Five(V=..., W=..., U=..., b_h=..., b_y=...) will do)")
CALL = "it is called as f(params, run, do), time first: x (T, D), h (T+1, H), do (T, K)"


def not_a_function(backward):
    """What to hand in instead of what is no function."""
    method = next((n for n in ("backward", "bptt", "backprop") if callable(getattr(backward, n, None))), None)
    instead = (f"hand in its method, .{method}" if method else
               "hand in the function itself, without calling it" if isinstance(backward, tuple | list | dict | np.ndarray)
               else "hand in the function itself")
    return f"expected a function of (params, run, do), got {type(backward).__name__}: {instead}"


def stopped(error):
    """What is said of an error in the learner's function, with their line."""
    sizes = re.sub(r"^matmul: .*\((size.*)\)$", r"the sizes in a product do not fit, \1", str(error))
    said = f"{type(error).__name__}: {sizes}" if sizes else type(error).__name__
    if isinstance(error, SystemExit):
        said = "exit(), which would end Python: a function ends with return"
    place = blamed(error)
    if place is None:
        return f"your function stopped with {said} ({CALL})"
    where = f"line {line_number(*place)} of {place[0].co_name}"
    text, more = line_text(*place), of_python(error)
    return f"your function stopped with {said}, in {where}" + (f":  {text}" if text else "") + (f"\n{more}" if more else "")


def of_python(error):
    """What is said of ^ in place of a power, of a name without a value, and of one that NumPy has; or nothing."""
    if any(sign in str(error) for sign in ("'bitwise_xor'", " for ^")):
        return "^ is not a power in Python: write h ** 2"
    if unbound := re.search(r"local variable '(\w+)'", str(error)):
        return f"{unbound[1]} is read before it has a value: give it one first, in front of the loop"
    name = error.name if type(error) is NameError else ""
    return f"{name} lives in NumPy: np.{name}" if name in np.__all__ else ""


def unfit(answer, right):
    """What is wrong with the form of an answer, or nothing.   right: name -> gradient, of which h_0 and x may be missing"""
    if missing := [name for name in NAMES if not hasattr(answer, name)]:
        return _no_gradients(answer, missing, right)
    for name, expected in right.items():
        got = getattr(answer, name, None)
        if got is None and name in ("h_0", "x"):
            continue
        if problem := _unlike(name, got, expected, right):
            return problem
    return ""


def _no_gradients(answer, missing, right):
    if answer is None:
        return f"your function returned nothing: is the return missing? {EXPECTED[0].upper()}{EXPECTED[1:]}"
    if inspect.isgenerator(answer):
        return f"your function has a yield, and so returns a generator: {EXPECTED}"
    kind = type(answer).__name__
    found = "; ".join(filter(None, (_meant(name, part, right) for name, part in _parts(answer))))
    lack = f"yours, of type {kind}, lacks {', '.join(missing)}"
    return f"{EXPECTED}; {lack}" + (f". By its shape {found}" if found else "")


def _parts(answer):
    """(how it is written, value) of each array that an answer holds under another name."""
    if isinstance(answer, dict):
        return [(f"[{name!r}]", part) for name, part in answer.items()]
    if hasattr(answer, "_asdict"):
        return [(f".{name}", part) for name, part in answer._asdict().items()]
    if isinstance(answer, tuple | list):
        return [(f"[{i}]", part) for i, part in enumerate(answer)]
    return [(f".{name}", part) for name, part in getattr(answer, "__dict__", {}).items()]


def _meant(written, part, right):
    """Which gradient an array may be, by its shape."""
    if not isinstance(part, np.ndarray):
        return ""
    names = [name for name, gradient in right.items() if gradient.shape == part.shape]
    if names:
        return f"{written} is {' or '.join(names)}"
    turned = next((name for name, gradient in right.items() if gradient.shape == part.shape[::-1]), "")
    return turned and f"{written} is the transpose of {turned}, {right[turned].shape}"


def _unlike(name, got, expected, right):
    """What is wrong with one gradient as an array, or nothing."""
    if got is None or got is ...:
        return f"the gradient of {name} is {got}: it was never filled"
    if callable(got):
        return f"the gradient of {name} is a method: call it, and return the array"
    if np.shape(got) != expected.shape:
        return f"the gradient of {name} must have its shape, {expected.shape}, got {np.shape(got)}" + _like(name, got, right)
    if not np.issubdtype(np.asarray(got).dtype, np.floating):
        return f"the gradient of {name} must hold real floating-point numbers, got {np.asarray(got).dtype}"
    if not np.isfinite(got).all():
        strange = "NaN" if np.isnan(got).any() else "an infinity"
        return f"the gradient of {name} holds {strange}: look for a division by 0, or for an array that was never filled"
    return ""


def _like(name, got, right):
    """What a gradient of the wrong shape looks like."""
    shape = np.shape(got)
    if len(shape) > 1 and shape == right[name].shape[::-1]:
        return f": the transpose. Arrays hold {name} as it stands in the equations, a row for each unit that receives"
    if name == "x" and len(shape) > 1 and shape == right["x"].swapaxes(0, 1).shape:
        return ": time is the first axis here"
    if other := next((n for n, gradient in right.items() if gradient.shape == shape), None):
        return f", the shape of {other}: the order is V, W, U, b_h, b_y"
    if len(shape) == right[name].ndim + 1 and shape[1:] == right[name].shape:
        return (": the axis of time is still there, with length 1 (keepdims=True, or a row cut with [:1])" if shape[0] == 1 else
                ": one for each step, or each sequence: is a sum missing?")
    return ""


def changed(given, original, backward):
    """Which argument the function wrote into, and in which line; or nothing.   given, original: params, run, do"""
    before, after = _arrays(*original), _arrays(*given)
    names = [name for name in before if not np.array_equal(before[name], after[name])]
    if not names:
        return ""
    again = copy.deepcopy(original)
    place = watched(backward, again, len(original[2]), guarded=list(_arrays(*again).values())).spoilt
    text = place and line_text(*place)
    where = f", in line {line_number(*place)} of {place[0].co_name}:  {text}" if text else ""
    return f"your function changed {', '.join(names)} in place{where} (weights and records must stay as they are)"


def _arrays(params, run, do):
    return {**params._asdict(), "run.x": run.x, "run.a": run.a, "run.h": run.h, "run.o": run.o, "do": do}
