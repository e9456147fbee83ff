"""The interactive pictures of the lessons. A cell is one line: `explorers.unfolding()`."""
from .kit import Picture, chart, choice, predict, redrawn, slider, still, switched
from .unfolding import unfolding

__all__ = ["Picture", "chart", "choice", "predict", "redrawn", "slider", "still", "switched", "unfolding"]
