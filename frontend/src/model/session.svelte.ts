import type { Progress, SelectionAnswer } from "../data";
import { align, mapped } from "./align";
import { Asked } from "./asked.svelte";
import type { Bundle, Categories, Field } from "./bundle";
import type { ColourChoice } from "./colour";
import { colourCategories, colourChoices, colourGroups, colourNumbers, defaultColour } from "./colour";
import type { Colouring } from "./colouring";
import type { Link, Theme } from "./link";
import { Grouping } from "./grouping.svelte";
import { MOST_GAIN } from "./link";
import { Loaded } from "./loaded.svelte";
import type { Moves, MovesField } from "./moves";
import { colourMoves, loadMoves, movesField } from "./moves";
import type { NeighborComparison } from "./neighbors";
import { compareNeighbors } from "./neighbors";
import type { PairView } from "./pair";
import { viewPair } from "./pair";
import type { CategoryField, ProjectionInfo, SpaceInfo } from "./schema.gen";
import type { RowSet } from "./selection";
import { combine, EMPTY, rowsWhere } from "./selection";

/** Where the items of a pair lie in each of its two pictures. */
export interface Layout {
  readonly from: Float32Array;
  readonly to: Float32Array;
  /** Anchors the pictures were aligned on; 0 is as they are stored. */
  readonly anchors: number;
  /** Why they could not be aligned as asked. */
  readonly problem: string;
}

/** Which items of which space stay in place while the other spaces' pictures are laid on them. */
export interface Anchoring {
  readonly space: string;
  readonly rows: RowSet;
}

export const FEW = 10;
export const MANY = 50;

/** What is on screen: the pair, the moment between its spaces, the colours, the selection and the focused item. */
export class Session {
  bundle = $state.raw() as Bundle;
  /** How far the comparison is; null when it is done. Until then the bundle holds pictures and nothing else. */
  live = $state.raw<Progress | null>(null);

  a = $state("");
  b = $state("");
  /** 0 shows A, 1 shows B. */
  t = $state(0);
  /** How much longer than they are moves are drawn. */
  gain = $state(1);
  trails = $state(false);
  method = $state("");
  colour = $state("");
  selection = $state.raw<RowSet>(EMPTY);
  /** What the selection is, in words; empty when it was drawn by hand. */
  selectionName = $state("");
  /** Null shows the pictures as they are stored. */
  anchoring = $state.raw<Anchoring | null>(null);
  /** Row of the focused item, or -1. */
  focus = $state(-1);
  focusId = $state("");
  theme = $state<Theme>("auto");
  /** Neighbours shown. */
  k = $state(FEW);

  readonly layout = new Loaded<Layout>();
  readonly moves = new Loaded<Moves>();
  readonly colouring = new Loaded<Colouring>();
  readonly neighbors = new Loaded<NeighborComparison>();
  readonly labels = new Loaded<Categories>();
  /** What was measured of the selection, for this pair. */
  readonly answer = new Asked<SelectionAnswer>();
  /** What changed together in this pair. */
  readonly grouping = new Grouping(this);

  readonly spaceA: SpaceInfo | undefined = $derived.by(() => this.bundle.space(this.a));
  readonly spaceB: SpaceInfo | undefined = $derived.by(() => this.bundle.space(this.b));
  readonly pair: PairView | null = $derived.by(() => viewPair(this.bundle.manifest, this.a, this.b));
  readonly choices: ColourChoice[] = $derived.by(() => colourChoices(this.bundle.manifest, this.pair, { a: this.a, b: this.b, method: this.method }));
  readonly movesField: MovesField | null = $derived.by(() => movesField(this.pair, this.method));
  /** Projections that both spaces have. */
  readonly methods: ProjectionInfo[] = $derived.by(() => {
    const other = new Set(this.spaceB?.projections.map((projection) => projection.method));
    return this.spaceA?.projections.filter((projection) => other.has(projection.method)) ?? [];
  });
  readonly link: Link = $derived.by(() => ({
    a: this.a,
    b: this.b,
    t: this.t,
    ...(this.gain === 1 ? {} : { gain: this.gain }),
    ...(this.trails ? { trails: true } : {}),
    ...(this.methods.length > 1 ? { projection: this.method } : {}),
    colour: this.colour,
    ...(this.focusId ? { focus: this.focusId } : {}),
    ...(this.grouping.rank === undefined ? {} : { group: this.grouping.rank }),
    ...(this.theme === "auto" ? {} : { theme: this.theme }),
  }));

  /** Whether the link that was followed names spaces. */
  #paired = false;

  constructor(bundle: Bundle) {
    this.bundle = bundle;
  }

  /** Take over what a link says, and load what it shows. */
  async follow(link: Link): Promise<void> {
    if (link.theme !== undefined) this.theme = link.theme;
    if (link.t !== undefined) this.t = link.t;
    // A link without them is of a page that draws motion as it is.
    this.gain = link.gain ?? 1;
    this.trails = link.trails ?? false;
    if (link.projection !== undefined) this.method = link.projection;
    if (link.colour !== undefined) this.colour = link.colour;
    this.#paired = link.a !== undefined || link.b !== undefined;
    const { a, b } = this.#firstPair(link);
    await Promise.all([this.setPair(a, b), this.#loadLabels(), this.#followFocus(link.focus), this.grouping.follow(link.group)]);
  }

  /**
   * Go on with a newer edition of the bundle, of the same items in the same order: what was chosen stays,
   * what stood there by default gives way to the new default. A group that a link named is chosen once it is there.
   */
  async reopen(bundle: Bundle): Promise<void> {
    const wasDefault = { method: this.method === this.methods[0]?.method, colour: this.colour === this.#defaultColour };
    const first = this.#firstPair({});
    const { rank } = this.grouping;
    // A group is one of a pair: where the link named both, the pair is chosen too.
    const unchosen = this.a === first.a && this.b === first.b && !(this.#paired && rank !== undefined);
    this.bundle = bundle;
    if (wasDefault.method) this.method = "";
    if (wasDefault.colour) this.colour = "";
    const { a, b } = unchosen ? this.#firstPair({}) : this;
    await Promise.all([this.setPair(a, b), ...(rank === undefined ? [] : [this.grouping.follow(rank)])]);
  }

  #firstPair(link: Link): { a: string; b: string } {
    const { pairs, spaces } = this.bundle.manifest;
    const known = (name: string | undefined): string | undefined => spaces.find((space) => space.name === name)?.name;
    const first = { a: pairs[0]?.a ?? spaces[0]?.name ?? "", b: pairs[0]?.b ?? spaces[1]?.name ?? spaces[0]?.name ?? "" };
    const a = known(link.a) ?? first.a;
    const other = spaces.find((space) => space.name !== a)?.name ?? a;
    return { a, b: known(link.b) ?? (first.b === a ? other : first.b) };
  }

  async #followFocus(id: string | undefined): Promise<void> {
    if (id === undefined || id === this.focusId) return;
    await this.setFocus((await this.bundle.ids()).indexOf(id));
  }

  /** The item field of a name. */
  field(name: string | null): Field | null {
    return this.bundle.field(name);
  }

  get labelField(): CategoryField | null {
    const field = this.field(this.bundle.manifest.roles.label);
    return field?.kind === "category" ? field : null;
  }

  async #loadLabels(): Promise<void> {
    const field = this.labelField;
    if (field && !this.labels.value) await this.labels.load(() => this.bundle.categories(field));
  }

  /** Show `a → b`. Asking for the same space twice turns the pair round. */
  async setPair(a: string, b: string): Promise<void> {
    if (a === b && this.a !== this.b) [a, b] = [this.b, this.a];
    this.grouping.turnTo(a, b);
    this.a = a;
    this.b = b;
    this.letAnswerGo();
    if (!this.methods.some((projection) => projection.method === this.method)) {
      this.method = this.methods[0]?.method ?? "";
    }
    await Promise.all([this.#loadLayout(), this.#loadMoves(), this.setColour(this.colour), this.#loadNeighbors()]);
  }

  async swap(): Promise<void> {
    this.t = 1 - this.t;
    await this.setPair(this.b, this.a);
  }

  async setMethod(method: string): Promise<void> {
    this.method = method;
    await Promise.all([this.#loadLayout(), this.#loadMoves(), this.setColour(this.colour)]);
  }

  setGain(gain: number): void {
    this.gain = Math.min(Math.max(gain, 1), MOST_GAIN);
  }

  /** Lay every other space's picture on this A's at the selected items; with nothing selected, show them as they are stored. */
  async alignOnSelection(): Promise<void> {
    this.anchoring = this.selection.length > 0 ? { space: this.a, rows: this.selection } : null;
    await this.#loadLayout();
  }

  async letAlignmentGo(): Promise<void> {
    this.anchoring = null;
    await this.#loadLayout();
  }

  async #loadLayout(): Promise<void> {
    const { a, b, spaceA, spaceB, method, anchoring } = this;
    await this.layout.load(async () => {
      const [from, to] = await Promise.all([this.#coords(spaceA, method), this.#coords(spaceB, method)]);
      const stored = { from, to, anchors: 0, problem: "" };
      return anchoring ? this.#align(stored, anchoring, { a, b, method }) : stored;
    });
  }

  /** The stored pictures of A and B, each laid on the picture of the space whose items are the anchors. */
  async #align(
    stored: Layout,
    { space, rows }: Anchoring,
    { a, b, method }: { readonly a: string; readonly b: string; readonly method: string },
  ): Promise<Layout> {
    const anchorSpace = this.bundle.space(space);
    const picture = anchorSpace?.projections.find((projection) => projection.method === method);
    if (!anchorSpace || !picture) {
      return { ...stored, problem: `Not aligned: ${space}, whose items are the anchors, has no such picture; choose another projection.` };
    }
    const fixed = await this.bundle.coords(anchorSpace, picture);
    let anchors = rows.length;
    const lay = (name: string, coords: Float32Array): Float32Array | null => {
      if (name === space) return coords;
      const found = align(fixed, coords, rows);
      anchors = Math.min(anchors, found?.anchors ?? 0);
      return found && mapped(found.map, coords);
    };
    const [from, to] = [lay(a, stored.from), lay(b, stored.to)];
    if (from && to) return { from, to, anchors, problem: "" };
    return { ...stored, problem: `Not aligned: ${space} and ${from ? b : a} have fewer than two of the anchors in common; select more items.` };
  }

  async #loadMoves(): Promise<void> {
    const { bundle, movesField: field } = this;
    if (field) await this.moves.load(() => loadMoves(bundle, field));
    else this.moves.clear();
  }

  #coords(space: SpaceInfo | undefined, method: string): Promise<Float32Array> {
    const projection = space?.projections.find((candidate) => candidate.method === method);
    if (!space || !projection) {
      throw new Error(`'${this.a}' and '${this.b}' have no projection in common; run emblink compare again.`);
    }
    return this.bundle.coords(space, projection);
  }

  /** Colour by a choice; one that this pair does not have falls back to the default. */
  async setColour(key: string): Promise<void> {
    const choice =
      this.choices.find((candidate) => candidate.key === key) ??
      this.choices.find((candidate) => candidate.key === this.#defaultColour);
    this.colour = choice?.key ?? "";
    if (!choice) return this.colouring.clear();
    await this.colouring.load(() => this.#colourBy(choice));
  }

  get #defaultColour(): string {
    return defaultColour(this.bundle.manifest, this.pair, this.choices);
  }

  async #colourBy(choice: ColourChoice): Promise<Colouring> {
    const { key, title, field } = choice;
    if (field.kind === "number") return colourNumbers({ key, title }, field, await this.bundle.numbers(field));
    if (field.kind === "groups") return colourGroups({ key, title }, field, await this.bundle.codes(field.info.members, field.over));
    if (field.kind === "moves") return colourMoves({ key, title }, await loadMoves(this.bundle, field));
    const { codes, names } = await this.bundle.categories(field);
    return colourCategories({ key, title }, codes, names);
  }

  select(rows: RowSet, name = ""): void {
    this.grouping.letGo();
    this.take(rows, name);
  }

  /** Select, and keep what is shown of groups. */
  take(rows: RowSet, name: string): void {
    this.selection = rows;
    this.selectionName = name;
    this.letAnswerGo();
  }

  /** Have the selection measured between A and B. */
  async ask(): Promise<void> {
    const { a, b, selection, bundle } = this;
    await this.answer.ask((signal) => bundle.ask({ kind: "selection", a, b }, selection, signal));
  }

  /** Forget what was measured, and what is being measured. */
  letAnswerGo(): void {
    this.answer.letGo();
  }

  /** Join rows to the selection as the keys held say. */
  combine(rows: RowSet, keys: { readonly shift: boolean; readonly alt: boolean }, name = ""): void {
    this.select(combine(this.selection, rows, keys), keys.shift || keys.alt ? "" : name);
  }

  /** Select all items of one label. */
  selectLabel(label: string, keys = { shift: false, alt: false }): void {
    this.selectLabels([label], keys);
  }

  /** Select all items of some labels. */
  selectLabels(wanted: readonly string[], keys = { shift: false, alt: false }): void {
    const labels = this.labels.value;
    if (!labels) return;
    const codes = new Set(wanted.map((label) => labels.names.indexOf(label)).filter((code) => code >= 0));
    if (codes.size === 0) return;
    this.combine(rowsWhere(this.bundle.n, (row) => codes.has(labels.codes[row] ?? -1)), keys, wanted.join(" and "));
  }

  /** Look at one item; -1 looks at none. */
  async setFocus(item: number): Promise<void> {
    this.focus = item;
    this.focusId = "";
    await Promise.all([this.#nameFocus(), this.#loadNeighbors()]);
  }

  async #nameFocus(): Promise<void> {
    const item = this.focus;
    if (item < 0) return;
    // Without its id the item is still shown; only the link cannot name it.
    const id = await this.bundle.id(item).catch(() => "");
    if (item === this.focus) this.focusId = id;
  }

  async setK(k: number): Promise<void> {
    this.k = k;
    await this.#loadNeighbors();
  }

  async #loadNeighbors(): Promise<void> {
    const { focus, spaceA, spaceB, k, bundle } = this;
    if (focus < 0 || !spaceA || !spaceB) return this.neighbors.clear();
    await this.neighbors.load(async () => {
      const [a, b, inA, inB] = await Promise.all([
        bundle.neighbors(spaceA, focus),
        bundle.neighbors(spaceB, focus),
        bundle.presence(spaceA.over),
        bundle.presence(spaceB.over),
      ]);
      const has = (rows: Int32Array) => (item: number) => (rows[item] ?? -1) >= 0;
      return compareNeighbors(focus, { a, b }, { k, inA: has(inA), inB: has(inB) });
    });
  }
}
