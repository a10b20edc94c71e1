import type { GroupReport, GroupTimeline, Manifest } from "./schema.gen";
import type { RowSet } from "./selection";

export type GroupType = GroupReport["type"];

/** The types, in the order in which they are listed. */
export const GROUP_TYPES: readonly GroupType[] = ["moved", "carried", "merged", "split", "gathered", "scattered", "contracted", "expanded"];

/** The rows of each of `n` groups, from the group of each item; -1 is in none. */
export function membersOf(codes: Int32Array, n: number): RowSet[] {
  const sizes = new Uint32Array(n);
  for (const code of codes) if (code >= 0 && code < n) sizes[code] = (sizes[code] ?? 0) + 1;
  const members = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(n);
  codes.forEach((code, row) => {
    const rows = members[code];
    if (!rows) return;
    const at = filled[code] ?? 0;
    rows[at] = row;
    filled[code] = at + 1;
  });
  return members;
}

/** How many of a selection's items are in each of `n` groups, from the group of each item. */
export function overlapCounts(codes: Int32Array, n: number, selection: RowSet): Uint32Array {
  const counts = new Uint32Array(n);
  for (const row of selection) {
    const code = codes[row] ?? -1;
    if (code >= 0 && code < n) counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

/** A part of the plane, in the units of the picture. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** Of more members than this, as many evenly among them stand for all. */
const ASKED = 200;

/** The share of the rows whose place lies in the box; of rows without a place, none. */
function shareInside(rows: RowSet, places: Float32Array, box: Box): number {
  const step = Math.max(1, Math.floor(rows.length / ASKED));
  let inside = 0;
  let n = 0;
  for (let i = 0; i < rows.length; i += step) {
    const row = rows[i] ?? 0;
    const [x, y] = [places[2 * row] ?? NaN, places[2 * row + 1] ?? NaN];
    n++;
    if (x >= box.left && x <= box.right && y >= box.bottom && y <= box.top) inside++;
  }
  return n === 0 ? 0 : inside / n;
}

/** Whether at least half of the rows are in view in A or in B, so that the answer does not change while points morph. */
export const isInView = (rows: RowSet, { from, to }: { readonly from: Float32Array; readonly to: Float32Array }, box: Box): boolean =>
  Math.max(shareInside(rows, from, box), shareInside(rows, to, box)) >= 0.5;

/** A value of a column that is enriched in some of the groups. */
export interface EnrichedValue {
  readonly key: string;
  readonly column: string;
  readonly value: string;
  /** In how many groups. */
  readonly n: number;
}

const keyOf = ({ column, value }: { readonly column: string; readonly value: string }): string => `${column}\n${value}`;

/** What is enriched in the groups, of most groups first. */
export function enrichedValues(groups: readonly GroupReport[]): EnrichedValue[] {
  const found = new Map<string, EnrichedValue>();
  for (const { enriched } of groups) {
    for (const [key, entry] of new Map(enriched.map((each) => [keyOf(each), each]))) {
      found.set(key, { key, column: entry.column, value: entry.value, n: (found.get(key)?.n ?? 0) + 1 });
    }
  }
  return [...found.values()].sort((x, y) => y.n - x.n);
}

export interface GroupFilter {
  /** None is all. */
  readonly types: ReadonlySet<GroupType>;
  /** Key of an enriched value; empty is any. */
  readonly enriched: string;
  /** By group: whether it passes what its members decide; null asks nothing of them. */
  readonly passes: ((group: number) => boolean) | null;
}

/** The indices of the groups that pass a filter, in their order. */
export function filterGroups(groups: readonly GroupReport[], { types, enriched, passes }: GroupFilter): number[] {
  return groups.flatMap((group, i) => {
    const typed = types.size === 0 || types.has(group.type);
    const labelled = enriched === "" || group.enriched.some((entry) => keyOf(entry) === enriched);
    return typed && labelled && (passes === null || passes(i)) ? [i] : [];
  });
}

/** How many groups there are of each type; those of none are left out. */
export function typeCounts(groups: readonly GroupReport[]): Map<GroupType, number> {
  const counts = GROUP_TYPES.map((type) => [type, groups.filter((group) => group.type === type).length] as const);
  return new Map(counts.filter(([, n]) => n > 0));
}

/** Where a step of a timeline is among the pairs, or -1. */
export const pairOf = ({ pairs }: Manifest, { a, b }: { readonly a: string; readonly b: string }): number =>
  pairs.findIndex((pair) => pair.a === a && pair.b === b);

/** The timeline that a group is a step of. */
export function timelineOf(manifest: Manifest, pair: number, group: number): GroupTimeline | null {
  const found = manifest.report.timelines.find(({ steps }) => steps.some((step) => step.group === group && pairOf(manifest, step) === pair));
  return found ?? null;
}
