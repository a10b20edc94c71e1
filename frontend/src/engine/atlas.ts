import type { PictureSheet } from "./types";

/** The items' pictures on one sheet for the GPU, item `i` at column `i % columns` of row `⌊i / columns⌋`. */
export interface Atlas {
  /** Pixels of a side. */
  readonly side: number;
  /** Pixels of a tile's side. */
  readonly tile: number;
  readonly columns: number;
  /** RGBA bytes, premultiplied. */
  readonly pixels: Uint8Array;
}

/** Most pixels of the sheet's side: every WebGL2 has at least half as many. */
const MOST_SIDE = 4096;
/** Pixels round a picture for its rim. */
export const RIM = 2;
const LARGEST = 48;
/** Smaller pictures tell nothing. */
const SMALLEST = 12;
const WHITE = 255;
/** Ground is this near to white. */
const NEAR = 12;
/** Share of the border that must be ground for pictures to be cut out of it. */
const GROUND = 0.85;
const SAMPLE = 200;

/** Every picture with a pale rim that keeps it apart from the next; null when there are too many to be told anything. */
export function atlasOf(sheet: PictureSheet, mostSide = MOST_SIDE): Atlas | null {
  const { n } = sheet;
  const columns = Math.max(Math.ceil(Math.sqrt(n)), 1);
  const content = Math.min(Math.max(sheet.width, sheet.height), LARGEST, Math.floor(mostSide / columns) - 2 * RIM);
  if (content < SMALLEST) return null;
  const tile = content + 2 * RIM;
  const side = tile * columns;
  const pixels = new Uint8Array(4 * side * side);
  const cut = isOnWhite(sheet);
  const work = workbench(content);
  for (let item = 0; item < n; item += 1) {
    shrink(sheet, item, work);
    if (cut) cutOut(work);
    const at = 4 * (Math.floor(item / columns) * tile * side + (item % columns) * tile);
    stick(work, { pixels, at, stride: 4 * side, tile });
  }
  return { side, tile, columns, pixels };
}

/** One picture at work: RGB and alpha of `side` × `side` pixels. */
interface Workbench {
  readonly side: number;
  readonly rgb: Uint8ClampedArray;
  readonly alpha: Float32Array;
  readonly stack: Int32Array;
}

function workbench(side: number): Workbench {
  return { side, rgb: new Uint8ClampedArray(3 * side * side), alpha: new Float32Array(side * side), stack: new Int32Array(4 * side * side) };
}

/** Whether most pictures lie on white ground. */
export function isOnWhite({ n, width, height, pixels }: PictureSheet): boolean {
  let [ground, border] = [0, 0];
  for (let item = 0; item < Math.min(n, SAMPLE); item += 1) {
    for (let i = 0; i < width * height; i += 1) {
      const [x, y] = [i % width, Math.floor(i / width)];
      if (x > 0 && y > 0 && x < width - 1 && y < height - 1) continue;
      border += 1;
      if (isWhite(pixels, 3 * (item * width * height + i))) ground += 1;
    }
  }
  return ground >= GROUND * border;
}

const isWhite = (rgb: ArrayLike<number>, at: number): boolean => Math.min(rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number) >= WHITE - NEAR;

/** A picture of the sheet on the workbench, in the middle, each pixel the mean of those that it covers. */
function shrink({ width, height, pixels }: PictureSheet, item: number, { side, rgb, alpha }: Workbench): void {
  const scale = Math.max(width, height) / side;
  const [left, top] = [(side - width / scale) / 2, (side - height / scale) / 2];
  const start = 3 * item * width * height;
  const range = (i: number, from: number, most: number): readonly [number, number] => {
    const low = Math.min(Math.max(Math.floor((i - from) * scale), 0), most - 1);
    return [low, Math.min(Math.max(Math.floor((i + 1 - from) * scale), low + 1), most)];
  };
  for (let y = 0; y < side; y += 1) {
    const [y0, y1] = range(y, top, height);
    for (let x = 0; x < side; x += 1) {
      const to = y * side + x;
      alpha[to] = y + 0.5 < top || y + 0.5 > side - top || x + 0.5 < left || x + 0.5 > side - left ? 0 : 1;
      const [x0, x1] = range(x, left, width);
      let [r, g, b] = [0, 0, 0];
      for (let v = y0; v < y1; v += 1) {
        for (let u = x0; u < x1; u += 1) {
          const at = start + 3 * (v * width + u);
          r += pixels[at] as number;
          g += pixels[at + 1] as number;
          b += pixels[at + 2] as number;
        }
      }
      const count = (x1 - x0) * (y1 - y0);
      rgb[3 * to] = r / count;
      rgb[3 * to + 1] = g / count;
      rgb[3 * to + 2] = b / count;
    }
  }
}

/** Make white that reaches the border transparent, and what is mixed with it at the edge in part. */
function cutOut({ side, rgb, alpha, stack }: Workbench): void {
  let size = 0;
  const seen = (x: number, y: number): void => {
    if (x < 0 || y < 0 || x >= side || y >= side) return;
    const at = y * side + x;
    if (alpha[at] !== 1) return;
    if (isWhite(rgb, 3 * at)) {
      alpha[at] = 0;
      stack[size] = at;
      size += 1;
    } else {
      const a = Math.max((WHITE - Math.min(rgb[3 * at] as number, rgb[3 * at + 1] as number, rgb[3 * at + 2] as number)) / WHITE, 0.3);
      // Told from the fully opaque, so that it is unmixed once.
      alpha[at] = Math.min(a, 0.996);
      for (let part = 0; part < 3; part += 1) rgb[3 * at + part] = ((rgb[3 * at + part] as number) - (1 - (alpha[at])) * WHITE) / alpha[at];
    }
  };
  for (let i = 0; i < side; i += 1) {
    seen(i, 0);
    seen(i, side - 1);
    seen(0, i);
    seen(side - 1, i);
  }
  while (size > 0) {
    size -= 1;
    const at = stack[size] as number;
    const [x, y] = [at % side, Math.floor(at / side)];
    seen(x - 1, y);
    seen(x + 1, y);
    seen(x, y - 1);
    seen(x, y + 1);
  }
}

/** The picture over its rim, into its tile. */
function stick({ side, rgb, alpha }: Workbench, to: { readonly pixels: Uint8Array; readonly at: number; readonly stride: number; readonly tile: number }): void {
  const opacity = (x: number, y: number): number => (x < 0 || y < 0 || x >= side || y >= side ? 0 : (alpha[y * side + x] as number));
  for (let y = 0; y < to.tile; y += 1) {
    for (let x = 0; x < to.tile; x += 1) {
      const [u, v] = [x - RIM, y - RIM];
      const a = opacity(u, v);
      const rim = a >= 1 ? 1 : rimAt(opacity, u, v);
      if (rim <= 0) continue;
      const out = to.at + y * to.stride + 4 * x;
      const from = 3 * (v * side + u);
      for (let part = 0; part < 3; part += 1) to.pixels[out + part] = (a > 0 ? a * (rgb[from + part] as number) : 0) + (1 - a) * rim * 250;
      to.pixels[out + 3] = WHITE * (a + (1 - a) * rim);
    }
  }
}

/** How much of a pixel the rim of the picture covers. */
function rimAt(opacity: (x: number, y: number) => number, x: number, y: number): number {
  let most = 0;
  for (let dy = -RIM; dy <= RIM; dy += 1) {
    for (let dx = -RIM; dx <= RIM; dx += 1) {
      const reach = Math.min(Math.max(RIM + 0.5 - Math.hypot(dx, dy), 0), 1);
      if (reach > 0) most = Math.max(most, reach * opacity(x + dx, y + dy));
    }
  }
  return most;
}
