"""For the ``Trainer`` of transformers: a callback that logs steps to a Watch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transformers import TrainerCallback

from emblink.watch._layers import at_rest
from emblink.watch._watch import Watch

__all__ = ["WatchCallback"]


class WatchCallback(TrainerCallback):
    """Log the probe items' vectors while a ``Trainer`` runs.

    Parameters
    ----------
    watch : Watch
        Closed when training ends.
    embed : callable
        Given the model, in evaluation mode and without gradients, returns the vectors of the items.
    every : int, optional
        Steps between two logs; default ``logging_steps`` of the trainer. The first and the last
        step are logged too.
    """

    def __init__(
        self, watch: Watch, embed: Callable[[Any], Any], *, every: int | None = None
    ) -> None:
        self._watch, self._embed, self._every = watch, embed, every
        self._last: int | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Log what the model makes of the items before it is trained."""
        self._log(state, given["model"])

    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Log every so many steps."""
        every = self._every or int(args.logging_steps) or 1
        if state.global_step % every == 0:
            self._log(state, given["model"])

    def on_train_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Log the last step, and close."""
        self._log(state, given["model"])
        self._watch.close()

    def _log(self, state: Any, model: Any) -> None:
        if (
            not (state.is_world_process_zero and self._watch.active)
            or state.global_step == self._last
        ):
            return
        self._last = state.global_step
        losses = [one["loss"] for one in state.log_history if "loss" in one]
        with at_rest(model):
            vectors = self._embed(model)
        self._watch.log(
            state.global_step, vectors, loss=losses[-1] if losses else None, time=state.epoch
        )
