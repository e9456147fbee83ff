"""Charts: arrays and an Axes in, the artists out. The only place that draws with matplotlib."""
from .gradient_flow import flow_curves, gradient_flow
from .learning import learning, smooth
from .places import apart, place, polyline, strips, words
from .step_curves import step_curves
from .svg import SLIM, background, backgrounds, chart
