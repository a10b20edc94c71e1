import { describe, expect, test } from "vitest";
import { type Atlas, atlasOf, isOnWhite, RIM } from "../../src/engine/atlas";
import type { PictureSheet } from "../../src/engine/types";

const SIDE = 16;

/** Pictures of one colour on a ground, each a square in the middle. */
function sheet(colors: readonly (readonly [number, number, number])[], ground = 255, inner = 4): PictureSheet {
  const pixels = new Uint8Array(3 * SIDE * SIDE * colors.length).fill(ground);
  colors.forEach((color, item) => {
    for (let y = inner; y < SIDE - inner; y++) for (let x = inner; x < SIDE - inner; x++) pixels.set(color, 3 * ((item * SIDE + y) * SIDE + x));
  });
  return { n: colors.length, width: SIDE, height: SIDE, pixels };
}

/** RGBA of a tile's pixel. */
function at({ side, tile, columns, pixels }: Atlas, item: number, x: number, y: number): number[] {
  const place = 4 * ((Math.floor(item / columns) * tile + y) * side + (item % columns) * tile + x);
  return [...pixels.subarray(place, place + 4)];
}

const RED = [220, 20, 30] as const;
const BLUE = [10, 40, 200] as const;

describe("a sheet of pictures", () => {
  test("has each item's picture in its tile", () => {
    const atlas = atlasOf(sheet([RED, BLUE, RED, RED, BLUE])) as Atlas;
    expect([atlas.columns, atlas.tile, atlas.side]).toEqual([3, SIDE + 2 * RIM, 3 * (SIDE + 2 * RIM)]);
    const middle = atlas.tile / 2;
    expect([0, 1, 2, 3, 4].map((item) => at(atlas, item, middle, middle).slice(0, 3))).toEqual([[...RED], [...BLUE], [...RED], [...RED], [...BLUE]]);
  });

  test("cuts pictures out of white ground, with a rim that keeps them apart", () => {
    const atlas = atlasOf(sheet([RED])) as Atlas;
    expect(at(atlas, 0, 0, 0)).toEqual([0, 0, 0, 0]);
    // Beside the square's edge.
    const [r = 0, g = 0, b = 0, a = 0] = at(atlas, 0, RIM + 4 - 1, atlas.tile / 2);
    expect(a).toBeGreaterThan(225);
    expect(Math.min(r, g, b)).toBeGreaterThan(220);
  });

  test("keeps white that the ground does not reach", () => {
    const { pixels, ...rest } = sheet([RED]);
    pixels.set([255, 255, 255], 3 * (8 * SIDE + 8));
    const atlas = atlasOf({ pixels, ...rest }) as Atlas;
    expect(at(atlas, 0, RIM + 8, RIM + 8)).toEqual([255, 255, 255, 255]);
  });

  test("keeps photographs whole", () => {
    const photographs = sheet([RED, BLUE], 90);
    expect(isOnWhite(photographs)).toBe(false);
    expect(isOnWhite(sheet([RED, BLUE]))).toBe(true);
    expect(at(atlasOf(photographs) as Atlas, 0, RIM, RIM)).toEqual([90, 90, 90, 255]);
  });

  test("makes pictures smaller where they are many, and gives up where they would tell nothing", () => {
    const many = { n: 100, width: SIDE, height: SIDE, pixels: new Uint8Array(3 * SIDE * SIDE * 100) };
    const small = atlasOf(many, 10 * (12 + 2 * RIM)) as Atlas;
    expect(small.tile).toBe(12 + 2 * RIM);
    expect(small.side).toBeLessThanOrEqual(160);
    expect(atlasOf(many, 100)).toBeNull();
  });

  test("puts a picture that is not square in the middle", () => {
    const wide = { n: 1, width: SIDE, height: SIDE / 2, pixels: new Uint8Array((3 * SIDE * SIDE) / 2).fill(80) };
    const atlas = atlasOf(wide) as Atlas;
    expect(at(atlas, 0, RIM + 8, RIM + 8)).toEqual([80, 80, 80, 255]);
    expect(at(atlas, 0, RIM + 8, 0)[3]).toBe(0);
  });
});
