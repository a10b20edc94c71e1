import type { Bundle } from "./bundle";
import { overlapField } from "./colour";
import { Loaded } from "./loaded.svelte";
import { viewPair } from "./pair";

/** How many of an item's neighbours stay on the way from A to another space. */
export interface Step {
  readonly space: string;
  /** NaN where the item is not in both. */
  readonly kept: number;
  readonly k: number;
}

interface Held {
  readonly bundle: Bundle;
  readonly pair: { readonly a: string };
}

interface Measured {
  readonly space: string;
  readonly k: number;
  readonly values: Float32Array;
}

/** More values than these are not read for it. */
const MOST_VALUES = 4_000_000;

/** The items' ways through all spaces: what each keeps of its neighbours in A. */
export class Paths {
  readonly #held: Held;
  readonly #read = new Loaded<{ readonly a: string; readonly measured: readonly Measured[] }>();

  /** The spaces that A was compared to, in their order; none where they are too many items to be read. */
  readonly spaces: readonly string[] = $derived.by(() => this.#compared.map(({ space }) => space));

  readonly #compared = $derived.by(() => {
    const { bundle, pair } = this.#held;
    const { manifest } = bundle;
    const found = manifest.spaces.flatMap(({ name }) => {
      const view = name === pair.a ? null : viewPair(manifest, pair.a, name);
      const field = overlapField(view);
      const k = field ? view?.scores[field.name]?.k : undefined;
      return field && k !== undefined && field.range?.[1] === 1 ? [{ space: name, field, k }] : [];
    });
    return found.length * bundle.n > MOST_VALUES ? [] : found;
  });

  constructor(held: Held) {
    this.#held = held;
  }

  async load(): Promise<void> {
    const { bundle, pair } = this.#held;
    const { a } = pair;
    const compared = this.#compared;
    if (this.#read.value?.a === a && this.#read.value.measured.length === compared.length) return;
    await this.#read.load(async () => ({
      a,
      measured: await Promise.all(compared.map(async ({ space, field, k }) => ({ space, k, values: await bundle.numbers(field) }))),
    }));
  }

  /** The way of an item; none before it is read. */
  of(row: number): readonly Step[] {
    const read = this.#read.value;
    if (!read || read.a !== this.#held.pair.a) return [];
    return read.measured.map(({ space, k, values }) => ({ space, k, kept: Math.round((values[row] ?? NaN) * k) }));
  }
}
