"""Where an agent may read: no path, link, pattern or error leads out of the roots."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from emblink.comparison import Comparison
from emblink.errors import EmblinkError, InputError
from emblink.mcp._answers import plain
from emblink.mcp._roots import Roots
from emblink.mcp._tools import Desk


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "private place"
    folder.mkdir()
    rng = np.random.default_rng(0)
    np.save(folder / "secret.npy", rng.standard_normal((20, 4)))
    (folder / "ids.txt").write_text("1\n2\n", encoding="utf-8")
    return folder


@pytest.fixture
def root(tmp_path: Path, outside: Path) -> Path:
    folder = tmp_path / "open"
    (folder / "parts").mkdir(parents=True)
    rng = np.random.default_rng(1)
    np.save(folder / "own.npy", rng.standard_normal((20, 4)))
    np.save(folder / "parts" / "part-1.npy", rng.standard_normal((20, 4)))
    (folder / "parts" / "part-2.npy").symlink_to(outside / "secret.npy")
    (folder / "link.npy").symlink_to(outside / "secret.npy")
    (folder / "way").symlink_to(outside)
    (folder / "inner.npy").symlink_to("own.npy")
    (folder / "gone.npy").symlink_to(outside / "gone.npy")
    return folder


WAYS = [
    "{outside}/secret.npy",
    "../private place/secret.npy",
    "link.npy",
    "way/secret.npy",
    "way",
    "parts",
    "*.npy",
    "w*/secret.npy",
    "**/secret.npy",
    "../*/secret.npy",
    "gone.npy",
    "{outside}/no such file.npy",
    "..",
    "/etc/passwd",
    "/proc/self/environ",
    "own.npy/../../private place/secret.npy",
]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_out_and_no_error_names_a_place_outside(
    way: str, root: Path, outside: Path
) -> None:
    desk = Desk([root])
    given = way.format(outside=outside)
    for call in (desk.inspect, desk.source, desk.roots.writable):
        if call == desk.roots.writable and "*" in way:
            continue  # a name like another, which would be made below the root
        with pytest.raises(InputError, match="leads out of the roots") as caught:
            call(given)
        said = str(caught.value)
        assert str(root.parent) not in said
        assert "private place" not in said.replace(repr(given.split("/")[-1]), "")
        assert "--root" in said


def compared(desk: Desk, spaces: dict[str, str], out: str | None = None) -> Comparison:
    columns = {"id": None, "label": None, "text": None, "vector": None}
    _, made = desk.compare(
        spaces, items=None, columns=columns, metric="cosine", replicates={}, drop_bad=False,
        sample=None, seed=0, out=out, progress=lambda *_: None,
    )  # fmt: skip
    return made


@pytest.mark.parametrize(
    "name", ["x={outside}/secret.npy::", "../private place/secret.npy::", "way/secret.npy::", "a=b"]
)
def test_no_name_of_a_space_leads_out(
    name: str, root: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    given = name.format(outside=outside)
    made = compared(Desk([root]), {"old": "own.npy", given: "inner.npy"})
    assert [*made.space_set.spaces] == ["old", given]
    assert made.pair("old", given).scores["neighborhood_overlap"]["value"] == 1


@pytest.mark.parametrize("out", ["made", "file:///x.emblink", "https://a.org/x.emblink", "own.npy"])
def test_only_what_is_called_a_bundle_is_written(out: str, root: Path) -> None:
    with pytest.raises(InputError, match=r"is no name of a bundle; give .* ends in \.emblink"):
        compared(Desk([root]), {"old": "own.npy", "new": "inner.npy"}, out=out)


def test_no_bundle_says_where_its_files_lay(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    (root / "new").mkdir()
    np.save(root / "new" / "own.npy", np.load(root / "own.npy"))
    made = compared(Desk([root]), {"old": "own.npy", "new": "new/own.npy"})
    assert [one["source"] for one in made.report()["spaces"]] == [
        f"{root.name}/own.npy",
        "new/own.npy",
    ]
    found = b"".join(one.read_bytes() for one in made.path.rglob("*") if one.is_file())
    assert str(root).encode() not in found


@pytest.mark.parametrize("way", ["own.npy", "inner.npy", "{root}/own.npy", "./parts/../own.npy"])
def test_what_lies_below_a_root_is_read_and_named_from_it(way: str, root: Path) -> None:
    told = Desk([root]).inspect(way.format(root=root))
    assert told.data["path"] == "own.npy"
    assert told.data["vectors"][0]["n_rows"] == 20


def test_a_later_root_is_searched_too(root: Path, outside: Path) -> None:
    desk = Desk([root, outside])
    assert desk.inspect("secret.npy").data["path"] == "secret.npy"
    assert desk.inspect("link.npy").data["path"] == "secret.npy"


def test_a_file_that_is_missing_is_said_to_be_without_saying_where_the_root_lies(
    root: Path,
) -> None:
    with pytest.raises(InputError, match=r"there is no file new\.parquet; give a path") as caught:
        Desk([root]).inspect("new.parquet")
    assert str(root.parent) not in str(caught.value)


@pytest.mark.parametrize("given", ["", " ", "a\0b"])
def test_what_is_no_path_is_refused(given: str, root: Path) -> None:
    with pytest.raises(InputError, match="is no path"):
        Desk([root]).inspect(given)


def test_ids_of_a_policy_are_not_read_outside(root: Path, outside: Path) -> None:
    desk = Desk([root])
    (root / "limits.toml").write_text(f'must_keep = "{outside}/ids.txt"\n', encoding="utf-8")
    for policy, limits in (
        ("limits.toml", {}),
        (None, {"must_keep": str(outside / "ids.txt")}),
        (None, {"must_keep": "../private place/ids.txt"}),
    ):
        with pytest.raises(InputError, match="leads out of the roots"):
            desk._policy(policy, limits)


def test_a_bundle_with_a_link_out_is_not_opened(root: Path, outside: Path) -> None:
    bundle = root / "made.emblink"
    bundle.mkdir()
    (bundle / "manifest.json").symlink_to(outside / "ids.txt")
    with pytest.raises(InputError, match="leads out of the roots"):
        Desk([root]).runs.get("made.emblink")


def test_a_bundle_that_gains_a_link_after_it_was_found_is_not_read(
    root: Path, outside: Path, small_bundle: Path
) -> None:
    import shutil

    bundle = root / "made.emblink"
    shutil.copytree(small_bundle, bundle)
    desk = Desk([root])
    run, _ = desk.runs.get("made.emblink")
    (bundle / "columns" / "more").symlink_to(outside)
    with pytest.raises(InputError, match="leads out of the roots"):
        desk.runs.get(run)


@pytest.mark.parametrize(
    "words",
    [
        "[Errno 13] Permission denied: '/home/some one/x y/secret.npy'",
        'no room in "/tmp/emblink-1234/a b"',
        "see /usr/lib/python3/site-packages/emblink/cli.py for more",
        "(/var/tmp/x) is full",
        r"C:\Users\name\secret.npy is missing",
        r"'\\server\share\secret' is missing",
        "~/secret/place is missing",
    ],
)
def test_words_of_an_error_lose_paths_outside(words: str, root: Path) -> None:
    said = Roots([root]).cleaned(words)
    for part in ("home", "some one", "tmp", "a b", "usr", "Users", "server", "secret"):
        assert part not in said
    assert "outside the roots" in said


@pytest.mark.parametrize(
    "words",
    [
        "expected NAME=PATH, or a share of 1/2, 3 / 4 or and/or",
        "https://example.org/a is no file",
        "own.npy, parts/part-1.npy are there",
    ],
)
def test_words_without_such_paths_stay(words: str, root: Path) -> None:
    assert Roots([root]).cleaned(words) == words


@pytest.mark.parametrize("name", ['a "b"', "a\\b", "é"])
def test_data_name_paths_from_the_root_on_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    root = tmp_path / name
    root.mkdir()
    given = {"note": f"{root}/x.npy is there", f"{root}/y.npy": [f"{root}"]}
    told = plain(given, Roots([root]).from_roots)
    assert told == {"note": "x.npy is there", "y.npy": ["."]}


def test_a_root_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--root .*nowhere is no folder"):
        Roots([tmp_path / "nowhere"])


def test_a_pipe_or_a_device_below_a_root_is_no_file(root: Path) -> None:
    os.mkfifo(root / "pipe.npy")
    with pytest.raises(EmblinkError):
        Desk([root]).inspect("pipe.npy")
