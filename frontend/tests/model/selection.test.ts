import { describe, expect, it } from "vitest";
import { combine, complement, difference, intersection, rowSet, rowsWhere, union } from "../../src/model/selection";

const x = rowSet([5, 1, 3, 3]);
const y = rowSet([3, 4, 5]);

describe("row sets", () => {
  it("are ascending and without repeats", () => {
    expect([...x]).toEqual([1, 3, 5]);
    expect([...rowSet([])]).toEqual([]);
  });

  it("join, meet and subtract like sets", () => {
    expect([...union(x, y)]).toEqual([1, 3, 4, 5]);
    expect([...intersection(x, y)]).toEqual([3, 5]);
    expect([...difference(x, y)]).toEqual([1]);
    expect([...difference(y, x)]).toEqual([4]);
  });

  it("have a complement whose complement they are", () => {
    expect([...complement(x, 6)]).toEqual([0, 2, 4]);
    expect(complement(complement(x, 6), 6)).toEqual(x);
    expect([...complement(rowSet([]), 3)]).toEqual([0, 1, 2]);
  });

  it("obey De Morgan on many random sets", () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let round = 0; round < 30; round++) {
      const p = rowsWhere(100, () => random() < 0.4);
      const q = rowsWhere(100, () => random() < 0.4);
      expect(complement(union(p, q), 100)).toEqual(intersection(complement(p, 100), complement(q, 100)));
    }
  });
});

describe("combine", () => {
  it("replaces, adds with Shift and takes away with Alt", () => {
    expect(combine(x, y, { shift: false, alt: false })).toBe(y);
    expect([...combine(x, y, { shift: true, alt: false })]).toEqual([1, 3, 4, 5]);
    expect([...combine(x, y, { shift: false, alt: true })]).toEqual([1]);
  });
});
