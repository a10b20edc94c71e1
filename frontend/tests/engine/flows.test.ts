import { describe, expect, test } from "vitest";
import { arrow } from "../../src/engine/flows";

describe("the arrow of a flow", () => {
  test("begins and ends where its items do, and is broadest at its head", () => {
    const { points = [] } = arrow([0, 0], [200, 0], 20) ?? {};
    expect(points).toContainEqual([200, 0]);
    const width = (near: number): number => {
      const there = points.filter(([x]) => Math.abs(x - near) < 12).map(([, y]) => y);
      return Math.max(...there) - Math.min(...there);
    };
    expect(width(5)).toBeLessThan(width(120));
    expect(width(120)).toBeLessThan(width(165));
  });

  test("bends to one side, so that there and back are two", () => {
    const [there, back] = [arrow([0, 0], [200, 0], 10)?.middle, arrow([200, 0], [0, 0], 10)?.middle];
    expect(Math.sign(there?.[1] ?? 0)).toBe(-Math.sign(back?.[1] ?? 0));
    expect(Math.abs(there?.[1] ?? 0)).toBeGreaterThan(10);
  });

  test("is none where it would be broader than long", () => {
    expect([arrow([0, 0], [30, 0], 20), arrow([5, 5], [5, 5], 4)]).toEqual([null, null]);
  });
});
