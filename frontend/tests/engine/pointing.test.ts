import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { nearestOf, PickGrid } from "../../src/engine/pick";
import { joinPlaces } from "../../src/engine/places";
import { Pointing } from "../../src/engine/pointing";
import { Slices } from "../../src/engine/slices";
import { Flag } from "../../src/engine/types";
import { uniform, uniformArray } from "./random";

const many = joinPlaces(uniformArray(200_000, 1), uniformArray(200_000, 2));
const few = joinPlaces(uniformArray(200, 1), uniformArray(200, 2));
const flags = Uint8Array.from({ length: many.n }, (_, i) => (i % 5 === 0 ? Flag.hidden : 0));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a look at every item finds what a grid finds", () => {
  const random = uniform(7);
  for (const t of [0, 0.4, 1]) {
    const grid = PickGrid.of(few, t);
    for (let trial = 0; trial < 200; trial += 1) {
      const [x, y, radius] = [random(), random(), [0.01, 0.2][trial % 2] as number];
      expect(nearestOf({ places: few, t, gain: 1 }, x, y, { radius, flags })).toBe(grid.nearest(x, y, { radius, flags }));
    }
  }
  const same = joinPlaces(new Float32Array(8), new Float32Array(8));
  expect(nearestOf({ places: same, t: 0, gain: 1 }, 0, 0, { radius: 1, flags: new Uint8Array(4) })).toBe(3);
});

describe("the pointer over very many items", () => {
  const moment = { places: many, t: 0, gain: 1 };
  const place = { x: 1, y: 1, clientX: 1, clientY: 1 };

  test("is answered at once by a click, and by a hover once the grid is there", () => {
    const ready = vi.fn();
    const pointing = new Pointing(ready);
    const told = vi.fn();
    const hover = () => pointing.hover(() => (pointing.has(0, moment) ? 42 : null), told);
    pointing.point(place);
    hover();
    expect(told).not.toHaveBeenCalled();
    expect(pointing.nearest(0, moment, [0.5, 0.5], { radius: 0.1, flags })).toBe(nearestOf(moment, 0.5, 0.5, { radius: 0.1, flags }));
    vi.runAllTimers();
    expect(ready).toHaveBeenCalledTimes(1);
    hover();
    expect(told).toHaveBeenCalledWith(42, place);
    hover();
    expect(told).toHaveBeenCalledTimes(1);
  });

  test("has a grid made for where it is now, not for where it was", () => {
    const pointing = new Pointing(() => undefined);
    expect([pointing.has(0, moment), pointing.has(0, { ...moment, t: 1 })]).toEqual([false, false]);
    vi.runAllTimers();
    expect([pointing.has(0, { ...moment, t: 1 }), pointing.has(0, moment)]).toEqual([true, false]);
  });

  test("of few items has its grid at once", () => {
    expect(new Pointing(() => undefined).has(0, { ...moment, places: few })).toBe(true);
  });
});

describe("work in slices", () => {
  function* counting(n: number, did: (i: number) => void): Generator<void, number> {
    for (let i = 0; i < n; i += 1) {
      did(i);
      yield;
    }
    return n;
  }

  test("is done in the end, gives way to newer work, and can be done at once", () => {
    const [slices, done, did] = [new Slices<number>(), vi.fn(), vi.fn()];
    slices.run(counting(5, did), done);
    expect([slices.busy, did.mock.calls.length]).toEqual([true, 0]);
    slices.run(counting(3, did), done);
    vi.runAllTimers();
    expect([done.mock.calls, slices.busy]).toEqual([[[3]], false]);
    slices.run(counting(4, did), done);
    slices.finish();
    expect(done.mock.calls).toEqual([[3], [4]]);
    slices.run(counting(4, did), done);
    slices.stop();
    vi.runAllTimers();
    expect(done).toHaveBeenCalledTimes(2);
  });
});
