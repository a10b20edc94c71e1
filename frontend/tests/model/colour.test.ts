import { describe, expect, it } from "vitest";
import { colourCategories, colourChoices, colourNumbers, defaultColour, rowsOfEntry } from "../../src/model/colour";
import { viewPair } from "../../src/model/pair";
import { MemorySource } from "./memory";

const about = { key: "item:x", title: "x" };
const names = (n: number): string[] => Array.from({ length: n }, (_, i) => `c${i}`);

describe("colouring by category", () => {
  it("takes Okabe–Ito up to eight, Tableau 10 up to ten", () => {
    expect(colourCategories(about, Int32Array.of(0), names(8)).palette).toBe("okabeIto");
    expect(colourCategories(about, Int32Array.of(0), names(9)).palette).toBe("tableau10");
    expect(colourCategories(about, Int32Array.of(0), names(10)).gathered).toBe(0);
  });

  it("gathers all but the nine most frequent, and still names each", () => {
    const colouring = colourCategories(about, Int32Array.of(0, 9, 11, 8, -1, 10), names(12));
    expect([...colouring.codes]).toEqual([0, 9, 9, 8, -1, 9]);
    expect(colouring.entries.at(-1)).toEqual({ name: "3 others", count: 3 });
    expect(colouring.missing).toBe(1);
    expect([colouring.nameOf(2), colouring.nameOf(4)]).toEqual(["c11", null]);
    expect([...rowsOfEntry(colouring, 9)]).toEqual([1, 2, 5]);
  });
});

describe("colouring by number", () => {
  it("spans the data of a bounded quantity and counts what is missing", () => {
    const colouring = colourNumbers(about, { definition: "", range: [0, 1] }, Float32Array.of(0.25, NaN, 0.75, 0.5));
    expect([colouring.low, colouring.high, colouring.missing]).toEqual([0.25, 0.75, 1]);
    expect(colouring.histogram.reduce((sum, n) => sum + n, 0)).toBe(3);
  });

  it("leaves the outermost hundredth of an unbounded quantity beyond the ramp, and says so", () => {
    const values = Float32Array.from({ length: 1001 }, (_, i) => (i === 1000 ? 1e6 : i));
    const colouring = colourNumbers(about, { definition: "", range: null }, values);
    expect([colouring.low, colouring.high]).toEqual([10, 990]);
    expect([colouring.below, colouring.above]).toEqual([10, 10]);
  });

  it("has one end where every value is the same, however large, and none where no value is there", () => {
    for (const value of [2, 2.999999894026671e30]) {
      const same = colourNumbers(about, { definition: "", range: null }, Float32Array.of(value, value));
      expect([same.low, same.high, same.histogram[0]]).toEqual([Math.fround(value), Math.fround(value), 2]);
    }
    const none = colourNumbers(about, { definition: "", range: null }, Float32Array.of(NaN));
    expect([none.low, none.high, none.missing]).toEqual([NaN, NaN, 1]);
  });

  it("counts each of few whole numbers by itself", () => {
    const colouring = colourNumbers(about, { definition: "", range: null }, Float32Array.of(1990, 1992, 1992, 1993, NaN));
    expect([...colouring.histogram]).toEqual([1, 0, 2, 1]);
  });

  it("counts infinities beyond the ends of its ramp", () => {
    const colouring = colourNumbers(about, { definition: "", range: null }, Float32Array.of(-Infinity, 1, 2, Infinity));
    expect([colouring.low, colouring.high, colouring.below, colouring.above]).toEqual([1, 2, 1, 1]);
  });
});

it("the default colour is the label, else the neighbours kept", async () => {
  const manifest = await new MemorySource().manifest();
  const pair = viewPair(manifest, "a", "b");
  const choices = colourChoices(manifest, pair, { a: "a", b: "b" });
  expect(choices.map((choice) => choice.key)).toEqual(["item:kind", "pair:neighborhood_overlap"]);
  expect(defaultColour(manifest, pair, choices)).toBe("item:kind");
  const bare = { ...manifest, roles: { ...manifest.roles, label: null } };
  expect(defaultColour(bare, pair, choices)).toBe("pair:neighborhood_overlap");
});
