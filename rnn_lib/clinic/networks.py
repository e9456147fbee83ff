"""The networks that a backward pass is tried on, and what it makes of each of them."""
import contextlib
import copy
import io
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..bptt import bptt
from ..gradcheck import relative_error
from ..losses import cross_entropy
from ..network import forward, init_parameters, relu, tanh
from .form import changed, stopped, unfit


class Network(NamedTuple):
    """One network with its data, and what is special about it."""
    label: str
    params: tuple
    run: tuple
    do: np.ndarray

    __hash__ = object.__hash__                    # as itself: `networks` makes each once, and nobody changes it


class Trial(NamedTuple):
    """What a backward pass made of one network."""
    network: Network
    right: dict           # name -> gradient
    answer: dict          # name -> gradient; empty when there is a problem
    off: tuple            # names of the gradients that are wrong
    problem: str          # why the answer cannot be compared, or nothing


@lru_cache(maxsize=4)
def networks(seed):
    """The networks on which a pass has to be right: h_0 and biases not zero, W not symmetric, all sizes different.

    The long one has more steps than units and a do so large that clipping shows. Steps 3 and 6 of the last have no loss.
    """
    first = made([seed, 0], "T = 5", T=5, D=3, H=6, K=4)
    short = made([seed, 1], "T = 3", T=3, D=4, H=5, K=2), made([seed, 2], "T = 1", T=1, D=2, H=3, K=3)
    long = made([seed, 3], "T = 12, more steps than units", T=12, D=3, H=10, K=4)
    masked = made([seed, 4], "T = 6, where steps 3 and 6 have no loss (do = 0)", T=6, D=2, H=4, K=3)
    keep = np.array([1, 1, 0, 1, 1, 0])[:, None]
    return first, *short, long._replace(do=1000 * long.do), masked._replace(do=masked.do * keep)


def further_networks(seed):
    """Two networks on which not every pass has to be right: a batch, and another f."""
    return (made([seed, 5], "a batch, do (T, B, K) = (4, 3, 2)", T=4, D=3, H=5, K=2, batch=(3,)),
            made([seed, 6], "f = relu", T=5, D=3, H=6, K=4, f=relu))


def network_to_watch(seed):
    """A network of which all sizes differ, also from T + 1 and T + 2: a shape tells what an array is."""
    return made([seed, 7], "T = 4", T=4, D=2, H=7, K=3)


def made(seed, label, T, D, H, K, batch=(), f=tanh):
    """A Network in which nothing is zero, symmetric or the same twice."""
    rng = np.random.default_rng(seed)
    params = init_parameters(D, H, K, rng)
    run = forward(params, rng.standard_normal((T, *batch, D)), rng.standard_normal((*batch, H)), f)
    return Network(label, params, run, cross_entropy(run.o, rng.integers(K, size=(T, *batch)))[1])


def tried(backward, network, loud=False):
    """The Trial of a backward pass on copies of a network's arrays.   raises: NotImplementedError where the pass does

    loud: whether what it prints is shown
    """
    original = network[1:]
    right = bptt(*original)._asdict()
    given = copy.deepcopy(original)
    try:
        quiet = contextlib.nullcontext() if loud else contextlib.redirect_stdout(io.StringIO())
        with np.errstate(), quiet:                             # np.seterr inside has no effect outside
            answer = backward(*given)
        problem = unfit(answer, right) or changed(given, original, backward)
    except NotImplementedError:
        raise
    except (Exception, SystemExit) as error:
        problem = stopped(error)
    if problem:
        return Trial(network, right, {}, (), problem)
    answer = {name: np.array(getattr(answer, name)) for name in right if getattr(answer, name, None) is not None}
    return Trial(network, right, answer, tuple(n for n in answer if not agrees(answer[n], right[n])), "")


def of_float32(trials):
    """The Trials of a pass that is wrong, and works in float32 besides, judged by that: what is right to six digits is right."""
    fine = [all(relative_error(t.answer[name], t.right[name]) <= 1e-6 for t in trials if name in t.off)
            for name in set().union(*(t.off for t in trials))]
    if all(fine) or not any(fine):
        return trials
    coarse = [t._replace(answer={name: array.astype(np.float32) for name, array in t.answer.items()}) for t in trials]
    return [t._replace(off=tuple(n for n in t.answer if not agrees(t.answer[n], t.right[n]))) for t in coarse]


def agrees(got, expected):
    """Whether two gradients are the same up to rounding: of float64, or of float32 where one is returned."""
    return relative_error(got, expected) <= (1e-4 if np.asarray(got).dtype == np.float32 else 1e-9)
