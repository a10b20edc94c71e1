"""Many files at once: one space in parts, or many spaces that can be told apart."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import ipc
from pyarrow import parquet as pq
from typer.testing import CliRunner

from emblink.cli import app
from emblink.errors import InputError, ReadError
from emblink.load import inspect_file, load_spaces

N, D = 120, 6
A = np.random.default_rng(7).normal(size=(N, D)).astype(np.float32)
IDS = [f"it{i:03d}" for i in range(N)]
TABLE = pa.table({"id": IDS, "embedding": list(A), "label": ["a", "b"] * (N // 2)})


def parts(folder: Path, names: list[str]) -> Path:
    step = N // len(names)
    for at, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        piece = TABLE.slice(at * step, step)
        if path.suffix == ".arrow":
            with ipc.new_stream(str(path), piece.schema) as sink:
                sink.write_table(piece)
        elif path.suffix == ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in piece.to_pylist()))
        else:
            pq.write_table(piece, path)
    return folder


LAYOUTS = {
    "spark": [f"part-{i:05d}-0a1b.snappy.parquet" for i in range(3)],
    "unpadded": [f"part-{i}.parquet" for i in range(12)],
    "hub": [f"data/train-{i:05d}-of-00004.parquet" for i in range(4)],
    "datasets": [f"data-{i:05d}-of-00002.arrow" for i in range(2)],
    "one": ["data-00000-of-00001.arrow"],
    "hive": [f"year={2000 + i}/part-0.parquet" for i in range(3)],
    "json": [f"part-{i}.jsonl" for i in range(2)],
}


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_folder_of_parts_is_one_space_in_natural_order(tmp_path: Path, layout: str) -> None:
    folder = parts(tmp_path / "all", LAYOUTS[layout])
    for aside in ("_SUCCESS", ".part-0.crc", "README.md"):
        (folder / aside).write_text("x")
    space_set = load_spaces([str(folder)])
    assert [*space_set.spaces] == ["all"]
    assert space_set.ids.tolist() == IDS
    np.testing.assert_array_equal(space_set.spaces["all"].vectors, A)
    assert space_set.items["label"].tolist() == ["a", "b"] * (N // 2)
    assert [one.n_rows for one in inspect_file(folder).vectors] == [N]


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["spark", "unpadded", "datasets"])
def test_a_quoted_pattern_of_parts_is_one_space(tmp_path: Path, layout: str) -> None:
    folder = parts(tmp_path / "all", LAYOUTS[layout])
    pattern = str(folder / f"*{Path(LAYOUTS[layout][0]).suffix}")
    space_set = load_spaces([pattern])
    assert [*space_set.spaces] == ["all"]
    assert space_set.ids.tolist() == IDS
    assert [*load_spaces([f"mine={pattern}"]).spaces] == ["mine"]


def test_saved_data_sets_list_their_parts(tmp_path: Path) -> None:
    folder = parts(tmp_path / "saved", LAYOUTS["datasets"])
    names = [{"filename": name} for name in LAYOUTS["datasets"]]
    (folder / "state.json").write_text(json.dumps({"_data_files": names}))
    (folder / "dataset_info.json").write_text("{}")
    assert load_spaces([str(folder)]).ids.tolist() == IDS
    (folder / LAYOUTS["datasets"][1]).unlink()
    with pytest.raises(ReadError, match=r"lacks data-00001-of-00002\.arrow"):
        load_spaces([str(folder)])


@pytest.mark.parametrize("names", [["../secret.arrow"], [7], "x", [{"filename": "/etc/passwd"}]])
def test_a_state_that_names_no_files_of_the_folder_is_refused(
    tmp_path: Path, names: object
) -> None:
    folder = parts(tmp_path / "saved", LAYOUTS["datasets"])
    (folder / "state.json").write_text(json.dumps({"_data_files": names}))
    with pytest.raises(ReadError, match=r"state\.json"):
        load_spaces([str(folder)])


def test_splits_and_strangers_in_a_folder_are_named(tmp_path: Path) -> None:
    (tmp_path / "dict").mkdir()
    (tmp_path / "dict" / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    with pytest.raises(ReadError, match=r"splits train, test; name one: .*train"):
        load_spaces([str(tmp_path / "dict")])
    two = parts(tmp_path / "two", ["old.parquet", "new.parquet"])
    with pytest.raises(ReadError, match=r"not parts of one table \(new\.parquet, old\.parquet\)"):
        load_spaces([str(two)])
    (tmp_path / "none").mkdir()
    with pytest.raises(ReadError, match="directory without files that Emblink reads"):
        load_spaces([str(tmp_path / "none")])
    with pytest.raises(ReadError, match=r"there is no file .*check the pattern"):
        load_spaces([str(tmp_path / "nothing-*.parquet")])


@pytest.mark.parametrize("gone", [0, 1, 3])
@pytest.mark.parametrize("name", ["data/train-{:05d}-of-00004.parquet", "p{}_of_4.parquet"])
def test_a_folder_that_lacks_parts_which_names_speak_of_is_refused(
    tmp_path: Path, name: str, gone: int
) -> None:
    start = int("_" in name)
    names = [name.format(i + start) for i in range(4)]
    folder = parts(tmp_path / "all", names)
    (folder / names[gone]).unlink()
    with pytest.raises(ReadError, match="lacks 1 of the 4 parts that the names"):
        load_spaces([str(folder)])
    there = load_spaces([str((folder / names[0]).parent / "*.parquet")])
    assert len(there.ids) == N - N // 4


def test_parts_that_differ_are_refused(tmp_path: Path) -> None:
    folder = parts(tmp_path / "all", LAYOUTS["spark"])
    pq.write_table(TABLE.drop_columns(["label"]), folder / "part-00003-0a1b.snappy.parquet")
    with pytest.raises(ReadError, match="not parts of one table, they differ in label"):
        load_spaces([str(folder)])


@pytest.mark.parametrize("layout", ["spark", "unpadded", "datasets"])
def test_parts_given_one_by_one_are_refused_unless_named(tmp_path: Path, layout: str) -> None:
    folder = parts(tmp_path, LAYOUTS[layout])
    paths = [str(folder / name) for name in LAYOUTS[layout]]
    with pytest.raises(InputError, match=r"parts of one data set.*in quotes, or the folder"):
        load_spaces(paths)
    named = load_spaces([f"{'ab'[i]}={path}" for i, path in enumerate(paths[:2])], label="label")
    assert [*named.spaces] == ["a", "b"]


CASES: dict[str, tuple[list[str], list[str]]] = {
    "steps": (
        ["ckpt_1000/e.npy", "ckpt_200/e.npy", "ckpt_300/e.npy"],
        ["ckpt_200", "ckpt_300", "ckpt_1000"],
    ),
    "deep": (["r/1/x/e.npy", "r/2/x/e.npy"], ["1", "2"]),
    "two parts": (["a/x/e.npy", "a/y/e.npy", "b/x/e.npy"], ["a/x", "a/y", "b/x"]),
    "depths": (["e.npy", "old/e.npy"], ["e.npy", "old"]),
    "endings": (["a.npy", "a.npz"], ["npy", "npz"]),
    "order given": (["s3/e.npy", "s20/e.npy", "s1/e.npy"], ["s3", "s20", "s1"]),
    "no clash": (["old.npy", "new.npy"], ["old", "new"]),
}


@pytest.mark.parametrize("case", CASES)
def test_spaces_are_named_by_what_differs_in_their_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    paths, expected = CASES[case]
    monkeypatch.chdir(tmp_path)
    for at, name in enumerate(paths):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        rows = A + at
        np.savez(name, vectors=rows) if name.endswith("z") else np.save(name, rows)
    space_set = load_spaces(paths)
    if case == "depths":
        assert len(space_set.spaces) == 2
    else:
        assert [*space_set.spaces] == expected
    sources = [space.source for space in space_set.spaces.values()]
    assert len(set(sources)) == len(sources)


@pytest.fixture
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    for step in (100, 1000, 200, 300):
        Path(f"ckpt_{step}").mkdir()
        np.save(f"ckpt_{step}/embeddings.npy", A + step)
    Path("labels.csv").write_text("kind\n" + "\n".join(["a", "b"] * (N // 2)) + "\n")
    return [f"ckpt_{step}/embeddings.npy" for step in (100, 1000, 200, 300)]


def test_one_note_is_said_of_many_files(checkpoints: list[str]) -> None:
    notes = load_spaces(checkpoints, items="labels.csv").notes
    said = [note for note in notes if "matched to labels.csv by position" in note]
    assert len(said) == 1
    assert said[0].startswith("ckpt_100/embeddings.npy has no ids")
    assert "the same for 3 more, ckpt_200/embeddings.npy … ckpt_1000/embeddings.npy" in said[0]
    assert any("in the order of the numbers" in note for note in notes)


def test_folders_and_patterns_of_folders_are_spaces(checkpoints: list[str]) -> None:
    expected = ["ckpt_100", "ckpt_200", "ckpt_300", "ckpt_1000"]
    assert [*load_spaces(["ckpt_*/embeddings.npy"]).spaces] == expected
    folders = [str(Path(one).parent) for one in checkpoints]
    assert [*load_spaces(folders).spaces] == expected


def test_an_error_names_the_path_where_names_are_alike(checkpoints: list[str]) -> None:
    Path(checkpoints[2]).write_bytes(b"damaged")
    with pytest.raises(ReadError, match=r"ckpt_200/embeddings\.npy cannot be read"):
        load_spaces(checkpoints)


@pytest.mark.slow
def test_the_bundle_has_a_name_by_default_and_leaves_others_alone(checkpoints: list[str]) -> None:
    run = CliRunner().invoke(app, ["compare", *checkpoints[:2]])
    assert run.exit_code == 0, run.output
    out = Path("ckpt_100-vs-ckpt_1000.emblink")
    assert (out / "manifest.json").is_file()
    assert str(out) in run.output
    other = Path("ckpt_1000-vs-ckpt_200.emblink")
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    refused = CliRunner().invoke(app, ["compare", *checkpoints[1:3]])
    assert isinstance(refused.exception, Exception)
    assert (other / "mine.txt").read_text() == "mine"
