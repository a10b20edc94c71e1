import type { Bundle } from "./bundle";
import type { Members } from "./grouping.svelte";
import { type Landmark, landmarksOf, type Level, placeNames, type PlaceName, refines, splitLevels } from "./landmarks";
import type { Layout } from "./layout";
import { Loaded } from "./loaded.svelte";
import type { PairView } from "./pair";
import type { CategoryField } from "./schema.gen";
import type { WordColumn } from "./words";

interface Held {
  readonly bundle: Bundle;
  readonly pair: { readonly view: PairView | null; readonly layout: { readonly value: Layout | null } };
  readonly grouping: { readonly members: Members | null };
}

/** Texts of more bytes are not kept in the page. */
const MOST_BYTES = 8 << 20;

/** What the parts of the plane are called, and its items. */
export class Naming {
  readonly levels = new Loaded<readonly Level[]>();
  readonly words = new Loaded<WordColumn>();
  readonly #held: Held;
  /** By picture: what was found in it. */
  #found = new WeakMap<Float32Array, { readonly levels: readonly Level[]; readonly marks: (Landmark | null)[][] }>();

  /** Of the pictures on screen. */
  readonly places: readonly PlaceName[] = $derived.by(() => {
    const layout = this.#held.pair.layout.value;
    const levels = this.#levels;
    if (!layout || levels.length === 0) return [];
    return placeNames(levels, this.#marks(layout.from, levels), this.#marks(layout.to, levels));
  });

  /** By labels; where there are none, by the groups that changed. */
  readonly #levels: readonly Level[] = $derived.by(() => {
    const { grouping, pair } = this.#held;
    const levels = this.levels.value ?? [];
    if (levels.length > 0 || !grouping.members) return levels;
    return [{ codes: grouping.members.codes, names: pair.view?.groups.map((group) => group.title) ?? [] }];
  });

  constructor(held: Held) {
    this.#held = held;
  }

  async load(): Promise<void> {
    const { bundle } = this.#held;
    // Ids are read with the rest, so that pointing at an item asks for nothing.
    const ids = sizeOf(bundle, bundle.manifest.roles.id) <= MOST_BYTES ? bundle.ids().catch(() => null) : null;
    await Promise.all([this.levels.load(() => levelsOf(bundle)), this.#loadWords(bundle), ids]);
  }

  async #loadWords(bundle: Bundle): Promise<void> {
    const field = bundle.field(bundle.manifest.roles.text);
    if (field?.kind === "text" && sizeOf(bundle, field.name) <= MOST_BYTES) await this.words.load(() => bundle.words(field.words));
  }

  #marks(coords: Float32Array, levels: readonly Level[]): (Landmark | null)[][] {
    const known = this.#found.get(coords);
    if (known?.levels === levels) return known.marks;
    const marks = levels.map((level, depth) => landmarksOf(coords, level, levels.length > 1 ? depth : 1));
    this.#found.set(coords, { levels, marks });
    return marks;
  }
}

/** Bytes of a column of words. */
function sizeOf(bundle: Bundle, name: string | null): number {
  const field = bundle.field(name);
  return field?.kind === "text" ? (bundle.manifest.columns[field.words.utf8]?.shape[0] ?? Infinity) : Infinity;
}

/** The label, cut at its `/`, and the columns that divide it further; without a label the first column of kinds. */
async function levelsOf(bundle: Bundle): Promise<Level[]> {
  const fields = bundle.manifest.fields.filter((field) => field.kind === "category");
  const label = bundle.labelField ?? fields[0];
  if (!label) return [];
  const read = (field: CategoryField): Promise<Level> => bundle.categories(field);
  const coarse = splitLevels(await read(label));
  if (coarse.length !== 1 || !coarse[0]) return coarse;
  for (const field of fields) {
    if (field === label) continue;
    const fine = await read(field);
    if (refines(fine, coarse[0])) return [coarse[0], fine];
  }
  return coarse;
}
