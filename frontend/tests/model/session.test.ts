import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import type { Link } from "../../src/model/link";
import { Session } from "../../src/model/session.svelte";
import { MemorySource, NumberedSource } from "./memory";
import { RichSource, richReport } from "./rich";

async function follow(link: Link): Promise<Session> {
  const session = new Session(await Bundle.open(new MemorySource()));
  await session.follow(link);
  return session;
}

describe("a session", () => {
  it("opens on the first compared pair, coloured by label", async () => {
    const session = await follow({});
    expect([session.a, session.b, session.colour]).toEqual(["a", "b", "item:kind"]);
    expect(session.layout.value?.to).toHaveLength(12);
    expect(session.link).toEqual({ a: "a", b: "b", t: 0, colour: "item:kind" });
  });

  it("takes over a link, the focused item by its id", async () => {
    const session = await follow({ a: "b", b: "a", t: 1, colour: "pair:neighborhood_overlap", focus: "i5", theme: "dark" });
    expect(session.pair?.reversed).toBe(true);
    expect(session.focus).toBe(5);
    expect(session.neighbors.value?.item).toBe(5);
    expect(session.link).toMatchObject({ a: "b", b: "a", t: 1, colour: "pair:neighborhood_overlap", focus: "i5", theme: "dark" });
  });

  it("follows and gives links to items whose ids are numbers", async () => {
    const session = new Session(await Bundle.open(new NumberedSource()));
    await session.follow({ focus: "20000000003" });
    expect([session.focus, session.link.focus]).toEqual([2, "20000000003"]);
  });

  it("ignores what a link names and the bundle lacks", async () => {
    const session = await follow({ a: "zzz", colour: "pair:zzz", focus: "zzz" });
    expect([session.a, session.b, session.colour, session.focus]).toEqual(["a", "b", "item:kind", -1]);
  });

  it("turns the pair round when one space is asked for on both sides", async () => {
    const session = await follow({});
    await session.setPair("b", "b");
    expect([session.a, session.b]).toEqual(["b", "a"]);
  });

  it("keeps showing the same picture when A and B are swapped", async () => {
    const session = await follow({ t: 0.25 });
    await session.swap();
    expect([session.a, session.b, session.t]).toEqual(["b", "a", 0.75]);
  });

  it("falls back to the default colour where a pair lacks the chosen one", async () => {
    const session = await follow({ colour: "pair:neighborhood_overlap" });
    await session.setPair("a", "c");
    expect([session.pair, session.colour]).toEqual([null, "item:kind"]);
    expect(session.layout.error).toMatch(/coords\/c/);
  });

  it("selects a label, and names the selection until it is changed by hand", async () => {
    const session = await follow({});
    session.selectLabel("fruit");
    expect([[...session.selection], session.selectionName]).toEqual([[0, 2, 4], "fruit"]);
    session.combine(Uint32Array.of(1), { shift: true, alt: false });
    expect([[...session.selection], session.selectionName]).toEqual([[0, 1, 2, 4], ""]);
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
    session.selectLabels(["4", "7"]);
    expect([session.selection.length, session.selectionName]).toEqual([120, "4 and 7"]);
    await session.ask();
    expect(session.answer.value).toMatchObject({ n: 120 });
    expect(session.answer.value?.sentence).toContain("from epoch 0 to epoch 1");
  });

  it("is taken back, and its answer dropped, when the selection or the pair changes", async () => {
    const source = new RichSource(richReport(), 20);
    const session = await start(source);
    session.selectLabel("4");
    const asked = session.ask();
    expect(session.answer.busy).toBe(true);
    session.selectLabel("5");
    expect(session.answer.busy).toBe(false);
    await asked;
    expect([session.answer.value, session.answer.error, source.cancelled]).toEqual([null, null, 1]);
    const again = session.ask();
    await session.setPair("epoch 1", "epoch 2");
    await again;
    expect([session.answer.value, source.cancelled]).toEqual([null, 2]);
  });

  it("that fails says why", async () => {
    const session = await start(new RichSource());
    session.selectLabel("4");
    await session.setPair("epoch 10", "epoch 10, seed 1");
    await session.ask();
    expect(session.answer.error).toBe("the selection: epoch 10, seed 1 has none of it; ask of other items");
  });

  it("cannot be put to a source that does not compute", async () => {
    expect((await Bundle.open(new MemorySource())).answers).toBe(false);
    expect((await Bundle.open(new RichSource())).answers).toBe(true);
  });
});
