import { describe, expect, test } from "vitest";
import { PickGrid } from "../../src/engine/pick";
import { along, isSeen, joinPlaces, placeAt, type Places } from "../../src/engine/places";
import { Flag } from "../../src/engine/types";
import { uniform, uniformArray } from "./random";

function bruteNearest(places: Places, t: number, [x, y]: readonly [number, number], radius: number, flags: Uint8Array, gain = 1): number {
  const share = along(t, gain);
  let [best, least] = [-1, radius * radius];
  for (let i = 0; i < places.n; i += 1) {
    if ((flags[i] as number) & Flag.hidden || !isSeen(places.presence[i] as number, t)) continue;
    const squared = (placeAt(places, i, 0, share) - x) ** 2 + (placeAt(places, i, 1, share) - y) ** 2;
    if (squared <= least) [best, least] = [i, squared];
  }
  return best;
}

/** Places of which every seventh is missing from A and every eleventh from B. */
function patchy(n: number, squeeze: number): Places {
  const from = uniformArray(2 * n, 1).map((v, i) => (i % 14 < 2 ? NaN : i % 2 ? v * squeeze : v));
  const to = uniformArray(2 * n, 2).map((v, i) => (i % 22 < 2 ? NaN : v));
  return joinPlaces(from, to);
}

describe.each([
  ["a square cloud", patchy(1500, 1)],
  ["a flat cloud", patchy(1500, 0)],
  ["a few items", patchy(5, 1)],
])("of %s", (_, places) => {
  const flags = Uint8Array.from({ length: places.n }, (_unused, i) => (i % 5 === 0 ? Flag.hidden : 0));

  test.each([[0, 1], [0.5, 1], [1, 1], [0, 3], [0.8, 5]])("the grid finds what a search of all items finds, at t = %d and gain %d", (t, gain) => {
    const grid = PickGrid.of(places, t, gain);
    const random = uniform(3);
    for (let trial = 0; trial < 300; trial += 1) {
      const [x, y] = [random() * 1.4 - 0.2, random() * 1.4 - 0.2];
      const radius = [0.003, 0.03, 0.5][trial % 3] as number;
      expect(grid.nearest(x, y, { radius, flags })).toBe(bruteNearest(places, t, [x, y], radius, flags, gain));
    }
  });
});

test("of items at one place the one drawn last is found", () => {
  const grid = PickGrid.of(joinPlaces(new Float32Array(8), new Float32Array(8)), 0);
  expect(grid.nearest(0, 0, { radius: 1, flags: new Uint8Array(4) })).toBe(3);
});

test("no items give no item", () => {
  const grid = PickGrid.of(joinPlaces(new Float32Array(0), new Float32Array(0)), 0);
  expect(grid.nearest(0, 0, { radius: 1, flags: new Uint8Array(0) })).toBe(-1);
});
