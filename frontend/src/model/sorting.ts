import type { Values } from "./filterrun";
import type { RowSet } from "./selection";

/** Made when something is sorted: that takes longer than most of what the first picture needs. */
let letters: Intl.Collator | undefined;
const compared = (x: string, y: string): number => (letters ??= new Intl.Collator("en", { numeric: true })).compare(x, y);
/** What is missing stands behind all else. */
const LAST = 2 ** 32 - 1;
/** Bits of a row beside 32 of its rank, in a number that is exact. */
const ROW_BITS = 21;

/** Rows by their values, what is missing last either way; equal ones as they were. */
export function sorted(rows: RowSet, values: Values, falling: boolean): Uint32Array {
  if (values.kind === "text") return byText(rows, (row) => values.words.at(row), falling ? -1 : 1);
  const rank = values.kind === "number" ? numberRank(values.values) : codeRank(values.codes, values.names);
  return byRank(rows, (row) => (falling && rank(row) !== LAST ? LAST - 1 - rank(row) : rank(row)));
}

/** Numbers are sorted as one with their rows: without a comparison for each two. */
function byRank(rows: RowSet, rank: (row: number) => number): Uint32Array {
  const dropped = 2 ** Math.max(0, Math.ceil(Math.log2(rows.length + 1)) - ROW_BITS);
  const width = 2 ** ROW_BITS * dropped;
  const keys = Float64Array.from(rows, (row, i) => Math.floor(rank(row) / dropped) * width + i).sort();
  return Uint32Array.from(keys, (key) => rows[key % width] ?? 0);
}

/** The order of numbers as that of whole ones. */
function numberRank(values: Float32Array): (row: number) => number {
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  return (row) => {
    const value = values[row] ?? NaN;
    if (Number.isNaN(value)) return LAST;
    float[0] = value === 0 ? 0 : value;
    const [word = 0] = bits;
    return word >= 2 ** 31 ? LAST - word : word + 2 ** 31;
  };
}

/** By name, as people count: its place among all. */
function codeRank(codes: Int32Array, names: readonly string[]): (row: number) => number {
  const ranks = new Uint32Array(names.length);
  names.map((name, code) => ({ name, code })).sort((x, y) => compared(x.name, y.name)).forEach(({ code }, place) => (ranks[code] = place));
  return (row) => ranks[codes[row] ?? -1] ?? LAST;
}

function byText(rows: RowSet, of: (row: number) => string, turn: number): Uint32Array {
  const read = Array.from(rows, (row) => ({ row, word: of(row) }));
  const missing = (word: string): number => Number(word === "");
  read.sort((x, y) => missing(x.word) - missing(y.word) || turn * compared(x.word, y.word) || x.row - y.row);
  return Uint32Array.from(read, ({ row }) => row);
}
