"""The bundle: one read-only directory of named columns, and how it is written and read."""

from emblink.bundle._arrays import digest, laid_out
from emblink.bundle._by_name import ByName
from emblink.bundle._manifest import read_manifest
from emblink.bundle._memory import Memory
from emblink.bundle._names import part
from emblink.bundle._notes import Notes, SavedSelection, read_notes, write_notes
from emblink.bundle._open import nobody, open_store
from emblink.bundle._order import Gathered, inverse, restore_graph, restore_rows, stored_order
from emblink.bundle._ran import RunRecord, StepTime, read_run
from emblink.bundle._read import Bundle
from emblink.bundle._record import Stage
from emblink.bundle._store import Notice, Store, strangers
from emblink.bundle._verify import Verified, verify
from emblink.bundle._workplace import workplace
from emblink.bundle._write import Catalog

__all__ = [
    "Bundle",
    "ByName",
    "Catalog",
    "Gathered",
    "Memory",
    "Notes",
    "Notice",
    "RunRecord",
    "SavedSelection",
    "Stage",
    "StepTime",
    "Store",
    "Verified",
    "digest",
    "inverse",
    "laid_out",
    "nobody",
    "open_store",
    "part",
    "read_manifest",
    "read_notes",
    "read_run",
    "restore_graph",
    "restore_rows",
    "stored_order",
    "strangers",
    "verify",
    "workplace",
    "write_notes",
]
