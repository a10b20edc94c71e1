import type { Condition, Sign, Value } from "./filterparse";
import { WordIndex } from "./search";
import { type RowSet, rowsWhere } from "./selection";
import type { WordColumn } from "./words";

/** A column's values, of every item. */
export type Values =
  | { readonly kind: "number"; readonly values: Float32Array }
  | { readonly kind: "category"; readonly codes: Int32Array; readonly names: readonly string[] }
  | { readonly kind: "text"; readonly words: WordColumn };

type Passes = (row: number) => boolean;

const fold = (text: string): string => text.toLowerCase().normalize("NFC");

/** The indices of columns of words, made when they are first searched. */
const indices = new WeakMap<WordColumn, WordIndex>();

function indexOf(words: WordColumn): WordIndex {
  const index = indices.get(words) ?? new WordIndex(words);
  indices.set(words, index);
  return index;
}

/** Whether two values compare so; numbers as numbers, words by their letters. */
function holds(x: Value, sign: Sign, y: Value): boolean {
  switch (sign) {
    case "==":
      return x === y;
    case "!=":
      return x !== y;
    case "<":
      return x < y;
    case "<=":
      return x <= y;
    case ">":
      return x > y;
    case ">=":
      return x >= y;
    case "~":
      return fold(String(x)).includes(fold(String(y)));
    case "!~":
      return !fold(String(x)).includes(fold(String(y)));
  }
}

/** The number that a word is; NaN of what is none. */
const numberIn = (word: string): number => (word.trim() === "" ? NaN : Number(word));

/** Whether a word compares so: beside a number it is read as one, and what is none does not. */
function wordHolds(word: string, sign: Sign, to: Value): boolean {
  if (word === "") return false;
  if (typeof to === "string" || sign === "~" || sign === "!~") return holds(word, sign, to);
  const value = numberIn(word);
  return !Number.isNaN(value) && holds(value, sign, to);
}

/** The word of a row; empty where it is missing. */
function wordOf(values: Values): (row: number) => string {
  if (values.kind === "text") return (row) => values.words.at(row);
  if (values.kind === "category") return (row) => values.names[values.codes[row] ?? -1] ?? "";
  return (row) => String(values.values[row] ?? "");
}

/** Rows of a column that pass a test of its words; of categories each is tested once. */
function byWord(values: Values, passes: (word: string) => boolean): Passes {
  if (values.kind !== "category") {
    const word = wordOf(values);
    return (row) => passes(word(row));
  }
  const passing = values.names.map(passes);
  return (row) => passing[values.codes[row] ?? -1] ?? false;
}

function contains(words: WordColumn, text: string, negated: boolean): Passes {
  const found = new Uint8Array(words.length);
  // The index ignores spaces at the ends.
  const exact = text === text.trim() && text !== "";
  if (exact) for (const row of indexOf(words).rows(text)) found[row] = 1;
  else for (let row = 0; row < words.length; row++) found[row] = holds(words.at(row), "~", text) ? 1 : 0;
  const { offsets } = words;
  return (row) => (offsets[row + 1] ?? 0) > (offsets[row] ?? 0) && (found[row] === 1) !== negated;
}

function compared(values: Values, sign: Sign, to: Value): Passes {
  if (values.kind === "number") {
    const { values: numbers } = values;
    return (row) => {
      const value = numbers[row] ?? NaN;
      return !Number.isNaN(value) && holds(value, sign, typeof to === "number" ? Math.fround(to) : to);
    };
  }
  if (values.kind === "text" && (sign === "~" || sign === "!~")) return contains(values.words, String(to), sign === "!~");
  return byWord(values, (word) => wordHolds(word, sign, to));
}

function comparedTo(values: Values, sign: Sign, other: Values): Passes {
  if (values.kind === "number" && other.kind === "number") {
    const [x, y] = [values.values, other.values];
    return (row) => !Number.isNaN(x[row]) && !Number.isNaN(y[row]) && holds(x[row] ?? NaN, sign, y[row] ?? NaN);
  }
  const [x, y] = [wordOf(values), wordOf(other)];
  return (row) => {
    const [one, two] = [x(row), y(row)];
    return one !== "" && two !== "" && holds(one, sign, two);
  };
}

function within(values: Values, list: readonly Value[]): Passes {
  const passes = list.map((value) => compared(values, "==", value));
  return values.kind === "category" ? byWord(values, (word) => list.some((value) => wordHolds(word, "==", value))) : (row) => passes.some((one) => one(row));
}

function missing(values: Values): Passes {
  if (values.kind === "number") return (row) => Number.isNaN(values.values[row] ?? NaN);
  const word = wordOf(values);
  return (row) => word(row) === "";
}

function passesOf(condition: Condition, of: (name: string) => Values): Passes {
  switch (condition.kind) {
    case "and": {
      const parts = condition.parts.map((part) => passesOf(part, of));
      return (row) => parts.every((part) => part(row));
    }
    case "or": {
      const parts = condition.parts.map((part) => passesOf(part, of));
      return (row) => parts.some((part) => part(row));
    }
    case "not": {
      const part = passesOf(condition.part, of);
      return (row) => !part(row);
    }
    case "missing":
      return missing(of(condition.column.name));
    case "in":
      return within(of(condition.column.name), condition.values);
    case "compare": {
      const values = of(condition.column.name);
      return typeof condition.to === "object" ? comparedTo(values, condition.sign, of(condition.to.name)) : compared(values, condition.sign, condition.to);
    }
  }
}

/**
 * The rows of `0 … n − 1` that pass a condition. What is missing passes no comparison, `!=` neither.
 *
 * @param of the values of a column that the condition names
 */
export const runFilter = (condition: Condition, n: number, of: (name: string) => Values): RowSet => rowsWhere(n, passesOf(condition, of));
