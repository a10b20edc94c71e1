import type { Bundle } from "./bundle";
import type { Layout } from "./layout";
import { Loaded } from "./loaded.svelte";
import type { CategoryField, Manifest, PopulationPair } from "./schema.gen";
import { type RowSet, rowsWhere } from "./selection";

/** Whether a bundle is of populations, whose union is its one space. */
export const tellsPopulations = ({ report }: Manifest): boolean => report.populations !== undefined;

/** Which items are of the first and of the second population of a pair, and who is whose partner. */
interface Sides {
  /** (n): 0 is of the first, 1 of the second, -1 of neither. */
  readonly of: Int8Array;
  /** (n): the row of the same id on the other side; -1 is none. Null where nobody has one. */
  readonly partners: Int32Array | null;
}

/** The pair of populations that is looked at. */
export class Populating {
  /** Its place among the pairs. */
  at = $state(0);
  readonly groups = new Loaded<ReadonlyMap<string, RowSet>>();
  readonly sides = new Loaded<Sides>();
  readonly #held: { readonly bundle: Bundle };

  readonly pairs: readonly PopulationPair[] = $derived.by(() => this.#held.bundle.manifest.report.populations?.pairs ?? []);
  readonly pair: PopulationPair | undefined = $derived.by(() => this.pairs[this.at] ?? this.pairs[0]);

  constructor(held: { readonly bundle: Bundle }) {
    this.#held = held;
  }

  /** The items of a group by its title; null while they are on their way. */
  of(title: string): RowSet | null {
    return this.groups.value?.get(title) ?? null;
  }

  /** Who of the other population is the same item; -1 is nobody. */
  partnerOf(row: number): number {
    return this.sides.value?.partners?.[row] ?? -1;
  }

  /** The first population alone as the picture of A, and the second as that of B. */
  apart(layout: Layout): Layout {
    const { value } = this.sides;
    if (!value) return layout;
    const only = (coords: Float32Array, side: number): Float32Array => coords.map((place, i) => (value.of[i >> 1] === side ? place : NaN));
    return { ...layout, from: only(layout.from, 0), to: only(layout.to, 1) };
  }

  /** Read which items are of which side of the pair, and in which group. */
  async load(): Promise<void> {
    const { pair } = this;
    if (pair) await Promise.all([this.#loadGroups(pair), this.sides.load(() => this.#sidesOf(pair))]);
  }

  async #loadGroups({ columns, groups }: PopulationPair): Promise<void> {
    const { bundle } = this.#held;
    const field = bundle.manifest.fields.find((one): one is CategoryField => one.kind === "category" && one.name === columns?.groups);
    if (!field || groups.length === 0) return this.groups.clear();
    await this.groups.load(async () => {
      const { codes, names } = await bundle.categories(field);
      return new Map(groups.map(({ title }) => {
        const code = names.indexOf(title);
        return [title, rowsWhere(codes.length, (row) => code >= 0 && codes[row] === code)];
      }));
    });
  }

  async #sidesOf({ a, b, partners }: PopulationPair): Promise<Sides> {
    const { bundle } = this.#held;
    const field = bundle.labelField;
    if (!field) return { of: new Int8Array(bundle.n).fill(-1), partners: null };
    const { codes, names } = await bundle.categories(field);
    const sides = [names.indexOf(a), names.indexOf(b)];
    const of = Int8Array.from(codes, (code) => (code < 0 ? -1 : sides.indexOf(code)));
    return { of, partners: partners ? partnersOf(of, (await bundle.ids()).all(), [a, b]) : null };
  }
}

/** Ids are `POPULATION/ID`: who has the same after the name is the same item. */
function partnersOf(of: Int8Array, ids: readonly string[], names: readonly string[]): Int32Array {
  const own = (row: number): string => (ids[row] ?? "").slice((names[of[row] ?? 0] ?? "").length);
  const first = new Map<string, number>();
  of.forEach((side, row) => side === 0 && first.set(own(row), row));
  const partners = new Int32Array(of.length).fill(-1);
  of.forEach((side, row) => {
    const partner = side === 1 ? first.get(own(row)) : undefined;
    if (partner !== undefined) [partners[row], partners[partner]] = [partner, row];
  });
  return partners;
}
