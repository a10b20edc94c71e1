import { expect, test } from "vitest";
import { fitted, panned, toData, toPixels, zoomed } from "../../src/engine/camera";

const size = { width: 800, height: 600 };
const camera = { x: 3, y: -2, scale: 40 };

test("the camera's point is the middle of the canvas, and y points up", () => {
  expect(toPixels(camera, size, 3, -2)).toEqual([400, 300]);
  expect(toPixels(camera, size, 4, -1)).toEqual([440, 260]);
});

test("pixels to data undoes data to pixels", () => {
  const [x, y] = toData(camera, size, ...toPixels(camera, size, 1.25, 7.5));
  expect(x).toBeCloseTo(1.25, 12);
  expect(y).toBeCloseTo(7.5, 12);
});

test("a drag carries the data with it", () => {
  const [x, y] = toPixels(panned(camera, 15, -7), size, 3, -2);
  expect(x).toBeCloseTo(415, 9);
  expect(y).toBeCloseTo(293, 9);
});

test("zooming keeps what is under the pointer and multiplies the scale", () => {
  const after = zoomed(camera, size, 2.5, 120, 530);
  expect(after.scale).toBe(100);
  const [x, y] = toData(after, size, 120, 530);
  const [x0, y0] = toData(camera, size, 120, 530);
  expect(x).toBeCloseTo(x0, 9);
  expect(y).toBeCloseTo(y0, 9);
});

test("zooming in and out again returns", () => {
  const after = zoomed(zoomed(camera, size, 3, 10, 20), size, 1 / 3, 10, 20);
  for (const key of ["x", "y", "scale"] as const) expect(after[key]).toBeCloseTo(camera[key], 9);
});

test.each([
  { minX: -1, minY: -1, maxX: 1, maxY: 1 },
  { minX: 100, minY: 0, maxX: 101, maxY: 50 },
  { minX: 0, minY: 5, maxX: 9, maxY: 5 },
])("fitting shows every corner of $minX $minY $maxX $maxY with a margin, as large as can be", (bounds) => {
  const view = fitted(bounds, size);
  const [left, bottom] = toPixels(view, size, bounds.minX, bounds.minY);
  const [right, top] = toPixels(view, size, bounds.maxX, bounds.maxY);
  const margins = [left, top, size.width - right, size.height - bottom];
  expect(Math.min(...margins)).toBeCloseTo(28, 6);
});

test("fitting a single point puts it in the middle", () => {
  expect(fitted({ minX: 4, maxX: 4, minY: 5, maxY: 5 }, size)).toEqual({ x: 4, y: 5, scale: 1 });
});

test("fitting a canvas smaller than its margins is still a view", () => {
  expect(fitted({ minX: 0, maxX: 1, minY: 0, maxY: 1 }, { width: 10, height: 10 }).scale).toBe(5);
});
