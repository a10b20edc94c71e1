"""The layers of a torch model as spaces, by forward hooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Literal, TypeAlias

import numpy as np

from emblink.errors import InputError
from emblink.types import AnyArray

Pool: TypeAlias = Literal["mean", "first", "last"]

_TOKENS = {
    "mean": "mean over {n} tokens",
    "first": "first of {n} tokens",
    "last": "last of {n} tokens",
}


class Layers(dict[str, AnyArray]):
    """Spaces by layer, in the order in which the model ran them.

    Attributes
    ----------
    pooling : dict of name to str
        How each layer's output became one vector for each item.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pooling: dict[str, str] = {}


def layers(
    model: Any,
    batch: Any,
    *,
    modules: Sequence[str] | None = None,
    pool: Pool = "mean",
    batch_size: int | None = None,
) -> Layers:
    """Return what the layers of a torch model make of a batch, as spaces of the same items.

    Parameters
    ----------
    model : torch.nn.Module
        Run once, without gradients and in evaluation mode; left as it was.
    batch : tensor, tuple, or mapping of tensors
        What the model is called with: ``model(batch)``, ``model(*batch)`` or ``model(**batch)``.
        Each tensor has a row for each item.
    modules : sequence of str, optional
        Which of ``model.named_modules()``. Default: the blocks of its longest list of modules of
        one kind, else its own children.
    pool : {"mean", "first", "last"}
        What stands for an item of several tokens ``(n_items, n_tokens, n_dims)``; tokens outside
        an ``attention_mask`` of the batch do not count. Pictures ``(n_items, n_channels, …)`` are
        always averaged over all places.
    batch_size : int, optional
        Items at once; default all.

    Returns
    -------
    Layers
        A dict of name to float32 array of shape (n_items, n_dims), with ``pooling``, which says
        how each came about.

    Raises
    ------
    InputError
        There is no such module, or a layer's output has no row for each item.

    Notes
    -----
    Misleads where the first token means nothing (models without a class token) and ``pool`` is
    ``"first"``, or where padding counts because the batch has no ``attention_mask``.

    Examples
    --------
    >>> eb.compare(eb.layers(model, tokens), pairs="consecutive", labels=labels)
    """
    if pool not in _TOKENS:
        raise InputError(f"pool={pool!r}; expected one of {', '.join(map(repr, _TOKENS))}")
    chosen = _chosen(model, modules)
    n = _n_items(batch)
    found, parts = Layers(), dict[str, list[AnyArray]]()
    for start in range(0, n, batch_size or n):
        some = _some(batch, slice(start, start + (batch_size or n)))
        for name, (vectors, said) in _run(model, chosen, some, pool).items():
            parts.setdefault(name, []).append(vectors)
            found.pooling[name] = said
    for name, blocks in parts.items():
        found[name] = np.concatenate(blocks)
    return found


def _run(
    model: Any, chosen: Mapping[str, Any], batch: Any, pool: Pool
) -> dict[str, tuple[AnyArray, str]]:
    """Run a model once, and return the pooled output of some modules in the order they ran."""
    n, mask = _n_items(batch), batch.get("attention_mask") if _is_mapping(batch) else None
    found: dict[str, tuple[AnyArray, str]] = {}

    def keep(name: str, output: Any) -> None:
        tensor = _tensor(output)
        if tensor is None:
            return
        at = sum(one == name or one.startswith(f"{name} #") for one in found)
        key = f"{name} #{at + 1}" if at else name
        found[key] = _pooled(tensor.detach(), n, mask, pool=pool, name=name)

    with at_rest(model), ExitStack() as hooks:
        for name, module in chosen.items():
            hook = module.register_forward_hook(
                lambda _module, _given, output, name=name: keep(name, output)
            )
            hooks.callback(hook.remove)
        if _is_mapping(batch):
            model(**batch)
        elif isinstance(batch, list | tuple):
            model(*batch)
        else:
            model(batch)
    return found


@contextmanager
def at_rest(model: Any) -> Iterator[None]:
    """Have a model in evaluation mode, without gradients, and leave it as it was."""
    import torch

    was = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, training in was.items():
            module.training = training


def _chosen(model: Any, names: Sequence[str] | None) -> dict[str, Any]:
    known = dict(model.named_modules())
    if names is not None:
        missing = [name for name in names if name not in known]
        if missing:
            some = ", ".join([one for one in known if one][:8])
            raise InputError(f"the model has no module {missing[0]!r}; it has {some}, …")
        return {name: known[name] for name in names}
    import torch

    lists = [
        (name, [*one.named_children()])
        for name, one in known.items()
        if isinstance(one, torch.nn.ModuleList | torch.nn.Sequential)
    ]
    alike = [(name, own) for name, own in lists if len({type(one) for _, one in own}) == 1]
    name, own = max(alike, key=lambda one: len(one[1]), default=("", []))
    if len(own) < 2:
        name, own = "", [*model.named_children()] or [("model", model)]
    return {f"{name}.{child}" if name else child: module for child, module in own}


def _pooled(tensor: Any, n: int, mask: Any, *, pool: Pool, name: str) -> tuple[AnyArray, str]:
    shape, said = tuple(tensor.shape), ""
    if len(shape) == 3 and shape[0] != n and shape[1] == n:
        tensor, said = tensor.transpose(0, 1), ", tokens first"
    if tensor.shape[0] != n or tensor.ndim < 2:
        raise InputError(
            f"module {name!r} gives {shape}; expected a row for each of the {n:,} items: name "
            "other modules"
        )
    if tensor.ndim == 2:
        return _array(tensor), "as it is"
    if tensor.ndim > 3:
        places = " × ".join(str(one) for one in tensor.shape[2:])
        return _array(tensor.float().flatten(2).mean(2)), f"mean over {places} places"
    tokens = tensor.shape[1]
    told = _TOKENS[pool].format(n=tokens) + said
    if mask is None or tuple(mask.shape) != (n, tokens):
        held = {"mean": tensor.float().mean(1), "first": tensor[:, 0], "last": tensor[:, -1]}[pool]
        return _array(held), told
    counts = mask.to(tensor.device).bool()
    told += ", those of the attention mask"
    if pool == "mean":
        weights = counts.float()[:, :, None]
        return _array((tensor.float() * weights).sum(1) / weights.sum(1).clamp(min=1)), told
    places = counts.int().argmax(1)
    if pool == "last":
        places = tokens - 1 - counts.flip(1).int().argmax(1)
    rows = places.new_tensor(range(n))
    return _array(tensor[rows, places]), told


def _array(tensor: Any) -> AnyArray:
    array: AnyArray = tensor.detach().float().cpu().numpy()
    return array


def _tensor(output: Any) -> Any:
    """Return the tensor of an output, the first where there are several."""
    if hasattr(output, "detach"):
        return output
    if _is_mapping(output):
        output = [*output.values()]
    if isinstance(output, list | tuple):
        return next((one for one in map(_tensor, output) if one is not None), None)
    return None


def _is_mapping(batch: Any) -> bool:
    return hasattr(batch, "keys") and hasattr(batch, "items")


def _tensors(batch: Any) -> list[Any]:
    if _is_mapping(batch):
        return [one for one in batch.values() if hasattr(one, "shape")]
    return [*batch] if isinstance(batch, list | tuple) else [batch]


def _n_items(batch: Any) -> int:
    first = next(iter(_tensors(batch)), None)
    if first is None or not getattr(first, "shape", ()):
        raise InputError("the batch holds no tensor with a row for each item")
    return int(first.shape[0])


def _some(batch: Any, rows: slice) -> Any:
    def cut(one: Any) -> Any:
        return one[rows] if hasattr(one, "shape") else one

    if _is_mapping(batch):
        return {name: cut(one) for name, one in batch.items()}
    return type(batch)(map(cut, batch)) if isinstance(batch, list | tuple) else cut(batch)
