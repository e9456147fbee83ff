"""The exercises: `check.q02_1(my_edges)` gives a verdict, `check.q02_1.hint()` and `.solution()` help."""
from .lesson_00 import q00_1, q00_2, q00_3, q00_4, q00_5, q00_6
from .lesson_01 import q01_1, q01_2, q01_3
from .lesson_02 import q02_1, q02_2, q02_3
from .lesson_03 import q03_1, q03_2, q03_3, q03_4
from .lesson_04 import q04_1, q04_2, q04_3
from .lesson_05 import q05_1, q05_2, q05_3, q05_4

__all__ = [
    "q00_1", "q00_2", "q00_3", "q00_4", "q00_5", "q00_6", "q01_1", "q01_2", "q01_3",
    "q02_1", "q02_2", "q02_3", "q03_1", "q03_2", "q03_3",
    "q03_4", "q04_1", "q04_2", "q04_3", "q05_1", "q05_2", "q05_3", "q05_4",
]
