import type { Bundle } from "./bundle";
import { rowsOfBits, sameRows } from "./findings";
import { Loaded } from "./loaded.svelte";
import type { PairView } from "./pair";
import type { FindingsInfo } from "./schema.gen";
import type { RowSet } from "./selection";

/** What is on screen, as far as findings have to do with it, and what choosing one does to it. */
interface OnScreen {
  readonly bundle: Bundle;
  readonly pair: { readonly view: PairView | null };
  readonly time: { t: number };
  readonly selection: { readonly rows: RowSet; readonly name: string; set(rows: RowSet, name: string): void };
  setPair(a: string, b: string): Promise<void>;
}

/** Whose items the findings of a pair are. */
interface Members {
  readonly info: FindingsInfo;
  /** By finding. */
  readonly rows: readonly RowSet[];
}

/** What stands out of the pair on screen: whose items it is, and which of it is selected. */
export class Findings {
  readonly #screen: OnScreen;
  readonly #loaded = new Loaded<Members>();
  #loading: { readonly info: FindingsInfo; readonly done: Promise<void> } | null = null;
  #turn = 0;

  /** Rows by finding; null while they are on their way. */
  readonly rows: readonly RowSet[] | null = $derived.by(() => {
    const { value } = this.#loaded;
    return value && value.info === this.#screen.pair.view?.findingsInfo ? value.rows : null;
  });

  /** Index of the finding that is selected, or -1. */
  readonly chosen: number = $derived.by(() => {
    const { selection, pair } = this.#screen;
    if (selection.rows.length === 0) return -1;
    return (this.rows ?? []).findIndex((rows, i) => pair.view?.findings[i]?.title === selection.name && sameRows(rows, selection.rows));
  });

  constructor(screen: OnScreen) {
    this.#screen = screen;
  }

  get busy(): boolean {
    return this.#loaded.busy;
  }

  get error(): string | null {
    return this.#loaded.error;
  }

  /** Read which items are in the findings of the pair on screen. */
  async load(): Promise<void> {
    const { bundle, pair } = this.#screen;
    const info = pair.view?.findingsInfo;
    if (!pair.view || !info) return this.#loaded.clear();
    if (this.#loaded.value?.info === info) return;
    const { over, findings } = pair.view;
    // Asked for twice at once, they are read once.
    if (!this.#loaded.busy || this.#loading?.info !== info) {
      const done = this.#loaded.load(async () => ({ info, rows: rowsOfBits(await bundle.codes(info.members, over), findings.length) }));
      this.#loading = { info, done };
    }
    await this.#loading.done;
  }

  /** Select the items of a finding, and show its pair in the direction it is told; null when something else was asked for meanwhile. */
  async choose(finding: number): Promise<RowSet | null> {
    const screen = this.#screen;
    const { view } = screen.pair;
    const turn = ++this.#turn;
    if (!view) return null;
    if (view.reversed) {
      screen.time.t = 1 - screen.time.t;
      await screen.setPair(view.report.a, view.report.b);
    }
    await this.load();
    const [rows, title] = [this.rows?.[finding], view.findings[finding]?.title];
    if (turn !== this.#turn || screen.pair.view?.index !== view.index || !rows || title === undefined) return null;
    screen.selection.set(rows, title);
    return rows;
  }
}
