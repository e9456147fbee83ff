"""A learner's function, run with right values put in the place of what one of its lines makes."""
import sys

from .source import lines_of
from .trace import answered, live, part_of


def replaced(function, arguments, T, key, values):
    """What a function returns when one line makes right values; None if it stops.   arguments: copies, which may be changed

    T: number of steps     key: (code, line, name), of the Changes whose arrays are replaced
    values: {(visit, raw name): (whether to add to what is there, array)}
    """
    return answered(function, arguments, _Line(T, *key, values).enter)


class _Line:
    """Looks at one line only: most of what is run is none of its business, and is passed by at once."""

    def __init__(self, T, code, line, name, values):
        self.T, self.code, self.line, self.name, self.values = T, code, line, name, values
        self.lines = lines_of(code, line)
        self.visit, self.last, self.running = -1, max(visit for visit, _ in values), {}

    def enter(self, frame, event, _):
        return self.follow if frame.f_code is self.code else None

    def follow(self, frame, event, _):
        """What is called at each line, before it runs, and when the function returns."""
        here = frame.f_lineno in self.lines
        if not here and frame not in self.running:
            return self.follow
        if event == "exception" or (event == "line" and here and frame in self.running and frame.f_lineno != self.line):
            return self.follow                                   # still in the same statement
        if frame in self.running:
            self.put(frame, *self.running.pop(frame))
        if here and event == "line":
            self.visit += 1
            made = self.made(frame, self.visit)
            self.running[frame] = self.visit, {name: (array.copy(), id(array)) for name, (array, _, _) in made.items()}
        elif self.visit == self.last and not self.running:
            sys.settrace(None)                                   # the rest runs at full speed
        return self.follow

    def made(self, frame, visit):
        """raw name -> (array, what holds it, where in it) of what one visit is to make."""
        return {name: found for name, found in live(frame.f_locals).items() if (visit, name) in self.values}

    def put(self, frame, visit, before):
        """Put the right array in the place of what a visit has made."""
        for name, (array, holder, key) in self.made(frame, visit).items():
            was, same = before.get(name, (None, None))
            label, row, old, new = part_of(name, was, array, self.T)
            if label != self.name:
                continue
            add, value = self.values[visit, name]
            value = (value + (old if add and old is not None else 0)).reshape(new.shape)
            if row is not None:
                array[row] = value
            elif isinstance(holder, tuple) or id(array) == same:
                array[...] = value                               # += and the like: others may hold the same array
            else:
                holder[key] = value
