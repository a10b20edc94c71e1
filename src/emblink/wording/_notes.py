"""Notes: on a size and on labels, each a clause; on a comparison, its bundle and its cells."""

from __future__ import annotations

from emblink.wording._words import counted

CLUSTERS_STAY = "clusters stay, but the order inside them is new"
ELSEWHERE = "the nearest neighbours stay, but what lies around them is new"
INNER_ORDER = "same cluster, other inner order"
MOVED_ALIKE = "moved no more than all labels did"

OLDER = "An older Emblink made this bundle, before findings: compare again to have them."
NOISE_UNKNOWN = (
    "Noise is not known: compare with --replicate SPACE=RERUN to know what a rerun changes."
)
ALL_NUMBERS = "All numbers: --full, or emblink report BUNDLE --markdown."
EUCLIDEAN_CELLS = (
    'distances are Euclidean, as is usual for cells; metric="cosine" (--metric cosine) compares '
    "directions"
)
OWN_PICTURES = (
    "left out: {names}, which an earlier comparison of Emblink drew (named, they are compared)"
)

EUCLIDEAN_FILE = (
    "{where} from AnnData: neighbours of cells are usually measured with "
    'metric="euclidean" (--metric euclidean)'
)


def none_of_pairs(n: int) -> str:
    """Say that nothing stands out of any pair."""
    return f"Nothing stands out: of {counted(n, 'pair')}, none changed more in some items."


def bundle_words(path: str, *, taken: str = "") -> str:
    """Say where a comparison is kept, and which bundle of other vectors was left as it is."""
    kept = f"; {taken} holds a comparison of other vectors" if taken else ""
    return f"the bundle is {path}{kept} (-o names another directory)"


def move_column(pair: str) -> str:
    """Define the column of moves of a pair."""
    return f"Class of the move, {pair}."


def group_column(pair: str) -> str:
    """Define the column of change groups of a pair."""
    return f"What changed together, {pair}."


def no_direction(n: int, name: str) -> str:
    """Say that queries are left out of a space."""
    return f"queries: {n:,} have no direction in {name!r}: left out of it"
