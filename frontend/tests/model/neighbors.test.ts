import { describe, expect, it } from "vitest";
import type { NeighborList } from "../../src/model/neighbors";
import { compareNeighbors } from "../../src/model/neighbors";

const list = (...items: number[]): NeighborList => ({
  items: Int32Array.from(items),
  distances: Float32Array.from(items, (_, i) => i / 8),
});
const all = (): boolean => true;

describe("the neighbours of an item", () => {
  const compared = compareNeighbors(0, { a: list(1, 2, 3, 4), b: list(3, 1, 5, 2) }, { k: 3, inA: all, inB: all });

  it("are kept when near in both, lost in A, gained in B", () => {
    expect(compared.a?.lines.map((line) => line.fate)).toEqual(["kept", "lost", "kept"]);
    expect(compared.b?.lines.map((line) => line.fate)).toEqual(["kept", "kept", "gained"]);
    expect(compared.kept).toBe(2);
  });

  it("tell their distance and their rank in the other space, null when it is beyond what is stored", () => {
    expect(compared.a?.lines.map((line) => line.otherRank)).toEqual([2, 4, 1]);
    expect(compared.b?.lines.map((line) => line.otherRank)).toEqual([3, 1, null]);
    expect(compared.a?.lines.map((line) => line.distance)).toEqual([0, 0.125, 0.25]);
  });

  it("that the other space lacks are skipped and counted, not lost", () => {
    const { a } = compareNeighbors(0, { a: list(9, 1, 2, 3), b: list(1, 2, 3) }, { k: 2, inA: all, inB: (item) => item !== 9 });
    expect(a?.lines.map((line) => [line.item, line.rank, line.fate])).toEqual([
      [1, 1, "kept"],
      [2, 2, "kept"],
    ]);
    expect(a?.skipped).toBe(1);
  });

  it("of an item in one space only are listed without a fate", () => {
    const compared = compareNeighbors(0, { a: list(9, 1), b: null }, { k: 2, inA: all, inB: () => false });
    expect(compared.a?.lines.map((line) => [line.item, line.fate])).toEqual([
      [9, null],
      [1, null],
    ]);
    expect(compared.b).toBeNull();
    expect(compared.kept).toBe(0);
  });
});
