import { describe, expect, test } from "vitest";
import { type DensityField, densityOf } from "../../src/engine/density";
import { joinPlaces } from "../../src/engine/places";
import { finished } from "../../src/engine/slices";
import { Flag } from "../../src/engine/types";
import { uniform } from "./random";

const view = { camera: { x: 0, y: 0, scale: 1 }, size: { width: 400, height: 300 } };
const random = uniform(11);
/** So many items round a place. */
const heap = (n: number, [x, y]: readonly [number, number]): number[] => Array.from({ length: n }, () => [x + 20 * (random() - 0.5), y + 20 * (random() - 0.5)]).flat();
const gone = (n: number): number[] => new Array<number>(2 * n).fill(NaN);

function fieldOf(from: readonly number[], to: readonly number[], flags = new Uint8Array(), selected = false): DensityField {
  return finished(densityOf({ places: joinPlaces(Float32Array.from(from), Float32Array.from(to)), flags, selected, ...view }));
}

/** Which side a place of the plane is of, from −1 (only A) to 1 (only B), and how dense it is. */
function at({ columns, rows, minX, minY, maxX, maxY, cells }: DensityField, [x, y]: readonly [number, number]): readonly [side: number, ink: number] {
  const cell = Math.floor(((y - minY) / (maxY - minY)) * rows) * columns + Math.floor(((x - minX) / (maxX - minX)) * columns);
  return [(cells[2 * cell] as number) / 127.5 - 1, (cells[2 * cell + 1] as number) / 255];
}

const [left, right, above] = [[-100, 0], [100, 0], [0, 80]] as const;

describe("the difference of density", () => {
  const staying = heap(500, above);
  const field = fieldOf([...heap(500, left), ...staying], [...heap(500, right), ...staying]);

  test("is A's where items left, B's where they came, none where they stayed, and empty where nobody is", () => {
    expect(at(field, left)[0]).toBeLessThan(-0.8);
    expect(at(field, right)[0]).toBeGreaterThan(0.8);
    expect(Math.abs(at(field, above)[0])).toBeLessThan(0.02);
    for (const place of [left, right, above]) expect(at(field, place)[1]).toBeGreaterThan(0.5);
    expect(at(field, [0, -120])[1]).toBe(0);
  });

  test("turns round with the pair", () => {
    const [from, to] = [[...heap(300, left), ...heap(100, right)], [...heap(100, left), ...heap(300, right)]];
    const [there, back] = [fieldOf(from, to), fieldOf(to, from)];
    for (const place of [left, right]) expect(at(there, place)[0]).toBeCloseTo(-at(back, place)[0], 1);
  });

  test("is half way where one space has three times as many", () => {
    const some = heap(3000, left);
    expect(at(fieldOf([...some, ...heap(1000, right)], [...some.slice(0, 2000), ...heap(3000, right)]), right)[0]).toBeCloseTo(0.5, 1);
  });

  test("is of shares: a space with fewer items is not paler throughout", () => {
    const whole = heap(2000, left);
    const part = [...whole.slice(0, 1000), ...gone(1500)];
    expect(Math.abs(at(fieldOf(whole, part), left)[0])).toBeLessThan(0.1);
  });

  test("does not believe a single item", () => {
    const crowd = heap(2000, above);
    expect(Math.abs(at(fieldOf([...crowd, ...left], [...crowd, ...right]), left)[0])).toBeLessThan(0.5);
  });

  test("is of the selected items alone where that is asked for, and never of hidden ones", () => {
    const from = [...heap(400, left), ...heap(400, right)];
    const to = [...heap(400, right), ...heap(400, left)];
    const flags = (flag: number) => Uint8Array.from({ length: 800 }, (_, i) => (i < 400 ? flag : 0));
    expect(Math.abs(at(fieldOf(from, to), left)[0])).toBeLessThan(0.2);
    expect(at(fieldOf(from, to, flags(Flag.selected), true), left)[0]).toBeLessThan(-0.8);
    expect(at(fieldOf(from, to, flags(Flag.hidden)), left)[0]).toBeGreaterThan(0.8);
  });
});

test("of no items, or none in view, there is a picture of nothing", () => {
  for (const places of [[], heap(50, [5000, 5000])]) expect(Math.max(...fieldOf(places, places).cells.filter((_, i) => i % 2))).toBe(0);
});

test("many items are looked at piece by piece", () => {
  const n = 350_000;
  const places = joinPlaces(new Float32Array(2 * n), new Float32Array(2 * n));
  const work = densityOf({ places, flags: new Uint8Array(), selected: false, ...view });
  let pieces = 1;
  while (work.next().done !== true) pieces += 1;
  expect(pieces).toBeGreaterThan(8);
});
