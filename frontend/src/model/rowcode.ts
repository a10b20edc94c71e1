import { complement, type RowSet } from "./selection";

/** Longer codes do not belong in an address. */
const LONGEST = 3000;
/** Ends the code of those that are left out. */
const BUT = ".but";

/** A set of rows among `n` as a short text for an address; null where it would be long. */
export function encodeRows(rows: RowSet, n: number): string | null {
  // What is selected but for a few is said by the few.
  if (rows.length > n / 2) return encodeFew(complement(rows, n), n, BUT);
  return encodeFew(rows, n, "");
}

function encodeFew(rows: RowSet, n: number, end: string): string | null {
  const bytes: number[] = [];
  let last = -1;
  for (const row of rows) {
    let gap = row - last - 1;
    last = row;
    for (; gap > 127; gap = Math.floor(gap / 128)) bytes.push(128 + (gap % 128));
    bytes.push(gap);
    if (bytes.length > LONGEST) return null;
  }
  const code = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `${n.toString(36)}.${code}${end}`;
}

/** The rows of a code; null where it is no code, or of another number of items. */
export function decodeRows(code: string, n: number): RowSet | null {
  if (code.endsWith(BUT)) {
    const few = decodeRows(code.slice(0, -BUT.length), n);
    return few && complement(few, n);
  }
  const [size, text] = code.split(".");
  if (text === undefined || size !== n.toString(36)) return null;
  let bytes: string;
  try {
    bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return null;
  }
  const rows: number[] = [];
  let [row, gap, scale] = [-1, 0, 1];
  for (const letter of bytes) {
    const byte = letter.charCodeAt(0);
    gap += (byte % 128) * scale;
    scale *= 128;
    if (byte > 127) continue;
    row += gap + 1;
    if (row >= n) return null;
    rows.push(row);
    [gap, scale] = [0, 1];
  }
  return scale === 1 ? Uint32Array.from(rows) : null;
}
