"""Exercises whose answer is numbers, sets, names or choices: a table of what is right, and of what known-wrong answers show.

    q = table("my_count = 4 * 3", {"my_count": {7: "you added", None: "how many rows, how many columns?"}}, hints=[...])
"""
import re
from numbers import Real

import numpy as np

from .kit import Exercise, Verdict, right, wrong


def number(value):
    """A number, a whole one as an int.   raises: TypeError"""
    value = value.item() if isinstance(value, np.ndarray | np.generic) and np.size(value) == 1 else value
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError
    return int(value) if value == value and abs(value) < np.inf and value == int(value) else float(value)


def whole(value):
    """A whole number.   raises: TypeError"""
    if not isinstance(found := number(value), int):
        raise TypeError
    return found


def steps(value):
    """A set of whole numbers, from a set, a list or a tuple of them, or of L_3 and the like, or a text.   raises: TypeError"""
    if isinstance(value, dict):
        raise TypeError
    if isinstance(value, str):
        value = re.sub(r"^(set\(\)|none)$|[][{}(),]", " ", value.strip().lower()).split()
    known = (re.fullmatch(r"([a-z]_?)?(\d{1,2})", part.strip().lower()) if isinstance(part, str) else None for part in value)
    return frozenset(whole(int(found[2]) if found else part) for found, part in zip(known, value, strict=True))


class Unread(ValueError):
    """What cannot be read, and why: its text is said."""


def one_of(*words):
    """A reader of one of these words, or of its stem; others may stand beside it: "vanishing-gradient." is "vanishing"."""
    known = {word.lower(): word for word in words}
    def read(value):
        if not isinstance(value, str):
            raise TypeError
        parts = re.findall("[a-z]+", f"{value} {re.sub('[- ]', '', value)}".lower())              # over-fitting, over fitting
        found = {known[word] for part in parts for word in known if word == part or (len(part) > 5 and word.startswith(part[:6]))}
        if len(found) != 1:
            raise Unread(f"{value!r} is {'none' if not found else 'more than one'} of the words {', '.join(words)}")
        return found.pop()
    return read


def table(solution, known, *, hints, asks, reads=number, praise="", joint=(), every=True):
    """An exercise whose answers are compared with what the solution text says.

    known: {part: {wrong value: what is said of it ("": it is right, too), None: what is said of any other}}; the parts are the
    answers, or the keys of one dictionary, or the entries of one tuple; a list in their order will do
        in place of a dictionary of values: wrong value -> what is said of it
    asks: said when the form is another     praise: said when right
    joint: ((values of all parts, as a dictionary) -> whether, what is said) pairs, before the parts
    every: say something of each wrong part, else of the first
    """
    named = {}
    exec(solution, {}, named)
    found = [*named.values()]
    due = _parts(found[-1:] if len(known) == 1 or isinstance(found[-1], dict | tuple) else found[-len(known):], known)
    due = {part: reads(value) for part, value in due.items()}
    def judge(*answer):
        given = {}
        try:
            for part, value in _parts(answer, known).items():
                given[part] = reads(value)
        except Unread as reason:
            return Verdict("not understood", f"{part}: {reason}")
        except (TypeError, ValueError):
            return Verdict("not understood", asks)
        for condition, said in joint:
            if condition(given):
                return wrong(said)
        def meant(part, value):
            stories = known[part]
            return stories(value) if callable(stories) else (
                stories.get(value, stories.get(None, "that is not it")).replace("{}", str(value)))
        said = [(part, story) for part, value in given.items() if value != due[part] and (story := meant(part, value))]
        if not said:
            return right(praise)
        count = f"{len(said)} of {len(known)} are not right. " if not every and len(said) > 1 else ""
        said = said if every else said[:1]
        return wrong(count + "\n".join(f"{part}: {meaning}" if len(known) > 1 else meaning for part, meaning in said))
    exercise = Exercise(judge, hints, solution)
    exercise.table, exercise.due = known, due
    return exercise


def _parts(answer, known):
    """{part: value}.   raises: TypeError when the answer has other parts"""
    whole = answer[0] if len(answer) == 1 and len(known) > 1 else answer
    if isinstance(whole, set | frozenset):              # has no order
        raise TypeError
    if isinstance(whole, dict):
        if whole.keys() != known.keys():
            raise TypeError
        return whole
    if len(whole) != len(known) or isinstance(whole, str):
        raise TypeError
    return dict(zip(known, whole, strict=True))
