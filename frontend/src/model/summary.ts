import type { RowSet } from "./selection";

export interface Share {
  readonly code: number;
  readonly name: string;
  readonly count: number;
  /** How many items have this category in all. */
  readonly total: number;
}

/** How many of the rows fall in each category, most first. Categories without a row are left out. */
export function composition(codes: Int32Array, names: readonly string[], rows: RowSet): Share[] {
  const totals = new Uint32Array(names.length);
  const counts = new Uint32Array(names.length);
  // Of millions, counted by index: to iterate takes more than twice as long.
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row] as number;
    if (code >= 0) totals[code] = (totals[code] ?? 0) + 1;
  }
  for (let i = 0; i < rows.length; i += 1) {
    const code = codes[rows[i] as number] ?? -1;
    if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  }
  return names
    .map((name, code) => ({ code, name, count: counts[code] ?? 0, total: totals[code] ?? 0 }))
    .filter((share) => share.count > 0)
    .sort((x, y) => y.count - x.count);
}

export interface Mean {
  readonly mean: number;
  /** How many values were not missing. */
  readonly n: number;
}

/** The mean of the values that are there; NaN when none is. */
export function meanOver(values: Float32Array, rows: RowSet | null): Mean {
  let sum = 0;
  let n = 0;
  const add = (value: number | undefined): void => {
    if (value === undefined || Number.isNaN(value)) return;
    sum += value;
    n++;
  };
  if (rows) for (const row of rows) add(values[row]);
  else for (const value of values) add(value);
  return { mean: sum / n, n };
}
