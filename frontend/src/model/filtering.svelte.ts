import type { Bundle } from "./bundle";
import { columnsOf, type ItemColumn } from "./columns";
import { hintsOf, type Hints } from "./filterhint";
import { comparisonsIn, type Condition, namesIn, parseFilter } from "./filterparse";
import { runFilter, type Values } from "./filterrun";
import { FilterError, quote } from "./filtertoken";
import { Loaded } from "./loaded.svelte";
import { nearby } from "./nearby";
import type { PairView } from "./pair";
import type { SpaceInfo } from "./schema.gen";
import type { Keys } from "./selecting.svelte";
import { EMPTY, type RowSet } from "./selection";

interface Screen {
  readonly bundle: Bundle;
  readonly pair: {
    readonly a: string;
    readonly b: string;
    readonly view: PairView | null;
    readonly method: string;
    readonly spaceA: SpaceInfo | undefined;
    readonly spaceB: SpaceInfo | undefined;
  };
  readonly selection: { readonly rows: RowSet; readonly name: string; combine(rows: RowSet, keys: Keys, name?: string): void };
}

const NONE: Keys = { shift: false, alt: false };
/** Categories that are listed when a value is sought. */
const LISTED = 2000;

/** A line that says in words and numbers which items are meant, and selects them. */
export class Filtering {
  /** What the selection was made by; empty once it is another. */
  text = $state("");
  /** What is wrong with the line that was tried last. */
  wrong = $state.raw<{ readonly message: string; readonly at: number; readonly end: number } | null>(null);
  readonly found = new Loaded<RowSet>();
  /** What a filter can name, of the pair on screen. */
  readonly columns: readonly ItemColumn[] = $derived.by(() => columnsOf(this.#screen));
  readonly #screen: Screen;
  #turn = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Select what a filter says, or add it, or take it away, as the keys held say; false where it cannot be read. */
  async apply(text: string, keys: Keys = NONE): Promise<boolean> {
    const turn = ++this.#turn;
    const condition = this.check(text);
    if (!condition) return false;
    const { columns } = this;
    const { n } = this.#screen.bundle;
    await this.found.load(async () => {
      const named = await Promise.all([...namesIn(condition)].map(async (name) => [name, await valuesIn(columns, name)] as const));
      const values = new Map(named);
      return runFilter(condition, n, (name) => values.get(name) as Values);
    });
    if (turn !== this.#turn || !this.found.value) return false;
    if (this.found.value.length === 0) {
      this.wrong = { message: `No item passes this.${await this.#meant(condition)}`, at: 0, end: 0 };
      return false;
    }
    this.#screen.selection.combine(this.found.value, keys, text.trim());
    if (!keys.shift && !keys.alt) this.text = text.trim();
    return true;
  }

  /** Values near to those that no item has. */
  async #meant(condition: Condition): Promise<string> {
    const absent = await Promise.all(
      comparisonsIn(condition).map(async ({ name, value }) => {
        const column = this.columns.find((one) => one.name === name);
        const values = column?.kind === "category" ? await column.load() : null;
        if (values?.kind !== "category" || values.names.includes(value)) return [];
        return nearby(value, values.names).map(quote);
      }),
    );
    const near = absent.flat();
    return near.length === 0 ? "" : ` Near it: ${near.join(", ")}.`;
  }

  /** Select nothing, where the selection is what a filter says. */
  clear(): void {
    this.wrong = null;
    if (this.text !== "") this.#screen.selection.combine(EMPTY, NONE);
  }

  /** Read a filter, and keep what is wrong with it. */
  check(text: string): Condition | null {
    try {
      const condition = parseFilter(text, this.columns);
      this.wrong = null;
      return condition;
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      this.wrong = { message: error.message, at: error.at, end: error.end };
      return null;
    }
  }

  /** What may stand at the caret. */
  hints(text: string, caret: number): Promise<Hints> {
    return hintsOf(text, caret, this.columns, async (column) => {
      const values = column.kind === "category" ? await column.load() : null;
      return values?.kind === "category" && values.names.length <= LISTED ? values.names : [];
    });
  }

  /** The selection is not what the filter says any more. */
  letGo(): void {
    this.#turn++;
    this.text = "";
  }

  /** Another pair has other measures: what was selected by them stays, and is called by the pair they were of. */
  turned(a: string, b: string): string {
    const condition = this.text === "" ? null : this.#read();
    if (!condition) return "";
    const measured = [...namesIn(condition)].some((name) => this.columns.find((column) => column.name === name)?.measured);
    if (!measured) return "";
    const name = `${this.text} (${a} → ${b})`;
    this.letGo();
    return name;
  }

  #read(): Condition | null {
    try {
      return parseFilter(this.text, this.columns);
    } catch {
      return null;
    }
  }
}

async function valuesIn(columns: readonly ItemColumn[], name: string): Promise<Values> {
  const column = columns.find((one) => one.name === name);
  if (!column) throw new Error(`No column is called ${name}.`);
  return column.load();
}
