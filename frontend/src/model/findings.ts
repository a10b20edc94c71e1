import type { Box } from "./groups";
import type { Manifest } from "./schema.gen";
import type { RowSet } from "./selection";

/** The share of the places at either end of an axis that does not count: one stray item is not what is to be seen. */
const STRAY = 0.02;

/** The rows of each of `n` findings, from the bits of each item; an item of −1 is in none. */
export function rowsOfBits(bits: Int32Array, n: number): RowSet[] {
  return Array.from({ length: n }, (_, finding) => {
    const bit = 1 << finding;
    const is = (of: number): boolean => of >= 0 && (of & bit) !== 0;
    let size = 0;
    for (const of of bits) if (is(of)) size++;
    const rows = new Uint32Array(size);
    let at = 0;
    bits.forEach((of, row) => {
      if (is(of)) rows[at++] = row;
    });
    return rows;
  });
}

/** The box round the places of some rows in A and in B, but for few that lie far off; null where they have none. */
export function boxRound(rows: RowSet, { from, to }: { readonly from: Float32Array; readonly to: Float32Array }): Box | null {
  const [left, right] = span(rows, [from, to], 0);
  const [bottom, top] = span(rows, [from, to], 1);
  return left === undefined || right === undefined || bottom === undefined || top === undefined ? null : { left, right, bottom, top };
}

/** The ends of one axis. */
function span(rows: RowSet, pictures: readonly Float32Array[], axis: 0 | 1): readonly (number | undefined)[] {
  const ends = pictures.flatMap((places) => {
    const values = Float32Array.from(rows, (row) => places[2 * row + axis] ?? NaN).filter((value) => Number.isFinite(value)).sort();
    const cut = Math.floor(values.length * STRAY);
    return values.length === 0 ? [] : [values[cut] as number, values[values.length - 1 - cut] as number];
  });
  return ends.length === 0 ? [] : [Math.min(...ends), Math.max(...ends)];
}

/** Whether two selections are of the same items. */
export const sameRows = (a: RowSet, b: RowSet): boolean => a === b || (a.length === b.length && a.every((row, i) => row === b[i]));

/** Whether a bundle tells what stands out of its pairs: older ones do not. */
export const tellsFindings = ({ report }: Manifest): boolean => report.pairs.some(({ findings, nothing }) => findings !== undefined || nothing !== undefined);
