import { describe, expect, it } from "vitest";
import type { Affine } from "../../src/model/align";
import { align, mapped } from "../../src/model/align";

const turn = (angle: number, flip: 1 | -1, dx: number, dy: number): Affine => ({
  xx: Math.cos(angle),
  xy: -flip * Math.sin(angle),
  dx,
  yx: Math.sin(angle),
  yy: flip * Math.cos(angle),
  dy,
});

/** A crooked cloud, the same each time. */
const cloud = Float32Array.from({ length: 40 }, (_, i) => (Math.abs(Math.sin((i + 1) * 12.9898) * 43758.5453) % 1) * (i % 2 ? 1 : 3));
const all = Uint32Array.from({ length: 20 }, (_, i) => i);

const error = (fixed: Float32Array, coords: Float32Array, rows: Uint32Array, weights?: readonly number[]): number =>
  rows.reduce((sum, row, i) => sum + (weights?.[i] ?? 1) * Math.hypot(...[0, 1].map((axis) => (fixed[2 * row + axis] ?? 0) - (coords[2 * row + axis] ?? 0))) ** 2, 0);

describe("the alignment of a picture on anchors", () => {
  it.each([
    ["a rotation", 0.7, 1],
    ["half a turn", Math.PI, 1],
    ["a reflection", -2.1, -1],
  ] as const)("undoes %s with a shift, from all items or from three", (_, angle, flip) => {
    const moving = mapped(turn(angle, flip, -4, 9), cloud);
    for (const rows of [all, Uint32Array.of(2, 7, 11)]) {
      const found = align(cloud, moving, rows);
      expect(found?.anchors).toBe(rows.length);
      const back = found ? mapped(found.map, moving) : moving;
      back.forEach((value, i) => expect(value).toBeCloseTo(cloud[i] as number, 4));
    }
  });

  it("never scales, and leaves what it was given as it was", () => {
    const moving = cloud.map((value) => 3 * value);
    const before = moving.slice();
    const found = align(cloud, moving, all)?.map as Affine;
    expect(found.xx * found.yy - found.xy * found.yx).toBeCloseTo(1, 6);
    mapped(found, moving);
    expect(moving).toEqual(before);
  });

  it("fits no worse than any other rotation or reflection about the anchors' centres", () => {
    const moving = mapped(turn(1.1, 1, 0, 0), cloud).map((value, i) => value + 0.6 * Math.sin(7 * i));
    const weights = Array.from(all, (row) => 1 + (row % 3));
    const best = error(cloud, mapped(align(cloud, moving, all, weights)?.map as Affine, moving), all, weights);
    const mass = weights.reduce((sum, weight) => sum + weight, 0);
    const middle = (coords: Float32Array, axis: number): number => weights.reduce((sum, weight, i) => sum + weight * (coords[2 * i + axis] as number), 0) / mass;
    const [fx, fy, mx, my] = [middle(cloud, 0), middle(cloud, 1), middle(moving, 0), middle(moving, 1)];
    for (const flip of [1, -1] as const) {
      for (let angle = 0; angle < 6.28; angle += 0.05) {
        const { xx, xy, yx, yy } = turn(angle, flip, 0, 0);
        const other = { xx, xy, yx, yy, dx: fx - xx * mx - xy * my, dy: fy - yx * mx - yy * my };
        expect(best).toBeLessThanOrEqual(error(cloud, mapped(other, moving), all, weights) + 1e-4);
      }
    }
  });

  it("lets a heavy anchor decide and a weightless one say nothing", () => {
    const moving = mapped(turn(0.4, 1, 1, 1), cloud);
    moving.set([50, -50], 0);
    const found = align(cloud, moving, all, Array.from(all, (row) => (row === 0 ? 0 : 1)));
    expect(found?.anchors).toBe(19);
    expect(mapped(found?.map as Affine, moving).subarray(2)[0]).toBeCloseTo(cloud[2] as number, 4);
    const heavy = align(cloud, moving, all, Array.from(all, (row) => (row === 0 ? 1e6 : 1)));
    expect(mapped(heavy?.map as Affine, moving)[0]).toBeCloseTo(cloud[0] as number, 2);
  });

  it("of anchors on a line turns and does not mirror, and of anchors in one place only shifts", () => {
    const pair = Uint32Array.of(3, 8);
    const found = align(cloud, mapped(turn(2, 1, 5, 5), cloud), pair)?.map as Affine;
    expect(found.xx * found.yy - found.xy * found.yx).toBeCloseTo(1, 6);
    const heap = new Float32Array(40).fill(0.1);
    for (const [fixed, moving] of [[heap, cloud], [cloud, heap], [heap, heap.map((value) => value - 3)]] as const) {
      const shift = align(fixed, moving, all.subarray(0, 7));
      expect(shift?.map).toMatchObject({ xx: 1, xy: 0, yx: 0, yy: 1 });
    }
    expect(align(heap, heap.map((value) => value - 3), all)?.map.dx).toBeCloseTo(3);
  });

  it("counts only anchors that are in both pictures, and wants two", () => {
    const gappy = cloud.slice();
    gappy.fill(NaN, 2, 40);
    gappy.set([1, 1], 10);
    expect(align(cloud, gappy, Uint32Array.of(0, 1, 2))).toBeNull();
    expect(align(gappy, cloud, Uint32Array.of(0, 1, 5))?.anchors).toBe(2);
    expect(align(cloud, cloud, new Uint32Array(0))).toBeNull();
    expect(mapped(turn(1, -1, 2, 2), gappy)[2]).toBeNaN();
  });
});
