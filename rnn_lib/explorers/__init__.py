"""The interactive pictures of the lessons. A cell is one line: `explorers.unfolding()`."""
from .blind_spots import blind_spot_lab, errors_on, network_to_check
from .concept_map import come_back, concept_map, skip_network
from .contributions import contributions, paths
from .descent import descent, overfitting
from .film import audit, film
from .forward_pass import forward_pass
from .gradient_flow import gates, gradient_flow
from .inputs_and_start import inputs_and_start
from .kit import Explorer, Picture, choice, picker, predict, redrawn, slider, still, switch, switched, text
from .learning import LearningCurve as learning_curve
from .losses import edit_labels, losses
from .notation import notation, one_box
from .outer_products import outer_products
from .powers import clipping, powers
from .ravine import ravine
from .reading import reading, streams
from .recall import recall
from .sentence import sentence, small_networks
from .step_sizes import step_sizes
from .tagging import both_sides, confusion_matrix, splits, tagged, tagging
from .tape import tape
from .truncation import truncation
from .two_directions import named_copies, sweeps
from .two_orders import graph_rule, two_orders
from .unfolding import loop, unfolding
from .writing import generate, writing

__all__ = [name for name, made in [*globals().items()] if callable(made)]
