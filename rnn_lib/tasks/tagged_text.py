"""The tagged sentences of lesson 15: the Brown corpus when `make brown` has fetched it, else the small alice.conllu."""
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..text import DATA, UPOS, read_conllu

BROWN = DATA / "brown"
# The mapping of Petrov, Das and McDonald, "A Universal Part-of-Speech Tagset" (LREC 2012, arXiv:1104.2086), file en-brown.map of
# github.com/slavpetrov/universal-pos-tags: a universal tag, then the Brown tags that become it.
# Foreign words (fw-...) are X; what only says where a word stood (-hl headline, -tl title, -nc cited) is left out.
UNIVERSAL = {
    "ADJ": "ap jj jjr jjs jjt od",
    "ADP": "cs in",
    "ADV": "* ql qlp rb rbr rbt rn wql wrb",
    "CONJ": "cc",
    "DET": "abx at dt dt$ dti dts dtx pp$ wdt wp$",
    "NOUN": "cd$ nn nn$ nns nns$ np np$ nps nps$ nr nr$ nrs pn pn$",
    "NUM": "cd",
    "PRON": "pp$$ ppl ppls ppo pps ppss wpo wps",
    "PRT": "abl abn ap$ ex jj$ rb$ rp to uh wrb+in",
    "VERB": "be bed bedz beg bem ben ber bez do dod doz hv hvd hvg hvn hvz md vb vbd vbg vbn vbz",
    "X": "nil do+ppss wdt+ber+pp wdt+do+pps",
    ".": "' '' ( ) , -- . : ``",
}
TAGS = tuple(UNIVERSAL)   # the 12 universal tags of 2012
_UNIVERSAL = {brown: universal for universal, listed in UNIVERSAL.items() for brown in listed.split()}
_PLACE = re.compile(r"(?<=.)(-(hl|tl|nc|t|n))+$")


class Corpus(NamedTuple):
    """Tagged sentences, each a list of (word, tag), and how long to learn from them."""
    name: str
    tags: tuple[str, ...]
    train: list
    test: list
    B: int         # sentences a batch
    epochs: int    # times through the training sentences


def corpus(folder=BROWN):
    """Brown when its folder is there: 5,000 sentences to learn from and 1,500 for the test. Else 240 and 35 of Alice.

    returns: Corpus, the same on every call
    """
    if Path(folder).is_dir():
        chosen = some_of(read_brown(folder), 6_500)
        return Corpus("Brown", TAGS, chosen[:5_000], chosen[5_000:], B=32, epochs=8)
    alice = read_conllu()
    return Corpus("Alice", UPOS, alice[:240], alice[240:], B=8, epochs=12)


def some_of(tagged, n):
    """n sentences of 3 to 30 words, drawn at random from all of that length.   returns: a list, the same for the same seed"""
    fitting = [sentence for sentence in tagged if 3 <= len(sentence) <= 30]
    return [fitting[i] for i in np.random.default_rng(0).permutation(len(fitting))[:n]]


def read_brown(folder=BROWN):
    """The sentences of the Brown corpus, each a list of (word, universal tag): one a line, word/tag, cut at the last `/`.

    folder: as `make brown` fills it; files named like ca01 are read     raises: FileNotFoundError, ValueError
    """
    files = sorted(path for path in Path(folder).glob("c[a-r][0-9][0-9]") if path.is_file())
    if not files:
        raise FileNotFoundError(f"{folder} holds no file of the Brown corpus (ca01 ... cr09): run  make brown")
    return [sentence for path in files for sentence in _sentences(path)]


def parse_line(line):
    """One line of Brown: "1/2/cd cup/nn" is [("1/2", "NUM"), ("cup", "NOUN")]; a blank line is [].   raises: ValueError"""
    cut = [piece.rpartition("/") for piece in line.split()]
    if strange := next((f"{word}{slash}{tag}" for word, slash, tag in cut if not (word and tag)), None):
        raise ValueError(f"expected word/tag, got {strange!r}")
    return [(word, universal(tag)) for word, _, tag in cut]


def universal(tag):
    """The universal tag of a Brown tag.   raises: ValueError for one that Brown does not have"""
    plain = _PLACE.sub("", tag.lower())
    if plain.startswith("fw-"):
        return "X"
    if plain in _UNIVERSAL:
        return _UNIVERSAL[plain]
    parts = [_UNIVERSAL.get(part if part in _UNIVERSAL else part.removesuffix("*")) for part in plain.split("+")]
    if None in parts:
        raise ValueError(f"{tag!r} is no tag of the Brown corpus")
    contraction = len(parts) > 1 and parts[0] != "VERB" and "VERB" in parts[1:]       # she's, who'd
    return "PRT" if contraction else parts[0]


def _sentences(path):
    for number, line in enumerate(path.read_text(encoding="latin-1").splitlines(), 1):
        try:
            if sentence := parse_line(line):
                yield sentence
        except ValueError as wrong:
            raise ValueError(f"{path}, line {number}: {wrong}") from wrong
