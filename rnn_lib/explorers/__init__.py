"""The interactive pictures of the lessons. A cell is one line: `explorers.unfolding()`."""
from .forward_pass import forward_pass
from .kit import Picture, chart, choice, predict, redrawn, slider, still, switched
from .losses import edit_labels, losses
from .unfolding import unfolding

__all__ = [
    "Picture", "chart", "choice", "edit_labels", "forward_pass", "losses", "predict", "redrawn", "slider", "still",
    "switched", "unfolding",
]
