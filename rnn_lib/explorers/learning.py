"""Lessons 14 and 15: the curve of a network that is being trained, live, and a way to stop without a traceback."""
from time import monotonic

import numpy as np
from IPython.display import DisplayHandle

from ..charts import SLIM, background, learning, over, smooth
from .curves import readings
from .kit import Explorer, Picture

PAUSE = .4           # seconds between two drawings, and at least
READINGS = 40        # updates at which a finished curve can be read
SHARE = 3            # times as long as the last one took: in the browser a drawing is slow, and training goes first


class LearningCurve(Explorer):
    """A curve that grows while training goes on. `with curve:` around the loop shows it, and ■ ends the loop with one sentence.

        with curve:
            for now in train(...):
                curve.add(now.step, now.loss)

    .losses   of the updates so far [nats per word]     .watched   {update: what was measured on other text}

    updates: how many there will be     baselines: {name: perplexity}, lines across
    perplexity: e^loss, else the loss itself     earlier: {name: losses} of other networks, to compare
    other: {name: {update: perplexity on other text}} of a network trained in another way
    name: of this network, at the end of its curve; with it those of the others stand at theirs
    """

    def __init__(self, updates, baselines=None, *, perplexity=True, earlier=None, other=None, name=""):
        self.updates, self.baselines, self.perplexity = updates, baselines or {}, perplexity
        self.earlier, self.other, self.name = earlier or {}, other or {}, name
        self.losses, self.watched, self._due = [], {}, monotonic() + PAUSE
        super().__init__([self._picture()])

    def add(self, step, loss):
        """An update was made: its number, from 1, and its loss. Those from this number on are forgotten."""
        self.losses[step - 1:] = [loss]
        self.watched = {at: value for at, value in self.watched.items() if at < step}
        if monotonic() > self._due:
            self.draw()

    def watch(self, step, value):
        """What other text says after this update."""
        self.watched[step] = value
        self.draw()

    def draw(self, last=False):
        """Show the curve as it is now, in place of what stands there.   last: with what is read off it, for a phone as well"""
        begun = monotonic()
        self.show(self._picture(last), self._picture(last, SLIM) if last else None)
        self._due = monotonic() + max(PAUSE, SHARE * (monotonic() - begun))

    def finished(self):
        """Whether all updates were made. If not, that is said: what a lesson checks holds for the whole training only."""
        if (done := len(self.losses)) < self.updates:
            print(f"Training stopped after {done} of {self.updates} updates: what the lesson says of its end is not checked.")
        return done >= self.updates

    def __enter__(self):
        self._place = DisplayHandle()
        self._place.display(self)
        return self

    def __exit__(self, kind, error, trace):
        try:
            self.draw(last=True)
            self._place.update(self)                # what the notebook stores is the curve as it is now
        except KeyboardInterrupt:                   # ■ came while the last curve was drawn
            kind = kind or KeyboardInterrupt        # an error before it stays that error
        if kind is not KeyboardInterrupt:
            return False
        print(f"Stopped after {len(self.losses)} of {self.updates} updates: run this cell again, or go on with what there is.")
        return True

    def _picture(self, last=False, width=9.4):
        svg, ax = background(lambda ax: learning(ax, self.losses, self.watched, self.baselines, updates=self.updates,
                                                 perplexity=self.perplexity, earlier=self.earlier, other=self.other,
                                                 name=self.name),
                             "the loss while training", width=width, height=3.6 if self.other else 3)
        return Picture(over(svg, self._readings(ax)) if last else svg, self._caption())

    def _readings(self, ax):
        """What the curves are at some of the updates, to be touched; none before the first."""
        curves = {name: smooth(losses) for name, losses in {**self.earlier, self.name or "training": self.losses}.items()}
        ends = min(map(len, curves.values()))
        at = np.unique(np.linspace(1, ends, min(READINGS, ends), dtype=int))
        heights = [(np.exp(losses) if self.perplexity else losses)[at - 1] for losses in curves.values()]
        others = {"on the validation set": self.watched, **{f"in the {name}": reached for name, reached in self.other.items()}}
        def said(step, values):
            names = ", ".join(f"{name} {_number(value)}" for name, value in zip(curves, values, strict=True))
            seen = {title: [value for at, value in sorted(reached.items()) if at <= step] for title, reached in others.items()}
            on = "".join(f", {title} {_number(values[-1])}" for title, values in seen.items() if values)
            epoch = f"Epoch {-(-step // min(map(min, self.other.values())))}, update" if self.other else "Update"
            return f"{epoch} {step}: " + (f"perplexity in {names}{on}." if self.perplexity else f"{names} nats per word.")
        return readings(ax, at, heights, [*map(said, at, zip(*heights, strict=True))]) if len(at) else ""

    def _caption(self):
        done = len(self.losses)
        said = f"{done} of {self.updates} updates."
        if done and not self.perplexity:
            curves = {self.name: self.losses, **self.earlier}
            ends = [f"{name} {np.mean(losses[-20:]):.2f}" for name, losses in curves.items() if losses]
            return f"{said} Mean loss of the last {min(done, 20)}, in nats per word: {', '.join(ends).strip()}."
        if not self.watched:
            return said
        last = max(self.watched)
        since = max((step for step in self.watched if step < last), default=0)
        return (f"{said} In the last whole pass the perplexity was {np.exp(np.mean(self.losses[since:last])):.1f} in training, "
                f"and {self.watched[last]:.1f} on the validation set.")


def _number(value):
    """Three digits, and thousands in full: 2,570."""
    return f"{value:,.0f}" if value >= 999.5 else f"{value:.3g}"
