"""How good a tagger is, network or lookup table, and the table itself.   Built in lesson 15."""
from collections import Counter, defaultdict
from itertools import chain

import numpy as np


def most_frequent_tag(tagged):
    """The lookup table: each word, in small letters, with the tag it has most often; of equals the one that came first."""
    counts = defaultdict(Counter)
    for word, its_tag in chain.from_iterable(tagged):
        counts[word.lower()][its_tag] += 1
    return {word: seen.most_common(1)[0][0] for word, seen in counts.items()}


def look_up(table, words):
    """The tag of each word in the table, NOUN for a word that is not there, a list."""
    return [table.get(word.lower(), "NOUN") for word in words]


def by_ending(word, tags):
    """A tag for a new word: its ending tells.   tags: those there are; Brown has no PROPN"""
    if word.endswith("ly"):
        return "ADV"
    if word.endswith(("ed", "ing")) and word.islower():
        return "VERB"
    if word.endswith(("ous", "ful", "able", "ive", "th")):
        return "ADJ"
    return "PROPN" if word.istitle() and "PROPN" in tags else "NOUN"


def look_up_or_guess(table, words, tags):
    """The tag of each word in the table, `by_ending` for a word that is not there: the lesson's rule of nine lines."""
    return [table[word.lower()] if word.lower() in table else by_ending(word, tags) for word in words]


def verdicts(name_tags, tagged):
    """(word, right tag, tag given) of every word.   name_tags: a function, words -> their tags, such as `best_tags` of a model"""
    return [(word, right, given) for sentence in tagged if sentence
            for (word, right), given in zip(sentence, name_tags([word for word, _ in sentence]), strict=True)]


def accuracy(name_tags, tagged):
    """The share of words that get their right tag.   name_tags: a function, words -> their tags     tagged: sentences"""
    return float(np.mean([right == given for _, right, given in verdicts(name_tags, tagged)]))


def confusion(found, tags):
    """How often each tag was given for each: rows are the right tags, columns those given.

    found: (word, right tag, tag given) of every word, as `verdicts` finds them     returns: (K, K) whole numbers
    """
    number, counts = {name: k for k, name in enumerate(tags)}, np.zeros((len(tags), len(tags)), int)
    for _, right, given in found:
        counts[number[right], number[given]] += 1
    return counts
