"""Words in, numbers out."""

import gzip
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_lib import text
from rnn_lib.text import (
    UPOS,
    alice_sentences,
    alice_text,
    alice_tokens,
    build_vocabulary,
    cut,
    decode,
    encode,
    left_out,
    next_word_pairs,
    read_conllu,
    tokenize,
    word_vectors,
)

words = st.text("abc", min_size=1, max_size=2)
TREE = [
    "# sent_id = 1", "1-2\tcan't\t_\t_", "1\tca\tcan\tAUX", "2\tn't\tnot\tPART", "2.1\twait\twait\tVERB", "3\t.\t.\tPUNCT", "",
    "# text = Oh!", "1\tOh\toh\tINTJ", "2\t!\t!\tPUNCT",
]   # fmt: skip


@pytest.fixture
def conllu(tmp_path):
    """Write lines of four columns, padded to ten, to a file; return its path."""
    def write(lines):
        path = tmp_path / "tagged.conllu"
        path.write_text("".join(line + "\t_" * 6 * (line.count("\t") == 3) + "\n" for line in lines), encoding="utf-8")
        return path
    return write


# tokenize

@pytest.mark.parametrize(("written", "tokens"), [
    ("You can't, won't and shan't.", "you ca n't , wo n't and sha n't ."),
    ("I'LL say Dinah's here; they've seen I'm late", "i 'll say dinah 's here ; they 've seen i 'm late"),
    ("`Tis so,' said 'em", "` tis so , ' said ' em"),
    ("a tea-tray--oh!  3 times", "a tea - tray -- oh ! 3 times"),
    ("_I_ don't", "i do n't"),
    ("Ain't n't ---- n'th don'th", "ai n't n't ---- n ' th don ' th"),
    ("'Suppose 'd sits", "' suppose 'd sits"),
    ("", ""),
])
def test_a_text_is_cut_as_the_penn_treebank_does(written, tokens):
    assert tokenize(written) == tokens.split()


@pytest.mark.parametrize(("typeset", "plain"), [
    ("‘Don’t!’", "`Don't!'"), ("“Oh”", '"Oh"'), ("tea—or–not…", "tea--or--not..."), ("Café naïve", "Cafe naive"),
])
def test_typeset_text_is_made_plain(typeset, plain):
    assert tokenize(typeset) == tokenize(plain)


@pytest.mark.parametrize("mark", "'’‘‛´ʼ′＇`")
def test_every_kind_of_apostrophe_is_one(mark):
    written = f"She{mark}ll say I don{mark}t, it{mark}s DINAH{mark}S"
    tokens = ["she", "'ll", "say", "i", "do", "n't", ",", "it", "'s", "dinah", "'s"]
    assert tokenize(written) == tokens
    assert [token.lower() for token in cut(written, set(tokens))] == tokens


def test_an_opening_quote_stays_one():
    assert tokenize("said `Tis `s `not' she`so") == ["said", "`", "tis", "`", "s", "`", "not", "'", "she", "`", "so"]


def test_a_letter_outside_a_to_z_is_left_out_even_where_small_and_capital_letters_are_alike():
    assert tokenize("\u0131s\u0131 \u017fo \u212a9") == ["s", "so", "k", "9"]
    assert left_out("\u0131s\u0131") == ["\u0131"]


@given(st.text())
def test_tokens_are_small_letters_without_spaces_and_cutting_again_changes_nothing(anything):
    tokens = tokenize(anything)
    assert all(token == token.lower() and token.split() == [token] for token in tokens)
    assert tokenize("\n".join(tokens)) == tokens


@pytest.mark.parametrize(("typed", "known", "tokens"), [
    ("Привет, мир!", {"привет", ","}, "Привет , мир !"),                           # an unknown word in other letters stays a word
    ("Cafe\u0301 Cafe", {"café", "cafe"}, "Café Cafe"),                            # one letter or two signs: the same word
    ("Café", {"cafe"}, "Cafe"),                                                    # known without its accent only
    ("naïve", set(), "naïve"),
    ("l’homme d'été", {"l’", "d'", "homme"}, "l’ homme d' été"),
    ("don’t Mr. can't", {"don't", "mr."}, "don't Mr. ca n't"),
    ("mother-in-law, in-law", {"mother-in-law", "in"}, "mother-in-law , in - law"),
    ("हिन्दी में", {"हिन्दी"}, "हिन्दी में"),
    ("«да»", {"«", "да"}, "« да »"),
])
def test_what_a_vocabulary_knows_is_found_again_in_any_letters(typed, known, tokens):
    assert cut(typed, known) == tokens.split()


@given(st.text(), st.sets(st.text(min_size=1)))
def test_nothing_that_is_typed_breaks_the_search_for_known_words(typed, known):
    assert all(token.split() == [token] for token in cut(typed, known))


def test_the_letters_that_are_left_out_are_named_once():
    assert left_out("alice Привет was 猫, Привет naïve ‘so’ 42") == ["Привет", "猫"]
    assert left_out("straße") == ["ß"]
    assert left_out("") == []


def test_words_already_cut_are_not_cut_again():
    with pytest.raises(TypeError, match=r"text must be one str, got list.*join"):
        tokenize(["a", "b"])


# the book

def test_the_sentences_are_the_running_text_of_the_book_without_headings_and_stars():
    tokens = alice_tokens()
    assert " ".join(tokens).startswith("alice was beginning to get very tired")
    assert tokens[-4:] == ["happy", "summer", "days", "."]
    assert not {"chapter", "fulcrum", "*", "[", "]", "later editions"} & set(tokens)
    assert "alice 's evidence" not in " ".join(tokens)   # the heading of chapter XII


def test_leaving_out_headings_line_by_line_gives_the_same_tokens():
    lines = alice_text().splitlines()
    titles = {n + 2 for n, line in enumerate(lines) if "CHAPTER" in line}
    kept = [line.rstrip("]") for n, line in enumerate(lines) if n > 8 and n not in titles
            and not re.match(r" +(CHAPTER|THE END|CHORUS\.|\[later|\*)", line)]   # fmt: skip
    assert tokenize("\n".join(kept)) == alice_tokens()


def test_a_sentence_ends_at_its_mark_and_takes_the_closing_quote_along():
    sentences = [" ".join(sentence) for sentence in alice_sentences()]
    assert "( dinah was the cat . )" in sentences
    assert "` not i ! ' said the lory hastily ." in sentences   # a small letter follows: the sentence goes on
    assert len(sentences) == 1399
    assert all(2 <= len(sentence.split()) <= 204 for sentence in sentences)


def test_nearly_every_sentence_ends_with_a_full_stop_or_its_like():
    closed = [bool(set(sentence[-3:]) & set(".!?")) for sentence in alice_sentences()]
    assert np.mean(closed) > 0.95


# vocabulary

def test_the_most_frequent_word_comes_first_and_ties_are_alphabetical():
    vocabulary = build_vocabulary(["b", "c", "a", "c", "b", "d"], 4)
    assert vocabulary.words == ("<unk>", "b", "c", "a")
    assert vocabulary.index == {"<unk>": 0, "b": 1, "c": 2, "a": 3}


@given(st.lists(words | st.just("<unk>")), st.integers(1, 9))
def test_a_vocabulary_keeps_the_best_words_whatever_their_order(tokens, size):
    vocabulary = build_vocabulary(tokens, size)
    assert vocabulary == build_vocabulary(iter(tokens[::-1]), size)
    assert len(vocabulary.words) == len(set(vocabulary.words)) == min(size, len({"<unk>", *tokens}))
    counts = [tokens.count(word) for word in vocabulary.words[1:]]
    assert counts == sorted(counts, reverse=True)
    left_out = [tokens.count(word) for word in set(tokens) - set(vocabulary.words)]
    assert max(left_out, default=0) <= min(counts, default=len(tokens))


@given(st.lists(words), st.lists(words))
def test_decoding_gives_the_words_back_and_unk_for_those_left_out(known, tokens):
    vocabulary = build_vocabulary(known, 5)
    ids = encode(vocabulary, tokens)
    assert ids.shape == (len(tokens),)
    assert ids.dtype == np.int64
    assert decode(vocabulary, ids) == [token if token in vocabulary.words else "<unk>" for token in tokens]


@pytest.mark.parametrize(("ids", "error", "message"), [
    ([3], ValueError, r"0\.\.2.*got 3\.\.3"),
    ([-1, 0], ValueError, r"got -1\.\.0"),
    ([[1]], ValueError, r"must be \(n,\), got shape \(1, 1\)"),
    ([1.0], TypeError, "whole numbers.*float64"),
    ([True], TypeError, "bool"),
])
def test_ids_that_stand_for_no_word_are_refused(ids, error, message):
    with pytest.raises(error, match=message):
        decode(build_vocabulary(["a", "b"], 3), ids)


@pytest.mark.parametrize("use", [lambda w: build_vocabulary(w, 3), lambda w: encode(build_vocabulary([], 3), w), word_vectors])
def test_a_str_in_place_of_a_list_of_words_is_refused(use):
    with pytest.raises(TypeError, match="list of words, got one str; cut it up with tokenize"):
        use("alice")
    with pytest.raises(TypeError, match="each a str, got int: 7"):
        use(["alice", 7])


@pytest.mark.parametrize(("size", "error"), [(0, ValueError), (-1, ValueError), (2.5, TypeError), ("9", TypeError)])
def test_a_vocabulary_has_a_whole_positive_size(size, error):
    with pytest.raises(error):
        build_vocabulary(["a"], size)


# language modelling

@given(st.lists(st.integers(0, 9), min_size=2))
def test_the_target_of_every_word_is_the_next_word(ids):
    before = np.array(ids)
    x, y = next_word_pairs(before)
    assert [*x, y[-1]] == ids
    assert [x[0], *y] == ids
    x[:] = -1
    assert [*y] == ids[1:]
    y[:] = -1
    np.testing.assert_array_equal(before, ids)


def test_columns_of_text_are_shifted_along_time_only():
    ids = np.arange(12).reshape(4, 3)
    x, y = next_word_pairs(ids)
    np.testing.assert_array_equal(y - x, np.full((3, 3), 3))


@pytest.mark.parametrize("ids", [[], [4], 4])
def test_one_word_has_no_next_word(ids):
    with pytest.raises(ValueError, match="at least 2 words"):
        next_word_pairs(ids)


# word vectors

def test_all_word_vectors_come_in_float64_with_the_unknown_word_first():
    names, vectors = word_vectors()
    assert names[:3] == ("<unk>", "the", ",")
    assert vectors.shape == (len(names), 50)
    assert vectors.dtype == np.float64


def test_a_word_glove_does_not_know_gets_the_mean_vector_and_is_named_unk():
    names, vectors = word_vectors(["cat", "uglification", "<unk>", "cat"])
    assert names == ("cat", "<unk>", "<unk>", "cat")
    np.testing.assert_array_equal(vectors[1], vectors[2])
    np.testing.assert_array_equal(vectors[0], vectors[3])
    np.testing.assert_allclose(vectors[1], word_vectors()[1][1:].mean(axis=0), atol=1e-3)


def test_a_cat_is_more_like_a_dog_than_like_a_queen():
    _, rows = word_vectors(["cat", "dog", "queen"])
    cat, dog, queen = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    assert cat @ dog > cat @ queen


def test_word_vectors_line_up_with_a_vocabulary():
    vocabulary = build_vocabulary(alice_tokens(), 50)
    assert word_vectors(vocabulary.words)[0] == vocabulary.words
    assert word_vectors([])[1].shape == (0, 50)


def test_changing_the_vectors_handed_out_changes_no_later_ones():
    word_vectors()[1][:] = 0
    assert word_vectors()[1].any()


# tagged sentences

def test_words_are_kept_and_ranges_and_empty_nodes_left_out(conllu):
    expected = [[("ca", "AUX"), ("n't", "PART"), (".", "PUNCT")], [("Oh", "INTJ"), ("!", "PUNCT")]]
    assert read_conllu(conllu(TREE)) == expected
    assert read_conllu(str(conllu(["", *TREE, "", ""]))) == expected


def test_words_are_read_with_each_letter_as_one_sign(conllu):
    assert read_conllu(conllu(["1\te\u0301te\u0301\t_\tNOUN"])) == [[("été", "NOUN")]]


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(conllu):
    path = conllu(TREE)
    plain = read_conllu(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_conllu(path) == plain


@pytest.mark.parametrize(("row", "line", "message"), [
    (2, "1\tca\tcan\tNOPE", "line 3: 'ca' has the tag 'NOPE', expected one of ADJ"),
    (2, "1\tca\tcan\t_", "line 3: 'ca' has no tag in column 4"),
    (2, "1\tca\tAUX", "line 3: expected 10 columns separated by tabs, got 3"),
    (1, "1-2\tcan't", "line 2: expected 10 columns separated by tabs, got 2"),
    (2, "1\tca\tca\tAUX\t_\t_\t_\t_\t_\t_\t_", "line 3: expected 10 columns separated by tabs, got 11"),
    (2, "1  ca  ca  AUX  _  _  _  _  _  _", "line 3: expected 10 columns separated by tabs, got 1"),
    (2, "1\t\tca\tAUX\t_\t_\t_\t_\t_\t_", "line 3: expected a word in column 2"),
    (2, "one two", "line 3: .*tabs"),
    (2, "x\tca\tcan\tAUX", "line 3: .*'x' is not a valid ID"),
    (2, "_\tca\tcan\tAUX", "line 3: column 1 is empty: ids run 1, 2, 3"),
    (2, "\tca\tcan\tAUX", "line 3: column 1 is empty"),
    (3, "1\tn't\tnot\tPART", "line 4: expected word 2, got 1; a blank line ends a sentence"),
    (6, "# no blank line", "line 9: expected word 4, got 1"),
])
def test_a_bad_line_is_named_with_what_is_wrong(conllu, row, line, message):
    with pytest.raises(ValueError, match=rf"tagged\.conllu, {message}"):
        read_conllu(conllu([*TREE[:row], line, *TREE[row + 1 :]]))


def words_of(conllu, *columns):
    """The words of one line with these columns, filled up to ten."""
    return read_conllu(conllu(["\t".join([*columns, *["_"] * (10 - len(columns))])]))


@pytest.mark.parametrize("columns", [
    ("1", "De", "_", "PRON", "_", "_", "", ""), ("1", "De", "_", "PRON", "_", "_", "1.1"), ("1", "De", "_", "PRON", "_", "x|y"),
    (" 1", "De", "", "PRON", "", "=", "two", "", "a b|c", "Gloss=|| =")])
def test_a_column_that_is_not_used_is_never_refused(conllu, columns):
    assert words_of(conllu, *columns) == [[("De", "PRON")]]


@pytest.mark.parametrize("form", ["26 000", "26  000", "a\u2028b", '"', "#", "_", "1"])
def test_a_word_is_all_that_stands_in_its_column(conllu, form):
    assert words_of(conllu, "1", form, "_", "X") == [[(form, "X")]]


@pytest.mark.parametrize("comment", ["\t# sent_id = 1", "  # a", "#", "# 1\tx\t_\tX\t_\t_\t_\t_\t_\t_"])
def test_a_comment_is_left_out_wherever_it_stands(conllu, comment):
    assert read_conllu(conllu([comment, *TREE[:3], comment, *TREE[3:]])) == read_conllu(conllu(TREE))


def test_a_folder_a_packed_file_and_other_columns_are_told_in_a_sentence(conllu, tmp_path):
    path = conllu(TREE)
    with pytest.raises(ValueError, match=r"is a folder: give one file of it, such as tagged\.conllu"):
        read_conllu(tmp_path)
    with pytest.raises(ValueError, match=r"line 1: expected CoNLL-U, this is CoNLL-U Plus .* of its own: ID FORM UPOS"):
        read_conllu(conllu(["# global.columns = ID FORM UPOS", "1\ta\tDET"]))
    path.write_bytes(gzip.compress(b"1"))
    with pytest.raises(ValueError, match=r"tagged\.conllu is a packed file \(gzip, zip or the like\): unpack it first"):
        read_conllu(path)
    with pytest.raises(ValueError, match=r"example\.org/a\.conllu is an address on the web: download the file first"):
        read_conllu("https://example.org/a.conllu")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf16_is_said_to_be_one(conllu, encoding):
    path = conllu(TREE)
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    with pytest.raises(ValueError, match=r"tagged\.conllu is in UTF-16 or UTF-32, not in UTF-8: save it as UTF-8 first"):
        read_conllu(path)


def test_bytes_that_are_not_utf8_are_named_with_their_line(conllu):
    path = conllu(TREE)
    path.write_bytes(path.read_bytes().replace(b"Oh!", b"\xff"))
    with pytest.raises(ValueError, match=r"tagged\.conllu, line 8: expected UTF-8, got byte 0xff: it may be Latin-1"):
        read_conllu(path)


@pytest.mark.parametrize("lines", [[], ["", ""], ["# only = a comment"]])
def test_a_file_without_sentences_is_refused(conllu, lines):
    with pytest.raises(ValueError, match="expected sentences in CoNLL-U, 10 columns separated by tabs, found none"):
        read_conllu(conllu(lines))


def test_the_tagged_sentences_of_alice_are_read_by_default():
    sentences = read_conllu()
    assert len(sentences) >= 250
    assert {tag for sentence in sentences for _, tag in sentence} <= set(UPOS)


def test_there_are_17_universal_tags_in_alphabetical_order_each_with_its_meaning():
    assert len(UPOS) == 17
    assert list(UPOS) == sorted(UPOS)


# the module

def test_every_public_function_says_what_it_does():
    public = [f for name, f in vars(text).items() if getattr(f, "__module__", "") == text.__name__ and name[0] != "_"]
    assert len(public) >= 11
    assert all(f.__doc__ for f in public)


def test_the_module_needs_numpy_alone():
    code = "import sys, rnn_lib.text; sys.exit(any(m in sys.modules for m in ('conllu', 'matplotlib', 'ipywidgets')))"
    subprocess.run([sys.executable, "-c", code], check=True)
