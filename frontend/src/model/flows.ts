import { boxOf, type Ends, Grid4 } from "./grid4";

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

/** Which of some ways go together between the same places, the greatest flows first; `of` is (m), −1 for those that go alone. */
export function flowsOf(ends: Ends, { items, lengths }: { readonly items: Uint32Array; readonly lengths: Float32Array }, hues: Uint8Array): { readonly flows: readonly Flow[]; readonly of: Int16Array } {
  const far = boxOf(ends, items).side * SHORTEST;
  const of = new Int16Array(items.length).fill(-1);
  const going = items.filter((_, i) => (lengths[i] as number) >= far);
  if (going.length < TOGETHER) return { flows: [], of };
  const grid = new Grid4(ends, going, CELLS);
  const owner = claim(grid);
  const flowOf = new Map(Array.from(going, (item, i) => [item, owner.get(grid.keys[i] as number) ?? -1]));
  const members: number[][] = [];
  items.forEach((item, i) => {
    const flow = flowOf.get(item) ?? -1;
    of[i] = flow;
    if (flow >= 0) (members[flow] ??= []).push(item);
  });
  return { flows: members.map((own) => flow(ends, own, hues)), of };
}

function flow({ from, to }: Ends, members: readonly number[], hues: Uint8Array): Flow {
  const mean = (places: Float32Array, axis: 0 | 1): number => members.reduce((sum, item) => sum + (places[2 * item + axis] as number), 0) / members.length;
  const counts = new Map<number, number>();
  for (const item of members) counts.set(hues[item] ?? NO_HUE, (counts.get(hues[item] ?? NO_HUE) ?? 0) + 1);
  // What more than half of them belong to.
  const hue = [...counts].find(([, own]) => 2 * own > members.length)?.[0] ?? NO_HUE;
  return { from: [mean(from, 0), mean(from, 1)], to: [mean(to, 0), mean(to, 1)], count: members.length, hue };
}

/** Which flow each cell is of: those round where most go. */
function claim(grid: Grid4): Map<number, number> {
  const { counts } = grid;
  const peaks = [...new Set(grid.keys)].filter((key) => (counts[key] as number) > 1).sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  const owner = new Map<number, number>();
  let found = 0;
  for (const peak of peaks) {
    if (found >= MOST_FLOWS) break;
    if (owner.has(peak)) continue;
    const cells = grid.around(peak).filter((key) => !owner.has(key));
    if (cells.reduce((sum, key) => sum + (counts[key] as number), 0) < TOGETHER) continue;
    for (const key of cells) owner.set(key, found);
    found += 1;
  }
  return owner;
}
