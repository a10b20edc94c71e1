"""How much of the change from one space to another a linear map carries."""

from emblink.adapter._adapter import Adapter, Route, adapter, as_json

__all__ = ["Adapter", "Route", "adapter", "as_json"]
