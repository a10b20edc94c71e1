"""``JointLayout``: the picture alone, by the conventions of scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.errors import InputError, VectorError
from tests.conftest import clustered

X, LABELS = clustered(150)
Y = X + np.random.default_rng(1).standard_normal(X.shape)


@pytest.fixture(scope="module")
def fitted() -> eb.JointLayout:
    return eb.JointLayout().fit([X, Y])


def test_the_pictures_are_those_of_a_comparison(fitted: eb.JointLayout) -> None:
    comparison = eb.compare({"old": X, "new": Y})
    first, second = fitted.embedding_
    np.testing.assert_array_equal(first, comparison.projection("old").coords)
    np.testing.assert_array_equal(second, comparison.projection("new").coords)


@pytest.mark.slow
def test_so_are_those_of_spaces_that_share_some_items_alone() -> None:
    ids = {"a": np.arange(120), "b": np.arange(40, 150)}
    spaces = {"a": X[:120], "b": Y[40:]}
    drawn = eb.JointLayout(metric="euclidean", random_state=7).fit_transform(spaces, ids=ids)
    comparison = eb.compare(spaces, ids=ids, metric="euclidean", seed=7)
    assert isinstance(drawn, dict)
    for name, picture in drawn.items():
        np.testing.assert_array_equal(picture, comparison.projection(name).coords)


def test_the_order_of_the_rows_does_not_matter_where_ids_say_which_they_are() -> None:
    order = np.random.default_rng(3).permutation(150)
    plain = eb.JointLayout().fit_transform([X, Y], ids=np.arange(150))
    shuffled = eb.JointLayout().fit_transform([X[order], Y], ids=[order, np.arange(150)])
    np.testing.assert_array_equal(shuffled[0], plain[0][order])
    np.testing.assert_array_equal(shuffled[1], plain[1])


def test_equal_spaces_have_equal_pictures() -> None:
    first, second = eb.JointLayout().fit_transform([X, 3 * X[:, ::-1]])
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_a_copy_lands_on_the_item_and_a_new_one_among_its_own(fitted: eb.JointLayout) -> None:
    again = fitted.transform([X[:20], Y[:5]])
    np.testing.assert_allclose(again[0], fitted.embedding_[0][:20], atol=1e-3)
    np.testing.assert_allclose(again[1], fitted.embedding_[1][:5], atol=1e-3)
    new = X[LABELS == 2].mean(axis=0, keepdims=True)
    (place,) = fitted.transform([new, new])[0]
    nearest = np.argsort(np.linalg.norm(fitted.embedding_[0] - place, axis=1))[:10]
    assert (LABELS[nearest] == 2).mean() > 0.8


def test_of_a_mapping_one_space_may_be_placed_alone() -> None:
    layout = eb.JointLayout().fit({"old": X, "new": Y})
    placed = layout.transform({"new": Y[:3]})
    assert isinstance(placed, dict)
    assert [*placed] == ["new"]
    assert placed["new"].shape == (3, 2)


def test_params_are_got_set_and_cloned_by_the_conventions() -> None:
    from sklearn.base import clone
    from sklearn.utils.validation import check_is_fitted

    layout = eb.JointLayout(20, metric="euclidean", random_state=3)
    assert layout.get_params() == {
        "n_neighbors": 20,
        "metric": "euclidean",
        "n_epochs": None,
        "random_state": 3,
    }
    twin: Any = clone(layout)
    assert twin is not layout
    assert twin.get_params() == layout.get_params()
    assert layout.set_params(n_neighbors=7) is layout
    assert (layout.n_neighbors, twin.n_neighbors) == (7, 20)
    with pytest.raises(ValueError, match="no parameter 'perplexity'; it has n_neighbors"):
        layout.set_params(perplexity=3)
    assert repr(layout) == "JointLayout(n_neighbors=7, metric='euclidean', random_state=3)"
    with pytest.raises(Exception, match="not fitted"):
        check_is_fitted(layout)
    layout.fit([X, Y])
    check_is_fitted(layout)
    assert clone(layout).get_params() == layout.get_params()
    assert layout.get_feature_names_out().tolist() == ["jointlayout0", "jointlayout1"]


def test_fit_leaves_parameters_and_arrays_as_they_are(fitted: eb.JointLayout) -> None:
    x, y = X.copy(), Y.copy()
    layout = eb.JointLayout(n_neighbors=10)
    assert layout.fit([x, y]) is layout
    assert layout.get_params()["n_neighbors"] == 10
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, Y)
    assert layout.n_dims_ == [12, 12]
    assert not np.array_equal(layout.embedding_[0], fitted.embedding_[0])


def test_random_states_of_numpy_draw_a_seed() -> None:
    for make in (np.random.default_rng, np.random.RandomState):
        seeds = [eb.JointLayout(n_epochs=2, random_state=make(4)).fit([X, Y]).seed_ for _ in "ab"]
        assert seeds[0] == seeds[1]
    drawn = {eb.JointLayout(n_epochs=2, random_state=None).fit([X, Y]).seed_ for _ in "abc"}
    assert len(drawn) > 1


def test_data_frames_are_spaces_too() -> None:
    import pandas as pd

    frame = pd.DataFrame(X, columns=[f"d{i}" for i in range(12)])
    drawn = eb.JointLayout().fit_transform([frame, Y])
    np.testing.assert_array_equal(drawn[0], eb.JointLayout().fit_transform([X, Y])[0])


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(InputError, match=r"X is one array; expected several"):
        eb.JointLayout().fit(X)
    with pytest.raises(InputError, match="nothing to draw"):
        eb.JointLayout().fit([])
    with pytest.raises(InputError, match="n_neighbors is 0"):
        eb.JointLayout(0).fit([X, Y])
    with pytest.raises(InputError, match="random_state is 'x'"):
        eb.JointLayout(random_state="x").fit([X, Y])
    with pytest.raises(InputError, match="metric is 'dot'"):
        eb.JointLayout(metric="dot").fit([X, Y])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="drawn nothing yet"):
        eb.JointLayout().transform([X, Y])
    layout = eb.JointLayout(n_epochs=2).fit([X, Y])
    with pytest.raises(InputError, match="1 space given"):
        layout.transform([X])
    with pytest.raises(InputError, match="has 12 dims, but the new items have shape"):
        layout.transform([X[:, :5], Y])
    for value, what in ((np.nan, "NaN"), (0.0, "zeros only"), (1e300, "too large")):
        bad = np.array(Y[:5])
        bad[3] = value
        with pytest.raises(
            VectorError, match=rf"1 new item of 'space 1' holds? {what}|first: row 3"
        ):
            layout.transform([X[:5], bad])


def test_errors_name_no_option_that_is_not_there() -> None:
    x = np.random.default_rng(0).standard_normal((20, 4))
    gap, none = x.copy(), x.copy()
    gap[3], none[2] = np.nan, 0
    for wrong, way in ((gap, "leave them out, or repair"), (none, 'use metric="euclidean"')):
        with pytest.raises(InputError, match=way) as caught:
            eb.JointLayout().fit([x, wrong])
        assert "on_bad" not in str(caught.value)
    with pytest.raises(InputError, match="give its ids") as caught:
        eb.JointLayout().fit([x, x[:10]])
    assert "--" not in str(caught.value)
    with pytest.raises(InputError, match="ids is 5; expected an id for each row"):
        eb.JointLayout().fit([x, x], ids=5)


def test_new_items_come_in_every_kind_of_array_that_is_fitted() -> None:
    import pandas as pd
    import scipy.sparse

    layout = eb.JointLayout(n_epochs=2).fit([X, Y])
    placed = layout.transform([X[:4], Y[:4]])[0]
    for kind in (scipy.sparse.csr_matrix, pd.DataFrame, list, lambda x: x.astype(object)):
        np.testing.assert_array_equal(layout.transform([kind(X[:4]), Y[:4]])[0], placed)
    for kind in (lambda x: x.astype(str), lambda x: x.astype(complex)):
        with pytest.raises(VectorError, match=r"space 'space 0' holds .*; expected real numbers"):
            layout.transform([kind(X[:4]), Y[:4]])
    with pytest.raises(VectorError, match="1 new item of 'space 0' holds NaN"):
        layout.transform([np.ma.masked_array(X[:4], np.arange(48).reshape(4, 12) == 5), Y[:4]])


@pytest.mark.parametrize("name", ["n_neighbors", "n_epochs", "random_state"])
@pytest.mark.parametrize("value", [-1, 2.0, "7", True, 2**70])
def test_a_parameter_that_is_no_whole_number_is_refused(name: str, value: object) -> None:
    with pytest.raises(InputError, match=rf"{name} is .*; expected a whole number"):
        eb.JointLayout(**{name: value}).fit([X, Y])  # type: ignore[arg-type]
