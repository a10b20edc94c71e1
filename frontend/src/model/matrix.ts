import { measuresIn } from "./measures";
import type { Manifest, PairReport } from "./schema.gen";

const HEADLINE = "neighborhood_overlap";

/** One number of a pair that the matrix can show. */
export interface Shade {
  readonly key: string;
  readonly score: string;
  readonly of: "kappa" | "value";
}

/** What a pair has of a number, or null. */
export function shaded(pair: PairReport | undefined, shade: Shade): number | null {
  return pair?.scores[shade.score]?.[shade.of] ?? null;
}

/** Agreements only, so that dark always means alike, the overlap above chance first. */
export function shadesOf(manifest: Manifest): Shade[] {
  const alike = measuresIn(manifest).filter((measure) => measure.direction === "agreement");
  const values = alike.map(({ name }): Shade => ({ key: name, score: name, of: "value" }));
  const kappa: Shade = { key: "kappa", score: HEADLINE, of: "kappa" };
  return manifest.report.pairs.some((pair) => shaded(pair, kappa) !== null) ? [kappa, ...values] : values;
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
