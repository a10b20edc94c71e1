/** Where items lie in A and in B, x and y of each. */
export interface Ends {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

/** A grid over the beginnings and the ends of some ways: two ways in one cell begin in one place and end in one place. */
export class Grid4 {
  /** (m): of each way its cell. */
  readonly keys: Int32Array;
  /** Ways in each cell. */
  readonly counts: Uint32Array;
  /** The longer side of what it covers. */
  readonly side: number;
  readonly #cells: number;

  /** @param cells along a side */
  constructor(ends: Ends, items: Uint32Array, cells: number) {
    const { from, to } = ends;
    this.#cells = cells;
    let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const places of [from, to]) {
      for (const item of items) {
        const [x, y] = [places[2 * item] as number, places[2 * item + 1] as number];
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < bottom) bottom = y;
        if (y > top) top = y;
      }
    }
    this.side = Math.max(right - left, top - bottom) || 1;
    const cell = (value: number, low: number): number => Math.min(Math.floor(((value - low) / this.side) * cells), cells - 1);
    this.keys = Int32Array.from(items, (item) => {
      const [x0, y0, x1, y1] = [from[2 * item] as number, from[2 * item + 1] as number, to[2 * item] as number, to[2 * item + 1] as number];
      return ((cell(x0, left) * cells + cell(y0, bottom)) * cells + cell(x1, left)) * cells + cell(y1, bottom);
    });
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
