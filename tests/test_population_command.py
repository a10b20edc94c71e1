"""``emblink populations``, its bundle, and ``emblink gate`` of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

import emblink as eb
from emblink._terminal import see_it
from emblink.bundle import read_manifest
from emblink.cli import app
from tests.populations_helpers import with_news

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("populations")
    sides, labels = with_news(150, more=30)
    for name, vectors in sides.items():
        ids = np.array([f"{name}-{at}" for at in range(len(vectors))])
        np.savez(path / f"{name}.npz", vectors=vectors, ids=ids, topic=labels[name])
    return path


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(
        app, [one.format(folder) for one in words], env={"COLUMNS": "200", "NO_COLOR": "1"}
    )


SIDES = ("jan={}/jan.npz", "feb={}/feb.npz", "--label", "topic")


@pytest.fixture(scope="module")
def bundle(folder: Path) -> Path:
    out = folder / "run.emblink"
    found = run(folder, "populations", *SIDES, "--out", str(out))
    assert found.exit_code == 0, found.output
    assert "jan → feb: drifted." in found.output
    assert "outage is new (0 % → 17 %)" in " ".join(found.output.split())
    return out


def test_the_bundle_holds_the_union_once_and_what_is_told_of_it(bundle: Path) -> None:
    manifest = read_manifest(bundle)
    (space,) = manifest.spaces
    assert space.n_items == 150 + 180
    assert manifest.roles.label == "population"
    (pair,) = manifest.report["populations"]["pairs"]
    held = eb.open(bundle).space_set
    groups, around = held.items[pair["columns"]["groups"]], held.items[pair["columns"]["around"]]
    ids = held.ids.astype(str)
    (group,) = pair["groups"]
    members = {f"feb/feb-{at}" for at in range(150, 180)}
    assert {*ids[np.array([str(one) == group["title"] for one in groups])].tolist()} == members
    inside = np.isin(ids, [*members])
    assert around[inside].min() > 0.3 > around[~inside].mean()


def test_as_json_and_as_markdown(folder: Path) -> None:
    report = json.loads(run(folder, "populations", *SIDES, "--json").stdout)
    assert report["schema"] == "emblink.populations/1"
    assert [one["name"] for one in report["populations"]] == ["jan", "feb"]
    shown = run(folder, "populations", *SIDES, "--markdown").stdout
    assert shown.startswith("# Populations jan and feb\n")


def test_the_report_of_the_bundle_is_printed_again(folder: Path, bundle: Path) -> None:
    assert "jan → feb: drifted." in run(folder, "report", str(bundle)).stdout
    again = run(folder, "report", str(bundle), "--markdown").stdout
    assert again == run(folder, "populations", *SIDES, "--markdown").stdout
    report = json.loads(run(folder, "report", str(bundle), "--json").stdout)
    assert report["populations"]["schema"] == "emblink.populations/1"


def test_the_bundle_is_handed_on_as_one_file(folder: Path, bundle: Path) -> None:
    made = run(folder, "export", str(bundle), "{}/share.html", "--no-text")
    assert made.exit_code == 0, made.output
    assert (folder / "share.html").stat().st_size > 100_000


def test_the_gate_takes_the_bundle_or_the_files(folder: Path, bundle: Path) -> None:
    policy = folder / "gate.toml"
    policy.write_text("max_new_share = 0.05\n", "utf-8")
    found = run(folder, "gate", str(bundle), "--policy", str(policy))
    assert found.exit_code == 1
    assert "max_new_share" in found.output
    policy.write_text("max_new_share = 0.5\n", "utf-8")
    files = ("gate", *SIDES, "--populations", "--policy", str(policy))
    assert run(folder, *files).exit_code == 0
    other = run(folder, *files, "--baseline", str(bundle))
    assert "--baseline is not for populations" in str(other.exception)


def test_two_populations_of_two_models_are_sent_to_compare(folder: Path) -> None:
    np.savez(folder / "wide.npz", vectors=np.random.default_rng(0).random((60, 9)))
    found = run(folder, "populations", "{}/jan.npz", "{}/wide.npz")
    assert "emblink compare jan=jan.npz::vectors wide=wide.npz" in str(found.exception)


def test_how_to_open_a_bundle_is_what_a_shell_takes(tmp_path: Path) -> None:
    assert see_it(tmp_path / "it's mine.emblink").endswith(f"{tmp_path}/it'\"'\"'s mine.emblink'")
    assert see_it("run.emblink") == "\nSee it: emblink open run.emblink"
