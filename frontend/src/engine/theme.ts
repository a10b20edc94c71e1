/** RGB in [0, 1]. */
export type Rgb = readonly [number, number, number];

/** The colours that are not data. Blue and orange are left to mean A and B. */
export interface Theme {
  readonly paper: Rgb;
  readonly ink: Rgb;
  /** Points out of focus. */
  readonly context: Rgb;
  /** Points without a value. */
  readonly missing: Rgb;
  /** Interaction: the selection and the focus. */
  readonly accent: Rgb;
  readonly kept: Rgb;
  readonly lost: Rgb;
  readonly gained: Rgb;
  /** A and B. */
  readonly a: Rgb;
  readonly b: Rgb;
}

function rgb(hex: number): Rgb {
  return [(hex >> 16) / 255, ((hex >> 8) & 255) / 255, (hex & 255) / 255];
}

export const light: Theme = {
  paper: rgb(0xffffff),
  ink: rgb(0x1c1e22),
  context: rgb(0xa9aeb6),
  missing: rgb(0xb9bdc4),
  accent: rgb(0x7a3cf0),
  kept: rgb(0x3c424b),
  lost: rgb(0xd1225f),
  gained: rgb(0x007a57),
  a: rgb(0x2474d6),
  b: rgb(0xe07412),
};

export const dark: Theme = {
  paper: rgb(0x121417),
  ink: rgb(0xf2f3f5),
  context: rgb(0x5b616b),
  missing: rgb(0x666c76),
  accent: rgb(0xb794ff),
  kept: rgb(0xd5d9df),
  lost: rgb(0xff6a9c),
  gained: rgb(0x2fd3a2),
  a: rgb(0x5b9dff),
  b: rgb(0xff9440),
};
