"""What people left in a bundle: selections with a name and a note, in a file of their own.

They are of items by their ids, so that they outlive another comparison into the same directory.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from emblink.bundle._files import UNREADABLE, DamageError, read_file, replace_settled
from emblink.errors import BundleError, InputError

NOTES = "notes.json"
_NONE = "none"
"""The version of notes that are not there yet."""

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_Words = Annotated[str, msgspec.Meta(max_length=10_000)]


class SavedSelection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some items, under a name.

    Attributes
    ----------
    id : str
        Of the selection itself; another may have the same name.
    name, note : str
    items : list of str
        Ids, as they are written out.
    """

    id: _Id
    name: _Name
    note: _Words = ""
    items: list[str]


class Notes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that people left in a bundle."""

    schema: Literal["emblink.notes/1"] = "emblink.notes/1"
    selections: list[SavedSelection] = []


def read_notes(root: Path) -> tuple[Notes, str]:
    """Return the notes of a bundle, and their version.

    Parameters
    ----------
    root : Path
        The bundle's directory.

    Returns
    -------
    notes : Notes
    version : str
        Another for other notes; ``none`` where there are none yet.

    Raises
    ------
    BundleError
        What stands in their place is not notes, or those of a newer Emblink.
    """
    data = _stored(root)
    if data is None:
        return Notes(), _NONE
    try:
        notes = msgspec.json.decode(data, type=Notes)
    except UNREADABLE as error:
        raise BundleError(
            f"{root / NOTES} is not as this Emblink writes notes ({error}); it is left alone: "
            "give it another name, or update Emblink"
        ) from error
    return notes, _version(data)


def write_notes(root: Path, notes: bytes, *, version: str) -> str | None:
    """Put other notes in the place of those of a version.

    Parameters
    ----------
    root : Path
        The bundle's directory.
    notes : bytes
        As JSON; checked before anything is written.
    version : str
        Of the notes that are to be replaced.

    Returns
    -------
    str or None
        Their version; None where others were written meanwhile, which then stay.

    Raises
    ------
    InputError
        They are no notes.
    BundleError
        What stands in their place is none of ours, or nothing can be written there.
    """
    data = _checked(notes)
    through = root / f".notes-{uuid.uuid4().hex}"
    try:
        with _locked(root):
            if read_notes(root)[1] != version:
                return None
            replace_settled(root / NOTES, data, through=through)
    except OSError as error:
        raise BundleError(
            f"the notes of {root.name} cannot be written ({error.strerror or error}); "
            "make the folder writable and its disk not full, then try again"
        ) from error
    finally:
        _drop(through)
    return _version(data)


def _checked(notes: bytes) -> bytes:
    try:
        found = msgspec.json.decode(notes, type=Notes)
    except UNREADABLE as error:
        raise InputError(
            f"these are no notes ({error}); reload the page, then try again"
        ) from error
    ids = [one.id for one in found.selections]
    if len({*ids}) < len(ids):
        raise InputError("two saved selections have the same id; reload the page, then try again")
    return msgspec.json.encode(found)


def _stored(root: Path) -> bytes | None:
    try:
        return read_file(root / NOTES)
    except DamageError as damage:
        raise BundleError(f"{damage}; it is left alone: give it another name") from damage
    except OSError as error:
        raise BundleError(
            f"{root / NOTES} cannot be read ({error.strerror}); make it readable, then try again"
        ) from error


def _version(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()


def _drop(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # where nothing can be written nothing was
        return


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Let others wait that write notes into the same bundle."""
    try:
        import fcntl
    except ImportError:  # Windows: two writers at once are not caught there
        yield
        return
    folder = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
