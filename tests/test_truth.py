"""Real data against what is known of it, all the way through ``compare``."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
import pytest
from rich.console import Console

import emblink as eb
from emblink.report import as_markdown, as_terminal
from emblink.types import AnyArray, FloatArray, PairReport, Report
from tests.conftest import DATA, overlap_of

pytestmark = pytest.mark.slow

TEXTS = ("MiniLM names", "USE names", "USE French names", "USE Japanese names")
IMAGES = ("EfficientNet images", "pixels")
EPOCHS = (0, 1, 2, 5, 10)


def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text())
    return found


def pair_of(report: Report, a: str, b: str) -> PairReport:
    return next(pair for pair in report["pairs"] if (pair["a"], pair["b"]) == (a, b))


@pytest.fixture(scope="module")
def emoji(tmp_path_factory: pytest.TempPathFactory) -> eb.Comparison:
    from emblink.demo import compare_emoji

    return compare_emoji(tmp_path_factory.mktemp("demo") / "emoji.emblink")


def test_emoji_overlaps_are_the_known_ones(emoji: eb.Comparison) -> None:
    from emblink.demo import SPACES

    known = truth("emoji")["overlap"]
    for a, b in combinations(SPACES, 2):
        keys = [SPACES[name].removeprefix("space__") for name in (a, b)]
        expected = known.get("|".join(keys), known.get("|".join(reversed(keys))))
        assert overlap_of(emoji, a, b) == pytest.approx(expected, abs=0.002), (a, b)


def test_emoji_without_a_letter_trigram_are_left_out_and_named(emoji: eb.Comparison) -> None:
    assert len(emoji.spaces["letter trigrams"].ids) == 1867
    assert any("1F4A4" in note for note in emoji.report()["notes"])


def test_on_the_map_the_spaces_of_text_lie_together_and_those_of_images_apart(
    emoji: eb.Comparison,
) -> None:
    places = {name: np.array(place) for name, place in emoji.report()["map"]["coords"].items()}

    def apart(a: str, b: str) -> float:
        return float(np.linalg.norm(places[a] - places[b]))

    widest_text = max(apart(a, b) for a, b in combinations(TEXTS, 2))
    assert widest_text < 0.5 * min(apart(a, b) for a, b in product(TEXTS, IMAGES))
    assert widest_text < 0.5 * apart(*IMAGES)


def test_flags_are_one_pure_cluster_in_both_spaces_with_other_inner_order(
    emoji: eb.Comparison,
) -> None:
    report = emoji.pair("USE names", "EfficientNet images").report
    flags = next(one for one in report["labels"] if one["label"] == "flags")
    assert flags["purity_a"] > 0.95
    assert flags["purity_b"] > 0.95
    assert flags["overlap"] == pytest.approx(0.064, abs=0.005)
    assert flags["note"] == "same cluster, other inner order"
    assert "Label flags: same cluster, other inner order." in report["sentence"]
    assert [one["label"] for one in report["labels"] if "note" in one] == ["flags"]


def test_asked_about_alone_the_flags_keep_to_themselves_and_not_their_order(
    emoji: eb.Comparison,
) -> None:
    found = emoji.ask("USE names", "EfficientNet images", where={"group": "flags"})
    inner = found["scores"]["inner_overlap"]
    assert found["n"] == inner["n"] == 269
    assert inner["chance"] == pytest.approx(10 / 268)
    assert inner["value"] < 2 * inner["chance"]
    assert found["scores"]["neighborhood_overlap"]["chance"] == pytest.approx(10 / 1869)
    assert found["scores"]["neighborhood_overlap"]["value"] == pytest.approx(0.064, abs=0.005)
    purity = found["purity"]
    assert purity is not None
    assert min(purity["a"], purity["b"]) > 0.95
    assert all(type(end) is float for end in purity["interval"])
    related = emoji.ask("USE names", "MiniLM names", where={"group": "flags"})
    assert related["scores"]["neighborhood_overlap"]["value"] > 0.25


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """Return reports without replicates, and with one glosses seed as that of the other."""
    data = np.load(DATA / "words_partial.npz")
    names = [key.removeprefix("space__") for key in data.files if key.startswith("space__")]
    given: dict[str, Any] = {
        "spaces": {name: data[f"space__{name}"] for name in names},
        "ids": {name: data["items"][data[f"rows__{name}"]] for name in names},
        "out": tmp_path_factory.mktemp("words") / "words.emblink",
    }
    again = ("w2v_glosses_seed0", "w2v_glosses_seed1")
    return {
        "alone": eb.compare(**given).report(),
        "replicated": eb.compare(
            **given, replicates=dict([again]), pairs=[("spacy_md300", again[0]), again]
        ).report(),
    }


def test_words_with_partial_overlap_have_the_known_overlaps(words: dict[str, Report]) -> None:
    known = truth("words_partial")["pairs"]
    assert len(words["alone"]["pairs"]) == 10
    for pair in words["alone"]["pairs"]:
        expected = known[f"{pair['a']}|{pair['b']}"]
        assert pair["n_common"] == expected["n_shared"]
        found = pair["scores"]["neighborhood_overlap"]["value"]
        assert found == pytest.approx(expected["overlap"], abs=0.002)


def test_two_seeds_of_word_vectors_are_the_floor_of_their_pairs(words: dict[str, Report]) -> None:
    seeds = pair_of(words["replicated"], "w2v_glosses_seed0", "w2v_glosses_seed1")
    reference = seeds["scores"]["neighborhood_overlap"]["value"]
    assert reference == pytest.approx(0.709, abs=0.001)
    assert seeds["sentence"].startswith("Noise floor: w2v_glosses_seed1 is another run")
    other = pair_of(words["replicated"], "spacy_md300", "w2v_glosses_seed0")
    score = other["scores"]["neighborhood_overlap"]
    # Of the 2,596 items that this pair shares, and not of the 2,800 of both seeds.
    assert score["noise_floor"] == pytest.approx(reference, abs=0.02)
    assert score["floor_kind"] == "replicate"
    assert other["size"]["grade"] == "another_space"
    assert "2 runs of one recipe differ by, which keep 73 %" in other["sentence"]
    storage = pair_of(words["alone"], "spacy_md300", "w2v_glosses_seed0")
    assert storage["scores"]["neighborhood_overlap"]["floor_kind"] == "numerical"


def test_word_vectors_in_shuffled_rows_are_misaligned_and_not_unrelated() -> None:
    data = np.load(DATA / "words_partial.npz")
    ids = {seed: data["items"][data[f"rows__w2v_glosses_seed{seed}"]][:1500] for seed in (0, 1)}
    vectors = {seed: data[f"space__w2v_glosses_seed{seed}"][:1500] for seed in (0, 1)}
    order = np.random.default_rng(0).permutation(1500)
    spaces = {"old": vectors[0], "copy": vectors[0][order], "seed": vectors[1][order]}
    given = {"old": ids[0], "copy": ids[0], "seed": ids[1]}
    report = eb.compare(spaces, ids=given, pairs="reference").report()
    for other in ("copy", "seed"):
        pair = pair_of(report, "old", other)
        assert pair["size"]["grade"] == "misaligned", other
        assert pair["scores"]["neighborhood_overlap"]["value"] < 0.02
        assert "Check that each space's rows carry their own ids" in pair["sentence"]


@dataclass(frozen=True)
class Training:
    """What is said of a network while it learns the digits."""

    alone: Report
    listed: Report
    last_only: Report
    steps: Report


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Training:
    """Compare epochs of one seed: without, with, and with one of the other seed's runs."""
    data = np.load(DATA / "mnist_cnn.npz")
    given: dict[str, Any] = {
        "ids": data["ids"],
        "labels": data["classes"][data["label"]],
        "out": tmp_path_factory.mktemp("mnist") / "training.emblink",
    }

    def spaces(seed: int) -> dict[str, AnyArray]:
        return {name(epoch, seed): data[f"space__{name(epoch, seed)}"] for epoch in EPOCHS}

    known = {name(epoch): [name(epoch, 1)] for epoch in EPOCHS}
    late = (name(5), name(10))
    far = [(name(0), name(1)), (name(0), name(2)), late]
    both = spaces(0) | spaces(1)
    # Each run reuses what the one before it has left in the bundle.
    return Training(
        steps=eb.compare(both, **given, replicates=known, pairs="consecutive").report(),
        listed=eb.compare(both, **given, replicates=known, pairs=far).report(),
        last_only=eb.compare(
            both, **given, replicates={name(10): name(10, 1)}, pairs=[late]
        ).report(),
        alone=eb.compare(both, **given, pairs=[late]).report(),
    )


def name(epoch: int, seed: int = 0) -> str:
    return f"fc_seed{seed}_epoch{epoch:02}"


def test_training_steps_of_a_network_have_the_known_overlaps(training: Training) -> None:
    known = truth("mnist_cnn")["overlap"]
    assert len(training.steps["pairs"]) == 9
    for pair in (*training.steps["pairs"], *training.listed["pairs"]):
        found = pair["scores"]["neighborhood_overlap"]["value"]
        assert found == pytest.approx(known[f"{pair['a']}|{pair['b']}"], abs=0.002)


def test_early_training_is_a_change_and_late_training_is_closer_than_another_seed(
    training: Training,
) -> None:
    for report in (training.listed, training.steps):
        early = pair_of(report, name(0), name(1))
        assert early["size"]["grade"] == "another_space"
        assert early["beyond_noise"]["answer"] == "yes"
        late = pair_of(report, name(5), name(10))
        assert late["size"]["grade"] == "like_another_run"
        assert late["beyond_noise"]["closer"]
        assert "as with a shared start" in late["sentence"]
        floor = late["scores"]["neighborhood_overlap"]
        assert floor["noise_floor"] == pytest.approx((0.6727 + 0.5960) / 2, abs=0.001)


def test_one_replicate_of_the_last_epoch_is_enough_to_see_it(training: Training) -> None:
    (late,) = training.last_only["pairs"]
    assert late["size"]["grade"] == "like_another_run"
    assert late["beyond_noise"]["answer"] != "yes"
    score = late["scores"]["neighborhood_overlap"]
    assert score["noise_floor"] == pytest.approx(0.596, abs=0.001)
    assert score["floor_kind"] == "replicate"


def test_without_a_replicate_noise_is_unknown_and_the_sentence_tells_the_size(
    training: Training,
) -> None:
    (late,) = training.alone["pairs"]
    assert late["size"]["grade"] == "like_another_run"
    assert late["beyond_noise"] == {"answer": "unknown", "n_replicates": 0}
    assert late["sentence"].startswith("As if 13 % of every vector were another item's")
    assert "run" not in late["sentence"]


def test_digits_part_all_alike_and_fours_are_no_longer_taken_for_nines(training: Training) -> None:
    report = pair_of(training.listed, name(0), name(2))
    pairs = report["label_pairs"]
    assert report["label_shift"]["separation"] < -1
    assert "times as far apart" in report["sentence"]
    found = next(one for one in pairs if {one["first"], one["second"]} == {"4", "9"})
    assert found["delta"] < 0
    assert -found["delta"] > found["noise_floor"]
    assert found["mixing_b"] < found["mixing_a"]
    four = ("first", "second").index("first" if found["first"] == "4" else "second")
    before, after = (found[side][four] for side in ("confusion_a", "confusion_b"))
    assert 0.13 <= before <= 0.145
    assert after == pytest.approx(0.044, abs=0.001)


def test_a_sequence_is_told_step_by_step_for_all_items_and_each_label(training: Training) -> None:
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(as_terminal(training.steps, full=True))
    names = [name(epoch) for epoch in EPOCHS]
    kept = [
        pair_of(training.steps, a, b)["scores"]["neighborhood_overlap"]["kappa"]
        for a, b in pairwise(names)
    ]
    purity = [
        next(one["purity"] for one in space["labels"] if one["label"] == "5")
        for wanted in names
        for space in training.steps["spaces"]
        if space["name"] == wanted
    ]
    assert purity[0] < 0.5 < 0.85 < purity[-1]
    shown = {
        "terminal": [line.split() for line in console.export_text().splitlines()],
        "Markdown": [
            line.replace("|", " ").split() for line in as_markdown(training.steps).split("\n")
        ],
    }
    for where, lines in shown.items():
        assert ["over", "the", "steps", *names] in lines, where
        row = ["neighbours", "kept,", "beyond", "chance", *(f"{one:.3f}" for one in kept)]
        assert row in lines, where
        assert ["purity", "of", "5", *(f"{one:.3f}" for one in purity)] in lines, where
    assert "over the steps" not in as_markdown(training.listed)


def test_two_layouts_of_the_same_vectors_are_no_change() -> None:
    vectors = np.load(DATA / "mnist_cnn.npz")[f"space__{name(10)}"][:500]
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.standard_normal((64, 64)))[0]
    turned: FloatArray = (2.5 * vectors.astype(np.float64) @ turn).astype(np.float32)
    spaces = {"old": vectors, "copy": vectors.copy(), "turned": turned}
    runs = [eb.compare(spaces, pairs="reference", seed=seed) for seed in (0, 1)]
    pictures = [run.projections["old"].coords for run in runs]
    assert np.abs(pictures[0] - pictures[1]).mean() > 0.01
    for run in runs:
        copy, turned_pair = (pair_of(run.report(), "old", other) for other in ("copy", "turned"))
        assert copy["size"]["grade"] == "identical"
        assert turned_pair["size"]["grade"] in ("identical", "same")
        assert turned_pair["scores"]["neighborhood_overlap"]["value"] > 0.998
        assert copy["scores"]["linear_cka"]["value"] == pytest.approx(1.0)
    for other, score in product(("copy", "turned"), ("neighborhood_overlap", "linear_cka")):
        first, second = (run.pair("old", other).scores[score]["value"] for run in runs)
        assert first == second


def test_digits_turned_keep_all_but_broken_ties_and_permuted_ones_are_misaligned() -> None:
    from sklearn.datasets import load_digits

    x = load_digits(return_X_y=True)[0]
    rng = np.random.default_rng(0)
    turned = 3 * x @ np.linalg.qr(rng.standard_normal((64, 64)))[0]
    report = eb.compare(
        {"pixels": x, "turned": turned, "permuted": x[rng.permutation(len(x))]},
        metric="euclidean",
        pairs="reference",
    ).report()
    same = pair_of(report, "pixels", "turned")
    assert same["size"]["grade"] in ("identical", "same")
    assert same["scores"]["neighborhood_overlap"]["value"] == pytest.approx(0.998, abs=0.001)
    assert pair_of(report, "pixels", "permuted")["size"]["grade"] == "misaligned"
