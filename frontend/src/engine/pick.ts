import { along, boundsOf, isSeen, placeAt, type Places } from "./places";
import { finished } from "./slices";
import { type Bounds, Flag } from "./types";

/** About this many items in a cell, were they spread evenly. */
const PER_CELL = 8;
const MOST_COLUMNS = 2048;
/** Items between two pieces of work. */
const PIECE = 50_000;

/** What is near to a place. */
export interface Reach {
  readonly radius: number;
  readonly flags: Uint8Array;
}

/** Items at one moment: what a grid is over. */
export interface Moment {
  readonly places: Places;
  readonly t: number;
  readonly gain: number;
}

/** A grid over the items as they stand at one `t`, to find the one nearest to a point. */
export class PickGrid implements Moment {
  readonly places: Places;
  readonly t: number;
  readonly gain: number;
  readonly #cell: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #bounds: Bounds;
  readonly #share: number;
  /** Where each cell's items begin in `#items`. */
  readonly #starts: Uint32Array;
  #items = new Uint32Array();

  private constructor({ places, t, gain }: Moment) {
    [this.places, this.t, this.gain] = [places, t, gain];
    this.#share = along(t, gain);
    this.#bounds = boundsOf(places, gain) ?? { minX: 0, minY: 0, maxX: 1, maxY: 1 };
    const { minX, minY, maxX, maxY } = this.#bounds;
    const [width, height] = [maxX - minX, maxY - minY];
    const longest = Math.max(width, height) || 1;
    const ideal = Math.sqrt(((width || longest) * (height || longest) * PER_CELL) / Math.max(places.n, 1));
    this.#cell = Math.max(ideal, longest / MOST_COLUMNS);
    this.#columns = Math.floor(width / this.#cell) + 1;
    this.#rows = Math.floor(height / this.#cell) + 1;
    this.#starts = new Uint32Array(this.#columns * this.#rows + 1);
  }

  static of(places: Places, t: number, gain = 1): PickGrid {
    return finished(PickGrid.build({ places, t, gain }));
  }

  /** Piece by piece. */
  static *build(moment: Moment): Generator<void, PickGrid> {
    const grid = new PickGrid(moment);
    yield;
    yield* grid.#sort();
    return grid;
  }

  /** The item nearest to (x, y) within `radius` that is not hidden, or -1; of several, the one drawn last. */
  nearest(x: number, y: number, { radius, flags }: Reach): number {
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
  *#sort(): Generator<void, void> {
    const { places, t } = this;
    const { n } = places;
    const starts = this.#starts;
    const cells = new Int32Array(n);
    for (let i = 0; i < n; i += 1) {
      const cell = isSeen(places.presence[i] as number, t) ? this.#cellOf(i) : -1;
      cells[i] = cell;
      if (cell >= 0) starts[cell + 1] = (starts[cell + 1] as number) + 1;
      if (i % PIECE === PIECE - 1) yield;
    }
    for (let c = 1; c < starts.length; c += 1) starts[c] = (starts[c] as number) + (starts[c - 1] as number);
    const next = starts.slice();
    this.#items = new Uint32Array(starts[starts.length - 1] as number);
    yield;
    for (let i = 0; i < n; i += 1) {
      const cell = cells[i] as number;
      if (cell >= 0) {
        const at = next[cell] as number;
        this.#items[at] = i;
        next[cell] = at + 1;
      }
      if (i % PIECE === PIECE - 1) yield;
    }
  }

  #cellOf(item: number): number {
    const x = placeAt(this.places, item, 0, this.#share);
    const y = placeAt(this.places, item, 1, this.#share);
    return this.#row(y) * this.#columns + this.#column(x);
  }

  #column(x: number): number {
    return Math.min(Math.max(Math.floor((x - this.#bounds.minX) / this.#cell), 0), this.#columns - 1);
  }

  #row(y: number): number {
    return Math.min(Math.max(Math.floor((y - this.#bounds.minY) / this.#cell), 0), this.#rows - 1);
  }
}

/** The same as a grid's, by looking at every item: for one question, before there is a grid. */
export function nearestOf({ places, t, gain }: Moment, x: number, y: number, { radius, flags }: Reach): number {
  const share = along(t, gain);
  let [best, least] = [-1, radius * radius];
  for (let item = 0; item < places.n; item += 1) {
    const dx = placeAt(places, item, 0, share) - x;
    if (!(dx * dx <= least)) continue;
    const dy = placeAt(places, item, 1, share) - y;
    const squared = dx * dx + dy * dy;
    if (squared > least || (squared === least && best < 0) || (flags[item] as number) & Flag.hidden || !isSeen(places.presence[item] as number, t)) continue;
    [best, least] = [item, squared];
  }
  return best;
}
