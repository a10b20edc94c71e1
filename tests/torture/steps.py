"""A run of a few steps without any measure, so that it can go wrong a thousand times."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from emblink.bundle import Catalog, digest, open_store
from emblink.bundle.schema import SCHEMA, Manifest, NumberField, Roles
from emblink.types import Report


def run_steps(
    path: Path, generation: int = 0, *, notice: Callable[[str], None] = lambda _: None
) -> None:
    """Write a bundle of four items, of whose steps all but the ids depend on the generation."""
    with open_store(path, notice=notice) as store:
        catalog = Catalog(store, np.arange(4))
        catalog.add_items()
        given = np.arange(8, dtype=np.float32).reshape(4, 2) + generation
        vectors = store.keep("vectors", {"vectors": given}, what="the vectors")
        catalog.add("vectors", vectors, "vectors", kind="vectors", over="items")
        for one in range(2):
            numbers = store.stage(
                "numbers",
                digest(generation, one, vectors.key),
                lambda one=one: (  # type: ignore[misc]
                    {"x": given[:, 0] * one, "unused": np.arange(3)},
                    {"mean": float(given.mean())},
                ),
            )
            catalog.add(f"numbers/{one}", numbers, "x", kind="values", over="items")
        facts = store.stage("health", digest(generation), lambda: ({}, {"well": generation}))
        report = Report(
            schema="emblink.report/2",
            version="0",
            seed=0,
            n_items=4,
            spaces=[],
            pairs=[],
            timelines=[],
            notes=[f"{numbers.facts} {facts.facts}"],
        )
        store.finish(
            Manifest(
                schema=SCHEMA,
                title="steps",
                seed=0,
                n_items=4,
                domains=catalog.domains,
                columns=catalog.columns,
                fields=[NumberField(name="id", title="id", values="numbers/0")],
                roles=Roles(id="id"),
                spaces=[],
                pairs=[],
                report=report,
            )
        )
