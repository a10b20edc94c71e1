import type { RowSet } from "./selection";

/** A map of the plane: (x, y) goes to (xx·x + xy·y + dx, yx·x + yy·y + dy). */
export interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly dx: number;
  readonly yx: number;
  readonly yy: number;
  readonly dy: number;
}

/** An alignment, and how many anchors it rests on. */
export interface Alignment {
  readonly map: Affine;
  readonly anchors: number;
}

/** Fewer points than this do not fix a rotation. */
export const LEAST_ANCHORS = 2;
/** A reflection must fit better than a rotation by this share: of equal fits, the picture is not turned over. */
const TIE = 1e-6;

/** Anchors spread less than this, in squares over their distance from the origin, are at one place but for rounding. */
const SPREAD = 1e-20;

/** The rows with a place in both pictures; coordinates are x, y of each item, NaN where absent. */
function anchorsOf(fixed: Float32Array, moving: Float32Array, rows: RowSet): RowSet {
  return rows.filter((row) => [2 * row, 2 * row + 1].every((at) => Number.isFinite(fixed[at]) && Number.isFinite(moving[at])));
}

/** The weighted mean place of some rows. */
function centre(coords: Float32Array, rows: RowSet, weights: readonly number[]): readonly [number, number] {
  let [x, y, sum] = [0, 0, 0];
  rows.forEach((row, i) => {
    const weight = weights[i] as number;
    x += weight * (coords[2 * row] as number);
    y += weight * (coords[2 * row + 1] as number);
    sum += weight;
  });
  return [x / sum, y / sum];
}

/**
 * The rotation or reflection, with a shift, that brings `moving` nearest to `fixed` at the anchors: least weighted squares,
 * no scale (weighted orthogonal Procrustes, Schönemann 1966, whose singular vectors in the plane are two angles).
 *
 * Null when fewer than two anchors of positive weight are in both. Anchors all at one place fix the shift alone.
 *
 * @param fixed (2n) x, y of each item; NaN where absent
 * @param moving (2n) likewise
 * @param rows the anchors
 * @param weights of each row of `rows`, not negative; equal when left out
 */
export function align(fixed: Float32Array, moving: Float32Array, rows: RowSet, weights?: ArrayLike<number>): Alignment | null {
  const weightOf = weights && new Map(Array.from(rows, (row, i) => [row, weights[i] ?? 0]));
  const anchors = anchorsOf(fixed, moving, rows).filter((row) => (weightOf?.get(row) ?? 1) > 0);
  if (anchors.length < LEAST_ANCHORS) return null;
  const masses = Array.from(anchors, (row) => weightOf?.get(row) ?? 1);
  const [fx, fy] = centre(fixed, anchors, masses);
  const [mx, my] = centre(moving, anchors, masses);
  // Covariances of the moving coordinate (first) with the fixed one (second).
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  let [spread, size, fixedSpread, fixedSize] = [0, 0, 0, 0];
  anchors.forEach((row, i) => {
    const mass = masses[i] as number;
    const [x, y, u, v] = [moving[2 * row], moving[2 * row + 1], fixed[2 * row], fixed[2 * row + 1]] as [number, number, number, number];
    const [px, py, qx, qy] = [x - mx, y - my, u - fx, v - fy];
    spread += mass * (px * px + py * py);
    size += mass * (x * x + y * y);
    fixedSpread += mass * (qx * qx + qy * qy);
    fixedSize += mass * (u * u + v * v);
    xx += mass * px * qx;
    xy += mass * px * qy;
    yx += mass * py * qx;
    yy += mass * py * qy;
  });
  if (spread <= SPREAD * size || fixedSpread <= SPREAD * fixedSize) {
    return { map: { xx: 1, xy: 0, dx: fx - mx, yx: 0, yy: 1, dy: fy - my }, anchors: anchors.length };
  }
  const turned = Math.hypot(xx + yy, xy - yx);
  const mirrored = Math.hypot(xx - yy, xy + yx);
  const flip = mirrored > turned * (1 + TIE) ? -1 : 1;
  const angle = flip < 0 ? Math.atan2(xy + yx, xx - yy) : Math.atan2(xy - yx, xx + yy);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const linear = { xx: cos, xy: -flip * sin, yx: sin, yy: flip * cos };
  const map = { ...linear, dx: fx - linear.xx * mx - linear.xy * my, dy: fy - linear.yx * mx - linear.yy * my };
  return { map, anchors: anchors.length };
}

/** The same items at the places a map takes them to; the given ones stay. */
export function mapped({ xx, xy, dx, yx, yy, dy }: Affine, coords: Float32Array): Float32Array {
  const moved = new Float32Array(coords.length);
  for (let i = 0; i < coords.length; i += 2) {
    const [x, y] = [coords[i] as number, coords[i + 1] as number];
    moved[i] = xx * x + xy * y + dx;
    moved[i + 1] = yx * x + yy * y + dy;
  }
  return moved;
}
