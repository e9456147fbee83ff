"""The interactive pictures of the lessons. A cell is one line: `explorers.unfolding()`."""
from .forward_pass import forward_pass
from .generate import generate
from .kit import Picture, chart, choice, predict, redrawn, slider, still, switched
from .losses import edit_labels, losses
from .notation import notation, one_box
from .sentence import sentence, small_networks
from .two_directions import named_copies, sweeps
from .unfolding import unfolding

__all__ = [
    "Picture", "chart", "choice", "edit_labels", "forward_pass", "generate", "losses", "named_copies", "notation",
    "one_box", "predict", "redrawn", "sentence", "slider", "small_networks", "still", "sweeps", "switched",
    "unfolding",
]
