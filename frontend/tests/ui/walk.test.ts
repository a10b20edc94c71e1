import { expect, it } from "vitest";
import { nearestItem, nextItem } from "../../src/ui/walk";

const places: readonly (readonly [number, number] | null)[] = [[0, 0], [10, 1], [30, 0], [9, 8], [0, -10], null, [10, 1]];
const at = (item: number): readonly [number, number] | null => places[item] ?? null;
const from = (item: number, dx: number, dy: number): number => nextItem(places.length, at, { from: at(item) ?? [0, 0], dx, dy, but: item });

it("an arrow goes to the nearest point that way, and past what lies aside", () => {
  expect(from(0, 1, 0)).toBe(1);
  expect(from(0, 0, -1)).toBe(4);
  expect(from(0, -1, 0)).toBe(-1);
  expect(from(4, 0, 1)).toBe(0);
});

it("points in one place are all reached, one after the other", () => {
  expect(from(1, 1, 0)).toBe(6);
  expect(from(6, 1, 0)).toBe(2);
});

it("the walk begins nearest to the middle, and items without a place are passed over", () => {
  expect(nearestItem(places.length, at, [28, 2])).toBe(2);
  expect(nearestItem(1, () => null, [0, 0])).toBe(-1);
});
