/** The stored neighbours of one item in one space, nearest first, as item rows. */
export interface NeighborList {
  readonly items: Int32Array;
  readonly distances: Float32Array;
}

/** `kept`: near in both spaces; `lost`: near in A only; `gained`: near in B only. */
export type Fate = "kept" | "lost" | "gained";

export interface NeighborLine {
  readonly item: number;
  /** 1 is the nearest. */
  readonly rank: number;
  readonly distance: number;
  /** Null when the focused item is in one space only, so that nothing can be compared. */
  readonly fate: Fate | null;
  /** Rank in the other space, or null when it is beyond the stored neighbours. */
  readonly otherRank: number | null;
}

export interface NeighborSide {
  readonly lines: readonly NeighborLine[];
  /** Nearer items left out because the other space does not have them. */
  readonly skipped: number;
  /** How many stored neighbours could be ranked. */
  readonly depth: number;
}

export interface NeighborComparison {
  readonly item: number;
  readonly k: number;
  readonly kept: number;
  /** Null when the item is not in the space. */
  readonly a: NeighborSide | null;
  readonly b: NeighborSide | null;
}

interface Ranked {
  readonly list: NeighborList;
  /** Positions in `list` of the neighbours that both spaces have. */
  readonly common: readonly number[];
  readonly rankOf: ReadonlyMap<number, number>;
}

/** Restrict a list to the items the other space has, as the pair's scores are. */
function rank(list: NeighborList, inOther: (item: number) => boolean): Ranked {
  const common: number[] = [];
  const rankOf = new Map<number, number>();
  list.items.forEach((item, i) => {
    if (!inOther(item)) return;
    common.push(i);
    rankOf.set(item, common.length);
  });
  return { list, common, rankOf };
}

function side(own: Ranked, other: Ranked | null, k: number, moved: Fate): NeighborSide {
  const shown = own.common.slice(0, k);
  const lines = shown.map((at, i): NeighborLine => {
    const item = own.list.items[at] ?? -1;
    const otherRank = other?.rankOf.get(item) ?? null;
    const near = otherRank !== null && otherRank <= k;
    return {
      item,
      rank: i + 1,
      distance: own.list.distances[at] ?? NaN,
      fate: other ? (near ? "kept" : moved) : null,
      otherRank,
    };
  });
  const last = shown.at(-1);
  return { lines, skipped: last === undefined ? 0 : last + 1 - shown.length, depth: own.common.length };
}

/**
 * The `k` nearest neighbours of one item in A beside those in B.
 *
 * For an item of both spaces only common items are ranked, as in the pair's scores: a neighbour that
 * the other space does not have is skipped and counted, not lost.
 */
export function compareNeighbors(
  item: number,
  lists: { readonly a: NeighborList | null; readonly b: NeighborList | null },
  options: { readonly k: number; readonly inA: (item: number) => boolean; readonly inB: (item: number) => boolean },
): NeighborComparison {
  const both = lists.a !== null && lists.b !== null;
  const all = (): boolean => true;
  const a = lists.a && rank(lists.a, both ? options.inB : all);
  const b = lists.b && rank(lists.b, both ? options.inA : all);
  const sideA = a && side(a, b, options.k, "lost");
  return {
    item,
    k: options.k,
    kept: sideA?.lines.filter((line) => line.fate === "kept").length ?? 0,
    a: sideA,
    b: b && side(b, a, options.k, "gained"),
  };
}
