import { along, boundsOf, isSeen, placeAt, type Places } from "./places";
import { Flag } from "./types";

/** About this many items in a cell, were they spread evenly. */
const PER_CELL = 8;
const MOST_COLUMNS = 2048;

/** A grid over the items as they stand at one `t`, to find the one nearest to a point. */
export class PickGrid {
  readonly #cell: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #minX: number = 0;
  readonly #minY: number = 0;
  /** Where each cell's items begin in `#items`. */
  readonly #starts: Uint32Array;
  readonly #items: Uint32Array;
  readonly #share: number;

  constructor(
    readonly places: Places,
    readonly t: number,
    readonly gain = 1,
  ) {
    this.#share = along(t, gain);
    const bounds = boundsOf(places, gain) ?? { minX: 0, minY: 0, maxX: 1, maxY: 1 };
    this.#minX = bounds.minX;
    this.#minY = bounds.minY;
    const [width, height] = [bounds.maxX - bounds.minX, bounds.maxY - bounds.minY];
    const longest = Math.max(width, height) || 1;
    const ideal = Math.sqrt(((width || longest) * (height || longest) * PER_CELL) / Math.max(places.n, 1));
    this.#cell = Math.max(ideal, longest / MOST_COLUMNS);
    this.#columns = Math.floor(width / this.#cell) + 1;
    this.#rows = Math.floor(height / this.#cell) + 1;
    this.#starts = new Uint32Array(this.#columns * this.#rows + 1);
    this.#items = this.#sort();
  }

  /** The item nearest to (x, y) within `radius` that is not hidden, or -1; of several, the one drawn last. */
  nearest(x: number, y: number, options: { readonly radius: number; readonly flags: Uint8Array }): number {
    const { radius, flags } = options;
    let best = -1;
    let least = radius * radius;
    const [left, right] = [this.#column(x - radius), this.#column(x + radius)];
    for (let row = this.#row(y - radius); row <= this.#row(y + radius); row += 1) {
      const end = this.#starts[row * this.#columns + right + 1] as number;
      for (let k = this.#starts[row * this.#columns + left] as number; k < end; k += 1) {
        const item = this.#items[k] as number;
        if ((flags[item] as number) & Flag.hidden) continue;
        const dx = placeAt(this.places, item, 0, this.#share) - x;
        const dy = placeAt(this.places, item, 1, this.#share) - y;
        const squared = dx * dx + dy * dy;
        if (squared < least || (squared === least && item > best)) [best, least] = [item, squared];
      }
    }
    return best;
  }

  /** Counting sort of the items that can be seen, by cell. */
  #sort(): Uint32Array {
    const { places, t } = this;
    const starts = this.#starts;
    const cells = new Int32Array(places.n);
    for (let i = 0; i < places.n; i += 1) {
      cells[i] = isSeen(places.presence[i] as number, t) ? this.#cellOf(i) : -1;
      const cell = cells[i] as number;
      if (cell >= 0) starts[cell + 1] = (starts[cell + 1] as number) + 1;
    }
    for (let c = 1; c < starts.length; c += 1) starts[c] = (starts[c] as number) + (starts[c - 1] as number);
    const next = starts.slice();
    const items = new Uint32Array(starts[starts.length - 1] as number);
    for (let i = 0; i < places.n; i += 1) {
      const cell = cells[i] as number;
      if (cell < 0) continue;
      const at = next[cell] as number;
      items[at] = i;
      next[cell] = at + 1;
    }
    return items;
  }

  #cellOf(item: number): number {
    const x = placeAt(this.places, item, 0, this.#share);
    const y = placeAt(this.places, item, 1, this.#share);
    return this.#row(y) * this.#columns + this.#column(x);
  }

  #column(x: number): number {
    return Math.min(Math.max(Math.floor((x - this.#minX) / this.#cell), 0), this.#columns - 1);
  }

  #row(y: number): number {
    return Math.min(Math.max(Math.floor((y - this.#minY) / this.#cell), 0), this.#rows - 1);
  }
}
