"""What a file is by how it begins, where its name says something else."""

from __future__ import annotations

from pathlib import Path

from emblink.errors import ReadError
from emblink.load._prose import refuse_placeholder

_TEXTS = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".txt", ".vec")
_PICKLE = ("a pickle of Python", (".pkl",))
_SIGNED = {
    b"PAR1": ("a Parquet file", (".parquet", ".pq", ".parq")),
    b"\x93NUMPY": ("an array of numpy", (".npy",)),
    b"ARROW1": ("an Arrow file", (".arrow", ".feather", ".ipc")),
    b"\x89HDF": ("an HDF5 file", (".h5ad",)),
    b"SQLite format 3": ("a database of SQLite", (".db",)),
    b"\x80\x02": _PICKLE,
    b"\x80\x03": _PICKLE,
    b"\x80\x04": _PICKLE,
    b"\x80\x05": _PICKLE,
}
"""Files that begin with a sign of their own, and their endings."""
_STRICT = tuple(ending for _, endings in _SIGNED.values() for ending in endings)
_ZIPPED = b"PK\x03\x04"
_PACKED = b"\x1f\x8b"


def refuse_misnamed(path: Path, ending: str) -> None:
    """Refuse a file of another format than its name says.

    Raises
    ------
    ReadError
        Saying what it is, and what to name it.
    """
    packed = ending.endswith(".gz")
    with path.open("rb") as stream:
        start = stream.read(4096)
    refuse_placeholder(path.name, start)
    if ending.removesuffix(".gz") not in (*_TEXTS, *_STRICT):
        return
    if start.startswith(b"FEA1"):
        raise ReadError(
            f"{path.name} is Feather of version 1, which is of old; "
            f"pandas.read_feather({str(path)!r}).to_parquet('vectors.parquet')"
        )
    wide = start.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff"))
    if wide and not packed:
        raise ReadError(
            f"{path.name} is not UTF-8 text (it begins as UTF-32 does); save it as UTF-8: "
            f"iconv -f UTF-32 -t UTF-8 {path.name} > new{ending}"
        )
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") and not packed:
        raise ReadError(
            f"{path.name} is not UTF-8 text (it begins as UTF-16 does, which PowerShell and Excel "
            f"write); save it as UTF-8: iconv -f UTF-16 -t UTF-8 {path.name} > new{ending}"
        )
    bare = path.name[: len(path.name) - len(ending)]
    if packed and not start.startswith(_PACKED):
        raise ReadError(
            f"{path.name} cannot be read: Not a gzipped file; if it was never packed, name it "
            f"{bare}{ending.removesuffix('.gz')}"
        )
    if not packed and start.startswith(_PACKED):
        raise ReadError(
            f"{path.name} is packed by gzip, whatever its name says: name it {path.name}.gz if it "
            "holds text, else unpack it"
        )
    for sign, (what, endings) in _SIGNED.items():
        if start.startswith(sign) and ending not in endings:
            _refuse(path, what, bare + endings[0])
    if start.startswith(_ZIPPED):
        _refuse(path, "a zip archive, as numpy's .npz and Excel's .xlsx are", f"{bare}.npz")
    _refuse_json(path, ending, bare, start.removeprefix(b"\xef\xbb\xbf").lstrip())


def _refuse_json(path: Path, ending: str, bare: str, text: bytes) -> None:
    """Refuse JSON under another name; ``text`` is its beginning."""
    if ending in (".jsonl", ".ndjson") and text[:1] == b"[":
        first, *others = text.split(b"\n")
        if not (first.rstrip().endswith(b"]") and any(line.strip() for line in others)):
            _refuse(path, "one JSON array, and not an object on each line", f"{bare}.json")
    if ending in (".csv", ".tsv") and (text.startswith(b'{"') or text.startswith(b"[{")):
        lines = text[:1] == b"{"
        what = "JSON, an object on each line" if lines else "one JSON array"
        _refuse(path, what, bare + (".jsonl" if lines else ".json"))


def _refuse(path: Path, what: str, name: str) -> None:
    raise ReadError(f"{path.name} is {what}, whatever its name says: name it {name}")
