import type { Bundle } from "./bundle";
import { chainOf, spacesOf } from "./chain";
import { overlapField } from "./colour";
import { Loaded } from "./loaded.svelte";
import { type PairView, viewPair } from "./pair";
import type { Manifest } from "./schema.gen";
import type { RowSet } from "./selection";
import { meanOver } from "./summary";

/** One space of the strip, and how much changes on the way to it. */
export interface Frame {
  readonly name: string;
  /** Where the change begins: A, or in a sequence the space before; empty when there is none. */
  readonly from: string;
  /** Share of each item's neighbours that change, from 0 to 1; null when the two were not compared. */
  readonly change: number | null;
  /** Of what it is another run, if it is one and was not compared. */
  readonly rerunOf: string;
  /** The change that noise alone makes; null when it is not known. */
  readonly noise: number | null;
  /** Neighbours that stay, of how many; null when the two were not compared. */
  readonly kept: { readonly count: number; readonly k: number } | null;
  /** The same change over the selected items alone; null without a selection. */
  readonly selected: number | null;
  /** Whether it stands in a sequence. */
  readonly step: boolean;
  /** Whether it is the first of those that are alike, of many spaces. */
  readonly opens: boolean;
}

interface Held {
  readonly bundle: Bundle;
  readonly pair: { readonly a: string };
  readonly selection: { readonly rows: RowSet };
  readonly order: { groups(names: readonly string[]): readonly (readonly string[])[] };
}

/** More values than these are not kept for the sake of a selection. */
const MOST_VALUES = 400_000;
const MEASURE = "neighborhood_overlap";

/** All spaces of a bundle in a row: a sequence in its order, else as they were given, each against A. */
export class Film {
  readonly #held: Held;
  /** By space: how much of its neighbourhood each item keeps. */
  readonly #items = new Loaded<ReadonlyMap<string, Float32Array>>();

  readonly chain: readonly string[] = $derived.by(() => spacesOf(chainOf(this.#held.bundle.manifest)));

  /** Those of no sequence: as they were given, or in groups of those that are alike. */
  readonly #others: readonly (readonly string[])[] = $derived.by(() => {
    const { manifest } = this.#held.bundle;
    const names = manifest.spaces.map((space) => space.name).filter((name) => !this.chain.includes(name));
    return this.#held.order.groups(names);
  });

  readonly frames: readonly Frame[] = $derived.by(() => {
    const { bundle, pair, selection } = this.#held;
    const { manifest } = bundle;
    const names = [...this.chain, ...this.#others.flat()];
    const opening = new Set(this.#others.slice(this.chain.length > 0 ? 0 : 1).map(([name]) => name));
    return names.map((name, at) => {
      const step = this.chain.includes(name);
      const from = step ? (this.chain[at - 1] ?? "") : name === pair.a ? "" : pair.a;
      const values = this.#items.value?.get(`${from}\n${name}`);
      const selected = values && selection.rows.length > 0 ? 1 - meanOver(values, selection.rows).mean : NaN;
      return { name, from, step, opens: opening.has(name), ...changeOf(manifest, from, name), selected: Number.isNaN(selected) ? null : selected };
    });
  });

  constructor(held: Held) {
    this.#held = held;
  }

  /** Read what a selection is measured by, where that is little: a selection itself asks for nothing. */
  async load(): Promise<void> {
    const { bundle } = this.#held;
    const views = this.frames.flatMap(({ from, name }) => {
      const view = from === "" ? null : viewPair(bundle.manifest, from, name);
      const field = fieldOf(view);
      return field ? [{ key: `${from}\n${name}`, field }] : [];
    });
    if (views.length * bundle.n > MOST_VALUES) return this.#items.clear();
    await this.#items.load(async () => new Map(await Promise.all(views.map(async ({ key, field }) => [key, await bundle.numbers(field)] as const))));
  }
}

const fieldOf = (view: PairView | null) => {
  const field = overlapField(view);
  return field?.range?.[0] === 0 && field.range[1] === 1 ? field : null;
};

function changeOf(manifest: Manifest, from: string, name: string): Pick<Frame, "change" | "noise" | "kept" | "rerunOf"> {
  const score = from === "" ? undefined : viewPair(manifest, from, name)?.scores[MEASURE];
  if (!score) return { change: null, noise: null, kept: null, rerunOf: manifest.report.spaces.find((space) => space.name === name)?.replicate_of ?? "" };
  const { value, noise_floor: floor, k } = score;
  return { change: 1 - value, noise: floor === undefined ? null : 1 - floor, kept: k === undefined ? null : { count: k * value, k }, rerunOf: "" };
}
