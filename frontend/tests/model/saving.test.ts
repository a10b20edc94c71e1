import { describe, expect, it } from "vitest";
import type { KeptNotes, Notes } from "../../src/data/source";
import { Bundle } from "../../src/model/bundle";
import { mergeSets, readSets, type SavedSet } from "../../src/model/notes";
import { Saving, type Shelf } from "../../src/model/saving.svelte";
import { MemorySource } from "./memory";

/** Notes that several pages write into. */
class Desk {
  notes: Notes = { schema: "emblink.notes/1", selections: [] };
  version = 0;
  writes = 0;
  broken = false;
}

class NotedSource extends MemorySource {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    super();
    this.#desk = desk;
  }

  readNotes(): Promise<KeptNotes> {
    return Promise.resolve({ notes: this.#desk.notes, version: String(this.#desk.version) });
  }

  writeNotes(notes: Notes, version: string): Promise<string | null> {
    const desk = this.#desk;
    desk.writes++;
    if (desk.broken) return Promise.reject(new Error("the disk is full"));
    if (version !== String(desk.version)) return Promise.resolve(null);
    desk.notes = notes;
    return Promise.resolve(String(++desk.version));
  }
}

class Drawer implements Shelf {
  readonly kept = new Map<string, string>();
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.kept.set(key, value);
}

async function page(desk: Desk): Promise<Saving> {
  const saving = new Saving({ bundle: await Bundle.open(new NotedSource(desk)) }, null);
  await saving.load();
  return saving;
}

async function unserved(shelf: Shelf | null): Promise<Saving> {
  const saving = new Saving({ bundle: await Bundle.open(new MemorySource()) }, shelf);
  await saving.load();
  return saving;
}

const names = (saving: Saving): string[] => (saving.sets ?? []).map(({ name }) => name);

describe("saved selections", () => {
  it("are of ids, and come back as rows on another page", async () => {
    const desk = new Desk();
    const one = await page(desk);
    await one.save(" fruit ", Uint32Array.of(0, 2, 4), "ripe");
    expect(desk.notes.selections).toMatchObject([{ name: "fruit", note: "ripe", items: ["i0", "i2", "i4"] }]);
    const two = await page(desk);
    const [set] = two.sets ?? [];
    expect([...(two.rows.value?.get(set?.id ?? "") ?? [])]).toEqual([0, 2, 4]);
    expect(two.shared).toBe(true);
  });

  it("keep ids that this bundle lacks", async () => {
    const desk = new Desk();
    desk.notes = { schema: "emblink.notes/1", selections: [{ id: "s", name: "old", note: "", items: ["gone", "i1"] }] };
    const one = await page(desk);
    expect([...(one.rows.value?.get("s") ?? [])]).toEqual([1]);
    await one.change("s", { note: "seen" });
    expect(desk.notes.selections).toEqual([{ id: "s", name: "old", note: "seen", items: ["gone", "i1"] }]);
  });

  it("of two pages that write at once are all kept", async () => {
    const desk = new Desk();
    const [one, two] = [await page(desk), await page(desk)];
    await one.save("one", Uint32Array.of(0));
    await two.save("two", Uint32Array.of(1));
    expect(desk.notes.selections.map(({ name }) => name)).toEqual(["one", "two"]);
    expect(names(two)).toEqual(["one", "two"]);
    expect([...(two.rows.value?.values() ?? [])].map((rows) => [...rows])).toEqual([[0], [1]]);
    await one.remove(one.sets?.[0]?.id ?? "");
    expect(desk.notes.selections.map(({ name }) => name)).toEqual(["two"]);
  });

  it("saved fast one after the other are written one after the other", async () => {
    const desk = new Desk();
    const one = await page(desk);
    await Promise.all(["a", "b", "c"].map((name) => one.save(name, Uint32Array.of(0))));
    expect(desk.notes.selections.map(({ name }) => name).sort()).toEqual(["a", "b", "c"]);
  });

  it("that cannot be written stay on the page, say why, and are written when it is tried again", async () => {
    const desk = new Desk();
    desk.broken = true;
    const one = await page(desk);
    await one.save("one", Uint32Array.of(0));
    expect([names(one), one.writing.error]).toEqual([["one"], "the disk is full"]);
    desk.broken = false;
    await one.store();
    expect([desk.notes.selections.length, one.writing.error]).toEqual([1, null]);
  });

  it("stay in the browser where the bundle is not served, and are of these items alone", async () => {
    const shelf = new Drawer();
    await (await unserved(shelf)).save("one", Uint32Array.of(3));
    const again = await unserved(shelf);
    expect([names(again), again.shared]).toEqual([["one"], false]);
    const [key = ""] = shelf.kept.keys();
    expect(JSON.parse(key)).toEqual(["emblink.notes", 6, "i0", "i5"]);
  });

  it("of two tabs of one browser are all kept", async () => {
    const shelf = new Drawer();
    const [one, two] = [await unserved(shelf), await unserved(shelf)];
    await one.save("one", Uint32Array.of(0));
    await two.save("two", Uint32Array.of(1));
    expect(names(await unserved(shelf))).toEqual(["one", "two"]);
  });

  it("in a browser that keeps nothing last as long as the page, which says so", async () => {
    const one = await unserved(null);
    await one.save("one", Uint32Array.of(0));
    expect(names(one)).toEqual(["one"]);
    expect(one.writing.error).toMatch(/until the page is closed/);
  });
});

describe("going back", () => {
  it("takes back one's own doing alone: what others saved meanwhile stays", async () => {
    const desk = new Desk();
    const [one, two] = [await page(desk), await page(desk)];
    const before = one.left ?? [];
    await one.save("one", Uint32Array.of(0));
    const after = one.left ?? [];
    await two.save("two", Uint32Array.of(1));
    await one.save("three", Uint32Array.of(2));
    expect(names(one).sort()).toEqual(["one", "three", "two"]);
    await one.back(after);
    expect(names(one).sort()).toEqual(["one", "two"]);
    await one.back(before);
    expect(names(one)).toEqual(["two"]);
    expect(desk.notes.selections.map(({ name }) => name)).toEqual(["two"]);
    await one.back(after);
    expect(desk.notes.selections.map(({ name }) => name).sort()).toEqual(["one", "two"]);
  });
});

describe("what several wrote", () => {
  const set = (id: string, name = id): SavedSet => ({ id, name, note: "", items: [] });

  it("is merged set by set: one's own changes, and theirs of all else", () => {
    const base = [set("a"), set("b"), set("c")];
    const mine = [set("a", "mine"), set("c"), set("new")];
    const theirs = [set("a", "theirs"), set("b"), set("c", "theirs"), set("d")];
    expect(mergeSets(base, mine, theirs).map(({ id, name }) => `${id} ${name}`)).toEqual(["a mine", "c theirs", "d d", "new new"]);
    expect(mergeSets(base, base, [set("a")])).toEqual([set("a")]);
  });

  it("is read only where it is ours", () => {
    expect(readSets(null)).toEqual([]);
    for (const text of ["", "null", "[]", '{"schema":"other"}', '{"schema":"emblink.notes/1","selections":[{"id":1}]}']) expect(readSets(text)).toBeNull();
    expect(readSets(JSON.stringify({ schema: "emblink.notes/1", selections: [set("a")] }))).toEqual([set("a")]);
  });
});
