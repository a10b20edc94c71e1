"""Compare high-dimensional embedding spaces: what really moved, and what is noise or layout.

>>> import emblink as eb
>>> comparison = eb.compare({"old": X, "new": Y}, items=frame, labels="category")
>>> comparison.pair("old", "new").scores["neighborhood_overlap"]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from emblink import _version

if TYPE_CHECKING:
    from emblink.comparison import Comparison, compare, show
    from emblink.comparison import open_bundle as open  # noqa: A004
    from emblink.errors import (
        BundleError,
        EmblinkError,
        GraphMismatchError,
        InputError,
        KernelError,
        MatchError,
        ReadError,
        TooLargeError,
        VectorError,
        WorkerError,
    )
    from emblink.joint import JointLayout
    from emblink.judge import calibrate
    from emblink.measures import (
        kappa,
        knn_label_purity,
        linear_cka,
        neighborhood_overlap,
        procrustes_similarity,
    )
    from emblink.neighbors import nearest_neighbors
    from emblink.plans import plan
    from emblink.population import Populations, populations
    from emblink.types import (
        ChangeGroup,
        Finding,
        Moves,
        NeighborGraph,
        PairComparison,
        Projection,
        Selection,
        Space,
        SpaceSet,
    )
    from emblink.watch import Watch, layers
    from emblink.widget import link

__version__ = _version.VERSION

_HOMES = {
    "comparison": ("Comparison", "compare", "open", "show"),
    "errors": (
        "BundleError",
        "EmblinkError",
        "GraphMismatchError",
        "InputError",
        "KernelError",
        "MatchError",
        "ReadError",
        "TooLargeError",
        "VectorError",
        "WorkerError",
    ),
    "joint": ("JointLayout",),
    "judge": ("calibrate",),
    "measures": (
        "kappa",
        "knn_label_purity",
        "linear_cka",
        "neighborhood_overlap",
        "procrustes_similarity",
    ),
    "neighbors": ("nearest_neighbors",),
    "plans": ("plan",),
    "population": ("Populations", "populations"),
    "types": (
        "ChangeGroup",
        "Finding",
        "Moves",
        "NeighborGraph",
        "PairComparison",
        "Projection",
        "Selection",
        "Space",
        "SpaceSet",
    ),
    "watch": ("Watch", "layers"),
    "widget": ("link",),
}
_ROOMS = ("adapter", "budget", "testing")
"""Reached as ``emblink.testing`` without an import of their own."""
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "BundleError",
    "ChangeGroup",
    "Comparison",
    "EmblinkError",
    "Finding",
    "GraphMismatchError",
    "InputError",
    "JointLayout",
    "KernelError",
    "MatchError",
    "Moves",
    "NeighborGraph",
    "PairComparison",
    "Populations",
    "Projection",
    "ReadError",
    "Selection",
    "Space",
    "SpaceSet",
    "TooLargeError",
    "VectorError",
    "Watch",
    "WorkerError",
    "__version__",
    "calibrate",
    "compare",
    "kappa",
    "knn_label_purity",
    "layers",
    "linear_cka",
    "link",
    "nearest_neighbors",
    "neighborhood_overlap",
    "open",
    "plan",
    "populations",
    "procrustes_similarity",
    "show",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that importing Emblink stays quick."""
    if name in _ROOMS:
        return import_module(f"emblink.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'emblink' has no attribute {name!r}")
    module = import_module(f"emblink.{_HOME[name]}")
    value = getattr(module, "open_bundle" if name == "open" else name)
    globals()[name] = value
    return value
