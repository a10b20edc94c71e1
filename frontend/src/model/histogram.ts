import type { RowSet } from "./selection";

/** Equal bins from `low` to `high`; of few whole numbers one for each. */
export interface Bins {
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Whether each bin is one whole number. */
  readonly whole: boolean;
}

const MOST = 24;

/** The bins of some numbers; null where fewer than two are told apart. */
export function binsOf(values: Float32Array): Bins | null {
  let [low, high, whole] = [Infinity, -Infinity, true];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    whole &&= Number.isInteger(value);
  }
  if (!(low < high)) return null;
  whole &&= high - low < MOST;
  return { low, high, whole, n: whole ? high - low + 1 : MOST };
}

/** How many of some rows, or of all, fall in each bin. */
export function countIn({ low, high, n, whole }: Bins, values: Float32Array, rows: RowSet | null): Uint32Array {
  const counts = new Uint32Array(n);
  const add = (value: number): void => {
    if (!(value >= low && value <= high)) return;
    const bin = whole ? value - low : Math.min(n - 1, Math.floor(((value - low) / (high - low)) * n));
    counts[bin] = (counts[bin] ?? 0) + 1;
  };
  if (rows) for (const row of rows) add(values[row] ?? NaN);
  else for (const value of values) add(value);
  return counts;
}

/** Three figures, down for a low end and up for a high one, so that nothing in the bins is left out. */
function rounded(value: number, step: number, up: boolean): number {
  const scale = 10 ** Math.max(0, 2 - Math.floor(Math.log10(step)));
  const whole = up ? Math.ceil(value * scale - 1e-6) : Math.floor(value * scale + 1e-6);
  return whole / scale;
}

/** The range that bins `from` to `to` stand for. */
export function rangeOf({ low, high, n, whole }: Bins, from: number, to: number): { readonly low: number; readonly high: number } {
  if (whole) return { low: low + from, high: low + to };
  const step = (high - low) / n;
  return { low: from <= 0 ? -Infinity : rounded(low + from * step, step, false), high: to >= n - 1 ? Infinity : rounded(low + (to + 1) * step, step, true) };
}

/** The bins of a range: the first and the last that it touches. */
export function binsIn({ low, high, n, whole }: Bins, range: { readonly low: number; readonly high: number }): readonly [number, number] {
  const step = whole ? 1 : (high - low) / n;
  const bin = (value: number, back: number): number => Math.max(0, Math.min(n - 1, Math.floor((value - low) / step + (whole ? 0 : back))));
  return [range.low === -Infinity ? 0 : bin(range.low, 0.01), range.high === Infinity ? n - 1 : bin(range.high, -0.01)];
}
