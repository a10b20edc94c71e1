import type { Bundle } from "./bundle";
import { Loaded } from "./loaded.svelte";
import { compareNeighbors, type NeighborComparison } from "./neighbors";
import type { SpaceInfo } from "./schema.gen";

export const FEW = 10;
export const MANY = 50;

interface Held {
  readonly bundle: Bundle;
  readonly pair: { readonly spaceA: SpaceInfo | undefined; readonly spaceB: SpaceInfo | undefined };
}

/** The one item that is looked at, and its neighbours in the two spaces on screen. */
export class Focus {
  /** Or -1. */
  row = $state(-1);
  id = $state("");
  /** Neighbours shown. */
  k = $state(FEW);
  readonly neighbors = new Loaded<NeighborComparison>();
  readonly #held: Held;

  constructor(held: Held) {
    this.#held = held;
  }

  /** Look at one item; -1 looks at none. */
  async set(row: number): Promise<void> {
    this.row = row;
    this.id = "";
    await Promise.all([this.#name(), this.load()]);
  }

  async setK(k: number): Promise<void> {
    this.k = k;
    await this.load();
  }

  /** Look at the item of an id, as a link names it. */
  async follow(id: string | undefined): Promise<void> {
    if (id === undefined || id === this.id) return;
    await this.set((await this.#held.bundle.ids()).indexOf(id));
  }

  /** Read its neighbours. */
  async load(): Promise<void> {
    const { row, k } = this;
    const { bundle, pair } = this.#held;
    const { spaceA, spaceB } = pair;
    if (row < 0 || !spaceA || !spaceB) return this.neighbors.clear();
    await this.neighbors.load(async () => {
      const [a, b, inA, inB] = await Promise.all([
        bundle.neighbors(spaceA, row),
        bundle.neighbors(spaceB, row),
        bundle.presence(spaceA.over),
        bundle.presence(spaceB.over),
      ]);
      const has = (rows: Int32Array) => (item: number) => (rows[item] ?? -1) >= 0;
      return compareNeighbors(row, { a, b }, { k, inA: has(inA), inB: has(inB) });
    });
  }

  async #name(): Promise<void> {
    const { row } = this;
    if (row < 0) return;
    // Without its id the item is still shown; only the link cannot name it.
    const id = await this.#held.bundle.id(row).catch(() => "");
    if (row === this.row) this.id = id;
  }
}
