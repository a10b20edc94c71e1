import { expect, it } from "vitest";
import { frameOf, MAP } from "../../src/ui/minimap";

const places = (path: string): [number, number][] => [...path.matchAll(/M([\d.]+) ([\d.]+)h0/g)].map(([, x, y]) => [Number(x), Number(y)]);

it("a map holds both pictures at one scale, y up", () => {
  const frame = frameOf({ from: Float32Array.of(0, 0, 1, 0), to: Float32Array.of(0, 2, 1, 1) });
  const rows = Uint32Array.of(0, 1);
  const [[x, bottom], [right]] = places(frame.inA(rows)) as [[number, number], [number, number]];
  const [[, top]] = places(frame.inB(rows)) as [[number, number]];
  expect([top, bottom]).toEqual([4, MAP.height - 4]);
  expect((right - x) * 2).toBeCloseTo(bottom - top);
  expect(places(frame.all)).toEqual(places(frame.inA(rows)));
});

it("an item that one picture lacks is drawn where the other has it, and as a member not at all", () => {
  const frame = frameOf({ from: Float32Array.of(NaN, NaN, 0, 0), to: Float32Array.of(1, 1, 0, 0) });
  expect(places(frame.all)).toHaveLength(2);
  expect(frame.inA(Uint32Array.of(0))).toBe("");
});

it("draws no more than can be told apart, of however many items", () => {
  const n = 5000;
  const all = Float32Array.from({ length: 2 * n }, (_, i) => (i * 7919) % 1000);
  const frame = frameOf({ from: all, to: all });
  expect(places(frame.all)).toHaveLength(600);
  expect(places(frame.inA(Uint32Array.from({ length: n }, (_, row) => row)))).toHaveLength(150);
});

it("a picture of one point, or of none, is no error", () => {
  expect(places(frameOf({ from: Float32Array.of(3, 3), to: Float32Array.of(3, 3) }).all)).toEqual([[MAP.width / 2, MAP.height / 2]]);
  expect(frameOf({ from: new Float32Array(0), to: new Float32Array(0) }).all).toBe("");
});
