"""Columns of numbers that are vectors because nothing else in the table can be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from emblink.errors import InputError
from emblink.load._beir import EMBED
from emblink.load._columns import Contents, listed
from emblink.load._families import prefix
from emblink.load._within import in_records, is_of_records
from emblink.load._written import is_number_column, sample
from emblink.types import AnyArray

_WORDS_OF_ITEMS = (
    "n|num|no|nr|count|score|rank|year|month|day|date|time|timestamp|age|price|cost|rating|stars|"
    "length|len|tokens|chars|words|size|width|height|weight|area|prob|probability|confidence|"
    "loss|page|position|pos|start|end|offset|row|rowid|line|version|batch|fold|split|seed|epoch|step|"
    "index|idx|id|ids|key|uuid|guid|code|label|labels|target|targets|class|classes|cluster|"
    "clusters|category|group|cell_type|leiden|louvain|species|lat|lon|latitude|longitude|total|"
    "amount|views|likes|votes|distance|similarity|freq|frequency|clicks|duration|rate|ratio|lr|auc|f1|"
    "acc|accuracy|precision|recall|perplexity|top1|top5|mrr|ndcg|bleu|rouge|error|mse|mae|rmse|"
    "lng|alt|altitude|elevation|ctr|cpc|cpm|cpa|roi|pct|percent|percentage|humidity"
)
_DESCRIBES = re.compile(
    rf"__index_level_\d+__|(.*[_. -])?({_WORDS_OF_ITEMS})|(n|num|is|has|id)[_. -].*|[a-z]*id|"
    rf"unnamed.*|({_WORDS_OF_ITEMS})[_. -].*"
)
"""Names, in small letters, of numbers that describe an item and are none of its dims."""
_COMMA = re.compile(r"[-+]?\d[\d.' ]*,\d+")


_YEAR = re.compile(r".*(?<!\d)(?:19|20)\d\d")


def leftovers(contents: Contents, others: Collection[str]) -> tuple[str, ...]:
    """Return all number columns that describe no item; none where there is but one.

    Whole numbers among a majority of others describe items, and so does what is named otherwise.
    """
    numbers = _numbers(contents, others)
    kept = _may_be_dims(numbers)
    leading = _leading(kept)
    if leading:
        return tuple(name for name in kept if name in leading)
    undated = [name for name in kept if not _YEAR.fullmatch(name)]
    kept = undated if len(undated) > 1 else kept
    whole = _aside(contents, kept)
    if len(kept) > 2 * len(whole):
        kept = [name for name in kept if name not in whole]
    return tuple(kept) if len(kept) > 1 else ()


_SAYS_NOTHING = re.compile(
    r"__index_level_\d+__|unnamed.*|(.*[_. -])?(ids?|key|uuid|guid|index|idx|row|rowid|line|"
    r"labels?|targets?|class|classes|clusters?|category|group|cell_type|leiden|louvain|species|split|"
    r"fold)|[a-z]*id|is[_. -].*|has[_. -].*"
)
_FEW = 6


def refuse_mixed(contents: Contents, others: Collection[str], kept: Sequence[str]) -> None:
    """Refuse numbers as dims that stand beside others which describe items, as they may as well.

    Whole numbers beside many fractions are counts, and say nothing of these; nor do ids and
    labels.

    Raises
    ------
    InputError
        With both.
    """
    if len(_leading(kept)) == len(kept):
        return
    beside = [
        name
        for name in _numbers(contents, others)
        if name not in kept and not _SAYS_NOTHING.fullmatch(name.lower())
    ]
    beside = [name for name in beside if describes(name)]
    if len(kept) >= _FEW:
        beside = [name for name in beside if not _is_whole(contents, name)]
    if not beside:
        return
    raise InputError(
        f"{', '.join(beside[:4])}{' …' if beside[4:] else ''} of {contents.where} "
        f"{'describes' if len(beside) == 1 else 'describe'} the items, and {', '.join(kept[:4])}"
        f"{' …' if kept[4:] else ''} may as well; name the vectors: --vector 'PATTERN', such as "
        "'*' for all numbers, or save them as one column of lists"
    )


def refuse_long(contents: Contents, kept: Sequence[str]) -> None:
    """Refuse a table with a row for each number: an item, which of its dims, and the number.

    Raises
    ------
    InputError
        With the line that makes a row for each item.
    """
    if len(kept) > _MOST_LONG:
        return
    broken = [name for name in kept if not _is_whole(contents, name)]
    if len(broken) != 1:
        return
    words = [name for name, column in contents.columns.items() if column.kind == "words"]
    whole = [name for name in contents.columns if _is_few(contents, name)]
    few = [name for name in words if _repeats(contents.words(name))]
    dims = {name: contents.column(name) for name in kept if name in whole}
    for dim, values in sorted(dims.items(), key=lambda pair: len({*pair[1].tolist()})):
        for item in [name for name in (*few, *whole) if name != dim]:
            held = contents.words(item) if item in few else contents.column(item)
            if len({*zip(held.tolist(), values.tolist(), strict=True)}) == len(values):
                raise InputError(
                    f"{contents.where} has a row for each number ({item}, {dim}, {broken[0]}), and "
                    f"not for each item; in pandas, df.pivot(index={item!r}, columns={dim!r}, "
                    f"values={broken[0]!r}) has one"
                )


_MOST_LONG = 5
"""Columns of numbers in a table with a row for each."""


def _is_few(contents: Contents, name: str) -> bool:
    return is_number_column(contents, name) and (
        _is_whole(contents, name) and _repeats(contents.column(name))
    )


def _repeats(values: AnyArray) -> bool:
    return 1 < len({*values.tolist()}) <= len(values) / 2


def are_loose(names: Sequence[str]) -> bool:
    """Whether columns are dims together for no other reason than that they are numbers."""
    return len(names) > 1 and len({prefix(name) for name in names}) > 1


def passed_over(contents: Contents, names: Sequence[str], taken: Collection[str]) -> str | None:
    """Say which numbers were not taken as dims, where that was decided by values or most names."""
    if not are_loose(names):
        return None
    numbers = _numbers(contents, taken)
    there = {*names}
    aside = [name for name in _may_be_dims(numbers) if name not in there]
    if not aside or there - {*numbers}:
        return None
    were = "was" if len(aside) == 1 else "were"
    return (
        f"{', '.join(aside[:6])}{' …' if aside[6:] else ''} of {contents.where} {were} not taken "
        f"as dims beside {len(names):,} columns {names[0]} … {names[-1]}: named otherwise, or of "
        "whole numbers or years; name the vectors with --vector if that is wrong"
    )


def nothing(contents: Contents, others: Collection[str]) -> InputError:
    """Return the error of a table without vectors."""
    numbers = _numbers(contents, others)
    more = f"; numbers that describe items: {', '.join(numbers)}" if numbers else ""
    if any(_has_commas(contents, name) for name in contents.columns if name not in others):
        more += "; some hold decimal commas, or thousands: save them with points"
    for name, column in {**contents.columns, **contents.fields}.items():
        if is_of_records(column):
            return no_vectors(contents, f"; {name} holds {in_records(name)}")
    if any(name.endswith((".L", ".S", ".N")) for name in contents.columns):
        more += (
            "; where DynamoDB wrote these, boto3.dynamodb.types.TypeDeserializer().deserialize "
            "makes each value plain"
        )
    if "text" in contents.columns and not numbers:
        return no_vectors(contents, f"; {EMBED.format(texts=contents.where)}")
    return no_vectors(contents, more and f"{more}; name the vectors: --vector COLUMN")


def no_array(contents: Contents) -> InputError:
    """Return the error of an archive without an array of vectors."""
    load, what = "np.load", "one for each item"
    rows = [column.shape for column in contents.columns.values() if column.kind == "numbers"]
    if {"indices", "indptr", "data", "shape"} <= {*contents.columns}:
        load, what = "scipy.sparse.load_npz", "a sparse matrix"
    elif len(rows) < 3 or len(rows) < len(contents.columns) or len({*rows}) > 1:
        return no_vectors(contents)
    way = f'eb.compare({{"old": {load}({contents.where!r}), …}})'
    return no_vectors(contents, f"; {what}: {way} in Python")


def no_vectors(contents: Contents, more: str = "") -> InputError:
    """Return the error of a file without vectors."""
    return InputError(
        f"{contents.where} has no vectors; expected an array (n_items, n_dims), a column of "
        f"lists of numbers, or numbered columns (d0, d1 …); its {contents.noun}s: "
        f"{listed(contents)}{more}"
    )


def describes(name: str) -> bool:
    """Whether numbers of this name describe an item."""
    return _DESCRIBES.fullmatch(name.lower()) is not None


def _numbers(contents: Contents, others: Collection[str]) -> list[str]:
    free = [name for name in contents.columns if name not in others]
    return [name for name in free if is_number_column(contents, name)]


def _may_be_dims(numbers: Sequence[str]) -> list[str]:
    leading = _leading(numbers)
    return [name for name in numbers if name in leading or not _DESCRIBES.fullmatch(name.lower())]


def _aside(contents: Contents, kept: Sequence[str]) -> set[str]:
    leading = _leading(kept)
    return {name for name in kept if name not in leading and _is_whole(contents, name)}


def _leading(names: Sequence[str]) -> set[str]:
    """Return the names that begin as most do, such as ``f_n`` among ``f_a`` and ``f_b``."""
    heads = Counter(map(_head, names))
    found = {name for name in names if _head(name) and heads[_head(name)] * 2 > len(names) > 2}
    return found if sum(map(describes, found)) * 2 < len(found) else set()


def _head(name: str) -> str:
    """Return what stands before the last sign that parts words, such as ``f`` of ``f_n``."""
    return re.split(r"[_. -](?=[^_. -]*$)", name)[0] if re.search(r"[_. -]", name) else ""


def _is_whole(contents: Contents, name: str) -> bool:
    if "INT" in contents.columns[name].dtype.upper():
        return True
    values = contents.column(name)
    if values.dtype.kind != "f":
        return values.dtype.kind in "iu"
    held = values[np.isfinite(values)]
    return bool(np.all(held == np.floor(held)))


def _has_commas(contents: Contents, name: str) -> bool:
    if contents.typed or contents.columns[name].kind != "words":
        return False
    return all(_COMMA.fullmatch(word) for word in sample(contents, name) or [""])
