"""Make pytorch.json: what PyTorch's loss.backward() gives for the network of lesson 16, for readers without PyTorch.

    pip install torch==2.13.0; python data/make_pytorch.py
"""
import hashlib
import json
from pathlib import Path

import numpy as np
import torch

import rnn_lib as rnn

HERE = Path(__file__).parent


def network():
    """The network of the lesson, and its data."""
    rng = np.random.default_rng(16)
    params = rnn.init_parameters(D=3, H=5, K=4, rng=rng)
    return params, rng.standard_normal((8, 3)), rng.standard_normal(5), rng.integers(4, size=8)


def gradients(params, x, h_0, y, cut=None):
    """dV, dW, dU, db_h, db_y by automatic differentiation; with cut, the state is detached after every `cut` steps."""
    V, W, U, b_h, b_y = (torch.tensor(p, requires_grad=True) for p in params)
    h, loss = torch.tensor(h_0), 0
    for t, (x_t, y_t) in enumerate(zip(torch.tensor(x), torch.tensor(y), strict=True)):
        if cut and t % cut == 0:
            h = h.detach()
        h = torch.tanh(V @ x_t + W @ h + b_h)
        loss = loss + torch.nn.functional.cross_entropy(U @ h + b_y, y_t)
    loss.backward()
    return {name: p.grad.tolist() for name, p in zip(rnn.Parameters._fields, (V, W, U, b_h, b_y), strict=True)}


if __name__ == "__main__":
    made = {"version": torch.__version__, "whole": gradients(*network()), "cut after 4": gradients(*network(), cut=4)}
    content = (json.dumps(made) + "\n").encode()
    (HERE / "pytorch.json").write_bytes(content)
    print(f"| pytorch.json | {len(content)} | {hashlib.sha256(content).hexdigest()} |")
