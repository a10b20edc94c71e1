"""Captions of figures."""

from __future__ import annotations

from collections.abc import Sequence

from emblink.wording._words import counted, percent

_DRAWN = {"joint": "Aligned pictures", "pca": "PCA pictures"}


def map_caption(n_spaces: int, measure: str, *, kept: float) -> str:
    """Caption the map of spaces."""
    return (
        f"{n_spaces} spaces; near each other where their neighbourhoods agree. Distances stand "
        f"for 1 less the kappa of the {measure}: 0 is the same, 1 is chance. A plane shows "
        f"{percent(kept)} of them."
    )


def matrix_note(end: float, *, replicates: bool) -> str:
    """Say below a matrix what its shades mean."""
    return f"darker: more alike, up to {end:g}" + (
        "; dot: one recipe run twice" if replicates else ""
    )


def matrix_caption(words: str, n_pairs: int, *, is_kappa: bool, replicates: bool) -> str:
    """Caption a matrix of pairs."""
    return (
        f"{words[:1].upper()}{words[1:]} of {counted(n_pairs, 'pair')} of spaces, rows "
        "and columns in one order"
        + ("; 0 is chance, 1 is the same." if is_kappa else ".")
        + (" Dots mark runs of one recipe, which differ by noise alone." if replicates else "")
    )


def pair_caption(spaces: tuple[str, str], *, method: str, shown: str, answer: str) -> str:
    """Caption the pictures of a pair side by side."""
    return (
        f"{_DRAWN.get(method, f'Pictures by {method}')} of {spaces[0]} (left) and {spaces[1]} "
        f"(right), in one frame. {shown} {answer}"
    )


def drawn_items(shown: Sequence[int], n_items: Sequence[int]) -> str:
    """Say how many items are drawn, and that they are a sample where they are not all."""
    if all(one >= of for one, of in zip(shown, n_items, strict=True)):
        beside = "" if n_items[0] == n_items[1] else f" and {counted(n_items[1], 'item')}"
        return f"{counted(n_items[0], 'item')}{beside}"
    return f"{shown[0]:,} of {counted(n_items[0], 'item')}, drawn at random"


def coloured_by(title: str) -> str:
    """Say what the colours mean, where no legend's words do."""
    return f", coloured by {title[:1].lower() + title[1:]}." if title else "."


def trails_caption(spaces: tuple[str, str], *, n: int, n_all: int, what: str, answer: str) -> str:
    """Caption the ways of items between the pictures of two spaces."""
    which = f"all {n:,}" if n == n_all else f"the longest {n:,} of {n_all:,}"
    shown = f"{which} {what}; the others are grey" if n else f"there are no {what}"
    return (
        f"From where an item lies in {spaces[0]} to where it lies in {spaces[1]} (dot), in the "
        f"aligned pictures: {shown}. {answer}"
    )


def labels_caption(shown: int, known: int, spaces: tuple[str, str], *, k: int) -> str:
    """Caption the purity of labels in two spaces."""
    labels = counted(known, "label")
    which = labels if shown == known else f"The {shown} of {labels} that changed most"
    return (
        f"{which}: the share of an item's {k} nearest neighbours that carry its own "
        f"label, in {spaces[0]} (blue) and in {spaces[1]} (orange); the tick is chance. Coloured "
        "changes are beyond noise, after all labels are allowed for."
    )


def steps_caption(names: Sequence[str], *, n_steps: int, shown: int, known: int) -> str:
    """Caption the steps of a sequence of spaces."""
    which = f"the {shown} labels that changed most" if shown < known else counted(known, "label")
    return (
        f"{counted(n_steps, 'step')} from {names[0]} to {names[-1]}. Above: the size of each, "
        "as if so much of every vector were another item's, with what holds it in 95 % of cases; "
        "the tick is what another run of the recipe differs by, where there is one."
        + (f" Below: the purity of {which} in each space." if shown else "")
    )
