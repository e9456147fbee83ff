"""The exercises: `check.q02_1(my_edges)` gives a verdict, `check.q02_1.hint()` and `.solution()` help."""
from .lesson_00 import q00_1, q00_2
from .lesson_01 import q01_1, q01_2, q01_3
from .lesson_02 import q02_1, q02_2, q02_3
from .lesson_03 import q03_1, q03_2, q03_3, q03_4
from .lesson_04 import q04_1, q04_2, q04_3
from .lesson_05 import q05_1, q05_2, q05_3
from .lesson_06 import q06_1, q06_2, q06_3
from .lesson_07 import q07_1, q07_2
from .lesson_08 import q08_1, q08_2, q08_3
from .lesson_09 import q09_1, q09_2, q09_3
from .lesson_10 import q10_1, q10_2, q10_3
from .lesson_11 import mistake_list, patient, q11_1, q11_2, q11_3, q11_4, q11_5, q11_6, q11_7, q11_8, q11_9, q11_10
from .lesson_12 import q12_1, q12_2
from .lesson_13 import q13_1, q13_2, q13_3
from .lesson_14 import q14_1, q14_2, q14_3, q14_4
from .lesson_15 import q15_1, q15_2, q15_3, q15_4, q15_5
from .lesson_16 import q16_1, q16_2, q16_3
from .lesson_17 import forward_with_skip, q17_1, q17_2

__all__ = [name for name, made in [*globals().items()] if callable(made)]

for _name in __all__:
    if _name[0] == "q":
        globals()[_name].name = _name
