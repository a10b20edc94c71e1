import { expect, test } from "vitest";
import { type Box, type Wish, written } from "../../src/engine/names";
import { uniform } from "./random";

const size = { width: 300, height: 200 };
const wish = (key: string, x: number, y: number, more: Partial<Wish> = {}): Wish => ({ key, x, y, width: 60, height: 14, gap: 0, ...more });
const keys = (wishes: readonly Wish[], most?: number): string[] => written(wishes, size, most).map(({ wish: { key } }) => key);

test("names earlier in the list take their place, and those that would cover them are left out", () => {
  expect(keys([wish("large", 150, 100, { height: 40 }), wish("small", 170, 105), wish("far", 150, 150)])).toEqual(["large", "far"]);
});

test("a name on its place stands just above or below another that is there", () => {
  const found = written([wish("3", 150, 100), wish("8", 150, 100), wish("5", 150, 100), wish("9", 150, 100)], size);
  expect(found.map(({ wish: { key }, y }) => [key, y])).toEqual([["3", 100], ["8", 86], ["5", 114]]);
});

test("a name beside its point goes round it where one side is taken, and left first where it is told", () => {
  const beside = { gap: 10 };
  const [first, second, third] = written([wish("a", 150, 100, beside), wish("b", 150, 100, beside), wish("c", 150, 60, { gap: 10, side: "left" })], size);
  expect([first?.x, second?.x, third?.x]).toEqual([190, 110, 110]);
});

test("a name of many stands above them, else below, else on them, and nowhere farther off", () => {
  const above = (key: string): Wish => wish(key, 150, 100, { gap: 10, side: "above" });
  const found = written([above("a"), above("b"), above("c"), above("d")], size);
  expect(found.map(({ x, y }) => [x, y])).toEqual([[150, 83], [150, 117], [150, 100]]);
});

test("a name that would hide something goes to another side of its point, or nowhere", () => {
  const hides = ({ left, right }: Box): boolean => 190 > left && 190 < right;
  const found = written([wish("a", 150, 100, { gap: 10, hides }), wish("on it", 190, 100, { hides })], size);
  expect(found.map(({ wish: { key }, x }) => [key, x])).toEqual([["a", 110]]);
});

test("no name is cut by the edge", () => {
  expect(keys([wish("rim", 20, 100), wish("corner", 20, 198)])).toEqual([]);
});

test("no more names than asked for", () => {
  expect(keys([wish("a", 50, 50), wish("b", 150, 50), wish("c", 250, 50)], 2)).toEqual(["a", "b"]);
});

test("no two names ever cover each other", () => {
  const random = uniform(3);
  const wishes = Array.from({ length: 400 }, (_, i) => wish(String(i), 300 * random(), 200 * random(), { width: 20 + 60 * random(), gap: i % 2 === 0 ? 0 : 6 }));
  const found = written(wishes, size);
  expect(found.length).toBeGreaterThan(10);
  found.forEach((one, i) => {
    for (const other of found.slice(i + 1)) {
      const apart = Math.abs(one.x - other.x) >= (one.wish.width + other.wish.width) / 2 || Math.abs(one.y - other.y) >= (one.wish.height + other.wish.height) / 2;
      expect(apart, `${one.wish.key} and ${other.wish.key}`).toBe(true);
    }
  });
});
