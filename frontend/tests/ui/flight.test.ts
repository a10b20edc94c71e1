import { expect, test } from "vitest";
import { onTheWay } from "../../src/ui/flight";

const from = { x: 0, y: 10, scale: 1 };
const to = { x: 8, y: 2, scale: 16 };

test("a flight begins where the camera is, ends on its goal, and nears it all the way", () => {
  expect(onTheWay(from, to, 0)).toEqual(from);
  expect(onTheWay(from, to, 1)).toBe(to);
  const scales = [0, 0.25, 0.5, 0.75, 1].map((share) => onTheWay(from, to, share).scale);
  expect(scales).toEqual([...scales].sort((a, b) => a - b));
});

test("a flight zooms by equal factors: half of its way is the geometric middle", () => {
  const half = 1 - Math.cbrt(0.5);
  const { x, y, scale } = onTheWay(from, to, half);
  expect([x, y, scale].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([4, 6, 4]);
});
