"""Learning: optimisers in their textbook form, clipping, and checkpoints that resume bit for bit.   Built in lesson 12.

Weights are a dict, name -> array, so that word vectors learn like any matrix. Nothing is changed in place: an
optimiser takes weights, gradients and its state, and returns new weights and a new state.

    adam = Adam(rate=0.01)
    state = adam.start(weights)
    weights, state = adam.step(weights, gradients, state)
"""
import json
import os
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np


class SGD(NamedTuple):
    """w <- w - rate g"""
    rate: float

    def start(self, weights):
        return {}

    def step(self, weights, gradients, state):
        return {n: w - self.rate * gradients[n] for n, w in weights.items()}, state


class Momentum(NamedTuple):
    """m <- decay m + g;  w <- w - rate m"""
    rate: float
    decay: float = 0.9

    def start(self, weights):
        return {"m": _zeros(weights)}

    def step(self, weights, gradients, state):
        m = {n: self.decay * state["m"][n] + gradients[n] for n in weights}
        return {n: w - self.rate * m[n] for n, w in weights.items()}, {"m": m}


class Adam(NamedTuple):
    """m <- b1 m + (1-b1) g;  s <- b2 s + (1-b2) g^2;  w <- w - rate (m / (1-b1^n)) / (sqrt(s / (1-b2^n)) + eps), at step n"""
    rate: float
    b1: float = 0.9
    b2: float = 0.999
    eps: float = 1e-8

    def start(self, weights):
        return {"m": _zeros(weights), "s": _zeros(weights), "n": {"n": np.array(0)}}

    def step(self, weights, gradients, state):
        n = int(state["n"]["n"]) + 1
        m = {k: self.b1 * state["m"][k] + (1 - self.b1) * gradients[k] for k in weights}
        s = {k: self.b2 * state["s"][k] + (1 - self.b2) * gradients[k] ** 2 for k in weights}
        rate, root = self.rate / (1 - self.b1 ** n), (1 - self.b2 ** n) ** .5
        new = {k: w - rate * m[k] / (np.sqrt(s[k]) / root + self.eps) for k, w in weights.items()}
        return new, {"m": m, "s": s, "n": {"n": np.array(n)}}


def global_norm(gradients):
    """The length of all gradients as one vector: sqrt(sum of all squares)."""
    return float(np.sqrt(sum(float(np.vdot(g, g)) for g in gradients.values())))


def clip_by_norm(gradients, limit):
    """All gradients, made shorter by one factor when their global norm exceeds the limit: the direction stays.

    returns: gradients, and the norm they had     raises: ValueError for a limit that is not above 0
    """
    norm = global_norm(gradients)
    if not limit > 0:
        raise ValueError(f"limit must be above 0, got {limit}")
    if norm <= limit:
        return gradients, norm
    return {n: g * (limit / norm) for n, g in gradients.items()}, norm


def save_checkpoint(path, weights, state, rng, **progress):
    """Write all that training needs to go on: weights, optimiser state, random numbers, and counters, as one .npz file.

    It is written beside its place and then renamed, so that a crash leaves the old file whole. No pickle.
    rng: the generator that numpy.random.default_rng gives     progress: numbers such as step=120     returns: the path
    """
    path = Path(path)
    arrays = {f"weights/{n}": w for n, w in weights.items()}
    arrays |= {f"state/{part}/{n}": a for part, named in state.items() for n, a in named.items()}
    about = json.dumps({"rng": rng.bit_generator.state, "progress": progress, "parts": list(state)})
    beside = path.with_name(path.name + ".part")
    with open(beside, "wb") as file:
        np.savez(file, about=np.array(about), **arrays)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    return path


def load_checkpoint(path):
    """What `save_checkpoint` wrote.   returns: weights, state, rng, progress     raises: ValueError for another file"""
    try:
        with np.load(path, allow_pickle=False) as file:
            about = json.loads(str(file["about"]))
            arrays = {name: file[name] for name in file.files if name != "about"}
    except (KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a checkpoint written by save_checkpoint: {error}") from error
    weights = {name.split("/", 1)[1]: a for name, a in arrays.items() if name.startswith("weights/")}
    state = {part: {name.split("/", 2)[2]: a for name, a in arrays.items() if name.startswith(f"state/{part}/")}
             for part in about["parts"]}
    rng = np.random.default_rng()
    rng.bit_generator.state = about["rng"]
    return weights, state, rng, about["progress"]


def _zeros(weights):
    return {n: np.zeros_like(w) for n, w in weights.items()}
