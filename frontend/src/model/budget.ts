import type { BudgetReport, BudgetSetting, Manifest } from "./schema.gen";

/** A setting of a budget as one line: what it keeps of what was asked for, where that lies, and who pays. */
export interface Rung {
  readonly setting: BudgetSetting;
  readonly kept: number;
  readonly low: number;
  readonly high: number;
  readonly payer: string;
  readonly chosen: boolean;
}

/** Whether the spaces of a bundle are settings of one of them. */
export const tellsBudget = ({ report }: Manifest): boolean => Boolean(report.budget);

/** The settings of a budget, the largest first. */
export function rungsOf(budget: BudgetReport): readonly Rung[] {
  return budget.settings.map((setting, at) => ({ setting, ...keptBy(setting, budget.measure), payer: payerOf(setting), chosen: at === budget.chosen }));
}

function keptBy({ kept, interval, queries }: BudgetSetting, measure: string): { kept: number; low: number; high: number } {
  const share = (value: number): number => Math.max(0, Math.min(1, value));
  if (measure === "ndcg" && queries?.ndcg !== undefined) {
    const before = queries.ndcg - (queries.ndcg_change ?? 0) || 1;
    const [low = 0, high = 0] = queries.ndcg_interval ?? [];
    return { kept: share(queries.ndcg / before), low: share(1 + low / before), high: share(1 + high / before) };
  }
  const [low = kept, high = kept] = queries?.interval ?? interval;
  return { kept: queries?.kept ?? kept, low, high };
}

function payerOf({ queries, labels }: BudgetSetting): string {
  const [segment] = queries?.pays ?? [];
  if (segment) return `${segment.column}: ${segment.segment}`;
  return labels.find(({ pays }) => pays)?.label ?? "";
}
