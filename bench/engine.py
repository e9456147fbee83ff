"""How fast is `Unfolded`? Beside its peers, on the same work, in one interleaved run:   python -m bench.engine [float32]

Forward, loss and the gradients of V, W, U, b_h and b_y (x's is left out everywhere). Before anything is timed, each peer must
give the engine's loss and gradients. One core and one thread for all; CPU time; each number is the median over rounds, each
ratio the median of the ratios inside a round. The NumPy floor is the bare products and tanh calls, the product peak the rate of
one large matrix product, both timed in the same rounds. PyTorch and JAX are left out where they are not installed
(requirements-bench.txt).
"""
import os
import platform
import subprocess
import sys
import time
import tracemalloc
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

import rnn_lib as rnn
from rnn_lib.unfolded import Unfolded

ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
SIZES = [(10, 1, 8, 16, 8), (25, 1, 65, 100, 65), (50, 32, 64, 128, 64), (200, 64, 256, 512, 1000), (2000, 1, 64, 64, 64)]
SIDE = 1500
FIRST_GRADIENT = """
import numpy as np, rnn_lib as rnn
from rnn_lib.unfolded import Unfolded
rng = np.random.default_rng(0)
net = Unfolded(rnn.init_parameters(65, 100, 65, rng), T=25, B=1)
net.forward(rng.standard_normal((25, 1, 65)), rng.integers(65, size=(25, 1)))
net.backward()
"""


class Case(NamedTuple):
    params: rnn.Parameters
    x: np.ndarray        # (T, B, D)
    y: np.ndarray        # (T, B)
    h_0: np.ndarray      # (B, H)


def make_case(T, B, D, H, K, dtype):
    rng = np.random.default_rng(0)
    return Case(rnn.init_parameters(D, H, K, rng, dtype), rng.standard_normal((T, B, D)).astype(dtype),
                rng.integers(K, size=(T, B)), rng.standard_normal((B, H)).astype(dtype))


# A peer takes a case and returns the work that is timed, and what reads (loss, five gradients) from the work's result.

def unfolded(case):
    net = Unfolded(case.params, *case.y.shape)
    return lambda: (net.forward(*case[1:]), net.backward(dx=False)), lambda result: (result[0], result[1][:5])


def plain(case):
    params, x, y, h_0 = case

    def work():
        run = rnn.forward(params, x, h_0)
        losses, do = rnn.cross_entropy(run.o, y)
        return losses.sum(), rnn.bptt(params, run, do)
    return work, lambda result: (result[0], result[1][:5])


def char_rnn(case):
    """The well-known hundred lines: column vectors in dicts, a step at a time."""
    V, W, U, b_h, b_y = (v if v.ndim == 2 else v[:, None] for v in case.params)
    columns, (T, B) = np.ascontiguousarray(case.x.transpose(0, 2, 1)), case.y.shape

    def work():
        hs, ps, loss, one_each = {-1: case.h_0.T}, {}, 0, np.arange(B)
        for t in range(T):
            hs[t] = np.tanh(np.dot(V, columns[t]) + np.dot(W, hs[t - 1]) + b_h)
            scores = np.dot(U, hs[t]) + b_y
            ps[t] = np.exp(scores) / np.sum(np.exp(scores), axis=0)
            loss += -np.log(ps[t][case.y[t], one_each]).sum()
        dV, dW, dU, db_h, db_y = (np.zeros_like(v) for v in (V, W, U, b_h, b_y))
        dh_next = np.zeros_like(hs[0])
        for t in reversed(range(T)):
            dy = np.copy(ps[t])
            dy[case.y[t], one_each] -= 1
            dU += np.dot(dy, hs[t].T)
            db_y += dy.sum(1, keepdims=True)
            dh = np.dot(U.T, dy) + dh_next
            da = (1 - hs[t] * hs[t]) * dh
            db_h += da.sum(1, keepdims=True)
            dV += np.dot(da, columns[t].T)
            dW += np.dot(da, hs[t - 1].T)
            dh_next = np.dot(W.T, da)
        return loss, (dV, dW, dU, db_h[:, 0], db_y[:, 0])
    return work, lambda result: result


def pytorch(case):
    import torch
    torch.set_num_threads(1)
    (K, H), D = case.params.U.shape, case.x.shape[2]
    dtype = getattr(torch, str(case.x.dtype))
    cell, out = torch.nn.RNN(D, H, dtype=dtype), torch.nn.Linear(H, K, dtype=dtype)
    ours = [cell.weight_ih_l0, cell.weight_hh_l0, out.weight, cell.bias_ih_l0, out.bias]
    with torch.no_grad():                              # b_h is the sum of two biases there
        for weight, value in zip(ours, case.params, strict=True):
            weight.copy_(torch.from_numpy(value))
        cell.bias_hh_l0.zero_()
    x, y, h_0 = torch.from_numpy(case.x), torch.from_numpy(case.y).reshape(-1), torch.from_numpy(case.h_0)[None]

    def work():
        for weight in (*ours, cell.bias_hh_l0):
            weight.grad = None
        loss = torch.nn.functional.cross_entropy(out(cell(x, h_0)[0]).reshape(-1, K), y, reduction="sum")
        loss.backward()
        return loss.item()
    return work, lambda loss: (loss, [weight.grad.numpy() for weight in ours])


def jax_scan(case, unroll=1):
    import jax
    jax.config.update("jax_enable_x64", case.x.dtype == np.float64)

    def loss(params, x, y, h_0):
        V, W, U, b_h, b_y = params

        def step(h, Vx):
            h = jax.numpy.tanh(Vx + h @ W.T)
            return h, h
        h = jax.lax.scan(step, h_0, x @ V.T + b_h, unroll=unroll)[1]
        return -jax.numpy.take_along_axis(jax.nn.log_softmax(h @ U.T + b_y), y[..., None], -1).sum()
    compiled = jax.jit(jax.value_and_grad(loss))
    there = jax.tree.map(jax.numpy.asarray, tuple(case))
    return lambda: jax.block_until_ready(compiled(*there)), lambda result: (float(result[0]), [np.asarray(g) for g in result[1]])


def jax_unrolled(case):
    if len(case.x) > 50:
        raise NotImplementedError("takes minutes to compile")
    return jax_scan(case, unroll=len(case.x))


def floor(case):
    """Nothing but the products and the tanh that every implementation needs, each with an array to write to."""
    (V, W, U, _, _), x, y, h_0 = case
    rows, h, o = x.reshape(y.size, -1), np.zeros((y.size, len(W)), x.dtype), np.zeros((y.size, len(U)), x.dtype)
    steps, net, one = h.reshape(*y.shape, -1), Unfolded(case.params, 1, y.shape[1]), np.zeros_like(h_0)
    net.W[:], net.WT[:] = W, W.T                       # where the engine has them in memory

    def work():
        np.dot(rows, V.T, h)
        for h_t in steps:
            h_t.dot(net.WT, one)
            np.tanh(one, h_t)
        np.dot(h, U.T, o)
        np.dot(o, U, h)
        for h_t in steps:
            h_t.dot(net.W, one)
        return np.dot(o.T, h), np.dot(h.T, h), np.dot(h.T, rows)
    return work, None


def product(case):
    """One large matrix product: 2 SIDE^3 operations, as fast as this machine multiplies."""
    a = np.random.default_rng(0).standard_normal((SIDE, SIDE)).astype(case.x.dtype)
    return lambda: a.dot(a), None


PEERS = {"Unfolded": unfolded, "forward + bptt": plain, "char-rnn loop": char_rnn, "PyTorch": pytorch, "JAX scan": jax_scan,
         "JAX unrolled": jax_unrolled, "floor": floor, "product": product}


def check(name, got, expected):
    """Equal loss and gradients, or the bench stops."""
    close = 1e-9 if expected[1][0].dtype == np.float64 else 1e-3
    for ours, theirs in zip((np.asarray(expected[0]), *expected[1]), (got[0], *got[1]), strict=True):
        error = np.abs(theirs - ours).max() / np.abs(ours).max()
        if not error <= close:
            raise SystemExit(f"{name} does not compute the same: off by {error:.1e}")


def interleaved(works, budget=2.0, slice_of=.02, rounds=5):
    """CPU seconds of each work, (rounds, works): in every round each work runs for about slice_of, in changing order."""
    def seconds(work, repeats):
        start = time.process_time()
        for _ in range(repeats):
            work()
        return (time.process_time() - start) / repeats
    repeats = [max(1, round(slice_of / max(1e-6, min(seconds(work, 1) for _ in range(3))))) for work in works]
    table, order, end = [], list(range(len(works))), time.process_time() + budget * len(works)
    while len(table) < rounds or time.process_time() < end:
        order = order[1:] + order[:1]
        times = {i: seconds(works[i], repeats[i]) for i in order}
        table.append([times[i] for i in range(len(works))])
    return np.array(table)


def duration(seconds):
    return f"{seconds * 1e6:.0f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.2f} s"


def row(size, dtype):
    """A line of the table, and why a peer is not in it."""
    case, works, missing = make_case(*size, dtype), {}, {}
    for name, peer in PEERS.items():
        try:
            works[name], read = peer(case)
        except (ImportError, NotImplementedError) as reason:
            missing[name] = reason
            continue
        if name == "Unfolded":
            expected = read(works[name]())
        elif read:
            check(name, read(works[name]()), expected)
    times = interleaved(list(works.values()))
    ratio = dict(zip(works, np.median(times / times[:, :1], axis=0), strict=True))
    T, B, D, H, K = size
    operations = 2 * T * B * (2 * D * H + 3 * H * H + 3 * K * H)
    cells = [", ".join(map(str, size)), duration(np.median(times[:, 0]))]
    cells += [f"{ratio[name]:.2f}×" if name in ratio else "–" for name in list(PEERS)[1:-2]]
    cells += [f"{ratio['floor']:.0%}", f"{operations / (2 * SIDE ** 3) * ratio['product']:.0%}"]
    return "| " + " | ".join(cells) + " |", missing


def growth(dtype):
    """The exponent of T in the time of a pass, between 100 and 3,200 steps."""
    steps = [100, 200, 400, 800, 1600, 3200]
    times = np.median(interleaved([unfolded(make_case(T, 1, 32, 32, 32, dtype))[0] for T in steps], budget=.5), axis=0)
    return np.polyfit(np.log(steps), np.log(times), 1)[0], max(b / a for a, b in pairwise(times))


def memory(dtype, T=100, B=32, H=64):
    """Most numbers alive at once, making the network included, per T·B·H (D = H = K)."""
    case = make_case(T, B, H, H, H, dtype)
    tracemalloc.start()
    unfolded(case)[0]()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / np.dtype(dtype).itemsize / (T * B * H)


def cold_start():
    """CPU seconds from the start of Python to the first gradient, the least of five."""
    def once():
        before = os.times()
        subprocess.run([sys.executable, "-c", FIRST_GRADIENT], check=True)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system
    return min(once() for _ in range(5))


def machine():
    """The processor, and who multiplies matrices."""
    info = Path("/proc/cpuinfo")                       # Linux
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return (f"{(names or [platform.processor()])[0]}, one core, one thread; Python {platform.python_version()}, "
            f"NumPy {np.__version__} with {blas['name']} {blas['version']}")


def main(dtype):
    print(f"{machine()}\n{dtype}; CPU time, medians; × = times as long as Unfolded\n")
    print("| T, B, D, H, K | " + " | ".join(list(PEERS)[:-2]) + " | of NumPy floor | of product peak |")
    print("|---|" + "---|" * len(PEERS))
    notes = {}
    for size in SIZES:
        line, missing = row(size, dtype)
        notes |= {name: str(reason) for name, reason in missing.items()}
        print(line, flush=True)
    print("", *(f"{name}, where it is missing: {reason}" for name, reason in notes.items()), sep="\n")
    exponent, worst = growth(dtype)
    print(f"time grows as T^{exponent:.2f} (T = 100 to 3,200; twice T costs at most {worst:.2f}×)")
    print(f"peak memory {memory(dtype):.2f} numbers per T·B·H (T = 100, B = 32, D = H = K = 64)")
    print(f"first gradient {cold_start():.2f} s after the start of Python")


if __name__ == "__main__":
    chosen = "float32" if "float32" in sys.argv else "float64"
    if all(os.environ.get(name) == "1" for name in ONE_THREAD):
        main(chosen)
    else:                                              # BLAS reads these at its start: once more, in a Python that has them
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        sys.exit(subprocess.run([sys.executable, "-m", "bench.engine", chosen], env=os.environ | ONE_THREAD).returncode)
