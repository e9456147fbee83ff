"""Lessons 00 and 01: a text that writes itself, by the small network of that lesson."""
from ..tasks.language_model import LanguageModel
from ..tasks.writing import chances, read
from .sentence import small_networks
from .writing import writing


def generate(start="alice", rng=None, networks=None, *, network=True):
    """Press "next word": it is chosen from ŷ_t, and goes in as x_{t+1}.

    start: the first words     rng: numpy.random.Generator, None for a new one     networks: SmallNetworks, None for the lesson's
    network: whether the network is drawn, or the text and the bars only
    returns: Explorer, redrawn by the kernel; buttons "next word", "10 words" beside the network, "start again"
    """
    return writing(_model(networks or small_networks()), start, rng, many=10 * network, judged=False, network=network)


def next_word(networks, words, temperature=1.0):
    """The chances from which the next word is drawn: ŷ_T, sharper or flatter, without <unk>, which is no word.

    networks: SmallNetworks     words: T of them, unknown ones stand as <unk>     returns: (K,)
    """
    return chances(read(_model(networks), words).o[-1], temperature)


def _model(networks):
    return LanguageModel(networks.language_model, networks.E, networks.vocabulary)
