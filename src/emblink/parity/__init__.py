"""Whether two spaces hold the same vectors: one model behind another server or precision."""

from emblink.parity._parity import TOLERANCE, Changed, Parity, parity

__all__ = ["TOLERANCE", "Changed", "Parity", "parity"]
