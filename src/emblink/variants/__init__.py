"""Preprocessing variants as spaces of their own: ``old|center``, ``old|pca:64|l2``."""

from emblink.variants._queries import with_query_variants
from emblink.variants._spaces import Bring, learnt, with_variants

__all__ = ["Bring", "learnt", "with_query_variants", "with_variants"]
