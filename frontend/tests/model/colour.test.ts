import { describe, expect, it } from "vitest";
import { colourCategories, colourChoices, colourNumbers, defaultColour, rowsOfEntry } from "../../src/model/colour";
import { AUTO, choosingLink, parseChoosing } from "../../src/model/choosing";
import type { CategoryColouring } from "../../src/model/colouring";
import { datesOf } from "../../src/model/dates";
import { viewPair } from "../../src/model/pair";
import { MemorySource } from "./memory";

const about = { key: "item:x", title: "x" };
const names = (n: number): string[] => Array.from({ length: n }, (_, i) => `c${i}`);

describe("colouring by category", () => {
  it("takes Okabe–Ito up to eight, ten colours for more", () => {
    expect(colourCategories(about, Int32Array.of(0), names(8)).palette).toBe("okabeIto");
    expect(colourCategories(about, Int32Array.of(0), names(9)).palette).toBe("ten");
    expect(colourCategories(about, Int32Array.of(0), names(10)).gathered).toBe(0);
  });

  it("gathers all but the ten most frequent, and still names each", () => {
    const colouring = colourCategories(about, Int32Array.of(0, 10, 12, 9, -1, 11), names(13));
    expect([0, 10, 12, 9, 11].map((code) => colouring.tints.of[code])).toEqual([0, 10, 10, 9, 10]);
    expect(colouring.entries.at(-1)).toEqual({ name: "3 others", count: 3 });
    expect(colouring.missing).toBe(1);
    expect([colouring.nameOf(2), colouring.nameOf(4)]).toEqual(["c12", null]);
    expect([...rowsOfEntry(colouring, 10)]).toEqual([1, 2, 5]);
  });

  it("draws each category in the colour of its entry, without a count of the items", () => {
    const colouring = colourCategories(about, Int32Array.of(0, 12, -1), names(13));
    expect(colouring.tints.of).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]);
    expect(new Set(colouring.tints.step)).toEqual(new Set([0]));
    expect([...(colouring.tints.codes)]).toEqual([0, 12, -1]);
  });

  it("colours those asked for in place of the least frequent, and the others keep their colours", () => {
    const codes = Int32Array.from({ length: 14 }, (_, code) => code);
    const plain = colourCategories(about, codes, names(14));
    const asked = colourCategories(about, codes, names(14), { ...AUTO, shown: [12] });
    const colours = ({ entries, slots }: CategoryColouring): Map<string, number> => new Map(entries.map(({ name }, entry) => [name, slots[entry] ?? -1]));
    expect(colours(asked).get("c12")).toBe(9);
    expect(colours(asked).has("c9")).toBe(false);
    for (const name of names(9)) expect(colours(asked).get(name)).toBe(colours(plain).get(name));
    expect(new Set(asked.slots).size).toBe(11);
  });

  it("dims what is hidden and paints as asked", () => {
    const codes = Int32Array.of(0, 1, 2);
    const chosen = colourCategories(about, codes, names(3), { shown: null, hidden: [1], paints: [[2, 7]] });
    expect([...chosen.hidden]).toEqual([1]);
    expect(chosen.slots).toEqual([0, 1, 7]);
  });

  it("colours a hierarchy by its first parts, each in shades of one hue", () => {
    const parts = ["a/x", "a/y", "b/x", "a/z", "b/y", "c/x", "c/y", "c/z", "b/z", "a/v", "a/w"];
    const colouring = colourCategories(about, Int32Array.from(parts, (_, code) => code), parts);
    expect(colouring.entries.map(({ name, count }) => [name, count])).toEqual([["a", 5], ["b", 3], ["c", 3]]);
    const { tints } = colouring;
    expect(tints.of).toEqual([0, 0, 1, 0, 1, 2, 2, 2, 1, 0, 0]);
    expect(new Set(parts.flatMap((part, code) => (part.startsWith("a") ? [tints.step[code]] : []))).size).toBe(5);
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

it("a measure with two directions has 0 in the middle, and one of agreement is loud where little is kept", () => {
  const values = Float32Array.of(-0.2, 0.1, 0.6);
  const change = colourNumbers({ key: "pair:purity_change", title: "" }, { name: "purity_change", definition: "", range: [-1, 1] }, values);
  expect([change.scale, change.low, change.high]).toEqual(["signed", -Math.fround(0.6), Math.fround(0.6)]);
  const kept = colourNumbers({ key: "pair:neighborhood_overlap", title: "" }, { name: "neighborhood_overlap", definition: "", range: [0, 1] }, values);
  expect([kept.scale, kept.loud]).toEqual(["amount", "low"]);
  const moved = colourNumbers({ key: "pair:displacement", title: "" }, { name: "displacement", definition: "", range: null }, values);
  expect(moved.loud).toBe("high");
});

it("a column of dates is a time, in order and written as it was; other words are none", () => {
  const dates = datesOf(["2024-03-01", "", "2023-03-01"]);
  expect([...(dates?.days ?? [])]).toEqual([366, NaN, 0]);
  expect(dates?.wordOf(366)).toBe("2024-03-01");
  expect(datesOf(["1999", "2001"])?.wordOf(0)).toBe("1999");
  expect(datesOf(["2024-03-01 12:30", "2024-03-01T13:00:00Z"])?.wordOf(0)).toBe("2024-03-01 12:30");
  for (const words of [["2024-13-01"], ["0007"], ["v1.2"], [""], ["2024-01-01", "later"]]) expect(datesOf(words)).toBeNull();
});

it("what was chosen of categories is in a link and read back, and what cannot be read is left out", () => {
  const chosen = { shown: [3, 1], hidden: [2], paints: [[3, 5]] as const };
  expect(parseChoosing(choosingLink(chosen))).toEqual(chosen);
  expect(parseChoosing(choosingLink(AUTO))).toEqual(AUTO);
  expect(parseChoosing({ shown: "1,x,-4", hidden: "", paints: "1:99,2:3,:" })).toEqual({ shown: [1], hidden: [], paints: [[2, 3]] });
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
