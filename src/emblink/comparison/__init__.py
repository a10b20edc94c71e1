"""The whole comparison, as a Python user makes it, opens it and holds it."""

from emblink.comparison._compare import compare, open_bundle
from emblink.comparison._comparison import Comparison

__all__ = ["Comparison", "compare", "open_bundle"]
