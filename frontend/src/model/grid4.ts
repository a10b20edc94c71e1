/** Where items lie in A and in B, x and y of each. */
export interface Ends {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

const STEPS = [-1, 0, 1] as const;

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

  /** A cell and those beside it, in every direction. */
  around(key: number): number[] {
    const cells = this.#cells;
    const parts = [Math.floor(key / cells ** 3), Math.floor(key / cells ** 2) % cells, Math.floor(key / cells) % cells, key % cells];
    return parts.reduce<number[]>(
      (keys, part) => keys.flatMap((start) => STEPS.map((step) => part + step).flatMap((at) => (at < 0 || at >= cells ? [] : [start * cells + at]))),
      [0],
    );
  }

  /** How many ways are in a cell and those beside it. */
  near(key: number): number {
    return this.around(key).reduce((sum, cell) => sum + (this.counts[cell] as number), 0);
  }
}
