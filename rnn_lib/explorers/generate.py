"""Lessons 00 and 01: a text that writes itself, by the small network of that lesson."""
from ..tasks.language_model import LanguageModel
from .sentence import small_networks
from .writing import writing


def generate(start="alice", rng=None, networks=None, *, network=True):
    """Press "next word": it is chosen from ŷ_t, and goes in as x_{t+1}.

    start: the first words     rng: numpy.random.Generator, None for a new one     networks: SmallNetworks, None for the lesson's
    network: whether the network is drawn, or the text and the bars only
    returns: Explorer, redrawn by the kernel; buttons "next word", "10 words" beside the network, "start again"
    """
    small = networks or small_networks()
    model = LanguageModel(small.language_model, small.E, small.vocabulary)
    return writing(model, start, rng, many=10 * network, judged=False, network=network)
