import type { PointColors } from "./types";

/** The shade of an item without a value, or with a category beyond the palette. */
export const NO_SHADE = 65535;

/** (n): which colour of the palette or ramp each item has; the GPU looks it up. */
export function shadesOf(colors: PointColors): Uint16Array {
  return colors.kind === "category" ? fromCodes(colors.codes, colors.palette.length / 3) : fromValues(colors);
}

function fromCodes(codes: Int32Array, size: number): Uint16Array {
  const limit = Math.min(size, NO_SHADE);
  const shades = new Uint16Array(codes.length);
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] as number;
    shades[i] = code >= 0 && code < limit ? code : NO_SHADE;
  }
  return shades;
}

function fromValues({ values, low, high, ramp }: Extract<PointColors, { kind: "number" }>): Uint16Array {
  const last = Math.min(ramp.length / 3, NO_SHADE) - 1;
  const perUnit = high > low ? last / (high - low) : 0;
  const shades = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    const step = Math.round((value - low) * perUnit);
    shades[i] = Number.isNaN(value) ? NO_SHADE : Math.min(Math.max(step, 0), last);
  }
  return shades;
}

/** The colours that shades index. */
export function colorsOf(colors: PointColors): Uint8Array {
  return colors.kind === "category" ? colors.palette : colors.ramp;
}
