import { AUTO, type Choosing, colouredOf, familiesOf, slotsOf } from "./choosing";
import type { CategoryColouring, LegendEntry, NumberColouring } from "./colouring";
import type { MovesField } from "./moves";
import { displacementField, movesField } from "./moves";
import type { PairView } from "./pair";
import type { CategoryField, GroupsInfo, Manifest, NumberField, SpaceInfo, TextField } from "./schema.gen";
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
  /** What it is called under its section; the title where that is short. */
  readonly short?: string;
  readonly section: string;
  readonly field: NumberField | CategoryField | TextField | MovesField | GroupsField;
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

/** "Trustworthiness of the PCA picture" as "Trustworthiness, PCA". */
const shortTitle = (title: string): string => title.replace(/ of the (.+) picture$/, ", $1").replace(/ of the neighbourhood$/, "");

/** Names of columns that hold a date for each item. */
const DATED = /(^|[\s_-])(date|time|timestamp|datetime|created|updated|published|modified|day|month|year)(_?(at|on))?($|[\s_-])/i;

/** Everything the points of a pair can be coloured by in the pictures of a method. */
export function colourChoices(
  manifest: Manifest,
  pair: PairView | null,
  { method = "", ...spaces }: { readonly a: string; readonly b: string; readonly method?: string },
): ColourChoice[] {
  const choices: ColourChoice[] = [];
  const { id, text, label } = manifest.roles;
  for (const field of manifest.fields) {
    const coloured = field.kind === "number" || field.kind === "category" || (field.kind === "text" && DATED.test(field.name));
    // An id, or the words of each item, tells items apart and not what they have in common.
    if (coloured && (field.name === label || (field.name !== id && field.name !== text))) {
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
      choices.push({ key: `${letter}:${field.name}`, title: `${field.title} in ${letter.toUpperCase()}`, short: shortTitle(field.title), section, field });
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

/** Colour by category: all of them up to ten, else ten and a grey for the others; a `/`-hierarchy by its first parts, in shades. */
export function colourCategories(
  choice: Pick<ColourChoice, "key" | "title">,
  codes: Int32Array,
  names: readonly string[],
  { shown: asked, hidden, paints }: Choosing = AUTO,
): CategoryColouring {
  const families = familiesOf(names);
  const unitOf = families?.of ?? names.map((_, code) => code);
  const titles = families?.heads ?? names;
  const shown = colouredOf(titles.length, asked ?? []);
  const gathered = titles.length - shown.length;
  const entryOf = new Int32Array(titles.length).fill(shown.length);
  shown.forEach((unit, entry) => (entryOf[unit] = entry));
  const counted = once(() => countUnits(codes, unitOf, titles));
  const lines = once((): LegendEntry[] => {
    const { units } = counted();
    const others = units.filter(({ unit }) => entryOf[unit] === shown.length).reduce((sum, { count }) => sum + count, 0);
    const rest = gathered > 0 ? [{ name: `${gathered.toLocaleString("en")} other${gathered === 1 ? "" : "s"}`, count: others }] : [];
    return [...shown.map((unit) => units[unit] as LegendEntry), ...rest];
  });
  const frequent = once(() => [...counted().units].sort((x, y) => y.count - x.count));
  return {
    kind: "category",
    ...choice,
    get entries() {
      return lines();
    },
    palette: titles.length <= 8 && paints.length === 0 ? "okabeIto" : "ten",
    slots: [...slotsOf(shown, paints), ...(gathered > 0 ? [-1] : [])],
    hidden: new Set(hidden.map((unit) => entryOf[unit] ?? -1).filter((entry) => entry >= 0)),
    gathered,
    get missing() {
      return counted().missing;
    },
    get units() {
      return frequent();
    },
    tints: { codes, of: unitOf.map((unit) => entryOf[unit] ?? -1), step: stepsOf(unitOf) },
    nameOf: (row) => names[codes[row] ?? -1] ?? null,
  };
}

/** What is counted when a legend asks for it: the first picture needs no count. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** How many items are of each of the categories that may have a colour, and of none. */
function countUnits(codes: Int32Array, unitOf: readonly number[], titles: readonly string[]): { readonly units: readonly (LegendEntry & { readonly unit: number })[]; readonly missing: number } {
  const units = titles.map((name, unit) => ({ name, count: 0, unit }));
  let missing = 0;
  for (const code of codes) {
    const unit = units[unitOf[code] ?? -1];
    if (unit) unit.count += 1;
    else missing += 1;
  }
  return { units, missing };
}

/** A shade for each part of a hierarchy, spread over its family. */
function stepsOf(unitOf: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  const places = unitOf.map((unit) => {
    const place = sizes.get(unit) ?? 0;
    sizes.set(unit, place + 1);
    return place;
  });
  return unitOf.map((unit, code) => {
    const most = (sizes.get(unit) ?? 1) - 1;
    return most === 0 ? 0 : (2 * (places[code] ?? 0)) / most - 1;
  });
}

/** Colour by change group; items in none are missing. */
export const colourGroups = (choice: Pick<ColourChoice, "key" | "title">, { names }: GroupsField, codes: Int32Array, choosing = AUTO): CategoryColouring =>
  colourCategories(choice, codes, names, choosing);

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
  field: Pick<NumberField, "definition" | "range"> & { readonly name?: string },
  values: Float32Array,
  dated: Pick<NumberColouring, "scale" | "wordOf"> | null = null,
): NumberColouring {
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  const ends = rampEnds(present.filter(Number.isFinite), field.range !== null);
  const scale = dated?.scale ?? scaleOf(choice.key, field);
  const [low, high] = scale === "signed" && ends[0] < ends[1] ? aboutZero(ends) : ends;
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
  const told = { scale, loud: loudOf(choice.key, field), ...(dated?.wordOf && { wordOf: dated.wordOf }) };
  return { kind: "number", key, title, definition: field.definition, ...told, values, low, high, below, above, histogram, missing };
}

const aboutZero = ([low, high]: readonly [number, number]): readonly [number, number] => {
  const most = Math.max(-low, high);
  return [-most, most];
};

type Measured = Pick<NumberField, "range"> & { readonly name?: string };

/** A measure of change that has two directions, or an amount. */
const scaleOf = (key: string, { name = "", range }: Measured): NumberColouring["scale"] =>
  key.startsWith("pair:") && (name.endsWith("_change") || (range?.[0] !== undefined && range[0] < 0 && range[0] === -(range[1] ?? 0))) ? "signed" : "amount";

/** Measures of agreement, and of trust, say by little of them that much changed or is wrong. */
const KEPT = /overlap|rank_biased|similarity|jaccard|trustworthiness|continuity|preservation/;
const loudOf = (key: string, { name = "" }: Measured): "low" | "high" => (!key.startsWith("item:") && KEPT.test(name) ? "low" : "high");

/** The rows of one legend entry. */
export function rowsOfEntry({ tints: { codes, of } }: CategoryColouring, entry: number): RowSet {
  return rowsWhere(codes.length, (row) => of[codes[row] as number] === entry);
}
