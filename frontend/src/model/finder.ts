import type { Bundle, Categories } from "./bundle";
import { IRRELEVANT, relevance, WordIndex } from "./search";
import type { RowSet } from "./selection";
import { EMPTY, rowSet, rowsWhere, union } from "./selection";
import type { WordColumn } from "./words";

export interface Finding {
  readonly query: string;
  /** Every item found. */
  readonly rows: RowSet;
  /** The first of them, best first. */
  readonly top: readonly number[];
}

/** Only so many hits are ranked; the best of more would cost a string each. */
const RANKED = 2000;
const TOP = 12;

/** Searches the text, the id and the label of every item. The index is made at the first search. */
export class Finder {
  readonly #bundle: Bundle;
  #ready: Promise<{ columns: { words: WordColumn; index: WordIndex }[]; labels: Categories | null }> | null = null;

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  async find(query: string): Promise<Finding> {
    this.#ready ??= this.#prepare();
    const { columns, labels } = await this.#ready;
    const inWords = columns.map(({ index }) => index.rows(query));
    const rows = [...inWords, this.#labelled(labels, query)].reduce(union, EMPTY);
    const score = (row: number): readonly [number, number] => {
      const texts = columns.map(({ words }) => words.at(row));
      return [Math.min(...texts.map((text) => relevance(text, query))), texts[0]?.length ?? 0];
    };
    const named = inWords[0]?.slice(0, RANKED) ?? EMPTY;
    const ranked = Array.from(union(named, rows.slice(0, RANKED)), (row) => ({ row, score: score(row) }));
    ranked.sort((x, y) => x.score[0] - y.score[0] || x.score[1] - y.score[1] || x.row - y.row);
    return { query, rows, top: ranked.slice(0, TOP).map(({ row }) => row) };
  }

  #labelled(labels: Categories | null, query: string): RowSet {
    if (!labels || query.trim() === "") return EMPTY;
    const found = new Set(labels.names.flatMap((name, code) => (relevance(name, query) < IRRELEVANT ? [code] : [])));
    return found.size === 0 ? rowSet([]) : rowsWhere(labels.codes.length, (row) => found.has(labels.codes[row] ?? -1));
  }

  async #prepare(): Promise<{ columns: { words: WordColumn; index: WordIndex }[]; labels: Categories | null }> {
    const { roles } = this.#bundle.manifest;
    const text = this.#bundle.field(roles.text);
    const sources = [...(text?.kind === "text" ? [this.#bundle.words(text.words)] : []), this.#bundle.ids()];
    const columns = sources.map(async (source) => {
      const words = await source;
      return { words, index: new WordIndex(words) };
    });
    const label = this.#bundle.field(roles.label);
    const labels = label?.kind === "category" ? await this.#bundle.categories(label) : null;
    return { columns: await Promise.all(columns), labels };
  }
}
