import { parseFilter } from "./filterparse";
import { FilterError, quote, tokensOf, type Wants, written } from "./filtertoken";
import type { Known } from "./nearby";

/** What may be written in place of a part of a filter. */
export interface Hints {
  /** The part: from here to the caret. */
  readonly from: number;
  readonly options: readonly string[];
}

const NONE = (caret: number): Hints => ({ from: caret, options: [] });
const MOST = 8;
const fold = (text: string): string => text.toLowerCase().normalize("NFC");

/** What is being written at the caret, and what stands before it. */
function partial(head: string): { readonly from: number; readonly part: string; readonly quote: string } {
  try {
    const last = tokensOf(head).at(-2);
    const touches = last !== undefined && last.end === head.length && (last.kind === "name" || last.kind === "word") && !last.source.startsWith("`");
    return touches ? { from: last.at, part: last.source, quote: "" } : { from: head.length, part: "", quote: "" };
  } catch (error) {
    if (!(error instanceof FilterError) || error.end !== head.length) return { from: head.length, part: "", quote: "" };
    return { from: error.at, part: head.slice(error.at + 1), quote: head.charAt(error.at) };
  }
}

/** What is expected behind a part of a filter; null where it went wrong before. */
function wanted(base: string, columns: readonly Known[]): Wants {
  if (base.trim() === "") return "name";
  try {
    parseFilter(base, columns);
    return "join";
  } catch (error) {
    return error instanceof FilterError && error.at >= base.trimEnd().length ? error.wants : null;
  }
}

/** The column that a value stands beside. */
function columnBefore<Column extends Known>(base: string, columns: readonly Column[]): Column | undefined {
  const named = tokensOf(base).filter(({ kind }) => kind === "name");
  return columns.find(({ name }) => name === named.at(-1)?.value);
}

const signsOf = (kind: Known["kind"] | undefined): string[] => (kind === "number" ? ["<", "<=", ">", ">=", "==", "!=", "in [", "is missing"] : ["==", "~", "in [", "!=", "!~", "<", ">", "is missing"]);

/** Those that hold what was written, those first that begin so. */
function fitting(options: readonly string[], part: string): string[] {
  const wantedPart = fold(part);
  const holding = options.filter((option) => fold(option).includes(wantedPart));
  const begins = (option: string): boolean => fold(option).startsWith(wantedPart);
  return [...holding.filter(begins), ...holding.filter((option) => !begins(option))].slice(0, MOST);
}

/**
 * What may stand at the caret of a filter.
 *
 * @param valuesOf the values of a column that are few enough to be listed
 */
export async function hintsOf<Column extends Known>(text: string, caret: number, columns: readonly Column[], valuesOf: (column: Column) => Promise<readonly string[]>): Promise<Hints> {
  const head = text.slice(0, caret);
  const { from, part, quote: mark } = partial(head);
  const base = head.slice(0, from);
  const wants = mark === "`" ? "name" : wanted(base, columns);
  const options = async (): Promise<readonly string[]> => {
    switch (wants) {
      case "name":
        return mark === "" || mark === "`" ? fitting(columns.map(({ name }) => name), part).map(written) : [];
      case "comparison":
        return part === "" ? signsOf(columnBefore(base, columns)?.kind) : fitting(["in [", "is missing", "not in ["], part);
      case "value":
      case "list": {
        const column = columnBefore(base, columns);
        return column && mark !== "`" ? fitting(await valuesOf(column), part).map(quote) : [];
      }
      case "join":
        return mark === "" ? fitting(["and", "or"], part) : [];
      case null:
        return [];
    }
  };
  const found = (await options()).filter((option) => option !== head.slice(from));
  return found.length === 0 ? NONE(caret) : { from, options: found };
}
