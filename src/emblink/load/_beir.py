"""Folders as BEIR and MTEB lay them out: texts in JSON Lines, and their vectors beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from emblink.errors import ReadError
from emblink.load._blocks import Vectors
from emblink.load._columns import Column, Contents, Noun, Seen
from emblink.types import AnyArray

_TEXTS = ("corpus.jsonl", "queries.jsonl", "corpus.jsonl.gz", "queries.jsonl.gz")
_VECTORS = "vectors"
EMBED = (
    "embed its texts, np.savez('new.npz', ids=ids, vectors=model.encode(texts)), and give the file "
    "of texts as --items {texts}"
)


def is_beir(path: Path) -> bool:
    """Whether a folder holds the texts of a retrieval data set."""
    return path.is_dir() and any((path / name).is_file() for name in _TEXTS)


def texts_and_vectors(path: Path) -> list[Path]:
    """Return the file of texts and that of their vectors.

    Raises
    ------
    ReadError
        There are no vectors, or several files of them.
    """
    texts = [path / name for name in _TEXTS if (path / name).is_file()]
    found = sorted(path.glob("*.npy")) + sorted(path.glob("*/*.npy"))
    of_texts = {text: _of(text, found, alone=len(texts) == 1) for text in texts}
    if not found:
        raise ReadError(
            f"{path} holds texts ({', '.join(text.name for text in texts)}) and no vectors; "
            + EMBED.format(texts=texts[0])
        )
    for text, vectors in of_texts.items():
        if len(vectors) == 1:
            return [text, vectors[0]]
    names = ", ".join(str(one.relative_to(path)) for one in found[:6])
    raise ReadError(
        f"{path} holds several files of vectors ({names}); name one, and its texts: "
        f"{found[0]} --items {texts[0]}"
    )


def _of(text: Path, found: Sequence[Path], *, alone: bool) -> list[Path]:
    """Return the files that may hold the vectors of a file of texts."""
    of_queries = [one for one in found if "quer" in one.name.lower()]
    if text.name.startswith("queries"):
        return of_queries or ([*found] if alone else [])
    return [one for one in found if one not in of_queries]


class TextsAndVectors:
    """Texts, one a row, and their vectors from another file.

    Raises
    ------
    ReadError
        They differ in their rows.
    """

    def __init__(self, where: str, texts: Contents, vectors: Contents) -> None:
        self.where = where
        self.noun: Noun = "column"
        self.typed = texts.typed
        self.seen = Seen()
        self.notes = (*texts.notes, *vectors.notes)
        self._texts = texts
        (self._name, rows), *_ = vectors.columns.items()
        self._vectors = vectors
        self.columns: Mapping[str, Column] = {
            **texts.columns,
            _VECTORS: Column(_VECTORS, "vectors", rows.dtype, rows.shape),
        }
        n_texts = next(iter(texts.columns.values())).shape[0]
        if rows.shape[:1] != (n_texts,):
            raise ReadError(
                f"{vectors.where} has shape {rows.shape}, but {texts.where} has {n_texts:,} texts; "
                "expected a row for each"
            )

    @property
    def fields(self) -> Mapping[str, Column]:
        """What lies within columns of structs."""
        return self._texts.fields

    def column(self, name: str) -> AnyArray:
        """Return one column of the texts."""
        return self._texts.column(name)

    def words(self, name: str) -> AnyArray:
        """Return one column of the texts as it is written."""
        return self._texts.words(name)

    def vectors(self, names: Sequence[str]) -> Vectors:
        """Return the vectors, or columns of numbers beside the texts."""
        if tuple(names) == (_VECTORS,):
            return self._vectors.vectors((self._name,))
        return self._texts.vectors(names)
