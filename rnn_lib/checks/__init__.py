"""The exercises: `check.q02_1(my_edges)` gives a verdict, `check.q02_1.hint()` and `.solution()` help."""
from .lesson_02 import q02_1, q02_2, q02_3
from .lesson_04 import q04_1, q04_2, q04_3

__all__ = ["q02_1", "q02_2", "q02_3", "q04_1", "q04_2", "q04_3"]
