/** A set of item rows, ascending and without repeats. Never edited in place. */
export type RowSet = Uint32Array;

export const EMPTY: RowSet = new Uint32Array(0);

/** Rows in any order, perhaps repeated, as a set. */
export function rowSet(rows: Iterable<number>): RowSet {
  const sorted = new Uint32Array(rows);
  if (sorted.some((row, i) => i > 0 && row < (sorted[i - 1] ?? 0))) sorted.sort();
  let size = 0;
  for (const row of sorted) if (size === 0 || sorted[size - 1] !== row) sorted[size++] = row;
  return sorted.slice(0, size);
}

/** The rows whose value passes. */
export function rowsWhere(n: number, passes: (row: number) => boolean): RowSet {
  const rows = new Uint32Array(n);
  let size = 0;
  for (let row = 0; row < n; row++) if (passes(row)) rows[size++] = row;
  return rows.slice(0, size);
}

/** Merge two sets, keeping a row by whether it is in the first and in the second. */
function merge(x: RowSet, y: RowSet, keep: (inX: boolean, inY: boolean) => boolean): RowSet {
  const rows = new Uint32Array(x.length + y.length);
  let size = 0;
  for (let i = 0, j = 0; i < x.length || j < y.length; ) {
    const a = x[i] ?? Infinity;
    const b = y[j] ?? Infinity;
    const row = Math.min(a, b);
    if (keep(a === row, b === row)) rows[size++] = row;
    if (a === row) i++;
    if (b === row) j++;
  }
  return rows.slice(0, size);
}

export const union = (x: RowSet, y: RowSet): RowSet => (x.length === 0 ? y : y.length === 0 ? x : merge(x, y, () => true));
export const intersection = (x: RowSet, y: RowSet): RowSet => merge(x, y, (a, b) => a && b);
export const difference = (x: RowSet, y: RowSet): RowSet => merge(x, y, (a, b) => a && !b);

export const xor = (x: RowSet, y: RowSet): RowSet => merge(x, y, (a, b) => a !== b);

/** The rows of `0 … n − 1` that are not in the set. */
export function complement(x: RowSet, n: number): RowSet {
  let next = 0;
  return rowsWhere(n, (row) => {
    if (x[next] !== row) return true;
    next++;
    return false;
  });
}

/** Whether a row is in a set. */
export function holds(x: RowSet, row: number): boolean {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return x[low] === row;
}

/** How a new set joins the current one: Shift adds, Alt takes away, otherwise it replaces. */
export function combine(
  current: RowSet,
  rows: RowSet,
  keys: { readonly shift: boolean; readonly alt: boolean },
): RowSet {
  if (keys.shift) return union(current, rows);
  if (keys.alt) return difference(current, rows);
  return rows;
}
