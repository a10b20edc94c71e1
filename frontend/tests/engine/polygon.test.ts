import { expect, test } from "vitest";
import { joinPlaces } from "../../src/engine/places";
import { itemsInEither, itemsInside, Polygon } from "../../src/engine/polygon";
import { Flag } from "../../src/engine/types";
import { uniform } from "./random";

const polygon = (...path: number[]) => new Polygon(Float64Array.from(path));
const square = polygon(0, 0, 4, 0, 4, 4, 0, 4);

test("a square holds its inside and not its outside", () => {
  expect(square.contains(2, 2)).toBe(true);
  for (const [x, y] of [[-1, 2], [5, 2], [2, -1], [2, 5]] as const) expect(square.contains(x, y)).toBe(false);
});

test("a notch is outside", () => {
  const arrow = polygon(0, 0, 4, 0, 4, 4, 2, 1, 0, 4);
  expect(arrow.contains(2, 0.5)).toBe(true);
  expect(arrow.contains(2, 2)).toBe(false);
  expect(arrow.contains(0.5, 2)).toBe(true);
});

test("what a self-crossing path goes around twice is outside", () => {
  const star = polygon(...Array.from({ length: 5 }, (_, i) => (i * 4 * Math.PI) / 5).flatMap((a) => [Math.sin(a), Math.cos(a)]));
  expect(star.contains(0, 0)).toBe(false);
  expect(star.contains(0, 0.8)).toBe(true);
});

test("a circle of many corners holds what lies within its radius", () => {
  const angles = Array.from({ length: 700 }, (_, i) => (i * 2 * Math.PI) / 700);
  const circle = polygon(...angles.flatMap((a) => [10 + 3 * Math.cos(a), -5 + 3 * Math.sin(a)]));
  const random = uniform(1);
  for (let trial = 0; trial < 2000; trial += 1) {
    const [x, y] = [6 + 8 * random(), -9 + 8 * random()];
    const distance = Math.hypot(x - 10, y + 5);
    if (Math.abs(distance - 3) > 1e-3) expect(circle.contains(x, y), `${x} ${y}`).toBe(distance < 3);
  }
});

test("a path without height holds nothing", () => {
  expect(polygon(0, 1, 2, 1, 4, 1).contains(2, 1)).toBe(false);
});

test("items inside are those seen at t, in order, and none hidden", () => {
  const from = Float32Array.of(1, 1, 9, 9, NaN, NaN, 2, 2, 3, 3);
  const to = Float32Array.of(9, 9, 1, 1, 2, 2, NaN, NaN, 3, 3);
  const places = joinPlaces(from, to);
  const flags = Uint8Array.of(0, 0, 0, 0, Flag.hidden);
  expect([...itemsInside(square, { places, flags, t: 0 })]).toEqual([0, 3]);
  expect([...itemsInside(square, { places, flags, t: 1 })]).toEqual([1, 2]);
  expect([...itemsInside(square, { places, flags, t: 0.25, gain: 2 })]).toEqual([0, 2, 3]);
  expect([...itemsInside(square, { places, flags, t: 0.5 })]).toEqual([2, 3]);
});

test("in either space: whoever is inside it in A or in B, once", () => {
  const square = new Polygon(Float64Array.of(0, 0, 1, 0, 1, 1, 0, 1));
  const places = joinPlaces(Float32Array.of(0.5, 0.5, 5, 5, 0.2, 0.2, 9, 9, NaN, NaN), Float32Array.of(5, 5, 0.5, 0.5, 0.3, 0.3, 9, 9, 0.1, 0.1));
  expect([...itemsInEither(square, { places, flags: Uint8Array.of(0, 0, 0, 0, 0), t: 0 })]).toEqual([0, 1, 2, 4]);
  expect([...itemsInEither(square, { places, flags: Uint8Array.of(64, 0, 0, 0, 0), t: 0 })]).toEqual([1, 2, 4]);
});
