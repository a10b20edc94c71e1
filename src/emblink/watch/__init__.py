"""Watching a model train: one space after the other into a bundle, beside the training loop."""

from emblink.watch._follow import await_first
from emblink.watch._join import join
from emblink.watch._layers import Layers, layers
from emblink.watch._recorder import Written, finish
from emblink.watch._watch import Watch

__all__ = ["Layers", "Watch", "Written", "await_first", "finish", "join", "layers"]
