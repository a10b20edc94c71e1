import type { Manifest, NearItems, Notes, Progress, SelectionAnswer, SimilarGroups, SuggestedGroups } from "../model/schema.gen";

export type { NearItems, Notes, Progress, SavedSelection, SelectionAnswer, SimilarGroup, SimilarGroups } from "../model/schema.gen";

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

/** The groups that changed together among the selected items. */
export interface GroupSuggestion extends SuggestedGroups {
  /** By selected item, in the order asked: the index of its group, or -1. */
  readonly codes: Int32Array;
}

/** What can be asked of the selected items between two spaces, and what the answer is. */
export interface Answers {
  /** How they fare from `a` to `b`. */
  selection: SelectionAnswer;
  /** Which of them changed together. */
  suggest: GroupSuggestion;
  /** Which stored groups are like them. */
  like: SimilarGroups;
  /** Which items lie nearest to them in `a`. */
  near: NearItems;
}

export interface Question<Kind extends keyof Answers> {
  readonly kind: Kind;
  readonly a: string;
  readonly b: string;
}

/** Notes, and which edition of them. */
export interface KeptNotes {
  readonly notes: Notes;
  readonly version: string;
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
  /** Have the comparison end, to be gone on with another time; where there is `progress`. */
  stop?(): Promise<unknown>;
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
