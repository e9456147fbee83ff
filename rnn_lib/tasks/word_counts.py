"""What a language model has to beat: counts of words, and of pairs of words.   Built in lesson 14."""
import numpy as np


def unigram_perplexity(ids, held_out, K):
    """How well word counts do: p(w) = (count of w + 1) / (n + K), whatever came before."""
    return float(np.exp(-np.log(_unigram(ids, K)[held_out[1:]]).mean()))


def bigram_perplexity(ids, held_out, K, weight=0.6):
    """How well counts of pairs do: p(w | v) = weight count(v w) / count(v .) + (1 - weight) p(w).

    p(w) is that of `unigram_perplexity`, and stands alone after a v that never stood before another word.
    """
    pairs, p = np.zeros((K, K)), _unigram(ids, K)
    np.add.at(pairs, (ids[:-1], ids[1:]), 1)
    v, w = held_out[:-1], held_out[1:]
    count = pairs.sum(1)[v]
    share = np.where(count > 0, pairs[v, w] / np.maximum(count, 1), p[w])
    return float(np.exp(-np.log(weight * share + (1 - weight) * p[w]).mean()))


def _unigram(ids, K):
    return (np.bincount(ids, minlength=K) + 1) / (len(ids) + K)
