"""The lines of docs/files.md run as they stand, and what they write is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from emblink.load import load_spaces

N, D = 40, 6
A = np.random.default_rng(0).normal(size=(N, D)).astype("f4")
IDS = [f"it{i}" for i in range(N)]
TEXTS = [f"text {i}" for i in range(N)]
PAGE = Path(__file__).parents[2] / "docs" / "files.md"


def lines_of(tool: str) -> list[str]:
    """Return the Python in the row of a tool, clauses parted by semicolons as statements."""
    (row,) = [line for line in PAGE.read_text().splitlines() if line.startswith(f"| {tool} |")]
    spans = re.findall(r"`([^`]+)`", row)
    code = [one for one in spans if "(" in one and not one.startswith(("emblink ", "COPY", "--"))]
    return [one.replace("model=…", 'model="m"') for one in code]


def model() -> dict[str, Any]:
    made = SimpleNamespace(encode=lambda texts: A[: len(texts)])
    return {"model": made, "ids": IDS, "texts": TEXTS}


def openai() -> dict[str, Any]:
    data = [
        {"object": "embedding", "index": i, "embedding": row.tolist()} for i, row in enumerate(A)
    ]
    held = {"object": "list", "data": data, "model": "m", "usage": {"total_tokens": 9}}
    answer = SimpleNamespace(model_dump_json=lambda: json.dumps(held))
    create = SimpleNamespace(create=lambda model, input: answer)  # noqa: A006
    return {"client": SimpleNamespace(embeddings=create), "texts": TEXTS}


def batch() -> dict[str, Any]:
    bodies = [{"data": [{"index": 0, "embedding": row.tolist()}]} for row in A]
    rows = [
        {"id": f"b{i}", "custom_id": name, "response": {"status_code": 200, "body": body}}
        for i, (name, body) in enumerate(zip(IDS, bodies, strict=True))
    ]
    Path("batch.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    return {}


def chroma() -> dict[str, Any]:
    held = {"ids": IDS, "embeddings": A, "documents": TEXTS, "metadatas": [{"n": 1}] * N}
    return {"collection": SimpleNamespace(get=lambda include: held)}


def qdrant() -> dict[str, Any]:
    points = [
        SimpleNamespace(
            model_dump=lambda i=i: {"id": i, "vector": A[i].tolist(), "payload": {"text": TEXTS[i]}}
        )
        for i in range(N)
    ]
    scroll = lambda name, limit, with_vectors: (points, None)  # noqa: E731
    return {"client": SimpleNamespace(scroll=scroll), "NAME": "n"}


def faiss() -> dict[str, Any]:
    library = import_module("faiss")
    index = library.IndexFlatL2(D)
    index.add(A)
    library.write_index(index, "old.faiss")
    return {"faiss": library}


def faiss_with_ids() -> dict[str, Any]:
    library = import_module("faiss")
    index = library.IndexIDMap(library.IndexFlatL2(D))
    index.add_with_ids(A, np.arange(N) * 7)
    return {"faiss": library, "index": index}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # open(…).write
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(
    ("tool", "prepared", "written", "order", "chosen"),
    [
        ("sentence-transformers", model, "new.npz", [0], None),
        ("OpenAI", openai, "old.json", [0], None),
        ("OpenAI batch", batch, "old.npz", [0, 1], None),
        ("Chroma", chroma, "old.json", [1, 0], None),
        ("Qdrant", qdrant, "old.json", [0, 1], "payload.text"),
        ("FAISS", faiss, "old.npy", [0, 1], None),
        ("FAISS", faiss_with_ids, "old.npz", [3], None),
    ],
)
def test_the_lines_of_the_page_run_and_are_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tool: str,
    prepared: Callable[[], dict[str, Any]],
    written: str,
    order: list[int],
    chosen: str | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    space = {"np": np, "json": json, **prepared()}
    for at in order:
        line = lines_of(tool)[at]
        exec(re.sub(r"^r = ", "r = ", line), space)
    found = load_spaces([written], text=chosen)
    np.testing.assert_array_equal(next(iter(found.spaces.values())).vectors, A)
