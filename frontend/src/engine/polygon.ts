import { along, isSeen, placeAt, type Places } from "./places";
import { Flag } from "./types";

const BANDS = 256;

/**
 * A closed freehand polygon; inside is where a ray crosses its edges an odd number of times.
 *
 * Edges are listed by horizontal band, so that a point is tested against the few that are level with it.
 */
export class Polygon {
  readonly #path: Float64Array;
  readonly #minX: number;
  readonly #maxX: number;
  readonly #minY: number;
  readonly #maxY: number;
  readonly #bands: readonly (readonly number[])[];

  /** @param path x, y of each corner; the last is joined to the first */
  constructor(path: Float64Array) {
    this.#path = path;
    const xs = path.filter((_, i) => i % 2 === 0);
    const ys = path.filter((_, i) => i % 2 === 1);
    this.#minX = xs.reduce((a, b) => Math.min(a, b), Infinity);
    this.#maxX = xs.reduce((a, b) => Math.max(a, b), -Infinity);
    this.#minY = ys.reduce((a, b) => Math.min(a, b), Infinity);
    this.#maxY = ys.reduce((a, b) => Math.max(a, b), -Infinity);
    this.#bands = this.#sortEdges(ys);
  }

  contains(x: number, y: number): boolean {
    if (x < this.#minX || x > this.#maxX || y < this.#minY || y > this.#maxY) return false;
    const path = this.#path;
    let inside = false;
    for (const edge of this.#bands[this.#band(y)] as readonly number[]) {
      const next = edge + 2 === path.length ? 0 : edge + 2;
      const ay = path[edge + 1] as number;
      const by = path[next + 1] as number;
      if (ay > y === by > y) continue;
      const ax = path[edge] as number;
      if (x < ax + ((y - ay) / (by - ay)) * ((path[next] as number) - ax)) inside = !inside;
    }
    return inside;
  }

  #band(y: number): number {
    const height = this.#maxY - this.#minY;
    return height > 0 ? Math.min(Math.floor(((y - this.#minY) / height) * BANDS), BANDS - 1) : 0;
  }

  #sortEdges(ys: Float64Array): number[][] {
    const bands: number[][] = Array.from({ length: BANDS }, () => []);
    for (let i = 0; i < ys.length; i += 1) {
      const [a, b] = [this.#band(ys[i] as number), this.#band(ys[(i + 1) % ys.length] as number)];
      for (let band = Math.min(a, b); band <= Math.max(a, b); band += 1) (bands[band] as number[]).push(2 * i);
    }
    return bands;
  }
}

interface Sought {
  readonly places: Places;
  readonly flags: Uint8Array;
  readonly t: number;
  readonly gain?: number;
}

/** The items inside a polygon of data coordinates that can be seen at `t`, in order. */
export function itemsInside(polygon: Polygon, { places, flags, t, gain = 1 }: Sought): Uint32Array {
  const share = along(t, gain);
  const seen = Uint8Array.from([0, 1, 2, 3], (presence) => Number(isSeen(presence, t)));
  const items = new Uint32Array(places.n);
  let count = 0;
  for (let i = 0; i < places.n; i += 1) {
    if ((flags[i] as number) & Flag.hidden || seen[places.presence[i] as number] === 0) continue;
    if (!polygon.contains(placeAt(places, i, 0, share), placeAt(places, i, 1, share))) continue;
    items[count] = i;
    count += 1;
  }
  return items.slice(0, count);
}

/** The items that are inside it in A or in B, in order. */
export function itemsInEither(polygon: Polygon, { places, flags }: Sought): Uint32Array {
  const found = new Set<number>();
  for (const t of [0, 1]) for (const item of itemsInside(polygon, { places, flags, t })) found.add(item);
  return Uint32Array.from(found).sort();
}
