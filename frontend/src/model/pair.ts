import type { LabelReport, Manifest, NumberField, PairReport } from "./schema.gen";

/** The comparison of the two spaces on screen, turned to read A → B. */
export interface PairView {
  readonly report: PairReport;
  /** Whether the bundle compared B → A, so that the sentence names the spaces the other way round. */
  readonly reversed: boolean;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly labels: readonly LabelReport[];
  /** Per-item measures of the pair, in the direction of the report; a turned pair says so in the definitions. */
  readonly fields: readonly NumberField[];
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
    const { only_a: onlyA, only_b: onlyB, labels } = report;
    return { report, reversed: false, onlyA, onlyB, labels, fields: info.fields };
  }
  const fields = info.fields.map((field) => ({
    ...field,
    definition: `${field.definition} Computed with ${info.a} as A and ${info.b} as B.`.trim(),
  }));
  return { report, reversed: true, onlyA: report.only_b, onlyB: report.only_a, labels: report.labels.map(turn), fields };
}
