"""The simple recurrent network and backpropagation through time, readable line by line.

    >>> import numpy as np, rnn_lib as rnn
    >>> rng = np.random.default_rng(0)
    >>> params = rnn.init_parameters(D=3, H=4, K=2, rng=rng)
    >>> run = rnn.forward(params, x=rng.standard_normal((5, 3)))
    >>> losses, do = rnn.cross_entropy(run.o, y=[0, 1, 1, 0, 1])
    >>> rnn.bptt(params, run, do).W.shape
    (4, 4)

These names need numpy only. Pictures, sliders, exercises and text are imported by name:
`from rnn_lib import checks as check, explorers, text`.
"""
from .bptt import Gradients, bptt
from .clinic import Diagnosis, diagnose
from .copies import copy_gradients, forward_with_copies
from .definition import bptt_by_definition, contributions, jacobian, rtrl
from .embeddings import embed, embedding_gradient
from .gradcheck import BlindInputs, Gradcheck, blind_spots, central_difference, complex_step, gradcheck, relative_error
from .losses import cross_entropy, softmax, squared_error
from .network import Activation, Forward, Parameters, forward, identity, init_parameters, relu, tanh
from .unfolded import Unfolded

__all__ = [
    "Activation", "BlindInputs", "Diagnosis", "Forward", "Gradcheck", "Gradients", "Parameters", "Unfolded",
    "blind_spots", "bptt", "bptt_by_definition", "central_difference", "complex_step", "contributions",
    "copy_gradients", "cross_entropy", "diagnose", "embed", "embedding_gradient", "forward",
    "forward_with_copies", "gradcheck", "identity", "init_parameters", "jacobian",
    "relative_error", "relu", "rtrl", "softmax", "squared_error", "tanh",
]
