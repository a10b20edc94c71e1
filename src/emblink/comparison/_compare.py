"""From spaces to a comparison: what `emblink.compare` and `emblink.open` do."""

from __future__ import annotations

import logging
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from emblink.bundle import Notice
from emblink.comparison._cells import chosen_spaces, is_cells, usual_metric
from emblink.comparison._comparison import Comparison
from emblink.comparison._prepare import prepared, prepared_queries
from emblink.comparison._table import kind_of
from emblink.compute import bytes_of
from emblink.load import from_arrays
from emblink.pipeline import Pairs, Pictures, Preview, StepProgress, build, quiet
from emblink.types import Metric
from emblink.wording import EUCLIDEAN_CELLS
from emblink.words import check_text


def log(sentence: str) -> None:
    """Say a sentence to the log ``emblink``, which Python shows unless it is told otherwise."""
    logging.getLogger("emblink").warning(sentence)


def compare(
    spaces: Mapping[str, Any],
    keys: Sequence[str] | None = None,
    *,
    items: object | None = None,
    ids: object | None = None,
    labels: object | None = None,
    text: object | None = None,
    thumbnails: object | None = None,
    vector: str | None = None,
    shape: str | Sequence[int] | Mapping[str, str | Sequence[int]] | None = None,
    dtype: str | Mapping[str, str] | None = None,
    metric: Metric | None = None,
    pairs: Pairs = "all",
    reference: str | None = None,
    variants: Sequence[str] = (),
    replicates: Mapping[str, str | Sequence[str]] | None = None,
    pictures: Pictures | None = None,
    keep_layout: bool = False,
    seed: int = 0,
    queries_sampled: int | None = None,
    memory: float | str | None = None,
    executor: object = None,
    sample: int | None = None,
    on_bad: Literal["error", "drop"] = "error",
    queries: object | None = None,
    query_items: object | None = None,
    qrels: object | None = None,
    out: str | Path | None = None,
    title: str | None = None,
    progress: StepProgress = quiet,
    preview: Callable[[Preview], None] | None = None,
    notice: Notice = log,
) -> Comparison:
    """Compare embedding spaces of the same items.

    Parameters
    ----------
    spaces : mapping of name to array of shape (n_items, n_dims), AnnData, or MuData
        Arrays (anything with ``__array__``), or paths of files as on the command line. Of AnnData
        each array of ``obsm`` is a space, of MuData those of each modality as well.
    keys : sequence of str, optional
        Only these arrays of AnnData; of MuData ``"modality/array"``.
    items : data frame, mapping of columns, or path, optional
        What is known of the items; any data frame that narwhals knows.
    ids : array, mapping of space name to array, or column name of ``items``, optional
        Which item each row is; default ``0 … n - 1`` for all spaces alike.
    labels : array, mapping of space name to array, or column name of ``items``, optional
        Spaces with no items in common are compared by their labels alone.
    text : array or column name of ``items``, optional
    thumbnails : array of shape (n_items, height, width, 3) uint8, column name, or path, optional
        Of an ``.npy``, of ``file.npz::array``, or of a folder of images.
    vector : str, optional
        The vector column of files and frames, or a pattern such as ``"emb_*"`` of number columns.
    shape : str, sequence of int, or mapping of space name to these, optional
        Rows and dims of files of plain numbers, such as ``"300,384"``; -1 for as many as fit.
    dtype : str, or mapping of space name to str, optional
        Type of their numbers, such as ``"float32"``.
    metric : {"cosine", "euclidean"}, optional
        Default: Euclidean where all spaces are of AnnData or MuData, which the notes say, else
        cosine.
    pairs : {"all", "reference", "consecutive"} or sequence of (str, str)
    reference : str, optional
        The space that the others are compared with; implies ``pairs="reference"``.
    variants : sequence of str
        Preprocessed copies that are compared as spaces: ``"old|center"``, ``"new|pca:64|l2"``; the
        steps are ``center``, ``whiten``, ``l2``, ``pca:N``, ``truncate:N``, ``int8``, ``binary``.
    replicates : mapping of space name to sequence of space names, optional
        Which of the spaces are the same recipe run again with another seed: they give the noise
        floor, and are compared with their own space only.
    pictures : mapping of name to mapping of space name to array (n_items, 2), or callable
        Drawn elsewhere, shown beside the aligned layout: ``{"umap": {"old": coords}}``; or what
        draws each space, given its ``Space`` and ``NeighborGraph``.
    keep_layout : bool
        Leave the pictures of the spaces that the bundle at ``out`` already has as they are, and
        draw the further ones among them.
    seed : int
        Of every random choice; recorded.
    queries_sampled : int, optional
        In spaces of more items numbers are measured on so many of them, each asked for its exact
        neighbours among all; default 20,000 in spaces of more than 50,000 items. The report says
        so.
    memory : float or str, optional
        Bytes that may be used, or ``"4GB"``; half of the machine's memory by default. What is
        larger lies in files.
    executor : object, optional
        Who finds the exact neighbours of many items: ``"threads"``, ``"processes"``, ``"dask"`` or
        ``"ray"`` here, ``"dask:ADDRESS"``, ``"ray:ADDRESS"``, a Dask ``Client``, or anything with
        ``submit`` as in ``concurrent.futures``. Results are the same whoever does it. Workers on
        other machines must see ``out`` under the same path.
    sample : int, optional
        Compare so many of the items, drawn at random; said in the notes.
    on_bad : {"error", "drop"}
        What to do about rows with NaN or infinities, or only zeros under ``cosine``: refuse them,
        or leave these items out of that space and say so in the notes.
    queries : mapping of space name to array (n_queries, n_dims) or path, "items", int, optional
        What is searched for, embedded by the model of each space; or so many of the items, drawn
        at random (``"items"``: at most 2,000), which are not among their own results.
    query_items : data frame, mapping of columns, or path, optional
        What is known of the queries; columns of few values make segments.
    qrels : path, data frame, or mapping, optional
        Which items answer which query: TREC or BEIR files, columns, or ``{"q1": {"d3": 1}}``.
    out : str or Path, optional
        Directory of the bundle; default a temporary one that goes with the Comparison. An existing
        bundle is continued: what has not changed is not computed again.
    title : str, optional
    progress : callable
        Called with ``(step, done, total)``; raise from it to cancel.
    preview : callable, optional
        Called with the pictures so far: by PCA before all else, then while the layout settles.
    notice : callable
        Called with what there is to know of the directory ``out``: damage that was mended, files
        in it that are left alone. Default: a warning of the log ``emblink``.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        Something given cannot be used; the message names it and the way out.
    BundleError
        ``out`` is something else than a bundle, or in use.
    WorkerError
        Workers of ``executor`` cannot do a job, or were lost again and again.
    """
    spaces = chosen_spaces(spaces, keys)
    each = [*spaces.values()] if isinstance(spaces, Mapping) else [spaces]
    kind = "pandas" if any(map(is_cells, each)) else kind_of(items, *each)
    usual = metric is None
    if metric is None:
        metric = usual_metric(each)
    allowed = bytes_of(memory)
    title = check_text(title or (Path(out).stem if out is not None else "comparison"), "the title")
    space_set = from_arrays(
        spaces,
        items=items,
        ids=ids,
        labels=labels,
        text=text,
        thumbnails=thumbnails,
        vector=vector,
        shape=shape,
        dtype=dtype,
        metric=metric,
        on_bad=on_bad,
    )
    if usual and metric == "euclidean":
        space_set = replace(space_set, notes=(*space_set.notes, EUCLIDEAN_CELLS))
    space_set = prepared(
        space_set, sample=sample, variants=variants, replicates=replicates, seed=seed
    )
    asked = prepared_queries(
        queries, space_set, items=query_items, qrels=qrels, on_bad=on_bad, seed=seed
    )
    path = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="emblink-"))
    given = [space_set]
    del space_set  # nothing here holds what was read while it is compared
    try:
        build(
            given.pop(),
            out=path,
            pairs=pairs,
            reference=reference,
            pictures={} if pictures is None else pictures,
            keep_layout=keep_layout,
            seed=seed,
            queries_sampled=queries_sampled,
            memory=allowed,
            executor=executor,
            title=title,
            progress=progress,
            preview=preview,
            notice=notice,
            queries=asked,
        )
        comparison = Comparison(path)
        comparison._frames = kind
    except BaseException:
        if out is None:
            shutil.rmtree(path, ignore_errors=True)
        raise
    if out is None:
        weakref.finalize(comparison._bundle, shutil.rmtree, path, ignore_errors=True)
    return comparison


def open_bundle(path: str | Path) -> Comparison:
    """Open a finished bundle.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Comparison

    Raises
    ------
    BundleError
        There is no finished bundle at ``path``, or it is newer than this Emblink.
    """
    return Comparison(Path(path))
