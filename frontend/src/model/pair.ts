import type { LabelReport, Manifest, PairInfo, PairReport } from "./schema.gen";

/** The comparison of the two spaces on screen, turned to read A → B. */
export interface PairView {
  readonly info: PairInfo;
  readonly report: PairReport;
  /** Whether the bundle compared B → A, so that the sentence names the spaces the other way round. */
  readonly reversed: boolean;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly labels: readonly LabelReport[];
}

const OPPOSITE = { better: "worse", worse: "better", same: "same", too_few: "too_few" } as const;

/** The label as it reads from the other side. */
function turn(label: LabelReport): LabelReport {
  const { interval, ...rest } = label;
  return {
    ...rest,
    purity_a: label.purity_b,
    purity_b: label.purity_a,
    delta: -label.delta,
    verdict: OPPOSITE[label.verdict],
    ...(interval ? { interval: interval.map((end) => -end).reverse() } : {}),
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
  if (forward >= 0) {
    return { info, report, reversed: false, onlyA: report.only_a, onlyB: report.only_b, labels: report.labels };
  }
  return { info, report, reversed: true, onlyA: report.only_b, onlyB: report.only_a, labels: report.labels.map(turn) };
}
