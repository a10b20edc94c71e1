import type { Bundle } from "./bundle";
import type { ItemColumn } from "./columns";
import type { Values } from "./filterrun";
import { Loaded } from "./loaded.svelte";
import type { RowSet } from "./selection";
import { sorted } from "./sorting";

export interface Sort {
  /** A column, as a filter names it. */
  readonly by: string;
  readonly falling: boolean;
}

interface Screen {
  readonly bundle: Bundle;
  readonly selection: { readonly rows: RowSet };
  readonly filter: { readonly columns: readonly ItemColumn[] };
}

/** Heights of the drawer in CSS pixels. */
export const DRAWER = { least: 120, first: 280, most: 2000 } as const;
/** Values of columns beside that sorted by that are kept for the table. */
const MOST_VALUES = 6_000_000;

/** The table of items: how much of it is shown, of which items, in which order. */
export class Table {
  /** CSS pixels; 0 is closed. */
  height = $state(0);
  /** All items are shown though some are selected. */
  all = $state(false);
  /** Histograms stand beside it. */
  charts = $state(false);
  /** Null puts what changed most first. */
  asked = $state.raw<Sort | null>(null);
  /** The rows in their order. */
  readonly order = new Loaded<Uint32Array>();
  /** What is shown of each item, by column. */
  readonly cells = new Loaded<ReadonlyMap<string, Values>>();
  readonly #screen: Screen;

  /** Columns that can be shown: each once, the items' words and pictures apart. */
  readonly columns: readonly ItemColumn[] = $derived.by(() => {
    const { filter, bundle } = this.#screen;
    const { id, text } = bundle.manifest.roles;
    const own = filter.columns.filter(({ name, alias }) => !alias && name !== text && name !== id);
    const first = own.filter(({ name, measured }) => measured && (name === "kept" || name === "trust"));
    return [...first, ...own.filter((column) => !first.includes(column) && column.kind !== "text"), ...own.filter(({ kind }) => kind === "text")];
  });

  readonly sort: Sort | null = $derived.by(() => {
    const { asked } = this;
    const { columns } = this.#screen.filter;
    if (asked && columns.some(({ name }) => name === asked.by)) return asked;
    const changing = columns.find(({ changes }) => changes === "small");
    return changing ? { by: changing.name, falling: false } : null;
  });

  /** Whether only the selected items are shown. */
  readonly narrowed: boolean = $derived.by(() => !this.all && this.#screen.selection.rows.length > 0);

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  get open(): boolean {
    return this.height > 0;
  }

  toggle(): void {
    this.height = this.open ? 0 : DRAWER.first;
  }

  resize(height: number): void {
    this.height = Math.round(Math.min(Math.max(height, DRAWER.least), DRAWER.most));
  }

  /** Sort by a column: first with what is most telling above, then the other way. */
  by(column: ItemColumn): void {
    const { sort } = this;
    const first = column.kind === "number" && column.changes !== "small";
    this.asked = { by: column.name, falling: sort?.by === column.name ? !sort.falling : first };
  }

  /** Put the rows into their order, and read what is shown of them. */
  async load(): Promise<void> {
    await Promise.all([this.#arrange(), this.#read()]);
  }

  async #arrange(): Promise<void> {
    const { sort, narrowed } = this;
    const { bundle, selection, filter } = this.#screen;
    const rows = narrowed ? selection.rows : Uint32Array.from({ length: bundle.n }, (_, row) => row);
    const column = filter.columns.find(({ name }) => name === sort?.by);
    await this.order.load(async () => (column ? sorted(rows, await column.load(), sort?.falling ?? false) : rows));
  }

  async #read(): Promise<void> {
    const { columns } = this;
    const most = Math.max(2, Math.floor(MOST_VALUES / this.#screen.bundle.n));
    const shown = columns.filter(({ kind, name }) => kind !== "text" || name === this.sort?.by).slice(0, most);
    await this.cells.load(async () => new Map(await Promise.all(shown.map(async (column) => [column.name, await column.load()] as const))));
  }
}
