import { expect, test } from "vitest";
import { moveColors, okabeIto, tableau10, viridis as whole } from "../../src/engine/palettes";

const viridis = whole();
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

/** What linear RGB becomes to eyes without one kind of cone (Machado, Oliveira and Fernandes 2009). */
const EYES = {
  "all cones": [1, 0, 0, 0, 1, 0, 0, 0, 1],
  "no long cones": [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  "no medium cones": [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  "no short cones": [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;
const XYZ = [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505, 0.2126, 0.7152, 0.0722, 0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089];

function times(matrix: readonly number[], [x, y, z]: readonly number[]): number[] {
  return [0, 3, 6].map((row) => (matrix[row] ?? 0) * (x ?? 0) + (matrix[row + 1] ?? 0) * (y ?? 0) + (matrix[row + 2] ?? 0) * (z ?? 0));
}

/** CIELAB of sRGB bytes, as some eyes see them. */
function seen(eyes: readonly number[], rgb: readonly number[]): [number, number, number] {
  const light = rgb.map((byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4));
  const there = times(eyes, light).map((part) => Math.min(Math.max(part, 0), 1));
  const [x, y, z] = times(XYZ, there).map((part) => (part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116)) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test.each(Object.entries(EYES))("the classes of moves are told apart with %s, on white and on dark paper", (_, eyes) => {
  const colors = [0, 1, 2, 3, 5].map((code) => seen(eyes, [...moveColors.subarray(3 * code, 3 * code + 3)]));
  colors.forEach((color, i) => {
    for (const other of colors.slice(i + 1)) expect(Math.hypot(...color.map((part, axis) => part - (other[axis] as number)))).toBeGreaterThan(30);
    expect(color[0] > 35 && color[0] < 80, `lightness ${color[0]}`).toBe(true);
  });
});
