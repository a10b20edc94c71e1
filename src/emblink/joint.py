"""Only the picture: the aligned layout of several spaces, in the manner of scikit-learn."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from emblink.errors import InputError, VectorError, as_whole
from emblink.load import as_rows, from_arrays
from emblink.neighbors import neighbors_of
from emblink.pipeline import lay_out
from emblink.projection import place_items
from emblink.types import AnyArray, Metric, Space
from emblink.wording import counted

Drawn: TypeAlias = Any
"""A list of arrays where a sequence was given, and a dict where a mapping was."""


class JointLayout:
    """2-D pictures of several spaces of the same items, in which motion means change.

    An item whose neighbourhood is the same in two spaces has the same place in their pictures. It
    follows scikit-learn's conventions (``get_params``, ``set_params``, ``clone``, attributes that
    end in ``_``), except that ``X`` is several arrays.

    Parameters
    ----------
    n_neighbors : int
        Neighbours of each item that shape the layout.
    metric : {"cosine", "euclidean"}
    n_epochs : int, optional
        Default: by the number of items.
    random_state : int, numpy RandomState or Generator, or None
        None draws one; the same integer gives the same picture, whatever the order of the rows.

    Attributes
    ----------
    embedding_ : list or dict of arrays of shape (n_space_items, 2), float32
        In the order in which the spaces were given; all pictures together have mean 0 and root
        mean square radius 1.
    ids_ : list of arrays of shape (n_space_items,)
        Which item each row is.
    n_dims_ : list of int
        Dims of each space.
    seed_ : int
        What was drawn of ``random_state``.

    Notes
    -----
    The same bytes as the pictures of ``emblink.compare`` for the same seed and 15 neighbours. How
    far to believe a picture, and which moves are more than noise, only ``compare`` says.

    Examples
    --------
    >>> before, after = JointLayout().fit_transform([old, new])
    """

    def __init__(
        self,
        n_neighbors: int = 15,
        *,
        metric: Metric = "cosine",
        n_epochs: int | None = None,
        random_state: Any = 0,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.metric = metric
        self.n_epochs = n_epochs
        self.random_state = random_state

    def fit(self, X: Any, y: object = None, *, ids: Any = None) -> Self:
        """Draw the spaces.

        Parameters
        ----------
        X : sequence of arrays of shape (n_space_items, n_dims), or mapping of name to array
        y : ignored
        ids : array, or sequence or mapping of arrays, optional
            Which item each row is; default the rows, of which all spaces then have equally many.

        Returns
        -------
        JointLayout

        Raises
        ------
        InputError
            A parameter or a space cannot be used.
        """
        as_whole(self.n_neighbors, "n_neighbors", least=2)
        if self.n_epochs is not None:
            as_whole(self.n_epochs, "n_epochs", least=1)
        arrays = _named(X)
        self.seed_ = _seed(self.random_state)
        try:
            space_set = from_arrays(arrays, ids=_ids(ids, arrays), metric=self.metric)
        except InputError as error:
            raise type(error)(_without_options(str(error))) from error
        drawn = lay_out(
            space_set, seed=self.seed_, n_neighbors=self.n_neighbors, n_epochs=self.n_epochs
        )
        self._fitted = dict(space_set.spaces)
        self._drawn = drawn
        self._is_mapping = isinstance(X, Mapping)
        self.embedding_ = self._given(drawn)
        self.ids_ = [space.ids for space in space_set.spaces.values()]
        self.n_dims_ = [int(space.vectors.shape[1]) for space in space_set.spaces.values()]
        return self

    def fit_transform(self, X: Any, y: object = None, *, ids: Any = None) -> Drawn:
        """Draw the spaces, and return their pictures.

        Parameters
        ----------
        X : sequence of arrays of shape (n_space_items, n_dims), or mapping of name to array
        y : ignored
        ids : array, or sequence or mapping of arrays, optional

        Returns
        -------
        list or dict of arrays of shape (n_space_items, 2), float32
            As ``X`` was given: ``embedding_``.

        Raises
        ------
        InputError
            A parameter or a space cannot be used.
        """
        return self.fit(X, y, ids=ids).embedding_

    def transform(self, X: Any) -> Drawn:
        """Place further items in the pictures, which stay as they are.

        Parameters
        ----------
        X : sequence of arrays of shape (n_new, n_dims), or mapping of name to array
            One for each space, from the same model; of a mapping some may be left out.

        Returns
        -------
        list or dict of arrays of shape (n_new, 2), float32
            A copy of an item that was drawn lands on it. Misleads for items unlike any of these:
            they are drawn somewhere all the same.

        Raises
        ------
        InputError
            Nothing was fitted, or the arrays do not fit the spaces.
        VectorError
            A row holds NaN, infinities, or only zeros under cosine.
        """
        if not self.__sklearn_is_fitted__():
            raise InputError("this JointLayout has drawn nothing yet; call fit() before")
        arrays = _named(X)
        strange = [name for name in arrays if name not in self._fitted]
        if strange or (not isinstance(X, Mapping) and len(arrays) != len(self._fitted)):
            raise InputError(
                f"{counted(len(arrays), 'space')} given ({', '.join(map(str, arrays))}); expected "
                f"those that were fitted: {', '.join(self._fitted)}"
            )
        placed = {name: self._placed(name, one) for name, one in arrays.items()}
        return placed if isinstance(X, Mapping) else [*placed.values()]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name.

        Parameters
        ----------
        deep : ignored

        Returns
        -------
        dict
        """
        return {name: getattr(self, name) for name in _PARAMETERS}

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name.

        Parameters
        ----------
        **params

        Returns
        -------
        JointLayout

        Raises
        ------
        ValueError
            There is no such parameter.
        """
        for name in params:
            if name not in _PARAMETERS:
                raise ValueError(
                    f"JointLayout has no parameter {name!r}; it has {', '.join(_PARAMETERS)}"
                )
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def get_feature_names_out(self, input_features: object = None) -> AnyArray:
        """Return what the two columns of a picture are called.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        array of shape (2,)
        """
        return np.array(["jointlayout0", "jointlayout1"], dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "embedding_")

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn, which alone asks, that this draws several arrays and needs no y."""
        from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags

        return Tags(
            estimator_type=None,
            target_tags=TargetTags(required=False),
            transformer_tags=TransformerTags(),
            input_tags=InputTags(two_d_array=False),
        )

    def __repr__(self) -> str:
        plain = inspect.signature(type(self)).parameters
        told = self.get_params().items()
        other = [f"{name}={value!r}" for name, value in told if value is not plain[name].default]
        return f"JointLayout({', '.join(other)})"

    def _placed(self, name: str, given: object) -> NDArray[np.float32]:
        space: Space = self._fitted[name]
        vectors = as_rows(given, f"space {name!r}")
        if vectors.ndim != 2 or vectors.shape[1] != space.vectors.shape[1]:
            raise InputError(
                f"space {name!r} has {space.vectors.shape[1]} dims, but the new items have shape "
                f"{vectors.shape}; give vectors of the same model"
            )
        with np.errstate(over="ignore"):
            vectors = vectors.astype(np.float32)
        _check_rows(vectors, name, cosine=space.metric == "cosine")
        k = min(self.n_neighbors, len(space.vectors))
        graph = neighbors_of(vectors, space.vectors, k=k, metric=space.metric)
        return place_items(graph, self._drawn[name], k=k).coords

    def _given(self, drawn: dict[str, NDArray[np.float32]]) -> Drawn:
        return drawn if self._is_mapping else [*drawn.values()]


_PARAMETERS = list(inspect.signature(JointLayout).parameters)


def _named(X: Any) -> dict[str, Any]:
    if isinstance(X, Mapping):
        return dict(X)
    if getattr(X, "ndim", None) == 2 or not isinstance(X, Sequence | np.ndarray):
        raise InputError("X is one array; expected several: fit_transform([old, new])")
    if not len(X):
        raise InputError("there is nothing to draw; expected arrays: fit_transform([old, new])")
    return {f"space {place}": one for place, one in enumerate(X)}


def _check_rows(vectors: AnyArray, name: str, *, cosine: bool) -> None:
    bad = ~np.isfinite(vectors).all(axis=1)
    what = "NaN, infinite or, for float32, too large numbers"
    if cosine and not bad.any():
        bad, what = ~vectors.any(axis=1), "zeros only, which have no direction under cosine"
    if n := int(bad.sum()):
        raise VectorError(
            f"{counted(n, 'new item')} of {name!r} {'holds' if n == 1 else 'hold'} {what} "
            f"(first: row {int(bad.argmax())}); leave out such rows, or repair them"
        )


def _without_options(said: str) -> str:
    """Return an error without the options of ``compare`` and the command, which are not here."""
    said = re.sub(r" \(--[^)]*\)", "", said)
    said = re.sub(r'drop [^:,]+"drop"', "leave them out", said)
    return said.replace("fix the file", "repair them")


def _ids(ids: Any, arrays: Mapping[str, Any]) -> Any:
    """Return ids for each space, or those of all."""
    if ids is None or isinstance(ids, Mapping):
        return ids
    if not isinstance(ids, Sequence) and not hasattr(ids, "__array__"):
        raise InputError(f"ids is {ids!r}; expected an id for each row, or such of each space")
    several = len(ids) == len(arrays) and all(
        isinstance(one, Sequence | np.ndarray) and not isinstance(one, str) for one in ids
    )
    return dict(zip(arrays, ids, strict=True)) if several else ids


def _seed(random_state: Any) -> int:
    if random_state is None:
        return int(np.random.default_rng().integers(2**31))
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(2**31))
    if hasattr(random_state, "randint"):  # numpy's RandomState
        return int(random_state.randint(2**31 - 1))
    return as_whole(random_state, "random_state", least=0)
