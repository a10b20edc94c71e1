"""Manifests, questions, addresses and notes with something wrong in them are refused in words."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import numpy as np
import pytest

import emblink as eb
from emblink.bundle import Bundle, read_notes, write_notes
from emblink.bundle._notes import NOTES
from emblink.errors import BundleError, EmblinkError
from emblink.export import export
from emblink.report import as_markdown
from tests.battery.counted import TIMES, counted
from tests.battery.mutated import broken, changed
from tests.server_helpers import origin_of, running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bundle(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(small_bundle, tmp_path_factory.mktemp("fuzz") / "f.emblink"))


@pytest.fixture(scope="module")
def client(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    held = Path(shutil.copytree(small_bundle, tmp_path_factory.mktemp("asked") / "a.emblink"))
    # A kept line is closed after seconds of silence; a busy machine may take longer to ask on.
    anew = httpx.Limits(max_keepalive_connections=0)
    with (
        running(held) as server,
        httpx.Client(timeout=60, follow_redirects=True, limits=anew) as client,
    ):
        client.base_url = httpx.URL(server.url)
        yield client


def sealed(held: object) -> bytes:
    """Return a manifest with the checksum that goes with it, as its maker can."""
    if isinstance(held, dict):
        first = {key: held[key] for key in ("schema",) if key in held}
        held = {**first, "checksum": "0" * 8, **held} | {"checksum": "0" * 8}
    data = json.dumps(held).encode("utf-8", "surrogatepass")
    at = data.find(b'"00000000"') + 1
    return data[:at] + f"{zlib.crc32(data):08x}".encode() + data[at + 8 :] if at else data


def read_all(path: Path) -> None:
    """Read what a bundle says by every way that people have."""
    held = Bundle(path)
    compared = eb.Comparison(path)
    as_markdown(compared.report())
    for pair in compared.pairs:
        compared.findings(*pair)
        compared.groups(*pair)
        compared.pair(*pair)
    compared.space_set  # noqa: B018
    with contextlib.suppress(EmblinkError):
        export(held, path.with_name("made.html"), force=True)


def test_a_manifest_that_its_maker_changed_is_read_or_refused_in_words(bundle: Path) -> None:
    manifest = bundle / "manifest.json"
    data = manifest.read_bytes()
    held = json.loads(data)
    survivors = []
    with counted("fuzz, manifests") as done:
        for seed in range(150 * TIMES):
            rng = random.Random(seed)
            whole = rng.random() < 0.2
            manifest.write_bytes(broken(data, rng) if whole else sealed(changed(held, rng)))
            try:
                read_all(bundle)
                done["read"] += 1
            except EmblinkError:
                done["refused"] += 1
            except Exception as error:
                survivors.append((seed, repr(error)[:200]))
        manifest.write_bytes(data)
    assert survivors == []


def test_questions_of_any_bytes_are_answered_or_refused_in_words(client: httpx.Client) -> None:
    origin = origin_of(str(client.base_url))
    rng = random.Random(4)
    kinds = ["selection", "suggest", "like", "near", "", "x", "\0", "../"]
    spaces = ["a", "turned", "noisy", "", "nobody", "a\0", "é", "a" * 5000]
    with counted("fuzz, questions") as done:
        for _ in range(120 * TIMES):
            rows = np.unique(np.array([rng.randrange(240) for _ in range(rng.randrange(1, 60))]))
            body = rows.astype("<i4").tobytes()
            if rng.random() < 0.6:
                body = broken(body, rng)[:960]
            asked = {"kind": rng.choice(kinds), "a": rng.choice(spaces), "b": rng.choice(spaces)}
            if rng.random() < 0.2:
                asked["r"] = rng.choice(["", "0", "x" * 100])
            got = client.post(f"/ask?{urlencode(asked)}", content=body, headers={"origin": origin})
            assert got.status_code in (200, 400, 404, 410, 413), (asked, body, got.text)
            assert "Traceback" not in got.text
            done[str(got.status_code)] += 1
    assert done["200"] > 0


def test_addresses_of_any_signs_are_answered_or_refused(client: httpx.Client) -> None:
    rng = random.Random(5)
    known = ["/", "/bundle/manifest.json", "/bundle/", "/progress", "/notes", "/assets/", "/ask"]
    with counted("fuzz, addresses") as done:
        for _ in range(300 * TIMES):
            address = rng.choice(known) + quote(rng.randbytes(rng.randrange(20)))
            if rng.random() < 0.5:
                address += "?" + quote(rng.randbytes(rng.randrange(40)), safe="&=%")
            got = client.get(address)
            assert got.status_code in (200, 304, 400, 401, 404, 405), (address, got.status_code)
            assert "Traceback" not in got.text
            done[str(got.status_code)] += 1


NOTE = {
    "schema": "emblink.notes/1",
    "selections": [{"id": "s1", "name": "mine", "note": "look", "items": ["item-000", "item-1"]}],
}


def test_notes_of_any_bytes_are_kept_as_they_are_or_refused(
    client: httpx.Client, bundle: Path
) -> None:
    origin = origin_of(str(client.base_url))
    data = json.dumps(NOTE).encode()
    survivors = []
    with counted("fuzz, notes") as done:
        for seed in range(200 * TIMES):
            rng = random.Random(seed)
            bad = rng.random() < 0.4
            body = broken(data, rng) if bad else json.dumps(changed(NOTE, rng)).encode()
            version = client.get("/notes").headers["emblink-notes"]
            headers = {"origin": origin, "emblink-notes": version}
            got = client.put("/notes", content=body, headers=headers)
            if got.status_code not in (204, 400, 409, 412):
                survivors.append((seed, got.status_code, got.text[:100]))
            done[f"put {got.status_code}"] += 1
            (bundle / NOTES).write_bytes(body)
            try:
                _, version = read_notes(bundle)
                write_notes(bundle, json.dumps(NOTE).encode(), version=version)
                done["file read"] += 1
            except BundleError:
                done["file refused"] += 1
            except EmblinkError:
                done["write refused"] += 1
            except Exception as error:
                survivors.append((seed, 0, repr(error)[:200]))
            try:
                eb.Comparison(bundle).saved  # noqa: B018
            except EmblinkError:
                done["saved refused"] += 1
            except Exception as error:
                survivors.append((seed, 1, repr(error)[:200]))
        (bundle / NOTES).unlink(missing_ok=True)
    assert survivors == []
