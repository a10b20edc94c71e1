import type { Manifest, PairReport } from "./schema.gen";

/** One number of a pair that the matrix can show. */
export interface Measure {
  readonly key: string;
  readonly score: string;
  readonly of: "kappa" | "value";
}

/** Likenesses only, so that dark always means alike; in the order they are offered. */
const MEASURES: readonly Measure[] = [
  { key: "kappa", score: "neighborhood_overlap", of: "kappa" },
  { key: "overlap", score: "neighborhood_overlap", of: "value" },
  { key: "rank_biased_overlap", score: "rank_biased_overlap", of: "value" },
  { key: "linear_cka", score: "linear_cka", of: "value" },
  { key: "rbf_cka", score: "rbf_cka", of: "value" },
  { key: "procrustes_similarity", score: "procrustes_similarity", of: "value" },
  { key: "rsa", score: "rsa", of: "value" },
];

/** What a pair has of a measure, or null. */
export function measured(pair: PairReport | undefined, measure: Measure): number | null {
  return pair?.scores[measure.score]?.[measure.of] ?? null;
}

/** The measures that at least one pair has. */
export function measuresOf(manifest: Manifest): Measure[] {
  return MEASURES.filter((measure) => manifest.report.pairs.some((pair) => measured(pair, measure) !== null));
}

const ENDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** The end of a scale from 0 that holds the values: a round number, at most 1. */
export function scaleEnd(values: readonly number[]): number {
  const most = Math.max(0, ...values);
  return ENDS.find((end) => end >= most) ?? 1;
}

/** Whether two spaces are one recipe run twice, so that what differs between them is noise. */
export function areReplicates(manifest: Manifest, a: string, b: string): boolean {
  const recipe = (name: string): string => manifest.report.spaces.find((space) => space.name === name)?.replicate_of ?? name;
  return a !== b && recipe(a) === recipe(b);
}
