import type { Bundle } from "./bundle";
import type { CategoryColouring } from "./colouring";
import type { PairView } from "./pair";
import type { MovesInfo, NumberField } from "./schema.gen";

/** The classes of moves, by code. */
export const MOVE_CLASSES = [
  { key: "still", title: "still", definition: "Its neighbourhood kept within the noise floor, and it stands where it stood." },
  {
    key: "real",
    title: "real",
    definition: "Its neighbourhood changed beyond the noise floor, in the full vectors, and it moved beyond the movement floor.",
  },
  { key: "layout_only", title: "layout only", definition: "It moved beyond the movement floor, but its neighbourhood did not change beyond noise." },
  { key: "hidden", title: "hidden", definition: "Its neighbourhood changed beyond the noise floor, but it looks still." },
] as const satisfies readonly { readonly key: keyof MovesInfo["counts"]; readonly title: string; readonly definition: string }[];

/** The order in which the classes are told: what can be believed first. */
export const MOVE_ORDER = [1, 2, 3, 0] as const;

/** Items that are not in both spaces have no move. */
export const NO_MOVE = 255;

/** The moves of a pair as something to colour by. */
export interface MovesField {
  readonly kind: "moves";
  readonly name: "move";
  readonly title: string;
  readonly info: MovesInfo;
  /** The pair's domain. */
  readonly over: string;
}

export interface Moves {
  readonly info: MovesInfo;
  /** (n): index into `MOVE_CLASSES`, `NO_MOVE` where an item is not in both. */
  readonly codes: Uint8Array;
  /** (n): in layout radii; NaN likewise. */
  readonly displacement: Float32Array;
}

/** The moves of a pair in the pictures of one method, or null when they were not classed. */
export function movesField(pair: PairView | null, method: string): MovesField | null {
  const info = pair?.moves.find((moves) => moves.method === method);
  return pair && info ? { kind: "moves", name: "move", title: "Class of move", info, over: pair.over } : null;
}

/** How far each item moved in the stored pictures. */
export const displacementField = ({ info, over }: MovesField): NumberField => ({
  kind: "number",
  name: "displacement",
  title: "Displacement",
  values: info.displacement,
  over,
  definition: "Distance between an item’s two places in the stored pictures, in layout radii: the RMS radius of all pictures together is 1.",
  range: null,
});

export async function loadMoves(bundle: Bundle, field: MovesField): Promise<Moves> {
  const { info, over } = field;
  const [codes, displacement] = await Promise.all([bundle.codes(info.codes, over), bundle.numbers(displacementField(field))]);
  return { info, codes: Uint8Array.from(codes, (code) => (code < 0 ? NO_MOVE : code)), displacement };
}

/** Colour by class of move. */
export function colourMoves(choice: { readonly key: string; readonly title: string }, { codes }: Moves): CategoryColouring {
  const counts = new Uint32Array(MOVE_CLASSES.length);
  for (const code of codes) if (code < counts.length) counts[code] = (counts[code] ?? 0) + 1;
  const entries = MOVE_CLASSES.map(({ title: name, definition }, code) => ({ name, definition, count: counts[code] ?? 0 }));
  return {
    kind: "category",
    ...choice,
    codes: Int32Array.from(codes, (code) => (code === NO_MOVE ? -1 : code)),
    entries,
    palette: "moves",
    gathered: 0,
    missing: codes.length - counts.reduce((sum, count) => sum + count, 0),
    nameOf: (row) => MOVE_CLASSES[codes[row] ?? NO_MOVE]?.title ?? null,
  };
}
