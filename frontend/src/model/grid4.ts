/** Where items lie in A and in B, x and y of each. */
export interface Ends {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

/** The box round where some items begin and end, and its longer side. */
export function boxOf({ from, to }: Ends, items: Uint32Array): { readonly left: number; readonly bottom: number; readonly side: number } {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const places of [from, to]) {
    for (let i = 0; i < items.length; i += 1) {
      const at = 2 * (items[i] as number);
      const x = places[at] as number;
      const y = places[at + 1] as number;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < bottom) bottom = y;
      if (y > top) top = y;
    }
  }
  return { left, bottom, side: Math.max(right - left, top - bottom) || 1 };
}

/** A grid over the beginnings and the ends of some ways: two ways in one cell begin in one place and end in one place. */
export class Grid4 {
  /** (m): of each way its cell. */
  readonly keys: Int32Array;
  /** Ways in each cell. */
  readonly counts: Uint32Array;
  readonly #cells: number;

  /** @param cells along a side */
  constructor(ends: Ends, items: Uint32Array, cells: number) {
    const { from, to } = ends;
    this.#cells = cells;
    const { left, bottom, side } = boxOf(ends, items);
    const cell = (value: number, low: number): number => Math.min(Math.floor(((value - low) / side) * cells), cells - 1);
    this.keys = new Int32Array(items.length);
    for (let i = 0; i < items.length; i += 1) {
      const [x, y] = [2 * (items[i] as number), 2 * (items[i] as number) + 1];
      const begins = cell(from[x] as number, left) * cells + cell(from[y] as number, bottom);
      this.keys[i] = (begins * cells + cell(to[x] as number, left)) * cells + cell(to[y] as number, bottom);
    }
    this.counts = new Uint32Array(cells ** 4);
    for (const key of this.keys) this.counts[key] = (this.counts[key] as number) + 1;
  }

  /** A cell and those beside it, in every direction, as far as any way is in them. */
  around(key: number): number[] {
    const found: number[] = [];
    const cells = this.#cells;
    const [high, low] = [Math.floor(key / cells ** 2), key % cells ** 2];
    const [x0, y0, x1, y1] = [Math.floor(high / cells), high % cells, Math.floor(low / cells), low % cells];
    const top = cells - 1;
    for (let a = Math.max(x0 - 1, 0); a <= Math.min(x0 + 1, top); a++) {
      for (let b = Math.max(y0 - 1, 0); b <= Math.min(y0 + 1, top); b++) {
        for (let c = Math.max(x1 - 1, 0); c <= Math.min(x1 + 1, top); c++) {
          const line = ((a * cells + b) * cells + c) * cells;
          for (let d = Math.max(y1 - 1, 0); d <= Math.min(y1 + 1, top); d++) if ((this.counts[line + d] as number) > 0) found.push(line + d);
        }
      }
    }
    return found;
  }

  /** How many ways are in a cell and those beside it. */
  near(key: number): number {
    return this.around(key).reduce((sum, cell) => sum + (this.counts[cell] as number), 0);
  }
}
