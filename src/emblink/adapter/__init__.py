"""How much of the change from one space to another a linear map carries."""

from emblink.adapter._adapter import adapter, as_json

__all__ = ["adapter", "as_json"]
