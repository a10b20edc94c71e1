import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { Session } from "../../src/model/session.svelte";
import { RichSource } from "./rich";

async function open(): Promise<Session> {
  const session = new Session(await Bundle.open(new RichSource()));
  await session.follow({});
  return session;
}

const item = (row: number): { kind: "item"; rows: Uint32Array; name: string } => ({ kind: "item", rows: Uint32Array.of(row), name: "this one" });

describe("what lies near by true distance", () => {
  it("is selected by how many, with the item itself, and is called so", async () => {
    const session = await open();
    await session.nearest.seek(item(3), session.pair.a);
    expect(session.selection.rows).toHaveLength(0);
    session.nearest.take(4);
    expect([...session.selection.rows]).toEqual([0, 1, 2, 3, 4]);
    expect(session.selection.name).toBe(`4 nearest to this one in ${session.pair.a}`);
    expect(session.nearest.reach).toBe(0.004);
  });

  it("is selected by how far: all that lie no farther, and no other", async () => {
    const session = await open();
    await session.nearest.seek(item(0), session.pair.b);
    session.nearest.within(0.0025);
    expect([...session.selection.rows]).toEqual([0, 1, 2]);
    session.nearest.within(-1);
    expect([...session.selection.rows]).toEqual([0]);
    session.nearest.within(9);
    expect(session.selection.rows).toHaveLength(session.bundle.n);
    session.nearest.within(Number.NaN);
    expect([...session.selection.rows]).toEqual([0]);
  });

  it("grows and shrinks from what was asked about, not from what it selected", async () => {
    const session = await open();
    session.selection.set(Uint32Array.of(7, 9));
    await session.nearest.seek({ kind: "selection", rows: session.selection.rows, name: "two" }, session.pair.a);
    session.nearest.take(50);
    session.nearest.take(1);
    expect([...session.selection.rows]).toEqual([0, 7, 9]);
    expect(session.nearest.current).toBe(true);
    session.selection.set(Uint32Array.of(1));
    expect(session.nearest.current).toBe(false);
  });

  it("says why there is none, and takes a question back", async () => {
    const session = await open();
    await session.nearest.seek(item(0), "epoch 10, seed 1");
    expect(session.nearest.found.error).toContain("none of it");
    session.nearest.take(3);
    expect(session.selection.rows).toHaveLength(0);
    session.nearest.close();
    expect([session.nearest.of, session.nearest.found.error]).toEqual([null, null]);
  });
});
