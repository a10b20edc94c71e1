"""What stands out of labels and of single items, in words."""

from __future__ import annotations

from emblink.wording._claims import change, items, of_ten
from emblink.wording._words import counted

IN_ANOTHER_ORDER = "stayed together, in another order"
ACCURACY = "accuracy "


def accuracy_words(a: float, b: float) -> str:
    """Say how accuracy changed."""
    return f"{ACCURACY}{change(a, b)}"


def clearer_words(better: bool) -> str:
    """Say whether a label became clearer."""
    return "clearer" if better else "less clear"


def typical_label(a: float, b: float) -> str:
    """Say how the purity of a typical label changed."""
    return f"{change(a, b)} of a typical label's neighbours are its own"


def labels_apart(ratio: float) -> str:
    """Say how much farther apart labels lie."""
    return f"labels lie {ratio:.1f} times as far apart"


def all_labels(n: int) -> str:
    """Name labels as a whole."""
    return f"Labels as a whole ({counted(n, 'label')})"


def within_words(overlap: float) -> str:
    """Say how many neighbours within a label stay."""
    return f"of an item's 10 nearest among them {of_ten(overlap, 10)} stay"


def taken_for(share: str, one: str, other: str) -> str:
    """Say which share of a label's items is taken for another label."""
    return f"{share} of {one} are taken for {other}"


def lost_all(n: int) -> str:
    """Head a claim of items that lost every neighbour."""
    return f"{items(n)} lost every neighbour"


def lost_all_and(n: int, *, seen: bool) -> str:
    """Say what became of items that lost every neighbour.

    Parameters
    ----------
    n : int
    seen : bool
        Whether the picture shows it.

    Returns
    -------
    str
    """
    how = "went elsewhere" if seen else f"{'looks' if n == 1 else 'look'} still in the picture"
    return f"lost every neighbour and {how}"


def typical_keeps(share: float, k: int) -> str:
    """Say how many neighbours the other items keep."""
    return f"the others keep {of_ten(share, k)} of {k} on average"


def reordered(name: str) -> str:
    """Head a claim of a label in another order."""
    return f"{name} in another order"
