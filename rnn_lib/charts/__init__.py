"""Charts: arrays and an Axes in, the artists out. The only place that draws with matplotlib."""
from .gradient_flow import flow_curves, gradient_flow
from .growth import growth
from .learning import learning
from .places import apart, place, polyline, words
from .step_curves import marks, step_curves, strips
from .svg import background, backgrounds, chart

__all__ = ["apart", "background", "backgrounds", "chart", "flow_curves", "gradient_flow", "growth", "learning", "marks", "place",
           "polyline", "step_curves", "strips", "words"]
