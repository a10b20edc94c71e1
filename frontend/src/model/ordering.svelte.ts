import type { Bundle } from "./bundle";
import { groupedByLikeness } from "./likeness";

export const ORDERS = ["given", "alike"] as const;
/** In what order spaces stand: as they were given, or each beside its likest. */
export type Order = (typeof ORDERS)[number];

/** More spaces than these stand by likeness while nobody chose, and are sought by name. */
export const MANY_SPACES = 10;
const MEASURE = "neighborhood_overlap";

interface Held {
  readonly bundle: Bundle;
}

/** The order of the spaces, wherever all of them stand. */
export class Ordering {
  /** What was chosen; null is what their number asks for. */
  asked = $state.raw<Order | null>(null);
  readonly #held: Held;
  readonly #all: readonly string[] = $derived.by(() => this.#held.bundle.manifest.spaces.map((space) => space.name));

  readonly order: Order = $derived.by(() => this.asked ?? (this.#all.length > MANY_SPACES ? "alike" : "given"));

  readonly names: readonly string[] = $derived.by(() => this.groups(this.#all).flat());

  constructor(held: Held) {
    this.#held = held;
  }

  /** Whether there is anything to order. */
  get matters(): boolean {
    return this.#all.length > 3;
  }

  /** Some of the spaces in this order: in groups of those that are alike, or in one. */
  groups(names: readonly string[]): readonly (readonly string[])[] {
    const { pairs, report } = this.#held.bundle.manifest;
    if (this.order === "given" || names.length < 3) return [names];
    const known = new Map(pairs.map(({ a, b }, i) => [`${a}\n${b}`, report.pairs[i]?.scores[MEASURE]?.value]));
    return groupedByLikeness(names, (a, b) => known.get(`${a}\n${b}`) ?? known.get(`${b}\n${a}`) ?? null);
  }
}
