import { expect, test } from "vitest";
import { inkFor, ringOpacity, wayOpacity } from "../../src/engine/ink";

const size = { width: 900, height: 700 };
const ink = (n: number, zoom = 1) => inkFor({ n, drawn: n, zoom, size });

test("more points are smaller and fainter, down to a size and an opacity that can be seen", () => {
  const steps = [10, 1000, 10_000, 100_000, 1_000_000, 10_000_000].map((n) => ink(n));
  for (let i = 1; i < steps.length; i += 1) {
    expect(steps[i]?.diameter).toBeLessThanOrEqual(steps[i - 1]?.diameter as number);
    expect(steps[i]?.opacity).toBeLessThanOrEqual(steps[i - 1]?.opacity as number);
  }
  expect(steps.at(-1)?.diameter).toBeGreaterThanOrEqual(1.5);
  expect(steps.at(-1)?.opacity).toBeGreaterThanOrEqual(0.15);
});

test("zooming in makes points larger and denser in ink", () => {
  expect(ink(100_000, 8).diameter).toBeGreaterThan(ink(100_000).diameter);
  expect(ink(100_000, 8).opacity).toBeGreaterThan(ink(100_000).opacity);
});

test("a prefix has the size of the whole set and the opacity of its own number", () => {
  const prefix = inkFor({ n: 5_000_000, drawn: 500_000, zoom: 1, size });
  expect(prefix.diameter).toBe(ink(5_000_000).diameter);
  expect(prefix.opacity).toBeGreaterThan(ink(5_000_000).opacity);
});

test.each([[ringOpacity, [0.75, 0.1]], [wayOpacity, [0.92, 0.3]]] as const)("more of them are fainter each, and none are lost", (opacity, ends) => {
  const steps = [0, 1, 400, 2000, 10_000, 1_000_000].map(opacity);
  for (let i = 1; i < steps.length; i += 1) expect(steps[i]).toBeLessThanOrEqual(steps[i - 1] as number);
  expect([steps[0], steps.at(-1)]).toEqual(ends);
});

test("the ink of no points is finite", () => {
  expect(ink(0).diameter).toBe(8);
});
