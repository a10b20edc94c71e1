"""For the ``Trainer`` of Lightning: a callback that logs steps to a Watch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lightning.pytorch.callbacks import Callback

from emblink.watch._layers import at_rest
from emblink.watch._watch import Watch

__all__ = ["WatchCallback"]


class WatchCallback(Callback):
    """Log the probe items' vectors while a Lightning ``Trainer`` runs.

    Parameters
    ----------
    watch : Watch
        Closed when training ends.
    embed : callable
        Given the module, in evaluation mode and without gradients, returns the vectors of the
        items.
    every : int
        Steps between two logs. The first and the last step are logged too.
    """

    def __init__(self, watch: Watch, embed: Callable[[Any], Any], *, every: int = 50) -> None:
        super().__init__()
        self._watch, self._embed, self._every = watch, embed, every
        self._last: int | None = None

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Log what the model makes of the items before it is trained."""
        self._log(trainer, pl_module, None)

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Log every so many steps."""
        if trainer.global_step % self._every == 0:
            self._log(trainer, pl_module, _loss(outputs))

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Log the last step, and close."""
        self._log(trainer, pl_module, _loss(trainer.callback_metrics))
        self._watch.close()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Keep what was written of a run that failed."""
        self._watch.close(finish=False)

    def _log(self, trainer: Any, module: Any, loss: float | None) -> None:
        step = trainer.global_step
        if not (trainer.is_global_zero and self._watch.active) or step == self._last:
            return
        self._last = step
        with at_rest(module):
            vectors = self._embed(module)
        self._watch.log(step, vectors, loss=loss, time=float(trainer.current_epoch))


def _loss(outputs: Any) -> float | None:
    """Return the loss of a step, where it says one."""
    if isinstance(outputs, Mapping):
        outputs = outputs.get("loss")
    return None if outputs is None else float(outputs)
