import { expect, test } from "vitest";
import { NO_SHADE, shadesOf } from "../../src/engine/shades";

test("a category's shade is its code; missing codes and those past the palette have none", () => {
  const codes = Int32Array.of(0, 2, -1, 3, 70000);
  const shades = shadesOf({ kind: "category", codes, palette: new Uint8Array(9) });
  expect([...shades]).toEqual([0, 2, NO_SHADE, NO_SHADE, NO_SHADE]);
});

test("numbers run along the ramp from low to high and stop at its ends; NaN has no shade", () => {
  const values = Float32Array.of(-10, 0, 5, 10, 99, NaN, Infinity, -Infinity);
  const shades = shadesOf({ kind: "number", values, low: 0, high: 10, ramp: new Uint8Array(101 * 3) });
  expect([...shades]).toEqual([0, 0, 50, 100, 100, NO_SHADE, 100, 0]);
});

test("a range without extent has one shade", () => {
  const shades = shadesOf({ kind: "number", values: Float32Array.of(1, 2, NaN), low: 2, high: 2, ramp: new Uint8Array(30) });
  expect([...shades]).toEqual([0, 0, NO_SHADE]);
});
