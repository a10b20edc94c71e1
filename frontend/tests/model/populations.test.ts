import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { PopulationGroups, tellsPopulations } from "../../src/model/populations.svelte";
import type { Manifest, PopulationGroup, PopulationPair } from "../../src/model/schema.gen";
import { RichSource } from "./rich";

const bundle = await Bundle.open(new RichSource());
const field = bundle.manifest.fields.find((one) => one.kind === "category");
const { codes, names } = field?.kind === "category" ? await bundle.categories(field) : { codes: new Int32Array(), names: [] };

function pairOf(titles: readonly string[], column: string): PopulationPair {
  return { columns: { groups: column, around: "" }, groups: titles.map((title) => ({ title }) as PopulationGroup) } as PopulationPair;
}

describe("the groups of two populations", () => {
  it("are the items of their titles in the pair's column", async () => {
    const groups = new PopulationGroups(bundle);
    const [first = "", second = ""] = names;
    expect(groups.of(first)).toBeNull();
    await groups.load(pairOf([first, second, "nobody"], field?.name ?? ""));
    const expected = [...codes].flatMap((code, row) => (code === 1 ? [row] : []));
    expect(expected.length).toBeGreaterThan(0);
    expect([...(groups.of(second) ?? [])]).toEqual(expected);
    expect(groups.of("nobody")).toEqual(new Uint32Array());
    expect(groups.error).toBeNull();
  });

  it("are none where the bundle has no such column", async () => {
    const groups = new PopulationGroups(bundle);
    await groups.load(pairOf(["4"], "no such column"));
    expect(groups.of("4")).toBeNull();
    expect(groups.busy).toBe(false);
  });
});

describe("a bundle", () => {
  it("tells of populations where its report does", () => {
    const { report } = bundle.manifest;
    expect(tellsPopulations(bundle.manifest)).toBe(false);
    expect(tellsPopulations({ report: { ...report, populations: { pairs: [] } } } as unknown as Manifest)).toBe(true);
  });
});
