"""How far back the loss of a word reaches: which earlier states it would change, and how strongly.   Shown in lesson 14."""
import numpy as np

from .. import text
from ..losses import cross_entropy
from .writing import read


def reach(params, run, do, far=60):
    """The size of dL_t/dh_k for every loss t and every state k <= t, one loss at a time.

        dL_t/dh_t = U' do_t,   dL_t/dh_{k-1} = J_k' dL_t/dh_k,   J_k = diag(f'(a_k)) W

    run: Forward of one sequence     do: (T, K) dL_t/do_t     far: steps back that are followed
    returns: (T, T), entry [t-1, k-1], zeros where k > t, and where k is more than `far` steps away
    """
    slope, sizes, dh = run.f.slope(run.a), np.zeros((len(do), len(do))), np.zeros(run.a.shape, run.a.dtype)
    for k in range(len(do), 0, -1):                     # row t - 1 of dh is dL_t/dh_k, for every t >= k at once
        dh[k - 1] = do[k - 1] @ params.U
        later = slice(k - 1, k - 1 + far)
        sizes[later, k - 1] = np.linalg.norm(dh[later], axis=1)
        dh[later] = (dh[later] * slope[k - 1]) @ params.W
    return sizes


def surprises(model, words):
    """What each word of a text cost the model, and to which earlier words that loss reaches back.

    model: LanguageModel     words: n of them; one that the model cannot name counts as <unk>
    returns: losses (n,) [nats], NaN for the first, which nothing predicts;
             shares (n, n), row j for the loss of word j + 1: its reach to the state after each word, the largest being 1
    """
    losses, shares = np.full(len(words), np.nan), np.zeros((len(words), len(words)))
    if len(words) > 1:
        run, y = read(model, words[:-1]), text.encode(model.vocabulary, words[1:])
        losses[1:], do = cross_entropy(run.o, np.where(y < run.o.shape[1], y, 0))
        sizes = reach(model.params, run, do)
        shares[1:, :-1] = sizes / np.maximum(sizes.max(axis=1, keepdims=True), np.finfo(sizes.dtype).tiny)
    return losses, shares
