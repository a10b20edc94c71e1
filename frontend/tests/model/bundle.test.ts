import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { factsOf, nameOf } from "../../src/model/item";
import { MemorySource, NumberedSource, overlap } from "./memory";

async function open(): Promise<{ bundle: Bundle; source: MemorySource }> {
  const source = new MemorySource();
  return { bundle: await Bundle.open(source), source };
}

describe("a bundle", () => {
  it("of another schema asks to update Emblink", async () => {
    const source = new MemorySource();
    const manifest = { ...(await source.manifest()), schema: "emblink.bundle/9" };
    expect(() => new Bundle(source, manifest)).toThrow(/'emblink.bundle\/9'.*update Emblink/);
  });

  it("brings columns of a domain to the order of the items, NaN where the domain lacks one", async () => {
    const { bundle } = await open();
    const values = [...(await bundle.numbers(overlap))].map((value) => Math.round(value * 10) / 10);
    expect(values).toEqual([0.5, NaN, 0.4, 0.3, 0.2, 0.1]);
    const b = bundle.space("b");
    const coords = b?.projections[0] && (await bundle.coords(b, b.projections[0]));
    expect([...(coords ?? [])]).toEqual([8, 9, NaN, NaN, 6, 7, 4, 5, 2, 3, 0, 1]);
  });

  it("of a sample gives the neighbours that are in it", async () => {
    const { bundle, source } = await open();
    const b = bundle.space("b");
    source.arrays.get(b?.neighbors ?? "")?.fill(-1, 1, 3);
    const found = b && (await bundle.neighbors(b, 5));
    expect([...(found?.items ?? [])]).toEqual([4]);
    expect(found?.distances).toHaveLength(1);
  });

  it("is a copy where it says so, and answers nothing then, whoever carries it", async () => {
    const source = new MemorySource();
    const manifest = await source.manifest();
    const able = Object.assign(source, { ask: () => Promise.reject(new Error("not asked")) });
    expect(new Bundle(able, manifest).answers).toBe(true);
    const copy = new Bundle(able, { ...manifest, copy_notes: ["rounded"] });
    expect([copy.answers, copy.copyNotes]).toEqual([false, ["rounded"]]);
    const before = Object.fromEntries(Object.entries(manifest).filter(([key]) => key !== "copy_notes"));
    expect(new Bundle(able, before as unknown as typeof manifest).copyNotes).toBeNull();
  });

  it("gives the neighbours of an item as items, from two requests of one row", async () => {
    const { bundle, source } = await open();
    const b = bundle.space("b");
    expect(b && [...((await bundle.neighbors(b, 5))?.items ?? [])]).toEqual([4, 3, 2]);
    expect(b && (await bundle.neighbors(b, 1))).toBeNull();
    expect(source.asked.filter((name) => /near|far/.test(name))).toEqual(["near/b 0:1", "far/b 0:1"]);
  });

  it("decodes words with any letters, and the picture of one row", async () => {
    const { bundle } = await open();
    expect(await bundle.word({ offsets: "text.offsets", utf8: "text.utf8" }, 3)).toBe("Äpfel");
    const picture = bundle.field("picture");
    const pixels = picture?.kind === "thumbnail" ? await bundle.picture(picture, 2) : null;
    expect(pixels).toEqual({ width: 1, height: 1, pixels: Uint8Array.of(6, 7, 8) });
  });

  it("asks for a column once", async () => {
    const { bundle, source } = await open();
    await Promise.all([bundle.numbers(overlap), bundle.numbers(overlap)]);
    expect(source.asked.filter((name) => name === "overlap")).toHaveLength(1);
  });

  it("tries again after a failure", async () => {
    const { bundle, source } = await open();
    const values = source.arrays.get("overlap") ?? new Float32Array(0);
    source.arrays.delete("overlap");
    await expect(bundle.numbers(overlap)).rejects.toThrow(/no column overlap/);
    source.arrays.set("overlap", values);
    expect(await bundle.numbers(overlap)).toHaveLength(6);
  });
});

describe("an item", () => {
  it("is called by its text, else by its id", async () => {
    const { bundle } = await open();
    expect(await nameOf(bundle, 0)).toBe("Red apple");
    expect(await nameOf(bundle, 2)).toBe("i2");
  });

  it("whose id is a number is called by it, exactly, whatever its size", async () => {
    const bundle = await Bundle.open(new NumberedSource());
    expect([await bundle.id(3), await nameOf(bundle, 3)]).toEqual(["20000000004", "item 20000000004"]);
    expect((await factsOf(bundle, bundle.manifest.fields.slice(0, 1), 3))[0]?.value).toBe("20000000004");
    expect((await bundle.ids()).indexOf("20000000004")).toBe(3);
  });

  it("has a fact for each field, null where missing", async () => {
    const { bundle } = await open();
    const facts = await factsOf(bundle, [...bundle.manifest.fields, overlap], 1);
    expect(facts.map((fact) => fact.value)).toEqual(["i1", "green Pear", "tree", null]);
    expect((await factsOf(bundle, bundle.manifest.fields, 3)).map((fact) => fact.value)).toEqual(["i3", "Äpfel", null]);
  });
});
