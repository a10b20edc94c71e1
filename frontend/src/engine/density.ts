import type { Size } from "./camera";
import type { Places } from "./places";
import { type CameraState, Flag } from "./types";

/** Where items are dense in one space and not in the other, on a grid over a part of the plane. */
export interface DensityField {
  readonly columns: number;
  readonly rows: number;
  /** The part of the plane that the grid covers. */
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  /** Two bytes a cell, from the bottom left: which space is denser (0 only A, 128 alike, 255 only B), and how dense both are. */
  readonly cells: Uint8Array;
}

/** CSS pixels of a cell. */
const CELL = 4;
/** The grid reaches beyond what is in view by this factor, for a picture that is dragged. */
const BEYOND = 1.3;
const MOST_CELLS = 400_000;
/** Items between two pieces of work. */
const PIECE = 100_000;
/** So many items, all in one place, must a difference be of to be believed by half. */
const DOUBT = 2.5;
/** Deviation of what an item is blurred to, in CSS pixels: more where items are few. */
const BLUR = { least: 6, most: 40, spread: 1.5, huddle: 0.2 } as const;

/** What of the items is looked at, and where. */
export interface Haze {
  readonly places: Places;
  /** Empty where nothing is selected. */
  readonly flags: Uint8Array;
  /** Only those that are selected. */
  readonly selected: boolean;
  readonly camera: CameraState;
  readonly size: Size;
}

/** Count the items of A and of B in the cells of a grid, blur both, and say which is denser. */
export function* densityOf({ places, flags, selected, camera, size }: Haze): Generator<void, DensityField> {
  const { x, y, scale } = camera;
  const [halfX, halfY] = [(BEYOND * size.width) / 2 / scale, (BEYOND * size.height) / 2 / scale];
  const coarse = Math.max(Math.sqrt((BEYOND ** 2 * size.width * size.height) / MOST_CELLS), CELL);
  const columns = Math.max(Math.ceil((BEYOND * size.width) / coarse), 2);
  const rows = Math.max(Math.ceil((BEYOND * size.height) / coarse), 2);
  const box = { columns, rows, minX: x - halfX, minY: y - halfY, maxX: x + halfX, maxY: y + halfY };
  const [a, b] = [new Float32Array(columns * rows), new Float32Array(columns * rows)];
  const [inA, inB] = [{ all: 0, seen: 0 }, { all: 0, seen: 0 }];
  for (let start = 0; start < places.n; start += PIECE) {
    const end = Math.min(start + PIECE, places.n);
    const wanted = (item: number, bit: number): boolean => {
      const flag = flags[item] ?? 0;
      return ((places.presence[item] as number) & bit) !== 0 && (flag & Flag.hidden) === 0 && (!selected || (flag & Flag.selected) !== 0);
    };
    put(a, box, { coords: places.from, start, end, wanted: (item) => wanted(item, 1), count: inA });
    put(b, box, { coords: places.to, start, end, wanted: (item) => wanted(item, 2), count: inB });
    yield;
  }
  const seen = Math.max(inA.seen, inB.seen, 1);
  const blur = Math.min(Math.max(BLUR.spread * Math.sqrt((size.width * size.height * BLUR.huddle) / seen), BLUR.least), BLUR.most);
  const radius = Math.max(Math.round(blur / coarse), 1);
  const spare = new Float32Array(columns * rows);
  for (const grid of [a, b]) {
    for (let pass = 0; pass < 3; pass += 1) {
      slide(grid, spare, { lines: rows, length: columns, step: 1, next: columns, radius });
      slide(spare, grid, { lines: columns, length: rows, step: columns, next: 1, radius });
      yield;
    }
  }
  // As if both spaces had as many items.
  const share = inA.all > 0 && inB.all > 0 ? inA.all / inB.all : 1;
  return { ...box, cells: compared(a, b, { share, doubt: DOUBT / (2 * Math.PI * radius * (radius + 1)) }) };
}

interface Put {
  readonly coords: Float32Array;
  readonly start: number;
  readonly end: number;
  readonly wanted: (item: number) => boolean;
  readonly count: { all: number; seen: number };
}

function put(grid: Float32Array, box: Omit<DensityField, "cells">, { coords, start, end, wanted, count }: Put): void {
  const { columns, rows, minX, minY, maxX, maxY } = box;
  const [perX, perY] = [columns / (maxX - minX), rows / (maxY - minY)];
  for (let item = start; item < end; item += 1) {
    if (!wanted(item)) continue;
    count.all += 1;
    const column = Math.floor(((coords[2 * item] as number) - minX) * perX);
    const row = Math.floor(((coords[2 * item + 1] as number) - minY) * perY);
    if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
    count.seen += 1;
    const at = row * columns + column;
    grid[at] = (grid[at] as number) + 1;
  }
}

interface Lines {
  readonly lines: number;
  readonly length: number;
  /** From one cell of a line to its next, and from one line to the next. */
  readonly step: number;
  readonly next: number;
  readonly radius: number;
}

/** The mean of each cell and those up to `radius` before and after it on its line. */
function slide(from: Float32Array, to: Float32Array, { lines, length, step, next, radius }: Lines): void {
  const width = 2 * radius + 1;
  for (let line = 0; line < lines; line += 1) {
    const first = line * next;
    let sum = 0;
    for (let i = 0; i < Math.min(radius, length); i += 1) sum += from[first + i * step] as number;
    for (let i = 0; i < length; i += 1) {
      if (i + radius < length) sum += from[first + (i + radius) * step] as number;
      if (i - radius - 1 >= 0) sum -= from[first + (i - radius - 1) * step] as number;
      to[first + i * step] = sum > 0 ? sum / width : 0;
    }
  }
}

function compared(a: Float32Array, b: Float32Array, { share, doubt }: { readonly share: number; readonly doubt: number }): Uint8Array {
  let most = 0;
  for (let i = 0; i < a.length; i += 1) most = Math.max(most, (a[i] as number) + share * (b[i] as number));
  const whole = Math.log1p(most / doubt) || 1;
  const cells = new Uint8Array(2 * a.length);
  for (let i = 0; i < a.length; i += 1) {
    const [inA, inB] = [a[i] as number, share * (b[i] as number)];
    const sum = inA + inB;
    cells[2 * i] = Math.round(127.5 + (127.5 * (inB - inA)) / (sum + doubt));
    cells[2 * i + 1] = Math.round((255 * Math.log1p(sum / doubt)) / whole);
  }
  return cells;
}
