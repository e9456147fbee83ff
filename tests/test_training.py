"""Optimisers against numbers worked out by hand, clipping, and checkpoints that lose nothing."""
import os

import numpy as np
import pytest

from rnn_lib.training import (
    SGD,
    Adam,
    Momentum,
    clip_by_norm,
    global_norm,
    load_checkpoint,
    save_checkpoint,
)

# One weight, 1.0; gradients 2 and then -1; rate 0.1; each line worked out with pencil and paper.
BY_HAND = [
    (SGD(.1), [.8, .9]),                                                   # 1 - .2;  .8 + .1
    (Momentum(.1, decay=.5), [.8, .8]),                                    # m = 2, then .5*2 - 1 = 0
    (Adam(.1, b1=.5, b2=.5, eps=0), [.9, .9]),         # m/(1-b1^n) = 2, then (.5*1 - .5)/.75 = 0
    (Adam(.1, b1=0, b2=.5, eps=0), [.9, .9 + .1 / np.sqrt(1.5 / .75)]),       # s = 2, then 1.5; corrected 4, then 2
    (Adam(.1, b1=0, b2=0, eps=3), [1 - .2 / 5, 1 - .2 / 5 + .1 / 4]),     # eps stands outside the root
]


@pytest.mark.parametrize(("optimiser", "expected"), BY_HAND)
def test_two_steps_are_those_worked_out_by_hand(optimiser, expected):
    weights = {"w": np.array([1.0])}
    state = optimiser.start(weights)
    for gradient, value in zip([2.0, -1.0], expected, strict=True):
        weights, state = optimiser.step(weights, {"w": np.array([gradient])}, state)
        np.testing.assert_allclose(weights["w"], [value], rtol=1e-14)


ALL = [SGD(.1), Momentum(.1), Adam(.1)]


@pytest.mark.parametrize("optimiser", ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_step_changes_no_argument_and_keeps_the_dtype(optimiser, dtype):
    weights = {"a": np.ones((2, 3), dtype), "b": np.ones(4, dtype)}
    gradients = {"a": np.full((2, 3), .5, dtype), "b": np.ones(4, dtype)}
    state = optimiser.start(weights)
    new, _ = optimiser.step(weights, gradients, state)
    assert all((w == 1).all() for w in weights.values())
    assert {n: (w.dtype, w.shape) for n, w in new.items()} == {n: (w.dtype, w.shape) for n, w in weights.items()}
    assert not any(np.shares_memory(new[n], old[n]) for n in new for old in (weights, gradients))


@pytest.mark.parametrize("optimiser", ALL)
def test_each_optimiser_finds_the_bottom_of_a_bowl(optimiser):
    weights = {"w": np.array([1.0, -1.0])}
    state = optimiser._replace(rate=.05).start(weights)
    for _ in range(400):
        weights, state = optimiser._replace(rate=.05).step(weights, {"w": weights["w"] * [1, 3]}, state)
    assert np.abs(weights["w"]).max() < .06


GRADIENTS = {"a": np.array([3.0, 0.0]), "b": np.array([[0.0], [-4.0]])}


def test_the_global_norm_is_that_of_one_long_vector():
    assert global_norm(GRADIENTS) == 5


def test_clipping_by_norm_is_exact_and_keeps_the_direction():
    clipped, norm = clip_by_norm(GRADIENTS, 2.5)
    assert norm == 5
    assert global_norm(clipped) == 2.5
    assert clipped["a"].tolist() == [1.5, 0]
    assert clip_by_norm(GRADIENTS, 5)[0] is GRADIENTS


@pytest.mark.parametrize("limit", [0, -1, np.nan])
def test_a_limit_must_be_above_zero(limit):
    with pytest.raises(ValueError, match="limit must be above 0, got"):
        clip_by_norm(GRADIENTS, limit)


def noisy_steps(n, optimiser, weights, state, rng):
    for _ in range(n):
        weights, state = optimiser.step(weights, {k: w + rng.standard_normal(w.shape) for k, w in weights.items()}, state)
    return weights, state


@pytest.mark.parametrize("optimiser", ALL)
def test_a_resumed_run_equals_an_uninterrupted_one_bit_for_bit(optimiser, tmp_path):
    start = {"W": np.ones((3, 2)), "E": np.linspace(0, 1, 4, dtype=np.float32)}
    rng = np.random.default_rng(7)
    through, _ = noisy_steps(9, optimiser, start, optimiser.start(start), rng)

    rng = np.random.default_rng(7)
    half = noisy_steps(4, optimiser, start, optimiser.start(start), rng)
    save_checkpoint(tmp_path / "half.npz", *half, rng, step=4)
    weights, state, rng, progress = load_checkpoint(tmp_path / "half.npz")
    assert progress == {"step": 4}
    resumed, _ = noisy_steps(5, optimiser, weights, state, rng)
    assert {n: (w.tobytes(), w.dtype) for n, w in resumed.items()} == {n: (w.tobytes(), w.dtype) for n, w in through.items()}


@pytest.mark.parametrize("when", ["write", "rename"])
def test_a_killed_save_leaves_the_old_checkpoint_whole(tmp_path, monkeypatch, when):
    path, rng = tmp_path / "c.npz", np.random.default_rng(0)
    save_checkpoint(path, {"w": np.ones(3)}, {}, rng, step=1)
    def killed(*args, **kwargs):
        raise KeyboardInterrupt
    monkeypatch.setattr(*((np, "savez") if when == "write" else (os, "replace")), killed)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(path, {"w": np.zeros(3)}, {}, rng, step=2)
    weights, _, _, progress = load_checkpoint(path)
    assert (weights["w"].tolist(), progress) == ([1, 1, 1], {"step": 1})


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path):
    (tmp_path / "text.npz").write_text("hello")
    np.savez(tmp_path / "other.npz", x=np.ones(2))
    np.savez(tmp_path / "pickle.npz", about=np.array([{}], dtype=object))
    for name in ("text", "other", "pickle"):
        with pytest.raises(ValueError, match=r"is not a checkpoint written by save_checkpoint"):
            load_checkpoint(tmp_path / f"{name}.npz")
    with pytest.raises(FileNotFoundError):
        load_checkpoint(tmp_path / "none.npz")
