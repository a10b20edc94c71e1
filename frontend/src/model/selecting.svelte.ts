import type { SelectionAnswer } from "../data";
import { Asked } from "./asked.svelte";
import type { Bundle, Categories } from "./bundle";
import { sameRows } from "./findings";
import { grown } from "./growing";
import { Loaded } from "./loaded.svelte";
import type { SpaceInfo } from "./schema.gen";
import { combine, EMPTY, intersection, type RowSet, rowsWhere } from "./selection";

/** The keys that are held while something is chosen. */
export interface Keys {
  readonly shift: boolean;
  readonly alt: boolean;
}

const NONE: Keys = { shift: false, alt: false };

/** The selected items, and what was measured of them. */
export class Selecting {
  rows = $state.raw<RowSet>(EMPTY);
  /** What the selection is, in words; empty when it was drawn by hand. */
  name = $state("");
  /** The items that are looked at alone, the others dimmed; none is all. */
  isolated = $state.raw<RowSet>(EMPTY);
  readonly growing = new Loaded<RowSet>();
  readonly labels = new Loaded<Categories>();
  /** What was measured of the selection, for the pair on screen. */
  readonly answer = new Asked<SelectionAnswer>();
  readonly #held: { readonly bundle: Bundle };
  readonly #chosen: () => void;

  /** @param chosen called before another selection is made otherwise than by choosing a group */
  constructor(held: { readonly bundle: Bundle }, chosen: () => void) {
    this.#held = held;
    this.#chosen = chosen;
  }

  set(rows: RowSet, name = ""): void {
    this.#chosen();
    this.take(rows, name);
  }

  /** Select, and keep what is shown of groups. */
  take(rows: RowSet, name: string): void {
    this.rows = rows;
    this.name = name;
    this.answer.letGo();
  }

  /** Join rows to the selection as the keys held say; of rows that are new, those alone that are looked at. */
  combine(rows: RowSet, keys: Keys, name = ""): void {
    const seen = this.isolated.length > 0 && !keys.alt ? intersection(rows, this.isolated) : rows;
    this.set(combine(this.rows, seen, keys), keys.shift || keys.alt ? "" : name);
  }

  /** Look at the selected items alone; at all again where these are isolated, or nothing is selected. */
  isolate(): void {
    const { rows, isolated } = this;
    this.isolated = rows.length === 0 || sameRows(rows, isolated) ? EMPTY : rows;
  }

  /** Take in the nearest neighbours of the selected items in a space. */
  async grow(space: SpaceInfo, k: number): Promise<void> {
    const { rows } = this;
    await this.growing.load(() => grown(this.#held.bundle, space, rows, k));
    if (this.growing.value && this.rows === rows) this.set(this.growing.value);
  }

  /** Select all items of some labels. */
  setLabels(wanted: readonly string[], keys = NONE): void {
    const labels = this.labels.value;
    if (!labels) return;
    const codes = new Set(wanted.map((label) => labels.names.indexOf(label)).filter((code) => code >= 0));
    if (codes.size === 0) return;
    this.combine(rowsWhere(this.#held.bundle.n, (row) => codes.has(labels.codes[row] ?? -1)), keys, wanted.join(" and "));
  }

  /** Have the selection measured between two spaces. */
  async ask({ a, b }: { readonly a: string; readonly b: string }): Promise<void> {
    const { rows } = this;
    const { bundle } = this.#held;
    await this.answer.ask((signal) => bundle.ask({ kind: "selection", a, b }, rows, signal));
  }

  async loadLabels(): Promise<void> {
    const { bundle } = this.#held;
    const field = bundle.labelField;
    if (field && !this.labels.value) await this.labels.load(() => bundle.categories(field));
  }
}
