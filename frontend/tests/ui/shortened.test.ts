import { describe, expect, it } from "vitest";
import { Shortened } from "../../src/ui/shortened.svelte";

describe("a shortened list", () => {
  it("shows the first until all of it is asked for", () => {
    const list = new Shortened(() => [1, 2, 3], 2);
    expect([list.cut, list.length, [...list.shown]]).toEqual([true, 3, [1, 2]]);
    list.all = true;
    expect([list.cut, [...list.shown]]).toEqual([false, [1, 2, 3]]);
  });

  it("is not cut where it is no longer than that", () => {
    const list = new Shortened(() => [1, 2], 2);
    expect([list.cut, [...list.shown]]).toEqual([false, [1, 2]]);
  });

  it("is whole only while something in it must be seen", () => {
    const state = { needed: true };
    const whole = (): boolean => state.needed;
    expect(new Shortened(() => [1, 2, 3], 1, whole).shown).toHaveLength(3);
    state.needed = false;
    expect(new Shortened(() => [1, 2, 3], 1, whole).shown).toHaveLength(1);
  });
});
