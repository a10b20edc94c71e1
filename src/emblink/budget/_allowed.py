"""What must be kept, as it is written: ``recall 0.98``, ``nDCG 99%``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from emblink.errors import InputError

_ALLOW = re.compile(
    r"(?:(?P<measure>recall|ndcg)(?:@10)?\s+)?(?P<share>\d*\.?\d+)\s*(?P<sign>%)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Allowed:
    """The share that must be kept.

    Attributes
    ----------
    share : float
        In (0, 1].
    measure : {"recall", "ndcg"}
        Of results: the first 10 of the vectors as they are; or of their nDCG.
    """

    share: float = 0.9
    measure: Literal["recall", "ndcg"] = "recall"


def read_allowed(text: str) -> Allowed:
    """Read what must be kept: ``0.98``, ``98%``, ``recall 0.98`` or ``nDCG 0.99``.

    Parameters
    ----------
    text : str

    Returns
    -------
    Allowed

    Raises
    ------
    InputError
        It is no share.
    """
    match = _ALLOW.fullmatch(text.strip())
    share = float(match["share"]) / (100 if match["sign"] else 1) if match else -1.0
    if match is None or not 0.0 < share <= 1.0:
        raise InputError(
            f"--allow {text}: expected a share such as 0.98, 98%, 'recall 0.98' or 'nDCG 0.99'"
        )
    return Allowed(share, "ndcg" if (match["measure"] or "").lower() == "ndcg" else "recall")
