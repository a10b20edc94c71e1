"""The table of file formats; a new format is one entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from emblink.errors import ReadError
from emblink.load._anndata import read_h5ad, read_zarr
from emblink.load._beir import TextsAndVectors, is_beir, texts_and_vectors
from emblink.load._characters import refuse_misnamed
from emblink.load._columns import Contents
from emblink.load._delimited import read_csv, read_tsv, read_txt
from emblink.load._folders import folder_notes
from emblink.load._guard import Guarded, guarded
from emblink.load._json import read_json, read_json_lines
from emblink.load._layout import HEADED, RAW, Layout, read_headed, read_raw, refuse_raw, refuse_text
from emblink.load._npy import read_npy, read_npz
from emblink.load._partitions import Partition, partition
from emblink.load._parts import Parts, is_pattern, parts_of, pattern_of
from emblink.load._safetensors import read_safetensors
from emblink.load._streams import check_packed
from emblink.load._tables import read_arrow, read_parquet
from emblink.load._text import read_vec, read_word2vec
from emblink.load._unread import UNREAD, refuse_url, unread
from emblink.load._vecs import read_bvecs, read_fvecs, read_ivecs
from emblink.words import check_text

Reader: TypeAlias = Callable[[Path, frozenset[str]], Contents]
"""Opens a path. The names are columns whose cells are words even where they look like numbers."""

READERS: dict[str, Reader] = {
    ".npy": read_npy,
    ".npz": read_npz,
    ".parquet": read_parquet,
    ".pq": read_parquet,
    ".parq": read_parquet,
    ".arrow": read_arrow,
    ".feather": read_arrow,
    ".ipc": read_arrow,
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
    ".csv.gz": read_csv,
    ".tsv.gz": read_tsv,
    ".jsonl.gz": read_json_lines,
    ".ndjson.gz": read_json_lines,
    ".txt": read_txt,
    ".txt.gz": read_txt,
    ".vec": read_vec,
    ".vec.gz": read_vec,
    ".emb": read_vec,
    ".bin": read_word2vec,
    ".bin.gz": read_word2vec,
    ".safetensors": read_safetensors,
    ".fvecs": read_fvecs,
    ".bvecs": read_bvecs,
    ".ivecs": read_ivecs,
    **dict.fromkeys(HEADED, read_headed),
    ".h5ad": read_h5ad,
    ".zarr": read_zarr,
}


def open_file(path: Path, words: Iterable[str] = (), layout: Layout | None = None) -> Contents:
    """Open a file by its ending; or a folder, or a pattern, of parts of one table.

    Raises
    ------
    ReadError
        It is missing, empty, of an unknown format, or not what its ending claims.
    InputError
        Its name is not Unicode text.
    """
    check_text(path.name, "the file")
    files = files_of(path)
    names = frozenset(words)
    if files == [path]:
        return _open_one(path, names, layout)
    if is_beir(path):
        return TextsAndVectors(path.name, *(_open_one(one, names) for one in files))
    notes = folder_notes(path, files, ending, READERS)
    parts: list[Guarded | Partition] = []
    for one in files:
        contents = _open_one(one, names)
        said = partition(one if is_pattern(path) else one.relative_to(path))
        parts.append(Partition(contents, said) if said else contents)
    if len(parts) == 1:
        parts[0].where = f"{path.name}/{parts[0].where}"
        parts[0].notes = [*notes, *parts[0].notes]
        return parts[0]
    return Parts(pattern_of(path) if is_pattern(path) else path.name, parts, notes)


def files_of(path: Path) -> list[Path]:
    """Return the files that a path stands for: itself, or the parts in a folder or of a pattern.

    Raises
    ------
    ReadError
        There are none.
    """
    refuse_url(path)
    if is_beir(path):
        return texts_and_vectors(path)
    if (path.is_dir() and ending(path) not in UNREAD) or is_pattern(path):
        return parts_of(path, ending, [*READERS])
    if not path.exists():
        raise ReadError(f"there is no file {path}; check the path (sources are [name=]path[::key])")
    return [path]


def _open_one(path: Path, words: frozenset[str], layout: Layout | None = None) -> Guarded:
    reader = _reader(path) if layout is None else partial(_as_raw, layout=layout)
    if reader is None:
        raise unread(path, ending(path), ", ".join(READERS))
    try:
        n_bytes = path.stat().st_size
        if n_bytes == 0:
            raise ReadError(f"{path.name} is empty (0 bytes); write it again")
        if layout is None and path.is_file():
            refuse_misnamed(path, ending(path))
        with guarded(path.name, n_bytes):
            if path.suffix.lower() == ".gz" and reader is not read_word2vec:
                check_packed(path)
            return Guarded(reader(path, words), n_bytes)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error}") from error


def _reader(path: Path) -> Reader | None:
    found = READERS.get(ending(path))
    if found is None and ending(path) not in UNREAD and path.is_file() and path.stat().st_size:
        refuse_text(path)
        if ending(path) in RAW:
            raise refuse_raw(path)
    return found


def _as_raw(path: Path, words: frozenset[str], *, layout: Layout) -> Contents:
    return read_raw(path, layout)


def ending(path: Path) -> str:
    """Return the ending that names a format: the last suffix, or two when the last is ``.gz``."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    two = "".join(suffixes[-2:])
    packed = suffixes[-1:] == [".gz"] and (two in READERS or two in UNREAD)
    return two if packed else "".join(suffixes[-1:])


def stem(path: Path) -> str:
    """Return a file name without the ending that names its format."""
    return path.name[: len(path.name) - len(ending(path))] or path.name
