import { expect, test } from "vitest";
import { isBulk, marksOf, plainOf, within } from "../../src/engine/marks";
import { Flag } from "../../src/engine/types";

test("marks are drawn selected first, then signs, then hovered, then focused, each in index order", () => {
  const { selected, hovered, focused, kept, lost, gained } = Flag;
  const flags = Uint8Array.of(focused, 0, gained, selected, hovered | selected, kept | selected, lost, selected);
  expect([...marksOf(flags).items]).toEqual([3, 7, 2, 5, 6, 4, 0]);
});

test("a hidden item is not marked, whatever else it is", () => {
  const marks = marksOf(Uint8Array.of(Flag.hidden | Flag.selected, Flag.hidden, 0));
  expect(marks.items).toHaveLength(0);
  expect(marks.dims).toBe(false);
});

test("the rest steps back for a selection or a focus, not for a hover", () => {
  expect(marksOf(Uint8Array.of(Flag.hovered, 0)).dims).toBe(false);
  expect(marksOf(Uint8Array.of(Flag.selected, 0)).dims).toBe(true);
  expect(marksOf(Uint8Array.of(Flag.focused, 0)).dims).toBe(true);
  expect([Flag.hovered, Flag.focused, Flag.hidden | Flag.selected, Flag.selected].map((flag) => marksOf(Uint8Array.of(flag, 0)).selected)).toEqual([false, false, false, true]);
});

test("those that are selected and nothing else come first, and above some thousand are drawn with the rest", () => {
  const { selected, hovered, kept } = Flag;
  const of = (n: number) => marksOf(Uint8Array.from({ length: n + 3 }, (_, i) => (i < n ? selected : [kept | selected, hovered, 0][i - n] as number)));
  expect([of(5).plain, of(5).items.length, of(0).plain]).toEqual([5, 7, 0]);
  expect([isBulk(of(3000)), isBulk(of(3001))]).toEqual([false, true]);
});

test("each pass has its own items, and of a prefix those within it", () => {
  const flags = Uint8Array.of(0, Flag.selected, 0, Flag.hidden, 0);
  expect([...plainOf(flags)]).toEqual([0, 2, 4]);
  expect([0, 1, 2, 3, 5].map((end) => within(plainOf(flags), end))).toEqual([0, 1, 1, 2, 3]);
});
