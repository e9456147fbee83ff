"""How a language model learns: perplexity against updates."""
import numpy as np

from .. import palette


def learning(ax, losses, watched, baselines, *, updates):
    """Draw the perplexity of every window, that of other text after each pass, and the baselines as lines across.

    losses: (n,) of the windows [nats per word]     watched: {update: perplexity}     baselines: {name: perplexity}
    updates: how many there will be, the length of the axis     returns: list of lines
    """
    drawn = [ax.semilogy(np.arange(1, len(losses) + 1), np.exp(losses), color=palette.LOSS, linewidth=.8, alpha=.6,
                         label="this window, in training")[0],
             ax.semilogy(list(watched), list(watched.values()), color=palette.INK, marker="o", markersize=4,
                         label="text kept aside")[0]]
    for name, value in baselines.items():
        drawn.append(ax.axhline(value, color=palette.MUTED, linewidth=1.2, linestyle="--"))
        ax.text(updates * 1.01, value, f"{name}: {value:.0f}", va="center", color=palette.MUTED)
    ticks = [20, 50, 100, 200, 500, 1000, 2000]
    ax.set(xlim=(0, updates), ylim=(20, 3000), xlabel="updates", ylabel="perplexity = e^loss")
    ax.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.minorticks_off()
    ax.legend(frameon=False, loc="upper right")
    return drawn
