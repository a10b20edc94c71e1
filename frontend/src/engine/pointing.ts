import type { PointerPlace } from "./gestures";
import { type Moment, nearestOf, PickGrid, type Reach } from "./pick";
import { Slices } from "./slices";

/** CSS pixels from the pointer to what it points at. */
export const PICK_RADIUS = 10;
/** Of so few items a grid is made at once. */
const FEW = 50_000;

const same = (a: Moment | undefined, b: Moment): boolean => a?.places === b.places && a.t === b.t && a.gain === b.gain;

/** Finds what is under the pointer. The grids that this takes are made piece by piece, where items are many. */
export class Pointing {
  /** By pane. */
  readonly #grids: PickGrid[] = [];
  readonly #building = new Slices<PickGrid>();
  readonly #ready: () => void;
  #wanted: Moment | null = null;
  #place: PointerPlace | null = null;
  #moved = false;
  #hovered = -1;

  /** @param ready called when a grid is there that was not */
  constructor(ready: () => void) {
    this.#ready = ready;
  }

  /** The pointer moved, or left. */
  point(place: PointerPlace | null): void {
    this.#place = place;
    this.#moved = true;
  }

  /** What is under the pointer may be something else now. */
  stir(): void {
    this.#moved = true;
  }

  /** The item nearest to a place of the plane, whether there is a grid or not. */
  nearest(pane: number, moment: Moment, [x, y]: readonly [number, number], reach: Reach): number {
    const grid = this.#grid(pane, moment);
    return grid ? grid.nearest(x, y, reach) : nearestOf(moment, x, y, reach);
  }

  /** Whether there is a grid; begins one where there is none. */
  has(pane: number, moment: Moment): boolean {
    return this.#grid(pane, moment) !== null;
  }

  /**
   * Tell what came under the pointer since the last time.
   *
   * @param pick the item at a place; null while that is not known, when it is asked again later
   */
  hover(pick: (x: number, y: number) => number | null, tell: (item: number, place: PointerPlace | null) => void): void {
    if (!this.#moved) return;
    const place = this.#place;
    const item = place ? pick(place.x, place.y) : -1;
    if (item === null) return;
    this.#moved = false;
    if (item < 0 && this.#hovered < 0) return;
    this.#hovered = item;
    tell(item, place);
  }

  stop(): void {
    this.#building.stop();
  }

  #grid(pane: number, moment: Moment): PickGrid | null {
    const known = this.#grids[pane];
    if (known && same(known, moment)) return known;
    if (moment.places.n <= FEW) return (this.#grids[pane] = PickGrid.of(moment.places, moment.t, moment.gain));
    if (!this.#building.busy || !same(this.#wanted ?? undefined, moment)) {
      this.#wanted = moment;
      this.#building.run(PickGrid.build(moment), (grid) => {
        this.#grids[pane] = grid;
        this.#ready();
      });
    }
    return null;
  }
}
