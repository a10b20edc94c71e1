"""Where a comparison is kept when nobody says where."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from emblink.bundle import Bundle, stored_order
from emblink.errors import EmblinkError
from emblink.load import default_bundle
from emblink.types import AnyArray, Space, SpaceSet
from emblink.wording import bundle_words

_MOST = 1000
_BLOCK = 4096


def bundle_for(space_set: SpaceSet) -> tuple[Path, str]:
    """Return a directory for a comparison, and a sentence that says which.

    A bundle there of some of the same vectors is continued; one of others alone is left as it is.
    """
    first = default_bundle([*space_set.spaces])
    names = [first, *(first.with_name(f"{first.stem}-{i}.emblink") for i in range(2, _MOST))]
    out = next((one for one in names if not _is_of_others(one, space_set)), names[-1])
    return out, bundle_words(str(out), taken=str(first) if out != first else "")


def _holds(stored: AnyArray, space: Space, *, seed: int) -> bool:
    """Whether a bundle's vectors, in stored order, are those of a space."""
    if stored.shape != space.vectors.shape or stored.dtype != space.vectors.dtype:
        return False
    order = stored_order(space.ids, seed=seed)
    return all(
        np.array_equal(stored[start : start + _BLOCK], space.vectors[order[start : start + _BLOCK]])
        for start in range(0, len(stored), _BLOCK)
    )


def _is_of_others(path: Path, space_set: SpaceSet) -> bool:
    """Whether a finished bundle has the vectors of none of the spaces."""
    if not path.exists():
        return False
    try:
        bundle = Bundle(path)
        for info in bundle.manifest.spaces:
            space = space_set.spaces.get(info.name)
            if space is not None and _holds(
                bundle.array(info.vectors), space, seed=bundle.manifest.report["seed"]
            ):
                return False
    except (EmblinkError, OSError):
        return False  # the comparison itself says what is wrong with it
    return True
