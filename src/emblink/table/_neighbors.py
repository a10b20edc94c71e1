"""How many neighbours measures look at, where spaces are large enough."""

from __future__ import annotations

NEAR_NEIGHBORS = 10
WIDE_NEIGHBORS = 50
DENSITY_NEIGHBORS = 20
PURITY_NEIGHBORS = 20
VOTERS = 10
