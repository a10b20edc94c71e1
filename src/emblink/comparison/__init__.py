"""The whole comparison, as a Python user makes it, opens it and holds it."""

from emblink.comparison._compare import compare, log, open_bundle
from emblink.comparison._comparison import Comparison

__all__ = ["Comparison", "compare", "log", "open_bundle"]
