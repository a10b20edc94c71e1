import { expect, test } from "vitest";
import { okabeIto, tableau10, viridis } from "../../src/engine/palettes";

const color = (palette: Uint8Array, i: number) => [...palette.subarray(3 * i, 3 * i + 3)];

test("viridis is within 4 levels of matplotlib's table", () => {
  const table = [[0, 68, 1, 84], [32, 71, 45, 123], [64, 59, 82, 139], [96, 44, 114, 142], [128, 33, 145, 140], [160, 40, 174, 128], [192, 94, 201, 98], [224, 173, 220, 48], [255, 253, 231, 37]];
  for (const [step, ...rgb] of table as [number, ...number[]][]) {
    const off = color(viridis, step).map((part, i) => Math.abs(part - (rgb[i] as number)));
    expect(Math.max(...off), `step ${step}: ${color(viridis, step).join(" ")}`).toBeLessThanOrEqual(4);
  }
});

test("viridis has 256 steps, each lighter than the last", () => {
  expect(viridis).toHaveLength(768);
  const luma = Array.from({ length: 256 }, (_, i) => {
    const [r, g, b] = color(viridis, i) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  });
  for (let i = 8; i < 256; i += 8) expect(luma[i]).toBeGreaterThan(luma[i - 8] as number);
});

test("the category palettes are the published hues, all different", () => {
  expect(color(okabeIto, 0)).toEqual([230, 159, 0]);
  expect(color(okabeIto, 4)).toEqual([0, 114, 178]);
  expect(color(tableau10, 0)).toEqual([78, 121, 167]);
  expect(color(tableau10, 9)).toEqual([186, 176, 172]);
  for (const [palette, size] of [[okabeIto, 8], [tableau10, 10]] as const) {
    const colors = Array.from({ length: size }, (_, i) => color(palette, i).join());
    expect(palette).toHaveLength(3 * size);
    expect(new Set(colors).size).toBe(size);
  }
});
