import type { Bundle } from "./bundle";
import type { Manifest, PairSearches } from "./schema.gen";

/** One query, and the items that it finds in A and in B, best first. */
export interface SearchedQuery {
  readonly name: string;
  /** The share of the results that are replaced. */
  readonly churn: number;
  /** It lost its first relevant answer from A to B, or gained one. */
  readonly fate: "lost" | "gained" | null;
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** Items that answer it. */
  readonly answers: ReadonlySet<number>;
}

/** Whether a bundle knows of searches: those of before, and those without queries, do not. */
export const tellsSearches = ({ pairs, queries }: Manifest): boolean => Boolean(queries) && pairs.some(({ searches }) => Boolean(searches));

/** What is written of the searches of a pair, in the direction compared. */
export function searchesOf({ pairs, report }: Manifest, index: number): PairSearches | null {
  const pair = pairs[index];
  return report.searches?.pairs.find(({ a, b }) => a === pair?.a && b === pair.b) ?? null;
}

/** The queries of a pair, those first whose answers or results changed most. */
export async function searchedQueries(bundle: Bundle, index: number, reversed: boolean): Promise<readonly SearchedQuery[]> {
  const { queries } = bundle.manifest;
  const stored = bundle.manifest.pairs[index]?.searches;
  if (!queries || !stored) return [];
  const field = (name: string): Promise<ArrayLike<number>> => {
    const values = stored.fields.find((one) => one.name === name)?.values;
    return values === undefined ? Promise.resolve([]) : bundle.values(values);
  };
  const column = (name: string | null): Promise<ArrayLike<number>> => (name === null ? Promise.resolve([]) : bundle.values(name));
  const [which, first, second, churn, lost, gained, ends, answers, names] = await Promise.all([
    bundle.values(stored.queries),
    bundle.values(stored[reversed ? "b" : "a"]),
    bundle.values(stored[reversed ? "a" : "b"]),
    field("churn"),
    field(reversed ? "gained" : "lost"),
    field(reversed ? "lost" : "gained"),
    column(queries.relevant),
    column(queries.answers),
    bundle.words(queries.text ?? queries.ids),
  ]);
  const k = which.length > 0 ? first.length / which.length : 0;
  const list = (results: ArrayLike<number>, start: number, end: number): number[] => Array.from({ length: end - start }, (_, at) => results[start + at] ?? -1).filter((item) => item >= 0);
  const found = Array.from(which, (query, row): SearchedQuery => ({
    name: names.at(query),
    churn: churn[row] ?? 0,
    fate: lost[row] === 1 ? "lost" : gained[row] === 1 ? "gained" : null,
    a: list(first, row * k, (row + 1) * k),
    b: list(second, row * k, (row + 1) * k),
    answers: new Set(list(answers, ends[query] ?? 0, ends[query + 1] ?? 0)),
  }));
  const rank = ({ fate, churn: replaced }: SearchedQuery): number => replaced + (fate === "lost" ? 2 : fate === "gained" ? 1 : 0);
  return found.sort((x, y) => rank(y) - rank(x));
}

/** So many queries are listed at most: more lines than these no page bears, and nobody reads. */
export const MOST_LISTED = 2000;
