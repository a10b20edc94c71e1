import { describe, expect, it } from "vitest";
import { landmarksOf, type Level, placeNames, refines, splitLevels } from "../../src/model/landmarks";

/** Ten items of each kind in a small square about a place, or far apart. */
const places: Readonly<Record<string, readonly [number, number] | null>> = { cats: [0, 0], dogs: [10, 0], strewn: null };
const names = Object.keys(places);
const codes = Int32Array.from({ length: 30 }, (_, i) => Math.floor(i / 10));
const coords = Float32Array.from({ length: 60 }, (_, i) => {
  const [item, axis] = [Math.floor(i / 2), i % 2];
  const middle = places[names[codes[item] ?? 0] ?? ""];
  return middle ? (middle[axis] ?? 0) + 0.01 * (item % 10) : axis === 0 ? (item % 10) : 5 + 2 * (item % 3);
});
const level: Level = { codes, names };

describe("landmarks", () => {
  it("stand where a category has most of its items, and nowhere when it is strewn", () => {
    const [cats, dogs, strewn] = landmarksOf(coords, level, 1);
    expect([cats?.x, cats?.y, dogs?.x].map((x) => Math.round(x ?? NaN))).toEqual([0, 0, 10]);
    expect([cats?.weight, strewn]).toEqual([10, null]);
    expect(cats?.reach).toBeGreaterThan(0.04);
    expect(cats?.reach).toBeLessThan(0.1);
  });

  it("are not pulled away by a few items elsewhere", () => {
    const moved = coords.slice();
    moved.set([9, 9], 0);
    moved.set([9, 8], 2);
    expect(Math.round(landmarksOf(moved, level, 1)[0]?.x ?? NaN)).toBe(0);
  });

  it("stand in the densest part of many who need room, where as large a share of a few would be chance", () => {
    // A square of 1 with a corner point; near is a twentieth of it, and every fifth item is in the middle.
    const spread = (n: number): Float32Array => Float32Array.from({ length: 2 * n }, (_, i) => (i < 2 ? 0 : i % 10 < 2 ? 0.5 : i % 2 === 0 ? ((i / 2) * 0.618) % 1 : (i * 0.377) % 1));
    const one = (n: number): Level => ({ codes: new Int32Array(n), names: ["all"] });
    const [many] = landmarksOf(spread(300), one(300), 1);
    expect([many?.x, many?.y].map((x) => Math.round(10 * (x ?? NaN)))).toEqual([5, 5]);
    expect(landmarksOf(spread(30), one(30), 1)).toEqual([null]);
  });

  it("depend on the picture alone: another B leaves the names of A where they are", () => {
    const a = [landmarksOf(coords, level)];
    const b = [landmarksOf(coords.map((x) => -x), level)];
    const c = [landmarksOf(coords.map((x) => x / 2), level)];
    const inA = (other: typeof a) => placeNames([level], a, other).map(({ text, from }) => [text, from]);
    expect(inA(b)).toEqual(inA(c));
  });

  it("pass over items that a picture lacks", () => {
    const gaps = coords.slice().fill(NaN, 0, 20);
    expect(landmarksOf(gaps, level)[0]).toBeNull();
    expect(landmarksOf(new Float32Array(60).fill(NaN), level)).toEqual([null, null, null]);
  });
});

describe("the names of two pictures", () => {
  const mark = (weight: number) => ({ x: weight, y: 0, reach: 1, weight });

  it("go from coarse to fine and from many items to few, each with its place in A and in B", () => {
    const fine: Level = { codes, names: ["tabby", "siamese"] };
    const coarse: Level = { codes, names: ["cats", "dogs"] };
    const named = placeNames([coarse, fine], [[mark(5), mark(9)], [mark(2), null]], [[mark(5), null], [mark(3), null]]);
    expect(named.map(({ text, from, to }) => [text, from?.[0] ?? null, to?.[0] ?? null])).toEqual([["dogs", 9, null], ["cats", 5, 5], ["tabby", 2, 3]]);
  });

  it("say a name once that stands in both levels", () => {
    const both = placeNames([level, level], [[mark(1), mark(2), null], [mark(1), mark(2), null]], [[null, null, null], [null, null, null]]);
    expect(both.map(({ text }) => text)).toEqual(["dogs", "cats"]);
  });
});

describe("levels", () => {
  it("are made of a hierarchy by its first part and by its second", () => {
    const [coarse, fine] = splitLevels({ codes: Int32Array.of(0, 1, 2, -1), names: ["food/fruit", "food/sweet", "animal/bird"] });
    expect([coarse?.names, [...(coarse?.codes ?? [])]]).toEqual([["food", "animal"], [0, 0, 1, -1]]);
    expect(fine?.names).toEqual(["fruit", "sweet", "bird"]);
    const alike = splitLevels({ codes: Int32Array.of(0, 1, 2), names: ["food/other", "food/sweet", "animal/other"] });
    expect(alike[1]?.names).toEqual(["food/other", "food/sweet", "animal/other"]);
  });

  it("are one where names have no parts, and none where they are too many", () => {
    expect(splitLevels(level)).toEqual([level]);
    expect(splitLevels({ codes: Int32Array.of(0), names: Array.from({ length: 500 }, (_, i) => `n${i}`) })).toEqual([]);
  });

  it("refine another where each category lies within one of its", () => {
    const n = 60;
    const coarse: Level = { codes: Int32Array.from({ length: n }, (_, i) => i % 2), names: ["even", "odd"] };
    const fine: Level = { codes: Int32Array.from({ length: n }, (_, i) => i % 4), names: ["0", "1", "2", "3"] };
    const across: Level = { codes: Int32Array.from({ length: n }, (_, i) => Math.floor(i / 20)), names: ["x", "y", "z"] };
    expect([refines(fine, coarse), refines(across, coarse), refines(coarse, fine)]).toEqual([true, false, false]);
  });
});
