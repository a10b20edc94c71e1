import type { Names, PictureSheet, PointColors, Trails } from "../engine";
import type { Session } from "../model";
import { Loaded } from "../model";
import { dimmed } from "./isolation";
import { flagsOf, plainColors, pointColors, withHover } from "./paint";
import { trailsOf } from "./story";
import type { View } from "./view.svelte";

/** What the scatter draws of the session and of how the page stands. */
export class Scene {
  readonly pictures = new Loaded<PictureSheet>();
  readonly #session: Session;
  readonly #view: View;
  readonly #dark: () => boolean;

  readonly colors: PointColors | null = $derived.by(() => {
    const { colour, bundle } = this.#session;
    const { value, busy, error } = colour.colouring;
    if (value) return dimmed(pointColors(value, this.#view.dark), this.#session.selection.isolated);
    return busy || error !== null || colour.key !== "" ? null : plainColors(bundle.n);
  });

  readonly #marked: Uint8Array = $derived.by(() => {
    const { bundle, selection, focus } = this.#session;
    const { rows, isolated } = selection;
    // What is isolated stands out while nothing in it is selected.
    return flagsOf({ n: bundle.n, selection: rows.length > 0 ? rows : isolated, focus: focus.row, neighbors: focus.neighbors.value });
  });

  readonly #hovered: number = $derived.by(() => this.#view.hover?.item ?? this.#view.pointed);

  /** The item under the pointer, else the focused one, and who is the same item of the other population. */
  readonly joined: readonly [number, number] | null = $derived.by(() => {
    const item = this.#hovered >= 0 ? this.#hovered : this.#session.focus.row;
    const partner = this.#session.populating.partnerOf(item);
    return partner < 0 ? null : [item, partner];
  });

  readonly flags: Uint8Array = $derived.by(() => withHover(withHover(this.#marked, this.#hovered), this.joined?.[1] ?? -1));

  readonly panes: 1 | 2 = $derived.by(() => (this.#session.time.mode === "side" && this.#session.pair.a !== this.#session.pair.b ? 2 : 1));

  readonly sheet: PictureSheet | null = $derived.by(() => (this.#view.pictures ? this.pictures.value : null));

  /** Whether a colour tells what the pictures do not. */
  readonly backed: boolean = $derived.by(() => this.#session.colour.key !== `item:${this.#session.bundle.manifest.roles.label ?? ""}`);

  /** Items whose names are always written: the focused one, those beside it, and the one under the pointer. */
  readonly #rows: readonly number[] = $derived.by(() => {
    const { row, neighbors } = this.#session.focus;
    const around = neighbors.value?.item === row ? [...(neighbors.value.a?.lines ?? []), ...(neighbors.value.b?.lines ?? [])] : [];
    const rows = [this.#hovered, row, ...(this.joined ?? []), ...around.filter((line) => line.fate).map((line) => line.item)];
    return [...new Set(rows.filter((item) => item >= 0))];
  });

  readonly names: Names = $derived.by(() => {
    const { naming } = this.#session;
    const words = naming.words.value;
    const items = words ? this.#rows.map((item) => ({ item, text: words.at(item) })) : [];
    return { places: this.#view.painted ? naming.places : [], items, textOf: words ? (item) => words.at(item) : null };
  });

  readonly trails: Trails | null = $derived.by(() => {
    const { story, focus } = this.#session;
    const { value, subject } = story;
    return value && trailsOf({ story: value, marked: [focus.row, this.#hovered], chosen: subject !== "pair", dark: this.#dark() });
  });

  constructor(session: Session, view: View, dark: () => boolean) {
    this.#session = session;
    this.#view = view;
    this.#dark = dark;
  }

  async load(): Promise<void> {
    const { bundle } = this.#session;
    const field = bundle.field(bundle.manifest.roles.thumbnail);
    if (field?.kind !== "thumbnail") return;
    await this.pictures.load(async () => (await bundle.pictures(field)) ?? Promise.reject(new Error("The pictures are too many to be drawn on the map.")));
  }
}
