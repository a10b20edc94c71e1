import { expect, test } from "vitest";
import { paneAt, panesOf } from "../../src/engine/panes";

const canvas = { size: { width: 401, height: 300 }, ratio: 2 };

test("one pane is the whole canvas at its moment", () => {
  expect(panesOf(canvas, { panes: 1, t: 0.3, gain: 2 })).toEqual([{ index: 0, left: 0, size: canvas.size, t: 0.3, gain: 2 }]);
});

test("two panes show A and B as they are, equally large and on whole device pixels", () => {
  const [a, b] = panesOf(canvas, { panes: 2, t: 0.3, gain: 2 });
  expect([a?.t, b?.t, a?.gain, b?.gain]).toEqual([0, 1, 1, 1]);
  expect(a?.size).toEqual(b?.size);
  expect([a?.left, b?.left, (b?.left ?? 0) * canvas.ratio]).toEqual([0, 200.5, 401]);
  for (const ratio of [1, 1.25, 1.5, 3]) {
    const [, right] = panesOf({ size: { width: 1017, height: 5 }, ratio }, { panes: 2, t: 0, gain: 1 });
    expect(Math.abs(((right?.left ?? 0) * ratio) % 1)).toBeCloseTo(0, 6);
    expect((right?.left ?? 0) + (right?.size.width ?? 0)).toBeLessThanOrEqual(1017);
  }
});

test("a place belongs to the pane that it is in, beyond the edges to the nearest", () => {
  const panes = panesOf({ size: { width: 400, height: 300 }, ratio: 1 }, { panes: 2, t: 0, gain: 1 });
  expect([-5, 0, 199, 200, 399, 500].map((x) => paneAt(panes, x).index)).toEqual([0, 0, 0, 1, 1, 1]);
});
