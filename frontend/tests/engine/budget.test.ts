import { describe, expect, test } from "vitest";
import { Budget } from "../../src/engine/budget";

/** The points that a machine settles on that draws so many in a millisecond. */
function settled(rate: number, n: number): number[] {
  const budget = new Budget();
  return Array.from({ length: 40 }, () => {
    const points = Math.min(budget.points, n);
    budget.took(points, 2 + points / rate);
    return points;
  });
}

describe("the points of a picture in motion", () => {
  test("are all there are where they fit", () => {
    expect(new Set(settled(100_000, 300_000))).toEqual(new Set([300_000]));
  });

  test.each([1000, 4000, 12_000])("become so many that a picture takes a thirtieth of a second, at %d in a millisecond", (rate) => {
    const last = settled(rate, 1_000_000).slice(-10);
    for (const points of last) {
      expect(2 + points / rate).toBeLessThanOrEqual(36);
      expect(2 + points / rate).toBeGreaterThan(15);
    }
    expect(new Set(last).size).toBeLessThan(4);
  });

  test("are never so few that they do not look like the set", () => {
    expect(Math.min(...settled(1, 1_000_000))).toBeGreaterThanOrEqual(15_000);
  });

  test("rise again when the machine has time, but not for pictures that were not held back", () => {
    const budget = new Budget();
    for (let i = 0; i < 10; i += 1) budget.took(budget.points, 200);
    const low = budget.points;
    budget.took(low / 2, 1);
    expect(budget.points).toBe(low);
    budget.took(low, 5);
    expect(budget.points).toBeGreaterThan(low);
  });
});
