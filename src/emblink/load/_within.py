"""Vectors that lie in fields of records, such as ``payload.embedding``."""

from __future__ import annotations

import re
from collections.abc import Collection

from emblink.errors import InputError
from emblink.load._columns import Column, Contents
from emblink.load._families import RIVALS, families
from emblink.load._written import EMBEDDED, holds_lists

_POSITIONS = ("indices", "idx")
"""What the fields of sparse vectors are called that say which dims their numbers are."""


def lists_within(contents: Contents, others: Collection[str]) -> tuple[list[str], list[str]]:
    """Return fields that hold vectors, and those whose whole numbers may be something else.

    Raises
    ------
    InputError
        The only lists are those of sparse vectors, and no column of the file holds them.
    """
    fields = contents.fields
    free = [one for name, one in fields.items() if name not in others]
    sparse = {_record(one.name) for one in free if is_sparse_record(contents, _record(one.name))}
    dense = [one for one in free if _record(one.name) not in sparse]
    lists = [one for one in dense if one.kind == "vectors"]
    doubtful = [
        one.name for one in lists if is_whole(one) and not EMBEDDED.search(one.name.lower())
    ]
    found = [one.name for one in lists if one.name not in doubtful]
    found += [one.name for one in dense if holds_lists(contents, one.name)]
    if sparse and not found and not doubtful and sparse.isdisjoint(contents.columns):
        raise InputError(
            f"the records {min(sparse)!r} of {contents.where} hold sparse vectors; save the "
            "numbers of all dims as a list"
        )
    return found, doubtful


def numbered_within(
    contents: Contents, others: Collection[str], doubtful: Collection[str]
) -> list[tuple[str, ...]]:
    """Return fields of records that are numbered alike, where no column is a vector.

    Raises
    ------
    InputError
        There are lists of whole numbers within records, which are read where they are named.
    """
    if doubtful:
        rivals = " or ".join(f"--vector {name}" for name in list(doubtful)[:4])
        raise InputError(
            f"{contents.where} has lists of whole numbers within records, which may be no vectors; "
            f"they are read with {rivals}"
        )
    columns = {name for name in contents.columns if name not in contents.fields}
    found = families(contents, {*others, *columns}, contents.fields)
    return [names for names in found if len(names) >= RIVALS]


def is_sparse_record(contents: Contents, name: str) -> bool:
    """Whether a record holds which dims its numbers are."""
    return any(
        lies_in(field, name) and field.rsplit(".", 1)[-1].lower() in _POSITIONS
        for field in contents.fields
    )


_OF_RECORDS = re.compile(r'.*STRUCT\("?[\w$]+"? (VARCHAR|DOUBLE|FLOAT|DECIMAL.*|BIGINT)\)\[\]\)*')


def is_of_records(column: Column) -> bool:
    """Whether a column holds lists of records of one number, as databases type their numbers."""
    return _OF_RECORDS.fullmatch(column.dtype) is not None


def in_records(name: str) -> str:
    """Say how lists of records of one number become lists."""
    return (
        "lists of records of one number, as BigQuery, DynamoDB and MongoDB type theirs: "
        f"[float(x) for one in {name.rsplit('.', 1)[-1]} for x in one.values()] on the list itself"
    )


def is_whole(column: Column) -> bool:
    """Whether a column of lists holds whole numbers."""
    return "INT" in column.dtype or "whole" in column.dtype


def lies_in(field: str, name: str) -> bool:
    """Whether a field is one of the record of that name."""
    return field.startswith(f"{name}.")


def _record(field: str) -> str:
    return field.rpartition(".")[0]
