"""Lesson 12: tasks that cannot be done without a memory, and what a network needs in order to learn them.

In both tasks only the last step has a loss (many-to-one): what is asked there was said `distance` steps earlier.
"""
from typing import NamedTuple

import numpy as np

from ..network import Parameters, init_parameters, tanh
from ..training import Adam, clip_by_norm
from ..unfolded import Unfolded

STARTS = ("small", "random", "orthogonal", "identity")
LEARNED, RUN = 1.2, 10  # nats, below which the mean loss of so many updates of `recall` must stay; guessing costs log 4 = 1.39


class Batch(NamedTuple):
    """B sequences of one length, and what is right at their last step."""
    x: np.ndarray       # (T, B, D)
    y: np.ndarray       # (T, B) labels; only those of the last step count
    mask: np.ndarray    # (T, B) 1 at the last step, else 0


class Learned(NamedTuple):
    """How a training went."""
    losses: np.ndarray  # (updates,) mean loss per sequence [nats]
    accuracy: float     # on 500 new sequences, from 0 to 1
    reach: np.ndarray   # (updates,) |dL_T/dh_1| : |dL_T/dh_T| before each update: how much of the gradient arrives at step 1
    slope: np.ndarray   # (updates,) what the slopes leave of its length per step, before each update
    stretch: np.ndarray # (updates,) and how many times as long W then makes it: reach = (slope · stretch)^(T-1)
    params: Parameters  # after the last update

    @property
    def means(self):
        """The mean loss of RUN updates in a row."""
        return np.convolve(self.losses, np.ones(RUN) / RUN, "valid")

    @property
    def learned(self):
        """The number of updates after which the mean loss stays below LEARNED, None when it does not."""
        above = np.flatnonzero(self.means >= LEARNED)
        last = above[-1] + 1 if len(above) else 0
        return int(last) + RUN // 2 if last < len(self.means) else None


def recall(distance, B, rng, symbols=4, noise=4):
    """Say at the end which symbol stood at step 1; in between stands noise.

    distance: steps from the symbol to the question, at least 1     B: sequences     rng: numpy.random.Generator
    returns: Batch with T = distance + 1, D = symbols + noise + 1, K = symbols
    """
    if distance < 1:
        raise ValueError(f"the distance must be at least 1, got {distance}")
    x, first = np.zeros((distance + 1, B, symbols + noise + 1)), rng.integers(symbols, size=B)
    x[0, np.arange(B), first] = 1
    between = symbols + rng.integers(noise, size=(distance - 1, B, 1))
    np.put_along_axis(x[1:-1], between, 1, axis=2)
    x[-1, :, -1] = 1                                                # the question
    return _asked_at_the_end(x, first)


def adding(T, B, rng, digits=5, without=None):
    """Say at the end what two marked digits add up to.

    T: steps, at least 2     B: sequences     rng: numpy.random.Generator     digits: 0, 1, ..., digits - 1
    without: a Batch whose sequences are left out, so that there may be fewer than B
    returns: Batch with D = digits + 1, the last input a mark, and K = 2 digits - 1
    """
    if T < 2:
        raise ValueError(f"two digits need at least 2 steps, got T = {T}")
    x, shown, every = np.zeros((T, B, digits + 1)), rng.integers(digits, size=(T, B)), np.arange(B)
    np.put_along_axis(x, shown[..., None], 1, axis=2)
    places = rng.permuted(np.tile(np.arange(T), (B, 1)), axis=1)[:, :2]
    x[places, every[:, None], -1] = 1
    batch = _asked_at_the_end(x, shown[places, every[:, None]].sum(1))
    if without is None:
        return batch
    known = set(_sequences(without))
    new = [sequence not in known for sequence in _sequences(batch)]
    return Batch(*(part[:, new] for part in batch))


def start(kind, D, H, K, rng):
    """Parameters with another W: "small" (0.01 N(0, 1)), "random" (N(0, 1/H)), "orthogonal" or "identity"; biases 0.

    raises: ValueError for another kind
    """
    if kind not in STARTS:
        raise ValueError(f"W can start as {', '.join(STARTS)}, not {kind!r}")
    normal = rng.standard_normal((H, H))
    W = {"small": .01 * normal, "random": normal / np.sqrt(H), "orthogonal": np.linalg.qr(normal)[0], "identity": np.eye(H)}[kind]
    return init_parameters(D, H, K, rng)._replace(W=W, b_h=np.zeros(H), b_y=np.zeros(K))


def learn(task, params, rng, *, f=tanh, updates=300, B=32, rate=.003, limit=1.0):
    """Train on new sequences at every update, with Adam.

    task: (B, rng) -> Batch, always of one length     params: where to start     f: tanh, relu or identity
    limit: for the norm of the gradient, None for no clipping     returns: Learned
    """
    weights, optimiser, losses, ways = params._asdict(), Adam(rate), [], []
    state, net = optimiser.start(weights), Unfolded(params, len(task(1, np.random.default_rng(0)).x), B, f)
    for _ in range(updates):
        net.params = Parameters(**weights)
        batch = task(B, rng)
        losses.append(net.forward(batch.x, batch.y, mask=batch.mask) / B)
        found = net.backward(dx=False)
        gradients = {name: getattr(found, name) / B for name in Parameters._fields}
        ways.append(_way_back(net))
        if limit:
            gradients, _ = clip_by_norm(gradients, limit)
        weights, state = optimiser.step(weights, gradients, state)
    learned = Parameters(**weights)
    return Learned(np.array(losses), _accuracy(task, learned, f, rng), *np.transpose(ways), learned)


def _asked_at_the_end(x, answers):
    y, mask = np.zeros(x.shape[:2], int), np.zeros(x.shape[:2])
    y[-1], mask[-1] = answers, 1
    return Batch(x, y, mask)


def _sequences(batch):
    """Each sequence of a batch as bytes, to be compared."""
    return [x.tobytes() for x in batch.x.swapaxes(0, 1)]


def _way_back(net):
    """(|dL_T/dh_1| : |dL_T/dh_T|, and per step, as geometric means, what f' leaves of the length and what W' makes of that).

    Where no gradient arrives, or none starts, these are 0, 0 and NaN: W has nothing to lengthen.
    """
    T, B, H = net.da.shape
    rows = net.da[1:].reshape(-1, H) @ net.params.W                            # (9): dh_1 ... dh_{T-1}; dh_T is U' do_T
    dh = [*_lengths(rows.reshape(T - 1, B, H)), *_lengths(net.yhat[-1:] @ net.params.U)]       # after backward, yhat holds do
    if not min(dh[0], dh[-1]):
        return 0, 0, np.nan
    slopes = np.log(_lengths(net.da[1:]) / dh[1:]).mean()
    reach = dh[0] / dh[-1]
    return reach, np.exp(slopes), np.exp(np.log(reach) / (T - 1) - slopes)


def _lengths(vectors):
    """(T,) lengths over batch and units together."""
    return np.sqrt(np.einsum("tbh,tbh->t", vectors, vectors))


def _accuracy(task, params, f, rng):
    batch = task(500, rng)
    net = Unfolded(params, len(batch.x), 500, f)
    net.forward(batch.x, batch.y)
    return float((net.yhat[-1].argmax(-1) == batch.y[-1]).mean())
