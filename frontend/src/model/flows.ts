/** Where items lie in A and in B, x and y of each. */
export interface Ends {
  readonly from: Float32Array;
  readonly to: Float32Array;
}

/** Many items that go from one place to another. */
export interface Flow {
  /** The middle of where they begin, and of where they end. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly count: number;
  /** What most of them belong to, as `hues` has it. */
  readonly hue: number;
}

/** No finding has the item. */
export const NO_HUE = 255;

/** Fewer than this that go together are drawn one by one. */
export const TOGETHER = 150;
const MOST_FLOWS = 24;
/** Places are found on a grid of so many cells a side, each with the cells round it. */
const CELLS = 20;
/** Over the longer side: a shorter way stays in its place. */
const SHORTEST = 0.12;

/** A grid over the beginnings and the ends of some ways. */
interface Grid {
  readonly left: number;
  readonly bottom: number;
  readonly side: number;
}

/** Which of some items go together between the same places, the greatest flows first; `of` is (m), −1 for those that go alone. */
export function flowsOf(ends: Ends, items: Uint32Array, hues: Uint8Array): { readonly flows: readonly Flow[]; readonly of: Int16Array } {
  const of = new Int16Array(items.length).fill(-1);
  if (items.length < TOGETHER) return { flows: [], of };
  const grid = gridOf(ends, items);
  const counts = new Uint32Array(CELLS ** 4);
  const keys = Int32Array.from(items, (item) => keyOf(ends, item, grid));
  for (const key of keys) if (key >= 0) counts[key] = (counts[key] as number) + 1;
  const owner = new Int16Array(CELLS ** 4).fill(-1);
  const found = claim(counts, owner);
  const sums = Array.from({ length: found }, () => ({ x0: 0, y0: 0, x1: 0, y1: 0, count: 0, hues: new Map<number, number>() }));
  keys.forEach((key, i) => {
    const flow = key < 0 ? -1 : (owner[key] as number);
    const sum = sums[flow];
    if (!sum) return;
    const item = items[i] as number;
    of[i] = flow;
    sum.x0 += ends.from[2 * item] as number;
    sum.y0 += ends.from[2 * item + 1] as number;
    sum.x1 += ends.to[2 * item] as number;
    sum.y1 += ends.to[2 * item + 1] as number;
    sum.count += 1;
    const hue = hues[item] ?? NO_HUE;
    sum.hues.set(hue, (sum.hues.get(hue) ?? 0) + 1);
  });
  const flows = sums.map(({ x0, y0, x1, y1, count, hues: own }): Flow => ({ from: [x0 / count, y0 / count], to: [x1 / count, y1 / count], count, hue: mainOf(own, count) }));
  return { flows, of };
}

/** What more than half of them belong to. */
const mainOf = (hues: ReadonlyMap<number, number>, count: number): number => [...hues].find(([, own]) => 2 * own > count)?.[0] ?? NO_HUE;

function gridOf({ from, to }: Ends, items: Uint32Array): Grid {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const item of items) {
    for (const places of [from, to]) {
      const [x, y] = [places[2 * item] as number, places[2 * item + 1] as number];
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < bottom) bottom = y;
      if (y > top) top = y;
    }
  }
  return { left, bottom, side: Math.max(right - left, top - bottom) || 1 };
}

/** The four cells' numbers in one, or −1 for a way that stays in its place. */
function keyOf({ from, to }: Ends, item: number, { left, bottom, side }: Grid): number {
  const cell = (value: number, low: number): number => Math.min(Math.floor(((value - low) / side) * CELLS), CELLS - 1);
  const [x0, y0, x1, y1] = [from[2 * item] as number, from[2 * item + 1] as number, to[2 * item] as number, to[2 * item + 1] as number];
  if (Math.hypot(x1 - x0, y1 - y0) < SHORTEST * side) return -1;
  return ((cell(x0, left) * CELLS + cell(y0, bottom)) * CELLS + cell(x1, left)) * CELLS + cell(y1, bottom);
}

/** Give each flow its cells, from where most go; returns how many flows there are. */
function claim(counts: Uint32Array, owner: Int16Array): number {
  const peaks: number[] = [];
  counts.forEach((count, key) => {
    if (count > 1) peaks.push(key);
  });
  peaks.sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  let found = 0;
  for (const peak of peaks) {
    if (found >= MOST_FLOWS) break;
    if (owner[peak] !== -1) continue;
    const cells = around(peak).filter((key) => owner[key] === -1 && (counts[key] as number) > 0);
    if (cells.reduce((sum, key) => sum + (counts[key] as number), 0) < TOGETHER) continue;
    for (const key of cells) owner[key] = found;
    found += 1;
  }
  return found;
}

const STEPS = [-1, 0, 1] as const;

/** A key and those whose four cells are at most one away. */
function around(key: number): number[] {
  const cells = [Math.floor(key / CELLS ** 3), Math.floor(key / CELLS ** 2) % CELLS, Math.floor(key / CELLS) % CELLS, key % CELLS];
  return cells.reduce<number[]>(
    (keys, cell) => keys.flatMap((start) => STEPS.map((step) => cell + step).flatMap((at) => (at < 0 || at >= CELLS ? [] : [start * CELLS + at]))),
    [0],
  );
}
