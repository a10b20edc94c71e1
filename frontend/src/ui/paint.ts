import type { PointColors } from "../engine";
import { Flag, moveColors, okabeIto, tableau10, viridis } from "../engine";
import type { CategoryColouring, Colouring, NeighborComparison, RowSet } from "../model";

const OTHERS = [0x9a, 0x9e, 0xa6];

const PALETTES = { okabeIto, tableau10, moves: moveColors };

/** RGB bytes of a colouring's categories. */
export function paletteOf(colouring: CategoryColouring): Uint8Array {
  const palette = PALETTES[colouring.palette].slice(0, colouring.entries.length * 3);
  if (colouring.gathered > 0) palette.set(OTHERS, palette.length - 3);
  return palette;
}

/** What the scatter needs to draw a colouring. */
export function pointColors(colouring: Colouring): PointColors {
  if (colouring.kind === "category") return { kind: "category", codes: colouring.codes, palette: paletteOf(colouring) };
  const { values, low, high } = colouring;
  return { kind: "number", values, low, high, ramp: viridis };
}

/** One grey for every point, where there is nothing to colour them by. */
export function plainColors(n: number): PointColors {
  return { kind: "category", codes: new Int32Array(n), palette: Uint8Array.from(OTHERS) };
}

/** A CSS colour out of RGB bytes. */
export function cssColor(bytes: Uint8Array, at: number): string {
  return `rgb(${bytes.subarray(at * 3, at * 3 + 3).join(" ")})`;
}

/** The colour of one of so many labels, as when points are coloured by them; null for those that share a grey. */
export function labelColor(code: number, labels: number): string | null {
  const palette = labels <= 8 ? okabeIto : tableau10;
  return code < 0 || (labels > 10 && code > 8) || 3 * code >= palette.length ? null : cssColor(palette, code);
}

/** The colour of a share of the way along viridis. */
export function rampColor(share: number): string {
  const steps = viridis.length / 3;
  return cssColor(viridis, Math.max(0, Math.min(steps - 1, Math.round(share * (steps - 1)))));
}

interface Marked {
  readonly n: number;
  readonly selection: RowSet;
  readonly focus: number;
  readonly neighbors: NeighborComparison | null;
}

/** One byte of flags for each item. */
export function flagsOf({ n, selection, focus, neighbors }: Marked): Uint8Array {
  const flags = new Uint8Array(n);
  const mark = (row: number, bit: number): void => void (flags[row] = (flags[row] ?? 0) | bit);
  for (const row of selection) mark(row, Flag.selected);
  if (neighbors !== null && neighbors.item === focus) {
    for (const line of [...(neighbors.a?.lines ?? []), ...(neighbors.b?.lines ?? [])]) {
      if (line.fate) mark(line.item, Flag[line.fate]);
    }
  }
  if (focus >= 0) mark(focus, Flag.focused);
  return flags;
}

/** The same flags with one more item under the pointer; -1 is none. */
export function withHover(flags: Uint8Array, row: number): Uint8Array {
  if (row < 0) return flags;
  const hovered = flags.slice();
  hovered[row] = (hovered[row] ?? 0) | Flag.hovered;
  return hovered;
}
