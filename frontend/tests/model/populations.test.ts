import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { Populating, tellsPopulations } from "../../src/model/populations.svelte";
import type { Manifest, PopulationGroup, PopulationPair } from "../../src/model/schema.gen";
import { WordColumn } from "../../src/model/words";
import { RichSource } from "./rich";

const bundle = await Bundle.open(new RichSource());
const field = bundle.manifest.fields.find((one) => one.kind === "category");
const { codes, names } = field?.kind === "category" ? await bundle.categories(field) : { codes: new Int32Array(), names: [] };

function pairOf(titles: readonly string[], column: string): PopulationPair {
  return { columns: { groups: column, around: "" }, groups: titles.map((title) => ({ title }) as PopulationGroup) } as PopulationPair;
}

const { report } = bundle.manifest;

/** What is said of two populations, over items whose ids and label are those of the bundle. */
async function looked(pair: PopulationPair, ids: readonly string[] = []): Promise<Populating> {
  const held = new Bundle(new RichSource(), { ...bundle.manifest, report: { ...report, populations: { pairs: [pair] } } } as unknown as Manifest);
  if (ids.length > 0) Object.assign(held, { ids: () => Promise.resolve(WordColumn.of(ids)) });
  const populating = new Populating({ bundle: held });
  await populating.load();
  return populating;
}

describe("the groups of two populations", () => {
  it("are the items of their titles in the pair's column", async () => {
    const [first = "", second = ""] = names;
    expect(new Populating({ bundle }).of(first)).toBeNull();
    const populating = await looked(pairOf([first, second, "nobody"], field?.name ?? ""));
    const expected = [...codes].flatMap((code, row) => (code === 1 ? [row] : []));
    expect(expected.length).toBeGreaterThan(0);
    expect([...(populating.of(second) ?? [])]).toEqual(expected);
    expect(populating.of("nobody")).toEqual(new Uint32Array());
    expect(populating.groups.error).toBeNull();
  });

  it("are none where the bundle has no such column", async () => {
    const populating = await looked(pairOf(["4"], "no such column"));
    expect(populating.of("4")).toBeNull();
    expect(populating.groups.busy).toBe(false);
  });
});

describe("the sides of two populations", () => {
  const label = bundle.labelField;
  if (!label) throw new Error("the bundle has no labels");
  const sidesOf = async (): Promise<{ of: number[]; pair: PopulationPair }> => {
    const of = await bundle.categories(label);
    const [a = "", b = ""] = of.names;
    return { of: [...of.codes], pair: { ...pairOf([], ""), a, b, partners: {} } as PopulationPair };
  };

  it("are pictures of their own, where the others are nowhere", async () => {
    const { of, pair } = await sidesOf();
    const populating = await looked(pair);
    const coords = Float32Array.from({ length: 2 * bundle.n }, (_, i) => i);
    const { from, to } = populating.apart({ from: coords, to: coords, anchors: 0, problem: "" });
    of.forEach((code, row) => {
      expect(from[2 * row + 1]).toBe(code === 0 ? 2 * row + 1 : NaN);
      expect(to[2 * row]).toBe(code === 1 ? 2 * row : NaN);
    });
  });

  it("have partners of the same id, both ways, and nobody else has", async () => {
    const { of, pair } = await sidesOf();
    const [first, second] = [of.indexOf(0), of.indexOf(1)];
    const ids = of.map((code, row) => `${[pair.a, pair.b, "else"][code] ?? ""}/${row === first || row === second ? "same/one" : row}`);
    const populating = await looked(pair, ids);
    expect([populating.partnerOf(first), populating.partnerOf(second)]).toEqual([second, first]);
    expect(of.filter((_, row) => populating.partnerOf(row) >= 0)).toHaveLength(2);
    expect(populating.partnerOf(-1)).toBe(-1);
  });

  it("have none where rows were numbered", async () => {
    const { of, pair } = await sidesOf();
    delete pair.partners;
    const populating = await looked(pair, of.map((code) => `${[pair.a, pair.b][code] ?? ""}/1`));
    expect(of.some((_code, row) => populating.partnerOf(row) >= 0)).toBe(false);
  });
});

describe("a bundle", () => {
  it("tells of populations where its report does", () => {
    expect(tellsPopulations(bundle.manifest)).toBe(false);
    expect(tellsPopulations({ report: { ...report, populations: { pairs: [] } } } as unknown as Manifest)).toBe(true);
  });
});
