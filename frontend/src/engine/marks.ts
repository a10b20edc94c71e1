import { Flag } from "./types";

/** Items that stand out, drawn after and over the rest. */
export interface Marks {
  /** Drawn in this order: selected, then neighbours kept, lost and gained, then hovered, then focused. */
  readonly items: Uint32Array;
  /** How many of them are selected and nothing else; they come first. */
  readonly plain: number;
  /** Whether the others should step back. */
  readonly dims: boolean;
  /** Whether any item is selected. */
  readonly selected: boolean;
}

const SIGNS = Flag.kept | Flag.lost | Flag.gained;
const RANKS = 4;
/** More plain ones than this are drawn with the rest, in colour and over those that step back, instead of one by one with halo and rim. */
const MOST_PLAIN = 3000;

/** Whether the plain ones are drawn with the rest. */
export const isBulk = ({ plain }: Marks): boolean => plain > MOST_PLAIN;

/** Nothing stands out. */
export const NO_MARKS: Marks = { items: new Uint32Array(), plain: 0, dims: false, selected: false };

function rankOf(flags: number): number {
  if (flags & Flag.focused) return 3;
  if (flags & Flag.hovered) return 2;
  return flags & SIGNS ? 1 : 0;
}

/** Sort the flagged, visible items by how much they stand out, and by index within that. */
export function marksOf(flags: Uint8Array): Marks {
  const next = new Uint32Array(RANKS + 1);
  let all = 0;
  for (let i = 0; i < flags.length; i += 1) {
    const byte = flags[i] as number;
    if (byte === 0 || byte & Flag.hidden) continue;
    all |= byte;
    const slot = rankOf(byte) + 1;
    next[slot] = (next[slot] as number) + 1;
  }
  if (all === 0) return NO_MARKS;
  const plain = next[1] as number;
  for (let rank = 1; rank <= RANKS; rank += 1) next[rank] = (next[rank] as number) + (next[rank - 1] as number);
  const items = new Uint32Array(next[RANKS] as number);
  for (let i = 0; i < flags.length; i += 1) {
    const byte = flags[i] as number;
    if (byte === 0 || byte & Flag.hidden) continue;
    const rank = rankOf(byte);
    const at = next[rank] as number;
    items[at] = i;
    next[rank] = at + 1;
  }
  return { items, plain, dims: (all & (Flag.selected | Flag.focused)) !== 0, selected: (all & Flag.selected) !== 0 };
}

/** The items that nothing is said of. */
export function plainOf(flags: Uint8Array): Uint32Array {
  const items = new Uint32Array(flags.length);
  let size = 0;
  for (let i = 0; i < flags.length; i += 1) {
    items[size] = i;
    size += flags[i] === 0 ? 1 : 0;
  }
  return items.subarray(0, size);
}

/** How many of some ascending items are among the first `end`. */
export function within(items: Uint32Array, end: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] as number) < end) low = middle + 1;
    else high = middle;
  }
  return low;
}
