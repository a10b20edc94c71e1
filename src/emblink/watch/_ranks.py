"""Which of the processes of one run this is."""

from __future__ import annotations

import os

NAMES = ("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "LOCAL_RANK")
"""Of environment variables; the first that is set counts."""


def rank() -> int:
    """Return the number of this process among those of its run: 0 where nothing says so.

    Returns
    -------
    int
    """
    said = (os.environ.get(name, "").strip() for name in NAMES)
    return next((int(one) for one in said if one.isdigit()), 0)
