import type { CategoryColouring, NumberColouring } from "./colouring";
import type { MovesField } from "./moves";
import { displacementField, movesField } from "./moves";
import type { PairView } from "./pair";
import type { CategoryField, GroupsInfo, Manifest, NumberField, SpaceInfo } from "./schema.gen";
import type { RowSet } from "./selection";
import { rowsWhere } from "./selection";

/** The change groups of a pair as something to colour by. */
export interface GroupsField {
  readonly kind: "groups";
  readonly name: "group";
  readonly title: string;
  readonly info: GroupsInfo;
  /** What the groups are called. */
  readonly names: readonly string[];
  /** The pair's domain. */
  readonly over: string;
}

/** Something points can be coloured by. */
export interface ColourChoice {
  /** `item:NAME`, `pair:NAME`, `a:NAME` or `b:NAME`; the last two follow the space on that side. */
  readonly key: string;
  readonly title: string;
  readonly section: string;
  readonly field: NumberField | CategoryField | MovesField | GroupsField;
}

/** The measure of how much of its neighbourhood each item keeps. */
export function overlapField(pair: PairView | null): NumberField | null {
  return pair?.fields.find((field) => field.name.includes("overlap")) ?? pair?.fields[0] ?? null;
}

/** The groups of a pair, or null where there are none. */
function groupsField(pair: PairView | null): GroupsField | null {
  const info = pair?.groupsInfo;
  if (!info || pair.groups.length === 0) return null;
  return { kind: "groups", name: "group", title: "Change group", info, names: pair.groups.map((group) => group.title), over: pair.over };
}

/** Everything the points of a pair can be coloured by in the pictures of a method. */
export function colourChoices(
  manifest: Manifest,
  pair: PairView | null,
  { method = "", ...spaces }: { readonly a: string; readonly b: string; readonly method?: string },
): ColourChoice[] {
  const choices: ColourChoice[] = [];
  for (const field of manifest.fields) {
    if (field.kind === "number" || field.kind === "category") {
      choices.push({ key: `item:${field.name}`, title: field.title, section: "Items", field });
    }
  }
  const moves = movesField(pair, method);
  const groups = groupsField(pair);
  for (const field of [...(groups ? [groups] : []), ...(moves ? [moves, displacementField(moves)] : []), ...(pair?.fields ?? [])]) {
    choices.push({ key: `pair:${field.name}`, title: field.title, section: "A and B compared", field });
  }
  const side = (letter: "a" | "b", space: SpaceInfo | undefined): void => {
    for (const field of space?.fields ?? []) {
      const section = `${letter.toUpperCase()} · ${space?.name ?? ""}`;
      choices.push({ key: `${letter}:${field.name}`, title: `${field.title} in ${letter.toUpperCase()}`, section, field });
    }
  };
  side("a", manifest.spaces.find((space) => space.name === spaces.a));
  side("b", manifest.spaces.find((space) => space.name === spaces.b));
  return choices;
}

/** The label when there is one, else how much of each neighbourhood the pair keeps, else the first choice that is more than a name. */
export function defaultColour(manifest: Manifest, pair: PairView | null, choices: readonly ColourChoice[]): string {
  const label = choices.find((choice) => choice.key === `item:${manifest.roles.label ?? ""}`);
  const overlap = choices.find((choice) => choice.key === `pair:${overlapField(pair)?.name ?? ""}`);
  const other = choices.find((choice) => choice.key !== `item:${manifest.roles.id}`);
  return (label ?? overlap ?? other)?.key ?? "";
}

const TOP = 9;

/** Colour by category: all of them up to ten, else the nine most frequent and one for the others. */
export function colourCategories(
  choice: Pick<ColourChoice, "key" | "title">,
  codes: Int32Array,
  names: readonly string[],
): CategoryColouring {
  const gathers = names.length > TOP + 1;
  const shown = gathers ? codes.map((code) => Math.min(code, TOP)) : codes;
  const kept = gathers ? names.slice(0, TOP) : names;
  const counts = new Uint32Array(kept.length + 1);
  let missing = 0;
  for (const code of shown) {
    if (code < 0) missing++;
    else counts[code] = (counts[code] ?? 0) + 1;
  }
  const entries = kept.map((name, code) => ({ name, count: counts[code] ?? 0 }));
  const gathered = gathers ? names.length - TOP : 0;
  if (gathers) entries.push({ name: `${gathered.toLocaleString("en")} others`, count: counts[TOP] ?? 0 });
  return {
    kind: "category",
    ...choice,
    codes: shown,
    entries,
    palette: names.length <= 8 ? "okabeIto" : "tableau10",
    gathered,
    missing,
    nameOf: (row) => names[codes[row] ?? -1] ?? null,
  };
}

/** Colour by change group; items in none are missing. */
export const colourGroups = (choice: Pick<ColourChoice, "key" | "title">, { names }: GroupsField, codes: Int32Array): CategoryColouring =>
  colourCategories(choice, codes, names);

const BINS = 32;
/** Share of values past each end of the ramp when the quantity has no bounds of its own. */
const TAIL = 0.01;

/** The ends of the ramp: least and greatest for a bounded quantity, else without the outermost hundredth; NaN of no values. */
function rampEnds(sorted: Float32Array, bounded: boolean): readonly [number, number] {
  const last = sorted.length - 1;
  const skip = bounded ? 0 : Math.floor(last * TAIL);
  const low = sorted[skip] ?? NaN;
  const high = sorted[last - skip] ?? NaN;
  return [low, high];
}

/** Colour by number, with a histogram for the legend. */
export function colourNumbers(
  choice: Pick<ColourChoice, "key" | "title">,
  field: Pick<NumberField, "definition" | "range">,
  values: Float32Array,
): NumberColouring {
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  const [low, high] = rampEnds(present.filter(Number.isFinite), field.range !== null);
  const whole = high - low < BINS && present.every(Number.isInteger);
  const bins = whole ? high - low + 1 : BINS;
  const histogram = new Uint32Array(bins);
  let below = 0;
  let above = 0;
  for (const value of present) {
    if (value < low) below++;
    else if (value > high) above++;
    else {
      const share = low < high ? (value - low) / (high - low) : 0;
      const bin = whole ? value - low : Math.min(bins - 1, Math.floor(share * bins));
      histogram[bin] = (histogram[bin] ?? 0) + 1;
    }
  }
  const { key, title } = choice;
  const missing = values.length - present.length;
  return { kind: "number", key, title, definition: field.definition, values, low, high, below, above, histogram, missing };
}

/** The rows of one legend entry. */
export function rowsOfEntry(colouring: CategoryColouring, entry: number): RowSet {
  return rowsWhere(colouring.codes.length, (row) => colouring.codes[row] === entry);
}
