"""What is odd in a space, in sentences: a number, what it does, and the way out."""

from __future__ import annotations

from emblink.types import Metric, SpaceHealth
from emblink.wording._words import percent

_MANY = 0.01
_WIDE_NORMS = 2.0
_DEAD_DIMS = 0.1
_ANISOTROPIC = 0.5
_HUBBY = 3.0
_HEAVY_ROWS = 0.2
_HEAVY_TIMES = 5.0
_HUNDRED = 100
_CKA_JUMP = 0.1
_COORDINATES = 3


def health_warnings(
    name: str, health: SpaceHealth, *, n_items: int, n_dims: int, metric: Metric = "cosine"
) -> list[str]:
    """Say what is odd in a space: a sentence for each oddity that bends a measure.

    Parameters
    ----------
    name : str
        The space's.
    health : SpaceHealth
        From :func:`space_health`.
    n_items, n_dims : int
    metric : {"cosine", "euclidean"}
        The space's own: it decides what the norms do.

    Returns
    -------
    list of str
        Empty for a space with nothing odd. Said of: at most 3 dims under cosine, copies from 1 %
        of the items, constant dims from a tenth of all, norms whose middle 90 % span more than
        twice their median (euclidean only: under cosine no measure follows them), a mean cosine
        above 0.5 (cosine only), a
        hubness above 3, and 1 % of the rows with more than a fifth of the variance (and, among few
        rows, more than five times their share of the rows). The limits are conventions: read the
        numbers.
    """
    if health["constant_dims"] == n_dims:
        return [
            f"All {n_items:,} items of {name} "
            f"{'point the same way' if metric == 'cosine' else 'have the same vector'}, so no "
            "measure can tell them apart; leave the space out."
        ]
    said = []
    if metric == "cosine" and n_dims <= _COORDINATES:
        said.append(
            f"{name} has {n_dims} dim{'s' if n_dims > 1 else ''}, compared by direction from zero "
            "alone: if these are coordinates of a map, use the euclidean metric."
        )
    if health["duplicates"] > _MANY * n_items:
        said.append(
            f"{health['duplicates']:,} of {n_items:,} rows of {name} "
            f"{'point the very way' if metric == 'cosine' else 'are exact copies'} of an "
            "earlier row: which of the copies count as nearest neighbours is arbitrary, and "
            "overlap falls; keep one of each."
        )
    if health["constant_dims"] > _DEAD_DIMS * n_dims:
        said.append(
            f"{health['constant_dims']:,} of {n_dims:,} dims of {name} are the same for all items "
            "and tell none apart; check how the vectors were made, or drop these dims."
        )
    if metric == "euclidean" and health["norm_spread"] > _WIDE_NORMS:
        said.append(
            f"The middle 90 % of the norms of {name} span {health['norm_spread']:.1f} times their "
            "median: short vectors become everyone's neighbours under the euclidean metric; if "
            f"length means nothing, compare '{name}|l2'."
        )
    if metric == "cosine" and health["anisotropy"] > _ANISOTROPIC:
        said.append(
            f"Any two items of {name} have a cosine of {health['anisotropy']:.2f} on average: all "
            "vectors lean one way, which hides differences between items; compare "
            f"'{name}|center' instead."
        )
    if health["hubness"] > _HUBBY:
        said.append(
            f"A few items of {name} are among the nearest neighbours of very many (hubness "
            f"{health['hubness']:.1f}): raw overlap is high by chance; read kappa, or compare "
            f"'{name}|{'center' if metric == 'cosine' else 'l2'}'."
        )
    if health["top_variance_share"] > max(_HEAVY_ROWS, heavy_share(n_items)):
        rows, they, these = (
            ("1 % of the rows hold", "they decide", "these rows")
            if n_items >= _HUNDRED
            else (f"1 of the {n_items} rows holds", "it decides", "that row")
        )
        said.append(
            f"{rows} {percent(health['top_variance_share'])} of the variance of {name}: {they} "
            f"linear CKA and Procrustes similarity; look at {these}"
            + ("." if metric == "cosine" else f", or compare '{name}|l2'.")
        )
    return said


def heavy_share(n_items: int) -> float:
    """Share of the variance that the farthest 1 % of the rows hold without being extreme.

    Parameters
    ----------
    n_items : int

    Returns
    -------
    float
        Five times their share of the rows, one row at least: 0.05 for many items; above 0.2, and
        so above what else counts as heavy, for fewer than 25.
    """
    return _HEAVY_TIMES * max(1, round(n_items / _HUNDRED)) / n_items


def extreme_rows_warning(
    a: str, b: str, *, cka: float, trimmed: float, overlap: float
) -> str | None:
    """Say that CKA tells of a few extreme rows, when it does.

    Parameters
    ----------
    a, b : str
        The pair's names.
    cka : float
        :func:`linear_cka` of all common items.
    trimmed : float
        :func:`linear_cka_trimmed` of the same.
    overlap : float
        The pair's mean neighbourhood overlap, which no few rows can move.

    Returns
    -------
    str or None
        A sentence when the two values of CKA differ by more than 0.1.
    """
    if abs(cka - trimmed) <= _CKA_JUMP:
        return None
    return (
        f"Linear CKA of {a} → {b} is {cka:.2f}, but {trimmed:.2f} without the 1 % of rows farthest "
        f"from the mean: a few extreme rows decide it, so read the neighbourhood overlap "
        f"({overlap:.3f}) instead, and look at these rows."
    )
