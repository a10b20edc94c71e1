import type { Bundle } from "./bundle";
import { type Extent, loadExtent } from "./extent";
import { type Anchoring, FIRST, type Layout, loadFirst, loadLayout } from "./layout";
import { Loaded } from "./loaded.svelte";
import { loadMoves, type Moves, type MovesField, movesField } from "./moves";
import { type PairView, viewPair } from "./pair";
import type { ProjectionInfo, SpaceInfo } from "./schema.gen";

/** Which two spaces are on screen, in which pictures, and what was stored of them. */
export class Pairing {
  a = $state("");
  b = $state("");
  method = $state("");
  /** Null shows the pictures as they are stored. */
  anchoring = $state.raw<Anchoring | null>(null);
  readonly layout = new Loaded<Layout>();
  /** The first items, where they are very many and the layout is still on its way. */
  readonly first = new Loaded<Layout>();
  readonly moves = new Loaded<Moves>();
  /** The box round all spaces' pictures: what is fitted, whichever two are shown. */
  readonly extent = new Loaded<Extent>();
  readonly #held: { readonly bundle: Bundle };
  #measured: { readonly bundle: Bundle; readonly method: string } | null = null;

  readonly spaceA: SpaceInfo | undefined = $derived.by(() => this.#held.bundle.space(this.a));
  readonly spaceB: SpaceInfo | undefined = $derived.by(() => this.#held.bundle.space(this.b));
  /** What was compared, read in the direction shown; null when it was not. */
  readonly view: PairView | null = $derived.by(() => viewPair(this.#held.bundle.manifest, this.a, this.b));
  readonly movesField: MovesField | null = $derived.by(() => movesField(this.view, this.method));
  /** Projections that both spaces have. */
  readonly methods: ProjectionInfo[] = $derived.by(() => {
    const other = this.spaceB?.projections.map((projection) => projection.method) ?? [];
    return this.spaceA?.projections.filter((projection) => other.includes(projection.method)) ?? [];
  });

  constructor(held: { readonly bundle: Bundle }) {
    this.#held = held;
  }

  get isDefaultMethod(): boolean {
    return this.method === this.methods[0]?.method;
  }

  /** Name the spaces; a method that they do not share gives way to their first. */
  turn(a: string, b: string): void {
    this.a = a;
    this.b = b;
    if (!this.methods.some((projection) => projection.method === this.method)) this.method = this.methods[0]?.method ?? "";
  }

  /** Whether the first items of a pair are worth a picture of their own, as there is none yet. */
  get begins(): boolean {
    return this.layout.value === null && this.#held.bundle.n > 2 * FIRST;
  }

  /** Read the first items of a pair: whatever else there is can wait for them. Returns the pair that is asked for by then. */
  async begin(a: string, b: string): Promise<{ readonly a: string; readonly b: string }> {
    this.turn(a, b);
    const { method } = this;
    await Promise.all([this.measure(), this.first.load(() => loadFirst(this.#held.bundle, { a, b, method }))]);
    return { a: this.a, b: this.b };
  }

  /** Read the pictures and the moves. */
  async load(): Promise<void> {
    await Promise.all([this.measure(), this.#loadLayout(), this.#loadMoves()]);
  }

  async align(anchoring: Anchoring | null): Promise<void> {
    this.anchoring = anchoring;
    await this.#loadLayout();
  }

  async #loadLayout(): Promise<void> {
    const { a, b, method, anchoring } = this;
    const { bundle } = this.#held;
    await this.layout.load(() => loadLayout(bundle, { a, b, method }, anchoring));
    this.first.clear();
  }

  /** Find the box round all pictures. */
  async measure(): Promise<void> {
    const { method } = this;
    const { bundle } = this.#held;
    if (this.#measured?.bundle === bundle && this.#measured.method === method) return;
    this.#measured = { bundle, method };
    await this.extent.load(async () => (await loadExtent(bundle, method)) ?? Promise.reject(new Error("No space has such a picture.")));
  }

  async #loadMoves(): Promise<void> {
    const { movesField: field } = this;
    const { bundle } = this.#held;
    if (field) await this.moves.load(() => loadMoves(bundle, field));
    else this.moves.clear();
  }
}
