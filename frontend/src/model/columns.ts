import type { Bundle, Field } from "./bundle";
import { overlapField } from "./colour";
import type { Values } from "./filterrun";
import { movesField } from "./moves";
import type { PairView } from "./pair";
import type { NumberField, SpaceInfo } from "./schema.gen";

/** A column of the table of items: one of theirs, or a measure of the pair on screen. */
export interface ItemColumn {
  /** As a filter names it. */
  readonly name: string;
  readonly title: string;
  readonly kind: Values["kind"];
  readonly definition: string;
  /** Whether another pair or picture has other values. */
  readonly measured: boolean;
  /** Whether it is another name of a column that is there. */
  readonly alias: boolean;
  /** What a small value says: that much changed, that little did, or nothing of change. */
  readonly changes: "small" | "great" | null;
  load(): Promise<Values>;
  /** The words of one item, of a column of texts. */
  word?(row: number): Promise<string>;
}

interface Shown {
  readonly bundle: Bundle;
  readonly pair: {
    readonly view: PairView | null;
    readonly method: string;
    readonly spaceA: SpaceInfo | undefined;
    readonly spaceB: SpaceInfo | undefined;
  };
}

type Made = Omit<ItemColumn, "measured" | "alias" | "changes"> & Partial<Pick<ItemColumn, "alias" | "changes">>;

const loaded = new WeakMap<Bundle, Map<string, Promise<Values>>>();

/** Values that are made once for a bundle. */
function once(bundle: Bundle, key: string, make: () => Promise<Values>): Promise<Values> {
  const kept = loaded.get(bundle) ?? new Map<string, Promise<Values>>();
  loaded.set(bundle, kept);
  const known = kept.get(key);
  if (known) return known;
  const made = make();
  kept.set(key, made);
  made.catch(() => kept.delete(key));
  return made;
}

const numbers = async (bundle: Bundle, field: NumberField): Promise<Values> => ({ kind: "number", values: await bundle.numbers(field) });

function itemColumn(bundle: Bundle, field: Field): Made | null {
  const { name, title } = field;
  // Ids that are numbers are told apart by their digits.
  if (name === bundle.manifest.roles.id) return { name, title, kind: "text", definition: "", load: async () => ({ kind: "text", words: await bundle.ids() }), word: (row) => bundle.id(row) };
  switch (field.kind) {
    case "number":
      return { name, title, kind: "number", definition: field.definition, load: () => numbers(bundle, field) };
    case "category":
      return { name, title, kind: "category", definition: "", load: async () => ({ kind: "category", ...(await bundle.categories(field)) }) };
    case "text":
      return { name, title, kind: "text", definition: "", load: async () => ({ kind: "text", words: await bundle.words(field.words) }), word: (row) => bundle.word(field.words, row) };
    case "thumbnail":
      return null;
  }
}

const of = (measure: NumberField, name: string, title: string, bundle: Bundle): Made => ({ name, title, kind: "number", definition: measure.definition, load: () => numbers(bundle, measure) });

/** Neighbours kept and lost, as counts. */
function counted(bundle: Bundle, view: PairView): Made[] {
  const field = overlapField(view);
  const k = field ? view.scores[field.name]?.k : undefined;
  if (!field || k === undefined || field.range?.[0] !== 0 || field.range[1] !== 1) return [];
  const count = (name: string, of: (share: number) => number): Promise<Values> =>
    once(bundle, `${name} ${field.values} ${k}`, async () => ({ kind: "number", values: (await bundle.numbers(field)).map(of) }));
  const kept = (share: number): number => Math.round(share * k);
  return [
    { name: "kept", title: "Kept", kind: "number", changes: "small", definition: `Of its ${k} nearest neighbours in A, how many are so in B.`, load: () => count("kept", kept) },
    { name: "lost", title: "Lost", kind: "number", changes: "great", definition: `Of its ${k} nearest neighbours in A, how many are not so in B.`, load: () => count("lost", (share) => k - kept(share)) },
  ];
}

/** How far the pictures on screen can be believed at each item. */
function trusted(bundle: Bundle, { spaceA, spaceB, method }: Shown["pair"]): Made[] {
  const field = (space: SpaceInfo | undefined): NumberField | undefined => space?.fields.find(({ name }) => name === `trustworthiness_${method}`);
  const [a, b] = [field(spaceA), field(spaceB)];
  if (!a || !b) return [];
  const least = async (): Promise<Values> => {
    const [x, y] = await Promise.all([bundle.numbers(a), bundle.numbers(b)]);
    return { kind: "number", values: x.map((value, row) => Math.min(value, y[row] ?? NaN)) };
  };
  return [{ name: "trust", title: "Trust", kind: "number", definition: "How far its place can be believed in the pictures on screen: the lesser trustworthiness of A’s and B’s.", load: () => once(bundle, `trust ${a.values} ${b.values}`, least) }];
}

function grouped(bundle: Bundle, view: PairView): Made[] {
  const info = view.groupsInfo;
  if (!info || view.groups.length === 0) return [];
  const names = view.groups.map(({ title }) => title);
  return [{ name: "change_group", title: "Change group", kind: "category", definition: "The group of items that it changed with.", load: async () => ({ kind: "category", names, codes: await bundle.codes(info.members, view.over) }) }];
}

function measured(shown: Shown): Made[] {
  const { bundle, pair } = shown;
  const { view, spaceA, spaceB, method } = pair;
  const moved = movesField(view, method);
  const displacement = view && moved ? [of({ kind: "number", name: "", title: "", values: moved.info.displacement, over: view.over, definition: "How far it moves from A’s picture to B’s, in layout radii.", range: null, method: null }, "displacement", "Displacement", bundle)] : [];
  const side = (letter: "a" | "b", space: SpaceInfo | undefined): Made[] => (space?.fields ?? []).map((field) => of(field, `${field.name}_${letter}`, `${field.title} in ${letter.toUpperCase()}`, bundle));
  const kept = view ? counted(bundle, view) : [];
  return [
    ...kept,
    ...trusted(bundle, pair),
    ...displacement,
    ...(view ? grouped(bundle, view) : []),
    ...(view?.fields ?? []).map((field) => ({ ...of(field, field.name, field.title, bundle), alias: kept.length > 0 && field === overlapField(view) })),
    ...side("a", spaceA),
    ...(spaceB === spaceA ? [] : side("b", spaceB)),
  ];
}

/** Everything that a filter can name and a table can be sorted by: the items' columns, then measures of the pair on screen. */
export function columnsOf(shown: Shown): ItemColumn[] {
  const { bundle } = shown;
  const items = bundle.manifest.fields.map((field) => itemColumn(bundle, field)).filter((column) => column !== null);
  const found = items.map((column): ItemColumn => ({ ...column, measured: false, alias: false, changes: null }));
  const taken = new Set(found.map(({ name }) => name));
  const { id, text, label } = bundle.manifest.roles;
  // What plays a part goes by the part's name too.
  const parts = Object.entries({ id, text, label }).flatMap(([part, name]): ItemColumn[] => {
    const column = found.find((one) => one.name === name);
    return column && !taken.has(part) ? [{ ...column, name: part, alias: true }] : [];
  });
  for (const { name } of parts) taken.add(name);
  const measures = measured(shown).map((column): ItemColumn => {
    let { name } = column;
    while (taken.has(name)) name = `measured_${name}`;
    taken.add(name);
    return { alias: false, changes: null, ...column, name, measured: true };
  });
  return [...found, ...measures, ...parts];
}

