"""Guards against a slow engine, for loaded machines too: CPU time, interleaved, ratios only, the best of several.

Each measurement is a Python of its own, because BLAS takes the number of its threads from the environment at its start.
"""
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from networks import assert_close, make_case

from rnn_lib.unfolded import Unfolded

HERE = Path(__file__).parent


def plain_loop(params, x, y, h_0):
    """The loss and its gradients, one equation a line and a step at a time, as one writes it first. B = 1."""
    V, W, U, b_h, b_y = params
    h, yhat, loss = {0: h_0[0]}, {}, 0.0
    for t in range(1, len(x) + 1):
        a = V @ x[t - 1, 0] + W @ h[t - 1] + b_h               # (1)
        h[t] = np.tanh(a)                                      # (2)
        o = U @ h[t] + b_y                                     # (3)
        yhat[t] = np.exp(o) / np.sum(np.exp(o))                # (4)
        loss -= np.log(yhat[t][y[t - 1, 0]])                   # (5)
    dV, dW, dU, db_h, db_y = (np.zeros_like(v) for v in params)
    from_next = np.zeros_like(h[0])
    for t in range(len(x), 0, -1):
        do = np.copy(yhat[t])
        do[y[t - 1, 0]] -= 1                                   # (6)
        dU += np.outer(do, h[t])                               # (7)
        db_y += do                                             # (7)
        dh = U.T @ do + from_next                              # (9)
        da = (1 - h[t] ** 2) * dh                              # (10)
        dW += np.outer(da, h[t - 1])                           # (11)
        dV += np.outer(da, x[t - 1, 0])                        # (12)
        db_h += da                                             # (13)
        from_next = W.T @ da
    return loss, (dV, dW, dU, db_h, db_y)


def engine(T, D, H, K):
    """A pass forward and back, the same by the plain loop, and the case."""
    case = make_case(T, 1, D, H, K)
    net = Unfolded(case.params, T, 1)
    return (lambda: (net.forward(case.x, case.y, case.h_0), net.backward(dx=False)),
            lambda: plain_loop(case.params, case.x, case.y, case.h_0))


def seconds(function, repeats):
    start = time.process_time()
    for _ in range(repeats):
        function()
    return (time.process_time() - start) / repeats


def ratios(slow, fast, repeats, rounds=15):
    """slow / fast, measured side by side: one ratio a round."""
    slow(), fast()
    return [seconds(slow, repeats) / seconds(fast, 4 * repeats) for _ in range(rounds)]


MEASUREMENTS = {
    "H=16": lambda: ratios(*reversed(engine(10, 8, 16, 8)), repeats=20),
    "H=100": lambda: ratios(*reversed(engine(25, 65, 100, 65)), repeats=5),
    "twice T": lambda: ratios(engine(400, 16, 32, 16)[0], engine(200, 16, 32, 16)[0], repeats=5),
}


def measured(name):
    """The ratios, from a Python whose BLAS has one thread."""
    out = subprocess.run([sys.executable, __file__, name], env=os.environ | {"OPENBLAS_NUM_THREADS": "1"}, cwd=HERE,
                         capture_output=True, text=True, check=True).stdout
    return [float(ratio) for ratio in out.split()]


def test_the_plain_loop_is_right():
    run, loop = engine(6, 3, 4, 5)
    (loss, gradients), (by_hand, its) = run(), loop()
    assert_close(loss, by_hand, 1e-12)
    for got, expected in zip(gradients, its, strict=False):
        assert_close(got, expected, 1e-12)


@pytest.mark.parametrize("size", ["H=16", "H=100"])
def test_the_engine_is_four_times_as_fast_as_a_plain_loop(size):
    assert max(measured(size)) >= 4


def test_twice_the_steps_take_twice_the_time():
    assert min(measured("twice T")) <= 2.3


if __name__ == "__main__":
    print(*MEASUREMENTS[sys.argv[1]]())
