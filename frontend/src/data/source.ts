import type { Manifest } from "../model/schema.gen";

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

/**
 * Where a bundle's bytes come from. A server, a notebook and a single HTML file are three of these;
 * `tests/contracts` holds the suite that each must pass.
 */
export interface DataSource {
  manifest(): Promise<Manifest>;
  /** The whole column, flattened in C order, or only some of its rows. */
  column(name: string, rows?: RowRange): Promise<ColumnArray>;
}
