import { describe, expect, it } from "vitest";
import { Flag } from "../../src/engine/types";
import { colourCategories } from "../../src/model/colour";
import { compareNeighbors } from "../../src/model/neighbors";
import { flagsOf, paletteOf } from "../../src/ui/paint";

const list = (...items: number[]) => ({ items: Int32Array.from(items), distances: new Float32Array(items.length) });

describe("flags", () => {
  const neighbors = compareNeighbors(0, { a: list(1, 2), b: list(1, 3) }, { k: 2, inA: () => true, inB: () => true });
  const base = { n: 5, selection: Uint32Array.of(2, 4), focus: 0, hover: 4, neighbors };

  it("mark the focused item, the fate of its neighbours, the selection and the item under the pointer", () => {
    expect([...flagsOf(base)]).toEqual([
      Flag.focused,
      Flag.kept,
      Flag.lost | Flag.selected,
      Flag.gained,
      Flag.selected | Flag.hovered,
    ]);
  });

  it("do not show the neighbours of an item that is no longer focused", () => {
    expect([...flagsOf({ ...base, focus: -1, hover: -1, selection: new Uint32Array(0) })]).toEqual([0, 0, 0, 0, 0]);
  });
});

it("the gathered categories are grey", () => {
  const names = Array.from({ length: 12 }, (_, i) => `c${i}`);
  const palette = paletteOf(colourCategories({ key: "", title: "" }, Int32Array.of(0), names));
  expect(palette).toHaveLength(30);
  expect([...palette.slice(27)]).toEqual([0x9a, 0x9e, 0xa6]);
});
