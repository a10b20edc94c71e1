import { areReplicates } from "./matrix";
import type { Manifest, PairReport, SpaceLabel } from "./schema.gen";

/** The pairs as steps of one sequence, first to last; none when they are not two steps or more that follow on each other. */
export function chainOf(manifest: Manifest): PairReport[] {
  const { pairs, spaces } = manifest.report;
  if (manifest.watch) return watched(manifest.watch.steps.map((step) => step.name), pairs);
  const again = new Set(spaces.filter((space) => space.replicate_of !== undefined).map((space) => space.name));
  const steps = pairs.filter(({ a, b }) => !areReplicates(manifest, a, b) && !again.has(a) && !again.has(b));
  const from = new Map(steps.map((step) => [step.a, step]));
  const reached = new Set(steps.map((step) => step.b));
  const starts = steps.filter((step) => !reached.has(step.a));
  if (steps.length < 2 || from.size < steps.length || reached.size < steps.length || starts.length !== 1) return [];
  const chain: PairReport[] = [];
  for (let step = starts[0]; step; step = from.get(step.b)) chain.push(step);
  return chain.length === steps.length ? chain : [];
}

/** Of a run that was watched each step is compared with the first one too. */
function watched(names: readonly string[], pairs: readonly PairReport[]): PairReport[] {
  const chain = names.slice(1).flatMap((b, at) => pairs.find((pair) => pair.a === names[at] && pair.b === b) ?? []);
  return chain.length > 1 ? chain : [];
}

/** How much one step changed, beside the noise floor of that change; null when the items were not compared. */
export interface Change {
  readonly value: number | null;
  readonly floor: number | null;
}

/** The scale on which all steps are shown: 0 is at the noise floor where every step has its own, else at the same neighbours; 1 is chance. */
export interface Changes {
  readonly from: "floor" | "same";
  readonly steps: readonly Change[];
}

/** The change of each step. */
export function changesOf(chain: readonly PairReport[]): Changes {
  const scores = chain.map((step) => step.scores["neighborhood_overlap"]);
  const known = scores.filter((score) => score !== undefined);
  if (known.length > 0 && known.every((score) => score.change_index !== undefined)) {
    return { from: "floor", steps: scores.map((score) => ({ value: score?.change_index ?? null, floor: score ? 0 : null })) };
  }
  const steps = scores.map((score) => {
    if (score?.kappa === undefined) return { value: null, floor: null };
    const chance = score.hub_chance ?? score.chance;
    const { noise_floor: floor } = score;
    return { value: 1 - score.kappa, floor: floor === undefined || chance === undefined ? null : (1 - floor) / (1 - chance) };
  });
  return { from: "same", steps };
}

/** One label over the spaces of a sequence. */
export interface Course {
  readonly label: string;
  /** In the order of the spaces; null where a space does not have the label. */
  readonly values: readonly (SpaceLabel | null)[];
  /** Greatest less least purity. */
  readonly spread: number;
}

/** The spaces of a chain, in order. */
export const spacesOf = (chain: readonly PairReport[]): string[] =>
  chain.length === 0 ? [] : [...chain.map((step) => step.a), chain[chain.length - 1]?.b ?? ""];

/** How each label fares over the spaces of a chain, those that vary most first. */
export function coursesOf(manifest: Manifest, chain: readonly PairReport[]): Course[] {
  const tables = spacesOf(chain).map((name) => {
    const labels = manifest.report.spaces.find((space) => space.name === name)?.labels ?? [];
    return new Map(labels.map((label) => [label.label, label]));
  });
  const names = new Set(tables.flatMap((table) => [...table.keys()]));
  return [...names]
    .map((label) => {
      const values = tables.map((table) => table.get(label) ?? null);
      const purities = values.flatMap((value) => (value ? [value.purity] : []));
      return { label, values, spread: Math.max(...purities) - Math.min(...purities) };
    })
    .sort((x, y) => y.spread - x.spread);
}
