import type { Manifest, Score } from "../model/schema.gen";

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

/** How the selected items fare from space `a` to space `b`. */
export interface SelectionQuestion {
  readonly kind: "selection";
  readonly a: string;
  readonly b: string;
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
  /** Have something measured of some item rows; a source that cannot compute has no `ask`. */
  ask?(question: SelectionQuestion, rows: Int32Array, signal?: AbortSignal): Promise<SelectionAnswer>;
}
