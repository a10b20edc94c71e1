import type { GroupReport, GroupRows, GroupSearch, Manifest, Score } from "../model/schema.gen";

/** What one `.npy` column holds, as the page sees it. `int64` and `uint64` arrive as `Float64Array`. */
export type ColumnArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Rows `start` (included) to `end` (excluded). */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** The measures of a pair, of some items only. */
export interface SelectionAnswer {
  /** Selected items in both spaces. */
  readonly n: number;
  /** Selected items that at least one of the spaces lacks. */
  readonly n_outside: number;
  readonly scores: Readonly<Record<string, Score>>;
  readonly purity: { readonly a: number; readonly b: number; readonly chance: number } | null;
  readonly sentence: string;
  readonly warnings: readonly string[];
}

/** The groups that changed together among the selected items. */
export interface GroupSuggestion {
  readonly groups: readonly GroupReport[];
  /** Rows of the items that each group names. */
  readonly rows: readonly GroupRows[];
  readonly search: GroupSearch;
  /** By selected item, in the order asked: the index of its group, or -1. */
  readonly codes: Int32Array;
}

/** A stored group that shares items with the selection. */
export interface GroupMatch {
  /** Index among the pairs of the manifest. */
  readonly pair: number;
  /** Index among the groups of that pair. */
  readonly group: number;
  readonly n_shared: number;
  /** Shared items over those in either. */
  readonly jaccard: number;
  /** Items shared by chance. */
  readonly expected: number;
  readonly p: number;
}

/** The stored groups of any pair that are like the selection, most alike first. */
export interface GroupMatches {
  readonly groups: readonly GroupMatch[];
  readonly sentence: string;
}

/** The items nearest to some items of one space, by true distance, nearest first. */
export interface NearAnswer {
  readonly space: string;
  readonly metric: "cosine" | "euclidean";
  /** Of the given items in the space, and not in it. */
  readonly n: number;
  readonly n_outside: number;
  /** Without the given items. */
  readonly rows: readonly number[];
  /** From each to the nearest of the given items. */
  readonly distances: readonly number[];
}

/** What can be asked of the selected items between two spaces, and what the answer is. */
export interface Answers {
  /** How they fare from `a` to `b`. */
  selection: SelectionAnswer;
  /** Which of them changed together. */
  suggest: GroupSuggestion;
  /** Which stored groups are like them. */
  like: GroupMatches;
  /** Which items lie nearest to them in `a`. */
  near: NearAnswer;
}

export interface Question<Kind extends keyof Answers> {
  readonly kind: Kind;
  readonly a: string;
  readonly b: string;
}

/** A selection that was saved, by the ids of its items. */
export interface SavedSelection {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly items: readonly string[];
}

/** What people left in a bundle. */
export interface Notes {
  readonly schema: "emblink.notes/1";
  readonly selections: readonly SavedSelection[];
}

/** Notes, and which edition of them. */
export interface KeptNotes {
  readonly notes: Notes;
  readonly version: string;
}

/** How far the comparison behind a source is. */
export interface Progress {
  readonly state: "running" | "done" | "failed";
  /** What is being computed, in words. */
  readonly step: string;
  /** Of that step. */
  readonly done: number;
  readonly total: number;
  /** Why it failed, and the way out. */
  readonly message: string;
  /** How often what can be seen has changed; 0 while there is nothing to see. */
  readonly revision: number;
}

/** What became of a bundle since it was opened: made anew, or gone, or out of reach for now. */
export interface News {
  readonly kind: "newer" | "gone" | "silent";
  /** For people, with the way out. */
  readonly message: string;
}

/**
 * Where a bundle's bytes come from. A server, a notebook and a single HTML file are three of these;
 * `tests/contracts` holds the suite that each must pass.
 */
export interface DataSource {
  manifest(): Promise<Manifest>;
  /** The whole column, flattened in C order, or only some of its rows. */
  column(name: string, rows?: RowRange): Promise<ColumnArray>;
  /** How far the comparison is; a source that holds finished bundles only has no `progress`. */
  progress?(): Promise<Progress>;
  /** The same place, with nothing read yet: what can be seen has changed. */
  again?(): DataSource;
  /**
   * Be told what becomes of the bundle, as it shows by whatever is asked for; null when it is again as it was.
   * Returns how to stop. A source whose bundle cannot change has no `watch`.
   */
  watch?(tell: (news: News | null) => void): () => void;
  /** Find out at once what became of the bundle, by one small request. */
  look?(): Promise<void>;
  /** What people left in the bundle; null where a source keeps nothing. */
  readNotes?(): Promise<KeptNotes | null>;
  /** Leave other notes in the place of an edition; the new one's version, or null where others wrote meanwhile. */
  writeNotes?(notes: Notes, version: string): Promise<string | null>;
  /** Have something measured of some item rows; a source that cannot compute has no `ask`. */
  ask?<Kind extends keyof Answers>(question: Question<Kind>, rows: Int32Array, signal?: AbortSignal): Promise<Answers[Kind]>;
}
