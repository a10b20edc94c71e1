"""The bundle: one read-only directory of named columns, and how it is written and read."""

from emblink.bundle._by_name import ByName
from emblink.bundle._memory import Memory
from emblink.bundle._order import inverse, restore_graph, restore_rows, store_graph, stored_order
from emblink.bundle._read import Bundle, read_manifest
from emblink.bundle._store import Stage, Store, digest, open_store
from emblink.bundle._write import Catalog, part

__all__ = [
    "Bundle",
    "ByName",
    "Catalog",
    "Memory",
    "Stage",
    "Store",
    "digest",
    "inverse",
    "open_store",
    "part",
    "read_manifest",
    "restore_graph",
    "restore_rows",
    "store_graph",
    "stored_order",
]
