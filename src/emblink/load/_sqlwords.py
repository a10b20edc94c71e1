"""Words of tables as SQL: numbers, lists of numbers and missing values that are written out."""

from __future__ import annotations

import re

from emblink.load._columns import MISSING

LISTS = re.compile(
    r"\s*(?:[A-Za-z][\w.]*\s*\(\s*)?[\[({]\s*\[?(?P<inside>[^\[\](){}]*)\]?\s*[\])}]\s*"
    r"(?:,[^\[\]]*)?\)?\s*$"
)
"""A list written out: JSON, Python, PostgreSQL, numpy, torch, jax and Spark; one in a list of one.

Numpy's scalars are taken off before."""
SCALARS = re.compile(r"(?:np|numpy)\.\w+\(([^)]*)\)")


def present(value: str) -> str:
    """Return words as SQL, NULL where they stand for a missing value."""
    words = literal("|".join(map(re.escape, MISSING)))  # IN becomes a join for each column
    return f"CASE WHEN regexp_full_match({value}, {words}) THEN NULL ELSE {value} END"


def asked(value: str) -> str:
    """Ask of words how many are filled, numbers, finite, with a point, codes, whole numbers."""
    filled, number = present(value), f"TRY_CAST({value} AS DOUBLE)"
    broken = f"regexp_matches({value}, '[.eE]|(?i)inf') AND {number} IS NOT NULL"
    coded = f"regexp_matches({value}, '^[+-]?0[0-9]|^[+]|_')"
    return (
        f"count({filled}), count({number}) FILTER (WHERE NOT isnan({number})), "
        f"count({number}) FILTER (WHERE isfinite({number})), count(*) FILTER (WHERE {broken}), "
        f"count(*) FILTER (WHERE {coded}), count(TRY_CAST({value} AS BIGINT))"
    )


def with_points(value: str) -> str:
    """Return numbers with decimal commas as SQL with points; a point in them is no number's."""
    pattern = literal(r"^\s*([-+]?\d*),(\d+(?:[eE][-+]?\d+)?)\s*$")
    return (
        f"CASE WHEN regexp_full_match({value}, '[-+]?[0-9]+\\.[0-9]+') THEN '.' || {value} "
        f"ELSE regexp_replace({value}, {pattern}, '\\1.\\2') END"
    )


def parsed(value: str) -> str:
    """Return lists that are written out as SQL; what is no number in them becomes NULL."""
    bare = f"regexp_replace({value}, {literal(SCALARS.pattern)}, '\\1', 'g')"
    pattern = "^" + LISTS.pattern.replace("?P<inside>", "")
    inside = f"regexp_extract({bare}, {literal(pattern)}, 1)"
    bare = f"CASE WHEN regexp_matches({value}, '[(\\[{{]') THEN {inside} ELSE {value} END"
    cells = f"string_split_regex(trim({bare}, E' ,;|\\n\\t\\r'), '[,;|\\s]+')"
    lists = f"TRY_CAST({cells} AS DOUBLE[])"
    missing = f"{present(f'trim({value})')} IS NULL"
    empty = f"regexp_full_match({value}, '\\W*')"
    return f"CASE WHEN {missing} THEN NULL WHEN {empty} THEN [] ELSE {lists} END"


def literal(value: str) -> str:
    """Return a word as SQL."""
    return "'" + value.replace("'", "''") + "'"


def quote(name: str) -> str:
    """Return a column name as SQL."""
    return '"' + name.replace('"', '""') + '"'
