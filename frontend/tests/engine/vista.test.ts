import { expect, test } from "vitest";
import { joinPlaces } from "../../src/engine/places";
import { Vista } from "../../src/engine/vista";

const SQUARE = { minX: -1, minY: -1, maxX: 1, maxY: 1 };

/** A window of 800 × 600 on a square. */
function windowOf(panes: 1 | 2): Vista {
  const places = joinPlaces(Float32Array.of(-1, -1, 1, 1), Float32Array.of(-1, -1, 1, 1));
  const vista = new Vista(places, { panes, t: 0, gain: 1, bounds: SQUARE }, () => undefined);
  vista.resize({ width: 800, height: 600 }, 1);
  return vista;
}

test.each([1, 2] as const)("a part is framed whole in each of %i panes, and in the middle", (panes) => {
  const vista = windowOf(panes);
  vista.look(vista.framed({ minX: 0, minY: 0, maxX: 1, maxY: 0.5 }));
  const { width, height } = vista.pane.size;
  const [left, bottom] = vista.toData(0, height);
  const [right, top] = vista.toData(width - 1e-6, 0);
  expect([left < 0, right > 1, bottom < 0, top > 0.5]).toEqual([true, true, true, true]);
  expect([vista.camera.x, vista.camera.y]).toEqual([0.5, 0.25]);
  expect(vista.zoom).toBeGreaterThan(1);
});

test("a single point is framed eight times as near as the whole, and nothing nearer", () => {
  const vista = windowOf(1);
  vista.look(vista.framed({ minX: 0.5, minY: 0.5, maxX: 0.5, maxY: 0.5 }));
  expect([vista.camera.x, vista.camera.y]).toEqual([0.5, 0.5]);
  expect(vista.zoom).toBeCloseTo(8);
  vista.look(vista.framed({ minX: 0.5, minY: 0.5, maxX: 0.500001, maxY: 0.5 }));
  expect(vista.zoom).toBeCloseTo(8);
});
