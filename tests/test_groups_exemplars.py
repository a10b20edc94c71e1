import numpy as np
import pytest

from emblink.groups._exemplars import exemplar_rows
from emblink.wording import name_item
from tests.measures_helpers import graph_of, random_lists


def test_the_medoid_is_the_member_that_most_others_list() -> None:
    a = graph_of([[2, 3], [2, 4], [0, 1], [2, 5], [5, 2], [4, 0]])
    chosen = exemplar_rows(
        np.array([0, 1, 2]), (a, a), residuals=np.zeros((6, 2)), evidence=np.zeros(6)
    )
    assert chosen[0] == ("medoid", 2)


def test_lists_of_others_do_not_make_a_medoid() -> None:
    lists = np.array([[1, 4], [0, 4], [0, 4], [2, 4], [2, 3], [2, 3]])
    graph = graph_of(lists)
    chosen = exemplar_rows(
        np.array([0, 1, 2]), (graph, graph), residuals=np.zeros((6, 2)), evidence=np.zeros(6)
    )
    assert chosen[0] == ("medoid", 0)


def test_the_mover_goes_with_the_mean_and_strayed_at_least_as_far_as_half() -> None:
    residuals = np.array([[0, 9], [1, 0.5], [2, 1.4], [1, -0.4], [1, 0.7], [0, 0]], dtype=float)
    evidence = np.array([5.0, 1.0, 5.0, 5.0, 5.0, 0.0])
    graph = graph_of([[1, 2], [0, 2], [0, 1], [0, 1], [0, 1], [0, 1]])
    members = np.array([0, 1, 2, 3, 4])
    mean = residuals[members].mean(axis=0)
    cosines = residuals[members] @ mean / np.linalg.norm(residuals[members], axis=1)
    cosines[evidence[members] < 5.0] = -2.0
    chosen = dict(exemplar_rows(members, (graph, graph), residuals=residuals, evidence=evidence))
    cosines[chosen["medoid"]] = -2.0
    assert chosen["mover"] == int(np.argmax(cosines))


def test_the_boundary_has_the_fewest_members_around_it() -> None:
    lists = np.array([[1, 2], [0, 2], [0, 1], [5, 6], [0, 1], [3, 6], [3, 5]])
    graph = graph_of(lists)
    chosen = exemplar_rows(
        np.arange(5), (graph, graph), residuals=np.zeros((7, 2)), evidence=np.zeros(7)
    )
    assert dict(chosen)["boundary"] == 3


def test_ties_go_by_evidence_then_by_row() -> None:
    graph = graph_of([[3, 4], [3, 4], [3, 4], [4, 5], [3, 5], [3, 4]])
    members, residuals = np.array([0, 1, 2]), np.zeros((6, 2))
    even = exemplar_rows(members, (graph, graph), residuals=residuals, evidence=np.zeros(6))
    assert even == [("medoid", 0), ("mover", 1), ("boundary", 2)]
    evidence = np.array([0.0, 1.0, 2.0, 0, 0, 0])
    uneven = exemplar_rows(members, (graph, graph), residuals=residuals, evidence=evidence)
    assert uneven == [("medoid", 2), ("mover", 1), ("boundary", 0)]


@pytest.mark.parametrize("n_members", [1, 2, 3, 30])
def test_exemplars_are_different_members(n_members: int) -> None:
    rng = np.random.default_rng(n_members)
    graphs = (graph_of(random_lists(60, 6, seed=1)), graph_of(random_lists(60, 6, seed=2)))
    members = np.sort(rng.choice(60, n_members, replace=False))
    chosen = exemplar_rows(
        members, graphs, residuals=rng.normal(size=(60, 4)), evidence=rng.random(60)
    )
    rows = [row for _, row in chosen]
    assert len({*rows}) == len(rows) == min(3, n_members)
    assert {*rows} <= {*members.tolist()}


def test_exemplars_ignore_rotation_and_the_order_of_items() -> None:
    rng = np.random.default_rng(3)
    lists = [random_lists(50, 8, seed=seed) for seed in (1, 2)]
    residuals, evidence = rng.normal(size=(50, 4)), rng.random(50)
    members = np.sort(rng.choice(50, 12, replace=False))
    chosen = exemplar_rows(
        members, (graph_of(lists[0]), graph_of(lists[1])), residuals=residuals, evidence=evidence
    )
    order = rng.permutation(50)
    place = np.argsort(order)
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    again = exemplar_rows(
        np.sort(place[members]),
        (graph_of(place[lists[0][order]]), graph_of(place[lists[1][order]])),
        residuals=(residuals @ turn)[order],
        evidence=evidence[order],
    )
    assert [(role, int(order[row])) for role, row in again] == chosen


def test_items_are_named_by_id_and_by_text_where_they_have_one() -> None:
    ids = np.array([7, 8, 9])
    texts = np.array(["two\nlines", "", "x" * 200], dtype=np.dtypes.StringDType())
    assert name_item(0, ids, texts) == {"id": "7", "text": "two lines"}
    assert name_item(1, ids, texts) == {"id": "8"}
    assert name_item(0, ids, None) == {"id": "7"}
    assert name_item(2, ids, texts)["text"] == "x" * 119 + "…"
