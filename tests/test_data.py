"""The files in data/ are the ones data/README.md describes."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from rnn_lib.text import alice_text, alice_tokens, read_conllu, tokenize

DATA = Path(__file__).resolve().parent.parent / "data"
README = (DATA / "README.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (\S+\.\w+) \| (\d+ \| [0-9a-f]{64}) \|$", README, re.MULTILINE))


@pytest.fixture(scope="module")
def glove():
    with np.load(DATA / "glove.npz", allow_pickle=False) as file:
        return dict(file)


def test_every_data_file_has_its_section_with_a_licence():
    sections = re.split(r"^## ", README, flags=re.MULTILINE)[1:]
    assert {section.splitlines()[0] for section in sections} >= set(ROWS)
    assert all("**Licence:**" in section for section in sections)


def test_the_readme_lists_every_data_file_and_no_other():
    assert set(ROWS) == {path.name for path in DATA.iterdir() if path.is_file() and path.suffix not in {".py", ".md"}}


@pytest.mark.parametrize("name", ROWS)
def test_size_and_sha256_are_those_in_the_readme(name):
    content = (DATA / name).read_bytes()
    assert ROWS[name] == f"{len(content)} | {hashlib.sha256(content).hexdigest()}"


def test_alice_is_ascii_with_unix_line_ends_and_no_end_of_file_mark():
    content = (DATA / "alice.txt").read_bytes()
    assert content.isascii()
    assert not {b"\r", b"\x1a"} & {content[i : i + 1] for i in range(len(content))}
    assert content.rstrip().endswith(b"THE END")


def test_glove_holds_exactly_float16_vectors_and_text_and_stays_small(glove):
    assert {name: array.dtype.kind for name, array in glove.items()} == {"words": "U", "vectors": "f"}
    assert glove["vectors"].dtype == np.float16
    assert glove["vectors"].shape == (len(glove["words"]), 50)
    assert (DATA / "glove.npz").stat().st_size <= 1_000_000


def test_every_glove_word_is_there_once_with_a_finite_vector_of_its_own(glove):
    assert len(set(glove["words"].tolist())) == len(glove["words"])
    assert np.isfinite(glove["vectors"]).all()
    assert len(np.unique(glove["vectors"], axis=0)) == len(glove["words"])


def test_the_unknown_word_comes_first_and_is_the_mean_of_all_others(glove):
    assert glove["words"][0] == "<unk>"
    mean = glove["vectors"][1:].mean(axis=0, dtype=np.float64)
    np.testing.assert_array_equal(glove["vectors"][0], mean.astype(np.float16))


def test_glove_has_all_but_29_words_of_alice_as_the_readme_says(glove):
    known, tokens = set(glove["words"].tolist()), alice_tokens()
    missing = [token for token in tokens if token not in known]
    assert (len(set(missing)), len(missing), len(tokens)) == (29, 39, 34_550)


def test_the_readme_counts_the_vectors_and_the_tagged_words_right(glove):
    tagged = read_conllu()
    assert f"{len(glove['words']):,} word vectors" in README
    assert f"{len(tagged)} sentences of *Alice*, {sum(map(len, tagged)):,} words" in README


def test_a_simple_sentence_of_the_readers_own_is_covered(glove):
    assert set(tokenize("The old teacher loves her cats and won't play chess on Monday.")) <= set(glove["words"].tolist())


def test_alice_is_the_whole_book():
    assert " ".join(re.findall(r"CHAPTER ([IVX]+)\n", alice_text())) == "I II III IV V VI VII VIII IX X XI XII"
