"""From vectors to neighbour graphs."""

from emblink.neighbors._exact import nearest_neighbors
from emblink.neighbors._restrict import restrict

__all__ = ["nearest_neighbors", "restrict"]
