"""One order inside: what comes out does not depend on the order in which rows were given."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.ask import MEASURES
from emblink.bundle import Bundle, read_manifest, stored_order
from emblink.types import AnyArray, FloatArray, IntArray
from tests.conftest import clustered

N = 240
WORDS = np.array(["red", "green", "blue", "grey"])
PAIRS = [("old", "old|center"), ("old|pca:8|l2", "new|whiten"), ("old|int8", "new|center")]
TRANSLATING = {"stored_order", "inverse", "restore_rows", "restore_graph", "Gathered"}


@dataclass(frozen=True)
class Given:
    """Spaces of items, rows and table as somebody gives them."""

    spaces: Mapping[str, FloatArray]
    ids: Mapping[str, AnyArray]
    items: Mapping[str, AnyArray]
    options: Mapping[str, Any]

    def compared(self, **options: Any) -> eb.Comparison:
        return eb.compare(
            self.spaces,
            ids=self.ids,
            items=self.items,
            labels="label",
            text="name",
            thumbnails="pixels",
            **self.options,
            **options,
        )

    def shuffled(self, seed: int) -> Given:
        """Give the rows of each space, and those of the table, in another order each."""
        rng = np.random.default_rng(seed)
        orders = {name: rng.permutation(len(one)) for name, one in self.ids.items()}
        table = rng.permutation(len(self.items["id"]))
        return Given(
            {name: one[orders[name]] for name, one in self.spaces.items()},
            {name: one[orders[name]] for name, one in self.ids.items()},
            {name: one[table] for name, one in self.items.items()},
            self.options,
        )


def given(metric: str = "cosine", *, copies: bool = True, dtype: str = "float32") -> Given:
    """Spaces that hold different items, with copies that tie, a replicate, and labels."""
    x, labels = clustered(N, seed=3)
    rng = np.random.default_rng(3)
    if copies:
        x[40:60] = x[40]
        x[60:70] = 2 * x[40]
    old = x.astype(dtype)
    again = (x + 0.02 * rng.standard_normal(x.shape)).astype(dtype)
    new = (x + 0.3 * rng.standard_normal(x.shape) * (labels == 1)[:, None]).astype(dtype)
    ids = np.array([f"w{i}" for i in range(N)])
    table = {
        "id": ids,
        "name": np.array([f"thing {i % 50}" for i in range(N)]),
        "label": WORDS[labels % 4],
        "size": np.arange(N) % 7 / 3,
        "pixels": rng.integers(0, 255, (N, 2, 2, 3)).astype(np.uint8),
    }
    held = {"old": ids, "again": ids, "new": ids[:210], "part": ids[30:]}
    return Given(
        {"old": old, "again": again, "new": new[:210], "part": old[30:, ::-1].copy()},
        held,
        table,
        {"replicates": {"old": ["again"]}, "metric": metric},
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("metric", "dtype"), [("cosine", "float32"), ("euclidean", "float16"), ("cosine", "float64")]
)
def test_a_report_is_the_same_to_the_last_bit_in_whatever_order_rows_are_given(
    metric: str, dtype: str
) -> None:
    first = given(metric, dtype=dtype)
    expected = first.compared()
    for seed in (1, 2):
        assert first.shuffled(seed).compared().report() == expected.report()


@pytest.mark.slow
def test_variants_are_the_same_to_the_last_bit_in_whatever_order_rows_are_given() -> None:
    first = given(copies=False)
    steps = ("center", "pca:8|l2", "whiten", "int8", "truncate:6|binary")
    variants = [f"{name}|{step}" for name in ("old", "new") for step in steps]
    made = [one.compared(variants=variants, pairs=PAIRS) for one in (first, first.shuffled(2))]
    assert made[0].report() == made[1].report()


@pytest.mark.slow
def test_spaces_that_share_labels_alone_are_the_same_in_whatever_order_rows_are_given() -> None:
    x, labels = clustered(N, seed=3)
    ids, words = np.arange(N), WORDS[labels % 4]
    halves = {"left": np.arange(N // 2), "right": np.arange(N // 2, N)}

    def compared(seed: int | None) -> eb.Comparison:
        rng = np.random.default_rng(seed)
        rows = {n: at if seed is None else rng.permutation(at) for n, at in halves.items()}
        return eb.compare(
            {name: x[at] for name, at in rows.items()},
            ids={name: ids[at] for name, at in rows.items()},
            labels={name: words[at] for name, at in rows.items()},
        )

    assert compared(None).report() == compared(1).report()


@pytest.mark.slow
def test_all_that_a_bundle_holds_is_the_same_but_the_way_back(tmp_path: Path) -> None:
    first = given()
    manifests = [
        json.loads((one.compared(out=tmp_path / f"{i}.emblink").path / "manifest.json").read_text())
        for i, one in enumerate((first, first.shuffled(1)))
    ]
    for manifest in manifests:
        del manifest["checksum"], manifest["title"], manifest["stages"]
        for name in [one for one in manifest["columns"] if one.endswith("/position")]:
            del manifest["columns"][name]
        for column in manifest["columns"].values():
            assert column["crc32"]
            column.pop("path") if column["kind"] == "rows" else None  # kept beside the way back
    assert manifests[0] == manifests[1]


@pytest.mark.slow
def test_the_answers_about_items_are_the_same_in_whatever_order_rows_are_given() -> None:
    first = given()
    one, two = first.compared(), first.shuffled(4).compared()
    chosen = first.ids["old"][20:120]
    for pair in (("old", "new"), ("new", "part"), ("old", "again")):
        assert one.ask(*pair, items=chosen, measures=MEASURES) == two.ask(
            *pair, items=chosen, measures=MEASURES
        )
        found = [
            [(group.report, {*comparison.ids[group.rows].tolist()}) for group in groups]
            for comparison in (one, two)
            for groups in (comparison.suggest(*pair, items=first.ids["old"]),)
        ]
        assert found[0] == found[1]


@pytest.mark.slow
def test_what_the_caller_reads_is_in_the_order_of_the_caller() -> None:
    first = given()
    other = first.shuffled(5)
    one, two = first.compared(), other.compared()
    for name, ids in other.ids.items():
        at = rows_of(first.ids[name], ids)
        space = two.spaces[name]
        assert space.ids.tolist() == ids.tolist()
        np.testing.assert_array_equal(space.vectors, other.spaces[name])
        assert two.ids[two.space_set.rows[name]].tolist() == ids.tolist()
        graph, expected = two.graphs[name], one.graphs[name]
        np.testing.assert_array_equal(graph.distances, expected.distances[at])
        np.testing.assert_array_equal(ids[graph.indices], first.ids[name][expected.indices][at])
        for method in ("joint", "pca"):
            drawn, known = (c.projection(name, method=method) for c in (two, one))
            np.testing.assert_array_equal(drawn.coords, known.coords[at])
            for trust in ("trustworthiness", "false_neighbors"):
                values, before = (getattr(one, trust) for one in (drawn, known))
                np.testing.assert_array_equal(values, before[at])
    at = rows_of(one.ids, two.ids)
    for column, values in one.space_set.items.items():
        np.testing.assert_array_equal(two.space_set.items[column], values[at])
    moves, earlier = (c.moves("old", "new") for c in (two, one))
    place = rows_of(one.ids[earlier.rows], two.ids[moves.rows])
    np.testing.assert_array_equal(moves.displacement, earlier.displacement[place])
    np.testing.assert_array_equal(moves.codes, earlier.codes[place])
    assert moves.rows.tolist() == sorted(moves.rows.tolist())
    for column, values in one.pair("old", "new").items.items():
        np.testing.assert_array_equal(two.pair("old", "new").items[column], values[at])


@pytest.mark.slow
def test_new_items_and_turned_pictures_name_the_callers_rows() -> None:
    first = given(copies=False)
    other = first.shuffled(6)
    one, two = first.compared(), other.compared()
    fresh = first.spaces["old"][:5]
    expected, found = (c.projections.place("old", fresh) for c in (one, two))
    np.testing.assert_array_equal(found.coords, expected.coords)
    np.testing.assert_array_equal(
        other.ids["old"][found.neighbors], first.ids["old"][expected.neighbors]
    )
    assert other.ids["old"][found.neighbors[:, 0]].tolist() == first.ids["old"][:5].tolist()
    chosen = first.ids["old"][100:140]
    turned, known = (c.projections.realigned(onto="old", items=chosen) for c in (two, one))
    for name, ids in other.ids.items():
        at = rows_of(first.ids[name], ids)
        np.testing.assert_array_equal(turned[name].coords, known[name].coords[at])


@pytest.mark.slow
def test_pictures_are_given_and_drawn_in_the_order_of_the_caller() -> None:
    first = given(copies=False)
    other = first.shuffled(7)
    seen: list[tuple[list[str], FloatArray, IntArray]] = []

    def draw(space: eb.Space, graph: eb.NeighborGraph) -> FloatArray:
        if space.name == "old":
            seen.append((space.ids.tolist(), np.array(space.vectors), graph.indices))
        return np.asarray(space.vectors[:, :2])

    for one in (first, other):
        drawn = {name: vectors[:, :2] for name, vectors in one.spaces.items()}
        found = one.compared(pictures={"mine": drawn, "made": draw})
        ids, vectors, indices = seen[-1]
        assert ids == one.ids["old"].tolist()
        np.testing.assert_array_equal(vectors, one.spaces["old"])
        np.testing.assert_array_equal(indices, found.graphs["old"].indices)
        for name in one.spaces:
            mine, made = (found.projection(name, method=method) for method in ("mine", "made"))
            np.testing.assert_array_equal(mine.coords, made.coords)
            turned = mine.coords - mine.coords.mean(axis=0)
            given_ = drawn[name] - drawn[name].mean(axis=0, dtype=np.float64)
            np.testing.assert_allclose(
                np.linalg.norm(turned, axis=1) / np.linalg.norm(turned),
                np.linalg.norm(given_, axis=1) / np.linalg.norm(given_),
                atol=1e-6,
            )


@pytest.mark.slow
def test_a_layout_is_kept_whatever_order_rows_come_in(tmp_path: Path) -> None:
    first = given(copies=False)
    one = first.compared(out=tmp_path / "run.emblink")
    before = {name: one.projections[name].coords for name in first.ids}
    other = first.shuffled(8)
    two = other.compared(out=tmp_path / "run.emblink", keep_layout=True)
    for name, ids in other.ids.items():
        at = rows_of(first.ids[name], ids)
        np.testing.assert_array_equal(two.projections[name].coords, before[name][at])


@pytest.mark.slow
def test_another_order_computes_nothing_again(tmp_path: Path) -> None:
    first = given(copies=False)
    one = first.compared(out=tmp_path / "run.emblink")
    stages = {*read_manifest(one.path).stages}
    first.shuffled(9).compared(out=tmp_path / "run.emblink")
    added = {*read_manifest(one.path).stages} - stages
    assert {name.rpartition("-")[0] for name in added} == {"order"}


@pytest.mark.slow
@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("offset", [1, -3])
def test_rows_matched_by_position_are_looked_at_in_the_order_in_which_they_were_given(
    offset: int, named: bool
) -> None:
    x, _ = clustered(N, seed=3)
    spaces = {"old": x, "new": np.roll(x, offset, axis=0) + 0.01}
    table = {"id": np.array([f"w{i * 7 % N}" for i in range(N)]), "size": np.arange(N)}
    found = eb.compare(spaces, items=table if named else None).report()
    assert {space["matched_by"] for space in found["spaces"]} == {"row"}
    rows = "1 row" if abs(offset) == 1 else "3 rows"
    assert any(f"look shifted by {rows} " in one for one in found["pairs"][0]["warnings"])


def test_ids_with_one_hash_are_ordered_among_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    class Same:
        def __init__(self, word: bytes, **_: object) -> None:
            self._word = word

        def digest(self) -> bytes:
            return bytes([len(self._word)] * 8)

    monkeypatch.setattr("emblink.bundle._order.blake2b", Same)
    for ids in (np.array([f"a{i}" for i in range(120)]), np.arange(5, 120)):
        shuffled = np.random.default_rng(0).permutation(ids)
        expected = ids[stored_order(ids, seed=0)].tolist()
        assert shuffled[stored_order(shuffled, seed=0)].tolist() == expected


def test_every_prefix_of_a_column_is_of_items_in_stored_order(small: eb.Comparison) -> None:
    bundle = Bundle(small.path)
    for name in bundle.manifest.domains:
        rows = bundle.item_rows(name)
        assert (np.diff(rows) > 0).all()
    ids = bundle.space_set().ids
    assert ids.tolist() == small.ids[stored_order(small.ids, seed=0)].tolist()
    for space in bundle.space_set().spaces.values():
        assert space.ids.tolist() == [i for i in ids.tolist() if i in {*space.ids.tolist()}]


def test_at_most_five_files_translate_between_the_callers_order_and_the_stored_one() -> None:
    folder = Path(eb.__file__).parent
    calls = {
        str(path.relative_to(folder)): node.func.id
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in TRANSLATING
        and path.name != "_order.py"
    }
    assert {*calls} == {
        "bundle/_write.py",
        "comparison/_default.py",
        "comparison/_caller.py",
        "ask/_chosen.py",
        "pipeline/_stored.py",
    }


def rows_of(ids: AnyArray, wanted: AnyArray) -> IntArray:
    order = np.argsort(ids)
    found: IntArray = order[np.searchsorted(ids, wanted, sorter=order)]
    assert ids[found].tolist() == wanted.tolist()
    return found
