"""Words in, numbers out: the Alice text, vocabularies, word vectors and tagged sentences. Built in lessons 01, 14 and 15."""
import operator
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "data"
UNKNOWN = "<unk>"
PIECES = r"{0}+(?=(?i:n't\b))|(?i:n't\b)|(?i:'(?:ll|ve|re|s|d|m)\b)|{0}+|\d+|--+|[^\w\s]"
TOKEN = re.compile(PIECES.format("[A-Za-z]"))
TYPESETTING = str.maketrans({"‘": "`", "“": '"', "”": '"', "–": "--", "—": "--", **dict.fromkeys("’‛´ʼ′＇", "'")})
BACKTICK = re.compile(r"(?<=[^\W\d_])`(?=(?:ll|ve|re|s|d|m|t)\b)", re.IGNORECASE)      # typed for an apostrophe: don`t
HEADING = re.compile(r"\A(?s:.*?)EDITION 2\.9$|^ +(?:CHAPTER [IVX]+\n\n.*|THE END|CHORUS\.|\* .*|\[later editions .*)$|\]$",
                     re.MULTILINE)
# CoNLL-U counts words 1, 2, 3; a range of them is 3-4, an empty node between 5 and 6 is 5.1
ID = re.compile(r"(?P<word>0|[1-9][0-9]*)|(?P<first>[1-9][0-9]*)-(?P<last>[1-9][0-9]*)|[0-9]+\.[1-9][0-9]*")
SENTENCE_END = re.compile(r"""([.!?]['")\]]*) (?![`"(\[-]*[a-z])""")   # not before a small letter: `Oh!' said Alice

# the 17 universal tags, alphabetical
UPOS = ("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM",
        "VERB", "X")


class Vocabulary(NamedTuple):
    """The words that have a number. Built in lesson 14."""
    words: tuple[str, ...]   # words[i] is word number i; words[0] is <unk>, which stands for every other word
    index: dict[str, int]    # index[word] is its number


def tokenize(text):
    """Cut a text into small-letter tokens; contractions as in the Penn Treebank: can't -> ca n't, Alice's -> alice 's.

    Typeset text is made plain first: curly quotes become ` ' ", apostrophes of all kinds ', long dashes --, letters lose accents.
    The underscores of _italics_ and letters outside A-Z are left out.
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be one str, got {type(text).__name__}; join a list of words with ' '.join(words)")
    return [token.lower() for token in cut(text)]


def cut(text, known=None):
    """Cut a text into tokens as `tokenize` does, but leave their capitals. Control characters are left out.

    known: small-letter words of any language, such as vocabulary.index: what is among them stays as it is, in one piece and
    with its accents, and so do unknown words in other letters; None makes all letters plain ones, A to Z
    """
    shown = "".join(c for c in unicodedata.normalize("NFC", text) if c.isprintable() or c.isspace())
    return TOKEN.findall(_plain(shown)) if known is None else [token for chunk in shown.split() for token in _known(chunk, known)]


def left_out(text):
    """The letters that `tokenize` leaves out, as they stand side by side: a list of strings, each once."""
    return list(dict.fromkeys(re.findall(r"[^\W\d_A-Za-z]+", _plain(text))))


def _typed(text):
    """Typeset text as typed on a keyboard."""
    return BACKTICK.sub("'", text.translate(TYPESETTING))


def _plain(text):
    """Typeset text as typed on a keyboard, letters without their accents."""
    letters = unicodedata.normalize("NFKD", _typed(text))
    return "".join(c for c in letters if not unicodedata.combining(c))


def _known(chunk, known):
    """The tokens of a text without spaces, read so that the fewest of them are unknown."""
    readings = [_joined(_pieces(reading), known) for reading in (_typed(chunk), chunk, _plain(chunk))]
    return min(readings, key=lambda tokens: sum(token.lower() not in known for token in tokens))


def _pieces(chunk):
    """The tokens of a text in any letters."""
    marks = "".join({c for c in chunk if unicodedata.category(c)[0] == "M"})            # vowel signs, which are no letters to re
    return re.findall(PIECES.format(rf"(?:[^\W\d_]|[{marks}])" if marks else r"[^\W\d_]"), chunk)


def _joined(pieces, known):
    """Neighbours that are one word of the known ones, such as don't, Mr. or mother-in-law, become one; the longest first."""
    tokens, i = [], 0
    while i < len(pieces):
        end = next((j for j in range(min(len(pieces), i + 8), i + 1, -1) if "".join(pieces[i:j]).lower() in known), i + 1)
        tokens.append("".join(pieces[i:end]))
        i = end
    return tokens


def alice_text():
    """The book as one str, title page and headings included."""
    return (DATA / "alice.txt").read_text(encoding="ascii")


def alice_sentences():
    """The sentences of the book, each a list of tokens, without title page, headings and rows of stars.

    A sentence ends at . ! ? with the quotes and brackets that close there, unless a small letter follows, or at a blank line.
    """
    paragraphs = re.split(r"\n\s*\n", HEADING.sub("\n", alice_text()))
    sentences = (s for p in paragraphs for s in SENTENCE_END.sub(r"\1\n", " ".join(p.split())).split("\n"))
    return [tokens for tokens in map(tokenize, sentences) if tokens]


def alice_tokens():
    """The tokens of the book in reading order: those of `alice_sentences`, joined."""
    return [token for sentence in alice_sentences() for token in sentence]


def build_vocabulary(tokens, size):
    """The Vocabulary of `<unk>` and the size - 1 most frequent tokens, most frequent first, ties in alphabetical order.

    size: how many words, `<unk>` included; with fewer different tokens the vocabulary is smaller
    """
    if operator.index(size) < 1:
        raise ValueError(f"size counts <unk> too, so it must be at least 1, got {size}")
    counts = Counter(_words(tokens, "tokens"))
    del counts[UNKNOWN]
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    words = (UNKNOWN, *ranked[: size - 1])
    return Vocabulary(words, {word: i for i, word in enumerate(words)})


def encode(vocabulary, tokens):
    """The number of every token, (n,) int64; a token outside the vocabulary gets the number of `<unk>`."""
    unknown = vocabulary.index[UNKNOWN]
    return np.array([vocabulary.index.get(token, unknown) for token in _words(tokens, "tokens")], dtype=np.int64)


def decode(vocabulary, ids):
    """The words with these numbers, a list.   ids: (n,) whole numbers from 0 to len(vocabulary.words) - 1"""
    ids, K = _whole_numbers(ids), len(vocabulary.words)
    if ids.ndim != 1:
        raise ValueError(f"ids must be (n,), got shape {ids.shape}; decode one row or column at a time")
    if ids.size and not 0 <= ids.min() <= ids.max() < K:
        raise ValueError(f"ids must lie in 0..{K - 1}, this vocabulary's {K} words, got {ids.min()}..{ids.max()}")
    return [vocabulary.words[i] for i in ids]


def next_word_pairs(ids):
    """Inputs and targets of a language model: y_t = x_{t+1}.   ids: (n,) or (n, B)   returns: x, y, each one row shorter"""
    ids = _whole_numbers(ids)
    if ids.ndim == 0 or len(ids) < 2:
        raise ValueError(f"ids must hold at least 2 words in a row, one to read and one to predict, got shape {ids.shape}")
    return ids[:-1].copy(), ids[1:].copy()


def word_vectors(words=None):
    """GloVe vectors of the words asked for, row by row: (words, vectors (n, 50) float64).

    A word without a vector gets that of `<unk>`, the mean of all, and `<unk>` in its place in the words returned.
    words: small-letter tokens, for instance vocabulary.words; None gives all there are, `<unk>` first, then most frequent first
    """
    with np.load(DATA / "glove.npz", allow_pickle=False) as file:
        known, vectors = file["words"].tolist(), file["vectors"].astype(np.float64)
    row = {word: i for i, word in enumerate(known)}
    rows = [row.get(word, row[UNKNOWN]) for word in (known if words is None else _words(words, "words"))]
    return tuple(known[i] for i in rows), vectors[rows]


def read_conllu(path=None):
    """Tagged sentences from a CoNLL-U file, each a list of (form, upos). Built in lesson 15.

    Ranges such as 3-4 (can't) and empty nodes such as 5.1 are left out: their words, ca and n't, are there on their own.
    path: a file of any Universal Dependencies treebank; None gives data/alice.conllu. Only columns 1, 2 and 4 are looked at
    raises: ValueError with the file, the line and what is wrong
    """
    path, sentences = Path(DATA / "alice.conllu" if path is None else path), [[]]
    for number, line in enumerate(_lines(path), 1):
        try:
            if line.strip():
                sentences[-1] += _tagged_words(_decoded(line), number=len(sentences[-1]) + 1)
            else:
                sentences.append([])
        except ValueError as wrong:
            raise ValueError(f"{path}, line {number}: {wrong}") from wrong
    if not any(sentences):
        raise ValueError(f"{path}: expected sentences in CoNLL-U, 10 columns separated by tabs, found none")
    return [sentence for sentence in sentences if sentence]


def _lines(path):
    """The lines of a file as bytes.   raises: ValueError for an address, a folder, a packed file, UTF-16"""
    if path.parts[:1] in (("http:",), ("https:",)):
        raise ValueError(f"{path} is an address on the web: download the file first, and give its path")
    if path.is_dir():
        inside = sorted(path.glob("*.conllu"))
        raise ValueError(f"{path} is a folder: give one file of it" + (f", such as {inside[0].name}" if inside else ""))
    content = path.read_bytes()
    if content.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
        raise ValueError(f"{path} is a packed file (gzip, zip or the like): unpack it first")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:2]:
        raise ValueError(f"{path} is in UTF-16 or UTF-32, not in UTF-8: save it as UTF-8 first")
    return content.splitlines()


def _decoded(line):
    """A line as text.   raises: ValueError for bytes that are not UTF-8"""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise ValueError(f"expected UTF-8, got byte 0x{line[wrong.start]:02x}: it may be Latin-1, then save it as UTF-8 first "
                         f"({line.decode('latin-1')[max(0, wrong.start - 12):wrong.start + 8].strip()!r})") from wrong


def _tagged_words(line, number):
    """The (form, upos) of a line as a list of one; of a comment, a range or an empty node: an empty list."""
    columns = line.split("\t")
    if line.lstrip().startswith("#") and not columns[0].strip(" ").isdecimal():
        if "global.columns" in line:
            raise ValueError(f"expected CoNLL-U, this is CoNLL-U Plus with columns of its own: {line.split('=')[-1].strip()}")
        return []
    if len(columns) != 10:
        raise ValueError(f"expected 10 columns separated by tabs, got {len(columns)}")
    place = columns[0].strip()
    if place in ("", "_"):
        raise ValueError("column 1 is empty: ids run 1, 2, 3, ...")
    if not (found := ID.fullmatch(place)) or int(found["first"] or 0) > int(found["last"] or 0):
        raise ValueError(f"'{place}' is not a valid ID.")
    if not found["word"]:
        return []
    if int(place) != number:
        raise ValueError(f"expected word {number}, got {place}; a blank line ends a sentence, ids run 1, 2, 3, ...")
    return [_tagged(columns[1], columns[3])]


def _tagged(form, tag):
    """The word and its tag.   raises: ValueError"""
    if not form.strip():
        raise ValueError("expected a word in column 2, got nothing; an underscore stands for an empty column")
    if tag == "_":
        raise ValueError(f"{form!r} has no tag in column 4 (the tag '_'): the text is cut into words, but not tagged")
    if tag not in UPOS:
        raise ValueError(f"{form!r} has the tag {tag!r}, expected one of {' '.join(UPOS)}")
    return unicodedata.normalize("NFC", form), tag


def _words(words, name):
    """The words as a new list, or a TypeError: one str in place of a list of them would be read letter by letter."""
    if isinstance(words, str):
        raise TypeError(f"{name} must be a list of words, got one str; cut it up with tokenize(text)")
    words = list(words)
    if strange := [word for word in words if not isinstance(word, str)]:
        raise TypeError(f"{name} must be words, each a str, got {type(strange[0]).__name__}: {strange[0]!r}")
    return words


def _whole_numbers(ids):
    """The ids as an integer array, or a TypeError."""
    ids = np.asarray(ids)
    if ids.size and not np.issubdtype(ids.dtype, np.integer):
        raise TypeError(f"ids must be whole numbers, as encode returns them, got {ids.dtype}")
    return ids
