import type { Condition } from "./filterparse";
import { parseFilter } from "./filterparse";
import { FilterError, written } from "./filtertoken";
import type { Known } from "./nearby";

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** What all must hold of a filter; none where it cannot be read. */
function partsOf(text: string, columns: readonly Known[]): readonly Condition[] {
  try {
    const condition = parseFilter(text, columns);
    return condition.kind === "and" ? condition.parts : [condition];
  } catch (error) {
    if (error instanceof FilterError) return [];
    throw error;
  }
}

/** The end of a range that a part of a filter is of a column; null where it is none. */
function endOf(part: Condition, name: string): { readonly low?: number; readonly high?: number } | null {
  if (part.kind !== "compare" || part.column.name !== name || typeof part.to !== "number") return null;
  if (part.sign === ">=") return { low: part.to };
  return part.sign === "<=" ? { high: part.to } : null;
}

/** The range that a filter keeps of a column; null where it says nothing of it. */
export function rangeIn(text: string, columns: readonly Known[], name: string): Range | null {
  const ends = partsOf(text, columns).flatMap((part) => endOf(part, name) ?? []);
  if (ends.length === 0) return null;
  return { low: Math.max(-Infinity, ...ends.map(({ low = -Infinity }) => low)), high: Math.min(Infinity, ...ends.map(({ high = Infinity }) => high)) };
}

/** A filter with another range of a column; null takes it away. All else that it says stays. */
export function withRange(text: string, columns: readonly Known[], { name, range }: { readonly name: string; readonly range: Range | null }): string {
  const others = partsOf(text, columns).filter((part) => endOf(part, name) === null);
  const kept = others.map(({ kind, at, end }) => (kind === "or" && text[at] !== "(" ? `(${text.slice(at, end)})` : text.slice(at, end)));
  const ends = range ? [...(range.low > -Infinity ? [`${written(name)} >= ${range.low}`] : []), ...(range.high < Infinity ? [`${written(name)} <= ${range.high}`] : [])] : [];
  return [...kept, ...ends].join(" and ");
}
