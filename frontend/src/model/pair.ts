import { turnScores } from "./measures";
import type {
  FindingReport,
  FindingsInfo,
  GroupReport,
  GroupRows,
  GroupSearch,
  GroupsInfo,
  LabelPairReport,
  LabelReport,
  Manifest,
  MovesInfo,
  NumberField,
  PairReport,
  Score,
} from "./schema.gen";

/** The comparison of the two spaces on screen, turned to read A → B. */
export interface PairView {
  /** Its place among the pairs of the manifest. */
  readonly index: number;
  readonly report: PairReport;
  /** Whether the bundle compared B → A, so that the sentence names the spaces the other way round. */
  readonly reversed: boolean;
  readonly onlyA: number;
  readonly onlyB: number;
  /** Without those that are known in the other direction only. */
  readonly scores: Readonly<Record<string, Score>>;
  readonly labels: readonly LabelReport[];
  readonly labelPairs: readonly LabelPairReport[];
  /** Per-item measures of the pair, in the direction of the report; a turned pair says so in the definitions. */
  readonly fields: readonly NumberField[];
  /** How items moved in the pictures of each method: the same in both directions. */
  readonly moves: readonly MovesInfo[];
  /** The groups that changed together, heaviest first, as they were found: a turned pair has those of the report. */
  readonly groups: readonly GroupReport[];
  /** Rows of the items that each group names; empty where the bundle has none. */
  readonly groupRows: readonly GroupRows[];
  /** How groups were sought; null where they were not. */
  readonly groupSearch: GroupSearch | null;
  readonly groupsInfo: GroupsInfo | null;
  /** What stands out, what is sure first, as it was found; none in bundles from before findings. */
  readonly findings: readonly FindingReport[];
  readonly findingsInfo: FindingsInfo | null;
  /** The domain of the pair. */
  readonly over: string;
}

const OPPOSITE = {
  better: "worse",
  worse: "better",
  drawn_together: "pushed_apart",
  pushed_apart: "drawn_together",
  same: "same",
  too_few: "too_few",
} as const;

/** A change between two ends as the opposite change. */
const opposite = (interval: readonly number[]): number[] => interval.map((end) => -end).reverse();

/** The label as it reads from the other side. */
function turnLabel(label: LabelReport): LabelReport {
  const { interval, wide_purity_a, wide_purity_b, share_a, share_b, ...rest } = label;
  return {
    ...rest,
    purity_a: label.purity_b,
    purity_b: label.purity_a,
    delta: -label.delta,
    verdict: OPPOSITE[label.verdict],
    ...(interval ? { interval: opposite(interval) } : {}),
    ...(wide_purity_b === undefined ? {} : { wide_purity_a: wide_purity_b }),
    ...(wide_purity_a === undefined ? {} : { wide_purity_b: wide_purity_a }),
    ...(share_b === undefined ? {} : { share_a: share_b }),
    ...(share_a === undefined ? {} : { share_b: share_a }),
  };
}

/** Two labels as they read from the other side. */
function turnLabels(labels: LabelPairReport): LabelPairReport {
  const { interval, ...rest } = labels;
  return {
    ...rest,
    delta: -labels.delta,
    separation_a: labels.separation_b,
    separation_b: labels.separation_a,
    mixing_a: labels.mixing_b,
    mixing_b: labels.mixing_a,
    confusion_a: labels.confusion_b,
    confusion_b: labels.confusion_a,
    verdict: OPPOSITE[labels.verdict],
    ...(interval ? { interval: opposite(interval) } : {}),
  };
}

/** The comparison of `a` and `b` in either direction, or null when the bundle has none. */
export function viewPair(manifest: Manifest, a: string, b: string): PairView | null {
  const find = (from: string, to: string): number => manifest.pairs.findIndex((pair) => pair.a === from && pair.b === to);
  const forward = find(a, b);
  const index = forward >= 0 ? forward : find(b, a);
  const info = manifest.pairs[index];
  const report = manifest.report.pairs[index];
  if (!info || !report) return null;
  const { moves, over, groups: groupsInfo } = info;
  const { groups } = report;
  const groupRows = groupsInfo?.rows ?? [];
  const told = { findings: report.findings ?? [], findingsInfo: info.findings ?? null };
  const same = { index, report, moves, over, groups, groupRows, groupsInfo, groupSearch: report.group_search ?? null, ...told };
  if (forward >= 0) {
    const { only_a: onlyA, only_b: onlyB, scores, labels, label_pairs: labelPairs } = report;
    return { ...same, reversed: false, onlyA, onlyB, scores, labels, labelPairs, fields: info.fields };
  }
  const fields = info.fields.map((field) => ({
    ...field,
    definition: `${field.definition} Computed with ${info.a} as A and ${info.b} as B.`.trim(),
  }));
  return {
    ...same,
    reversed: true,
    onlyA: report.only_b,
    onlyB: report.only_a,
    scores: turnScores(manifest, report.scores),
    labels: report.labels.map(turnLabel),
    labelPairs: report.label_pairs.map(turnLabels),
    fields,
  };
}

/** Why two spaces were not compared, and what to do about it. */
export function notCompared({ report, watch }: Manifest, a: string, b: string): string {
  if (a === b) return watch ? "The run has one step so far: what changes is told from the second on." : "This bundle has one space, so there is nothing to compare.";
  const of = (name: string): string | undefined => report.spaces.find((space) => space.name === name)?.replicate_of;
  const again = [a, b].find((name) => of(name) !== undefined);
  const head = `${a} and ${b} were not compared`;
  if (again === undefined) return `${head}: run emblink compare again with --pairs all.`;
  return `${head}: ${again} is another run of ${of(again) ?? ""}, which tells what noise does, and is compared with that alone.`;
}
