import type { NearItems } from "../data";
import { Asked } from "./asked.svelte";
import type { Bundle } from "./bundle";
import { type RowSet, rowSet } from "./selection";
import type { Selecting } from "./selecting.svelte";

/** What lies near is asked of one item, or of a selection. */
export type Near = "item" | "selection";

interface Held {
  readonly bundle: Bundle;
  readonly selection: Selecting;
}

/** The items nearest to an item or a selection in a space, by true distance: some are chosen by how many or how far. */
export class Nearest {
  readonly found = new Asked<NearItems>();
  /** Of what they are sought; null while they are not. */
  of = $state.raw<{ readonly kind: Near; readonly rows: RowSet; readonly name: string } | null>(null);
  space = $state("");
  /** How many of them are taken. */
  count = $state(0);
  #made: RowSet | null = null;
  readonly #held: Held;

  /** How far the last one taken lies. */
  readonly reach: number = $derived.by(() => this.found.value?.distances[this.count - 1] ?? 0);

  constructor(held: Held) {
    this.#held = held;
  }

  /** Whether the selection is what was asked about, or was made of it here. */
  get current(): boolean {
    const { rows } = this.#held.selection;
    return rows === this.of?.rows || rows === this.#made;
  }

  /** Ask what lies near in a space. */
  async seek(of: NonNullable<Nearest["of"]>, space: string): Promise<void> {
    this.of = of;
    this.space = space;
    this.count = 0;
    await this.found.ask((signal) => this.#held.bundle.ask({ kind: "near", a: space, b: space }, of.rows, signal));
  }

  /** Select what was asked about and so many of the nearest. */
  take(count: number): void {
    const { of, found } = this;
    if (!of || !found.value) return;
    this.count = Math.max(0, Math.min(Math.round(count), found.value.rows.length));
    this.#made = rowSet([...of.rows, ...found.value.rows.slice(0, this.count)]);
    this.#held.selection.set(this.#made, `${this.count} nearest to ${of.name} in ${this.space}`);
  }

  /** Select those that lie no farther. */
  within(distance: number): void {
    this.take(this.found.value?.distances.filter((one) => one <= distance).length ?? 0);
  }

  close(): void {
    this.of = null;
    this.found.letGo();
  }
}
