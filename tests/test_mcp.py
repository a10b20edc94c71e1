"""``emblink mcp`` as an agent meets it, by the protocol's own client, over standard input."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import clustered

pytestmark = [pytest.mark.mcp, pytest.mark.slow]

ROOT = Path(__file__).parents[1]
UI = "io.modelcontextprotocol/ui"
HTML = "text/html;profile=mcp-app"
TOOLS = {
    *("inspect", "compare", "findings", "verdict", "most_changed"),
    *("neighbors", "groups", "ask", "gate"),
}
Session = Callable[[Any], Awaitable[None]]


def write(path: Path, vectors: Any, labels: Any, *, n_dims: int = 12) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    flat = pa.array(vectors.astype("f4").ravel())
    pq.write_table(
        pa.table(
            {
                "id": [f"w{i}" for i in range(len(vectors))],
                "label": [f"kind {one}" for one in labels],
                "text": [f"thing {i}" for i in range(len(vectors))],
                "embedding": pa.FixedSizeListArray.from_arrays(flat, n_dims),
            }
        ),
        path,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("agent")
    folder = top / "shop"
    folder.mkdir()
    rng = np.random.default_rng(0)
    x, labels = clustered(240)
    write(folder / "old.parquet", x, labels)
    write(folder / "new.parquet", x + 0.002 * rng.standard_normal(x.shape), labels)
    write(folder / "bad.parquet", x + 2 * rng.standard_normal(x.shape), labels)
    write(top / "secret.parquet", x, labels)
    (folder / "link.parquet").symlink_to(top / "secret.parquet")
    return folder


def talk(folder: Path, session: Session, *roots: Path, apps: bool = True) -> None:
    """Hold a session with a server of its own."""
    from mcp import Client
    from mcp.client import advertise
    from mcp.client.stdio import StdioServerParameters

    words = ["-m", "emblink", "mcp"]
    for root in roots:
        words += ["--root", str(root)]
    server = StdioServerParameters(
        command=sys.executable,
        args=words,
        cwd=folder,
        env={"PYTHONPATH": os.environ.get("PYTHONPATH", str(ROOT / "src"))},
    )

    async def held() -> None:
        known = [advertise(UI, {"mimeTypes": [HTML]})] if apps else None
        async with Client(server, extensions=known, read_timeout_seconds=240) as client:
            await session(client)

    asyncio.run(held())


def words_of(result: Any) -> str:
    return "\n".join(one.text for one in result.content if one.type == "text")


async def compared(client: Any, **options: Any) -> dict[str, Any]:
    spaces = {"old": "old.parquet", "new": "new.parquet"}
    made = await client.call_tool("compare", {"spaces": spaces, "label": "label", **options})
    assert not made.is_error, words_of(made)
    found: dict[str, Any] = made.structured_content
    return found


def test_tools_say_what_they_are_and_whether_they_write(folder: Path) -> None:
    async def session(client: Any) -> None:
        tools = {one.name: one for one in (await client.list_tools()).tools}
        assert set(tools) == TOOLS
        for name, tool in tools.items():
            assert tool.description
            assert tool.annotations.read_only_hint is (name != "compare")
            assert tool.annotations.open_world_hint is False
        assert tools["compare"].meta["ui"]["resourceUri"] == "ui://emblink/comparison.html"
        assert "chance" in client.instructions

    talk(folder, session)


def test_may_i_ship_new_parquet(folder: Path) -> None:
    heard: list[tuple[float, str]] = []

    async def progress(done: float, total: float | None, words: str | None) -> None:
        heard.append((done, words or ""))

    async def session(client: Any) -> None:
        for file in ("old.parquet", "new.parquet"):
            seen = await client.call_tool("inspect", {"file": file})
            assert seen.structured_content["path"] == file
            assert seen.structured_content["vectors"][0]["n_rows"] == 240
        made = await client.call_tool(
            "compare",
            {"spaces": {"old": "old.parquet", "new": "new.parquet"}, "label": "label"},
            progress_callback=progress,
        )
        run = made.structured_content["run"]
        assert made.content[0].type == "text"
        gate = await client.call_tool("gate", {"run": run})
        assert gate.structured_content["verdict"] == "pass"
        assert gate.structured_content["exit"] == 0
        assert gate.content[0].text.startswith("PASS. ")
        kept = gate.structured_content["kept_neighbors"]
        assert kept["interval"][0] <= kept["value"] <= kept["interval"][1]
        assert kept["chance"] < kept["value"]
        assert 0 < kept["floor"] <= 1
        links = [one for one in made.content if one.type == "resource_link"]
        assert [one.uri for one in links] == [made.structured_content["page"]]
        page = (await client.read_resource(links[0].uri)).contents[0]
        assert page.mime_type == HTML
        assert "<script" in page.text
        assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in page.text

    talk(folder, session)
    shares = [one for one, _ in heard]
    assert len(set(shares)) == len(shares) > 2
    assert shares == sorted(shares)
    assert all(words for _, words in heard)


def test_a_space_that_is_worse_is_not_to_be_shipped(folder: Path) -> None:
    async def session(client: Any) -> None:
        made = await compared(client, spaces={"old": "old.parquet", "bad": "bad.parquet"})
        gate = await client.call_tool("gate", {"run": made["run"]})
        assert gate.structured_content["verdict"] == "fail"
        assert gate.structured_content["exit"] == 1
        failed = [one for one in gate.structured_content["checks"] if one["status"] == "fail"]
        assert failed
        assert all(one["sentence"] in gate.content[0].text for one in failed)

    talk(folder, session)


def test_each_answer_is_words_and_the_same_as_data_beside_chance(folder: Path) -> None:
    async def session(client: Any) -> None:
        run = (await compared(client))["run"]
        asked: dict[str, dict[str, Any]] = {
            "verdict": {},
            "findings": {},
            "most_changed": {"n": 5},
            "neighbors": {"item": "w3", "k": 7},
            "groups": {},
            "ask": {"a": "old", "b": "new", "where": {"label": "kind 1"}},
            "gate": {"limits": {"max_size": "identical"}},
        }
        told = {}
        for name, given in asked.items():
            got = await client.call_tool(name, {"run": run, **given})
            assert not got.is_error, words_of(got)
            assert json.loads(got.content[1].text) == got.structured_content
            assert len(words_of(got)) < 20_000
            told[name] = got.structured_content
        for score in (
            *told["verdict"]["scores"].values(),
            told["most_changed"]["mean"],
            *told["ask"]["scores"].values(),
        ):
            assert {"value", "chance", "floor", "interval"} <= set(score)
        assert len(told["most_changed"]["items"]) == 5
        kept = told["neighbors"]["kept"][0]
        before, after = (
            {one["id"] for one in told["neighbors"]["neighbors"][name]} for name in ("old", "new")
        )
        assert kept["value"] == len(before & after) / 7
        assert kept["chance"] == 7 / 239
        assert told["ask"]["n"] == 60
        assert told["gate"]["verdict"] == "fail"

    talk(folder, session)


def test_reports_are_resources_and_a_run_outlives_its_session(folder: Path) -> None:
    made: dict[str, Any] = {}

    async def first(client: Any) -> None:
        made.update(await compared(client, out="kept.emblink"))
        listed = {one.uri for one in (await client.list_resources()).resources}
        assert {made["report"], made["page"]} <= listed
        told = (await client.read_resource(made["report"])).contents[0]
        assert told.mime_type == "text/markdown"
        assert "old → new" in told.text

    async def second(client: Any) -> None:
        lost = await client.call_tool("verdict", {"run": made["run"]})
        assert lost.is_error
        assert "path of its bundle" in words_of(lost)
        found = await client.call_tool("verdict", {"run": "kept.emblink"})
        assert found.structured_content["run"] == made["run"]

    talk(folder, first)
    talk(folder, second, apps=False)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("inspect", {"file": "nothing.parquet"}, "there is no file nothing.parquet"),
    ("compare", {"spaces": {"old": "old.parquet"}}, "two spaces or more"),
    ("verdict", {"run": "old.parquet"}, "bundle"),
    ("verdict", {"run": "RUN", "a": "older"}, "Pairs: old → new"),
    ("neighbors", {"run": "RUN", "item": "nobody"}, "ids are such as w0"),
    ("neighbors", {"run": "RUN", "item": "w0", "spaces": ["older"]}, "spaces are old, new"),
    ("most_changed", {"run": "RUN", "n": 0}, "1 to 100"),
    ("ask", {"run": "RUN", "a": "old", "b": "new"}, "items"),
    ("gate", {"run": "RUN", "limits": {"max_sise": "same"}}, "limits are max_size"),
    ("compare", {"spaces": {"old": "old.parquet", "new": "new.parquet"}, "id": "no"}, "'no'"),
]


def test_errors_name_the_way_out(folder: Path) -> None:
    async def session(client: Any) -> None:
        run = (await compared(client))["run"]
        for tool, given, words in WRONG:
            named = {key: run if value == "RUN" else value for key, value in given.items()}
            got = await client.call_tool(tool, named)
            assert got.is_error
            assert words in words_of(got)
            assert "Error: " in words_of(got)
            assert str(folder) not in words_of(got)

    talk(folder, session)


def test_a_hostile_session_reads_and_names_nothing_outside_its_roots(folder: Path) -> None:
    from mcp import MCPError

    secret = folder.parent / "secret.parquet"
    ways = [str(secret), "../secret.parquet", "link.parquet", "l*.parquet", "../*.parquet", "/etc"]
    said: list[str] = []

    async def session(client: Any) -> None:
        made = await compared(client)
        run = made["run"]
        for way in ways:
            calls: list[tuple[str, dict[str, Any]]] = [
                ("inspect", {"file": way}),
                ("inspect", {"file": f"{way}::embedding"}),
                ("compare", {"spaces": {"old": "old.parquet", "new": way}}),
                ("compare", {"spaces": {"a": "old.parquet", "b": "new.parquet"}, "items": way}),
                ("verdict", {"run": way}),
                ("gate", {"run": run, "policy": way}),
                ("gate", {"run": run, "baseline": way}),
                ("gate", {"run": run, "limits": {"must_keep": way}}),
            ]
            if "*" not in way:
                out = {"spaces": {"a": "old.parquet", "b": "new.parquet"}, "out": f"{way}"}
                calls.append(("compare", out))
            for name, given in calls:
                got = await client.call_tool(name, given)
                assert got.is_error, (name, given)
                assert "leads out of the roots" in words_of(got), (name, given, words_of(got))
                said.append(words_of(got))
        for uri in (
            "emblink://..%2F..%2Fsecret/report.md",
            f"emblink://{secret}/report.md",
            "ui://emblink/..%2f..%2fsecret.html",
            "ui://emblink/%2Fetc%2Fpasswd.html",
            "file:///etc/passwd",
        ):
            with pytest.raises(MCPError) as caught:
                await client.read_resource(uri)
            said.append(str(caught.value).replace(uri, ""))
        told = [await client.call_tool(one, {"run": run}) for one in ("verdict", "findings")]
        said.extend(map(words_of, told))
        said.append((await client.read_resource(made["report"])).contents[0].text)
        said.append((await client.read_resource(made["page"])).contents[0].text)

    talk(folder.parent, session, folder)
    for place in (str(folder.parent), str(folder), os.path.realpath(sys.prefix)):
        assert [one for one in said if place in one] == []


def test_a_comparison_that_nobody_waits_for_stops(folder: Path) -> None:
    rng = np.random.default_rng(3)
    for name in ("big", "bigger"):
        np.save(folder / f"{name}.npy", rng.standard_normal((30_000, 64)).astype("f4"))

    async def session(client: Any) -> None:
        given = {"spaces": {"a": "big.npy", "b": "bigger.npy"}, "out": "stopped.emblink"}
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(4):
                await client.call_tool("compare", given)
        seen = await client.call_tool("inspect", {"file": "big.npy"})
        assert seen.structured_content["vectors"][0]["n_rows"] == 30_000
        assert not (folder / "stopped.emblink" / "manifest.json").exists()

    talk(folder, session)
