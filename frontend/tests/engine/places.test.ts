import { expect, test } from "vitest";
import { along, boundsOf, isSeen, joinPlaces, placeAt } from "../../src/engine/places";

const from = Float32Array.of(0, 0, NaN, NaN, 4, 8, NaN, NaN);
const to = Float32Array.of(2, 4, 5, 6, NaN, NaN, NaN, NaN);
const places = joinPlaces(from, to);

test("presence says in which space an item is", () => {
  expect([...places.presence]).toEqual([3, 2, 1, 0]);
  expect([places.n, places.end]).toEqual([4, 3]);
});

test("an absent item stands where it is in the other space, and nothing is NaN", () => {
  expect([...places.from]).toEqual([0, 0, 5, 6, 4, 8, 0, 0]);
  expect([...places.to]).toEqual([2, 4, 5, 6, 4, 8, 0, 0]);
});

test("complete coordinates are used as they are, not copied", () => {
  const complete = Float32Array.of(1, 2);
  expect(joinPlaces(complete, complete).from).toBe(complete);
});

test("an item with one coordinate missing is absent", () => {
  expect([...joinPlaces(Float32Array.of(1, NaN), Float32Array.of(1, 2)).presence]).toEqual([2]);
});

test("places of different lengths are refused with both numbers", () => {
  expect(() => joinPlaces(from, Float32Array.of(1, 2))).toThrow("'from' has 4 items and 'to' has 1");
});

test("an item moves on a straight line", () => {
  expect([0, 0.5, 1].map((t) => placeAt(places, 0, 1, t))).toEqual([0, 2, 4]);
});

test("a gain draws every way longer about its middle, alike, and a gain of 1 as it is", () => {
  for (const t of [0, 0.1, 0.37, 1]) expect(along(t, 1)).toBe(t);
  const way = (item: number, gain: number) => [0, 1].map((axis) => placeAt(places, item, axis as 0 | 1, along(1, gain)) - placeAt(places, item, axis as 0 | 1, along(0, gain)));
  expect(way(0, 3)).toEqual(way(0, 1).map((part) => 3 * part));
  expect(along(0.5, 4)).toBe(0.5);
  expect(way(1, 5)).toEqual([0, 0]);
});

test("an item is seen while it is present, and not when it has faded", () => {
  expect([0, 0.5, 1].map((t) => isSeen(3, t))).toEqual([true, true, true]);
  expect([0, 0.5, 1].map((t) => isSeen(1, t))).toEqual([true, true, false]);
  expect([0, 0.5, 1].map((t) => isSeen(2, t))).toEqual([false, true, true]);
  expect([0, 0.5, 1].map((t) => isSeen(0, t))).toEqual([false, false, false]);
});

test("the bounds hold both spaces and leave out what is in neither", () => {
  expect(boundsOf(places)).toEqual({ minX: 0, minY: 0, maxX: 5, maxY: 8 });
  expect(boundsOf(places, 5)).toEqual({ minX: -4, minY: -8, maxX: 6, maxY: 12 });
  expect(boundsOf(joinPlaces(Float32Array.of(NaN, NaN), Float32Array.of(NaN, NaN)))).toBeNull();
});
