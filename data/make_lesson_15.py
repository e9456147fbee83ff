"""Make data/lesson_15.json: how many words five taggers get right in five splits of Alice, for the picture of lesson 15.

    OPENBLAS_NUM_THREADS=1 python data/make_lesson_15.py        # a quarter of a minute

The 275 sentences are divided at random into five parts, and each part is the test once. The networks are those of the lesson,
with its seed and settings. The seeds are fixed: the same numpy and BLAS give the same bytes.
"""
import hashlib
import json
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np

from rnn_lib import text
from rnn_lib.tasks import both_sides, tag_scores, tagger


def splits():
    """Five times (sentences to learn from, sentences for the test)."""
    tagged = text.read_conllu()
    for part in np.array_split(np.random.default_rng(0).permutation(len(tagged)), 5):
        yield [sentence for i, sentence in enumerate(tagged) if i not in part], [tagged[i] for i in part]


def trained(train, both):
    """A tagger trained as in the lesson.   both: whether it has a second network"""
    rng = np.random.default_rng(1)
    model = tagger.new_tagger(train, text.UPOS, rng, both=both)
    for step in tagger.train(model, train, rng, epochs=12, B=8):
        model = step.model
    return model


def of_table(train, test):
    return score(partial(tag_scores.look_up, tag_scores.most_frequent_tag(train)), test)


def of_endings(train, test):
    table = tag_scores.most_frequent_tag(train)
    return score(lambda words: tag_scores.look_up_or_guess(table, words, text.UPOS), test)


def of_network(train, test, both):
    return score(partial(tagger.best_tags, trained(train, both)), test)


def of_double(train, test):
    """Two networks, and the second one reads from the left as well: as many weights, no word from the right."""
    with patch.object(both_sides, "turned", lambda v, mask: v):
        return of_network(train, test, True)


def score(name_tags, test):
    """How many words get their right tag."""
    return sum(right == given for _, right, given in tag_scores.verdicts(name_tags, test))


SYSTEMS = {"table": of_table, "nine lines": of_endings, "from the left": partial(of_network, both=False),
           "left, twice the weights": of_double, "both sides": partial(of_network, both=True)}
TRAINED = [*SYSTEMS][2:]

if __name__ == "__main__":
    parts = [*splits()]
    made = {"sentences": [len(test) for _, test in parts], "words": [sum(map(len, test)) for _, test in parts],
            "right": {name: [right(*part) for part in parts] for name, right in SYSTEMS.items()}}
    content = (json.dumps(made) + "\n").encode()
    (Path(__file__).parent / "lesson_15.json").write_bytes(content)
    print(f"| lesson_15.json | {len(content)} | {hashlib.sha256(content).hexdigest()} |")
