"""Charts: arrays and an Axes in, the artists out. The only place that draws with matplotlib."""
from .gradient_flow import flow_curves, gradient_flow
from .learning import learning, smooth
from .places import apart, over, place, polyline, strips, words
from .step_axes import step_axes
from .svg import SLIM, background, backgrounds
