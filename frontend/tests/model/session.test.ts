import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import type { Layout } from "../../src/model/layout";
import type { Link } from "../../src/model/link";
import type { ProjectionInfo, SpaceInfo } from "../../src/model/schema.gen";
import type { RowSet } from "../../src/model/selection";
import { EMPTY } from "../../src/model/selection";
import { Session } from "../../src/model/session.svelte";
import { ChangingSource, MemorySource, NumberedSource } from "./memory";
import { RichSource, richReport } from "./rich";

async function follow(link: Link): Promise<Session> {
  const session = new Session(await Bundle.open(new MemorySource()));
  await session.follow(link);
  return session;
}

describe("a session", () => {
  it("opens on the first compared pair, coloured by label", async () => {
    const session = await follow({});
    expect([session.pair.a, session.pair.b, session.colour.key]).toEqual(["a", "b", "item:kind"]);
    expect(session.pair.layout.value?.to).toHaveLength(12);
    expect(session.link).toEqual({ a: "a", b: "b", t: 0, colour: "item:kind" });
  });

  it("takes over a link, the focused item by its id", async () => {
    const session = await follow({ a: "b", b: "a", t: 1, colour: "pair:neighborhood_overlap", focus: "i5", theme: "dark" });
    expect(session.pair.view?.reversed).toBe(true);
    expect(session.focus.row).toBe(5);
    expect(session.focus.neighbors.value?.item).toBe(5);
    expect(session.link).toMatchObject({ a: "b", b: "a", t: 1, colour: "pair:neighborhood_overlap", focus: "i5", theme: "dark" });
  });

  it("follows and gives links to items whose ids are numbers", async () => {
    const session = new Session(await Bundle.open(new NumberedSource()));
    await session.follow({ focus: "20000000003" });
    expect([session.focus.row, session.link.focus]).toEqual([2, "20000000003"]);
  });

  it("ignores what a link names and the bundle lacks", async () => {
    const session = await follow({ a: "zzz", colour: "pair:zzz", focus: "zzz" });
    expect([session.pair.a, session.pair.b, session.colour.key, session.focus.row]).toEqual(["a", "b", "item:kind", -1]);
  });

  it("turns the pair round when one space is asked for on both sides", async () => {
    const session = await follow({});
    await session.setPair("b", "b");
    expect([session.pair.a, session.pair.b]).toEqual(["b", "a"]);
  });

  it("keeps showing the same picture when A and B are swapped", async () => {
    const session = await follow({ t: 0.25 });
    await session.swap();
    expect([session.pair.a, session.pair.b, session.time.t]).toEqual(["b", "a", 0.75]);
  });

  it("falls back to the default colour where a pair lacks the chosen one", async () => {
    const session = await follow({ colour: "pair:neighborhood_overlap" });
    await session.setPair("a", "c");
    expect([session.pair.view, session.colour.key]).toEqual([null, "item:kind"]);
    expect(session.pair.layout.error).toMatch(/coords\/c/);
  });

  it("selects a label, and names the selection until it is changed by hand", async () => {
    const session = await follow({});
    session.selection.setLabels(["fruit"]);
    expect([[...session.selection.rows], session.selection.name]).toEqual([[0, 2, 4], "fruit"]);
    session.selection.combine(Uint32Array.of(1), { shift: true, alt: false });
    expect([[...session.selection.rows], session.selection.name]).toEqual([[0, 1, 2, 4], ""]);
  });
});

describe("motion", () => {
  it("is in the link once it is drawn longer than it is, between 1 and 5", async () => {
    const session = await follow({ gain: 3, mode: "trails" });
    expect(session.link).toMatchObject({ gain: 3, mode: "trails" });
    session.time.setGain(9);
    expect(session.time.gain).toBe(5);
    session.time.setGain(1);
    expect(session.link.gain).toBeUndefined();
    session.time.setGain(2);
    await session.follow({});
    expect([session.time.gain, session.time.trails]).toEqual([1, false]);
  });

  it("has classes where the bundle has them, for the pictures on screen", async () => {
    const session = new Session(await Bundle.open(new RichSource()));
    await session.follow({ colour: "pair:move" });
    expect(session.pair.moves.value?.codes.filter((code) => code === 1)).toHaveLength(144);
    expect(session.colour.colouring.value).toMatchObject({ key: "pair:move", missing: 0 });
    const without = await follow({});
    expect([without.pair.moves.value, without.pair.movesField]).toEqual([null, null]);
  });
});

describe("an alignment on the selection", () => {
  const apart = ({ from, to }: Layout, rows: RowSet): number =>
    rows.reduce((sum, row) => sum + Math.hypot((from[2 * row] ?? 0) - (to[2 * row] ?? 0), (from[2 * row + 1] ?? 0) - (to[2 * row + 1] ?? 0)), 0);

  async function start(): Promise<Session> {
    const session = new Session(await Bundle.open(new RichSource()));
    await session.follow({});
    session.selection.setLabels(["4"]);
    return session;
  }

  it("brings the other picture nearer at the anchors, leaves A's, and can be undone", async () => {
    const session = await start();
    const stored = session.pair.layout.value as Layout;
    const copy = stored.to.slice();
    await session.alignOnSelection();
    const aligned = session.pair.layout.value as Layout;
    expect([aligned.from, aligned.anchors, aligned.problem]).toEqual([stored.from, 60, ""]);
    expect(apart(aligned, session.selection.rows)).toBeLessThan(0.9 * apart(stored, session.selection.rows));
    expect(stored.to).toEqual(copy);
    session.selection.set(Uint32Array.of(1));
    expect(session.pair.layout.value).toBe(aligned);
    await session.pair.align(null);
    expect(session.pair.layout.value?.to).toBe(stored.to);
  });

  it("keeps to its space when the pair changes, and lays both pictures on it", async () => {
    const session = await start();
    await session.alignOnSelection();
    const { to } = session.pair.layout.value as Layout;
    await session.swap();
    expect(session.pair.layout.value?.from).toEqual(to);
    await session.setPair("epoch 2", "epoch 5");
    const both = session.pair.layout.value as Layout;
    const stored = await session.bundle.coords(session.pair.spaceA as SpaceInfo, (session.pair.spaceA as SpaceInfo).projections[0] as ProjectionInfo);
    expect(both.anchors).toBe(60);
    expect(both.from).not.toEqual(stored);
  });

  it("says so when the anchors' space has no picture of the kind on screen", async () => {
    const source = new RichSource();
    const manifest = await source.manifest();
    for (const { name, projections } of manifest.spaces) {
      if (name !== "epoch 0") projections.push({ ...(projections[0] as ProjectionInfo), method: "umap" });
    }
    const session = new Session(new Bundle(source, manifest));
    await session.follow({});
    session.selection.setLabels(["4"]);
    await session.alignOnSelection();
    await session.setPair("epoch 1", "epoch 2");
    await session.setMethod("umap");
    expect(session.pair.layout.value?.problem).toMatch(/^Not aligned: epoch 0.* choose another projection/);
    await session.setMethod("joint");
    expect(session.pair.layout.value).toMatchObject({ problem: "", anchors: 60 });
  });

  it("with fewer than two anchors in both says so, and shows the pictures as they are stored", async () => {
    const session = await follow({});
    const stored = session.pair.layout.value as Layout;
    session.selection.set(Uint32Array.of(0, 1));
    await session.alignOnSelection();
    expect(session.pair.layout.value?.to).toBe(stored.to);
    expect(session.pair.layout.value?.problem).toBe("Not aligned: a and b have fewer than two of the anchors in common; select more items.");
    session.selection.set(EMPTY);
    await session.alignOnSelection();
    expect([session.pair.anchoring, session.pair.layout.value?.problem]).toEqual([null, ""]);
  });
});

describe("a question about the selection", () => {
  async function start(source: RichSource): Promise<Session> {
    const session = new Session(await Bundle.open(source));
    await session.follow({});
    return session;
  }

  it("is answered for the rows and the pair on screen", async () => {
    const session = await start(new RichSource());
    session.selection.setLabels(["4", "7"]);
    expect([session.selection.rows.length, session.selection.name]).toEqual([120, "4 and 7"]);
    await session.ask();
    expect(session.selection.answer.value).toMatchObject({ n: 120 });
    expect(session.selection.answer.value?.sentence).toContain("from epoch 0 to epoch 1");
  });

  it("is taken back, and its answer dropped, when the selection or the pair changes", async () => {
    const source = new RichSource(richReport(), 20);
    const session = await start(source);
    session.selection.setLabels(["4"]);
    const asked = session.ask();
    expect(session.selection.answer.busy).toBe(true);
    session.selection.setLabels(["5"]);
    expect(session.selection.answer.busy).toBe(false);
    await asked;
    expect([session.selection.answer.value, session.selection.answer.error, source.cancelled]).toEqual([null, null, 1]);
    const again = session.ask();
    await session.setPair("epoch 1", "epoch 2");
    await again;
    expect([session.selection.answer.value, source.cancelled]).toEqual([null, 2]);
  });

  it("that fails says why", async () => {
    const session = await start(new RichSource());
    session.selection.setLabels(["4"]);
    await session.setPair("epoch 10", "epoch 10, seed 1");
    await session.ask();
    expect(session.selection.answer.error).toBe("the selection: epoch 10, seed 1 has none of it; ask of other items");
  });

  it("cannot be put to a source that does not compute", async () => {
    expect((await Bundle.open(new MemorySource())).answers).toBe(false);
    expect((await Bundle.open(new RichSource())).answers).toBe(true);
  });
});

describe("what becomes of a bundle", () => {
  const newer = { kind: "newer", message: "made anew" } as const;

  it("is known to the session as it is told, and forgotten when it is as it was", async () => {
    const source = new ChangingSource();
    const session = new Session(await Bundle.open(source));
    expect(session.news).toBeNull();
    source.tell(newer);
    expect(session.news).toEqual(newer);
    source.tell(null);
    expect(session.news).toBeNull();
  });

  it("is looked for once, when a page is shown and its window comes to the front together", async () => {
    const source = new ChangingSource();
    const session = new Session(await Bundle.open(source));
    source.found = newer;
    await Promise.all([session.look(), session.look()]);
    expect([source.looks, session.news]).toEqual([1, newer]);
  });

  it("is not looked for while the comparison is under way, which is asked for anyway", async () => {
    const source = new ChangingSource();
    const session = new Session(await Bundle.open(source));
    session.live = { state: "running", step: "", done: 0, total: 1, message: "", revision: 1 };
    await session.look();
    expect(source.looks).toBe(0);
  });

  it("is no longer told of a bundle that gave way to another", async () => {
    const [old, fresh] = [new ChangingSource(), new ChangingSource()];
    const session = new Session(await Bundle.open(old));
    await session.follow({});
    old.tell(newer);
    await session.reopen(await Bundle.open(fresh));
    expect(session.news).toBeNull();
    old.tell(newer);
    expect(session.news).toBeNull();
    fresh.tell(newer);
    expect(session.news).toEqual(newer);
  });
});
