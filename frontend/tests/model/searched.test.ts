import { describe, expect, it } from "vitest";
import { Bundle } from "../../src/model/bundle";
import { MOST_LISTED, searchedQueries, searchesOf, tellsSearches } from "../../src/model/searched";
import type { Manifest, NumberField, PairSearches } from "../../src/model/schema.gen";
import { MemorySource } from "./memory";

const field = (name: string): NumberField => ({ kind: "number", name, title: name, values: `s/${name}`, over: "queries", definition: "", range: null, method: null });

const TOLD: PairSearches = {
  name: "queries.csv", a: "a", b: "b", n: 3, n_judged: 3, n_items: 5, k: 2, scores: {}, levels: [], n_first: 2, lost: [], segments: [], n_replicates: 0,
  sentence: "Of 3 queries …", findings: [], warnings: [],
};

/** Three queries: the first loses its answer, the second keeps its results, the third has other ones. */
class SearchedSource extends MemorySource {
  constructor() {
    super();
    const over = { over: "queries" } as const;
    this.putWords("q", ["apples", "pears", "trees"]);
    this.put("s/queries", Int32Array.of(0, 1, 2), { kind: "codes", ...over });
    this.put("s/a", Int32Array.of(0, 2, 2, 3, 3, 4), { kind: "results", ...over }, [3, 2]);
    this.put("s/b", Int32Array.of(2, 3, 2, 3, 5, -1), { kind: "results", ...over }, [3, 2]);
    this.put("s/churn", Float32Array.of(0.5, 0, 1), { kind: "values", ...over });
    this.put("s/lost", Float32Array.of(1, 0, 0), { kind: "values", ...over });
    this.put("s/gained", Float32Array.of(0, 0, 0), { kind: "values", ...over });
    this.put("s/ends", Float64Array.of(0, 1, 2, 2), { kind: "offsets", ...over });
    this.put("s/answers", Int32Array.of(0, 3), { kind: "results", ...over });
  }

  override async manifest(): Promise<Manifest> {
    const manifest = await super.manifest();
    const words = { offsets: "q.offsets", utf8: "q.utf8" };
    const searches = { queries: "s/queries", a: "s/a", b: "s/b", fields: ["churn", "lost", "gained"].map(field) };
    return {
      ...manifest,
      queries: { n: 3, ids: words, text: null, fields: [], relevant: "s/ends", answers: "s/answers", gains: null },
      pairs: manifest.pairs.map((pair) => ({ ...pair, searches })),
      report: { ...manifest.report, searches: { name: "queries.csv", n_queries: 3, n_judgements: 2, columns: [], pairs: [TOLD] } },
    };
  }
}

describe("searches", () => {
  it("come with those first that lost an answer, then by how much changed", async () => {
    const found = await searchedQueries(await Bundle.open(new SearchedSource()), 0, false);
    expect(found.map(({ name, fate, churn }) => [name, fate, churn])).toEqual([["apples", "lost", 0.5], ["trees", null, 1], ["pears", null, 0]]);
    expect(found[0]).toMatchObject({ a: [0, 2], b: [2, 3] });
    expect(found[1]?.b).toEqual([5]);
    expect([...(found[0]?.answers ?? [])]).toEqual([0]);
    expect(found[1]?.answers.size).toBe(0);
  });

  it("are turned round with the pair", async () => {
    const [first] = await searchedQueries(await Bundle.open(new SearchedSource()), 0, true);
    expect(first).toMatchObject({ name: "apples", fate: "gained", a: [2, 3], b: [0, 2] });
  });

  it("are told of where there are some, and not of bundles from before", async () => {
    const { manifest } = await Bundle.open(new SearchedSource());
    expect(tellsSearches(manifest)).toBe(true);
    expect(searchesOf(manifest, 0)?.sentence).toBe("Of 3 queries …");
    const bundle = await Bundle.open(new MemorySource());
    expect(tellsSearches(bundle.manifest)).toBe(false);
    expect(searchesOf(bundle.manifest, 0)).toBeNull();
    expect(await searchedQueries(bundle, 0, false)).toEqual([]);
    const before: Partial<Manifest> = { ...bundle.manifest };
    delete before.queries;
    expect(tellsSearches(before as Manifest)).toBe(false);
  });

  it("of forty thousand queries come in their order, and no more are listed than a page bears", async () => {
    const n = 40_000;
    class Many extends SearchedSource {
      constructor() {
        super();
        const over = { over: "queries" } as const;
        this.putWords("q", Array.from({ length: n }, (_, at) => `q${at}`));
        this.put("s/queries", Int32Array.from({ length: n }, (_, at) => at), { kind: "codes", ...over });
        for (const side of ["a", "b"]) this.put(`s/${side}`, new Int32Array(2 * n).fill(-1), { kind: "results", ...over }, [n, 2]);
        this.put("s/churn", Float32Array.from({ length: n }, (_, at) => at / n), { kind: "values", ...over });
        for (const flip of ["lost", "gained"]) this.put(`s/${flip}`, new Float32Array(n), { kind: "values", ...over });
        this.put("s/ends", new Float64Array(n + 1), { kind: "offsets", ...over });
      }
    }
    const found = await searchedQueries(await Bundle.open(new Many()), 0, false);
    expect(found).toHaveLength(n);
    expect(found[0]?.name).toBe(`q${n - 1}`);
    expect(found.every(({ a, b }) => a.length === 0 && b.length === 0)).toBe(true);
    expect(MOST_LISTED).toBeLessThan(n);
  });
});
