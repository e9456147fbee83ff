"""What stands beside an exercise: its hints and its solution, as its own `.hint()` and `.solution()` give them."""
import re

from rnn_lib import checks


def helps(name):
    """{"hints": [...], "solution": ...} of the exercise of this name; empty where there is none."""
    exercise = getattr(checks, name, None)
    if exercise is None:
        return {"hints": [], "solution": "", "closed": False}
    hints = []
    while (message := plain(exercise.hint().message)) not in hints:       # after the last it says the last again
        hints.append(message)
    shown = exercise.solution()                                           # or what has to be done before it is shown
    return {"hints": hints, "solution": shown.message, "closed": shown.status != "solution"}


def plain(message):
    """A hint without what it says of the next one: on the page the button tells."""
    return re.sub(r"\s*\((?:\d+ more|the last one;.*)\)\s*$", "", message)
