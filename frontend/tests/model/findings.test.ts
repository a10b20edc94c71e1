import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { boxRound, rowsOfBits, sameRows } from "../../src/model/findings";
import type { Link } from "../../src/model/link";
import { formatLink, parseLink } from "../../src/model/link";
import { Session } from "../../src/model/session.svelte";
import { RichSource, richReport } from "./rich";
import { itemsOf, NOTHING, told } from "./told";

async function start(link: Link = {}, source = new RichSource(told(richReport()))): Promise<Session> {
  const session = new Session(await Bundle.open(source));
  await session.follow(link);
  return session;
}

describe("the rows of findings", () => {
  it("are read from bits, of which an item may have several or none", () => {
    expect(rowsOfBits(Int32Array.of(1, 3, 0, 2, 256), 9).map((rows) => [...rows])).toEqual([[0, 1], [1, 3], [], [], [], [], [], [], [4]]);
  });

  it("leave out items that are not in both spaces", () => {
    expect(rowsOfBits(Int32Array.of(-1, 1, -1), 2).map((rows) => [...rows])).toEqual([[1], []]);
  });

  it("are the same where each is", () => {
    const rows = Uint32Array.of(1, 4);
    expect([sameRows(rows, Uint32Array.of(1, 4)), sameRows(rows, Uint32Array.of(1, 5)), sameRows(rows, Uint32Array.of(1))]).toEqual([true, false, false]);
  });
});

describe("the box round some rows", () => {
  it("holds their places in A and in B, and nothing of the others", () => {
    const layout = { from: Float32Array.of(0, 0, 1, 5, 99, 99), to: Float32Array.of(-2, 1, 3, 2, 99, 99) };
    expect(boxRound(Uint32Array.of(0, 1), layout)).toEqual({ left: -2, right: 3, bottom: 0, top: 5 });
  });

  it("is round those that have a place, and is none where none has", () => {
    const layout = { from: Float32Array.of(NaN, NaN, 1, 5), to: Float32Array.of(2, 2, NaN, NaN) };
    expect(boxRound(Uint32Array.of(0, 1), layout)).toEqual({ left: 1, right: 2, bottom: 2, top: 5 });
    expect(boxRound(Uint32Array.of(0), { from: layout.from, to: Float32Array.of(NaN, NaN) })).toBeNull();
    expect(boxRound(new Uint32Array(), layout)).toBeNull();
  });

  it("is not stretched by one item in a hundred that lies far off", () => {
    const places = Float32Array.from({ length: 200 }, (_, i) => (i < 2 ? 1000 : (i % 10) / 10));
    const box = boxRound(Uint32Array.from({ length: 100 }, (_, row) => row), { from: places, to: places });
    expect(box?.right).toBeLessThan(1);
    expect(box?.top).toBeLessThan(1);
  });
});

describe("choosing a finding", () => {
  it("selects exactly its items under its title, until another selection is made", async () => {
    const session = await start();
    expect([...((await session.findings.choose(2)) ?? [])]).toEqual(itemsOf(2));
    expect([session.findings.chosen, [...session.selection.rows], session.selection.name]).toEqual([2, itemsOf(2), "“4” less clear"]);
    session.selection.setLabels(["7"]);
    expect(session.findings.chosen).toBe(-1);
  });

  it("has trails of its own colour, though some of its items are in smaller ones too", async () => {
    const session = await start({ mode: "trails" });
    for (const finding of [0, 1, 2]) {
      await session.findings.choose(finding);
      const hues = new Set([...(session.story.value?.items ?? [])].map((item) => session.story.value?.hues[item]));
      expect([...hues]).toEqual([finding]);
    }
  });

  it("lets go of a group, and choosing a group lets go of it", async () => {
    const session = await start();
    await session.grouping.show(0, 1);
    await session.findings.choose(0);
    expect([session.grouping.chosen, session.findings.chosen]).toEqual([-1, 0]);
    await session.grouping.show(0, 1);
    expect([session.grouping.chosen, session.findings.chosen]).toEqual([1, -1]);
  });

  it("shows the pair in the direction it is told", async () => {
    const session = await start({ a: "epoch 1", b: "epoch 0", t: 0.25 });
    await session.findings.choose(0);
    expect([session.pair.a, session.pair.b, session.time.t, session.findings.chosen]).toEqual(["epoch 0", "epoch 1", 0.75, 0]);
  });

  it("reads the bundle once, and nothing of a pair without findings", async () => {
    const source = new RichSource(told(richReport()));
    const session = await start({}, source);
    await Promise.all([session.findings.load(), session.findings.load()]);
    await session.findings.choose(1);
    await session.findings.choose(0);
    expect(source.asked.filter((name) => name === "findings")).toHaveLength(1);
    await session.setPair("epoch 1", "epoch 2");
    await session.findings.load();
    expect([session.findings.rows, await session.findings.choose(0), session.pair.view?.report.nothing]).toEqual([null, null, NOTHING]);
  });

  it("gives way to what is asked for meanwhile", async () => {
    const session = await start();
    const [first, second] = await Promise.all([session.findings.choose(0), session.findings.choose(1)]);
    expect([first, second?.length, session.findings.chosen]).toEqual([null, itemsOf(1).length, 1]);
  });

  it("comes back from a link", async () => {
    const session = await start();
    await session.findings.choose(1);
    const other = await start(parseLink(formatLink(session.link)));
    await other.findings.load();
    expect(other.findings.chosen).toBe(1);
  });

  it("is not possible in a bundle from before findings", async () => {
    const session = await start({}, new RichSource());
    expect([await session.findings.choose(0), session.pair.view?.findings, session.pair.view?.findingsInfo]).toEqual([null, [], null]);
  });
});
