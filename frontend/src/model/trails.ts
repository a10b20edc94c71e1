import { type Flow, flowsOf, NO_HUE } from "./flows";
import { type Ends, Grid4 } from "./grid4";
import type { RowSet } from "./selection";

/** What trails are chosen from. */
export interface Movers extends Ends {
  /** (n): how each item's move is drawn; null when nothing is known. */
  readonly kinds: Uint8Array | null;
  /** The items that are looked at; null is all. */
  readonly rows: RowSet | null;
  /** Who is in each finding. */
  readonly findings: readonly RowSet[];
  /** No more than so many are drawn one by one. */
  readonly most: number;
}

/** The ways that are drawn, and what they are of. */
export interface Story {
  /** Those drawn one by one, the longest first. */
  readonly items: Uint32Array;
  /** (n): the finding that an item is in, of several the one of the fewest items, or `NO_HUE`. */
  readonly hues: Uint8Array;
  readonly flows: readonly Flow[];
  /** How many go in flows. */
  readonly bundled: number;
  /** How many there are in all. */
  readonly moves: number;
  /** Those drawn one by one are the longest of each finding; else of all. */
  readonly byFinding: boolean;
  /** They are of those alone that others go along with. */
  readonly inCompany: boolean;
  /** Of so many items was it found out, of so many that there are. */
  readonly lookedAt: number;
  readonly all: number;
}

/** Trails at first, and where the slider stops. */
export const TRAILS = 90;
export const TRAIL_STOPS = [60, TRAILS, 120, 150, 250, 400, 700, 1200, 2000, 3000] as const;
export const MOST_TRAILS = TRAIL_STOPS[TRAIL_STOPS.length - 1] as number;

/** Rows are shuffled: the first are a fair sample of more. */
const LOOKED_AT = 200_000;
/** Over the longer side of the picture: a shorter way is none. */
const SHORTEST = 0.01;
/** Of the engine's kinds. */
const [REAL, LAYOUT_ONLY, UNKNOWN] = [1, 2, 255] as const;
const BINS = 1024;
/** Ways are alike on a grid of so many cells a side, as far as the cells beside their own; so many are company. */
const CELLS = 30;
const COMPANY = 5;
/** Where fewer than this have company, those without it are told too. */
const FEW = 60;

/**
 * Choose the ways that tell most: the longest. Of a whole pair those that others go along with, in turn by finding: what goes
 * anywhere by itself makes a hairball. Many that go together are one flow.
 */
export function tellTrails(movers: Movers): Story {
  const n = movers.from.length / 2;
  const all = movers.rows?.length ?? n;
  const lookedAt = Math.min(all, LOOKED_AT);
  const hues = huesOf(movers.findings, n);
  const moving = movingOf(movers, hues, lookedAt);
  const { flows, of } = flowsOf(movers, moving, hues);
  const alone = kept(moving, (i) => (of[i] as number) < 0);
  const told = { hues, flows, bundled: moving.items.length - alone.items.length, moves: moving.items.length, lookedAt, all };
  if (movers.rows || alone.items.length <= movers.most) return { ...told, items: longest(alone, movers.most).items, byFinding: false, inCompany: false };
  const together = inCompany(movers, alone);
  const inCompanyAlone = together.items.length >= FEW;
  const best = inCompanyAlone ? together : alone;
  const byFinding = best.items.some((item) => hues[item] !== NO_HUE);
  const items = byFinding ? inTurn(best, hues, movers) : longest(best, movers.most).items;
  return { ...told, items, byFinding, inCompany: inCompanyAlone };
}

/** The ways that some others begin and end beside. */
function inCompany(ends: Ends, ways: Ways): Ways {
  const grid = new Grid4(ends, ways.items, CELLS);
  const near = new Map<number, boolean>();
  const accompanied = (key: number): boolean => {
    let known = near.get(key);
    if (known === undefined) near.set(key, (known = grid.near(key) >= COMPANY));
    return known;
  };
  return kept(ways, (i) => accompanied(grid.keys[i] as number));
}

const kept = ({ items, lengths }: Ways, wanted: (i: number) => boolean): Ways => {
  const is = (_: unknown, i: number): boolean => wanted(i);
  return { items: items.filter(is), lengths: lengths.filter(is) };
};

interface Ways {
  readonly items: Uint32Array;
  /** (m): of the way of each. */
  readonly lengths: Float32Array;
}

function huesOf(findings: readonly RowSet[], n: number): Uint8Array {
  const hues = new Uint8Array(n).fill(NO_HUE);
  // Of two, the one of fewer items says more of an item; one of most of them says nothing.
  const order = findings.map((_, finding) => finding).filter((finding) => 2 * (findings[finding]?.length ?? 0) <= n);
  order.sort((a, b) => (findings[b]?.length ?? 0) - (findings[a]?.length ?? 0) || b - a);
  for (const finding of order) for (const row of findings[finding] as RowSet) hues[row] = finding;
  return hues;
}

/**
 * The items that move. Of some that were chosen all that do; else those that moved for sure or are in a finding or, where there are none,
 * those that the picture alone moved.
 */
function movingOf({ from, to, kinds, rows }: Movers, hues: Uint8Array, lookedAt: number): Ways {
  const shortest = SHORTEST * sideOf(from, Math.min(from.length / 2, LOOKED_AT));
  const gather = (wanted: (row: number) => boolean): Ways => {
    const [moving, lengths] = [new Uint32Array(lookedAt), new Float32Array(lookedAt)];
    let size = 0;
    for (let i = 0; i < lookedAt; i++) {
      const row = rows ? (rows[i] as number) : i;
      if (!wanted(row)) continue;
      const [dx, dy] = [(to[2 * row] as number) - (from[2 * row] as number), (to[2 * row + 1] as number) - (from[2 * row + 1] as number)];
      const length = Math.sqrt(dx * dx + dy * dy);
      // NaN where an item is absent.
      if (!(length > shortest)) continue;
      moving[size] = row;
      lengths[size++] = length;
    }
    return { items: moving.slice(0, size), lengths: lengths.slice(0, size) };
  };
  if (rows || !kinds) return gather(() => true);
  const sure = gather((row) => kinds[row] === REAL || kinds[row] === UNKNOWN || hues[row] !== NO_HUE);
  return sure.items.length > 0 ? sure : gather((row) => kinds[row] === LAYOUT_ONLY);
}

function sideOf(places: Float32Array, n: number): number {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < 2 * n; i += 2) {
    const [x, y] = [places[i] as number, places[i + 1] as number];
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < bottom) bottom = y;
    if (y > top) top = y;
  }
  return Math.max(right - left, top - bottom, 0);
}

/** The longest so many of some ways, the longest first. */
export function longest({ items, lengths }: Ways, most: number): Ways {
  const order = Array.from(atLeast(lengths, cutOf(lengths, most)));
  order.sort((a, b) => (lengths[b] as number) - (lengths[a] as number) || (items[a] as number) - (items[b] as number));
  const best = order.slice(0, most);
  return { items: Uint32Array.from(best, (i) => items[i] as number), lengths: Float32Array.from(best, (i) => lengths[i] as number) };
}

const atLeast = (lengths: Float32Array, cut: number): Uint32Array => {
  const kept: number[] = [];
  lengths.forEach((length, i) => {
    if (length >= cut) kept.push(i);
  });
  return Uint32Array.from(kept);
};

/** A length that at least so many have, and not many more: sorting all of a million takes too long. */
function cutOf(lengths: Float32Array, most: number): number {
  if (lengths.length <= most) return 0;
  let top = 0;
  for (const length of lengths) if (length > top) top = length;
  const bin = (length: number): number => Math.min(Math.floor((length / top) * BINS), BINS - 1);
  const counts = new Uint32Array(BINS);
  for (const length of lengths) counts[bin(length)] = (counts[bin(length)] as number) + 1;
  let [at, sum] = [BINS - 1, counts[BINS - 1] as number];
  while (sum < most && at > 0) sum += counts[--at] as number;
  // A little less, for what rounding put above.
  return (at / BINS) * top * (1 - 1e-6);
}

/** The longest of each finding in turn; once no finding has any left, the longest of the others. */
function inTurn(ways: Ways, hues: Uint8Array, { findings, most }: Movers): Uint32Array {
  const of = (hue: number): Uint32Array => longest(kept(ways, (i) => hues[ways.items[i] as number] === hue), most).items;
  const queues = findings.map((_, finding) => of(finding));
  const chosen: number[] = [];
  for (let turn = 0; chosen.length < most && queues.some((queue) => turn < queue.length); turn++) {
    for (const queue of queues) if (turn < queue.length && chosen.length < most) chosen.push(queue[turn] as number);
  }
  if (chosen.length < most) chosen.push(...of(NO_HUE).subarray(0, most - chosen.length));
  return Uint32Array.from(chosen);
}
