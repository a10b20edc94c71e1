import { expect, it } from "vitest";
import { rowSet } from "../../src/model/selection";
import { composition, meanOver } from "../../src/model/summary";

it("composition counts the categories of the rows, most first, beside their totals", () => {
  const codes = Int32Array.of(0, 1, 1, -1, 0, 2);
  expect(composition(codes, ["x", "y", "z"], rowSet([1, 2, 3, 4]))).toEqual([
    { code: 1, name: "y", count: 2, total: 2 },
    { code: 0, name: "x", count: 1, total: 2 },
  ]);
});

it("mean leaves missing values out and says how many were there", () => {
  const values = Float32Array.of(1, NaN, 3, 100);
  expect(meanOver(values, rowSet([0, 1, 2]))).toEqual({ mean: 2, n: 2 });
  expect(meanOver(values, null).n).toBe(3);
  expect(meanOver(values, rowSet([1])).mean).toBeNaN();
});
