"""A bundle as one HTML file, or as a folder for a host of files."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from typer.testing import CliRunner

import emblink as eb
from emblink.cli import app
from emblink.errors import BundleError, InputError
from emblink.export._block import STEPS, block_of
from tests.conftest import clustered
from tests.export_helpers import Shared


@pytest.fixture(scope="module")
def shared(small: eb.Comparison, tmp_path_factory: pytest.TempPathFactory) -> Shared:
    made = small.to_html(tmp_path_factory.mktemp("share") / "share.html")
    return Shared(made.path)


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    """600 items with texts, a number and pictures, whose b lacks every third."""
    x, labels = clustered(600)
    rng = np.random.default_rng(3)
    part = np.flatnonzero(np.arange(600) % 3)
    ids = np.array([f"item-{i:03d}" for i in range(600)])
    return eb.compare(
        {"a": x, "b": (x + rng.standard_normal(x.shape))[part]},
        ids={"a": ids, "b": ids[part]},
        items={
            "id": ids,
            "label": np.array(["red", "green", "blue", "grey"])[labels],
            "words": np.array([f"a thing of number {i} {rng.integers(10**9)}" for i in range(600)]),
            "size": rng.random(600),
            "picture": rng.integers(0, 256, (600, 16, 16, 3), dtype=np.uint8),
        },
        labels="label",
        text="words",
        thumbnails="picture",
        out=tmp_path_factory.mktemp("pictured") / "pictured.emblink",
    )


def bundle_array(comparison: eb.Comparison, name: str) -> np.ndarray:
    return np.asarray(comparison._bundle.array(name))


def test_all_columns_that_the_page_reads_are_in_the_file_as_they_were(
    small: eb.Comparison, shared: Shared
) -> None:
    ours = small._bundle.manifest.columns
    python_only = ("vectors", "position")
    cells = {space.cells for space in small._bundle.manifest.spaces}
    wanted = {name for name, one in ours.items() if one.kind not in python_only} - cells
    assert set(shared.columns) == wanted
    for name in wanted - {n for n in wanted if ours[n].kind in ("coords", "distances")}:
        np.testing.assert_array_equal(shared.array(name), bundle_array(small, name), err_msg=name)


def test_positions_and_distances_are_within_half_a_step_of_what_they_were(
    small: eb.Comparison, shared: Shared
) -> None:
    for name in shared.columns:
        if small._bundle.manifest.columns[name].kind in ("coords", "distances"):
            stored = bundle_array(small, name)
            step = np.ptp(stored) / STEPS
            np.testing.assert_allclose(shared.array(name), stored, atol=step * 0.51, rtol=1e-6)


def test_report_and_title_are_those_of_the_bundle(small: eb.Comparison, shared: Shared) -> None:
    assert shared.manifest["report"] == json.loads(json.dumps(small.report()))
    assert f"<title>{small._bundle.manifest.title} · Emblink</title>" in shared.text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[int, str] = {}
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open = True

    def handle_endtag(self, tag: str) -> None:
        self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            at = len(self.tags) - 1
            self.text[at] = self.text.get(at, "") + data


def parsed(text: str) -> Tags:
    tags = Tags()
    tags.feed(text)
    tags.close()
    return tags


def test_nothing_is_fetched_and_only_the_pages_own_script_and_style_may_run(shared: Shared) -> None:
    found = parsed(shared.text)
    assert not [tag for tag, attrs in found.tags if "src" in attrs or tag in ("iframe", "base")]
    links = [attrs["href"] for tag, attrs in found.tags if tag == "link"]
    assert all(link is not None and link.startswith("data:") for link in links)
    policy = next(
        str(attrs["content"])
        for tag, attrs in found.tags
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "connect-src" not in rules
    assert "unsafe" not in policy
    handlers = [name for _, attrs in found.tags for name in attrs if name.startswith("on")]
    assert handlers == []
    assert not [1 for _, attrs in found.tags if "style" in attrs]
    for kind, where in (("script", "script-src"), ("style", "style-src")):
        (own,) = (
            found.text[at]
            for at, (tag, attrs) in enumerate(found.tags)
            if tag == kind and attrs.get("type") in (None, "module")
        )
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert rules[where] == f"'sha256-{digest}'"


def test_words_that_look_like_html_end_no_element(tmp_path: Path) -> None:
    x, _ = clustered(60)
    hostile = ["</script><script>alert(1)</script>", "<!--", "]]>", "-->", "\"'&<\u2028\0"] * 12
    spaces = {"a</title><b>": x, "b<!--<script>": x + 0.1}
    made = eb.compare(
        spaces,
        items={"words": np.array(hostile), "label": np.array(hostile)},
        labels="label",
        text="words",
        out=tmp_path / "x <!-- y.emblink",
    ).to_html(tmp_path / "share.html")
    shared = Shared(made.path)
    found = parsed(shared.text)
    modules = [1 for tag, attrs in found.tags if tag == "script" and "module" in attrs.values()]
    assert len(modules) == 1
    assert "alert(1)</script>" not in shared.text.split("</style>")[-1]
    names = [space["name"] for space in shared.manifest["spaces"]]
    assert names == list(spaces)
    titles = [at for at, (tag, _) in enumerate(found.tags) if tag == "title"]
    assert [found.text[at] for at in titles] == ["x <!-- y · Emblink"]


@pytest.mark.slow
def test_what_does_not_fit_is_left_out_in_order_and_each_is_said(
    pictured: eb.Comparison, tmp_path: Path
) -> None:
    said: list[list[str]] = []
    whole = pictured.to_html(tmp_path / "0.html").n_bytes
    for share in np.linspace(1, 0, 30):
        budget = (whole * share + 420_000 * (1 - share)) / 1e6
        try:
            made = pictured.to_html(tmp_path / "share.html", max_mb=budget)
        except InputError:
            break
        assert made.n_bytes <= budget * 1e6
        shared = Shared(made.path)
        assert shared.manifest["copy_notes"] == made.notes
        said.append(made.notes)
    steps = ["measures are rounded", "nearest are in it", "height and width", "a random sample"]
    told = [" ".join(one) for one in said]
    first = [next((i for i, one in enumerate(told) if step in one), None) for step in steps]
    assert None not in first
    assert first == sorted(first, key=lambda at: at or 0)
    for step in steps:  # what was once given up is not taken back
        there = [step in one for one in told]
        assert there == sorted(there)


@pytest.fixture(scope="module")
def sample(pictured: eb.Comparison, tmp_path_factory: pytest.TempPathFactory) -> Shared:
    path = tmp_path_factory.mktemp("sample") / "share.html"
    for budget in np.linspace(0.9, 0.4, 26):
        if pictured.to_html(path, max_mb=float(budget)).n_items < 500:
            return Shared(path)
    raise AssertionError("no budget made a sample")


@pytest.mark.slow
def test_a_sample_is_the_first_items_as_they_are_stored(
    pictured: eb.Comparison, sample: Shared
) -> None:
    n = sample.manifest["n_items"]
    assert 50 <= n < 500
    for field in sample.manifest["fields"]:
        if field["kind"] == "number":
            stored = bundle_array(pictured, field["values"])
            np.testing.assert_array_equal(sample.array(field["values"]), stored[:n])
        if field["kind"] == "text":
            offsets = sample.array(field["words"]["offsets"])
            utf8 = sample.array(field["words"]["utf8"])
            assert len(offsets) == n + 1
            assert offsets[-1] == len(utf8)
            np.testing.assert_array_equal(
                utf8, bundle_array(pictured, field["words"]["utf8"])[: len(utf8)]
            )
    for over, domain in sample.manifest["domains"].items():
        inside = pictured._bundle.item_rows(over)
        assert domain["n"] == (inside < n).sum()
        if domain["rows"] is not None:
            np.testing.assert_array_equal(sample.array(domain["rows"]), inside[inside < n])


@pytest.mark.slow
def test_neighbours_in_a_sample_are_the_stored_ones_that_are_in_it_nearest_first(
    pictured: eb.Comparison, sample: Shared
) -> None:
    for space in sample.manifest["spaces"]:
        m, k = space["n_items"], space["k"]
        stored = bundle_array(pictured, space["neighbors"])
        indices = sample.array(space["neighbors"])
        assert indices.shape == (m, k)
        for row in range(0, m, 7):
            inside = [one for one in stored[row].tolist() if one < m][:k]
            assert indices[row].tolist() == inside + [-1] * (k - len(inside))


@pytest.mark.slow
def test_what_the_report_names_is_of_the_sample_or_of_nothing(
    pictured: eb.Comparison, sample: Shared
) -> None:
    n = sample.manifest["n_items"]
    for ours, pair in zip(pictured._bundle.manifest.pairs, sample.manifest["pairs"], strict=True):
        assert ours.findings is not None
        for before, after in zip(ours.findings.rows, pair["findings"]["rows"], strict=True):
            expected = [row if row < n else -1 for row in before.exemplars]
            assert after["exemplars"] == expected


@pytest.mark.slow
def test_texts_images_and_columns_can_be_left_out(pictured: eb.Comparison, tmp_path: Path) -> None:
    def fields(**options: object) -> tuple[list[str], str]:
        made = pictured.to_html(tmp_path / "share.html", **options)  # type: ignore[arg-type]
        shared = Shared(made.path)
        return [one["name"] for one in shared.manifest["fields"]], " ".join(made.notes)

    everything, _ = fields()
    assert everything == ["id", "label", "words", "size", "picture"]
    names, said = fields(text=False)
    assert names == ["id", "label", "size", "picture"] or names == ["label", "size", "picture"]
    assert "Texts of the items are left out" in said
    names, said = fields(images=False)
    assert names == ["id", "label", "words", "size"]
    assert "Pictures of the items are left out" in said
    names, said = fields(columns=["size"])
    assert names == ["id", "size"]
    assert "'label', 'words', 'picture'" in said


def test_without_texts_no_text_of_an_item_is_in_the_file(
    pictured: eb.Comparison, tmp_path: Path
) -> None:
    shared = Shared(pictured.to_html(tmp_path / "share.html", text=False).path)
    told = json.dumps(shared.manifest)
    assert "a thing of number" not in told
    assert shared.manifest["roles"]["text"] is None


def test_an_unknown_column_is_refused_by_name(small: eb.Comparison, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no column 'colour'; they have 'id', 'label'"):
        small.to_html(tmp_path / "share.html", columns=["colour"])
    with pytest.raises(InputError, match="expected a list of names"):
        small.to_html(tmp_path / "share.html", columns="label")
    assert not (tmp_path / "share.html").exists()


@pytest.mark.parametrize("max_mb", [0, -1, float("nan"), float("inf")])
def test_a_budget_that_is_none_is_refused(
    small: eb.Comparison, tmp_path: Path, max_mb: float
) -> None:
    with pytest.raises(InputError, match="expected megabytes"):
        small.to_html(tmp_path / "share.html", max_mb=max_mb)


def test_a_budget_too_small_or_of_a_folder_is_refused(small: eb.Comparison, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds everything: leave out max_mb"):
        small.to_html(tmp_path / "site", max_mb=1)
    with pytest.raises(InputError, match=r"take 0\.\d MB, more than 0\.1 MB; give a larger"):
        small.to_html(tmp_path / "share.html", max_mb=0.1)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_ours_is_replaced_and_any_other_stays(
    small: eb.Comparison, tmp_path: Path
) -> None:
    path = tmp_path / "share.html"
    small.to_html(path)
    small.to_html(path, images=False)
    path.write_text("<html>mine</html>", encoding="utf-8")
    with pytest.raises(BundleError, match="was not written by Emblink; give another name, or"):
        small.to_html(path)
    assert path.read_text(encoding="utf-8") == "<html>mine</html>"
    small.to_html(path, force=True)
    assert Shared(path).manifest["n_items"] == 240


def test_a_folder_or_a_link_of_that_name_stays(small: eb.Comparison, tmp_path: Path) -> None:
    (tmp_path / "x.html").mkdir()
    (tmp_path / "x.html" / "mine").write_text("mine", encoding="utf-8")
    with pytest.raises(BundleError, match="exists; give the name of a new folder"):
        small.to_html(tmp_path / "x.html", force=True)
    (tmp_path / "mine.html").write_text("mine", encoding="utf-8")
    (tmp_path / "link.html").symlink_to(tmp_path / "mine.html")
    with pytest.raises(BundleError, match="is a link"):
        small.to_html(tmp_path / "link.html", force=True)
    assert (tmp_path / "mine.html").read_text(encoding="utf-8") == "mine"


def test_a_disk_that_fails_leaves_what_was_there(
    small: eb.Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "share.html"
    before = small.to_html(path).path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BundleError, match=r"cannot be written .*No space left"):
        small.to_html(path, images=False)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["share.html"]


def test_the_same_bundle_gives_the_same_bytes(small: eb.Comparison, tmp_path: Path) -> None:
    first, second = (small.to_html(tmp_path / f"{i}.html").path.read_bytes() for i in range(2))
    assert first == second


def test_a_folder_holds_the_page_and_every_column_it_reads(
    small: eb.Comparison, tmp_path: Path
) -> None:
    made = small.to_html(tmp_path / "site")
    assert (made.path / "index.html").is_file()
    assert json.loads((made.path / "progress").read_bytes())["state"] == "done"
    manifest = json.loads((made.path / "bundle" / "manifest.json").read_bytes())
    assert manifest["copy_notes"] == made.notes
    for name, column in manifest["columns"].items():
        file = made.path / "bundle" / column["path"]
        stored = np.fromfile(file, dtype=column["dtype"], offset=column["offset"])
        np.testing.assert_array_equal(
            stored.reshape(column["shape"]), bundle_array(small, name), err_msg=name
        )
    with pytest.raises(BundleError, match="exists; give the name of a new folder"):
        small.to_html(made.path)


def test_the_command_says_what_it_wrote(small_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "share.html"
    done = CliRunner().invoke(
        app, ["export", str(small_bundle), str(out), "--no-text", "--columns", "label, words"]
    )
    assert done.exit_code == 0, done.output
    assert re.match(rf"{re.escape(str(out))}: \d\.\d MB, 240 items\.\n- ", done.output)
    assert "Columns of the items left out: 'size'" in done.output
    assert [one["name"] for one in Shared(out).manifest["fields"]] == ["id", "label"]


@pytest.mark.slow
@given(
    hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=1, max_dims=2, max_side=30),
        elements=st.floats(-1e6, 1e6, width=32) | st.sampled_from([np.nan, np.inf]),
    )
)
def test_a_rounded_number_is_within_half_a_step_and_a_missing_one_stays_missing(
    array: np.ndarray,
) -> None:
    block = block_of(array, rounded=True)
    assert block.low is not None
    assert block.step is not None
    data = np.frombuffer(zlib.decompress(base64.b64decode(block.text)), np.uint8)
    codes = np.ascontiguousarray(data.reshape(2, -1).T).view("<u2").reshape(array.shape)
    known = np.isfinite(array)
    np.testing.assert_array_equal(codes == STEPS + 1, ~known)
    back = codes * block.step[0] + block.low[0]
    np.testing.assert_allclose(back[known], array[known], atol=block.step[0] * 0.5001, rtol=1e-6)
