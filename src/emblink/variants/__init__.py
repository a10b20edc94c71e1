"""Preprocessing variants as spaces of their own: ``old|center``, ``old|pca:64|l2``."""

from emblink.variants._spaces import with_variants

__all__ = ["with_variants"]
