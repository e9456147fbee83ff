"""What is wrong with this backward pass? Named mistakes, and an audit of every term. Used in lessons 10 and 14."""
from .audit import audit
from .diagnosis import Diagnosis, diagnose, recognise
from .mistakes import DEFINITION, MISTAKES, RECURSION, TWO_LOOPS, Five, Mistake, build, outer, total

__all__ = ["DEFINITION", "MISTAKES", "RECURSION", "TWO_LOOPS", "Diagnosis", "Five", "Mistake", "audit", "build", "diagnose",
           "outer", "recognise", "total"]
