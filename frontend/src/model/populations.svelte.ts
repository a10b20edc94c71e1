import type { Bundle } from "./bundle";
import { Loaded } from "./loaded.svelte";
import type { CategoryField, Manifest, PopulationPair } from "./schema.gen";
import { type RowSet, rowsWhere } from "./selection";

/** Whether a bundle is of populations, whose union is its one space. */
export const tellsPopulations = ({ report }: Manifest): boolean => report.populations !== undefined;

/** Whose items the groups of a pair of populations are. */
export class PopulationGroups {
  readonly #bundle: Bundle;
  readonly #loaded = new Loaded<ReadonlyMap<string, RowSet>>();

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  get busy(): boolean {
    return this.#loaded.busy;
  }

  get error(): string | null {
    return this.#loaded.error;
  }

  /** The items of a group by its title; null while they are on their way. */
  of(title: string): RowSet | null {
    return this.#loaded.value?.get(title) ?? null;
  }

  /** Read which items are in the groups of a pair. */
  async load({ columns, groups }: PopulationPair): Promise<void> {
    const field = this.#bundle.manifest.fields.find((one): one is CategoryField => one.kind === "category" && one.name === columns?.groups);
    if (!field || groups.length === 0) return this.#loaded.clear();
    await this.#loaded.load(async () => {
      const { codes, names } = await this.#bundle.categories(field);
      return new Map(groups.map(({ title }) => {
        const code = names.indexOf(title);
        return [title, rowsWhere(codes.length, (row) => code >= 0 && codes[row] === code)];
      }));
    });
  }
}
