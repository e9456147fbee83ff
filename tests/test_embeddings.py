import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import EXACT, assert_close, assert_leaves_its_arguments_alone, few, make_case

from rnn_lib import bptt, complex_step, cross_entropy, embed, embedding_gradient, forward

E = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize("ids", [[2, 0, 2], [[2, 0], [1, 3], [2, 2]]])
def test_embed_gives_each_word_its_row(ids):
    x = embed(E, ids)
    assert x.shape == (*np.shape(ids), 3)
    assert all(np.array_equal(x[i], E[np.array(ids)[i]]) for i in np.ndindex(np.shape(ids)))


def test_a_word_that_occurs_twice_receives_both_gradients():
    dx = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])
    assert np.array_equal(embedding_gradient(dx, [1, 0, 1], 3), [[2, 20], [5, 50], [0, 0]])


@few
@given(st.integers(1, 5), st.sampled_from([(), (1,), (3,)]), st.integers(1, 4), st.integers(1, 6), st.integers(0, 99))
def test_embedding_gradient_is_one_hot_words_times_gradients(T, batch, D, n, seed):
    rng = np.random.default_rng(seed)
    ids, dx = rng.integers(n, size=(T, *batch)), rng.standard_normal((T, *batch, D))
    one_hot = np.eye(n)[ids].reshape(-1, n)
    np.testing.assert_allclose(embedding_gradient(dx, ids, n), one_hot.T @ dx.reshape(-1, D), rtol=EXACT, atol=1e-14)


@pytest.mark.parametrize("B", [None, 3])
def test_the_gradient_of_trained_embeddings_matches_the_complex_step(B):
    case = make_case(T=6, B=B)
    ids = np.random.default_rng(3).integers(4, size=case.x.shape[:-1])      # 4 words, so that some occur twice
    def total(E):
        return cross_entropy(forward(case.params, embed(E, ids), case.h_0).o, case.y)[0].sum()
    run = forward(case.params, embed(E / 9, ids), case.h_0)
    dx = bptt(case.params, run, cross_entropy(run.o, case.y)[1]).x
    assert_close(embedding_gradient(dx, ids, 4), complex_step(total, E / 9), EXACT)


def test_embeddings_leave_their_arguments_alone():
    ids = np.array([[2, 0], [1, 2]])
    assert_leaves_its_arguments_alone(embed, E, ids)
    assert_leaves_its_arguments_alone(embedding_gradient, embed(E, ids), ids, 4)
    assert_leaves_its_arguments_alone(embed, E, np.arange(4))               # every row once, in order


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays(dtype):
    assert embed(E.astype(dtype), [1]).dtype == embedding_gradient(np.ones((1, 3), dtype), [1], 4).dtype == dtype


BAD = [   # ids, the error, its message
    ([0, 4, 1], ValueError, r"ids must be in 0..3 .* got 4"),
    ([0, -1, 1], ValueError, r"ids must be in 0..3 .* got -1"),
    ([0.0, 1.0, 2.0], TypeError, r"ids must hold whole numbers .* got float64: write ids.astype\(int\)"),
    ([True, False, True], TypeError, "ids must hold whole numbers .* got bool"),
    (["a", "b", "c"], TypeError, "ids must hold whole numbers .* got <U1"),
    (np.zeros(0, int), ValueError, r"ids must have .* \(0,\)"),
]


@pytest.mark.parametrize(("ids", "error", "message"), BAD)
def test_bad_ids_are_named_with_what_was_expected_and_got(ids, error, message):
    with pytest.raises(error, match=message):
        embed(E, ids)
    with pytest.raises(error, match=message):
        embedding_gradient(np.ones((len(ids), 3)), ids, 4)


@pytest.mark.parametrize(("matrix", "error", "message"), [
    (np.ones(3), ValueError, r"E must be \(n, D\), one row a word, got \(3,\)"),
    (np.ones((4, 3), int), TypeError, "E must hold floating-point numbers, got int64"),
    (E * np.nan, ValueError, r"E must be finite, got nan at \[0, 0\]")])
def test_a_bad_embedding_matrix_is_named(matrix, error, message):
    with pytest.raises(error, match=message):
        embed(matrix, [0])


@pytest.mark.parametrize(("dx", "error", "message"), [
    (np.ones((2, 3)), ValueError, r"ids must have one .* \(2,\), got \(3,\)"),
    (np.ones((3, 2), int), TypeError, "dx must hold floating-point numbers, got int64"),
    (np.full((3, 2), np.inf), ValueError, r"dx must be finite, got inf at \[0, 0\]")])
def test_a_bad_dx_is_named(dx, error, message):
    with pytest.raises(error, match=message):
        embedding_gradient(dx, [0, 1, 0], 4)
