import type { PointColors } from "../engine";
import type { RowSet } from "../model";

/** The colours of isolated items; the others have none, and stay as context. No items isolate nothing. */
export function dimmed(colors: PointColors, isolated: RowSet): PointColors {
  if (isolated.length === 0) return colors;
  if (colors.kind === "category") {
    const codes = new Int32Array(colors.codes.length).fill(-1);
    for (const row of isolated) codes[row] = colors.codes[row] ?? -1;
    return { ...colors, codes };
  }
  const values = new Float32Array(colors.values.length).fill(NaN);
  for (const row of isolated) values[row] = colors.values[row] ?? NaN;
  return { ...colors, values };
}
