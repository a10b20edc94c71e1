import type { PointColors } from "../engine";
import { Flag, moveColors, okabeIto, ramps, ten } from "../engine";
import type { CategoryColouring, Colouring, NeighborComparison, NumberColouring, RowSet, Tints } from "../model";

const OTHERS = [0x9a, 0x9e, 0xa6] as const;
/** What is hidden is dimmed, and never gone: a grey near the paper. */
const DIMMED = { light: [0xdf, 0xe2, 0xe6], dark: [0x2c, 0x30, 0x37] } as const;
/** How far the outermost shades of a hierarchy lie from their hue. */
const TINT = 0.42;

const PALETTES = { okabeIto, ten, moves: moveColors };

type Rgb = readonly [number, number, number];

const themeOf = (dark: boolean): "light" | "dark" => (dark ? "dark" : "light");

function colorOf({ palette, slots, hidden }: CategoryColouring, entry: number, dark: boolean): Rgb {
  if (hidden.has(entry)) return DIMMED[themeOf(dark)];
  const slot = slots[entry] ?? -1;
  const colors = PALETTES[palette];
  return slot < 0 ? OTHERS : [colors[3 * slot] ?? 0, colors[3 * slot + 1] ?? 0, colors[3 * slot + 2] ?? 0];
}

/** RGB bytes of a colouring's categories. */
export const paletteOf = (colouring: CategoryColouring, dark = false): Uint8Array =>
  Uint8Array.from(colouring.slots.flatMap((_, entry) => colorOf(colouring, entry, dark)));

/** RGB bytes of the shades of a hierarchy: towards white and towards black of the hue of their family. */
function tintedOf(colouring: CategoryColouring, { of, step }: Tints, dark: boolean): Uint8Array {
  return Uint8Array.from(
    of.flatMap((entry, shade) => {
      const color = colorOf(colouring, entry, dark);
      if (colouring.hidden.has(entry) || (colouring.slots[entry] ?? -1) < 0) return color;
      const to = (step[shade] ?? 0) < 0 ? 0 : 255;
      return color.map((part) => Math.round(part + (to - part) * TINT * Math.abs(step[shade] ?? 0)));
    }),
  );
}

/** RGB bytes along a colouring's numbers, from low to high. */
export function rampOf({ scale, loud }: NumberColouring, dark = false): Uint8Array {
  const ramp = ramps[themeOf(dark)][scale]();
  if (scale !== "amount" || loud === "high") return ramp;
  return Uint8Array.from(ramp, (_, i) => ramp[ramp.length - 3 - (i - (i % 3)) + (i % 3)] ?? 0);
}

/** What the scatter needs to draw a colouring. */
export function pointColors(colouring: Colouring, dark = false): PointColors {
  if (colouring.kind === "number") {
    const { values, low, high } = colouring;
    return { kind: "number", values, low, high, ramp: rampOf(colouring, dark) };
  }
  return { kind: "category", codes: colouring.tints.codes, palette: tintedOf(colouring, colouring.tints, dark) };
}

/** One grey for every point, where there is nothing to colour them by. */
export function plainColors(n: number): PointColors {
  return { kind: "category", codes: new Int32Array(n), palette: Uint8Array.from(OTHERS) };
}

/** A CSS colour out of RGB bytes. */
export function cssColor(bytes: Uint8Array, at: number): string {
  return `rgb(${bytes.subarray(at * 3, at * 3 + 3).join(" ")})`;
}

/** The colours that a category can be painted in. */
export const paintsOf = ({ palette }: CategoryColouring): string[] => {
  const colors = palette === "moves" ? PALETTES.moves : ten;
  return Array.from({ length: colors.length / 3 }, (_, slot) => cssColor(colors, slot));
};

/** The colour of a share of the way along a ramp. */
export function rampColor(ramp: Uint8Array, share: number): string {
  const steps = ramp.length / 3;
  return cssColor(ramp, Math.max(0, Math.min(steps - 1, Math.round(share * (steps - 1)))));
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
