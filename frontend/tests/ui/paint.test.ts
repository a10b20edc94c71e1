import { describe, expect, it } from "vitest";
import { Flag } from "../../src/engine/types";
import { AUTO } from "../../src/model/choosing";
import { colourCategories, colourNumbers } from "../../src/model/colour";
import { colourMoves } from "../../src/model/moves";
import { compareNeighbors } from "../../src/model/neighbors";
import type { MovesInfo } from "../../src/model/schema.gen";
import { cssColor, flagsOf, paletteOf, rampOf, withHover } from "../../src/ui/paint";

const list = (...items: number[]) => ({ items: Int32Array.from(items), distances: new Float32Array(items.length) });

describe("flags", () => {
  const neighbors = compareNeighbors(0, { a: list(1, 2), b: list(1, 3) }, { k: 2, inA: () => true, inB: () => true });
  const base = { n: 5, selection: Uint32Array.of(2, 4), focus: 0, neighbors };

  it("mark the focused item, the fate of its neighbours and the selection", () => {
    expect([...flagsOf(base)]).toEqual([
      Flag.focused,
      Flag.kept,
      Flag.lost | Flag.selected,
      Flag.gained,
      Flag.selected,
    ]);
  });

  it("mark the item under the pointer in a copy, so that the scatter sees a change", () => {
    const flags = flagsOf(base);
    const hovered = withHover(flags, 4);
    expect([hovered[4], flags[4]]).toEqual([Flag.selected | Flag.hovered, Flag.selected]);
    expect(withHover(flags, -1)).toBe(flags);
  });

  it("do not show the neighbours of an item that is no longer focused", () => {
    expect([...flagsOf({ ...base, focus: -1, selection: new Uint32Array(0) })]).toEqual([0, 0, 0, 0, 0]);
  });
});

it("the classes of moves have a colour each", () => {
  const moves = { info: {} as MovesInfo, codes: Uint8Array.of(0, 1, 2, 3), drawn: Uint8Array.of(0, 1, 2, 3), displacement: new Float32Array(4) };
  const palette = paletteOf(colourMoves({ key: "", title: "" }, moves));
  expect(new Set([0, 1, 2, 3, 5].map((code) => cssColor(palette, code))).size).toBe(5);
  expect(palette).toHaveLength(18);
});

it("the gathered categories are grey", () => {
  const names = Array.from({ length: 12 }, (_, i) => `c${i}`);
  const dimmed = colourCategories({ key: "", title: "" }, Int32Array.of(0), names, { ...AUTO, hidden: [0] });
  expect(cssColor(paletteOf(dimmed, true), 0)).not.toBe(cssColor(paletteOf(dimmed, false), 0));
  const palette = paletteOf(colourCategories({ key: "", title: "" }, Int32Array.of(0), names));
  expect(palette).toHaveLength(33);
  expect([...palette.slice(30)]).toEqual([0x9a, 0x9e, 0xa6]);
});

it("the loud end of a ramp is far from the paper in either theme", () => {
  const field = { name: "neighborhood_overlap", definition: "", range: [0, 1] };
  const kept = colourNumbers({ key: "pair:neighborhood_overlap", title: "" }, field, Float32Array.of(0, 1));
  const light = (bytes: Uint8Array, at: number): number => 0.2126 * (bytes[3 * at] ?? 0) + 0.7152 * (bytes[3 * at + 1] ?? 0) + 0.0722 * (bytes[3 * at + 2] ?? 0);
  for (const dark of [false, true]) {
    const ramp = rampOf(kept, dark);
    const paper = dark ? 0 : 255;
    expect(Math.abs(light(ramp, 0) - paper)).toBeGreaterThan(Math.abs(light(ramp, 255) - paper) + 60);
    expect(Math.abs(light(ramp, 255) - paper)).toBeGreaterThan(30);
  }
});
