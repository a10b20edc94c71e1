import type { Bundle } from "./bundle";
import type { CategoryColouring } from "./colouring";
import type { PairView } from "./pair";
import type { MovesInfo, NumberField } from "./schema.gen";

/** The classes of moves, by code; `older` is what bundles from before moves were told by amount call them. */
export const MOVE_CLASSES = [
  { key: "still", older: "still", title: "still", definition: "It kept as many neighbours as noise leaves, and stands where it stood." },
  {
    key: "changed_and_moved",
    older: "real",
    title: "changed and moved",
    definition: "It kept fewer neighbours than runs of one recipe keep there, or went elsewhere with them, and it moved beyond the movement floor.",
  },
  {
    key: "moved_not_changed",
    older: "layout_only",
    title: "moved, not changed",
    definition: "It moved beyond the movement floor, but its neighbours stayed: as many as runs keep there or, where no run says so, nine in ten.",
  },
  {
    key: "changed_not_shown",
    older: "hidden",
    title: "changed, not shown",
    definition: "It kept fewer neighbours than runs of one recipe keep there, but it looks still.",
  },
  { key: "amount_only", older: null, title: "not classed", definition: "No replicate says how many neighbours noise takes: read how many it kept." },
  { key: "lost_and_still", older: null, title: "lost all, looks still", definition: "It kept none of its neighbours, and stands where it stood." },
] as const satisfies readonly {
  readonly key: keyof MovesInfo["counts"];
  readonly older: string | null;
  readonly title: string;
  readonly definition: string;
}[];

/** The classes that can occur, by what says who changed: what can be believed first. */
const SHOWN = { replicate: [1, 3, 2, 0, 5], copy: [2, 0], amount: [5, 2, 4], nothing: [4], older: [1, 2, 3, 0] } as const;

/** The codes of the classes that a pair's moves can have, in the order they are told. */
export const shownMoves = (info: MovesInfo): readonly number[] => SHOWN[info.judged_by ?? "older"];

/** How many items make a class of move, in bundles new and old. */
export function moveCount({ counts }: MovesInfo, code: number): number {
  const { key, older } = MOVE_CLASSES[code] ?? {};
  const known: Readonly<Record<string, number | undefined>> = { ...counts };
  return known[key ?? ""] ?? known[older ?? ""] ?? 0;
}

/** The four first classes are the engine's kinds; of the others one has a trail as of nothing known, one a ring. */
const DRAWN: readonly number[] = [0, 1, 2, 3, 255, 3];

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
  /** (n): how each is drawn, of the engine's kinds: whole where nothing says who changed, a ring where one is lost. */
  readonly drawn: Uint8Array;
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
  method: null,
});

export async function loadMoves(bundle: Bundle, field: MovesField): Promise<Moves> {
  const { info, over } = field;
  const [codes, displacement] = await Promise.all([bundle.codes(info.codes, over), bundle.numbers(displacementField(field))]);
  const known = Uint8Array.from(codes, (code) => (code < 0 ? NO_MOVE : code));
  return { info, codes: known, drawn: known.map((code) => DRAWN[code] ?? NO_MOVE), displacement };
}

/** Colour by class of move. */
export function colourMoves(choice: { readonly key: string; readonly title: string }, { codes }: Moves, hidden: readonly number[] = []): CategoryColouring {
  const counts = new Uint32Array(MOVE_CLASSES.length);
  for (const code of codes) if (code < counts.length) counts[code] = (counts[code] ?? 0) + 1;
  const entries = MOVE_CLASSES.map(({ title: name, definition }, unit) => ({ name, definition, count: counts[unit] ?? 0, unit }));
  return {
    kind: "category",
    ...choice,
    entries,
    palette: "moves",
    slots: entries.map((_, code) => code),
    tints: { codes: Int32Array.from(codes, (code) => (code === NO_MOVE ? -1 : code)), of: entries.map((_, code) => code), step: entries.map(() => 0) },
    hidden: new Set(hidden),
    units: entries,
    gathered: 0,
    missing: codes.length - counts.reduce((sum, count) => sum + count, 0),
    nameOf: (row) => MOVE_CLASSES[codes[row] ?? NO_MOVE]?.title ?? null,
  };
}
