"""What stands out of a comparison: told once, in order, in plain words, with its items."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

import emblink as eb
from emblink.errors import InputError
from emblink.report import as_markdown, as_terminal
from emblink.types import FloatArray, IntArray, Report

NAMES = np.array(["cat", "dog", "cow", "hen", "pig", "fox"])
FORBIDDEN = (
    *("kappa", "radii", "radius", "strayed", "mass", "exploratory", "residual", "purity"),
    *("hubness", "permut", "centroid", "overlap", "cosine", "mixing", "enrich", "p =", "p <"),
)


def clusters(*, seed: int = 0, n: int = 480) -> tuple[FloatArray, IntArray]:
    """Return six clusters in sixteen dims, and the cluster of each item."""
    rng = np.random.default_rng(seed)
    codes = np.arange(n) % len(NAMES)
    centres = 2.0 * rng.standard_normal((len(NAMES), 16))
    return centres[codes] + 0.6 * rng.standard_normal((n, 16)), codes


def noisy(x: FloatArray, *, seed: int, by: float = 0.05) -> FloatArray:
    return x + by * np.random.default_rng(seed).standard_normal(x.shape)


def onto(x: FloatArray, codes: IntArray, *, one: int, other: int) -> FloatArray:
    """Move a cluster onto another one."""
    moved = x.copy()
    moved[codes == one] += x[codes == other].mean(axis=0) - x[codes == one].mean(axis=0)
    return moved


def shown(report: Report, *, full: bool = False, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO(), record=True)
    console.print(as_terminal(report, full=full), crop=False)
    return console.export_text()


@pytest.fixture(scope="module")
def merged() -> eb.Comparison:
    """Cows set onto pigs, and nothing else but a little noise; the items have names."""
    x, codes = clusters()
    ids = [f"{NAMES[code]} {row}" for row, code in enumerate(codes)]
    return eb.compare(
        {"old": x, "new": noisy(onto(x, codes, one=2, other=4), seed=1)},
        ids=ids,
        labels=NAMES[codes],
        metric="euclidean",
    )


@pytest.fixture(scope="module")
def several() -> eb.Comparison:
    """Four spaces: a, a copy of it, one with cows on pigs, and one with hens on foxes besides."""
    x, codes = clusters(seed=3)
    once = onto(x, codes, one=2, other=4)
    return eb.compare(
        {
            "a": x,
            "copy": noisy(x, seed=1, by=0.02),
            "merged": noisy(once, seed=2),
            "twice": noisy(onto(once, codes, one=3, other=5), seed=3),
        },
        labels=NAMES[codes],
        metric="euclidean",
    )


@pytest.fixture(scope="module")
def nothing() -> eb.Comparison:
    """A space, and a copy of it but for a little noise."""
    x, codes = clusters(seed=5)
    spaces = {"old": x, "new": noisy(x, seed=7, by=0.03)}
    return eb.compare(spaces, labels=NAMES[codes], metric="euclidean")


def test_a_label_set_onto_another_one_is_the_first_finding_and_told_once(
    merged: eb.Comparison,
) -> None:
    first, *others = merged.findings("old", "new")
    told = {*first.report["labels"], *re.findall(r"[a-z]+", first.sentence)}
    assert {"cow", "pig"} <= told
    assert first.sure
    assert not {"cow", "pig"} & {label for one in others for label in one.report["labels"]}


def test_the_rows_of_a_finding_are_its_members(merged: eb.Comparison) -> None:
    for one in merged.findings("old", "new"):
        assert len(one) == one.report["n"] == len(np.unique(one.rows))
        assert {*one.exemplars.tolist()} <= {*one.rows.tolist()}
        assert [str(merged.ids[row]) for row in one.exemplars] == [
            item["id"] for item in one.report["exemplars"]
        ]
    first = merged.findings("old", "new")[0]
    own = {str(merged.ids[row]).split()[0] for row in first.rows}
    assert own <= {"cow", "pig"}
    assert "cow" in own


@pytest.mark.slow
def test_the_items_of_a_finding_are_the_same_however_rows_are_given(merged: eb.Comparison) -> None:
    x, codes = clusters()
    ids = np.array([f"{NAMES[code]} {row}" for row, code in enumerate(codes)])
    order = np.random.default_rng(9).permutation(len(ids))
    y = noisy(onto(x, codes, one=2, other=4), seed=1)
    again = eb.compare(
        {"old": x[order], "new": y[order]},
        ids=ids[order],
        labels=NAMES[codes][order],
        metric="euclidean",
    )
    pairs = zip(merged.findings("old", "new"), again.findings("old", "new"), strict=True)
    for one, other in pairs:
        assert one.sentence == other.sentence
        assert {*merged.ids[one.rows]} == {*again.ids[other.rows]}


@pytest.mark.slow
def test_nothing_stands_out_of_a_copy_and_that_is_said(nothing: eb.Comparison) -> None:
    report = nothing.report()
    assert nothing.findings("old", "new") == nothing.findings() == []
    said = report["pairs"][0]["nothing"]
    assert said.startswith("Nothing stands out: ")
    assert said in " ".join(shown(report).split())
    assert said in as_markdown(report)


@pytest.mark.slow
def test_nothing_stands_out_of_reruns_of_one_recipe() -> None:
    x, codes = clusters(seed=6)
    spaces = {name: noisy(x, seed=at, by=0.3) for at, name in enumerate("abcde")}
    comparison = eb.compare(
        spaces,
        labels=NAMES[codes],
        metric="euclidean",
        pairs=[("a", "b")],
        replicates={"a": ["c", "d", "e"]},
    )
    assert comparison.findings("a", "b") == []
    assert comparison.findings() == []


@pytest.mark.slow
def test_sure_findings_come_first_and_each_by_their_score(several: eb.Comparison) -> None:
    report = several.report()
    for found in [report["findings"], *(pair["findings"] for pair in report["pairs"])]:
        ranked = [one for one in found if one["kind"] != "step"]
        assert ranked == sorted(ranked, key=lambda one: (not one["sure"], -one["score"]))
        assert len(found) <= 9
        for one in ranked:
            assert one["sure"] == (one.get("p", 0.0) <= 0.05)
            assert 0 <= one["far"] <= 1
            assert 0 <= one["score"] <= 1


@pytest.mark.slow
def test_of_several_pairs_the_same_items_are_told_once_with_the_other_pairs(
    several: eb.Comparison,
) -> None:
    report = several.report()
    whole = several.findings()
    assert whole[0].report["pairs"]
    for at, one in enumerate(whole):
        for other in whole[at + 1 :]:
            shared = len(np.intersect1d(one.rows, other.rows))
            assert shared < 0.5 * (len(one) + len(other) - shared)
    named = {(pair["a"], pair["b"]) for pair in report["pairs"]}
    for each in report["findings"]:
        told = [(pair["a"], pair["b"]) for pair in each.get("pairs", [])]
        assert len({*told}) == len(told)
        assert {*told} <= named - {(each["a"], each["b"])}


def test_findings_of_a_pair_that_was_not_compared_and_of_half_a_pair_are_refused(
    nothing: eb.Comparison,
) -> None:
    with pytest.raises(eb.BundleError, match="was not compared"):
        nothing.findings("new", "old")
    with pytest.raises(InputError, match="both spaces of a pair"):
        nothing.findings("old")


@pytest.mark.slow
def test_sentences_have_no_jargon(
    merged: eb.Comparison, several: eb.Comparison, nothing: eb.Comparison, small: eb.Comparison
) -> None:
    said = []
    for comparison in (merged, several, nothing, small):
        report = comparison.report()
        for pair in report["pairs"]:
            said += [one["sentence"] for one in pair["findings"]]
            said += [one["example"] for one in pair["findings"] if "example" in one]
            said += [pair["nothing"]] if "nothing" in pair else []
    assert len(said) >= 6
    for sentence in said:
        assert [word for word in FORBIDDEN if word in sentence.lower()] == [], sentence


@pytest.mark.slow
def test_four_spaces_fit_on_one_screen(several: eb.Comparison, small: eb.Comparison) -> None:
    for comparison in (several, small):
        lines = shown(comparison.report()).splitlines()
        assert len(lines) <= 40 - 2  # the command says where the page is on two more
        assert max(map(len, lines)) <= 80
    assert len(shown(several.report(), full=True).splitlines()) > 60


def test_one_screen_says_the_answer_the_findings_and_what_to_type_next(
    merged: eb.Comparison,
) -> None:
    report = merged.report()
    text = " ".join(shown(report).split())
    pair = report["pairs"][0]
    wanted = [pair["answer"], "What stands out", pair["findings"][0]["sentence"], "--full"]
    places = [text.find(" ".join(words.split())) for words in wanted]
    assert -1 not in places
    assert places == sorted(places)
    assert "CKA" not in text
    assert "CKA" in shown(report, full=True)


@pytest.mark.slow
def test_a_document_leads_with_the_findings(several: eb.Comparison) -> None:
    document = as_markdown(several.report())
    first = several.report()["findings"][0]["sentence"]
    assert document.index("## What stands out") < document.index(first) < document.index("| space")


def test_a_report_of_an_older_emblink_is_shown_and_says_that_it_has_no_findings(
    merged: eb.Comparison,
) -> None:
    report: Any = {**merged.report()}
    report.pop("findings", None)
    report["pairs"] = [
        {key: value for key, value in pair.items() if key not in ("findings", "nothing")}
        for pair in report["pairs"]
    ]
    for text in (shown(report), as_markdown(report)):
        assert "compare again to have them" in " ".join(text.split())


@pytest.mark.slow
def test_items_that_lost_every_neighbour_are_named_and_told_once() -> None:
    x, codes = clusters(seed=8)
    rng = np.random.default_rng(2)
    away = rng.choice(len(x), 12, replace=False)
    y = noisy(x, seed=4, by=0.03)
    y[away] = 30 * rng.standard_normal((12, x.shape[1]))
    ids = [f"{NAMES[code]} {row}" for row, code in enumerate(codes)]
    comparison = eb.compare({"old": x, "new": y}, ids=ids, metric="euclidean")
    found = [one for one in comparison.findings("old", "new") if one.report["kind"] == "items"]
    told = {row for one in found for row in one.rows.tolist()}
    assert {*away.tolist()} & told
    assert sum(len(one) for one in found) == len(told)
    assert all("lost every neighbour" in one.sentence for one in found)


@pytest.mark.slow
def test_a_pair_compared_on_its_labels_alone_tells_them_without_items() -> None:
    rng = np.random.default_rng(5)
    centres = 1.5 * rng.standard_normal((4, 24))
    la, lb = rng.integers(0, 4, 500), rng.integers(0, 4, 500)
    moved = centres.copy()
    moved[1] = 0.8 * centres[0] + 0.2 * centres[1]
    a = centres[la] + rng.standard_normal((500, 24))
    b = moved[lb] + rng.standard_normal((500, 24))
    comparison = eb.compare(
        {"a": a, "b": b},
        ids={"a": [f"a{i}" for i in range(500)], "b": [f"b{i}" for i in range(500)]},
        labels={"a": NAMES[la], "b": NAMES[lb]},
    )
    found = comparison.findings("a", "b")
    assert found
    assert {label for one in found for label in one.report["labels"]} <= {*NAMES}
    assert all(len(one) == 0 < one.report["n"] for one in found)


def test_the_bundle_says_who_is_in_each_finding(merged: eb.Comparison) -> None:
    manifest = eb.open(merged.path)._bundle.manifest
    info = manifest.pairs[0].findings
    assert info is not None
    column = manifest.columns[info.members]
    bits: NDArray[np.int32] = np.load(Path(merged.path) / column.path)
    sizes = [int(np.count_nonzero(bits >> at & 1)) for at in range(len(info.rows))]
    assert sizes == [one["n"] for one in manifest.report["pairs"][0]["findings"]]
    assert column.kind == "bits"


@pytest.mark.slow
def test_seven_spaces_fit_on_one_screen() -> None:
    x, codes = clusters(n=240)
    spaces = {f"a space with a long name {at}": noisy(x, seed=at, by=at / 2) for at in range(7)}
    report = eb.compare(spaces, labels=NAMES[codes], metric="euclidean").report()
    assert len(report["pairs"]) == 21
    text = shown(report)
    assert len(text.splitlines()) <= 38
    assert "21 pairs" in text
    assert "Least alike" in text


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_nothing_stands_out_of_noise_of_any_size(seed: int) -> None:
    x, codes = clusters(seed=20 + seed)
    spaces = {"old": x, "new": noisy(x, seed=seed, by=0.05 * (1 + seed))}
    comparison = eb.compare(spaces, labels=NAMES[codes], metric="euclidean")
    assert comparison.findings() == []
