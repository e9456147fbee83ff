"""What is wrong with this backward pass? Named mistakes, and an audit of every term. Used in lessons 10 and 17."""
from .audit import audit
from .diagnosis import Diagnosis, diagnose, recognise
from .first_line import FirstLine, Record
from .mistakes import DEFINITION, MISTAKES, RECURSION, Five, Mistake, build, outer, total
