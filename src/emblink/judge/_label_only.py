"""Two spaces of different items that carry the same labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from emblink.decimals import decimals
from emblink.errors import InputError
from emblink.judge._label_changes import items_by_label, mean_of
from emblink.judge._label_claims import judge_by_sampling
from emblink.limits import FEWEST_ITEMS
from emblink.stats import Error, error_of_mean, interval_reach
from emblink.types import FloatArray, IntArray, LabelReport


def label_only_changes(
    purity_a: tuple[FloatArray, IntArray],
    purity_b: tuple[FloatArray, IntArray],
    *,
    names: Sequence[str],
    cells_a: IntArray | None = None,
    cells_b: IntArray | None = None,
) -> list[LabelReport]:
    """Per label, whether its items keep more to themselves in ``b`` than other items do in ``a``.

    Parameters
    ----------
    purity_a, purity_b : (array of shape (n_items,), array of shape (n_items,) integer)
        :func:`knn_label_purity` and the codes of the items of each space, indices of ``names``.
    names : sequence of str
    cells_a, cells_b : array of shape (n_items,), integer, optional
        Which cell of neighbours each item lies in.

    Returns
    -------
    list of LabelReport
        In the order of ``names``, without labels that are missing in either space. ``n`` is the
        smaller number of items of both; ``share_a`` and ``share_b`` are the label's abundance among
        the labelled items, ``chance`` the mean of both chances. ``delta`` is the change of
        **chance-corrected** purity, ``(purity - chance) / (1 - chance)``, each with its own space's
        chance ``(n_label - 1) / (n_labelled - 1)``: 0 expected where both spaces are unrelated to
        the labels, whatever the abundances. ``interval``, ``p`` (adjusted over labels, Benjamini
        and Hochberg) and ``verdict`` are of that ``delta``; ``"too_few"`` under 30 items in either
        space. Invariant to the order of items and how labels are numbered.

    Raises
    ------
    InputError
        A purity and its codes have different lengths, or a code has no name.

    Notes
    -----
    Errors are unpaired, so that far larger changes are needed than for common items, and there is
    no floor of noise. Misleads when the spaces hold different numbers of items, for then the same
    number of neighbours reaches less far in one of them, and when the items of a label are of
    another kind (an easier batch): that is a change of data, not of model.
    """
    sides = (
        _by_label(*purity_a, cells_a, n_names=len(names)),
        _by_label(*purity_b, cells_b, n_names=len(names)),
    )
    reports, tested = [], []
    for name, a, b in zip(names, *sides, strict=True):
        if a is None or b is None:
            continue
        delta = b.corrected - a.corrected
        report = LabelReport(
            label=str(name),
            n=min(a.n, b.n),
            purity_a=a.purity,
            purity_b=b.purity,
            delta=delta,
            chance=(a.chance + b.chance) / 2,
            share_a=a.share,
            share_b=b.share,
            verdict="too_few",
        )
        reports.append(report)
        if report["n"] >= FEWEST_ITEMS:
            error = _joint(a.error, b.error)
            reach = interval_reach(error)
            report["interval"] = [delta - reach, delta + reach]
            tested.append((report, error.value, error.df))
    judge_by_sampling(tested)
    return reports


class _Label(NamedTuple):
    """One label in one space."""

    n: int
    share: float
    chance: float
    purity: float
    corrected: float
    error: Error


def _by_label(
    purity: FloatArray, codes: IntArray, cells: IntArray | None, *, n_names: int
) -> list[_Label | None]:
    purity, codes = decimals(purity), np.asarray(codes)
    if purity.shape != codes.shape:
        raise InputError(
            f"purity and codes have shapes {purity.shape} and {codes.shape}; give one of each an "
            "item"
        )
    highest = int(codes.max(initial=-1))
    if highest >= n_names:
        raise InputError(f"code {highest} has no name among {n_names}; give a name for every code")
    n_labelled = int((codes >= 0).sum())
    found: list[_Label | None] = []
    for items in items_by_label(codes, n_names):
        compared = items[np.isfinite(purity[items])]
        if not len(compared):
            found.append(None)
            continue
        chance = (len(items) - 1) / max(1, n_labelled - 1)
        value = mean_of(purity, compared)
        error = error_of_mean(purity[compared], None if cells is None else cells[compared])
        # A label that all items carry leaves nothing to be better than.
        scale = 1 / (1 - chance) if chance < 1 else 0.0
        found.append(
            _Label(
                n=len(compared),
                share=len(items) / n_labelled,
                chance=chance,
                purity=value,
                corrected=(value - chance) * scale,
                error=Error(error.value * scale if scale else 0.0, error.df),
            )
        )
    return found


def _joint(a: Error, b: Error) -> Error:
    """Return the error of a difference of two independent means (Welch)."""
    variances = a.value**2, b.value**2
    total = sum(variances)
    spent = variances[0] ** 2 / a.df + variances[1] ** 2 / b.df
    return Error(float(np.sqrt(total)), total**2 / spent if spent > 0 else min(a.df, b.df))
